"""`ombud corpus import` and `ombud corpus leakage`: one dataset, and what its texts give away."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from ombud.errors import OutputError, UsageError

if TYPE_CHECKING:
    from ombud.imports import Summary

__all__ = ["import_", "leakage"]

# The formats again, so that `ombud --help` need not load what defines them.
_Format = Literal["auto", "lgsco", "phso", "housing", "table"]
_Kind = Literal["letter", "statement", "text"]

_EVERY: Final = 10_000
"""Rows between two lines of progress where there is no terminal."""
_SHOWN: Final = 8
"""Reasons for rejecting that are printed; all stand in the rejects file."""


def import_(
    sources: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Files or folders: JSON records, HTML pages, printed statements, the Housing "
            "Ombudsman's SQLite (zipped or not), CSV, JSONL or Parquet."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write: new, empty, or an earlier import.")
    ] = None,
    form: Annotated[
        _Format, typer.Option("--format", help="What the sources are; 'auto' tells by their look.")
    ] = "auto",
    text_column: Annotated[str, typer.Option(help="Tables: column with the text.")] = "text",
    id_column: Annotated[str, typer.Option(help="Tables: column with the id.")] = "id",
    group_column: Annotated[str, typer.Option(help="Tables: column with the case.")] = "",
    reference_column: Annotated[str, typer.Option(help="Tables: column with the reference.")] = "",
    body_column: Annotated[str, typer.Option(help="Tables: column with the body.")] = "",
    category_column: Annotated[str, typer.Option(help="Tables: column with the category.")] = "",
    subcategory_column: Annotated[
        str, typer.Option(help="Tables: column with the subcategory.")
    ] = "",
    date_column: Annotated[str, typer.Option(help="Tables: column with the decision date.")] = "",
    outcome_column: Annotated[str, typer.Option(help="Tables: column with the outcome.")] = "",
    url_column: Annotated[str, typer.Option(help="Tables: column with the address.")] = "",
    kind: Annotated[_Kind, typer.Option(help="Tables: what the texts are.")] = "text",
    scheme: Annotated[
        str, typer.Option(help="Tables: whose words the outcomes are (lgsco, phso, housing).")
    ] = "lgsco",
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the columns of the dataset.")
    ] = False,
) -> None:
    """Import decisions and tables into one dataset; bad rows go to a file with the reason."""
    from ombud.imports import TableOptions, columns_markdown, import_sources

    if schema:
        if sources:
            message = (
                f"expected --schema alone, found {len(sources)} source(s) too; "
                "print the columns or import the sources"
            )
            raise UsageError(message)
        typer.echo(columns_markdown(), nl=False)
        return
    if not sources or out is None:
        found = "no --out" if sources else "no source"
        message = (
            f"expected sources to import and a folder with --out, found {found}; "
            "name both or use --schema"
        )
        raise UsageError(message)
    columns = {
        "group": group_column,
        "reference": reference_column,
        "body": body_column,
        "category": category_column,
        "subcategory": subcategory_column,
        "decision_date": date_column,
        "outcome": outcome_column,
        "url": url_column,
    }
    named = {fact: column for fact, column in columns.items() if column}
    options = TableOptions(text_column, id_column, named, kind, scheme)
    with _progress() as progress:
        summary = import_sources(sources, out, form, options, progress)
    _print_summary(summary, out)


def leakage(
    dataset: Annotated[Path, typer.Argument(help="Folder made by 'ombud corpus import'.")],
    source: Annotated[str, typer.Option(help="The source whose rows are measured.")] = "housing",
    limit: Annotated[
        int, typer.Option(min=2, help="Rows used at most; of more, whole cases are drawn.")
    ] = 40_000,
    out: Annotated[Path | None, typer.Option(help="Write the figures here too (JSON).")] = None,
) -> None:
    """Predict the finding from texts with and without the words that tell it."""
    from ombud.atomic import replacing
    from ombud.corpus.leakage import leakage_markdown, leakage_report
    from ombud.imports import read_imported, row_document

    found = read_imported(dataset).to_pylist()
    rows = [row for row in found if row["source"] == source]
    if not rows:
        known = ", ".join(sorted({row["source"] for row in found})) or "no row"
        message = f"{dataset}: expected rows of source {source!r}, found {known}; name one of these"
        raise UsageError(message)
    report = leakage_report(rows, map(row_document, rows), limit=limit)
    if out is not None:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            with replacing(out) as temporary:
                content = json.dumps(report.to_json(), indent=1, ensure_ascii=False) + "\n"
                temporary.write_text(content, encoding="utf-8")
        except OSError as error:
            words = (error.strerror or str(error)).lower()
            message = f"{out}: expected a file that can be written, found: {words}; check the path"
            raise OutputError(message) from error
    typer.echo(leakage_markdown(report), nl=False)


def _print_summary(summary: Summary, out: Path) -> None:
    typer.echo(
        f"{summary.read:,} rows of {summary.files:,} file(s) read: {summary.written:,} written to "
        f"{out}, {summary.rejected:,} rejected"
    )
    for source, outcomes in summary.sources.items():
        counts = ", ".join(f"{label or 'not known'} {n:,}" for label, n in outcomes.items())
        typer.echo(f"  {source}: {counts}")
    if summary.rejected:
        typer.echo(f"rejected ({out / 'rejects.jsonl'} names each row):")
        for reason, count in list(summary.reasons.items())[:_SHOWN]:
            typer.echo(f"  {count:,} {reason}")
        if len(summary.reasons) > _SHOWN:
            typer.echo(f"  and {len(summary.reasons) - _SHOWN} other reason(s)")
    if summary.passed_over:
        shown = ", ".join(summary.passed_over[:5])
        more = f" and {len(summary.passed_over) - 5} more" if len(summary.passed_over) > 5 else ""
        typer.echo(f"passed over, of no known ending: {shown}{more}")
    typer.echo(f"digest {summary.digest[:16]}")


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """Yield what shows how many rows are read: a counter on a terminal, else a line at times."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(file=sys.stderr)
    if not console.is_terminal:

        def line(read: int) -> None:
            if read % _EVERY == 0:
                typer.echo(f"{read:,} rows read", err=True)

        yield line
        return
    columns = (SpinnerColumn(), TextColumn("{task.completed:,} rows read"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("import", total=None)

        def count(read: int) -> None:
            if read % 100 == 0:
                bar.update(task, completed=read)

        yield count
