"""A classifier of whole texts: what a model without selection would be, made the ordinary way.

The encoder reads a text in windows of 512 tokens, every word beside the words around it; the mean
of all its tokens goes through one linear layer to every label. Nothing in it says which passages
count: that is asked afterwards.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.utils.data import Dataset
from transformers import (
    PreTrainedModel,
    PreTrainedTokenizerBase,
    PrinterCallback,
    TrainerCallback,
    set_seed,
)

from ombud.corpus import GoldCase
from ombud.model import resolve_encoder
from ombud.taxonomy import OUTCOMES, REASONS
from ombud.views import Reading, View
from ombud_training.arguments import Bfloat16Trainer, training_arguments
from ombud_training.device import Device
from ombud_training.examples import make_examples
from ombud_training.recipe import Recipe
from ombud_training.starting import outcome_weights

__all__ = ["ContextualModel", "ContextualSettings", "Windows", "fit_contextual", "windows"]

_LONGEST: Final = 512


@dataclass(frozen=True, slots=True)
class ContextualSettings:
    """Settings of a classifier of whole texts.

    Attributes:
        epochs: Passes over the training part.
        batch_size: Texts a step.
        learning_rate: Highest rate of the last layer.
        encoder_learning_rate: Highest rate of the encoder.
        dropout: Before the last layer.
    """

    epochs: int = 5
    batch_size: int = 8
    learning_rate: float = 1e-3
    encoder_learning_rate: float = 1e-4
    dropout: float = 0.1


@dataclass(frozen=True, slots=True)
class Windows:
    """Some readings as the encoder sees them.

    Attributes:
        input_ids: Shape: (windows, tokens)
        attention_mask: 1 for a token, 0 for padding. Shape: (windows, tokens)
        documents: Number of each window's reading. Shape: (windows,)
        passages: Number of the reading's sentence that each token is of; -1 for a token that the
            tokenizer added. Shape: (windows, tokens)
    """

    input_ids: Tensor
    attention_mask: Tensor
    documents: Tensor
    passages: Tensor

    def inputs(self) -> dict[str, Tensor]:
        """Return the arguments of `ContextualModel.forward`."""
        return {
            "input_ids": self.input_ids,
            "attention_mask": self.attention_mask,
            "documents": self.documents,
        }


def windows(
    readings: Sequence[Reading], tokenizer: PreTrainedTokenizerBase, longest: int
) -> Windows:
    """Return readings cut into windows of at most `longest` tokens; nothing is left out.

    Sentences stand side by side with a space between; a reading without any is one window of
    what the tokenizer adds to every text.
    """
    texts, starts = [], []
    for reading in readings:
        pieces = [s.span.of(reading.document.text) for s in reading.sentences]
        begins, at = [], 0
        for piece in pieces:
            begins.append(at)
            at += len(piece) + 1
        texts.append(" ".join(pieces))
        starts.append(begins)
    tokens = tokenizer(
        texts,
        truncation=True,
        max_length=longest,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
        padding=True,
        return_tensors="pt",
    )
    documents = tokens["overflow_to_sample_mapping"]
    passages = torch.full(tokens["input_ids"].shape, -1)
    for row, (document, offsets) in enumerate(
        zip(documents.tolist(), tokens["offset_mapping"].tolist(), strict=True)
    ):
        for column, (start, end) in enumerate(offsets):
            if end > start:
                passages[row, column] = bisect.bisect_right(starts[document], start) - 1
    return Windows(tokens["input_ids"], tokens["attention_mask"], documents, passages)


class ContextualModel(nn.Module):
    """Encoder, mean over a text's tokens, one linear layer."""

    encoder: PreTrainedModel

    def __init__(self, encoder: PreTrainedModel, dropout: float) -> None:
        super().__init__()
        self.encoder = encoder
        self.drop = nn.Dropout(dropout)
        size = int(encoder.config.hidden_size)
        self.head = nn.Linear(size, len(OUTCOMES) + len(REASONS))

    @property
    def longest(self) -> int:
        """The most tokens of a window."""
        return min(_LONGEST, int(self.encoder.config.max_position_embeddings))

    def sums(
        self,
        attention_mask: Tensor,
        input_ids: Tensor | None = None,
        inputs_embeds: Tensor | None = None,
    ) -> Tensor:
        """Return the sum of each window's token vectors.

        Args:
            attention_mask: Shape: (windows, tokens)
            input_ids: Shape: (windows, tokens)
            inputs_embeds: In place of ids. Shape: (windows, tokens, hidden)

        Returns:
            Shape: (windows, hidden)
        """
        hidden = self.encoder(
            input_ids=input_ids, inputs_embeds=inputs_embeds, attention_mask=attention_mask
        ).last_hidden_state
        weights = attention_mask.unsqueeze(-1).to(hidden.dtype)
        summed: Tensor = (hidden * weights).float().sum(dim=1)
        return summed

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        documents: Tensor,
        outcome_targets: Tensor | None = None,
        reason_targets: Tensor | None = None,
        outcome_weights: Tensor | None = None,
        outcome_weight: float = 1.0,
    ) -> dict[str, Tensor]:
        """Return `logits` of each text, and `loss` where targets are given.

        Args:
            input_ids: Shape: (windows, tokens)
            attention_mask: Shape: (windows, tokens)
            documents: Number of each window's text, from 0. Shape: (windows,)
            outcome_targets: Probabilities. Shape: (texts, outcomes)
            reason_targets: 0 or 1. Shape: (texts, reasons)
            outcome_weights: Of each outcome in the loss. Shape: (outcomes,)
            outcome_weight: Of the outcome in the loss.
        """
        count = int(documents.max()) + 1
        summed = self.sums(attention_mask, input_ids)
        whole = summed.new_zeros(count, summed.shape[-1]).index_add(0, documents, summed)
        sizes = summed.new_zeros(count).index_add(
            0, documents, attention_mask.sum(dim=1).to(summed.dtype)
        )
        logits = self.head(self.drop(whole / sizes.unsqueeze(-1)))
        if outcome_targets is None or reason_targets is None or outcome_weights is None:
            return {"logits": logits}
        outcomes = logits[:, : len(OUTCOMES)].log_softmax(dim=-1)
        weighted = outcome_targets * outcome_weights
        outcome_loss = -(weighted * outcomes).sum() / weighted.sum()
        reason_loss = nn.functional.binary_cross_entropy_with_logits(
            logits[:, len(OUTCOMES) :], reason_targets, reduction="sum"
        ) / len(logits)
        return {"loss": outcome_weight * outcome_loss + reason_loss, "logits": logits}


