"""What the corpus holds: counts, labels, lengths, and how much of it says the same thing."""

from __future__ import annotations

import dataclasses
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from ombud.corpus.authored import Case
from ombud.corpus.dataset import GoldCase, complaints
from ombud.corpus.stock import has_stock_phrase
from ombud.corpus.words import WORD, own_lines, words
from ombud.errors import InputError
from ombud.taxonomy import OUTCOMES, REASONS

__all__ = ["CorpusReport", "Lengths", "Writing", "corpus_report", "shared_sequences"]

_SEQUENCE: Final = 8
_WINDOW: Final = 50


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lengths of some texts in words, in ascending order."""

    words: tuple[int, ...]

    @property
    def quartiles(self) -> tuple[int, int, int, int]:
        """Lower quartile, median, upper quartile, and the longest."""
        if len(self.words) < 2:
            only = max(self.words, default=0)
            return only, only, only, only
        lower, median, upper = statistics.quantiles(self.words, n=4)
        return round(lower), round(median), round(upper), self.words[-1]

    def share(self, low: int, high: int) -> float:
        """Return the share of texts from `low` to `high` words long; 0 where there is none."""
        return sum(low <= count <= high for count in self.words) / max(1, len(self.words))


@dataclass(frozen=True, slots=True)
class Writing:
    """What the case files say beside the dataset.

    Attributes:
        at_odds: Documents whose outcome field and text disagree.
        free: Reasons in complaints specified without the scheme's usual formula.
        reasons: All reasons of all complaints.
        free_with_stock: Of the `free` ones, how many hold a stock phrase all the same.
        letter_styles: Style of letter to outcome to complaints.
    """

    at_odds: int
    free: int
    reasons: int
    free_with_stock: int
    letter_styles: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class CorpusReport:
    """Figures of one dataset; lengths are in words, shares between 0 and 1.

    Attributes:
        documents: Rows, copies for further bodies included.
        groups: Complaints, each counted once.
        duplicate_groups: Complaints published for several bodies.
        outcomes: Documents by outcome.
        reasons: Reason to documents with it, as main reason, and marked passages.
        matrix: Reason to outcome to documents.
        pairs: Two reasons of one document to how many documents have both.
        years: Year of decision to documents.
        writers: Writer's batch to complaints.
        several_reasons: Share of documents with two reasons or more.
        with_distractor: Share of documents with a marked distractor.
        freely: Reason to complaints that say it without a stock phrase, and those that say it.
        statements: Outcome to lengths of statements.
        letters: Outcome to lengths of letters.
        shared: Mean and largest share of 8-word sequences that a statement shares with any
            statement of another group.
        letter_shared: Likewise for letters.
        type_token: Mean share of different words in 50 successive ones (moving average, Covington
            and McFall 2010) of statements and of letters.
        vocabulary: Different words of all statements and of all letters.
        letters_with_decision: Letters in which the complaint view finds a decision stated.
        read_twice: Complaints with a second reading.
        writing: What the case files add, if they were given.
    """

    documents: int
    groups: int
    duplicate_groups: int
    outcomes: dict[str, int]
    reasons: dict[str, tuple[int, int, int]]
    matrix: dict[str, dict[str, int]]
    pairs: dict[tuple[str, str], int]
    years: dict[str, int]
    writers: dict[str, int]
    several_reasons: float
    with_distractor: float
    freely: dict[str, tuple[int, int]]
    statements: dict[str, Lengths]
    letters: dict[str, Lengths]
    shared: tuple[float, float]
    letter_shared: tuple[float, float]
    type_token: tuple[float, float]
    vocabulary: tuple[int, int]
    letters_with_decision: int
    read_twice: int
    writing: Writing | None

    @property
    def said_freely(self) -> float:
        """Share of reasons said without a stock phrase, each complaint and reason counted once."""
        free, said = (sum(pair[n] for pair in self.freely.values()) for n in (0, 1))
        return free / said if said else 0.0

    def length_table(self) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """Return heads and rows of a table of lengths in words, by text and outcome."""
        titles = {o.label: o.title for o in OUTCOMES}
        rows = [
            (part, titles[o], *(f"{n:,}" for n in own.quartiles))
            for part, lengths in (("statement", self.statements), ("letter", self.letters))
            for o, own in lengths.items()
        ]
        heads = ("text", "outcome", "quarter below", "median", "quarter above", "longest")
        return heads, rows

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain objects."""
        plain = dataclasses.asdict(self)
        plain["pairs"] = [[*labels, count] for labels, count in self.pairs.items()]
        plain["said_freely"] = self.said_freely
        for part in ("statements", "letters"):
            plain[part] = {o: list(own["words"]) for o, own in plain[part].items()}
        return plain


