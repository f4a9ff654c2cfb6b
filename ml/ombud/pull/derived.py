"""Datasets that were made of pulled pages, and the rows of one decision in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from ombud.atomic import replacing
from ombud.errors import InputError, OutputError, first_line
from ombud.imports.removal import count_rows, is_imported, remove_rows
from ombud.pull.settings import SOURCE

__all__ = ["Removal", "datasets_in", "named_datasets"]

_ENDINGS: Final = (".parquet", ".jsonl")
_KEYS: Final = ("url", "reference", "id")
_SOURCE_COLUMN: Final = "source"
_REFERENCE: Final = re.compile(r"(?<!\d)\d{2}([ -])\d{3}\1\d{3}(?:[a-z]\b|(?!\w))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Removal:
    """Which rows go: those of these addresses, and those of these references (`23 008 522`).

    A row is known by its columns `url`, `reference` and `id`, where it has them; one whose
    column `source` names another source is never meant.
    """

    urls: frozenset[str]
    references: frozenset[str]

    def means(self, row: Mapping[str, Any]) -> bool:
        """Return whether a row is one of those that go."""
        if str(row.get(_SOURCE_COLUMN) or SOURCE) != SOURCE:
            return False
        values = [str(row[key]) for key in _KEYS if row.get(key) is not None]
        if str(row.get("url") or "").rstrip("/").lower() in self.urls:
            return True
        found = (_REFERENCE.search(value) for value in values)
        return any(
            m is not None and m[0].replace("-", " ").lower() in self.references for m in found
        )

    def count(self, path: Path) -> int:
        """Return how many rows of a dataset would go.

        Raises:
            InputError: If it is no dataset, or has none of the columns that name a decision.
        """
        if path.is_dir():
            return count_rows(path, self.means)
        try:
            with path.open("rb"):
                return self._reading(path, None)
        except (pa.ArrowException, OSError, ValueError) as error:
            found = getattr(error, "strerror", None) or first_line(error)
            message = f"{path}: expected a dataset, found: {str(found).rstrip('.').lower()}"
            message += "; check the file"
            raise InputError(message) from error

    def remove(self, path: Path) -> None:
        """Take the rows out of a dataset; the file is replaced whole or not at all.

        Raises:
            OutputError: If it cannot be replaced.
        """
        try:
            if path.is_dir():
                remove_rows(path, self.means)
                return
            with replacing(path) as temporary:
                self._reading(path, temporary)
                temporary.chmod(path.stat().st_mode)
        except OSError as error:
            found = (error.strerror or str(error)).lower()
            message = f"{path}: expected a dataset that can be replaced, found: {found}"
            message += "; nothing in it is changed, check the path"
            raise OutputError(message) from error

    def _reading(self, path: Path, out: Path | None) -> int:
        """Return how many rows go, those that stay written to `out`."""
        return self._parquet(path, out) if path.suffix == ".parquet" else self._lines(path, out)

    def _parquet(self, path: Path, out: Path | None) -> int:
        count = 0
        with pq.ParquetFile(path) as table:
            names = table.schema_arrow.names
            _require(path, names)
            keys = [name for name in (*_KEYS, _SOURCE_COLUMN) if name in names]
            groups = range(table.num_row_groups)
            writer = pq.ParquetWriter(out, table.schema_arrow) if out else None
            try:
                for group in groups:
                    rows = table.read_row_group(group, columns=keys).to_pylist()
                    stays = [not self.means(row) for row in rows]
                    count += len(stays) - sum(stays)
                    if writer is not None and any(stays):
                        writer.write_table(table.read_row_group(group).filter(pa.array(stays)))
            finally:
                if writer is not None:
                    writer.close()
        return count

    def _lines(self, path: Path, out: Path | None) -> int:
        count = 0
        known: set[str] = set()
        kept: list[bytes] = []
        for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
            if line.strip():
                row = json.loads(line)
                if not isinstance(row, dict):
                    message = f"a {type(row).__name__} in line {number}"
                    raise ValueError(message)
                known.update(row)
                if self.means(row):
                    count += 1
                    continue
            kept.append(line)
        if known:
            _require(path, sorted(known))
        if out is not None:
            out.write_bytes(b"\n".join(kept))
        return count


def datasets_in(folder: Path) -> list[Path]:
    """Return the datasets below a folder: files, and folders that an import wrote."""
    if is_imported(folder):
        return [folder]
    found: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            found += datasets_in(path)
        elif path.suffix in _ENDINGS:
            found.append(path)
    return found


def named_datasets(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the datasets that are named, and those in folders that are named.

    Raises:
        InputError: If a path is neither a dataset nor a folder with one.
    """
    for path in paths:
        found = [path]
        if path.is_dir():
            found = datasets_in(path)
        elif len(path.parents) > 1 and is_imported(path.parents[1]):
            # A part of an imported dataset: its counts change with it.
            found = [path.parents[1]]
        elif path.suffix not in _ENDINGS:
            found = []
        if not found:
            words = "a folder without one" if path.is_dir() else repr(path.name)
            message = f"{path}: expected a dataset ending in .parquet or .jsonl, found {words}"
            message += "; check the path"
            raise InputError(message)
        yield from found


def _require(path: Path, names: Sequence[str]) -> None:
    if not set(_KEYS) & set(names):
        shown = ", ".join(repr(name[:40]) for name in names[:12]) or "none"
        message = (
            f"{path}: expected a column out of {', '.join(map(repr, _KEYS))} that names decisions, "
            f"found {shown}; name a dataset made of pulled pages"
        )
        raise InputError(message)
