"""The README shows only commands that exist."""

from __future__ import annotations

import importlib.metadata
import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from ombud import cli

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")


def shown(text: str, command: str) -> list[str]:
    """Lines of code in Markdown that run `command`: in fences, or between backticks."""
    code = [line for block in FENCE.findall(text) for line in block.splitlines()]
    code += INLINE.findall(FENCE.sub("", text))
    found = []
    for line in code:
        plain = line.strip().removeprefix("$ ").removeprefix(".venv/bin/")
        plain = re.sub(r"^(?:[A-Z_]+=\S+ +)+", "", plain)
        if plain.split()[:1] == [command] and len(plain.split()) > 1:
            found.append(plain)
    return found


def verbs(makefile: str) -> set[str]:
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    return set(phony[1].split())


def unknown_verbs(text: str) -> list[str]:
    known = verbs((ROOT / "Makefile").read_text(encoding="utf-8"))
    asked = [
        word
        for line in shown(text, "make")
        for word in shlex.split(line, comments=True)[1:]
        if "=" not in word and not word.startswith("-")
    ]
    return [verb for verb in asked if verb not in known]


def unknown_commands(text: str) -> list[str]:
    """Lines with a subcommand or a flag that is none."""
    app = typer.Typer()
    for point in importlib.metadata.entry_points(group=cli._GROUP):
        point.load()(app)
    wrong = []
    for line in shown(text, "ombud"):
        command = get_command(app)
        words = shlex.split(line, comments=True)[1:]
        while words and hasattr(command, "commands"):
            name = words.pop(0)
            if name == "--help":
                words = []
                break
            if name not in command.commands:
                wrong.append(line)
                words = []
                break
            command = command.commands[name]
        flags = {flag for option in command.params for flag in option.opts} | {"--help"}
        if any(w.startswith("--") and w.split("=")[0] not in flags for w in words):
            wrong.append(line)
    return wrong


def test_every_make_verb_and_command_of_the_readme_exists() -> None:
    text = README.read_text(encoding="utf-8")
    assert unknown_verbs(text) == []
    assert unknown_commands(text) == []


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "CHANGELOG.md"])
def test_every_command_of_the_other_pages_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert unknown_verbs(text) == []
    assert unknown_commands(text) == []


def test_what_is_wrong_would_be_found() -> None:
    text = (
        "Use `make run`, never `make hay`.\n```sh\n$ make run PYTHON=python3  # all\n"
        "ombud predict a.txt --view statement\nombud predict a.txt --veiw statement\n"
        "ombud divine a.txt\nOMBUD_BUNDLE=b ombud corpus pick x\n"
        ".venv/bin/ombud corpus build data/authored --out x.parquet\n```\n`ombud --help`\n"
    )
    assert unknown_verbs(text) == ["hay"]
    assert unknown_commands(text) == [
        "ombud predict a.txt --veiw statement",
        "ombud divine a.txt",
        "ombud corpus pick x",
    ]
