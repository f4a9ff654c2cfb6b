"""The worst mistakes, with the text that was read and its passages."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from ombud.corpus import GoldCase
from ombud.prediction import Prediction
from ombud.spans import Span
from ombud.views import View

__all__ = ["Mistake", "Piece", "outcome_mistakes", "reason_mistakes"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a text: whether the model chose them, and whether a reader marked them."""

    words: str
    chosen: bool
    marked: bool


@dataclass(frozen=True, slots=True)
class Mistake:
    """One document and what was wrong with its prediction.

    Attributes:
        id: Of the document.
        about: Body, category and date.
        said: What the model said, with its probability.
        gold: What is true.
        weight: How sure the model was of what is wrong.
        abstained: Whether the model left the outcome to a person.
        pieces: The whole text.
    """

    id: str
    about: str
    said: str
    gold: str
    weight: float
    abstained: bool
    pieces: tuple[Piece, ...]


def outcome_mistakes(
    cases: Sequence[GoldCase], predictions: Sequence[Prediction], view: View, most: int = 6
) -> list[Mistake]:
    """Return the wrong outcomes that the model was surest of, one a complaint."""
    wrong = [
        (prediction.probabilities[prediction.outcome], case, prediction)
        for case, prediction in zip(cases, predictions, strict=True)
        if prediction.outcome != case.outcome
    ]
    found: dict[str, Mistake] = {}
    for sure, case, prediction in sorted(wrong, key=lambda w: (-w[0], w[1].id)):
        if case.group not in found and len(found) < most:
            said = f"said {prediction.outcome} ({sure:.0%})"
            gold = f"{case.outcome} (given {prediction.probabilities[case.outcome]:.0%})"
            found[case.group] = _mistake(case, prediction, view, said, gold, sure)
    return list(found.values())


def reason_mistakes(
    cases: Sequence[GoldCase],
    predictions: Sequence[Prediction],
    given: Sequence[frozenset[str]],
    view: View,
    most: int = 6,
) -> list[Mistake]:
    """Return the wrong reasons that the model was surest of, given or left out, one a complaint.

    Args:
        cases: What was read.
        predictions: With all reasons.
        given: The reasons over their threshold.
        view: What was read of it.
        most: How many to return.
    """
    wrong = []
    for case, prediction, over in zip(cases, predictions, given, strict=True):
        gold = {reason.label for reason in case.reasons}
        told = {reason.label: reason.probability for reason in prediction.reasons}
        for label in gold ^ over:
            sure = told[label] if label in over else 1 - told[label]
            verb = "gave" if label in over else "left out"
            said = f"{verb} {label} ({told[label]:.0%})"
            wrong.append((sure, case, prediction, said, ", ".join(sorted(gold))))
    found: dict[str, Mistake] = {}
    for sure, case, prediction, said, gold_labels in sorted(
        wrong, key=lambda w: (-w[0], w[1].id, w[3])
    ):
        if case.group not in found and len(found) < most:
            found[case.group] = _mistake(case, prediction, view, said, gold_labels, sure)
    return list(found.values())


def _mistake(
    case: GoldCase, prediction: Prediction, view: View, said: str, gold: str, sure: float
) -> Mistake:
    text = case.document(view).text
    chosen = [passage.span for passage in prediction.rationale]
    marked = [span for own in case.gold_spans(view).values() for span in own]
    about = ", ".join((case.body, case.category, case.decision_date))
    pieces = _pieces(text, chosen, marked)
    return Mistake(case.id, about, said, gold, sure, prediction.abstained, pieces)


def _pieces(text: str, chosen: Sequence[Span], marked: Sequence[Span]) -> tuple[Piece, ...]:
    spans = [*chosen, *marked]
    edges = sorted({0, len(text), *(s.start for s in spans), *(s.end for s in spans)})
    pieces = []
    for start, end in itertools.pairwise(edges):
        here = Span(start, end)
        pieces.append(
            Piece(
                text[start:end],
                any(span.overlaps(here) for span in chosen),
                any(span.overlaps(here) for span in marked),
            )
        )
    return tuple(pieces)
