"""The subcommands that serving adds to `ombud`: `serve` and `score`."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from ombud_serving.batch.job import Summary

__all__ = ["register"]

# The commands import what they run inside, and `_View` says the views again: `ombud --help`
# would otherwise wait for torch.
_View = Literal["statement", "complaint"]

_BUNDLE: Final = Path("models/current")
_SECONDS_BETWEEN_LINES: Final = 10.0

_Bundle = Annotated[
    Path,
    typer.Option("--bundle", envvar="OMBUD_BUNDLE", help="Folder of the bundle to predict with."),
]
_ErrorRate = Annotated[
    float | None,
    typer.Option(
        "--error-rate",
        help="Leave to a person what is needed for at most this share of wrong outcomes, "
        "such as 0.05; by default as the bundle was calibrated (0.1).",
    ),
]


def register(app: typer.Typer) -> None:
    """Add `serve` and `score` to `app`."""
    app.command("serve")(_serve)
    app.command("score")(_score)


def _serve(
    bundle: _Bundle = _BUNDLE,
    host: Annotated[str, typer.Option(help="Name or address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")
    ] = 8000,
    error_rate: _ErrorRate = None,
) -> None:
    """Serve predictions over HTTP, with a page for people at /."""
    from ombud_serving.serve import serve

    serve(
        bundle,
        host,
        port,
        error_rate=error_rate,
        announce=lambda line: typer.echo(f"ombud: {line}", err=True),
    )


def _score(
    source: Annotated[
        Path, typer.Argument(metavar="IN", help="Table to read: .csv, .jsonl, .ndjson, .parquet.")
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Folder to write Parquet parts to.")],
    bundle: _Bundle = _BUNDLE,
    view: Annotated[_View, typer.Option(help="What the model may read.")] = "statement",
    text_column: Annotated[str, typer.Option(help="Column with the text.")] = "text",
    id_column: Annotated[
        str, typer.Option(help="Column with the id; without it rows are numbered.")
    ] = "id",
    part_rows: Annotated[int, typer.Option(min=1, help="Rows of the input in one part.")] = 1000,
    error_rate: _ErrorRate = None,
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="Form of the summary.")
    ] = "text",
) -> None:
    """Score every row of a table; a row that cannot be read goes to errors.parquet."""
    from ombud.readers import Columns
    from ombud_serving.batch.local import score

    with _progress() as progress:
        summary = score(
            source,
            out,
            bundle=bundle,
            view=view,
            columns=Columns(text_column, id_column),
            part_rows=part_rows,
            error_rate=error_rate,
            progress=progress,
        )
    typer.echo(json.dumps(summary.to_json()) if form == "json" else _said(summary, out))


def _said(summary: Summary, out: Path) -> str:
    head = {
        "scored": "scored",
        "resumed": "went on after an earlier run and scored",
        "already_scored": "found already scored",
    }[summary.state]
    first = (
        f"{head} {summary.scored:,} of {summary.rows:,} rows into {summary.parts:,} part(s) "
        f"in {out} ({summary.seconds:.1f} s)"
    )
    lines = [
        first,
        *(f"  {label}: {share:.1%}" for label, share in summary.shares.items()),
        f"  not sure, ask a person: {summary.abstained:,}",
    ]
    if summary.rejected:
        lines.append(f"  rejected: {summary.rejected:,}, with reasons in {out / 'errors.parquet'}")
    return "\n".join(lines)


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """Yield what shows a number of rows: a bar on a terminal, plain lines elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines()
        return
    columns = (
        TextColumn("scoring"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} rows"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("scoring", total=None)
        yield lambda rows: bar.update(task, completed=rows)


def _lines() -> Callable[[int], None]:
    last = time.monotonic()

    def show(rows: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            typer.echo(f"ombud: {rows:,} rows behind", err=True)

    return show
