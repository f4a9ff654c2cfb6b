"""The command `ombud` run in this process, as a shell would see it."""

from __future__ import annotations

import io
import os
import sys
import warnings
from dataclasses import dataclass

import pytest
from transformers.utils import logging

from ombud import cli

FREE = (
    "OMBUD_BUNDLE",
    "MLFLOW_TRACKING_URI",
    "OMBUD_CONTACT",
)


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


class Command:
    """Runs `ombud` with all subcommands; environment and warnings are put back after each."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: object, stdin: bytes = b"") -> Ended:
        self._capsys.readouterr()
        environment = dict(os.environ)
        with self._monkeypatch.context() as patch, warnings.catch_warnings():
            for name in FREE:
                patch.delenv(name, raising=False)
            patch.setattr(sys, "argv", ["ombud", *map(str, arguments)])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
            # In a process of its own the environment tells it before it is imported.
            logging.disable_progress_bar()
            try:
                cli.main()
                code = 0
            except SystemExit as ended:
                code = int(ended.code or 0)
        for name in set(os.environ) - set(environment):
            del os.environ[name]
        said = self._capsys.readouterr()
        return Ended(code, said.out, said.err)


def one_sentence(ended: Ended, code: int) -> str:
    """Return what a failed command says: one line on stderr, nothing else, no traceback."""
    assert ended.code == code, ended
    assert ended.out == ""
    head, _, message = ended.err.partition("ombud: ")
    assert head == ""
    assert message.endswith("\n")
    assert message.count("\n") == 1, ended.err
    assert "Traceback" not in message
    return message[:-1]
