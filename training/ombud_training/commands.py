"""The subcommands that training adds to `ombud`: `train`, `evaluate`, `learning-curve`."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ombud_training.checks import check_out, check_split
from ombud_training.curve_command import learning_curve

if TYPE_CHECKING:
    from ombud.corpus import GoldCase, Split, Wording
    from ombud_training.device import Device
    from ombud_training.evaluate import Evaluation
    from ombud_training.recipe import Recipe

__all__ = ["register"]

# Commands import what they run inside, so that `ombud --help` need not wait for torch.
_Dataset = Annotated[Path, typer.Argument(help="Dataset made by 'ombud corpus build'.")]
_SplitOption = Annotated[
    Path, typer.Option("--split", help="Split file made by 'ombud corpus split'.")
]
_RecipeOption = Annotated[Path, typer.Option("--recipe", help="Recipe to train by (TOML).")]
_WordingsOption = Annotated[
    Path | None,
    typer.Option("--wordings", help="Folder of single sentences to learn from too (.jsonl)."),
]
_DeviceOption = Annotated[
    Literal["auto", "cpu", "cuda"], typer.Option("--device", help="Where to train.")
]


def register(app: typer.Typer) -> None:
    """Add `train`, `evaluate` and `learning-curve` to `app`."""
    app.command("train")(_train)
    app.command("evaluate")(_evaluate)
    app.command("learning-curve")(learning_curve)


def _train(
    dataset: _Dataset,
    recipe: _RecipeOption,
    split: Annotated[
        Path | None, typer.Option("--split", help="Split file made by 'ombud corpus split'.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder of the bundle to write.")] = Path(
        "models/current"
    ),
    name: Annotated[str, typer.Option(help="Name of the model.")] = "ombud",
    version: Annotated[str, typer.Option(help="Version of the model.")] = "0.1.0",
    wordings: _WordingsOption = None,
    device: _DeviceOption = "auto",
    tracking_uri: Annotated[
        str, typer.Option(envvar="MLFLOW_TRACKING_URI", help="MLflow store to log to.")
    ] = "sqlite:///mlflow.db",
    folds: Annotated[
        int, typer.Option(min=0, help="Cross-validate by so many folds and write no bundle.")
    ] = 0,
) -> None:
    """Train a model, evaluate it against the floors, log the run, and write its bundle."""
    from ombud.corpus import read_dataset, read_split, read_wordings
    from ombud.errors import UsageError
    from ombud_training.device import choose_device
    from ombud_training.recipe import read_recipe

    settings = read_recipe(recipe)
    rows = read_dataset(dataset)
    sentences = tuple(read_wordings(wordings)) if wordings else ()
    chosen = choose_device(device)
    typer.echo(f"training on {chosen.reason}", err=True)
    materials = _Materials(rows, sentences, settings, chosen)
    if folds:
        _cross_validate(materials, folds, tracking_uri)
        return
    if split is None:
        message = (
            "expected --split FILE or --folds N, found neither; make one with 'ombud corpus split'"
        )
        raise UsageError(message)
    parts = read_split(split)
    check_split(rows, parts, dataset, split)
    check_out(out)
    _train_by_split(materials, parts, out, name, version, tracking_uri)


@dataclass(frozen=True, slots=True)
class _Materials:
    """What a training is made of."""

    rows: Sequence[GoldCase]
    wordings: Sequence[Wording]
    recipe: Recipe
    device: Device


def _train_by_split(
    materials: _Materials,
    split: Split,
    out: Path,
    name: str,
    version: str,
    tracking_uri: str,
) -> None:
    from ombud.bundle import write_bundle
    from ombud.drift import share_metrics
    from ombud_training.card import model_card
    from ombud_training.experiment import run_experiment
    from ombud_training.progress import ProgressCallback
    from ombud_training.tracking import tracked

    recipe = materials.recipe
    with tracked(tracking_uri, f"{name} {recipe.name}") as run:
        origin = _origin(materials, split)
        run.log_config(recipe, origin)
        experiment = run_experiment(
            materials.rows,
            split,
            recipe,
            materials.device,
            wordings=materials.wordings,
            callbacks=lambda title: [ProgressCallback(title)],
        )
        run.log_losses(experiment.fitted.losses)
        run.log_numbers({"training_seconds": experiment.seconds})
        run.log_evaluations(experiment.evaluations)
        trained_on = split.part("train", materials.rows)
        write_bundle(
            out,
            experiment.fitted.model,
            experiment.fitted.tokenizer,
            experiment.calibration,
            model_card(name, recipe, split, experiment, origin),
            name=name,
            version=version,
            run_id=run.id,
            commit=origin["commit"],
            data_digest=origin["data_digest"],
            split_digest=origin["split_digest"],
            encoder=recipe.encoder,
            created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            metrics={
                **{k: v for e in experiment.evaluations for k, v in e.metrics().items()},
                **share_metrics(row.outcome for row in trained_on),
            },
        )
        run.log_bundle(out)
        _print(experiment.evaluations)
        typer.echo(f"bundle {out}, MLflow run {run.id} in {tracking_uri}")


def _cross_validate(materials: _Materials, count: int, tracking_uri: str) -> None:
    from ombud_training.experiment import cross_validate
    from ombud_training.progress import ProgressCallback
    from ombud_training.tracking import tracked

    recipe = materials.recipe
    with tracked(tracking_uri, f"{recipe.name} {count}-fold") as run:
        run.log_config(recipe, _origin(materials, None))
        evaluations = cross_validate(
            materials.rows,
            recipe,
            materials.device,
            count,
            wordings=materials.wordings,
            callbacks=lambda title: [ProgressCallback(title)],
        )
        run.log_evaluations(evaluations)
        _print(evaluations)


def _evaluate(
    bundle: Annotated[Path, typer.Argument(help="Folder of the bundle.")],
    dataset: _Dataset,
    split: _SplitOption,
    part: Annotated[
        str, typer.Option(help="Part to score: test, test_1 to test_3, or validation.")
    ] = "test",
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="Form of the figures.")
    ] = "text",
) -> None:
    """Score a bundle and the floors on one part of a split."""
    from ombud.corpus import read_dataset, read_split
    from ombud.errors import UsageError
    from ombud.model import resolve_encoder
    from ombud.predictor import load
    from ombud.vectors import SentenceVectors
    from ombud.views import VIEWS
    from ombud_training.experiment import evaluate_part

    rows = read_dataset(dataset)
    parts = read_split(split)
    check_split(rows, parts, dataset, split)
    cases = parts.part(part, rows)
    if not cases or part == "train":
        message = f"expected a part of documents not trained on, found {part!r}; see --help"
        raise UsageError(message)
    predictor = load(bundle)
    trained_on = predictor.bundle.manifest.split_digest
    if trained_on != parts.digest:
        message = (
            f"{bundle}: expected a bundle trained by the split {parts.digest[:16]}, found one "
            f"trained by {trained_on[:16] or 'no split'}; it may have seen what it would be "
            "scored on, use its own split file"
        )
        raise UsageError(message)
    vectors = SentenceVectors.pretrained(
        resolve_encoder(), predictor.bundle.model.config.max_tokens, "cpu"
    )
    evaluations = [
        evaluate_part(predictor, parts.part("train", rows), cases, view, vectors=vectors)
        for view in VIEWS
    ]
    if form == "json":
        typer.echo(json.dumps([evaluation.to_json() for evaluation in evaluations]))
    else:
        _print(evaluations)


def _print(evaluations: Sequence[Evaluation]) -> None:
    from rich.console import Console

    from ombud_training.report import tables

    console = Console(width=190) if not Console().is_terminal else Console()
    for table in tables(evaluations):
        console.print(table)


def _origin(materials: _Materials, split: Split | None) -> dict[str, str]:
    from ombud.corpus import digest, wordings_digest

    recipe, device = materials.recipe, materials.device
    return {
        "commit": _commit(),
        "data_digest": digest(materials.rows),
        "split_digest": split.digest if split else "",
        "documents": str(len(materials.rows)),
        "wordings": str(len(materials.wordings)),
        "wordings_digest": wordings_digest(materials.wordings),
        "device": device.name,
        "device_reason": device.reason,
        "bf16": str(device.bf16 and not recipe.freeze_encoder),
    }


def _commit() -> str:
    """Return the commit of the working folder, with `+changes` where it is not clean."""
    try:
        head = subprocess.run(
            ["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True
        ).stdout.strip()
        changes = subprocess.run(
            ["git", "status", "--porcelain", "--untracked-files=no"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{head}+changes" if changes else head
