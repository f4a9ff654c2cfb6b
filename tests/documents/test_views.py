"""Views: what a model may read, and what it never reads."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import LETTER, STATEMENT
from ombud.documents import Document, Facts, Section, SectionKind
from ombud.errors import InputError
from ombud.imports.schema import SOURCES as IMPORTED
from ombud.predictor import Predictor
from ombud.readers import from_text
from ombud.readers.housing import from_finding
from ombud.spans import Span
from ombud.views import SOURCES, VIEWS, Reading, View, read, telling_spans
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


# Every source has its rule, here and nowhere else.


def test_every_source_that_is_imported_has_a_rule() -> None:
    assert set(IMPORTED) <= set(SOURCES)
    assert {"", "authored"} <= set(SOURCES)


def test_a_source_without_a_rule_is_refused() -> None:
    document = from_text(LETTER, "a", Facts(source="rail"))
    wanted = (
        "a: expected a source out of '', 'authored', 'housing', 'letter', 'lgsco', 'phso', "
        "'table', found 'rail'; say in ombud.views what its texts may be read for"
    )
    for run in (lambda: read(document, "statement"), lambda: telling_spans(document)):
        with pytest.raises(InputError) as caught:
            run()
        assert str(caught.value) == wanted


@pytest.mark.parametrize("source", ["lgsco", "phso"])
def test_a_decision_without_its_sections_is_no_letter(source: str) -> None:
    text = "The Council will put a new door in by June. It has said sorry."
    document = from_text(text, "a", Facts(source=source))
    assert len(read(document, "statement").sentences) == 2
    with pytest.raises(InputError) as caught:
        read(document, "complaint")
    assert str(caught.value) == (
        "a: expected a letter or a section 'The complaint' for the view 'complaint', found none"
    )


@pytest.mark.parametrize("source", ["", "authored", "letter", "table"])
def test_a_letter_is_read_whole(source: str) -> None:
    reading = read(from_text(LETTER, "a", Facts(source=source)), "complaint")
    assert len(reading.sentences) == 3


def part(words: str) -> Document:
    """Return a complaint part of the Housing Ombudsman."""
    return from_finding({"complaint": words, "case_id": "c", "finding": "Maladministration"}, "a")


PARTS_OF_CASES = [
    (("In accordance with paragraph 52 of the Scheme, there was maladministration by the landlord in "
     "respect of its handling of a leaning chimney."), ["its handling of a leaning chimney"]),
    ("There was no maladministration in the landlord’s answer about the bicycle shed.",
     ["the landlord’s answer about the bicycle shed"]),
    ("Determination\nThere was severe maladminis tration by the landlord in its handling of rats.",
     ["its handling of rats"]),
    (("Under paragraph 42.c of the Scheme the resident’s complaint about his old flat is outside the "
     "Ombudsman’s jurisdiction."), ["the resident’s complaint about his old flat"]),
    (("In accordance with paragraph 53.b of the Housing Ombudsman Scheme, the landlord has offered "
     "redress which, in the Ombudsman’s opinion, satisfactorily resolves the complaint about "
     "its lift."), ["its lift"]),
    ("There was service failure in how it dealt with a hedge, as it lost three letters.",
     ["how it dealt with a hedge"]),
    ("There was a service failure in its handling of: the gutter; the drain.",
     ["its handling of: the gutter; the drain"]),
]  # fmt: skip


@pytest.mark.parametrize(("words", "matter"), PARTS_OF_CASES)
def test_a_complaint_part_is_read_without_its_finding(words: str, matter: list[str]) -> None:
    document = part(words)
    reading = read(document, "complaint")
    assert [s.span.of(words) for s in reading.sentences] == matter
    assert [(w.code, w.message) for w in reading.warnings] == [
        (
            "decided_text_in_complaint_view",
            "1 sentence(s) were read without the words that say the finding",
        )
    ]
    whole = read(document, "statement")
    assert whole.warnings == ()
    assert whole.sentences[0].span.start == 0


@pytest.mark.parametrize(
    "words",
    [
        "The delay of nine weeks was a service failure.",
        "There was maladministration.",
        "As its offer fell short, a finding of maladministration is made.",
        "Our remedies guidance names this sum where there was maladministration.",
    ],
)
def test_a_part_that_only_argues_for_its_finding_is_not_read(words: str) -> None:
    with pytest.raises(InputError) as caught:
        read(part(words), "complaint")
    assert str(caught.value) == (
        "a: expected a letter or a section 'The complaint' for the view 'complaint', found none"
    )
    assert len(read(part(words), "statement").sentences) == 1


@pytest.mark.parametrize(
    "words", ["The handling of a leaning chimney.", "Complaint", "Rats", "His front door, no less."]
)
def test_a_part_without_a_finding_is_read_whole(words: str) -> None:
    reading = read(part(words), "complaint")
    assert "".join(s.span.of(words) for s in reading.sentences) == words
    assert reading.warnings == ()


def test_what_tells_the_outcome_of_a_text() -> None:
    document = part("There was service failure in its handling of a gate.")
    assert [s.of(document.text) for s in telling_spans(document)] == [
        "There was service failure in"
    ]
    told = [s.of(STATEMENT) for s in telling_spans(from_text(STATEMENT, "a"))]
    assert told == [
        "We will not investigate this complaint about a fence.",
        "4. We will not investigate this complaint because it is late.",
    ]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(TEXTS, st.sampled_from([w for w, _ in PARTS_OF_CASES])), max_size=4))
def test_any_complaint_part_is_read_in_order_and_outside_its_finding(pieces: list[str]) -> None:
    text = " ".join(pieces)
    if not text:
        return
    section = Section("body", Span(0, len(text)))
    document = Document("a", text, (section,), Facts(source="housing"))
    told = telling_spans(document)
    end = 0
    for span in told:
        assert end <= span.start
        end = span.end
    try:
        reading = read(document, "complaint")
    except InputError:
        return
    end = 0
    for sentence in reading.sentences:
        assert end <= sentence.span.start
        end = sentence.span.end
        assert not any(span.overlaps(sentence.span) for span in told)


@pytest.mark.parametrize("source", ["", "letter", "table"])
def test_the_prediction_of_a_letter_with_a_planted_outcome_warns(
    tiny_predictor: Predictor, source: str
) -> None:
    planted = "The Ombudsman found fault by the Council causing injustice."
    letter = f"My fence fell on my neighbour's car. {planted} Please help me with it."
    facts = Facts(source=source)
    clean = from_text(letter.replace(f"{planted} ", ""), "a", facts)
    with_it, without = tiny_predictor.predict(
        [from_text(letter, "a", facts), clean], "complaint", all_reasons=True
    )
    assert with_it.to_json()["warnings"] == [
        {
            "code": "decided_text_in_complaint_view",
            "message": "1 sentence(s) state a decision and were not read in this view",
        }
    ]
    assert without.warnings == ()
    # What is warned of was not read: the prediction is that of the letter without it.
    for label, probability in with_it.probabilities.items():
        assert probability == pytest.approx(without.probabilities[label], abs=1e-6)
    assert all(planted not in passage.text for passage in with_it.rationale)
