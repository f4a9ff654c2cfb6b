"""Plain text, and the facts at its head."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.documents import Facts
from ombud.readers import from_text, read_document
from ombud.readers.text import header_facts, iso_date
from ombud.views import read

HEAD = (
    "Ashmere Borough Council (22 004 117)\n"
    "Category : Children's care services > Child protection\n"
    "Decision : Closed after initial enquiries\n"
    "Decision date : 03 Oct 2023\n"
)


def test_facts_of_one_line_each() -> None:
    assert from_text(HEAD + "Summary: It is about a file.", "a").facts == Facts(
        reference="22 004 117",
        body="Ashmere Borough Council",
        category="Children's care services",
        subcategory="Child protection",
        decision_date="2023-10-03",
        outcome="closed_after_initial_enquiries",
        scheme_outcome="Closed after initial enquiries",
    )


def test_facts_of_a_label_and_its_value_on_lines_of_their_own() -> None:
    text = (
        "Category :\nEducation\n>\nSchool transport\nDecision :\nUpheld\n"
        "Decision date :\n20 Dec 2016\nSummary\nBuses stopped."
    )
    document = from_text(text, "a")
    assert document.facts == Facts(
        category="Education",
        subcategory="School transport",
        decision_date="2016-12-20",
        outcome="upheld",
        scheme_outcome="Upheld",
    )
    assert [s.span.of(text) for s in read(document, "statement").sentences] == ["Buses stopped."]


def test_given_facts_come_before_those_of_the_head() -> None:
    facts = from_text(HEAD + "Summary: A file.", "a", Facts(body="Another Council")).facts
    assert (facts.body, facts.reference) == ("Another Council", "22 004 117")


def test_an_unknown_outcome_at_the_head_is_kept_in_its_own_words() -> None:
    facts = header_facts("Category : Housing > Repairs\nDecision : Referred back\n")
    assert (facts.outcome, facts.scheme_outcome) == ("", "Referred back")


@pytest.mark.parametrize(
    ("words", "date"),
    [
        ("03 Oct 2023", "2023-10-03"),
        ("3 October 2023", "2023-10-03"),
        ("2023-10-03", "2023-10-03"),
        ("2023-10-03T09:30:00", "2023-10-03"),
        ("03/10/2023", "2023-10-03"),
        (" 3 Oct 2023 ", "2023-10-03"),
        ("31 Feb 2023", ""),
        ("October", ""),
        ("", ""),
    ],
)
def test_dates(words: str, date: str) -> None:
    assert iso_date(words) == date


@given(st.text())
def test_any_words_are_a_date_or_none(words: str) -> None:
    assert iso_date(words) == "" or len(iso_date(words)) == 10


def test_lone_surrogates_in_names_are_replaced_and_the_text_kept() -> None:
    document = from_text("A letter.", "a\udc80b", Facts(body="X\ud800"))
    assert (document.id, document.facts.body) == ("a\ufffdb", "X\ufffd")


@pytest.mark.real
def test_the_real_statement(real_folder: Path) -> None:
    document = read_document(real_folder / "lgsco" / "23-008-522.txt")
    assert document.facts.reference == document.id == "23 008 522"
    assert document.facts.body == "Kent County Council"
    assert document.facts.category == "Children's care services"
    assert document.facts.decision_date == "2023-10-03"
    assert document.facts.outcome == "closed_after_initial_enquiries"
    assert [s.kind for s in document.sections] == [
        "header", "summary", "summary", "complaint", "role_and_powers", "how_considered",
        "assessment", "decision", "signature",
    ]  # fmt: skip
    statement = read(document, "statement")
    complaint = read(document, "complaint")
    assert len(statement.sentences) > 20
    assert {s.section for s in complaint.sentences} == {"complaint"}
    for sentence in statement.sentences:
        assert not sentence.span.of(document.text).startswith(("Decision", "Category"))
