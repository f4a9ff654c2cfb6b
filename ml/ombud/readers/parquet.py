"""Parquet tables, read as a stream, and what is wrong with a damaged one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from ombud.errors import TableError
from ombud.readers.columns import Columns, require
from ombud.readers.opening import Meter

__all__ = ["parquet_file", "parquet_rows"]

_BATCH: Final = 32
"""Parquet rows decoded at once: few, because each may hold a long text."""
_BUFFER: Final = 1 << 20
"""Bytes of a Parquet column read at once: without it a whole row group would be."""


@contextlib.contextmanager
def parquet_file(path: Path) -> Iterator[pq.ParquetFile]:
    """Open a Parquet file; what Arrow says of damage, in or after opening, is one sentence.

    Raises:
        TableError: If it is damaged.
        OSError: If it cannot be read.
    """
    try:
        with pq.ParquetFile(path, page_checksum_verification=True, buffer_size=_BUFFER) as table:
            yield table
    except (pa.ArrowException, ValueError, OverflowError) as error:
        raise _damaged(path, str(error) or type(error).__name__) from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise _damaged(path, str(error)) from error


def parquet_rows(
    path: Path, columns: Columns, lenient: bool, meter: Meter, start: int
) -> Iterator[tuple[int, Mapping[str, Any], str]]:
    """Yield number, values and what is wrong of each row, groups before `start` passed over."""
    with parquet_file(path) as table:
        names = table.schema_arrow.names
        problem = require(columns, names, path, lenient)
        wanted = [name for name in columns.all if name in names]
        total = table.metadata.num_rows
        number = 0
        # One group at a time: damage in one does not reach the rows before it.
        for group in range(table.num_row_groups):
            end = number + table.metadata.row_group(group).num_rows
            if number < end <= start:
                number = end
                continue
            for row in _group_rows(table, group, wanted):
                meter.share = number / max(1, total)
                yield number, row, problem
                number += 1
            if number != end:
                raise _damaged(path, f"{number:,} rows where it says {end:,}")
        if number != total:
            raise _damaged(path, f"{number:,} rows where it says {total:,}")
        meter.share = 1.0


def _group_rows(
    table: pq.ParquetFile, group: int, wanted: Sequence[str]
) -> Iterator[Mapping[str, Any]]:
    # Without any column wanted the first one tells how many rows there really are.
    read = wanted or table.schema_arrow.names[:1]
    for batch in table.iter_batches(batch_size=_BATCH, row_groups=[group], columns=read):
        batch.validate()
        values = [_values(batch.column(name)) for name in read]
        for row in zip(*values, strict=True):
            yield dict(zip(wanted, row, strict=bool(wanted)))


def _damaged(path: Path, found: str) -> TableError:
    first = found.splitlines()[0].rstrip(".")
    return TableError(f"{path}: expected a whole Parquet file, found: {first}; make it again")


def _values(column: pa.Array) -> list[Any]:
    """Return the values of a column; bytes in a text that are not UTF-8 become surrogates."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    if any(kind(column.type) for kind in kinds):
        raw = column.cast(pa.large_binary()).to_pylist()
        return [None if v is None else v.decode("utf-8", "surrogateescape") for v in raw]
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        # A date that Python cannot hold is no reason to give up its row; it is shown as a number.
        return [_value(scalar) for scalar in column]


def _value(scalar: pa.Scalar) -> object:
    try:
        return scalar.as_py()
    except (ValueError, OverflowError):
        return f"{scalar.type} {scalar.value}"
