"""Percentile bootstrap over groups of documents (Efron and Tibshirani 1993, section 13.3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Interval", "bootstrap"]


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def bootstrap(
    metric: Callable[[NDArray[np.intp]], float],
    groups: Sequence[str],
    *,
    resamples: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Return `metric` over all documents, and its interval over resampled groups.

    Args:
        metric: Computes the figure over document numbers, which may repeat.
        groups: Group of each document; near-duplicates are drawn together.
        resamples: How many samples of groups to draw, with replacement.
        confidence: Share of samples that the interval holds.
        seed: Of the random generator.

    Raises:
        ValueError: If there is no document.
    """
    if not groups:
        message = "expected at least one document to score, found none"
        raise ValueError(message)
    members: dict[str, list[int]] = {}
    for number, group in enumerate(groups):
        members.setdefault(group, []).append(number)
    blocks = [np.array(block, dtype=np.intp) for block in members.values()]
    value = float(metric(np.arange(len(groups), dtype=np.intp)))
    generator = np.random.default_rng(seed)
    samples = []
    for _ in range(resamples):
        drawn = generator.integers(0, len(blocks), len(blocks))
        samples.append(metric(np.concatenate([blocks[i] for i in drawn])))
    tail = (1 - confidence) / 2
    low, high = np.nanquantile(samples, [tail, 1 - tail])
    return Interval(value, float(low), float(high))
