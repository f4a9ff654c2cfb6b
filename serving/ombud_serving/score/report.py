"""What `ombud score` leaves at its end, for people, schedulers, Prometheus and MLflow."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ombud.atomic import replacing
from ombud.errors import OmbudError, OutputError, UsageError
from ombud_serving.batch.metrics import check_metrics_file, write_metrics
from ombud_serving.batch.outlook import said_outlook
from ombud_serving.score.log import Log, duration

if TYPE_CHECKING:
    from ombud_serving.batch.job import Job, Summary
    from ombud_serving.batch.plan import Plan
    from ombud_serving.score.page import Page
    from ombud_serving.tracking import Tracker

__all__ = ["Ending", "Sinks", "said_plan", "said_summary"]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended.

    Attributes:
        job: Which job it was, `None` if it was not known yet.
        summary: What it came to, `None` if it did not end well.
        code: Exit code.
        message: What is said of a failure.
        seconds: What the run took.
    """

    job: Job | None
    summary: Summary | None
    code: int
    message: str
    seconds: float


class Sinks:
    """Where a run's ending is kept, each checked before the run begins."""

    def __init__(
        self,
        *,
        source: str,
        bundle: Path,
        view: str,
        summary: Path | None,
        metrics: Path | None,
        track: str | None,
        page: Page | None = None,
    ) -> None:
        """Look whether everything can be written.

        Raises:
            OmbudError: If something cannot.
        """
        self._source = source
        self._bundle = bundle
        self._view = view
        self._summary = summary
        self._metrics = metrics
        self._page = page
        self._tracker: Tracker | None = None
        if summary is not None and not summary.parent.is_dir():
            message = f"{summary}: expected a folder to write it in, found none; make it first"
            raise UsageError(message)
        if metrics is not None:
            check_metrics_file(metrics)
        if track is not None:
            from ombud_serving.tracking import Tracker

            self._tracker = Tracker(track)

    def keep(self, ending: Ending, log: Log) -> list[OmbudError]:
        """Keep an ending everywhere; return what could not be kept, each said in the log."""
        errors = []
        for keep in (self._keep_summary, self._keep_page, self._keep_metrics, self._keep_run):
            try:
                keep(ending, log)
            except OmbudError as error:
                errors.append(error)
        return errors

    def _keep_summary(self, ending: Ending, log: Log) -> None:
        if self._summary is None or ending.summary is None:
            return
        content = json.dumps(ending.summary.to_json(), indent=1) + "\n"
        try:
            with replacing(self._summary) as temporary:
                temporary.write_text(content, encoding="utf-8")
        except OSError as error:
            found = (error.strerror or str(error)).lower()
            message = (
                f"{self._summary}: expected room for the summary, found: {found}; "
                "the results are whole"
            )
            raise OutputError(message) from error

    def _keep_page(self, ending: Ending, log: Log) -> None:
        if self._page is not None and ending.summary is not None:
            self._page.write(ending.summary)

    def _keep_metrics(self, ending: Ending, log: Log) -> None:
        if self._metrics is not None:
            labels = {"view": self._view}
            write_metrics(self._metrics, labels, ending.summary, ending.code, ending.seconds)

    def _keep_run(self, ending: Ending, log: Log) -> None:
        if self._tracker is None or ending.job is None:
            return
        from ombud.bundle import verify_bundle
        from ombud.drift import outcome_drift, training_shares
        from ombud_serving.tracking import JobRun

        manifest, _ = verify_bundle(self._bundle)
        metrics = {} if ending.summary is None else _metrics(ending.summary)
        training = training_shares(manifest.metrics)
        if training is None:
            log.say(
                "no_drift",
                f"{self._bundle}: the bundle does not say which shares its training data had; "
                "no drift is kept",
                "warning",
            )
        elif ending.summary is not None and ending.summary.scored:
            drift = outcome_drift(ending.summary.shares, training)
            metrics |= {f"drift.{name}": value for name, value in drift.items()}
        job = ending.job.to_json()
        params = {k: json.dumps(v) if isinstance(v, list) else str(v) for k, v in job.items()}
        run = self._tracker.keep(
            JobRun(
                job=ending.job.digest,
                source=self._source,
                input_sha256=ending.job.input_sha256,
                params={
                    **params,
                    "bundle_name": manifest.name,
                    "bundle_version": manifest.version,
                    "bundle_run_id": manifest.run_id,
                },
                metrics=metrics,
                tags={"exit_code": str(ending.code), "ended": ending.message or "done"},
                failed=ending.code != 0,
                seconds=ending.seconds,
            )
        )
        log.say("tracked", f"kept as MLflow run {run}", run_id=run)


def _metrics(summary: Summary) -> dict[str, float]:
    counts = ("files", "rows", "scored", "rejected", "unreadable", "abstained", "parts")
    return {
        **{name: float(getattr(summary, name)) for name in counts},
        **{f"share.{label}": share for label, share in summary.shares.items()},
        **{f"reason.{label}": share for label, share in summary.reasons.items()},
        "sentences": float(summary.sentences),
        "sentences_reused": float(summary.reused),
        "sentences_filed": float(summary.filed),
        "scoring_seconds": summary.scoring_seconds,
    }


def said_summary(summary: Summary, out: str) -> str:
    """Return the summary in words."""
    head = {
        "scored": "scored",
        "resumed": "went on after an earlier run and scored",
        "already_scored": "found already scored",
    }[summary.state]
    lines = [
        (
            f"{head} {summary.scored:,} of {summary.rows:,} rows into {summary.parts:,} part(s) "
            f"in {out} ({summary.seconds:.1f} s)"
        ),
        *(f"  {label}: {share:.1%}" for label, share in summary.shares.items()),
        f"  not sure, ask a person: {summary.abstained:,}",
    ]
    if summary.sentences:
        reused = summary.reused / summary.sentences
        filed = f", {summary.filed / summary.sentences:.1%} from the cache" if summary.filed else ""
        lines.append(
            f"  sentences: {summary.sentences:,}, {reused:.1%} not computed again{filed}"
            if filed
            else f"  sentences: {summary.sentences:,}, {reused:.1%} known from other rows"
        )
    if summary.rejected or summary.unreadable:
        files = f" and {summary.unreadable:,} file(s)" if summary.unreadable else ""
        where = f"{out.rstrip('/')}/errors.parquet"
        lines.append(f"  rejected: {summary.rejected:,} row(s){files}, with reasons in {where}")
    return "\n".join(lines)


def said_plan(plan: Plan, out: Path) -> str:
    """Return the plan in words."""
    about = "" if plan.counted else "about "
    where = {
        "new": f"into {out}, nothing there yet",
        "begun": f"into {out}, going on behind {plan.done:,} rows",
        "finished": f"into {out}, but that is done",
    }[plan.out]
    what = f"{about}{plan.rows:,} row(s) of {plan.files:,} file(s), {plan.bytes:,} bytes"
    lines = [f"would score {what}, {where}; nothing was written"]
    if plan.rejected:
        lines.append(f"  {plan.rejected:,} of a sample of {plan.sample:,} would be rejected")
    if plan.reason:
        lines.append(f"  the first: {plan.reason}")
    if plan.rows_per_second:
        lines.append(
            f"  takes about {duration(plan.seconds)}: {plan.rows_per_second:,.1f} rows/s on the "
            "sample, more where sentences repeat"
        )
        lines += said_outlook(plan.rows_per_second, plan.cores)
    return "\n".join(lines)
