"""All labelling functions, and what they say of a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from ombud.documents import Document
from ombud.labelling import (
    appeals,
    courts,
    discretion,
    exclusions,
    finding,
    history,
    people,
    stated,
    timing,
    verdict_appeals,
    verdict_discretion,
    verdict_elsewhere,
    verdict_exclusions,
    verdict_findings,
    verdict_history,
    verdict_timing,
    worth,
)
from ombud.labelling.functions import LabellingFunction, Vote
from ombud.labelling.scan import Ballot, poll, scan
from ombud.spans import Span
from ombud.taxonomy import REASONS

__all__ = ["LABELLING_FUNCTIONS", "apply", "ballot", "evidence", "summary"]


_VERDICTS: Final = (
    *verdict_discretion.FUNCTIONS,
    *verdict_history.FUNCTIONS,
    *verdict_timing.FUNCTIONS,
    *verdict_appeals.FUNCTIONS,
    *verdict_elsewhere.FUNCTIONS,
    *verdict_exclusions.FUNCTIONS,
    *verdict_findings.FUNCTIONS,
)


def _in_passing(functions: Iterable[LabellingFunction]) -> Iterator[LabellingFunction]:
    """Yield functions of verdicts as they read what lies between: support, no evidence alone."""
    for function in functions:
        if function.name.endswith(".verdict"):
            yield replace(
                function,
                name=function.name.replace(".verdict", ".support"),
                sections=frozenset(("assessment", "findings")),
                weight="weak",
            )


LABELLING_FUNCTIONS: Final[tuple[LabellingFunction, ...]] = (
    *discretion.FUNCTIONS,
    *worth.FUNCTIONS,
    *_VERDICTS,
    *stated.FUNCTIONS,
    *_in_passing(_VERDICTS),
    *history.FUNCTIONS,
    *timing.FUNCTIONS,
    *people.FUNCTIONS,
    *appeals.FUNCTIONS,
    *courts.FUNCTIONS,
    *exclusions.FUNCTIONS,
    *finding.FUNCTIONS,
)
"""Every labelling function, by family; each name is unique and each reason has at least one."""


def apply(document: Document) -> tuple[Vote, ...]:
    """Return the votes of all labelling functions on `document`, in text order.

    Raises:
        InputError: If there is nothing to read in the document.
    """
    return scan(document, LABELLING_FUNCTIONS)


def ballot(document: Document) -> Ballot:
    """Return how every labelling function votes on `document`.

    Raises:
        InputError: If there is nothing to read in the document.
    """
    return poll(document, LABELLING_FUNCTIONS)


def evidence(function: LabellingFunction, document: Document) -> tuple[Span, ...] | None:
    """Return the passages that `function` takes as evidence, or `None` where it abstains.

    The answer is the one it gives among all the others: it may give way to them, or need one
    that bears it out.

    Raises:
        InputError: If there is nothing to read in the document.
    """
    others = tuple(other for other in LABELLING_FUNCTIONS if other.name != function.name)
    votes = scan(document, (*others, function))
    return tuple(vote.span for vote in votes if vote.function == function.name) or None


def summary(votes: tuple[Vote, ...]) -> dict[str, tuple[Span, ...]]:
    """Return the labels that have votes, in the taxonomy's order, each with its passages."""
    spans: dict[str, set[Span]] = {}
    for vote in votes:
        spans.setdefault(vote.label, set()).add(vote.span)
    return {r.label: tuple(sorted(spans[r.label])) for r in REASONS if r.label in spans}
