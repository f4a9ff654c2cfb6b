"""`ombud label`: the reasons that labelling functions read in documents, with evidence."""

from __future__ import annotations

import enum
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ombud.atomic import replacing
from ombud.errors import InputError, OmbudError, UsageError
from ombud.taxonomy import OUTCOMES, REASONS, reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ombud.documents import Document
    from ombud.labelling import Vote
    from ombud.spans import Span

__all__ = ["Format", "label"]


class Format(enum.StrEnum):
    """How results are written."""

    TEXT = "text"
    JSON = "json"


def label(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Decisions: plain text, HTML or JSON records.")
    ] = None,
    format_: Annotated[
        Format, typer.Option("--format", help="'json' writes one object a line.")
    ] = Format.TEXT,
    out: Annotated[Path | None, typer.Option(help="Write here instead of to the terminal.")] = None,
    taxonomy: Annotated[
        bool, typer.Option("--taxonomy", help="Print outcomes and reasons with grounds.")
    ] = False,
) -> None:
    """Label decisions with reasons by token patterns, each with the passages that say it."""
    if taxonomy:
        if files:
            message = (
                f"expected --taxonomy alone, found {len(files)} file(s) too; "
                "print the table or label the files"
            )
            raise UsageError(message)
        _print_taxonomy()
        return
    if not files:
        message = "expected at least one file to label, found none; name files or use --taxonomy"
        raise UsageError(message)
    blocks: list[str] = []
    failures = 0
    for path, result in zip(files, _labelled(files), strict=True):
        if isinstance(result, OmbudError):
            typer.echo(f"ombud: {result}", err=True)
            failures += 1
            continue
        document, votes = result
        block = _as_json if format_ is Format.JSON else _as_text
        blocks.append(block(path, document, votes))
        if out is None:
            typer.echo(blocks[-1])
    if out is not None and blocks:
        _write(out, blocks)
    if failures:
        raise typer.Exit(1)


def _labelled(
    files: list[Path],
) -> Iterator[tuple[Document, tuple[Vote, ...]] | OmbudError]:
    from ombud.labelling import apply
    from ombud.readers import read_documents

    for document in read_documents(files):
        if isinstance(document, OmbudError):
            yield document
            continue
        try:
            yield document, apply(document)
        except OmbudError as error:
            yield error


def _write(out: Path, blocks: list[str]) -> None:
    try:
        with replacing(out) as temporary:
            temporary.write_text("".join(f"{block}\n" for block in blocks), encoding="utf-8")
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        message = f"{out}: expected a file that can be written, found: {found}; check the path"
        raise InputError(message) from error


def _as_text(path: Path, document: Document, votes: tuple[Vote, ...]) -> str:
    from ombud.labelling import summary

    lines = [f"{path} ({document.id})"]
    for name, spans in summary(votes).items():
        lines.append(f"  {name} ({reason(name).ground})")
        for span in spans:
            passage = " ".join(span.of(document.text).split())
            lines.append(f"    [{span.start}:{span.end}] {_section(document, span)}: {passage}")
    if len(lines) == 1:
        lines.append("  no reason found: every labelling function abstains")
    return "\n".join(lines)


def _as_json(path: Path, document: Document, votes: tuple[Vote, ...]) -> str:
    from ombud.labelling import summary

    labels: list[dict[str, Any]] = [
        {
            "label": name,
            "ground": reason(name).ground,
            "evidence": [
                {
                    "start": span.start,
                    "end": span.end,
                    "text": span.of(document.text),
                    "section": _section(document, span),
                    "functions": [v.function for v in votes if v.label == name and v.span == span],
                }
                for span in spans
            ],
        }
        for name, spans in summary(votes).items()
    ]
    row = {"file": str(path), "id": document.id, "labels": labels}
    return json.dumps(row, ensure_ascii=False)


def _section(document: Document, span: Span) -> str:
    return next(s.kind for s in document.sections if s.span.overlaps(span))


def _print_taxonomy() -> None:
    from rich.console import Console
    from rich.table import Table

    rows = [("outcome", o.label, "", o.title, o.description) for o in OUTCOMES]
    rows += [(r.family, r.label, r.ground, r.title, r.description) for r in REASONS]
    names = ("family", "label", "ground", "title", "meaning")
    console = Console()
    if not console.is_terminal:
        for row in (names, *rows):
            typer.echo("\t".join(row))
        return
    table = Table()
    for name in names:
        table.add_column(name, no_wrap=name == "label")
    for row in rows:
        table.add_row(*row)
    console.print(table)
