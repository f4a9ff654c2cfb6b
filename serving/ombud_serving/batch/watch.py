"""What a job tells while it runs, and how many bad rows it may have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ombud.errors import RejectedError, UsageError
from ombud_serving.batch.job import Job, Summary
from ombud_serving.batch.manifest import Part

if TYPE_CHECKING:
    from ombud.encoding.choosing import Trial

__all__ = ["Limit", "Progress", "Watch"]

_LIMIT: Final = re.compile(r"(\d{1,15})|(\d{1,3}(?:\.\d+)?)%")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job has come.

    Attributes:
        rows: Rows behind, those of earlier runs included.
        share: Share of the input's bytes behind, from 0 to 1.
        new_rows: Rows that this run scored or rejected.
        new_share: Share of the input behind that is this run's.
        seconds: Time since this run began to score.
    """

    rows: int
    share: float
    new_rows: int
    new_share: float
    seconds: float

    @property
    def rate(self) -> float:
        """Rows a second of this run."""
        return self.new_rows / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """About how long the rest takes; `None` as long as nothing is known."""
        if self.new_share <= 0:
            return None
        return max(0.0, 1 - self.share) * self.seconds / self.new_share


class Watch:
    """Is told what a job does; by itself it does nothing with it."""

    def listed(self, files: int, skipped: tuple[str, ...]) -> None:
        """The files of the input are known, and the names of those that are no tables."""

    def digesting(self, behind: int, size: int) -> None:
        """Bytes read for the digest, and all there are."""

    def identified(self, job: Job) -> None:
        """The job is known, and the output folder is its own."""

    def tried(self, trial: Trial) -> None:
        """A back end was tried."""

    def computing(self, backend: str) -> None:
        """A back end was chosen."""

    def began(self, job: Job, rows: int) -> None:
        """Scoring begins behind `rows` rows that earlier runs did."""

    def progress(self, progress: Progress) -> None:
        """Some rows are behind."""

    def committed(self, part: Part) -> None:
        """A part was committed."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How much may be rejected: a number or a share; unreadable files count like rows.

    Without either any number of rows may be, but every file must be readable to its end.
    """

    count: int | None = None
    share: float | None = None

    @classmethod
    def parse(cls, words: str | None) -> Limit:
        """Return the limit of `--max-errors`, such as `20` or `0.5%`.

        Raises:
            UsageError: If it is neither.
        """
        if words is None:
            return cls()
        found = _LIMIT.fullmatch(words.strip())
        if not found or (found[2] and float(found[2]) > 100):
            message = (
                f"--max-errors: expected a number of rows such as 20, or a share such as 0.5%, "
                f"found {words!r}"
            )
            raise UsageError(message)
        return cls(int(found[1])) if found[1] else cls(share=float(found[2]) / 100)

    def check_count(self, rejected: int, rows: int, last: str) -> None:
        """Do nothing if the number is not exceeded; a share is known only at the end.

        Raises:
            RejectedError: If it is.
        """
        if self.count is not None and rejected > self.count:
            message = (
                f"expected at most {self.count:,} rejected (--max-errors), found {rejected:,} in "
                f"{rows:,} rows, the last: {last}; raise the limit and run the same command "
                "again to go on"
            )
            raise RejectedError(message)

    def check(self, summary: Summary) -> None:
        """Do nothing if a finished job stays within the limit.

        Raises:
            RejectedError: If it does not.
        """
        found = summary.rejected + summary.unreadable
        if self.count is None and self.share is None:
            wanted, exceeded = "every file readable to its end", summary.unreadable > 0
            said = f"{summary.unreadable:,} that are not"
        elif self.count is not None:
            wanted, exceeded = f"at most {self.count:,} rejected (--max-errors)", found > self.count
            said = f"{found:,}"
        else:
            share = found / max(1, summary.rows + summary.unreadable)
            exceeded = share > (self.share or 0)
            wanted = f"at most {self.share:.6g} of all rejected (--max-errors)"
            said = f"{share:.6g}"
        if exceeded:
            message = (
                f"expected {wanted}, found {said}; everything else is scored, errors.parquet "
                "names what is not and why"
            )
            raise RejectedError(message)
