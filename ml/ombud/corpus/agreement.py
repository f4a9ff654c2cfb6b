"""How far two readers agree: reasons by Cohen's kappa, passages by F1 of their words.

Kappa (Cohen 1960) compares how often two readers agree on giving a reason with how often they
would by chance, given how often each gives it. Intervals come from a bootstrap over complaints.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ombud.corpus.dataset import GoldCase, complaints
from ombud.corpus.readings import MarkedReason, Settlement
from ombud.corpus.words import WORD
from ombud.errors import InputError
from ombud.metrics import Interval, bootstrap, precision_recall_f1
from ombud.spans import Span
from ombud.taxonomy import OUTCOMES, REASONS

__all__ = ["Agreement", "ReasonAgreement", "agreement", "kappa"]

_LABELS: Final = [reason.label for reason in REASONS]
_OUTCOMES: Final = [outcome.label for outcome in OUTCOMES]

Flags = NDArray[np.bool_]
"""Whether each reason was given. Shape: (complaints, reasons)."""


@dataclass(frozen=True, slots=True)
class ReasonAgreement:
    """Two readers on one reason: complaints for which both, or one alone, gave it."""

    label: str
    both: int
    first_only: int
    second_only: int
    kappa: Interval


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of first marks, before anything was settled, with second ones.

    Attributes:
        complaints: How many were read twice, copies for further bodies counted once.
        readers: Second reader to complaints read.
        settled: How many complaints differed and were settled.
        choices: Whose marks were taken, by difference.
        reasons: Each reason that either reader gave.
        micro: Kappa over all decisions on all reasons at once.
        macro: Mean kappa of the reasons that either reader gave.
        same_reasons: Share of complaints with the very same set of reasons.
        same_main: Share of complaints with the same main reason.
        outcome: Share of complaints for which the reader gave the outcome of the field.
        outcome_kappa: Kappa of the reader's outcome with the field.
        spans_of_shared: Mean F1 of words marked for the reasons that both gave.
        spans_of_all: Mean F1 of words marked for each reason, one reader's alone included.
        spans_of_any: Mean F1 of words marked for any reason, whichever it was.
    """

    complaints: int
    readers: dict[str, int]
    settled: int
    choices: dict[str, int]
    reasons: tuple[ReasonAgreement, ...]
    micro: Interval
    macro: Interval
    same_reasons: Interval
    same_main: Interval
    outcome: Interval
    outcome_kappa: Interval
    spans_of_shared: Interval
    spans_of_all: Interval
    spans_of_any: Interval

    def to_json(self) -> dict[str, Any]:
        """Return the figures as plain objects."""
        return dataclasses.asdict(self)


@dataclass(frozen=True, slots=True)
class _Pair:
    """One complaint with what each reader marked."""

    row: GoldCase
    outcome: str
    first: tuple[MarkedReason, ...]
    second: tuple[MarkedReason, ...]


def agreement(
    rows: Sequence[GoldCase],
    settlements: Mapping[str, Settlement],
    *,
    resamples: int = 1000,
) -> Agreement:
    """Return how far the readers of the complaints that were read twice agree.

    Args:
        rows: The dataset with its second readings; of copies for several bodies the first counts.
        settlements: By case id; their first marks stand in for the settled ones of the dataset.
        resamples: Of the bootstrap.

    Raises:
        InputError: If no complaint was read twice.
    """
    pairs = _pairs(rows, settlements)
    first = _given([pair.first for pair in pairs])
    second = _given([pair.second for pair in pairs])
    groups = [pair.row.group for pair in pairs]
    everyone = np.arange(len(pairs), dtype=np.intp)

    def interval(metric: Callable[[NDArray[np.intp]], float]) -> Interval:
        if math.isnan(metric(everyone)):
            return Interval(math.nan, math.nan, math.nan)
        return bootstrap(metric, groups, resamples=resamples)

    seen = np.flatnonzero((first | second).any(axis=0)).tolist()

    def of_reason(column: int) -> Interval:
        return interval(lambda rows: kappa(first[rows, column], second[rows, column]))

    def macro(rows: NDArray[np.intp]) -> float:
        values = [kappa(first[rows, column], second[rows, column]) for column in seen]
        return float(np.nanmean(values)) if not np.isnan(values).all() else math.nan

    field = np.array([_OUTCOMES.index(pair.row.outcome) for pair in pairs])
    said = np.array([_OUTCOMES.index(pair.outcome) for pair in pairs])
    same_main = np.array([_main(pair.first) == _main(pair.second) for pair in pairs])
    settled = [settlements[group] for group in groups if group in settlements]
    choices = [difference.choice for one in settled for difference in one.settled]
    readers = [pair.row.second_readings()[0].reader for pair in pairs]
    return Agreement(
        complaints=len(pairs),
        readers={reader: readers.count(reader) for reader in sorted(set(readers))},
        settled=len(settled),
        choices={choice: choices.count(choice) for choice in sorted(set(choices))},
        reasons=tuple(
            ReasonAgreement(
                _LABELS[column],
                int((first[:, column] & second[:, column]).sum()),
                int((first[:, column] & ~second[:, column]).sum()),
                int((~first[:, column] & second[:, column]).sum()),
                of_reason(column),
            )
            for column in seen
        ),
        micro=interval(lambda rows: kappa(first[rows].ravel(), second[rows].ravel())),
        macro=interval(macro),
        same_reasons=interval(_mean((first == second).all(axis=1))),
        same_main=interval(_mean(same_main)),
        outcome=interval(_mean(field == said)),
        outcome_kappa=interval(lambda rows: kappa(field[rows], said[rows])),
        spans_of_shared=_span_f1(pairs, _shared, resamples),
        spans_of_all=_span_f1(pairs, _all, resamples),
        spans_of_any=_span_f1(pairs, _any, resamples),
    )


