"""`ombud serve` as a command: what it says, and how it ends."""

from __future__ import annotations

import http.client
import importlib.metadata
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from ombud import cli
from ombud.errors import MissingExtraError, ServiceError
from ombud.views import View
from ombud_serving.score import command
from ombud_serving.serve import listen

# `ombud` with the subcommands of serving alone, in a process of its own.
OMBUD = """
import importlib.metadata as metadata
every = metadata.entry_points
def only_ours(**which):
    ours = which.get("group") == "ombud.commands"
    return every(**which, name="serving") if ours else every(**which)
metadata.entry_points = only_ours
from ombud.cli import main
main()
"""


@pytest.fixture
def ombud(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run `ombud` with the subcommands of serving; give exit code and what stderr says."""
    every = importlib.metadata.entry_points

    def only_ours(**which: str):
        ours = which.get("group") == "ombud.commands"
        return every(**which, name="serving") if ours else every(**which)

    monkeypatch.setattr(importlib.metadata, "entry_points", only_ours)
    monkeypatch.delenv("OMBUD_BUNDLE", raising=False)

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["ombud", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return int(ended.value.code or 0), capsys.readouterr().err

    return run


def test_a_missing_bundle_is_one_sentence(ombud, tmp_path: Path) -> None:
    missing = tmp_path / "none"
    assert ombud("serve", "--bundle", str(missing), "--port", "0") == (
        1,
        (
            f"ombud: {missing}: expected a bundle with manifest.json, found: no such file or "
            "directory; make one with 'make run' or name one with --bundle\n"
        ),
    )


def test_the_bundle_is_the_environments_else_the_current_one(
    ombud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _, said = ombud("serve", "--port", "0")
    assert said.startswith("ombud: models/current: expected a bundle ")
    monkeypatch.setenv("OMBUD_BUNDLE", "elsewhere")
    _, said = ombud("serve", "--port", "0")
    assert said.startswith("ombud: elsewhere: expected a bundle ")


def test_a_busy_port_is_one_sentence(ombud, tiny_bundle: Path) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        assert ombud("serve", "--bundle", str(tiny_bundle), "--port", str(port)) == (
            1,
            (
                f"ombud: 127.0.0.1:{port}: expected an address that is free to listen on, found: "
                "address already in use; choose another with --host and --port\n"
            ),
        )


def test_a_host_that_is_none_is_one_sentence() -> None:
    with pytest.raises(ServiceError, match=r"^no\.such\.invalid:1: expected an address that is "):
        listen("no.such.invalid", 1)


def test_a_loopback_of_the_newer_kind_can_be_listened_on() -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    try:
        listening = listen("::1", 0)
    except ServiceError as error:
        pytest.skip(f"this machine has no IPv6 loopback: {error}")
    with listening:
        assert listening.getsockname()[0] == "::1"


def test_the_views_of_the_command_are_those_of_the_library() -> None:
    assert get_args(command._View) == get_args(View)


@pytest.mark.parametrize(
    ("module", "word"), [("fastapi", "FastAPI for"), ("uvicorn", "uvicorn to run")]
)
def test_a_missing_extra_is_one_sentence(
    module: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    for name in ("ombud_serving.api", "ombud_serving.serve"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    with pytest.raises(MissingExtraError) as found:
        importlib.import_module("ombud_serving.serve")
    assert str(found.value) == (
        f"expected {word} the HTTP service, found: import of {module} halted; None in "
        "sys.modules; install it with: pip install 'ombud[serving]'"
    )


def test_help_waits_for_no_framework() -> None:
    loaded = (
        "import sys, ombud_serving.commands as c, typer; c.register(typer.Typer());"
        "print(sorted({'torch', 'fastapi', 'uvicorn', 'spacy'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )
    assert found.stdout == "[]\n"


@pytest.mark.slow
def test_it_says_where_it_serves_and_ends_on_a_signal(tiny_bundle: Path) -> None:
    command = [sys.executable, "-c", OMBUD, "serve", "--bundle", str(tiny_bundle), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            line = process.stderr.readline()
            assert line.startswith("ombud: tiny 1 is ready at http://127.0.0.1:")
            assert line.endswith(" (Ctrl+C stops it)\n")
            port = int(line.split("127.0.0.1:")[1].split()[0])
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/readyz")
            assert json.load(connection.getresponse())["model"]["name"] == "tiny"
            connection.close()
            os.kill(process.pid, signal.SIGINT)
            rest = process.stderr.read()
            assert (process.wait(30), rest) == (0, "")
        finally:
            process.kill()


@pytest.mark.slow
def test_it_says_what_came_of_each_back_end(tiny_bundle: Path) -> None:
    asked = ["--bundle", str(tiny_bundle), "--port", "0", "--backend", "auto"]
    command = [sys.executable, "-c", OMBUD, "serve", *asked]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            said = [process.stderr.readline() for _ in range(4)]
        finally:
            process.kill()
    why = "not compared, the bundle carries no texts to compare back ends on"
    assert said[:3] == [
        f"ombud: {name}: {why}\n" for name in ("torch-bf16", "onnx-fp32", "onnx-int8")
    ]
    assert said[3].startswith("ombud: tiny 1 is ready at http://127.0.0.1:")


def test_a_back_end_without_its_files_is_one_sentence(ombud, tiny_bundle: Path) -> None:
    pytest.importorskip("onnxruntime")
    asked = ["--bundle", str(tiny_bundle), "--port", "0", "--backend", "onnx-int8"]
    assert ombud("serve", *asked) == (
        1,
        (
            f"ombud: {tiny_bundle}: expected ONNX files in {tiny_bundle}.onnx for the back end "
            "onnx-int8, found none; write them with 'ombud export'\n"
        ),
    )
