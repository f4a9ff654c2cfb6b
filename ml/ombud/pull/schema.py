"""Format of the index of a pull (`index.sqlite`), and its rows.

Changing it: raise `FORMAT`, and let `ombud.pull.store` bring an index of the format before up to
date; pages need not be fetched again for it.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final, Literal, get_args

from ombud.documents import Facts

__all__ = [
    "APPLICATION",
    "FACTS",
    "FORMAT",
    "TABLES",
    "Decision",
    "Month",
    "Saved",
    "Status",
    "decision_of",
]

Status = Literal["new", "fetched", "failed", "gone"]

APPLICATION: Final = 0x4F4D4244
"""SQLite's application id of the index: "OMBD"."""

FORMAT: Final = 1

FACTS: Final = (
    "body",
    "category",
    "subcategory",
    "decision_date",
    "outcome",
    "scheme_outcome",
)
"""Facts of a fetched page that the index keeps beside its reference and address."""

TABLES: Final = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE months (
    month TEXT PRIMARY KEY,
    listing INTEGER NOT NULL,
    total INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    complete INTEGER NOT NULL,
    listed_at TEXT NOT NULL DEFAULT ''
);
CREATE TABLE decisions (
    url TEXT PRIMARY KEY COLLATE NOCASE,
    reference TEXT NOT NULL,
    month TEXT NOT NULL REFERENCES months,
    listing INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN {get_args(Status)}),
    sha256 TEXT NOT NULL DEFAULT '',
    charset TEXT NOT NULL DEFAULT '',
    etag TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    fetched_at TEXT NOT NULL DEFAULT '',
    checked_at TEXT NOT NULL DEFAULT '',
    gone_at TEXT NOT NULL DEFAULT '',
    problem TEXT NOT NULL DEFAULT '',
    {" ".join(f"{name} TEXT NOT NULL DEFAULT ''," for name in FACTS).rstrip(",")}
);
CREATE INDEX decisions_by_month ON decisions (month);
CREATE INDEX decisions_by_sha256 ON decisions (sha256);
CREATE TABLE forgotten (reference TEXT PRIMARY KEY, removed_at TEXT NOT NULL);
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {FORMAT}
"""


@dataclass(frozen=True, slots=True)
class Month:
    """How far a month is listed: `pages` of its listing are read, of `total` results.

    `listing` counts how often it was listed; a decision whose own number is lower was not on
    the latest list.
    """

    month: str
    listing: int = 0
    total: int = 0
    pages: int = 0
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """What a server says of a page beside its bytes, and the encoding that it was read in."""

    charset: str
    etag: str
    last_modified: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision in the index; times are UTC, '' where a thing has not happened.

    Attributes:
        listed: Whether the latest listing of its month has it.
        problem: Why it could not be had when it was last asked for, '' if it could.
    """

    url: str
    reference: str
    month: str
    listed: bool
    status: Status
    sha256: str
    charset: str
    etag: str
    last_modified: str
    fetched_at: str
    checked_at: str
    gone_at: str
    problem: str
    facts: Facts


def decision_of(row: sqlite3.Row) -> Decision:
    """Return a row of the table `decisions`, with a column `listed`, as an object."""
    plain = {
        name: row[name] for name in Decision.__dataclass_fields__ if name not in ("facts", "listed")
    }
    facts = Facts(
        reference=row["reference"],
        source="lgsco",
        url=row["url"],
        **{name: row[name] for name in FACTS},
    )
    return Decision(**plain, listed=bool(row["listed"]), facts=facts)
