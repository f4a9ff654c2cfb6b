"""ERASER's two file forms: what people marked, and what a model predicted.

One JSON object a line (DeYoung et al. 2020, section 3, and the benchmark's own result format);
places are tokens, ends exclusive.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from ombud.errors import InputError
from ombud.metrics.eraser.types import EraserGold, EraserPrediction, PartialScores
from ombud.spans import Span

__all__ = ["prediction_to_json", "read_eraser_gold", "read_eraser_predictions"]

_Row = TypeVar("_Row")


def read_eraser_gold(path: Path) -> list[EraserGold]:
    """Read what people marked; every document is its own evidence.

    Raises:
        InputError: If the file cannot be read, or a line is not of the form.
    """
    return _read(path, _gold)


def read_eraser_predictions(path: Path) -> list[EraserPrediction]:
    """Read predictions, from a file that may be compressed (`.gz`).

    Raises:
        InputError: If the file cannot be read, or a line is not of the form.
    """
    return _read(path, _prediction)


def prediction_to_json(prediction: EraserPrediction) -> dict[str, Any]:
    """Return a prediction in the benchmark's form."""
    return {
        "annotation_id": prediction.id,
        "rationales": [
            {
                "docid": prediction.id,
                "hard_rationale_predictions": [
                    {"start_token": span.start, "end_token": span.end}
                    for span in sorted(prediction.spans)
                ],
                "soft_rationale_predictions": list(prediction.token_scores),
            }
        ],
        "classification": prediction.label,
        "classification_scores": dict(prediction.probabilities),
        **_partial_to_json(prediction.rationale),
        "thresholded_scores": [
            {"threshold": share, **_partial_to_json(scores)}
            for share, scores in prediction.by_share.items()
        ],
    }


def _partial_to_json(scores: PartialScores) -> dict[str, Any]:
    return {
        "comprehensiveness_classification_scores": dict(scores.without),
        "sufficiency_classification_scores": dict(scores.only),
    }


def _gold(row: dict[str, Any]) -> EraserGold:
    spans = frozenset(_span(one) for group in row["evidences"] for one in group)
    return EraserGold(str(row["annotation_id"]), str(row["classification"]), spans)


def _prediction(row: dict[str, Any]) -> EraserPrediction:
    (rationale,) = row["rationales"]
    return EraserPrediction(
        id=str(row["annotation_id"]),
        label=str(row["classification"]),
        probabilities=_probabilities(row["classification_scores"]),
        spans=frozenset(_span(one) for one in rationale["hard_rationale_predictions"]),
        token_scores=[float(score) for score in rationale["soft_rationale_predictions"]],
        rationale=_partial(row),
        by_share={float(one["threshold"]): _partial(one) for one in row["thresholded_scores"]},
    )


def _partial(row: dict[str, Any]) -> PartialScores:
    return PartialScores(
        _probabilities(row["comprehensiveness_classification_scores"]),
        _probabilities(row["sufficiency_classification_scores"]),
    )


def _probabilities(row: dict[str, Any]) -> dict[str, float]:
    return {str(label): float(value) for label, value in row.items()}


def _span(row: dict[str, Any]) -> Span:
    return Span(int(row["start_token"]), int(row["end_token"]))


def _read(path: Path, of: Callable[[dict[str, Any]], _Row]) -> list[_Row]:
    rows = []
    for number, line in _lines(path):
        try:
            rows.append(of(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            found = f"no {error}" if isinstance(error, KeyError) else str(error)
            message = (
                f"{path}, line {number}: expected one object of ERASER's form, "
                f"found {found}; correct that line"
            )
            raise InputError(message) from error
    if not rows:
        message = f"{path}: expected one JSON object a line, found none; name another file"
        raise InputError(message)
    return rows


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, line.rstrip()
    except (OSError, EOFError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"{path}: expected a readable file of JSON lines, found: {reason.lower()}"
        raise InputError(message + "; check the path") from error
