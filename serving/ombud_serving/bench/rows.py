"""What a short row costs in a job of few rows and of many, and what becomes of memory."""

from __future__ import annotations

import csv
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ombud.readers.columns import Columns
from ombud_serving.batch import local
from ombud_serving.batch.watch import Progress, Watch

if TYPE_CHECKING:
    from ombud.encoding.backends import BackendName

__all__ = ["RowCost", "measure_rows"]

_STATM: Final = Path("/proc/self/statm")
_PAGE: Final = 4096


@dataclass(frozen=True, slots=True)
class RowCost:
    """What came of a job of short rows, each unlike any other.

    Attributes:
        rows: How many.
        seconds_a_row: From the first row to the last, loading left out.
        memory_warm: Bytes in memory when a tenth was done; 0 where the system does not tell.
        memory_end: Bytes in memory at the end.
    """

    rows: int
    seconds_a_row: float
    memory_warm: int
    memory_end: int


class _Watch(Watch):
    def __init__(self, rows: int) -> None:
        self._tenth = rows // 10
        self.warm = self.end = 0
        self.seconds = 0.0

    def progress(self, progress: Progress) -> None:
        if progress.rows >= self._tenth and not self.warm:
            self.warm = _memory()
        self.end, self.seconds = _memory(), progress.seconds


def measure_rows(bundle: Path, backend: BackendName, rows: int, folder: Path) -> RowCost:
    """Score `rows` short letters that are written for it into `folder`."""
    table = folder / f"{rows}.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "text"))
        for number in range(rows):
            text = (
                f"The Council left bin {number:07} in street {number % 977} for {number % 53} days."
            )
            writer.writerow((f"r{number}", text))
    watch = _Watch(rows)
    started = time.perf_counter()
    local.score(
        table,
        folder / f"{rows}-scored",
        options=local.Options(bundle, "complaint", Columns(), part_rows=10_000, backend=backend),
        watch=watch,
    )
    seconds = watch.seconds or time.perf_counter() - started
    return RowCost(rows, seconds / rows, watch.warm, watch.end)


def _memory() -> int:
    try:
        return int(_STATM.read_text().split()[1]) * _PAGE
    except OSError:
        return 0
