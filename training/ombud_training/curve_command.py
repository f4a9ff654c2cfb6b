"""`ombud learning-curve`: would more training statements still help?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from ombud_training.checks import check_out, check_split

if TYPE_CHECKING:
    from ombud_training.curve import Curve

__all__ = ["learning_curve"]

_LEAST_SIZE: Final = 16


def learning_curve(
    dataset: Annotated[Path, typer.Argument(help="Dataset made by 'ombud corpus build'.")],
    split: Annotated[Path, typer.Option(help="Split file made by 'ombud corpus split'.")],
    recipe: Annotated[str, typer.Option(help="Recipe to train by: full, quick or a TOML file.")],
    sizes: Annotated[
        str, typer.Option(help="Training statements of the points before all of them.")
    ] = "100,200,400",
    seeds: Annotated[int, typer.Option(min=1, max=20, help="Trainings a point.")] = 3,
    device: Annotated[
        Literal["auto", "cpu", "cuda"], typer.Option(help="Where to train.")
    ] = "auto",
    json_: Annotated[
        Path | None, typer.Option("--json", help="Write the figures here too, as JSON.")
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="Draw the curve here (SVG).")] = None,
    figures: Annotated[
        Path | None, typer.Option(help="Keep the figures for the data card here (JSON).")
    ] = None,
) -> None:
    """Train on growing parts of what is earlier than the test periods: does more still help?"""
    from ombud.commands.corpus_report import write_text, writing
    from ombud.corpus import digest, read_dataset, read_split
    from ombud.corpus.figures import as_json, keep_figures
    from ombud_training.curve import curve_plot
    from ombud_training.curve import learning_curve as measure
    from ombud_training.device import choose_device
    from ombud_training.recipe import find_recipe, read_recipe

    numbers = _sizes(sizes)
    settings = read_recipe(find_recipe(recipe))
    rows = read_dataset(dataset)
    parts = read_split(split)
    check_split(rows, parts, dataset, split)
    for out in (json_, plot, figures):
        if out is not None:
            check_out(out)
    chosen = choose_device(device)
    typer.echo(f"training on {chosen.reason}", err=True)

    def done(seed: int, size: int) -> None:
        typer.echo(f"seed {seed}: trained on {size} statements", err=True)

    curve = measure(rows, parts, settings, chosen, sizes=numbers, seeds=seeds, done=done)
    if json_ is not None:
        content = {"dataset": digest(rows), "split": parts.digest, "curve": curve.to_json()}
        write_text(json_, as_json(content))
    if plot is not None:
        write_text(plot, curve_plot(curve))
    if figures is not None:
        with writing(figures):
            keep_figures(figures, "learning_curve", digest(rows), curve.to_json())
    _print_curve(curve)


def _sizes(given: str) -> list[int]:
    from ombud.errors import UsageError

    words = [word.strip() for word in given.split(",")]
    if not all(word.isdecimal() and int(word) >= _LEAST_SIZE for word in words):
        message = (
            f"expected --sizes as numbers of at least {_LEAST_SIZE} such as 100,200,400, "
            f"found {given!r}; give others"
        )
        raise UsageError(message)
    return [int(word) for word in words]


def _print_curve(curve: Curve) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(width=140) if not Console().is_terminal else Console()
    table = Table(
        "view",
        "statements",
        "outcome macro-F1",
        "each seed",
        "reasons micro-F1",
        "rationale F1",
        title=(
            f"Learning curve, recipe {curve.recipe}: {curve.documents} test documents, "
            f"mean of {curve.seeds} seeds"
        ),
    )
    for point in curve.points:
        table.add_row(
            point.view,
            str(point.statements),
            str(point.outcome_macro_f1),
            " ".join(f"{value:.3f}" for value in point.by_seed),
            str(point.reasons_micro_f1),
            str(point.rationale_f1),
        )
    console.print(table)
    gains = Table("view", "statements", "gain in outcome macro-F1", title="What more brought")
    for gain in curve.gains:
        gains.add_row(gain.view, f"{gain.before} to {gain.after}", str(gain.difference))
    console.print(gains)
