"""`ombud label`: the reasons that labelling functions read in documents, with evidence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ombud.commands.label_output import (
    Format,
    as_json,
    as_text,
    print_taxonomy,
    write_lines,
    writing,
)
from ombud.errors import OmbudError, UsageError

if TYPE_CHECKING:
    from ombud.documents import Document
    from ombud.labelling import Ballot

__all__ = ["Format", "label"]


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
    model: Annotated[
        Path | None,
        typer.Option(help="Label model made by --fit: gives each reason a probability."),
    ] = None,
    fit: Annotated[
        Path | None,
        typer.Option(
            help="Fit a label model to the votes on this dataset (no gold is read); "
            "writes it to --out."
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(help="Report on the functions and labels against the gold of this dataset."),
    ] = None,
    split: Annotated[
        Path | None, typer.Option(help="Split file, for --part with --fit or --report.")
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option(help="Part of the split to read, e.g. validation or test; may be repeated."),
    ] = None,
    seen: Annotated[
        Path | None,
        typer.Option(
            help="Ids, one a line, of documents read while the functions were written: "
            "--report leaves them out, --fit reads only them."
        ),
    ] = None,
) -> None:
    """Label decisions with reasons by token patterns, each with the passages that say it."""
    jobs = {"--taxonomy": taxonomy, "--fit": fit, "--report": report}
    asked = [name for name, value in jobs.items() if value]
    if len(asked) > 1:
        message = f"expected one of {', '.join(jobs)}, found {' and '.join(asked)}; use one"
        raise UsageError(message)
    if asked and files:
        what = "print the table" if taxonomy else "name the dataset alone"
        message = (
            f"expected {asked[0]} alone, found {len(files)} file(s) too; {what} or label the files"
        )
        raise UsageError(message)
    if (split or part or seen) and not (fit or report):
        message = (
            "expected --split, --part and --seen with --fit or --report, found neither; "
            "name a dataset with one of them"
        )
        raise UsageError(message)
    if model and (taxonomy or fit):
        message = (
            f"expected --model with files or --report, found {asked[0]}; leave one of them out"
        )
        raise UsageError(message)
    if taxonomy:
        print_taxonomy()
    elif fit or report:
        from ombud.commands.label_report import Selection, fit_model, print_report

        selection = Selection(split, tuple(part or ()), seen)
        if fit:
            fit_model(fit, selection, out)
        elif report:
            print_report(report, selection, model, format_, out)
    else:
        _label_files(files or [], format_, out, model)


def _label_files(
    files: list[Path], format_: Format, out: Path | None, model_path: Path | None
) -> None:
    from ombud.labelling import read_label_model

    if not files:
        message = "expected at least one file to label, found none; name files or use --taxonomy"
        raise UsageError(message)
    model = None if model_path is None else read_label_model(model_path)
    blocks: list[str] = []
    failures = 0
    for path, result in zip(files, _labelled(files), strict=True):
        if isinstance(result, OmbudError):
            typer.echo(f"ombud: {result}", err=True)
            failures += 1
            continue
        block = as_json if format_ is Format.JSON else as_text
        blocks.append(block(path, *result, model))
        if out is None:
            typer.echo(blocks[-1])
    if out is not None and blocks:
        with writing(out):
            write_lines(out, blocks)
    if failures:
        raise typer.Exit(1)


def _labelled(files: list[Path]) -> Iterator[tuple[Document, Ballot] | OmbudError]:
    from ombud.labelling import ballot
    from ombud.readers import read_documents

    for document in read_documents(files):
        if isinstance(document, OmbudError):
            yield document
            continue
        try:
            yield document, ballot(document)
        except OmbudError as error:
            yield error
