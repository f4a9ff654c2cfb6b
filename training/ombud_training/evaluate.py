"""Evaluation: answers of the model and of the floors, scored on the same documents."""

from __future__ import annotations

import dataclasses
import functools
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ombud.corpus import GoldCase
from ombud.metrics import (
    Faithfulness,
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
from ombud_training.faithful import (
    FaithfulnessScores,
    Parts,
    Probabilities,
    document_faithfulness,
    faithfulness_scores,
    sentence_scores,
)
from ombud_training.passages import PassageScores, passage_scores

__all__ = [
    "Answers",
    "Evaluation",
    "Scores",
    "answers_of",
    "figures",
    "marked_sentences",
    "model_answers",
    "over_trainings",
    "ranked",
    "score",
    "with_faithfulness",
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
        sentence_scores: How much each sentence belongs to the rationale, a document; empty for a
            system that ranks none.
        faithfulness: What the model says without the rationale and of it alone, a document; empty
            where nobody asked.
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
    sentence_scores: tuple[tuple[float, ...], ...] = ()
    faithfulness: tuple[Faithfulness, ...] = ()

    def __add__(self, other: Answers) -> Answers:
        """Return the answers of the same system on both sets of documents."""
        return Answers(
            self.name,
            self.outcomes + other.outcomes,
            self.reasons + other.reasons,
            self.rationales + other.rationales,
            self.probabilities + other.probabilities,
            self.reason_probabilities + other.reason_probabilities,
            self.sentence_scores + other.sentence_scores,
            self.faithfulness + other.faithfulness,
        )


def over_trainings(answers: Sequence[Sequence[Answers]]) -> list[Answers]:
    """Return the answers of each system over several trainings, as if of one set of documents.

    Args:
        answers: Of every system in the same order, a training.
    """
    return [functools.reduce(operator.add, own) for own in zip(*answers, strict=True)]


@dataclass(frozen=True, slots=True)
class Scores:
    """Figures of one system; None for what it does not answer.

    `rationale` is the F1 of sentences; `passages` has the same by words.
    """

    name: str
    outcome: OutcomeScores | None
    reasons: ReasonScores | None
    rationale: Interval | None
    passages: PassageScores | None = None
    faithfulness: FaithfulnessScores | None = None


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
            for name, interval in figures(scores).items():
                flat[f"{head}.{name}"] = interval.value
                flat[f"{head}.{name}.low"] = interval.low
                flat[f"{head}.{name}.high"] = interval.high
        return flat

    def to_json(self) -> dict[str, object]:
        """Return the evaluation as plain objects."""
        return dataclasses.asdict(self)


def figures(scores: Scores) -> dict[str, Interval]:
    """Return every figure that a system has, by name."""
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
    if scores.passages is not None:
        found["rationale_token_f1"] = scores.passages.token_f1
        found["rationale_iou_f1"] = scores.passages.iou_f1
        if scores.passages.auprc is not None:
            found["rationale_auprc"] = scores.passages.auprc
    if scores.faithfulness is not None:
        found["rationale_comprehensiveness"] = scores.faithfulness.comprehensiveness
        found["rationale_sufficiency"] = scores.faithfulness.sufficiency
    return found


def model_answers(
    predictor: Predictor, cases: Sequence[GoldCase], view: View, name: str = "ombud"
) -> Answers:
    """Return what a loaded model says of `cases`, and how it ranks their sentences."""
    readings = [case.reading(view) for case in cases]
    predictions = predictor.predict_readings(readings, all_reasons=True)
    return ranked(answers_of(predictions, readings, predictor, name), predictor, readings)


def ranked(answers: Answers, predictor: Predictor, readings: Sequence[Reading]) -> Answers:
    """Return the answers of `predictor` to `readings` with how it ranks their sentences."""
    scores = sentence_scores(predictor, readings, answers.reasons)
    return dataclasses.replace(answers, sentence_scores=tuple(scores))


def with_faithfulness(
    answers: Sequence[Answers], probabilities: Probabilities, readings: Sequence[Reading]
) -> list[Answers]:
    """Return answers with what a model says without each system's rationales and of them alone.

    Args:
        answers: Of the model itself, and of floors, whose rationales the same model is shown.
        probabilities: The model.
        readings: What all of them read.
    """
    parts = Parts(probabilities, readings)
    return [
        dataclasses.replace(
            one,
            faithfulness=tuple(document_faithfulness(parts, one.rationales, one.sentence_scores)),
        )
        if one.rationales and one.sentence_scores
        else one
        for one in answers
    ]


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
    readings = [case.reading(view) for case in cases]
    marked = [marked_sentences(c, reading) for c, reading in zip(cases, readings, strict=True)]
    rows = []
    for one in answers:
        outcome = reasons = rationale = passages = faithful = None
        if one.outcomes:
            outcome = outcome_scores(
                [case.outcome for case in cases], one.outcomes, groups, resamples=resamples
            )
        if one.reasons:
            gold = [{reason.label for reason in case.reasons} for case in cases]
            reasons = reason_scores(gold, one.reasons, groups, resamples=resamples)
        if one.rationales and any(marked):
            rationale = rationale_f1(marked, one.rationales, groups, resamples=resamples)
            passages = passage_scores(
                one.rationales, cases, readings, scores=one.sentence_scores, resamples=resamples
            )
        if one.faithfulness:
            faithful = faithfulness_scores(one.faithfulness, groups, resamples)
        rows.append(Scores(one.name, outcome, reasons, rationale, passages, faithful))
    return Evaluation(view, data, split, len(cases), len(set(groups)), tuple(rows))


def marked_sentences(case: GoldCase, reading: Reading) -> list[int]:
    """Return the numbers of the sentences of a reading of `case` that any gold mark covers."""
    spans = [span for own in case.gold_spans(reading.view).values() for span in own]
    return gold_sentences(reading, spans)
