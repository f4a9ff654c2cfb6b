"""Bootstrap of many figures at once: how often each document stands in each sample of groups.

The same percentile bootstrap over groups as `ombud.metrics.bootstrap`, for figures that are
made of sums over documents: one matrix product gives a sum in all samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ombud.metrics.bootstrap import Interval

__all__ = ["Resamples", "divide"]

_TAIL: Final = 0.025

Numbers: TypeAlias = NDArray[np.float64]


class Resamples:
    """Samples of some documents; row 0 is the documents themselves, each once."""

    def __init__(self, groups: Sequence[str], resamples: int = 1000, seed: int = 0) -> None:
        """Draw samples of whole groups, with replacement.

        Raises:
            ValueError: If there is no document.
        """
        if not groups:
            message = "expected at least one document to score, found none"
            raise ValueError(message)
        names = list(dict.fromkeys(groups))
        numbers = {name: number for number, name in enumerate(names)}
        of = np.array([numbers[group] for group in groups])
        drawn = np.random.default_rng(seed).multinomial(
            len(names), np.full(len(names), 1 / len(names)), size=resamples
        )
        self.weights: Numbers = np.vstack([np.ones(len(of)), drawn[:, of]]).astype(np.float64)

    def sum(self, values: ArrayLike) -> Numbers:
        """Return the sums over documents, (documents, ...) to (1 + samples, ...)."""
        return np.asarray(self.weights @ np.asarray(values, dtype=np.float64))

    def interval(self, figures: Numbers) -> Interval:
        """Return the figure of the documents with the interval of all samples.

        Args:
            figures: NaN where a sample leaves it undefined. Shape: (1 + samples,)
        """
        drawn = figures[1:]
        if not np.isfinite(drawn).any():
            return Interval(float(figures[0]), float("nan"), float("nan"))
        low, high = np.nanquantile(drawn, [_TAIL, 1 - _TAIL])
        return Interval(float(figures[0]), float(low), float(high))

    def ratio(self, parts: ArrayLike, wholes: ArrayLike) -> Interval:
        """Return a sum over another sum, such as precision, NaN where there is nothing to share."""
        return self.interval(divide(self.sum(parts), self.sum(wholes)))

    def macro_f1(self, gold: NDArray[np.intp], said: NDArray[np.intp]) -> Interval:
        """Return the interval of `macro_f1s`."""
        return self.interval(self.macro_f1s(gold, said))

    def macro_f1s(self, gold: NDArray[np.intp], said: NDArray[np.intp]) -> Numbers:
        """Return the mean F1 over the classes that occur in `gold`, in each sample.

        Args:
            gold: Number of the class. Shape: (documents,)
            said: Number of the class. Shape: (documents,)

        Returns:
            Shape: (1 + samples,)
        """
        scores = []
        for label in np.unique(gold):
            hits = self.sum((gold == label) & (said == label))
            sizes = self.sum((gold == label).astype(float) + (said == label))
            scores.append(np.nan_to_num(divide(2 * hits, sizes)))
        return np.asarray(np.mean(scores, axis=0))

    def average_precision(self, gold: NDArray[np.bool_], scores: Numbers) -> Interval:
        """Return the area under the precision-recall curve by steps; equal scores are one step.

        Args:
            gold: Shape: (documents,)
            scores: Shape: (documents,)
        """
        order = np.argsort(-scores, kind="stable")
        weights = self.weights[:, order]
        ends = np.append(np.flatnonzero(np.diff(scores[order])), len(order) - 1)
        hits = np.cumsum(weights * gold[order], axis=1)[:, ends]
        precision = np.nan_to_num(divide(hits, np.cumsum(weights, axis=1)[:, ends]))
        steps = np.diff(hits, axis=1, prepend=0.0)
        return self.interval(divide((steps * precision).sum(axis=1), hits[:, -1]))


def divide(parts: Numbers, wholes: Numbers) -> Numbers:
    """Return the quotients, NaN where the divisor is 0."""
    return np.divide(parts, wholes, out=np.full_like(parts, np.nan), where=wholes != 0)
