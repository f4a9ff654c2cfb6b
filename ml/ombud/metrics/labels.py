"""Metrics of outcomes (one of three) and of reasons (any of many)."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ombud.metrics.bootstrap import Interval, bootstrap
from ombud.taxonomy import OUTCOMES, REASONS

__all__ = ["OutcomeScores", "ReasonScores", "outcome_scores", "reason_scores"]

_OUTCOMES: Final = [outcome.label for outcome in OUTCOMES]
_REASONS: Final = [reason.label for reason in REASONS]


@dataclass(frozen=True, slots=True)
class OutcomeScores:
    """Figures of outcome predictions, each with its 95 % interval."""

    documents: int
    macro_f1: Interval
    accuracy: Interval
    mcc: Interval
    per_class_f1: dict[str, Interval]


@dataclass(frozen=True, slots=True)
class ReasonScores:
    """Figures of reason predictions; macro is over the reasons that occur in the gold labels."""

    documents: int
    micro_f1: Interval
    macro_f1: Interval


def outcome_scores(
    gold: Sequence[str], predicted: Sequence[str], groups: Sequence[str], *, resamples: int = 1000
) -> OutcomeScores:
    """Return the figures of one outcome a document, with intervals over groups.

    Macro-F1 is over the outcomes that occur in the gold labels of all documents.
    """
    codes = {label: number for number, label in enumerate(_OUTCOMES)}
    pairs = np.array(
        [codes[g] * len(codes) + codes[p] for g, p in zip(gold, predicted, strict=True)]
    )
    present = [codes[label] for label in _OUTCOMES if label in set(gold)]

    def confusion(rows: NDArray[np.intp]) -> NDArray[np.int64]:
        counts = np.bincount(pairs[rows], minlength=len(codes) ** 2)
        return counts.reshape(len(codes), len(codes))

    def f1(labels: list[int], rows: NDArray[np.intp]) -> float:
        counts = confusion(rows)
        sizes = counts.sum(axis=0) + counts.sum(axis=1)
        return float(np.mean([2 * counts[n, n] / sizes[n] if sizes[n] else 0.0 for n in labels]))

    def accuracy(rows: NDArray[np.intp]) -> float:
        return float(np.trace(confusion(rows)) / len(rows))

    intervals = functools.partial(bootstrap, groups=groups, resamples=resamples)
    return OutcomeScores(
        documents=len(gold),
        macro_f1=intervals(functools.partial(f1, present)),
        accuracy=intervals(accuracy),
        mcc=intervals(lambda rows: _mcc(confusion(rows))),
        per_class_f1={_OUTCOMES[n]: intervals(functools.partial(f1, [n])) for n in present},
    )


def _mcc(counts: NDArray[np.int64]) -> float:
    """Return Matthews' correlation for several classes (Gorodkin 2004); 0 where undefined."""
    total, right = counts.sum(), np.trace(counts)
    true, said = counts.sum(axis=1), counts.sum(axis=0)
    spread = float(total**2 - said @ said) * float(total**2 - true @ true)
    return float(right * total - true @ said) / spread**0.5 if spread > 0 else 0.0


def reason_scores(
    gold: Sequence[Collection[str]],
    predicted: Sequence[Collection[str]],
    groups: Sequence[str],
    *,
    resamples: int = 1000,
) -> ReasonScores:
    """Return the figures of sets of reasons, with intervals over groups."""
    truth, guess = _indicators(gold), _indicators(predicted)
    present = truth.any(axis=0)

    def micro(rows: NDArray[np.intp]) -> float:
        hits = (truth[rows] & guess[rows]).sum()
        return float(2 * hits / max(1, truth[rows].sum() + guess[rows].sum()))

    def macro(rows: NDArray[np.intp]) -> float:
        hits = (truth[rows] & guess[rows]).sum(axis=0)[present]
        sizes = (truth[rows].sum(axis=0) + guess[rows].sum(axis=0))[present]
        return float(np.mean(2 * hits[sizes > 0] / sizes[sizes > 0])) if sizes.any() else 0.0

    return ReasonScores(
        documents=len(gold),
        micro_f1=bootstrap(micro, groups, resamples=resamples),
        macro_f1=bootstrap(macro, groups, resamples=resamples),
    )


def _indicators(labels: Sequence[Collection[str]]) -> NDArray[np.bool_]:
    return np.array([[reason in own for reason in _REASONS] for own in labels], dtype=np.bool_)
