"""What commands check before a long training."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ombud.corpus import GoldCase, Split, Wording

__all__ = ["check_labels", "check_out", "check_split", "labels_unseen"]


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


def check_labels(cases: Sequence[GoldCase]) -> None:
    """Raise unless there is something to learn from `cases`.

    Raises:
        InputError: If there are none, if all end the same way, or if none has a reason.
    """
    from ombud.errors import InputError

    outcomes = {case.outcome for case in cases}
    if not cases:
        message = "expected training documents, found none; split again"
    elif len(outcomes) == 1:
        message = (
            f"expected training documents of two outcomes at least, found {outcomes.pop()!r} in "
            f"all {len(cases)}; add others or split again"
        )
    elif not any(case.reasons for case in cases):
        message = (
            f"expected reasons in the training documents, found none in all {len(cases)}; label "
            "them first, see 'ombud label --help'"
        )
    else:
        return
    raise InputError(message)


def labels_unseen(cases: Sequence[GoldCase], wordings: Sequence[Wording]) -> list[str]:
    """Return a sentence each for the outcomes and reasons that no training text has."""
    from ombud.taxonomy import OUTCOMES, REASONS

    outcomes = {case.outcome for case in cases}
    reasons = {reason.label for case in cases for reason in case.reasons}
    reasons |= {label for wording in wordings for label in wording.labels}
    said = []
    for what, labels, seen in (
        ("ends as", [outcome.label for outcome in OUTCOMES], outcomes),
        ("gives", [reason.label for reason in REASONS], reasons),
    ):
        unseen = [label for label in labels if label not in seen]
        if unseen:
            said.append(
                f"no training document {what} {', '.join(unseen)}: the model will not learn that"
            )
    return said
