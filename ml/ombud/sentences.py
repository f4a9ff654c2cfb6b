"""Sentences with exact offsets: spaCy's English tokenizer and rules tuned to the genre.

A statement has numbered paragraphs, people called "Mr X", citations such as "s.24A(6)" and
bullets; a letter may have no punctuation at all. Every visible character lies in exactly one
sentence and no sentence is longer than `MAX_WORDS` words, so that an encoder reads all of it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from ombud.spans import Span

__all__ = ["MAX_CHARACTERS_A_SENTENCE", "MAX_WORDS", "pipeline", "split_sentences"]

MAX_WORDS: Final = 60
"""Longest sentence in words; the 99th percentile of published statements is below it."""

MAX_CHARACTERS_A_SENTENCE: Final = 600

_ENDERS: Final = frozenset(".!?…")
_CLOSERS: Final = frozenset("\"'”’»)]}")
_MOST_CLOSERS: Final = 16
"""How far to look behind closing marks for the end of a sentence."""
_ABBREVIATIONS: Final = frozenset(
    "mr mrs ms mx dr prof st rev cllr hon no nos para paras s ss sch art reg regs v vs cf "  # noqa: SIM905
    "e.g i.e approx ref p pp dept vol ch fig".split()
)
_BULLETS: Final = frozenset("•◦▪‣●–-*·")
_ENUMERATOR: Final = re.compile(r"\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)]?")
_LINE: Final = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_WORD: Final = re.compile(r"\S+")
_BREAK_AFTER: Final = re.compile(r"[;,:)]$")
_BREAK_BEFORE: Final = frozenset(
    {"and", "but", "because", "so", "which", "who", "when", "then", "or"}
)
_LONG_WORD: Final = re.compile(r"\S{60,}")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_SPACE: Final = re.compile(r"\s+")
_BLOCK: Final = 4_000
_BLOCK_END: Final = re.compile(r"[a-z]{3}[.!?][\"'”’)\]]*\s+(?=[A-Z\d])")
_SOFT_WRAP_FROM: Final = 50


@Language.component("ombud_sentences")
def _mark_sentences(doc: Doc) -> Doc:
    """Set `is_sent_start` of each token of one paragraph by the genre's rules."""
    first = 0
    starts = [1] * len(doc)
    for index in range(1, len(doc)):
        if _starts_sentence(doc, index, first):
            first = index
        else:
            starts[index] = -1
    # All at once: setting one token's mark looks through the whole document.
    marks: Any = np.array(starts, dtype=np.int64).astype(np.uint64).reshape(-1, 1)
    return doc.from_array(["SENT_START"], marks)


def _starts_sentence(doc: Doc, index: int, first: int) -> bool:
    token = doc[index]
    if token.is_space:
        return False
    last = index - 1
    while last > first and doc[last].is_space:
        last -= 1
    spaced = bool(doc[last].whitespace_) or last < index - 1
    if not spaced:
        return False
    if token.text in "•◦▪‣●":
        return True
    while last > max(first, index - _MOST_CLOSERS) and doc[last].text in _CLOSERS:
        last -= 1
    ender = doc[last].text
    if ender[-1] not in _ENDERS:
        return False
    if last - first <= 2:
        head = doc[first : last + 1].text
        if _ENUMERATOR.fullmatch(head.strip().lower().rstrip(".)")):
            return False
    word = (doc[last - 1].text if last > first else "") if ender == "." else ender.rstrip(".")
    if ender[-1] == "." and word.lower() in _ABBREVIATIONS and not _names_a_person(doc, last):
        return False
    first_character = token.text[0]
    return not first_character.islower()


def _names_a_person(doc: Doc, index: int) -> bool:
    """Tell whether the token is the letter of a name such as "Mr S." or "Officer V."."""
    token = doc[index].text
    return (
        index > 0 and len(token) == 2 and token[0].isupper() and (doc[index - 1].text[0].isupper())
    )


@functools.cache
def pipeline() -> Language:
    """Return the blank English pipeline with the sentence rules; made once per process."""
    nlp = spacy.blank("en")
    nlp.max_length = 10_000_000
    nlp.add_pipe("ombud_sentences")
    return nlp


