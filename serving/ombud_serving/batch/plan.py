"""What a job would do and about how long it would take, measured on a small sample."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from ombud.errors import InputError, OmbudError
from ombud.readers.opening import Meter, table_form
from ombud.readers.parquet import parquet_file
from ombud.readers.tables import read_rows
from ombud_serving.batch.computing import chosen_backend, loader
from ombud_serving.batch.engine import Engine, load
from ombud_serving.batch.inputs import InputFile, Inputs, Listing
from ombud_serving.batch.kept import Kept
from ombud_serving.batch.local import Options, identify, prepare
from ombud_serving.batch.outlook import outlook
from ombud_serving.batch.parts import Results
from ombud_serving.batch.scorer import Reading, read_document
from ombud_serving.batch.stream import Item, Place
from ombud_serving.batch.watch import Watch

if TYPE_CHECKING:
    from ombud.documents import Document

__all__ = ["Plan", "plan"]

_FILES: Final = 8
"""Files looked at, spread over the input."""
_SAMPLE: Final = 64
"""Rows that are scored."""
_SECONDS: Final = 5.0
_COUNTED: Final = 2000
"""Rows of a CSV or JSONL file that are read to tell how many there are in it."""
_AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done.

    Attributes:
        out: What the output folder is: new, or how far an earlier run of the same job came.
        files: Files of the input.
        skipped: Names of files in a folder that are no tables.
        bytes: Size of all files.
        rows: Rows of the input.
        counted: Whether `rows` is exact, not estimated from a part of it.
        done: Rows that earlier runs did.
        sample: Rows of the sample.
        rejected: Rows of the sample that would be rejected.
        reason: Why the first of them would be.
        rows_per_second: As measured on the sample; 0 if there is no row.
        seconds: About how long the rest would take, loading the bundle included.
        cores: Cores of this machine that it may use.
    """

    out: Literal["new", "begun", "finished"]
    files: int
    skipped: tuple[str, ...]
    bytes: int
    rows: int
    counted: bool
    done: int
    sample: int
    rejected: int
    reason: str
    rows_per_second: float
    seconds: float
    cores: int

    def to_json(self) -> dict[str, Any]:
        """Return the plan as a JSON object."""
        outlooks = [one.to_json() for one in outlook(self.rows_per_second)]
        return {**asdict(self), "skipped": list(self.skipped), "outlook": outlooks}


def plan(source: Path, out: Path, options: Options, watch: Watch | None = None) -> Plan:
    """Say what `score` would do with the same arguments; nothing is written.

    Only where `out` holds results is the whole input read, to tell whether they are of this job.

    Raises:
        UsageError: If the call is wrong, or `out` holds something else.
        InputError: If no table can be read.
        BundleError: If the bundle is missing or damaged.
        OutputError: If what was committed is no longer there as it was.
    """
    watch = watch or Watch()
    options.check()
    backend = chosen_backend(options.backend, options.bundle, options.view, out, watch)
    options = replace(options, backend=backend)
    listing = prepare(source, out, options, watch)
    state, results = _peek(listing, out, options, watch)
    started = time.monotonic()
    # Without the cache: what it holds of a small sample says little of the rest.
    with loader(load, options.bundle, backend, None) as load_with:
        engine = load_with(options.bundle, error_rate=options.error_rate)
    loading = time.monotonic() - started
    files = [_as_found(path, name) for path, name in listing.files]
    rows, counted = _count(files, options)
    kept = Kept(options.keep, [file.path for file in files])
    reading = Reading(options.view, options.reading, kept, len(files))
    sample = _Sample(engine, reading)
    sample.measure(_spread(files))
    left = 0 if state == "finished" else max(0, rows - results.rows)
    return Plan(
        out=state,
        files=len(files),
        skipped=listing.skipped,
        bytes=sum(file.size for file in files),
        rows=rows,
        counted=counted,
        done=results.rows,
        sample=sample.rows,
        rejected=sample.rejected,
        reason=sample.reason,
        rows_per_second=sample.rate,
        seconds=loading + left / sample.rate if left and sample.rate else 0.0,
        cores=len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count() or 1,
    )


