"""The model: the prediction uses nothing but the sentences it shows.

A selector sees every sentence's vector, section and position and opens hard gates, one a
sentence and label. The predictor sees only the vectors of chosen sentences and adds up their
contributions, so that a passage's share of a score is exact. Rationales by selection: Lei,
Barzilay and Jaakkola 2016, section 3; straight-through gradients: Bengio, Leonard and
Courville 2013, section 4; supervision by marked spans: Zaidan, Eisner and Piatko 2007.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, PreTrainedModel
from transformers.utils.generic import ModelOutput as TransformersOutput

from ombud.model.configuration import OmbudConfig
from ombud.model.encoder import EncoderSource, SentenceEncoder
from ombud.model.heads import Predictor, Selector, add_up, hard_gates
from ombud.model.loss import loss_of
from ombud.views import VIEWS, View

__all__ = ["ModelOutput", "OmbudModel"]


@dataclass
class ModelOutput(TransformersOutput):
    """What the model returns for a batch.

    Attributes:
        loss: Mean loss, or a piece's share of it, where targets were given. Shape: ()
        outcome_logits: Shape: (documents, outcomes)
        reason_logits: Shape: (documents, reasons)
        gate_logits: Before the threshold; gate 0 is the outcome's. Shape: (documents,
            sentences, 1 + reasons)
        gates: 1 where a sentence is chosen. Shape: (documents, sentences, 1 + reasons)
        contributions: What each chosen sentence adds to each logit; zero for others.
            Shape: (documents, sentences, outcomes + reasons)
    """

    loss: Tensor | None = None
    outcome_logits: Tensor | None = None
    reason_logits: Tensor | None = None
    gate_logits: Tensor | None = None
    gates: Tensor | None = None
    contributions: Tensor | None = None


class OmbudModel(PreTrainedModel):
    """Sentence encoder, selector and predictor as one `PreTrainedModel`."""

    config_class = OmbudConfig
    base_model_prefix = "ombud"
    main_input_name = "sentence_index"

    config: OmbudConfig

    def __init__(self, config: OmbudConfig) -> None:
        super().__init__(config)
        settings = dict(config.encoder)
        encoder_config = AutoConfig.for_model(settings.pop("model_type"), **settings)
        self.encoder = SentenceEncoder(encoder_config)
        hidden_size = int(encoder_config.hidden_size)
        self.selector = Selector(config, hidden_size)
        self.predictor = Predictor(config, hidden_size)
        self.post_init()  # type: ignore[no-untyped-call]

    @classmethod
    def from_encoder(cls, source: EncoderSource, **settings: Any) -> OmbudModel:
        """Return a model with a pretrained encoder and new heads.

        Raises:
            EncoderError: If the encoder cannot be loaded.
        """
        encoder = source.config().to_dict()
        encoder.pop("architectures", None)
        encoder.pop("_name_or_path", None)
        model = cls(OmbudConfig(encoder=encoder, **settings))
        model.encoder.transformer.load_state_dict(source.model().state_dict())
        return model

    def _init_weights(self, module: nn.Module) -> None:
        # Heads only: the encoder's weights come from its own folder.
        if isinstance(module, nn.Linear | nn.Conv1d):
            nn.init.xavier_uniform_(module.weight, gain=0.7)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.05)
            if module.padding_idx is not None:
                nn.init.zeros_(module.weight[module.padding_idx])
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
            nn.init.zeros_(module.bias)

    def forward(
        self,
        sentence_index: Tensor,
        section_ids: Tensor,
        positions: Tensor,
        view_ids: Tensor,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        sentence_vectors: Tensor | None = None,
        gates: Tensor | None = None,
        outcome_targets: Tensor | None = None,
        reason_targets: Tensor | None = None,
        gate_targets: Tensor | None = None,
        outcome_weights: Tensor | None = None,
        loss_counts: Tensor | None = None,
    ) -> ModelOutput:
        """Choose sentences and score every label by the chosen ones alone.

        Args:
            sentence_index: Row of each sentence among the batch's unique sentences.
                Shape: (documents, sentences)
            section_ids: 0 for padding, else 1 + section kind. Shape: (documents, sentences)
            positions: Where each sentence stands. Shape: (documents, sentences, features)
            view_ids: Index of the view. Shape: (documents,)
            input_ids: Tokens of unique sentences, shortest first. Shape: (unique, tokens)
            attention_mask: Shape: (unique, tokens)
            sentence_vectors: Cached vectors in place of tokens. Shape: (unique, hidden)
            gates: Choices to use in place of the selector's. Shape: (documents, sentences,
                1 + reasons)
            outcome_targets: Probabilities of outcomes, all zero where there is none.
                Shape: (documents, outcomes)
            reason_targets: Probabilities of reasons, NaN where unknown. Shape: (documents,
                reasons)
            gate_targets: 1 for a marked sentence, NaN where unknown. Shape: (documents,
                sentences, 1 + reasons)
            outcome_weights: Weight of each outcome in the loss. Shape: (outcomes,)
            loss_counts: What the loss is shared among, where these documents are a piece of a
                larger batch. Shape: (3,)

        Raises:
            ValueError: If neither tokens nor vectors are given.
        """
        if sentence_vectors is None:
            if input_ids is None or attention_mask is None:
                message = "expected input_ids with attention_mask, or sentence_vectors"
                raise ValueError(message)
            sentence_vectors = self.encoder(input_ids, attention_mask)
        vectors = sentence_vectors[sentence_index]
        present = section_ids > 0
        gate_logits = self.selector(vectors, section_ids, positions, view_ids)
        gate_logits = gate_logits.masked_fill(~present.unsqueeze(-1), -30.0)
        if gates is None:
            gates = self._open(gate_logits, present, view_ids, gate_targets)
        outcomes = len(self.config.outcomes)
        scores = self.predictor(vectors, view_ids)
        bias = self.predictor.bias[view_ids]
        logits, contributions = add_up(scores, gates, bias, outcomes, training=self.training)
        outcome_logits, reason_logits = logits[:, :outcomes], logits[:, outcomes:]
        loss = None
        if outcome_targets is not None and reason_targets is not None and gate_targets is not None:
            loss = loss_of(
                self.config,
                outcome_logits,
                reason_logits,
                gate_logits,
                outcome_targets,
                reason_targets,
                gate_targets,
                outcome_weights,
                present,
                loss_counts,
            )
        return ModelOutput(
            loss=loss,
            outcome_logits=outcome_logits,
            reason_logits=reason_logits,
            gate_logits=gate_logits,
            gates=gates,
            contributions=contributions,
        )

    def nothing_chosen(self, view: View) -> Tensor:
        """Return the logits of a document of which no sentence is chosen.

        Shape: (outcomes + reasons,)
        """
        return self.predictor.bias[VIEWS.index(view)].detach()

    def _open(
        self,
        gate_logits: Tensor,
        present: Tensor,
        view_ids: Tensor,
        gate_targets: Tensor | None,
    ) -> Tensor:
        """Return hard gates with straight-through gradients, at most `max_passages` a label.

        The outcome always has one passage; a reason may have none. In training marked sentences
        are open from the first step, and a few others at random, so that the predictor learns
        what counts and what does not before the selector finds it. A model without selection
        opens every gate.
        """
        hard = hard_gates(self.config, gate_logits, present, view_ids)
        if not self.training or not self.config.selection:
            return hard
        if gate_targets is not None:
            stray = torch.rand_like(hard) < self.config.stray_gates
            hard = torch.where((gate_targets == 1) | (stray & present.unsqueeze(-1)), 1.0, hard)
            hard = self._drop_outcome_gates(hard)
        probabilities = gate_logits.sigmoid()
        # Marks teach the selector; the labels only where marks are silent would, and a little
        # everywhere: at full strength they teach it to smuggle the label through the gates.
        return hard + self.config.task_gradient * (probabilities - probabilities.detach())

    def _drop_outcome_gates(self, hard: Tensor) -> Tensor:
        """Return gates with some of the outcome's shut at random, so that any passage will do."""
        outcome = hard[..., :1]
        kept = outcome * (torch.rand_like(outcome) >= self.config.gate_dropout)
        kept = torch.where(kept.sum(dim=1, keepdim=True) > 0, kept, outcome)
        return torch.cat([kept, hard[..., 1:]], dim=-1)
