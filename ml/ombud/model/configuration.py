"""Configuration of the model, kept as `config.json` beside its weights."""

from __future__ import annotations

from typing import Any

from transformers import PretrainedConfig

from ombud.taxonomy import OUTCOMES, REASONS

__all__ = ["OmbudConfig"]


class OmbudConfig(PretrainedConfig):
    """Sizes and labels of an `OmbudModel`.

    Args:
        encoder: Configuration of the encoder as a dictionary with `model_type`.
        outcomes: Outcome labels, in the order of the outcome logits.
        reasons: Reason labels, in the order of the reason logits.
        selector_size: Width of the selector's hidden layers.
        predictor_size: Width of the predictor's hidden layer.
        dropout: Probability of dropping a unit in selector and predictor.
        max_passages: Most sentences that one label may choose.
        max_tokens: Longest sentence the encoder reads, in its own tokens.
        gate_threshold: Probability above which a sentence of a statement is chosen for a reason.
        complaint_gate_threshold: The same for a sentence of a complaint; None for no other.
        selection: Choose sentences; without, every sentence feeds the predictor.
        task_gradient: Share of the labels' gradient that reaches the selector.
        stray_gates: Probability of opening a gate at random in training.
        gate_dropout: Probability of shutting a gate of the outcome in training.
        outcome_weight: Weight of the outcome in the loss.
        reason_weight: Weight of the reasons in the loss.
        rationale_weight: Weight of the supervision by marked spans in the loss.
        sparsity_weight: Weight of the sparsity budget in the loss.
        sparsity_budget: Expected sentences a label above which the budget costs.
        gate_positive_weight: How much more a marked sentence counts than another.
    """

    model_type = "ombud"

    def __init__(
        self,
        encoder: dict[str, Any] | None = None,
        outcomes: list[str] | None = None,
        reasons: list[str] | None = None,
        selector_size: int = 128,
        predictor_size: int = 128,
        dropout: float = 0.2,
        max_passages: int = 8,
        max_tokens: int = 128,
        gate_threshold: float = 0.5,
        complaint_gate_threshold: float | None = None,
        selection: bool = True,
        task_gradient: float = 0.05,
        stray_gates: float = 0.03,
        gate_dropout: float = 0.5,
        outcome_weight: float = 3.0,
        reason_weight: float = 1.0,
        rationale_weight: float = 1.0,
        sparsity_weight: float = 0.01,
        sparsity_budget: float = 3.0,
        gate_positive_weight: float = 3.0,
        **kwargs: Any,
    ) -> None:
        self.encoder = encoder or {}
        self.outcomes = outcomes or [outcome.label for outcome in OUTCOMES]
        self.reasons = reasons or [reason.label for reason in REASONS]
        self.selector_size = selector_size
        self.predictor_size = predictor_size
        self.dropout = dropout
        self.max_passages = max_passages
        self.max_tokens = max_tokens
        self.gate_threshold = gate_threshold
        self.complaint_gate_threshold = (
            gate_threshold if complaint_gate_threshold is None else complaint_gate_threshold
        )
        self.selection = selection
        self.task_gradient = task_gradient
        self.stray_gates = stray_gates
        self.gate_dropout = gate_dropout
        self.outcome_weight = outcome_weight
        self.reason_weight = reason_weight
        self.rationale_weight = rationale_weight
        self.sparsity_weight = sparsity_weight
        self.sparsity_budget = sparsity_budget
        self.gate_positive_weight = gate_positive_weight
        super().__init__(**kwargs)
