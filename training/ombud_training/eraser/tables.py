"""The figures of the ERASER bench as tables for people."""

from __future__ import annotations

from typing import Final

from rich.table import Table

from ombud_training.eraser.bench import EraserResult

__all__ = ["tables"]

_NAMES: Final = {
    "accuracy": "accuracy",
    "token_f1": "token F1",
    "iou_f1": "IOU F1 (0.5)",
    "auprc": "AUPRC",
    "comprehensiveness": "comprehensiveness",
    "sufficiency": "sufficiency",
}


def tables(result: EraserResult) -> list[Table]:
    """Return one table of the budget asked for and one of all budgets."""
    title = f"ERASER movies, part {result.split}, {len(result.predictions)} reviews"
    chosen = Table(
        "figure",
        "value",
        title=f"{title}: {result.budget:.0%} of the tokens",
        caption="classes from the chosen passages alone; rule chosen on validation: evidence of "
        + ("one class" if result.rule.one_side else "any class")
        + f", temperature {result.rule.temperature:.2f}",
    )
    for name, value in result.figures.items():
        chosen.add_row(_NAMES[name], f"{value:.3f}")
    chosen.add_row("comprehensiveness (AOPC)", f"{result.comprehensiveness_aopc:.3f}")
    chosen.add_row("sufficiency (AOPC)", f"{result.sufficiency_aopc:.3f}")
    budgets = Table(
        "budget",
        "chosen",
        "accuracy",
        "token F1",
        "random token F1",
        title=f"{title}: by budget",
        caption=f"95 % bootstrap intervals over reviews; token F1 of all words "
        f"{result.all_token_f1:.3f}",
    )
    for one in result.at_budgets:
        budgets.add_row(
            f"{one.budget:.0%}",
            f"{one.chosen:.1%}",
            str(one.accuracy),
            str(one.token_f1),
            f"{one.random_token_f1:.3f}",
        )
    return [chosen, budgets]
