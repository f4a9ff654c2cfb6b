"""Scoring a partition of rows wherever it is: frames in, frames out, nothing else touched.

This is what runs on Spark's executors. It knows nothing of Spark: rows come with the name of
their file and their number in it, and each goes out with its prediction or with its reason for
having none. The prediction is made by the same function as everywhere else.
"""

from __future__ import annotations

import gc
import os
import pickle
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from ombud.errors import OmbudError
from ombud.readers.tables import Row, json_row
from ombud_serving.batch.engine import Engine, loaded
from ombud_serving.batch.inputs import InputFile
from ombud_serving.batch.schema import to_columns, writable
from ombud_serving.batch.scorer import DOCUMENTS_AT_ONCE, Reading, read_document
from ombud_serving.batch.stream import Item, Place

if TYPE_CHECKING:
    import pandas as pd

    from ombud.documents import Document

__all__ = ["REASON", "Work", "engine_of", "pack_row", "score_frames", "staged_schema"]

REASON: Final = "_reason"
"""Column with the reason of a row that has no prediction, null for the others."""
_COUNTED: Final = (("_sentences", pa.int64()), ("_encoded", pa.int64()), ("_seconds", pa.float64()))
"""What rows cost together, in the first one's row: a task that ran twice counts once."""
_BYTE_ORDER_MARK: Final = "\ufeff".encode()
_ENGINES: Final[dict[tuple[str, float | None], Engine]] = {}
"""Engines of this process: Spark keeps its workers for many partitions."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is done with rows, small enough to be sent with every task.

    Attributes:
        reading: How rows are read.
        sha256: Of the bundle.
        error_rate: Share of wrong outcomes to abstain for, `None` as it was calibrated.
        names: What files are called in the results; those not in it by their own name.
        empty: What a missing value of a row means: '' in CSV, which knows no other.
    """

    reading: Reading
    sha256: str
    error_rate: float | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    empty: str | None = None


def staged_schema(columns: pa.Schema) -> pa.Schema:
    """Return the columns of what comes out: those of the results or a reason, and what it cost."""
    fields = [pa.field(one.name, one.type) for one in columns]
    own = [pa.field(REASON, pa.string()), *(pa.field(n, kind) for n, kind in _COUNTED)]
    return pa.schema([*fields, *own])


def engine_of(bundle: Path, sha256: str, error_rate: float | None) -> Engine:
    """Load a bundle once in this process, on as many threads as Spark gives a task.

    Raises:
        BundleError: If it is not the bundle with that digest, or is damaged.
    """
    key = (sha256, error_rate)
    if key not in _ENGINES:
        import torch

        torch.set_num_threads(max(1, int(os.environ.get("OMP_NUM_THREADS") or 1)))
        _ENGINES.clear()
        _ENGINES[key] = loaded(bundle, error_rate, sha256)
        # Spark's workers collect garbage after every partition: seconds, if they look at all that
        # was loaded for good.
        gc.collect()
        gc.freeze()
    return _ENGINES[key]


def score_frames(
    frames: Iterator[pd.DataFrame], work: Work, engine: Engine
) -> Iterator[pd.DataFrame]:
    """Yield a frame of `staged_schema` for some rows at a time.

    Args:
        frames: With the columns `file` and `packed` (a row of our own reader), or `file`, `row`,
            `problem`, and either `line` (bytes of JSONL) or `values` (a mapping of what is read
            of the row).
        work: What is done with them.
        engine: Predicts.
    """
    schema = staged_schema(work.reading.kept.schema)
    for frame in frames:
        records = frame.to_dict("records")
        for start in range(0, len(records), DOCUMENTS_AT_ONCE):
            scored = _score(records[start : start + DOCUMENTS_AT_ONCE], work, engine)
            yield _frame(scored, schema)


def _score(
    records: Sequence[Mapping[Any, Any]], work: Work, engine: Engine
) -> list[dict[str, Any]]:
    started, before = time.monotonic(), engine.counts
    rows: list[dict[str, Any]] = []
    waiting: list[tuple[int, Document, dict[str, Any]]] = []
    for record in records:
        path = str(record["file"])
        name = work.names.get(path, path)
        row = _row(record, work)
        item = Item(InputFile(Path(path), name, "", 0, (0, 0, 0)), row, "", Place())
        try:
            document, kept = read_document(work.reading, item, row)
        except OmbudError as error:
            rows.append(_rejected(item, row, work.reading, error))
        else:
            waiting.append((len(rows), document, kept))
            rows.append({"file": name, "row": row.number})
    documents = [document for _, document, _ in waiting]
    results = engine.predict_each(documents, work.reading.view)
    for (place, document, kept), result in zip(waiting, results, strict=True):
        name, number = rows[place]["file"], rows[place]["row"]
        if isinstance(result, OmbudError):
            rows[place] |= {"id": writable(document.id), REASON: writable(str(result))}
        else:
            rows[place] = {**to_columns(name, number, result), **kept}
    after = engine.counts
    rows[0] |= {
        "_sentences": after.read - before.read,
        "_encoded": after.encoded - before.encoded,
        "_seconds": time.monotonic() - started,
    }
    return rows


def pack_row(row: Row) -> bytes:
    """Return a row as it goes from one task to another, whatever its values are."""
    return pickle.dumps((row.number, dict(row.values), row.problem))


def _row(record: Mapping[Any, Any], work: Work) -> Row:
    if "packed" in record:
        # Written by a task of the same job; Spark itself sends its tasks in no other way.
        return Row(*pickle.loads(record["packed"]))
    number = int(record["row"])
    if "line" in record:
        line = bytes(record["line"])
        return json_row(number, line if number else line.removeprefix(_BYTE_ORDER_MARK))
    values = record["values"]
    pairs = values if isinstance(values, Mapping) else values.asDict(recursive=True)
    plain = {name: _plain(value, work.empty) for name, value in pairs.items()}
    return Row(number, plain, record["problem"] or "")


def _plain(value: object, empty: str | None) -> object:
    """Return a value as the table readers would give it."""
    if value is None:
        return empty
    if isinstance(value, bytearray):
        return bytes(value)
    return value.tolist() if hasattr(value, "tolist") else value


def _rejected(item: Item, row: Row, reading: Reading, error: OmbudError) -> dict[str, Any]:
    name = reading.identifier(item.file, row)
    return {
        "file": item.file.name,
        "row": row.number,
        "id": None if name is None else writable(name),
        REASON: writable(str(error)),
    }


def _frame(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pd.DataFrame:
    import pandas as pd

    # As objects: pandas would make fractions of whole numbers as soon as one is missing.
    columns = {
        name: pd.Series([row.get(name) for row in rows], dtype="object") for name in schema.names
    }
    return pd.DataFrame(columns)
