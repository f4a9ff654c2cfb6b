"""`ombud bench`; in it `eraser`: the table of the ERASER benchmark's movie reviews."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from ombud.commands.bench import bench_group
from ombud_training.ablation_command import ablation
from ombud_training.checks import check_out
from ombud_training.speed_command import bench_train

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ombud_training.device import Device
    from ombud_training.eraser.bench import EraserResult
    from ombud_training.eraser.fitting import EraserFitted, EraserSettings
    from ombud_training.eraser.passages import Passages

__all__ = ["add_benchmarks"]

_TRAIN: Final = "train"
_VALIDATION: Final = "val"


def add_benchmarks(app: typer.Typer) -> None:
    """Add `ablation`, `eraser` and `train` to the group `ombud bench` of `app`."""
    bench = bench_group(app)
    bench.command("ablation")(ablation)
    bench.command("eraser")(eraser)
    bench.command("train")(bench_train)


def eraser(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", help="Folder with train.jsonl, val.jsonl and docs.zip or docs/."
        ),
    ],
    split: Annotated[str, typer.Option(help="The .jsonl to report on.")] = _VALIDATION,
    budget: Annotated[
        float, typer.Option(help="Most of a review's tokens that are chosen, 0.01 to 1.")
    ] = 0.2,
    out: Annotated[Path, typer.Option(help="Write the figures here (JSON).")] = Path(
        "build/eraser.json"
    ),
    model: Annotated[
        Path | None,
        typer.Option(
            help="Keep the trained model in this folder, and take it up where it was trained on "
            "the same reviews with the same settings."
        ),
    ] = None,
    predictions: Annotated[
        Path | None, typer.Option(help="Write predictions here, in ERASER's form (JSON lines).")
    ] = None,
    encoder: Annotated[
        str, typer.Option(help="'minilm', a folder, or a Hugging Face name.")
    ] = "minilm",
    frozen: Annotated[bool, typer.Option("--frozen", help="Keep the encoder as it is.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Of everything random.")] = 13,
    device: Annotated[
        Literal["auto", "cpu", "cuda"], typer.Option(help="Where to train.")
    ] = "auto",
) -> None:
    """Train on reviews, choose on validation, and print rationale and accuracy figures."""
    from ombud_training.device import choose_device
    from ombud_training.eraser.bench import score
    from ombud_training.eraser.fitting import EraserSettings
    from ombud_training.eraser.predicting import read_evidence

    _check(split, budget)
    reviews = {part: _read(folder, part) for part in dict.fromkeys((_TRAIN, _VALIDATION, split))}
    labels = _labels(folder, reviews)
    for path in (out, predictions, model):
        if path is not None:
            check_out(path)
    settings = EraserSettings(encoder=encoder, seed=seed)
    if frozen:
        settings = settings.with_frozen_encoder()
    chosen = choose_device(device)
    fitted = _fitted(reviews[_TRAIN], labels, settings, chosen, model)
    validation = read_evidence(fitted, reviews[_VALIDATION])
    result = score(fitted, validation, reviews[split], split, budget)
    _write(result, out, predictions)
    _print(result)
    typer.echo(f"figures in {out}")


def _check(split: str, budget: float) -> None:
    from ombud.errors import UsageError

    least = 0.01
    if not least <= budget <= 1:
        message = f"expected --budget from 0.01 to 1, found {budget:g}; give a share of the tokens"
        raise UsageError(message)
    if split == _TRAIN:
        message = "expected a part that is not trained on, found --split train; name another"
        raise UsageError(message)


def _read(folder: Path, part: str) -> list[Passages]:
    from ombud_training.eraser.passages import split_review
    from ombud_training.eraser.reviews import read_reviews

    return [split_review(review) for review in read_reviews(folder, part)]


def _labels(folder: Path, reviews: dict[str, list[Passages]]) -> list[str]:
    from ombud.errors import InputError

    labels = sorted({one.review.label for one in reviews[_TRAIN]})
    least = 2
    if len(labels) < least:
        message = (
            f"{folder}: expected reviews of two classes or more in train.jsonl, found only "
            f"{labels[0]}; add some of another"
        )
        raise InputError(message)
    for part, own in reviews.items():
        other = sorted({one.review.label for one in own} - set(labels))
        if other:
            message = (
                f"{folder}: expected the classes {', '.join(labels)} of train.jsonl in "
                f"{part}.jsonl, found {', '.join(other)}; correct one of the files"
            )
            raise InputError(message)
    return labels


def _fitted(
    reviews: Sequence[Passages],
    labels: Sequence[str],
    settings: EraserSettings,
    device: Device,
    kept: Path | None,
) -> EraserFitted:
    from ombud_training.eraser.fitting import fit_reviews
    from ombud_training.eraser.kept import digest, keep, take_up
    from ombud_training.fallback import or_on_cpu
    from ombud_training.progress import ProgressCallback

    trained_on = digest(reviews, settings)
    if kept is not None:
        found = take_up(kept, settings, trained_on, bf16=device.bf16)
        if found is not None:
            typer.echo(f"model {kept}, trained before on the same reviews", err=True)
            return found
    typer.echo(f"training on {device.reason}", err=True)
    with tempfile.TemporaryDirectory() as folder:
        fitted, _ = or_on_cpu(
            device,
            lambda where: fit_reviews(
                reviews,
                labels,
                settings,
                where,
                Path(folder),
                callbacks=lambda title: [ProgressCallback(title)],
            ),
        )
    if kept is not None:
        keep(kept, fitted, trained_on)
    return fitted


def _write(result: EraserResult, out: Path, predictions: Path | None) -> None:
    import json

    from ombud.commands.corpus_report import write_text
    from ombud.metrics import prediction_to_json

    write_text(out, json.dumps(result.to_json(), indent=2) + "\n")
    if predictions is not None:
        lines = [json.dumps(prediction_to_json(one)) + "\n" for one in result.predictions]
        write_text(predictions, "".join(lines))


def _print(result: EraserResult) -> None:
    from rich.console import Console

    from ombud_training.eraser.tables import tables

    console = Console(width=120) if not Console().is_terminal else Console()
    for table in tables(result):
        console.print(table)
