"""The folder of a pull: told from other folders, held by one run, its index opened."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import filelock

from ombud.atomic import make_folder
from ombud.errors import InputError, OutputError, UsageError
from ombud.pull.schema import APPLICATION

__all__ = ["INDEX", "check_free", "check_made", "is_pulled", "locked", "opened"]

INDEX: Final = "index.sqlite"
_LOCK: Final = ".lock"


def check_free(folder: Path) -> None:
    """Do nothing if a folder is new, empty, or has an index.

    Raises:
        UsageError: If it holds anything else.
    """
    if not folder.is_dir() or (folder / INDEX).exists():
        return
    others = [path.name for path in sorted(folder.iterdir()) if path.name != _LOCK]
    if others:
        message = (
            f"{folder}: expected an empty folder or one that 'ombud corpus pull' made, found "
            f"{others[0]!r} in it; name another folder"
        )
        raise UsageError(message)


def is_pulled(folder: Path) -> bool:
    """Return whether a pull made the folder."""
    try:
        with (folder / INDEX).open("rb") as index:
            # SQLite's file format, section 1.3: the application id is at byte 68.
            return index.read(72)[68:] == APPLICATION.to_bytes(4, "big")
    except OSError:
        return False


def check_made(folder: Path) -> None:
    """Do nothing if a folder has an index.

    Raises:
        InputError: If it has none.
    """
    if not (folder / INDEX).is_file():
        found = "no index.sqlite in it" if folder.is_dir() else "no folder"
        message = f"{folder}: expected a folder made by 'ombud corpus pull', found {found}"
        message += "; check the path"
        raise InputError(message)


@contextlib.contextmanager
def locked(folder: Path, *, make: bool) -> Iterator[None]:
    """Hold a folder for one run, made if need be with `make`.

    Raises:
        UsageError: If another run holds it.
        OutputError: If it cannot be written.
    """
    lock = filelock.FileLock(folder / _LOCK, timeout=0)
    try:
        if make:
            make_folder(folder)
        lock.acquire()
    except filelock.Timeout as error:
        message = (
            f"{folder}: expected a folder that no other run writes to, found one at work; wait for "
            "it to end or name another folder"
        )
        raise UsageError(message) from error
    except OSError as error:
        found = "a file" if folder.is_file() else os.strerror(error.errno or 0).lower()
        message = (
            f"{folder}: expected a folder that can be written, found: {found}; name another "
            "folder or change its permissions"
        )
        raise OutputError(message) from error
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def opened(address: Path | str, folder: Path) -> Iterator[sqlite3.Connection]:
    """Open the index of `folder`, at a path or an SQLite address, and close it in the end.

    Raises:
        InputError: If it is damaged or no database.
    """
    index: sqlite3.Connection | None = None
    try:
        index = sqlite3.connect(address, uri=isinstance(address, str))
        index.row_factory = sqlite3.Row
        # What is forgotten is overwritten, and a commit is on disk when it returns.
        index.execute("PRAGMA secure_delete = ON")
        index.execute("PRAGMA synchronous = FULL")
        yield index
    except sqlite3.DatabaseError as error:
        message = (
            f"{folder / INDEX}: expected the index of a pull, found: {str(error).lower()}; put "
            "back a copy, or pull into another folder"
        )
        raise InputError(message) from error
    finally:
        if index is not None:
            index.close()
