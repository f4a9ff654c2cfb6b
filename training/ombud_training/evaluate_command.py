"""`ombud evaluate`: a bundle and the floors scored on one part of a split, as figures or a report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from ombud_training.checks import check_out, check_split

if TYPE_CHECKING:
    from ombud.corpus import Split
    from ombud.prediction import ModelInfo
    from ombud.predictor import Predictor
    from ombud_training.behaviour import CapabilityResult
    from ombud_training.evaluate import Evaluation
    from ombud_training.full_report import ViewReport

__all__ = ["RESAMPLES", "evaluate", "print_evaluations"]

RESAMPLES: Final = 1000
"""Samples of each interval of a report."""


def evaluate(
    bundle: Annotated[Path, typer.Argument(help="Folder of the bundle.")],
    dataset: Annotated[Path, typer.Argument(help="Dataset made by 'ombud corpus build'.")],
    split: Annotated[
        Path, typer.Option("--split", help="Split file made by 'ombud corpus split'.")
    ],
    part: Annotated[
        str, typer.Option(help="Part to score: test, test_1 to test_3, or validation.")
    ] = "test",
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the whole report: report.html and metrics.json."),
    ] = None,
    cases_folder: Annotated[
        Path,
        typer.Option(
            "--behaviour",
            metavar="DIR",
            help="Behaviour tests for the report; left out where there is no such folder.",
        ),
    ] = Path("tests/behaviour/cases"),
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="Form of the figures.")
    ] = "text",
) -> None:
    """Score a bundle and the floors on one part of a split."""
    from ombud.corpus import read_dataset, read_split
    from ombud.errors import UsageError
    from ombud.model import resolve_encoder
    from ombud.predictor import load
    from ombud.vectors import SentenceVectors
    from ombud.views import VIEWS
    from ombud_training.behaviour import run_behaviour
    from ombud_training.full_report import full_report

    rows = read_dataset(dataset)
    parts = read_split(split)
    check_split(rows, parts, dataset, split)
    cases = parts.part(part, rows)
    if not cases or part == "train":
        message = f"expected a part of documents not trained on, found {part!r}; see --help"
        raise UsageError(message)
    if out is not None:
        check_out(out)
        _check_folder(out)
    predictor = load(bundle)
    _check_trained_by(predictor, parts, bundle)
    vectors = SentenceVectors.pretrained(
        resolve_encoder(), predictor.bundle.served.config.max_tokens, "cpu"
    )
    train = parts.part("train", rows)
    if out is None:
        from ombud_training.experiment import evaluate_part

        evaluations = [
            evaluate_part(predictor, train, cases, view, vectors=vectors) for view in VIEWS
        ]
    else:
        reports = [
            full_report(
                predictor,
                train,
                cases,
                view,
                vectors=vectors,
                split=parts,
                part=part,
                resamples=RESAMPLES,
            )
            for view in VIEWS
        ]
        behaviour = run_behaviour(predictor, cases_folder) if cases_folder.is_dir() else ()
        _write(out, reports, behaviour, predictor.info, dataset, parts)
        evaluations = [report.evaluation for report in reports]
    if form == "json":
        typer.echo(json.dumps([evaluation.to_json() for evaluation in evaluations]))
        return
    print_evaluations(evaluations)
    if out is not None:
        typer.echo(f"report in {out / 'report.html'}, figures in {out / 'metrics.json'}")


def _check_folder(out: Path) -> None:
    from ombud.errors import OutputError

    if out.exists() and not out.is_dir():
        message = f"{out}: expected a folder for the report, found a file; name another with --out"
        raise OutputError(message)


def _check_trained_by(predictor: Predictor, parts: Split, bundle: Path) -> None:
    from ombud.errors import UsageError

    trained_on = predictor.bundle.manifest.split_digest
    if trained_on != parts.digest:
        message = (
            f"{bundle}: expected a bundle trained by the split {parts.digest[:16]}, found one "
            f"trained by {trained_on[:16] or 'no split'}; it may have seen what it would be "
            "scored on, use its own split file"
        )
        raise UsageError(message)


def _write(
    out: Path,
    reports: Sequence[ViewReport],
    behaviour: Sequence[CapabilityResult],
    model: ModelInfo,
    dataset: Path,
    parts: Split,
) -> None:
    from ombud.atomic import replacing
    from ombud.errors import OutputError
    from ombud_training.behaviour import by_kind
    from ombud_training.report_page import evaluation_page

    page = evaluation_page(
        reports,
        model,
        dataset=dataset.name,
        digest=parts.dataset,
        split=parts.digest,
        resamples=RESAMPLES,
        behaviour=behaviour,
    )
    content = {
        "model": {"name": model.name, "version": model.version, "sha256": model.sha256},
        "data": {"name": dataset.name, "digest": parts.dataset},
        "split": parts.digest,
        "part": reports[0].part,
        "views": {report.evaluation.view: report.to_json() for report in reports},
        "behaviour": {
            "kinds": [kind.to_json() for kind in by_kind(behaviour)],
            "capabilities": [result.to_json() for result in behaviour],
        },
    }
    figures = json.dumps(content, indent=1, allow_nan=False) + "\n"
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, words in (("report.html", page), ("metrics.json", figures)):
            with replacing(out / name) as temporary:
                temporary.write_text(words, encoding="utf-8")
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        message = f"{out}: expected a folder to write the report to, found: {found}; name another"
        raise OutputError(message) from error


def print_evaluations(evaluations: Sequence[Evaluation]) -> None:
    """Print the figures as tables."""
    from rich.console import Console

    from ombud_training.report import tables

    console = Console(width=190) if not Console().is_terminal else Console()
    for table in tables(evaluations):
        console.print(table)