def _peek(
    listing: Listing, out: Path, options: Options, watch: Watch
) -> tuple[Literal["new", "begun", "finished"], Results]:
    results = Results(out)
    if not (out / "job.json").exists():
        results.check_free()
        return "new", results
    job, inputs, _ = identify(listing, options, watch)
    finished = results.peek(job, inputs)
    return ("finished" if finished else "begun"), results


def _as_found(path: Path, name: str) -> InputFile:
    size = path.stat().st_size if path.exists() else 0
    return InputFile(path, name, "", size, (0, 0, 0))


def _spread(files: Sequence[InputFile]) -> list[InputFile]:
    step = max(1.0, len(files) / _FILES)
    places = dict.fromkeys(int(number * step) for number in range(min(_FILES, len(files))))
    return [files[place] for place in places]


def _count(files: Sequence[InputFile], options: Options) -> tuple[int, bool]:
    """Return how many rows there are, and whether that is exact."""
    looked_at = _spread(files)
    counts = [_rows_of(file, options) for file in looked_at]
    rows = sum(count for count, _ in counts)
    size = sum(file.size for file in looked_at)
    if len(looked_at) < len(files):
        return round(rows * Inputs(tuple(files)).size / max(1, size)), False
    return rows, all(exact for _, exact in counts)


def _rows_of(file: InputFile, options: Options) -> tuple[int, bool]:
    try:
        if table_form(file.path) == "parquet":
            with parquet_file(file.path) as table:
                return int(table.metadata.num_rows), True
        meter, count = Meter(), 0
        rows = read_rows(file.path, options.reading, lenient=True, meter=meter)
        for _ in itertools.islice(rows, _COUNTED):
            count += 1
    except InputError:
        return 0, False
    if count < _COUNTED or next(rows, None) is None:
        return count, True
    return round(count / max(meter.share, 1e-9)), False


class _Sample:
    """Some rows, read and scored as a job would do it."""

    def __init__(self, engine: Engine, reading: Reading) -> None:
        self._engine = engine
        self._reading = reading
        self.rows = self.rejected = 0
        self.reason = ""
        self.rate = 0.0

    def measure(self, files: Sequence[InputFile]) -> None:
        """Score rows of `files`, the first ones to warm up and the others by the clock."""
        documents = self._documents(files)
        warm = list(itertools.islice(documents, 1))
        self._predict(warm)
        started, first = time.monotonic(), self.rows
        while waiting := list(itertools.islice(documents, _AT_ONCE)):
            self._predict(waiting)
            if time.monotonic() - started > _SECONDS:
                break
        seconds = time.monotonic() - started
        if self.rows == first:
            # A single row: what warmed up is all there is to go by.
            started, first = time.monotonic(), 0
            self._predict(warm)
            seconds = time.monotonic() - started
        self.rate = (self.rows - first) / max(seconds, 1e-9) if self.rows else 0.0

    def _documents(self, files: Sequence[InputFile]) -> Iterator[Document]:
        for file in files:
            rows = read_rows(file.path, self._reading.columns, lenient=True)
            try:
                for row in itertools.islice(rows, _SAMPLE // len(files)):
                    self.rows += 1
                    try:
                        item = Item(file, row, "", Place())
                        yield read_document(self._reading, item, row)[0]
                    except OmbudError as error:
                        self._reject(str(error))
            except InputError as error:
                self.reason = self.reason or str(error)

    def _predict(self, documents: Sequence[Document]) -> None:
        if not documents:
            return
        for result in self._engine.predict_each(documents, self._reading.view):
            if isinstance(result, OmbudError):
                self._reject(str(result))

    def _reject(self, reason: str) -> None:
        self.rejected += 1
        self.reason = self.reason or reason
