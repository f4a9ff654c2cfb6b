"""One prediction: what command line, service, batch job and pipelines all carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ombud.calibration import Calibration
from ombud.spans import Span
from ombud.taxonomy import reason as taxonomy_reason
from ombud.views import Reading, Warning_

__all__ = ["ModelInfo", "Passage", "Prediction", "ScoredReason", "assemble"]


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which model made a prediction; `sha256` is that of the bundle's manifest."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ScoredReason:
    """A reason, its calibrated probability, and its ground in the Act."""

    label: str
    probability: float
    ground: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A chosen sentence: what it adds to the logit of each label shown that chose it."""

    span: Span
    text: str
    section: str
    supports: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Prediction:
    """How a document is predicted to end, for which reasons, carried by which passages."""

    id: str
    view: str
    model: ModelInfo
    outcome: str
    probabilities: dict[str, float]
    prediction_set: tuple[str, ...]
    abstained: bool
    reasons: tuple[ScoredReason, ...]
    rationale: tuple[Passage, ...]
    warnings: tuple[Warning_, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the prediction as the JSON object that every surface shows."""
        return {
            "id": self.id,
            "view": self.view,
            "model": {
                "name": self.model.name,
                "version": self.model.version,
                "sha256": self.model.sha256,
            },
            "outcome": {
                "label": self.outcome,
                "probability": self.probabilities[self.outcome],
                "probabilities": dict(self.probabilities),
                "prediction_set": list(self.prediction_set),
                "abstained": self.abstained,
            },
            "reasons": [
                {"label": r.label, "probability": r.probability, "ground": r.ground}
                for r in self.reasons
            ],
            "rationale": [
                {
                    "start": p.span.start,
                    "end": p.span.end,
                    "text": p.text,
                    "section": p.section,
                    "supports": [
                        {"label": label, "contribution": value} for label, value in p.supports
                    ],
                }
                for p in self.rationale
            ],
            "warnings": [{"code": w.code, "message": w.message} for w in self.warnings],
        }


def assemble(
    reading: Reading,
    outcome_logits: Sequence[float],
    reason_logits: Sequence[float],
    gates: Sequence[Sequence[bool]],
    contributions: Sequence[Sequence[float]],
    calibration: Calibration,
    model: ModelInfo,
    *,
    all_reasons: bool = False,
) -> Prediction:
    """Return the prediction that a model's output for one reading means.

    A pure function: the same numbers give the same prediction on every surface.

    Args:
        reading: What the model read.
        outcome_logits: Shape: (outcomes,)
        reason_logits: Shape: (reasons,)
        gates: Whether a sentence is chosen; gate 0 is the outcome's.
            Shape: (sentences, 1 + reasons)
        contributions: What each sentence adds to each logit.
            Shape: (sentences, outcomes + reasons)
        calibration: How logits become probabilities, sets and an abstention.
        model: The model that made them.
        all_reasons: Give every reason, not only those over their threshold.
    """
    outcomes = calibration.outcomes
    probabilities = calibration.outcome_probabilities(outcome_logits, reading.view)
    best = max(range(len(outcomes)), key=probabilities.__getitem__)
    reason_probabilities = calibration.reason_probabilities(reason_logits, reading.view)
    thresholds = calibration.reason_thresholds(reading.view)
    over = {
        label
        for label, probability, threshold in zip(
            calibration.reasons, reason_probabilities, thresholds, strict=True
        )
        if probability >= threshold
    }
    scored = sorted(
        (
            ScoredReason(label, probability, taxonomy_reason(label).ground)
            for label, probability in zip(calibration.reasons, reason_probabilities, strict=True)
            if all_reasons or label in over
        ),
        key=lambda r: (-r.probability, r.label),
    )
    return Prediction(
        id=reading.document.id,
        view=reading.view,
        model=model,
        outcome=outcomes[best],
        probabilities=dict(zip(outcomes, probabilities, strict=True)),
        prediction_set=calibration.prediction_set(probabilities, reading.view),
        abstained=calibration.abstains(probabilities, reading.view),
        reasons=tuple(scored),
        rationale=_passages(reading, gates, contributions, calibration, best, over),
        warnings=reading.warnings,
    )


def _passages(
    reading: Reading,
    gates: Sequence[Sequence[bool]],
    contributions: Sequence[Sequence[float]],
    calibration: Calibration,
    best: int,
    over: set[str],
) -> tuple[Passage, ...]:
    outcomes = len(calibration.outcomes)
    passages = []
    for number, sentence in enumerate(reading.sentences):
        supports: list[tuple[str, float]] = []
        if gates[number][0]:
            # A softmax does not change when all its logits move together: what a passage says
            # for an outcome is what it adds beyond its mean over outcomes.
            mean = sum(contributions[number][:outcomes]) / outcomes
            supports.append((calibration.outcomes[best], contributions[number][best] - mean))
        for index, label in enumerate(calibration.reasons):
            if label in over and gates[number][1 + index]:
                supports.append((label, contributions[number][outcomes + index]))
        if supports:
            supports.sort(key=lambda support: (-support[1], support[0]))
            span = sentence.span
            text = span.of(reading.document.text)
            passages.append(Passage(span, text, sentence.section, tuple(supports)))
    return tuple(passages)
