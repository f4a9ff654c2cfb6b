"""Evaluations as tables for people, and as Markdown for the model card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.table import Table

from ombud.metrics import Interval
from ombud.taxonomy import OUTCOMES
from ombud_training.evaluate import Evaluation, Scores

__all__ = ["RATIONALE_FIGURES", "markdown", "rationale_figures", "tables"]

RATIONALE_FIGURES: Final = (
    "sentence F1",
    "token F1",
    "IOU F1",
    "AUPRC",
    "comprehensiveness",
    "sufficiency",
)
_WITHOUT_FAITHFULNESS: Final = 4
_AGREEMENT: Final = "F1 and AUPRC against gold marks (IOU at 0.5)"
_FAITHFULNESS: Final = (
    "comprehensiveness (higher is better) and sufficiency (lower is better) of the model's own "
    "outcome, over 1, 5, 10, 20 and 50 % of the words, at least one sentence; a floor's are those of "
    "its sentences read by the same model"
)

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
        rationales = Table(
            "system",
            *_rationale_columns(evaluation),
            title=f"{title}: rationales",
            caption=f"{caption}; {_meaning(evaluation)}",
        )
        for scores in evaluation.scores:
            if scores.rationale is not None:
                rationales.add_row(scores.name, *_rationale_cells(scores, evaluation))
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
        columns = ["rationales", *_rationale_columns(evaluation)]
        parts += ["", "| " + " | ".join(columns) + " |", "|---" * len(columns) + "|"]
        parts += [
            "| " + " | ".join([scores.name, *_rationale_cells(scores, evaluation)]) + " |"
            for scores in evaluation.scores
            if scores.rationale is not None
        ]
        parts += ["", f"Rationales: {_meaning(evaluation)}.", ""]
    return "\n".join(parts)


def rationale_figures(scores: Scores) -> list[Interval | None]:
    """Return the figures of a system's rationales in the order of `RATIONALE_FIGURES`."""
    passages, faithful = scores.passages, scores.faithfulness
    return [
        scores.rationale,
        passages.token_f1 if passages else None,
        passages.iou_f1 if passages else None,
        passages.auprc if passages else None,
        faithful.comprehensiveness if faithful else None,
        faithful.sufficiency if faithful else None,
    ]


def _rationale_columns(evaluation: Evaluation) -> list[str]:
    return list(RATIONALE_FIGURES[: _shown(evaluation)])


def _rationale_cells(scores: Scores, evaluation: Evaluation) -> list[str]:
    return [_cell(interval) for interval in rationale_figures(scores)[: _shown(evaluation)]]


def _meaning(evaluation: Evaluation) -> str:
    measured = _shown(evaluation) > _WITHOUT_FAITHFULNESS
    return f"{_AGREEMENT}; {_FAITHFULNESS}" if measured else _AGREEMENT


def _shown(evaluation: Evaluation) -> int:
    """Return how many figures of rationales were measured."""
    measured = any(scores.faithfulness is not None for scores in evaluation.scores)
    return len(RATIONALE_FIGURES) if measured else _WITHOUT_FAITHFULNESS


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
