"""What each view may read: the one module that decides it, for every source.

`statement`: the whole decision, its `Decision` field left out. `complaint`: only what is known
before the decision:

    lgsco, phso        the section "The complaint"; nothing of a text without it
    housing            the complaint part, without the words of its finding
    letter             all but sentences that state a decision
    authored, table    a letter, or the section "The complaint" where the text has sections of a
    and no source      decision
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from ombud.decided import states_decision
from ombud.documents import Document, SectionKind
from ombud.errors import InputError
from ombud.finding_words import finding_spans
from ombud.sections import states_outcome
from ombud.sentences import split_sentences
from ombud.spans import Span

__all__ = ["SOURCES", "VIEWS", "Reading", "Sentence", "View", "Warning_", "read", "telling_spans"]

View = Literal["statement", "complaint"]
VIEWS: Final[tuple[View, ...]] = get_args(View)


@dataclass(frozen=True, slots=True)
class _Rule:
    """What the complaint view makes of a source's texts.

    `letters`: a text without the sections of a decision is a letter and read whole. `findings`:
    its sentences may say the finding, whose words are left out.
    """

    letters: bool = True
    findings: bool = False


_RULES: Final[Mapping[str, _Rule]] = {
    "": _Rule(),
    "authored": _Rule(),
    "housing": _Rule(findings=True),
    "letter": _Rule(),
    "lgsco": _Rule(letters=False),
    "phso": _Rule(letters=False),
    "table": _Rule(),
}
SOURCES: Final[tuple[str, ...]] = tuple(_RULES)
"""Every value that `Facts.source` may have; a new source needs a rule here first."""

_NEVER: Final[frozenset[SectionKind]] = frozenset({"header", "furniture", "signature"})
_STATEMENT_ONLY: Final[frozenset[SectionKind]] = frozenset(
    {
        "summary",
        "investigated",
        "role_and_powers",
        "assessment",
        "findings",
        "agreed_action",
        "decision",
        "signature",
    }
)
"""Sections that only a decision has: a text without them is a letter, headings or no."""

_LEAD: Final = re.compile(
    r"\W*(?:(?:determinations?|decisions?|reasons?|findings?|summary|overall|therefore|however|by"
    r"|complaint|\d{1,3})(?:\W+|$)){0,4}\W*",
    re.IGNORECASE,
)
"""What may stand before the finding where a sentence opens with it."""
_BECAUSE: Final = re.compile(
    r",\s*(?:as|since|given|when)\s|\s(?:because|insofar as|in so far as|in that)\s", re.IGNORECASE
)
_NO_MATTER: Final = re.compile(
    r"\(?(?:the )?scheme\)?$|(?:is|was|were|are|be|been|being|has|have|had|and|but|or|which|that|made"
    r"|here|following|prior to|after|before|due to|on this)\b",
    re.IGNORECASE,
)
"""How a piece begins that says something of the finding and not of the matter."""
_EDGES: Final = " \t\r\n\u00a0,;:."
_WORD: Final = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that a view may read, and the kind of the section it stands in."""

    span: Span
    section: SectionKind


@dataclass(frozen=True, slots=True)
class Warning_:  # noqa: N801 - `Warning` is a builtin
    """Something the reader of a prediction should know: a fixed code and one sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a model may read of a document in one view, in text order."""

    document: Document
    view: View
    sentences: tuple[Sentence, ...]
    warnings: tuple[Warning_, ...] = ()