def corpus_report(rows: Sequence[GoldCase], cases: Sequence[Case] | None = None) -> CorpusReport:
    """Return the figures of a dataset.

    Args:
        rows: The dataset.
        cases: The case files it was built from, for what only they say.

    Raises:
        InputError: If there are fewer than two documents.
    """
    if len(rows) < 2:
        message = f"expected at least two documents to report on, found {len(rows)}"
        raise InputError(message)
    originals = complaints(rows)
    statements = shared_sequences([own_lines(row.text) for row in originals])
    letters = shared_sequences([row.letter.splitlines() for row in originals])
    sizes = Counter(row.group for row in rows)
    said = [words(row.text) for row in originals], [words(row.letter) for row in originals]
    return CorpusReport(
        documents=len(rows),
        groups=len(originals),
        duplicate_groups=sum(size > 1 for size in sizes.values()),
        outcomes={o.label: sum(row.outcome == o.label for row in rows) for o in OUTCOMES},
        reasons={reason.label: _counts(rows, reason.label) for reason in REASONS},
        matrix={
            reason.label: {
                o.label: sum(
                    row.outcome == o.label and any(r.label == reason.label for r in row.reasons)
                    for row in rows
                )
                for o in OUTCOMES
            }
            for reason in REASONS
        },
        pairs=_pairs(rows),
        years=dict(sorted(Counter(row.decision_date[:4] for row in rows).items())),
        writers=dict(Counter(row.writer for row in originals).most_common()),
        several_reasons=sum(len(row.reasons) > 1 for row in rows) / len(rows),
        with_distractor=sum(bool(row.distractors) for row in rows) / len(rows),
        freely={reason.label: _freely(originals, reason.label) for reason in REASONS},
        statements=_lengths(rows, "text"),
        letters=_lengths(rows, "letter"),
        shared=(statistics.fmean(statements), max(statements)),
        letter_shared=(statistics.fmean(letters), max(letters)),
        type_token=(
            statistics.fmean(map(_type_token, said[0])),
            statistics.fmean(map(_type_token, said[1])),
        ),
        vocabulary=(len({w for own in said[0] for w in own}), len({w for o in said[1] for w in o})),
        letters_with_decision=sum(bool(row.reading("complaint").warnings) for row in originals),
        read_twice=sum(bool(row.readings) for row in originals),
        writing=_writing(rows, originals, cases) if cases is not None else None,
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


def _counts(rows: Sequence[GoldCase], label: str) -> tuple[int, int, int]:
    found = [reason for row in rows for reason in row.reasons if reason.label == label]
    return len(found), sum(r.main for r in found), sum(len(r.spans) for r in found)


def _pairs(rows: Sequence[GoldCase]) -> dict[tuple[str, str], int]:
    pairs: Counter[tuple[str, str]] = Counter()
    for row in rows:
        labels = sorted(r.label for r in row.reasons)
        pairs.update((a, b) for i, a in enumerate(labels) for b in labels[i + 1 :])
    return dict(pairs.most_common())


def _freely(rows: Sequence[GoldCase], label: str) -> tuple[int, int]:
    """Return complaints that say a reason without a stock phrase, and those that say it."""
    said = [
        any(has_stock_phrase(label, span.of(row.text)) for span in reason.spans)
        for row in rows
        for reason in row.reasons
        if reason.label == label and reason.spans
    ]
    return said.count(False), len(said)


def _lengths(rows: Sequence[GoldCase], part: str) -> dict[str, Lengths]:
    return {
        o.label: Lengths(
            tuple(sorted(len(WORD.findall(getattr(r, part))) for r in rows if r.outcome == o.label))
        )
        for o in OUTCOMES
    }


def _type_token(said: Sequence[str]) -> float:
    if len(said) <= _WINDOW:
        return len(set(said)) / max(1, len(said))
    window = Counter(said[:_WINDOW])
    different = [len(window)]
    for leaving, entering in zip(said, said[_WINDOW:], strict=False):
        window[entering] += 1
        window[leaving] -= 1
        if not window[leaving]:
            del window[leaving]
        different.append(len(window))
    return statistics.fmean(different) / _WINDOW


def _writing(
    rows: Sequence[GoldCase], originals: Sequence[GoldCase], cases: Sequence[Case]
) -> Writing:
    by_id = {case.id: case for case in cases}
    missing = [row.group for row in originals if row.group not in by_id]
    if missing:
        message = (
            f"expected the case files of every complaint of the dataset, found none of "
            f"{missing[0]} ({len(missing)} missing); build the dataset of these files again"
        )
        raise InputError(message)
    free = [
        any(has_stock_phrase(reason.label, span.of(row.text)) for span in reason.spans)
        for row in originals
        if by_id[row.group].wording == "free"
        for reason in row.reasons
        if reason.spans
    ]
    styles: dict[str, dict[str, int]] = {}
    for row in originals:
        style = by_id[row.group].letter_style or "not stated"
        own = styles.setdefault(style, {o.label: 0 for o in OUTCOMES})
        own[row.outcome] += 1
    return Writing(
        at_odds=sum(by_id[row.group].field_and_text_disagree for row in rows),
        free=len(free),
        reasons=sum(bool(reason.spans) for row in originals for reason in row.reasons),
        free_with_stock=sum(free),
        letter_styles=dict(sorted(styles.items())),
    )
