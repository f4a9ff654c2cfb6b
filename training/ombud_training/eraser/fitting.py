"""Fitting an `OmbudModel` to reviews: heads, then encoder and heads, then heads again.

The classes are the model's outcomes; being evidence of each class is a reason of the same name.
Marks are phrases that somebody happened to mark, not all that there are, so a passage without one
is weak evidence of nothing.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor
from transformers import (
    PreTrainedTokenizerBase,
    PrinterCallback,
    TrainerCallback,
    get_cosine_schedule_with_warmup,
    set_seed,
)

from ombud.model import DEFAULT_ENCODER, OmbudModel, collate, resolve_encoder
from ombud.vectors import SentenceVectors
from ombud_training.arguments import Bfloat16Trainer, training_arguments
from ombud_training.batches import Thinned
from ombud_training.device import Device
from ombud_training.eraser.passages import Passages

__all__ = ["EraserFitted", "EraserSettings", "fit_reviews"]

_MARKED_FROM: Final = 0.3
_KEPT_VECTORS: Final = 1_000_000
Vectors = Callable[[Sequence[str]], Tensor]


@dataclass(frozen=True, slots=True)
class EraserSettings:
    """Settings of a training on reviews.

    Attributes:
        encoder: `minilm`, a folder, or a Hugging Face name.
        heads_epochs: Passes with the encoder as published.
        encoder_epochs: Passes in which it is trained too; 0 keeps it as published.
        finish_epochs: Passes after those with the encoder held.
        batch_size: Reviews a step while the encoder is held.
        encoder_batch_size: Reviews a step while it is trained.
        learning_rate: Highest rate of the heads; a quarter of it beside the encoder.
        encoder_learning_rate: Highest rate of the encoder.
        sentence_dropout: Probability of leaving out a sentence without a mark while the encoder
            is trained.
        mark_dropout: Probability of hiding a marked passage from the predictor, so that the
            others must do.
        stray_gates: Probability of showing the predictor a passage without a mark.
        dropout: In the heads.
        mark_weight: How much more a marked passage counts than another.
        seed: Of everything random.
    """

    encoder: str = DEFAULT_ENCODER
    heads_epochs: int = 6
    encoder_epochs: int = 2
    finish_epochs: int = 4
    batch_size: int = 32
    encoder_batch_size: int = 8
    learning_rate: float = 1e-3
    encoder_learning_rate: float = 1e-4
    sentence_dropout: float = 0.6
    mark_dropout: float = 0.5
    stray_gates: float = 0.1
    dropout: float = 0.2
    mark_weight: float = 1.0
    seed: int = 13

    def with_frozen_encoder(self) -> EraserSettings:
        """Return the same settings with the encoder kept as published."""
        epochs = self.heads_epochs + self.finish_epochs
        return dataclasses.replace(self, heads_epochs=epochs, encoder_epochs=0)


@dataclass(frozen=True, slots=True)
class EraserFitted:
    """A trained model and the vectors of its own encoder."""

    model: OmbudModel
    tokenizer: PreTrainedTokenizerBase
    vectors: SentenceVectors

    @classmethod
    def of(
        cls, model: OmbudModel, tokenizer: PreTrainedTokenizerBase, *, bf16: bool
    ) -> EraserFitted:
        """Return a model with vectors that its encoder has yet to make."""
        vectors = SentenceVectors(
            model.encoder, tokenizer, model.config.max_tokens, kept=_KEPT_VECTORS, bf16=bf16
        )
        return cls(model, tokenizer, vectors)


def fit_reviews(
    reviews: Sequence[Passages],
    labels: Sequence[str],
    settings: EraserSettings,
    device: Device,
    folder: Path,
    *,
    callbacks: Callable[[str], Sequence[TrainerCallback]] = lambda _: (),
    pretrained: Vectors | None = None,
) -> EraserFitted:
    """Train a model on reviews.

    Args:
        reviews: The training part.
        labels: Every class, in the order of the model's outcomes.
        settings: Every setting.
        device: Where to train, and in which precision.
        folder: For the trainer's own files.
        callbacks: Return what is told of the progress of a stage, by the stage's title.
        pretrained: Vectors of the encoder as published, to share between trainings.

    Raises:
        EncoderError: If the encoder cannot be loaded.
    """
    set_seed(settings.seed)
    source = resolve_encoder(settings.encoder)
    model = OmbudModel.from_encoder(
        source,
        outcomes=list(labels),
        reasons=list(labels),
        dropout=settings.dropout,
        max_tokens=64,
        outcome_weight=1.0,
        reason_weight=0.0,
        sparsity_weight=0.0,
        gate_positive_weight=settings.mark_weight,
    )
    fitting = _Fitting(model, source.tokenizer(), reviews, settings, device, folder, callbacks)
    fitted = EraserFitted.of(model, fitting.tokenizer, bf16=device.bf16)
    fitting.heads("heads", settings.heads_epochs, pretrained or fitted.vectors)
    if settings.encoder_epochs:
        fitting.encoder()
        # The encoder has changed, and with it every vector.
        fitted = EraserFitted.of(model, fitting.tokenizer, bf16=device.bf16)
        fitting.heads("heads again", settings.finish_epochs, fitted.vectors)
    model.eval()  # type: ignore[no-untyped-call]
    return fitted


@dataclass(frozen=True, slots=True)
class _Fitting:
    """What the stages of one training share."""

    model: OmbudModel
    tokenizer: PreTrainedTokenizerBase
    reviews: Sequence[Passages]
    settings: EraserSettings
    device: Device
    folder: Path
    callbacks: Callable[[str], Sequence[TrainerCallback]]

    def heads(self, title: str, epochs: int, vectors: Vectors) -> None:
        """Train the heads on vectors that do not change."""
        self.model.encoder.requires_grad_(requires_grad=False)
        self._train(
            title,
            epochs,
            self.settings.batch_size,
            [{"params": self._heads(), "lr": self.settings.learning_rate}],
            ReviewDataset(self.reviews, 0.0, self.settings.seed),
            vectors,
        )

    def encoder(self) -> None:
        """Train encoder and heads on marked sentences and part of the others."""
        settings = self.settings
        with self.model.encoder.fine_tuning():
            encoder = [p for p in self.model.encoder.parameters() if p.requires_grad]
            self._train(
                "encoder",
                settings.encoder_epochs,
                settings.encoder_batch_size,
                [
                    # Heads that are trained already move more gently beside the encoder.
                    {"params": self._heads(), "lr": settings.learning_rate / 4},
                    {"params": encoder, "lr": settings.encoder_learning_rate},
                ],
                ReviewDataset(self.reviews, settings.sentence_dropout, settings.seed),
                None,
            )

    def _heads(self) -> list[torch.nn.Parameter]:
        return [*self.model.selector.parameters(), *self.model.predictor.parameters()]

    def _train(
        self,
        title: str,
        epochs: int,
        batch_size: int,
        groups: list[dict[str, Any]],
        dataset: ReviewDataset,
        vectors: Vectors | None,
    ) -> None:
        steps = epochs * -(-len(dataset) // batch_size)
        optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
        arguments = training_arguments(
            self.folder,
            epochs=epochs,
            batch_size=batch_size,
            seed=self.settings.seed,
            cpu=self.device.name == "cpu",
        )
        trainer = Bfloat16Trainer(
            # Cached vectors leave only small layers to train: nothing to gain by less precision.
            bf16=self.device.bf16 and vectors is None,
            model=self.model,
            args=arguments,
            train_dataset=dataset,
            data_collator=ReviewCollator(self.model, self.tokenizer, self.settings, vectors),
            callbacks=list(self.callbacks(title)),
            optimizers=(
                optimizer,
                get_cosine_schedule_with_warmup(optimizer, max(1, steps // 10), steps),
            ),
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train()


class ReviewDataset(Thinned[Passages]):
    """Reviews with dropout of sentences without a mark."""

    def __init__(self, reviews: Sequence[Passages], sentence_dropout: float, seed: int) -> None:
        super().__init__(reviews, seed)
        self._sentence_dropout = sentence_dropout

    def thin(self, example: Passages, generator: random.Random) -> Passages:
        """Return a review without some sentences; never without all."""
        review = example
        if not self._sentence_dropout:
            return review
        marked = {s for s, share in zip(review.sentences, review.shares, strict=True) if share}
        kept = {
            sentence
            for sentence in sorted(set(review.sentences))
            if sentence in marked or generator.random() >= self._sentence_dropout
        }
        numbers = [n for n, sentence in enumerate(review.sentences) if sentence in kept]
        return review.keep(numbers) if numbers else review


class ReviewCollator:
    """Makes the arguments of `OmbudModel.forward` of a batch of reviews."""

    def __init__(
        self,
        model: OmbudModel,
        tokenizer: PreTrainedTokenizerBase,
        settings: EraserSettings,
        vectors: Vectors | None,
    ) -> None:
        self._labels = model.config.outcomes
        self._max_tokens = model.config.max_tokens
        self._tokenizer = tokenizer
        self._settings = settings
        self._vectors = vectors

    def __call__(self, reviews: Sequence[Passages]) -> dict[str, Tensor]:
        """Return inputs, targets, and the gates to train the predictor with."""
        tensors = collate(
            [review.reading() for review in reviews],
            self._tokenizer,
            self._max_tokens,
            self._vectors,
        )
        numbers = torch.tensor([self._labels.index(r.review.label) for r in reviews])
        targets = gate_targets(reviews, numbers, len(self._labels))
        tensors["outcome_targets"] = torch.nn.functional.one_hot(numbers, len(self._labels)).float()
        tensors["reason_targets"] = torch.full((len(reviews), len(self._labels)), float("nan"))
        tensors["gate_targets"] = targets
        tensors["gates"] = self._gates(targets)
        return tensors

    def _gates(self, targets: Tensor) -> Tensor:
        """Return gates of marked passages and strays, some shut at random; one at least is open."""
        marked = targets[..., 0] == 1
        there = ~targets[..., 0].isnan()
        luck = torch.rand(marked.shape)
        shown = torch.where(
            marked, luck >= self._settings.mark_dropout, luck < self._settings.stray_gates
        )
        shown &= there
        instead = torch.where(marked.any(dim=1, keepdim=True), marked, there)
        shown = torch.where(shown.any(dim=1, keepdim=True), shown, instead)
        gates = torch.zeros(targets.shape)
        gates[..., 0] = shown.float()
        return gates


def gate_targets(reviews: Sequence[Passages], labels: Tensor, count: int) -> Tensor:
    """Return 1 where a passage is evidence, NaN where there is none.

    Args:
        reviews: The reviews.
        labels: Number of each review's class. Shape: (reviews,)
        count: How many classes there are.

    Returns:
        Column 0 is evidence of any class. Shape: (reviews, passages, 1 + classes)
    """
    longest = max(len(review.spans) for review in reviews)
    targets = torch.full((len(reviews), longest, 1 + count), float("nan"))
    for row, (review, label) in enumerate(zip(reviews, labels.tolist(), strict=True)):
        evidence = (torch.tensor(review.shares) >= _MARKED_FROM).float()
        targets[row, : len(evidence)] = 0.0
        targets[row, : len(evidence), 0] = evidence
        targets[row, : len(evidence), 1 + label] = evidence
    return targets
