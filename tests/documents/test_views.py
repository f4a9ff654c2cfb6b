"""Views: what a model may read, and what it never reads."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import LETTER, STATEMENT
from ombud.documents import SectionKind
from ombud.errors import InputError
from ombud.readers import from_text
from ombud.views import VIEWS, Reading, View, read
from texts import TEXTS

PARTS: tuple[tuple[str, SectionKind], ...] = (
    ("The Ombudsman's final decision", "summary"),
    ("Summary", "summary"),
    ("The complaint", "complaint"),
    ("What I have and have not investigated", "investigated"),
    ("The Ombudsman's role and powers", "role_and_powers"),
    ("How I considered this complaint", "how_considered"),
    ("Background", "background"),
    ("My assessment", "assessment"),
    ("What I found", "findings"),
    ("Agreed action", "agreed_action"),
    ("Final decision", "decision"),
    ("Investigator's decision on behalf of the Ombudsman", "signature"),
)


def words(text: str, view: View) -> list[str]:
    reading = read(from_text(text, "a"), view)
    return [s.span.of(text) for s in reading.sentences]


def warnings(reading: Reading) -> list[str]:
    return [w.code for w in reading.warnings]


@given(st.lists(st.sampled_from(PARTS), max_size=8), st.integers(0, 8))
@settings(max_examples=100, deadline=None)
def test_the_complaint_view_reads_the_complaint_alone(
    parts: list[tuple[str, SectionKind]], place: int
) -> None:
    parts.insert(min(place, len(parts)), ("The complaint", "complaint"))
    text = "An opening line here.\n" + "\n".join(
        f"{heading}\nPart {number} speaks of {kind} now."
        for number, (heading, kind) in enumerate(parts)
    )
    reading = read(from_text(text, "a"), "complaint")
    assert [s.span.of(text) for s in reading.sentences] == [
        f"Part {number} speaks of complaint now."
        for number, (_, kind) in enumerate(parts)
        if kind == "complaint"
    ]
    assert {s.section for s in reading.sentences} == {"complaint"}


def test_the_statement_view_reads_all_but_metadata_furniture_and_signature() -> None:
    text = (
        "Ashmere Council (21 000 001)\nCategory : Housing > Repairs\nDecision : Upheld\n"
        "Decision date : 01 Feb 2022\n" + STATEMENT + "Back to top\n"
        "Investigator's decision on behalf of the Ombudsman\nSigned by A.\n"
    )
    assert words(text, "statement") == words(STATEMENT, "statement")
    assert (
        words(STATEMENT, "statement")[0] == "We will not investigate this complaint about a fence."
    )


@pytest.mark.parametrize(
    "heading", [h for h, kind in PARTS if kind not in ("complaint", "background", "how_considered")]
)
def test_a_statement_without_the_complaint_has_nothing_for_its_view(heading: str) -> None:
    with pytest.raises(InputError) as caught:
        words(f"Ms T has a leak.\n{heading}\nIt is what it is.", "complaint")
    assert str(caught.value) == (
        "a: expected a letter or a section 'The complaint' for the view 'complaint', found none"
    )


def test_a_text_of_metadata_alone_has_nothing_to_read() -> None:
    with pytest.raises(InputError) as caught:
        words("Category : Housing > Repairs\nDecision : Upheld\n", "statement")
    assert str(caught.value) == "a: expected a text to read for the view 'statement', found none"


def test_an_unknown_view() -> None:
    with pytest.raises(InputError) as caught:
        read(from_text(LETTER, "a"), "both")  # type: ignore[arg-type]
    assert str(caught.value) == "expected a view out of statement, complaint, found 'both'"


def test_a_letter_with_headings_of_its_own_is_read_whole() -> None:
    letter = "I write about my roof.\nBackground\nIt leaks.\nEvidence\nI have photographs."
    assert words(letter, "complaint") == [
        "I write about my roof.",
        "It leaks.",
        "I have photographs.",
    ]


DECIDED = [
    "We will not investigate this complaint because it is late.",
    "We won't investigate this complaint.",
    "4. I will not investigate Mr X's complaint about his fence.",
    "Summary: We cannot investigate this complaint about a school.",
    "We have decided not to investigate this complaint.",
    "I have not investigated the complaint about the fence.",
    "The Ombudsman will not investigate this complaint.",
    "The Ombudsman cannot look into Ms T’s complaint.",
    "The Ombudsman found fault by the Council.",
    "The Ombudsman upheld this complaint.",
    "The Ombudsman does not uphold Mr B's complaint.",
    "We uphold this complaint.",
    "I do not uphold Ms T's complaint.",
    "I have completed my investigation.",
    "I have discontinued my investigation.",
    "We have ended our investigation of the matter.",
    "My decision is not to investigate the complaint.",
    "We found fault by the Council.",
    "We found no fault in how the Council decided.",
    "I find no fault.",
    "I found the Council was at fault.",
    "There was fault by the Council.",
    "There was no fault in the way the Council decided this.",
    "The Council was at fault for its delay.",
    "There was fault causing injustice to Miss D.",
    "There is not enough evidence of fault to justify our involvement.",
    "An investigation would not achieve anything more.",
    "The case was closed after initial enquiries.",
    "In accordance with paragraph 52 of the Scheme, there was maladministration by the landlord.",
]


@pytest.mark.parametrize("sentence", DECIDED)
def test_a_planted_decision_sentence_is_not_read_and_warned_of(sentence: str) -> None:
    text = f"My fence fell on my neighbour's car. {sentence} Please help me with it."
    reading = read(from_text(text, "a"), "complaint")
    assert [s.span.of(text) for s in reading.sentences] == [
        "My fence fell on my neighbour's car.",
        "Please help me with it.",
    ]
    assert [(w.code, w.message) for w in reading.warnings] == [
        (
            "decided_text_in_complaint_view",
            "1 sentence(s) state a decision and were not read in this view",
        )
    ]
    assert warnings(read(from_text(text, "a"), "statement")) == []
    assert sentence in words(text, "statement")


def test_a_planted_decision_field_is_not_read_and_warned_of() -> None:
    text = "My fence fell over.\nDecision : Upheld\nPlease help."
    reading = read(from_text(text, "a"), "complaint")
    assert [s.span.of(text) for s in reading.sentences] == ["My fence fell over.", "Please help."]
    assert warnings(reading) == ["decided_text_in_complaint_view"]


def test_nothing_left_once_decided_text_is_out() -> None:
    with pytest.raises(InputError) as caught:
        words("We will not investigate this complaint.", "complaint")
    assert str(caught.value) == (
        "a: expected a letter or a section 'The complaint' for the view 'complaint', found none"
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "I will not look into this again myself.",
        "We found the house cold when we came back.",
        "I cannot pursue this on my own any longer.",
        "I will not pursue my complaint with the school.",
        "They will not investigate my complaint and nobody says why.",
        "The Council decided not to investigate this complaint at stage two.",
        "We did not look at the papers until June.",
        "We do not consider that fair.",
        "I did not consider the matter closed.",
        "I found fault with the plaster at once.",
        "The electrician found no fault in the boiler.",
        "There was a fault in the lift for nine days.",
        "There was a fault by the door that nobody mended.",
        "My decision was to move out before the baby came.",
        "My decision is final and I will not pay.",
        "My stage one complaint was not upheld.",
        "They upheld part of it and then did nothing.",
        "The Ombudsman found fault last time and they have done it again.",
        "The Ombudsman upheld my complaint in 2019.",
        "Please ask the Ombudsman to look at this.",
        "I want the Ombudsman to find them at fault.",
        "I know you cannot investigate schools but this is the Council.",
        "Will you investigate this complaint?",
        "We have stopped paying the rent.",
        "The tribunal closed the case after one hearing.",
        "I have completed the form twice.",
        "The council says it has ended its investigation of my neighbour.",
        "Nobody has apologised for the injustice of it.",
    ],
)
def test_an_ordinary_sentence_of_a_letter_is_read(sentence: str) -> None:
    text = f"Dear sir or madam. {sentence} Yours, Jo."
    reading = read(from_text(text, "a"), "complaint")
    assert sentence in [s.span.of(text) for s in reading.sentences]
    assert reading.warnings == ()


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(VIEWS))
def test_any_text_is_read_in_order_or_refused(text: str, view: View) -> None:
    try:
        reading = read(from_text(text, "a"), view)
    except InputError:
        return
    assert reading.sentences
    end = 0
    for sentence in reading.sentences:
        assert end <= sentence.span.start
        end = sentence.span.end
        assert sentence.section not in ("header", "furniture", "signature")
