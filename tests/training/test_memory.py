"""Memory that runs out: smaller pieces, the same gradient; losses that are none: a full stop."""

from __future__ import annotations

import dataclasses
import logging
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import TrainerCallback

from gold import gold_cases
from ombud.errors import TrainingError
from ombud.model import OmbudModel
from ombud_training.checkpoints import Checkpoints
from ombud_training.device import Device
from ombud_training.fit import Fitted, fit
from ombud_training.recipe import Recipe

CPU = Device("cpu", bf16=False, reason="CPU, in tests")


@pytest.fixture
def settings(recipe: Recipe) -> Recipe:
    """Nothing left to chance but what an example's place decides, so that pieces can be compared."""
    return dataclasses.replace(
        recipe,
        epochs=2,
        encoder_epochs=2,
        finish_epochs=1,
        freeze_encoder=False,
        batch_size=8,
        encoder_batch_size=8,
        encoder_learning_rate=1e-3,
        gate_dropout=0.0,
        section_dropout=0.3,
    )


def limit(monkeypatch: pytest.MonkeyPatch, most: int, *, tokens_only: bool = False) -> list[int]:
    """Let the model run out of memory with more than `most` readings; return sizes that fitted."""
    forward = OmbudModel.forward
    fitted: list[int] = []

    def limited(self: OmbudModel, **tensors: Any) -> Any:
        size = tensors["section_ids"].shape[0]
        if self.training and size > most and (not tokens_only or "input_ids" in tensors):
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")
        if self.training:
            fitted.append(size)
        return forward(self, **tensors)

    monkeypatch.setattr(OmbudModel, "forward", limited)
    return fitted


def close(one: Fitted, other: Fitted, *, within: float) -> None:
    weights = other.model.state_dict()
    for name, tensor in one.model.state_dict().items():
        torch.testing.assert_close(weights[name], tensor, rtol=0.0, atol=within, msg=name)
    assert [loss for _, loss in one.losses] == pytest.approx(
        [loss for _, loss in other.losses], abs=within
    )


def test_smaller_pieces_give_the_same_training(
    settings: Recipe,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    whole = fit(gold_cases(7), settings, CPU, tmp_path)
    assert [report.micro_batch for report in whole.stages] == [8, 8, 8]
    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
        sizes = limit(patch, 3, tokens_only=True)
        pieces = fit(gold_cases(7), settings, CPU, tmp_path)
    said = [r.getMessage() for r in caplog.records if r.name.startswith("ombud")]
    assert said == [
        (
            "out of memory with 8 readings at once in stage encoder: going on with 4, gradients "
            "added up over 2 parts"
        ),
        (
            "out of memory with 4 readings at once in stage encoder: going on with 2, gradients "
            "added up over 4 parts"
        ),
    ]
    assert [report.micro_batch for report in pieces.stages] == [8, 2, 8]
    assert max(sizes[-50:]) == 8
    close(whole, pieces, within=1e-4)


def test_memory_for_not_even_one_reading_is_one_sentence(
    settings: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, 0)
    with pytest.raises(TrainingError) as caught:
        fit(gold_cases(3), settings, CPU, tmp_path)
    assert caught.value.exit_code == 1
    assert str(caught.value) == (
        "expected memory for one reading at a time, found too little in stage heads at step 1; "
        "lower max_tokens in the recipe or train with --device cpu"
    )


def test_a_smaller_piece_is_remembered_by_a_checkpoint(
    settings: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Checkpoints(tmp_path / "kept", seconds=0.0)
    kept.folder.mkdir()

    class Stop(TrainerCallback):
        def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            if state.global_step == 2:
                raise KeyboardInterrupt

    limit(monkeypatch, 4)
    with pytest.raises(KeyboardInterrupt):
        fit(gold_cases(7), settings, CPU, tmp_path, checkpoints=kept, callbacks=[Stop()])
    found = kept.latest()
    assert found is not None
    assert (found.progress.name, found.progress.step, found.progress.micro_batch) == ("heads", 1, 4)


class Poison(TrainerCallback):
    """Makes one weight NaN before a step of the stage that trains the encoder."""

    def __init__(self, step: int) -> None:
        self._step = step

    def on_step_begin(
        self, args: Any, state: Any, control: Any, model: OmbudModel | None = None, **kwargs: Any
    ) -> None:
        assert model is not None
        trains = any(p.requires_grad for p in model.encoder.parameters())
        if trains and state.global_step == self._step - 1:
            model.predictor.bias.data.fill_(math.nan)


def test_a_loss_that_is_none_stops_and_leaves_the_last_good_checkpoint(
    settings: Recipe, tmp_path: Path
) -> None:
    kept = Checkpoints(tmp_path / "kept", seconds=0.0)
    with pytest.raises(TrainingError) as caught, kept.held():
        fit(gold_cases(7), settings, CPU, tmp_path, checkpoints=kept, callbacks=[Poison(4)])
    last = kept.folder / "2-encoder-0000003"
    assert str(caught.value) == (
        "expected a finite loss, found nan in stage encoder at step 4 of 4; the last good "
        f"checkpoint is {last}, lower encoder_learning_rate in the recipe"
    )
    found = kept.latest()
    assert found is not None
    assert found.path == last
    resumed = fit(gold_cases(7), settings, CPU, tmp_path, earlier=found)
    assert all(bool(tensor.isfinite().all()) for tensor in resumed.model.state_dict().values())


def test_without_checkpoints_it_says_that_there_is_none(settings: Recipe, tmp_path: Path) -> None:
    frozen = dataclasses.replace(settings, freeze_encoder=True)

    class Early(TrainerCallback):
        def on_step_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            kwargs["model"].selector.prior.data.fill_(math.inf)

    with pytest.raises(TrainingError) as caught:
        fit(gold_cases(3), frozen, CPU, tmp_path, callbacks=[Early()])
    assert str(caught.value) == (
        "expected a finite loss, found nan in stage heads at step 1 of 2; no checkpoint was kept, "
        "lower learning_rate in the recipe"
    )


def test_a_gradient_that_is_none_never_reaches_the_weights(
    settings: Recipe, tmp_path: Path
) -> None:
    model: list[OmbudModel] = []

    class Steep(TrainerCallback):
        def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            model.append(kwargs["model"])
            model[0].predictor.bias.register_hook(lambda gradient: gradient * math.inf)

    with pytest.raises(TrainingError) as caught:
        fit(gold_cases(3), settings, CPU, tmp_path, callbacks=[Steep()])
    assert str(caught.value).startswith("expected a finite gradient, found ")
    assert all(bool(tensor.isfinite().all()) for tensor in model[0].state_dict().values())
