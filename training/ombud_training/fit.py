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

from ombud.corpus import GoldCase
from ombud.model import OmbudModel, resolve_encoder, sentence_key
from ombud.taxonomy import OUTCOMES
from ombud.vectors import SentenceVectors
from ombud.views import VIEWS, View
from ombud_training.device import Device
from ombud_training.examples import Collator, Example, ExampleDataset, make_examples
from ombud_training.recipe import Recipe
from ombud_training.seeds import SEEDS

__all__ = ["Fitted", "fit"]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A trained model with its tokenizer, and the loss after each logged step."""

    model: OmbudModel
    tokenizer: PreTrainedTokenizerBase
    losses: tuple[tuple[int, float], ...]


class _HeadsAndEncoderTrainer(Trainer):
    """A trainer with one learning rate for the encoder and one for everything else."""

    def __init__(
        self, *, recipe: Recipe, model: OmbudModel, fine_tuning: bool, **kwargs: Any
    ) -> None:
        self._recipe = recipe
        self._fine_tuning = fine_tuning
        self._ombud = model
        super().__init__(model=model, **kwargs)

    def create_optimizer(self, *args: Any, **kwargs: Any) -> torch.optim.Optimizer:
        """Return AdamW over four groups: encoder or heads, with or without weight decay."""
        if self.optimizer is None:
            groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
            for name, parameter in self._ombud.named_parameters():
                if parameter.requires_grad:
                    # Heads that are trained already move more gently beside the encoder.
                    heads = self._recipe.learning_rate / (4 if self._fine_tuning else 1)
                    in_encoder = name.startswith("encoder.")
                    rate = self._recipe.encoder_learning_rate if in_encoder else heads
                    decay = self._recipe.weight_decay if parameter.ndim > 1 else 0.0
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
        callbacks: Told of the progress.
        vectors: Of the encoder as published, to share between trainings.

    Raises:
        EncoderError: If the encoder cannot be loaded.
    """
    set_seed(recipe.seed)
    source = resolve_encoder(recipe.encoder)
    tokenizer = source.tokenizer()
    model = OmbudModel.from_encoder(source, **recipe.model_settings())
    examples = make_examples(cases, views)
    pretrained = vectors or SentenceVectors.pretrained(source, recipe.max_tokens, device.name)
    if recipe.seed_strength:
        _start_from_seeds(model, pretrained, recipe.seed_strength)
    stage = _Stage(model, tokenizer, examples, device, folder, callbacks)
    # Heads first, on vectors of the encoder as published, which are computed once: fine-tuning
    # from random heads would spoil the encoder (Kumar et al. 2022) and take far longer.
    losses = stage.train(recipe, pretrained)
    if not recipe.freeze_encoder:
        losses += stage.train(recipe, None)
    model.eval()  # type: ignore[no-untyped-call]
    return Fitted(model.cpu(), tokenizer, losses)


@dataclass(frozen=True, slots=True)
class _Stage:
    """What the stages of one training share."""

    model: OmbudModel
    tokenizer: PreTrainedTokenizerBase
    examples: Sequence[Example]
    device: Device
    folder: Path
    callbacks: Sequence[TrainerCallback]

    def train(
        self, recipe: Recipe, vectors: SentenceVectors | None
    ) -> tuple[tuple[int, float], ...]:
        """Train heads on cached `vectors`, or heads and encoder without; return the losses."""
        frozen = vectors is not None
        self.model.encoder.requires_grad_(requires_grad=not frozen)
        arguments = TrainingArguments(
            output_dir=str(self.folder),
            num_train_epochs=recipe.epochs if frozen else recipe.encoder_epochs,
            per_device_train_batch_size=recipe.batch_size,
            learning_rate=recipe.learning_rate,
            warmup_steps=recipe.warmup_share,
            lr_scheduler_type="cosine",
            max_grad_norm=1.0,
            seed=recipe.seed,
            use_cpu=self.device.name == "cpu",
            # Cached vectors leave only small layers to train: nothing to gain by less precision.
            bf16=self.device.bf16 and not frozen,
            save_strategy="no",
            eval_strategy="no",
            logging_strategy="epoch",
            report_to=[],
            remove_unused_columns=False,
            disable_tqdm=True,
            dataloader_pin_memory=self.device.name != "cpu",
        )
        trainer = _HeadsAndEncoderTrainer(
            recipe=recipe,
            model=self.model,
            fine_tuning=not frozen,
            args=arguments,
            train_dataset=ExampleDataset(self.examples, recipe.section_dropout, recipe.seed),
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
    counts = Counter(example.outcome for example in examples)
    weights = torch.tensor([max(1, counts[i]) ** -0.5 for i in range(len(OUTCOMES))])
    mean = sum(weights[example.outcome] for example in examples) / len(examples)
    return weights / mean
