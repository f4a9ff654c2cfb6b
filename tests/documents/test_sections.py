"""Sections: every visible character has one, and headings are told from words."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings

from ombud.documents import SECTION_KINDS, SectionKind
from ombud.sections import find_sections, states_outcome
from ombud.spans import Span
from texts import TEXTS


def outline(text: str) -> list[tuple[str, str]]:
    return [
        (s.kind, "" if s.span == s.heading else s.span.of(text).strip())
        for s in find_sections(text)
    ]


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_every_visible_character_is_in_exactly_one_section(text: str) -> None:
    owners = [0] * len(text)
    end = 0
    for section in find_sections(text):
        assert section.kind in SECTION_KINDS
        parts = [section.span]
        if section.heading is not None and section.heading != section.span:
            parts = [section.heading, section.span]
        for part in parts:
            assert end <= part.start < part.end <= len(text)
            end = part.end
            for place in range(part.start, part.end):
                owners[place] += 1
    assert [owners[n] for n, c in enumerate(text) if not c.isspace()] == [
        1 for c in text if not c.isspace()
    ]


def test_a_statement_in_its_usual_order() -> None:
    text = (
        "Harrowby District Council (21 345 678)\n"
        "Category : Housing > Allocations\nDecision : Not upheld\nDecision date : 02 Mar 2022\n"
        "The Ombudsman’s final decision:\nSummary: Ms P waited. Nothing was wrong.\n"
        "The complaint\n1. Ms P waited nine years.\nBack to top\n"
        "The Ombudsman’s role and powers\n2. We look at fault.\n"
        "How I considered this complaint\n3. I read her letters.\n"
        "What I found\n4. The list was kept properly.\n"
        "Agreed action\n5. None.\n"
        "Final decision\n6. There was no fault.\n"
        "Investigator's decision on behalf of the Ombudsman\n"
    )
    assert outline(text) == [
        ("header", ("Harrowby District Council (21 345 678)\nCategory : Housing > Allocations\n"
                   "Decision : Not upheld\nDecision date : 02 Mar 2022")),
        ("summary", ""),
        ("summary", "Ms P waited. Nothing was wrong."),
        ("complaint", "1. Ms P waited nine years."),
        ("furniture", "Back to top"),
        ("role_and_powers", "2. We look at fault."),
        ("how_considered", "3. I read her letters."),
        ("findings", "4. The list was kept properly."),
        ("agreed_action", "5. None."),
        ("decision", "6. There was no fault."),
        ("signature", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("The Ombudsman's final decision", "summary"),
        ("SUMMARY", "summary"),
        ("Your complaint", "complaint"),
        ("What I have and have not investigated", "investigated"),
        ("What we have not investigated", "investigated"),
        ("The Ombudsman’s role and powers", "role_and_powers"),
        ("Our powers", "role_and_powers"),
        ("The law and the Council’s policy", "role_and_powers"),
        ("How this complaint was considered", "how_considered"),
        ("How we considered this complaint", "how_considered"),
        ("## My assessment", "assessment"),
        ("3. Analysis:", "assessment"),
        ("What was found", "findings"),
        ("Was there fault which caused injustice?", "findings"),
        ("Recommended action", "agreed_action"),
        ("Our decision", "decision"),
        ("Draft decision", "decision"),
    ],
)
def test_headings(heading: str, kind: SectionKind) -> None:
    text = f"Some words first.\n{heading}\nAnd some after."
    assert outline(text) == [("body", "Some words first."), (kind, "And some after.")]


@pytest.mark.parametrize(
    "line",
    [
        "The complaint was about a shed.",
        "My assessment of needs was cancelled twice",
        "Decision makers should read this",
        "The decision letter came late",
        "Evidence that I sent was lost",
        "Upheld by nobody, I am sorry to say, for nine years and more",
        "Findings Ltd is the builder",
    ],
)
def test_a_sentence_that_opens_like_a_heading_is_none(line: str) -> None:
    assert outline(f"Dear all,\n{line}\nYours, J") == [("body", f"Dear all,\n{line}\nYours, J")]


FIELDS = [
    "Decision:Upheld",
    "Decision : Upheld",
    "DECISION : NOT UPHELD",
    "Decision\t:\tUpheld",
    "  Decision :   Not upheld  ",
    "Decision:\nUpheld",
    "Decision :\n\nClosed after initial enquiries",
    "Decision\n:\nUpheld",
    "Decision\nUpheld",
    "Decision\u00a0:\u00a0Upheld",
    "Decision: Closed after initial enquiries.",
    "Decision: Closed at initial enquiries",
    "Decision - Upheld",
    "Decision – Not upheld",
    "Decision  Upheld",
    "Decision: Not-upheld",
    "Decision: Partly upheld",
    "Decision: Upheld; maladministration and injustice",
    "Decision: Closed after initial enquiries; out of jurisdiction",
    "* Decision: Upheld",
    "**Decision:** Upheld",
    "Decision | Upheld",
    "Final decision: Upheld",
    "Outcome: Not upheld",
    "Decision :\nReport",
    "Not upheld",
    "Category : Housing > Repairs Decision : Upheld Decision date : 03 Oct 2023",
]
WORDS = ("upheld", "closed a", "report")


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("place", ["first", "in the complaint", "last", "in a letter"])
def test_the_decision_field_is_never_among_the_words_of_a_section(field: str, place: str) -> None:
    text = {
        "first": f"{field}\nSummary\nIt is about a drain.\nThe complaint\nMs X has a drain.",
        "in the complaint": f"The complaint\nMs X has a drain.\n{field}\nMy assessment\nWe read it.",
        "last": f"The complaint\nMs X has a drain.\nFinal decision\nWe end here.\n{field}",
        "in a letter": f"Dear sir,\n{field}\nmy drain smells",
    }[place]
    read = [
        s.span.of(text).lower()
        for s in find_sections(text)
        if s.kind not in ("header", "furniture", "signature") and s.span != s.heading
    ]
    assert not [words for words in read if any(word in words for word in WORDS)]
    assert states_outcome(text)


@pytest.mark.parametrize(
    "sentence",
    [
        "The panel told me its decision was upheld on appeal.",
        "Decision makers upheld it",
        "My stage two complaint was not upheld by the Council in June.",
        "Decision: they said no to me again.",
        "The decision upheld in March was unfair",
    ],
)
def test_an_outcome_in_a_story_is_no_field(sentence: str) -> None:
    assert not states_outcome(sentence)
    assert outline(sentence) == [("body", sentence)]


@pytest.mark.parametrize(
    "letter",
    [
        "Subject: my bins\nNobody has come for six weeks.",
        "Reference: 4411\nSubject: my bins\nNobody has come.",
        "Decision: the Council refused my badge.\nI want it looked at.",
        "Hello,\nI write about my bins.\nCategory: rubbish\nDecision date: 3 May 2022",
    ],
)
def test_the_head_of_a_letter_is_no_metadata(letter: str) -> None:
    assert outline(letter) == [("body", letter)]


@pytest.mark.parametrize(
    "line",
    [
        "Back to top",
        "Print this page",
        "Print this decision",
        "Skip to main content",
        "Menu Search Make a complaint",
        "Accept all cookies",
        "We use cookies to make this site work.",
        "This site sets cookies so that we can count visits",
        "Ombudsman satisfied with council's response: 4 May 2020",
    ],
)
def test_page_furniture_interrupts_a_section_without_ending_it(line: str) -> None:
    text = f"The complaint\nOne thing.\n{line}\nAnother thing."
    assert outline(text) == [
        ("complaint", "One thing."),
        ("furniture", line),
        ("complaint", "Another thing."),
    ]


def test_offsets_are_those_of_the_text_as_given() -> None:
    text = "\u3000\r\n The complaint \r\n\t1. İstanbul Kebab House 🍢 closed.\u2028Final decision\r\nDone."
    found = find_sections(text)
    assert [(s.heading.of(text) if s.heading else "", s.span.of(text)) for s in found] == [
        ("The complaint", "1. İstanbul Kebab House 🍢 closed."),
        ("Final decision", "Done."),
    ]
    assert isinstance(found[0].span, Span)


@pytest.mark.parametrize(
    "unit", ["Decision: ", "Decision : Upheld ", "- ", "Summary:\n", "\n", "cookies "]
)
def test_work_grows_with_length_not_with_its_square(unit: str) -> None:
    text = unit * (400_000 // len(unit))
    started = time.perf_counter()
    find_sections(text)
    assert time.perf_counter() - started < 10
