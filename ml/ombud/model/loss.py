"""The loss: outcome, reasons, marked passages and a sparsity budget, over one count of a batch."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ombud.model.configuration import OmbudConfig

__all__ = ["count_targets", "loss_of"]


def count_targets(
    outcome_targets: Tensor, gate_targets: Tensor, outcome_weights: Tensor | None
) -> Tensor:
    """Return what the parts of the loss are shared among.

    The counts of a batch that is read in pieces, or by several processes, are the sums of the
    pieces' own: with them the pieces' losses add up to that of the whole batch.

    Args:
        outcome_targets: Shape: (documents, outcomes)
        gate_targets: Shape: (documents, sentences, 1 + reasons)
        outcome_weights: Shape: (outcomes,)

    Returns:
        Weight of the outcomes, documents, marked gates. Shape: (3,)
    """
    weighted = outcome_targets if outcome_weights is None else outcome_targets * outcome_weights
    documents = weighted.new_tensor(float(outcome_targets.shape[0]))
    return torch.stack([weighted.sum(), documents, (gate_targets == 1).sum().to(weighted.dtype)])


def loss_of(
    config: OmbudConfig,
    outcome_logits: Tensor,
    reason_logits: Tensor,
    gate_logits: Tensor,
    outcome_targets: Tensor,
    reason_targets: Tensor,
    gate_targets: Tensor,
    outcome_weights: Tensor | None,
    present: Tensor,
    counts: Tensor | None,
) -> Tensor:
    """Return the loss of a batch, or a piece's share of it.

    Args:
        config: The weights of the parts.
        outcome_logits: Shape: (documents, outcomes)
        reason_logits: Shape: (documents, reasons)
        gate_logits: Shape: (documents, sentences, 1 + reasons)
        outcome_targets: Probabilities, all zero where there is none. Shape: (documents, outcomes)
        reason_targets: Probabilities, NaN where unknown. Shape: (documents, reasons)
        gate_targets: 1 for a marked sentence, NaN where unknown. Shape: (documents, sentences,
            1 + reasons)
        outcome_weights: Shape: (outcomes,)
        present: False for padding. Shape: (documents, sentences)
        counts: Of the whole batch, where this is a piece of it (see `count_targets`). Shape: (3,)

    Returns:
        Shape: ()
    """
    if counts is None:
        counts = count_targets(outcome_targets, gate_targets, outcome_weights)
    weight, documents, marks = counts[0].clamp(min=1e-6), counts[1], counts[2].clamp(min=1)
    weighted = outcome_targets if outcome_weights is None else outcome_targets * outcome_weights
    outcome_loss = -(weighted * outcome_logits.log_softmax(dim=-1)).sum() / weight
    reason_loss = _masked_bce(reason_logits, reason_targets, 1.0) / documents
    padded = ~present.unsqueeze(-1)
    # Marked sentences are one in two hundred: the sum is shared among them, not among all.
    rationale_loss = (
        _masked_bce(
            gate_logits,
            gate_targets.masked_fill(padded, float("nan")),
            config.gate_positive_weight,
        )
        / marks
    )
    expected = gate_logits.sigmoid().masked_fill(padded, 0.0).sum(dim=1)
    excess = (expected - config.sparsity_budget).clamp(min=0).sum()
    sparsity = excess / (documents * gate_logits.shape[-1])
    return (
        config.outcome_weight * outcome_loss
        + config.reason_weight * reason_loss
        + config.rationale_weight * rationale_loss
        + config.sparsity_weight * sparsity
    )


def _masked_bce(logits: Tensor, targets: Tensor, positive_weight: float) -> Tensor:
    """Return the summed binary cross-entropy over the targets that are known (not NaN)."""
    known = ~targets.isnan()
    if not bool(known.any()):
        return logits.sum() * 0.0
    return nn.functional.binary_cross_entropy_with_logits(
        logits[known],
        targets[known],
        pos_weight=torch.tensor(positive_weight, device=logits.device),
        reduction="sum",
    )
