"""Metrics: of labels, of rationales, and how sure one may be of them."""

from ombud.metrics.bootstrap import Interval, bootstrap
from ombud.metrics.eraser import (
    AOPC_SHARES,
    EraserGold,
    EraserPrediction,
    Faithfulness,
    PartialScores,
    PrecisionRecallF1,
    SoftScores,
    eraser_report,
    exact_spans,
    faithfulness,
    iou_f1,
    prediction_to_json,
    read_eraser_gold,
    read_eraser_predictions,
    soft_scores,
    token_f1,
)
from ombud.metrics.labels import (
    OutcomeScores,
    ReasonScores,
    outcome_scores,
    reason_scores,
)
from ombud.metrics.rationales import precision_recall_f1, rationale_f1
from ombud.metrics.reliability import (
    CalibrationScores,
    ReliabilityBin,
    calibration_scores,
    reliability_bins,
)

__all__ = [
    "AOPC_SHARES",
    "CalibrationScores",
    "EraserGold",
    "EraserPrediction",
    "Faithfulness",
    "Interval",
    "OutcomeScores",
    "PartialScores",
    "PrecisionRecallF1",
    "ReasonScores",
    "ReliabilityBin",
    "SoftScores",
    "bootstrap",
    "calibration_scores",
    "eraser_report",
    "exact_spans",
    "faithfulness",
    "iou_f1",
    "outcome_scores",
    "precision_recall_f1",
    "prediction_to_json",
    "rationale_f1",
    "read_eraser_gold",
    "read_eraser_predictions",
    "reason_scores",
    "reliability_bins",
    "soft_scores",
    "token_f1",
]
