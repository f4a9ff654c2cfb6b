"""The model card: settings, parts, figures and limits, in Markdown."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from gold import gold_cases
from ombud.abstention import risk_curve
from ombud.calibration import Calibration, ViewCalibration
from ombud.corpus import date_split
from ombud.taxonomy import REASONS, TAXONOMY_VERSION
from ombud.views import VIEWS, View
from ombud_training.calibrate import neutral_calibration
from ombud_training.card import model_card
from ombud_training.cost import Cost
from ombud_training.device import Device
from ombud_training.evaluate import Answers, Evaluation, score
from ombud_training.experiment import Experiment
from ombud_training.fit import Fitted
from ombud_training.recipe import Recipe
from ombud_training.report import markdown, tables
from ombud_training.sureness import sureness

CASES = gold_cases(20)
SENTENCES = {view: len(CASES[0].reading(view).sentences) for view in VIEWS}
NUMBERS = dataclasses.replace(
    ViewCalibration.neutral(len(REASONS)),
    conformal_quantile=0.3,
    documents=60,
    risk_curve=risk_curve([0.7] * 60, [True] * 60),
)
ORIGIN = {"commit": "c0ffee", "data_digest": "d1", "device": "cpu"}
MODEL = Answers(
    "ombud",
    tuple(c.outcome for c in CASES),
    (frozenset({"late"}),) * 20,
    probabilities=((0.8, 0.1, 0.1), (0.1, 0.8, 0.1), (0.1, 0.1, 0.8)) * 6
    + ((0.8, 0.1, 0.1), (0.1, 0.8, 0.1)),
)


def evaluation(view: View = "statement") -> Evaluation:
    said = [
        MODEL,
        Answers("all_sentences", rationales=(frozenset(range(SENTENCES[view])),) * 20),
    ]
    return score(said, CASES, view, "date", resamples=5)


@pytest.fixture
def card(fitted: Fitted, recipe: Recipe):
    def made(**settings: Any) -> str:
        neutral = neutral_calibration(["statement"])
        labels = (neutral.outcomes, neutral.reasons)
        experiment = Experiment(
            fitted=fitted,
            calibration=Calibration(*labels, {"statement": NUMBERS}),
            evaluations=(evaluation(),),
            sureness=(sureness(MODEL, CASES, "statement", NUMBERS),),
            cost=Cost(61.6, 120.4, None),
            device=Device("cpu", bf16=False, reason="CPU, in tests"),
        )
        settings = {"encoder": "minilm", **settings}
        changed = dataclasses.replace(recipe, **settings)
        return model_card("hedges", changed, date_split(CASES), experiment, ORIGIN)

    return made


def test_the_card_says_what_was_trained_on_what(card) -> None:
    lines = card().splitlines()
    assert lines[0] == "# hedges"
    assert "Recipe `tiny`, encoder `minilm` (frozen), seed 13, on CPU, in tests." in lines
    assert (
        "Cost: 62 s, processor time 120 s; energy is not measured on this machine, at 15 W a busy "
        "core about 0.50 Wh."
    ) in lines
    assert lines[lines.index("## Labels") + 1].startswith(f"Taxonomy version {TAXONOMY_VERSION}: ")
    assert "- commit: `c0ffee`" in lines
    assert "- data_digest: `d1`" in lines
    split = date_split(CASES)
    for part, identifiers in split.parts.items():
        assert f"| {part} | {len(identifiers)} | {split.starts[part]} |" in lines
    assert [line for line in lines if line.startswith("#")] == [
        "# hedges",
        "## Use",
        "## Labels",
        "## Training",
        "## Figures",
        "### view statement, authored data, date split",
        "## Sureness",
        "## Limits",
    ]


def test_the_card_says_how_sure_the_model_may_be_taken_to_be(card) -> None:
    text = card()
    # Every answer is right and 0.8 sure.
    assert "| statement | 0.200 [0.200, 0.200] |" in text
    assert "| 1.00 [1.00, 1.00] | 1.00 [1.00, 1.00] |" in text
    # Without an error in 60 documents a rate of 5 % can be promised, one of 2 % cannot.
    assert "| statement | 2% | 0.00 [0.00, 0.00] | - |" in text
    assert "| statement | 5% | 1.00 [1.00, 1.00] | 0.00 [0.00, 0.00] |" in text
    assert "By default: view `statement` 10% from 60 documents." in text


def test_the_card_says_what_the_model_is_not_for(card) -> None:
    text = card()
    assert "It informs a person; it decides nothing." in text
    assert "turning complaints away" in text


def test_a_fine_tuned_encoder_is_called_so(card) -> None:
    assert "encoder `minilm` (fine-tuned), seed 7," in card(freeze_encoder=False, seed=7)


def test_the_card_holds_the_figures_of_the_evaluation(card) -> None:
    assert markdown([evaluation()]) in card()
    assert "20 documents in 20 groups; 95 % bootstrap intervals over groups" in card()


def test_figures_in_markdown() -> None:
    lines = markdown([evaluation()]).splitlines()
    systems = [line.split(" | ")[0] for line in lines if line.startswith("| ")]
    assert systems == ["| system", "| ombud", "| rationales", "| all_sentences"]
    ombud = next(line for line in lines if line.startswith("| ombud"))
    assert ombud.startswith("| ombud | 1.00 [1.00, 1.00] | 1.00 [1.00, 1.00] |")
    widths = {line.count("|") for line in lines if line.startswith("|")}
    # Nobody asked what the model says of parts of the documents.
    assert widths == {10, 6}


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
