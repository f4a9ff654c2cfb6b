"""Months as YYYY-MM: the unit in which decisions are listed."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Final

from ombud.errors import UsageError

__all__ = ["bounds", "is_over", "months_between"]

_MONTH: Final = re.compile(r"(?P<year>[12]\d{3})-(?P<month>0[1-9]|1[0-2])")


def months_between(first: str, last: str, today: dt.date) -> tuple[str, ...]:
    """Return the months from `first` to `last`, both included, in order.

    Raises:
        UsageError: If one is no month, lies after `today`, or `last` comes before `first`.
    """
    for option, month in (("--from", first), ("--to", last)):
        if not _MONTH.fullmatch(month):
            message = f"expected a month such as 2024-01 as {option}, found {month!r}; correct it"
            raise UsageError(message)
        if month > today.strftime("%Y-%m"):
            message = (
                f"expected a month that has begun as {option}, found {month!r}; "
                "nothing is published for it yet"
            )
            raise UsageError(message)
    if last < first:
        message = f"expected --to in or after {first!r}, found {last!r}; exchange the two"
        raise UsageError(message)
    count = 12 * (int(last[:4]) - int(first[:4])) + int(last[5:]) - int(first[5:]) + 1
    start = 12 * int(first[:4]) + int(first[5:]) - 1
    return tuple(f"{n // 12:04}-{n % 12 + 1:02}" for n in range(start, start + count))


def bounds(month: str) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a month."""
    year, number = int(month[:4]), int(month[5:])
    return dt.date(year, number, 1), dt.date(year, number, calendar.monthrange(year, number)[1])


def is_over(month: str, today: dt.date) -> bool:
    """Return whether no day of the month is left."""
    return bounds(month)[1] < today
