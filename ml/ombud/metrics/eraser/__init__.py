"""The metrics of the ERASER benchmark (DeYoung et al. 2020) and its two file forms."""

from ombud.metrics.eraser.agreement import (
    PrecisionRecallF1,
    SoftScores,
    exact_spans,
    iou_f1,
    soft_scores,
    token_f1,
)
from ombud.metrics.eraser.faithfulness import Faithfulness, faithfulness
from ombud.metrics.eraser.files import (
    prediction_to_json,
    read_eraser_gold,
    read_eraser_predictions,
)
from ombud.metrics.eraser.report import eraser_report
from ombud.metrics.eraser.types import AOPC_SHARES, EraserGold, EraserPrediction, PartialScores

__all__ = [
    "AOPC_SHARES",
    "EraserGold",
    "EraserPrediction",
    "Faithfulness",
    "PartialScores",
    "PrecisionRecallF1",
    "SoftScores",
    "eraser_report",
    "exact_spans",
    "faithfulness",
    "iou_f1",
    "prediction_to_json",
    "read_eraser_gold",
    "read_eraser_predictions",
    "soft_scores",
    "token_f1",
]
