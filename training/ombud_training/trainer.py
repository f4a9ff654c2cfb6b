"""The trainer of one stage: `transformers.Trainer` that outlives a full GPU, a full disk, a kill.

A step reads one batch, shared among the processes and, where memory is short, in pieces. Every
part of the loss is shared among what the whole batch holds, so neither changes the gradient.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, cast

import torch
from safetensors.torch import load_file, save_file, save_model
from torch import Tensor
from torch.utils.data import DataLoader
from transformers import (
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)

from ombud.errors import TrainingError
from ombud.model import OmbudModel, count_targets
from ombud_training import processes
from ombud_training.batches import Batches
from ombud_training.checkpoints import WEIGHTS, Checkpoint, Progress
from ombud_training.examples import Collator, Example, ExampleDataset
from ombud_training.stages import Stage
from ombud_training.stopping import EarlyStopping
from ombud_training.watch import Watch

__all__ = ["StageTrainer", "Write"]

_BEST: Final = "best.safetensors"
_LOG: Final = logging.getLogger(__name__)


Write = Callable[[Progress, Callable[[Path], None]], object]


class StageTrainer(Trainer):
    """Trains a model for one stage.

    Attributes:
        ombud: The model itself, whatever wraps it.
        micro_batch: Readings in memory at once; halved where memory runs out.
        losses: Steps and the mean loss up to each since the one before, one an epoch.
        tokens: Tokens that the encoder read in training, padding left out.
        stopping: Early stopping, where there is any.
    """

    def __init__(
        self,
        model: OmbudModel,
        args: TrainingArguments,
        stage: Stage,
        dataset: ExampleDataset,
        collator: Collator,
        *,
        bf16: bool,
        weight_decay: float,
        callbacks: list[TrainerCallback],
        stopping: EarlyStopping | None = None,
        score: Callable[[], float] = lambda: 0.0,
        evaluate_every: int = 1,
        write: Write | None = None,
        write_every: float = math.inf,
        earlier: Checkpoint | None = None,
        last_good: Callable[[], Path | None] = lambda: None,
    ) -> None:
        self._stage = stage
        self._bf16 = bf16
        self._weight_decay = weight_decay
        self.ombud = model
        self._collate = collator
        self._write = write
        self._last_good = last_good
        self._batches = Batches(
            len(dataset),
            stage.batch_size,
            args.seed,
            part=processes.number(),
            parts=processes.count(),
        )
        self._share = -(-stage.batch_size // processes.count())
        self.micro_batch = self._share
        self.losses: list[tuple[int, float]] = []
        self.tokens = 0
        self.stopping = stopping
        self._since_log: list[float] = []
        if earlier is not None:
            self._recall(earlier)
        # One GPU a process: the batch has no axis along which several could be fed at once.
        args._n_gpu = min(args.n_gpu, 1)
        watch = Watch(self, score, evaluate_every, write_every if write else math.inf)
        super().__init__(
            model=model,
            args=args,
            train_dataset=cast("Any", dataset),
            callbacks=[watch, *callbacks],
        )
        self.remove_callback(PrinterCallback)
        if processes.number():
            # Each process draws its own dropout.
            torch.manual_seed(args.seed + processes.number())

    @property
    def batches(self) -> Batches:
        """The order of the examples."""
        return self._batches

    def create_optimizer(self, *args: Any, **kwargs: Any) -> torch.optim.Optimizer:
        """Return AdamW over four groups: encoder or heads, with or without weight decay."""
        if self.optimizer is None:
            groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
            for name, parameter in self.ombud.named_parameters():
                if parameter.requires_grad:
                    in_encoder = name.startswith("encoder.")
                    stage = self._stage
                    rate = stage.encoder_learning_rate if in_encoder else stage.learning_rate
                    decay = self._weight_decay if parameter.ndim > 1 else 0.0
                    groups.setdefault((rate, decay), []).append(parameter)
            self.optimizer = torch.optim.AdamW(
                [
                    {"params": parameters, "lr": rate, "weight_decay": decay}
                    for (rate, decay), parameters in groups.items()
                ]
            )
        return self.optimizer

    def get_train_dataloader(self) -> DataLoader[list[Example]]:
        """Return batches of examples: tensors are made a piece at a time, in the step."""
        return DataLoader(
            cast("Any", self.train_dataset),
            batch_sampler=self._batches,
            collate_fn=list,
        )

    def floating_point_ops(self, inputs: Any) -> int:
        """Return 0: operations are not counted a step."""
        return 0

    def training_step(
        self, model: torch.nn.Module, inputs: Any, num_items_in_batch: Any = None
    ) -> Tensor:
        """Add up the gradient of one batch; return its loss over all processes. Shape: ().

        Raises:
            TrainingError: If loss or gradient are not finite, or if memory runs out for a single
                reading.
        """
        examples = cast("list[Example]", inputs)
        self.ombud.train()
        if self._stage.frozen:
            # Vectors that are computed on the way must not see its dropout.
            self.ombud.encoder.eval()
        while True:
            loss = self._add_up(examples)
            if not processes.any_of(loss is None, self.args.device):
                break
            self._halve()
        total = processes.summed(cast("Tensor", loss))
        gradients = self._shared_gradients()
        for what, value in (
            ("loss", total),
            ("gradient", torch.nn.utils.get_total_norm(gradients)),
        ):
            if not math.isfinite(value.item()):
                raise self._not_finite(what, value.item())
        self._since_log.append(total.item())
        return total

    def _add_up(self, examples: list[Example]) -> Tensor | None:
        """Return the loss of this process's share, None where memory ran out."""
        device = self.args.device
        pieces = [
            self._collate(examples[start : start + self.micro_batch])
            for start in range(0, len(examples), self.micro_batch)
        ]
        counts = torch.zeros(3)
        for piece in pieces:
            counts += count_targets(
                piece["outcome_targets"], piece["gate_targets"], piece["outcome_weights"]
            )
        counts = processes.summed(counts.to(device))
        total = torch.zeros((), device=device)
        tokens = 0
        try:
            for piece in pieces:
                tensors = {name: tensor.to(device) for name, tensor in piece.items()}
                # The bare model: gradients meet those of other processes once a step, below. The
                # trainer's own setting of bf16 would be that of the process's first trainer.
                with torch.autocast(device.type, torch.bfloat16, enabled=self._bf16):
                    loss = self.ombud(**tensors, loss_counts=counts).loss
                self.accelerator.backward(loss)
                total += loss.detach()
                if "attention_mask" in piece:
                    tokens += int(piece["attention_mask"].sum())
        except torch.OutOfMemoryError:
            return None
        self.tokens += tokens
        return total

    def _halve(self) -> None:
        self.ombud.zero_grad()
        if self.args.device.type == "cuda":
            torch.cuda.empty_cache()
        if self.micro_batch == 1:
            message = (
                f"expected memory for one reading at a time, found too little in stage "
                f"{self._stage.name} at step {self.state.global_step + 1}; lower max_tokens in the "
                f"recipe or train with --device cpu"
            )
            raise TrainingError(message)
        before, self.micro_batch = self.micro_batch, -(-self.micro_batch // 2)
        _LOG.warning(
            "out of memory with %d readings at once in stage %s: going on with %d, gradients "
            "added up over %d parts",
            before,
            self._stage.name,
            self.micro_batch,
            -(-self._share // self.micro_batch),
        )

    def _shared_gradients(self) -> list[Tensor]:
        """Return the gradients, those of all processes added up."""
        gradients = []
        for parameter in self.ombud.parameters():
            if parameter.requires_grad:
                if parameter.grad is None:
                    if processes.count() == 1:
                        continue
                    parameter.grad = torch.zeros_like(parameter)
                gradients.append(parameter.grad)
        if processes.count() > 1:
            flat = processes.summed(torch.cat([gradient.flatten() for gradient in gradients]))
            sizes = [gradient.numel() for gradient in gradients]
            for gradient, whole in zip(gradients, torch.split(flat, sizes), strict=True):
                gradient.copy_(whole.view_as(gradient))
        return gradients

    def _not_finite(self, what: str, value: float) -> TrainingError:
        last = self._last_good()
        kept = f"the last good checkpoint is {last}" if last else "no checkpoint was kept"
        rate = "encoder_learning_rate" if self._stage.encoder_learning_rate else "learning_rate"
        return TrainingError(
            f"expected a finite {what}, found {value} in stage {self._stage.name} at step "
            f"{self.state.global_step + 1} of {self.state.max_steps}; {kept}, lower {rate} in the "
            "recipe"
        )

    def close_losses(self) -> None:
        """Note the mean loss since the last note."""
        if self._since_log:
            mean = math.fsum(self._since_log) / len(self._since_log)
            self.losses.append((self.state.global_step, mean))
            self._since_log = []

    def _save_checkpoint(self, model: torch.nn.Module, trial: Any = None) -> None:
        states = processes.all_say(processes.random_states())
        if self._write is None or not processes.is_first():
            return
        notes: dict[str, Any] = {"losses": self.losses, "since_log": self._since_log}
        if self.stopping is not None:
            notes["stopping"] = self.stopping.notes()
        stage = self._stage

        def fill(folder: Path) -> None:
            save_model(self.ombud, str(folder / WEIGHTS))
            self._save_optimizer_and_scheduler(str(folder))
            for number, content in enumerate(states):
                name = f"rng_state_{number}.pth" if len(states) > 1 else "rng_state.pth"
                (folder / name).write_bytes(content)
            if self.stopping is not None and self.stopping.weights:
                save_file(self.stopping.weights, folder / _BEST)
            self.state.save_to_json(str(folder / "trainer_state.json"))

        step = self.state.global_step
        self._write(
            Progress(stage.number, stage.name, step, False, self.micro_batch, (), notes), fill
        )

    def _recall(self, earlier: Checkpoint) -> None:
        progress = earlier.progress
        self.micro_batch = min(self.micro_batch, progress.micro_batch)
        self.losses = [(int(step), float(loss)) for step, loss in progress.notes["losses"]]
        self._since_log = list(progress.notes["since_log"])
        best = earlier.path / _BEST
        if self.stopping is not None:
            notes: Mapping[str, Any] = progress.notes["stopping"]
            self.stopping.recall(notes, load_file(best) if best.exists() else {})
