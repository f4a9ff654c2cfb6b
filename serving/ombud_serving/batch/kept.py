"""Columns of the input that are carried through to the results."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from ombud.errors import InputError, OmbudError, UsageError
from ombud.readers.opening import table_form
from ombud.readers.parquet import parquet_file
from ombud_serving.batch.schema import PREDICTIONS, writable

__all__ = ["Kept", "kept_name"]

_PREFIX: Final = "input_"
_CARRIED: Final = (
    pa.types.is_integer,
    pa.types.is_float32,
    pa.types.is_float64,
    pa.types.is_boolean,
    pa.types.is_date32,
    pa.types.is_binary,
    pa.types.is_large_binary,
)


def kept_name(column: str) -> str:
    """Return what a column of the input is called in the results."""
    return _PREFIX + column if column in PREDICTIONS.names else column


class Kept:
    """Columns to carry through, with the names and types that they have in the results.

    A column keeps its name unless the results have one of that name: then it is called
    `input_` and its name. It keeps its type if every file that has it is Parquet and they agree
    on a number, boolean, date, time or bytes; else it becomes text, as it stood in CSV, and as
    JSON where it is no text. A byte that is not UTF-8 is shown as its escape.
    """

    def __init__(self, columns: Sequence[str], files: Iterable[Path]) -> None:
        """Look up the types in `files`.

        Raises:
            UsageError: If two columns would have one name.
        """
        self._columns = tuple(dict.fromkeys(columns))
        self._names = {column: kept_name(column) for column in self._columns}
        if len(set(self._names.values())) < len(self._columns):
            twice = next(c for c in self._columns if _PREFIX + c in self._columns)
            message = (
                f"expected kept columns with different names, found {twice!r} and "
                f"{_PREFIX + twice!r}, both called {_PREFIX + twice!r} in the results; "
                "keep one of them"
            )
            raise UsageError(message)
        self._types = _types(self._columns, files) if self._columns else {}

    @classmethod
    def typed(cls, types: Mapping[str, pa.DataType]) -> Kept:
        """Return columns whose types are known; those that cannot be kept become text."""
        kept = cls(list(types), [])
        kept._types = {column: _common({kind}) for column, kind in types.items()}
        return kept

    def widened(self) -> Kept:
        """Return the same columns with signed types for unsigned ones, which not all can hold."""
        wider = {pa.uint8(): pa.int16(), pa.uint16(): pa.int32(), pa.uint32(): pa.int64()}
        types = {
            column: pa.string() if kind == pa.uint64() else wider.get(kind, kind)
            for column, kind in self._types.items()
        }
        return Kept.typed(types)

    @property
    def schema(self) -> pa.Schema:
        """The columns of a part: those of every job, then the kept ones."""
        fields = [pa.field(self._names[c], self._types[c]) for c in self._columns]
        return pa.schema([*PREDICTIONS, *fields], metadata=PREDICTIONS.metadata)

    def values(self, values: Mapping[str, Any], row: int) -> dict[str, Any]:
        """Return the kept values of a row of the input; what it does not have is null.

        Raises:
            InputError: If a value is not of its column's type.
        """
        return {
            self._names[column]: self._value(column, values.get(column), row)
            for column in self._columns
        }

    def _value(self, column: str, value: object, row: int) -> object:
        kind = self._types[column]
        if value is None:
            return None
        if pa.types.is_string(kind):
            return writable(_text(value))
        try:
            pa.scalar(value, kind)
        except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
            message = (
                f"row {row}: expected a {kind} to keep in {column!r}, found {str(value)[:60]!r}"
            )
            raise InputError(message) from error
        return value


def _types(columns: Sequence[str], files: Iterable[Path]) -> dict[str, pa.DataType]:
    found: dict[str, set[pa.DataType]] = {column: set() for column in columns}
    for path in files:
        if table_form(path) != "parquet":
            return dict.fromkeys(columns, pa.string())
        try:
            with parquet_file(path) as table:
                schema = table.schema_arrow
        except (OmbudError, OSError):
            # Said when the file is read; none of its rows will be.
            continue
        for column in columns:
            if schema.names.count(column) == 1:
                found[column].add(schema.field(column).type)
    return {column: _common(types) for column, types in found.items()}


def _common(types: set[pa.DataType]) -> pa.DataType:
    if len(types) == 1:
        [kind] = types
        time = pa.types.is_timestamp(kind) and kind.unit != "ns"
        if time or any(carried(kind) for carried in _CARRIED):
            return kind
    return pa.string()


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, bool | int | float | list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
