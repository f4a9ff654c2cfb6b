"""Fitting a model: examples in, a trained model out, through `transformers.Trainer`."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor
from transformers import (
    PreTrainedTokenizerBase,
    Trainer,
    TrainerCallback,
    TrainingArguments,
    set_seed,
)

from ombud.corpus import GoldCase
from ombud.model import OmbudModel, resolve_encoder
from ombud.model.features import index_sentences
from ombud.taxonomy import OUTCOMES
from ombud.views import VIEWS, View
from ombud_training.device import Device
from ombud_training.examples import Collator, Example, ExampleDataset, make_examples
from ombud_training.recipe import Recipe

__all__ = ["Fitted", "VectorTable", "fit"]

_LOG: Final = logging.getLogger(__name__)
_ENCODED_AT_ONCE: Final = 256


@dataclass(frozen=True, slots=True)
class Fitted:
    """A trained model with its tokenizer, and the loss after each logged step."""

    model: OmbudModel
    tokenizer: PreTrainedTokenizerBase
    losses: tuple[tuple[int, float], ...]


class VectorTable:
    """Vectors of every sentence that some examples use, made once by a frozen encoder."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._vectors: Tensor | None = None

    @torch.inference_mode()
    def add(
        self,
        sentences: Sequence[str],
        model: OmbudModel,
        tokenizer: PreTrainedTokenizerBase,
    ) -> None:
        """Encode those of `sentences` that are not in the table yet."""
        new = sorted({s for s in sentences if s not in self._rows}, key=lambda s: (len(s), s))
        if not new:
            return
        training = model.training
        model.eval()
        device = next(model.parameters()).device
        chunks = [] if self._vectors is None else [self._vectors]
        for start in range(0, len(new), _ENCODED_AT_ONCE):
            tokens = tokenizer(
                new[start : start + _ENCODED_AT_ONCE],
                truncation=True,
                max_length=model.config.max_tokens,
                padding=True,
                return_tensors="pt",
            ).to(device)
            chunks.append(model.encoder(tokens["input_ids"], tokens["attention_mask"]).cpu())
        for sentence in new:
            self._rows[sentence] = len(self._rows)
        self._vectors = torch.cat(chunks)
        model.train(training)

    def __call__(self, sentences: Sequence[str]) -> Tensor:
        """Return the vectors of `sentences`. Shape: (sentences, hidden)."""
        if self._vectors is None:
            message = "expected sentences added before they are looked up"
            raise LookupError(message)
        return self._vectors[[self._rows[sentence] for sentence in sentences]].clone()


class _HeadsAndEncoderTrainer(Trainer):
    """A trainer with one learning rate for the encoder and one for everything else."""

    def __init__(self, *, recipe: Recipe, **kwargs: Any) -> None:
        self._recipe = recipe
        super().__init__(**kwargs)

    def create_optimizer(self, *args: Any, **kwargs: Any) -> torch.optim.Optimizer:
        """Return AdamW over four groups: encoder or heads, with or without weight decay."""
        if self.optimizer is None:
            groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
            for name, parameter in self.model.named_parameters():
                if parameter.requires_grad:
                    rate = (
                        self._recipe.encoder_learning_rate
                        if name.startswith("encoder.")
                        else self._recipe.learning_rate
                    )
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
    vectors: VectorTable | None = None,
) -> Fitted:
    """Train a model on `cases`.

    Args:
        cases: The training part.
        recipe: Every setting.
        device: Where to train, and in which precision.
        folder: For the trainer's own files.
        views: Views to train; one model serves all of them.
        callbacks: Told of the progress.
        vectors: A table to share between trainings with one frozen encoder.

    Raises:
        EncoderError: If the encoder cannot be loaded.
    """
    set_seed(recipe.seed)
    source = resolve_encoder(recipe.encoder)
    tokenizer = source.tokenizer()
    model = OmbudModel.from_encoder(source, **recipe.model_settings())
    examples = make_examples(cases, views)
    table: VectorTable | None = None
    if recipe.freeze_encoder:
        model.encoder.requires_grad_(requires_grad=False)
        table = vectors if vectors is not None else VectorTable()
        model.to(device.name)
        table.add(index_sentences([e.reading for e in examples]).sentences, model, tokenizer)
    collator = Collator(
        tokenizer,
        recipe.max_tokens,
        _outcome_weights(examples),
        recipe.label_smoothing,
        table,
    )
    arguments = TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=recipe.epochs,
        per_device_train_batch_size=recipe.batch_size,
        learning_rate=recipe.learning_rate,
        warmup_steps=recipe.warmup_share,
        lr_scheduler_type="cosine",
        max_grad_norm=1.0,
        seed=recipe.seed,
        use_cpu=device.name == "cpu",
        bf16=device.bf16,
        save_strategy="no",
        eval_strategy="no",
        logging_strategy="epoch",
        report_to=[],
        remove_unused_columns=False,
        disable_tqdm=True,
        dataloader_pin_memory=device.name != "cpu",
        train_sampling_strategy="random",
    )
    trainer = _HeadsAndEncoderTrainer(
        recipe=recipe,
        model=model,
        args=arguments,
        train_dataset=ExampleDataset(examples, recipe.section_dropout, recipe.seed),
        data_collator=collator,
        callbacks=list(callbacks),
    )
    trainer.train()
    losses = tuple(
        (int(entry["step"]), float(entry["loss"]))
        for entry in trainer.state.log_history
        if "loss" in entry
    )
    model.eval()
    return Fitted(model.cpu(), tokenizer, losses)


def _outcome_weights(examples: Sequence[Example]) -> Tensor:
    """Return the square root of the inverse frequency of each outcome, mean 1 over examples."""
    counts = Counter(example.outcome for example in examples)
    weights = torch.tensor([max(1, counts[i]) ** -0.5 for i in range(len(OUTCOMES))])
    mean = sum(weights[example.outcome] for example in examples) / len(examples)
    return weights / mean
