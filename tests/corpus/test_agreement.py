"""Agreement of two readers: figures worked out by hand, and scikit-learn's kappa."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from cases import row
from ombud.corpus import GoldCase, GoldReason
from ombud.corpus.agreement import agreement, kappa
from ombud.corpus.readings import MarkedReason, SecondReading, Settled, Settlement
from ombud.errors import InputError
from ombud.spans import Span

TEXT = "one two three four five six seven eight nine ten"
STARTS = [0, *(n + 1 for n, c in enumerate(TEXT) if c == " ")]


def words(first: int, last: int) -> Span:
    """Return the span of words by number, the first one being 0."""
    return Span(STARTS[first], STARTS[last] + len(TEXT[STARTS[last] :].split()[0]))


def reading(outcome: str, *reasons: tuple[str, Span]) -> SecondReading:
    marks = tuple(MarkedReason(label, n == 0, (s,)) for n, (label, s) in enumerate(reasons))
    return SecondReading("r1", outcome, marks)


def gold(number: int, second: SecondReading | None, *reasons: tuple[str, Span]) -> GoldCase:
    return row(
        number,
        text=TEXT,
        outcome="upheld",
        reasons=tuple(GoldReason(lab, n == 0, (s,), ()) for n, (lab, s) in enumerate(reasons)),
        readings=(second.to_json(),) if second else (),
    )


ROWS = [
    gold(0, reading("upheld", ("late", words(0, 3))), ("late", words(2, 5))),
    gold(1, reading("not_upheld", ("late", words(0, 0)), ("no_fault", words(1, 2))), ("late", words(0, 0))),
    gold(2, reading("upheld", ("no_fault", words(4, 4))), ("no_fault", words(4, 4))),
    gold(3, reading("upheld", ("late", words(8, 9))), ("no_fault", words(8, 9))),
    gold(4, None, ("late", words(0, 9))),
]  # fmt: skip


def test_figures_by_hand() -> None:
    found = agreement(ROWS, {}, resamples=50)
    assert (found.complaints, found.settled, found.readers) == (4, 0, {"r1": 4})
    # Neither reader's marks of r0004 count: it was read once.
    assert [(r.label, r.both, r.first_only, r.second_only) for r in found.reasons] == [
        ("late", 2, 0, 1),
        ("no_fault", 1, 1, 1),
    ]
    # late: agree on 3 of 4; by chance 2/4 * 3/4 + 2/4 * 1/4 = 1/2.
    assert found.reasons[0].kappa.value == pytest.approx((3 / 4 - 1 / 2) / (1 / 2))
    # no_fault: agree on 2 of 4, by chance 1/2.
    assert found.reasons[1].kappa.value == pytest.approx(0)
    assert found.macro.value == pytest.approx(0.25)
    assert found.same_reasons.value == 0.5
    assert found.same_main.value == 0.75
    assert found.outcome.value == 0.75
    # Shared reasons: words 2-5 against 0-3 (2 of 4), one word alike, one word alike.
    assert found.spans_of_shared.value == pytest.approx((0.5 + 1 + 1) / 3)
    # Each reason: 1/2; 1 of 1 and 3; 1; 0.
    assert found.spans_of_all.value == pytest.approx((0.5 + 0.5 + 1 + 0) / 4)
    # Any reason: the last complaint's words are the same whatever they were marked for.
    assert found.spans_of_any.value == pytest.approx((0.5 + 0.5 + 1 + 1) / 4)
    assert found.micro.low <= found.micro.value <= found.micro.high


def test_first_marks_are_those_before_settling() -> None:
    before = Settlement(
        (Settled("late", "second", None, "so it is"), Settled("late", "both", None, "so too")),
        (MarkedReason("withdrawn", True, (words(0, 3),)),),
    )
    found = agreement(ROWS, {"g0": before, "g4": before}, resamples=5)
    assert (found.settled, found.choices) == (1, {"both": 1, "second": 1})
    counts = {r.label: (r.both, r.first_only, r.second_only) for r in found.reasons}
    assert counts["withdrawn"] == (0, 1, 0)
    assert counts["late"] == (1, 0, 2)


def test_copies_for_further_bodies_count_once() -> None:
    copy = row(9, group="g0", text=TEXT, outcome="upheld", reasons=ROWS[0].reasons,
               readings=ROWS[0].readings)  # fmt: skip
    assert agreement([*ROWS, copy], {}, resamples=5) == agreement(ROWS, {}, resamples=5)


def test_part_of_a_word_counts_as_the_word() -> None:
    half = Span(STARTS[1] + 1, STARTS[1] + 2)
    rows = [gold(0, reading("upheld", ("late", half)), ("late", words(1, 1)))]
    assert agreement(rows, {}, resamples=5).spans_of_shared.value == 1.0


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=40))
def test_kappa_is_that_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    first, second = (np.array(own) for own in zip(*pairs, strict=True))
    found = kappa(first, second)
    if len({code for pair in pairs for code in pair}) < 2:
        assert math.isnan(found)
    else:
        assert found == pytest.approx(cohen_kappa_score(first, second), abs=1e-12)


def test_a_dataset_read_once() -> None:
    with pytest.raises(InputError) as caught:
        agreement(ROWS[4:], {})
    assert str(caught.value) == (
        "expected second readings in the dataset, found none in 1 documents; add them to the "
        "folder 'readings' of the cases and run 'ombud corpus build'"
    )
