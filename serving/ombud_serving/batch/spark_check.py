"""Files that Spark cannot read to their end, found before it reads them, and read by ourselves.

One damaged page, or one date that Python cannot hold, would end the whole job. Files that can be
damaged past their beginning (Parquet, gzip) are therefore read through once, in parallel on the
executors, by the reader of the local engine. Those with which something is wrong are left to that
reader altogether: one task a file reads the rows before the damage, any task scores them, and the
file is named among the errors. The second reading costs some microseconds a row, scoring it some
milliseconds. CSV is always read so: its rows may hold line ends, so that Spark too would read a
file in one task, and of what is wrong with a row it would say nothing.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from ombud.errors import InputError, TableError
from ombud.readers.columns import Columns
from ombud.readers.opening import table_form
from ombud.readers.parquet import parquet_file
from ombud.readers.tables import Row, read_rows
from ombud_serving.batch.partition import pack_row
from ombud_serving.batch.spark import UnreadError, unfinished
from ombud_serving.batch.spark_source import OWN, Group

__all__ = ["Checked", "Found", "look_through", "looked_through", "own_rows"]

_ROWS_AT_ONCE: Final = 64
_MOST_TASKS: Final = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """What came of reading a file to its end.

    Attributes:
        rows: How many could be read.
        problem: What is wrong with the file behind them, '' if nothing.
        odd: Whether it holds a value that cannot pass through Spark.
    """

    rows: int
    problem: str = ""
    odd: bool = False


@dataclass(slots=True)
class Checked:
    """The groups to score, and what is known of files that Spark does not read.

    Attributes:
        groups: Those that Spark reads, then one with the files that it cannot read, if any.
        found: What came of the files that were read through, by their paths.
        unreadable: Names of files of which there is no row to be had, and why.
    """

    groups: list[Group]
    found: dict[str, Found] = field(default_factory=dict)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    _names: dict[str, str] = field(default_factory=dict)

    def take(self, files: Sequence[tuple[Path, str]], columns: Columns) -> Group:
        """Return the group of some files that our own reader is to read.

        Raises:
            InputError: If one of them has yet to be read through and cannot be read.
        """
        for path, _ in files:
            if str(path) not in self.found:
                self.found[str(path)] = Found(*look_through(str(path), columns))
        self._names |= {str(path): name for path, name in files}
        return Group.of(OWN, (), "", sorted(files))

    @property
    def damaged(self) -> list[tuple[str, str]]:
        """Name of each file that could not be read to its end, and why."""
        own = [(name, self.found[path].problem) for path, name in self._names.items()]
        return [*self.unreadable, *(one for one in own if one[1])]

    def instead(self, group: Group, error: UnreadError, columns: Columns) -> list[Group]:
        """Return what is scored instead of a group that Spark could not read.

        A file of a listing is left to our own reader; any other is named as damaged.

        Raises:
            OmbudError: If nothing can be put in its place.
        """
        if group.files:
            named = {path for path, _ in group.files if group.is_called(path, error.file)}
            rest, taken = group.parted(named or {path for path, _ in group.files})
            return [*([rest] if rest else []), self.take(taken, columns)]
        if not error.file or error.file in group.without:
            raise unfinished(error.reason)
        name = group.name_of(error.file)
        self.unreadable.append(
            (
                name,
                f"{name}: expected a file that Spark can read, found: {error.reason}; make it again",
            )
        )
        return [replace(group, without=(*group.without, error.file))]


def looked_through(spark: Any, groups: Sequence[Group], columns: Columns) -> Checked:
    """Read the files through that may be damaged, and part those that Spark cannot read.

    Raises:
        InputError: From an executor, if a file cannot be read there.
    """
    paths = [
        str(path)
        for group in groups
        for path, _ in group.files
        if group.form in (OWN, "parquet") or path.suffix.lower() == ".gz"
    ]
    found: dict[str, Found] = {}
    if paths:
        tasks = min(len(paths), _MOST_TASKS)
        read = spark.sparkContext.parallelize(paths, tasks).map(
            partial(look_through, columns=columns)
        )
        found = dict(zip(paths, itertools.starmap(Found, read.collect()), strict=True))
    apart = {Path(path) for path, one in found.items() if one.problem or one.odd}
    checked = Checked([], found)
    own: list[tuple[Path, str]] = []
    for group in groups:
        rest, taken = (None, group.files) if group.form == OWN else group.parted(apart)
        own += taken
        checked.groups += [rest] if rest else []
    if own:
        checked.groups.append(checked.take(own, columns))
    return checked


def look_through(path: str, columns: Columns) -> tuple[int, str, bool]:
    """Read a file to its end; return the fields of `Found`.

    Raises:
        InputError: If the file cannot be read.
    """
    rows, odd = 0, False
    try:
        is_parsed = table_form(Path(path)) != "jsonl"
        times = _times(Path(path))
        for row in read_rows(Path(path), columns, lenient=True):
            rows += 1
            odd = odd or (is_parsed and _is_odd(row, times))
    except TableError as error:
        return rows, str(error), odd
    return rows, "", odd


def _times(path: Path) -> list[str]:
    if table_form(path) != "parquet":
        return []
    with parquet_file(path) as table:
        return [one.name for one in table.schema_arrow if pa.types.is_temporal(one.type)]


def _is_odd(row: Row, times: Sequence[str]) -> bool:
    # Our reader shows a date that Python cannot hold as text, a byte that is not UTF-8 as half a
    # surrogate pair. Lines of JSONL go through Spark as they are.
    if any(isinstance(row.values.get(name), str) for name in times):
        return True
    texts = (value for value in row.values.values() if isinstance(value, str))
    return any(not text.isascii() and _is_broken(text) for text in texts)


def _is_broken(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def own_rows(
    batches: Iterator[pa.RecordBatch], *, columns: Columns, rows: Mapping[str, int]
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of files, up to where each is damaged, in the columns `file` and `packed`.

    Args:
        batches: With the column `path`.
        columns: The columns to read.
        rows: How many rows were counted in each file.

    Raises:
        InputError: If a file is no longer the one whose rows were counted.
    """
    for batch in batches:
        for path in batch.column("path").to_pylist():
            count = 0
            for taken in _read(path, columns):
                count += len(taken)
                packed = [pack_row(row) for row in taken]
                yield pa.RecordBatch.from_pydict({"file": [path] * len(packed), "packed": packed})
            if count != rows[path]:
                message = (
                    f"{path}: expected the {rows[path]:,} rows that were counted when the job "
                    f"began, found {count:,}; put the file back to go on, or score the new input "
                    "into another folder"
                )
                raise InputError(message)


def _read(path: str, columns: Columns) -> Iterator[list[Row]]:
    taken: list[Row] = []
    with contextlib.suppress(TableError):
        # The driver names the file: it was read to its damage before.
        for row in read_rows(Path(path), columns, lenient=True):
            taken.append(row)
            if len(taken) == _ROWS_AT_ONCE:
                yield taken
                taken = []
    if taken:
        yield taken
