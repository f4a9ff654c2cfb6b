"""An imported dataset: a folder of Parquet parts that appears whole or not at all.

README.md       what the columns hold; its head lets `datasets.load_dataset(FOLDER)` read it
data/part-*.parquet   the rows, in the order of the sources
rejects.jsonl   the bad rows: file, place, id, reason
import.json     schema version, counts, digest; marks the folder as a dataset
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from ombud.atomic import replacing_folder
from ombud.errors import InputError, OutputError, UsageError, first_line
from ombud.imports.card import dataset_card
from ombud.imports.files import Format, file_rows, find_files
from ombud.imports.parts import Parts
from ombud.imports.rows import Found, ImportedRow, checked
from ombud.imports.schema import SCHEMA, SCHEMA_VERSION
from ombud.imports.tables import TableOptions

__all__ = [
    "DATA",
    "REJECTS",
    "SUMMARY",
    "Summary",
    "import_sources",
    "read_imported",
    "without_found",
]

SUMMARY: Final = "import.json"
REJECTS: Final = "rejects.jsonl"
DATA: Final = "data"
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True)
class Summary:
    """What an import came to: `read` is always `written` + `rejected`.

    Attributes:
        schema_version: That of the columns.
        files: How many files were read.
        passed_over: Files of the folders whose ending no reader knows.
        read: Rows found.
        written: Rows in the dataset.
        parts: Files in `data`.
        rejected: Rows in `rejects.jsonl`.
        sources: Rows written, by source and outcome.
        reasons: Rows rejected, by reason without what was found.
        digest: SHA-256 of the rows written, in order.
    """

    schema_version: int
    files: int
    passed_over: tuple[str, ...]
    read: int
    written: int
    parts: int
    rejected: int
    sources: Mapping[str, Mapping[str, int]]
    reasons: Mapping[str, int]
    digest: str


def import_sources(
    sources: Sequence[Path],
    out: Path,
    form: Format = "auto",
    options: TableOptions | None = None,
    progress: Callable[[int], None] | None = None,
) -> Summary:
    """Read `sources` into one dataset at `out`, which takes the place of an older one there.

    Args:
        sources: Files, or folders of files.
        out: The folder to write: new, empty, or a dataset that an import wrote.
        form: The format of the sources; `auto` tells it by their endings and keys.
        options: Columns of tables of unknown make.
        progress: Called with the number of rows read so far.

    Raises:
        InputError: If a source as a whole cannot be read, or no row of them is good.
        UsageError: If `out` is something else, or another import writes to it.
        OutputError: If the dataset cannot be written; the older one stands as it was.
    """
    out = Path(os.path.realpath(out))
    files, passed = find_files(sources, form, out)
    _check_out(out)
    with _writing(out), replacing_folder(out) as folder:
        workspace = folder / ".workspace"
        workspace.mkdir()
        with (
            # What is no Unicode text is shown as the escape that JSON has for it.
            (folder / REJECTS).open("w", encoding="utf-8", errors="backslashreplace") as rejects,
            Parts(folder / DATA) as parts,
        ):
            tally = _Tally(parts, rejects)
            for file in files:
                for found in file_rows(file, form, options or TableOptions(), workspace):
                    tally.take(found)
                    if progress is not None:
                        progress(tally.read)
        workspace.rmdir()
        summary = tally.summary(len(files), passed)
        if not summary.written:
            raise _no_rows(summary, tally.first_problem, sources)
        content = json.dumps(asdict(summary), indent=1, ensure_ascii=False) + "\n"
        (folder / SUMMARY).write_text(content, "utf-8", errors="backslashreplace")
        (folder / "README.md").write_text(
            dataset_card(asdict(summary)), "utf-8", errors="backslashreplace"
        )
    return summary


def read_imported(folder: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Return the rows of a dataset that `import_sources` wrote, in order.

    Args:
        folder: The dataset.
        columns: Columns to read; all by default.

    Raises:
        InputError: If it is missing or damaged, or of another schema version.
    """
    try:
        summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        version, written, wanted = (summary[k] for k in ("schema_version", "written", "parts"))
        parts = sorted((folder / DATA).glob("part-*.parquet"))
        if version != SCHEMA_VERSION:
            found = f"schema version {version}"
            raise _other(folder, f"{found} where this ombud reads {SCHEMA_VERSION}")
        names = list(columns) if columns is not None else SCHEMA.names
        schema = pa.schema([SCHEMA.field(name) for name in names])
        tables = [
            pq.read_table(part, columns=names, page_checksum_verification=True) for part in parts
        ]
        table = pa.concat_tables([schema.empty_table(), *(t.cast(schema) for t in tables)])
    except (OSError, pa.ArrowException, ValueError, KeyError, TypeError) as error:
        found = error.strerror.lower() if isinstance(error, OSError) and error.strerror else ""
        raise _other(folder, found or first_line(error)) from error
    if len(parts) != wanted:
        raise _other(folder, f"{len(parts):,} part(s) where it says {wanted:,}")
    if table.num_rows != written:
        raise _other(folder, f"{table.num_rows:,} row(s) where it says {written:,}")
    return table


