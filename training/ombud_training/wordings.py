"""Readings made of single wordings: mixed ones without an outcome, or short texts that may have one."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import torch

from ombud.corpus import Wording
from ombud.documents import SECTION_KINDS, Document, Section
from ombud.spans import Span
from ombud.taxonomy import OUTCOMES, REASONS
from ombud.views import VIEWS, Reading, Sentence
from ombud_training.examples import Example

__all__ = ["implied_outcome", "short_statements", "wording_examples"]

_OUTCOMES: Final = [outcome.label for outcome in OUTCOMES]
_REASONS: Final = [reason.label for reason in REASONS]
_A_READING: Final = 8
_MOST: Final = 4
_SECOND_REASON: Final = 0.3
_MIXED: Final = 0.4
_AROUND: Final = 6
_FINDINGS: Final = {
    "fault_causing_injustice": "upheld",
    "fault_without_injustice": "upheld",
    "fault_already_remedied": "upheld",
    "remedy_agreed_early": "upheld",
    "no_fault": "not_upheld",
    "investigation_discontinued": "not_upheld",
}


def implied_outcome(label: str) -> str:
    """Return the outcome of a statement whose one reason this is.

    A reason not to investigate closes the case; a finding decides it.
    """
    return _FINDINGS.get(label, "closed_after_initial_enquiries")


def wording_examples(wordings: Sequence[Wording], seed: int) -> list[Example]:
    """Return readings of a few wordings each, in an order drawn by `seed`.

    Such a reading is of one view and has no outcome; its reasons are those that its sentences give.
    """
    order = list(wordings)
    random.Random(seed).shuffle(order)
    return [
        _example(own[start : start + _A_READING], None)
        for view in VIEWS
        for own in [[wording for wording in order if wording.view == view]]
        for start in range(0, len(own), _A_READING)
    ]


def short_statements(wordings: Sequence[Wording], seed: int) -> list[Example]:
    """Return short statements of one to four wordings of one reason each, drawn by `seed`.

    Some have wordings of a second reason of the same outcome, some a sentence that only looks like
    a reason; some find fault and no fault, and are upheld. Every wording stands in exactly one
    statement. Sentences of letters make letters without an outcome, for what a person tells does
    not settle it: one or two reasons among sentences that carry none, which may come again.
    """
    draw = random.Random(seed)
    statements, letters = ([w for w in wordings if w.view == view] for view in VIEWS)
    return [*_statements(statements, draw), *_letters(letters, draw)]


def _pieces(
    wordings: Sequence[Wording], draw: random.Random
) -> tuple[dict[str, list[list[Wording]]], list[Wording]]:
    """Return one to four wordings of one reason each, by outcome, and those that give none."""
    by_label: dict[str, list[Wording]] = defaultdict(list)
    for wording in wordings:
        by_label[wording.labels[0] if wording.labels else ""].append(wording)
    others = by_label.pop("", [])
    draw.shuffle(others)
    pieces: dict[str, list[list[Wording]]] = defaultdict(list)
    for label in sorted(by_label):
        own = by_label[label]
        draw.shuffle(own)
        pieces[implied_outcome(label)] += _cut(own, draw)
    return pieces, others


def _statements(wordings: Sequence[Wording], draw: random.Random) -> Iterator[Example]:
    pieces, others = _pieces(wordings, draw)
    _mix_findings(pieces, draw)
    for outcome in sorted(pieces):
        for text in _joined(pieces[outcome], others, draw):
            yield _example(_in_order(text), outcome)
    for piece in _cut(others, draw):
        yield _example(_in_order(piece), None)


def _mix_findings(pieces: dict[str, list[list[Wording]]], draw: random.Random) -> None:
    """Move some findings of no fault to statements that find fault elsewhere, and are upheld."""
    found = pieces["upheld"]
    mixed: list[list[Wording]] = []
    alone: list[list[Wording]] = []
    for piece in pieces["not_upheld"]:
        (mixed if draw.random() < _MIXED and len(mixed) < len(found) else alone).append(piece)
    pieces["not_upheld"] = alone
    draw.shuffle(found)
    for number, piece in enumerate(mixed):
        found[number] = found[number] + piece


def _letters(wordings: Sequence[Wording], draw: random.Random) -> Iterator[Example]:
    """Yield letters of a piece or two among sentences that carry no reason, without an outcome."""
    pieces, others = _pieces(wordings, draw)
    left = [piece for own in pieces.values() for piece in own]
    draw.shuffle(left)
    while left:
        letter = left.pop()
        if left and draw.random() < _SECOND_REASON:
            letter = letter + left.pop()
        letter = letter + draw.choices(others, k=draw.randint(1, _AROUND) if others else 0)
        draw.shuffle(letter)
        yield _example(letter, None)


def _cut(wordings: Sequence[Wording], draw: random.Random) -> Iterator[list[Wording]]:
    start = 0
    while start < len(wordings):
        end = start + draw.randint(1, _MOST)
        yield list(wordings[start:end])
        start = end


def _joined(
    pieces: list[list[Wording]], others: list[Wording], draw: random.Random
) -> Iterator[list[Wording]]:
    """Yield pieces, some two together; two in five with one of `others`, which are used up."""
    draw.shuffle(pieces)
    while pieces:
        statement = pieces.pop()
        if pieces and draw.random() < _SECOND_REASON:
            statement = statement + pieces.pop()
        if others and draw.random() < 0.4:
            statement = [*statement, others.pop()]
        yield statement


def _in_order(statement: Sequence[Wording]) -> list[Wording]:
    return sorted(statement, key=lambda wording: SECTION_KINDS.index(wording.section))


def _example(wordings: Sequence[Wording], outcome: str | None) -> Example:
    text = "\n".join(wording.text for wording in wordings)
    sentences = []
    start = 0
    gates = torch.zeros(len(wordings), 1 + len(_REASONS))
    for number, wording in enumerate(wordings):
        end = start + len(wording.text)
        sentences.append(Sentence(Span(start, end), wording.section))
        start = end + 1
        for label in wording.labels:
            gates[number, 1 + _REASONS.index(label)] = 1.0
        gates[number, 0] = float(bool(wording.labels))
    if outcome is None:
        gates[:, 0] = float("nan")
    document = Document("wordings", text, (Section("body", Span(0, len(text))),))
    reading = Reading(document, wordings[0].view, tuple(sentences))
    reached = None if outcome is None else _OUTCOMES.index(outcome)
    return Example(reading, reached, gates[:, 1:].amax(dim=0), gates)
