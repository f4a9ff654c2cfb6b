"""A few gold cases with marked passages, which say their outcome plainly."""

from __future__ import annotations

from cases import row
from ombud.corpus import GoldCase, GoldReason
from ombud.spans import Span

KINDS = {
    "upheld": ("fault_causing_injustice", "The Council lost the form and that hurt Mr Z."),
    "not_upheld": ("no_fault", "Nothing the Council did was wrong here."),
    "closed_after_initial_enquiries": ("late", "Nine years is far too long to wait."),
}


def gold_case(number: int, outcome: str) -> GoldCase:
    """Return a case whose assessment holds the one sentence of its outcome."""
    label, said = KINDS[outcome]
    text = (
        f"The complaint\nMr Z lost hedge number {number}. He wants it back.\n"
        f"My assessment\nI read the papers. {said} That is all.\n"
    )
    letter = f"My hedge number {number} went. {said} Please help me."
    spans = [Span(at, at + len(said)) for at in (text.index(said), letter.index(said))]
    reason = GoldReason(label, True, (spans[0],), (spans[1],))
    return row(
        number,
        writer=f"w{number % 4}",
        outcome=outcome,
        text=text,
        letter=letter,
        reasons=(reason,),
    )


def gold_cases(count: int) -> list[GoldCase]:
    """Return cases of all outcomes in turn, a month apart."""
    outcomes = list(KINDS)
    return [gold_case(number, outcomes[number % 3]) for number in range(count)]
