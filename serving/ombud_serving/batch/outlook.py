"""When one machine is no longer enough: hours from a measured rate, and executors for a night.

The sums are shown with what goes into them, since no other machine has the rate of this one:

    hours     = rows / (rows a second x 3600)
    executors = hours / 8, rounded up

An executor here is a machine, or a part of one, with the cores that the rate was measured on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["NIGHT", "ROWS", "Outlook", "outlook", "said_outlook"]

ROWS: Final = (1_000_000, 10_000_000, 100_000_000)
NIGHT: Final = 8
"""Hours that a job may take."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """How long some rows take at a rate.

    Attributes:
        rows: How many.
        hours: On one machine.
        executors: Needed to be done in `NIGHT` hours.
    """

    rows: int
    hours: float
    executors: int

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {"rows": self.rows, "hours": round(self.hours, 2), "executors": self.executors}


def outlook(rate: float, rows: Sequence[int] = ROWS) -> list[Outlook]:
    """Return how long each number of rows takes at `rate` rows a second; nothing at no rate."""
    if rate <= 0:
        return []
    hours = [count / (rate * 3600) for count in rows]
    return [
        Outlook(count, taken, max(1, math.ceil(taken / NIGHT)))
        for count, taken in zip(rows, hours, strict=True)
    ]


def said_outlook(rate: float, cores: int) -> list[str]:
    """Return the sums in words, a line each."""
    found = outlook(rate)
    if not found:
        return []
    sums = f"hours = rows / ({rate:,.1f} x 3600), executors = hours / {NIGHT}, rounded up"
    lines = [f"  at {rate:,.1f} rows/s on these {cores} cores ({sums}):"]
    for one in found:
        executors = "this machine is enough"
        if one.executors > 1:
            executors = f"{one.executors:,} executors of {cores} cores (--engine spark)"
        lines.append(f"    {one.rows:>11,} rows: {one.hours:>10,.1f} hours, {executors}")
    return lines