def split_sentences(text: str, within: Iterable[Span] | None = None) -> tuple[Span, ...]:
    """Divide `text` into sentences, in text order.

    Args:
        text: Any Unicode text.
        within: Parts of the text to divide, in order; the whole of it by default.

    Returns:
        Spans such that every visible character of the parts is in exactly one of them; none
        begins or ends with white space or crosses the end of a part.
    """
    parts = (Span(0, len(text)),) if within is None and text else (within or ())
    return tuple(
        sentence
        for part in parts
        for paragraph in _paragraphs(text, part)
        for sentence in _sentences(text, paragraph)
    )


def _paragraphs(text: str, part: Span) -> Iterator[Span]:
    """Yield lines, those of a hard-wrapped paragraph together."""
    start: int | None = None
    end = 0
    last_line = ""
    for match in _LINE.finditer(text, part.start, part.end):
        line = match.group()
        stripped = line.strip()
        if not stripped:
            if start is not None:
                yield Span(start, end)
                start = None
            continue
        line_start = match.start() + len(line) - len(line.lstrip())
        if start is not None and not _continues(last_line, stripped):
            yield Span(start, end)
            start = None
        if start is None:
            start = line_start
        end = line_start + len(stripped)
        last_line = stripped
    if start is not None:
        yield Span(start, end)


def _continues(last_line: str, line: str) -> bool:
    return (
        len(last_line) >= _SOFT_WRAP_FROM
        and last_line[-1] not in ".!?:;"
        and line[0].islower()
        and not _ENUMERATOR.fullmatch(line.split(maxsplit=1)[0])
    )


def _sentences(text: str, paragraph: Span) -> Iterator[Span]:
    for block in _blocks(text, paragraph):
        # What spaCy cannot hold, or is slow on, is stood in for, character by character.
        words = _LONG_WORD.sub(_plainer, _SURROGATE.sub("x", block.of(text)))
        for sentence in pipeline()(words).sents:
            start, end = sentence.start_char, sentence.end_char
            stretch = words[start:end]
            start += len(stretch) - len(stretch.lstrip())
            end = start + len(stretch.strip())
            if end > start:
                yield from _pieces(text, Span(block.start + start, block.start + end))


def _blocks(text: str, paragraph: Span) -> Iterator[Span]:
    """Cut a paragraph that is too long for spaCy, whose work grows with the square of length."""
    start = paragraph.start
    while paragraph.end - start > _BLOCK:
        end = start + _BLOCK
        ends = [m.end() for m in _BLOCK_END.finditer(text, start + _BLOCK // 2, end)]
        if not ends:
            ends = [m.end() for m in _SPACE.finditer(text, start + _BLOCK // 2, end)]
        end = ends[-1] if ends else end
        yield Span(start, end)
        start = end
    yield Span(start, paragraph.end)


def _plainer(match: re.Match[str]) -> str:
    """Return a long word with letters in its middle: spaCy's affix rules are cubic in length.

    No sentence begins inside a word, and the length stays the same.
    """
    word = match.group()
    return word[:20] + "x" * (len(word) - 40) + word[-20:]


def _pieces(text: str, sentence: Span) -> Iterator[Span]:
    """Cut a sentence that is longer than an encoder reads, after punctuation where there is any."""
    words = [Span(m.start(), m.end()) for m in _WORD.finditer(text, sentence.start, sentence.end)]
    words = [piece for word in words for piece in _chunks(word)]
    first = 0
    while first < len(words):
        last = first
        while (
            last + 1 < len(words)
            and last + 1 - first < MAX_WORDS
            and words[last + 1].end - words[first].start <= MAX_CHARACTERS_A_SENTENCE
        ):
            last += 1
        if last + 1 < len(words):
            last = _break_point(text, words, first, last)
        yield Span(words[first].start, words[last].end)
        first = last + 1


def _chunks(word: Span) -> Iterator[Span]:
    for start in range(word.start, word.end, MAX_CHARACTERS_A_SENTENCE):
        yield Span(start, min(word.end, start + MAX_CHARACTERS_A_SENTENCE))


def _break_point(text: str, words: list[Span], first: int, last: int) -> int:
    """Return the last word of a piece: before a conjunction or after a comma in its second half."""
    for index in range(last, first + (last - first) // 2, -1):
        if _BREAK_AFTER.search(words[index].of(text)):
            return index
        if words[index + 1].of(text).lower() in _BREAK_BEFORE:
            return index
    return last
