"""What every row of the compiled dataset must hold, whoever wrote the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ombud.spans import Span, splits_character
from ombud.taxonomy import OUTCOMES, REASONS

__all__ = ["KINDS", "check_ids", "check_record"]

KINDS: Final = frozenset({"statement", "report"})

_OUTCOMES: Final = tuple(outcome.label for outcome in OUTCOMES)
_REASONS: Final = frozenset(reason.label for reason in REASONS)
_TEXTS: Final = ("text", "letter")


def check_record(record: Mapping[str, Any]) -> None:
    """Check labels, date, texts and passages of one row whose keys are all there.

    Raises:
        TypeError: If a value is of the wrong type.
        ValueError: If a label is unknown, the date does not exist, or a passage lies outside its
            text or begins or ends inside a character.
    """
    name = repr(record["id"])
    for key, value in record.items():
        if key not in ("reasons", "distractors", "readings") and not isinstance(value, str):
            message = f"a {type(value).__name__} as {key!r}"
            raise TypeError(message)
    for key in ("id", "group"):
        if not record[key].strip():
            message = f"a row without {key!r}"
            raise ValueError(message)
    _check_label("outcome", record["outcome"], _OUTCOMES, name)
    _check_label("kind", record["kind"], KINDS, name)
    _check_date(record["decision_date"], name)
    for key in _TEXTS:
        if any("\ud800" <= character <= "\udfff" for character in record[key]):
            message = f"a lone surrogate in the {key} of {name}"
            raise ValueError(message)
    for reason in record["reasons"]:
        _check_label("reason", reason["label"], _REASONS, name)
        if not isinstance(reason["main"], bool):
            message = f"a {type(reason['main']).__name__} as 'main' in {name}"
            raise TypeError(message)
        for where, spans in (("text", reason["spans"]), ("letter", reason["letter_spans"])):
            for span in spans:
                _check_passage(span, record[where], where, reason["label"], name)
    labels = [reason["label"] for reason in record["reasons"]]
    if twice := sorted({label for label in labels if labels.count(label) > 1}):
        message = f"the reason {twice[0]!r} twice in {name}"
        raise ValueError(message)
    for distractor in record["distractors"]:
        _check_label("distractor", distractor["looks_like"], _REASONS, name)
        _check_label("part", distractor["in"], _TEXTS, name)
        where = distractor["in"]
        _check_passage(distractor, record[where], where, distractor["looks_like"], name)


def check_ids(identifiers: Iterable[str]) -> None:
    """Check that no id comes twice.

    Raises:
        ValueError: Naming the first that does.
    """
    seen: set[str] = set()
    for identifier in identifiers:
        if identifier in seen:
            message = f"the id {identifier!r} twice"
            raise ValueError(message)
        seen.add(identifier)


def _check_label(what: str, label: object, known: Iterable[str], name: str) -> None:
    if not isinstance(label, str) or label not in known:
        message = f"an unknown {what} {label!r} in {name}"
        raise ValueError(message)


def _check_date(words: str, name: str) -> None:
    try:
        exists = dt.date.fromisoformat(words).isoformat() == words
    except ValueError:
        exists = False
    if not exists:
        message = f"a decision date {words!r} in {name} where YYYY-MM-DD is wanted"
        raise ValueError(message)


def _check_passage(span: Mapping[str, Any], text: str, where: str, label: str, name: str) -> None:
    for key in ("start", "end"):
        if type(span[key]) is not int:
            message = f"a {type(span[key]).__name__} as {key!r} of a passage in {name}"
            raise TypeError(message)
    if Span(span["start"], span["end"]).end > len(text):
        message = f"a passage of {label!r} beyond the end of {name}"
        raise ValueError(message)
    for key in ("start", "end"):
        if splits_character(text, span[key]):
            message = (
                f"a passage of {label!r} whose {key} {span[key]} divides a character in the "
                f"{where} of {name}"
            )
            raise ValueError(message)
