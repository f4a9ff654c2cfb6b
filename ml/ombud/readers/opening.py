"""Opening the files of tables, gzip too, and saying how much of one has been read."""

from __future__ import annotations

import contextlib
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Literal, cast

from ombud.errors import TableError

__all__ = ["TABLE_ENDINGS", "Meter", "TableForm", "opened", "table_form"]

TableForm = Literal["csv", "jsonl", "parquet"]

TABLE_ENDINGS: Final = (".csv", ".jsonl", ".ndjson", ".parquet")
"""Endings of the files that `read_rows` reads; those of text also with `.gz` behind."""

_FORMS: Final[dict[str, TableForm]] = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}


@dataclass(slots=True)
class Meter:
    """How much of a file has been read, from 0 to 1; a reader keeps it up to date."""

    share: float = 0.0


def table_form(path: Path) -> TableForm | None:
    """Return the form of a table by the ending of its file, `None` for any other file."""
    ending = path.suffix.lower()
    if ending != ".gz":
        return _FORMS.get(ending)
    form = _FORMS.get(Path(path.stem).suffix.lower())
    return None if form == "parquet" else form


@contextlib.contextmanager
def opened(path: Path, meter: Meter) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Open a file of text: its bytes, and the file itself, whose position tells the share read.

    Raises:
        TableError: From inside the block, if gzip finds the file damaged.
        OSError: If it cannot be read.
    """
    with path.open("rb") as raw:
        if path.suffix.lower() != ".gz":
            yield raw, raw
        else:
            try:
                with gzip.GzipFile(fileobj=raw) as content:
                    yield cast("IO[bytes]", content), raw
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                message = (
                    f"{path}: expected a whole gzip file, found: {str(error).rstrip('.')}; "
                    "make it again"
                )
                raise TableError(message) from error
        meter.share = 1.0
