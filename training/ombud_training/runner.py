"""Running the stages of one training, and keeping what each of them reached."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import logging
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from safetensors.torch import load_model, save_model
from torch import Tensor
from transformers import PreTrainedTokenizerBase, TrainerCallback

from ombud.model import OmbudModel, resolve_encoder
from ombud.vectors import SentenceVectors
from ombud_training import processes
from ombud_training.arguments import training_arguments
from ombud_training.checkpoints import WEIGHTS, Checkpoint, Checkpoints, Progress
from ombud_training.device import Device, give_up_gpu, gpu_failure
from ombud_training.examples import Collator, Example, ExampleDataset
from ombud_training.recipe import Recipe
from ombud_training.stages import Stage, StageReport, stages_of
from ombud_training.starting import outcome_weights
from ombud_training.stopping import EarlyStopping, Validation
from ombud_training.trainer import StageTrainer

__all__ = ["StageRunner"]

_LOG: Final = logging.getLogger(__name__)

Losses = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class StageRunner:
    """What the stages of one training share."""

    model: OmbudModel
    tokenizer: PreTrainedTokenizerBase
    examples: Sequence[Example]
    recipe: Recipe
    device: Device
    folder: Path
    callbacks: Sequence[TrainerCallback]
    validation: Validation | None
    checkpoints: Checkpoints | None
    training: dict[str, Any]

    def run(
        self, pretrained: SentenceVectors, found: Checkpoint | None
    ) -> tuple[Losses, tuple[StageReport, ...], Device]:
        """Train the stages that are not finished.

        Where the GPU fails, `pretrained` is computed on the CPU from then on too.

        Returns:
            Losses of all stages, reports of those trained here, and the device in the end.

        Raises:
            TrainingError: If the GPU fails and other processes train along.
        """
        runner, kept = self, self._kept()
        losses = found.progress.losses if found else ()
        reports = []
        for stage in stages_of(self.recipe):
            done = found.progress if found else None
            if done and (stage.number, False) < (done.stage, done.finished):
                continue
            earlier = found if done and stage.number == done.stage else None
            while True:
                try:
                    vectors = runner._vectors(stage, pretrained)
                    own, report = runner.train(stage, vectors, earlier, losses)
                    kept = runner._kept()
                    break
                except RuntimeError as error:
                    failure = gpu_failure(error)
                    if failure is None or runner.device.name == "cpu":
                        raise
                runner, earlier = runner._without_gpu(failure, stage, kept, earlier)
                source = resolve_encoder(self.recipe.encoder)
                pretrained.compute_like(
                    SentenceVectors.pretrained(source, self.recipe.max_tokens, "cpu")
                )
            losses += own
            reports.append(report)
        return losses, tuple(reports), runner.device

    def _kept(self) -> dict[str, Tensor]:
        """Return copies of weights and buffers that outlive a GPU; none where there is none."""
        if self.device.name == "cpu":
            return {}
        named = itertools.chain(self.model.named_parameters(), self.model.named_buffers())
        return {name: tensor.detach().to("cpu", copy=True) for name, tensor in named}

    @torch.no_grad()
    def _without_gpu(
        self, failure: str, stage: Stage, kept: dict[str, Tensor], earlier: Checkpoint | None
    ) -> tuple[StageRunner, Checkpoint | None]:
        """Bring the model back to the CPU as it last was; return what to go on with, and where.

        Args:
            failure: What the GPU said.
            stage: The stage in which it failed.
            kept: Weights and buffers at the beginning of the stage.
            earlier: The checkpoint that the stage went on from.
        """
        processes.refuse_alone(failure, f"in stage {stage.name}")
        cpu = give_up_gpu(failure)
        latest = self.checkpoints.latest() if self.checkpoints else None
        if latest is not None and latest.training == self.training:
            done = latest.progress
            earlier = latest if (done.stage, done.finished) == (stage.number, False) else earlier
        self.model.zero_grad()
        # What stands on the GPU cannot be read any more.
        self.model.to_empty(device="cpu")
        for name, tensor in itertools.chain(
            self.model.named_parameters(), self.model.named_buffers()
        ):
            tensor.copy_(kept[name])
        if earlier is not None:
            load_model(self.model, earlier.weights)
        at = f"step {earlier.progress.step}" if earlier else "the beginning"
        _LOG.warning(
            "the GPU failed in stage %s (%s): going on with the CPU from %s of the stage",
            stage.name,
            failure,
            at,
        )
        reason = f"{self.device.reason} up to {at} of stage {stage.name}, then {cpu.reason}"
        return dataclasses.replace(self, device=dataclasses.replace(cpu, reason=reason)), earlier

    def _vectors(self, stage: Stage, pretrained: SentenceVectors) -> SentenceVectors | None:
        if stage.number == 1:
            return pretrained
        if not stage.frozen:
            return None
        encoder = self.model.encoder.eval()
        bf16 = self.device.bf16
        return SentenceVectors(encoder, self.tokenizer, self.recipe.max_tokens, bf16=bf16)

    def train(
        self,
        stage: Stage,
        vectors: SentenceVectors | None,
        earlier: Checkpoint | None,
        losses: Losses,
    ) -> tuple[Losses, StageReport]:
        """Train heads on cached `vectors`, or heads and encoder without."""
        trainer = self._trainer(stage, vectors, earlier, losses)
        started, before = time.monotonic(), earlier.progress.step if earlier else 0
        with self.model.encoder.fine_tuning() if vectors is None else contextlib.nullcontext():
            if vectors is not None:
                self.model.encoder.requires_grad_(requires_grad=False)
            trainer.train(resume_from_checkpoint=str(earlier.path) if earlier else None)
        if trainer.stopping is not None:
            trainer.stopping.restore(self.model, stage.name)
        own, steps = tuple(trainer.losses), trainer.state.global_step
        report = StageReport(
            stage.name,
            steps - before,
            time.monotonic() - started,
            trainer.tokens,
            trainer.micro_batch,
        )
        if self.checkpoints is not None and processes.is_first():
            self._write(
                Progress(
                    stage.number, stage.name, steps, True, report.micro_batch, losses + own, {}
                ),
                lambda folder: save_model(self.model, str(folder / WEIGHTS)),
            )
        return own, report

    def _trainer(
        self,
        stage: Stage,
        vectors: SentenceVectors | None,
        earlier: Checkpoint | None,
        losses: Losses,
    ) -> StageTrainer:
        recipe, checkpoints = self.recipe, self.checkpoints
        cpu = self.device.name == "cpu"
        arguments = training_arguments(
            self.folder,
            epochs=stage.epochs,
            batch_size=stage.batch_size,
            seed=recipe.seed,
            cpu=cpu,
            learning_rate=stage.learning_rate,
            warmup_steps=recipe.warmup_share,
            lr_scheduler_type="cosine",
            ddp_backend="gloo" if cpu and processes.count() > 1 else None,
        )
        dataset = ExampleDataset(
            self.examples, recipe.section_dropout, recipe.seed, stage.sentence_dropout
        )
        collator = Collator(
            self.tokenizer,
            recipe.max_tokens,
            outcome_weights(self.examples),
            recipe.label_smoothing,
            vectors,
        )
        validation = self.validation
        return StageTrainer(
            self.model,
            arguments,
            stage,
            dataset,
            collator,
            # Cached vectors leave only small layers to train: nothing to gain by less precision.
            bf16=self.device.bf16 and vectors is None,
            weight_decay=recipe.weight_decay,
            callbacks=list(self.callbacks),
            stopping=EarlyStopping(recipe.patience) if validation else None,
            score=lambda: validation.macro_f1(self.model, vectors) if validation else 0.0,
            evaluate_every=recipe.evaluate_every,
            write=lambda progress, fill: self._write(
                dataclasses.replace(progress, losses=losses), fill
            ),
            write_every=checkpoints.seconds if checkpoints else math.inf,
            earlier=earlier,
            last_good=lambda: checkpoints.last() if checkpoints else None,
        )

    def _write(self, progress: Progress, fill: Callable[[Path], None]) -> None:
        if self.checkpoints is not None:
            device = {"name": self.device.name, "bf16": self.device.bf16}
            self.checkpoints.write(progress, self.training, device, fill)
