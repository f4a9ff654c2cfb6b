"""Findings of the Housing Ombudsman: one row a complaint part, from SQLite, zipped or not.

The database is that of the public project guyclarkemarshall/HousingOmbudsmanData: a table
`complaint_findings` with the case, the landlord, the part in words, its finding and its date.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

from ombud.documents import Document, Facts, Section, checked_text
from ombud.errors import InputError, OutputError, first_line
from ombud.readers.text import iso_date
from ombud.schemes import map_outcome
from ombud.spans import Span

__all__ = ["DATABASE_ENDINGS", "from_finding", "read_findings"]

DATABASE_ENDINGS: Final = (".db", ".sqlite", ".sqlite3", ".zip")
"""Endings of the files that `read_findings` reads."""

_TABLE: Final = "complaint_findings"
_NEEDED: Final = ("case_id", "complaint", "finding")
_LARGEST: Final = 4 * 2**30
"""Largest database unpacked, in bytes; the published one has 15 million."""


def from_finding(record: Mapping[str, Any], name: str) -> Document:
    """Return one complaint part as a document: its words as one section, whatever they open with.

    Raises:
        InputError: If it has no text, or its finding is none of the scheme's.
    """
    words = record.get("complaint")
    if not isinstance(words, str):
        message = f"{name}: expected text in 'complaint', found a {type(words).__name__}"
        raise InputError(message)
    checked_text(words, name)
    finding = str(record.get("finding") or "")
    try:
        outcome = map_outcome("housing", finding) if finding else ""
    except InputError as error:
        message = f"{name}: {error}"
        raise InputError(message) from error
    date = record.get("decision_date_iso") or record.get("decision_date") or ""
    facts = Facts(
        reference=str(record.get("case_id") or ""),
        body=str(record.get("landlord") or ""),
        category="Housing",
        subcategory=str(record.get("category") or ""),
        decision_date=iso_date(str(date)),
        source="housing",
        outcome=outcome,
        scheme_outcome=finding,
    )
    return Document(name, words, (Section("body", Span(0, len(words))),), facts)


def read_findings(path: Path, workspace: Path | None = None) -> Iterator[dict[str, Any]]:
    """Yield the rows of the table in order of their number, one dictionary a row.

    Two keys are added: `part`, counted from 1 within the case, and `parts`, how many it has.
    Memory does not grow with the number of rows, but for one number a case.

    Args:
        path: The database, or a zip archive with one database in it.
        workspace: Folder to unpack into; the system's own for temporary files by default.

    Raises:
        InputError: If the archive or the database is damaged, or is another one.
        OutputError: If there is no room to unpack.
    """
    with contextlib.ExitStack() as stack:
        if path.suffix.lower() == ".zip":
            folder = stack.enter_context(tempfile.TemporaryDirectory(dir=workspace))
            database = Path(folder) / "findings.db"
            _unpack(path, database)
            # A copy of one's own: nobody else writes to it, and it may lack its journal.
            uri = f"{database.as_uri()}?mode=ro&immutable=1"
        else:
            _check_readable(path)
            uri = f"{path.resolve().as_uri()}?mode=ro"
        try:
            connection = sqlite3.connect(uri, uri=True)
            stack.callback(connection.close)
            # What is not UTF-8 is refused row by row, like in any other table.
            connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
            yield from _rows(connection, path)
        except sqlite3.Error as error:
            message = (
                f"{path}: expected a whole SQLite database, found: {first_line(error)}; "
                "fetch the file again"
            )
            raise InputError(message) from error


def _rows(connection: sqlite3.Connection, path: Path) -> Iterator[dict[str, Any]]:
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({_TABLE})")]
    missing = [name for name in _NEEDED if name not in columns]
    if missing:
        found = ", ".join(columns) or "no such table"
        message = (
            f"{path}: expected a table {_TABLE!r} with {', '.join(_NEEDED)}, found {found}; "
            "check that the file is the one"
        )
        raise InputError(message)
    (state,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if state != "ok":
        message = (
            f"{path}: expected a whole SQLite database, found: {first_line(ValueError(state))}; "
            "fetch the file again"
        )
        raise InputError(message)
    parts = dict(connection.execute(f"SELECT case_id, COUNT(*) FROM {_TABLE} GROUP BY case_id"))
    seen: dict[Any, int] = {}
    for values in connection.execute(f"SELECT * FROM {_TABLE} ORDER BY rowid"):
        row = dict(zip(columns, values, strict=True))
        case = row["case_id"]
        seen[case] = seen.get(case, 0) + 1
        yield {**row, "part": seen[case], "parts": parts[case]}


def _unpack(path: Path, database: Path) -> None:
    """Copy the one database of an archive, whose checksum is checked on the way."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [
                info
                for info in archive.infolist()
                if Path(info.filename).suffix.lower() in DATABASE_ENDINGS[:-1]
            ]
            if len(names) != 1:
                listed = ", ".join(info.filename for info in archive.infolist()[:5]) or "nothing"
                message = (
                    f"{path}: expected an archive with one database in it, found "
                    f"{len(names)} ({listed}); name the database itself"
                )
                raise InputError(message)
            if names[0].file_size > _LARGEST:
                message = (
                    f"{path}: expected a database of at most {_LARGEST:,} bytes, found "
                    f"{names[0].file_size:,}; unpack it and name the database itself"
                )
                raise InputError(message)
            with archive.open(names[0]) as packed:
                _copy(packed, database)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        message = f"{path}: expected a whole zip archive, found: {first_line(error)}; fetch the file again"
        raise InputError(message) from error
    except OSError as error:
        raise _unreadable(path, error) from error


def _copy(packed: IO[bytes], database: Path) -> None:
    try:
        with database.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked, 2**20)
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        message = (
            f"{database.parent}: expected room to unpack a database, found: {found}; make room"
        )
        raise OutputError(message) from error


def _check_readable(path: Path) -> None:
    try:
        with path.open("rb") as content:
            content.read(1)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> InputError:
    found = (error.strerror or str(error)).lower()
    return InputError(f"{path}: expected a readable file, found: {found}; check the path")
