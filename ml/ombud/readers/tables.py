"""Tables of documents: CSV, JSONL or Parquet with named columns, read as a stream.

What is wrong with one row is said of that row and stops nothing; what is wrong with the file
is an error. Memory does not grow with the number of rows.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from ombud.documents import Document, Facts
from ombud.errors import InputError, TableError
from ombud.readers.columns import FACT_COLUMNS, Columns, lacking, require
from ombud.readers.lines import MAX_ROW, CsvLines, byte_lines
from ombud.readers.opening import TABLE_ENDINGS, Meter, opened, table_form
from ombud.readers.parquet import parquet_file, parquet_rows
from ombud.readers.text import from_text, iso_date

__all__ = [
    "TABLE_ENDINGS",
    "Columns",
    "Row",
    "column_names",
    "json_row",
    "lacking",
    "read_rows",
]

_LOOKED_AT: Final = 100
"""JSONL objects looked at for a column before it is called unknown."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its number from 0, its values, or what is wrong with it."""

    number: int
    values: Mapping[str, Any]
    problem: str = ""

    def is_named(self, columns: Columns) -> bool:
        """Whether the row has an id of its own."""
        return bool(_words(self.values.get(columns.id)))

    def identifier(self, columns: Columns) -> str | None:
        """Return the row's id, its number where it has none, `None` where it is unreadable."""
        value = self.values.get(columns.id)
        if (self.problem and not value) or isinstance(value, bytes | list | dict):
            return None
        return _words(value) or str(self.number)

    def document(self, columns: Columns) -> Document:
        """Return the row's document.

        Raises:
            InputError: Saying why no document can be made of it.
        """
        name = f"row {self.number}"
        if self.problem:
            message = f"{name}: {self.problem}"
            raise InputError(message)
        text = self.values.get(columns.text)
        if isinstance(text, bytes):
            message = f"{name}: expected text in {columns.text!r}, found bytes; decode the column"
            raise InputError(message)
        if not isinstance(text, str):
            found = "nothing" if text is None else f"a {type(text).__name__}"
            message = f"{name}: expected text in {columns.text!r}, found {found}"
            raise InputError(message)
        identifier = self.identifier(columns)
        if identifier is None or not _is_unicode(identifier):
            found = "a lone surrogate" if identifier else _kind(self.values.get(columns.id))
            message = f"{name}: expected a Unicode id in {columns.id!r}, found {found}"
            raise InputError(message)
        facts = {key: _words(self.values.get(key)) for key in FACT_COLUMNS}
        facts["decision_date"] = iso_date(facts["decision_date"])
        return from_text(text, identifier, Facts(**facts))


def read_rows(
    path: Path,
    columns: Columns,
    *,
    start: int = 0,
    lenient: bool = False,
    meter: Meter | None = None,
) -> Iterator[Row]:
    """Yield the rows of a `.csv`, `.jsonl`/`.ndjson` or `.parquet` file, in order.

    A row that cannot be parsed is yielded with its `problem`; nothing is dropped, but blank
    lines are no rows. CSV and JSONL may be compressed with gzip (`.csv.gz`).

    Args:
        path: The file.
        columns: The columns to read.
        start: Number of the first row to yield; those before are passed over.
        lenient: A table without the text or id column yields its rows, each with that as its
            problem, and one without another required column yields rows without it.
        meter: Told how much of the file has been read.

    Raises:
        InputError: If the file cannot be read, or its ending is none of these.
        TableError: If the table is damaged.
        UnknownColumnError: If a required column is not in the table.
    """
    meter = meter or Meter()
    try:
        rows: Iterator[Row]
        match table_form(path):
            case "csv":
                rows = _csv(path, columns, lenient, meter)
            case "jsonl":
                rows = _jsonl(path, columns, lenient, meter)
            case "parquet":
                found = parquet_rows(path, columns, lenient, meter, start)
                rows = itertools.starmap(Row, found)
            case _:
                raise _unknown_ending(path)
        yield from (row for row in rows if row.number >= start)
    except OSError as error:
        raise _unreadable(path, error) from error


