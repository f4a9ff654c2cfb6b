"""How long to wait: between requests, and when a site asks for it."""

from __future__ import annotations

import datetime as dt
import email.utils
import random
from collections.abc import Callable

__all__ = ["Pace", "asked_wait"]


class Pace:
    """Keeps requests apart: `interval` seconds from start to start, and up to `jitter` more."""

    def __init__(
        self,
        interval: float,
        jitter: float,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
        chance: random.Random,
    ) -> None:
        self._interval = interval
        self._jitter = jitter
        self._sleep = sleep
        self._clock = clock
        self._chance = chance
        self._next = clock()

    def slow_down_to(self, interval: float) -> None:
        """Keep requests at least `interval` seconds apart from now on."""
        if interval > self._interval:
            self._next += interval - self._interval
            self._interval = interval

    def wait(self) -> None:
        """Return when the next request may start, and count it as started."""
        left = self._next - self._clock()
        if left > 0:
            self._sleep(left)
        pause = self._interval * (1.0 + self._chance.uniform(0.0, self._jitter))
        self._next = self._clock() + pause


def asked_wait(retry_after: str, date: str) -> float | None:
    """Return the seconds of a Retry-After header, or `None` where it says nothing readable.

    RFC 9110, section 10.2.3: a number of seconds or an HTTP date. A date is measured against
    the answer's own `date`, so that a clock that is wrong here does not matter.
    """
    words = retry_after.strip()
    if words.isascii() and words.isdigit():
        return float(words[:9])
    until = _moment(words)
    if until is None:
        return None
    now = _moment(date) or dt.datetime.now(dt.UTC)
    return max(0.0, (until - now).total_seconds())


def _moment(words: str) -> dt.datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(words)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
