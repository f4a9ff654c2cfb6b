"""`ombud corpus pull` and `ombud corpus forget`: published decisions, and what is withdrawn."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, Self

import typer

from ombud.errors import PullError

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import TaskID

    from ombud.pull import Counts

__all__ = ["forget", "pull"]

# Its home is `ombud.pull.settings`; `ombud --help` need not load that.
_SITE: Final = "https://www.lgo.org.uk"
_SECONDS_BETWEEN_LINES: Final = 30.0
_LONG_WAIT: Final = 5.0
"""Seconds of waiting for the site from which on it is said."""


def pull(
    first: Annotated[
        str, typer.Option("--from", metavar="YYYY-MM", help="First month of decision.")
    ],
    last: Annotated[str, typer.Option("--to", metavar="YYYY-MM", help="Last month, included.")],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder for pages and index; again, to go on.")
    ],
    source: Annotated[Literal["lgsco"], typer.Option(help="Whose decisions.")] = "lgsco",
    contact: Annotated[
        str,
        typer.Option(
            envvar="OMBUD_CONTACT",
            help="Your e-mail address or web page, sent to the site with each request. Required.",
        ),
    ] = "",
    refresh: Annotated[
        bool,
        typer.Option(
            "--refresh", help="List again and confirm each page; notices what is withdrawn."
        ),
    ] = False,
    interval: Annotated[float, typer.Option(help="Least seconds between two requests.")] = 2.0,
    jitter: Annotated[
        float, typer.Option(help="Share of the interval that is added at random, at most.")
    ] = 0.25,
    attempts: Annotated[int, typer.Option(help="How often an address is asked in trouble.")] = 8,
    backoff: Annotated[
        float, typer.Option(help="Seconds before the second attempt, then doubled.")
    ] = 2.0,
    timeout: Annotated[float, typer.Option(help="Seconds for a whole answer.")] = 60.0,
    longest_wait: Annotated[
        float, typer.Option(help="Longest wait, in seconds, that the site may ask for.")
    ] = 900.0,
    base_url: Annotated[
        str, typer.Option(envvar="OMBUD_LGSCO_URL", help="The site to ask.")
    ] = _SITE,
) -> None:
    """Pull published decisions, month by month, politely; what is there is not fetched again.

    Ends with counts: every decision ever listed for the months is fetched (new or changed),
    unchanged, failed or gone. Exit code 1 if anything failed: run the same command again.
    """
    from ombud.pull import PullSettings, months_between, pulling

    settings = PullSettings(
        contact=contact,
        source=source,
        base_url=base_url,
        interval=interval,
        jitter=jitter,
        attempts=attempts,
        backoff=backoff,
        timeout=timeout,
        longest_wait=longest_wait,
    )
    today = dt.datetime.now(dt.UTC).date()
    months = months_between(first, last, today)
    with (
        _Shown() as shown,
        pulling(out, months, settings, today=today, progress=shown) as job,
    ):
        try:
            job.run(refresh=refresh)
        except (PullError, KeyboardInterrupt):
            shown.close()
            _say(job.counts(), out)
            raise
        counts = job.counts()
    _say(counts, out)
    if counts.failed:
        raise typer.Exit(1)


def forget(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder that 'ombud corpus pull' made.")
    ],
    dataset: Annotated[
        list[Path] | None,
        typer.Option(help="Dataset made of it, or a folder of such; may be given several times."),
    ] = None,
) -> None:
    """Remove decisions that are no longer published: bytes, facts, derived rows and vectors.

    Their references and the dates of removal stay in the index. 'ombud corpus pull --refresh'
    notices what is withdrawn.
    """
    from ombud.pull import forget as forget_gone

    removed = forget_gone(folder, dataset or [])
    for path, rows in removed.rows.items():
        typer.echo(f"{path}: {rows:,} row(s) removed")
    for reference in removed.references:
        typer.echo(f"forgotten: {reference}")
    typer.echo(
        f"decisions forgotten {len(removed.references):,}, pages removed {removed.pages:,}, "
        f"rows removed {sum(removed.rows.values()):,}; references and dates stay in {folder}"
    )


def _say(counts: Counts, out: Path) -> None:
    line = (
        f"listed {counts.listed:,}, fetched {counts.fetched:,}, unchanged {counts.unchanged:,}, "
        f"failed {counts.failed:,}, gone {counts.gone:,}"
    )
    if counts.waiting:
        line += f", not yet asked for {counts.waiting:,}"
    typer.echo(f"{line}; in {out}")


class _Shown:
    """Shows a pull: a bar on a terminal, plain lines elsewhere, failures in any case."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
        from rich.progress import TimeRemainingColumn as Remaining

        self._console = Console(stderr=True, highlight=False)
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._last = time.monotonic()
        if self._console.is_terminal:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
            self._bar = Progress(*columns, Remaining(), console=self._console, transient=True)

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take the bar down."""
        if self._bar is not None:
            self._bar.stop()

    def listed(self, month: str, decisions: int, done: int, months: int) -> None:
        """Show that a month is listed."""
        self._show("listing", done, months, f"{month}: listed {decisions:,}", now=True)

    def fetched(self, done: int, pages: int) -> None:
        """Show how many pages are behind."""
        self._show("fetching", done, pages, f"{done:,} of {pages:,} pages", now=done == pages)

    def waiting(self, problem: str, seconds: float) -> None:
        """Say why nothing happens, if that is for long."""
        if seconds >= _LONG_WAIT:
            self._say(f"{problem}; asked again in {seconds:,.0f} s")

    def failed(self, problem: str) -> None:
        """Say what could not be had."""
        self._say(problem)

    def _show(self, what: str, done: int, total: int, line: str, *, now: bool) -> None:
        if self._bar is not None:
            if self._task is None:
                self._task = self._bar.add_task(what, total=total)
            self._bar.update(self._task, description=what, completed=done, total=total)
        elif now or time.monotonic() - self._last >= _SECONDS_BETWEEN_LINES:
            self._last = time.monotonic()
            self._say(line)

    def _say(self, line: str) -> None:
        self._console.print(f"ombud: {line}", markup=False, soft_wrap=True)
