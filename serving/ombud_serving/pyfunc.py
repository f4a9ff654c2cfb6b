"""A bundle as a function of tables: what MLflow's pyfunc and Spark's `spark_udf` answer with.

The columns are those of a part without file and row, and `error`. Nothing in them is ever null:
a row that cannot be predicted has its reason in `error`, '' elsewhere, and empty lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from ombud.errors import OmbudError, UsageError
from ombud.readers.columns import Columns
from ombud.readers.tables import Row
from ombud_serving.batch.engine import Engine
from ombud_serving.batch.schema import PREDICTIONS, to_columns
from ombud_serving.batch.scorer import DOCUMENTS_AT_ONCE

if TYPE_CHECKING:
    import pandas as pd

    from ombud.documents import Document

__all__ = ["ANSWERS", "answer_frame"]

ANSWERS: Final[pa.Schema] = pa.schema(
    [
        *(field for field in PREDICTIONS if field.name not in ("file", "row")),
        pa.field("error", pa.string(), nullable=False),
    ]
)
"""Columns of an answer."""
_EMPTY: Final = {
    pa.string(): "",
    pa.float64(): float("nan"),
    # Nobody has answered it, so a person must.
    pa.bool_(): True,
}


def answer_frame(engine: Engine, frame: pd.DataFrame, view: str) -> pd.DataFrame:
    """Return one row of `ANSWERS` for each row of `frame`, in order.

    Args:
        engine: Predicts.
        frame: With a column `text`, and `id` if rows have one.
        view: What the model may read.

    Raises:
        UsageError: If there is no such view, or no column `text`.
    """
    import pandas as pd

    from ombud.views import VIEWS

    known = next((one for one in VIEWS if one == view), None)
    if known is None:
        message = f"expected a view out of {', '.join(VIEWS)}, found {view!r}; name one of these"
        raise UsageError(message)
    if "text" not in frame.columns:
        message = f"expected a column 'text', found {', '.join(map(repr, frame.columns))}; add it"
        raise UsageError(message)
    records = frame.to_dict("records")
    answers: list[dict[str, Any]] = []
    for start in range(0, len(records), DOCUMENTS_AT_ONCE):
        documents: list[Document | OmbudError] = []
        for number, record in enumerate(records[start : start + DOCUMENTS_AT_ONCE], start):
            documents.append(_document(number, record))
        good = [document for document in documents if not isinstance(document, OmbudError)]
        results = iter(engine.predict_each(good, known))
        for document in documents:
            result = document if isinstance(document, OmbudError) else next(results)
            if isinstance(result, OmbudError):
                name = "" if isinstance(document, OmbudError) else document.id
                answers.append(_unanswered(engine, name, known, result))
            else:
                answers.append({**to_columns("", 0, result), "error": ""})
    columns = {
        field.name: pd.Series(
            [answer[field.name] for answer in answers], dtype=_dtype(field.type), index=frame.index
        )
        for field in ANSWERS
    }
    return pd.DataFrame(columns)


def _document(number: int, record: Mapping[Any, Any]) -> Document | OmbudError:
    # A missing id is NaN, None or '', as whoever made the frame had it.
    values = {name: value for name, value in record.items() if isinstance(value, str | bytes | int)}
    try:
        return Row(number, values).document(Columns())
    except OmbudError as error:
        return error


def _dtype(kind: pa.DataType) -> str:
    if pa.types.is_floating(kind):
        return "float64"
    return "bool" if pa.types.is_boolean(kind) else "object"


def _unanswered(engine: Engine, name: str, view: str, error: OmbudError) -> dict[str, Any]:
    known = {
        "id": name,
        "view": view,
        "model_name": engine.info.name,
        "model_version": engine.info.version,
        "model_sha256": engine.info.sha256,
        "error": str(error),
    }
    return {field.name: known.get(field.name, _empty(field.type)) for field in ANSWERS}


def _empty(kind: pa.DataType) -> Any:
    return [] if pa.types.is_list(kind) else _EMPTY[kind]
