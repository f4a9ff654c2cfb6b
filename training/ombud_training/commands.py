"""The subcommands that training adds to `ombud`: train, evaluate, measure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from ombud_training.checks import check_split
from ombud_training.curve_command import learning_curve
from ombud_training.speed_command import bench_train, gpu_check
from ombud_training.train_command import print_evaluations, train

__all__ = ["register"]

# Commands import what they run inside, so that `ombud --help` need not wait for torch.
_Dataset = Annotated[Path, typer.Argument(help="Dataset made by 'ombud corpus build'.")]
_SplitOption = Annotated[
    Path, typer.Option("--split", help="Split file made by 'ombud corpus split'.")
]


def register(app: typer.Typer) -> None:
    """Add the commands that train, evaluate and measure to `app`."""
    app.command("train")(train)
    app.command("evaluate")(_evaluate)
    app.command("learning-curve")(learning_curve)
    app.command("bench-train")(bench_train)
    app.command("gpu-check")(gpu_check)


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
        print_evaluations(evaluations)
