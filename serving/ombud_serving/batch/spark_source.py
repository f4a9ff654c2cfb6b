"""What Spark reads, brought to one form: file, row number, and the row's line or values.

Tables on a path that this machine sees are listed and looked at as the local runner does it, so
that both call files and rows by the same names. Anything else that Spark can read is read by its
format and options; where the format has files their rows are numbered file by file, where it has
none (a database, a table of a lake) rows have numbers that say nothing of their order.

JSONL is read as lines and parsed by the same reader as everywhere, CSV on a path by that reader
too. Behind a URI CSV is parsed by Spark, which shows bytes that are not UTF-8 as U+FFFD where the
local reader rejects the row, and takes a stray quote for a part of the text.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import unquote

import pyarrow as pa

from ombud.errors import InputError, OmbudError, TableError, UsageError
from ombud.readers.columns import FACT_COLUMNS, Columns, lacking, require
from ombud.readers.opening import table_form
from ombud.readers.parquet import parquet_file
from ombud_serving.batch.inputs import Listing
from ombud_serving.batch.spark import arrow_types, load, load_any, with_columns

__all__ = ["OWN", "Group", "Numbered", "groups_of", "is_remote", "path_of", "remote_group"]

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_WILD: Final = re.compile(r"([\\*?\[\]{}])")
_CORRUPT: Final = "_ombud_corrupt"
_FILE: Final = ("_metadata.file_path AS file", "_metadata.file_block_start AS block")
_NO_ROW: Final = "CAST(NULL AS BIGINT) AS row"
OWN: Final = "own"
"""Form of the files that our own reader reads, each in one task."""
_KNOWN: Final = (
    pa.types.is_null,
    pa.types.is_boolean,
    pa.types.is_integer,
    pa.types.is_float32,
    pa.types.is_float64,
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_binary,
    pa.types.is_large_binary,
    pa.types.is_date32,
    pa.types.is_timestamp,
    pa.types.is_decimal128,
)
_SUMS: Final = {"parquet.page.verify-checksum.enabled": "true"}
"""Without it Parquet pages with other bytes than were written would be read and scored."""
_FOOTED: Final = ("parquet", "orc")
"""Formats whose files say at their end which columns they have."""
_FORMS: Final = {"jsonl": "jsonl", "ndjson": "jsonl", "csv": "csv", "parquet": "parquet"}

Types: TypeAlias = tuple[tuple[str, str], ...]


def is_remote(name: str) -> bool:
    """Whether a source is named by a URI, not by a path."""
    return bool(_SCHEME.match(name)) and not Path(name).exists()


def path_of(path: Path) -> str:
    """Return what Spark calls a path."""
    return f"file:{path.resolve()}"


def _plain(file: str) -> str:
    plain = unquote(file)
    if plain.startswith("file:"):
        plain = "file:/" + plain.removeprefix("file:").lstrip("/")
    return plain


def _pattern_of(path: Path) -> str:
    """Return the pattern that nothing but a path matches."""
    return _WILD.sub(r"\\\1", path_of(path))


@dataclass(frozen=True, slots=True)
class Group:
    """Files that are read together, because they have the same form and columns.

    Attributes:
        form: `csv`, `jsonl`, `parquet`, or any other format of Spark's.
        paths: URIs, none if the options say where the rows are.
        names: Name of each file in the results, by its path.
        header: Columns of a CSV file, in order.
        types: Columns to read of a Parquet file, each with its type.
        problem: What every row lacks, '' if nothing.
        options: Of Spark's reader.
        files: The files of a listing, each with its name in the results.
        without: Files as Spark calls them that are left out: it could not read them.
        schema: Spark's columns as JSON, '' for those that it finds itself.
    """

    form: str
    paths: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    header: tuple[str, ...] = ()
    types: Types = ()
    problem: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    files: tuple[tuple[Path, str], ...] = ()
    without: tuple[str, ...] = ()
    schema: str = ""

    @classmethod
    def of(cls, form: str, types: Types, problem: str, files: Sequence[tuple[Path, str]]) -> Group:
        """Return a group of files of a listing."""
        paths = tuple(_pattern_of(path) for path, _ in files)
        names = {path_of(path): name for path, name in files}
        return cls(form, paths, names, types=types, problem=problem, files=tuple(files))

    @property
    def digest(self) -> str:
        """What the group's scored rows are kept under until the job is done."""
        columns = [self.header, self.types, self.schema]
        what = [self.form, self.paths, columns, self.problem, self.without]
        return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:16]

    def parted(self, apart: Collection[Path]) -> tuple[Group | None, list[tuple[Path, str]]]:
        """Return the group without some files, `None` if none is left, and these files."""
        kept = [one for one in self.files if one[0] not in apart]
        taken = [one for one in self.files if one[0] in apart]
        left = Group.of(self.form, self.types, self.problem, kept) if kept else None
        return left, taken

    def name_of(self, file: str) -> str:
        """Return what the results call a file that Spark calls so."""
        plain = _plain(file)
        return self.names.get(plain, plain)

    def is_called(self, path: Path, file: str) -> bool:
        """Whether Spark calls a path so."""
        return path_of(path) == _plain(file)

    def read(self, session: Any, columns: Columns) -> tuple[Any, bool]:
        """Return a data frame of the rows, and whether they have yet to be numbered.

        It has the columns `file`, `block`, `row`, `problem`, and either `line` or `values`.
        """
        match self.form:
            case "jsonl":
                options = {"lineSep": "\n", **self.options}
                frame = self._left(session.read.options(**options).text(list(self.paths)))
                # A blank line is no row.
                frame = frame.where("value RLIKE '[^ \\\\t\\\\n\\\\x0B\\\\f\\\\r]'")
                line = "CAST(value AS BINARY) AS line"
                return frame.selectExpr(*_FILE, _NO_ROW, "'' AS problem", line), True
            case "csv":
                fields = f"'expected {len(self.header)} fields, found others'"
                problem = (
                    _literal(self.problem)
                    if self.problem
                    else f"IF({_CORRUPT} IS NULL, '', {fields})"
                )
                values = _values(columns, self.header)
                frame = self._left(self._csv(session))
                return frame.selectExpr(*_FILE, _NO_ROW, f"{problem} AS problem", values), True
            case form:
                reader = session.read.format(form).options(**{**_SUMS, **self.options})
                reader = with_columns(reader, self.schema) if self.schema else reader
                frame = self._left(load(reader, self.paths))
                place, counted = self._place(frame)
                problem = _literal(self.problem)
                values = _values(columns, frame.columns, self._nanoseconds(frame))
                return frame.selectExpr(*place, f"{problem} AS problem", values), counted

    def _left(self, frame: Any) -> Any:
        if not self.without:
            return frame
        # Spark's errors and its columns write a local file's URI with more slashes or fewer.
        forms = {f for file in self.without for f in (file, re.sub("^file:/+", "file:/", file))}
        files = ", ".join(_literal(file) for file in sorted(forms))
        return frame.where(f"_metadata.file_path NOT IN ({files})")

    def _nanoseconds(self, frame: Any) -> set[str]:
        """Return the columns that hold times in nanoseconds, which Spark shows as numbers."""
        times = {name for name, kind in self.types if kind.startswith("timestamp[ns")}
        return {name for name, kind in frame.dtypes if kind == "bigint" and name in times}

    def _place(self, frame: Any) -> tuple[list[str], bool]:
        if self.form == "parquet":
            return [*_FILE, "_metadata.row_index AS row"], False
        if frame.inputFiles():
            return [*_FILE, _NO_ROW], True
        source = _literal(self.options.get("dbtable") or self.options.get("query") or self.form)
        return [f"{source} AS file", "0L AS block", "MONOTONICALLY_INCREASING_ID() AS row"], False

    def _csv(self, session: Any) -> Any:
        names = ", ".join(f"{_quoted(name)} STRING" for name in (*self.header, _CORRUPT))
        # A doubled quote is how CSV writes one, and a field may hold line ends.
        options = {
            "header": "true",
            "multiLine": "true",
            "escape": '"',
            "enforceSchema": "false",
            "columnNameOfCorruptRecord": _CORRUPT,
            **self.options,
        }
        return session.read.schema(names).options(**options).csv(list(self.paths))


