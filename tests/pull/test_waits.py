"""Waiting: between requests, and as long as a site asks."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.pull.robots import Rules
from ombud.pull.waits import Pace, asked_wait

DATE = "Wed, 12 Jun 2024 09:00:00 GMT"


class Clock:
    """Time that passes only in sleep, or when told."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.slept.append(seconds)
        self.now += seconds


@given(
    st.floats(0, 10),
    st.floats(0, 1),
    st.lists(st.floats(0, 20), min_size=1, max_size=30),
    st.integers(),
)
def test_requests_are_an_interval_apart_and_a_jitter_more_at_most(
    interval: float, jitter: float, work: list[float], seed: int
) -> None:
    clock = Clock()
    pace = Pace(interval, jitter, clock.sleep, clock, random.Random(seed))
    starts = []
    for seconds in work:
        pace.wait()
        starts.append(clock())
        clock.now += seconds
    assert starts[0] == 100.0
    for before, after, seconds in zip(starts, starts[1:], work, strict=False):
        assert after - before >= interval - 1e-6
        assert after - before <= max(seconds, interval * (1 + jitter)) + 1e-6


def test_jitter_is_not_always_the_same() -> None:
    clock = Clock()
    pace = Pace(2.0, 0.25, clock.sleep, clock, random.Random(1))
    for _ in range(50):
        pace.wait()
    assert len(set(clock.slept)) == len(clock.slept) == 49
    assert all(2.0 <= seconds <= 2.5 for seconds in clock.slept)
    assert 2.2 < sum(clock.slept) / 49 < 2.3


def test_a_site_may_slow_requests_down_but_not_hurry_them() -> None:
    clock = Clock()
    pace = Pace(2.0, 0.0, clock.sleep, clock, random.Random(1))
    pace.wait()
    pace.slow_down_to(5.0)
    pace.wait()
    pace.slow_down_to(1.0)
    pace.wait()
    assert clock.slept == [5.0, 5.0]


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("9" * 400, 999_999_999.0),
        ("Wed, 12 Jun 2024 09:01:30 GMT", 90.0),
        ("Wednesday, 12-Jun-24 09:01:30 GMT", 90.0),
        ("Wed, 12 Jun 2024 11:01:30 +0200", 90.0),
        ("Wed, 12 Jun 2024 08:00:00 GMT", 0.0),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("٣", None),
        ("Wed, 32 Jun 2024 09:01:30 GMT", None),
    ],
)
def test_what_a_site_asks_for(words: str, seconds: float | None) -> None:
    assert asked_wait(words, DATE) == seconds


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_header_is_an_error(words: str, date: str) -> None:
    wait = asked_wait(words, date)
    assert wait is None or wait >= 0


def test_without_a_date_the_clock_here_counts() -> None:
    assert asked_wait("Wed, 12 Jun 2024 09:01:30 GMT", "") == 0.0


@pytest.mark.parametrize(
    ("text", "allowed", "interval"),
    [
        ("", True, 0.0),
        ("User-agent: *\nDisallow: /decisions/", False, 0.0),
        ("User-agent: *\nDisallow: /\nUser-agent: ombud\nAllow: /", True, 0.0),
        ("User-agent: *\nAllow: /\nUser-agent: ombud\nDisallow: /decisions", False, 0.0),
        ("User-agent: other\nDisallow: /", True, 0.0),
        ("User-agent: *\nDisallow: /decisions/*/ponds/", False, 0.0),
        ("User-agent: *\nCrawl-delay: 10", True, 10.0),
        ("User-agent: *\nRequest-rate: 1/5", True, 5.0),
        ("User-agent: *\nCrawl-delay: never", True, 0.0),
        ("<html><body>Not found</body></html>", True, 0.0),
        ("\ufeffUser-agent: *\nDisallow: /decisions/", False, 0.0),
    ],
)
def test_rules_of_a_site(text: str, allowed: bool, interval: float) -> None:
    rules = Rules(text)
    assert rules.allow("http://x.org/decisions/open-spaces/ponds/24-000-001") is allowed
    assert rules.interval == interval
