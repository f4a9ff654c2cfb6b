"""The heads: a selector with hard gates and a predictor of the chosen sentences.

Torch alone: what serves predictions need not wait for transformers. Training adds straight-through
gradients and the loss around them (`ombud.model.modeling`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import torch
from torch import Tensor, nn

from ombud.documents import SECTION_KINDS
from ombud.model.features import POSITION_FEATURES
from ombud.views import VIEWS, View

__all__ = [
    "Chosen",
    "HeadSettings",
    "Heads",
    "Predictor",
    "Selector",
    "add_up",
    "gate_thresholds",
    "hard_gates",
]


class HeadSettings(Protocol):
    """The sizes and labels that the heads are made for."""

    @property
    def outcomes(self) -> Sequence[str]:
        """Outcome labels, in the order of the outcome logits."""

    @property
    def reasons(self) -> Sequence[str]:
        """Reason labels, in the order of the reason logits."""

    @property
    def selector_size(self) -> int:
        """Width of the selector's hidden layers."""

    @property
    def predictor_size(self) -> int:
        """Width of the predictor's hidden layer."""

    @property
    def dropout(self) -> float:
        """Probability of dropping a unit in training."""

    @property
    def max_passages(self) -> int:
        """Most sentences that one label may choose."""

    @property
    def gate_threshold(self) -> float:
        """Probability above which a sentence of a statement is chosen for a reason."""

    @property
    def complaint_gate_threshold(self) -> float:
        """The same for a sentence of a complaint."""

    @property
    def selection(self) -> bool:
        """Whether sentences are chosen; without, every sentence feeds the predictor."""


class Chosen(NamedTuple):
    """What the heads make of a batch.

    Attributes:
        outcome_logits: Shape: (documents, outcomes)
        reason_logits: Shape: (documents, reasons)
        gate_logits: Gate 0 is the outcome's; very low for padding. Shape: (documents,
            sentences, 1 + reasons)
        gates: 1 where a sentence is chosen. Shape: (documents, sentences, 1 + reasons)
        contributions: What each chosen sentence adds to each logit; zero for others.
            Shape: (documents, sentences, outcomes + reasons)
    """

    outcome_logits: Tensor
    reason_logits: Tensor
    gate_logits: Tensor
    gates: Tensor
    contributions: Tensor


class Selector(nn.Module):
    """Chooses sentences for each label from vectors, sections, positions and what stands around.

    What a vector says by itself has weights of its own in each view: a letter and a statement give
    the same reason in other words.
    """

    def __init__(self, config: HeadSettings, hidden_size: int) -> None:
        super().__init__()
        size = config.selector_size
        labels = 1 + len(config.reasons)
        self.project = nn.Linear(hidden_size, size)
        self.section = nn.Embedding(len(SECTION_KINDS) + 1, size, padding_idx=0)
        self.view = nn.Embedding(len(VIEWS), size)
        self.position = nn.Linear(POSITION_FEATURES, size)
        self.neighbours = nn.Conv1d(size, size, kernel_size=3, padding=1)
        self.norm = nn.LayerNorm(3 * size)
        self.hidden = nn.Linear(3 * size, size)
        self.gate = nn.Linear(size, labels)
        self.direct = nn.ModuleList(nn.Linear(hidden_size, labels, bias=False) for _ in VIEWS)
        self.prior = nn.Parameter(torch.full((labels,), -4.0))
        self.drop = nn.Dropout(config.dropout)

    def forward(
        self, vectors: Tensor, section_ids: Tensor, positions: Tensor, view_ids: Tensor
    ) -> Tensor:
        """Return gate logits.

        Args:
            vectors: Shape: (documents, sentences, hidden)
            section_ids: 0 for padding, else 1 + section kind. Shape: (documents, sentences)
            positions: Shape: (documents, sentences, features)
            view_ids: Shape: (documents,)

        Returns:
            Shape: (documents, sentences, 1 + reasons)
        """
        vectors = self.drop(vectors)
        local = (
            self.project(vectors)
            + self.section(section_ids)
            + self.position(positions)
            + self.view(view_ids).unsqueeze(1)
        )
        present = (section_ids > 0).unsqueeze(-1)
        local = nn.functional.gelu(local) * present
        near = nn.functional.gelu(self.neighbours(local.transpose(1, 2))).transpose(1, 2)
        whole = local.sum(dim=1, keepdim=True) / present.sum(dim=1, keepdim=True)
        mixed = self.norm(torch.cat([local, near, whole.expand_as(local)], dim=-1))
        mixed = nn.functional.gelu(self.hidden(mixed))
        direct = _of_view([own(vectors) for own in self.direct], view_ids)
        logits: Tensor = self.prior + self.gate(self.drop(mixed)) + direct
        return logits


class Predictor(nn.Module):
    """Scores one sentence vector for every label; one set of weights a view."""

    def __init__(self, config: HeadSettings, hidden_size: int) -> None:
        super().__init__()
        labels = len(config.outcomes) + len(config.reasons)
        self.drop = nn.Dropout(config.dropout)
        self.hidden = nn.Linear(hidden_size, config.predictor_size)
        self.score = nn.ModuleList(nn.Linear(config.predictor_size, labels) for _ in VIEWS)
        self.direct = nn.ModuleList(nn.Linear(hidden_size, labels, bias=False) for _ in VIEWS)
        self.bias = nn.Parameter(torch.zeros(len(VIEWS), labels))

    def forward(self, vectors: Tensor, view_ids: Tensor) -> Tensor:
        """Return what each sentence would add to each logit if chosen.

        Args:
            vectors: Shape: (documents, sentences, hidden)
            view_ids: Shape: (documents,)

        Returns:
            Shape: (documents, sentences, outcomes + reasons)
        """
        vectors = self.drop(vectors)
        hidden = nn.functional.gelu(self.hidden(vectors))
        each_view = [
            score(hidden) + direct(vectors)
            for score, direct in zip(self.score, self.direct, strict=True)
        ]
        return _of_view(each_view, view_ids)


