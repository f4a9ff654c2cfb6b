"""Floors: what each simple system learns, and that it learns it of the training part alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from gold import KINDS, gold_case, gold_cases
from ombud.model import EncoderSource
from ombud.vectors import SentenceVectors
from ombud_training.evaluate import Answers
from ombud_training.floors import floor_answers

NAMES = [
    "majority",
    "tfidf_logistic",
    "frozen_mean_logistic",
    "random_sentences",
    "all_sentences",
    "word_list",
]
TRAIN = [*gold_cases(9), gold_case(9, "upheld")]
TEST = [gold_case(20 + n, outcome) for n, outcome in enumerate(reversed(KINDS))]
# Of a statement's five sentences the fourth is marked, counted from 0.
SENTENCES, MARKED = 5, 3


@pytest.fixture(scope="module")
def vectors(tiny_encoder: EncoderSource) -> SentenceVectors:
    return SentenceVectors.pretrained(tiny_encoder, 32, "cpu")


@pytest.fixture(scope="module")
def answers(vectors: SentenceVectors) -> dict[str, Answers]:
    said = floor_answers(TRAIN, TEST, "statement", vectors, 13)
    assert [one.name for one in said] == NAMES
    return {one.name: one for one in said}


def test_majority_says_the_most_frequent(answers: dict[str, Answers]) -> None:
    said = answers["majority"]
    assert said.outcomes == ("upheld",) * 3
    assert said.reasons == (frozenset({"fault_causing_injustice"}),) * 3
    assert said.rationales == ()


@pytest.mark.parametrize("name", ["tfidf_logistic", "frozen_mean_logistic"])
def test_regressions_learn_what_is_said_plainly(name: str, answers: dict[str, Answers]) -> None:
    said = answers[name]
    assert said.outcomes == tuple(case.outcome for case in TEST)
    assert said.reasons == tuple(frozenset({case.reasons[0].label}) for case in TEST)
    assert said.rationales == ()


def test_rationale_floors(answers: dict[str, Answers]) -> None:
    assert answers["all_sentences"].rationales == (frozenset(range(SENTENCES)),) * 3
    assert answers["word_list"].rationales == (frozenset({MARKED}),) * 3
    drawn = answers["random_sentences"].rationales
    assert [len(own) for own in drawn] == [1, 1, 1]
    assert all(own <= set(range(SENTENCES)) for own in drawn)
    for name in NAMES[3:]:
        assert answers[name].outcomes == answers[name].reasons == ()


def test_the_seed_alone_draws_random_sentences(vectors: SentenceVectors) -> None:
    many = gold_cases(30)

    def drawn(seed: int) -> tuple[frozenset[int], ...]:
        return floor_answers(TRAIN, many, "statement", vectors, seed)[3].rationales

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_one_outcome_alone_is_said_of_all(vectors: SentenceVectors) -> None:
    train = [gold_case(n, "not_upheld") for n in range(4)]
    said = {one.name: one for one in floor_answers(train, TEST, "statement", vectors, 1)}
    for name in ("majority", "tfidf_logistic", "frozen_mean_logistic"):
        assert said[name].outcomes == ("not_upheld",) * 3
    # A reason of every document leaves a regression nothing to tell apart.
    assert said["tfidf_logistic"].reasons == (frozenset(),) * 3


def test_without_marks_the_word_list_is_empty(vectors: SentenceVectors) -> None:
    train = [
        replace(case, reasons=tuple(replace(r, spans=()) for r in case.reasons)) for case in TRAIN
    ]
    said = {one.name: one for one in floor_answers(train, TEST, "statement", vectors, 1)}
    assert said["word_list"].rationales == (frozenset(),) * 3
    assert [len(own) for own in said["random_sentences"].rationales] == [1, 1, 1]


def test_gold_of_the_documents_answered_is_never_read(
    answers: dict[str, Answers], vectors: SentenceVectors
) -> None:
    bare = [replace(case, outcome="", reasons=()) for case in TEST]
    said = floor_answers(TRAIN, bare, "statement", vectors, 13)
    assert {one.name: one for one in said} == answers


def test_the_mean_is_of_the_given_vectors() -> None:
    asked: list[str] = []

    def vectors(keys: Sequence[str]) -> Tensor:
        asked.extend(keys)
        return torch.tensor([[float("wrong" in k), float("years" in k), 1.0] for k in keys])

    said = floor_answers(TRAIN, TEST, "complaint", vectors, 1)[2]
    assert said.outcomes == tuple(case.outcome for case in TEST)
    assert {key for key in asked if "hedge" in key} == {
        f"My hedge number {n} went." for n in (*range(10), 20, 21, 22)
    }
