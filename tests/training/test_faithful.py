"""Faithfulness: what falls is worked out by hand, and each part is read once, as any document is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from gold import gold_case
from ombud.metrics import AOPC_SHARES
from ombud.predictor import Predictor
from ombud.views import VIEWS, Reading, View
from ombud_training.evaluate import Answers, model_answers, score, with_faithfulness
from ombud_training.faithful import (
    Parts,
    document_faithfulness,
    faithfulness_scores,
    model_probabilities,
    sentence_scores,
)

CLOSED = "closed_after_initial_enquiries"
CASES = [gold_case(0, "upheld"), gold_case(1, "not_upheld"), gold_case(2, CLOSED)]
READINGS = [case.reading("statement") for case in CASES]
# The fourth of five sentences carries everything; it has 11 of 32 words.
SCORES = [0.1, 0.2, 0.3, 0.9, 0.15]


class Told:
    """A model that is sure of `upheld` as far as it reads the fourth sentence, or the first a bit."""

    def __init__(self) -> None:
        self.read: list[tuple[str, ...]] = []

    def __call__(self, readings: Sequence[Reading]) -> list[Mapping[str, float]]:
        found = []
        for reading in readings:
            texts = tuple(s.span.of(reading.document.text) for s in reading.sentences)
            self.read.append(texts)
            sure = (
                0.5
                + 0.4 * any("hurt" in t for t in texts)
                + 0.05 * any("hedge" in t for t in texts)
            )
            found.append({"upheld": sure, "not_upheld": 1 - sure})
        return found


def test_falls_by_hand() -> None:
    (found,) = document_faithfulness(Parts(Told(), READINGS[:1]), [{0}], [SCORES])
    # Without the fourth 0.55 of 0.95 is left, with it alone 0.9; 50 % of 32 words hold the fourth
    # and the third.
    assert found.comprehensiveness_points == pytest.approx([0.4] * 5)
    assert found.sufficiency_points == pytest.approx([0.05] * 5)
    # The chosen one is the first: it alone leaves 0.55, all the others 0.9.
    assert found.comprehensiveness == pytest.approx(0.05)
    assert found.sufficiency == pytest.approx(0.4)


def test_the_predicted_outcome_is_the_one_that_falls() -> None:
    def turned(readings: Sequence[Reading]) -> list[Mapping[str, float]]:
        return [
            {"upheld": 0.3 if r.sentences else 0.9, "not_upheld": 0.7 if r.sentences else 0.1}
            for r in readings
        ]

    (found,) = document_faithfulness(Parts(turned, READINGS[:1]), [set(range(5))], [[1.0] * 5])
    assert found.comprehensiveness == pytest.approx(0.6)


def test_sentences_are_taken_to_each_share_and_one_at_least() -> None:
    told = Told()
    ranked = [1.0, 2.0, 3.0, 4.0, 5.0]
    document_faithfulness(Parts(told, READINGS[:1]), [set()], [ranked])
    sentences = [s.span.of(READINGS[0].document.text) for s in READINGS[0].sentences]
    # Of 4, 11, 5, 5 and 7 words from the best down, 16 at most: the last two at 50 %.
    assert set(told.read) == {
        tuple(sentences),
        (),
        (sentences[4],),
        tuple(sentences[:4]),
        (sentences[3], sentences[4]),
        tuple(sentences[:3]),
    }
    assert len(told.read) == 6


def test_scores_that_rank_nothing_take_everything() -> None:
    (found,) = document_faithfulness(Parts(Told(), READINGS[:1]), [set(range(5))], [[0.5] * 5])
    assert found.comprehensiveness_points == pytest.approx([0.45] * 5)
    assert found.sufficiency_points == pytest.approx([0.0] * 5)


def test_a_part_is_read_once_for_all_systems() -> None:
    told = Told()
    parts = Parts(told, READINGS)
    document_faithfulness(parts, [{3}] * 3, [SCORES] * 3)
    count = len(told.read)
    assert document_faithfulness(parts, [{3}] * 3, [[9 * s for s in SCORES]] * 3)
    assert len(told.read) == count


def test_means_and_intervals() -> None:
    found = document_faithfulness(Parts(Told(), READINGS), [{3}] * 3, [SCORES] * 3)
    scores = faithfulness_scores(found, ["a", "b", "b"], resamples=50)
    assert scores.documents == 3
    assert scores.comprehensiveness.value == pytest.approx(0.4 / 3)
    assert scores.rationale_comprehensiveness.value == pytest.approx(0.4 / 3)
    assert scores.comprehensiveness_points == pytest.approx([0.4 / 3] * 5)
    assert scores.comprehensiveness.low == 0.0
    assert scores.comprehensiveness.high == pytest.approx(0.4)


@pytest.mark.parametrize("view", VIEWS)
def test_a_model_reads_parts_as_it_reads_any_document(
    tiny_predictor: Predictor, view: View
) -> None:
    reading = CASES[0].reading(view)
    shorter = replace(reading, sentences=reading.sentences[1:])
    nothing = replace(reading, sentences=())
    told = model_probabilities(tiny_predictor)([reading, nothing, shorter])
    whole, left = tiny_predictor.predict_readings([reading, shorter])
    assert (told[0], told[2]) == (whole.probabilities, left.probabilities)
    bias = tiny_predictor.bundle.model.nothing_chosen(view)[:3].tolist()
    calibration = tiny_predictor.bundle.calibration
    assert list(told[1]) == list(whole.probabilities)
    assert list(told[1].values()) == calibration.outcome_probabilities(bias, view)
    assert sum(told[1].values()) == pytest.approx(1)


def test_sentences_are_ranked_by_the_gates_of_what_is_shown(tiny_predictor: Predictor) -> None:
    first = CASES[0].reading("statement")
    labels = tiny_predictor.bundle.model.config.reasons
    none, all_of_them = (
        sentence_scores(tiny_predictor, [first], [given])[0] for given in ((), labels)
    )
    assert len(none) == len(all_of_them) == 5
    assert all(0 < one <= other < 1 for one, other in zip(none, all_of_them, strict=True))
    assert none != all_of_them
    # What the outcome's gate opens first is what stands first.
    (prediction,) = tiny_predictor.predict_readings([first])
    spans = [s.span for s in first.sentences]
    assert spans[int(np.argmax(none))] in [passage.span for passage in prediction.rationale]


def test_floors_are_read_by_the_same_model(tiny_predictor: Predictor) -> None:
    model = model_answers(tiny_predictor, CASES, "statement")
    floor = Answers(
        "all_sentences",
        rationales=(frozenset(range(5)),) * 3,
        sentence_scores=((1.0,) * 5,) * 3,
    )
    silent = Answers("majority", ("upheld",) * 3, (frozenset(),) * 3)
    found = with_faithfulness([model, floor, silent], model_probabilities(tiny_predictor), READINGS)
    assert [len(one.faithfulness) for one in found] == [3, 3, 0]
    whole, nothing = (
        model_probabilities(tiny_predictor)(
            [replace(r, sentences=r.sentences if kept else ()) for r in READINGS]
        )
        for kept in (True, False)
    )
    for number, one in enumerate(found[1].faithfulness):
        label = max(whole[number], key=lambda name, row=whole[number]: row[name])
        assert one.comprehensiveness_aopc == pytest.approx(
            whole[number][label] - nothing[number][label]
        )
        assert one.sufficiency_aopc == pytest.approx(0.0)
    scores = score(found, CASES, "statement", "date", resamples=5).scores
    assert scores[0].faithfulness is not None
    assert len(scores[0].faithfulness.sufficiency_points) == len(AOPC_SHARES)
    assert math.isfinite(scores[0].faithfulness.rationale_sufficiency.value)
    assert scores[2].faithfulness is None
