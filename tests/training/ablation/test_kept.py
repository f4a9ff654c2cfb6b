"""Finished rows are kept, and taken up only where they would come out the same."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from gold import gold_cases
from ombud.errors import OutputError
from ombud.metrics import Faithfulness
from ombud_training.ablation.contextual import ContextualSettings
from ombud_training.ablation.kept import Done, keep, row_digest, take_up
from ombud_training.ablation.rows import ROWS, Material
from ombud_training.evaluate import Answers

A, B, C, D, E = ROWS
ANSWERS = Answers(
    "c",
    ("upheld", "not_upheld"),
    (frozenset({"late"}), frozenset()),
    (frozenset({1, 2}), frozenset()),
    ((0.5, 0.25, 0.25), (0.25, 0.5, 0.25)),
    ((0.5,), (0.25,)),
    ((0.125, 0.5), (0.75,)),
    (Faithfulness(0.5, 0.25, (0.5, 0.125), (0.0, 0.25), (0.5, 0.5), (0.125, float("inf"))),) * 2,
)


def test_what_is_kept_is_taken_up(tmp_path: Path) -> None:
    folder = tmp_path / "rows"
    floor = Answers("word_list", rationales=(frozenset({0}),), sentence_scores=((1.0,),))
    done = Done("c", 13, (ANSWERS, floor), 12.5)
    assert take_up(folder, "c", 13, "x") is None
    keep(folder, done, "x")
    assert take_up(folder, "c", 13, "x") == done
    assert take_up(folder, "c", 13, "y") is None
    assert take_up(folder, "c", 14, "x") is None
    assert take_up(folder, "d", 13, "x") is None


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"made_of": "x"}', '{"made_of": "x", "seconds": 1, "answers": [{}]}'],
)
def test_a_damaged_row_is_run_again(content: str, tmp_path: Path) -> None:
    keep(tmp_path, Done("c", 13, (ANSWERS,), 1.0), "x")
    (path,) = tmp_path.iterdir()
    assert json.loads(path.read_text())["made_of"] == "x"
    path.write_text(content)
    assert take_up(tmp_path, "c", 13, "x") is None


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError) as caught:
        keep(tmp_path / "file", Done("c", 13, (ANSWERS,), 1.0), "x")
    assert str(caught.value) == (
        f"{tmp_path / 'file' / 'c-13.json'}: expected a file that can be written, found: "
        "file exists; name another --keep"
    )


def test_a_row_depends_on_what_it_is_made_of(material: Material) -> None:
    change = dataclasses.replace
    more = change(material, wordings=material.wordings * 2)
    slower = change(material, contextual=ContextualSettings(epochs=2))
    other = change(material, recipe=change(material.recipe, dropout=0.5))
    fewer = change(material, train=gold_cases(15))
    later = change(material, scored=material.scored[1:])
    for row in (C, D, E):
        own = row_digest(row, 13, material)
        assert row_digest(row, 13, material) == own
        for changed in (other, fewer, later):
            assert row_digest(row, 13, changed) != own
        assert row_digest(row, 14, material) != own
        assert (row_digest(row, 13, more) != own) == (row is E)
        assert (row_digest(row, 13, slower) != own) == (row is D)
    assert len({row_digest(row, 13, material) for row in ROWS}) == len(ROWS)
