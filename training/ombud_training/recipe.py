"""Recipes: every setting of a training, checked when it is read."""

from __future__ import annotations

import dataclasses
import importlib.resources
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ombud.errors import RecipeError
from ombud.model import DEFAULT_ENCODER

__all__ = ["SPANS", "Recipe", "find_recipe", "read_recipe"]

SPANS: Final = ("gold", "labelled", "none")
"""What may teach the selector where a reason is said."""

_SHIPPED: Final = ("full", "quick")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of one training.

    Attributes:
        name: How the recipe is called.
        encoder: `minilm`, a folder, or a Hugging Face name.
        freeze_encoder: Keep the encoder as it is and cache sentence vectors.
        epochs: Passes over the training part with the encoder frozen.
        encoder_epochs: Passes after that in which the encoder is trained too, unless frozen.
        finish_epochs: Passes after those with the encoder frozen again, unless it always is.
        batch_size: Readings a step while the encoder is frozen.
        encoder_batch_size: Readings a step while it is trained.
        learning_rate: Highest rate of selector and predictor.
        encoder_learning_rate: Highest rate of the encoder.
        weight_decay: Of all weights but biases and norms.
        warmup_share: Share of steps in which the rate rises.
        dropout: In selector and predictor.
        sentence_dropout: Probability of leaving out a sentence that nobody marked while the encoder
            is trained: most sentences tell the story, and each costs as much as one that counts.
        section_dropout: Probability of leaving a section out of a training reading.
        label_smoothing: Taken from the true outcome and spread over all.
        selection: Choose sentences; without, every sentence feeds the predictor.
        spans: What teaches the selector where a reason is said: `gold` marks; `labelled`, passages
            of the labelling functions for gold reasons too; `none`.
        task_gradient: Share of the labels' gradient that reaches the selector.
        stray_gates: Probability of opening a gate at random in training.
        gate_dropout: Probability of shutting a gate of the outcome in training.
        outcome_weight: Weight of the outcome in the loss.
        reason_weight: Weight of the reasons in the loss.
        rationale_weight: Weight of marked passages in the loss.
        sparsity_weight: Weight of the sparsity budget in the loss.
        sparsity_budget: Expected sentences a label above which the budget costs.
        gate_positive_weight: How much more a marked sentence counts than another.
        seed_strength: How strongly a new model starts from the seed sentences; 0 for not at all.
        short_statements: Read wordings as short statements that end in an outcome, in place of
            readings of eight mixed ones without any.
        max_passages: Most sentences that one label may choose.
        gate_threshold: Probability above which a sentence of a statement is chosen for a reason.
        complaint_gate_threshold: The same for a sentence of a complaint.
        selector_size: Width of the selector.
        predictor_size: Width of the predictor.
        max_tokens: Longest sentence the encoder reads, in tokens.
        patience: Scores on validation in a row, none better than the best, after which a stage
            ends early; each stage keeps its best weights. 0 for neither.
        evaluate_every: Epochs from one such score to the next.
        seed: The one seed of everything random.
    """

    name: str
    encoder: str = DEFAULT_ENCODER
    freeze_encoder: bool = True
    epochs: int = 40
    encoder_epochs: int = 3
    finish_epochs: int = 15
    batch_size: int = 16
    encoder_batch_size: int = 8
    learning_rate: float = 1e-3
    encoder_learning_rate: float = 5e-5
    weight_decay: float = 0.01
    warmup_share: float = 0.1
    dropout: float = 0.2
    sentence_dropout: float = 0.5
    section_dropout: float = 0.15
    label_smoothing: float = 0.05
    selection: bool = True
    spans: str = "gold"
    task_gradient: float = 0.05
    stray_gates: float = 0.03
    gate_dropout: float = 0.5
    outcome_weight: float = 3.0
    reason_weight: float = 1.0
    rationale_weight: float = 1.0
    sparsity_weight: float = 0.01
    sparsity_budget: float = 3.0
    gate_positive_weight: float = 3.0
    seed_strength: float = 10.0
    short_statements: bool = False
    max_passages: int = 8
    gate_threshold: float = 0.5
    complaint_gate_threshold: float = 0.5
    selector_size: int = 128
    predictor_size: int = 128
    max_tokens: int = 128
    patience: int = 0
    evaluate_every: int = 1
    seed: int = 13

    def __post_init__(self) -> None:
        for name, low, high in (
            ("epochs", 1, 1000),
            ("encoder_epochs", 1, 1000),
            ("finish_epochs", 1, 1000),
            ("batch_size", 1, 1024),
            ("encoder_batch_size", 1, 1024),
            ("learning_rate", 0.0, 1.0),
            ("encoder_learning_rate", 0.0, 1.0),
            ("weight_decay", 0.0, 1.0),
            ("warmup_share", 0.0, 1.0),
            ("dropout", 0.0, 0.9),
            ("sentence_dropout", 0.0, 0.95),
            ("section_dropout", 0.0, 0.9),
            ("label_smoothing", 0.0, 0.9),
            ("task_gradient", 0.0, 1.0),
            ("stray_gates", 0.0, 1.0),
            ("gate_dropout", 0.0, 0.9),
            ("outcome_weight", 0.0, 1000.0),
            ("reason_weight", 0.0, 1000.0),
            ("rationale_weight", 0.0, 1000.0),
            ("sparsity_weight", 0.0, 1000.0),
            ("sparsity_budget", 0.0, 1000.0),
            ("gate_positive_weight", 0.01, 1000.0),
            ("seed_strength", 0.0, 100.0),
            ("max_passages", 1, 64),
            ("gate_threshold", 0.01, 0.99),
            ("complaint_gate_threshold", 0.01, 0.99),
            ("selector_size", 2, 4096),
            ("predictor_size", 1, 4096),
            ("max_tokens", 8, 512),
            ("patience", 0, 1000),
            ("evaluate_every", 1, 1000),
            ("seed", 0, 2**31 - 1),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                message = f"recipe: expected {name} between {low} and {high}, found {value}"
                raise RecipeError(message)
        if self.spans not in SPANS:
            message = f"recipe: expected spans out of {', '.join(SPANS)}, found {self.spans!r}"
            raise RecipeError(message)

    def model_settings(self) -> dict[str, Any]:
        """Return the settings that belong to the model's configuration."""
        return {
            name: getattr(self, name)
            for name in (
                "selector_size",
                "predictor_size",
                "dropout",
                "max_passages",
                "max_tokens",
                "gate_threshold",
                "complaint_gate_threshold",
                "selection",
                "task_gradient",
                "stray_gates",
                "gate_dropout",
                "outcome_weight",
                "reason_weight",
                "rationale_weight",
                "sparsity_weight",
                "sparsity_budget",
                "gate_positive_weight",
            )
        }


