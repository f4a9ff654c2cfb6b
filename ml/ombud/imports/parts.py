"""The Parquet files of an imported dataset, written as a stream."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any, Final, Self

import pyarrow as pa
import pyarrow.parquet as pq

from ombud.imports.schema import SCHEMA

__all__ = ["Parts"]

_ROWS_A_PART: Final = 50_000
_ROWS_A_WRITE: Final = 2_000
_CHARACTERS_A_WRITE: Final = 8_000_000


class Parts:
    """The Parquet files of a dataset: a few rows in memory at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._folder.mkdir()
        self._rows: list[dict[str, Any]] = []
        self._characters = 0
        self._writer: pq.ParquetWriter | None = None
        self._number = self._in_part = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._flush()
            self._close()
        elif self._writer is not None:
            # The part is thrown away; what closing it says is not the news.
            with contextlib.suppress(OSError, pa.ArrowException):
                self._writer.close()

    @property
    def count(self) -> int:
        """How many files were closed so far."""
        return self._number

    def add(self, row: dict[str, Any]) -> None:
        """Add a row."""
        self._rows.append(row)
        self._characters += len(row["text"])
        if len(self._rows) >= _ROWS_A_WRITE or self._characters >= _CHARACTERS_A_WRITE:
            self._flush()

    def _flush(self) -> None:
        if not self._rows:
            return
        if self._writer is None:
            path = self._folder / f"part-{self._number:05d}.parquet"
            self._writer = pq.ParquetWriter(
                path, SCHEMA, compression="zstd", write_page_checksum=True
            )
        self._writer.write_table(pa.Table.from_pylist(self._rows, schema=SCHEMA))
        self._in_part += len(self._rows)
        self._rows, self._characters = [], 0
        if self._in_part >= _ROWS_A_PART:
            self._close()

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
            self._number, self._in_part = self._number + 1, 0
