"""What runs on Spark's executors: batches in, batches out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyarrow as pa

from ombud_serving.batch.partition import Work, engine_of, score_frames
from ombud_serving.batch.scorer import said_twice
from ombud_serving.batch.shipping import unpack
from ombud_serving.batch.spark import shipped

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["refused_twice", "score_rows", "unchanged"]


def score_rows(
    frames: Iterator[pd.DataFrame], *, work: Work, archive: str
) -> Iterator[pd.DataFrame]:
    """Score a partition where it is, with the bundle that was sent there."""
    engine = engine_of(unpack(shipped(archive)), work.sha256, work.error_rate)
    yield from score_frames(frames, work, engine)


def unchanged(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield the same rows: only the schema that Spark knows them by gets stricter."""
    return batches


def refused_twice(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield rows whose id is that of an earlier one, with that as their reason."""
    for batch in batches:
        rows = batch.select(["file", "row", "id"]).to_pylist()
        for row in rows:
            row["reason"] = said_twice(row["row"], row["id"])
        yield pa.RecordBatch.from_pylist(rows, schema=batch.schema)