def find_recipe(named: str) -> Path:
    """Return the file of a recipe that is named, or given as a file.

    `full` and `quick` are `training/recipes/NAME.toml` in the working folder, as is any other
    name of a file there; where there is none, those that come with the package.

    Raises:
        RecipeError: If there is no recipe of that name.
    """
    if named.endswith(".toml") or "/" in named:
        return Path(named)
    folder = Path("training", "recipes")
    path = folder / f"{named}.toml"
    if path.is_file():
        return path
    shipped = importlib.resources.files("ombud_training") / "recipes" / f"{named}.toml"
    if isinstance(shipped, Path) and shipped.is_file():
        return shipped
    names = sorted({*_SHIPPED, *(found.stem for found in folder.glob("*.toml"))})
    message = (
        f"expected the recipe {', '.join(names)} or a TOML file, found {named!r}; name one of them"
    )
    raise RecipeError(message)


def read_recipe(path: Path) -> Recipe:
    """Read a recipe from a TOML file.

    Raises:
        RecipeError: If the file cannot be read, has an unknown key, or a value of a wrong type
            or range.
    """
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{path}: expected a recipe, found: {(error.strerror or str(error)).lower()}"
        raise RecipeError(message) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path}: expected a recipe in TOML, found: {error}"
        raise RecipeError(message) from error
    settings.setdefault("name", path.stem)
    fields = {f.name: f for f in dataclasses.fields(Recipe)}
    unknown = sorted(set(settings) - set(fields))
    if unknown:
        message = (
            f"{path}: expected the keys {', '.join(sorted(fields))}, found {', '.join(unknown)}"
        )
        raise RecipeError(message)
    for key, value in settings.items():
        wanted = str(fields[key].type)
        allowed: tuple[type, ...] = {
            "str": (str,),
            "bool": (bool,),
            "int": (int,),
            "float": (int, float),
        }[wanted]
        if not isinstance(value, allowed) or (wanted != "bool" and isinstance(value, bool)):
            message = (
                f"{path}: expected {key} to be a {wanted}, found {value!r} ({type(value).__name__})"
            )
            raise RecipeError(message)
    return Recipe(**settings)
