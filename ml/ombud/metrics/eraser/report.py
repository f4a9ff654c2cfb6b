"""All figures of the ERASER benchmark (DeYoung et al. 2020, section 4), as its scorer names them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ombud.metrics.eraser.agreement import (
    PrecisionRecallF1,
    exact_spans,
    iou_f1,
    soft_scores,
    token_f1,
)
from ombud.metrics.eraser.faithfulness import faithfulness
from ombud.metrics.eraser.types import EraserGold, EraserPrediction

__all__ = ["eraser_report"]

_IOU_THRESHOLDS: Final = (0.1, 0.5)


def _classification_report(gold: Sequence[str], predicted: Sequence[str]) -> dict[str, Any]:
    """Return accuracy and, for each class and on average, precision, recall and F1."""
    from sklearn.metrics import accuracy_score, classification_report

    figures: dict[str, Any] = classification_report(
        gold, predicted, output_dict=True, zero_division=0
    )
    # Left out where only one class occurs.
    figures["accuracy"] = float(accuracy_score(gold, predicted))
    return figures


def eraser_report(
    gold: Sequence[EraserGold], predictions: Sequence[EraserPrediction]
) -> dict[str, Any]:
    """Return every figure, named and nested as the benchmark's own scorer prints them.

    Raises:
        ValueError: If documents and predictions are not of the same ids.
    """
    by_id = {one.id: one for one in predictions}
    if len(by_id) != len(predictions) or set(by_id) != {one.id for one in gold}:
        message = "expected one prediction for each document, found other ids"
        raise ValueError(message)
    ordered = [by_id[one.id] for one in gold]
    wanted, chosen = [one.spans for one in gold], [one.spans for one in ordered]
    soft = soft_scores(wanted, [one.token_scores for one in ordered])
    return {
        "iou_scores": [
            {"threshold": threshold, **_micro_macro(iou_f1(wanted, chosen, threshold), "")}
            for threshold in _IOU_THRESHOLDS
        ],
        "rationale_prf": _micro_macro(exact_spans(wanted, chosen), "instance_"),
        "token_prf": _micro_macro(token_f1(wanted, chosen), "instance_"),
        "token_soft_metrics": {
            "auprc": soft.auprc,
            "average_precision": soft.average_precision,
            "roc_auc_score": soft.roc_auc,
        },
        "classification_scores": _classification_scores(gold, ordered),
    }


def _classification_scores(
    gold: Sequence[EraserGold], ordered: Sequence[EraserPrediction]
) -> dict[str, Any]:
    prf = _classification_report([one.label for one in gold], [one.label for one in ordered])
    faithful = faithfulness(ordered)
    return {
        "accuracy": prf["accuracy"],
        "prf": prf,
        "aopc_thresholds": sorted(ordered[0].by_share),
        "comprehensiveness": faithful.comprehensiveness,
        "comprehensiveness_aopc": faithful.comprehensiveness_aopc,
        "comprehensiveness_aopc_points": list(faithful.comprehensiveness_points),
        "comprehensiveness_entropy": faithful.entropies[0],
        "comprehensiveness_kl": faithful.divergences[0],
        "sufficiency": faithful.sufficiency,
        "sufficiency_aopc": faithful.sufficiency_aopc,
        "sufficiency_aopc_points": list(faithful.sufficiency_points),
        "sufficiency_entropy": faithful.entropies[1],
        "sufficiency_kl": faithful.divergences[1],
    }


def _micro_macro(
    scores: tuple[PrecisionRecallF1, PrecisionRecallF1], prefix: str
) -> dict[str, dict[str, float]]:
    micro, macro = scores
    return {f"{prefix}micro": micro.to_json(), f"{prefix}macro": macro.to_json()}
