"""Fitting a model: examples in, a trained model out, stage by stage."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors.torch import load_model
from transformers import PreTrainedTokenizerBase, TrainerCallback, set_seed

from ombud.corpus import GoldCase, Wording
from ombud.errors import InputError, UsageError
from ombud.model import OmbudModel, resolve_encoder
from ombud.vectors import SentenceVectors
from ombud.views import VIEWS, View
from ombud_training import processes
from ombud_training.checkpoints import Checkpoint, Checkpoints
from ombud_training.checks import check_labels
from ombud_training.device import Device
from ombud_training.examples import Example, make_examples
from ombud_training.fallback import or_on_cpu
from ombud_training.recipe import Recipe
from ombud_training.runner import StageRunner
from ombud_training.stages import StageReport
from ombud_training.starting import start_from_seeds
from ombud_training.stopping import Validation
from ombud_training.wordings import short_statements, wording_examples

__all__ = ["Fitted", "fit"]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A trained model.

    Attributes:
        model: On the CPU, ready to predict.
        tokenizer: The encoder's.
        losses: Steps of each stage in turn, and the mean loss of the epoch that ends there.
        vectors: Of the model's own encoder, in float32.
        device: Where it was trained, in the end.
        stages: How each stage went; one done before a resume is left out.
    """

    model: OmbudModel
    tokenizer: PreTrainedTokenizerBase
    losses: tuple[tuple[int, float], ...]
    vectors: SentenceVectors
    device: Device
    stages: tuple[StageReport, ...]


def fit(
    cases: Sequence[GoldCase],
    recipe: Recipe,
    device: Device,
    folder: Path,
    *,
    views: Sequence[View] = VIEWS,
    wordings: Sequence[Wording] = (),
    callbacks: Sequence[TrainerCallback] = (),
    vectors: SentenceVectors | None = None,
    validation: Sequence[GoldCase] = (),
    checkpoints: Checkpoints | None = None,
    earlier: Checkpoint | None = None,
) -> Fitted:
    """Train a model on `cases`.

    Under `torchrun` every process calls this with the same arguments and returns the same model.
    Where the GPU fails on the way, the CPU goes on from the last checkpoint of the stage, or from
    its beginning; before the first stage, it begins again.

    Args:
        cases: The training part.
        recipe: Every setting.
        device: Where to train, and in which precision.
        folder: For the trainer's own files.
        views: Views to train; one model serves all of them.
        wordings: Single sentences to learn from beside the cases.
        callbacks: Told of the progress.
        vectors: Of the encoder as published, to share between trainings.
        validation: What early stopping scores on, where the recipe asks for it.
        checkpoints: Where to keep checkpoints.
        earlier: A checkpoint of this training to go on from.

    Raises:
        EncoderError: If the encoder cannot be loaded.
        InputError: If there are no documents, only one outcome, no reasons, or nothing to
            validate on where the recipe stops early.
        TrainingError: If the loss is not finite, memory runs out for a single reading, or a GPU
            fails beside other processes.
        UsageError: If the checkpoint is one of another training.
    """
    check_labels(cases)
    if recipe.patience and not validation:
        message = (
            f"expected validation documents for patience = {recipe.patience}, found none; "
            "train by a split, or set patience to 0"
        )
        raise InputError(message)
    processes.join()
    chosen = device
    set_seed(recipe.seed)
    source = resolve_encoder(recipe.encoder)
    tokenizer = source.tokenizer()
    model = OmbudModel.from_encoder(source, **recipe.model_settings())
    read = short_statements if recipe.short_statements else wording_examples
    examples = make_examples(cases, views, recipe.spans) + read(wordings, recipe.seed)

    def begin(where: Device) -> SentenceVectors:
        own = vectors
        if own is None:
            own = SentenceVectors.pretrained(source, recipe.max_tokens, where.name)
        elif where != chosen:
            own.compute_like(SentenceVectors.pretrained(source, recipe.max_tokens, where.name))
        if recipe.seed_strength:
            start_from_seeds(model, own, recipe.seed_strength)
        return own

    pretrained, device = or_on_cpu(chosen, begin)
    training = _identity(recipe, examples, validation)
    if earlier is not None:
        _check_same(earlier, training)
        load_model(model, earlier.weights)
        if earlier.device["name"] == device.name:
            device = dataclasses.replace(device, bf16=bool(earlier.device["bf16"]))
    fitting = StageRunner(
        model,
        tokenizer,
        examples,
        recipe,
        device,
        folder,
        callbacks,
        Validation(validation, views, tokenizer) if recipe.patience else None,
        checkpoints,
        training,
    )
    losses, reports, device = fitting.run(pretrained, earlier)
    model.cpu().eval()  # type: ignore[no-untyped-call]
    own = SentenceVectors(model.encoder, tokenizer, recipe.max_tokens)
    kept = pretrained if recipe.freeze_encoder else own
    return Fitted(model, tokenizer, losses, kept, device, reports)


def _check_same(found: Checkpoint, training: dict[str, Any]) -> None:
    if found.training == training:
        return
    other = found.training
    differing = sorted(key for key in training if other.get(key) != training[key])
    told = ", ".join(f"{key} {other.get(key)!r} for {training[key]!r}" for key in differing)
    message = (
        f"{found.path}: expected a checkpoint of this training, found one of another ({told}); "
        "train as it did, remove it, or name another folder with --checkpoints"
    )
    raise UsageError(message)


def _identity(
    recipe: Recipe, examples: Sequence[Example], validation: Sequence[GoldCase]
) -> dict[str, Any]:
    """Return what tells a training from others: its settings, and digests of what it reads."""
    learnt = hashlib.sha256()
    for example in examples:
        learnt.update(f"{example.reading.view} {example.outcome}\n".encode())
        learnt.update(example.reading.document.text.encode("utf-8", "surrogatepass"))
        learnt.update(example.reasons.numpy().tobytes() + example.gates.numpy().tobytes())
    settings = dataclasses.asdict(recipe)
    del settings["name"]
    settings["examples"] = learnt.hexdigest()[:16]
    if recipe.patience:
        seen = " ".join(sorted(case.id for case in validation))
        settings["validation"] = hashlib.sha256(seen.encode()).hexdigest()[:16]
    return settings
