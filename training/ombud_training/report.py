"""Evaluations as tables for people, and as Markdown for the model card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.table import Table

from ombud.metrics import Interval
from ombud.taxonomy import OUTCOMES
from ombud_training.evaluate import Evaluation, Scores

__all__ = ["markdown", "tables"]

_SHORT: Final = {
    "upheld": "F1 upheld",
    "not_upheld": "F1 not upheld",
    "closed_after_initial_enquiries": "F1 closed",
}


def tables(evaluations: Sequence[Evaluation]) -> list[Table]:
    """Return two tables an evaluation: outcomes and reasons, and rationales."""
    made = []
    for evaluation in evaluations:
        title, caption = _title(evaluation), _caption(evaluation)
        labels = Table(title=f"{title}: outcome and reasons", caption=caption)
        for number, column in enumerate(_columns()):
            labels.add_column(column, no_wrap=number == 0)
        for scores in evaluation.scores:
            if scores.outcome is not None:
                labels.add_row(*_cells(scores))
        rationales = Table("system", "sentence F1", title=f"{title}: rationales", caption=caption)
        for scores in evaluation.scores:
            if scores.rationale is not None:
                rationales.add_row(scores.name, _cell(scores.rationale))
        made += [labels, rationales]
    return made


def markdown(evaluations: Sequence[Evaluation]) -> str:
    """Return the same tables in Markdown."""
    parts = []
    for evaluation in evaluations:
        parts += [f"### {_title(evaluation)}", "", _caption(evaluation), ""]
        columns = _columns()
        parts += ["| " + " | ".join(columns) + " |", "|---" * len(columns) + "|"]
        parts += [
            "| " + " | ".join(_cells(scores)) + " |"
            for scores in evaluation.scores
            if scores.outcome is not None
        ]
        parts += ["", "| system | rationale sentence F1 |", "|---|---|"]
        parts += [
            f"| {scores.name} | {_cell(scores.rationale)} |"
            for scores in evaluation.scores
            if scores.rationale is not None
        ]
        parts.append("")
    return "\n".join(parts)


def _title(evaluation: Evaluation) -> str:
    return f"view {evaluation.view}, {evaluation.data} data, {evaluation.split} split"


def _caption(evaluation: Evaluation) -> str:
    return (
        f"{evaluation.documents} documents in {evaluation.groups} groups; "
        "95 % bootstrap intervals over groups"
    )


def _columns() -> list[str]:
    return [
        "system",
        "macro-F1",
        "accuracy",
        "MCC",
        *(_SHORT[outcome.label] for outcome in OUTCOMES),
        "reasons micro-F1",
        "reasons macro-F1",
    ]


def _cells(scores: Scores) -> list[str]:
    outcome, reasons = scores.outcome, scores.reasons
    if outcome is None:
        return [scores.name]
    return [
        scores.name,
        _cell(outcome.macro_f1),
        _cell(outcome.accuracy),
        _cell(outcome.mcc),
        *(_cell(outcome.per_class_f1.get(o.label)) for o in OUTCOMES),
        _cell(reasons.micro_f1 if reasons else None),
        _cell(reasons.macro_f1 if reasons else None),
    ]


def _cell(interval: Interval | None) -> str:
    if interval is None:
        return "-"
    return f"{interval.value:.2f} [{interval.low:.2f}, {interval.high:.2f}]"
