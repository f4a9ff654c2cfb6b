"""Expected calibration error: by hand, of perfect and of useless confidence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.metrics import ReliabilityBin, calibration_scores, reliability_bins


def test_bins_by_hand() -> None:
    found = reliability_bins([0.9, 0.5, 0.7, 0.7], [True, False, True, False], bins=2)
    assert found == (ReliabilityBin(2, 0.6, 0.5), ReliabilityBin(2, pytest.approx(0.8), 0.5))


def test_the_error_by_hand() -> None:
    sure, right = [0.9, 0.5, 0.7, 0.7], [True, False, True, False]
    found = calibration_scores(sure, right, list("abcd"), bins=2, resamples=50)
    # Half of |0.6 - 0.5| and half of |0.8 - 0.5|.
    assert found.ece.value == pytest.approx(0.2)
    assert found.ece.low <= 0.2 <= found.ece.high


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=80))
def test_the_error_is_the_mean_gap_of_the_bins(answers: list[tuple[float, bool]]) -> None:
    sure, right = [a[0] for a in answers], [a[1] for a in answers]
    bins = reliability_bins(sure, right)
    assert sum(b.documents for b in bins) == len(answers)
    assert max(b.documents for b in bins) - min(b.documents for b in bins) <= 1
    found = calibration_scores(sure, right, [str(n) for n in range(len(sure))], resamples=2)
    expected = sum(b.documents * abs(b.confidence - b.accuracy) for b in bins) / len(answers)
    assert found.ece.value == pytest.approx(expected)


def test_true_confidence_is_as_near_as_chance_allows() -> None:
    generator = np.random.default_rng(3)
    sure = generator.uniform(0.5, 1, 300)
    groups = [str(n) for n in range(300)]
    honest = calibration_scores(sure, generator.random(300) < sure, groups, resamples=200)
    assert honest.by_chance.low <= honest.ece.value <= honest.by_chance.high
    boasting = calibration_scores(sure, generator.random(300) < sure - 0.3, groups, resamples=200)
    assert boasting.ece.value > boasting.by_chance.high
    assert boasting.ece.value == pytest.approx(0.3, abs=0.06)
