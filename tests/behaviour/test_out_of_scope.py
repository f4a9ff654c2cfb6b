"""The trained model's scope: other texts are warned of, complaints and decisions are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ombud.corpus import compile_cases, read_cases
from ombud.documents import Document
from ombud.predictor import Predictor, load
from ombud.readers import from_text, read_document
from ombud.views import VIEWS, View

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = ROOT / "models" / "current"
TEXTS = ROOT / "tests" / "data" / "out_of_scope.jsonl"


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    if not (BUNDLE / "manifest.json").is_file():
        pytest.skip(f"no trained bundle at {BUNDLE}: make one with 'make run'")
    found = load(BUNDLE)
    if found.bundle.calibration.scope is None:
        pytest.skip("the bundle was made before it had a scope: make it again")
    return found


def warned(predictor: Predictor, documents: list[Document], view: View) -> list[str]:
    found = predictor.predict_each(documents, view)
    return [
        prediction.id
        for prediction in found
        if not isinstance(prediction, Exception)
        and any(warning.code == "out_of_scope" for warning in prediction.warnings)
    ]


@pytest.mark.parametrize("view", VIEWS)
def test_texts_that_are_no_complaint_are_warned_of(predictor: Predictor, view: View) -> None:
    lines = TEXTS.read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line) for line in lines]
    documents = [from_text(t["text"], f"{n} {t['kind']}") for n, t in enumerate(texts)]
    missed = {d.id for d in documents} - set(warned(predictor, documents, view))
    assert len(missed) <= 0.05 * len(documents), missed


@pytest.mark.parametrize("view", VIEWS)
def test_authored_statements_and_letters_are_not(predictor: Predictor, view: View) -> None:
    rows = compile_cases(read_cases(ROOT / "data" / "authored"))[::9]
    documents = [row.document(view) for row in rows]
    found = warned(predictor, documents, view)
    assert len(found) <= 0.02 * len(documents), found


@pytest.mark.real
@pytest.mark.parametrize("view", VIEWS)
def test_real_decisions_are_not(predictor: Predictor, real_folder: Path, view: View) -> None:
    paths = [p for source in ("lgsco", "phso") for p in sorted((real_folder / source).iterdir())]
    documents = [read_document(path) for path in paths]
    assert len(documents) == 25
    assert warned(predictor, documents, view) == []
