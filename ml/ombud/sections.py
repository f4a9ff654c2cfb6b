"""Sections of a decision: headings recognised, words between them kept as spans.

The headings are those of published decision statements and reports of the Local Government
and Social Care Ombudsman and of the Parliamentary and Health Service Ombudsman.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ombud.documents import Section, SectionKind
from ombud.spans import Span

__all__ = ["find_sections", "states_outcome"]

_WHO: Final = r"(?:i|we|my|our|the|your|this|ombudsman|investigator)"
_PATTERNS: Final[tuple[tuple[SectionKind, str], ...]] = (
    ("signature", r"investigator's (?:final )?decision on behalf of the ombudsman"),
    (
        "summary",
        (
            r"(?:the )?(?:local government (?:and social care )?)?ombudsman's(?: final)? decision"
            r"|(?:decision )?summary"
        ),
    ),
    ("complaint", r"(?:the|your) complaints?|complaint|what the complaint is about"),
    ("investigated", rf"what {_WHO}(?: \w+)? (?:have|has|did)(?: not)?(?: and .+)? investigate.*"),
    (
        "role_and_powers",
        (
            r"(?:the ombudsman's|our|my) (?:role|powers)(?: and (?:role|powers))?"
            r"|(?:the ombudsman's|our|my) jurisdiction"
            r"|legal and administrative (?:background|framework|matters)"
            r"|(?:the )?(?:relevant )?law(?:,? (?:and|policy).*)?"
        ),
    ),
    (
        "how_considered",
        rf"how {_WHO}(?: \w+)? considered .+|how (?:the|this|your) complaint was considered|evidence",
    ),
    ("background", r"(?:the )?background(?: to the complaint)?"),
    (
        "assessment",
        (
            rf"(?:my|our|the) (?:assessment|consideration|analysis)|{_WHO} \w+'s assessment"
            r"|assessment(?: of the evidence)?|analysis(?: and findings)?|(?:my|our) view"
        ),
    ),
    (
        "findings",
        (
            rf"what {_WHO}(?: \w+)?(?: have)? found|what was found|(?:my |our |the )?findings?"
            r"|was there fault.*|fault and injustice"
        ),
    ),
    (
        "agreed_action",
        (
            r"agreed (?:actions?|remedy)|(?:my |our )?recommendations?|recommended actions?"
            r"|remedy|action(?:s)? agreed|what the council (?:has agreed|will do)"
        ),
    ),
    ("decision", r"(?:my |our |the )?(?:final |provisional |draft )?decision|conclusions?"),
)
_HEADINGS: Final = tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)
_FURNITURE: Final = re.compile(
    r"back to top|print (?:this )?(?:page|decision)|share this page"
    r"|skip to (?:main )?content\b.{0,120}|menu search\b.{0,60}"
    r"|(?:accept|reject|manage|allow|hide|use|view)\b.{0,30}\bcookies?\b.{0,40}"
    r"|(?:we use|this (?:site|website|page) (?:uses|sets|stores)|cookies?)\b.{0,160}"
    r"|(?:local government (?:and social care )?)?ombudsman satisfied with .{3,40}: .{6,30}"
)
_COOKIE: Final = re.compile(r"\bcookies?\b")
_FACT_LABEL: Final = re.compile(
    r"(?P<label>category|decision date|decision|reference|case reference|subject)[ \t]*:[ \t]*"
    r"(?P<value>.*)"
)
_OUTCOME: Final = (
    r"(?:(?:partly|partially|fully|not)[ -])?upheld"
    r"|closed (?:after|at|following) (?:initial )?[ei]nquiries"
)
_LISTING_TYPE: Final = re.compile(r"report|statement")
_OUTCOME_LINE: Final = re.compile(rf"[\W_]*(?:{_OUTCOME})[\W_]*")
_OUTCOME_FIELD: Final = re.compile(
    rf"[\W_]*(?:(?:my|our|the) )?(?:final )?(?:decision|outcome)"
    rf"(?:[\W_]{{0,8}}[:=|–—\-*\t][\W_]{{0,8}}"
    rf"(?:(?:{_OUTCOME})(?:[\W_]{{1,8}}.{{1,80}}|[\W_]*)|report|statement)"
    rf"|\s+(?:{_OUTCOME})[\W_]*)"
)
_INLINE_FIELD: Final = re.compile(
    rf"\b(?:Decision|DECISION)[\s*_]{{0,8}}[:=|][\s*_]{{0,8}}(?i:{_OUTCOME})\b"
    r"(?=\s+(?:Decision|The|Summary|Category|Reference)\b|[\W_]*$)"
)
_TELLING: Final = frozenset({"category", "decision", "decision date"})
"""Labels of the site: a letter may open with a subject or a reference, hardly with these."""

_INLINE_HEADING: Final = re.compile(r"[ \t]*summary[ \t]*[:\-–][ \t]*(?=\S)", re.IGNORECASE)
_REFERENCE_LINE: Final = re.compile(r".{3,120}\(\d{2} \d{3} \d{3}\)[ \t]*")


_LONGEST_FIELD: Final = 160


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    folded: str


def find_sections(text: str) -> tuple[Section, ...]:
    """Divide `text` into sections in text order.

    Every visible character lies in exactly one section's `span` or `heading`. A text without
    any known heading is one section of kind `body`; the site's metadata lines at the head
    (category, decision, date) are kind `header` and page furniture is kind `furniture`:
    no model reads either.
    """
    sections: list[Section] = []
    kind: SectionKind = "body"
    heading: Span | None = None
    start: int | None = None
    end = 0

    def close() -> None:
        nonlocal start, heading
        if start is not None:
            sections.append(Section(kind, Span(start, end), heading))
        elif heading is not None:
            sections.append(Section(kind, heading, heading))
        start, heading = None, None

    for line, line_kind, heading_span in _classified(text):
        if heading_span is not None:
            close()
            kind, heading = line_kind, heading_span
            if heading_span.end < line.end:
                start = heading_span.end
                end = line.end
            continue
        if line_kind != kind and line_kind in ("header", "furniture"):
            # These lines interrupt a section without ending it.
            close()
            _append_line(sections, line_kind, line)
            continue
        if start is None:
            start = line.start
        end = line.end
    close()
    return tuple(sections)


def states_outcome(text: str) -> bool:
    """Tell whether any line of `text` is the `Decision` field with an outcome in it."""
    lines = list(_lines(text))
    return any(_is_outcome_field(lines, number) for number in range(len(lines)))


def _append_line(sections: list[Section], kind: SectionKind, line: _Line) -> None:
    """Add a line of metadata or furniture, joined to the lines of its kind just before it."""
    start = line.start
    if sections and sections[-1].kind == kind:
        start = sections.pop().span.start
    sections.append(Section(kind, Span(start, line.end)))


def _classified(text: str) -> Iterator[tuple[_Line, SectionKind, Span | None]]:
    """Yield each visible line, its own kind, and the span of the heading it is or opens with."""
    lines = list(_lines(text))
    header_end = _header_lines(lines)
    for number, line in enumerate(lines):
        if number < header_end:
            yield line, "header", None
            continue
        if _is_furniture(line.folded) or _is_outcome_field(lines, number):
            yield line, "furniture" if _is_furniture(line.folded) else "header", None
            continue
        inline = _INLINE_HEADING.match(text[line.start : line.end])
        if inline is not None:
            yield line, "summary", Span(line.start, line.start + inline.end())
            continue
        kind = _heading_kind(line.folded)
        yield line, kind or "body", Span(line.start, line.end) if kind else None


def _lines(text: str) -> Iterator[_Line]:
    for match in re.finditer(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+", text):
        words = match.group()
        stripped = words.strip()
        if stripped:
            start = match.start() + len(words) - len(words.lstrip())
            yield from _without_field(text, Span(start, start + len(stripped)))


def _without_field(text: str, line: Span) -> Iterator[_Line]:
    """Yield a line, the `Decision` field on its own where the source has lost its line breaks."""
    cuts = [line.start]
    for match in _INLINE_FIELD.finditer(text, line.start, line.end):
        cuts += [match.start(), match.end()]
    cuts.append(line.end)
    for first, last in itertools.pairwise(cuts):
        words = text[first:last]
        stripped = words.strip()
        if stripped:
            start = first + len(words) - len(words.lstrip())
            folded = stripped.lower().replace("\u2019", "'").replace("\u2018", "'")
            yield _Line(start, start + len(stripped), folded.replace("\u00a0", " "))


def _heading_kind(folded: str) -> SectionKind | None:
    if len(folded) > 90:
        return None
    name = re.sub(r"^[#*\d.\s]+|[:*.\s]+$", "", folded)
    for kind, pattern in _HEADINGS:
        if pattern.fullmatch(name):
            return kind
    return None


def _is_furniture(folded: str) -> bool:
    match = _FURNITURE.fullmatch(folded.rstrip("."))
    if match is None:
        return False
    opens_on_cookies = folded.startswith(("we use", "this ", "cookie"))
    return not opens_on_cookies or _COOKIE.search(folded) is not None


def _is_outcome_field(lines: list[_Line], number: int) -> bool:
    """Tell whether a line anywhere states the `Decision` field, on one line or over two.

    A line that holds an outcome's name and no more is the field too, wherever it stands.
    """
    folded = lines[number].folded
    if len(folded) > _LONGEST_FIELD:
        return False
    if _OUTCOME_LINE.fullmatch(folded) or _OUTCOME_FIELD.fullmatch(folded):
        return True
    following = lines[number + 1].folded if number + 1 < len(lines) else ""
    if re.fullmatch(r"decision\s*:", folded):
        return bool(_OUTCOME_LINE.fullmatch(following) or _LISTING_TYPE.fullmatch(following))
    before = lines[number - 1].folded if number else ""
    return bool(_LISTING_TYPE.fullmatch(folded) and re.fullmatch(r"decision\s*:", before))


def _header_lines(lines: list[_Line]) -> int:
    """Return how many lines at the head are metadata (title, category, decision, date)."""
    last = 0
    labels = set()
    for number, line in enumerate(lines[:16]):
        match = _FACT_LABEL.fullmatch(line.folded)
        if match is not None and _is_fact(match, lines, number):
            labels.add(match["label"])
            last = number + 1
            if not match["value"]:
                last += 1
                while last < len(lines) and (
                    lines[last].folded == ">" or lines[last - 1].folded == ">"
                ):
                    last += 1
        elif number >= last and (
            _heading_kind(line.folded)
            or number > last + 3
            or (not labels and line.folded[-1] in ".,!?;")
        ):
            break
    if labels & _TELLING and (len(labels) >= 2 or last <= 3):
        return min(last, len(lines))
    return 1 if lines and _REFERENCE_LINE.fullmatch(lines[0].folded) else 0


def _is_fact(match: re.Match[str], lines: list[_Line], number: int) -> bool:
    """Tell a metadata line from a sentence of a letter that opens with the same word."""
    if match["label"] != "decision":
        return True
    return not match["value"] or _is_outcome_field(lines, number)
