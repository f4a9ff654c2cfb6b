"""Fitting the scope: what it learns from, and that it tells the two apart."""

from __future__ import annotations

import json
from pathlib import Path

from gold import gold_cases
from ombud.model import resolve_encoder, sentence_key
from ombud.readers import from_text
from ombud.vectors import SentenceVectors
from ombud.views import Reading, read
from ombud_training.outside import INSIDE, OUTSIDE
from ombud_training.scope import fit_scope

TEXTS = Path(__file__).resolve().parents[1] / "data" / "out_of_scope.jsonl"


def test_no_text_is_both_learnt_from_and_asked() -> None:
    asked = [json.loads(line)["text"] for line in TEXTS.read_text("utf-8").splitlines()]
    assert len(asked) == len(set(asked)) == 60
    assert not set(asked) & {*INSIDE, *OUTSIDE}
    assert len(set(OUTSIDE)) == len(OUTSIDE)


def test_texts_are_told_apart_by_the_encoder_as_published() -> None:
    vectors = SentenceVectors.pretrained(resolve_encoder(), 64, "cpu")
    cases = gold_cases(6)
    scope = fit_scope(cases, vectors, seed=1)
    assert scope == fit_scope(cases, vectors, seed=1)
    assert len(scope.weights) == 384

    def warned(reading: Reading) -> bool:
        text = reading.document.text
        found = vectors([sentence_key(s.span.of(text)) for s in reading.sentences])
        return scope.warnings(reading, found) != ()

    outside = [read(from_text(text, "a text"), "statement") for text in OUTSIDE]
    assert sum(map(warned, outside)) >= 0.95 * len(outside)
    for case in gold_cases(12):
        assert not warned(case.reading("statement"))
        assert not warned(case.reading("complaint"))
