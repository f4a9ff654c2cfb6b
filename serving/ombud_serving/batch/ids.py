"""Ids that were seen, kept on disk: memory does not grow with the number of rows."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

__all__ = ["SeenIds"]

_CACHE_KIB: Final = 16_384
"""Memory that SQLite may use; what is beyond stands on disk."""


class SeenIds:
    """A set of ids, as digests: each costs the same however long it is.

    SQLite in a file that nobody else reads and that is worth nothing after a crash, so without
    journal and without waiting for the disk.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    @contextlib.contextmanager
    def at(cls, path: Path) -> Iterator[SeenIds]:
        """Keep a new set in the file `path`, which is removed again.

        Raises:
            sqlite3.Error: Also from inside the block, if the file cannot be written.
        """
        path.unlink(missing_ok=True)
        try:
            with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
                for setting in (
                    "journal_mode = OFF",
                    "synchronous = OFF",
                    "locking_mode = EXCLUSIVE",
                    f"cache_size = -{_CACHE_KIB}",
                ):
                    connection.execute(f"PRAGMA {setting}")
                # One transaction that never ends: only what memory cannot hold is written.
                connection.execute("BEGIN")
                connection.execute("CREATE TABLE seen (id BLOB PRIMARY KEY) WITHOUT ROWID")
                yield cls(connection)
        finally:
            path.unlink(missing_ok=True)

    def __contains__(self, identifier: str) -> bool:
        found = self._connection.execute("SELECT 1 FROM seen WHERE id = ?", (_digest(identifier),))
        return found.fetchone() is not None

    def add(self, identifier: str) -> None:
        """Add one id."""
        self.update((identifier,))

    def update(self, identifiers: Iterable[str]) -> None:
        """Add ids."""
        rows = ((_digest(identifier),) for identifier in identifiers)
        self._connection.executemany("INSERT OR IGNORE INTO seen VALUES (?)", rows)


def _digest(identifier: str) -> bytes:
    return hashlib.blake2b(identifier.encode(), digest_size=16).digest()
