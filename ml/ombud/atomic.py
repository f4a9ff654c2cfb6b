"""Files, folders and lines that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

__all__ = ["append_line", "make_folder", "replace_folder", "replacing", "replacing_folder"]


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a sibling temporary file that takes the place of `path` when the block ends well.

    The file is flushed to disk before it is renamed; after an error it is removed and what
    stood at `path` before stands there still.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.tmp")
    try:
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """Yield a sibling temporary folder that takes the place of `path` when the block ends well.

    Every file in it is flushed to disk before the folder is renamed; after an error it is removed
    and what stood at `path` before stands there still.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent))
    try:
        yield temporary
        temporary.chmod(0o755)
        for found in sorted(temporary.rglob("*")):
            if found.is_dir():
                _sync_folder(found)
            else:
                with found.open("rb") as written:
                    os.fsync(written.fileno())
        _sync_folder(temporary)
        replace_folder(temporary, path)
        _sync_folder(path.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def replace_folder(temporary: Path, path: Path) -> None:
    """Put the folder `temporary` in the place of the folder `path`, which may be missing.

    After an error or an interrupt what stood at `path` stands there still.
    """
    if not path.exists():
        temporary.replace(path)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{path.name}.old.", dir=path.parent))
    try:
        os.rename(path, old / path.name)
        os.rename(temporary, path)
    except BaseException:
        # An interrupt counts too: the old folder goes back before anything is removed.
        if not path.exists():
            os.rename(old / path.name, path)
        raise
    finally:
        if path.exists():
            shutil.rmtree(old, ignore_errors=True)


def append_line(path: Path, line: str) -> None:
    """Append a line that is on disk when this returns; after an error none of it is there.

    A process killed in the middle may leave a last line without an end.
    """
    new = not path.exists()
    with path.open("ab", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        try:
            content = memoryview(line.encode() + b"\n")
            while content:
                content = content[file.write(content) :]
            os.fsync(file.fileno())
        except OSError:
            file.truncate(size)
            raise
    if new:
        _sync_folder(path.parent)


def make_folder(path: Path) -> None:
    """Make a folder and those above it; each that is new is on disk when this returns."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(exist_ok=True)
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
