"""Passages against gold marks by words: token F1 and overlapping passages, as ERASER has them."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ombud.corpus import GoldCase
from ombud.metrics import Interval, iou_f1, token_f1
from ombud.metrics.resamples import Resamples, divide
from ombud.spans import Span
from ombud.views import Reading
from ombud_training.evaluate import Answers

__all__ = ["PassageScores", "passage_scores"]

_TOKEN: Final = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class PassageScores:
    """Figures over documents with marks.

    Token F1 is the mean over documents; IOU F1 is that of mean precision and mean recall of
    passages that share half of their words with a marked one.
    """

    documents: int
    token_f1: Interval
    iou_f1: Interval


def passage_scores(
    one: Answers, cases: Sequence[GoldCase], readings: Sequence[Reading], resamples: int = 1000
) -> PassageScores | None:
    """Return how well the chosen sentences fit the marks; None where nothing is marked."""
    gold: list[list[Span]] = []
    said: list[list[Span]] = []
    groups = []
    for case, reading, chosen in zip(cases, readings, one.rationales, strict=True):
        marks = {span for own in case.gold_spans(reading.view).values() for span in own}
        if not marks:
            continue
        starts = [match.start() for match in _TOKEN.finditer(reading.document.text)]
        gold.append(_tokens(starts, sorted(marks)))
        said.append(_tokens(starts, [reading.sentences[n].span for n in sorted(chosen)]))
        groups.append(case.group)
    if not gold:
        return None
    draws = Resamples(groups, resamples)
    pairs = list(zip(gold, said, strict=True))
    tokens = [token_f1([a], [b])[1].f1 for a, b in pairs]
    overlaps = [iou_f1([a], [b])[1] for a, b in pairs]
    every = np.ones(len(pairs))
    precision = draws.sum([o.precision for o in overlaps]) / draws.sum(every)
    recall = draws.sum([o.recall for o in overlaps]) / draws.sum(every)
    iou = np.nan_to_num(divide(2 * precision * recall, precision + recall))
    return PassageScores(len(pairs), draws.ratio(tokens, every), draws.interval(iou))


def _tokens(starts: Sequence[int], spans: Sequence[Span]) -> list[Span]:
    """Return spans of characters as spans of the tokens that begin in them."""
    found = (
        (bisect.bisect_left(starts, span.start), bisect.bisect_left(starts, span.end))
        for span in spans
    )
    return [Span(first, last) for first, last in found if first < last]
