"""The files of an input: one table, a folder of them, or a pattern; their digests.

A job is known by the contents of its files, not by sizes and times: reading a file once for its
SHA-256 costs about a thousandth of scoring it, and nothing else notices every change. While the
job runs, inode, size and time of change tell cheaply whether a file is still the one digested.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ombud.errors import InputError, TableError, UnknownColumnError
from ombud.readers.columns import Columns, lacking
from ombud.readers.opening import TABLE_ENDINGS, table_form
from ombud.readers.tables import column_names

__all__ = ["InputFile", "Inputs", "Listing", "changes", "check_columns", "find"]

_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Listing:
    """What an input consists of, before any of it is read.

    Attributes:
        source: The input as it was named.
        files: Each file, with the name that the results call it by.
        skipped: Names of files in a folder that are no tables.
    """

    source: Path
    files: tuple[tuple[Path, str], ...]
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file as it was when its digest was taken."""

    path: Path
    name: str
    sha256: str
    size: int
    state: tuple[int, int, int]

    def check(self) -> None:
        """Do nothing if the file is still the same.

        Raises:
            InputError: If it was changed or removed since.
        """
        try:
            found = "" if _state(self.path.stat()) == self.state else "it changed"
        except OSError as error:
            found = (error.strerror or str(error)).lower()
        if found:
            message = (
                f"{self.path}: expected the input to stay as it was when the job began, found: "
                f"{found}; put it back to go on, or score the new input into another folder"
            )
            raise InputError(message)


@dataclass(frozen=True, slots=True)
class Inputs:
    """All files of an input, in the order in which they are read."""

    files: tuple[InputFile, ...]

    @classmethod
    def digested(cls, listing: Listing, read: Callable[[int], None] = lambda _: None) -> Inputs:
        """Read every file once; `read` is told the bytes of each chunk.

        Raises:
            InputError: If one cannot be read.
        """
        return cls(tuple(_digested(path, name, read) for path, name in listing.files))

    @property
    def sha256(self) -> str:
        """SHA-256 of names and contents, in order."""
        content = json.dumps([[file.name, file.sha256] for file in self.files])
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    def check(self) -> None:
        """Do nothing if every file is still the same.

        Raises:
            InputError: If one was changed or removed.
        """
        for file in self.files:
            file.check()

    def to_json(self) -> list[dict[str, Any]]:
        """Return what is written down of the files, so that a later run can name what differs."""
        return [{"name": f.name, "size": f.size, "sha256": f.sha256} for f in self.files]


def find(source: Path, out: Path) -> Listing:
    """List the tables of a file, of a folder with all in it, or of a pattern such as `in/*.csv`.

    Hidden files, those whose name begins with `_`, results of other jobs and `out` are never
    part of an input unless it is that one file.

    Raises:
        InputError: If there is no table.
    """
    if source.is_file():
        return Listing(source, ((_table(source), source.name),))
    if source.is_dir():
        found = list(_walk(source, out))
        tables = tuple((p, _name(p, source)) for p in found if table_form(p))
        skipped = tuple(_name(p, source) for p in found if not table_form(p))
        if not tables:
            shown = ", ".join(skipped[:5]) or "none"
            message = (
                f"{source}: expected a folder with files ending in {', '.join(TABLE_ENDINGS)}, "
                f"found {shown}; check the path"
            )
            raise InputError(message)
        return Listing(source, tables, skipped)
    if glob.has_magic(str(source)) and not source.exists():
        return _matching(source, out)
    found_here = "something else" if source.exists() else "no such file or directory"
    message = f"{source}: expected a readable file, found: {found_here}; check the path"
    raise InputError(message)


