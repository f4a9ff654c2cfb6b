"""`ombud label`: output forms, bad files, the printed taxonomy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from ombud.commands.label import label
from ombud.errors import InputError, UsageError
from ombud.taxonomy import OUTCOMES, REASONS

STATEMENT = (
    "Summary: We will not investigate this complaint.\nMy assessment\n"
    "It is reasonable to expect Mrs Q to take the matter to court.\n"
)
SENTENCE = "It is reasonable to expect Mrs Q to take the matter to court."


def run(*arguments: str | Path) -> Result:
    app = typer.Typer()
    app.command()(label)
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture
def decision(tmp_path: Path) -> Path:
    path = tmp_path / "decision.txt"
    path.write_text(STATEMENT, encoding="utf-8")
    return path


def test_text_names_label_ground_and_passage(decision: Path) -> None:
    result = run(decision)
    start = STATEMENT.index(SENTENCE)
    assert result.exit_code == 0
    assert result.stdout == (
        f"{decision} (decision)\n"
        "  court_remedy (LGA 1974 s.26(6)(c))\n"
        f"    [{start}:{start + len(SENTENCE)}] assessment: {SENTENCE}\n"
    )


def test_json_carries_exact_passages(decision: Path) -> None:
    result = run(decision, "--format", "json")
    row = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (row["file"], row["id"]) == (str(decision), "decision")
    (found,) = row["labels"]
    assert (found["label"], found["ground"]) == ("court_remedy", "LGA 1974 s.26(6)(c)")
    (passage,) = found["evidence"]
    assert STATEMENT[passage["start"] : passage["end"]] == passage["text"] == SENTENCE
    assert passage["section"] == "assessment"
    assert set(passage["functions"]) == {
        "court_remedy.go_to_court",
        "court_remedy.stated",
        "court_remedy.support",
    }


def test_a_text_without_reasons_says_so(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("My bins were not emptied.", encoding="utf-8")
    result = run(path)
    assert result.exit_code == 0
    assert result.stdout == (
        f"{path} (letter)\n  no reason found: every labelling function abstains\n"
    )


def test_bad_files_are_reported_and_good_ones_done(decision: Path, tmp_path: Path) -> None:
    missing = tmp_path / "missing.txt"
    result = run(missing, decision)
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{decision} (decision)\n")
    assert result.stderr == (
        f"ombud: {missing}: expected a readable file, found: no such file or directory; "
        "check the path\n"
    )


def test_out_is_written_whole(decision: Path, tmp_path: Path) -> None:
    out = tmp_path / "labels.jsonl"
    result = run(decision, decision, "--format", "json", "--out", out)
    assert (result.exit_code, result.stdout) == (0, "")
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["decision", "decision"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["decision.txt", "labels.jsonl"]


def test_an_out_that_cannot_be_written_is_one_sentence(decision: Path, tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "labels.txt"
    result = run(decision, "--out", out)
    assert isinstance(result.exception, InputError)
    assert str(result.exception) == (
        f"{out}: expected a file that can be written, found: no such file or directory; "
        "check the path"
    )


def test_no_file_is_wrong_use() -> None:
    result = run()
    assert isinstance(result.exception, UsageError)
    assert str(result.exception) == (
        "expected at least one file to label, found none; name files or use --taxonomy"
    )


def test_taxonomy_and_files_are_wrong_use(decision: Path) -> None:
    result = run("--taxonomy", decision)
    assert isinstance(result.exception, UsageError)
    assert str(result.exception) == (
        "expected --taxonomy alone, found 1 file(s) too; print the table or label the files"
    )


def test_the_taxonomy_is_tab_separated_off_a_terminal() -> None:
    result = run("--taxonomy")
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert rows[0] == ["family", "label", "ground", "title", "meaning"]
    assert [row[1] for row in rows[1:]] == [x.label for x in (*OUTCOMES, *REASONS)]
    assert ["discretion", "late"] not in [row[:2] for row in rows]
    assert [row[2] for row in rows[1:]][3:] == [r.ground for r in REASONS]
