"""Titles of people and the names behind them, which the encoder never sees.

A decision does not turn on what somebody is called, so neither may a prediction: what is not read
cannot matter (fairness through unawareness). Published statements say "Mr X" for the same reason.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["without_names"]

_TITLE: Final = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof(?:essor)?|Rev(?:erend)?|Sir|Lady|Dame)\b\.?"
_UPPER: Final = "[A-ZÀ-ÖØ-ÞŁŚŞŠŻŽČĆĐĞİ]"
_PARTICLES: Final = "(?:(?:al|bin|da|de|del|den|der|di|dos|du|el|la|le|ten|van|von) )*"
_WORD: Final = rf"(?:{_UPPER}\.|{_UPPER}\w*(?:[-'’]{_UPPER}\w+)*)(?!\w)"
_NAMED: Final = re.compile(
    rf"\b(?:(?P<couple>{_TITLE} (?:and|&) )?{_TITLE}|(?P<called>[Mm]y name is))"
    rf"(?: (?!{_TITLE}){_PARTICLES}{_WORD}){{1,3}}"
)
"""A title and up to three words with capitals, or what follows "my name is"."""
_LETTERS: Final = "XYZWVU"


def without_names(sentence: str) -> str:
    """Return a sentence in which people behind a title are Mr X, Mr Y and so on.

    Letters go by order of mention, so that two people stay two. A name without a title before it
    stays, but for what follows "my name is": capitals alone do not tell people from places.
    """
    people: dict[str, str] = {}

    def plain(match: re.Match[str]) -> str:
        said = match[0].rstrip(".")
        letter = people.setdefault(said, _LETTERS[len(people) % len(_LETTERS)])
        return f"{_title(match)} {letter}{match[0][len(said) :]}"

    return _NAMED.sub(plain, sentence)


def _title(match: re.Match[str]) -> str:
    if match["called"]:
        return f"{match['called']} Mr"
    return "Mr and Mrs" if match["couple"] else "Mr"
