"""Evaluation: figures worked out by hand, answers added up, metrics under flat names."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from gold import gold_case
from ombud.predictor import Predictor
from ombud_training.evaluate import Answers, Evaluation, Scores, model_answers, score

CLOSED = "closed_after_initial_enquiries"
CASES = [
    gold_case(0, "upheld"),
    gold_case(1, "upheld"),
    gold_case(2, "not_upheld"),
    gold_case(3, CLOSED),
]


def sets(*own: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(one.split()) for one in own)


MODEL = Answers(
    "ombud",
    ("upheld", "not_upheld", "not_upheld", CLOSED),
    sets("fault_causing_injustice", "no_fault late", "no_fault", ""),
    (frozenset({3}), frozenset({2, 3}), frozenset(), frozenset({0})),
)
FLOOR = Answers("all_sentences", rationales=(frozenset(range(5)),) * 4)


def scored(*answers: Answers) -> Evaluation:
    return score(answers, CASES, "statement", "date", resamples=20)


def test_figures_by_hand() -> None:
    (figures,) = scored(MODEL).scores
    assert figures.name == "ombud"
    assert figures.outcome is not None
    assert figures.outcome.accuracy.value == 0.75
    # upheld: 1 of 2 found, none wrong; not_upheld: 1 of 1 found, 1 wrong; closed: all right.
    assert {k: v.value for k, v in figures.outcome.per_class_f1.items()} == pytest.approx(
        {"upheld": 2 / 3, "not_upheld": 2 / 3, CLOSED: 1.0}
    )
    assert figures.outcome.macro_f1.value == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)
    # Covariance over the geometric mean of the variances: (4*3 - 5) / sqrt((16-6) * (16-6)).
    assert figures.outcome.mcc.value == pytest.approx(7 / 10)
    assert figures.reasons is not None
    # 2 hits among 4 given and 4 gold ones.
    assert figures.reasons.micro_f1.value == pytest.approx(0.5)
    # fault_causing_injustice 2/3, no_fault 2/3, late 0.
    assert figures.reasons.macro_f1.value == pytest.approx(4 / 9)
    assert figures.rationale is not None
    # Sentence 3 is marked in each: 1, 2/3, 0, 0.
    assert figures.rationale.value == pytest.approx((1 + 2 / 3) / 4)
    for interval in (figures.outcome.accuracy, figures.reasons.micro_f1, figures.rationale):
        assert interval.low <= interval.value <= interval.high
        assert interval.low < interval.high


def test_a_rationale_floor_has_a_figure_of_rationales_alone() -> None:
    found = scored(MODEL, FLOOR)
    assert found.scores[1].outcome is None
    assert found.scores[1].reasons is None
    assert found.scores[1].rationale is not None
    assert found.scores[1].rationale.value == pytest.approx(2 * 0.2 / 1.2)


def test_an_outcome_floor_has_no_figure_of_rationales() -> None:
    found = scored(Answers("majority", ("upheld",) * 4, sets("late", "late", "late", "late")))
    assert found.scores[0].rationale is None
    assert found.scores[0].outcome is not None
    assert found.scores[0].outcome.accuracy.value == 0.5


def test_where_nothing_is_marked_no_rationale_is_scored() -> None:
    bare = [replace(c, reasons=tuple(replace(r, spans=()) for r in c.reasons)) for c in CASES]
    found = score([MODEL], bare, "statement", "date", resamples=5)
    assert found.scores[0].rationale is None


def test_copies_of_a_complaint_are_one_group() -> None:
    copies = [replace(case, group="same") for case in CASES[:2]] + CASES[2:]
    found = score([MODEL], copies, "statement", "date", resamples=5)
    assert (found.documents, found.groups) == (4, 3)
    assert (found.view, found.data, found.split) == ("statement", "authored", "date")


def test_answers_add_up_in_order() -> None:
    first = Answers("a", ("upheld",), sets("late"), (frozenset({1}),))
    second = Answers("a", ("not_upheld",), sets("no_fault"), (frozenset({2}),))
    assert first + second == Answers(
        "a",
        ("upheld", "not_upheld"),
        sets("late", "no_fault"),
        (frozenset({1}), frozenset({2})),
    )
    assert first + Answers("a") == first


def test_metrics_have_flat_names_with_both_ends_of_each_interval() -> None:
    found = scored(MODEL, FLOOR)
    metrics = found.metrics()
    figures = [
        "outcome_macro_f1",
        "outcome_accuracy",
        "outcome_mcc",
        "outcome_f1_upheld",
        "outcome_f1_not_upheld",
        f"outcome_f1_{CLOSED}",
        "reasons_micro_f1",
        "reasons_macro_f1",
        "rationale_f1",
        "rationale_token_f1",
        "rationale_iou_f1",
    ]
    ends = ("", ".low", ".high")
    expected = [f"date.statement.ombud.{figure}{end}" for figure in figures for end in ends]
    expected += [
        f"date.statement.all_sentences.{figure}{end}" for figure in figures[-3:] for end in ends
    ]
    assert list(metrics) == expected
    assert metrics["date.statement.ombud.outcome_accuracy"] == 0.75


def test_an_evaluation_is_plain_json() -> None:
    plain = json.loads(json.dumps(scored(MODEL, FLOOR).to_json()))
    assert list(plain) == ["view", "data", "split", "documents", "groups", "scores"]
    assert plain["scores"][1]["outcome"] is None
    assert plain["scores"][0]["outcome"]["accuracy"]["value"] == 0.75


@pytest.mark.parametrize("view", ["statement", "complaint"])
def test_answers_of_a_model_are_its_predictions(tiny_predictor: Predictor, view: str) -> None:
    answers = model_answers(tiny_predictor, CASES, view)
    predictions = tiny_predictor.predict([case.document(view) for case in CASES], view)
    assert answers.name == "ombud"
    assert answers.outcomes == tuple(p.outcome for p in predictions)
    assert answers.reasons == tuple(frozenset(r.label for r in p.reasons) for p in predictions)
    for case, chosen, prediction in zip(CASES, answers.rationales, predictions, strict=True):
        sentences = case.reading(view).sentences
        assert [sentences[n].span for n in sorted(chosen)] == [p.span for p in prediction.rationale]
        assert chosen


def test_scores_of_nothing_hold_no_figure() -> None:
    assert scored(Answers("silent")).scores == (Scores("silent", None, None, None),)
