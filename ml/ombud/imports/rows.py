"""One row of an imported dataset, checked by pydantic: types, dates, labels, texts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

import pydantic
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ombud.documents import Document, Facts, Section, checked_text
from ombud.errors import OmbudError
from ombud.imports.schema import Kind, Source
from ombud.readers.text import from_text, iso_date
from ombud.spans import Span
from ombud.taxonomy import OUTCOMES

__all__ = ["Found", "ImportedRow", "checked", "row_document"]

_OUTCOMES: Final = tuple(outcome.label for outcome in OUTCOMES)


@dataclass(frozen=True, slots=True)
class Found:
    """A row as its source gives it, not checked yet, or what is wrong with it.

    `file` is the name of the source file and `place` where in it the row stands. `values` are
    those of `ImportedRow` but for `origin`.
    """

    file: str
    place: str
    values: Mapping[str, Any]
    problem: str = ""

    @property
    def origin(self) -> str:
        """File and place in one."""
        return f"{self.file}, {self.place}" if self.place else self.file


def _unicode(words: str) -> str:
    for place, character in enumerate(words):
        if "\ud800" <= character <= "\udfff":
            message = (
                f"expected Unicode text, found a lone surrogate or a byte that is not UTF-8 at "
                f"character {place}"
            )
            raise ValueError(message)
    return words


def _kind(value: object) -> str:
    return "nothing" if value is None else f"a value of type {type(value).__name__}"


def _words(value: object, wanted: str = "text") -> str:
    if isinstance(value, str):
        return value
    message = f"expected {wanted}, found {_kind(value)}"
    raise ValueError(message)


def _fact(value: object) -> str:
    if value is None:
        return ""
    return _unicode(_words(value).strip())


def _name(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    words = _fact(value)
    if not words:
        message = "expected a name, found nothing"
        raise ValueError(message)
    return words


def _reference(value: object) -> str:
    return "" if value is None or value == "" else _name(value)


def _date(value: object) -> str:
    if value is None or (isinstance(value, str) and not value.strip()):
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    words = _words(value, "a date")
    found = iso_date(_unicode(words))
    if not found:
        message = (
            f"expected a date that exists, such as 2023-10-03 or 03 Oct 2023, found {words[:60]!r}"
        )
        raise ValueError(message)
    return found


def _outcome(value: object) -> str:
    words = _fact(value)
    if words and words not in _OUTCOMES:
        message = f"expected an outcome out of {', '.join(_OUTCOMES)}, found {words[:60]!r}"
        raise ValueError(message)
    return words


def _text(value: object) -> str:
    words = _unicode(_words(value))
    try:
        return checked_text(words, "text")
    except OmbudError as error:
        # What to do is for one file; here the reject row itself says it.
        raise ValueError(str(error).removeprefix("text: ").partition(";")[0]) from error


_Fact = Annotated[str, BeforeValidator(_fact)]
_Name = Annotated[str, BeforeValidator(_name)]
_Part = Annotated[int, Field(ge=1)]


class ImportedRow(BaseModel):
    """One row of an imported dataset; `ombud.imports.schema` says what each field holds."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    id: _Name
    group: _Name
    source: Source
    kind: Kind
    part: _Part | None = None
    parts: _Part | None = None
    reference: Annotated[str, BeforeValidator(_reference)] = ""
    body: _Fact = ""
    category: _Fact = ""
    subcategory: _Fact = ""
    decision_date: Annotated[str, BeforeValidator(_date)] = ""
    outcome: Annotated[str, BeforeValidator(_outcome)] = ""
    scheme_outcome: _Fact = ""
    text: Annotated[str, BeforeValidator(_text)]
    url: _Fact = ""
    extra: _Fact = ""
    origin: _Fact = ""


def checked(found: Found) -> ImportedRow | str:
    """Return the row that was found, or what is wrong with it in one line."""
    if found.problem:
        return found.problem
    try:
        return ImportedRow(**{**found.values, "origin": found.origin})
    except pydantic.ValidationError as error:
        return "; ".join(_problem(detail) for detail in error.errors(include_url=False))


def row_document(row: Mapping[str, Any]) -> Document:
    """Return the document of a row of an imported dataset, for a view to read."""
    names = Facts.__dataclass_fields__
    facts = Facts(**{name: row[name] for name in names})
    if row["kind"] == "finding":
        # A part in a few words: what it opens with is no heading.
        span = Span(0, len(row["text"]))
        return Document(row["id"], row["text"], (Section("body", span),), facts)
    return from_text(row["text"], row["id"], facts)


def _problem(detail: Any) -> str:
    field = ".".join(str(part) for part in detail["loc"])
    cause = detail.get("ctx", {}).get("error")
    return f"{field}: {cause}" if cause is not None else f"{field}: {detail['msg']}"
