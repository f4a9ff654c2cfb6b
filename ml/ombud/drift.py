"""How far the outcomes of new texts are from those of the data a model was trained on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ombud.taxonomy import OUTCOMES

__all__ = ["outcome_drift", "share_metrics", "training_shares"]

_SHARE: Final = "train.outcome_share."
"""Head of the names that a bundle's manifest keeps the shares under, among its metrics."""


def share_metrics(outcomes: Iterable[str]) -> dict[str, float]:
    """Return the share of each outcome in the training data, as a bundle's manifest keeps it."""
    labels = list(outcomes)
    return {_SHARE + o.label: labels.count(o.label) / max(1, len(labels)) for o in OUTCOMES}


def training_shares(metrics: Mapping[str, Any]) -> dict[str, float] | None:
    """Return the share of each outcome in the training data, `None` if a manifest has none."""
    found = {o.label: metrics.get(_SHARE + o.label) for o in OUTCOMES}
    shares = {label: float(v) for label, v in found.items() if isinstance(v, int | float)}
    return shares if len(shares) == len(found) else None


def outcome_drift(shares: Mapping[str, float], training: Mapping[str, float]) -> dict[str, float]:
    """Return each outcome's share less that of the training data, and their `distance`.

    The distance is the total variation: half the sum of the absolute differences, from 0 (the
    same shares) to 1 (no outcome in common).
    """
    differences = {label: shares[label] - share for label, share in training.items()}
    return {**differences, "distance": sum(map(abs, differences.values())) / 2}
