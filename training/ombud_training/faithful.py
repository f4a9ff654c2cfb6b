"""Faithfulness of rationales: what a model still says without them, and of them alone.

DeYoung et al. 2020, section 4.2. The model reads what is left of a document anew, as it would read
any document; sentences are removed whole.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import torch

from ombud.metrics import (
    AOPC_SHARES,
    EraserPrediction,
    Faithfulness,
    Interval,
    PartialScores,
    faithfulness,
)
from ombud.metrics.resamples import Resamples
from ombud.model import collate
from ombud.predictor import Predictor
from ombud.views import Reading
from ombud_training.budget import best_within
from ombud_training.passages import Tokens

__all__ = [
    "FaithfulnessScores",
    "Parts",
    "Probabilities",
    "document_faithfulness",
    "faithfulness_scores",
    "model_probabilities",
    "sentence_scores",
]

Probabilities: TypeAlias = Callable[[Sequence[Reading]], Sequence[Mapping[str, float]]]
"""Returns the outcomes' probabilities of readings, of which some may have no sentence left."""

_READINGS_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class FaithfulnessScores:
    """Comprehensiveness (higher is better) and sufficiency (lower is better) of one system.

    Attributes:
        documents: How many were read.
        comprehensiveness: Fall of the predicted outcome's probability without the best sentences,
            averaged over 1, 5, 10, 20 and 50 % of the words.
        sufficiency: The same with nothing but those sentences.
        comprehensiveness_points: The former at each share of the words.
        sufficiency_points: The latter at each share of the words.
        rationale_comprehensiveness: The fall without the sentences that the system chose.
        rationale_sufficiency: The fall with nothing but them.
    """

    documents: int
    comprehensiveness: Interval
    sufficiency: Interval
    comprehensiveness_points: tuple[float, ...]
    sufficiency_points: tuple[float, ...]
    rationale_comprehensiveness: Interval
    rationale_sufficiency: Interval


class Parts:
    """What a model makes of parts of some readings, each part read once."""

    def __init__(self, probabilities: Probabilities, readings: Sequence[Reading]) -> None:
        """Read parts of `readings` with `probabilities`."""
        self._probabilities = probabilities
        self.readings = readings
        self._told: dict[tuple[int, frozenset[int]], Mapping[str, float]] = {}

    def read(
        self, parts: Iterable[tuple[int, frozenset[int]]]
    ) -> dict[tuple[int, frozenset[int]], Mapping[str, float]]:
        """Return the outcomes' probabilities by reading and numbers of the sentences kept."""
        wanted = list(dict.fromkeys(parts))
        new = [part for part in wanted if part not in self._told]
        told = self._probabilities([self._part(*part) for part in new]) if new else ()
        self._told.update(zip(new, told, strict=True))
        return {part: self._told[part] for part in wanted}

    def _part(self, number: int, kept: frozenset[int]) -> Reading:
        reading = self.readings[number]
        sentences = tuple(s for n, s in enumerate(reading.sentences) if n in kept)
        return dataclasses.replace(reading, sentences=sentences)


def document_faithfulness(
    parts: Parts, rationales: Sequence[Collection[int]], scores: Sequence[Sequence[float]]
) -> list[Faithfulness]:
    """Return comprehensiveness and sufficiency of one system's choices, document by document.

    At each share of the words the best sentences are taken as far as they fit, but always one;
    where all scores of a document are equal nothing is best, and all are taken.

    Args:
        parts: The model, and what it reads.
        rationales: Numbers of the chosen sentences of each reading.
        scores: How much each sentence belongs to the rationale, of each reading.
    """
    every = [frozenset(range(len(reading.sentences))) for reading in parts.readings]
    chosen = [
        (frozenset(rationale), *_by_share(reading, own))
        for reading, rationale, own in zip(parts.readings, rationales, scores, strict=True)
    ]
    told = parts.read(
        (number, kept)
        for number, (whole, own) in enumerate(zip(every, chosen, strict=True))
        for kept in (whole, *own, *(whole - one for one in own))
    )
    found = []
    for number, (whole, own) in enumerate(zip(every, chosen, strict=True)):
        before = told[number, whole]
        rationale, *by_share = (
            PartialScores(told[number, whole - one], told[number, one]) for one in own
        )
        prediction = EraserPrediction(
            id=str(number),
            label=max(before, key=lambda label: before[label]),
            probabilities=before,
            spans=frozenset(),
            token_scores=(),
            rationale=rationale,
            by_share=dict(zip(AOPC_SHARES, by_share, strict=True)),
        )
        found.append(faithfulness([prediction]))
    return found


