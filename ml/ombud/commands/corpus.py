"""`ombud corpus`: the corpus compiled, imported, pulled, described and split."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ombud.commands.corpus_report import agreement, card, report, writing
from ombud.commands.imports import import_, leakage
from ombud.commands.pull import forget, pull

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ombud.corpus import GoldCase

__all__ = ["corpus_commands"]

_PAIRS_SHOWN: Final = 10


def corpus_commands() -> typer.Typer:
    """Return the subcommands of `ombud corpus`."""
    commands = typer.Typer(
        help="Build, pull, import, describe and split the corpus.", no_args_is_help=True
    )
    commands.command("build")(_build)
    commands.command("import")(import_)
    commands.command("report")(report)
    commands.command("agreement")(agreement)
    commands.command("leakage")(leakage)
    commands.command("card")(card)
    commands.command("split")(_split)
    commands.command("pull")(pull)
    commands.command("forget")(forget)
    return commands


def _build(
    folder: Annotated[Path, typer.Argument(help="Folder of case files: <year>/<id>.md.")],
    out: Annotated[Path, typer.Option(help="Dataset to write: .parquet or .jsonl.")],
) -> None:
    """Compile authored case files to one dataset; names file and line of what is wrong.

    Second readings, FOLDER/readings/<id>.json, go into the column `readings`.
    """
    from ombud.corpus import compile_cases, digest, read_cases, read_readings, write_dataset

    cases = read_cases(folder)
    rows = compile_cases(cases, read_readings(folder / "readings", cases))
    with writing(out):
        write_dataset(rows, out)
    typer.echo(f"{len(rows)} documents to {out}, digest {digest(rows)[:16]}")


def _split(
    dataset: Annotated[Path, typer.Argument(help="Dataset made by 'ombud corpus build'.")],
    out: Annotated[Path, typer.Option(help="Split file to write (JSON).")],
) -> None:
    """Split a dataset by decision date, near-duplicates together, into five parts."""
    from ombud.corpus import date_split, read_dataset, write_split

    rows = read_dataset(dataset)
    split = date_split(rows)
    with writing(out):
        write_split(split, out)
    for name, identifiers in split.parts.items():
        typer.echo(f"{name:<11} {len(identifiers):>4} documents from {split.starts[name]}")
    _print_near_duplicates(rows)
    typer.echo(f"digest {split.digest}")


def _print_near_duplicates(rows: Sequence[GoldCase]) -> None:
    from ombud.corpus import near_duplicate_rows
    from ombud.corpus.duplicates import SEQUENCE, THRESHOLD

    pairs = [(rows[p.first], rows[p.second], p.jaccard) for p in near_duplicate_rows(rows)]
    others = [pair for pair in pairs if pair[0].group != pair[1].group]
    typer.echo(
        f"near-duplicates (Jaccard of {SEQUENCE}-word sequences from {THRESHOLD}): "
        f"{len(pairs) - len(others)} pairs of one complaint, {len(others)} of different ones, "
        "each pair in one part"
    )
    for first, second, jaccard in sorted(others, key=lambda pair: -pair[2])[:_PAIRS_SHOWN]:
        typer.echo(f"  {first.id} and {second.id}: {jaccard:.2f}")
