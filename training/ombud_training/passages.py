"""Passages against gold marks by words: ERASER's measures of agreement on decisions and letters.

DeYoung et al. 2020, section 4.1: token F1, F1 of overlapping passages (IOU), and the area under the
precision-recall curve of soft scores.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ombud.corpus import GoldCase
from ombud.metrics import Interval, iou_f1, soft_scores, token_f1
from ombud.metrics.resamples import Resamples, divide
from ombud.spans import Span
from ombud.views import Reading

__all__ = ["PassageScores", "Tokens", "marked_share", "passage_scores", "token_f1s"]

_TOKEN: Final = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class PassageScores:
    """Figures over documents with marks.

    Attributes:
        documents: How many have marks.
        token_f1: Mean over documents of the F1 of words chosen and words marked.
        iou_f1: F1 of mean precision and mean recall of passages that share half of their words
            with a marked one.
        auprc: Mean over documents of the area under the precision-recall curve of words, by
            trapezes; where all scores of a document are equal, the share that is marked. None
            for a system without scores.
    """

    documents: int
    token_f1: Interval
    iou_f1: Interval
    auprc: Interval | None


class Tokens:
    """The words and signs of a text, numbered in text order."""

    def __init__(self, text: str, within: Sequence[Span] | None = None) -> None:
        """Number those of `text`, or only those that begin in the spans `within`, in text order."""
        places = [Span(0, len(text))] if within is None else within
        self._spans = [
            Span(*match.span()) for s in places for match in _TOKEN.finditer(text, s.start, s.end)
        ]
        self._starts = [span.start for span in self._spans]

    def __len__(self) -> int:
        return len(self._starts)

    def characters(self) -> list[Span]:
        """Return where each token stands in the text."""
        return list(self._spans)

    def spans(self, spans: Sequence[Span]) -> list[Span]:
        """Return spans of characters as spans of the tokens that begin in them; none is empty."""
        found = (
            (
                bisect.bisect_left(self._starts, span.start),
                bisect.bisect_left(self._starts, span.end),
            )
            for span in spans
        )
        return [Span(first, last) for first, last in found if first < last]


def passage_scores(
    rationales: Sequence[Collection[int]],
    cases: Sequence[GoldCase],
    readings: Sequence[Reading],
    *,
    scores: Sequence[Sequence[float]] = (),
    joined: bool = False,
    resamples: int = 1000,
) -> PassageScores | None:
    """Return how well chosen passages fit the marks; None where nothing is marked.

    Args:
        rationales: Numbers of the chosen sentences of each reading.
        cases: What was read.
        readings: What of it; a passage is one of a reading's sentences.
        scores: How much each sentence belongs to the rationale, of each reading.
        joined: Chosen passages side by side are one, as where each is a word.
        resamples: Of the intervals.
    """
    tokens, overlaps, areas, groups = [], [], [], []
    for number, (case, reading) in enumerate(zip(cases, readings, strict=True)):
        marks = sorted({span for own in case.gold_spans(reading.view).values() for span in own})
        if not marks:
            continue
        every = Tokens(reading.document.text)
        chosen = [reading.sentences[n].span for n in sorted(rationales[number])]
        gold, said = every.spans(marks), every.spans(chosen)
        if joined:
            said = _joined(said)
        tokens.append(token_f1([gold], [said])[1].f1)
        overlaps.append(iou_f1([gold], [said])[1])
        areas.append(_area(reading, marks, scores[number]) if scores else float("nan"))
        groups.append(case.group)
    if not groups:
        return None
    draws = Resamples(groups, resamples)
    every_one = np.ones(len(groups))
    precision = draws.sum([o.precision for o in overlaps]) / draws.sum(every_one)
    recall = draws.sum([o.recall for o in overlaps]) / draws.sum(every_one)
    iou = np.nan_to_num(divide(2 * precision * recall, precision + recall))
    ranked = np.isfinite(areas)
    return PassageScores(
        len(groups),
        draws.ratio(tokens, every_one),
        draws.interval(iou),
        draws.ratio(np.nan_to_num(areas), ranked) if ranked.any() else None,
    )


def marked_share(cases: Sequence[GoldCase], readings: Sequence[Reading]) -> float:
    """Return the mean share of the words read that is marked, over documents with marks."""
    shares = []
    for case, reading in zip(cases, readings, strict=True):
        read = Tokens(reading.document.text, [s.span for s in reading.sentences])
        marks = sorted({span for own in case.gold_spans(reading.view).values() for span in own})
        marked = {n for span in read.spans(marks) for n in range(span.start, span.end)}
        if marked:
            shares.append(len(marked) / len(read))
    return float(np.mean(shares)) if shares else 0.0


def token_f1s(
    rationales: Sequence[Collection[int]], cases: Sequence[GoldCase], readings: Sequence[Reading]
) -> list[float]:
    """Return the token F1 of each document; NaN where nothing is marked."""
    found = []
    for case, reading, chosen in zip(cases, readings, rationales, strict=True):
        marks = sorted({span for own in case.gold_spans(reading.view).values() for span in own})
        every = Tokens(reading.document.text)
        said = every.spans([reading.sentences[n].span for n in sorted(chosen)])
        f1 = token_f1([every.spans(marks)], [said])[1].f1
        found.append(f1 if marks else float("nan"))
    return found


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Return spans in order, those that touch made one."""
    found: list[Span] = []
    for span in spans:
        if found and found[-1].end == span.start:
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return found


def _area(reading: Reading, marks: Sequence[Span], scores: Sequence[float]) -> float:
    """Return the area of one document; NaN where its words are all marked or none is."""
    spans = [sentence.span for sentence in reading.sentences]
    read = Tokens(reading.document.text, spans)
    by_token = [
        score
        for span, score in zip(spans, scores, strict=True)
        for own in read.spans([span])
        for _ in range(len(own))
    ]
    gold = read.spans(marks)
    marked = {token for span in gold for token in range(span.start, span.end)}
    if not marked or len(marked) == len(read):
        return float("nan")
    if len(set(by_token)) == 1:
        # Scores that rank nothing would get half of what they lack by trapezes.
        return len(marked) / len(read)
    return soft_scores([gold], [by_token]).auprc
