"""Metrics: of labels, of rationales, and how sure one may be of them."""

from ombud.metrics.bootstrap import Interval, bootstrap
from ombud.metrics.labels import (
    OutcomeScores,
    ReasonScores,
    outcome_scores,
    reason_scores,
)
from ombud.metrics.rationales import precision_recall_f1, rationale_f1

__all__ = [
    "Interval",
    "OutcomeScores",
    "ReasonScores",
    "bootstrap",
    "outcome_scores",
    "precision_recall_f1",
    "rationale_f1",
    "reason_scores",
]