def _by_share(reading: Reading, scores: Sequence[float]) -> list[frozenset[int]]:
    if len(set(scores)) == 1:
        return [frozenset(range(len(scores)))] * len(AOPC_SHARES)
    text = reading.document.text
    sizes = [len(Tokens(text, [sentence.span])) for sentence in reading.sentences]
    return [frozenset(best_within(scores, sizes, int(share * sum(sizes)))) for share in AOPC_SHARES]


def faithfulness_scores(
    found: Sequence[Faithfulness], groups: Sequence[str], resamples: int = 1000
) -> FaithfulnessScores:
    """Return means over documents with their intervals over groups."""
    draws = Resamples(groups, resamples)
    every = np.ones(len(found))

    def mean(values: Iterable[float]) -> Interval:
        return draws.ratio(list(values), every)

    return FaithfulnessScores(
        len(found),
        mean(one.comprehensiveness_aopc for one in found),
        mean(one.sufficiency_aopc for one in found),
        tuple(map(float, np.mean([one.comprehensiveness_points for one in found], axis=0))),
        tuple(map(float, np.mean([one.sufficiency_points for one in found], axis=0))),
        mean(one.comprehensiveness for one in found),
        mean(one.sufficiency for one in found),
    )


def model_probabilities(predictor: Predictor) -> Probabilities:
    """Return how a loaded model reads: as it predicts, and what nothing chosen gives for nothing."""
    bundle = predictor.bundle
    outcomes = bundle.calibration.outcomes

    def read(readings: Sequence[Reading]) -> list[Mapping[str, float]]:
        predicted = iter(predictor.predict_readings([r for r in readings if r.sentences]))
        found: list[Mapping[str, float]] = []
        for reading in readings:
            if reading.sentences:
                found.append(next(predicted).probabilities)
                continue
            logits = bundle.model.nothing_chosen(reading.view)[: len(outcomes)].tolist()
            told = bundle.calibration.outcome_probabilities(logits, reading.view)
            found.append(dict(zip(outcomes, told, strict=True)))
        return found

    return read


@torch.inference_mode()
def sentence_scores(
    predictor: Predictor, readings: Sequence[Reading], reasons: Sequence[Collection[str]]
) -> list[tuple[float, ...]]:
    """Return how much each sentence belongs to the rationale that a prediction shows.

    It is the highest probability of a gate, out of the outcome's and those of the reasons given.

    Args:
        predictor: The model.
        readings: What it reads.
        reasons: The reasons given for each reading.
    """
    bundle = predictor.bundle
    labels = bundle.model.config.reasons
    found: list[tuple[float, ...]] = []
    for start in range(0, len(readings), _READINGS_AT_ONCE):
        some = readings[start : start + _READINGS_AT_ONCE]
        tensors = collate(some, bundle.tokenizer, bundle.model.config.max_tokens, predictor.vectors)
        gates = bundle.model(**tensors).gate_logits.double().sigmoid()
        for row, reading in enumerate(some):
            given = reasons[start + row]
            columns = [0, *(1 + n for n, label in enumerate(labels) if label in given)]
            own = gates[row, : len(reading.sentences)][:, columns].amax(dim=1)
            found.append(tuple(own.tolist()))
    return found
