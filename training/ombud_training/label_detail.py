"""Labels in detail: by class, by reason and by slice, the model and its floors side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ombud.corpus import GoldCase
from ombud.metrics import Interval, precision_recall_f1
from ombud.metrics.resamples import Resamples
from ombud.taxonomy import OUTCOMES, REASONS
from ombud.views import Reading
from ombud_training.evaluate import Answers, marked_sentences

__all__ = ["LabelScores", "Slice", "by_class", "by_reason", "by_slice", "confusions"]

_OUTCOMES: Final = tuple(outcome.label for outcome in OUTCOMES)
_REASONS: Final = tuple(reason.label for reason in REASONS)

Marks: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LabelScores:
    """Figures of one label; `average_precision` is None for a system without probabilities."""

    precision: Interval
    recall: Interval
    f1: Interval
    average_precision: Interval | None


@dataclass(frozen=True, slots=True)
class Slice:
    """Some of the documents, and each system's figures on them by name."""

    by: str
    label: str
    documents: int
    groups: int
    systems: Mapping[str, Mapping[str, Interval]]


def confusions(
    answers: Sequence[Answers], cases: Sequence[GoldCase]
) -> dict[str, tuple[tuple[int, ...], ...]]:
    """Return how often each outcome (row) was predicted as each (column), by system."""
    gold = _codes([case.outcome for case in cases])
    found = {}
    for one in answers:
        if one.outcomes:
            pairs = gold * len(_OUTCOMES) + _codes(one.outcomes)
            counts = np.bincount(pairs, minlength=len(_OUTCOMES) ** 2)
            table = counts.reshape(len(_OUTCOMES), len(_OUTCOMES))
            found[one.name] = tuple(tuple(map(int, row)) for row in table)
    return found


def by_class(
    answers: Sequence[Answers], cases: Sequence[GoldCase], draws: Resamples
) -> dict[str, dict[str, LabelScores]]:
    """Return each system's figures of each outcome that occurs."""
    gold = _codes([case.outcome for case in cases])
    return {
        one.name: {
            label: _scores(
                draws,
                (gold == number).astype(float),
                (_codes(one.outcomes) == number).astype(float),
                np.array(one.probabilities)[:, number] if one.probabilities else None,
            )
            for number, label in enumerate(_OUTCOMES)
            if (gold == number).any()
        }
        for one in answers
        if one.outcomes
    }


def by_reason(
    answers: Sequence[Answers], cases: Sequence[GoldCase], draws: Resamples
) -> dict[str, dict[str, LabelScores]]:
    """Return each system's figures of each reason that occurs."""
    gold = [{reason.label for reason in case.reasons} for case in cases]
    return {
        one.name: {
            label: _scores(
                draws,
                np.array([label in own for own in gold], dtype=float),
                np.array([label in own for own in one.reasons], dtype=float),
                np.array(one.reason_probabilities)[:, number] if one.reason_probabilities else None,
            )
            for number, label in enumerate(_REASONS)
            if any(label in own for own in gold)
        }
        for one in answers
        if one.reasons
    }


def _scores(draws: Resamples, gold: Marks, said: Marks, probabilities: Marks | None) -> LabelScores:
    hits = gold * said
    ranked = None
    if probabilities is not None:
        ranked = draws.average_precision(gold.astype(np.bool_), probabilities)
    return LabelScores(
        draws.ratio(hits, said), draws.ratio(hits, gold), draws.ratio(2 * hits, gold + said), ranked
    )


def by_slice(
    answers: Sequence[Answers],
    cases: Sequence[GoldCase],
    readings: Sequence[Reading],
    slices: Mapping[str, Mapping[str, Sequence[int]]],
    resamples: int = 1000,
) -> list[Slice]:
    """Return figures of each slice; macro-F1 is over the outcomes that occur in it."""
    gold = _codes([case.outcome for case in cases])
    given = [{reason.label for reason in case.reasons} for case in cases]
    marked = [marked_sentences(c, reading) for c, reading in zip(cases, readings, strict=True)]
    found = []
    for by, labels in slices.items():
        for label, numbers in labels.items():
            groups = [cases[number].group for number in numbers]
            draws = Resamples(groups, resamples)
            rows = np.array(numbers, dtype=np.intp)
            systems = {
                one.name: _figures(
                    one, rows, gold[rows], [given[n] for n in numbers], marked, draws
                )
                for one in answers
            }
            found.append(Slice(by, label, len(numbers), len(set(groups)), systems))
    return found


def _figures(
    one: Answers,
    rows: NDArray[np.intp],
    gold: NDArray[np.intp],
    given: Sequence[set[str]],
    marked: Sequence[Sequence[int]],
    draws: Resamples,
) -> dict[str, Interval]:
    found = {}
    if one.outcomes:
        said = _codes(one.outcomes)[rows]
        found["accuracy"] = draws.ratio(gold == said, np.ones(len(rows)))
        found["macro_f1"] = draws.macro_f1(gold, said)
    if one.reasons:
        chosen = [one.reasons[number] for number in rows]
        hits = [len(a & b) for a, b in zip(given, chosen, strict=True)]
        sizes = [len(a) + len(b) for a, b in zip(given, chosen, strict=True)]
        found["reasons_micro_f1"] = draws.ratio(2 * np.array(hits), sizes)
    if one.rationales and any(marked[number] for number in rows):
        has = np.array([bool(marked[n]) for n in rows], dtype=float)
        f1 = [precision_recall_f1(marked[n], one.rationales[n])[2] for n in rows]
        found["rationale_f1"] = draws.ratio(has * np.array(f1), has)
    return found


def _codes(labels: Sequence[str]) -> NDArray[np.intp]:
    return np.array([_OUTCOMES.index(label) for label in labels], dtype=np.intp)
