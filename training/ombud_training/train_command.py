"""`ombud train`: from a dataset and a recipe to a bundle and a tracked run."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ombud_training.checks import check_out, check_split, labels_unseen
from ombud_training.evaluate_command import print_evaluations

if TYPE_CHECKING:
    from ombud.corpus import GoldCase, Split, Wording
    from ombud_training.checkpoints import Checkpoint, Checkpoints
    from ombud_training.device import Device
    from ombud_training.evaluate import Evaluation
    from ombud_training.recipe import Recipe

__all__ = ["train"]

# Commands import what they run inside, so that `ombud --help` need not wait for torch.
_Dataset = Annotated[Path, typer.Argument(help="Dataset made by 'ombud corpus build'.")]
_RecipeOption = Annotated[
    str, typer.Option("--recipe", help="Recipe to train by: full, quick or a TOML file.")
]
_WordingsOption = Annotated[
    Path | None,
    typer.Option("--wordings", help="Folder of single sentences to learn from too (.jsonl)."),
]
_DeviceOption = Annotated[
    Literal["auto", "cpu", "cuda"], typer.Option("--device", help="Where to train.")
]


def train(
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
    encoder: Annotated[
        str | None,
        typer.Option(help="Encoder in place of the recipe's: a folder or a Hugging Face name."),
    ] = None,
    device: _DeviceOption = "auto",
    checkpoints: Annotated[
        Path | None,
        typer.Option(help="Folder of checkpoints; beside --out, and removed after, if not given."),
    ] = None,
    checkpoint_every: Annotated[
        float, typer.Option(min=0.0, help="Seconds from one checkpoint to the next.")
    ] = 120.0,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from the latest whole checkpoint, if any.")
    ] = False,
    tracking_uri: Annotated[
        str, typer.Option(envvar="MLFLOW_TRACKING_URI", help="MLflow store to log to.")
    ] = "sqlite:///mlflow.db",
    folds: Annotated[
        int, typer.Option(min=0, help="Cross-validate by so many folds and write no bundle.")
    ] = 0,
    folds_by: Annotated[
        Literal["group", "writer"],
        typer.Option(help="What no fold divides: near-duplicates, or all that one writer wrote."),
    ] = "group",
    seeds: Annotated[
        int, typer.Option(min=1, help="Train by so many seeds, score them together, keep none.")
    ] = 1,
) -> None:
    """Train a model, evaluate it against the floors, log the run, and write its bundle."""
    from ombud.corpus import read_dataset, read_split, read_wordings
    from ombud.errors import UsageError
    from ombud.model import resolve_encoder
    from ombud_training import processes
    from ombud_training.checkpoints import Checkpoints
    from ombud_training.device import choose_device
    from ombud_training.recipe import find_recipe, read_recipe
    from ombud_training.repeats import cross_validate, over_seeds

    settings = read_recipe(find_recipe(recipe))
    if encoder is not None:
        settings = dataclasses.replace(settings, encoder=encoder)
    resolve_encoder(settings.encoder).config()
    rows = read_dataset(dataset)
    sentences = tuple(read_wordings(wordings)) if wordings else ()
    if folds and seeds > 1:
        message = f"expected --folds or --seeds, found both ({folds}, {seeds}); leave one out"
        raise UsageError(message)
    if (folds or seeds > 1) and processes.count() > 1:
        option = "--folds" if folds else "--seeds"
        message = (
            f"expected one process for {option}, found {processes.count()}; start it without "
            "torchrun"
        )
        raise UsageError(message)
    processes.join()
    chosen = processes.agree(choose_device(device))
    _say(f"training on {chosen.reason}")
    materials = _Materials(rows, sentences, settings, chosen)
    if folds:
        evaluate = partial(cross_validate, rows, settings, chosen, folds, by=folds_by)
        _repeat(materials, None, f"{folds}-fold by {folds_by}", evaluate, tracking_uri)
        return
    if split is None:
        message = (
            "expected --split FILE or --folds N, found neither; make one with 'ombud corpus split'"
        )
        raise UsageError(message)
    parts = read_split(split)
    check_split(rows, parts, dataset, split)
    if seeds > 1:
        evaluate = partial(over_seeds, rows, parts, settings, chosen, seeds)
        _repeat(materials, parts, f"{seeds} seeds", evaluate, tracking_uri)
        return
    check_out(out)
    beside = out.parent / f"{out.name}.checkpoints"
    keeping = Checkpoints(checkpoints or beside, checkpoint_every)
    try:
        with keeping.held() if processes.is_first() else contextlib.nullcontext():
            earlier = _earlier(keeping, resume=resume)
            kept = (keeping, earlier)
            _train_by_split(materials, parts, kept, out, name, version, tracking_uri)
            if checkpoints is None and processes.is_first():
                keeping.remove()
    finally:
        processes.leave()


def _say(sentence: str) -> None:
    from ombud_training import processes

    if processes.is_first():
        typer.echo(sentence, err=True)


def _earlier(checkpoints: Checkpoints, *, resume: bool) -> Checkpoint | None:
    """Return the checkpoint to go on from, to every process the same."""
    from ombud_training import processes

    found = None
    if processes.is_first():
        if resume:
            found = checkpoints.latest()
            _say(
                f"going on from checkpoint {found.path}"
                if found
                else f"no checkpoint in {checkpoints.folder}: training from the beginning"
            )
        else:
            checkpoints.refuse_earlier()
    return processes.first_says(found)


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
    kept: tuple[Checkpoints, Checkpoint | None],
    out: Path,
    name: str,
    version: str,
    tracking_uri: str,
) -> None:
    from ombud.bundle import write_bundle
    from ombud.drift import share_metrics
    from ombud.encoding.parity_texts import ParityText
    from ombud_training import processes
    from ombud_training.card import model_card
    from ombud_training.experiment import fit_by_split, run_experiment
    from ombud_training.progress import ProgressCallback
    from ombud_training.tracking import tracked

    recipe = materials.recipe
    checkpoints, earlier = kept
    for sentence in labels_unseen(split.part("train", materials.rows), materials.wordings):
        _say(sentence)
    if not processes.is_first():
        fit_by_split(
            materials.rows,
            split,
            recipe,
            materials.device,
            wordings=materials.wordings,
            checkpoints=checkpoints,
            earlier=earlier,
        )
        return
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
            checkpoints=checkpoints,
            earlier=earlier,
        )
        origin |= _where(experiment.device, recipe)
        run.log_tags(origin)
        run.log_losses(experiment.fitted.losses)
        run.log_numbers(
            {
                "training_seconds": experiment.cost.seconds,
                "training_processor_seconds": experiment.cost.processor_seconds,
            }
        )
        for stage in experiment.fitted.stages:
            numbers = dataclasses.asdict(stage)
            del numbers["name"]
            run.log_numbers({f"stage.{stage.name}.{key}": n for key, n in numbers.items()})
        run.log_evaluations(experiment.evaluations)
        sure = {k: v for one in experiment.sureness for k, v in one.metrics().items()}
        run.log_numbers(sure)
        trained_on = split.part("train", materials.rows)
        write_bundle(
            out,
            experiment.fitted.model,
            experiment.fitted.tokenizer,
            experiment.calibration,
            model_card(name, recipe, split, experiment, origin),
            [
                ParityText(row.id, row.text, row.letter)
                for row in split.part("validation", materials.rows)
            ],
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
                **sure,
                **share_metrics(row.outcome for row in trained_on),
            },
        )
        run.log_bundle(out)
        print_evaluations(experiment.evaluations)
        typer.echo(f"bundle {out}, MLflow run {run.id} in {tracking_uri}")


def _repeat(
    materials: _Materials,
    split: Split | None,
    title: str,
    evaluate: Callable[..., tuple[Evaluation, ...]],
    tracking_uri: str,
) -> None:
    """Keep and print the figures of several trainings, which `evaluate` does."""
    from ombud_training.device import still
    from ombud_training.progress import ProgressCallback
    from ombud_training.tracking import tracked

    with tracked(tracking_uri, f"{materials.recipe.name} {title}") as run:
        run.log_config(materials.recipe, _origin(materials, split))
        evaluations = evaluate(
            wordings=materials.wordings, callbacks=lambda title: [ProgressCallback(title)]
        )
        device = materials.device
        now = still(device)
        if now != device:
            reason = f"{device.reason} at first, then {now.reason}"
            run.log_tags(_where(dataclasses.replace(now, reason=reason), materials.recipe))
        run.log_evaluations(evaluations)
        print_evaluations(evaluations)


def _origin(materials: _Materials, split: Split | None) -> dict[str, str]:
    from ombud.corpus import digest, wordings_digest

    return {
        "commit": _commit(),
        "data_digest": digest(materials.rows),
        "split_digest": split.digest if split else "",
        "documents": str(len(materials.rows)),
        "wordings": str(len(materials.wordings)),
        "wordings_digest": wordings_digest(materials.wordings),
        **_where(materials.device, materials.recipe),
    }


def _where(device: Device, recipe: Recipe) -> dict[str, str]:
    return {
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
