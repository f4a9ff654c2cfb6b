"""The manifest of a job's results: one line a committed part."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ombud.atomic import replacing

__all__ = ["Part", "read_manifest", "repair_manifest"]


@dataclass(frozen=True, slots=True)
class Part:
    """A committed part: its file, the rows of the input it stands for, counts and hashes.

    Attributes:
        part: Name of the file.
        first_row: Rows of the whole input before it.
        rows: Rows of the input it stands for, scored or rejected.
        scored: Rows with a prediction.
        rejected: Rows without.
        unreadable: Files that could not be read to their end.
        abstained: Scored rows that a person should decide.
        outcomes: Scored rows by outcome.
        reasons: Scored rows by reason; those that none has are left out.
        sentences: Sentences of the scored rows.
        encoded: Of these, how many were computed; for the others it was done before.
        seconds: Time since the part before was committed.
        next_file: Number of the input's file at which the next part begins.
        next_row: Row of that file.
        sha256: Of the file.
        errors_sha256: Of the file with its rejected rows, '' if there is none.
        filed: Sentences that came from the file of an earlier run.
    """

    part: str
    first_row: int
    rows: int
    scored: int
    rejected: int
    unreadable: int
    abstained: int
    outcomes: Mapping[str, int]
    reasons: Mapping[str, int]
    sentences: int
    encoded: int
    seconds: float
    next_file: int
    next_row: int
    sha256: str
    errors_sha256: str
    filed: int = 0


def read_manifest(path: Path) -> list[Part]:
    """Return the parts whose lines are whole, in order; none if there is no manifest.

    Raises:
        ValueError: If a line is not one of these, or the rows do not follow each other.
    """
    if not path.exists():
        return []
    whole, _, _torn = path.read_bytes().rpartition(b"\n")
    try:
        parts = [Part(**json.loads(line)) for line in whole.splitlines()]
    except TypeError as error:
        raise ValueError(str(error)) from error
    ends = itertools.accumulate((part.rows for part in parts), initial=0)
    if any(part.first_row != end for part, end in zip(parts, ends, strict=False)):
        message = f"rows of {path} that do not follow each other"
        raise ValueError(message)
    return parts


def repair_manifest(path: Path) -> None:
    """Take off a last line without an end: the run was killed while it wrote it."""
    if not path.exists():
        return
    whole, _, torn = path.read_bytes().rpartition(b"\n")
    if torn:
        with replacing(path) as temporary:
            temporary.write_bytes(whole + b"\n" if whole else b"")
