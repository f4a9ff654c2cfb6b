"""A short notation for spaCy token patterns, and their compiled form.

A pattern is one line of items separated by spaces. Each item stands for tokens, compared in
lower case and with straight apostrophes ("don't" is the two tokens `do n't`, "cannot" is
`can not`, "Council's" is `council 's`):

    fault               this word
    fault|error         one of these words
    @we                 one of a named set of `ombud.labelling.words`; may stand among others
    suitab~             any word that begins so
    the?                optional: this word or nothing
    _4                  up to four words, none of which ends or turns a clause (", but not")
    +4                  up to four tokens of any kind

Patterns joined by ` & ` must all stand in the sentence, in any order; one that begins with `!`
must not. The match is that of the first.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from spacy.matcher import Matcher
from spacy.tokens import Doc

from ombud.labelling.words import WORDS
from ombud.sentences import pipeline

__all__ = ["Pattern", "Tokens", "compile_pattern", "tokens_from", "tokens_of"]

_STOPS: Final = sorted(
    {"although", "because", "but", "however", "n't", "never", "not", "though", "unless"}
    | set('.,;:!?()[]\u2013\u2014"\u201c\u201d')
)
"""Tokens that no gap of the kind `_N` crosses."""

_COMMON: Final = frozenset(
    [
        "the",
        "a",
        "to",
        "of",
        "and",
        "in",
        "not",
        "no",
        "is",
        "was",
        "it",
        "that",
        "for",
        "we",
        "has",
        "had",
        "by",
        "on",
        "as",
        "with",
        "be",
        "have",
        "her",
        "his",
        "mr",
        "council",
    ]
)
_GAP: Final = re.compile(r"(?P<kind>[_+])(?P<most>\d{1,2})")
_ITEM: Final = re.compile(r"[a-z0-9@|~'\-_.]+\??")


@dataclass(frozen=True, slots=True)
class Tokens:
    """One sentence tokenised: its spaCy tokens, their lower-case words in order and as a set."""

    doc: Doc
    lowers: tuple[str, ...]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One compiled token pattern.

    `beside` must stand in the sentence too, and `absent` must not.
    `vocabulary` is all of these words, of `beside` too, and `single` says that one token is all.
    `required` holds, in order, each word that cannot be missing: its alternatives, and how many
    tokens after the one before it stands at most. A sentence without them is never shown to
    the matcher, which is what makes many patterns cheap.
    """

    source: str
    matcher: Matcher
    required: tuple[tuple[frozenset[str], int], ...]
    single: bool
    beside: tuple[Pattern, ...] = ()
    absent: tuple[Pattern, ...] = ()
    vocabulary: tuple[frozenset[str], ...] = ()

    def matches(self, sentence: Tokens) -> tuple[tuple[int, int], ...]:
        """Return the matches as pairs of token indexes, `end` exclusive, in text order."""
        if not self.speaks_of(sentence.words):
            return ()
        if not all(part._stands_in(sentence) for part in self.beside):
            return ()
        found = self._found(sentence)
        if found and any(part._stands_in(sentence) for part in self.absent):
            return ()
        return found

    def speaks_of(self, words: frozenset[str]) -> bool:
        """Tell whether the words that cannot be missing are all among `words`."""
        return not any(alternatives.isdisjoint(words) for alternatives in self.vocabulary)

    def _stands_in(self, sentence: Tokens) -> bool:
        if any(alternatives.isdisjoint(sentence.words) for alternatives, _ in self.required):
            return False
        return self.single or bool(self._found(sentence))

    def _found(self, sentence: Tokens) -> tuple[tuple[int, int], ...]:
        if not self._may_match(sentence):
            return ()
        return tuple(sorted((start, end) for _, start, end in self.matcher(sentence.doc)))

    def _may_match(self, sentence: Tokens) -> bool:
        ends: list[int] = []
        for number, (alternatives, within) in enumerate(self.required):
            ends = [
                index
                for index, word in enumerate(sentence.lowers)
                if word in alternatives
                and (not number or any(0 < index - end <= within for end in ends))
            ]
            if not ends:
                return False
        return True


