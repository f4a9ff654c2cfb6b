"""Experiments: train, calibrate and evaluate by date split, or cross-validate."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from transformers.trainer_callback import TrainerCallback

from ombud.bundle import Bundle
from ombud.calibration import Calibration
from ombud.corpus import GoldCase, Split, Wording, folds
from ombud.errors import InputError
from ombud.model import resolve_encoder
from ombud.prediction import ModelInfo
from ombud.predictor import Predictor
from ombud.vectors import SentenceVectors
from ombud.views import VIEWS, View
from ombud_training.calibrate import fit_calibration
from ombud_training.checkpoints import Checkpoint, Checkpoints
from ombud_training.cost import Cost, measured
from ombud_training.device import Device
from ombud_training.evaluate import (
    Answers,
    Evaluation,
    model_answers,
    score,
    with_faithfulness,
)
from ombud_training.faithful import model_probabilities
from ombud_training.fallback import or_on_cpu
from ombud_training.fit import Fitted, fit
from ombud_training.floors import floor_answers
from ombud_training.recipe import Recipe
from ombud_training.scope import fit_scope
from ombud_training.sureness import Sureness, sureness

__all__ = [
    "Experiment",
    "beside_floors",
    "calibrate",
    "evaluate_part",
    "fit_by_split",
    "frozen_vectors",
    "parts_of",
    "run_experiment",
    "train_predictor",
    "unsaved_predictor",
]

_CALIBRATION_FOLDS: Final = 8

Callbacks = Callable[[str], Sequence[TrainerCallback]]


@dataclass(frozen=True, slots=True)
class Experiment:
    """A trained and calibrated model with its figures on the test periods.

    Attributes:
        fitted: Model, tokenizer and losses.
        calibration: Fitted on the validation part.
        evaluations: One a view, all test periods together.
        sureness: One a view, on the same documents.
        cost: Of the training alone.
        device: Where it was trained, in the end.
    """

    fitted: Fitted
    calibration: Calibration
    evaluations: tuple[Evaluation, ...]
    sureness: tuple[Sureness, ...]
    cost: Cost
    device: Device


def run_experiment(
    cases: Sequence[GoldCase],
    split: Split,
    recipe: Recipe,
    device: Device,
    *,
    wordings: Sequence[Wording] = (),
    callbacks: Callbacks = lambda _title: (),
    checkpoints: Checkpoints | None = None,
    earlier: Checkpoint | None = None,
) -> Experiment:
    """Train on the training part, calibrate on validation, evaluate on the test periods.

    `wordings` are single sentences to learn from beside the training part.

    Raises:
        InputError: If a part of the split has no documents in `cases`.
    """
    parts = parts_of(cases, split)
    vectors = frozen_vectors(recipe, device)
    spent = measured()
    fitted = fit_by_split(
        cases,
        split,
        recipe,
        device,
        wordings=wordings,
        callbacks=callbacks,
        vectors=vectors,
        checkpoints=checkpoints,
        earlier=earlier,
    )
    cost = spent()
    calibration = calibrate(fitted, parts["train"], parts["validation"], recipe)
    predictor = unsaved_predictor(fitted, calibration)
    evaluations, sure = [], []
    for view in VIEWS:
        said = beside_floors(predictor, parts["train"], parts["test"], view, vectors, recipe.seed)
        evaluations.append(score(said, parts["test"], view, "date"))
        sure.append(sureness(said[0], parts["test"], view, calibration.views[view]))
    return Experiment(fitted, calibration, tuple(evaluations), tuple(sure), cost, fitted.device)


def fit_by_split(
    cases: Sequence[GoldCase],
    split: Split,
    recipe: Recipe,
    device: Device,
    *,
    wordings: Sequence[Wording] = (),
    callbacks: Callbacks = lambda _title: (),
    vectors: SentenceVectors | None = None,
    checkpoints: Checkpoints | None = None,
    earlier: Checkpoint | None = None,
) -> Fitted:
    """Train on the training part alone, as each of several processes does.

    Raises:
        InputError: If a part of the split has no documents in `cases`.
    """
    parts = parts_of(cases, split)
    with tempfile.TemporaryDirectory() as folder:
        return fit(
            parts["train"],
            recipe,
            device,
            Path(folder),
            wordings=wordings,
            callbacks=callbacks(f"training ({recipe.name})"),
            vectors=vectors,
            validation=parts["validation"],
            checkpoints=checkpoints,
            earlier=earlier,
        )


def parts_of(cases: Sequence[GoldCase], split: Split) -> dict[str, list[GoldCase]]:
    """Return the documents of `train`, `validation` and `test`, its periods together.

    Raises:
        InputError: If one of them has none.
    """
    parts = {name: split.part(name, cases) for name in ("train", "validation", "test")}
    for name, rows in parts.items():
        if not rows:
            message = (
                f"expected documents in the part {name!r} of the split, found none; split again"
            )
            raise InputError(message)
    return parts


def beside_floors(
    predictor: Predictor,
    train: Sequence[GoldCase],
    cases: Sequence[GoldCase],
    view: View,
    vectors: SentenceVectors,
    seed: int,
) -> list[Answers]:
    """Return what a predictor says of `cases`, then what each floor does, learnt from `train`."""
    return [
        model_answers(predictor, cases, view),
        *floor_answers(train, cases, view, vectors, seed),
    ]


def evaluate_part(
    predictor: Predictor,
    train: Sequence[GoldCase],
    cases: Sequence[GoldCase],
    view: View,
    *,
    vectors: SentenceVectors,
    seed: int = 13,
) -> Evaluation:
    """Score a predictor and the floors, which learn from `train`, on `cases` by date split.

    `vectors` are those of an encoder as published, for the floors.
    """
    answers = with_faithfulness(
        beside_floors(predictor, train, cases, view, vectors, seed),
        model_probabilities(predictor),
        [case.reading(view) for case in cases],
    )
    return score(answers, cases, view, "date")


def train_predictor(
    cases: Sequence[GoldCase],
    recipe: Recipe,
    device: Device,
    *,
    vectors: SentenceVectors,
    wordings: Sequence[Wording] = (),
    callbacks: Sequence[TrainerCallback] = (),
) -> Predictor:
    """Train on seven eighths of the groups of `cases`, calibrate on the others, and save nothing.

    `vectors` are those of the recipe's encoder as published, to share between trainings.
    """
    calibrating = folds(cases, _CALIBRATION_FOLDS, recipe.seed)[0]
    kept = {row.id for row in calibrating}
    learning = [row for row in cases if row.id not in kept]
    with tempfile.TemporaryDirectory() as folder:
        fitted = fit(
            learning,
            recipe,
            device,
            Path(folder),
            wordings=wordings,
            callbacks=callbacks,
            vectors=vectors,
            validation=calibrating,
        )
    return unsaved_predictor(fitted, calibrate(fitted, learning, calibrating, recipe))


def calibrate(
    fitted: Fitted, train: Sequence[GoldCase], calibrating: Sequence[GoldCase], recipe: Recipe
) -> Calibration:
    """Return probabilities fitted on `calibrating`, and the scope, which is fitted on `train`."""
    calibration = fit_calibration(fitted, calibrating, VIEWS, fitted.vectors)
    return dataclasses.replace(calibration, scope=fit_scope(train, fitted.vectors, recipe.seed))


def unsaved_predictor(fitted: Fitted, calibration: Calibration) -> Predictor:
    """Return a trained model ready to predict, written nowhere."""
    info = ModelInfo("unsaved", "", "")
    bundle = Bundle.unsaved(fitted.model, fitted.tokenizer, calibration, info)
    return Predictor(bundle, fitted.vectors)


def frozen_vectors(recipe: Recipe, device: Device) -> SentenceVectors:
    """Return the vectors of the pretrained encoder: the floors', and a frozen recipe's own."""
    source = resolve_encoder(recipe.encoder)
    vectors, _ = or_on_cpu(
        device, lambda where: SentenceVectors.pretrained(source, recipe.max_tokens, where.name)
    )
    return vectors
