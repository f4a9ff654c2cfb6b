"""Predictions as columns: the schema of parts and errors, and the way there and back.

Columns change only together with `SCHEMA_VERSION`, which is part of a job's identity.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from ombud.taxonomy import OUTCOMES

if TYPE_CHECKING:
    # It loads torch; a second run on one output is refused before that.
    from ombud.prediction import Prediction

__all__ = ["ERRORS", "PREDICTIONS", "SCHEMA_VERSION", "to_columns", "to_json", "writable"]

SCHEMA_VERSION: Final = 2

_PROBABILITY: Final = "probability_"


def _required(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, nullable=False)


def _list_of(kind: pa.DataType) -> pa.DataType:
    # "element" is the name that the Parquet format itself gives to what a list holds.
    return pa.list_(_required("element", kind))


def _struct(**kinds: pa.DataType) -> pa.DataType:
    return pa.struct([_required(name, kind) for name, kind in kinds.items()])


_SUPPORT: Final = _struct(label=pa.string(), contribution=pa.float64())
_PASSAGE: Final = _struct(
    start=pa.int64(),
    end=pa.int64(),
    text=pa.string(),
    section=pa.string(),
    supports=_list_of(_SUPPORT),
)
_REASON: Final = _struct(label=pa.string(), probability=pa.float64(), ground=pa.string())
_WARNING: Final = _struct(code=pa.string(), message=pa.string())
_METADATA: Final = {"ombud.schema": str(SCHEMA_VERSION)}

PREDICTIONS: Final[pa.Schema] = pa.schema(
    [
        _required("id", pa.string()),
        _required("file", pa.string()),
        _required("row", pa.int64()),
        _required("view", pa.string()),
        _required("model_name", pa.string()),
        _required("model_version", pa.string()),
        _required("model_sha256", pa.string()),
        _required("outcome", pa.string()),
        _required("probability", pa.float64()),
        *(_required(_PROBABILITY + outcome.label, pa.float64()) for outcome in OUTCOMES),
        _required("prediction_set", _list_of(pa.string())),
        _required("abstained", pa.bool_()),
        _required("reasons", _list_of(_REASON)),
        _required("rationale", _list_of(_PASSAGE)),
        _required("warnings", _list_of(_WARNING)),
    ],
    metadata=_METADATA,
)
"""Columns of a part; `row` is the row of the input's `file`, counted from 0."""

ERRORS: Final[pa.Schema] = pa.schema(
    [
        _required("file", pa.string()),
        pa.field("row", pa.int64()),
        pa.field("id", pa.string()),
        _required("reason", pa.string()),
    ],
    metadata=_METADATA,
)
"""Columns of the table of what was rejected; `id` is null where none could be read, `row` too
where a file could not be read any further."""


def to_columns(file: str, row: int, prediction: Prediction) -> dict[str, Any]:
    """Return the columns of one prediction of row number `row` of the input's `file`."""
    plain = prediction.to_json()
    model, outcome = plain["model"], plain["outcome"]
    return {
        "id": plain["id"],
        "file": file,
        "row": row,
        "view": plain["view"],
        "model_name": model["name"],
        "model_version": model["version"],
        "model_sha256": model["sha256"],
        "outcome": outcome["label"],
        "probability": outcome["probability"],
        **{_PROBABILITY + label: value for label, value in outcome["probabilities"].items()},
        "prediction_set": outcome["prediction_set"],
        "abstained": outcome["abstained"],
        "reasons": plain["reasons"],
        "rationale": plain["rationale"],
        "warnings": plain["warnings"],
    }


def to_json(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON object of the prediction that `columns`, a row of a part, hold."""
    return {
        "id": columns["id"],
        "view": columns["view"],
        "model": {
            "name": columns["model_name"],
            "version": columns["model_version"],
            "sha256": columns["model_sha256"],
        },
        "outcome": {
            "label": columns["outcome"],
            "probability": columns["probability"],
            "probabilities": {
                outcome.label: columns[_PROBABILITY + outcome.label] for outcome in OUTCOMES
            },
            "prediction_set": columns["prediction_set"],
            "abstained": columns["abstained"],
        },
        "reasons": columns["reasons"],
        "rationale": columns["rationale"],
        "warnings": columns["warnings"],
    }


def writable(words: str) -> str:
    """Return words that Parquet can hold: a lone surrogate becomes its escape."""
    return words.encode("utf-8", "backslashreplace").decode()
