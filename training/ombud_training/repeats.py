"""Trainings repeated: over folds, and over seeds; figures over all of them, no bundle."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from ombud.corpus import FoldsBy, GoldCase, Split, Wording, folds
from ombud.views import VIEWS
from ombud_training.device import Device
from ombud_training.evaluate import Answers, Evaluation, over_trainings, score
from ombud_training.experiment import (
    Callbacks,
    beside_floors,
    calibrate,
    fit_by_split,
    frozen_vectors,
    parts_of,
    train_predictor,
    unsaved_predictor,
)
from ombud_training.recipe import Recipe

__all__ = ["cross_validate", "over_seeds"]


def cross_validate(
    cases: Sequence[GoldCase],
    recipe: Recipe,
    device: Device,
    count: int,
    *,
    by: FoldsBy = "group",
    wordings: Sequence[Wording] = (),
    callbacks: Callbacks = lambda _title: (),
) -> tuple[Evaluation, ...]:
    """Return figures over all cases, each answered by a model that never saw its group or writer.

    In each fold an eighth of the training groups calibrates; floors learn from all of them.
    """
    vectors = frozen_vectors(recipe, device)
    held_out = folds(cases, count, recipe.seed, by)
    answers: dict[str, list[list[Answers]]] = {view: [] for view in VIEWS}
    order: list[GoldCase] = []
    for number, test in enumerate(held_out, start=1):
        learn = [row for fold in held_out if fold is not test for row in fold]
        title = f"fold {number} of {count} ({recipe.name})"
        predictor = train_predictor(
            learn,
            recipe,
            device,
            vectors=vectors,
            wordings=wordings,
            callbacks=callbacks(title),
        )
        for view in VIEWS:
            said = beside_floors(predictor, learn, test, view, vectors, recipe.seed)
            answers[view].append(said)
        order += test
    name = f"{count}-fold by-writer" if by == "writer" else f"{count}-fold"
    return tuple(score(over_trainings(answers[view]), order, view, name) for view in VIEWS)


def over_seeds(
    cases: Sequence[GoldCase],
    split: Split,
    recipe: Recipe,
    device: Device,
    count: int,
    *,
    wordings: Sequence[Wording] = (),
    callbacks: Callbacks = lambda _title: (),
) -> tuple[Evaluation, ...]:
    """Return figures over the test periods, each document answered once a seed.

    `count` models are trained, from the recipe's seed up; their answers are scored together. An
    interval resamples groups, each with the answers of all seeds, so that it holds what differs
    between documents and between seeds alike.

    Raises:
        InputError: If a part of the split has no documents in `cases`.
    """
    parts = parts_of(cases, split)
    vectors = frozen_vectors(recipe, device)
    answers: dict[str, list[list[Answers]]] = {view: [] for view in VIEWS}
    for seed in range(recipe.seed, recipe.seed + count):
        own = dataclasses.replace(recipe, seed=seed, name=f"{recipe.name}, seed {seed}")
        fitted = fit_by_split(
            cases, split, own, device, wordings=wordings, callbacks=callbacks, vectors=vectors
        )
        calibration = calibrate(fitted, parts["train"], parts["validation"], own)
        predictor = unsaved_predictor(fitted, calibration)
        for view in VIEWS:
            said = beside_floors(predictor, parts["train"], parts["test"], view, vectors, seed)
            answers[view].append(said)
    return tuple(
        dataclasses.replace(
            score(over_trainings(answers[view]), parts["test"] * count, view, f"{count}-seed date"),
            documents=len(parts["test"]),
        )
        for view in VIEWS
    )
