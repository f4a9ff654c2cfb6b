"""What a training starts from: seed sentences, and how much each outcome weighs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor

from ombud.model import OmbudModel, sentence_key
from ombud.taxonomy import OUTCOMES
from ombud.vectors import SentenceVectors
from ombud_training.examples import Example
from ombud_training.seeds import SEEDS

__all__ = ["outcome_weights", "start_from_seeds"]


@torch.no_grad()
def start_from_seeds(model: OmbudModel, vectors: SentenceVectors, strength: float) -> None:
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
    for direct in cast("list[torch.nn.Linear]", list(model.selector.direct)):
        direct.weight.data[1:] = weights
    for direct in cast("list[torch.nn.Linear]", list(model.predictor.direct)):
        direct.weight.data[outcomes:] = weights


def outcome_weights(examples: Sequence[Example]) -> Tensor:
    """Return the square root of the inverse frequency of each outcome, mean 1 over examples."""
    outcomes = [example.outcome for example in examples if example.outcome is not None]
    counts = Counter(outcomes)
    weights = torch.tensor([max(1, counts[i]) ** -0.5 for i in range(len(OUTCOMES))])
    return weights / weights[outcomes].mean()