def _values(columns: Columns, names: Sequence[str], times: Collection[str] = ()) -> str:
    read = [name for name in columns.all if name in names]
    taken = {n: f"TIMESTAMP_MICROS({_quoted(n)} DIV 1000)" for n in times}
    pairs = [f"{_literal(n)}, {taken.get(n, _quoted(n))}" for n in read] or ["'', NULL"]
    return f"NAMED_STRUCT({', '.join(pairs)}) AS values"


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _literal(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def groups_of(listing: Listing, columns: Columns) -> tuple[list[Group], list[tuple[str, str]]]:
    """Return the files of a listing by form and columns, and those that are damaged with why.

    Raises:
        InputError: If a file cannot be read.
    """
    found: dict[tuple[str, Types, str], list[tuple[Path, str]]] = {}
    damaged: list[tuple[str, str]] = []
    for path, name in listing.files:
        try:
            key = _kind(path, columns)
        except TableError as error:
            damaged.append((name, str(error)))
        else:
            found.setdefault(key, []).append((path, name))
    groups = [Group.of(*kind, files) for kind, files in found.items()]
    return groups, damaged


def _known(column: pa.Field, columns: Columns) -> bool:
    """Whether Spark gives the values of a Parquet column as our own reader does."""
    kind = column.type
    if pa.types.is_dictionary(kind) or pa.types.is_list(kind):
        kind = kind.value_type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        # Of a date the day is read; what is carried through would lose its last digits.
        return column.name in FACT_COLUMNS and column.name not in columns.named
    return any(known(kind) for known in _KNOWN)


def _kind(path: Path, columns: Columns) -> tuple[str, Types, str]:
    form = table_form(path)
    if form == "csv" or path.name.startswith(("_", ".")):
        # A file with such a name is one that Spark passes over and says nothing.
        return OWN, (), ""
    if form == "jsonl":
        return "jsonl", (), ""
    with parquet_file(path) as table:
        schema = table.schema_arrow
    problem = require(columns, schema.names, path, lenient=True)
    # Files are read together only if they agree on the types too.
    read = [one for one in schema if one.name in columns.all]
    if not all(_known(one, columns) for one in read):
        return OWN, (), ""
    return "parquet", tuple((one.name, str(one.type)) for one in read), problem


def remote_group(
    session: Any, source: str, form: str | None, options: Mapping[str, str], columns: Columns
) -> tuple[Group, dict[str, pa.DataType]]:
    """Return a source that Spark alone can read, and the types of the columns to read.

    Args:
        session: The Spark session.
        source: A URI, or '-' where the options say it all.
        form: Spark's name of the format; by default as the source's ending says.
        options: Of Spark's reader.
        columns: Columns to read.

    Raises:
        UsageError: If the form cannot be told.
        InputError: If a required column is not there.
    """
    ending = source.removesuffix(".gz").rpartition(".")[2].lower()
    form = form or _FORMS.get(ending)
    if form is None:
        message = (
            f"{source}: expected a source ending in .csv, .jsonl, .ndjson or .parquet, found "
            "another; name its format with --input-format"
        )
        raise UsageError(message)
    paths = () if source == "-" else (source,)
    if form == "jsonl":
        return Group(form, paths, options=options), dict.fromkeys(columns.all, pa.string())
    reader = session.read.format(form).options(**options)
    if form == "csv":
        reader = reader.option("header", "true").option("multiLine", "true").option("escape", '"')
    frame = (load_any if form in _FOOTED else load)(reader, paths)
    for name in columns.required:
        if name not in frame.columns:
            raise InputError(lacking(columns, name, frame.columns, source))
    header = tuple(frame.columns) if form == "csv" else ()
    schema = frame.schema.json() if form in _FOOTED else ""
    group = Group(form, paths, header=header, options=options, schema=schema)
    return group, _types(frame, columns)


def _types(frame: Any, columns: Columns) -> dict[str, pa.DataType]:
    known = arrow_types(frame)
    return {name: known.get(name, pa.string()) for name in columns.all}


class Numbered:
    """Numbers the rows of each file, from the count of rows in the blocks before.

    Spark reads a block in one task and in order, so a row's number is that of its block's first
    row and its place in the block. Blocks are counted first; a block that is not as it was
    counted is an error, never a wrong number.
    """

    def __init__(self, counts: Mapping[tuple[str, int], int]) -> None:
        self._counts = dict(counts)
        self._first: dict[tuple[str, int], int] = {}
        behind: dict[str, int] = {}
        for (file, block), count in sorted(self._counts.items()):
            self._first[file, block] = behind.get(file, 0)
            behind[file] = self._first[file, block] + count

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the same rows with their numbers.

        Raises:
            InputError: If the files are no longer those that were counted.
        """
        seen: dict[tuple[str, int], int] = {}
        for batch in batches:
            numbers = []
            files = batch.column("file").to_pylist()
            for key in zip(files, batch.column("block").to_pylist(), strict=True):
                place = seen.get(key, 0)
                seen[key] = place + 1
                if place >= self._counts.get(key, 0):
                    raise _changed(key[0])
                numbers.append(self._first[key] + place)
            columns = dict(zip(batch.schema.names, batch.columns, strict=True))
            columns["row"] = pa.array(numbers, pa.int64())
            yield pa.RecordBatch.from_pydict(columns)
        for key, count in seen.items():
            if count != self._counts[key]:
                raise _changed(key[0])


def _changed(file: str) -> OmbudError:
    return InputError(
        f"{file}: expected the input to stay as it was when the job began, found: it changed; "
        "put it back to go on, or score the new input into another folder"
    )
