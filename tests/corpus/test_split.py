"""Splits: by date, groups whole, the same file twice."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cases import row
from ombud.corpus import (
    GoldCase,
    date_split,
    folds,
    near_duplicate_rows,
    read_split,
    write_split,
)
from ombud.corpus.duplicates import THRESHOLD
from ombud.corpus.split import PARTS
from ombud.errors import InputError

ROWS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 40)), min_size=14, max_size=40
).map(
    lambda parts: [
        row(n, group=f"g{group}", text=f"The complaint\nText {text}.",
            decision_date=f"20{date // 12 + 10}-{date % 12 + 1:02}-01", reasons=row(n).reasons)
        for n, (group, text, date) in enumerate(parts)
    ]
)  # fmt: skip


def sides(rows: Sequence[GoldCase], parts: Sequence[Sequence[str]]) -> dict[str, int]:
    where = {identifier: number for number, ids in enumerate(parts) for identifier in ids}
    assert sorted(where) == sorted(r.id for r in rows)
    assert sum(len(ids) for ids in parts) == len(rows)
    return where


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(ROWS)
def test_no_group_and_no_text_stands_on_two_sides(rows: list[GoldCase]) -> None:
    try:
        split = date_split(rows)
    except InputError:
        assume(False)
    where = sides(rows, [split.parts[p] for p in PARTS])
    for a in rows:
        for b in rows:
            if a.group == b.group or a.text == b.text:
                assert where[a.id] == where[b.id]
    starts = [split.starts[p] for p in PARTS]
    assert all(split.parts[p] for p in PARTS)
    assert starts == sorted(set(starts))


@settings(max_examples=100, deadline=None)
@given(ROWS, st.integers(2, 5), st.integers(0, 3))
def test_no_group_and_no_text_stands_in_two_folds(
    rows: list[GoldCase], count: int, seed: int
) -> None:
    try:
        parts = [[r.id for r in fold] for fold in folds(rows, count, seed)]
    except InputError:
        assume(False)
    where = sides(rows, parts)
    for a in rows:
        for b in rows:
            if a.group == b.group or a.text == b.text:
                assert where[a.id] == where[b.id]
    assert parts == [[r.id for r in fold] for fold in folds(rows, count, seed)]


VOCABULARY = [f"{a}{b}{c}" for a in "bdfgklm" for b in "aeiou" for c in "nprst"]
NEAR = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 8), st.integers(0, 40), st.booleans()),
    min_size=14,
    max_size=30,
)


def story(number: int) -> list[str]:
    return random.Random(number).choices(VOCABULARY, k=90)


def sequences(text: str) -> set[tuple[str, ...]]:
    said = text.split()
    return {tuple(said[n : n + 5]) for n in range(len(said) - 4)}


def near_rows(parts: Sequence[tuple[int, int, int, bool]]) -> list[GoldCase]:
    """Return rows of which some tell one story, in statement or letter, with words changed."""
    rows = []
    for n, (number, changed, date, in_letter) in enumerate(parts):
        told = story(number)
        for at in random.Random(n).sample(range(90), changed):
            told[at] = "changed"
        own, other = " ".join(told), " ".join(story(1000 + n))
        rows.append(row(n, decision_date=f"20{date // 12 + 10}-{date % 12 + 1:02}-01",
            text=other if in_letter else own, letter=own if in_letter else other))  # fmt: skip
    return rows


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(NEAR, st.integers(2, 5))
def test_no_near_duplicates_stand_on_two_sides(
    parts: list[tuple[int, int, int, bool]], count: int
) -> None:
    rows = near_rows(parts)
    shared = {}
    for a, b in itertools.combinations(range(len(rows)), 2):
        pairs = [(sequences(rows[a].text), sequences(rows[b].text)),
                 (sequences(rows[a].letter), sequences(rows[b].letter))]  # fmt: skip
        shared[a, b] = max(len(x & y) / len(x | y) for x, y in pairs)
    near = {pair for pair, jaccard in shared.items() if jaccard >= THRESHOLD}
    found = {(p.first, p.second): p.jaccard for p in near_duplicate_rows(rows)}
    for pair, jaccard in found.items():
        assert jaccard == pytest.approx(shared[pair])
        assert jaccard >= THRESHOLD
    try:
        split = date_split(rows)
        parted = folds(rows, count, 0)
    except InputError:
        assume(False)
    dated = sides(rows, [split.parts[p] for p in PARTS])
    folded = sides(rows, [[r.id for r in fold] for fold in parted])
    for a, b in near:
        assert dated[rows[a].id] == dated[rows[b].id]
        assert folded[rows[a].id] == folded[rows[b].id]


def test_a_chain_of_groups_and_texts_stays_together() -> None:
    chain = [
        row(0, group="a", text="The complaint\nOne."),
        row(60, group="b", text="The complaint\nTwo."),
        row(90, group="a", text="The complaint\nTwo."),
    ]
    split = date_split([*chain, *(row(n) for n in range(1, 59))])
    assert {"r0000", "r0060", "r0090"} <= set(split.parts["train"])


def test_shares_and_dates_of_the_parts() -> None:
    rows = [row(n) for n in range(100)]
    split = date_split(rows)
    assert {p: len(split.parts[p]) for p in PARTS} == {
        "train": 55, "validation": 15, "test_1": 10, "test_2": 10, "test_3": 10,
    }  # fmt: skip
    dates = {r.id: r.decision_date for r in rows}
    for earlier, later in itertools.pairwise(PARTS):
        assert max(dates[i] for i in split.parts[earlier]) < split.starts[later]
        assert split.starts[later] == min(dates[i] for i in split.parts[later])


def test_one_group_larger_than_all_others_leaves_no_part_empty() -> None:
    rows = [row(n) for n in range(4)] + [row(n, group="big") for n in range(4, 60)]
    assert [len(date_split(rows).parts[p]) for p in PARTS] == [1, 1, 1, 1, 56]


def test_the_same_file_twice_whatever_the_order_of_rows(tmp_path: Path) -> None:
    rows = [row(n) for n in range(40)]
    write_split(date_split(rows), tmp_path / "a.json")
    write_split(date_split(rows), tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    shuffled = random.Random(1).sample(rows, len(rows))
    assert date_split(shuffled).parts == date_split(rows).parts


def test_a_split_is_read_as_it_was_written(tmp_path: Path) -> None:
    split = date_split([row(n) for n in range(20)])
    path = tmp_path / "new" / "split.json"
    write_split(split, path)
    assert read_split(path) == split
    assert read_split(path).digest == split.digest
    rows = [row(n) for n in range(20)]
    tests = [r.id for p in ("test_1", "test_2", "test_3") for r in split.part(p, rows)]
    assert [r.id for r in split.part("test", rows)] == tests


def test_an_unknown_part() -> None:
    with pytest.raises(InputError) as caught:
        date_split([row(n) for n in range(20)]).part("dev", [])
    assert str(caught.value) == (
        "expected a part out of train, validation, test_1, test_2, test_3 or test, found 'dev'"
    )


def test_too_few_dates() -> None:
    with pytest.raises(InputError) as caught:
        date_split([row(n, decision_date=f"2020-01-0{n % 4 + 1}") for n in range(20)])
    assert str(caught.value) == (
        "expected groups of cases first decided on at least 5 dates to split, found 4; add cases"
    )


@pytest.mark.parametrize("count", [0, 1, 4])
def test_an_impossible_number_of_folds(count: int) -> None:
    with pytest.raises(InputError) as caught:
        folds([row(n) for n in range(3)], count, 0)
    assert str(caught.value) == (f"expected between 2 and 3 folds (one a group), found {count}")


def test_no_writer_and_no_copy_stands_in_two_folds() -> None:
    rows = [row(n, writer=f"w{n % 7}") for n in range(40)]
    # The same complaint, published again and filed under another writer's batch.
    rows.append(row(40, writer="w6", group=rows[0].group, text=rows[0].text))
    parts = folds(rows, 3, 5, "writer")
    where = sides(rows, [[r.id for r in fold] for fold in parts])
    for a in rows[:40]:
        for b in rows[:40]:
            if a.writer == b.writer:
                assert where[a.id] == where[b.id]
    assert where["r0040"] == where["r0000"]
    assert max(map(len, parts)) - min(map(len, parts)) <= 7
    assert parts == folds(rows, 3, 5, "writer")


@pytest.mark.parametrize("count", [1, 3])
def test_an_impossible_number_of_folds_by_writer(count: int) -> None:
    with pytest.raises(InputError) as caught:
        folds([row(n, writer=f"w{n % 2}") for n in range(9)], count, 0, "writer")
    assert str(caught.value) == (f"expected between 2 and 2 folds (one a writer), found {count}")


def test_folds_spread_the_outcomes() -> None:
    counts = [
        sorted(sum(r.outcome == o for r in fold) for o in ("upheld", "not_upheld"))
        for fold in folds([row(n) for n in range(30)], 5, 0)
    ]
    assert counts == [[2, 2]] * 5


def test_a_changed_split_file(tmp_path: Path) -> None:
    path = tmp_path / "split.json"
    split = date_split([row(n) for n in range(20)])
    write_split(split, path)
    content = json.loads(path.read_text(encoding="utf-8"))
    content["parts"]["train"], moved = content["parts"]["train"][:-1], content["parts"]["train"][-1]
    content["parts"]["test_3"].append(moved)
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_split(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: expected digest ")
    assert message.endswith(f", found {split.digest}; make the split again")


@pytest.mark.parametrize("content", ["", "[]", "{}", "[" * 100_000, '{"dataset": "", "parts": []}'])
def test_a_damaged_split_file(tmp_path: Path, content: str) -> None:
    path = tmp_path / "split.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_split(path)
    assert str(caught.value).startswith(f"{path}: expected a split file, found: ")
    assert str(caught.value).endswith("; make it with 'ombud corpus split'")
