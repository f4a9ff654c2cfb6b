"""The stages of a training: heads, then encoder with heads, then heads again."""

from __future__ import annotations

from dataclasses import dataclass

from ombud_training.recipe import Recipe

__all__ = ["Stage", "StageReport", "stages_of"]


@dataclass(frozen=True, slots=True)
class Stage:
    """What differs between the stages of a training.

    Attributes:
        number: From 1.
        name: What it is called.
        frozen: Whether the encoder stands still.
        epochs: Passes over the examples.
        batch_size: Readings a step, over all processes.
        learning_rate: Highest rate of selector and predictor.
        encoder_learning_rate: Highest rate of the encoder.
        sentence_dropout: Probability of leaving out a sentence that nobody marked.
    """

    number: int
    name: str
    frozen: bool
    epochs: int
    batch_size: int
    learning_rate: float
    encoder_learning_rate: float
    sentence_dropout: float


@dataclass(frozen=True, slots=True)
class StageReport:
    """How a stage went, or what was left of it after a resume.

    Attributes:
        name: What the stage is called.
        steps: Steps done here.
        seconds: Wall time of them.
        tokens: Tokens that the encoder read in them, padding left out; 0 where vectors were kept.
        micro_batch: Readings a process had in memory at once, in the end.
    """

    name: str
    steps: int
    seconds: float
    tokens: int
    micro_batch: int


def stages_of(recipe: Recipe) -> list[Stage]:
    """Return the stages of a training in order."""

    def heads(number: int, name: str, epochs: int) -> Stage:
        return Stage(number, name, True, epochs, recipe.batch_size, recipe.learning_rate, 0.0, 0.0)

    # Heads first, on vectors of the encoder as published, which are computed once: fine-tuning
    # from random heads would spoil the encoder (Kumar et al. 2022) and take far longer.
    stages = [heads(1, "heads", recipe.epochs)]
    if not recipe.freeze_encoder:
        encoder = Stage(
            2,
            "encoder",
            False,
            recipe.encoder_epochs,
            recipe.encoder_batch_size,
            # Heads that are trained already move more gently beside the encoder.
            recipe.learning_rate / 4,
            recipe.encoder_learning_rate,
            recipe.sentence_dropout,
        )
        # Heads again, on whole readings: beside the encoder they saw part of each only.
        stages += [encoder, heads(3, "finish", recipe.finish_epochs)]
    return stages
