"""Plain text: a statement as printed, or anything that somebody wrote."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from ombud.documents import Document, Facts, checked_text
from ombud.errors import InputError
from ombud.schemes import map_outcome
from ombud.sections import find_sections

__all__ = ["from_text", "header_facts", "iso_date"]

_REFERENCE: Final = re.compile(r"\((?P<reference>\d{2} \d{3} \d{3})\)\s*$")
_FIELD: Final = re.compile(
    r"^[^\S\n]*(?P<label>Category|Decision date|Decision)[^\S\n]*:[^\S\n]*\n?(?P<value>.+)$",
    re.MULTILINE | re.IGNORECASE,
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_CATEGORY: Final = re.compile(r"^[ \t]*Category[ \t]*:\s*([^\n>]+?)\s*>\s*([^\n]+)$", re.MULTILINE)


def from_text(text: str, identifier: str, facts: Facts | None = None) -> Document:
    """Return a document of `text`; what `facts` does not give is read from the text's head.

    Raises:
        InputError: If no document can be made of the text (see `checked_text`).
    """
    checked_text(text, identifier)
    # Names and ids are only shown: what no file can hold is replaced there, never in the text.
    sections = find_sections(text)
    head = "\n".join(s.span.of(text) for s in sections if s.kind == "header")
    found = header_facts(head)
    given = facts or Facts()
    merged = {
        name: getattr(given, name) or getattr(found, name) for name in Facts.__dataclass_fields__
    }
    facts = Facts(**{fact: _SURROGATE.sub("\ufffd", words) for fact, words in merged.items()})
    return Document(_SURROGATE.sub("\ufffd", identifier), text, sections, facts)


def header_facts(head: str) -> Facts:
    """Return the facts that the metadata lines at the head of a statement give."""
    values = {m["label"].lower(): m["value"].strip() for m in _FIELD.finditer(head)}
    category = _CATEGORY.search(head)
    first_line = head.split("\n", 1)[0]
    reference = _REFERENCE.search(first_line)
    scheme_outcome = values.get("decision", "")
    try:
        outcome = map_outcome("lgsco", scheme_outcome) if scheme_outcome else ""
    except InputError:
        outcome = ""
    return Facts(
        reference=reference["reference"] if reference else "",
        body=first_line[: reference.start()].strip() if reference else "",
        category=category[1] if category else values.get("category", ""),
        subcategory=category[2] if category else "",
        decision_date=iso_date(values.get("decision date", "")),
        outcome=outcome,
        scheme_outcome=scheme_outcome,
    )


def iso_date(words: str) -> str:
    """Return a date such as `03 Oct 2023` or `2023-10-03` as YYYY-MM-DD, or '' if it is none."""
    for form in ("%d %b %Y", "%d %B %Y", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(words.strip(), form).date().isoformat()  # noqa: DTZ007
        except ValueError:
            continue
    try:
        return dt.datetime.fromisoformat(words.strip()).date().isoformat()
    except ValueError:
        return ""
