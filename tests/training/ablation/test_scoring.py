"""Figures of rows: seeds together, words as passages, and differences drawn in pairs."""

from __future__ import annotations

import math

import pytest

from gold import gold_case
from ombud.corpus import GoldCase
from ombud.metrics import Faithfulness
from ombud_training.ablation.afterwards import cut_into_words
from ombud_training.ablation.kept import Done
from ombud_training.ablation.rows import VIEW
from ombud_training.ablation.scoring import RowFigures, ablation_figures, differences
from ombud_training.ablation.table import TITLES, ablation_markdown
from ombud_training.evaluate import Answers

CLOSED = "closed_after_initial_enquiries"
SCORED = [gold_case(0, "upheld"), gold_case(1, "not_upheld"), gold_case(2, CLOSED)]
GOLD = [case.outcome for case in SCORED]
MARKED = 3
WORDS = [cut_into_words(case.reading(VIEW)) for case in SCORED]


def faithful(value: float) -> tuple[Faithfulness, ...]:
    return (Faithfulness(value, value, (value,) * 5, (0.0,) * 5, (0.0, 0.0), (0.0, 0.0)),) * 3


def answers(name: str, outcomes: list[str], chosen: int, value: float = 0.5) -> Answers:
    return Answers(
        name,
        tuple(outcomes),
        tuple(frozenset({case.reasons[0].label}) for case in SCORED),
        (frozenset({chosen}),) * 3,
        sentence_scores=(tuple(float(n == chosen) for n in range(5)),) * 3,
        faithfulness=faithful(value),
    )


def words_of(case: GoldCase, number: int) -> frozenset[int]:
    """Numbers of the words that are marked in a case."""
    (span,) = case.reasons[0].spans
    return frozenset(
        n for n, word in enumerate(WORDS[number].sentences) if word.span.overlaps(span)
    )


FLOORS = tuple(
    Answers(
        name,
        rationales=(frozenset({0}),) * 3,
        sentence_scores=((1.0, 0.0, 0.0, 0.0, 0.0),) * 3,
        faithfulness=faithful(0.125),
    )
    for name in ("random_sentences", "all_sentences", "word_list")
)
WRONG = ["not_upheld", *GOLD[1:]]
DONE = [
    Done("e", 13, (answers("e", GOLD, MARKED), *FLOORS), 2.0),
    Done("e", 14, (answers("e", WRONG, MARKED, 0.25), *FLOORS), 3.0),
    Done("c", 13, (answers("c", WRONG, 0), *FLOORS), 1.0),
]


def by_name(done: list[Done]) -> dict[str, RowFigures]:
    return {row.name: row for row in ablation_figures(done, SCORED, resamples=50)}


def test_answers_of_all_seeds_are_scored_together() -> None:
    found = by_name(DONE)
    assert list(found) == ["c", "e"]
    assert (found["e"].seeds, found["e"].seconds) == ((13, 14), 5.0)
    # Of six answers one is wrong: F1 of upheld 2/3, of not upheld 4/5, of closed 1.
    assert found["e"].figures["outcome_macro_f1"].value == pytest.approx((2 / 3 + 0.8 + 1) / 3)
    assert found["e"].figures["rationale_token_f1"].value == 1
    assert found["e"].figures["rationale_comprehensiveness"].value == pytest.approx(0.375)
    assert found["c"].figures["rationale_token_f1"].value == 0
    for row in found.values():
        assert set(row.floors) == {"random_sentences", "all_sentences", "word_list"}
        assert row.floors["word_list"]["rationale_comprehensiveness"].value == 0.125
        assert "outcome_macro_f1" not in row.floors["word_list"]


def test_words_as_passages() -> None:
    marked = tuple(words_of(case, number) for number, case in enumerate(SCORED))
    own = Answers(
        "d_words",
        tuple(GOLD),
        (frozenset[str](),) * 3,
        marked,
        sentence_scores=tuple(
            tuple(float(n in chosen) for n in range(len(words.sentences)))
            for chosen, words in zip(marked, WORDS, strict=True)
        ),
        faithfulness=faithful(0.5),
    )
    figures = by_name([Done("d", 13, (own, *FLOORS), 1.0)])["d_words"].figures
    # Words side by side are one passage, the very one that is marked.
    assert figures["rationale_token_f1"].value == pytest.approx(1)
    assert figures["rationale_iou_f1"].value == pytest.approx(1)
    assert figures["rationale_auprc"].value == pytest.approx(1)
    assert figures["rationale_comprehensiveness"].value == pytest.approx(0.5)
    assert "rationale_f1" not in figures


def test_ours_less_the_others_on_the_seeds_that_both_have() -> None:
    (one,) = differences(DONE, SCORED, resamples=200)
    assert (one.name, one.seeds) == ("c", (13,))
    assert one.token_f1.value == 1
    assert (one.token_f1.low, one.token_f1.high) == (1, 1)
    assert one.outcome_macro_f1.value == pytest.approx(1 - (0 + 2 / 3 + 1) / 3)
    assert one.outcome_macro_f1.low < one.outcome_macro_f1.value
    assert differences(DONE[2:], SCORED) == []
    assert differences(DONE[:2], SCORED) == []
    assert differences([DONE[1], DONE[2]], SCORED) == []


def test_markdown_holds_every_row_and_floor() -> None:
    found = ablation_figures(DONE, SCORED, resamples=20)
    text = ablation_markdown(found, differences(DONE, SCORED, resamples=20), "Of three documents.")
    lines = text.splitlines()
    assert lines[0].startswith("Of three documents. ")
    assert f"| (e) {TITLES['e']} | 13, 14 | 0.822 [" in text
    assert f"| (c) {TITLES['c']} | 13 | 0.556 [" in text
    floors = [line for line in lines if line.startswith("| floor: ")]
    assert [line.split(" | ")[0] for line in floors] == [
        "| floor: random sentences",
        "| floor: word list",
        "| floor: all words",
    ]
    assert all(line.split(" | ")[2] == "–" for line in floors)
    assert "| (e) less (c) | 13 | +0.444 [" in text
    assert "nan" not in text
    tables = [line.count("|") for line in lines if line.startswith("|")]
    assert set(tables) == {10, 7, 5}


def test_without_ours_there_is_nothing_to_subtract() -> None:
    found = ablation_figures(DONE[2:], SCORED, resamples=20)
    text = ablation_markdown(found, [], "Of three.")
    assert "less" not in text
    assert "floor: word list" in text


def test_rows_are_plain_json() -> None:
    plain = by_name(DONE)["e"].to_json()
    assert plain["figures"]["rationale_token_f1"]["value"] == 1
    assert not any(math.isnan(one["value"]) for one in plain["figures"].values())
    assert set(TITLES) == {"a", "b", "c", "d_sentences", "d_words", "e"}
