"""The output folder of a job: what is in it is whole, whatever happened to the job.

    job.json          which job the folder belongs to
    part-00000.parquet ...   predictions, one file for each range of rows
    manifest.jsonl    one line a committed part: rows, counts, SHA-256
    errors.parquet    all rejected rows, written when the last part is committed
    summary.json      what the job came to; there when it is finished
    .errors/          rejected rows of committed parts, until errors.parquet is written
    .lock             held by the run that writes

A part is committed in this order: its rejected rows, its file, its line. Each file is written
under another name, closed, read back, flushed to disk and renamed, so that a line never names
a file that is not there, and a part without a line is simply made again.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import filelock
import pyarrow.parquet as pq

from ombud.atomic import append_line, replacing
from ombud.errors import OutputError, UsageError
from ombud.taxonomy import OUTCOMES
from ombud_serving.batch.files import sha256_of, write_table
from ombud_serving.batch.job import Job, Summary
from ombud_serving.batch.schema import ERRORS, PREDICTIONS

__all__ = ["Part", "Results"]

_JOB: Final = "job.json"
_MANIFEST: Final = "manifest.jsonl"
_ERRORS: Final = "errors.parquet"
_SUMMARY: Final = "summary.json"
_STAGED: Final = ".errors"
_LOCK: Final = ".lock"
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True)
class Part:
    """A committed part: its file, the rows of the input it stands for, counts and hashes."""

    part: str
    first_row: int
    rows: int
    scored: int
    rejected: int
    abstained: int
    outcomes: Mapping[str, int]
    sha256: str
    errors_sha256: str


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
            UsageError: If it cannot be a folder for results, or another run holds it.
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
            raise UsageError(message) from error
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

    def recover(self, job: Job) -> Summary | None:
        """Take up what was committed for `job` before; its summary says that it is finished.

        Raises:
            UsageError: If the folder holds anything else.
            OutputError: If what was committed is no longer there as it was.
        """
        with self._writing():
            if not (self._folder / _JOB).exists():
                self._refuse_foreign()
                return None
            self._refuse_other(job)
            for leftover in [*self._folder.glob(".*.tmp"), *self._staged.glob(".*.tmp")]:
                leftover.unlink()
            self._parts = self._read_manifest()
            for part in self._parts:
                self._check(self._folder / part.part, part.sha256)
            if (self._folder / _SUMMARY).exists():
                summary = self._read_summary()
                shutil.rmtree(self._staged, ignore_errors=True)
                return summary
            for part in self._parts:
                if part.rejected:
                    self._check(self._staged / part.part, part.errors_sha256)
            return None

    def claim(self, job: Job, source: Path) -> None:
        """Write down that the folder belongs to `job`.

        Raises:
            OutputError: If it cannot be written.
        """
        if not (self._folder / _JOB).exists():
            content = {"digest": job.digest, "source": str(source), "job": asdict(job)}
            with self._writing():
                self._write_json(_JOB, content)

    def scored_ids(self) -> Iterator[str]:
        """Yield the id of every committed prediction."""
        for part in self._parts:
            yield from pq.read_table(self._folder / part.part, columns=["id"])["id"].to_pylist()

    def commit(
        self,
        rows: int,
        predictions: Sequence[Mapping[str, Any]],
        errors: Sequence[Mapping[str, Any]],
    ) -> Part:
        """Commit the next `rows` rows of the input as one part.

        Raises:
            OutputError: If it cannot be written; earlier parts stay as they are.
        """
        name = f"part-{len(self._parts):05d}.parquet"
        with self._writing():
            errors_sha256 = ""
            if errors:
                self._staged.mkdir(exist_ok=True)
                errors_sha256 = write_table(self._staged / name, ERRORS, [errors])
            sha256 = write_table(self._folder / name, PREDICTIONS, [predictions])
            labels = [prediction["outcome"] for prediction in predictions]
            part = Part(
                part=name,
                first_row=self.rows,
                rows=rows,
                scored=len(predictions),
                rejected=len(errors),
                abstained=sum(prediction["abstained"] for prediction in predictions),
                outcomes={o.label: labels.count(o.label) for o in OUTCOMES},
                sha256=sha256,
                errors_sha256=errors_sha256,
            )
            append_line(self._folder / _MANIFEST, json.dumps(asdict(part)))
        self._parts.append(part)
        return part

    def finish(self, summary: Summary) -> None:
        """Write `errors.parquet` and the summary.

        Raises:
            OutputError: If they cannot be written.
        """
        staged = (self._staged / part.part for part in self._parts if part.rejected)
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
            wanted = "room for the results" if error.errno in _FULL else "a folder in good order"
            message = (
                f"{self._folder}: expected {wanted}, found: {found}; what was committed is "
                "whole, put this right and run the same command again to go on"
            )
            raise OutputError(message) from error

    def _refuse_foreign(self) -> None:
        names = sorted(p.name for p in self._folder.iterdir() if not p.name.startswith("."))
        if names:
            message = (
                f"{self._folder}: expected a new or empty folder, or one of the same job, found "
                f"{', '.join(names[:5])}; name another folder"
            )
            raise UsageError(message)

    def _refuse_other(self, job: Job) -> None:
        found = self._read_json(_JOB)
        if found.get("digest") == job.digest:
            return
        other = found.get("job")
        differs = ", ".join(job.differences(other if isinstance(other, dict) else {}))
        message = (
            f"{self._folder}: expected results of the same job, found those of one with another "
            f"{differs or 'digest'}; name another folder"
        )
        raise UsageError(message)

    def _read_manifest(self) -> list[Part]:
        path = self._folder / _MANIFEST
        if not path.exists():
            return []
        whole, _, torn = path.read_bytes().rpartition(b"\n")
        if torn:
            # The run was killed while it wrote the line: its part is made again.
            with replacing(path) as temporary:
                temporary.write_bytes(whole + b"\n" if whole else b"")
        try:
            parts = [Part(**json.loads(line)) for line in whole.splitlines()]
        except (ValueError, TypeError) as error:
            raise self._changed(path) from error
        ends = itertools.accumulate((part.rows for part in parts), initial=0)
        if any(part.first_row != end for part, end in zip(parts, ends, strict=False)):
            raise self._changed(path)
        return parts

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
