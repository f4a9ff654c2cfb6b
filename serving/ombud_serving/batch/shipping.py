"""A bundle on its way to other machines: one archive, unpacked once on each and checked there."""

from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path

import filelock

from ombud.atomic import replacing
from ombud.errors import BundleError

__all__ = ["pack", "unpack"]


def pack(bundle: Path, archive: Path) -> None:
    """Put the files of a bundle into an archive; the same bundle gives the same bytes."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with replacing(archive) as temporary, tarfile.open(temporary, "w") as tar:
        for path in sorted(bundle.iterdir()):
            entry = tar.gettarinfo(path, path.name)
            entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = 0, 0, 0, "", ""
            with path.open("rb") as content:
                tar.addfile(entry, content)


def unpack(archive: Path) -> Path:
    """Return the folder beside an archive that holds its files, unpacked by whoever comes first.

    Raises:
        BundleError: If it is no archive, or holds anything but plain files.
    """
    folder = archive.with_name(f"{archive.name}.d")
    with filelock.FileLock(archive.with_name(f"{archive.name}.lock")):
        if folder.exists():
            return folder
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            with tarfile.open(archive, "r:") as tar:
                tar.extractall(temporary, filter="data")
        except (tarfile.TarError, OSError) as error:
            message = f"{archive}: expected the bundle that was shipped, found: {error}; run again"
            raise BundleError(message) from error
        temporary.rename(folder)
    return folder
