"""`ombud bench train` and `ombud gpu-check`: how fast training is, here and on a GPU."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from ombud_training.checks import check_out, check_split

if TYPE_CHECKING:
    from ombud.metrics import Interval
    from ombud_training.gpu import GpuCheck
    from ombud_training.speed import Speed

__all__ = ["bench_train", "gpu_check"]

_PARITY: Final = 0.99

_Dataset = Annotated[Path, typer.Argument(help="Dataset made by 'ombud corpus build'.")]
_Split = Annotated[Path, typer.Option(help="Split file made by 'ombud corpus split'.")]


def bench_train(
    dataset: _Dataset,
    split: _Split,
    recipe: Annotated[
        str, typer.Option(help="Recipe of ours: full, quick or a TOML file.")
    ] = "full",
    encoder: Annotated[str | None, typer.Option(help="Encoder in place of the recipe's.")] = None,
    documents: Annotated[
        int, typer.Option(min=1, help="Training documents, spread evenly over the part.")
    ] = 48,
    device: Annotated[Literal["auto", "cpu", "cuda"], typer.Option(help="Where to train.")] = "cpu",
    quality: Annotated[
        bool,
        typer.Option("--quality", help="Train both to the end too, and score them on validation."),
    ] = False,
    json_: Annotated[
        Path | None, typer.Option("--json", help="Write the figures here too, as JSON.")
    ] = None,
) -> None:
    """Train the encoder one epoch the ordinary way and ours: tokens a second of both."""
    from ombud.commands.corpus_report import write_text
    from ombud.corpus import read_dataset, read_split
    from ombud_training.device import choose_device
    from ombud_training.recipe import find_recipe, read_recipe
    from ombud_training.speed import compare_quality, compare_speed

    settings = read_recipe(find_recipe(recipe))
    if encoder is not None:
        settings = dataclasses.replace(settings, encoder=encoder)
    rows = read_dataset(dataset)
    parts = read_split(split)
    check_split(rows, parts, dataset, split)
    if json_ is not None:
        check_out(json_)
    train = parts.part("train", rows)
    step = max(1, len(train) // documents)
    sample = train[::step][:documents]
    chosen = choose_device(device)
    typer.echo(f"training on {chosen.reason}", err=True)
    plain, ours = compare_speed(sample, settings, chosen)
    scores = (
        compare_quality(train, parts.part("validation", rows), settings, chosen)
        if quality
        else None
    )
    _print_speeds(plain, ours, scores, of=len(train))
    if json_ is not None:
        content = {
            "device": chosen.reason,
            "ordinary": dataclasses.asdict(plain),
            "ours": dataclasses.asdict(ours),
            "ratio": ours.rate / plain.rate,
        }
        if scores:
            content["macro_f1"] = [dataclasses.asdict(score) for score in scores]
        write_text(json_, json.dumps(content, indent=1) + "\n")


def _print_speeds(
    plain: Speed, ours: Speed, scores: tuple[Interval, Interval] | None, *, of: int
) -> None:
    from rich.console import Console
    from rich.table import Table

    columns = ["way", "documents", "tokens", "seconds", "tokens a second", "documents a second"]
    if scores:
        columns.append("outcome macro-F1 (validation)")
    table = Table(
        *columns,
        title="One epoch of encoder training, view statement",
        caption=(
            f"{plain.documents} of {of} training documents; tokens that the encoder reads, padding "
            "left out; ordinary: 512 tokens, float32, 16 texts a step"
        ),
    )
    for number, speed in enumerate((plain, ours)):
        row = [
            speed.name,
            str(speed.documents),
            f"{speed.tokens:,}",
            f"{speed.seconds:.1f}",
            f"{speed.rate:,.0f}",
            f"{speed.documents / speed.seconds:.2f}",
        ]
        table.add_row(*row, *([str(scores[number])] if scores else []))
    Console(width=140).print(table)
    typer.echo(f"ours trains {ours.rate / plain.rate:.1f} times the tokens a second")


def gpu_check(
    dataset: _Dataset,
    split: _Split,
    recipe: Annotated[
        list[str] | None, typer.Option(help="Recipe: full, quick or a TOML file; both if none.")
    ] = None,
    wordings: Annotated[
        Path | None, typer.Option(help="Folder of single sentences to learn from too (.jsonl).")
    ] = None,
    peak: Annotated[
        float | None, typer.Option(min=0.1, help="Peak of the GPU in TFLOP/s, if not known.")
    ] = None,
) -> None:
    """Train on the GPU: tokens a second, share of its peak, and the same labels as the CPU."""
    from ombud.corpus import read_dataset, read_split, read_wordings
    from ombud.errors import OmbudError
    from ombud_training.gpu import check_gpu, gpu_or_refuse, peak_of
    from ombud_training.recipe import find_recipe, read_recipe

    device = gpu_or_refuse()
    settings = [read_recipe(find_recipe(name)) for name in recipe or ["quick", "full"]]
    rows = read_dataset(dataset)
    parts = read_split(split)
    check_split(rows, parts, dataset, split)
    sentences = tuple(read_wordings(wordings)) if wordings else ()
    most = peak * 1e12 if peak else peak_of(device.reason)
    train, validation = parts.part("train", rows), parts.part("validation", rows)
    short = []
    for one in settings:
        check = check_gpu(train, validation, one, device, wordings=sentences)
        _print_check(check, most)
        if check.parity < _PARITY:
            short.append(f"{check.recipe} {check.parity:.2%}")
    if short:
        message = (
            f"expected {_PARITY:.0%} of the labels as on the CPU, found {', '.join(short)}; try "
            "without bf16"
        )
        raise OmbudError(message)


def _print_check(check: GpuCheck, peak: float | None) -> None:
    typer.echo(f"{check.recipe}: {check.seconds:.0f} s in all on {check.device}")
    for name, tokens, seconds, operations in check.passes:
        flops = check.flops(tokens, seconds, operations)
        share = f"{flops / peak:.1%} of the peak" if peak else "peak not known, see --peak"
        typer.echo(
            f"  {name}: {tokens:,} tokens in {seconds:.1f} s, {tokens / seconds:,.0f} a second, "
            f"{flops / 1e12:.1f} TFLOP/s, {share}"
        )
    typer.echo(f"  labels as on the CPU: {check.same} of {check.labels} ({check.parity:.2%})")
