"""A document as given, with its facts and its sections as spans of its text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from ombud.errors import EmptyTextError, InputError, TextTooLargeError
from ombud.spans import Span

__all__ = [
    "MAX_CHARACTERS",
    "SECTION_KINDS",
    "Document",
    "Facts",
    "Section",
    "SectionKind",
    "checked_text",
]

MAX_CHARACTERS: Final = 2_000_000
"""The longest text accepted, in Unicode code points; the longest published report has 0.3 M."""

SectionKind = Literal[
    "header",
    "summary",
    "complaint",
    "investigated",
    "role_and_powers",
    "how_considered",
    "background",
    "assessment",
    "findings",
    "agreed_action",
    "decision",
    "signature",
    "furniture",
    "body",
]
SECTION_KINDS: Final[tuple[SectionKind, ...]] = get_args(SectionKind)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a source says about a document beside its text; empty where it says nothing.

    `outcome` is one of the taxonomy's labels, `scheme_outcome` the source's own words for it.
    Neither ever reaches a model as input. `decision_date` is ISO 8601 (YYYY-MM-DD).
    """

    reference: str = ""
    body: str = ""
    category: str = ""
    subcategory: str = ""
    decision_date: str = ""
    source: str = ""
    url: str = ""
    outcome: str = ""
    scheme_outcome: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a text: `span` holds its words, `heading` the line that names it, if any."""

    kind: SectionKind
    span: Span
    heading: Span | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A text exactly as given, its facts, and its sections in text order."""

    id: str
    text: str
    sections: tuple[Section, ...]
    facts: Facts = field(default_factory=Facts)

    @property
    def is_statement(self) -> bool:
        """Whether the text has the sections of a published decision."""
        return any(section.kind != "body" for section in self.sections)


def checked_text(text: str, name: str) -> str:
    """Return `text` unchanged if a document can be made of it; `name` is used in messages.

    Raises:
        EmptyTextError: If it holds no visible character.
        TextTooLargeError: If it is longer than `MAX_CHARACTERS`.
        InputError: If it holds lone surrogates or is binary data read as text.
    """
    if len(text) > MAX_CHARACTERS:
        message = (
            f"{name}: expected at most {MAX_CHARACTERS:,} characters, found {len(text):,}; "
            "split the text into its documents"
        )
        raise TextTooLargeError(message)
    if "\x00" in text:
        message = f"{name}: expected text, found binary data (a NUL character); convert it to text"
        raise InputError(message)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        message = (
            f"{name}: expected Unicode text, found a lone surrogate at character {error.start}; "
            "decode the source again with its right encoding"
        )
        raise InputError(message) from error
    if not any(character.isalnum() for character in text):
        message = f"{name}: expected a text with words, found none; check that the file is the one"
        raise EmptyTextError(message)
    return text