def _of_view(each_view: Sequence[Tensor], view_ids: Tensor) -> Tensor:
    """Return of each document what its view has made. Shape: views of (documents, ...)."""
    return torch.stack(list(each_view))[
        view_ids, torch.arange(len(view_ids), device=view_ids.device)
    ]


class Heads(nn.Module):
    """Selector and predictor of a trained model, to predict with."""

    def __init__(self, config: HeadSettings, selector: Selector, predictor: Predictor) -> None:
        super().__init__()
        self.config = config
        self.selector = selector
        self.predictor = predictor
        self.eval()

    @classmethod
    def empty(cls, config: HeadSettings, hidden_size: int) -> Heads:
        """Return heads whose weights are still to be loaded."""
        return cls(config, Selector(config, hidden_size), Predictor(config, hidden_size))

    def forward(
        self,
        sentence_vectors: Tensor,
        sentence_index: Tensor,
        section_ids: Tensor,
        positions: Tensor,
        view_ids: Tensor,
    ) -> Chosen:
        """Choose sentences and score every label by the chosen ones alone.

        Args:
            sentence_vectors: Shape: (unique, hidden)
            sentence_index: Row of each sentence among the unique ones. Shape: (documents,
                sentences)
            section_ids: 0 for padding, else 1 + section kind. Shape: (documents, sentences)
            positions: Where each sentence stands. Shape: (documents, sentences, features)
            view_ids: Index of the view. Shape: (documents,)
        """
        vectors = sentence_vectors[sentence_index]
        present = section_ids > 0
        gate_logits = self.selector(vectors, section_ids, positions, view_ids)
        gate_logits = gate_logits.masked_fill(~present.unsqueeze(-1), -30.0)
        gates = hard_gates(self.config, gate_logits, present, view_ids)
        outcomes = len(self.config.outcomes)
        scores = self.predictor(vectors, view_ids)
        logits, contributions = add_up(
            scores, gates, self.predictor.bias[view_ids], outcomes, training=False
        )
        return Chosen(logits[:, :outcomes], logits[:, outcomes:], gate_logits, gates, contributions)


def gate_thresholds(config: HeadSettings, gate_logits: Tensor, view_ids: Tensor) -> Tensor:
    """Return the gate logit from which a sentence is chosen.

    At most `max_passages` sentences of a label reach it; of the outcome's one always does. In a
    model without selection all do.

    Args:
        config: Thresholds and most passages.
        gate_logits: Shape: (documents, sentences, 1 + reasons)
        view_ids: Index of the view. Shape: (documents,)

    Returns:
        Shape: (documents, 1, 1 + reasons)
    """
    if not config.selection:
        return torch.full_like(gate_logits[:, :1], -math.inf)
    # Logits are compared, not probabilities: those of sure gates are equal in float32.
    cuts = torch.logit(gate_logits.new_tensor(_thresholds(config)))[view_ids]
    most = min(config.max_passages, gate_logits.shape[1])
    kept = gate_logits.topk(most, dim=1).values[:, -1:, :]
    threshold = torch.maximum(kept, cuts[:, None, None])
    best = gate_logits[..., :1].amax(dim=1, keepdim=True)
    return torch.cat([torch.minimum(threshold[..., :1], best), threshold[..., 1:]], dim=-1)


def _thresholds(config: HeadSettings) -> list[float]:
    of_view: dict[View, float] = {
        "statement": config.gate_threshold,
        "complaint": config.complaint_gate_threshold,
    }
    return [of_view[view] for view in VIEWS]


def hard_gates(
    config: HeadSettings, gate_logits: Tensor, present: Tensor, view_ids: Tensor
) -> Tensor:
    """Return hard gates, at most `max_passages` a label; the outcome always has one passage.

    Args:
        config: Thresholds and most passages.
        gate_logits: Very low for padding. Shape: (documents, sentences, 1 + reasons)
        present: Which sentences there are. Shape: (documents, sentences)
        view_ids: Index of the view. Shape: (documents,)
    """
    reached = gate_logits >= gate_thresholds(config, gate_logits, view_ids)
    return (reached & present.unsqueeze(-1)).to(gate_logits.dtype)


def add_up(
    scores: Tensor, gates: Tensor, bias: Tensor, outcomes: int, *, training: bool
) -> tuple[Tensor, Tensor]:
    """Return the logits and what each chosen sentence adds to them.

    Args:
        scores: What each sentence would add. Shape: (documents, sentences, outcomes + reasons)
        gates: Shape: (documents, sentences, 1 + reasons)
        bias: Shape: (documents, outcomes + reasons)
        outcomes: How many outcomes there are.
        training: Let shut gates pass the labels' gradient on to the selector.
    """
    wide = torch.cat([gates[..., :1].expand(-1, -1, outcomes), gates[..., 1:]], dim=-1)
    if not training:
        # Where a gate is shut the contribution is zero whatever the vector holds.
        scores = torch.where(wide > 0, scores, torch.zeros_like(scores))
    contributions = scores * wide
    return bias + contributions.sum(dim=1), contributions
