"""Scoring tables on this machine, as a stream, one committed part at a time."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ombud.encoding.backends import REFERENCE, BackendChoice
from ombud.errors import UsageError
from ombud.readers.columns import Columns
from ombud.taxonomy import OUTCOMES, REASONS
from ombud_serving.batch.computing import chosen_backend, loader
from ombud_serving.batch.engine import load, loaded, verified
from ombud_serving.batch.inputs import Inputs, Listing, check_columns, find
from ombud_serving.batch.job import Job, State, Summary
from ombud_serving.batch.kept import Kept
from ombud_serving.batch.parts import Results
from ombud_serving.batch.scorer import Reading, Scorer
from ombud_serving.batch.stream import Stream
from ombud_serving.batch.watch import Limit, Progress, Watch

if TYPE_CHECKING:
    from ombud.views import View

__all__ = ["Options", "Summary", "identify", "prepare", "score"]


@dataclass(frozen=True, slots=True)
class Options:
    """What is done with the input.

    Attributes:
        bundle: The folder of the model.
        view: What the model may read.
        columns: Names of the columns to read.
        keep: Columns to carry through to the results.
        part_rows: How many rows of the input one part stands for.
        error_rate: Share of wrong outcomes to abstain for; by default as the bundle was
            calibrated.
        backend: What computes sentence vectors; `auto` for the best one here.
        cache: File that sentence vectors are kept in between jobs.
    """

    bundle: Path
    view: View
    columns: Columns
    keep: tuple[str, ...] = ()
    part_rows: int = 1000
    error_rate: float | None = None
    backend: BackendChoice = REFERENCE
    cache: Path | None = None

    @property
    def reading(self) -> Columns:
        """All columns to read, those that are kept among them."""
        named = {**dict.fromkeys(self.keep, "--keep"), **self.columns.named}
        return replace(self.columns, named=named)

    def job(self, input_sha256: str, bundle_sha256: str, engine: str | None = None) -> Job:
        """Return the job of doing this to an input; no engine is this machine."""
        return Job(
            input_sha256=input_sha256,
            bundle_sha256=bundle_sha256,
            view=self.view,
            text_column=self.columns.text,
            id_column=self.columns.id,
            keep=self.keep,
            part_rows=self.part_rows,
            error_rate=self.error_rate,
            engine=engine,
            backend=None if self.backend == REFERENCE else self.backend,
        )

    def check(self) -> None:
        """Do nothing if the values are possible.

        Raises:
            UsageError: If one is not.
        """
        from ombud.views import VIEWS

        if self.view not in VIEWS:
            views = ", ".join(VIEWS)
            message = f"expected a view out of {views}, found {self.view!r}; name one of these"
            raise UsageError(message)
        if self.part_rows < 1:
            message = (
                f"expected at least 1 row a part, found {self.part_rows}; give a larger number"
            )
            raise UsageError(message)


def score(
    source: Path,
    out: Path,
    *,
    options: Options,
    limit: Limit | None = None,
    watch: Watch | None = None,
) -> Summary:
    """Score every row of the tables `source` into the folder `out`.

    A row that cannot be scored, and a file that cannot be read to its end, goes to
    `errors.parquet` with its reason and stops nothing. Run again after it was stopped, a job
    goes on behind its last committed part; run again after it was finished, it does nothing.

    Args:
        source: A table, a folder with tables in it, or a pattern.
        out: A new or empty folder, or that of the same job.
        options: What is done with the input.
        limit: How much may be rejected before the job is stopped.
        watch: Told what is done.

    Raises:
        UsageError: If the call is wrong, or `out` holds something else.
        InputError: If no table can be read, or one changes while it is read.
        BundleError: If the bundle is missing or damaged.
        BusyError: If another run is at work on `out`.
        OutputError: If the results cannot be written; committed parts stay whole.
        RejectedError: If more was rejected than a number in `limit` allows.
    """
    started = time.monotonic()
    watch = watch or Watch()
    listing = prepare(source, out, options, watch)
    with Results.held(out) as results:
        options.check()
        bundle = options.bundle
        name = chosen_backend(options.backend, bundle, options.view, out, watch)
        options = replace(options, backend=name)
        job, inputs, kept = identify(listing, options, watch)
        finished = results.recover(job, inputs)
        watch.identified(job)
        if finished is not None:
            return finished
        with loader(load, bundle, name, options.cache) as load_with:
            engine = loaded(bundle, options.error_rate, job.bundle_sha256, load_with)
            results.claim(job, listing, inputs)
            state: State = "resumed" if results.parts else "scored"
            watch.began(job, results.rows)
            reading = Reading(options.view, options.reading, kept, len(inputs.files))
            with results.seen_ids() as seen:
                scorer = Scorer(engine, reading, results, seen, limit or Limit(), watch)
                _score_all(scorer, results, inputs, options, watch)
        summary = _summary(job, results, inputs, time.monotonic() - started, state)
        results.finish(summary)
        return summary


def prepare(source: Path, out: Path, options: Options, watch: Watch) -> Listing:
    """List the files of the input and look whether the columns are there.

    Raises:
        InputError: If no table can be read.
        UnknownColumnError: If a column is in none.
    """
    listing = find(source, out)
    watch.listed(len(listing.files), listing.skipped)
    check_columns(listing, options.reading)
    return listing


def identify(listing: Listing, options: Options, watch: Watch) -> tuple[Job, Inputs, Kept]:
    """Read every file and the bundle for their digests; return the job that these make.

    Raises:
        InputError: If a file cannot be read.
        BundleError: If the bundle is missing or damaged.
        UsageError: If two kept columns would have one name.
    """
    kept = Kept(options.keep, [path for path, _ in listing.files])
    bundle_sha256 = verified(options.bundle)
    size = sum(path.stat().st_size for path, _ in listing.files if path.exists())
    behind = 0

    def read(count: int) -> None:
        nonlocal behind
        behind += count
        watch.digesting(behind, size)

    inputs = Inputs.digested(listing, read)
    return options.job(inputs.sha256, bundle_sha256), inputs, kept


def _score_all(
    scorer: Scorer, results: Results, inputs: Inputs, options: Options, watch: Watch
) -> None:
    """Score what is behind the committed parts; no part is committed of a changed input."""
    stream = Stream(inputs, options.reading, results.after)
    started, first_row, first_share = time.monotonic(), results.rows, 0.0

    def tell(share: float) -> None:
        seconds = time.monotonic() - started
        new_share = max(0.0, share - first_share)
        rows = scorer.predicted
        watch.progress(Progress(rows, share, rows - first_row, new_share, seconds))

    tell(0.0)
    for number, item in enumerate(stream):
        if number == 0:
            first_share = stream.share if results.parts else 0.0
        if scorer.take(item):
            tell(stream.share)
        if scorer.items == options.part_rows:
            inputs.check()
            scorer.commit()
            tell(stream.share)
    inputs.check()
    if scorer.items or not results.parts:
        # An empty table has one part, so that its columns can be read.
        scorer.commit()
    tell(1.0)


def _summary(job: Job, results: Results, inputs: Inputs, seconds: float, state: State) -> Summary:
    parts = results.parts
    scored = sum(part.scored for part in parts)
    outcomes = {o.label: sum(part.outcomes[o.label] for part in parts) for o in OUTCOMES}
    reasons = {r.label: sum(part.reasons.get(r.label, 0) for part in parts) for r in REASONS}
    sentences = sum(part.sentences for part in parts)
    return Summary(
        job=job.digest,
        files=len(inputs.files),
        rows=results.rows,
        scored=scored,
        rejected=sum(part.rejected for part in parts),
        unreadable=sum(part.unreadable for part in parts),
        abstained=sum(part.abstained for part in parts),
        parts=len(parts),
        shares={label: count / max(1, scored) for label, count in outcomes.items()},
        reasons={label: count / max(1, scored) for label, count in reasons.items() if count},
        sentences=sentences,
        reused=sentences - sum(part.encoded for part in parts),
        filed=sum(part.filed for part in parts),
        scoring_seconds=sum(part.seconds for part in parts),
        seconds=seconds,
        state=state,
    )
