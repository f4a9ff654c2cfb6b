"""`ombud export`: what ONNX Runtime needs to compute a bundle's sentence vectors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ombud.commands.predict import BUNDLE, BundleOption

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ombud.bundle import Bundle
    from ombud.views import Reading

__all__ = ["export"]

# Some two thousand sentences: more of them hardly move the ranges.
_TEXTS = 50


def export(
    bundle: BundleOption = BUNDLE,
    texts: Annotated[
        Path | None,
        typer.Option(
            metavar="TABLE",
            help="Measure the ranges of the 8-bit integers on the texts of this table; by default "
            "on those that the bundle carries.",
        ),
    ] = None,
    text_column: Annotated[str, typer.Option(help="Column with the text.")] = "text",
) -> None:
    """Write ONNX files beside a bundle, for the back ends onnx-fp32 and onnx-int8."""
    from ombud.bundle import read_bundle
    from ombud.encoding.onnx_export import export_onnx
    from ombud.encoding.onnx_files import FILES
    from ombud.model.features import sentence_key

    loaded = read_bundle(bundle)
    readings = _packed(loaded) if texts is None else _of_table(texts, text_column)
    keys = dict.fromkeys(
        sentence_key(sentence.span.of(reading.document.text))
        for reading in readings
        for sentence in reading.sentences
    )
    folder = export_onnx(loaded, list(keys))
    typer.echo(f"{folder}: {', '.join(sorted(p.name for p in folder.glob('*.onnx')))}")
    if not keys:
        typer.echo(
            f"ombud: {bundle}: the bundle carries no texts, so {FILES['onnx-int8']} was left out; "
            "give some with --texts",
            err=True,
        )


def _packed(loaded: Bundle) -> Iterator[Reading]:
    from ombud.encoding.choosing import parity_readings
    from ombud.views import VIEWS

    for view in VIEWS:
        yield from parity_readings(loaded, view)[:_TEXTS]


def _of_table(path: Path, text_column: str) -> Iterator[Reading]:
    from itertools import islice

    from ombud.errors import InputError, OmbudError
    from ombud.readers.columns import Columns
    from ombud.readers.tables import read_rows
    from ombud.views import read

    columns = Columns(text_column)
    found = False
    for row in islice(read_rows(path, columns), 2 * _TEXTS):
        try:
            yield read(row.document(columns), "statement")
        except OmbudError:
            continue
        found = True
    if not found:
        message = f"{path}: expected texts to measure on, found none; name another table"
        raise InputError(message)
