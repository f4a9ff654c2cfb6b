"""Passages that a rationale is made of: sentences cut into clauses.

People mark phrases of about seven words in sentences of about twenty, so a choice of whole
sentences, however good, is mostly words that nobody marked (`training/LOG.md` has the figures).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ombud.documents import Document, Section
from ombud.spans import Span
from ombud.views import Reading, Sentence
from ombud_training.eraser.reviews import Review

__all__ = ["Passages", "split_review"]

_STOPS: Final = frozenset((",", ";", ":", ".", "!", "?", "...", "--", "(", ")", "[", "]", '"', "*"))
_SHORTEST: Final = 3
_LONGEST: Final = 16


@dataclass(frozen=True, slots=True)
class Passages:
    """A review in passages, in text order.

    Attributes:
        review: The review.
        spans: Of each passage, in tokens.
        sentences: Number of the sentence that each passage is of.
        shares: Share of each passage's tokens that people marked.
    """

    review: Review
    spans: tuple[Span, ...]
    sentences: tuple[int, ...]
    shares: tuple[float, ...]

    def reading(self) -> Reading:
        """Return what the model reads: each passage as a sentence of its own."""
        text, tokens = self.review.text, self.review.tokens
        document = Document(self.review.id, text, (Section("body", Span(0, len(text))),))
        return Reading(
            document,
            "statement",
            tuple(
                Sentence(Span(tokens[span.start].start, tokens[span.end - 1].end), "body")
                for span in self.spans
            ),
        )

    def keep(self, numbers: Sequence[int]) -> Passages:
        """Return the same review with only the passages of these numbers."""
        return Passages(
            self.review,
            tuple(self.spans[n] for n in numbers),
            tuple(self.sentences[n] for n in numbers),
            tuple(self.shares[n] for n in numbers),
        )


def split_review(review: Review) -> Passages:
    """Return a review in clauses of 3 to 16 tokens, cut after punctuation.

    A sentence shorter than that is one passage.
    """
    marked = {token for span in review.marked for token in range(span.start, span.end)}
    spans: list[Span] = []
    sentences: list[int] = []
    for number, sentence in enumerate(review.sentences):
        for clause in _clauses(review.words(sentence)):
            spans.append(Span(sentence.start + clause.start, sentence.start + clause.end))
            sentences.append(number)
    shares = [
        sum(token in marked for token in range(span.start, span.end)) / len(span) for span in spans
    ]
    return Passages(review, tuple(spans), tuple(sentences), tuple(shares))


def _clauses(words: Sequence[str]) -> list[Span]:
    pieces: list[Span] = []
    start = 0
    for end in range(1, len(words) + 1):
        if end < len(words) and words[end - 1] not in _STOPS:
            continue
        piece = Span(start, end)
        start = end
        if pieces and min(len(piece), len(pieces[-1])) < _SHORTEST:
            pieces[-1] = Span(pieces[-1].start, end)
        else:
            pieces.append(piece)
    return [part for piece in pieces for part in _even(piece)]


def _even(piece: Span) -> list[Span]:
    """Return a piece cut into as few parts of nearly even length as the longest allows."""
    count = -(-len(piece) // _LONGEST)
    cuts = [piece.start + len(piece) * place // count for place in range(count + 1)]
    return [Span(start, end) for start, end in itertools.pairwise(cuts)]