def read(document: Document, view: View) -> Reading:
    """Return what `view` may read of `document`.

    In the complaint view, sentences that state a decision are left out and a warning
    `decided_text_in_complaint_view` says so.

    Raises:
        InputError: If nothing is left to read, or the view or the document's source is unknown.
    """
    if view not in VIEWS:
        message = f"expected a view out of {', '.join(VIEWS)}, found {view!r}"
        raise InputError(message)
    rule = _rule(document)
    allowed = _allowed(document, view, rule)
    sentences = tuple(
        Sentence(span, section.kind)
        for section in document.sections
        if section.kind in allowed and section.span != section.heading
        for span in split_sentences(document.text, [section.span])
    )
    warnings: tuple[Warning_, ...] = ()
    if view == "complaint":
        sentences, dropped, cut = _before_decision(document, sentences, rule)
        if "body" in allowed:
            dropped += sum(
                states_outcome(section.span.of(document.text))
                for section in document.sections
                if section.kind == "header"
            )
        told = []
        if dropped:
            told.append(f"{dropped} sentence(s) state a decision and were not read in this view")
        if cut:
            told.append(f"{cut} sentence(s) were read without the words that say the finding")
        if told:
            warnings = (Warning_("decided_text_in_complaint_view", "; ".join(told)),)
    if not sentences:
        wanted = (
            "a letter or a section 'The complaint'" if view == "complaint" else "a text to read"
        )
        message = f"{document.id}: expected {wanted} for the view {view!r}, found none"
        raise InputError(message)
    return Reading(document, view, sentences, warnings)


def telling_spans(document: Document) -> tuple[Span, ...]:
    """Return the passages that say how a case ended, wherever they stand, in text order.

    For findings of the Housing Ombudsman these are the finding's own words, elsewhere whole
    sentences that state a decision.

    Raises:
        InputError: If the document's source is unknown.
    """
    if _rule(document).findings:
        return finding_spans(document.text)
    spans = (section.span for section in document.sections)
    return tuple(
        sentence
        for span in spans
        for sentence in split_sentences(document.text, [span])
        if states_decision(sentence.of(document.text))
    )


def _rule(document: Document) -> _Rule:
    source = document.facts.source
    if source not in _RULES:
        known = ", ".join(repr(name) for name in _RULES)
        message = (
            f"{document.id}: expected a source out of {known}, found {source!r}; "
            "say in ombud.views what its texts may be read for"
        )
        raise InputError(message)
    return _RULES[source]


def _allowed(document: Document, view: View, rule: _Rule) -> frozenset[SectionKind]:
    kinds = {section.kind for section in document.sections}
    if view == "statement":
        return frozenset(kinds - _NEVER)
    if kinds & _STATEMENT_ONLY or "complaint" in kinds or not rule.letters:
        return frozenset({"complaint"})
    return frozenset({"body", "background", "how_considered"})


def _before_decision(
    document: Document, sentences: Sequence[Sentence], rule: _Rule
) -> tuple[tuple[Sentence, ...], int, int]:
    """Return what is known before the decision, how many sentences were left out, how many cut."""
    text = document.text
    finding = finding_spans(text) if rule.findings else ()
    kept: list[Sentence] = []
    dropped = cut = 0
    for sentence in sentences:
        words = [span for span in finding if span.overlaps(sentence.span)]
        if words:
            rest = list(_matter(text, sentence.span, words))
            kept += [Sentence(span, sentence.section) for span in rest]
            cut += bool(rest)
            dropped += not rest
        elif finding and _LEAD.fullmatch(sentence.span.of(text)):
            # The heading of a finding, which is no part of the matter.
            continue
        elif states_decision(sentence.span.of(text)):
            dropped += 1
        else:
            kept.append(sentence)
    return tuple(kept), dropped, cut


def _matter(text: str, sentence: Span, finding: Sequence[Span]) -> Iterator[Span]:
    """Yield what a sentence that opens with its finding says of the matter, and nothing else.

    A sentence that comes to its finding later on argues for it, and so does what follows a
    "because".
    """
    if _LEAD.fullmatch(text[sentence.start : max(sentence.start, finding[0].start)]) is None:
        return
    because = _BECAUSE.search(text, sentence.start, sentence.end)
    end = because.start() if because else sentence.end
    edges = [finding[0].end]
    for span in finding[1:]:
        edges += [span.start, span.end]
    edges.append(end)
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        piece = text[start : min(stop, end)]
        words = piece.strip(_EDGES)
        if _WORD.search(words) and _NO_MATTER.match(words) is None:
            first = start + len(piece) - len(piece.lstrip(_EDGES))
            yield Span(first, first + len(words))
