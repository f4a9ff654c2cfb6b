"""The leak table: what the model still knows once sections, or the marked passages, are gone."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ombud.corpus import GoldCase
from ombud.documents import SectionKind
from ombud.errors import InputError
from ombud.metrics import Interval
from ombud.metrics.resamples import Resamples
from ombud.predictor import Predictor
from ombud.taxonomy import OUTCOMES
from ombud.views import Reading, View, read
from ombud_training.evaluate import Answers, answers_of, marked_sentences

__all__ = ["Leak", "leaks"]

_OUTCOMES: Final = tuple(outcome.label for outcome in OUTCOMES)
_REMOVED: Final[dict[str, frozenset[SectionKind]]] = {
    "summary": frozenset({"summary"}),
    "the complaint": frozenset({"complaint"}),
    "role and powers": frozenset({"role_and_powers"}),
    "assessment or findings": frozenset({"assessment", "findings"}),
    "agreed action": frozenset({"agreed_action"}),
    "final decision": frozenset({"decision"}),
    "summary and final decision": frozenset({"summary", "decision"}),
    "summary, agreed action, final decision": frozenset({"summary", "agreed_action", "decision"}),
    "assessment, agreed action, final decision": frozenset(
        {"assessment", "findings", "agreed_action", "decision"}
    ),
}
_ONLY: Final[dict[str, frozenset[SectionKind]]] = {
    "the complaint": frozenset({"complaint"}),
    "role and powers": frozenset({"role_and_powers"}),
    "summary": frozenset({"summary"}),
    "assessment or findings": frozenset({"assessment", "findings"}),
    "final decision": frozenset({"decision"}),
}

Change = Callable[[GoldCase, Reading], Reading | None]
"""From a case and the whole reading of it to what is left; None where nothing changed."""


@dataclass(frozen=True, slots=True)
class Leak:
    """The model on changed readings, beside itself on the whole ones of the same documents.

    Attributes:
        change: What was removed, or alone was left.
        documents: That the change touched and left something of.
        macro_f1: Of the outcome, changed.
        macro_f1_change: Changed less whole, drawn in pairs.
        reasons_micro_f1: Of the reasons, changed.
        reasons_change: Changed less whole, drawn in pairs.
    """

    change: str
    documents: int
    macro_f1: Interval
    macro_f1_change: Interval
    reasons_micro_f1: Interval
    reasons_change: Interval


def leaks(
    predictor: Predictor,
    cases: Sequence[GoldCase],
    readings: Sequence[Reading],
    whole: Answers,
    resamples: int = 1000,
) -> list[Leak]:
    """Return a row for each change that touches any document.

    Args:
        predictor: The model.
        cases: What is scored.
        readings: What is read of each, all in one view.
        whole: The model's answers to the whole readings.
        resamples: Of the intervals.
    """
    rows = [
        _leak(name, change, predictor, cases, readings, whole, resamples)
        for name, change in _changes(readings[0].view).items()
    ]
    return [row for row in rows if row is not None]


def _changes(view: View) -> dict[str, Change]:
    def without(kinds: frozenset[SectionKind]) -> Change:
        return lambda _, reading: _kept(reading, lambda kind: kind not in kinds)

    def only(kinds: frozenset[SectionKind]) -> Change:
        return lambda _, reading: _kept(reading, lambda kind: kind in kinds)

    changes: dict[str, Change] = {}
    if view == "statement":
        changes |= {f"without {name}": without(kinds) for name, kinds in _REMOVED.items()}
        changes |= {f"only {name}": only(kinds) for name, kinds in _ONLY.items()}
    else:
        changes["“The complaint” of the statement in place of the letter"] = _complaint_section
    changes["without the passages marked as reasons"] = _unmarked
    return changes


def _kept(reading: Reading, keep: Callable[[SectionKind], bool]) -> Reading | None:
    sentences = tuple(s for s in reading.sentences if keep(s.section))
    if not sentences or len(sentences) == len(reading.sentences):
        return None
    return dataclasses.replace(reading, sentences=sentences)


def _unmarked(case: GoldCase, reading: Reading) -> Reading | None:
    marked = set(marked_sentences(case, reading))
    sentences = tuple(s for n, s in enumerate(reading.sentences) if n not in marked)
    if not sentences or not marked:
        return None
    return dataclasses.replace(reading, sentences=sentences)


def _complaint_section(case: GoldCase, _reading: Reading) -> Reading | None:
    try:
        return read(case.document("statement"), "complaint")
    except InputError:
        return None


def _leak(
    name: str,
    change: Change,
    predictor: Predictor,
    cases: Sequence[GoldCase],
    readings: Sequence[Reading],
    whole: Answers,
    resamples: int,
) -> Leak | None:
    pairs_read = enumerate(zip(cases, readings, strict=True))
    changed = {n: kept for n, (case, reading) in pairs_read if (kept := change(case, reading))}
    if not changed:
        return None
    numbers, left = list(changed), list(changed.values())
    found = answers_of(predictor.predict_readings(left, all_reasons=True), left, predictor)
    draws = Resamples([cases[n].group for n in numbers], resamples)
    gold = _codes([cases[n].outcome for n in numbers])
    given = [{reason.label for reason in cases[n].reasons} for n in numbers]
    pairs = []
    for outcomes, reasons in (
        (found.outcomes, found.reasons),
        ([whole.outcomes[n] for n in numbers], [whole.reasons[n] for n in numbers]),
    ):
        hits = [len(a & b) for a, b in zip(given, reasons, strict=True)]
        sizes = [len(a) + len(b) for a, b in zip(given, reasons, strict=True)]
        micro = 2 * draws.sum(hits) / np.maximum(1.0, draws.sum(sizes))
        pairs.append((draws.macro_f1s(gold, _codes(outcomes)), micro))
    (macro, micro), (macro_whole, micro_whole) = pairs
    return Leak(
        name,
        len(numbers),
        draws.interval(macro),
        draws.interval(macro - macro_whole),
        draws.interval(micro),
        draws.interval(micro - micro_whole),
    )


def _codes(labels: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    return np.array([_OUTCOMES.index(label) for label in labels], dtype=np.intp)
