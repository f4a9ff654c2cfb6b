"""A prediction for people: outcome, reasons, and the text with its passages marked."""

from __future__ import annotations

import sys
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from ombud.documents import Document
from ombud.prediction import Passage, Prediction
from ombud.taxonomy import OUTCOMES, reason

__all__ = ["show_prediction"]

_TITLES: Final = {outcome.label: outcome.title for outcome in OUTCOMES}
_BAR: Final = 24


def show_prediction(prediction: Prediction, document: Document) -> None:
    """Print a prediction; passages are coloured on a terminal and in «marks» elsewhere."""
    console = Console(
        file=sys.stdout,
        highlight=False,
    )
    facts = document.facts
    about = " · ".join(part for part in (facts.body, facts.category, facts.decision_date) if part)
    console.print(f"[bold]{escape(prediction.id)}[/bold] {escape(about)}".rstrip(), soft_wrap=True)
    model = f"{prediction.model.name} {prediction.model.version}"
    console.print(f"view {prediction.view}, model {escape(model)}")
    _show_outcome(console, prediction)
    _show_reasons(console, prediction)
    for warning in prediction.warnings:
        line = f"[yellow]warning[/yellow] {warning.code}: {escape(warning.message)}"
        console.print(line, soft_wrap=True)
    console.print("\n[bold]Text[/bold] (marked: the passages that made the prediction)")
    marked = _marked(prediction, document, plain=not console.is_terminal)
    console.print(marked, soft_wrap=not console.is_terminal)
    console.print()


def _show_outcome(console: Console, prediction: Prediction) -> None:
    console.print(f"\n[bold]Outcome[/bold]  {prediction.outcome}", end="")
    console.print("  [yellow](not sure: ask a person)[/yellow]" if prediction.abstained else "")
    for label, probability in sorted(prediction.probabilities.items(), key=lambda p: -p[1]):
        bar = "█" * round(_BAR * probability)
        inside = "in the 90 % set" if label in prediction.prediction_set else ""
        line = f"  {_TITLES[label]:<31} {probability:6.1%} {bar:<{_BAR}} {inside}"
        console.print(line.rstrip(), soft_wrap=True)


def _show_reasons(console: Console, prediction: Prediction) -> None:
    console.print("\n[bold]Reasons[/bold]")
    if not prediction.reasons:
        console.print("  none is likely enough to name")
    for scored in prediction.reasons:
        title = reason(scored.label).title
        line = f"  {scored.label:<36} {scored.probability:6.1%}  {title}, {scored.ground}"
        console.print(line, soft_wrap=True)


def _marked(prediction: Prediction, document: Document, *, plain: bool) -> Text:
    shown = Text()
    position = 0
    for passage in prediction.rationale:
        shown.append(document.text[position : passage.span.start])
        shown.append(f"«{passage.text}»" if plain else passage.text, style="black on bright_yellow")
        shown.append(f" [{_supports(passage)}]", style="bold cyan")
        position = passage.span.end
    shown.append(document.text[position:])
    return shown


def _supports(passage: Passage) -> str:
    return ", ".join(f"{label} {value:+.2f}" for label, value in passage.supports)
