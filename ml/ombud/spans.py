"""The one span type of the project, and where a text may be cut."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

__all__ = ["Span", "splits_character"]

_JOINER: Final = "\u200d"
_SKIN: Final = frozenset(map(chr, range(0x1F3FB, 0x1F400)))


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A passage of a text: `start` inclusive, `end` exclusive, in Unicode code points.

    `text[span.start:span.end]` is always the passage, byte for byte as the text was given.

    Raises:
        ValueError: If `start` is negative or `end` is not after `start`.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.start < 0 or self.end <= self.start:
            message = f"expected 0 <= start < end, found start={self.start} end={self.end}"
            raise ValueError(message)

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the passage of `text` that this span names."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two spans share at least one character."""
        return self.start < other.end and other.start < self.end

    def overlap(self, other: Span) -> int:
        """Return how many characters the two spans share."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))


def splits_character(text: str, place: int) -> bool:
    """Tell whether a cut before code point `place` divides what a reader sees as one character.

    A letter and the marks that stand on it, the halves of a surrogate pair, a joined or toned
    emoji, and a line end of two code points are one (Unicode Standard Annex 29, rules GB3, GB9
    and GB11; flags and Hangul syllables in pieces are not looked at).
    """
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    return (
        (
            (unicodedata.category(after).startswith("M") or after == _JOINER)
            and unicodedata.category(before) != "Cc"
        )
        or (before == _JOINER and unicodedata.category(after) == "So")
        or after in _SKIN
        or (before == "\r" and after == "\n")
        or ("\ud800" <= before <= "\udbff" and "\udc00" <= after <= "\udfff")
    )
