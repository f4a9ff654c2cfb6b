"""What `ombud score` says while it runs: a bar, plain lines, or lines of JSON."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, Literal

import typer

from ombud.errors import MissingExtraError
from ombud_serving.batch.watch import Progress, Watch

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from ombud.encoding.choosing import Trial
    from ombud_serving.batch.job import Job
    from ombud_serving.batch.manifest import Part

__all__ = ["Log", "duration", "logging_as"]

_SECONDS_BETWEEN_LINES: Final = 10.0
_LARGE: Final = 1 << 28
"""Bytes from which on reading the input for its digest is said."""


class Log(Watch):
    """Tells in words and fields what a job does."""

    job: Job | None = None

    def say(
        self,
        event: str,
        message: str,
        level: Literal["info", "warning", "error"] = "info",
        **fields: Any,
    ) -> None:
        """Say one thing: `message` for people, `event` and `fields` for programs."""
        if level != "info":
            typer.echo(f"ombud: {message}", err=True)

    def close(self) -> None:
        """Take away what is shown for the time of the run."""

    def listed(self, files: int, skipped: tuple[str, ...]) -> None:
        """Say which files of a folder are passed over."""
        if skipped:
            names = ", ".join(skipped[:5]) + (
                f" and {len(skipped) - 5:,} more" if skipped[5:] else ""
            )
            self.say("skipped", f"no tables, passed over: {names}", "warning", files=list(skipped))

    def digesting(self, behind: int, size: int) -> None:
        """Say once that a large input is read."""
        if behind == size >= _LARGE:
            self.say("digested", f"read the input of {size:,} bytes for its digest", bytes=size)

    def identified(self, job: Job) -> None:
        """Remember which job it is."""
        self.job = job

    def tried(self, trial: Trial) -> None:
        """Say what came of trying a back end."""
        self.say("tried", f"back end {trial.said()}", trial=trial.to_json())

    def computing(self, backend: str) -> None:
        """Say which back end was chosen."""
        self.say("backend", f"computing with {backend}", backend=backend)

    def began(self, job: Job, rows: int) -> None:
        """Say which job begins or goes on."""
        message = f"going on behind {rows:,} rows" if rows else "scoring"
        self.say("began", message, job=job.digest, rows=rows, **job.to_json())

    def committed(self, part: Part) -> None:
        """Say that a part is there."""
        fields = {k: getattr(part, k) for k in ("part", "first_row", "rows", "scored", "rejected")}
        self.say("committed", f"committed {part.part}", **fields, seconds=part.seconds)


class _Lines(Log):
    """Plain lines, for people."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def say(self, event: str, message: str, level: Any = "info", **fields: Any) -> None:
        # Parts are too many for people, and the summary says that it is finished.
        if event not in ("committed", "finished"):
            typer.echo(f"ombud: {message}", err=True)

    def began(self, job: Job, rows: int) -> None:
        self._last = time.monotonic()
        super().began(job, rows)

    def progress(self, progress: Progress) -> None:
        if time.monotonic() - self._last >= _SECONDS_BETWEEN_LINES:
            self._last = time.monotonic()
            self.say("progress", _said(progress), **_fields(progress))


class _JsonLines(_Lines):
    """One JSON object a line, for programs."""

    def __init__(self, logger: logging.Logger) -> None:
        super().__init__()
        self._logger = logger

    def say(self, event: str, message: str, level: Any = "info", **fields: Any) -> None:
        number = logging.getLevelNamesMapping()[level.upper()]
        self._logger.log(number, message, extra={"event": event, **fields})


class _BarLog(Log):
    """A bar on a terminal."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._task = bar.add_task("scoring", total=1.0, said="")

    def say(self, event: str, message: str, level: Any = "info", **fields: Any) -> None:
        if level != "info":
            self._bar.console.print(f"ombud: {message}", markup=False, highlight=False)

    def close(self) -> None:
        self._bar.stop()

    def progress(self, progress: Progress) -> None:
        self._bar.update(self._task, completed=progress.share, said=_said(progress))


def _said(progress: Progress) -> str:
    left = progress.seconds_left
    words = [f"{progress.rows:,} rows ({progress.share:.0%})", f"{progress.rate:,.1f} rows/s"]
    if left is not None:
        words.append(f"about {duration(left)} left")
    return ", ".join(words)


def _fields(progress: Progress) -> dict[str, Any]:
    left = progress.seconds_left
    return {
        "rows": progress.rows,
        "share": round(progress.share, 4),
        "rows_per_second": round(progress.rate, 3),
        "seconds_left": None if left is None else round(left, 1),
    }


def duration(seconds: float) -> str:
    """Return a time in words, to the second."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s"


@contextlib.contextmanager
def logging_as(form: Literal["text", "json"]) -> Iterator[Log]:
    """Yield what shows a job on stderr in this form.

    Raises:
        MissingExtraError: If python-json-logger is needed and not installed.
    """
    if form == "json":
        with _json_handler():
            yield _JsonLines(logging.getLogger("ombud.score"))
        return
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("scoring"), BarColumn(), TextColumn("{task.fields[said]}"))
    # What is printed to stdout stays there: it may be a file while stderr is a terminal.
    bar = Bar(
        *columns,
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    with bar:
        yield _BarLog(bar)


@contextlib.contextmanager
def _json_handler() -> Iterator[None]:
    """Let everything that is logged in this process be JSON on stderr, libraries' words too."""
    try:
        from pythonjsonlogger.json import JsonFormatter
    except ModuleNotFoundError as error:
        message = (
            "expected python-json-logger for --log-format json, found it not installed; "
            "install ombud[serving]"
        )
        raise MissingExtraError(message) from error

    class Formatter(JsonFormatter):
        def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
            return dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat("T", "milliseconds")

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        Formatter(
            ["asctime", "levelname", "message"],
            rename_fields={"asctime": "time", "levelname": "level"},
        )
    )
    root, own = logging.getLogger(), logging.getLogger("ombud.score")
    before, level = root.handlers[:], own.level
    root.handlers[:] = [handler]
    own.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.handlers[:] = before
        own.setLevel(level)