def column_names(path: Path, wanted: Iterable[str] = ()) -> list[str]:
    """Return the names of a table's columns, those of JSONL as its first objects have them.

    Args:
        path: The file.
        wanted: Of JSONL no more is looked at when all these were found.

    Raises:
        InputError: If the file cannot be read, or its ending is unknown.
        TableError: If the table is damaged.
    """
    try:
        match table_form(path):
            case "csv":
                with opened(path, Meter()) as (file, _), _text(file) as words:
                    return _csv_header(csv.reader(CsvLines(words), strict=True), path)
            case "jsonl":
                with opened(path, Meter()) as (file, _):
                    return _json_names(file, wanted)
            case "parquet":
                with parquet_file(path) as table:
                    return list(table.schema_arrow.names)
            case _:
                raise _unknown_ending(path)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unknown_ending(path: Path) -> InputError:
    endings = ", ".join(TABLE_ENDINGS)
    return InputError(
        f"{path}: expected a file ending in {endings} (.gz behind those of text), "
        f"found {path.name!r}"
    )


def _unreadable(path: Path, error: OSError) -> InputError:
    found = (error.strerror or str(error)).lower()
    return InputError(f"{path}: expected a readable file, found: {found}; check the path")


def _text(file: IO[bytes]) -> io.TextIOWrapper:
    # A field may hold a whole document; bytes that are not UTF-8 become lone surrogates,
    # which `Row.document` refuses for that row alone.
    csv.field_size_limit(2 * MAX_ROW)
    return io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _csv(path: Path, columns: Columns, lenient: bool, meter: Meter) -> Iterator[Row]:
    # Strict: a stray quote is reported and the next line starts afresh; otherwise it would
    # silently swallow the rows that follow.
    with opened(path, meter) as (file, raw), _text(file) as words:
        size = max(1, path.stat().st_size)
        lines = CsvLines(words)
        reader = csv.reader(lines, strict=True)
        header = _csv_header(reader, path)
        absent = require(columns, header, path, lenient)
        number = 0
        while True:
            lines.start_row()
            try:
                fields = next(reader, None)
            except csv.Error as error:
                yield Row(number, {}, f"expected a CSV row, found: {error} ({lines.where})")
                number += 1
                continue
            if fields is None:
                return
            if not fields:
                continue
            problem = absent
            if len(fields) != len(header):
                problem = f"expected {len(header)} fields, found {len(fields)} ({lines.where})"
            meter.share = raw.tell() / size
            yield Row(number, dict(zip(header, fields, strict=False)), problem)
            number += 1


def _csv_header(reader: Iterator[list[str]], path: Path) -> list[str]:
    try:
        header = next((fields for fields in reader if fields), None)
    except csv.Error as error:
        message = f"{path}: expected a line with the names of the columns, found: {error}"
        raise TableError(message) from error
    if header is None:
        message = f"{path}: expected a line with the names of the columns, found an empty file"
        raise TableError(message)
    if any("\x00" in name or not _is_unicode(name) for name in header):
        message = f"{path}: expected UTF-8 text, found something else; convert the file to UTF-8"
        raise TableError(message)
    return header


def _jsonl(path: Path, columns: Columns, lenient: bool, meter: Meter) -> Iterator[Row]:
    with opened(path, meter) as (file, raw):
        if not lenient and (names := _json_names(file, columns.required)):
            require(columns, names, path, lenient)
        file.seek(0)
        size = max(1, path.stat().st_size)
        for row in _json_rows(file):
            meter.share = raw.tell() / size
            yield row


def _json_names(file: IO[bytes], wanted: Iterable[str]) -> list[str]:
    names: dict[str, None] = {}
    looked_for = set(wanted)
    for row in itertools.islice(_json_rows(file), _LOOKED_AT):
        names.update(dict.fromkeys(row.values))
        if looked_for and names.keys() >= looked_for:
            break
    return list(names)


def _json_rows(file: IO[bytes]) -> Iterator[Row]:
    number = 0
    for line in byte_lines(file):
        if line is None or line.strip():
            yield json_row(number, line)
            number += 1


def json_row(number: int, line: bytes | None) -> Row:
    """Return the row that a line of JSONL holds, or what is wrong with it.

    Args:
        number: Of the row, from 0.
        line: The line, `None` for one that is too long to be read.
    """
    if line is None or len(line) > MAX_ROW:
        values: object = None
        problem = f"a line longer than {MAX_ROW:,} bytes"
    else:
        try:
            values = json.loads(line.strip().decode("utf-8"))
            problem = f"a {type(values).__name__}"
        except (ValueError, RecursionError) as error:
            values, problem = None, str(error)
    if isinstance(values, dict):
        return Row(number, values)
    return Row(number, {}, f"expected a JSON object on the line, found: {problem}")


def _is_unicode(words: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in words)


def _kind(value: object) -> str:
    return "bytes" if isinstance(value, bytes) else f"a {type(value).__name__}"


def _words(value: object) -> str:
    if isinstance(value, datetime):
        value = value.date()
    return "" if value is None else str(value).strip()
