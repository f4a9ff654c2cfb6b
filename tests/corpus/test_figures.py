"""Kept figures: one entry a name, others untouched, no figure that is no number."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from ombud.corpus.figures import keep_figures, plain_numbers, read_figures
from ombud.errors import InputError


def test_figures_are_kept_by_name(tmp_path: Path) -> None:
    path = tmp_path / "new" / "figures.json"
    keep_figures(path, "a", "d1", {"f1": 1 / 3})
    keep_figures(path, "b", "d2", [1, 2])
    keep_figures(path, "a", "d3", {"f1": 0.5})
    assert read_figures(path) == {
        "a": {"dataset": "d3", "figures": {"f1": 0.5}},
        "b": {"dataset": "d2", "figures": [1, 2]},
    }
    assert [p.name for p in path.parent.iterdir()] == ["figures.json"]


def test_plain_numbers() -> None:
    assert plain_numbers({"a": (1, math.nan, [2 / 3, math.inf]), 7: "x", "n": None, "t": True}) == {
        "a": [1, None, [0.666667, None]],
        "7": "x",
        "n": None,
        "t": True,
    }


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', '{"a": {"dataset": "d"}}', "{"])
def test_damaged_figures_are_not_written_over(tmp_path: Path, content: str) -> None:
    path = tmp_path / "figures.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        keep_figures(path, "a", "d", {})
    assert str(caught.value).startswith(f"{path}: expected kept figures, found: ")
    assert str(caught.value).endswith("; make them with 'make card'")
    assert path.read_text(encoding="utf-8") == content
