"""Calibration: fitted on given documents alone, with the numbers the methods say."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gold import gold_case, gold_cases
from ombud.calibration import ViewCalibration
from ombud.model import EncoderSource
from ombud.taxonomy import OUTCOMES, REASONS
from ombud.vectors import SentenceVectors
from ombud_training import calibrate
from ombud_training.calibrate import fit_calibration, neutral_calibration
from ombud_training.fit import Fitted

OUTCOME_LABELS = tuple(outcome.label for outcome in OUTCOMES)
REASON_LABELS = tuple(reason.label for reason in REASONS)
FAULT = REASON_LABELS.index("fault_causing_injustice")


@pytest.fixture
def logits(monkeypatch: pytest.MonkeyPatch):
    """Calibrate given logits of cases with given outcomes, in one view."""

    def fitted(
        outcomes: NDArray[np.float64],
        gold: list[str],
        reasons: NDArray[np.float64] | None = None,
    ) -> ViewCalibration:
        cases = [gold_case(n, outcome) for n, outcome in enumerate(gold)]
        given = np.zeros((len(gold), len(REASONS))) if reasons is None else reasons
        monkeypatch.setattr(calibrate, "_logits", lambda *_: (outcomes, given))
        unused: Any = None
        return fit_calibration(unused, cases, ["statement"]).views["statement"]

    return fitted


def test_neutral_numbers_change_nothing() -> None:
    neutral = neutral_calibration(["statement"])
    assert (neutral.outcomes, neutral.reasons) == (OUTCOME_LABELS, REASON_LABELS)
    assert neutral.views == {"statement": ViewCalibration.neutral(len(REASONS))}
    logits = [0.0, math.log(2.0), 0.0]
    assert neutral.outcome_probabilities(logits, "statement") == pytest.approx([0.25, 0.5, 0.25])


def test_the_temperature_makes_confidence_the_share_that_is_right(logits) -> None:
    # Three in four right, and told so by 3.0: the right temperature gives 3/4 to the first.
    rows = np.tile([3.0, 0.0, -50.0], (40, 1))
    found = logits(rows, ["upheld"] * 30 + ["not_upheld"] * 10)
    assert found.temperature == pytest.approx(3.0 / math.log(3.0), rel=1e-3)


def test_the_temperature_stays_within_its_bounds(logits) -> None:
    sure = logits(np.tile([1.0, 0.0, 0.0], (20, 1)), ["upheld"] * 20)
    wrong = logits(np.tile([9.0, 0.0, 0.0], (20, 1)), ["not_upheld"] * 20)
    assert sure.temperature == pytest.approx(0.25, rel=1e-3)
    assert wrong.temperature == pytest.approx(8.0, rel=1e-3)


def test_the_quantile_is_the_conformal_rank_of_true_scores(logits) -> None:
    # 9 documents at 90 %: rank ceil(10 * 0.9) = 9, the largest score.
    rows = np.array([[float(n), 0.0, 0.0] for n in range(9)])
    found = logits(rows, ["upheld"] * 9)
    assert found.conformal_quantile == pytest.approx(2 / 3)
    assert found.coverage == 0.9
    # 19 documents: rank ceil(20 * 0.9) = 18, the second largest.
    rows = np.array([[0.0, 0.0, 0.0], *[[2.0, 0.0, 0.0]] * 18])
    found = logits(rows, ["upheld"] * 19)
    expected = 1 - 1 / (1 + 2 * math.exp(-2.0 / found.temperature))
    assert found.conformal_quantile == pytest.approx(expected)


def test_it_abstains_below_the_confidence_with_one_error_in_ten(logits) -> None:
    # The ten surest are right but one; all that are less sure are wrong.
    rows = np.array([[10.0 - n / 10, 0.0, 0.0] for n in range(20)])
    gold = ["upheld"] * 9 + ["not_upheld"] * 11
    found = logits(rows, gold)
    scaled = np.exp(rows[9] / found.temperature)
    assert found.abstain_below == pytest.approx(float(scaled[0] / scaled.sum()))
    assert logits(rows, ["upheld"] * 20).abstain_below == 0.0
    assert logits(rows, ["not_upheld"] * 20).abstain_below == 1.0


def test_all_reasons_of_a_view_share_their_numbers(logits) -> None:
    reasons = np.full((20, len(REASONS)), -2.0)
    gold = ["upheld", "not_upheld"] * 10
    reasons[::2, FAULT] = 2.0
    found = logits(np.zeros((20, 3)), gold, reasons)
    for numbers in (found.reason_scale, found.reason_shift, found.reason_threshold):
        assert len(numbers) == len(REASONS)
        assert len(set(numbers)) == 1
    scale, shift = found.reason_scale[0], found.reason_shift[0]
    assert scale > 0
    # A logit of 2 is always right; of -2 it is right in 10 of 610 places.
    assert 1 / (1 + math.exp(-(2 * scale + shift))) > 0.9
    assert 1 / (1 + math.exp(-(-2 * scale + shift))) == pytest.approx(10 / 610, abs=0.01)
    assert 0.15 <= found.reason_threshold[0] <= 0.7


def test_reason_logits_that_say_the_opposite_are_left_as_they_are(logits) -> None:
    reasons = np.full((20, len(REASONS)), 2.0)
    reasons[:, FAULT] = -2.0
    found = logits(np.zeros((20, 3)), ["upheld"] * 20, reasons)
    assert set(found.reason_scale) == {1.0}
    assert set(found.reason_shift) == {0.0}


def test_a_trained_model_is_calibrated_in_both_views(
    fitted: Fitted, tiny_encoder: EncoderSource
) -> None:
    cases = gold_cases(6)
    alone = fit_calibration(fitted, cases, ["statement", "complaint"])
    shared = SentenceVectors(fitted.model.encoder, tiny_encoder.tokenizer(), 32)
    together = fit_calibration(fitted, cases, ["statement", "complaint"], shared)
    assert list(alone.views) == ["statement", "complaint"]
    assert (alone.outcomes, alone.reasons) == (OUTCOME_LABELS, REASON_LABELS)
    for view, numbers in alone.views.items():
        assert numbers.temperature == pytest.approx(together.views[view].temperature, rel=1e-3)
        assert numbers.reason_scale[0] > 0
