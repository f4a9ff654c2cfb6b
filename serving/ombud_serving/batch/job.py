"""What makes a batch job the one it is, and what it comes to."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

from ombud.errors import InputError
from ombud_serving.batch.schema import SCHEMA_VERSION

__all__ = ["Job", "Source", "State", "Summary"]

State = Literal["scored", "resumed", "already_scored"]

_NAMES: Final = {
    "schema": "version of the columns",
    "input_sha256": "input",
    "input_form": "ending of the input",
    "bundle_sha256": "bundle",
    "view": "view",
    "text_column": "text column",
    "id_column": "id column",
    "part_rows": "rows a part",
    "error_rate": "error rate",
}


@dataclass(frozen=True, slots=True)
class Job:
    """What the output depends on: the same job gives the same output, row for row."""

    input_sha256: str
    input_form: str
    bundle_sha256: str
    view: str
    text_column: str
    id_column: str
    part_rows: int
    error_rate: float | None = None
    schema: int = SCHEMA_VERSION

    @property
    def digest(self) -> str:
        """SHA-256 of all of it."""
        # Without a rate of its own a job is the one it was before there were rates.
        content = {key: value for key, value in asdict(self).items() if value is not None}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def differences(self, other: Mapping[str, Any]) -> list[str]:
        """Name in plain words what differs in the `asdict` of another job."""
        mine = asdict(self)
        return [words for key, words in _NAMES.items() if mine[key] != other.get(key)]


@dataclass(frozen=True, slots=True)
class Source:
    """An input file as it was when its digest was taken."""

    path: Path
    sha256: str
    state: tuple[int, int, int]

    @classmethod
    def of(cls, path: Path) -> Source:
        """Read the whole file once.

        Raises:
            InputError: If it cannot be read.
        """
        try:
            with path.open("rb") as content:
                state = _state(os.fstat(content.fileno()))
                return cls(path, hashlib.file_digest(content, "sha256").hexdigest(), state)
        except OSError as error:
            found = (error.strerror or str(error)).lower()
            message = f"{path}: expected a readable file, found: {found}; check the path"
            raise InputError(message) from error

    def check(self) -> None:
        """Do nothing if the file is still the same.

        Raises:
            InputError: If it was changed or removed since.
        """
        try:
            found = "" if _state(self.path.stat()) == self.state else "it changed"
        except OSError as error:
            found = (error.strerror or str(error)).lower()
        if found:
            message = (
                f"{self.path}: expected the input to stay as it was when the job began, found: "
                f"{found}; put it back to go on, or score the new input into another folder"
            )
            raise InputError(message)


def _state(stat: os.stat_result) -> tuple[int, int, int]:
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


@dataclass(frozen=True, slots=True)
class Summary:
    """What a job comes to; `rows` is always `scored` + `rejected`.

    Attributes:
        rows: Rows of the input.
        scored: Rows with a prediction.
        rejected: Rows in `errors.parquet`.
        abstained: Scored rows that a person should decide.
        parts: Files with predictions.
        shares: Share of each outcome among the scored rows.
        seconds: What the run took that ended the job, from its first to its last step.
        state: Whether that run did it all, went on after an earlier one, or found it done.
    """

    rows: int
    scored: int
    rejected: int
    abstained: int
    parts: int
    shares: Mapping[str, float]
    seconds: float
    state: State

    def to_json(self) -> dict[str, Any]:
        """Return the summary as a JSON object."""
        return {**asdict(self), "shares": dict(self.shares)}
