"""JSON records as a public collector stores them: one decision an object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ombud.documents import Document, Facts
from ombud.errors import InputError
from ombud.readers.text import from_text, iso_date
from ombud.schemes import map_outcome, map_outcomes

__all__ = ["from_record"]


def from_record(record: Mapping[str, Any], name: str) -> Document:
    """Return the decision of one record; its form is told by its keys.

    LGSCO records have `case_id` and `authority`, PHSO records `case_reference` and
    `organisation` and may list one outcome a complaint part. Any other object with a `text`
    is read too: `id`, `body`, `category`, `subcategory`, `decision_date` where present.

    Raises:
        InputError: If there is no text, or an outcome is not one of its scheme.
    """
    text = record.get("text")
    if not isinstance(text, str):
        if "text" in record:
            found = "nothing" if text is None else f"a {type(text).__name__}"
            message = f"{name}: expected text under 'text', found {found}; check the record"
            raise InputError(message)
        keys = ", ".join(repr(key[:40]) for key in sorted(map(str, record))[:12]) or "no keys"
        message = f"{name}: expected a record with its text under 'text', found {keys}"
        message += "; name the key 'text'"
        raise InputError(message)
    if "case_reference" in record:
        identifier = _identifier(record, "case_reference") or name
        facts = _phso(record, name)
    elif "case_id" in record:
        identifier = _identifier(record, "case_id") or name
        facts = _lgsco(record, name)
    else:
        identifier = _identifier(record, "id") or name
        facts = Facts(
            body=_words(record, "body"),
            category=_words(record, "category"),
            subcategory=_words(record, "subcategory"),
            decision_date=iso_date(_words(record, "decision_date")),
        )
    return from_text(text, identifier, facts)


def _lgsco(record: Mapping[str, Any], name: str) -> Facts:
    scheme_outcome = _words(record, "outcome")
    return Facts(
        reference=_words(record, "case_id"),
        body=_words(record, "authority"),
        category=_words(record, "category"),
        subcategory=_words(record, "subcategory"),
        decision_date=iso_date(_words(record, "date")),
        source="lgsco",
        url=_words(record, "url"),
        outcome=_outcome(map_outcome, "lgsco", scheme_outcome, name),
        scheme_outcome=scheme_outcome,
    )


def _phso(record: Mapping[str, Any], name: str) -> Facts:
    scheme_outcome = _words(record, "outcome")
    return Facts(
        reference=_words(record, "case_reference"),
        body=_words(record, "organisation"),
        category="Health",
        decision_date=iso_date(_words(record, "date")),
        source="phso",
        url=_words(record, "url"),
        outcome=_outcome(map_outcomes, "phso", scheme_outcome, name),
        scheme_outcome=scheme_outcome,
    )


def _outcome(mapped: Callable[[str, str], str], scheme: str, words: str, name: str) -> str:
    try:
        return mapped(scheme, words) if words else ""
    except InputError as error:
        message = f"{name}: {error}"
        raise InputError(message) from error


def _identifier(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    numbered = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if numbered else _words(record, key)


def _words(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    return value.strip() if isinstance(value, str) else ""
