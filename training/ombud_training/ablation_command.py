"""`ombud bench ablation`: which design of rationales is best, on one part of a split."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ombud_training.checks import check_out, check_split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ombud_training.ablation.kept import Done
    from ombud_training.ablation.rows import Material, Row

__all__ = ["ablation"]

_KEYS: Final = "abcde"


def ablation(
    dataset: Annotated[Path, typer.Argument(help="Dataset made by 'ombud corpus build'.")],
    split: Annotated[
        Path, typer.Option("--split", help="Split file made by 'ombud corpus split'.")
    ],
    recipe: Annotated[
        str, typer.Option("--recipe", help="Recipe of our rows: full, quick, or a TOML file.")
    ] = "quick",
    wordings: Annotated[
        Path, typer.Option("--wordings", help="Folder of single sentences that row e learns from.")
    ] = Path("data/wordings"),
    part: Annotated[str, typer.Option(help="Part to answer.")] = "validation",
    rows: Annotated[str, typer.Option(help="Letters of the rows to run.")] = _KEYS,
    seeds: Annotated[
        int, typer.Option(min=1, help="Trainings of each row, from the recipe's seed up.")
    ] = 1,
    contextual_seeds: Annotated[
        int, typer.Option(min=1, help="Trainings of row d, which takes longest.")
    ] = 1,
    keep: Annotated[
        Path, typer.Option(help="Folder for finished rows, which are not run again.")
    ] = Path("build/ablation"),
    out: Annotated[Path, typer.Option(help="Write the figures here (JSON).")] = Path(
        "build/ablation.json"
    ),
) -> None:
    """Train five designs on the same documents and compare outcomes, reasons and passages."""
    from ombud.corpus import read_dataset, read_split, read_wordings
    from ombud.errors import UsageError
    from ombud_training.ablation.attributions import check_captum
    from ombud_training.ablation.rows import ROWS, Material
    from ombud_training.device import choose_device
    from ombud_training.experiment import frozen_vectors
    from ombud_training.recipe import find_recipe, read_recipe

    chosen = [row for row in ROWS if row.key in rows]
    if not chosen or set(rows) - set(_KEYS):
        message = f"expected --rows out of the letters {_KEYS}, found {rows!r}; name some of them"
        raise UsageError(message)
    settings = read_recipe(find_recipe(recipe))
    cases = read_dataset(dataset)
    parts = read_split(split)
    check_split(cases, parts, dataset, split)
    scored = parts.part(part, cases)
    if not scored or part == "train":
        message = f"expected a part of documents not trained on, found {part!r}; see --help"
        raise UsageError(message)
    check_out(out)
    check_out(keep / "any")
    if any(row.contextual for row in chosen):
        check_captum()
    device = choose_device("cpu")
    material = Material(
        train=parts.part("train", cases),
        scored=scored,
        recipe=settings,
        wordings=tuple(read_wordings(wordings)) if any(row.wordings for row in chosen) else (),
        device=device,
        vectors=frozen_vectors(settings, device),
    )
    typer.echo(f"training on {device.reason}", err=True)
    done = [
        _run(row, settings.seed + number, material, keep)
        for row in chosen
        for number in range(contextual_seeds if row.contextual else seeds)
    ]
    _write(done, material, part, out)


def _run(row: Row, seed: int, material: Material, folder: Path) -> Done:
    from ombud_training.ablation.kept import Done, keep, row_digest, take_up
    from ombud_training.ablation.rows import run_row
    from ombud_training.progress import ProgressCallback

    made_of = row_digest(row, seed, material)
    found = take_up(folder, row.key, seed, made_of)
    if found is not None:
        typer.echo(f"row {row.key}, seed {seed}: kept from before", err=True)
        return found
    typer.echo(f"row {row.key}, seed {seed}: {row.title}", err=True)
    started = time.monotonic()
    answers = run_row(row, seed, material, lambda title: [ProgressCallback(title)])
    done = Done(row.key, seed, tuple(answers), time.monotonic() - started)
    keep(folder, done, made_of)
    typer.echo(f"row {row.key}, seed {seed}: done in {done.seconds:.0f} s", err=True)
    return done


def _write(done: Sequence[Done], material: Material, part: str, out: Path) -> None:
    import dataclasses
    import json

    from ombud.commands.corpus_report import write_text
    from ombud_training.ablation.rows import VIEW
    from ombud_training.ablation.scoring import ablation_figures, differences
    from ombud_training.ablation.table import ablation_markdown

    scored, recipe = material.scored, material.recipe
    found = ablation_figures(done, scored)
    less = differences(done, scored)
    groups = len({case.group for case in scored})
    said = (
        f"View {VIEW}, authored data, date split, part {part}: {len(scored)} documents in "
        f"{groups} groups; trained and calibrated on {len(material.train)} others by the recipe "
        f"{recipe.name}; 95 % bootstrap intervals over groups."
    )
    content = {
        "view": VIEW,
        "part": part,
        "documents": len(scored),
        "groups": groups,
        "train": len(material.train),
        "recipe": dataclasses.asdict(recipe),
        "contextual": dataclasses.asdict(material.contextual),
        "rows": [row.to_json() for row in found],
        "ours_less": [dataclasses.asdict(one) for one in less],
    }
    write_text(out, json.dumps(content, indent=1) + "\n")
    typer.echo(ablation_markdown(found, less, said))
    typer.echo(f"figures in {out}", err=True)
