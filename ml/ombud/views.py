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
from ombud.sentences import split_sentences
from ombud.spans import Span

__all__ = ["VIEWS", "Reading", "Sentence", "View", "Warning_", "read"]

View = Literal["statement", "complaint"]
VIEWS: Final[tuple[View, ...]] = get_args(View)

_NEVER: Final[frozenset[SectionKind]] = frozenset({"header", "furniture", "signature"})
_DECIDED: Final = re.compile(
    r"^\W*(?:we|i|the ombudsman|ombudsman)\b[^.;]{0,40}\b(?:will|have|has|did|do|does|can)\b"
    r"(?: not|not|n't) (?:investigate|pursue|look into|start an investigation|consider)"
    r"|\bthe ombudsman(?:'s)? (?:final )?(?:decision|upheld|found|finds|has found|has decided"
    r"|decided|closed|discontinued|does not uphold|will not)\b"
    r"|\bfault (?:causing|and (?:this )?caused|which caused|leading to) (?:an? )?injustice\b"
    r"|\bclosed after initial enquiries\b"
    r"|^\W*(?:we|i) (?:have )?(?:upheld|(?:do|did) not uphold|discontinued|completed my investigation)"
    r"|^\W*(?:we|i) (?:have )?f(?:ound|ind) (?:no |evidence of )?fault\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that a view may read, and the kind of the section it stands in."""

    span: Span
    section: SectionKind


@dataclass(frozen=True, slots=True)
class Warning_:
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
    warnings: list[Warning_] = []
    if view == "complaint":
        kept = tuple(s for s in sentences if not _DECIDED.search(_plain(s.span.of(document.text))))
        dropped = len(sentences) - len(kept)
        if dropped:
            warnings.append(
                Warning_(
                    "decided_text_in_complaint_view",
                    f"{dropped} sentence(s) state a decision and were not read in this view",
                )
            )
        sentences = kept
    if not sentences:
        wanted = (
            "a letter or a section 'The complaint'" if view == "complaint" else "a text to read"
        )
        message = f"{document.id}: expected {wanted} for the view {view!r}, found none"
        raise InputError(message)
    return Reading(document, view, sentences, tuple(warnings))


def _allowed(document: Document, view: View) -> frozenset[SectionKind]:
    kinds = {section.kind for section in document.sections}
    if view == "statement":
        return frozenset(kinds - _NEVER)
    if kinds - _NEVER - {"body"}:
        return frozenset({"complaint"})
    return frozenset({"body"})


def _plain(words: str) -> str:
    return words.replace("\u2019", "'").replace("\u2018", "'")
