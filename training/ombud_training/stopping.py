"""Early stopping: the weights with the best macro-F1 on validation are those that stay."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final

import torch
from sklearn.metrics import f1_score
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from ombud.corpus import GoldCase
from ombud.model import OmbudModel, collate
from ombud.taxonomy import OUTCOMES
from ombud.vectors import SentenceVectors
from ombud.views import View

__all__ = ["EarlyStopping", "Validation"]

_OUTCOMES: Final = [outcome.label for outcome in OUTCOMES]
_AT_ONCE: Final = 16
_LOG: Final = logging.getLogger(__name__)


class Validation:
    """Documents to score a model on while it is trained."""

    def __init__(
        self, cases: Sequence[GoldCase], views: Sequence[View], tokenizer: PreTrainedTokenizerBase
    ) -> None:
        self._cases = cases
        self._views = views
        self._tokenizer = tokenizer

    def __len__(self) -> int:
        return len(self._cases)

    def macro_f1(self, model: OmbudModel, vectors: SentenceVectors | None) -> float:
        """Return the macro-F1 of the outcome, mean of the views.

        Args:
            model: Is left in training mode.
            vectors: Of the model's encoder, where that stands still.
        """
        model.eval()  # type: ignore[no-untyped-call]
        if vectors is None:
            vectors = SentenceVectors(model.encoder, self._tokenizer, model.config.max_tokens)
        gold = [case.outcome for case in self._cases]
        scores = [
            f1_score(
                gold,
                self.outcomes(model, view, vectors),
                labels=sorted(set(gold)),
                average="macro",
                zero_division=0.0,
            )
            for view in self._views
        ]
        model.train()
        return float(sum(scores) / len(scores))

    @torch.no_grad()
    def outcomes(self, model: OmbudModel, view: View, vectors: SentenceVectors) -> list[str]:
        """Return the outcome that `model`, in evaluation mode, gives each document."""
        device = next(model.parameters()).device
        readings = [case.reading(view) for case in self._cases]
        said: list[str] = []
        for start in range(0, len(readings), _AT_ONCE):
            own = readings[start : start + _AT_ONCE]
            batch = collate(own, self._tokenizer, model.config.max_tokens, vectors)
            output = model(**{name: tensor.to(device) for name, tensor in batch.items()})
            said += [_OUTCOMES[n] for n in output.outcome_logits.argmax(dim=1).tolist()]
        return said


class EarlyStopping:
    """Watches one stage: keeps its best weights, and ends it when they are long past."""

    def __init__(self, patience: int) -> None:
        """Stop after `patience` scores in a row that are no better than the best."""
        self._patience = patience
        self._best = -1.0
        self._step = 0
        self._waited = 0
        self.weights: dict[str, Tensor] = {}

    def see(self, score: float, step: int, model: OmbudModel) -> bool:
        """Note the score of `model` after `step`; say whether the stage should end."""
        if score > self._best:
            self._best, self._step, self._waited = score, step, 0
            self.weights = {
                name: parameter.detach().cpu().clone()
                for name, parameter in model.named_parameters()
                if parameter.requires_grad
            }
        else:
            self._waited += 1
        return self._waited >= self._patience

    def restore(self, model: OmbudModel, stage: str) -> None:
        """Give `model` the best weights back."""
        if self.weights:
            model.load_state_dict(self.weights, strict=False)
            _LOG.info(
                "stage %s: kept the weights of step %d, macro-F1 %.3f on validation",
                stage,
                self._step,
                self._best,
            )

    def notes(self) -> dict[str, Any]:
        """Return what a checkpoint keeps beside the best weights."""
        return {"best": self._best, "best_step": self._step, "waited": self._waited}

    def recall(self, notes: Mapping[str, Any], weights: dict[str, Tensor]) -> None:
        """Take up what a checkpoint kept."""
        self._best = float(notes["best"])
        self._step = int(notes["best_step"])
        self._waited = int(notes["waited"])
        self.weights = weights
