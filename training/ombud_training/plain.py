"""The ordinary way: one encoder with one head, every text cut at 512 tokens and padded to that."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from torch.utils.data import Dataset
from transformers import (
    AutoModelForSequenceClassification,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    PrinterCallback,
    Trainer,
)

from ombud.corpus import GoldCase
from ombud.model import EncoderSource
from ombud.taxonomy import OUTCOMES
from ombud.views import View
from ombud_training.arguments import training_arguments

__all__ = ["Plain", "train_plain"]

_OUTCOMES: Final = [outcome.label for outcome in OUTCOMES]
_LONGEST: Final = 512
_BATCH: Final = 16


@dataclass(frozen=True, slots=True)
class Plain:
    """A classifier trained the ordinary way.

    Attributes:
        model: Sequence classifier over the outcomes.
        tokenizer: The encoder's.
        seconds: Wall time of its training.
        tokens: Tokens it read in training, padding left out.
        padded: The same with padding.
    """

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    seconds: float
    tokens: int
    padded: int

    @torch.inference_mode()
    def outcomes(self, cases: Sequence[GoldCase], view: View) -> list[str]:
        """Return the outcome that it gives each case."""
        self.model.eval()
        texts = _Texts(cases, view, self.tokenizer, self.model.config)
        said: list[str] = []
        for start in range(0, len(cases), _BATCH):
            rows = [texts[n] for n in range(start, min(start + _BATCH, len(cases)))]
            batch = {name: torch.stack([row[name] for row in rows]) for name in _INPUTS}
            batch = {name: tensor.to(self.model.device) for name, tensor in batch.items()}
            said += [_OUTCOMES[n] for n in self.model(**batch).logits.argmax(dim=1).tolist()]
        return said


_INPUTS: Final = ("input_ids", "attention_mask")


class _Texts(Dataset[dict[str, torch.Tensor]]):
    def __init__(
        self,
        cases: Sequence[GoldCase],
        view: View,
        tokenizer: PreTrainedTokenizerBase,
        config: Any,
    ) -> None:
        self._labels = [_OUTCOMES.index(case.outcome) for case in cases]
        self._tokens = tokenizer(
            [case.document(view).text for case in cases],
            padding="max_length",
            truncation=True,
            max_length=min(_LONGEST, int(config.max_position_embeddings)),
            return_tensors="pt",
        )

    @property
    def mask(self) -> torch.Tensor:
        """1 for a token, 0 for padding. Shape: (documents, tokens)."""
        mask: torch.Tensor = self._tokens["attention_mask"]
        return mask

    def __len__(self) -> int:
        return len(self._labels)

    def __getitem__(self, number: int) -> dict[str, torch.Tensor]:
        row = {name: self._tokens[name][number] for name in _INPUTS}
        return {**row, "labels": torch.tensor(self._labels[number])}


def train_plain(
    cases: Sequence[GoldCase],
    view: View,
    source: EncoderSource,
    *,
    epochs: int,
    seed: int,
    cpu: bool = True,
) -> Plain:
    """Train `AutoModelForSequenceClassification` in float32, sixteen padded texts a step.

    Raises:
        EncoderError: If the encoder cannot be loaded.
    """
    tokenizer = source.tokenizer()
    torch.manual_seed(seed)
    model = AutoModelForSequenceClassification.from_pretrained(
        source.location, num_labels=len(_OUTCOMES), dtype=torch.float32, use_safetensors=True
    )
    texts = _Texts(cases, view, tokenizer, model.config)
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(
            model=model,
            args=training_arguments(
                Path(folder),
                epochs=epochs,
                batch_size=_BATCH,
                seed=seed,
                cpu=cpu,
                logging_strategy="no",
            ),
            train_dataset=texts,
        )
        trainer.remove_callback(PrinterCallback)
        started = time.monotonic()
        trainer.train()
        seconds = time.monotonic() - started
    return Plain(
        model,
        tokenizer,
        seconds,
        epochs * int(texts.mask.sum()),
        epochs * int(texts.mask.numel()),
    )
