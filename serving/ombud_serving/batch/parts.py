"""The output folder of a job: what is in it is whole, whatever happened to the job.

    job.json          which job the folder belongs to
    part-00000.parquet ...   predictions, one file for each range of rows
    manifest.jsonl    one line a committed part: rows, counts, SHA-256
    errors.parquet    all rejected rows, written when the last part is committed
    summary.json      what the job came to; there when it is finished
    .ids.sqlite       ids of committed predictions, while a run is at work
    .errors/          rejected rows of committed parts, until errors.parquet is written
    .lock             held by the run that writes

A part is committed in this order: its rejected rows, its file, its line. Each file is written
under another name, flushed to disk, read back and renamed, so that a line never names a file
that is not there, and a part without a line is simply made again.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import filelock
import pyarrow as pa
import pyarrow.parquet as pq

from ombud.atomic import append_line, replacing
from ombud.errors import BusyError, OutputError, UsageError
from ombud_serving.batch.files import sha256_of, write_table
from ombud_serving.batch.ids import SeenIds
from ombud_serving.batch.inputs import Inputs, Listing, changes
from ombud_serving.batch.job import Job, Summary
from ombud_serving.batch.manifest import Part, read_manifest, repair_manifest
from ombud_serving.batch.pending import Pending
from ombud_serving.batch.schema import ERRORS
from ombud_serving.batch.stream import Place

__all__ = ["Results"]

_JOB: Final = "job.json"
_MANIFEST: Final = "manifest.jsonl"
_ERRORS: Final = "errors.parquet"
_SUMMARY: Final = "summary.json"
_STAGED: Final = ".errors"
_IDS: Final = ".ids.sqlite"
_LOCK: Final = ".lock"
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Results:
    """The output folder of one job, held by one run at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: list[Part] = []

    @classmethod
    @contextlib.contextmanager
    def held(cls, folder: Path) -> Iterator[Results]:
        """Hold the folder, made if need be, and removed again if no job was begun in it.

        Raises:
            UsageError: If it cannot be a folder for results.
            BusyError: If another run holds it.
        """
        made = not folder.exists()
        lock = filelock.FileLock(folder / _LOCK, timeout=0)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except filelock.Timeout as error:
            message = (
                f"{folder}: expected a folder that no other run writes to, found one at work; "
                "wait for it to end or name another folder"
            )
            raise BusyError(message) from error
        except OSError as error:
            found = "a file" if folder.is_file() else os.strerror(error.errno or 0).lower()
            message = (
                f"{folder}: expected a folder that can be written, found: {found}; "
                "name another folder or change its permissions"
            )
            raise UsageError(message) from error
        try:
            yield cls(folder)
        finally:
            if made and not (folder / _JOB).exists():
                (folder / _LOCK).unlink(missing_ok=True)
                with contextlib.suppress(OSError):
                    folder.rmdir()
            lock.release()

    @property
    def parts(self) -> Sequence[Part]:
        """The committed parts, in order."""
        return self._parts

    @property
    def rows(self) -> int:
        """How many rows of the input are behind the committed parts."""
        return self._parts[-1].first_row + self._parts[-1].rows if self._parts else 0

    @property
    def after(self) -> Place:
        """Where in the input the next part begins."""
        return (
            Place(self._parts[-1].next_file, self._parts[-1].next_row) if self._parts else Place()
        )

    def recover(self, job: Job, inputs: Inputs) -> Summary | None:
        """Take up what was committed for `job` before; its summary says that it is finished.

        Raises:
            UsageError: If the folder holds anything else.
            OutputError: If what was committed is no longer there as it was.
        """
        with self._writing():
            if not (self._folder / _JOB).exists():
                self._refuse_foreign()
                return None
            self._refuse_other(job, inputs)
            for leftover in [*self._folder.glob(".*.tmp"), *self._staged.glob(".*.tmp")]:
                leftover.unlink()
            repair_manifest(self._folder / _MANIFEST)
            self._parts = self._read_manifest()
            for part in self._parts:
                self._check(self._folder / part.part, part.sha256)
            if (self._folder / _SUMMARY).exists():
                summary = self._read_summary()
                shutil.rmtree(self._staged, ignore_errors=True)
                return summary
            for part in self._parts:
                if part.errors_sha256:
                    self._check(self._staged / part.part, part.errors_sha256)
            return None

    def check_free(self) -> None:
        """Do nothing if there is no folder, or nothing in it.

        Raises:
            UsageError: If there is a file, or anything in the folder.
        """
        if self._folder.is_dir():
            with self._writing():
                self._refuse_foreign()
        elif self._folder.exists():
            message = f"{self._folder}: expected a folder, found a file; name another folder"
            raise UsageError(message)

    def peek(self, job: Job, inputs: Inputs) -> bool:
        """Look at the results in the folder and change nothing; say whether the job is finished.

        Raises:
            UsageError: If the folder holds anything else.
            OutputError: If what was committed is no longer there as it was.
        """
        with self._writing():
            self._refuse_other(job, inputs)
            self._parts = self._read_manifest()
            return (self._folder / _SUMMARY).exists()

    def claim(self, job: Job, listing: Listing, inputs: Inputs) -> None:
        """Write down that the folder belongs to `job`.

        Raises:
            OutputError: If it cannot be written.
        """
        if not (self._folder / _JOB).exists():
            content = {
                "digest": job.digest,
                "source": str(listing.source).encode("utf-8", "backslashreplace").decode(),
                "job": job.to_json(),
                "files": inputs.to_json(),
            }
            with self._writing():
                self._write_json(_JOB, content)

    @contextlib.contextmanager
    def seen_ids(self) -> Iterator[SeenIds]:
        """Yield the ids of the committed predictions, to be added to.

        Raises:
            OutputError: Also from inside the block, if there is no room for them.
        """
        try:
            with SeenIds.at(self._folder / _IDS) as seen:
                for part in self._parts:
                    with self._writing(), pq.ParquetFile(self._folder / part.part) as table:
                        for batch in table.iter_batches(columns=["id"]):
                            seen.update(batch.column("id").to_pylist())
                yield seen
        except sqlite3.Error as error:
            raise self._unwritable(str(error), full="full" in str(error)) from error

    def commit(self, pending: Pending, schema: pa.Schema) -> Part:
        """Commit the next rows of the input as one part with the columns of `schema`.

        Raises:
            OutputError: If it cannot be written; earlier parts stay as they are.
        """
        name = f"part-{len(self._parts):05d}.parquet"
        with self._writing():
            errors_sha256 = ""
            if pending.errors:
                self._staged.mkdir(exist_ok=True)
                errors_sha256 = write_table(self._staged / name, ERRORS, [pending.errors])
            sha256 = write_table(self._folder / name, schema, [pending.predictions])
            part = pending.part(name, self.rows, sha256, errors_sha256)
            append_line(self._folder / _MANIFEST, json.dumps(asdict(part)))
        self._parts.append(part)
        return part

    def finish(self, summary: Summary) -> None:
        """Write `errors.parquet` and the summary.

        Raises:
            OutputError: If they cannot be written.
        """
        staged = (self._staged / part.part for part in self._parts if part.errors_sha256)
        with self._writing():
            tables = (pq.read_table(path).to_pylist() for path in staged)
            errors_sha256 = write_table(self._folder / _ERRORS, ERRORS, tables)
            content = {"errors_sha256": errors_sha256, "summary": summary.to_json()}
            self._write_json(_SUMMARY, content)
            shutil.rmtree(self._staged, ignore_errors=True)

    @property
    def _staged(self) -> Path:
        return self._folder / _STAGED

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Say in one sentence what keeps the folder from being read or written."""
        try:
            yield
        except OSError as error:
            found = os.strerror(error.errno).lower() if error.errno else str(error)
            raise self._unwritable(found, full=error.errno in _FULL) from error

    def _unwritable(self, found: str, *, full: bool) -> OutputError:
        wanted = "room for the results" if full else "a folder in good order"
        return OutputError(
            f"{self._folder}: expected {wanted}, found: {found}; what was committed is "
            "whole, put this right and run the same command again to go on"
        )

    def _refuse_foreign(self) -> None:
        names = sorted(p.name for p in self._folder.iterdir() if not p.name.startswith("."))
        if names:
            message = (
                f"{self._folder}: expected a new or empty folder, or one of the same job, found "
                f"{', '.join(names[:5])}; name another folder"
            )
            raise UsageError(message)

    def _refuse_other(self, job: Job, inputs: Inputs) -> None:
        found = self._read_json(_JOB)
        if found.get("digest") == job.digest:
            return
        other = found.get("job")
        names = job.differences(other if isinstance(other, dict) else {})
        if "input" in names and (files := changes(found.get("files") or [], inputs)):
            names[names.index("input")] = f"input ({files})"
        differs = ", ".join(names)
        message = (
            f"{self._folder}: expected results of the same job, found those of one with another "
            f"{differs or 'digest'}; name another folder"
        )
        raise UsageError(message)

    def _read_manifest(self) -> list[Part]:
        path = self._folder / _MANIFEST
        try:
            return read_manifest(path)
        except ValueError as error:
            raise self._changed(path) from error

    def _read_summary(self) -> Summary:
        content = self._read_json(_SUMMARY)
        try:
            summary = Summary(**content["summary"])
            errors_sha256 = content["errors_sha256"]
        except (KeyError, TypeError) as error:
            raise self._changed(self._folder / _SUMMARY) from error
        self._check(self._folder / _ERRORS, errors_sha256)
        return replace(summary, state="already_scored")

    def _check(self, path: Path, sha256: str) -> None:
        if not path.exists() or sha256_of(path) != sha256:
            raise self._changed(path)

    def _changed(self, path: Path) -> OutputError:
        found = "it changed" if path.exists() else "it is gone"
        message = (
            f"{path}: expected the file as it was committed, found: {found}; "
            "put it back or score into another folder"
        )
        return OutputError(message)

    def _write_json(self, name: str, content: Mapping[str, Any]) -> None:
        with replacing(self._folder / name) as temporary:
            temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")

    def _read_json(self, name: str) -> dict[str, Any]:
        path = self._folder / name
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise self._changed(path) from error
        if not isinstance(content, dict):
            raise self._changed(path)
        return content
