"""The rows of the ablation: what is trained, and how its passages come about.

(a) no selection: every sentence feeds the predictor, passages by their contributions afterwards;
(b) selection that labels alone teach; (c) selection that gold marks teach; (d) a classifier of whole
texts with integrated gradients afterwards, passages as sentences and as words; (e) ours. Passages
found afterwards are as many, or as long, as marked ones are in training.
"""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from transformers import TrainerCallback

from ombud.corpus import GoldCase, Wording, folds
from ombud.predictor import Predictor
from ombud.vectors import SentenceVectors
from ombud.views import View
from ombud_training.ablation.afterwards import by_contribution, contextual_answers
from ombud_training.ablation.attributions import STEPS
from ombud_training.ablation.contextual import ContextualSettings, fit_contextual
from ombud_training.calibrate import fit_calibration
from ombud_training.device import Device
from ombud_training.evaluate import Answers, marked_sentences, model_answers, with_faithfulness
from ombud_training.experiment import unsaved_predictor
from ombud_training.faithful import model_probabilities
from ombud_training.fit import fit
from ombud_training.floors import floor_answers, usual_count
from ombud_training.recipe import Recipe

__all__ = ["ROWS", "VIEW", "Material", "Row", "run_row"]

VIEW: Final[View] = "statement"
_HELD_OUT: Final = 8
_FLOORS: Final = ("random_sentences", "all_sentences", "word_list")

Callbacks = Callable[[str], Sequence[TrainerCallback]]


@dataclass(frozen=True, slots=True)
class Row:
    """One design.

    Attributes:
        key: Its letter in the table.
        title: What it is.
        changes: Settings of the recipe that it changes.
        wordings: Learns from single sentences too.
        contextual: A classifier of whole texts instead of our model.
    """

    key: str
    title: str
    changes: dict[str, Any] = dataclasses.field(default_factory=dict)
    wordings: bool = False
    contextual: bool = False

    def recipe(self, recipe: Recipe, seed: int) -> Recipe:
        """Return the recipe that the row is trained by: none stops early, all see as much."""
        return dataclasses.replace(recipe, seed=seed, patience=0, **self.changes)


ROWS: Final = (
    Row(
        "a",
        "no selection, passages by contribution",
        {
            "selection": False,
            "spans": "none",
            "rationale_weight": 0.0,
            "sparsity_weight": 0.0,
            "seed_strength": 0.0,
        },
    ),
    Row(
        "b",
        "selection taught by labels alone",
        {
            "spans": "none",
            "rationale_weight": 0.0,
            "task_gradient": 1.0,
            "sparsity_weight": 0.1,
            "seed_strength": 0.0,
        },
    ),
    Row("c", "selection taught by gold marks", {"spans": "gold", "seed_strength": 0.0}),
    Row("d", "whole texts, integrated gradients afterwards", contextual=True),
    Row(
        "e", "ours: gold and labelled spans, budget, wordings", {"spans": "labelled"}, wordings=True
    ),
)
"""Every row, in the order of the table."""


@dataclass(frozen=True, slots=True)
class Material:
    """What all rows share.

    Attributes:
        train: The training part; an eighth of its groups calibrates.
        scored: The documents that are answered.
        recipe: Of every row, but for its changes.
        wordings: Single sentences.
        device: Where to train.
        vectors: Of the recipe's encoder as published.
        contextual: Settings of the classifier of whole texts.
    """

    train: Sequence[GoldCase]
    scored: Sequence[GoldCase]
    recipe: Recipe
    wordings: Sequence[Wording]
    device: Device
    vectors: SentenceVectors
    contextual: ContextualSettings = dataclasses.field(default_factory=ContextualSettings)


def run_row(
    row: Row, seed: int, material: Material, callbacks: Callbacks = lambda _title: ()
) -> list[Answers]:
    """Train one row and return its answers, then the floors of rationales read by its model.

    A classifier of whole texts answers twice, with sentences and with words as passages.

    Raises:
        MissingExtraError: If captum is not installed and the row needs it.
    """
    recipe = row.recipe(material.recipe, seed)
    calibrating = folds(material.train, _HELD_OUT, seed)[0]
    kept = {case.id for case in calibrating}
    learning = [case for case in material.train if case.id not in kept]
    readings = [case.reading(VIEW) for case in material.scored]
    title = f"row {row.key}, seed {seed}"
    floors = [
        one
        for one in floor_answers(material.train, material.scored, VIEW, material.vectors, seed)
        if one.name in _FLOORS
    ]
    with tempfile.TemporaryDirectory() as folder:
        if row.contextual:
            model, tokenizer = fit_contextual(
                learning,
                VIEW,
                recipe,
                material.contextual,
                material.device,
                Path(folder),
                callbacks=callbacks(title),
            )
            answers, probabilities = contextual_answers(
                model,
                tokenizer,
                material.train,
                calibrating,
                material.scored,
                VIEW,
                steps=STEPS,
                bf16=material.device.bf16,
            )
            return [*answers, *with_faithfulness(floors, probabilities, readings)]
        fitted = fit(
            learning,
            recipe,
            material.device,
            Path(folder),
            views=[VIEW],
            wordings=material.wordings if row.wordings else (),
            callbacks=callbacks(title),
            vectors=material.vectors,
        )
    calibration = fit_calibration(fitted, calibrating, [VIEW], fitted.vectors)
    predictor = unsaved_predictor(fitted, calibration)
    own = _answers(row, predictor, material)
    return with_faithfulness([own, *floors], model_probabilities(predictor), readings)


def _answers(row: Row, predictor: Predictor, material: Material) -> Answers:
    answers = model_answers(predictor, material.scored, VIEW, row.key)
    if predictor.bundle.model.config.selection:
        return answers
    marked = [marked_sentences(case, case.reading(VIEW)) for case in material.train]
    readings = [case.reading(VIEW) for case in material.scored]
    return by_contribution(answers, predictor, readings, usual_count(marked))
