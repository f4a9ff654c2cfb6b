"""The learning curve: nested parts of whole groups, the same test documents at every point."""

from __future__ import annotations

import dataclasses
import itertools
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from command import Command, one_sentence
from gold import gold_cases
from ombud.corpus import GoldCase, date_split, digest, write_dataset, write_split
from ombud.errors import InputError
from ombud_training.curve import Curve, curve_plot, learning_curve, nested_parts
from ombud_training.device import Device
from ombud_training.recipe import Recipe

CPU = Device("cpu", bf16=False, reason="CPU, in tests")


@pytest.fixture(scope="module")
def cases() -> list[GoldCase]:
    return gold_cases(60)


@pytest.fixture(scope="module")
def small(recipe: Recipe) -> Recipe:
    return dataclasses.replace(recipe, epochs=12)


@pytest.fixture(scope="module")
def curve(cases: list[GoldCase], small: Recipe) -> Curve:
    return learning_curve(
        cases, date_split(cases), small, CPU, sizes=(16, 24, 400), seeds=2, resamples=20
    )


def test_points_of_every_view_and_size(curve: Curve, cases: list[GoldCase]) -> None:
    split = date_split(cases)
    pool = len(split.parts["train"]) + len(split.parts["validation"])
    assert [(p.view, p.statements) for p in curve.points] == [
        (view, size) for view in ("statement", "complaint") for size in (16, 24, pool)
    ]
    assert curve.documents == curve.complaints == 60 - pool
    assert (curve.seeds, curve.recipe) == (2, "tiny")
    for point in curve.points:
        assert len(point.by_seed) == 2
        assert point.outcome_macro_f1.value == pytest.approx(sum(point.by_seed) / 2)
        assert 0 <= point.reasons_micro_f1.low <= point.reasons_micro_f1.high <= 1


def test_gains_are_between_neighbours(curve: Curve) -> None:
    means = {(p.view, p.statements): p.outcome_macro_f1.value for p in curve.points}
    assert len(curve.gains) == 4
    for gain in curve.gains:
        expected = means[gain.view, gain.after] - means[gain.view, gain.before]
        assert gain.difference.value == pytest.approx(expected)
        assert gain.difference.low <= gain.difference.high


def test_the_curve_learns(curve: Curve) -> None:
    last = [p.outcome_macro_f1.value for p in curve.points if p.statements > 24]
    assert min(last) > 0.5


def test_the_same_curve_twice(curve: Curve, cases: list[GoldCase], small: Recipe) -> None:
    again = learning_curve(
        cases, date_split(cases), small, CPU, sizes=(24, 16, 400), seeds=2, resamples=20
    )
    assert again == curve


def test_the_plot_has_every_point(curve: Curve) -> None:
    plot = ET.fromstring(curve_plot(curve))
    said = [element.text or "" for element in plot.iter("{http://www.w3.org/2000/svg}title")]
    assert sum("outcome macro-F1, " in words for words in said) == 6
    assert sum("reasons micro-F1, " in words for words in said) == 6


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=6, max_size=30), st.integers(0, 5), st.data())
def test_parts_are_nested_and_hold_whole_groups(
    groups: list[int], seed: int, data: st.DataObject
) -> None:
    rows = [
        dataclasses.replace(case, group=f"g{group}")
        for case, group in zip(gold_cases(len(groups)), groups, strict=True)
    ]
    sizes = sorted(data.draw(st.sets(st.integers(1, len(rows)), min_size=1, max_size=3)))
    parts = nested_parts(rows, sizes, seed)
    for size, part in zip(sizes, parts, strict=True):
        assert len(part) >= size
        taken = {case.group for case in part}
        assert sum(case.group in taken for case in rows) == len(part)
    for smaller, larger in itertools.pairwise(parts):
        assert larger[: len(smaller)] == smaller
    assert nested_parts(rows[::-1], sizes, seed) == parts


def test_a_split_of_other_documents(cases: list[GoldCase], small: Recipe) -> None:
    with pytest.raises(InputError) as caught:
        learning_curve([], date_split(cases), small, CPU)
    assert str(caught.value) == (
        "expected documents to train and to test on, found 0 and 0; split again"
    )


def recipe_file(recipe: Recipe, path: Path) -> Path:
    values = {name: value for name, value in dataclasses.asdict(recipe).items() if name != "epochs"}
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    path.write_text("\n".join([*lines, "epochs = 2"]), encoding="utf-8")
    return path


def test_the_command_prints_and_writes_the_curve(
    ombud: Command, cases: list[GoldCase], small: Recipe, tmp_path: Path
) -> None:
    dataset, split = tmp_path / "cases.jsonl", tmp_path / "split.json"
    plain, plot, kept = (tmp_path / name for name in ("c.json", "c.svg", "f.json"))
    write_dataset(cases, dataset)
    write_split(date_split(cases), split)
    ended = ombud("learning-curve", dataset, "--split", split, "--recipe",
                  recipe_file(small, tmp_path / "r.toml"), "--device", "cpu", "--sizes", "20",
                  "--seeds", 1, "--json", plain, "--plot", plot, "--figures", kept)  # fmt: skip
    assert ended.code == 0, ended.err
    assert ended.err.splitlines()[1:] == [
        "seed 13: trained on 20 statements",
        "seed 13: trained on 42 statements",
    ]
    assert "Learning curve, recipe tiny: 18 test documents, mean of 1 seeds" in ended.out
    assert "20 to 42" in ended.out
    content = json.loads(plain.read_text(encoding="utf-8"))
    assert content["dataset"] == digest(cases)
    assert [p["statements"] for p in content["curve"]["points"]] == [20, 42, 20, 42]
    figures = json.loads(kept.read_text(encoding="utf-8"))["learning_curve"]
    assert figures == {"dataset": digest(cases), "figures": content["curve"]}
    assert ET.parse(plot).getroot().tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize("sizes", ["", "a", "8", "100,,200", "100;200", "-5"])
def test_sizes_that_are_none(ombud: Command, tmp_path: Path, sizes: str) -> None:
    ended = ombud("learning-curve", tmp_path / "d", "--split", tmp_path / "s", "--recipe",
                  tmp_path / "r", f"--sizes={sizes}")  # fmt: skip
    assert one_sentence(ended, 2) == (
        f"expected --sizes as numbers of at least 16 such as 100,200,400, found {sizes!r}; "
        "give others"
    )