def fit_contextual(
    cases: Sequence[GoldCase],
    view: View,
    recipe: Recipe,
    settings: ContextualSettings,
    device: Device,
    folder: Path,
    *,
    callbacks: Sequence[TrainerCallback] = (),
) -> tuple[ContextualModel, PreTrainedTokenizerBase]:
    """Train encoder and last layer on the outcomes and reasons of `cases`.

    Args:
        cases: What to learn from.
        view: What may be read of each.
        recipe: Names encoder and seed, and how outcomes are weighed and smoothed.
        settings: Every other setting.
        device: Where to train, and in which precision.
        folder: For the trainer's own files.
        callbacks: Told of the progress.

    Raises:
        EncoderError: If the encoder cannot be loaded.
    """
    set_seed(recipe.seed)
    source = resolve_encoder(recipe.encoder)
    tokenizer = source.tokenizer()
    encoder = source.model()
    # As ours: a few hundred texts hold few of the vocabulary's words.
    encoder.get_input_embeddings().requires_grad_(requires_grad=False)
    model = ContextualModel(encoder, settings.dropout)
    examples = make_examples(cases, [view], "none")
    targets = torch.full((len(examples), len(OUTCOMES)), recipe.label_smoothing / len(OUTCOMES))
    for row, example in enumerate(examples):
        targets[row, int(example.outcome or 0)] += 1 - recipe.label_smoothing
    texts = _Texts([example.reading for example in examples])
    weights = outcome_weights(examples)

    def collate(rows: Sequence[int]) -> dict[str, Any]:
        some = windows([texts.readings[row] for row in rows], tokenizer, model.longest)
        return {
            **some.inputs(),
            "outcome_targets": targets[list(rows)],
            "reason_targets": torch.stack([examples[row].reasons for row in rows]),
            "outcome_weights": weights,
            "outcome_weight": recipe.outcome_weight,
        }

    trainer = _ContextualTrainer(
        settings=settings,
        weight_decay=recipe.weight_decay,
        bf16=device.bf16,
        model=model,
        args=training_arguments(
            folder,
            epochs=settings.epochs,
            batch_size=settings.batch_size,
            seed=recipe.seed,
            cpu=device.name == "cpu",
            learning_rate=settings.learning_rate,
            warmup_steps=recipe.warmup_share,
            lr_scheduler_type="cosine",
        ),
        train_dataset=texts,
        data_collator=collate,
        callbacks=list(callbacks),
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    return model.eval(), tokenizer


class _Texts(Dataset[int]):
    """Numbers of readings, which the collator looks up."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self.readings = readings

    def __len__(self) -> int:
        return len(self.readings)

    def __getitem__(self, number: int) -> int:
        return number


class _ContextualTrainer(Bfloat16Trainer):
    """A trainer with one rate for the encoder and one for the last layer."""

    def __init__(
        self,
        *,
        settings: ContextualSettings,
        weight_decay: float,
        model: ContextualModel,
        **kwargs: Any,
    ) -> None:
        self._settings = settings
        self._weight_decay = weight_decay
        self._contextual = model
        super().__init__(model=model, **kwargs)

    def create_optimizer(self, *args: Any, **kwargs: Any) -> torch.optim.Optimizer:
        """Return AdamW over the two parts."""
        if self.optimizer is None:
            encoder = [p for p in self._contextual.encoder.parameters() if p.requires_grad]
            self.optimizer = torch.optim.AdamW(
                [
                    {"params": encoder, "lr": self._settings.encoder_learning_rate},
                    {
                        "params": self._contextual.head.parameters(),
                        "lr": self._settings.learning_rate,
                    },
                ],
                weight_decay=self._weight_decay,
            )
        return self.optimizer
