"""Passages found afterwards, for models that choose none: the best by what each adds to a score."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerBase

from ombud.calibration import Calibration
from ombud.corpus import GoldCase
from ombud.corpus.dataset import complaints
from ombud.model import collate
from ombud.predictor import Predictor
from ombud.taxonomy import OUTCOMES, REASONS
from ombud.views import Reading, Sentence, View
from ombud_training.ablation.attributions import STEPS, attribute
from ombud_training.ablation.contextual import ContextualModel, windows
from ombud_training.budget import best_within
from ombud_training.calibrate import fit_numbers
from ombud_training.evaluate import Answers, marked_sentences, with_faithfulness
from ombud_training.faithful import Probabilities
from ombud_training.floors import usual_count
from ombud_training.passages import Tokens, marked_share

__all__ = ["by_contribution", "contextual_answers", "contextual_logits", "cut_into_words"]

_OUTCOMES: Final = tuple(outcome.label for outcome in OUTCOMES)
_REASONS: Final = tuple(reason.label for reason in REASONS)
_READINGS_AT_ONCE: Final = 16

Logits = NDArray[np.float64]


@torch.inference_mode()
def by_contribution(
    answers: Answers, predictor: Predictor, readings: Sequence[Reading], count: int
) -> Answers:
    """Return answers with the `count` sentences that add most to what is shown as passages.

    What is shown is the predicted outcome, beyond what a sentence adds to all outcomes alike, and
    every reason given.
    """
    bundle = predictor.bundle
    weights = _shown(answers).numpy()
    scores: list[tuple[float, ...]] = []
    for start in range(0, len(readings), _READINGS_AT_ONCE):
        some = readings[start : start + _READINGS_AT_ONCE]
        tensors = collate(some, bundle.tokenizer, bundle.model.config.max_tokens, predictor.vectors)
        added = bundle.model(**tensors).contributions.double().numpy()
        for row, reading in enumerate(some):
            own = added[row, : len(reading.sentences)] @ weights[start + row]
            scores.append(tuple(map(float, own)))
    return dataclasses.replace(
        answers,
        sentence_scores=tuple(scores),
        rationales=tuple(_best(own, count) for own in scores),
    )


def _best(scores: Sequence[float], count: int) -> frozenset[int]:
    return frozenset(best_within(scores, [1] * len(scores), count))


def _shown(answers: Answers) -> torch.Tensor:
    """Return the weight of each logit in what is shown. Shape: (documents, outcomes + reasons)."""
    weights = torch.zeros(len(answers.outcomes), len(_OUTCOMES) + len(_REASONS))
    weights[:, : len(_OUTCOMES)] = -1 / len(_OUTCOMES)
    for row, (outcome, reasons) in enumerate(zip(answers.outcomes, answers.reasons, strict=True)):
        weights[row, _OUTCOMES.index(outcome)] += 1.0
        weights[row, [len(_OUTCOMES) + _REASONS.index(label) for label in reasons]] = 1.0
    return weights


def cut_into_words(reading: Reading) -> Reading:
    """Return a reading in which each word or sign is a passage of its own."""
    text = reading.document.text
    return dataclasses.replace(
        reading,
        sentences=tuple(
            Sentence(span, sentence.section)
            for sentence in reading.sentences
            for span in Tokens(text, [sentence.span]).characters()
        ),
    )


@torch.inference_mode()
def contextual_logits(
    model: ContextualModel,
    tokenizer: PreTrainedTokenizerBase,
    readings: Sequence[Reading],
    *,
    bf16: bool = False,
) -> Logits:
    """Return the logits of whole texts. Shape: (readings, outcomes + reasons)."""
    # Like lengths together, so that padding costs little.
    order = sorted(range(len(readings)), key=lambda n: _characters(readings[n]))
    found = np.zeros((len(readings), len(_OUTCOMES) + len(_REASONS)))
    for start in range(0, len(order), _READINGS_AT_ONCE):
        numbers = order[start : start + _READINGS_AT_ONCE]
        some = windows([readings[n] for n in numbers], tokenizer, model.longest)
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            found[numbers] = model(**some.inputs())["logits"].double().numpy()
    return found


def _characters(reading: Reading) -> int:
    return sum(len(sentence.span) for sentence in reading.sentences)


def contextual_answers(
    model: ContextualModel,
    tokenizer: PreTrainedTokenizerBase,
    train: Sequence[GoldCase],
    calibrating: Sequence[GoldCase],
    scored: Sequence[GoldCase],
    view: View,
    *,
    steps: int = STEPS,
    bf16: bool = False,
) -> tuple[list[Answers], Probabilities]:
    """Return a classifier's answers with sentences and with words as passages, and how it reads.

    Args:
        model: The classifier.
        tokenizer: Its encoder's.
        train: Says how many sentences, and what share of the words, are marked.
        calibrating: Documents that it was not trained on.
        scored: Documents to answer.
        view: What it reads.
        steps: Of the integrated gradients.
        bf16: Compute products in bfloat16.
    """
    calibrating = complaints(calibrating)
    logits = contextual_logits(
        model, tokenizer, [case.reading(view) for case in calibrating], bf16=bf16
    )
    outcomes = len(_OUTCOMES)
    numbers = fit_numbers(logits[:, :outcomes], logits[:, outcomes:], calibrating)
    calibration = Calibration(_OUTCOMES, _REASONS, {view: numbers})

    def probabilities(readings: Sequence[Reading]) -> list[Mapping[str, float]]:
        told = contextual_logits(model, tokenizer, readings, bf16=bf16)[:, :outcomes]
        return [
            dict(zip(_OUTCOMES, calibration.outcome_probabilities(row, view), strict=True))
            for row in told.tolist()
        ]

    readings = [case.reading(view) for case in scored]
    plain = _labels(contextual_logits(model, tokenizer, readings, bf16=bf16), calibration, view)
    words = [cut_into_words(reading) for reading in readings]
    added = attribute(model, tokenizer, words, _shown(plain), steps=steps, bf16=bf16)
    by_sentence = [_by_sentence(r, a) for r, a in zip(readings, added, strict=True)]
    trained = [case.reading(view) for case in train]
    count = usual_count([marked_sentences(c, r) for c, r in zip(train, trained, strict=True)])
    share = marked_share(train, trained)
    sentences = dataclasses.replace(
        plain,
        name="d_sentences",
        sentence_scores=tuple(by_sentence),
        rationales=tuple(_best(own, count) for own in by_sentence),
    )
    single = dataclasses.replace(
        plain,
        name="d_words",
        sentence_scores=tuple(tuple(map(float, own)) for own in added),
        rationales=tuple(_best(own.tolist(), round(share * len(own))) for own in added),
    )
    return [
        *with_faithfulness([sentences], probabilities, readings),
        *with_faithfulness([single], probabilities, words),
    ], probabilities


def _labels(logits: Logits, calibration: Calibration, view: View) -> Answers:
    outcomes = len(_OUTCOMES)
    told = [calibration.outcome_probabilities(row, view) for row in logits[:, :outcomes].tolist()]
    reasons = [calibration.reason_probabilities(row, view) for row in logits[:, outcomes:].tolist()]
    thresholds = calibration.reason_thresholds(view)
    return Answers(
        "d",
        tuple(_OUTCOMES[int(np.argmax(row))] for row in told),
        tuple(
            frozenset(
                label
                for label, value, least in zip(_REASONS, row, thresholds, strict=True)
                if value >= least
            )
            for row in reasons
        ),
        probabilities=tuple(map(tuple, told)),
        reason_probabilities=tuple(map(tuple, reasons)),
    )


def _by_sentence(reading: Reading, added: Logits) -> tuple[float, ...]:
    """Return the mean of each sentence's words."""
    numbers = np.repeat(
        np.arange(len(reading.sentences)),
        [len(Tokens(reading.document.text, [s.span])) for s in reading.sentences],
    )
    sums = np.bincount(numbers, added, minlength=len(reading.sentences))
    counts = np.bincount(numbers, minlength=len(reading.sentences))
    return tuple(map(float, sums / np.maximum(counts, 1)))
