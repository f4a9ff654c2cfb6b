"""`ombud corpus`: the corpus compiled, imported, pulled, described and split."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ombud.commands.imports import import_
from ombud.commands.pull import forget, pull
from ombud.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ombud.corpus import CorpusReport, GoldCase

__all__ = ["corpus_commands"]

_PAIRS_SHOWN: Final = 10


def corpus_commands() -> typer.Typer:
    """Return the subcommands of `ombud corpus`."""
    commands = typer.Typer(
        help="Build, pull, import, describe and split the corpus.", no_args_is_help=True
    )
    commands.command("build")(_build)
    commands.command("import")(import_)
    commands.command("report")(_report)
    commands.command("split")(_split)
    commands.command("pull")(pull)
    commands.command("forget")(forget)
    return commands


def _build(
    folder: Annotated[Path, typer.Argument(help="Folder of case files: <year>/<id>.md.")],
    out: Annotated[Path, typer.Option(help="Dataset to write: .parquet or .jsonl.")],
) -> None:
    """Compile authored case files to one dataset; names file and line of what is wrong."""
    from ombud.corpus import compile_cases, digest, read_cases, write_dataset

    rows = compile_cases(read_cases(folder))
    with _writing(out):
        write_dataset(rows, out)
    typer.echo(f"{len(rows)} documents to {out}, digest {digest(rows)[:16]}")


def _report(
    dataset: Annotated[Path, typer.Argument(help="Dataset made by 'ombud corpus build'.")],
) -> None:
    """Print counts, labels, lengths, and how much documents share word for word."""
    from ombud.corpus import corpus_report, read_dataset

    _print_report(corpus_report(read_dataset(dataset)))


def _split(
    dataset: Annotated[Path, typer.Argument(help="Dataset made by 'ombud corpus build'.")],
    out: Annotated[Path, typer.Option(help="Split file to write (JSON).")],
) -> None:
    """Split a dataset by decision date, near-duplicates together, into five parts."""
    from ombud.corpus import date_split, read_dataset, write_split

    rows = read_dataset(dataset)
    split = date_split(rows)
    with _writing(out):
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


@contextlib.contextmanager
def _writing(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        message = f"{out}: expected a file that can be written, found: {found}; check the path"
        raise OutputError(message) from error


def _print_report(report: CorpusReport) -> None:
    from rich.console import Console
    from rich.table import Table

    from ombud.commands.tables import plain_width

    console = Console(highlight=False, width=plain_width())
    console.print(f"{report.documents} documents, {report.groups} complaints (copies counted once)")
    for label, count in report.outcomes.items():
        console.print(f"  {label:<31} {count:>4}  {count / report.documents:6.1%}")
    table = Table("reason", "documents", "as main", "passages", title="Reasons (gold)")
    for label, counts in report.reasons.items():
        table.add_row(label, *map(str, counts))
    console.print(table)
    pairs = Table("reason", "with", "documents", title="Pairs of reasons, the most frequent")
    for (first, second), count in list(report.pairs.items())[:12]:
        pairs.add_row(first, second, str(count))
    console.print(pairs)
    console.print(f"documents with several reasons: {report.several_reasons:.1%}")
    console.print(f"documents with a distractor:    {report.with_distractor:.1%}")
    lengths = Table("part", "quarter below", "median", "quarter above", "longest", title="Words")
    lengths.add_row("statement", *map(str, report.statement_words))
    lengths.add_row("letter", *map(str, report.letter_words))
    console.print(lengths)
    console.print("8-word sequences shared with any other complaint, boilerplate aside:")
    for name, (mean, largest) in (("statement", report.shared), ("letter", report.letter_shared)):
        console.print(f"  {name:<10} mean {mean:6.2%}  largest {largest:6.2%}")
