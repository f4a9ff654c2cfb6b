"""`ombud score`: its options, and how it ends."""

from __future__ import annotations

import contextlib
import json
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer

from ombud.commands.predict import BUNDLE, BundleOption, ErrorRateOption

if TYPE_CHECKING:
    from ombud_serving.batch.job import Summary
    from ombud_serving.batch.local import Options
    from ombud_serving.batch.spark import Cluster
    from ombud_serving.batch.watch import Limit
    from ombud_serving.score.log import Log
    from ombud_serving.score.report import Sinks

__all__ = ["HELP", "BackendOption", "score"]

# What it runs is imported inside, and the views are said again: `ombud --help` would otherwise
# wait for torch.
_TERMINATED: Final = 128 + signal.SIGTERM
_INTERRUPTED: Final = 128 + signal.SIGINT

HELP: Final = (
    "Score every row of tables; a row that cannot be scored goes to errors.parquet.\n\n"
    "Stopped at any moment, the same command goes on behind the last part that was committed; "
    "done, it does nothing. Changed input (known by its contents), bundle or options are refused."
    """

\b
Exit codes:
  0    every row is scored or, within --max-errors, in errors.parquet
  1    the work failed: input, bundle or output; what was committed is whole
  2    wrong use: options, or OUT holds something else; do not try again
  3    more was rejected than --max-errors allows, or a file is damaged
  4    another run is at work on OUT; try again later
  130 interrupted, 143 terminated, 137 killed: run it again to go on
"""
)


# As in ombud.views, which is imported where it is used.
_View = Literal["statement", "complaint"]
BackendOption = Annotated[
    Literal["auto", "torch-fp32", "torch-bf16", "onnx-fp32", "onnx-int8"],
    typer.Option(
        help="What computes sentence vectors. 'auto' times each here and takes the fastest "
        "that gives the answers of torch-fp32 on the texts that the bundle carries; the ONNX "
        "ones need 'ombud export'.",
    ),
]


class _Terminated(BaseException):
    """Raised when the process is asked to end; no row is to blame for it."""


def score(
    source: Annotated[
        str,
        typer.Argument(
            metavar="IN",
            help="Table (.csv, .jsonl, .ndjson, .parquet, .gz too), folder of them, or a pattern "
            "in quotes such as 'in/*.csv'; for Spark also a URI, or - where options say it.",
        ),
    ],
    out: Annotated[
        str, typer.Argument(metavar="OUT", help="Folder to write to; for Spark also a URI.")
    ],
    bundle: BundleOption = BUNDLE,
    view: Annotated[_View, typer.Option(help="What the model may read.")] = "statement",
    text_column: Annotated[str, typer.Option(help="Column with the text.")] = "text",
    id_column: Annotated[
        str, typer.Option(help="Column with the id; without it rows are numbered.")
    ] = "id",
    keep: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN",
            help="Column to carry through; may be given several times. Called input_COLUMN where "
            "the results have a column of that name.",
        ),
    ] = None,
    part_rows: Annotated[int, typer.Option(min=1, help="Rows of the input in one part.")] = 1000,
    error_rate: ErrorRateOption = None,
    backend: BackendOption = "torch-fp32",
    cache: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep sentence vectors in this file between jobs."),
    ] = None,
    max_errors: Annotated[
        str | None,
        typer.Option(
            metavar="N|P%",
            help="Most that may be rejected: a number ends the job as soon as it is exceeded, a "
            "share is judged at the end. Without it any number of rows, but no damaged file.",
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Say what would be done and how long; write nothing."),
    ] = False,
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="Form of the summary on stdout.")
    ] = "text",
    summary: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the summary as JSON here too.")
    ] = None,
    log_format: Annotated[
        Literal["text", "json"], typer.Option(help="Form of the log on stderr.")
    ] = "text",
    metrics_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE.prom", help="Write Prometheus metrics here at the end."),
    ] = None,
    track: Annotated[
        str | None,
        typer.Option(metavar="URI", help="Keep the job as a run in this MLflow store."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.html",
            help="Write the results as one page for people here: shares, sureness, a sample with "
            "its passages, and what is kept of category, date and text.",
        ),
    ] = None,
    category_column: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN", help="Kept column that --report counts by; by default category."
        ),
    ] = None,
    date_column: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="Kept column whose months --report counts by; by default decision_date.",
        ),
    ] = None,
    engine: Annotated[
        Literal["local", "spark"],
        typer.Option(help="What does the work: this process, or Spark (ombud[spark], Java 17)."),
    ] = "local",
    master: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Spark's master, such as spark://host:7077 or local[8]; by default as Spark is "
            "set up, else all cores of this machine.",
        ),
    ] = None,
    spark_conf: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE", help="Setting of Spark; may be given several times."),
    ] = None,
    input_format: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Spark's format of a URI, by default as its ending says."
        ),
    ] = None,
    input_option: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE", help="Option of Spark's reader of a URI."),
    ] = None,
    output_format: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Spark's format of predictions, by default parquet."),
    ] = None,
    output_option: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE", help="Option of Spark's writer of predictions."),
    ] = None,
) -> None:
    """Score every row of tables, as `HELP` says."""
    from ombud.errors import OmbudError
    from ombud.readers.columns import Columns
    from ombud_serving.batch.local import Options
    from ombud_serving.batch.watch import Limit
    from ombud_serving.score.log import logging_as
    from ombud_serving.score.report import Sinks
    from ombud_serving.score.spark_options import (
        check_computing,
        check_dry_run,
        check_report,
        cluster_of,
    )

    options = Options(
        bundle,
        view,
        Columns(text_column, id_column),
        tuple(keep or ()),
        part_rows,
        error_rate,
        backend,
        cache,
    )
    with logging_as(log_format) as log, _terminable():
        try:
            limit = Limit.parse(max_errors)
            cluster = cluster_of(
                engine,
                master=master,
                conf=spark_conf or (),
                input_format=input_format,
                input_options=input_option or (),
                output_format=output_format,
                output_options=output_option or (),
            )
            if cluster is not None:
                check_computing(backend, cache)
            if dry_run:
                if cluster is not None:
                    check_dry_run(source, out)
                _plan(Path(source), Path(out), options, log, form)
                return
            page = None
            if report is not None:
                from ombud_serving.score.page import Page, PageColumns

                if cluster is not None:
                    check_report(cluster, out)
                shown = PageColumns.of(keep or (), text_column, category_column, date_column)
                page = Page(report, Path(out), shown)
            sinks = Sinks(
                source=source,
                bundle=bundle,
                view=view,
                summary=summary,
                metrics=metrics_file,
                track=track,
                page=page,
            )
            _run(source, out, options, limit, log, sinks, form, cluster)
        except OmbudError as error:
            if log_format == "text":
                raise
            log.say("failed", str(error), "error", exit_code=error.exit_code)
            raise typer.Exit(error.exit_code) from error
        except _Terminated as error:
            _raise(error, log, *_ended(error))


