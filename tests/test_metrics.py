"""Metrics: against numbers worked out by hand, and what must hold of any."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score, matthews_corrcoef

from ombud.metrics import (
    bootstrap,
    outcome_scores,
    precision_recall_f1,
    rationale_f1,
    reason_scores,
)
from ombud.taxonomy import OUTCOMES

U, N, C = "upheld", "not_upheld", "closed_after_initial_enquiries"


def test_outcomes_by_hand() -> None:
    gold = [C, C, C, U, U, N]
    guess = [C, C, U, U, N, N]
    scores = outcome_scores(gold, guess, list("abcdef"), resamples=20)
    assert scores.documents == 6
    assert scores.accuracy.value == pytest.approx(4 / 6)
    assert {k: v.value for k, v in scores.per_class_f1.items()} == pytest.approx(
        {U: 0.5, N: 2 / 3, C: 0.8}
    )
    assert scores.macro_f1.value == pytest.approx((0.5 + 2 / 3 + 0.8) / 3)
    assert 0 < scores.mcc.value < 1


def test_a_constant_guess_has_no_correlation() -> None:
    gold = [C, C, C, U, N]
    scores = outcome_scores(gold, [C] * 5, list("abcde"), resamples=20)
    assert scores.mcc.value == 0
    assert scores.macro_f1.value == pytest.approx(0.75 / 3)


def test_an_outcome_that_does_not_occur_is_left_out() -> None:
    scores = outcome_scores([C, C], [C, U], ["a", "b"], resamples=20)
    assert set(scores.per_class_f1) == {C}
    assert scores.macro_f1.value == pytest.approx(2 / 3)


def test_reasons_by_hand() -> None:
    gold = [{"late"}, {"late", "premature"}, {"withdrawn"}]
    guess = [{"late"}, {"late"}, {"late", "withdrawn"}]
    scores = reason_scores(gold, guess, list("abc"), resamples=20)
    assert scores.documents == 3
    assert scores.micro_f1.value == pytest.approx(2 * 3 / (4 + 4))
    assert scores.macro_f1.value == pytest.approx((0.8 + 0 + 1) / 3)


def test_no_reason_at_all() -> None:
    scores = reason_scores([set(), set()], [set(), set()], ["a", "b"], resamples=20)
    assert (scores.micro_f1.value, scores.macro_f1.value) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        ([1, 2], [2, 3, 4], (1 / 3, 1 / 2, 0.4)),
        ([1, 2], [1, 2], (1, 1, 1)),
        ([1], [], (0, 0, 0)),
        ([], [1], (0, 0, 0)),
        ([], [], (0, 0, 0)),
        ([1, 1], [1, 1, 2, 2], (1 / 2, 1, 2 / 3)),
    ],
)
def test_sentences_by_hand(
    gold: list[int], predicted: list[int], expected: tuple[float, float, float]
) -> None:
    assert precision_recall_f1(gold, predicted) == pytest.approx(expected)


def test_rationales_are_scored_where_there_are_marks() -> None:
    score = rationale_f1([{1}, set(), {1, 2}], [{1}, {5}, {2, 3}], list("abc"), resamples=20)
    assert score.value == pytest.approx((1 + 0.5) / 2)
    with pytest.raises(ValueError) as caught:
        rationale_f1([set()], [{1}], ["a"])
    assert str(caught.value) == "expected at least one document with marked sentences, found none"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4)), min_size=1, max_size=20))
def test_an_interval_lies_within_what_groups_can_give(parts: list[tuple[bool, int]]) -> None:
    right = np.array([float(hit) for hit, _ in parts])
    groups = [str(group) for _, group in parts]
    interval = bootstrap(lambda rows: float(right[rows].mean()), groups, resamples=50)
    means = [right[[i for i, g in enumerate(groups) if g == group]].mean() for group in groups]
    assert interval.value == right.mean()
    assert min(means) - 1e-9 <= interval.low <= interval.high <= max(means) + 1e-9


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.arange(20.0)

    def interval(seed: int) -> str:
        groups = [str(n) for n in range(20)]
        return str(bootstrap(lambda rows: float(values[rows].mean()), groups, seed=seed))

    assert interval(0) == interval(0) != interval(1)
    assert interval(0).startswith("9.500 [")


def test_near_duplicates_are_drawn_together() -> None:
    values = np.array([0.0, 0.0, 1.0, 1.0])
    seen: set[float] = set()

    def mean(rows: np.ndarray) -> float:  # type: ignore[type-arg]
        seen.add(float(values[rows].mean()))
        return float(values[rows].mean())

    bootstrap(mean, ["a", "a", "b", "b"], resamples=100)
    assert seen == {0.0, 0.5, 1.0}


def test_no_document_at_all() -> None:
    with pytest.raises(ValueError) as caught:
        bootstrap(lambda rows: 0.0, [])
    assert str(caught.value) == "expected at least one document to score, found none"


def test_outcome_figures_are_those_of_scikit_learn() -> None:
    generator = np.random.default_rng(7)
    labels = [outcome.label for outcome in OUTCOMES]
    gold = [labels[n] for n in generator.integers(0, 3, 200)]
    predicted = [g if generator.random() < 0.6 else labels[generator.integers(0, 3)] for g in gold]
    scores = outcome_scores(gold, predicted, [str(n) for n in range(200)], resamples=2)
    assert scores.macro_f1.value == pytest.approx(f1_score(gold, predicted, average="macro"))
    assert scores.mcc.value == pytest.approx(matthews_corrcoef(gold, predicted))
    assert scores.accuracy.value == pytest.approx(accuracy_score(gold, predicted))
    for label in labels:
        own = f1_score(gold, predicted, labels=[label], average="macro")
        assert scores.per_class_f1[label].value == pytest.approx(own)
