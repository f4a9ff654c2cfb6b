"""Style of a text in counts alone: length, punctuation and manner, never which words it uses."""

from __future__ import annotations

import math
import re
from typing import Final

from ombud.corpus.words import WORD

__all__ = ["style_counts"]

_SENTENCE_END: Final = re.compile(r"[.!?]+\s|\n")
_CONTRACTION: Final = re.compile(r"\w['’](?:t|s|re|ve|ll|d|m)\b", re.IGNORECASE)
_MARKS: Final = {
    "commas": re.compile(","),
    "full stops": re.compile(r"\."),
    "exclamation marks": re.compile("!"),
    "question marks": re.compile(r"\?"),
    "semicolons": re.compile(";"),
    "colons": re.compile(":"),
    "brackets": re.compile(r"\("),
    "dashes": re.compile(r"[–—]|(?<=\s)-(?=\s)"),
    "hyphens": re.compile(r"(?<=\w)-(?=\w)"),
    "quotation marks": re.compile(r"[“”\"]|(?<=\s)['‘]"),
    "slashes": re.compile("/"),
    "pound signs": re.compile("£"),
    "ellipses": re.compile(r"\.\.\.|…"),
    "doubled marks": re.compile(r"[!?]{2}"),
}
_LONG: Final = 8


def style_counts(text: str) -> dict[str, float]:
    """Return the style of a text that has at least one word, by name.

    Marks and kinds of words are counted a hundred words, lengths of the whole are logarithms, so
    that a long letter does not differ from a short one in everything.
    """
    words = WORD.findall(text)
    lines = [line for line in text.split("\n") if line.strip()]
    sentences = [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]
    count = max(1, len(words))
    hundredth = 100 / count
    return {
        "words": math.log(count),
        "lines": math.log(max(1, len(lines))),
        "sentences": math.log(max(1, len(sentences))),
        "words a line": math.log(count / max(1, len(lines))),
        "words a sentence": math.log(count / max(1, len(sentences))),
        "letters a word": sum(map(len, words)) / count,
        "long words": hundredth * sum(len(word) >= _LONG for word in words),
        "different words": hundredth * len({word.lower() for word in words}),
        "capital letters": hundredth * sum(character.isupper() for character in text),
        "words in capitals": hundredth * sum(w.isupper() and len(w) > 1 for w in words),
        "sentences begun in lower case": 100
        * sum(part[0].islower() for part in sentences)
        / max(1, len(sentences)),
        "numbers": hundredth * sum(word[0].isdigit() for word in words),
        "contractions": hundredth * len(_CONTRACTION.findall(text)),
        **{name: hundredth * len(mark.findall(text)) for name, mark in _MARKS.items()},
    }
