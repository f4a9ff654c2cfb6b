"""Abstention: bounds by hand, and by simulation that the error rate named is kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.abstention import NEVER, RiskPoint, abstain_below, risk_curve, upper_bound

ANSWERS = st.lists(st.tuples(st.floats(0.34, 1.0), st.booleans()), min_size=1, max_size=60)


def test_a_curve_by_hand() -> None:
    found = risk_curve([0.5, 0.9, 0.7, 0.7], [False, True, True, False])
    assert found == ((0.9, 1, 0), (0.7, 3, 1), (0.5, 4, 2))
    assert risk_curve([], []) == ()


def test_bounds_by_hand() -> None:
    # Without an error the bound r solves (1 - r) ** n = 1 - sure.
    assert upper_bound(0, 22) == pytest.approx(1 - 0.1 ** (1 / 22))
    assert upper_bound(0, 59, sure=0.95) == pytest.approx(0.0495, abs=1e-4)
    assert upper_bound(3, 3) == upper_bound(0, 0) == 1.0
    assert upper_bound(1, 50) > upper_bound(0, 50)


def test_it_answers_most_of_what_keeps_the_rate() -> None:
    curve = (RiskPoint(0.9, 40, 0), RiskPoint(0.8, 60, 1), RiskPoint(0.6, 100, 20))
    assert abstain_below(curve, 0.06) == 0.9
    assert abstain_below(curve, 0.1) == 0.8
    assert abstain_below(curve, 0.3) == 0.0
    assert abstain_below(curve, 0.01) == NEVER


@given(ANSWERS, st.floats(0.01, 0.99))
def test_what_is_answered_keeps_its_bound(answers: list[tuple[float, bool]], rate: float) -> None:
    curve = risk_curve([a[0] for a in answers], [a[1] for a in answers])
    below = abstain_below(curve, rate)
    answered = [right for confidence, right in answers if confidence >= below]
    if below < NEVER:
        assert upper_bound(answered.count(False), len(answered)) <= rate
    # A rate that is easier to keep never answers less.
    assert abstain_below(curve, min(0.99, 2 * rate)) <= below


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.2])
def test_nine_calibrations_in_ten_keep_the_rate(rate: float) -> None:
    generator = np.random.default_rng(0)
    kept = 0
    for _ in range(200):
        confidence = np.clip(generator.beta(5, 1, size=100), 0.34, 1)
        curve = risk_curve(confidence, generator.random(100) < confidence)
        below = abstain_below(curve, rate)
        later = np.clip(generator.beta(5, 1, size=20_000), 0.34, 1)
        answered = later[later >= below]
        kept += len(answered) == 0 or bool(1 - answered.mean() <= rate)
    assert kept >= 180
