"""Material so small that a row takes a second or two."""

from __future__ import annotations

import dataclasses

import pytest

from gold import gold_cases
from ombud.corpus import Wording
from ombud.model import EncoderSource
from ombud.vectors import SentenceVectors
from ombud_training.ablation.contextual import ContextualSettings
from ombud_training.ablation.rows import Material
from ombud_training.device import Device
from ombud_training.recipe import Recipe

CPU = Device("cpu", bf16=False, reason="CPU, in tests")


@pytest.fixture(scope="session")
def material(recipe: Recipe, tiny_encoder: EncoderSource) -> Material:
    """Sixteen cases to learn from and six to answer."""
    cases = gold_cases(22)
    return Material(
        train=cases[:16],
        scored=cases[16:],
        recipe=dataclasses.replace(recipe, epochs=2, max_passages=2),
        wordings=(
            Wording("The tender of Mr A was refused.", "assessment", ("commercial_matter",)),
        ),
        device=CPU,
        vectors=SentenceVectors.pretrained(tiny_encoder, recipe.max_tokens, "cpu"),
        contextual=ContextualSettings(epochs=1, batch_size=4),
    )