def kappa(first: NDArray[Any], second: NDArray[Any]) -> float:
    """Return Cohen's kappa of two readers' categories; NaN where both use but one category."""
    categories, codes = np.unique(np.concatenate([first, second]), return_inverse=True)
    if len(categories) < 2:
        return math.nan
    one, other = np.split(codes, 2)
    size = len(categories)
    counts = np.bincount(one * size + other, minlength=size**2).reshape(size, size) / len(one)
    chance = float(counts.sum(axis=1) @ counts.sum(axis=0))
    return float((np.trace(counts) - chance) / (1 - chance))


def _pairs(rows: Sequence[GoldCase], settlements: Mapping[str, Settlement]) -> list[_Pair]:
    originals = [row for row in complaints(rows) if row.readings]
    if not originals:
        message = (
            f"expected second readings in the dataset, found none in {len(rows)} documents; "
            "add them to the folder 'readings' of the cases and run 'ombud corpus build'"
        )
        raise InputError(message)
    pairs = []
    for row in originals:
        second = row.second_readings()[0]
        before = settlements.get(row.group)
        first = tuple(MarkedReason(r.label, r.main, r.spans) for r in row.reasons)
        pairs.append(_Pair(row, second.outcome, before.first if before else first, second.reasons))
    return pairs


def _given(marks: Sequence[Sequence[MarkedReason]]) -> Flags:
    return np.array([[label in {r.label for r in own} for label in _LABELS] for own in marks])


def _main(marks: Sequence[MarkedReason]) -> str:
    return next((reason.label for reason in marks if reason.main), "")


def _mean(flags: Flags) -> Callable[[NDArray[np.intp]], float]:
    return lambda rows: float(flags[rows].mean())


Tokens = set[tuple[str, int]]


def _tokens(text: str, marks: Sequence[MarkedReason]) -> Tokens:
    """Return the words that passages cover, each with the reason it was marked for."""
    words = [Span(*match.span()) for match in WORD.finditer(text)]
    return {
        (reason.label, number)
        for reason in marks
        for number, word in enumerate(words)
        if any(word.overlaps(span) for span in reason.spans)
    }


def _shared(pair: _Pair) -> tuple[Tokens, Tokens]:
    both = {r.label for r in pair.first} & {r.label for r in pair.second}
    first, second = _all(pair)
    return {t for t in first if t[0] in both}, {t for t in second if t[0] in both}


def _all(pair: _Pair) -> tuple[Tokens, Tokens]:
    return _tokens(pair.row.text, pair.first), _tokens(pair.row.text, pair.second)


def _any(pair: _Pair) -> tuple[Tokens, Tokens]:
    first, second = _all(pair)
    return {("", number) for _, number in first}, {("", number) for _, number in second}


def _span_f1(
    pairs: Sequence[_Pair], marked: Callable[[_Pair], tuple[Tokens, Tokens]], resamples: int
) -> Interval:
    """Return the mean over complaints of F1, where either reader marked a word."""
    both = [(pair.row.group, *marked(pair)) for pair in pairs]
    kept = [(group, first, second) for group, first, second in both if first or second]
    if not kept:
        return Interval(math.nan, math.nan, math.nan)
    scores = np.array([_f1(first, second) for _, first, second in kept])
    return bootstrap(
        lambda rows: float(scores[rows].mean()),
        [group for group, _, _ in kept],
        resamples=resamples,
    )


def _f1(first: Tokens, second: Tokens) -> float:
    numbers = {token: number for number, token in enumerate(first | second)}
    return precision_recall_f1([numbers[t] for t in first], [numbers[t] for t in second])[2]
