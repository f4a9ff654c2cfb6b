"""What happens around the steps of a stage: epochs, losses, validation, checkpoints."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from ombud_training import processes

if TYPE_CHECKING:
    from ombud_training.examples import ExampleDataset
    from ombud_training.trainer import StageTrainer

__all__ = ["Watch"]


class Watch(TrainerCallback):
    """Sets the epoch, closes losses, scores on validation, and asks for checkpoints."""

    def __init__(
        self,
        trainer: StageTrainer,
        score: Callable[[], float],
        evaluate_every: int,
        write_every: float,
    ) -> None:
        self._trainer = trainer
        self._score = score
        self._evaluate_every = evaluate_every
        self._write_every = write_every
        self._written = time.monotonic()

    def on_epoch_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Choose the order of the examples and what is left out of them."""
        epoch = state.global_step // len(self._trainer.batches)
        self._trainer.batches.set_epoch(epoch)
        cast("ExampleDataset", self._trainer.train_dataset).set_epoch(epoch)

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Ask for a checkpoint if it is time; at the end of an epoch, after its figures."""
        if state.global_step % len(self._trainer.batches):
            control.should_save = self._is_time()

    def on_epoch_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Close the losses, score on validation, ask for a checkpoint if it is time."""
        trainer = self._trainer
        trainer.close_losses()
        epoch = state.global_step // len(trainer.batches)
        stopping = trainer.stopping
        if stopping is not None and epoch % self._evaluate_every == 0:
            score = processes.first_says(self._score())
            if stopping.see(score, state.global_step, trainer.ombud):
                control.should_training_stop = True
        over = control.should_training_stop or state.global_step >= state.max_steps
        control.should_save = not over and self._is_time()

    def _is_time(self) -> bool:
        if math.isinf(self._write_every):
            return False
        now = time.monotonic()
        due = processes.first_says(now - self._written >= self._write_every)
        if due:
            self._written = now
        return due
