"""JSON records, in the forms of public collectors."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ombud.documents import Document, Facts
from ombud.errors import EmptyTextError, InputError
from ombud.readers import from_record, read_document
from ombud.views import read

LGSCO: dict[str, Any] = {
    "case_id": "20 009 001",
    "title": "LGSCO decision 20 009 001 · Housing — Repairs (Upheld)",
    "text": "Category :\nHousing\n>\nRepairs\nDecision :\nUpheld\nDecision date :\n04 May 2021\n"
    "Summary\nA man waited for a door.\nThe complaint\nHe has no door.",
    "date": "2021-05-04",
    "authority": None,
    "category": "Housing",
    "subcategory": "Repairs",
    "outcome": "Upheld",
    "url": "https://example.org/20-009-001",
}
PHSO: dict[str, Any] = {
    "case_reference": "P-009001",
    "text": "The Complaint\n1. Ms N complains of a long wait.\nFindings\n2. It was long.",
    "date": "2025-02-01",
    "organisation": "Elmwick NHS Trust",
    "outcome": "Not upheld; Partly upheld; Closed after initial enquiries",
    "url": "https://example.org/",
}


def test_the_local_form() -> None:
    document = from_record(LGSCO, "file")
    assert document.id == "20 009 001"
    assert document.text == LGSCO["text"]
    assert document.facts == Facts(
        reference="20 009 001",
        category="Housing",
        subcategory="Repairs",
        decision_date="2021-05-04",
        source="lgsco",
        url="https://example.org/20-009-001",
        outcome="upheld",
        scheme_outcome="Upheld",
    )
    read_words = [s.span.of(document.text) for s in read(document, "statement").sentences]
    assert read_words == ["A man waited for a door.", "He has no door."]


def test_the_health_form_with_one_outcome_a_part() -> None:
    document = from_record(PHSO, "file")
    assert document.id == "P-009001"
    assert document.facts == Facts(
        reference="P-009001",
        body="Elmwick NHS Trust",
        category="Health",
        decision_date="2025-02-01",
        source="phso",
        url="https://example.org/",
        outcome="upheld",
        scheme_outcome="Not upheld; Partly upheld; Closed after initial enquiries",
    )


def test_any_other_object_with_a_text() -> None:
    document = from_record({"id": 7, "text": "My bins.", "decision_date": "4 May 2021"}, "file")
    assert (document.id, document.facts) == ("7", Facts(decision_date="2021-05-04"))
    assert from_record({"text": "My bins."}, "file").id == "file"


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({}, "f: expected a record with its text under 'text', found no keys; name the key 'text'"),
        ({"body": "x", "Text": "y"},
         ("f: expected a record with its text under 'text', found 'Text', 'body'; "
         "name the key 'text'")),
        ({"text": None}, "f: expected text under 'text', found nothing; check the record"),
        ({"text": 4}, "f: expected text under 'text', found a int; check the record"),
        ({"text": ["a"]}, "f: expected text under 'text', found a list; check the record"),
        ({"text": {"a": 1}}, "f: expected text under 'text', found a dict; check the record"),
        ({"text": "a\ud800"},
         ("f: expected Unicode text, found a lone surrogate at character 1; "
         "decode the source again with its right encoding")),
        ({"text": "a\x00"},
         "f: expected text, found binary data (a NUL character); convert it to text"),
    ],
)  # fmt: skip
def test_records_without_a_readable_text(record: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        from_record(record, "f")
    assert str(caught.value) == message


def test_a_record_with_an_empty_text() -> None:
    with pytest.raises(EmptyTextError) as caught:
        from_record({"text": " "}, "f")
    assert str(caught.value) == (
        "f: expected a text with words, found none; check that the file is the one"
    )


@pytest.mark.parametrize("record", [LGSCO, PHSO])
@pytest.mark.parametrize("value", [None, 3, True, ["x"], {"x": 1}, 2.5])
def test_facts_of_wrong_types_are_left_out(record: dict[str, Any], value: object) -> None:
    strange = {key: record["text"] if key == "text" else value for key in record}
    document = from_record(strange, "file")
    assert document.text == record["text"]
    assert all(isinstance(getattr(document.facts, n), str) for n in Facts.__dataclass_fields__)


def test_an_outcome_that_is_none_of_its_scheme() -> None:
    with pytest.raises(
        InputError,
        match=r"^f: expected an outcome of scheme 'phso' out of .*, found 'Lost'; add it to",
    ):
        from_record({**PHSO, "outcome": "Upheld; Lost"}, "f")


def real(folder: Path) -> list[Document]:
    paths = sorted(folder.glob("*.json"))
    assert len(paths) == 12
    documents = [read_document(path) for path in paths]
    for path, document in zip(paths, documents, strict=True):
        assert document.text == json.loads(path.read_text("utf-8"))["text"]
    return documents


@pytest.mark.real
def test_the_real_local_records(real_folder: Path) -> None:
    documents = real(real_folder / "lgsco")
    assert {d.facts.outcome for d in documents} == {"upheld"}
    assert len({d.text for d in documents}) == 9
    shared = [d.id for d in documents if Counter(e.text for e in documents)[d.text] == 4]
    assert shared == ["15 018 169", "15 019 136", "15 020 236", "15 020 740"]
    for document in documents:
        statement = read(document, "statement")
        assert document.sections[0].kind == "header"
        for sentence in statement.sentences:
            words = sentence.span.of(document.text)
            assert words.lower() not in ("upheld", "decision :", document.facts.category.lower())
        complaint = read(document, "complaint")
        assert {s.section for s in complaint.sentences} == {"complaint"}
        assert len(complaint.sentences) < len(statement.sentences)


@pytest.mark.real
def test_the_real_health_records(real_folder: Path) -> None:
    documents = real(real_folder / "phso")
    assert Counter(d.facts.outcome for d in documents) == {
        "upheld": 6,
        "closed_after_initial_enquiries": 5,
        "not_upheld": 1,
    }
    assert any(";" in d.facts.scheme_outcome for d in documents)
    for document in documents:
        kinds = [s.kind for s in document.sections]
        assert kinds[:4] == ["complaint", "background", "how_considered", "findings"]
        assert "decision" in kinds
        assert len(read(document, "statement").sentences) > 50
        assert 5 < len(read(document, "complaint").sentences) < 40
