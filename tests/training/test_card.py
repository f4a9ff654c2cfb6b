"""The model card: settings, parts, figures and limits, in Markdown."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from gold import gold_cases
from ombud.corpus import date_split
from ombud.views import View
from ombud_training.calibrate import neutral_calibration
from ombud_training.card import model_card
from ombud_training.device import Device
from ombud_training.evaluate import Answers, Evaluation, score
from ombud_training.experiment import Experiment
from ombud_training.fit import Fitted
from ombud_training.recipe import Recipe
from ombud_training.report import markdown, tables

CASES = gold_cases(20)
ORIGIN = {"commit": "c0ffee", "data_digest": "d1", "device": "cpu"}


def evaluation(view: View = "statement") -> Evaluation:
    said = [
        Answers("ombud", tuple(c.outcome for c in CASES), (frozenset({"late"}),) * 20),
        Answers("all_sentences", rationales=(frozenset(range(5)),) * 20),
    ]
    return score(said, CASES, view, "date", resamples=5)


@pytest.fixture
def card(fitted: Fitted, recipe: Recipe):
    def made(**settings: Any) -> str:
        experiment = Experiment(
            fitted=fitted,
            calibration=neutral_calibration(["statement"]),
            evaluations=(evaluation(),),
            seconds=61.6,
            device=Device("cpu", bf16=False, reason="CPU, in tests"),
        )
        settings = {"encoder": "minilm", **settings}
        changed = dataclasses.replace(recipe, **settings)
        return model_card("hedges", changed, date_split(CASES), experiment, ORIGIN)

    return made


def test_the_card_says_what_was_trained_on_what(card) -> None:
    lines = card().splitlines()
    assert lines[0] == "# hedges"
    assert "Recipe `tiny`, encoder `minilm` (frozen), seed 13, 62 s on CPU, in tests." in lines
    assert "- commit: `c0ffee`" in lines
    assert "- data_digest: `d1`" in lines
    split = date_split(CASES)
    for part, identifiers in split.parts.items():
        assert f"| {part} | {len(identifiers)} | {split.starts[part]} |" in lines
    assert [line for line in lines if line.startswith("#")] == [
        "# hedges",
        "## Use",
        "## Training",
        "## Figures",
        "### view statement, authored data, date split",
        "## Limits",
    ]


def test_a_fine_tuned_encoder_is_called_so(card) -> None:
    assert "encoder `minilm` (fine-tuned), seed 7," in card(freeze_encoder=False, seed=7)


def test_the_card_holds_the_figures_of_the_evaluation(card) -> None:
    assert markdown([evaluation()]) in card()
    assert "20 documents in 20 groups; 95 % bootstrap intervals over groups" in card()


def test_figures_in_markdown() -> None:
    lines = markdown([evaluation()]).splitlines()
    systems = [line.split(" | ")[0] for line in lines if line.startswith("| ")]
    assert systems == ["| system", "| ombud", "| system", "| all_sentences"]
    ombud = next(line for line in lines if line.startswith("| ombud"))
    assert ombud.startswith("| ombud | 1.00 [1.00, 1.00] | 1.00 [1.00, 1.00] |")
    widths = {line.count("|") for line in lines if line.startswith("|")}
    assert widths == {10, 3}


def test_tables_for_people_have_the_same_rows() -> None:
    found = tables([evaluation(), evaluation("complaint")])
    assert [str(table.title) for table in found] == [
        "view statement, authored data, date split: outcome and reasons",
        "view statement, authored data, date split: rationales",
        "view complaint, authored data, date split: outcome and reasons",
        "view complaint, authored data, date split: rationales",
    ]
    assert [table.row_count for table in found] == [1, 1, 1, 1]
    assert list(found[1].columns[0].cells) == ["all_sentences"]
