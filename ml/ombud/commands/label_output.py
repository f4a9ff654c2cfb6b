"""How `ombud label` shows the labels of a document, and the taxonomy."""

from __future__ import annotations

import contextlib
import enum
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ombud.atomic import replacing
from ombud.errors import InputError
from ombud.taxonomy import OUTCOMES, REASONS, reason

if TYPE_CHECKING:
    from ombud.documents import Document
    from ombud.labelling import Ballot, LabelModel
    from ombud.spans import Span

__all__ = ["Format", "as_json", "as_text", "print_taxonomy", "write_lines", "writing"]


class Format(enum.StrEnum):
    """How results are written."""

    TEXT = "text"
    JSON = "json"


@contextlib.contextmanager
def writing(out: Path) -> Iterator[None]:
    """Turn an error of the file system into one sentence about `out`.

    Raises:
        InputError: If `out` cannot be written.
    """
    try:
        yield
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        message = f"{out}: expected a file that can be written, found: {found}; check the path"
        raise InputError(message) from error


def write_lines(out: Path, lines: Sequence[str]) -> None:
    """Write `lines`, whole or not at all."""
    with replacing(out) as temporary:
        temporary.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def as_text(path: Path, document: Document, ballot: Ballot, model: LabelModel | None) -> str:
    """Return the labels of one document as lines for people.

    With a label model, each reason has its probability, the most probable first.
    """
    from ombud.labelling import summary

    lines = [f"{path} ({document.id})"]
    spans = summary(ballot.votes)
    probabilities = _probabilities(ballot, model)
    for name in sorted(spans, key=lambda n: -probabilities.get(n, 0.0)):
        sure = f" {probabilities[name]:.2f}" if model else ""
        lines.append(f"  {name}{sure} ({reason(name).ground})")
        for span in spans[name]:
            passage = " ".join(span.of(document.text).split())
            lines.append(f"    [{span.start}:{span.end}] {_section(document, span)}: {passage}")
    if len(lines) == 1:
        lines.append("  no reason found: every labelling function abstains")
    return "\n".join(lines)


def as_json(path: Path, document: Document, ballot: Ballot, model: LabelModel | None) -> str:
    """Return the labels of one document as one line of JSON."""
    from ombud.labelling import summary

    probabilities = _probabilities(ballot, model)
    labels: list[dict[str, Any]] = [
        {
            "label": name,
            "ground": reason(name).ground,
            **({"probability": round(probabilities[name], 6)} if model else {}),
            "evidence": [_evidence(document, ballot, name, span) for span in spans],
        }
        for name, spans in summary(ballot.votes).items()
    ]
    row = {"file": str(path), "id": document.id, "labels": labels}
    return json.dumps(row, ensure_ascii=False)


def _evidence(document: Document, ballot: Ballot, name: str, span: Span) -> dict[str, Any]:
    return {
        "start": span.start,
        "end": span.end,
        "text": span.of(document.text),
        "section": _section(document, span),
        "functions": [v.function for v in ballot.votes if v.label == name and v.span == span],
    }


def _probabilities(ballot: Ballot, model: LabelModel | None) -> dict[str, float]:
    if model is None:
        return {}
    return {name: float(p[0]) for name, p in model.probabilities([ballot]).items()}


def _section(document: Document, span: Span) -> str:
    return next(s.kind for s in document.sections if s.span.overlaps(span))


def print_taxonomy() -> None:
    """Print outcomes and reasons with their grounds: a table, or tabs off a terminal."""
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
