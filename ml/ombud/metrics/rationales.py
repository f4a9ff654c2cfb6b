"""Metrics of rationales: sentences chosen against sentences marked.

Per-document F1 averaged over documents, as ERASER does for tokens (DeYoung et al. 2020,
section 4.1).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from ombud.metrics.bootstrap import Interval, bootstrap

__all__ = ["precision_recall_f1", "rationale_f1"]


def precision_recall_f1(
    gold: Collection[int], predicted: Collection[int]
) -> tuple[float, float, float]:
    """Return precision, recall and F1 of one document's chosen sentences."""
    wanted, chosen = set(gold), set(predicted)
    hits = len(wanted & chosen)
    precision = hits / len(chosen) if chosen else 0.0
    recall = hits / len(wanted) if wanted else 0.0
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0


def rationale_f1(
    gold: Sequence[Collection[int]],
    predicted: Sequence[Collection[int]],
    groups: Sequence[str],
    *,
    resamples: int = 1000,
) -> Interval:
    """Return the mean F1 over documents that have marked sentences, with its interval.

    Raises:
        ValueError: If no document has a marked sentence.
    """
    kept = [number for number, sentences in enumerate(gold) if sentences]
    if not kept:
        message = "expected at least one document with marked sentences, found none"
        raise ValueError(message)
    scores = np.array([precision_recall_f1(gold[n], predicted[n])[2] for n in kept])
    return bootstrap(
        lambda rows: float(scores[rows].mean()), [groups[n] for n in kept], resamples=resamples
    )
