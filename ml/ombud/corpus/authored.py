"""Case files of the authored corpus: Markdown with inline marks, compiled to rows with spans.

The marks are `{{label: words}}` for a passage that gives a reason, `{{label+label: words}}`
for one that gives several, and `{{!label: words}}` for a distractor that only looks like it.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from ombud.corpus.record_checks import KINDS
from ombud.errors import AuthoringError
from ombud.spans import Span
from ombud.taxonomy import OUTCOMES, REASONS

__all__ = ["Case", "Distractor", "GoldReason", "parse_case", "read_case", "read_cases"]

_FRONT_MATTER: Final = re.compile(r"\A---\n(?P<yaml>.*?)\n---\n", re.DOTALL)
_PART: Final = re.compile(r"^# (?P<name>Statement|Letter)[ \t]*$", re.MULTILINE)
_OPEN: Final = re.compile(r"\{\{(?P<distractor>!?)(?P<labels>[a-z_+]+):[ ]?")
_REASON_LABELS: Final = frozenset(r.label for r in REASONS)
_OUTCOME_LABELS: Final = frozenset(o.label for o in OUTCOMES)
_REQUIRED: Final = (
    "id",
    "writer",
    "body",
    "called",
    "category",
    "subcategory",
    "decision_date",
    "kind",
    "outcome",
    "reasons",
)
_OPTIONAL: Final = (
    "also_published_for",
    "field_and_text_disagree",
    "wording",
    "said_nowhere",
    "letter_style",
    "second_reading",
    "plan_change",
)


@dataclass(frozen=True, slots=True)
class GoldReason:
    """A gold reason with the passages that say it in the statement and bear on it in the letter."""

    label: str
    main: bool
    spans: tuple[Span, ...]
    letter_spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Distractor:
    """A passage that only looks like a reason; `where` is `text` or `letter`."""

    looks_like: str
    where: str
    span: Span


@dataclass(frozen=True, slots=True)
class Case:
    """One authored case: the statement as published, the letter before it, and gold marks."""

    id: str
    writer: str
    body: str
    also_published_for: tuple[str, ...]
    called: str
    category: str
    subcategory: str
    decision_date: str
    kind: str
    outcome: str
    text: str
    letter: str
    reasons: tuple[GoldReason, ...]
    distractors: tuple[Distractor, ...]
    field_and_text_disagree: bool = False
    wording: str = "stock"
    letter_style: str = ""
    second_reading: bool = False
    path: Path = field(default=Path(), compare=False)


@dataclass(frozen=True, slots=True)
class _Mark:
    labels: tuple[str, ...]
    distractor: bool
    span: Span
    line: int


def read_cases(folder: Path) -> list[Case]:
    """Read every case file below `folder`, ordered by id.

    Raises:
        AuthoringError: For the first file that breaks a rule, or where two share an id.
    """
    paths = sorted(folder.glob("*/*.md"))
    if not paths:
        message = f"expected case files named <year>/<id>.md in {folder}, found none"
        raise AuthoringError(message)
    cases = [read_case(path) for path in paths]
    seen: dict[str, Path] = {}
    for case in cases:
        if case.id in seen:
            message = (
                f"{case.path}: expected an id of its own, found {case.id!r} which "
                f"{seen[case.id]} has too; rename one of them"
            )
            raise AuthoringError(message)
        seen[case.id] = case.path
    return sorted(cases, key=lambda case: case.id)


def read_case(path: Path) -> Case:
    """Read one case file.

    Raises:
        AuthoringError: If the file is not valid UTF-8 or breaks an authoring rule.
    """
    try:
        source = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        message = f"{path}: expected UTF-8 text, found byte {error.start} that is not; re-save it"
        raise AuthoringError(message) from error
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        message = f"{path}: expected a readable case file, found: {found}; check the path"
        raise AuthoringError(message) from error
    return parse_case(source, path)


def parse_case(source: str, path: Path) -> Case:
    """Compile the Markdown `source` of one case; `path` names it in errors.

    Raises:
        AuthoringError: Naming file and line of the first rule that is broken.
    """
    front, offset = _front_matter(source, path)
    parts = _parts(source, offset, path)
    text, marks = _compile(*parts["Statement"], path)
    letter, letter_marks = _compile(*parts["Letter"], path)
    labels = front["reasons"]
    said_nowhere = set(front.get("said_nowhere") or ())
    for part_marks in (marks, letter_marks):
        for mark in part_marks:
            for label in mark.labels:
                if not mark.distractor and label not in labels:
                    message = (
                        f"{path}:{mark.line}: expected a mark for one of the reasons in the "
                        f"front matter ({', '.join(labels)}), found {label!r}; "
                        "add the reason or mark it as a distractor with '!'"
                    )
                    raise AuthoringError(message)
    reasons = tuple(
        GoldReason(
            label=label,
            main=label == labels[0],
            spans=_spans(marks, label),
            letter_spans=_spans(letter_marks, label),
        )
        for label in labels
    )
    for marked in reasons:
        if not marked.spans and marked.label not in said_nowhere:
            message = (
                f"{path}:1: expected at least one mark for {marked.label!r} in the statement, "
                "found none; mark the passage or list the label under said_nowhere"
            )
            raise AuthoringError(message)
    distractors = tuple(
        Distractor(label, where, mark.span)
        for where, part_marks in (("text", marks), ("letter", letter_marks))
        for mark in part_marks
        if mark.distractor
        for label in mark.labels
    )
    return Case(
        id=front["id"],
        writer=str(front["writer"]),
        body=front["body"],
        also_published_for=tuple(front.get("also_published_for") or ()),
        called=front["called"],
        category=front["category"],
        subcategory=front["subcategory"],
        decision_date=front["decision_date"],
        kind=front["kind"],
        outcome=front["outcome"],
        text=text,
        letter=letter,
        reasons=reasons,
        distractors=distractors,
        field_and_text_disagree=bool(front.get("field_and_text_disagree", False)),
        wording=str(front.get("wording", "stock")),
        letter_style=str(front.get("letter_style", "")),
        second_reading=bool(front.get("second_reading", False)),
        path=path,
    )


def _spans(marks: list[_Mark], label: str) -> tuple[Span, ...]:
    return tuple(m.span for m in marks if not m.distractor and label in m.labels)


def _front_matter(source: str, path: Path) -> tuple[dict[str, Any], int]:
    match = _FRONT_MATTER.match(source)
    if match is None:
        message = f"{path}:1: expected front matter between two lines '---', found none"
        raise AuthoringError(message)
    try:
        front = yaml.safe_load(match["yaml"])
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        found = getattr(error, "problem", None) or "something else"
        message = f"{path}:{line}: expected front matter in YAML, found: {found}"
        raise AuthoringError(message) from error
    if not isinstance(front, dict) or not all(isinstance(key, str) for key in front):
        message = f"{path}:1: expected front matter of keys and values, found {front!r}"
        raise AuthoringError(message)
    missing = [key for key in _REQUIRED if not front.get(key)]
    unknown = sorted(set(front) - set(_REQUIRED) - set(_OPTIONAL))
    if missing or unknown:
        message = (
            f"{path}:1: expected the keys {', '.join(_REQUIRED)}, "
            f"found missing {missing} and unknown {unknown}"
        )
        raise AuthoringError(message)
    _check_types(front, path)
    if isinstance(front["decision_date"], dt.date):
        front["decision_date"] = front["decision_date"].isoformat()
    try:
        dt.date.fromisoformat(str(front["decision_date"]))
    except ValueError as error:
        message = (
            f"{path}:1: expected decision_date as YYYY-MM-DD, found {front['decision_date']!r}"
        )
        raise AuthoringError(message) from error
    if front["outcome"] not in _OUTCOME_LABELS:
        message = (
            f"{path}:1: expected an outcome out of {sorted(_OUTCOME_LABELS)}, "
            f"found {front['outcome']!r}"
        )
        raise AuthoringError(message)
    if front["id"] != path.stem:
        message = f"{path}:1: expected the id to be the file's name, found {front['id']!r}"
        raise AuthoringError(message)
    labels = front["reasons"]
    if not _is_list_of_words(labels) or len(set(labels)) != len(labels):
        message = f"{path}:1: expected a list of different reasons, found {labels!r}"
        raise AuthoringError(message)
    for label in labels:
        if label not in _REASON_LABELS:
            message = f"{path}:1: expected reasons of the taxonomy, found {label!r}"
            raise AuthoringError(message)
    return front, match.end()


def _check_types(front: dict[str, Any], path: Path) -> None:
    for key in ("id", "body", "called", "category", "subcategory", "kind", "outcome"):
        if not isinstance(front[key], str):
            message = f"{path}:1: expected {key} to be words, found {front[key]!r}"
            raise AuthoringError(message)
    for key in ("also_published_for", "said_nowhere"):
        if front.get(key) and not _is_list_of_words(front[key]):
            message = f"{path}:1: expected {key} to be a list of words, found {front[key]!r}"
            raise AuthoringError(message)
    if front["kind"] not in KINDS:
        message = f"{path}:1: expected a kind out of {sorted(KINDS)}, found {front['kind']!r}"
        raise AuthoringError(message)


def _is_list_of_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def _parts(source: str, offset: int, path: Path) -> dict[str, tuple[str, int]]:
    headings = list(_PART.finditer(source, offset))
    names = [h["name"] for h in headings]
    if names != ["Statement", "Letter"]:
        message = (
            f"{path}:1: expected the parts '# Statement' and '# Letter' in this order, "
            f"found {names}"
        )
        raise AuthoringError(message)
    ends = [headings[1].start(), len(source)]
    return {
        h["name"]: (source[h.end() + 1 : end], source.count("\n", 0, h.end() + 1) + 1)
        for h, end in zip(headings, ends, strict=True)
    }


def _compile(part: str, first_line: int, path: Path) -> tuple[str, list[_Mark]]:
    """Take the marks and Markdown heading signs out of `part`; blank lines go, lines stay."""
    lines: list[str] = []
    marks: list[_Mark] = []
    length = 0
    for number, raw in enumerate(part.split("\n"), start=first_line):
        line = re.sub(r"^#{2,} +", "", raw.strip())
        if not line:
            continue
        clean, line_marks = _unmark(line, number, path)
        marks += [
            _Mark(m.labels, m.distractor, Span(m.span.start + length, m.span.end + length), m.line)
            for m in line_marks
        ]
        lines.append(clean)
        length += len(clean) + 1
    if not lines:
        message = f"{path}:{first_line}: expected text in this part, found none"
        raise AuthoringError(message)
    return "\n".join(lines), marks


def _unmark(line: str, number: int, path: Path) -> tuple[str, list[_Mark]]:
    clean: list[str] = []
    length = 0
    marks: list[_Mark] = []
    position = 0
    while (at := line.find("{{", position)) >= 0:
        opening = _OPEN.match(line, at)
        close = line.find("}}", at)
        if opening is None or close < 0:
            message = (
                f"{path}:{number}: expected a mark as '{{{{label: words}}}}' closed on its own "
                f"line, found {line[at : at + 40]!r}"
            )
            raise AuthoringError(message)
        labels = tuple(opening["labels"].split("+"))
        unknown = [label for label in labels if label not in _REASON_LABELS]
        if unknown:
            message = f"{path}:{number}: expected labels of the taxonomy, found {unknown}"
            raise AuthoringError(message)
        words = line[opening.end() : close]
        if "{{" in words or len(words.split()) < 2 or words != words.strip():
            message = (
                f"{path}:{number}: expected a mark over a whole clause or sentence without "
                f"spaces at its ends or another mark inside, found {words!r}"
            )
            raise AuthoringError(message)
        before = line[position:at]
        clean += [before, words]
        start = length + len(before)
        length = start + len(words)
        marks.append(_Mark(labels, bool(opening["distractor"]), Span(start, length), number))
        position = close + 2
    clean.append(line[position:])
    text = "".join(clean)
    if "{" in text or "}" in text:
        message = f"{path}:{number}: expected braces in marks only, found {text[:60]!r}"
        raise AuthoringError(message)
    return text, marks
