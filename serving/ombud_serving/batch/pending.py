"""The part that is being made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ombud.taxonomy import OUTCOMES, REASONS
from ombud_serving.batch.manifest import Part
from ombud_serving.batch.stream import Place

__all__ = ["Pending"]


@dataclass(slots=True)
class Pending:
    """What the next part is going to hold.

    Attributes:
        rows: Rows of the input that it stands for.
        unreadable: Files that ended in it because they are damaged.
        predictions: Its rows, by the columns of the schema.
        errors: What is rejected, by the columns of `ERRORS`.
        sentences: Sentences that were read.
        encoded: How many of them were computed.
        filed: How many came from the file of an earlier run.
        seconds: Time it took.
        after: Where the part after it begins.
    """

    rows: int = 0
    unreadable: int = 0
    predictions: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    sentences: int = 0
    encoded: int = 0
    filed: int = 0
    seconds: float = 0.0
    after: Place = field(default_factory=Place)

    def part(self, name: str, first_row: int, sha256: str, errors_sha256: str) -> Part:
        """Return the line of the manifest for it, once its files are written."""
        outcomes = [row["outcome"] for row in self.predictions]
        reasons = [reason["label"] for row in self.predictions for reason in row["reasons"]]
        return Part(
            part=name,
            first_row=first_row,
            rows=self.rows,
            scored=len(self.predictions),
            rejected=len(self.errors) - self.unreadable,
            unreadable=self.unreadable,
            abstained=sum(row["abstained"] for row in self.predictions),
            outcomes={o.label: outcomes.count(o.label) for o in OUTCOMES},
            reasons={r.label: n for r in REASONS if (n := reasons.count(r.label))},
            sentences=self.sentences,
            encoded=self.encoded,
            filed=self.filed,
            seconds=round(self.seconds, 3),
            next_file=self.after.file,
            next_row=self.after.row,
            sha256=sha256,
            errors_sha256=errors_sha256,
        )
