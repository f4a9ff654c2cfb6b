"""Second readings of cases, and what was settled where the two readings differed.

A second reader saw the clean statement alone and marked outcome, reasons and passages; the
reading stays as it was. Where the two differed the case file holds what was settled, and the
settlement keeps the first marks as they were before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from ombud.corpus.authored import Case
from ombud.errors import AuthoringError, first_line
from ombud.spans import Span
from ombud.taxonomy import OUTCOMES, REASONS

__all__ = [
    "MarkedReason",
    "SecondReading",
    "Settled",
    "Settlement",
    "parse_reading",
    "read_readings",
    "read_settlements",
]

_OUTCOMES: Final = tuple(outcome.label for outcome in OUTCOMES)
_REASONS: Final = frozenset(reason.label for reason in REASONS)
_CHOICES: Final = ("first", "second", "both", "neither")


@dataclass(frozen=True, slots=True)
class MarkedReason:
    """A reason that a reader gave, and the passages of the statement that say it."""

    label: str
    main: bool
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class SecondReading:
    """What one reader made of a statement."""

    reader: str
    outcome: str
    reasons: tuple[MarkedReason, ...]

    def to_json(self) -> str:
        """Return the reading as the dataset keeps it: one line of JSON."""
        reasons = [
            {
                "label": reason.label,
                "main": reason.main,
                "spans": [{"start": span.start, "end": span.end} for span in reason.spans],
            }
            for reason in self.reasons
        ]
        plain = {"reader": self.reader, "outcome": self.outcome, "reasons": reasons}
        return json.dumps(plain, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Settled:
    """One difference settled: whose marks of a reason stand, where in the text, and why."""

    label: str
    choice: str
    passage: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """What was settled of one case, and the first marks as they were before."""

    settled: tuple[Settled, ...]
    first: tuple[MarkedReason, ...]


def read_readings(folder: Path, cases: Iterable[Case]) -> dict[str, tuple[SecondReading, ...]]:
    """Return the second readings in `folder`, by case id; none if there is no such folder.

    Raises:
        AuthoringError: Naming the first file that is damaged, is of no case or of another text,
            or marks what is not there.
    """

    def one(plain: Mapping[str, Any], case: Case) -> tuple[SecondReading, ...]:
        _keys(plain, ("id", "reader", "outcome", "text_sha256", "reasons"))
        found = hashlib.sha256(case.text.encode()).hexdigest()
        _expect(
            plain["text_sha256"] == found,
            f"a reading of the text {found[:16]}",
            f"one of {str(plain['text_sha256'])[:16]}; read the case again",
        )
        own = {name: plain[name] for name in ("reader", "outcome", "reasons")}
        return (_reading(own, len(case.text)),)

    return _read(folder, cases, one)


def read_settlements(folder: Path, cases: Iterable[Case]) -> dict[str, Settlement]:
    """Return the settlements in `folder`, by case id; none if there is no such folder.

    Raises:
        AuthoringError: Naming the first file that is damaged, is of no case, or marks what is not
            there.
    """

    def one(plain: Mapping[str, Any], case: Case) -> Settlement:
        _keys(plain, ("id", "settled", "first"))
        settled = plain["settled"]
        _expect(bool(settled) and isinstance(settled, list), "a list of what was settled", settled)
        _keys(plain["first"], ("reasons",))
        return Settlement(
            tuple(_settled(difference) for difference in settled),
            _reasons(plain["first"]["reasons"], len(case.text)),
        )

    return _read(folder, cases, one)


def parse_reading(line: str, length: int) -> SecondReading:
    """Return a reading that the dataset keeps, of a text of `length` characters.

    Raises:
        ValueError: If it is damaged or marks what is not there.
    """
    try:
        return _reading(json.loads(line), length)
    except _Unexpected as error:
        message = f"a reading with {error.found} where {error.expected} should be"
        raise ValueError(message) from error


class _Unexpected(Exception):
    """Raised inside this module: what was expected and what was found."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(expected, found)
        self.expected = expected
        self.found = found


