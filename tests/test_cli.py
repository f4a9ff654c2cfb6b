"""The command line: help that is quick, exit codes, nothing but sentences."""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import sys

import pytest
import typer
from typer.main import get_command

from command import Command
from ombud import cli
from ombud.errors import InputError, OmbudError, UsageError

COMMANDS = [
    "behaviour",
    "bench",
    "bench ablation",
    "bench batch",
    "bench eraser",
    "bench train",
    "corpus",
    "corpus agreement",
    "corpus build",
    "corpus card",
    "corpus forget",
    "corpus import",
    "corpus leakage",
    "corpus pull",
    "corpus report",
    "corpus split",
    "evaluate",
    "export",
    "gpu-check",
    "label",
    "learning-curve",
    "predict",
    "register",
    "score",
    "serve",
    "train",
]
HEAVY = (
    "torch",
    "transformers",
    "sklearn",
    "spacy",
    "mlflow",
    "fastapi",
    "uvicorn",
    "httpx2",
    "pyarrow",
)
ASK = """
import json, sys
from ombud.cli import main
for words in json.loads(sys.argv[1]):
    sys.argv = ["ombud", *words.split(), "--help"]
    try:
        main()
    except SystemExit as ended:
        assert ended.code == 0, (words, ended.code)
    print("\\0")
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch):
    """Give `ombud` one command, `fail`, that raises what is asked for."""

    def install(error: BaseException) -> None:
        def fail() -> None:
            raise error

        def register(app: typer.Typer) -> None:
            app.command("fail")(fail)
            app.command("other")(fail)

        class Point:
            name = "tests"

            def load(self):
                return register

        monkeypatch.setattr(importlib.metadata, "entry_points", lambda **_: [Point()])

    return install


def test_the_commands_are_those_of_all_packages() -> None:
    app = typer.Typer()
    for point in importlib.metadata.entry_points(group=cli._GROUP):
        point.load()(app)
    found = []
    for name, command in get_command(app).commands.items():
        found += [name, *(f"{name} {own}" for own in getattr(command, "commands", {}))]
    assert sorted(found) == COMMANDS


def test_help_of_every_command_waits_for_no_framework() -> None:
    asked = subprocess.run(
        [sys.executable, "-c", ASK, json.dumps(["", *COMMANDS])],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    assert asked.stderr == ""
    *helps, modules = asked.stdout.split("\0")
    assert len(helps) == 1 + len(COMMANDS)
    for command, shown in zip(["", *COMMANDS], helps, strict=True):
        assert f"Usage: ombud {command}".rstrip() in " ".join(shown.split())
    assert sorted(set(json.loads(modules)) & set(HEAVY)) == []


def test_without_a_command_it_shows_help(ombud: Command) -> None:
    ended = ombud()
    assert ended.code == 2
    assert "Usage: ombud" in ended.out + ended.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["predict"],
        ["predict", "x.txt", "--view", "letter"],
        ["predict", "x.txt", "--format", "xml"],
        ["predict", "x.txt", "--nonsense"],
        ["corpus", "nonsense"],
        ["corpus", "build", "data"],
        ["corpus", "forget"],
        ["corpus", "pull", "--out", "x"],
        [
            "corpus",
            "pull",
            "--source",
            "phso",
            "--from",
            "2024-01",
            "--to",
            "2024-01",
            "--out",
            "x",
        ],
        ["score", "in.csv"],
        ["score", "in.csv", "out", "--part-rows", "0"],
        ["serve", "--port", "65536"],
        ["train", "x.parquet"],
        ["train", "x.parquet", "--recipe", "r.toml", "--device", "tpu"],
        ["behaviour"],
        ["evaluate", "bundle", "x.parquet"],
    ],
)
def test_wrong_use_is_exit_code_2(arguments: list[str], ombud: Command) -> None:
    ended = ombud(*arguments)
    assert ended.code == 2
    assert ended.out == ""
    assert "Traceback" not in ended.err
    assert re.match(r"Usage: ombud ", ended.err.lstrip())


@pytest.mark.parametrize(
    ("error", "code"),
    [(OmbudError, 1), (InputError, 1), (UsageError, 2)],
)
def test_an_error_of_ours_is_one_sentence(
    error: type[OmbudError], code: int, failing, ombud: Command
) -> None:
    failing(error("expected a hedge, found none; plant one"))
    ended = ombud("fail")
    assert (ended.code, ended.out) == (code, "")
    assert ended.err == "ombud: expected a hedge, found none; plant one\n"


def test_an_interrupt_is_told_as_one(failing, ombud: Command) -> None:
    failing(KeyboardInterrupt())
    ended = ombud("fail")
    assert ended.code == 130
    assert "Traceback" not in ended.err


def test_an_error_that_nobody_planned_is_not_hidden(failing, ombud: Command) -> None:
    failing(ZeroDivisionError("one hedge by none"))
    with pytest.raises(ZeroDivisionError, match=r"^one hedge by none$"):
        ombud("fail")
