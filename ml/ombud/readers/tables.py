"""Tables of documents: CSV, JSONL or Parquet with named columns, read as a stream.

What is wrong with one row is said of that row and stops nothing; what is wrong with the file
is an error. Memory does not grow with the number of rows.
"""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from ombud.documents import Document, Facts
from ombud.errors import InputError, UnknownColumnError
from ombud.readers.lines import MAX_ROW, CsvLines, byte_lines
from ombud.readers.text import from_text, iso_date

__all__ = ["TABLE_ENDINGS", "Columns", "Row", "read_rows"]

TABLE_ENDINGS: Final = (".csv", ".jsonl", ".ndjson", ".parquet")
"""Endings of the files that `read_rows` reads."""

_OPTIONAL: Final = ("body", "category", "subcategory", "decision_date")
_BATCH: Final = 32
"""Parquet rows decoded at once: few, because each may hold a long text."""
_LOOKED_AT: Final = 100
"""JSONL objects looked at for a column before it is called unknown."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns to read; a row without an id is called by its number.

    The table must have the text column, and the id column if it is not the default one. `others`
    are read too where the table has them; `named` are those it must have, each with the option
    that named it.
    """

    text: str = "text"
    id: str = "id"
    others: tuple[str, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that a table must have."""
        own = (self.text,) if self.id == "id" else (self.text, self.id)
        return tuple(dict.fromkeys((*own, *self.named)))

    @property
    def all(self) -> tuple[str, ...]:
        """Every column to read where the table has it."""
        read = (self.id, self.text, *_OPTIONAL, *self.others, *self.named)
        return tuple(dict.fromkeys(read))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its number from 0, its values, or what is wrong with it."""

    number: int
    values: Mapping[str, Any]
    problem: str = ""

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
        facts = {key: _words(self.values.get(key)) for key in _OPTIONAL}
        facts["decision_date"] = iso_date(facts["decision_date"])
        return from_text(text, identifier, Facts(**facts))


def read_rows(path: Path, columns: Columns) -> Iterator[Row]:
    """Yield the rows of a `.csv`, `.jsonl`/`.ndjson` or `.parquet` file, in order.

    A row that cannot be parsed is yielded with its `problem`; nothing is dropped, but blank
    lines are no rows.

    Raises:
        InputError: If the file cannot be read, or its ending is none of these.
        UnknownColumnError: If a required column is not in the table.
    """
    try:
        match path.suffix.lower():
            case ".csv":
                yield from _csv(path, columns)
            case ".jsonl" | ".ndjson":
                yield from _jsonl(path, columns)
            case ".parquet":
                yield from _parquet(path, columns)
            case _:
                endings = ", ".join(TABLE_ENDINGS)
                message = f"{path}: expected a file ending in {endings}, found {path.name!r}"
                raise InputError(message)
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        message = f"{path}: expected a readable file, found: {found}; check the path"
        raise InputError(message) from error


def _csv(path: Path, columns: Columns) -> Iterator[Row]:
    # A field may hold a whole document; bytes that are not UTF-8 become lone surrogates,
    # which `Row.document` refuses for that row alone. Strict: a stray quote is reported and
    # the next line starts afresh; otherwise it would silently swallow the rows that follow.
    csv.field_size_limit(2 * MAX_ROW)
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        lines = CsvLines(file)
        reader = csv.reader(lines, strict=True)
        header = _csv_header(reader, path)
        _require(columns, header, path)
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
            problem = ""
            if len(fields) != len(header):
                problem = f"expected {len(header)} fields, found {len(fields)} ({lines.where})"
            yield Row(number, dict(zip(header, fields, strict=False)), problem)
            number += 1


def _csv_header(reader: Iterator[list[str]], path: Path) -> list[str]:
    try:
        header = next((fields for fields in reader if fields), None)
    except csv.Error as error:
        message = f"{path}: expected a line with the names of the columns, found: {error}"
        raise InputError(message) from error
    if header is None:
        message = f"{path}: expected a line with the names of the columns, found an empty file"
        raise InputError(message)
    if any("\x00" in name or not _is_unicode(name) for name in header):
        message = f"{path}: expected UTF-8 text, found something else; convert the file to UTF-8"
        raise InputError(message)
    return header


def _jsonl(path: Path, columns: Columns) -> Iterator[Row]:
    with path.open("rb") as file:
        names: dict[str, None] = {}
        for row in itertools.islice(_json_rows(file), _LOOKED_AT):
            names.update(dict.fromkeys(row.values))
            if names.keys() >= set(columns.required):
                break
        if names:
            _require(columns, names, path)
        file.seek(0)
        yield from _json_rows(file)


def _json_rows(file: IO[bytes]) -> Iterator[Row]:
    number = 0
    for line in byte_lines(file):
        if line is None:
            values: object = None
            problem = f"a line longer than {MAX_ROW:,} bytes"
        elif not (line := line.strip()):
            continue
        else:
            try:
                values = json.loads(line.decode("utf-8"))
                problem = f"a {type(values).__name__}"
            except (ValueError, RecursionError) as error:
                values, problem = None, str(error)
        if isinstance(values, dict):
            yield Row(number, values)
        else:
            yield Row(number, {}, f"expected a JSON object on the line, found: {problem}")
        number += 1


def _parquet(path: Path, columns: Columns) -> Iterator[Row]:
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as table:
            names = table.schema_arrow.names
            _require(columns, names, path)
            wanted = [name for name in columns.all if name in names]
            number = 0
            # One group at a time: damage in one does not reach the rows before it.
            for batch in itertools.chain.from_iterable(
                table.iter_batches(batch_size=_BATCH, row_groups=[group], columns=wanted)
                for group in range(table.num_row_groups)
            ):
                batch.validate()
                values = [_values(batch.column(name)) for name in wanted]
                for row in zip(*values, strict=True):
                    yield Row(number, dict(zip(wanted, row, strict=True)))
                    number += 1
            if number != table.metadata.num_rows:
                found = f"{number:,} rows where it says {table.metadata.num_rows:,}"
                raise _damaged(path, found)
    except (pa.ArrowException, ValueError, OverflowError) as error:
        raise _damaged(path, str(error) or type(error).__name__) from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise _damaged(path, str(error)) from error


def _damaged(path: Path, found: str) -> InputError:
    first = found.splitlines()[0].rstrip(".")
    return InputError(f"{path}: expected a whole Parquet file, found: {first}; make it again")


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


def _require(columns: Columns, names: Iterable[str], path: Path) -> None:
    present = list(names)
    shown = ", ".join(repr(name[:40]) for name in present[:20])
    if len(present) > 20:
        shown += f" and {len(present) - 20} more"
    for name in columns.required:
        if name not in present:
            option = columns.named.get(name, "--id-column")
            if name == columns.text:
                option = "--text-column"
            message = (
                f"{path}: expected a column {name!r}, found {shown or 'none'}; "
                f"name the right one with {option}"
            )
            raise UnknownColumnError(message)
    if twice := sorted({name for name in present if present.count(name) > 1}):
        message = f"{path}: expected each column once, found {twice[0]!r} twice; rename one"
        raise InputError(message)


def _is_unicode(words: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in words)


def _kind(value: object) -> str:
    return "bytes" if isinstance(value, bytes) else f"a {type(value).__name__}"


def _words(value: object) -> str:
    if isinstance(value, datetime):
        value = value.date()
    return "" if value is None else str(value).strip()
