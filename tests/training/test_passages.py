"""Passages against marks: figures worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gold import gold_case
from ombud.spans import Span
from ombud_training.passages import PassageScores, Tokens, passage_scores

CASES = [gold_case(0, "upheld"), gold_case(1, "not_upheld")]
READINGS = [case.reading("statement") for case in CASES]
# Words and stops of the five sentences: the fourth is marked.
SIZES = [[7, 5, 5, 11, 4], [7, 5, 5, 8, 4]]


def scored(rationales: list[set[int]], scores: list[list[float]] | tuple[()] = ()) -> PassageScores:
    found = passage_scores(rationales, CASES, READINGS, scores=scores, resamples=20)
    assert found is not None
    return found


def test_sizes() -> None:
    for reading, sizes in zip(READINGS, SIZES, strict=True):
        text = reading.document.text
        assert [len(Tokens(text, [s.span])) for s in reading.sentences] == sizes


def test_tokens_are_numbered_in_text_order() -> None:
    tokens = Tokens("One, two. Three!")
    assert len(tokens) == 6
    assert tokens.spans([Span(0, 3), Span(3, 8), Span(4, 5)]) == [Span(0, 1), Span(1, 3)]
    within = Tokens("One, two. Three!", [Span(5, 9), Span(10, 16)])
    assert len(within) == 4
    assert within.spans([Span(0, 16), Span(10, 15)]) == [Span(0, 4), Span(2, 3)]


def test_agreement_by_hand() -> None:
    found = scored([{3}, {2, 3}])
    assert found.documents == 2
    # The second: 8 of 13 chosen words are marked, and all 8 that are.
    assert found.token_f1.value == pytest.approx((1 + 2 * 8 / 21) / 2)
    # Precision 1 and 1/2, recall 1 and 1.
    assert found.iou_f1.value == pytest.approx(2 * 0.75 / 1.75)
    assert found.token_f1.low < found.token_f1.value < found.token_f1.high
    assert found.auprc is None


def test_nothing_chosen_scores_nothing() -> None:
    found = scored([set(), set()])
    assert (found.token_f1.value, found.iou_f1.value) == (0, 0)


def test_area_under_the_curve() -> None:
    best = [[0.1, 0.2, 0.3, 0.9, 0.1], [0.0, 0.0, 0.0, 5.0, -1.0]]
    area = scored([set(), set()], best).auprc
    assert area is not None
    assert area.value == pytest.approx(1.0)
    # All equal: the share of the words read that is marked.
    flat = scored([set(), set()], [[2.0] * 5, [0.0] * 5]).auprc
    assert flat is not None
    assert flat.value == pytest.approx((11 / 32 + 8 / 29) / 2)
    # Third before fourth: recall 0 at precision 0, then all 11 of 16 words.
    second = scored([set(), set()], [[0.0, 0.0, 2.0, 1.0, 0.0], best[1]]).auprc
    assert second is not None
    assert second.value == pytest.approx((11 / 16 / 2 + 1) / 2)


def test_documents_without_marks_are_left_out() -> None:
    bare = [replace(c, reasons=tuple(replace(r, spans=()) for r in c.reasons)) for c in CASES]
    assert passage_scores([{1}, {2}], bare, READINGS) is None
    one = passage_scores([{1}, {3}], [bare[0], CASES[1]], READINGS, resamples=5)
    assert one is not None
    assert (one.documents, one.token_f1.value) == (1, 1.0)


def test_a_document_marked_throughout_ranks_nothing() -> None:
    case = CASES[0]
    spans = tuple(sentence.span for sentence in READINGS[0].sentences)
    whole = replace(case, reasons=(replace(case.reasons[0], spans=spans),))
    alone = passage_scores([{3}], [whole], READINGS[:1], scores=[[0.0, 1.0, 2.0, 3.0, 4.0]])
    assert alone is not None
    assert alone.auprc is None
