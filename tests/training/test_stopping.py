"""Early stopping: the best weights stay, and a stage ends when they are long past."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import TrainerCallback

from gold import gold_cases
from ombud.errors import InputError
from ombud.views import VIEWS
from ombud_training.device import Device
from ombud_training.fit import Fitted, fit
from ombud_training.recipe import Recipe
from ombud_training.stopping import Validation

CPU = Device("cpu", bf16=False, reason="CPU, in tests")


class Weights(TrainerCallback):
    """Keeps the weights after each epoch."""

    def __init__(self) -> None:
        self.after: list[dict[str, torch.Tensor]] = []

    def on_epoch_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        state_dict = kwargs["model"].state_dict()
        self.after.append({name: tensor.clone() for name, tensor in state_dict.items()})


def scores(monkeypatch: pytest.MonkeyPatch, *values: float) -> list[float]:
    """Let validation score these values in turn; return those that are left."""
    left = list(values)
    monkeypatch.setattr(Validation, "macro_f1", lambda self, model, vectors: left.pop(0))
    return left


@pytest.mark.parametrize(
    ("every", "patience", "values", "epochs", "best"),
    [
        (1, 2, [0.2, 0.5, 0.5, 0.4], 4, 2),
        (1, 1, [0.5, 0.1], 2, 1),
        (1, 9, [0.1, 0.2, 0.3, 0.2, 0.4, 0.3], 6, 5),
        (2, 1, [0.3, 0.2], 4, 2),
    ],
)
def test_the_best_weights_stay(
    every: int,
    patience: int,
    values: list[float],
    epochs: int,
    best: int,
    recipe: Recipe,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = dataclasses.replace(recipe, epochs=6, patience=patience, evaluate_every=every)
    left = scores(monkeypatch, *values)
    seen = Weights()
    trained = fit(
        gold_cases(6), settings, CPU, tmp_path, callbacks=[seen], validation=gold_cases(3)
    )
    assert left == []
    assert len(seen.after) == len(trained.losses) == epochs
    for name, tensor in trained.model.state_dict().items():
        assert torch.equal(tensor, seen.after[best - 1][name]), name


def test_each_stage_has_its_own_best(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = dataclasses.replace(
        recipe, epochs=2, encoder_epochs=2, finish_epochs=2, freeze_encoder=False, patience=1
    )
    left = scores(monkeypatch, 0.9, 0.8, 0.4, 0.3, 0.1, 0.05)
    seen = Weights()
    trained = fit(
        gold_cases(3), settings, CPU, tmp_path, callbacks=[seen], validation=gold_cases(3)
    )
    assert left == []
    for name, tensor in trained.model.state_dict().items():
        assert torch.equal(tensor, seen.after[4][name]), name


def test_without_patience_nothing_is_scored(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores(monkeypatch)
    settings = dataclasses.replace(recipe, epochs=3)
    trained = fit(gold_cases(3), settings, CPU, tmp_path, validation=gold_cases(3))
    assert len(trained.losses) == 3


def test_a_model_that_has_learnt_its_cases_scores_one(fitted: Fitted) -> None:
    validation = Validation(gold_cases(6), VIEWS, fitted.tokenizer)
    assert validation.macro_f1(fitted.model, fitted.vectors) == pytest.approx(1.0)
    # Once more, with the encoder's vectors computed anew.
    assert validation.macro_f1(fitted.model, None) == pytest.approx(1.0)
    fitted.model.eval()


def test_outcomes_that_no_document_has_do_not_count(fitted: Fitted) -> None:
    validation = Validation(gold_cases(2), ["statement"], fitted.tokenizer)
    assert validation.macro_f1(fitted.model, fitted.vectors) == pytest.approx(1.0)
    fitted.model.eval()


def test_patience_without_validation_is_one_sentence(recipe: Recipe, tmp_path: Path) -> None:
    settings = dataclasses.replace(recipe, patience=3)
    with pytest.raises(InputError) as caught:
        fit(gold_cases(3), settings, CPU, tmp_path)
    assert str(caught.value) == (
        "expected validation documents for patience = 3, found none; train by a split, or set "
        "patience to 0"
    )
