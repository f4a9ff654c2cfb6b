"""Faithfulness of rationales (DeYoung et al. 2020, section 4.2).

What the prediction loses without the rationale (comprehensiveness, equation 1) and with nothing
else (sufficiency, equation 2), also averaged over shares of the tokens (AOPC, equation 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ombud.metrics.eraser.types import EraserPrediction, PartialScores

__all__ = ["Faithfulness", "faithfulness"]


@dataclass(frozen=True, slots=True)
class Faithfulness:
    """Comprehensiveness (higher is better) and sufficiency (lower is better).

    Attributes:
        comprehensiveness: Mean fall of the predicted class's probability without the rationale.
        sufficiency: Mean fall with nothing but the rationale.
        comprehensiveness_points: The former at each share of tokens.
        sufficiency_points: The latter at each share of tokens.
        entropies: Mean fall of the entropy (in nats) without the rationale and with it alone.
        divergences: Mean Kullback-Leibler divergence (in nats) of the probabilities without the
            rationale, and with it alone, from those of the whole document; infinite where the
            latter are 0.
    """

    comprehensiveness: float
    sufficiency: float
    comprehensiveness_points: tuple[float, ...]
    sufficiency_points: tuple[float, ...]
    entropies: tuple[float, float]
    divergences: tuple[float, float]

    @property
    def comprehensiveness_aopc(self) -> float:
        """Mean over the shares of tokens (equation 3)."""
        return float(np.mean(self.comprehensiveness_points))

    @property
    def sufficiency_aopc(self) -> float:
        """Mean over the shares of tokens (equation 3)."""
        return float(np.mean(self.sufficiency_points))


def faithfulness(predictions: Sequence[EraserPrediction]) -> Faithfulness:
    """Return comprehensiveness and sufficiency of the predicted class (section 4.2).

    Shares of tokens are those of the first prediction, smallest first.

    Raises:
        ValueError: If there is no prediction, or one lacks a share that another has.
    """
    if not predictions:
        message = "expected at least one prediction, found none"
        raise ValueError(message)
    shares = sorted(predictions[0].by_share)
    if any(sorted(one.by_share) != shares for one in predictions):
        message = f"expected the shares {shares} in every prediction, found others in one"
        raise ValueError(message)
    points = [
        np.mean([_falls(one, one.by_share[share]) for one in predictions], axis=0)
        for share in shares
    ]
    whole = np.mean([_falls(one, one.rationale) for one in predictions], axis=0)
    spread = np.mean([_spread(one) for one in predictions], axis=0)
    return Faithfulness(
        comprehensiveness=float(whole[0]),
        sufficiency=float(whole[1]),
        comprehensiveness_points=tuple(float(point[0]) for point in points),
        sufficiency_points=tuple(float(point[1]) for point in points),
        entropies=(float(spread[0]), float(spread[1])),
        divergences=(float(spread[2]), float(spread[3])),
    )


def _falls(prediction: EraserPrediction, left: PartialScores) -> tuple[float, float]:
    before = prediction.probabilities[prediction.label]
    return before - left.without[prediction.label], before - left.only[prediction.label]


def _spread(prediction: EraserPrediction) -> tuple[float, float, float, float]:
    from scipy.stats import entropy

    whole = list(prediction.probabilities.values())
    without, only = (
        [part[label] for label in prediction.probabilities]
        for part in (prediction.rationale.without, prediction.rationale.only)
    )
    before = entropy(whole)
    return (
        float(before - entropy(without)),
        float(before - entropy(only)),
        float(entropy(without, whole)),
        float(entropy(only, whole)),
    )
