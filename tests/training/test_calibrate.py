"""Calibration: fitted on given documents alone, with the numbers the methods say."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.base import BaseEstimator, ClassifierMixin

from gold import gold_case, gold_cases
from ombud.calibration import Calibration, ViewCalibration
from ombud.model import EncoderSource
from ombud.taxonomy import OUTCOMES, REASONS
from ombud.vectors import SentenceVectors
from ombud_training import calibrate
from ombud_training.calibrate import fit_calibration, neutral_calibration
from ombud_training.fit import Fitted

OUTCOME_LABELS = tuple(outcome.label for outcome in OUTCOMES)
REASON_LABELS = tuple(reason.label for reason in REASONS)
FAULT = REASON_LABELS.index("fault_causing_injustice")
NO_PASSAGE = np.zeros(len(REASONS))


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
        monkeypatch.setattr(calibrate, "_logits", lambda *_: (outcomes, given, NO_PASSAGE))
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


def test_with_too_few_documents_no_outcome_is_ruled_out(logits) -> None:
    assert logits(np.tile([9.0, 0.0, 0.0], (8, 1)), ["upheld"] * 8).conformal_quantile == 1.0


def test_it_abstains_where_more_than_one_answer_in_ten_may_be_wrong(logits) -> None:
    # The 39 surest are right; all that are less sure are wrong. One wrong of 40 may be answered:
    # nine times in ten that is a rate of under 10 %. Two of 41 may not.
    rows = np.array([[10.0 - n / 10, 0.0, 0.0] for n in range(60)])
    found = logits(rows, ["upheld"] * 39 + ["not_upheld"] * 21)
    scaled = np.exp(rows[39] / found.temperature)
    sure = float(scaled[0] / scaled.sum())
    assert found.abstain_below == pytest.approx(sure)
    answered = [point for point in found.risk_curve if point.confidence >= found.abstain_below]
    assert (answered[-1].answered, answered[-1].wrong) == (40, 1)
    assert (found.error_rate, found.documents) == (0.1, 60)
    assert logits(rows, ["upheld"] * 60).abstain_below == 0.0
    assert logits(rows, ["not_upheld"] * 60).abstain_below == 1.0


def test_a_statement_for_several_bodies_calibrates_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [replace(gold_case(n, "upheld"), group=f"g{n // 2}") for n in range(20)]
    seen: list[int] = []

    def logits(_fitted: Any, given: list[Any], *_: Any) -> tuple[Any, Any, Any]:
        seen.append(len(given))
        outcomes = np.tile([2.0, 0.0, 0.0], (len(given), 1))
        return outcomes, np.zeros((len(given), len(REASONS))), NO_PASSAGE

    monkeypatch.setattr(calibrate, "_logits", logits)
    unused: Any = None
    found = fit_calibration(unused, cases, ["statement"]).views["statement"]
    assert seen == [10]
    assert found.documents == 10
    assert found.risk_curve[-1].answered == 10


@pytest.mark.parametrize("coverage", [0.8, 0.9])
def test_sets_are_those_of_mapie(coverage: float) -> None:
    classification = pytest.importorskip("mapie.classification")
    generator = np.random.default_rng(5)
    logits = generator.normal(size=(260, 3)) * 2
    told = softmax(logits, axis=1)
    true = np.array([generator.choice(3, p=row) for row in told])
    fitting, asked = told[:60], told[60:]

    class Told(ClassifierMixin, BaseEstimator):
        """Gives the probabilities that it is asked with."""

        classes_ = np.arange(3)
        n_features_in_ = 3

        def fit(self, _x: Any, _y: Any) -> Told:
            return self

        def predict_proba(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
            return x

        def predict(self, x: NDArray[np.float64]) -> NDArray[np.intp]:
            return np.asarray(x.argmax(axis=1))

    theirs = classification.SplitConformalClassifier(
        Told(), confidence_level=coverage, conformity_score="lac", prefit=True
    )
    theirs.conformalize(fitting, true[:60])
    _, sets = theirs.predict_set(asked)
    scores = 1.0 - fitting[np.arange(60), true[:60]]
    numbers = replace(
        ViewCalibration.neutral(len(REASONS)),
        conformal_quantile=calibrate.conformal_quantile(scores, coverage),
    )
    ours = Calibration(OUTCOME_LABELS, REASON_LABELS, {"statement": numbers})
    for row, own in zip(asked, sets[:, :, 0], strict=True):
        expected = {label for label, inside in zip(OUTCOME_LABELS, own, strict=True) if inside}
        # Where nothing is left theirs is empty, ours holds the best guess.
        expected = expected or {OUTCOME_LABELS[int(row.argmax())]}
        assert set(ours.prediction_set(row.tolist(), "statement")) == expected


def test_reasons_have_the_numbers_that_fit_documents_left_out(logits) -> None:
    # Cubes: what is scaled is the cube root of what passages add.
    reasons = np.full((40, len(REASONS)), -8.0)
    gold = ["upheld", "not_upheld"] * 20
    reasons[::2, FAULT] = 8.0
    found = logits(np.zeros((40, 3)), gold, reasons)
    for numbers in (found.reason_scale, found.reason_shift, found.reason_threshold):
        assert len(numbers) == len(REASONS)
    scale, shift = found.reason_scale[FAULT], found.reason_shift[FAULT]
    assert found.reason_base == tuple(NO_PASSAGE)
    # A root of 2 is always right for this reason, one of -2 never.
    assert 1 / (1 + math.exp(-(2 * scale + shift))) > 0.9
    assert 1 / (1 + math.exp(-(-2 * scale + shift))) < 0.01
    # A reason that no document gives has what all share.
    late = REASON_LABELS.index("late")
    assert found.reason_scale[late] == found.reason_scale[REASON_LABELS.index("withdrawn")]
    withdrawn = REASON_LABELS.index("withdrawn")
    assert found.reason_threshold[late] == found.reason_threshold[withdrawn]
    assert found.reason_threshold[late] <= found.reason_threshold[FAULT] < 0.9


def test_a_reason_is_given_only_where_passages_add_to_it(logits) -> None:
    # Given in half of the documents whether there are passages or not: its base rate is far above
    # the shared threshold.
    given = np.zeros((80, len(REASONS)))
    given[::2, FAULT] = 0.5
    outcomes = ["upheld", "closed_after_initial_enquiries"] * 40
    found = logits(np.zeros((80, 3)), outcomes, given)
    calibration = Calibration(OUTCOME_LABELS, REASON_LABELS, {"statement": found})
    thresholds = calibration.reason_thresholds("statement")
    nothing = calibration.reason_probabilities([0.0] * len(REASONS), "statement")
    assert all(p < least for p, least in zip(nothing, thresholds, strict=True))
    something = calibration.reason_probabilities([0.01] * len(REASONS), "statement")
    assert something[FAULT] > nothing[FAULT]


def test_reason_logits_that_say_the_opposite_are_left_as_they_are(logits) -> None:
    reasons = np.full((20, len(REASONS)), 2.0)
    reasons[:, FAULT] = -2.0
    found = logits(np.zeros((20, 3)), ["upheld"] * 20, reasons)
    # Nothing to learn a scale from, and nothing to learn the others from.
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
