"""Scoring a table on this machine, as a stream, one committed part at a time."""

from __future__ import annotations

import hashlib
import itertools
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from ombud.bundle import verify_bundle
from ombud.documents import Document
from ombud.errors import BundleError, OmbudError, UsageError
from ombud.predictor import Predictor, load
from ombud.readers import Columns, Row, read_rows
from ombud.taxonomy import OUTCOMES
from ombud.views import VIEWS, View
from ombud_serving.batch.job import Job, Source, State, Summary
from ombud_serving.batch.parts import Results
from ombud_serving.batch.schema import to_columns

__all__ = ["Summary", "score"]

_DOCUMENTS_AT_ONCE: Final = 32
_CHARACTERS_AT_ONCE: Final = 4_000_000
"""Documents times the longest of them: what is computed together is as long as its longest."""


def score(
    source: Path,
    out: Path,
    *,
    bundle: Path,
    view: View,
    columns: Columns,
    part_rows: int = 1000,
    error_rate: float | None = None,
    progress: Callable[[int], None] | None = None,
) -> Summary:
    """Score every row of the table `source` into the folder `out`.

    A row that cannot be scored goes to `errors.parquet` with its reason and stops nothing. Run
    again after it was stopped, a job goes on behind its last committed part; run again after
    it was finished, it does nothing.

    Args:
        source: A `.csv`, `.jsonl`/`.ndjson` or `.parquet` file.
        out: A new or empty folder, or that of the same job.
        bundle: The folder of the model.
        view: What the model may read.
        columns: Names of the columns to read.
        part_rows: How many rows of the input one part stands for.
        error_rate: Share of wrong outcomes to abstain for; by default as the bundle was
            calibrated.
        progress: Called with the number of rows behind, those of an earlier run included.

    Raises:
        UsageError: If the call is wrong, or `out` holds something else.
        InputError: If the table cannot be read, or changes while it is read.
        BundleError: If the bundle is missing or damaged.
        OutputError: If the results cannot be written; committed parts stay whole.
    """
    started = time.monotonic()
    _check_options(view, part_rows)
    next(read_rows(source, columns), None)
    with Results.held(out) as results:
        content = Source.of(source)
        _, bundle_sha256 = verify_bundle(bundle)
        job = Job(
            input_sha256=content.sha256,
            input_form=source.suffix.lower(),
            bundle_sha256=bundle_sha256,
            view=view,
            text_column=columns.text,
            id_column=columns.id,
            part_rows=part_rows,
            error_rate=error_rate,
        )
        finished = results.recover(job)
        if finished is not None:
            return finished
        predictor = _load(bundle, bundle_sha256, error_rate)
        results.claim(job, source)
        state: State = "resumed" if results.parts else "scored"
        scorer = _Scorer(predictor, view, columns, results, progress or (lambda _: None))
        _score_rows(scorer, results, content, columns, part_rows)
        summary = _summary(results, time.monotonic() - started, state)
        results.finish(summary)
        return summary


def _score_rows(
    scorer: _Scorer, results: Results, content: Source, columns: Columns, part_rows: int
) -> None:
    """Score the rows behind the committed parts; no part is committed of a changed input."""
    for row in itertools.islice(read_rows(content.path, columns), results.rows, None):
        scorer.take(row)
        if scorer.rows == part_rows:
            content.check()
            scorer.commit()
    content.check()
    if scorer.rows or not results.parts:
        # An empty table has one part, so that its columns can be read.
        scorer.commit()


class _Scorer:
    """Rows of the present part: predicted a few documents at a time, then committed."""

    def __init__(
        self,
        predictor: Predictor,
        view: View,
        columns: Columns,
        results: Results,
        progress: Callable[[int], None],
    ) -> None:
        self._predictor = predictor
        self._view = view
        self._columns = columns
        self._results = results
        self._progress = progress
        # Digests, so that an id costs the same however long it is.
        self._ids = {_digest(identifier) for identifier in results.scored_ids()}
        self.rows = 0
        self._waiting: list[tuple[Row, Document]] = []
        self._longest = 0
        self._predictions: list[dict[str, Any]] = []
        self._errors: list[dict[str, Any]] = []
        progress(results.rows)

    def take(self, row: Row) -> None:
        """Add the next row of the table to the part."""
        self.rows += 1
        try:
            document = row.document(self._columns)
        except OmbudError as error:
            self._reject(row, str(error))
            return
        if _digest(document.id) in self._ids:
            self._reject(row, _twice(row, document))
            return
        longest = max(self._longest, len(document.text))
        if self._waiting and (
            len(self._waiting) == _DOCUMENTS_AT_ONCE
            or longest * (len(self._waiting) + 1) > _CHARACTERS_AT_ONCE
        ):
            self._predict()
            self._progress(self._results.rows + self.rows - 1)
            longest = len(document.text)
        self._longest = longest
        self._waiting.append((row, document))

    def commit(self) -> None:
        """Commit the part and begin the next one."""
        self._predict()
        self._errors.sort(key=lambda error: error["row"])
        self._results.commit(self.rows, self._predictions, self._errors)
        self.rows = 0
        self._predictions, self._errors = [], []
        self._progress(self._results.rows)

    def _predict(self) -> None:
        waiting, self._waiting = self._waiting, []
        documents = [document for _, document in waiting]
        for (row, document), result in zip(
            waiting, self._predictor.predict_each(documents, self._view), strict=True
        ):
            if isinstance(result, OmbudError):
                self._reject(row, str(result))
            elif (digest := _digest(document.id)) in self._ids:
                self._reject(row, _twice(row, document))
            else:
                self._ids.add(digest)
                self._predictions.append(to_columns(row.number, result))

    def _reject(self, row: Row, reason: str) -> None:
        identifier = row.identifier(self._columns)
        self._errors.append(
            {
                "row": row.number,
                "id": None if identifier is None else _writable(identifier),
                "reason": _writable(reason),
            }
        )


def _check_options(view: str, part_rows: int) -> None:
    if view not in VIEWS:
        message = f"expected a view out of {', '.join(VIEWS)}, found {view!r}; name one of these"
        raise UsageError(message)
    if part_rows < 1:
        message = f"expected at least 1 row a part, found {part_rows}; give a larger number"
        raise UsageError(message)


def _load(bundle: Path, sha256: str, error_rate: float | None) -> Predictor:
    predictor = load(bundle, error_rate=error_rate)
    if predictor.info.sha256 != sha256:
        message = (
            f"{bundle}: expected the bundle to stay as it was when the job began, found another "
            "in its place; run the same command again"
        )
        raise BundleError(message)
    return predictor


def _summary(results: Results, seconds: float, state: State) -> Summary:
    parts = results.parts
    scored = sum(part.scored for part in parts)
    counts = {o.label: sum(part.outcomes[o.label] for part in parts) for o in OUTCOMES}
    return Summary(
        rows=results.rows,
        scored=scored,
        rejected=sum(part.rejected for part in parts),
        abstained=sum(part.abstained for part in parts),
        parts=len(parts),
        shares={label: count / max(1, scored) for label, count in counts.items()},
        seconds=seconds,
        state=state,
    )


def _twice(row: Row, document: Document) -> str:
    return (
        f"row {row.number}: expected each id once, found {document.id!r} on an earlier row; "
        "give each row its own id"
    )


def _digest(identifier: str) -> bytes:
    return hashlib.blake2b(identifier.encode(), digest_size=16).digest()


def _writable(words: str) -> str:
    """Return words that Parquet can hold: a lone surrogate becomes its escape."""
    return words.encode("utf-8", "backslashreplace").decode()
