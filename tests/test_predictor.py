"""The pure prediction function."""

from __future__ import annotations

from conftest import LETTER, STATEMENT
from ombud.predictor import Predictor
from ombud.readers import from_text


def test_passages_are_slices_of_the_text_in_order(tiny_predictor: Predictor) -> None:
    document = from_text(STATEMENT, "a")
    prediction = tiny_predictor.predict([document], "statement")[0].to_json()
    assert prediction["rationale"]
    starts = [passage["start"] for passage in prediction["rationale"]]
    assert starts == sorted(starts)
    for passage in prediction["rationale"]:
        assert STATEMENT[passage["start"] : passage["end"]] == passage["text"]


def test_a_batch_gives_what_single_documents_give(tiny_predictor: Predictor) -> None:
    documents = [from_text(STATEMENT, "a"), from_text(LETTER, "b")]
    together = tiny_predictor.predict(documents, "statement", all_reasons=True)
    for document, one in zip(documents, together, strict=True):
        alone = tiny_predictor.predict([document], "statement", all_reasons=True)[0]
        assert alone.outcome == one.outcome
        assert [p.span for p in alone.rationale] == [p.span for p in one.rationale]
        for label, probability in one.probabilities.items():
            assert abs(alone.probabilities[label] - probability) < 1e-5
