"""What commands check before a long training."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ombud.corpus import GoldCase, Split

__all__ = ["check_out", "check_split"]


def check_split(rows: Sequence[GoldCase], split: Split, dataset: Path, path: Path) -> None:
    """Raise unless `split`, read from `path`, is one of `rows`, read from `dataset`.

    Raises:
        UsageError: If it is a split of other rows.
    """
    from ombud.corpus import digest
    from ombud.errors import UsageError

    found = digest(rows)
    if found != split.dataset:
        message = (
            f"{path}: expected a split of the dataset {dataset} (digest {found[:16]}), found one "
            f"of another dataset ({split.dataset[:16]}); run 'ombud corpus split' again"
        )
        raise UsageError(message)


def check_out(out: Path) -> None:
    """Raise before a training what would only show after it.

    Raises:
        OutputError: If `out` could not be written.
    """
    from ombud.errors import OutputError

    parent = next(folder for folder in out.absolute().parents if folder.exists())
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        message = (
            f"{out}: expected a folder that can be written, found that {parent} is none; "
            "name another with --out"
        )
        raise OutputError(message)
