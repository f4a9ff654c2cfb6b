"""`ombud bench ablation` on invented cases and a tiny encoder."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from command import Command, one_sentence
from gold import gold_cases
from ombud.corpus import date_split, write_dataset, write_split
from ombud.model import EncoderSource

CASES = gold_cases(30)


@pytest.fixture
def given(tmp_path: Path, tiny_encoder: EncoderSource) -> list[str]:
    """The arguments that every call needs."""
    write_dataset(CASES, tmp_path / "cases.parquet")
    write_split(date_split(CASES), tmp_path / "split.json")
    (tmp_path / "tiny.toml").write_text(
        f'encoder = "{tiny_encoder.location}"\nepochs = 1\nselector_size = 8\npredictor_size = 4\n'
        "max_tokens = 32\n"
    )
    (tmp_path / "wordings").mkdir()
    (tmp_path / "wordings" / "late.jsonl").write_text(
        '{"labels": ["late"], "looks_like": "", "section": "summary", "text": "It came too late."}\n'
    )
    paths = {
        "--split": "split.json",
        "--recipe": "tiny.toml",
        "--wordings": "wordings",
        "--keep": "kept",
        "--out": "out/ablation.json",
    }
    options = [part for name, path in paths.items() for part in (name, str(tmp_path / path))]
    return ["bench", "ablation", str(tmp_path / "cases.parquet"), *options]


def test_rows_are_run_once(ombud: Command, given: list[str], tmp_path: Path) -> None:
    first = ombud(*given, "--rows", "ce")
    assert first.code == 0, first
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == [
        "c-13.json",
        "e-13.json",
    ]
    out = first.out
    assert "row c, seed 13: done in " in first.err
    assert "| (c) selection taught by gold marks | 13 | " in out
    assert "| (e) less (c) | 13 | " in out
    split = date_split(CASES)
    count = len(split.parts["validation"])
    assert out.startswith(f"View statement, authored data, date split, part validation: {count} ")
    content = json.loads((tmp_path / "out" / "ablation.json").read_text())
    assert [row["name"] for row in content["rows"]] == ["c", "e"]
    assert content["documents"] == count
    assert content["recipe"]["name"] == "tiny"
    again = ombud(*given, "--rows", "ce", "--seeds", "2")
    assert again.code == 0
    assert "row c, seed 13: kept from before" in again.err
    assert "row c, seed 14: done in " in again.err
    assert "| 13, 14 | " in again.out
    twice = ombud(*given, "--rows", "ce", "--seeds", "2")
    assert "done in" not in twice.err
    assert twice.out == again.out


@pytest.mark.parametrize("rows", ["f", "", "ax", "A"])
def test_rows_that_are_none(rows: str, ombud: Command, given: list[str]) -> None:
    assert one_sentence(ombud(*given, "--rows", rows), 2) == (
        f"expected --rows out of the letters abcde, found {rows!r}; name some of them"
    )


def test_the_training_part_is_not_answered(ombud: Command, given: list[str]) -> None:
    assert one_sentence(ombud(*given, "--part", "train"), 2) == (
        "expected a part of documents not trained on, found 'train'; see --help"
    )


def test_captum_is_missed_before_anything_is_trained(
    ombud: Command, given: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "captum.attr", None)
    assert one_sentence(ombud(*given), 2) == (
        "expected captum for integrated gradients, found it not installed; install ombud[dev]"
    )
    assert not (tmp_path / "kept").exists()
