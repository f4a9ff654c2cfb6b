"""Metrics of outcomes (one of three) and of reasons (any of many)."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score, matthews_corrcoef

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
    truth, guess = np.array(gold), np.array(predicted)
    present = [label for label in _OUTCOMES if label in set(gold)]

    def f1(labels: list[str], rows: NDArray[np.intp]) -> float:
        return float(
            f1_score(truth[rows], guess[rows], labels=labels, average="macro", zero_division=0.0)
        )

    def mcc(rows: NDArray[np.intp]) -> float:
        # Where only one label occurs scikit-learn warns, and gives the same zero.
        if len(np.unique(np.concatenate([truth[rows], guess[rows]]))) < 2:
            return 0.0
        return float(matthews_corrcoef(truth[rows], guess[rows]))

    return OutcomeScores(
        documents=len(gold),
        macro_f1=bootstrap(functools.partial(f1, present), groups, resamples=resamples),
        accuracy=bootstrap(
            lambda rows: float((truth[rows] == guess[rows]).mean()), groups, resamples=resamples
        ),
        mcc=bootstrap(mcc, groups, resamples=resamples),
        per_class_f1={
            label: bootstrap(functools.partial(f1, [label]), groups, resamples=resamples)
            for label in present
        },
    )


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
