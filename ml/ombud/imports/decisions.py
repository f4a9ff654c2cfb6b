"""Published decisions as rows: LGSCO records, pages and statements; PHSO records part by part."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ombud.documents import Document
from ombud.errors import OmbudError
from ombud.imports.rows import Found
from ombud.readers.text import from_text
from ombud.schemes import map_outcome

__all__ = ["LGSCO_KEYS", "PHSO_KEYS", "document_row", "record_form", "record_rows"]

LGSCO_KEYS: Final = (
    "case_id",
    "authority",
    "category",
    "subcategory",
    "date",
    "outcome",
    "text",
    "url",
)
PHSO_KEYS: Final = ("case_reference", "organisation", "date", "outcome", "text", "url")

_STATEMENT_ONLY: Final = frozenset({"assessment", "decision", "role_and_powers", "signature"})


def record_form(record: object) -> str:
    """Return `lgsco` or `phso` for a record of that form, '' for anything else."""
    if isinstance(record, Mapping) and "text" in record:
        if "case_reference" in record:
            return "phso"
        if "case_id" in record:
            return "lgsco"
    return ""


def record_rows(record: object, form: str, file: str, place: str) -> Iterator[Found]:
    """Yield the rows of one record: one, or for PHSO one a complaint part.

    Args:
        record: What a collector stored of one decision.
        form: `lgsco`, `phso`, or '' to tell the form by the record's keys.
        file: The source file.
        place: Where in it the record stands.
    """
    if not isinstance(record, Mapping):
        problem = f"expected a JSON object, found a {type(record).__name__}"
        yield Found(file, place, {}, problem)
        return
    match form or record_form(record):
        case "lgsco":
            yield _lgsco(record, file, place)
        case "phso":
            yield from _phso(record, file, place)
        case _:
            keys = ", ".join(repr(key[:40]) for key in sorted(map(str, record))[:12]) or "no keys"
            problem = (
                "expected a record with 'text' and 'case_id' (LGSCO) or 'case_reference' (PHSO), "
                f"found {keys}; import other records as a table, one a line in a .jsonl file"
            )
            yield Found(file, place, {}, problem)


def document_row(document: Document, file: str, place: str = "") -> Found:
    """Return the row of an LGSCO decision that a reader made of a page or a printed statement."""
    facts = document.facts
    values = {
        "id": facts.reference,
        "group": facts.reference,
        "source": "lgsco",
        "kind": _lgsco_kind(document),
        "reference": facts.reference,
        "body": facts.body,
        "category": facts.category,
        "subcategory": facts.subcategory,
        "decision_date": facts.decision_date,
        "outcome": facts.outcome,
        "scheme_outcome": facts.scheme_outcome,
        "text": document.text,
        "url": facts.url,
    }
    return Found(file, place, values, _lacking(values))


def _lgsco(record: Mapping[str, Any], file: str, place: str) -> Found:
    values: dict[str, Any] = {
        "id": record.get("case_id"),
        "group": record.get("case_id"),
        "source": "lgsco",
        "kind": "statement",
        "reference": record.get("case_id"),
        "body": record.get("authority"),
        "category": record.get("category"),
        "subcategory": record.get("subcategory"),
        "decision_date": record.get("date"),
        "scheme_outcome": record.get("outcome"),
        "text": record.get("text"),
        "url": record.get("url"),
        "extra": _extra(record, LGSCO_KEYS),
    }
    problem = _read_head(values)
    if not problem:
        problem = _map("lgsco", values)
    return Found(file, place, values, problem or _lacking(values))


def _phso(record: Mapping[str, Any], file: str, place: str) -> Iterator[Found]:
    words = record.get("outcome")
    outcomes = [part.strip() for part in words.split(";")] if isinstance(words, str) else [words]
    outcomes = [part for part in outcomes if part != ""] or [""]
    several = len(outcomes) > 1
    for number, outcome in enumerate(outcomes, start=1):
        reference = record.get("case_reference")
        values = {
            "id": f"{reference}/{number}" if several and reference else reference,
            "group": reference,
            "source": "phso",
            "kind": "decision",
            "part": number if several else None,
            "parts": len(outcomes) if several else None,
            "reference": reference,
            "body": record.get("organisation"),
            "category": "Health",
            "decision_date": record.get("date"),
            "scheme_outcome": outcome,
            "text": record.get("text"),
            "url": record.get("url"),
            "extra": _extra(record, PHSO_KEYS),
        }
        problem = _map("phso", values) or _lacking(values)
        where = f"{place}, part {number}" if place else f"part {number}"
        yield Found(file, where if several else place, values, problem)


def _read_head(values: dict[str, Any]) -> str:
    """Fill what the record leaves empty from the text's head; say where the two disagree."""
    text, outcome = values["text"], values["scheme_outcome"]
    if not isinstance(text, str):
        return ""
    try:
        document = from_text(text, "text")
    except OmbudError:
        return ""
    values["kind"] = _lgsco_kind(document)
    facts = document.facts
    if facts.outcome and isinstance(outcome, str) and outcome.strip():
        said = _mapped("lgsco", outcome)
        if said and said != facts.outcome:
            return (
                f"outcome: expected one outcome, found {outcome.strip()[:60]!r} in the record and "
                f"{facts.scheme_outcome[:60]!r} at the head of its text"
            )
    for name in ("body", "category", "subcategory", "decision_date", "scheme_outcome"):
        if values[name] is None or values[name] == "":
            values[name] = getattr(facts, name)
    return ""


def _map(scheme: str, values: dict[str, Any]) -> str:
    """Add the taxonomy's outcome; return what is wrong with the source's."""
    words = values["scheme_outcome"]
    if not isinstance(words, str) or not words.strip():
        return ""
    try:
        values["outcome"] = map_outcome(scheme, words)
    except OmbudError as error:
        return f"outcome: {error}"
    return ""


def _mapped(scheme: str, words: str) -> str:
    try:
        return map_outcome(scheme, words)
    except OmbudError:
        return ""


def _lacking(values: Mapping[str, Any]) -> str:
    """Say what a published decision always has and this one lacks."""
    names = {
        "id": "a reference",
        "decision_date": "a decision date",
        "scheme_outcome": "an outcome",
    }
    for name, wanted in names.items():
        if values.get(name) in (None, ""):
            return f"{name}: expected {wanted}, as every published decision has, found none"
    return ""


def _lgsco_kind(document: Document) -> str:
    """Tell a statement from the summary of a public interest report, which has fewer sections."""
    kinds = {section.kind for section in document.sections}
    return "statement" if kinds & _STATEMENT_ONLY else "report"


def _extra(record: Mapping[str, Any], used: tuple[str, ...]) -> str:
    rest = {key: value for key, value in record.items() if key not in used and value is not None}
    if not rest:
        return ""
    return json.dumps(rest, ensure_ascii=False, sort_keys=True, default=str)
