"""An evaluation in full: every figure of one view, with its floors, as one object and as JSON."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ombud.calibration import ViewCalibration
from ombud.corpus import GoldCase, Split
from ombud.metrics import CalibrationScores, Interval
from ombud.metrics.resamples import Resamples
from ombud.predictor import Predictor
from ombud.vectors import SentenceVectors
from ombud.views import View
from ombud_training import sureness
from ombud_training.evaluate import (
    Answers,
    Evaluation,
    answers_of,
    ranked,
    score,
    with_faithfulness,
)
from ombud_training.faithful import model_probabilities
from ombud_training.floors import floor_answers
from ombud_training.label_detail import (
    LabelScores,
    Slice,
    by_class,
    by_reason,
    by_slice,
    confusions,
)
from ombud_training.leaks import Leak, leaks
from ombud_training.mistakes import Mistake, outcome_mistakes, reason_mistakes
from ombud_training.slices import slices

__all__ = ["ViewReport", "full_report", "plain"]


@dataclass(frozen=True, slots=True)
class ViewReport:
    """Every figure of one view; systems are keyed by name, the model first.

    Attributes:
        part: Part of the split that was scored.
        evaluation: The headline figures.
        confusions: Gold outcome by predicted one.
        classes: Figures of each outcome.
        reasons: Figures of each reason.
        support: How many documents give each reason.
        slices: Figures of each slice.
        calibration: Expected calibration error of outcomes.
        reason_calibration: The same over all pairs of document and reason.
        numbers: What the model is calibrated by.
        coverage: Of prediction sets.
        risk: Error by share answered, of each system with probabilities.
        rules: What abstaining for a rate came to.
        curves: Precision by recall of the model, of each outcome and of all reasons.
        given_at: Recall and precision of the reasons as given.
        average_precision: Areas under those, of each system with probabilities.
        leaks: What removing sections costs.
        outcome_mistakes: The worst.
        reason_mistakes: The worst.
        warnings: How many documents had each warning.
    """

    part: str
    evaluation: Evaluation
    confusions: Mapping[str, tuple[tuple[int, ...], ...]]
    classes: Mapping[str, Mapping[str, LabelScores]]
    reasons: Mapping[str, Mapping[str, LabelScores]]
    support: Mapping[str, int]
    slices: Sequence[Slice]
    calibration: CalibrationScores
    reason_calibration: CalibrationScores
    numbers: ViewCalibration
    coverage: sureness.Coverage
    risk: Mapping[str, Sequence[sureness.RiskPoint]]
    rules: Sequence[sureness.Rule]
    curves: Mapping[str, Sequence[tuple[float, float]]]
    given_at: tuple[float, float]
    average_precision: Mapping[str, Mapping[str, Interval]]
    leaks: Sequence[Leak]
    outcome_mistakes: Sequence[Mistake]
    reason_mistakes: Sequence[Mistake]
    warnings: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        """Return every figure as plain objects; undefined ones are None, texts are left out."""
        content = dataclasses.asdict(self)
        for mistakes in (content["outcome_mistakes"], content["reason_mistakes"]):
            for mistake in mistakes:
                del mistake["pieces"]
        # The calibration stands in the bundle itself.
        del content["numbers"]
        found: dict[str, Any] = plain(content)
        return found


def plain(value: Any) -> Any:
    """Return `value` with every number that JSON does not have as None."""
    if isinstance(value, Mapping):
        return {key: plain(own) for key, own in value.items()}
    if isinstance(value, list | tuple):
        return [plain(own) for own in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def full_report(
    predictor: Predictor,
    train: Sequence[GoldCase],
    cases: Sequence[GoldCase],
    view: View,
    *,
    vectors: SentenceVectors,
    split: Split | None = None,
    part: str = "test",
    seed: int = 13,
    resamples: int = 1000,
) -> ViewReport:
    """Score a predictor and the floors, which learn from `train`, on `cases`.

    Args:
        predictor: The model.
        train: What floors learn from.
        cases: What is scored.
        view: What is read.
        vectors: Of an encoder as published, for the floors.
        split: Names the test periods.
        part: Part of the split that `cases` are.
        seed: Of the floors.
        resamples: Of the intervals.
    """
    readings = [case.reading(view) for case in cases]
    predictions = predictor.predict_readings(readings, all_reasons=True)
    model = ranked(answers_of(predictions, readings, predictor), predictor, readings)
    answers = with_faithfulness(
        [model, *floor_answers(train, cases, view, vectors, seed)],
        model_probabilities(predictor),
        readings,
    )
    draws = Resamples([case.group for case in cases], resamples)
    told = [one for one in answers if one.probabilities]
    numbers = predictor.bundle.calibration.views[view]
    warnings: dict[str, int] = {}
    for prediction in predictions:
        for warning in prediction.warnings:
            warnings[warning.code] = warnings.get(warning.code, 0) + 1
    return ViewReport(
        part=part,
        evaluation=score(answers, cases, view, "date", resamples=resamples),
        confusions=confusions(answers, cases),
        classes=by_class(answers, cases, draws),
        reasons=by_reason(answers, cases, draws),
        support=dict(Counter(reason.label for case in cases for reason in case.reasons)),
        slices=by_slice(answers, cases, readings, slices(cases, readings, split), resamples),
        calibration=sureness.outcome_calibration(model, cases, resamples),
        reason_calibration=sureness.reason_calibration(model, cases, min(resamples, 200)),
        numbers=numbers,
        coverage=sureness.coverage(model, cases, numbers, draws),
        risk={one.name: sureness.risk(one, cases, draws) for one in told},
        rules=sureness.rules(model, cases, numbers, draws),
        curves=sureness.precision_recall(model, cases),
        given_at=_given_at(model, cases),
        average_precision={
            one.name: sureness.average_precisions(one, cases, min(resamples, 200)) for one in told
        },
        leaks=leaks(predictor, cases, readings, model, resamples),
        outcome_mistakes=outcome_mistakes(cases, predictions, view),
        reason_mistakes=reason_mistakes(cases, predictions, model.reasons, view),
        warnings=warnings,
    )


def _given_at(model: Answers, cases: Sequence[GoldCase]) -> tuple[float, float]:
    gold = [{reason.label for reason in case.reasons} for case in cases]
    hits = sum(len(a & b) for a, b in zip(gold, model.reasons, strict=True))
    return hits / max(1, sum(map(len, gold))), hits / max(1, sum(map(len, model.reasons)))
