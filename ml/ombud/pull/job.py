"""A pull: months listed, pages fetched, and what became of each."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ombud.documents import Document
from ombud.errors import FetchError, LayoutError, PullError
from ombud.pull.client import Answer, SiteClient, TroubleError
from ombud.pull.listing import list_month
from ombud.pull.pages import decision_reference, decoded, read_decision
from ombud.pull.schema import Decision, Saved
from ombud.pull.settings import PullSettings
from ombud.pull.store import Store

__all__ = ["Counts", "Progress", "PullJob", "pull", "pulling"]


class Progress(Protocol):
    """What is told of a pull while it goes on."""

    def listed(self, month: str, decisions: int, done: int, months: int) -> None:
        """Tell that a month is listed, `done` of `months` now are."""

    def fetched(self, done: int, pages: int) -> None:
        """Tell that `done` of `pages` pages were asked for."""

    def waiting(self, problem: str, seconds: float) -> None:
        """Tell of trouble with the site that is waited out for so long."""

    def failed(self, problem: str) -> None:
        """Tell of a page that could not be had."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What the months of a pull come to.

    Every decision ever listed for them is in one of `fetched`, `unchanged`, `failed`, `gone`
    and `waiting`.

    Attributes:
        listed: Decisions on the latest listings.
        fetched: New or changed pages that this run brought.
        unchanged: Pages in the folder before that are kept; with a refresh, that the site
            confirmed.
        failed: Pages that could not be had or read, and listings likewise.
        gone: Decisions no longer published, those forgotten aside.
        waiting: Decisions that a run which ended early did not come to.
    """

    listed: int
    fetched: int
    unchanged: int
    failed: int
    gone: int
    waiting: int = 0


class PullJob:
    """One run over `months` of a held folder; `run` ends it, `counts` may be asked any time."""

    def __init__(
        self,
        store: Store,
        client: SiteClient,
        settings: PullSettings,
        months: Sequence[str],
        today: dt.date,
        progress: Progress,
    ) -> None:
        self._store = store
        self._client = client
        self._settings = settings
        self._months = months
        self._today = today
        self._progress = progress
        self._fetched: set[str] = set()
        self._failed_months: set[str] = set()
        self._in_a_row = 0

    def run(self, *, refresh: bool) -> None:
        """List the months and fetch what is to be fetched.

        Raises:
            PullError: If the run cannot go on; the same run again goes on from there.
        """
        since = self._store.begin_refresh(self._months) if refresh else ""
        self._list()
        due = [d for d in self._store.decisions(self._months) if self._is_due(d, since)]
        again = self._fetch_each(due)
        # A site in trouble may be well by the time that everything else is there.
        for _, problem in self._fetch_each([decision for decision, _ in again]):
            self._progress.failed(problem)
        if refresh:
            self._store.end_refresh()

    def counts(self) -> Counts:
        """Return what the months come to now."""
        decisions = self._store.decisions(self._months)
        sound = [d for d in decisions if not d.problem]
        here = {d.url for d in sound if d.status == "fetched"}
        return Counts(
            listed=sum(d.listed for d in decisions),
            fetched=len(here & self._fetched),
            unchanged=len(here - self._fetched),
            failed=len(decisions) - len(sound) + len(self._failed_months),
            gone=sum(d.status == "gone" for d in sound),
            waiting=sum(d.status == "new" for d in sound),
        )

    def _list(self) -> None:
        for done, month in enumerate(self._months, start=1):
            try:
                list_month(self._store, self._client, self._settings.base_url, month, self._today)
            except (FetchError, LayoutError) as error:
                self._failed_months.add(month)
                self._progress.failed(str(error))
                self._count_failure(error)
                continue
            self._in_a_row = 0
            number = sum(d.listed for d in self._store.decisions([month]))
            self._progress.listed(month, number, done, len(self._months))

    def _is_due(self, decision: Decision, since: str) -> bool:
        """Return whether to ask for a page; `since` is when a refresh began, '' if it is none."""
        if decision.status == "gone":
            return bool(since) and decision.listed and decision.checked_at < since
        known = decision.status == "fetched" and not decision.problem
        here = known and self._store.path(decision.sha256).is_file()
        return not here or (bool(since) and decision.checked_at < since)

    def _fetch_each(self, decisions: Sequence[Decision]) -> list[tuple[Decision, str]]:
        """Fetch pages; return those that the site was in trouble over, and what the trouble was."""
        again = []
        for done, decision in enumerate(decisions, start=1):
            try:
                self._fetch(decision)
            except (FetchError, LayoutError) as error:
                self._store.failed(decision, str(error))
                if isinstance(error, TroubleError):
                    again.append((decision, str(error)))
                else:
                    self._progress.failed(str(error))
                self._count_failure(error)
            else:
                self._in_a_row = 0
            self._progress.fetched(done, len(decisions))
        return again

    def _count_failure(self, error: PullError) -> None:
        self._in_a_row += 1
        if self._in_a_row >= self._settings.give_up_after:
            message = (
                f"expected most pages to be had, found {self._in_a_row} failures in a row, the "
                f"last of them {error}; what is pulled is kept, run the same command again later"
            )
            raise PullError(message) from error

    def _fetch(self, decision: Decision) -> None:
        kept = self._store.bytes_of(decision)
        known = {"etag": decision.etag, "last_modified": decision.last_modified}
        answer = self._client.get(decision.url, **(known if kept is not None else {}))
        if answer.status == 304:
            self._store.unchanged(decision)
        elif answer.gone or self._led_away(decision, answer):
            self._store.gone(decision)
        else:
            self._keep(decision, answer, kept)

    def _led_away(self, decision: Decision, answer: Answer) -> bool:
        """Return whether a page that is no longer listed now redirects to something else.

        Raises:
            LayoutError: If one that is listed does.
        """
        if decision_reference(answer.url) == decision.reference:
            return False
        if not decision.listed and decision.month not in self._failed_months:
            return True
        message = (
            f"{decision.url}: expected the page of decision {decision.reference!r}, found a "
            f"redirect to {answer.url}; look at it yourself"
        )
        raise LayoutError(message)

    def _keep(self, decision: Decision, answer: Answer, kept: bytes | None) -> None:
        text, charset = decoded(answer.body, answer.content_type, decision.url)
        document = read_decision(text, decision.url, answer.content_type)
        saved = Saved(charset, answer.etag, answer.last_modified)
        if kept is not None and _same(kept.decode(decision.charset), decision.url, document):
            # Markup around a decision may differ each time; the decision is the same.
            self._store.unchanged(decision, saved)
            return
        self._store.keep(decision, answer.body, saved, document.facts)
        self._fetched.add(decision.url)


def _same(html: str, url: str, document: Document) -> bool:
    """Return whether a page that was kept shows the same decision."""
    try:
        before = read_decision(html, url)
    except LayoutError:
        # It was kept by a reader that saw more in it than this one.
        return False
    return (before.text, before.facts) == (document.text, document.facts)


class _Silent:
    """Tells nobody."""

    def listed(self, month: str, decisions: int, done: int, months: int) -> None:
        """Tell nobody."""

    def fetched(self, done: int, pages: int) -> None:
        """Tell nobody."""

    def waiting(self, problem: str, seconds: float) -> None:
        """Tell nobody."""

    def failed(self, problem: str) -> None:
        """Tell nobody."""


@contextlib.contextmanager
def pulling(
    folder: Path,
    months: Sequence[str],
    settings: PullSettings,
    *,
    today: dt.date,
    progress: Progress | None = None,
) -> Iterator[PullJob]:
    """Hold a folder and a connection for a job over `months`, which the caller runs.

    Args:
        folder: Where pages and index are kept; made if need be.
        months: Months as YYYY-MM, in order (see `ombud.pull.months_between`).
        settings: Who asks, and how often.
        today: Tells which months are over: those are listed once.
        progress: Told of each step.

    Raises:
        UsageError: If another run holds the folder, or it is no folder for this site.
        OutputError: If it cannot be written.
        InputError: If its index is damaged.
    """
    told = progress or _Silent()
    with (
        Store.held(folder, settings.source, settings.base_url) as store,
        SiteClient(settings, waiting=told.waiting) as client,
    ):
        yield PullJob(store, client, settings, months, today, told)


def pull(
    folder: Path,
    months: Sequence[str],
    settings: PullSettings,
    *,
    refresh: bool = False,
    today: dt.date | None = None,
    progress: Progress | None = None,
) -> Counts:
    """Pull the decisions of `months` into a folder; what is there already is not fetched again.

    With `refresh` the months are listed again and every page that is kept is confirmed with the
    site. Other arguments are those of `pulling`.

    Raises:
        PullError: If the run cannot go on; the same call again goes on from there.
        UsageError: As `pulling`.
        OutputError: If the folder cannot be written.
        InputError: If the folder is damaged.
    """
    day = today or dt.datetime.now(dt.UTC).date()
    with pulling(folder, months, settings, today=day, progress=progress) as job:
        job.run(refresh=refresh)
        return job.counts()
