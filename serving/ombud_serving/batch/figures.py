"""What the parts of a finished job come to, counted in one pass over them.

Everything is counted from the committed files and nothing is remembered from the run that made
them: a job that was stopped and taken up ten times has the figures of one that never was.
Memory depends on the number of labels and kinds, not on the number of rows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import heapq
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from ombud.readers.text import iso_date
from ombud.taxonomy import OUTCOMES
from ombud_serving.batch.schema import PREDICTIONS

__all__ = ["BINS", "OTHERS", "UNKNOWN", "Counts", "Drawn", "Figures", "count_parts"]

BINS: Final = 20
"""Bins of equal width for the probability of the outcome, from 0 to 1."""
OTHERS: Final = "all others"
"""What categories beyond the first `_KINDS` different ones are counted as."""
UNKNOWN: Final = "not given"
"""Category or month of a row that has none that can be read."""
_KINDS: Final = 2000
_BATCH: Final = 1024
_COUNTED: Final = ("file", "row", "outcome", "probability", "abstained", "prediction_set")
_NESTED: Final = (
    "reasons.list.element.label",
    "reasons.list.element.probability",
    "warnings.list.element.code",
)


@dataclass(slots=True)
class Counts:
    """Scored rows of one kind: all, those for a person to decide, and by outcome."""

    rows: int = 0
    abstained: int = 0
    probability: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: str, probability: float, abstained: bool) -> None:
        """Count one row more."""
        self.rows += 1
        self.abstained += abstained
        self.probability += probability
        self.outcomes[outcome] += 1

    @property
    def mean(self) -> float:
        """Mean probability of what was said; 0 if nothing was."""
        return self.probability / max(1, self.rows)


@dataclass(frozen=True, order=True, slots=True)
class Drawn:
    """A row that the sample has: the part it stands in, and its number there."""

    part: int
    number: int


@dataclass(slots=True)
class Figures:
    """Counts over all parts.

    Attributes:
        all: Every scored row.
        outcomes: By outcome that was said.
        bins: By the probability of that outcome, `BINS` of equal width.
        sets: Rows by how many outcomes their prediction set holds.
        reasons: Rows by reason given; a row may have several or none.
        without_reason: Rows with none.
        warnings: Rows by code of a warning.
        categories: By category, `None` if the parts have no such column.
        months: By month (YYYY-MM), `None` if the parts have no column with the date.
        sample: Some rows, drawn evenly over all of them.
    """

    all: Counts = field(default_factory=Counts)
    outcomes: dict[str, Counts] = field(default_factory=dict)
    bins: list[Counts] = field(default_factory=lambda: [Counts() for _ in range(BINS)])
    sets: Counter[int] = field(default_factory=Counter)
    reasons: dict[str, Counts] = field(default_factory=dict)
    without_reason: int = 0
    warnings: Counter[str] = field(default_factory=Counter)
    categories: dict[str, Counts] | None = None
    months: dict[str, Counts] | None = None
    sample: list[Drawn] = field(default_factory=list)


def count_parts(
    paths: Sequence[Path], *, category: str = "", date: str = "", sample: int = 200
) -> Figures:
    """Count the rows of `paths`, and draw `sample` of them.

    Which rows are drawn depends on their file and number in the input alone, so a report made
    again, or of a job that was resumed or ran on another engine, shows the same ones.

    Args:
        paths: Parts with the columns of `PREDICTIONS`.
        category: Column with a category, '' for none.
        date: Column with a date, '' for none.
        sample: How many rows to draw at most.

    Raises:
        OSError: If a part cannot be read.
        pyarrow.ArrowException: If a part is damaged.
    """
    figures = Figures(outcomes={outcome.label: Counts() for outcome in OUTCOMES})
    figures.categories = {} if category else None
    figures.months = {} if date else None
    heap: list[tuple[int, int, int]] = []
    for part, path in enumerate(paths):
        for number, row in enumerate(_rows(path, category, date)):
            _count(figures, row, category, date)
            _draw(heap, sample, _order(row), part, number)
    figures.sample = sorted(Drawn(part, number) for _, part, number in heap)
    return figures


def _rows(path: Path, category: str, date: str) -> Iterator[dict[str, Any]]:
    wanted = [name for name in dict.fromkeys((category, date)) if name]
    columns = [*_COUNTED, *_NESTED, *(name for name in wanted if name not in PREDICTIONS.names)]
    with pq.ParquetFile(path, page_checksum_verification=True) as table:
        for batch in table.iter_batches(batch_size=_BATCH, columns=columns):
            yield from _plain(batch)


def _plain(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    names = batch.schema.names
    for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
        yield dict(zip(names, values, strict=True))


def _count(figures: Figures, row: dict[str, Any], category: str, date: str) -> None:
    said = (row["outcome"], row["probability"], row["abstained"])
    figures.all.add(*said)
    figures.outcomes.setdefault(row["outcome"], Counts()).add(*said)
    figures.bins[min(BINS - 1, int(row["probability"] * BINS))].add(*said)
    figures.sets[len(row["prediction_set"])] += 1
    figures.without_reason += not row["reasons"]
    for reason in row["reasons"]:
        counts = figures.reasons.setdefault(reason["label"], Counts())
        counts.add(row["outcome"], reason["probability"], row["abstained"])
    for code in {warning["code"] for warning in row["warnings"]}:
        figures.warnings[code] += 1
    if figures.categories is not None:
        _kind(figures.categories, _words(row[category])).add(*said)
    if figures.months is not None:
        _kind(figures.months, _month(row[date])).add(*said)


def _kind(kinds: dict[str, Counts], name: str) -> Counts:
    """Return the counts of a kind: beyond so many, what is new is counted together."""
    if name not in kinds and len(kinds) >= _KINDS:
        name = OTHERS
    return kinds.setdefault(name, Counts())


def _words(value: object) -> str:
    # A category is a name: what is longer is a text in the wrong column, and no memory for it.
    return UNKNOWN if value is None else (str(value).strip()[:200] or UNKNOWN)


def _month(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()[:7]
    return iso_date(value)[:7] or UNKNOWN if isinstance(value, str) else UNKNOWN


def _order(row: dict[str, Any]) -> int:
    """Return a number that is as good as random, and the same for this row every time."""
    name = f"{row['row']}:{row['file']}".encode()
    return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "big")


def _draw(heap: list[tuple[int, int, int]], most: int, order: int, part: int, number: int) -> None:
    """Keep the `most` rows that come first in that order; the heap's top is the last of them."""
    if len(heap) < most:
        heapq.heappush(heap, (-order, part, number))
    elif heap and -order > heap[0][0]:
        heapq.heapreplace(heap, (-order, part, number))
