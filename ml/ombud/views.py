"""What each view may read: the one module that decides it, for every source.

`statement`: the whole decision, its `Decision` field left out. `complaint`: only what is known
before the decision, which is a letter, or the section "The complaint" of a statement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

from ombud.documents import Document, SectionKind
from ombud.errors import InputError
from ombud.sections import states_outcome
from ombud.sentences import split_sentences
from ombud.spans import Span

__all__ = ["VIEWS", "Reading", "Sentence", "View", "Warning_", "read"]

View = Literal["statement", "complaint"]
VIEWS: Final[tuple[View, ...]] = get_args(View)

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

_OPENING: Final = r"^\W*(?:\d{1,3}[.)]\s*)?(?:(?:summary|decision|final decision|conclusion)\W+)?"
_NOT: Final = (
    r"(?:(?:will|can|should|could|do|did|are|have|has|does|is|may|would)(?: not|n't)"
    r"|cannot|won't|have decided not to|has decided not to|am not|decline to|declined to)"
)
_INVESTIGATE: Final = (
    r"(?:\w+ )?(?:investigat(?:e|ed|ing)|pursu(?:e|ed|ing)|look(?:ed|ing)? (?:into|at)"
    r"|start(?:ed|ing)? an investigation|going to investigate|consider(?:ed)? further)"
)
_THIS_COMPLAINT: Final = (
    r"(?:this|the|these|your|his|her|their|m(?:r|rs|s|x|iss) [\w']+) "
    r"(?:\w+ ){0,3}(?:complaints?|matter|case|parts?)\b"
)
_BODY: Final = (
    r"(?:the|this) (?:council|authority|trust|care (?:provider|home)|provider|landlord|school"
    r"|academy|board|body|organisation|practice)"
)
_DECIDED: Final = re.compile(
    "|".join(
        (
            # A refusal, or the end of an investigation, by the one who decides.
            (
                rf"{_OPENING}(?:we|i|the ombudsman|ombudsman) {_NOT} {_INVESTIGATE} "
                rf"(?:(?:into|of|with) )?{_THIS_COMPLAINT}"
            ),
            rf"{_OPENING}(?:the )?ombudsman (?:{_NOT} (?:uphold|investigat\w+)|upholds?|upheld"
            r"|(?:has )?(?:discontinued|closed)|(?:finds?|found|has found) (?:\w+ ){0,2}fault"
            r"|(?:finds?|found|has found) (?:that )?" + _BODY + r")\b",
            (
                rf"{_OPENING}(?:we|i) (?:have )?(?:now )?(?:uphold|upheld|(?:do|did|have) not uph\w+) "
                rf"{_THIS_COMPLAINT}"
            ),
            (
                rf"{_OPENING}(?:we|i) (?:have |am |are )?(?:now )?(?:discontinu|complet|end|clos|stopp)"
                r"(?:ed|ing|e|d)? (?:my|our|the|this) investigation"
            ),
            (
                rf"{_OPENING}(?:my|our|the ombudsman's) (?:final |provisional |draft )?decision "
                r"(?:is|was) (?:to|that|not to) (?:not )?(?:uphold|investigate|discontinue|end|close)"
            ),
            r"\b(?:this|the|your) complaint (?:is|was|has been) closed after initial",
            r"\bclosed after initial enquiries\b",
            # A finding in the scheme's own formula.
            (
                rf"{_OPENING}(?:we|i) (?:have )?f(?:ound|ind) (?:no |evidence of |some )?fault"
                r"(?= by\b| on the part| causing| in (?:how|the way|the council)| and|,|\W*$)"
            ),
            (
                rf"{_OPENING}(?:we|i) (?:have )?f(?:ound|ind) (?:that )?{_BODY} (?:was|is|to be|were) "
                r"(?:not )?(?:at|to be at|to) (?:fault|blame)"
            ),
            (
                rf"{_OPENING}there (?:was|is|were) (?:no |some )?(?:evidence of )?fault "
                rf"(?:by {_BODY}|on the part of|in (?:how|the way) {_BODY}|causing|which caused)"
            ),
            rf"{_OPENING}{_BODY} (?:was|is) (?:not )?at fault\b",
            (
                r"\bfault (?:causing|and (?:this )?caused|which caused|leading to) "
                r"(?:\w+ ){0,3}injustice\b"
            ),
            r"\b(?:not enough|insufficient) evidence of fault\b",
            (
                r"\binvestigation (?:by (?:us|the ombudsman) )?(?:would|could|is unlikely to|will)"
                r"(?: not)? (?:lead to a different|achieve|find fault|add to)"
            ),
            # Determinations of the Housing Ombudsman.
            r"\bparagraph \d[\d\s.a-z()]{0,8} of the (?:housing ombudsman )?scheme\b",
        )
    ),
    re.IGNORECASE,
)
_EARLIER: Final = re.compile(
    r"\b(?:last (?:time|year|month)|previous(?:ly)?|before|earlier|already|once|years? ago"
    r"|months? ago|(?:in|since|of) (?:\w+ )?(?:19|20)\d\d|my (?:first|last|old|other))\b",
    re.IGNORECASE,
)
"""An earlier decision that a letter tells of was known before this one and may be read."""


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
        InputError: If nothing is left to read.
    """
    if view not in VIEWS:
        message = f"expected a view out of {', '.join(VIEWS)}, found {view!r}"
        raise InputError(message)
    allowed = _allowed(document, view)
    sentences = tuple(
        Sentence(span, section.kind)
        for section in document.sections
        if section.kind in allowed and section.span != section.heading
        for span in split_sentences(document.text, [section.span])
    )
    warnings: tuple[Warning_, ...] = ()
    if view == "complaint":
        kept = tuple(s for s in sentences if not _states_decision(s.span.of(document.text)))
        dropped = len(sentences) - len(kept)
        if "body" in allowed:
            dropped += sum(
                states_outcome(section.span.of(document.text))
                for section in document.sections
                if section.kind == "header"
            )
        if dropped:
            message = f"{dropped} sentence(s) state a decision and were not read in this view"
            warnings = (Warning_("decided_text_in_complaint_view", message),)
        sentences = kept
    if not sentences:
        wanted = (
            "a letter or a section 'The complaint'" if view == "complaint" else "a text to read"
        )
        message = f"{document.id}: expected {wanted} for the view {view!r}, found none"
        raise InputError(message)
    return Reading(document, view, sentences, warnings)


def _allowed(document: Document, view: View) -> frozenset[SectionKind]:
    kinds = {section.kind for section in document.sections}
    if view == "statement":
        return frozenset(kinds - _NEVER)
    if kinds & _STATEMENT_ONLY or "complaint" in kinds:
        return frozenset({"complaint"})
    return frozenset({"body", "background", "how_considered"})


def _states_decision(words: str) -> bool:
    plain = words.replace("\u2019", "'").replace("\u2018", "'")
    found = _DECIDED.search(plain)
    if found is None:
        return False
    by_ombudsman = re.match(r"\W*(?:the )?ombudsman\b", plain, re.IGNORECASE)
    return by_ombudsman is None or _EARLIER.search(plain) is None
