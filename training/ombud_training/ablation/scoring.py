"""Figures of the ablation: every row beside its floors, and ours less each other row."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ombud.corpus import GoldCase
from ombud.metrics import Interval
from ombud.metrics.resamples import Resamples
from ombud.taxonomy import OUTCOMES
from ombud.views import Reading
from ombud_training.ablation.afterwards import cut_into_words
from ombud_training.ablation.kept import Done
from ombud_training.ablation.rows import VIEW
from ombud_training.evaluate import Answers, Scores, figures, over_trainings, score
from ombud_training.faithful import faithfulness_scores
from ombud_training.passages import passage_scores, token_f1s

__all__ = ["OURS", "Difference", "RowFigures", "ablation_figures", "differences"]

OURS: Final = "e"
_WORDS: Final = "d_words"
_OUTCOMES: Final = [outcome.label for outcome in OUTCOMES]

Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class RowFigures:
    """One line of the table.

    Attributes:
        name: Of the row, such as `c` or `d_words`.
        seeds: Of the trainings, whose answers are scored together.
        figures: By name.
        floors: Figures of the floors of rationales, read by this row's model; by floor.
        seconds: Of all trainings and answers, floors included; of both rows where one training
            has two.
    """

    name: str
    seeds: tuple[int, ...]
    figures: Mapping[str, Interval]
    floors: Mapping[str, Mapping[str, Interval]]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Return the row as plain objects."""
        return dataclasses.asdict(self)


@dataclass(frozen=True, slots=True)
class Difference:
    """Ours less another row, on the same documents and seeds, drawn in pairs."""

    name: str
    seeds: tuple[int, ...]
    outcome_macro_f1: Interval
    token_f1: Interval


def ablation_figures(
    done: Sequence[Done], scored: Sequence[GoldCase], resamples: int = 1000
) -> list[RowFigures]:
    """Return the figures of every row, in the order of their names.

    Answers of several seeds are scored as if each were of documents of its own, but drawn
    together: an interval is that of the documents.
    """
    readings = [case.reading(VIEW) for case in scored]
    found = []
    for _, group in itertools.groupby(sorted(done, key=_place), key=lambda one: one.key):
        own = list(group)
        seeds = tuple(one.seed for one in own)
        many = list(scored) * len(own)
        added = over_trainings([one.answers for one in own])
        rows = [one for one in added if one.outcomes]
        floors = {
            scores.name: figures(scores)
            for scores in score(
                [one for one in added if not one.outcomes], many, VIEW, "date", resamples=resamples
            ).scores
        }
        seconds = sum(one.seconds for one in own)
        for answers in rows:
            scores = _scores(answers, many, readings * len(own), resamples)
            found.append(RowFigures(answers.name, seeds, figures(scores), floors, seconds))
    return found


def _place(done: Done) -> tuple[str, int]:
    return done.key, done.seed


def _scores(
    answers: Answers, cases: Sequence[GoldCase], readings: Sequence[Reading], resamples: int
) -> Scores:
    if answers.name != _WORDS:
        (scores,) = score([answers], cases, VIEW, "date", resamples=resamples).scores
        return scores
    bare = dataclasses.replace(answers, rationales=(), faithfulness=())
    (scores,) = score([bare], cases, VIEW, "date", resamples=resamples).scores
    groups = [case.group for case in cases]
    return dataclasses.replace(
        scores,
        passages=passage_scores(
            answers.rationales,
            cases,
            [cut_into_words(reading) for reading in readings],
            scores=answers.sentence_scores,
            joined=True,
            resamples=resamples,
        ),
        faithfulness=faithfulness_scores(answers.faithfulness, groups, resamples),
    )


def differences(
    done: Sequence[Done], scored: Sequence[GoldCase], resamples: int = 1000
) -> list[Difference]:
    """Return ours less each other row; nothing where ours is not among them."""
    readings = [case.reading(VIEW) for case in scored]
    rows: dict[str, dict[int, Answers]] = {}
    for one in sorted(done, key=_place):
        for answers in one.answers:
            if answers.outcomes:
                rows.setdefault(answers.name, {})[one.seed] = answers
    ours = rows.pop(OURS, {})
    found = []
    for name, own in rows.items():
        seeds = tuple(seed for seed in own if seed in ours)
        if not seeds:
            continue
        many, texts = list(scored) * len(seeds), readings * len(seeds)
        draws = Resamples([case.group for case in many], resamples)
        gold = _codes([case.outcome for case in many])
        pair = over_trainings([[ours[seed], own[seed]] for seed in seeds])
        macro = [draws.macro_f1s(gold, _codes(answers.outcomes)) for answers in pair]
        tokens = [np.array(_token_f1s(answers, many, texts)) for answers in pair]
        known = np.isfinite(tokens[0]).astype(float)
        means = [draws.sum(np.nan_to_num(own)) / draws.sum(known) for own in tokens]
        found.append(
            Difference(
                name,
                seeds,
                draws.interval(macro[0] - macro[1]),
                draws.interval(means[0] - means[1]),
            )
        )
    return found


def _token_f1s(
    answers: Answers, cases: Sequence[GoldCase], readings: Sequence[Reading]
) -> list[float]:
    if answers.name == _WORDS:
        readings = [cut_into_words(reading) for reading in readings]
    return token_f1s(answers.rationales, cases, readings)


def _codes(outcomes: Sequence[str]) -> Codes:
    return np.array([_OUTCOMES.index(label) for label in outcomes], dtype=np.intp)
