"""Spark for the tests that need it: where it is, and a cluster of its own on loopback."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest


def require_spark() -> None:
    """Skip the test where there is no pyspark or Java, unless they must be there."""
    java = os.environ.get("JAVA_HOME")
    if find_spec("pyspark") is None:
        lacking = "pyspark is not installed: pip install 'ombud[spark]'"
    elif not (java and Path(java, "bin", "java").exists()) and shutil.which("java") is None:
        lacking = "there is no java: apt-get install openjdk-17-jre-headless"
    else:
        return
    if os.environ.get("OMBUD_REQUIRE_SPARK") == "1":
        pytest.fail(f"OMBUD_REQUIRE_SPARK=1, and {lacking}")
    pytest.skip(lacking)


@dataclass
class Standalone:
    """A master and its workers, each a process group of its own."""

    url: str
    workers: list[subprocess.Popen[bytes]]

    def kill(self, number: int) -> None:
        """Kill a worker with its executors and their Python processes, all at once."""
        for process in _family(self.workers[number].pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.workers[number].wait(30)


def _family(parent: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError):
            _, _, rest = status.read_text().rpartition(")")
            children.setdefault(int(rest.split()[1]), []).append(int(status.parent.name))
    found = [parent]
    for process in found:
        found += children.get(process, [])
    return found


@contextlib.contextmanager
def standalone(
    folder: Path, workers: int, environment: Mapping[str, str], memory: str = "1g"
) -> Iterator[Standalone]:
    """Start a master and workers of one core each on loopback, and end them with the block."""
    found = find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    home = Path(found.origin).parent
    java = shutil.which("java", path=_path()) or "java"
    settings = {
        **environment,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_SCALA_VERSION": "2.13",
        "PYSPARK_PYTHON": sys.executable,
    }
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str, *arguments: str) -> Path:
        log = folder / f"{name}.log"
        command = [
            java,
            "-Xmx256m",
            "-cp",
            f"{home}/jars/*",
            "org.apache.spark.deploy." + arguments[0],
        ]
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*command, *arguments[1:]], stdout=out, stderr=out, env=settings
            )
        started.append(process)
        return log

    try:
        loopback = ("--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
        log = start("master", "master.Master", *loopback)
        url = _said(log, r"spark://127\.0\.0\.1:\d+", started[0])
        for number in range(workers):
            work = ("--cores", "1", "--memory", memory, "--work-dir", str(folder / f"w{number}"))
            log = start(f"worker{number}", "worker.Worker", *loopback, *work, url)
            _said(log, "Successfully registered with master", started[-1])
        yield Standalone(url, started[1:])
    finally:
        for process in started:
            for one in reversed(_family(process.pid)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(one, signal.SIGKILL)
            process.wait(30)


def _path() -> str:
    java = os.environ.get("JAVA_HOME")
    return os.pathsep.join([*([f"{java}/bin"] if java else []), os.environ.get("PATH", "")])


def _said(log: Path, pattern: str, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        found = re.search(pattern, log.read_text("utf-8", "replace"))
        if found:
            return found[0]
        assert process.poll() is None, log.read_text("utf-8", "replace")
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8", "replace"))
