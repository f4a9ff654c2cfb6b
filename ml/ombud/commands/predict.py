"""`ombud predict`: how documents would end, for which reasons, by which passages."""

from __future__ import annotations

import enum
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from ombud.errors import OmbudError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ombud.documents import Document
    from ombud.prediction import Prediction

__all__ = ["BUNDLE", "BundleOption", "ErrorRateOption", "predict"]

BUNDLE: Final = Path("models/current")
"""Where `make run` leaves its bundle, below the working folder."""

BundleOption = Annotated[
    Path,
    typer.Option("--bundle", envvar="OMBUD_BUNDLE", help="Folder of the bundle to predict with."),
]
ErrorRateOption = Annotated[
    float | None,
    typer.Option(
        "--error-rate",
        help="Leave to a person what is needed for at most this share of wrong outcomes, "
        "such as 0.05; by default as the bundle was calibrated (0.1).",
    ),
]
# The views again, so that `ombud --help` need not load what defines them.
_View = Literal["statement", "complaint"]


class _Format(enum.StrEnum):
    TEXT = "text"
    JSON = "json"


def predict(
    files: Annotated[
        list[Path],
        typer.Argument(help="Plain text, HTML pages or JSON records; '-' reads standard input."),
    ],
    bundle: BundleOption = BUNDLE,
    view: Annotated[_View, typer.Option(help="What the model may read.")] = "statement",
    form: Annotated[
        _Format, typer.Option("--format", help="'json' writes one object a line.")
    ] = _Format.TEXT,
    all_reasons: Annotated[
        bool, typer.Option("--all-reasons", help="Give every reason, not only the likely ones.")
    ] = False,
    error_rate: ErrorRateOption = None,
    backend: Annotated[
        Literal["torch-fp32", "torch-bf16", "onnx-fp32", "onnx-int8"],
        typer.Option(help="What computes sentence vectors; the ONNX ones need 'ombud export'."),
    ] = "torch-fp32",
) -> None:
    """Predict outcome and reasons of documents, with the passages that carry them."""
    from ombud.commands.show import show_prediction
    from ombud.predictor import load

    documents = list(_documents(files))
    readable = [found for found in documents if not isinstance(found, OmbudError)]
    predicted: Iterator[Prediction | OmbudError] = iter(())
    if readable:
        predictor = load(bundle, error_rate=error_rate, backend=backend)
        predicted = iter(predictor.predict_each(readable, view, all_reasons=all_reasons))
    failed = False
    for found in documents:
        result = found if isinstance(found, OmbudError) else next(predicted)
        if isinstance(result, OmbudError):
            typer.echo(f"ombud: {result}", err=True)
            failed = True
        elif form is _Format.JSON:
            typer.echo(json.dumps(result.to_json(), ensure_ascii=False))
        elif not isinstance(found, OmbudError):
            show_prediction(result, found)
    if failed:
        raise typer.Exit(1)


def _documents(files: list[Path]) -> Iterator[Document | OmbudError]:
    from ombud.readers import from_text, read_documents
    from ombud.readers.files import decode

    for path in files:
        if str(path) != "-":
            yield from read_documents([path])
            continue
        try:
            data = typer.get_binary_stream("stdin").read()
            yield from_text(decode(data, "standard input"), "-")
        except OmbudError as error:
            yield error
