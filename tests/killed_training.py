"""Trains again and again in children that SIGKILL themselves where they are told to.

    python killed_training.py ENCODER FOLDER PATIENCE POINT...

A point is `STAGE:STEP`, `STAGE:STEP:writing` (in the middle of that step's checkpoint) or
`STAGE:finished`. Each child goes on from what the one before left in FOLDER. Prints the signal
that ended each.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from gold import gold_cases
from ombud_training.checkpoints import Checkpoints, Progress
from ombud_training.device import Device
from ombud_training.fit import Fitted, fit
from ombud_training.recipe import Recipe
from ombud_training.trainer import StageTrainer

CPU = Device("cpu", bf16=False, reason="CPU, in tests")
EXAMPLES = 7


def recipe(encoder: str, patience: int = 0, **values: Any) -> Recipe:
    """Return a recipe of three stages, twelve steps each, in which everything is left to chance."""
    settings: dict[str, Any] = {
        "encoder": encoder,
        "freeze_encoder": False,
        "epochs": 3,
        "encoder_epochs": 3,
        "finish_epochs": 3,
        "batch_size": 4,
        "encoder_batch_size": 4,
        "encoder_learning_rate": 1e-3,
        "section_dropout": 0.3,
        "selector_size": 16,
        "predictor_size": 8,
        "max_tokens": 32,
        "patience": patience,
        **values,
    }
    return Recipe("killed", **settings)


def train(
    encoder: str,
    patience: int,
    checkpoints: Checkpoints | None = None,
    callbacks: tuple[TrainerCallback, ...] = (),
) -> Fitted:
    """Train from the latest checkpoint, or from the beginning."""
    with tempfile.TemporaryDirectory() as folder:
        return fit(
            gold_cases(EXAMPLES),
            recipe(encoder, patience),
            CPU,
            Path(folder),
            callbacks=callbacks,
            validation=gold_cases(3),
            checkpoints=checkpoints,
            earlier=checkpoints.latest() if checkpoints else None,
        )


def die(*_: Any, **__: Any) -> None:
    """End this process as the kernel would."""
    os.kill(os.getpid(), signal.SIGKILL)


class _DieAfter(TrainerCallback):
    def __init__(self, stage: str, step: int) -> None:
        self._stage = stage
        self._step = step

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        if self._stage == NOW and state.global_step == self._step:
            die()


NOW = ""


def _follow() -> None:
    """Keep the name of the stage that is being trained in `NOW`."""
    made = StageTrainer.__init__

    def noting(self: StageTrainer, *args: Any, **kwargs: Any) -> None:
        global NOW
        made(self, *args, **kwargs)
        NOW = self._stage.name

    StageTrainer.__init__ = noting


def _child(encoder: str, folder: str, patience: int, point: str) -> None:
    stage, when, *writing = point.split(":")
    callbacks: tuple[TrainerCallback, ...] = ()
    _follow()
    if when == "finished":
        write = Checkpoints.write

        def writing_then_dying(self: Checkpoints, progress: Progress, *rest: Any) -> bool:
            done = write(self, progress, *rest)
            if progress.finished and progress.name == stage:
                die()
            return done

        Checkpoints.write = writing_then_dying
    elif writing:
        save = StageTrainer._save_optimizer_and_scheduler

        def dying_half_way(self: StageTrainer, output: str) -> None:
            if stage == NOW and self.state.global_step == int(when):
                die()
            save(self, output)

        StageTrainer._save_optimizer_and_scheduler = dying_half_way
    else:
        callbacks = (_DieAfter(stage, int(when)),)
    train(encoder, patience, Checkpoints(Path(folder), seconds=0.0), callbacks)


def main() -> None:
    """Train, die, and go on, once a point."""
    encoder, folder, patience, *points = sys.argv[1:]
    for point in points:
        child = os.fork()
        if child == 0:
            _child(encoder, folder, int(patience), point)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{point} {os.WTERMSIG(status)}\n")


if __name__ == "__main__":
    main()