def _expect(holds: bool, expected: str, found: object) -> None:
    if not holds:
        raise _Unexpected(expected, found if isinstance(found, str) else repr(found))


_Of = TypeVar("_Of")


def _read(
    folder: Path, cases: Iterable[Case], one: Callable[[Mapping[str, Any], Case], _Of]
) -> dict[str, _Of]:
    by_id = {case.id: case for case in cases}
    results = {}
    for path in sorted(folder.glob("*.json")):
        try:
            plain = json.loads(path.read_text(encoding="utf-8"))
            _expect(isinstance(plain, dict), "an object", plain)
            name = plain.get("id")
            _expect(name == path.stem, "the id to be the file's name", repr(name))
            _expect(name in by_id, "the id of a case", f"{name!r}; add the case or remove the file")
            results[name] = one(plain, by_id[name])
        except _Unexpected as error:
            message = f"{path}: expected {error.expected}, found {error.found}"
            raise AuthoringError(message) from error
        except (OSError, ValueError, RecursionError) as error:
            message = f"{path}: expected JSON in UTF-8, found: {first_line(error)}; mend the file"
            raise AuthoringError(message) from error
    return results


def _keys(plain: Any, wanted: tuple[str, ...]) -> None:
    found = ", ".join(plain) or "none" if isinstance(plain, dict) else repr(plain)
    same = isinstance(plain, dict) and set(plain) == set(wanted)
    _expect(same, f"the keys {', '.join(wanted)}", found)


def _reading(plain: Any, length: int) -> SecondReading:
    _keys(plain, ("reader", "outcome", "reasons"))
    reader, outcome = plain["reader"], plain["outcome"]
    _expect(bool(reader) and isinstance(reader, str), "the reader's name", repr(reader))
    _expect(outcome in _OUTCOMES, f"an outcome out of {', '.join(_OUTCOMES)}", repr(outcome))
    return SecondReading(reader, outcome, _reasons(plain["reasons"], length))


def _reasons(plain: Any, length: int) -> tuple[MarkedReason, ...]:
    _expect(bool(plain) and isinstance(plain, list), "a list of reasons", repr(plain))
    reasons = tuple(_reason(one, length) for one in plain)
    labels = [reason.label for reason in reasons]
    _expect(len(set(labels)) == len(labels), "different reasons", ", ".join(labels))
    main = [reason.label for reason in reasons if reason.main]
    _expect(len(main) == 1, "one main reason", ", ".join(main) or "none")
    return reasons


def _reason(plain: Any, length: int) -> MarkedReason:
    _keys(plain, ("label", "main", "spans"))
    label, main, spans = plain["label"], plain["main"], plain["spans"]
    _expect(isinstance(label, str) and label in _REASONS, "a reason of the taxonomy", repr(label))
    _expect(isinstance(main, bool), f"main of {label} to be true or false", repr(main))
    _expect(isinstance(spans, list), f"a list of passages of {label}", repr(spans))
    return MarkedReason(label, main, tuple(_span(span, label, length) for span in spans))


def _span(plain: Any, label: str, length: int) -> Span:
    _keys(plain, ("start", "end"))
    start, end = plain["start"], plain["end"]
    whole = all(isinstance(at, int) and not isinstance(at, bool) for at in (start, end))
    _expect(
        whole and 0 <= start < end <= length,
        f"a passage of {label} inside the text of {length} characters",
        f"start={start!r} end={end!r}",
    )
    return Span(start, end)


def _settled(plain: Any) -> Settled:
    _keys(plain, ("label", "choice", "passage", "why"))
    label, choice, passage, why = (plain[k] for k in ("label", "choice", "passage", "why"))
    _expect(isinstance(label, str) and label in _REASONS, "a reason of the taxonomy", repr(label))
    _expect(choice in _CHOICES, f"a choice out of {', '.join(_CHOICES)}", repr(choice))
    _expect(isinstance(why, str) and bool(why.strip()), "words that say why", repr(why))
    _expect(passage is None or isinstance(passage, str), "words of a passage", repr(passage))
    return Settled(label, choice, passage, why)
