"""Drift: shares that a bundle keeps, and how far those of new texts are from them."""

from __future__ import annotations

import pytest

from ombud.drift import outcome_drift, share_metrics, training_shares
from ombud.taxonomy import OUTCOMES

LABELS = [outcome.label for outcome in OUTCOMES]


def test_shares_come_back_from_a_manifest() -> None:
    metrics = {"test.statement.ombud.outcome_macro_f1": 0.9}
    metrics |= share_metrics([LABELS[0], LABELS[0], LABELS[1], LABELS[2]])
    assert training_shares(metrics) == {LABELS[0]: 0.5, LABELS[1]: 0.25, LABELS[2]: 0.25}


@pytest.mark.parametrize("metrics", [{}, {"train.outcome_share.upheld": 1.0}])
def test_a_manifest_without_all_shares_has_none(metrics: dict[str, float]) -> None:
    assert training_shares(metrics) is None


def test_no_documents_have_no_shares() -> None:
    assert share_metrics([]) == {f"train.outcome_share.{label}": 0.0 for label in LABELS}


def test_the_distance_is_half_of_what_was_moved() -> None:
    training = dict(zip(LABELS, (0.6, 0.3, 0.1), strict=True))
    found = outcome_drift(dict(zip(LABELS, (0.4, 0.3, 0.3), strict=True)), training)
    assert found == pytest.approx({LABELS[0]: -0.2, LABELS[1]: 0, LABELS[2]: 0.2, "distance": 0.2})
    other = dict(zip(LABELS, (1.0, 0.0, 0.0), strict=True))
    assert outcome_drift(other, {**other, LABELS[0]: 0.0, LABELS[1]: 1.0})["distance"] == 1.0
