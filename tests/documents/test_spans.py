"""The one span type, and where a text may be cut."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.spans import Span, splits_character

BOUNDS = st.tuples(st.integers(0, 50), st.integers(0, 50)).filter(lambda b: b[0] < b[1])
SPANS = BOUNDS.map(lambda bounds: Span(*bounds))


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (2, 2), (3, 1), (0, 0)])
def test_a_span_that_names_no_passage_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError) as caught:
        Span(start, end)
    assert str(caught.value) == f"expected 0 <= start < end, found start={start} end={end}"


def test_a_span_counts_code_points_not_bytes_or_units() -> None:
    text = "Mrs É 🏠 said no"
    start = text.index("🏠")
    assert Span(start, start + 1).of(text) == "🏠"
    assert Span(start + 2, start + 6).of(text) == "said"


def test_a_span_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Span(0, 1).start = 3  # type: ignore[misc]


@given(SPANS, SPANS)
def test_overlap_is_the_number_of_shared_characters(a: Span, b: Span) -> None:
    shared = len(set(range(a.start, a.end)) & set(range(b.start, b.end)))
    assert a.overlap(b) == b.overlap(a) == shared
    assert a.overlaps(b) == (shared > 0)


@given(SPANS)
def test_length_is_that_of_the_passage(span: Span) -> None:
    assert len(span) == len(span.of("x" * 60))


def test_spans_sort_in_text_order() -> None:
    assert sorted([Span(5, 9), Span(0, 7), Span(0, 2)]) == [Span(0, 2), Span(0, 7), Span(5, 9)]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("plain words", []),
        ("caf\u00e9", []),
        ("cafe\u0301 now", [4]),
        ("a\u0323\u0307b", [1, 2]),
        ("one\r\ntwo\n\nthree", [4]),
        ("a\n\u0301b", []),
        ("👩\u200d🔧 came", [1, 2]),
        ("👍🏽 ok", [1]),
        ("☎\ufe0f 5", [1]),
        ("\ud83d\ude42", [1]),
        ("\u0301", []),
        ("", []),
    ],
)
def test_a_cut_that_divides_a_character(text: str, inside: list[int]) -> None:
    assert [n for n in range(-1, len(text) + 2) if splits_character(text, n)] == inside