def _plan(source: Path, out: Path, options: Options, log: Log, form: str) -> None:
    from ombud_serving.batch.plan import plan
    from ombud_serving.score.report import said_plan

    found = plan(source, out, options, log)
    log.close()
    typer.echo(json.dumps(found.to_json()) if form == "json" else said_plan(found, out))


def _run(
    source: str,
    out: str,
    options: Options,
    limit: Limit,
    log: Log,
    sinks: Sinks,
    form: str,
    cluster: Cluster | None,
) -> None:
    from ombud.errors import OmbudError
    from ombud_serving.score.report import Ending, said_summary

    started = time.monotonic()
    summary: Summary | None = None
    failure: BaseException | None = None
    try:
        summary = _score(source, out, options, limit, log, cluster)
        limit.check(summary)
    except (OmbudError, KeyboardInterrupt, _Terminated) as error:
        failure = error
    log.close()
    code, message = _ended(failure)
    ending = Ending(log.job, summary, code, message, time.monotonic() - started)
    unkept = sinks.keep(ending, log)
    if summary is not None:
        fields: dict[str, Any] = summary.to_json()
        log.say(
            "finished", f"finished: {summary.scored:,} of {summary.rows:,} rows scored", **fields
        )
        typer.echo(json.dumps(fields) if form == "json" else said_summary(summary, out))
    if failure is not None:
        for lost in unkept:
            log.say("not_kept", str(lost), "error")
        _raise(failure, log, code, message)
    if unkept:
        raise unkept[0]


def _score(
    source: str, out: str, options: Options, limit: Limit, log: Log, cluster: Cluster | None
) -> Summary:
    if cluster is not None:
        from ombud_serving.score.spark_options import score_on

        return score_on(cluster, source, out, options, log)
    from ombud_serving.batch import local

    return local.score(
        Path(source),
        Path(out),
        options=options,
        limit=limit,
        watch=log,
    )


def _ended(failure: BaseException | None) -> tuple[int, str]:
    from ombud.errors import OmbudError

    match failure:
        case None:
            return 0, ""
        case OmbudError():
            return failure.exit_code, str(failure)
        case KeyboardInterrupt():
            return _INTERRUPTED, "stopped by the user"
        case _:
            return _TERMINATED, "asked to end; what was committed is whole"


def _raise(failure: BaseException, log: Log, code: int, message: str) -> None:
    from ombud.errors import OmbudError

    if isinstance(failure, OmbudError):
        raise failure
    log.say("stopped", message, "warning", exit_code=code)
    raise typer.Exit(code) from failure


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM end the run in order, as a scheduler's or Kubernetes' eviction asks for."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_signal: int, _frame: object) -> None:
        raise _Terminated

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
