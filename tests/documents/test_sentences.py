"""Sentences: offsets that hold on any text, and the genre's rules."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.sentences import MAX_CHARACTERS_A_SENTENCE, MAX_WORDS, split_sentences
from ombud.spans import Span
from texts import TEXTS


def sentences(text: str) -> list[str]:
    return [span.of(text) for span in split_sentences(text)]


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_every_visible_character_is_in_exactly_one_sentence_in_order(text: str) -> None:
    owners = [0] * len(text)
    end = 0
    for span in split_sentences(text):
        assert span.start >= end
        end = span.end
        passage = text[span.start : span.end]
        assert passage
        assert passage == passage.strip()
        assert len(passage) <= MAX_CHARACTERS_A_SENTENCE
        assert len(passage.split()) <= MAX_WORDS
        for place in range(span.start, span.end):
            owners[place] += 1
    assert [owners[n] for n, c in enumerate(text) if not c.isspace()] == [
        1 for c in text if not c.isspace()
    ]


@settings(max_examples=100, deadline=None)
@given(TEXTS.filter(bool), st.data())
def test_no_sentence_leaves_its_part(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = split_sentences(text, [Span(start, end)])
    assert all(start <= span.start < span.end <= end for span in found)
    covered = "".join(text[s.start : s.end] for s in found)
    assert [c for c in covered if not c.isspace()] == [
        c for c in text[start:end] if not c.isspace()
    ]


@settings(max_examples=50, deadline=None)
@given(TEXTS)
def test_the_same_text_is_divided_the_same_way_again(text: str) -> None:
    assert split_sentences(text) == split_sentences(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr X wrote in May. The Council did not reply.",
         ["Mr X wrote in May.", "The Council did not reply."]),
        ("We used s.24A(6) of the Act. It applies.", ["We used s.24A(6) of the Act.", "It applies."]),
        ("Dr. Hollin saw Mrs. Y. She agreed.", ["Dr. Hollin saw Mrs. Y.", "She agreed."]),
        ("See paras. 4 and 5, e.g. the notice, etc. of May.",
         ["See paras. 4 and 5, e.g. the notice, etc. of May."]),
        ("12. Miss A moved out. 13. She came back.", ["12. Miss A moved out.", "13. She came back."]),
        ("She said “we were cold.” Nobody came.", ["She said “we were cold.”", "Nobody came."]),
        ("Was it fair? No! It was not…", ["Was it fair?", "No!", "It was not…"]),
        ("It cost £4.50. They paid 3.5 per cent.", ["It cost £4.50.", "They paid 3.5 per cent."]),
        ("The Council should:\n• apologise;\n• pay £200.",
         ["The Council should:", "• apologise;", "• pay £200."]),
        ("The Council told Mr X in a long letter of May that it\nwould not reply again to him.",
         ["The Council told Mr X in a long letter of May that it\nwould not reply again to him."]),
        ("no full stop here\nand none on this short line", ["no full stop here", "and none on this short line"]),
        ("", []),
        (" \n\t\u2028 ", []),
    ],
)  # fmt: skip
def test_the_genre(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_run_on_letter_is_cut_at_a_clause() -> None:
    letter = "they never came and I rang again, " * 20
    pieces = sentences(letter)
    assert len(pieces) > 1
    assert all(piece.startswith(("they never", "and I rang")) for piece in pieces)


@pytest.mark.parametrize(
    "unit", ["a. ", "word ", "x", "1. ", "line that goes on\nand ", "(", "Mr "]
)
def test_work_grows_with_length_not_with_its_square(unit: str) -> None:
    text = unit * (120_000 // len(unit))
    started = time.perf_counter()
    split_sentences(text)
    assert time.perf_counter() - started < 10
