"""Outcomes of other schemes: mapped, with their own words kept."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from pathlib import Path

import pytest

from ombud.errors import InputError
from ombud.schemes import SCHEMES, map_outcome, map_outcomes
from ombud.taxonomy import OUTCOMES

CLOSED = "closed_after_initial_enquiries"


def test_every_word_maps_onto_an_outcome_and_is_written_as_it_is_looked_up() -> None:
    labels = {o.label for o in OUTCOMES}
    for scheme, table in SCHEMES.items():
        assert set(table.values()) <= labels
        for words, label in table.items():
            assert map_outcome(scheme, words) == label


@pytest.mark.parametrize(
    ("scheme", "words", "label"),
    [
        ("lgsco", "Upheld", "upheld"),
        ("lgsco", " NOT  upheld ", "not_upheld"),
        ("lgsco", "Not-upheld", "not_upheld"),
        ("lgsco", "Closed after initial enquiries", CLOSED),
        ("lgsco", "Closed after initial enquiries.", CLOSED),
        ("lgsco", "Closed after initial enquiries; out of jurisdiction", CLOSED),
        ("lgsco", "Upheld; maladministration and injustice", "upheld"),
        ("lgsco", "Not upheld: no maladministration", "not_upheld"),
        ("lgsco", "Not upheld - no maladministration", "not_upheld"),
        ("lgsco", "Report", "upheld"),
        ("phso", "Partly upheld", "upheld"),
        ("phso", "Not upheld", "not_upheld"),
        ("phso", "Closed after initial enquiries", CLOSED),
        ("housing", "Severe Maladministration", "upheld"),
        ("housing", "Maladministration", "upheld"),
        ("housing", "Service Failure", "upheld"),
        ("housing", "Reasonable Redress", "upheld"),
        ("housing", "No Maladministration", "not_upheld"),
        ("housing", "Outside Jurisdiction", CLOSED),
    ],
)
def test_words_of_the_schemes(scheme: str, words: str, label: str) -> None:
    assert map_outcome(scheme, words) == label


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("Upheld", "upheld"),
        ("Not upheld; Partly upheld; Closed after initial enquiries", "upheld"),
        ("Closed after initial enquiries; Not upheld", "not_upheld"),
        ("Closed after initial enquiries; Closed after initial enquiries;", CLOSED),
    ],
)
def test_one_outcome_of_several_parts(words: str, label: str) -> None:
    assert map_outcomes("phso", words) == label


@pytest.mark.parametrize("words", ["", "Overturned", "upheldish", "not"])
def test_unknown_words(words: str) -> None:
    with pytest.raises(InputError) as caught:
        map_outcome("lgsco", words)
    assert str(caught.value) == (
        "expected an outcome of scheme 'lgsco' out of ['closed after initial enquiries', "
        f"'not upheld', 'report', 'upheld'], found {words!r}; "
        "add it to ombud.schemes if the scheme has changed its words"
    )


def test_an_unknown_scheme() -> None:
    with pytest.raises(InputError) as caught:
        map_outcome("rail", "Upheld")
    assert str(caught.value) == (
        "expected a scheme out of ['housing', 'lgsco', 'phso'], found 'rail'"
    )


def test_no_outcome_at_all() -> None:
    with pytest.raises(InputError) as caught:
        map_outcomes("phso", " ; ")
    assert str(caught.value) == "expected outcomes divided by ';', found ' ; '"


@pytest.mark.real
def test_the_real_findings_of_the_housing_ombudsman(real_folder: Path, tmp_path: Path) -> None:
    archive = real_folder / "housing" / "ombudsman_complaints_findings.zip"
    with zipfile.ZipFile(io.BytesIO(archive.read_bytes())) as files:
        database = Path(files.extract("ombudsman_complaints_findings.db", tmp_path))
    connection = sqlite3.connect(database)
    query = "SELECT DISTINCT finding FROM complaint_findings"
    findings = sorted(row[0] for row in connection.execute(query))
    connection.close()
    assert {f: map_outcome("housing", f) for f in findings} == {
        "Maladministration": "upheld",
        "No Maladministration": "not_upheld",
        "Outside Jurisdiction": CLOSED,
        "Reasonable Redress": "upheld",
        "Service Failure": "upheld",
        "Severe Maladministration": "upheld",
    }
