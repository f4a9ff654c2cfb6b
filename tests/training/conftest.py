"""Trainings so small that they take a second."""

from __future__ import annotations

import pytest

from gold import gold_cases
from ombud.model import EncoderSource
from ombud_training.device import Device
from ombud_training.fit import Fitted, fit
from ombud_training.recipe import Recipe

CPU = Device("cpu", bf16=False, reason="CPU, in tests")


@pytest.fixture(scope="session")
def recipe(tiny_encoder: EncoderSource) -> Recipe:
    """A recipe that learns one batch by heart on the tiny encoder."""
    return Recipe(
        "tiny",
        encoder=tiny_encoder.location,
        epochs=60,
        batch_size=12,
        learning_rate=0.02,
        dropout=0.0,
        section_dropout=0.0,
        stray_gates=0.0,
        selector_size=16,
        predictor_size=8,
        max_tokens=32,
    )


@pytest.fixture(scope="session")
def fitted(recipe: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Fitted:
    """A model that has learnt twelve readings."""
    return fit(gold_cases(6), recipe, CPU, tmp_path_factory.mktemp("fit"))
