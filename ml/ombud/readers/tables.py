"""Tables of documents: CSV, JSONL or Parquet with named columns, read as a stream."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from ombud.documents import MAX_CHARACTERS, Document, Facts
from ombud.errors import InputError, UnknownColumnError
from ombud.readers.text import from_text, iso_date

__all__ = ["Columns", "Row", "read_rows"]

_OPTIONAL: Final = ("body", "category", "subcategory", "decision_date")
_FORMS: Final = (".csv", ".jsonl", ".ndjson", ".parquet")


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns to read; an id that is absent is made of the row's number."""

    text: str = "text"
    id: str = "id"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its number from 0, its values, or what is wrong with it."""

    number: int
    values: Mapping[str, Any]
    problem: str = ""

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
        identifier = self.values.get(columns.id)
        facts = {key: _words(self.values.get(key)) for key in _OPTIONAL}
        facts["decision_date"] = iso_date(facts["decision_date"])
        return from_text(text, _words(identifier) or str(self.number), Facts(**facts))


def read_rows(path: Path, columns: Columns) -> Iterator[Row]:
    """Yield the rows of a `.csv`, `.jsonl`/`.ndjson` or `.parquet` file, in order.

    A row that cannot be parsed is yielded with its `problem`; nothing is dropped.

    Raises:
        InputError: If the file cannot be read, or its ending is none of these.
        UnknownColumnError: If the text column is not in the table.
    """
    suffix = path.suffix.lower()
    if suffix not in _FORMS:
        message = f"{path}: expected a file ending in {', '.join(_FORMS)}, found {path.name!r}"
        raise InputError(message)
    try:
        match suffix:
            case ".csv":
                yield from _csv(path, columns)
            case ".parquet":
                yield from _parquet(path, columns)
            case _:
                yield from _jsonl(path, columns)
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        message = f"{path}: expected a readable file, found: {found}"
        raise InputError(message) from error


def _csv(path: Path, columns: Columns) -> Iterator[Row]:
    # A field may hold a whole document; bytes that are not UTF-8 become lone surrogates,
    # which `checked_text` refuses for that row alone.
    csv.field_size_limit(16 * MAX_CHARACTERS)
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
        reader = csv.DictReader(lines)
        _require(columns, reader.fieldnames or (), path)
        number = 0
        while True:
            try:
                values = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Row(number, {}, f"expected a CSV row, found: {error}")
                number += 1
                continue
            extra = values.pop(None, None)  # type: ignore[call-overload]
            short = None in values.values()
            problem = (
                f"expected {len(reader.fieldnames or ())} fields, found "
                f"{'fewer' if short else 'more'}"
                if extra or short
                else ""
            )
            yield Row(number, values, problem)
            number += 1


def _jsonl(path: Path, columns: Columns) -> Iterator[Row]:
    checked = False
    number = 0
    with path.open("rb") as lines:
        for line in lines:
            if not line.strip():
                continue
            try:
                values = json.loads(line.decode("utf-8-sig" if number == 0 else "utf-8"))
            except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
                yield Row(number, {}, f"expected a JSON object on the line, found: {error}")
            else:
                if not isinstance(values, dict):
                    found = type(values).__name__
                    yield Row(number, {}, f"expected a JSON object on the line, found a {found}")
                else:
                    if not checked:
                        _require(columns, values, path)
                        checked = True
                    yield Row(number, values)
            number += 1


def _parquet(path: Path, columns: Columns) -> Iterator[Row]:
    try:
        with pq.ParquetFile(path) as table:
            names = table.schema_arrow.names
            _require(columns, names, path)
            wanted = [n for n in (columns.id, columns.text, *_OPTIONAL) if n in names]
            number = 0
            for batch in table.iter_batches(batch_size=256, columns=list(dict.fromkeys(wanted))):
                for values in batch.to_pylist():
                    yield Row(number, values)
                    number += 1
    except (pa.ArrowException, UnicodeDecodeError) as error:
        first_line = str(error).splitlines()[0] if str(error) else type(error).__name__
        message = f"{path}: expected a whole Parquet file, found: {first_line}"
        raise InputError(message) from error


def _require(columns: Columns, names: object, path: Path) -> None:
    present = list(names)  # type: ignore[call-overload]
    if columns.text not in present:
        message = (
            f"{path}: expected a column {columns.text!r}, found {', '.join(map(str, present))}; "
            "name the text's column with --text-column"
        )
        raise UnknownColumnError(message)


def _words(value: object) -> str:
    return "" if value is None else str(value).strip()
