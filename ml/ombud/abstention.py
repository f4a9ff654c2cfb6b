"""When a person should decide: answering so that few of the answers given are wrong.

Selective classification with a bound on the error of what is answered: Geifman and El-Yaniv
2017, section 3. The bound is Clopper and Pearson's (1934).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

__all__ = ["NEVER", "SURE", "RiskPoint", "abstain_below", "risk_curve", "upper_bound"]

SURE: Final = 0.9
"""How sure a bound on an error rate is: it holds for nine calibrations in ten."""
NEVER: Final = 1.0
"""Confidence below which to abstain where hardly anything may be answered."""


class RiskPoint(NamedTuple):
    """What answering from a confidence up came to on the documents of a calibration.

    Attributes:
        confidence: Probability of the most probable outcome.
        answered: Documents with at least that confidence.
        wrong: How many of these were answered wrongly.
    """

    confidence: float
    answered: int
    wrong: int


def risk_curve(confidence: Sequence[float], correct: Sequence[bool]) -> tuple[RiskPoint, ...]:
    """Return one point a distinct confidence, the highest first.

    Args:
        confidence: Of the most probable outcome. Shape: (documents,)
        correct: Whether it was the true one. Shape: (documents,)
    """
    points: list[RiskPoint] = []
    ranked = sorted(zip(confidence, correct, strict=True), key=lambda pair: -pair[0])
    wrong = 0
    for answered, (at, right) in enumerate(ranked, start=1):
        wrong += not right
        if points and points[-1].confidence == at:
            points.pop()
        points.append(RiskPoint(float(at), answered, wrong))
    return tuple(points)


def upper_bound(wrong: int, answered: int, sure: float = SURE) -> float:
    """Return the error rate that `wrong` of `answered` stays under with probability `sure`."""
    if wrong >= answered:
        return 1.0
    # Imported here: one prediction by command line would wait for it and not need it.
    from scipy.special import betaincinv

    return float(betaincinv(wrong + 1, answered - wrong, sure))


def abstain_below(curve: Sequence[RiskPoint], error_rate: float, sure: float = SURE) -> float:
    """Return the lowest confidence from which answers keep their error under `error_rate`.

    It is the one that answers most of those whose bound is at most the rate; 0 where everything
    may be answered, `NEVER` where nothing may. The bound holds for each confidence by itself;
    that the best of them is taken costs little (a test measures it by simulation).

    Args:
        curve: Of the documents of a calibration, one of each group.
        error_rate: Share of wrong answers among those given, between 0 and 1.
        sure: Probability, over calibrations, that the rate is kept.
    """
    allowed = [p for p in curve if upper_bound(p.wrong, p.answered, sure) <= error_rate]
    if not allowed:
        return NEVER
    last = max(allowed, key=lambda point: point.answered)
    return 0.0 if last.answered == curve[-1].answered else last.confidence
