"""What makes a batch job the one it is, and what it comes to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from ombud_serving.batch.schema import SCHEMA_VERSION

__all__ = ["Job", "State", "Summary"]

State = Literal["scored", "resumed", "already_scored"]

_NAMES: Final = {
    "schema": "version of the columns",
    "input_sha256": "input",
    "bundle_sha256": "bundle",
    "view": "view",
    "text_column": "text column",
    "id_column": "id column",
    "keep": "kept columns",
    "part_rows": "rows a part",
    "error_rate": "error rate",
    "engine": "engine",
    "backend": "back end",
}


@dataclass(frozen=True, slots=True)
class Job:
    """What the output depends on: the same job gives the same output, row for row.

    `backend` is `None` for torch in float32.
    """

    input_sha256: str
    bundle_sha256: str
    view: str
    text_column: str
    id_column: str
    keep: tuple[str, ...]
    part_rows: int
    error_rate: float | None = None
    engine: str | None = None
    backend: str | None = None
    schema: int = SCHEMA_VERSION

    @property
    def digest(self) -> str:
        """SHA-256 of all of it."""
        # Without a rate, an engine or a back end of its own a job is the one it was before these.
        content = {key: value for key, value in asdict(self).items() if value is not None}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def differences(self, other: Mapping[str, Any]) -> list[str]:
        """Name in plain words what differs in the JSON of another job."""
        mine = self.to_json()
        return [words for key, words in _NAMES.items() if mine[key] != other.get(key)]

    def to_json(self) -> dict[str, Any]:
        """Return the job as a JSON object."""
        return {**asdict(self), "keep": list(self.keep)}


@dataclass(frozen=True, slots=True)
class Summary:
    """What a job comes to; `rows` is always `scored` + `rejected`.

    Attributes:
        job: Digest of the job.
        files: Files of the input.
        rows: Rows of the input.
        scored: Rows with a prediction.
        rejected: Rows in `errors.parquet`.
        unreadable: Files in `errors.parquet`, which could not be read to their end.
        abstained: Scored rows that a person should decide.
        parts: Files with predictions.
        shares: Share of each outcome among the scored rows.
        reasons: Share of each reason among the scored rows, of those that any has.
        sentences: Sentences of the scored rows.
        reused: Of these, how many were not computed, because another row had them before.
        filed: Of these, how many came from the file of an earlier run.
        scoring_seconds: What all parts took, over all runs.
        seconds: What the run took that ended the job, from its first to its last step.
        state: Whether that run did it all, went on after an earlier one, or found it done.
    """

    job: str
    files: int
    rows: int
    scored: int
    rejected: int
    unreadable: int
    abstained: int
    parts: int
    shares: Mapping[str, float]
    reasons: Mapping[str, float]
    sentences: int
    reused: int
    scoring_seconds: float
    seconds: float
    state: State
    filed: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the summary as a JSON object."""
        return {**asdict(self), "shares": dict(self.shares), "reasons": dict(self.reasons)}
