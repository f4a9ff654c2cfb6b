"""Evaluation: answers of the model and of the floors, scored on the same documents."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ombud.corpus import GoldCase
from ombud.metrics import (
    Interval,
    OutcomeScores,
    ReasonScores,
    outcome_scores,
    rationale_f1,
    reason_scores,
)
from ombud.prediction import Prediction
from ombud.predictor import Predictor
from ombud.taxonomy import OUTCOMES, REASONS
from ombud.views import Reading, View
from ombud_training.examples import gold_sentences

__all__ = [
    "Answers",
    "Evaluation",
    "Scores",
    "answers_of",
    "marked_sentences",
    "model_answers",
    "score",
]

_OUTCOMES: Final = tuple(outcome.label for outcome in OUTCOMES)
_REASONS: Final = tuple(reason.label for reason in REASONS)


@dataclass(frozen=True, slots=True)
class Answers:
    """What one system says of some documents, in their order.

    Attributes:
        name: The system.
        outcomes: One label a document; empty for a floor of rationales alone.
        reasons: A set of labels a document; empty likewise.
        rationales: Numbers of chosen sentences a document; empty for a system without any.
        probabilities: Of each outcome, in the taxonomy's order, a document; empty for a system
            without any. Shape: (documents, outcomes)
        reason_probabilities: Likewise of each reason. Shape: (documents, reasons)
    """

    name: str
    outcomes: tuple[str, ...] = ()
    reasons: tuple[frozenset[str], ...] = ()
    rationales: tuple[frozenset[int], ...] = ()
    probabilities: tuple[tuple[float, ...], ...] = ()
    reason_probabilities: tuple[tuple[float, ...], ...] = ()

    def __add__(self, other: Answers) -> Answers:
        """Return the answers of the same system on both sets of documents."""
        return Answers(
            self.name,
            self.outcomes + other.outcomes,
            self.reasons + other.reasons,
            self.rationales + other.rationales,
            self.probabilities + other.probabilities,
            self.reason_probabilities + other.reason_probabilities,
        )


@dataclass(frozen=True, slots=True)
class Scores:
    """Figures of one system; None for what it does not answer."""

    name: str
    outcome: OutcomeScores | None
    reasons: ReasonScores | None
    rationale: Interval | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of all systems on one set of documents.

    Attributes:
        view: What was read.
        data: `authored` or the name of a real source.
        split: How documents were kept apart from those trained on.
        documents: How many documents were scored.
        groups: How many after near-duplicates are counted once.
        scores: The model first, then the floors.
    """

    view: View
    data: str
    split: str
    documents: int
    groups: int
    scores: tuple[Scores, ...]

    def metrics(self) -> dict[str, float]:
        """Return every figure under a flat name, as the tracker keeps them."""
        flat = {}
        for scores in self.scores:
            head = f"{self.split}.{self.view}.{scores.name}"
            for name, interval in _intervals(scores).items():
                flat[f"{head}.{name}"] = interval.value
                flat[f"{head}.{name}.low"] = interval.low
                flat[f"{head}.{name}.high"] = interval.high
        return flat

    def to_json(self) -> dict[str, object]:
        """Return the evaluation as plain objects."""
        return dataclasses.asdict(self)


def _intervals(scores: Scores) -> dict[str, Interval]:
    found: dict[str, Interval] = {}
    if scores.outcome is not None:
        found["outcome_macro_f1"] = scores.outcome.macro_f1
        found["outcome_accuracy"] = scores.outcome.accuracy
        found["outcome_mcc"] = scores.outcome.mcc
        for label, interval in scores.outcome.per_class_f1.items():
            found[f"outcome_f1_{label}"] = interval
    if scores.reasons is not None:
        found["reasons_micro_f1"] = scores.reasons.micro_f1
        found["reasons_macro_f1"] = scores.reasons.macro_f1
    if scores.rationale is not None:
        found["rationale_f1"] = scores.rationale
    return found


def model_answers(
    predictor: Predictor, cases: Sequence[GoldCase], view: View, name: str = "ombud"
) -> Answers:
    """Return what a loaded model says of `cases`."""
    predictions = predictor.predict([case.document(view) for case in cases], view, all_reasons=True)
    return answers_of(predictions, [case.reading(view) for case in cases], predictor, name)


def answers_of(
    predictions: Sequence[Prediction],
    readings: Sequence[Reading],
    predictor: Predictor,
    name: str = "ombud",
) -> Answers:
    """Return predictions with all reasons, made by `predictor` of `readings`, as answers."""
    calibration = predictor.bundle.calibration
    thresholds = {
        view: dict(zip(calibration.reasons, calibration.reason_thresholds(view), strict=True))
        for view in calibration.views
    }
    return Answers(
        name,
        tuple(prediction.outcome for prediction in predictions),
        tuple(
            frozenset(r.label for r in p.reasons if r.probability >= thresholds[p.view][r.label])
            for p in predictions
        ),
        tuple(_chosen(r, p) for r, p in zip(readings, predictions, strict=True)),
        tuple(tuple(p.probabilities[label] for label in _OUTCOMES) for p in predictions),
        tuple(_reason_probabilities(p) for p in predictions),
    )


def _reason_probabilities(prediction: Prediction) -> tuple[float, ...]:
    told = {reason.label: reason.probability for reason in prediction.reasons}
    return tuple(told[label] for label in _REASONS)


def _chosen(reading: Reading, prediction: Prediction) -> frozenset[int]:
    spans = {passage.span for passage in prediction.rationale}
    return frozenset(n for n, sentence in enumerate(reading.sentences) if sentence.span in spans)


def score(
    answers: Sequence[Answers],
    cases: Sequence[GoldCase],
    view: View,
    split: str,
    *,
    data: str = "authored",
    resamples: int = 1000,
) -> Evaluation:
    """Score each system's answers against the gold labels and marks of `cases`."""
    groups = [case.group for case in cases]
    marked = [marked_sentences(case, case.reading(view)) for case in cases]
    rows = []
    for one in answers:
        outcome = reasons = rationale = None
        if one.outcomes:
            outcome = outcome_scores(
                [case.outcome for case in cases], one.outcomes, groups, resamples=resamples
            )
        if one.reasons:
            gold = [{reason.label for reason in case.reasons} for case in cases]
            reasons = reason_scores(gold, one.reasons, groups, resamples=resamples)
        if one.rationales and any(marked):
            rationale = rationale_f1(marked, one.rationales, groups, resamples=resamples)
        rows.append(Scores(one.name, outcome, reasons, rationale))
    return Evaluation(view, data, split, len(cases), len(set(groups)), tuple(rows))


def marked_sentences(case: GoldCase, reading: Reading) -> list[int]:
    """Return the numbers of the sentences of a reading of `case` that any gold mark covers."""
    spans = [span for own in case.gold_spans(reading.view).values() for span in own]
    return gold_sentences(reading, spans)
