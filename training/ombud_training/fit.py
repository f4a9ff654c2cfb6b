"""Fitting a model: examples in, a trained model out, through `transformers.Trainer`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor
from transformers import (
    PreTrainedTokenizerBase,
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
    set_seed,
)

from ombud.corpus import GoldCase, Wording
from ombud.model import OmbudModel, resolve_encoder, sentence_key
from ombud.taxonomy import OUTCOMES
from ombud.vectors import SentenceVectors
from ombud.views import VIEWS, View
from ombud_training.device import Device
from ombud_training.examples import (
    Collator,
    Example,
    ExampleDataset,
    make_examples,
    wording_examples,
)
from ombud_training.recipe import Recipe
from ombud_training.seeds import SEEDS

__all__ = ["Fitted", "fit"]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A trained model.

    Attributes:
        model: On the CPU, ready to predict.
        tokenizer: The encoder's.
        losses: The loss after each logged step.
        vectors: Of the model's own encoder, in float32.
    """

    model: OmbudModel
    tokenizer: PreTrainedTokenizerBase
    losses: tuple[tuple[int, float], ...]
    vectors: SentenceVectors


class _HeadsAndEncoderTrainer(Trainer):
    """A trainer with one learning rate for the encoder and one for everything else."""

    def __init__(
        self,
        *,
        stage: _Stage,
        bf16: bool,
        weight_decay: float,
        model: OmbudModel,
        **kwargs: Any,
    ) -> None:
        self._bf16 = bf16
        self._stage = stage
        self._weight_decay = weight_decay
        self._ombud = model
        super().__init__(model=model, **kwargs)

    def compute_loss(self, model: Any, inputs: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Return the loss, products computed in bfloat16 where the device is faster so.

        The trainer's own setting is kept by the process's first trainer: a stage in float32
        would shut it off for all that come after.
        """
        device = self.args.device.type
        with torch.autocast(device, torch.bfloat16, enabled=self._bf16):
            return super().compute_loss(model, inputs, *args, **kwargs)

    def create_optimizer(self, *args: Any, **kwargs: Any) -> torch.optim.Optimizer:
        """Return AdamW over four groups: encoder or heads, with or without weight decay."""
        if self.optimizer is None:
            groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
            for name, parameter in self._ombud.named_parameters():
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


def fit(
    cases: Sequence[GoldCase],
    recipe: Recipe,
    device: Device,
    folder: Path,
    *,
    views: Sequence[View] = VIEWS,
    wordings: Sequence[Wording] = (),
    callbacks: Sequence[TrainerCallback] = (),
    vectors: SentenceVectors | None = None,
) -> Fitted:
    """Train a model on `cases`.

    Args:
        cases: The training part.
        recipe: Every setting.
        device: Where to train, and in which precision.
        folder: For the trainer's own files.
        views: Views to train; one model serves all of them.
        wordings: Single sentences to learn from beside the cases.
        callbacks: Told of the progress.
        vectors: Of the encoder as published, to share between trainings.

    Raises:
        EncoderError: If the encoder cannot be loaded.
    """
    set_seed(recipe.seed)
    source = resolve_encoder(recipe.encoder)
    tokenizer = source.tokenizer()
    model = OmbudModel.from_encoder(source, **recipe.model_settings())
    examples = make_examples(cases, views) + wording_examples(wordings, recipe.seed)
    pretrained = vectors or SentenceVectors.pretrained(source, recipe.max_tokens, device.name)
    if recipe.seed_strength:
        _start_from_seeds(model, pretrained, recipe.seed_strength)
    fitting = _Fitting(model, tokenizer, examples, recipe, device, folder, callbacks)
    model.encoder.requires_grad_(requires_grad=False)
    # Heads first, on vectors of the encoder as published, which are computed once: fine-tuning
    # from random heads would spoil the encoder (Kumar et al. 2022) and take far longer.
    losses = fitting.train(_heads_stage(recipe, recipe.epochs), pretrained)
    if not recipe.freeze_encoder:
        with model.encoder.fine_tuning():
            losses += fitting.train(_encoder_stage(recipe), None)
        # Heads again, on whole readings: beside the encoder they saw part of each only.
        tuned = SentenceVectors(
            model.encoder.eval(), tokenizer, recipe.max_tokens, bf16=device.bf16
        )
        losses += fitting.train(_heads_stage(recipe, recipe.finish_epochs), tuned)
    model.cpu().eval()  # type: ignore[no-untyped-call]
    own = SentenceVectors(model.encoder, tokenizer, recipe.max_tokens)
    return Fitted(model, tokenizer, losses, pretrained if recipe.freeze_encoder else own)


@dataclass(frozen=True, slots=True)
class _Stage:
    """What differs between the stages of a training."""

    epochs: int
    batch_size: int
    learning_rate: float
    encoder_learning_rate: float
    sentence_dropout: float


def _heads_stage(recipe: Recipe, epochs: int) -> _Stage:
    return _Stage(epochs, recipe.batch_size, recipe.learning_rate, 0.0, 0.0)


def _encoder_stage(recipe: Recipe) -> _Stage:
    # Heads that are trained already move more gently beside the encoder.
    return _Stage(
        recipe.encoder_epochs,
        recipe.encoder_batch_size,
        recipe.learning_rate / 4,
        recipe.encoder_learning_rate,
        recipe.sentence_dropout,
    )


@dataclass(frozen=True, slots=True)
class _Fitting:
    """What the stages of one training share."""

    model: OmbudModel
    tokenizer: PreTrainedTokenizerBase
    examples: Sequence[Example]
    recipe: Recipe
    device: Device
    folder: Path
    callbacks: Sequence[TrainerCallback]

    def train(
        self, stage: _Stage, vectors: SentenceVectors | None
    ) -> tuple[tuple[int, float], ...]:
        """Train heads on cached `vectors`, or heads and encoder without; return the losses."""
        recipe = self.recipe
        frozen = vectors is not None
        arguments = TrainingArguments(
            output_dir=str(self.folder),
            num_train_epochs=stage.epochs,
            per_device_train_batch_size=stage.batch_size,
            learning_rate=stage.learning_rate,
            warmup_steps=recipe.warmup_share,
            lr_scheduler_type="cosine",
            max_grad_norm=1.0,
            seed=recipe.seed,
            use_cpu=self.device.name == "cpu",
            save_strategy="no",
            eval_strategy="no",
            logging_strategy="epoch",
            report_to=[],
            remove_unused_columns=False,
            disable_tqdm=True,
            dataloader_pin_memory=self.device.name != "cpu",
        )
        trainer = _HeadsAndEncoderTrainer(
            weight_decay=recipe.weight_decay,
            stage=stage,
            # Cached vectors leave only small layers to train: nothing to gain by less precision.
            bf16=self.device.bf16 and not frozen,
            model=self.model,
            args=arguments,
            train_dataset=ExampleDataset(
                self.examples, recipe.section_dropout, recipe.seed, stage.sentence_dropout
            ),
            data_collator=Collator(
                self.tokenizer,
                recipe.max_tokens,
                _outcome_weights(self.examples),
                recipe.label_smoothing,
                vectors,
            ),
            callbacks=list(self.callbacks),
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train()
        return tuple(
            (int(entry["step"]), float(entry["loss"]))
            for entry in trainer.state.log_history
            if "loss" in entry
        )


@torch.no_grad()
def _start_from_seeds(model: OmbudModel, vectors: SentenceVectors, strength: float) -> None:
    """Point each reason's first direction at its seed sentences.

    `strength` is the logit that a sentence gains where its cosine with the direction is one.
    """
    means = torch.stack(
        [
            vectors([sentence_key(s) for s in SEEDS[label]]).mean(dim=0)
            for label in model.config.reasons
        ]
    )
    # What all reasons' sentences share (the genre) says nothing about which one it is.
    directions = torch.nn.functional.normalize(means - means.mean(dim=0), dim=-1)
    weights = directions * strength / means.shape[-1] ** 0.5
    outcomes = len(model.config.outcomes)
    model.selector.direct.weight.data[1:] = weights
    for direct in cast("list[torch.nn.Linear]", list(model.predictor.direct)):
        direct.weight.data[outcomes:] = weights


def _outcome_weights(examples: Sequence[Example]) -> Tensor:
    """Return the square root of the inverse frequency of each outcome, mean 1 over examples."""
    outcomes = [example.outcome for example in examples if example.outcome is not None]
    counts = Counter(outcomes)
    weights = torch.tensor([max(1, counts[i]) ** -0.5 for i in range(len(OUTCOMES))])
    return weights / weights[outcomes].mean()
