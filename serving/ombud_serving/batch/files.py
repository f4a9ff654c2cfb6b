"""Parquet files of results, checked before anybody can see them."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ombud.atomic import replacing

__all__ = ["sha256_of", "write_table"]


def write_table(
    path: Path, schema: pa.Schema, batches: Iterable[Sequence[Mapping[str, Any]]]
) -> str:
    """Write a table whole or not at all, read back before it takes its name.

    Args:
        path: The file to write.
        schema: Its columns.
        batches: Its rows, as many at once as memory should hold.

    Returns:
        The SHA-256 of the file.

    Raises:
        OSError: If it cannot be written, or is not on disk what was written.
    """
    with replacing(path) as temporary:
        rows = 0
        with pq.ParquetWriter(
            temporary, schema, compression="zstd", write_page_checksum=True
        ) as writer:
            for batch in batches:
                writer.write_table(pa.Table.from_pylist(list(batch), schema=schema))
                rows += len(batch)
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        try:
            _read_back(temporary, schema, rows)
        except pa.ArrowException as error:
            raise OSError(errno.EIO, os.strerror(errno.EIO)) from error
        return sha256_of(temporary)


def _read_back(path: Path, schema: pa.Schema, rows: int) -> None:
    found = 0
    with pq.ParquetFile(path, page_checksum_verification=True) as table:
        if not table.schema_arrow.equals(schema, check_metadata=True):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        for batch in table.iter_batches():
            batch.validate(full=True)
            found += batch.num_rows
    if found != rows:
        raise OSError(errno.EIO, os.strerror(errno.EIO))


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
