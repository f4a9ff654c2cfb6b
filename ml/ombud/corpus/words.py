"""Words of a text, and those lines of a statement that are its own."""

from __future__ import annotations

import re
from typing import Final

from ombud.documents import SectionKind
from ombud.sections import find_sections

__all__ = ["WORD", "own_lines", "words"]

WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
"""A word, with the ending after its apostrophe."""

_BOILERPLATE: Final[frozenset[SectionKind]] = frozenset(
    {"header", "role_and_powers", "how_considered", "signature", "furniture"}
)


def words(text: str) -> list[str]:
    """Return the words of `text` in lower case, apostrophes alike."""
    return [word.lower().replace("’", "'") for word in WORD.findall(text)]


def own_lines(text: str) -> list[str]:
    """Return the lines of a statement without headings and statutory boilerplate."""
    return [
        line
        for section in find_sections(text)
        if section.kind not in _BOILERPLATE and section.span != section.heading
        for line in section.span.of(text).splitlines()
    ]
