"""A service that listens on a free port of this machine, and a browser."""

from __future__ import annotations

import copy
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn

from ombud.predictor import Predictor
from ombud_serving.api import create_app
from ombud_serving.serve import listen

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def live_service(tiny_predictor: Predictor) -> Iterator[tuple[str, int]]:
    """Host and port of a running service with the tiny bundle, all its thresholds at 0.

    Every reason is given, and there are many passages with many labels.
    """
    calibration = tiny_predictor.bundle.calibration
    views = {
        name: replace(numbers, reason_threshold=(0.0,) * len(calibration.reasons))
        for name, numbers in calibration.views.items()
    }
    served = copy.deepcopy(tiny_predictor.bundle.served)
    served.heads.config = replace(served.config, gate_threshold=0.0, complaint_gate_threshold=0.0)
    calibration = replace(calibration, views=views)
    bundle = replace(tiny_predictor.bundle, calibration=calibration, served=served)
    config = uvicorn.Config(
        create_app(Predictor(bundle)), log_level="warning", lifespan="off", ws="none"
    )
    server = uvicorn.Server(config)
    with listen("127.0.0.1", 0) as listening:
        host, port = listening.getsockname()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        deadline = time.monotonic() + 30
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        assert server.started
        yield host, port
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium; a test is skipped where there is none, unless it must be there."""
    if not CHROMIUM.exists():
        if os.environ.get("OMBUD_REQUIRE_BROWSER") == "1":
            pytest.fail(f"OMBUD_REQUIRE_BROWSER=1, and there is no {CHROMIUM}")
        pytest.skip(f"there is no {CHROMIUM}: apt-get install chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield launched
        launched.close()
