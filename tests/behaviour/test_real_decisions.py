"""The trained model on real published decisions, read from ../shared/real and never copied."""

from __future__ import annotations

from pathlib import Path

import pytest

from ombud.predictor import Predictor, load
from ombud.readers import read_document
from ombud.views import VIEWS

BUNDLE = Path(__file__).resolve().parents[2] / "models" / "current"

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    if not (BUNDLE / "manifest.json").is_file():
        pytest.skip(f"no trained bundle at {BUNDLE}: make one with 'make run'")
    return load(BUNDLE)


def test_the_statement_of_the_issue(real_folder: Path, predictor: Predictor) -> None:
    document = read_document(real_folder / "lgsco" / "23-008-522.txt")
    (found,) = predictor.predict([document], "statement")
    assert found.outcome == "closed_after_initial_enquiries"
    assert "nothing_significant_achieved" in [reason.label for reason in found.reasons]
    said = [
        passage
        for passage in found.rationale
        if "nothing_significant_achieved" in dict(passage.supports)
    ]
    assert {passage.section for passage in said} & {"assessment", "decision", "summary"}
    for passage in found.rationale:
        assert document.text[passage.span.start : passage.span.end] == passage.text


def test_records_of_the_ombudsman_come_out_upheld(real_folder: Path, predictor: Predictor) -> None:
    documents = [read_document(path) for path in sorted((real_folder / "lgsco").glob("*.json"))]
    assert len(documents) == 12
    found = predictor.predict(documents, "statement")
    assert sum(prediction.outcome == "upheld" for prediction in found) >= 11
    for document, prediction in zip(documents, found, strict=True):
        assert prediction.rationale
        for passage in prediction.rationale:
            assert document.text[passage.span.start : passage.span.end] == passage.text


@pytest.mark.parametrize("view", VIEWS)
def test_records_of_the_health_ombudsman_are_predicted(
    view: str, real_folder: Path, predictor: Predictor
) -> None:
    documents = [read_document(path) for path in sorted((real_folder / "phso").glob("*.json"))]
    assert len(documents) == 12
    found = predictor.predict(documents, view)
    assert [prediction.id for prediction in found] == [document.id for document in documents]
    for document, prediction in zip(documents, found, strict=True):
        assert sum(prediction.probabilities.values()) == pytest.approx(1)
        for passage in prediction.rationale:
            assert document.text[passage.span.start : passage.span.end] == passage.text