def _matching(pattern: Path, out: Path) -> Listing:
    fixed = 0
    while not glob.has_magic(pattern.parts[fixed]):
        fixed += 1
    base = Path(*pattern.parts[:fixed])
    found: dict[Path, str] = {}
    skipped: list[str] = []
    for match in sorted(map(Path, glob.glob(str(pattern), recursive=True))):
        if any(map(_hidden, match.relative_to(base).parts)):
            continue
        if _results(match if match.is_dir() else match.parent, out):
            continue
        if match.is_dir():
            for path in _walk(match, out):
                if table_form(path):
                    found[path] = _name(path, base)
                else:
                    skipped.append(_name(path, base))
        else:
            found[_table(match)] = _name(match, base)
    if not found:
        message = (
            f"{pattern}: expected files that match the pattern, found none; "
            "check it, and put it in quotes"
        )
        raise InputError(message)
    ordered = sorted(found.items(), key=lambda item: item[1])
    return Listing(pattern, tuple(ordered), tuple(sorted(set(skipped) - set(found.values()))))


def _walk(folder: Path, out: Path) -> Iterator[Path]:
    """Yield the files of a folder by their names, folders with results passed over."""
    found = []
    for where, folders, names in os.walk(folder):
        here = Path(where)
        folders[:] = [n for n in folders if not _hidden(n) and not _results(here / n, out)]
        found += [here / name for name in names if not _hidden(name)]
    yield from sorted(found, key=lambda path: _name(path, folder))


def _hidden(name: str) -> bool:
    return name.startswith((".", "_"))


def _results(folder: Path, out: Path) -> bool:
    return _inside(folder, out) or (folder / "job.json").is_file()


def _inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _name(path: Path, base: Path) -> str:
    # A name that is not UTF-8 is shown by its escapes: Parquet could not hold it.
    name = path.relative_to(base).as_posix()
    return name.encode("utf-8", "backslashreplace").decode()


def _table(path: Path) -> Path:
    if table_form(path) is None:
        column_names(path)
    return path


def check_columns(listing: Listing, columns: Columns) -> None:
    """Do nothing if every required column is in one of the files, or nothing can be said.

    Raises:
        InputError: If no file can be read at all; that of the first file.
        UnknownColumnError: If a column is in none.
    """
    names: dict[str, None] = {}
    damage: list[TableError] = []
    for path, _ in listing.files:
        try:
            names.update(dict.fromkeys(column_names(path, columns.required)))
        except TableError as error:
            damage.append(error)
        if names.keys() >= set(columns.required):
            return
    if len(damage) == len(listing.files):
        raise damage[0]
    missing = [name for name in columns.required if name not in names]
    if names and missing:
        raise UnknownColumnError(lacking(columns, missing[0], names, _where(listing)))


def _where(listing: Listing) -> str:
    count = len(listing.files)
    return str(listing.source) if count == 1 else f"{listing.source} ({count:,} files)"


def changes(before: Sequence[object], now: Inputs) -> str:
    """Say which files differ from those that `Inputs.to_json` wrote down before."""
    known = {f["name"]: f["sha256"] for f in before if isinstance(f, dict) and "sha256" in f}
    present = {file.name: file.sha256 for file in now.files}
    kinds = {
        "changed": [n for n in present if n in known and known[n] != present[n]],
        "new": [n for n in present if n not in known],
        "gone": [n for n in known if n not in present],
    }
    said = [
        f"{kind}: {', '.join(names[:3])}" + (f" and {len(names) - 3} more" if names[3:] else "")
        for kind, names in kinds.items()
        if names
    ]
    return "; ".join(said)


def _digested(path: Path, name: str, read: Callable[[int], None]) -> InputFile:
    try:
        with path.open("rb") as content:
            stat = os.fstat(content.fileno())
            digest = hashlib.sha256()
            while chunk := content.read(_CHUNK):
                digest.update(chunk)
                read(len(chunk))
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        message = f"{path}: expected a readable file, found: {found}; check the path"
        raise InputError(message) from error
    return InputFile(path, name, digest.hexdigest(), stat.st_size, _state(stat))


def _state(stat: os.stat_result) -> tuple[int, int, int]:
    return stat.st_ino, stat.st_size, stat.st_mtime_ns
