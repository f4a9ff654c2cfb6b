"""Progress of a training: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

__all__ = ["ProgressCallback"]

_LINES = 5


class ProgressCallback(TrainerCallback):
    """Shows how far a training has come and its loss."""

    def __init__(self, title: str, stream: TextIO | None = None) -> None:
        self._title = title
        self._stream = stream or sys.stderr
        self._console = Console(file=self._stream)
        self._bar: Progress | None = None
        self._task: Any = None
        self._loss = ""

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Show an empty bar, or the first line."""
        if self._bar is not None:
            # That of a stage which a failed GPU broke off.
            self._bar.stop()
            self._bar = None
        if not self._console.is_terminal:
            self._stream.write(f"{self._title}: {state.max_steps} steps\n")
            self._stream.flush()
            return
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[loss]}"),
            TimeRemainingColumn(),
            console=self._console,
        )
        self._bar.start()
        self._task = self._bar.add_task(self._title, total=state.max_steps, loss="")

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Move the bar."""
        if self._bar is not None:
            self._bar.update(self._task, completed=state.global_step, loss=self._loss)

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **kwargs: Any,
    ) -> None:
        """Note the loss; without a terminal, say it a few times."""
        if not logs or "loss" not in logs:
            return
        self._loss = f"loss {float(logs['loss']):.3f}"
        epochs = int(args.num_train_epochs)
        epoch = round(float(state.epoch or 0))
        if self._bar is None and epoch % max(1, epochs // _LINES) == 0:
            self._stream.write(f"{self._title}: epoch {epoch}/{epochs}, {self._loss}\n")
            self._stream.flush()

    def on_train_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Take the bar down."""
        if self._bar is not None:
            self._bar.update(self._task, completed=state.global_step)
            self._bar.stop()
            self._bar = None
