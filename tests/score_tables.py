"""Tables for the tests of batch scoring: written in every form, results read back."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ombud_serving.batch.watch import Progress, Watch


def write(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Write a table in the form that the ending of `path` names."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    elif path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(list(rows)), path)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def parts(out: Path) -> list[dict[str, Any]]:
    """Return the rows of all parts, in order."""
    files = sorted(out.glob("part-*.parquet"))
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def errors(out: Path) -> list[dict[str, Any]]:
    """Return the rejected rows."""
    return pq.read_table(out / "errors.parquet").to_pylist()


class Telling(Watch):
    """Tells a function how many rows are behind."""

    def __init__(self, told: Callable[[int], object]) -> None:
        self._told = told

    def progress(self, progress: Progress) -> None:
        self._told(progress.rows)
