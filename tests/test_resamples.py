"""Resampled sums: the same figures as the plain bootstrap's, and average precision by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score

from ombud.metrics.resamples import Resamples, divide

GROUPS = ["a", "a", "b", "c", "d", "e"]
GOLD = np.array([0, 1, 1, 2, 0, 2])
SAID = np.array([0, 1, 0, 2, 0, 1])


def test_the_first_row_is_the_documents_and_groups_are_drawn_whole() -> None:
    draws = Resamples(GROUPS, 200)
    assert draws.weights.shape == (201, 6)
    assert draws.weights[0].tolist() == [1.0] * 6
    assert (draws.weights[:, 0] == draws.weights[:, 1]).all()
    # Five groups are drawn five times.
    assert (draws.weights[1:, [0, 2, 3, 4, 5]].sum(axis=1) == 5).all()


def test_values_are_those_of_the_documents() -> None:
    draws = Resamples(GROUPS, 50)
    assert draws.ratio(GOLD == SAID, np.ones(6)).value == pytest.approx(4 / 6)
    expected = f1_score(GOLD, SAID, average="macro")
    assert draws.macro_f1(GOLD, SAID).value == pytest.approx(expected)
    found = draws.macro_f1(GOLD, SAID)
    assert found.low <= found.value <= found.high


def test_average_precision_is_scikit_learns_with_ties_too() -> None:
    generator = np.random.default_rng(4)
    for _ in range(20):
        gold = generator.random(30) < 0.4
        gold[0] = True
        scores = np.round(generator.random(30), 1)
        groups = [str(n) for n in range(30)]
        draws = Resamples(groups, 5)
        found = draws.average_precision(gold, scores)
        assert found.value == pytest.approx(average_precision_score(gold, scores))
        weights = draws.weights[1]
        if weights @ gold:
            again = Resamples(groups, 1)
            expected = average_precision_score(gold, scores, sample_weight=again.weights[1])
            # One sample: both ends of the interval are it.
            one = again.average_precision(gold, scores)
            assert one.low == one.high == pytest.approx(expected)


def test_what_is_undefined_is_nan_and_spoils_nothing() -> None:
    draws = Resamples(GROUPS, 50)
    nothing = draws.ratio(np.zeros(6), np.zeros(6))
    assert math.isnan(nothing.value)
    assert math.isnan(nothing.low)
    # Undefined in the samples that miss the one document.
    one = draws.ratio([1, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0])
    assert (one.value, one.low, one.high) == (1.0, 1.0, 1.0)
    assert divide(np.array([1.0, 1.0]), np.array([0.0, 2.0])).tolist()[1] == 0.5


def test_nothing_to_score() -> None:
    with pytest.raises(ValueError) as caught:
        Resamples([])
    assert str(caught.value) == "expected at least one document to score, found none"
