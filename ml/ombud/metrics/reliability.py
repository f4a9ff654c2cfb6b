"""How far probabilities can be trusted: reliability bins and the expected calibration error.

Bins of equal mass: Nguyen and O'Connor 2015, section 3; expected calibration error: Guo et al.
2017, section 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ombud.metrics.bootstrap import Interval, bootstrap

__all__ = ["CalibrationScores", "ReliabilityBin", "calibration_scores", "reliability_bins"]

_BINS = 15


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Answers of like confidence: how many, how sure on average, and the share that was right."""

    documents: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class CalibrationScores:
    """Expected calibration error of some answers.

    Attributes:
        ece: With its interval over groups.
        by_chance: What the same confidences would show if each were exactly right: the mean and
            95 % of many draws. With few documents it is well above 0.
        bins: From the least sure to the surest.
    """

    ece: Interval
    by_chance: Interval
    bins: tuple[ReliabilityBin, ...]


def reliability_bins(
    confidence: ArrayLike, correct: ArrayLike, bins: int = _BINS
) -> tuple[ReliabilityBin, ...]:
    """Return at most `bins` bins of as equal a number of documents as can be.

    Args:
        confidence: Shape: (documents,)
        correct: Shape: (documents,)
        bins: How many; fewer where there are fewer documents.
    """
    sure = np.asarray(confidence, dtype=np.float64)
    right = np.asarray(correct, dtype=np.float64)
    order = np.argsort(sure, kind="stable")
    return tuple(
        ReliabilityBin(len(rows), float(sure[rows].mean()), float(right[rows].mean()))
        for rows in np.split(order, _edges(len(order), bins)[1:-1])
    )


def calibration_scores(
    confidence: Sequence[float],
    correct: Sequence[bool],
    groups: Sequence[str],
    *,
    bins: int = _BINS,
    resamples: int = 1000,
    seed: int = 0,
) -> CalibrationScores:
    """Return the expected calibration error with equal-mass bins.

    Raises:
        ValueError: If there is no document.
    """
    sure = np.asarray(confidence, dtype=np.float64)
    right = np.asarray(correct, dtype=np.float64)
    ece = bootstrap(
        lambda rows: _ece(sure[rows], right[rows], bins), groups, resamples=resamples, seed=seed
    )
    generator = np.random.default_rng(seed)
    drawn = [
        _ece(sure, (generator.random(len(sure)) < sure).astype(np.float64), bins)
        for _ in range(resamples)
    ]
    low, high = np.quantile(drawn, [0.025, 0.975])
    chance = Interval(float(np.mean(drawn)), float(low), float(high))
    return CalibrationScores(ece, chance, reliability_bins(sure, right, bins))


def _edges(documents: int, bins: int) -> NDArray[np.intp]:
    """Return where bins begin, and the end of the last. Shape: (bins + 1,)."""
    return np.linspace(0, documents, min(bins, documents) + 1).astype(np.intp)


def _ece(sure: NDArray[np.float64], right: NDArray[np.float64], bins: int) -> float:
    gap = (sure - right)[np.argsort(sure, kind="stable")]
    sums = np.add.reduceat(gap, _edges(len(gap), bins)[:-1])
    return float(np.abs(sums).sum() / len(gap))