@functools.cache
def compile_pattern(source: str) -> Pattern:
    """Compile a pattern written in the notation of this module.

    Raises:
        ValueError: If an item is not in the notation, names no known set, or if no word of
            the pattern is required.
    """
    first, *others = source.split(" & ")
    if others:
        beside = tuple(compile_pattern(o) for o in others if not o.startswith("!"))
        opening = compile_pattern(first)
        return replace(
            opening,
            source=source,
            beside=beside,
            absent=tuple(compile_pattern(o[1:]) for o in others if o.startswith("!")),
            vocabulary=_rarest_first(v for part in (opening, *beside) for v in part.vocabulary),
        )
    specs: list[dict[str, Any]] = []
    required: list[tuple[frozenset[str], int]] = []
    within = 1
    for item in source.split():
        gap = _GAP.fullmatch(item)
        if gap is not None:
            spec: dict[str, Any] = {"OP": f"{{0,{gap['most']}}}"}
            if gap["kind"] == "_":
                spec["LOWER"] = {"NOT_IN": _STOPS}
            specs.append(spec)
            within += int(gap["most"])
            continue
        optional = item.endswith("?")
        words = _alternatives(item.removesuffix("?"), source)
        specs.append(_token(words) | ({"OP": "?"} if optional else {}))
        if optional or any(word.endswith("~") for word in words):
            within += 1
        else:
            required.append((words, within))
            within = 1
    if not required:
        message = f"expected a pattern with at least one whole word, found {source!r}"
        raise ValueError(message)
    matcher = Matcher(pipeline().vocab, validate=True)
    matcher.add("pattern", [specs])
    vocabulary = _rarest_first(words for words, _ in required)
    return Pattern(source, matcher, tuple(required), len(specs) == 1, vocabulary=vocabulary)


def _rarest_first(sets: Iterable[frozenset[str]]) -> tuple[frozenset[str], ...]:
    """Return sets of words, those first that are likeliest to be missing from a sentence."""
    return tuple(sorted(sets, key=lambda words: (not _COMMON.isdisjoint(words), len(words))))


def tokens_of(words: str) -> Tokens:
    """Return the tokens of one sentence; offsets are those of `words` as given.

    Typographic apostrophes are read as straight ones: one character for one, so that no
    offset moves.
    """
    doc = pipeline().tokenizer(words.replace("\u2019", "'").replace("\u2018", "'"))
    lowers = tuple(token.lower_ for token in doc)
    return Tokens(doc, lowers, frozenset(lowers))


def tokens_from(words: Iterable[str]) -> Tokens:
    """Return the tokens of a sentence given word by word."""
    doc = Doc(pipeline().vocab, list(words))
    lowers = tuple(token.lower_ for token in doc)
    return Tokens(doc, lowers, frozenset(lowers))


def _alternatives(item: str, source: str) -> frozenset[str]:
    if not _ITEM.fullmatch(item):
        message = f"expected words, @sets, _N or +N in a pattern, found {item!r} in {source!r}"
        raise ValueError(message)
    words: set[str] = set()
    for word in item.split("|"):
        if word.startswith("@"):
            if word[1:] not in WORDS:
                message = f"expected a set of words named in WORDS, found {word!r} in {source!r}"
                raise ValueError(message)
            words |= WORDS[word[1:]]
        else:
            words.add(word)
    return frozenset(words)


def _token(words: frozenset[str]) -> dict[str, Any]:
    if any(word.endswith("~") for word in words):
        parts = sorted(
            re.escape(word[:-1]) + ".*" if word.endswith("~") else re.escape(word) for word in words
        )
        return {"LOWER": {"REGEX": f"^(?:{'|'.join(parts)})$"}}
    if len(words) == 1:
        return {"LOWER": next(iter(words))}
    return {"LOWER": {"IN": sorted(words)}}