def _no_rows(summary: Summary, first: str, sources: Sequence[Path]) -> InputError:
    found = "none; check that the sources are the ones"
    if summary.read:
        found = f"{summary.read:,}, all rejected ({first}); check --format and the columns"
    named = ", ".join(map(str, sources))
    return InputError(f"{named}: expected at least one row that can be imported, found {found}")


def _other(folder: Path, found: str) -> InputError:
    return InputError(
        f"{folder}: expected a dataset made by 'ombud corpus import', found: {found}; import it again"
    )


class _Tally:
    """Takes rows as they are found: checked, written or rejected, and counted."""

    def __init__(self, parts: Parts, rejects: IO[str]) -> None:
        self._parts = parts
        self._rejects = rejects
        self._sources: dict[str, Counter[str]] = {}
        self._reasons: Counter[str] = Counter()
        # Digests, so that an id costs the same however long it is.
        self._ids: set[bytes] = set()
        self._groups: dict[bytes, str] = {}
        self._digest = hashlib.sha256()
        self.read = self.written = self.rejected = 0
        self.first_problem = ""

    def take(self, found: Found) -> None:
        """Write or reject one row."""
        self.read += 1
        row = checked(found)
        if isinstance(row, ImportedRow):
            identity = _short(row.id)
            if identity not in self._ids:
                self._ids.add(identity)
                self._write(row)
                return
            row = f"id: expected each id once, found {row.id!r} again"
        self._reject(found, row)

    def _write(self, row: ImportedRow) -> None:
        values = row.model_dump()
        if row.source == "lgsco":
            # One complaint against several bodies is published once a body with one text.
            values["group"] = self._groups.setdefault(_short(row.text), row.group)
        self._parts.add(values)
        self._digest.update(json.dumps(values, sort_keys=True).encode())
        self._sources.setdefault(row.source, Counter())[row.outcome] += 1
        self.written += 1

    def _reject(self, found: Found, reason: str) -> None:
        identifier = found.values.get("id")
        line = {
            "file": found.file,
            "place": found.place,
            "id": str(identifier) if isinstance(identifier, str | int) else "",
            "reason": reason,
        }
        self._rejects.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._reasons[without_found(reason)] += 1
        self.rejected += 1
        self.first_problem = self.first_problem or f"{found.origin}: {reason}"

    def summary(self, files: int, passed: Sequence[str]) -> Summary:
        """Return what it came to."""
        return Summary(
            SCHEMA_VERSION,
            files,
            tuple(passed),
            self.read,
            self.written,
            self._parts.count,
            self.rejected,
            {source: dict(sorted(counts.items())) for source, counts in self._sources.items()},
            dict(self._reasons.most_common()),
            self._digest.hexdigest(),
        )


@contextlib.contextmanager
def _writing(out: Path) -> Iterator[None]:
    """Say in one sentence what keeps the dataset from being written."""
    try:
        yield
    except OSError as error:
        found = os.strerror(error.errno).lower() if error.errno else first_line(error)
        wanted = "room for the dataset" if error.errno in _FULL else "a folder that can be written"
        message = (
            f"{out}: expected {wanted}, found: {found}; what stood there before stands there "
            "still, put this right and run the same command again"
        )
        raise OutputError(message) from error


def _check_out(out: Path) -> None:
    """Refuse to take the place of anything but a dataset."""
    if out.is_dir():
        names = sorted(path.name for path in out.iterdir())
        if not names or SUMMARY in names:
            return
        found = ", ".join(names[:5])
    elif out.exists():
        found = "a file"
    else:
        return
    message = (
        f"{out}: expected a new or empty folder, or one that 'ombud corpus import' wrote, "
        f"found {found}; name another folder"
    )
    raise UsageError(message)


def _short(words: str) -> bytes:
    return hashlib.sha256(words.encode()).digest()[:16]


def without_found(reason: str) -> str:
    """Return a reason without what was found, to count it with its like."""
    return re.sub(r",? found.*", "", reason, flags=re.DOTALL)
