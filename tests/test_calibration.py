"""Calibration: numbers checked by hand, and what a damaged file is refused for."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.abstention import risk_curve
from ombud.calibration import Calibration, ViewCalibration, evidence
from ombud.errors import BundleError, UsageError

OUTCOMES = ("upheld", "not_upheld", "closed")
NEUTRAL = ViewCalibration.neutral(2)


def calibration(**numbers: Any) -> Calibration:
    view = dataclasses.replace(NEUTRAL, **numbers)
    return Calibration(OUTCOMES, ("late", "premature"), {"statement": view})


LOGITS = st.lists(st.floats(-1e4, 1e4), min_size=3, max_size=3)


@given(LOGITS, st.floats(0.05, 20))
def test_outcome_probabilities_add_up_to_one_in_the_order_of_the_logits(
    logits: list[float], temperature: float
) -> None:
    found = calibration(temperature=temperature).outcome_probabilities(logits, "statement")
    assert math.isclose(sum(found), 1, abs_tol=1e-12)
    for i in range(3):
        for j in range(3):
            assert logits[i] > logits[j] or found[i] <= found[j]


def test_temperature_by_hand() -> None:
    logits = [2 * math.log(3), 0.0, 0.0]
    assert calibration(temperature=2.0).outcome_probabilities(logits, "statement") == pytest.approx(
        [0.6, 0.2, 0.2]
    )


@given(st.floats(-1e6, 1e6))
def test_reasons_are_scaled_and_moved(logit: float) -> None:
    both = calibration(reason_scale=(1.0, 2.0), reason_shift=(0.0, -1.0)).reason_probabilities(
        [logit, logit], "statement"
    )
    assert all(0 <= p <= 1 for p in both)
    assert both[1] == calibration().reason_probabilities([2 * logit - 1, 0], "statement")[0]


def test_a_sigmoid_by_hand() -> None:
    found = calibration().reason_probabilities([math.log(3), -math.log(4)], "statement")
    assert found == pytest.approx([0.75, 0.2])


def test_reasons_are_read_in_the_cube_root_of_what_passages_add() -> None:
    numbers = calibration(
        reason_base=(-3.0, 1.0), reason_scale=(2.0, 2.0), reason_shift=(-3.0, -3.0)
    )
    # The first says nothing; the second adds 27 to where it starts, and 3 in the root.
    nothing, much = numbers.reason_probabilities([-3.0, 28.0], "statement")
    assert nothing == pytest.approx(1 / (1 + math.exp(3.0)))
    assert much == pytest.approx(1 / (1 + math.exp(-3.0)))
    against, _ = numbers.reason_probabilities([-11.0, 1.0], "statement")
    assert against == pytest.approx(1 / (1 + math.exp(7.0)))


@given(st.floats(-1e6, 1e6))
def test_evidence_is_a_cube_root_of_either_sign(added: float) -> None:
    assert evidence(added) ** 3 == pytest.approx(added, rel=1e-9)


@pytest.mark.parametrize(
    ("base", "found"),
    [
        ((0.0,), "expected one number a reason throughout, found lengths [1, 2]"),
        ((math.inf, 0.0), "expected finite numbers in a calibration, found others"),
    ],
)
def test_a_base_that_is_no_base_is_refused(base: tuple[float, ...], found: str) -> None:
    whole = json.loads(calibration(reason_base=(0.5, -0.5)).to_json())
    whole["views"]["statement"]["reason_base"] = list(base)
    with pytest.raises(ValueError) as caught:
        Calibration.from_json(json.dumps(whole))
    assert str(caught.value) == found


@pytest.mark.parametrize(
    ("quantile", "expected"),
    [
        (0.1, ("closed",)),
        (0.35, ("closed",)),
        (0.7, ("closed", "upheld")),
        (0.95, ("closed", "upheld", "not_upheld")),
        (math.inf, ("closed", "upheld", "not_upheld")),
    ],
)
def test_a_prediction_set_is_never_empty_and_most_probable_first(
    quantile: float, expected: tuple[str, ...]
) -> None:
    numbers = calibration(conformal_quantile=quantile)
    assert numbers.prediction_set([0.3, 0.05, 0.65], "statement") == expected


def test_abstention_is_below_the_threshold() -> None:
    numbers = calibration(abstain_below=0.5)
    assert numbers.abstains([0.4, 0.3, 0.3], "statement")
    assert not numbers.abstains([0.5, 0.25, 0.25], "statement")


def test_neutral_numbers_change_nothing() -> None:
    numbers = calibration()
    assert numbers.reason_thresholds("statement") == (0.5, 0.5)
    assert numbers.prediction_set([0.2, 0.5, 0.3], "statement") == (
        "not_upheld", "closed", "upheld",
    )  # fmt: skip
    assert not numbers.abstains([0.34, 0.33, 0.33], "statement")


def test_json_there_and_back() -> None:
    numbers = calibration(temperature=1.5, reason_shift=(0.25, -3.0))
    assert Calibration.from_json(numbers.to_json()) == numbers
    curve = risk_curve([0.9, 0.6], [True, False])
    kept = calibration(risk_curve=curve, documents=2, error_rate=0.2)
    assert Calibration.from_json(kept.to_json()) == kept
    based = calibration(reason_base=(0.5, -3.0))
    assert Calibration.from_json(based.to_json()) == based


def test_a_calibration_from_before_errors_were_kept() -> None:
    content = json.loads(calibration().to_json())
    for name in ("error_rate", "documents", "risk_curve"):
        del content["views"]["statement"][name]
    assert Calibration.from_json(json.dumps(content)) == calibration()


def test_an_error_rate_of_ones_own() -> None:
    curve = risk_curve([0.9] * 40 + [0.6] * 20, [True] * 40 + [False] * 20)
    numbers = calibration(risk_curve=curve)
    strict, easy = numbers.with_error_rate(0.06), numbers.with_error_rate(0.6)
    assert strict.views["statement"].abstain_below == 0.9
    assert strict.views["statement"].error_rate == 0.06
    assert strict.abstains([0.8, 0.1, 0.1], "statement")
    assert easy.views["statement"].abstain_below == 0.0
    assert dataclasses.replace(strict, views=numbers.views) == numbers


@pytest.mark.parametrize("rate", [0.0, 1.0, -0.1, math.nan])
def test_an_error_rate_that_is_none(rate: float) -> None:
    with pytest.raises(UsageError) as caught:
        calibration().with_error_rate(rate)
    assert str(caught.value) == (
        f"expected an error rate between 0 and 1, found {rate:g}; give one such as 0.05"
    )


def test_an_error_rate_that_cannot_be_kept_for_want_of_a_curve() -> None:
    with pytest.raises(BundleError) as caught:
        calibration().with_error_rate(0.05)
    assert str(caught.value) == (
        "expected a bundle that holds the errors of its calibration for the error rate 0.05, "
        "found none in the view 'statement'; train it again"
    )


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"temperature": 0.0}, "expected a temperature above 0, found 0.0"),
        ({"temperature": -1.0}, "expected a temperature above 0, found -1.0"),
        ({"temperature": math.nan}, "expected finite numbers in a calibration, found others"),
        ({"abstain_below": math.inf}, "expected finite numbers in a calibration, found others"),
        ({"reason_scale": (1.0, math.nan)}, "expected finite numbers in a calibration, found others"),
        ({"conformal_quantile": math.nan}, "expected a number as conformal_quantile, found NaN"),
        ({"reason_shift": (0.0,)},
         "expected one number a reason throughout, found lengths [1, 2]"),
    ],
)  # fmt: skip
def test_impossible_numbers(numbers: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as caught:
        calibration(**numbers)
    assert str(caught.value) == message


def test_numbers_of_another_count_of_reasons() -> None:
    with pytest.raises(ValueError) as caught:
        Calibration(OUTCOMES, ("late",), {"statement": NEUTRAL})
    assert str(caught.value) == "expected numbers of 1 reasons in the view 'statement', found 2"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"outcomes": [], "reasons": []}'])
def test_json_that_is_no_calibration(content: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        Calibration.from_json(content)


def test_json_with_a_number_too_many() -> None:
    content = json.loads(calibration().to_json())
    content["views"]["statement"]["luck"] = 1
    with pytest.raises(TypeError):
        Calibration.from_json(json.dumps(content))
