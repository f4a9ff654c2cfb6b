"""A pull from a site of fictional decisions, quick, and what it told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from decision_site import Site
from ombud.pull import Counts, PullSettings, months_between, pulling

TODAY = dt.date(2024, 6, 15)


class Told:
    """A progress that keeps what it is told."""

    def __init__(self) -> None:
        self.months: list[tuple[str, int, int, int]] = []
        self.pages: list[tuple[int, int]] = []
        self.waits: list[tuple[str, float]] = []
        self.problems: list[str] = []

    def listed(self, month: str, decisions: int, done: int, months: int) -> None:
        self.months.append((month, decisions, done, months))

    def fetched(self, done: int, pages: int) -> None:
        self.pages.append((done, pages))

    def waiting(self, problem: str, seconds: float) -> None:
        self.waits.append((problem, seconds))

    def failed(self, problem: str) -> None:
        self.problems.append(problem)


class Puller:
    """Pulls a site's decisions into one folder; keeps what the last run told."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site = site
        self.folder = folder
        self.told = Told()
        self.settings: dict[str, object] = {"interval": 0.0, "backoff": 0.001, "attempts": 4}

    def __call__(
        self,
        first: str = "2024-01",
        last: str = "2024-01",
        *,
        refresh: bool = False,
        today: dt.date = TODAY,
        **changes: object,
    ) -> Counts:
        settings = PullSettings(
            contact="reader@example.org",
            **{"base_url": self.site.url, **self.settings, **changes},
        )
        self.told = Told()
        self.site.forget_requests()
        months = months_between(first, last, today)
        with pulling(self.folder, months, settings, today=today, progress=self.told) as job:
            try:
                job.run(refresh=refresh)
            finally:
                self.counts = job.counts()
        return self.counts
