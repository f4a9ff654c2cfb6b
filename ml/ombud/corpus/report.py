"""What the corpus holds: counts, labels, lengths, and how much of it says the same thing."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ombud.corpus.dataset import GoldCase
from ombud.corpus.words import WORD, own_lines, words
from ombud.errors import InputError
from ombud.taxonomy import OUTCOMES, REASONS

__all__ = ["CorpusReport", "corpus_report", "shared_sequences"]

_SEQUENCE: Final = 8


@dataclass(frozen=True, slots=True)
class CorpusReport:
    """Figures of one dataset; lengths are in words, shares between 0 and 1.

    Attributes:
        documents: Rows, copies for further bodies included.
        groups: Complaints, each counted once.
        outcomes: Documents by outcome.
        reasons: Reason to documents with it, as main reason, and marked passages.
        pairs: Two reasons of one document to how many documents have both.
        statement_words: Lengths of statements (lower quartile, median, upper quartile, longest).
        letter_words: Lengths of letters, likewise.
        shared: Mean and largest share of 8-word sequences that a statement shares with any
            statement of another group.
        letter_shared: Likewise for letters.
    """

    documents: int
    groups: int
    outcomes: dict[str, int]
    reasons: dict[str, tuple[int, int, int]]
    pairs: dict[tuple[str, str], int]
    several_reasons: float
    with_distractor: float
    statement_words: tuple[int, int, int, int]
    letter_words: tuple[int, int, int, int]
    shared: tuple[float, float]
    letter_shared: tuple[float, float]


def corpus_report(rows: Sequence[GoldCase]) -> CorpusReport:
    """Return the figures of a dataset.

    Raises:
        InputError: If there are fewer than two documents.
    """
    if len(rows) < 2:
        message = f"expected at least two documents to report on, found {len(rows)}"
        raise InputError(message)
    reasons = {
        reason.label: (
            sum(any(r.label == reason.label for r in row.reasons) for row in rows),
            sum(any(r.label == reason.label and r.main for r in row.reasons) for row in rows),
            sum(len(r.spans) for row in rows for r in row.reasons if r.label == reason.label),
        )
        for reason in REASONS
    }
    pairs: Counter[tuple[str, str]] = Counter()
    for row in rows:
        labels = sorted(r.label for r in row.reasons)
        pairs.update((a, b) for i, a in enumerate(labels) for b in labels[i + 1 :])
    originals = list({row.group: row for row in reversed(rows)}.values())
    statements = shared_sequences([own_lines(row.text) for row in originals])
    letters = shared_sequences([row.letter.splitlines() for row in originals])
    return CorpusReport(
        documents=len(rows),
        groups=len(originals),
        outcomes={o.label: sum(row.outcome == o.label for row in rows) for o in OUTCOMES},
        reasons=reasons,
        pairs=dict(pairs.most_common()),
        several_reasons=sum(len(row.reasons) > 1 for row in rows) / len(rows),
        with_distractor=sum(bool(row.distractors) for row in rows) / len(rows),
        statement_words=_lengths([row.text for row in rows]),
        letter_words=_lengths([row.letter for row in rows]),
        shared=(statistics.fmean(statements), max(statements)),
        letter_shared=(statistics.fmean(letters), max(letters)),
    )


def shared_sequences(documents: Sequence[Sequence[str]]) -> list[float]:
    """Return, for each document, the share of its 8-word sequences that any other one has.

    Args:
        documents: Each a list of passages; a sequence does not run over the end of one.
    """
    sequences = [
        {
            tuple(said[i : i + _SEQUENCE])
            for passage in passages
            for said in [words(passage)]
            for i in range(len(said) - _SEQUENCE + 1)
        }
        for passages in documents
    ]
    owners = Counter(sequence for own in sequences for sequence in own)
    return [
        sum(owners[sequence] > 1 for sequence in own) / len(own) if own else 0.0
        for own in sequences
    ]


def _lengths(texts: Sequence[str]) -> tuple[int, int, int, int]:
    counts = sorted(len(WORD.findall(text)) for text in texts)
    lower, median, upper = statistics.quantiles(counts, n=4)
    return round(lower), round(median), round(upper), counts[-1]
