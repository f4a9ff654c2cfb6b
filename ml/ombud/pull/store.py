"""The folder of a pull: what is in it is whole, whatever happened to the run.

    pages/ab/<sha256>.html   each page's bytes as they came, under the hash of them
    index.sqlite             what was listed, fetched, gone, and forgotten (ombud.pull.schema)
    .lock                    held by the run that writes

A page's bytes are on disk before the index names them, so that the index never names a file that
is not there; bytes that no row names are swept away by `ombud corpus forget`.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from ombud.atomic import make_folder, replacing
from ombud.documents import Facts
from ombud.errors import InputError, OutputError, UsageError
from ombud.pull.folder import INDEX, check_free, check_made, locked, opened
from ombud.pull.pages import decision_reference
from ombud.pull.schema import (
    APPLICATION,
    FACTS,
    FORMAT,
    TABLES,
    Decision,
    Month,
    Saved,
    decision_of,
)

__all__ = ["Store"]

_PAGES: Final = "pages"
_TEMPORARY: Final = ".*.tmp"
_REFRESH_GOES_ON_FOR: Final = dt.timedelta(days=7)


class Store:
    """A folder of pulled pages and their index; every method leaves both whole."""

    def __init__(self, folder: Path, index: sqlite3.Connection) -> None:
        self.folder = folder
        self._index = index

    @classmethod
    @contextlib.contextmanager
    def held(cls, folder: Path, source: str, site: str) -> Iterator[Store]:
        """Hold a folder for one run, made if need be; `site` is where its pages come from.

        Raises:
            UsageError: If another run holds it, or it holds anything else or another site's pages.
            OutputError: If it cannot be written.
        """
        check_free(folder)
        with locked(folder, make=True), opened(folder / INDEX, folder) as index:
            store = cls(folder, index)
            with store.writing():
                store._begin(source, site)
            yield store

    @classmethod
    @contextlib.contextmanager
    def existing(cls, folder: Path) -> Iterator[Store]:
        """Hold a folder that a pull made, for one run.

        Raises:
            InputError: If no pull made it.
            UsageError: If another run holds it.
            OutputError: If it cannot be written.
        """
        check_made(folder)
        with locked(folder, make=False), opened(folder / INDEX, folder) as index:
            store = cls(folder, index)
            store._check_format()
            yield store

    @classmethod
    @contextlib.contextmanager
    def read(cls, folder: Path) -> Iterator[Store]:
        """Open a folder that a pull made to read what it holds, also while a pull goes on.

        Raises:
            InputError: If no pull made it, or its index is damaged.
        """
        check_made(folder)
        address = f"{(folder / INDEX).absolute().as_uri()}?mode=ro"
        with opened(address, folder) as index:
            store = cls(folder, index)
            store._check_format()
            yield store

    # What is listed

    def month(self, month: str) -> Month:
        """Return how far a month is listed."""
        row = self._index.execute(
            "SELECT listing, total, pages, complete FROM months WHERE month = ?", (month,)
        ).fetchone()
        return Month(month, *row) if row else Month(month)

    def begin_listing(self, month: str) -> Month:
        """Start to list a month from its first page; what it listed before stays known."""
        with self.writing(), self._index:
            self._index.execute(
                "INSERT INTO months (month, listing, pages, total, complete) VALUES (?, 1, 0, 0, 0)"
                " ON CONFLICT (month) DO UPDATE"
                " SET listing = listing + 1, pages = 0, total = 0, complete = 0",
                (month,),
            )
        return self.month(month)

    def add_listed(self, month: str, total: int, urls: Sequence[str], *, complete: bool) -> None:
        """Note the decisions of the next page of a month's listing, and whether it was the last."""
        with self.writing(), self._index:
            listing = self.month(month).listing
            self._index.executemany(
                "INSERT INTO decisions (url, reference, month, listing, status)"
                " VALUES (?, ?, ?, ?, 'new') ON CONFLICT (url) DO UPDATE"
                " SET month = excluded.month, listing = excluded.listing",
                [(url, decision_reference(url), month, listing) for url in urls],
            )
            self._index.execute(
                "UPDATE months SET total = ?, pages = pages + 1, complete = ?, listed_at = ?"
                " WHERE month = ?",
                (total, complete, _now(), month),
            )

    def end_refresh(self) -> None:
        """Forget the mark of a refresh: it is done."""
        with self.writing(), self._index:
            self._index.execute("DELETE FROM meta WHERE name LIKE 'refresh%'")

    def begin_refresh(self, months: Sequence[str]) -> str:
        """Return since when a refresh of `months` goes on, taken up if one was interrupted lately.

        What an older one confirmed may have been withdrawn since: it is begun afresh.
        """
        known = dict(self._index.execute("SELECT name, value FROM meta"))
        which = f"{months[0]} {months[-1]}"
        oldest = _stamp(dt.datetime.now(dt.UTC) - _REFRESH_GOES_ON_FOR)
        if known.get("refresh") == which and known["refresh_since"] > oldest:
            return str(known["refresh_since"])
        since = _now()
        with self.writing(), self._index:
            self._index.executemany(
                "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)",
                [("refresh", which), ("refresh_since", since)],
            )
            self._index.executemany(
                "UPDATE months SET complete = 0, pages = 0, listing = listing + 1 WHERE month = ?",
                [(month,) for month in months],
            )
        return since

    # What is fetched

    def decisions(self, months: Sequence[str] = ()) -> list[Decision]:
        """Return the decisions of `months`, or of all, in the order in which they were listed."""
        rows = self._index.execute(
            "SELECT decisions.*, decisions.listing = months.listing AS listed"
            " FROM decisions JOIN months USING (month)"
            f" WHERE ? OR month IN ({', '.join('?' * len(months))})"
            " ORDER BY month, decisions.rowid",
            (not months, *months),
        )
        return [decision_of(row) for row in rows]

    def path(self, sha256: str) -> Path:
        """Return where the bytes with this hash stand."""
        return self.folder / _PAGES / sha256[:2] / f"{sha256}.html"

    def bytes_of(self, decision: Decision) -> bytes | None:
        """Return the bytes of a page, or `None` if they are not there as they came.

        Raises:
            InputError: If they are there and cannot be read.
        """
        if not decision.sha256:
            return None
        path = self.path(decision.sha256)
        try:
            body = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            found = (error.strerror or str(error)).lower()
            message = f"{path}: expected a readable file, found: {found}; check the path"
            raise InputError(message) from error
        return body if hashlib.sha256(body).hexdigest() == decision.sha256 else None

    def keep(self, decision: Decision, body: bytes, saved: Saved, facts: Facts) -> None:
        """Keep a page's bytes and what is known of it, in place of what was kept before."""
        sha256 = hashlib.sha256(body).hexdigest()
        path = self.path(sha256)
        with self.writing():
            make_folder(path.parent)
            with replacing(path) as temporary:
                temporary.write_bytes(body)
            now = _now()
            values = {
                "status": "fetched",
                "sha256": sha256,
                "charset": saved.charset,
                "etag": saved.etag,
                "last_modified": saved.last_modified,
                "fetched_at": now,
                "checked_at": now,
                "gone_at": "",
                "problem": "",
                **{name: getattr(facts, name) for name in FACTS},
            }
            self._update(decision.url, values)
            # A text that the site has replaced is no longer published.
            if decision.sha256 and decision.sha256 != sha256:
                self.remove_bytes(decision.sha256)

    def unchanged(self, decision: Decision, saved: Saved | None = None) -> None:
        """Note that the site still has what is kept; `saved` is what it now says of it."""
        values = {"checked_at": _now(), "problem": "", "status": "fetched"}
        if saved is not None:
            values |= {"etag": saved.etag, "last_modified": saved.last_modified}
        with self.writing():
            self._update(decision.url, values)

    def gone(self, decision: Decision) -> None:
        """Note that a decision is no longer published."""
        now = _now()
        values = {"status": "gone", "checked_at": now, "problem": ""}
        with self.writing():
            self._update(decision.url, values | {"gone_at": decision.gone_at or now})

    def failed(self, decision: Decision, problem: str) -> None:
        """Note why a decision could not be had; what was kept of it before stays."""
        status = decision.status if decision.status in ("fetched", "gone") else "failed"
        with self.writing():
            self._update(decision.url, {"status": status, "problem": problem})

    # What is forgotten

    def forget(self, decisions: Sequence[Decision]) -> None:
        """Remove decisions from the index and their bytes, leaving reference and date."""
        now = _now()
        with self.writing():
            for decision in decisions:
                if decision.sha256:
                    self.remove_bytes(decision.sha256, but_for=decision.url)
            with self._index:
                self._index.executemany(
                    "INSERT OR REPLACE INTO forgotten (reference, removed_at) VALUES (?, ?)",
                    [(decision.reference, now) for decision in decisions],
                )
                self._index.executemany(
                    "DELETE FROM decisions WHERE url = ?", [(d.url,) for d in decisions]
                )

    def forgotten(self) -> dict[str, str]:
        """Return the references of forgotten decisions and when each was removed, in UTC."""
        rows = self._index.execute("SELECT reference, removed_at FROM forgotten ORDER BY reference")
        return dict(rows.fetchall())

    def sweep(self) -> int:
        """Remove what no row of the index names; return how many pages that were."""
        named = {row[0] for row in self._index.execute("SELECT sha256 FROM decisions")}
        swept = 0
        with self.writing():
            for path in sorted((self.folder / _PAGES).glob("*/*")):
                if path.stem not in named:
                    path.unlink()
                    swept += path.suffix == ".html"
        return swept

    def remove_bytes(self, sha256: str, but_for: str = "") -> None:
        """Remove a page's bytes unless a decision other than that at `but_for` has the same."""
        shared = self._index.execute(
            "SELECT 1 FROM decisions WHERE sha256 = ? AND url != ? AND status != 'gone'",
            (sha256, but_for),
        )
        if shared.fetchone() is None:
            self.path(sha256).unlink(missing_ok=True)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Turn what the system says of a folder that cannot be written into one sentence."""
        try:
            yield
        except (OSError, sqlite3.OperationalError) as error:
            found = (getattr(error, "strerror", None) or str(error)).lower()
            message = (
                f"{self.folder}: expected room for what is pulled, found: {found}; what is there "
                "is whole, put this right and run the same command again to go on"
            )
            raise OutputError(message) from error

    def _update(self, url: str, values: dict[str, str]) -> None:
        names = ", ".join(f"{name} = ?" for name in values)
        with self._index:
            self._index.execute(
                f"UPDATE decisions SET {names} WHERE url = ?",
                (*values.values(), url),
            )

    def _begin(self, source: str, site: str) -> None:
        if not self._index.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            with self._index:
                self._index.executescript(f"BEGIN; {TABLES};")
                self._index.executemany(
                    "INSERT INTO meta (name, value) VALUES (?, ?)",
                    [("source", source), ("site", site)],
                )
        self._check_format()
        known = dict(self._index.execute("SELECT name, value FROM meta"))
        if (known.get("source"), known.get("site")) != (source, site):
            message = (
                f"{self.folder}: expected a folder of pages from {site}, found one of pages from "
                f"{known.get('site')}; name another folder"
            )
            raise UsageError(message)
        for leftover in (self.folder / _PAGES).glob(f"*/{_TEMPORARY}"):
            leftover.unlink()

    def _check_format(self) -> None:
        application = self._index.execute("PRAGMA application_id").fetchone()[0]
        version = self._index.execute("PRAGMA user_version").fetchone()[0]
        if (application, version) != (APPLICATION, FORMAT):
            message = (
                f"{self.folder / INDEX}: expected an index of format {FORMAT}, found another "
                "database; pull into another folder"
            )
            raise InputError(message)


def _now() -> str:
    return _stamp(dt.datetime.now(dt.UTC))


def _stamp(moment: dt.datetime) -> str:
    """Return a time so that later times come later in order of text."""
    return moment.isoformat(timespec="microseconds")
