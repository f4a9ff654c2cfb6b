"""Rows of the ablation: each really is trained, and answers, as its title says."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

from gold import gold_case, gold_cases
from ombud.bundle import read_bundle, write_bundle
from ombud.corpus import GoldCase
from ombud.labelling import apply, summary
from ombud.model import collate
from ombud.spans import Span
from ombud.taxonomy import REASONS
from ombud.views import VIEWS
from ombud_training.ablation import rows
from ombud_training.ablation.rows import ROWS, VIEW, Material, run_row
from ombud_training.calibrate import neutral_calibration
from ombud_training.examples import make_examples
from ombud_training.fit import Fitted, fit
from ombud_training.recipe import Recipe

BY_KEY = {row.key: row for row in ROWS}
LABELS = [reason.label for reason in REASONS]
FLOORS = ["random_sentences", "all_sentences", "word_list"]


def moved(case: GoldCase) -> GoldCase:
    """Return the case with other words marked than those that say the reason."""
    (reason,) = case.reasons
    at = case.text.index("I read the papers.")
    other = Span(at, at + len("I read the papers."))
    return dataclasses.replace(case, reasons=(dataclasses.replace(reason, spans=(other,)),))


def trained(
    key: str, cases: Sequence[GoldCase], material: Material, folder: Path, **changes: Any
) -> Fitted:
    recipe = dataclasses.replace(BY_KEY[key].recipe(material.recipe, 13), **changes)
    return fit(cases, recipe, material.device, folder, views=[VIEW], vectors=material.vectors)


def weights(fitted: Fitted) -> dict[str, torch.Tensor]:
    return dict(fitted.model.state_dict())


def test_the_rows_and_what_each_changes(recipe: Recipe) -> None:
    assert [row.key for row in ROWS] == list("abcde")
    assert [row.key for row in ROWS if row.wordings] == ["e"]
    assert [row.key for row in ROWS if row.contextual] == ["d"]
    spans = {row.key: row.recipe(recipe, 7).spans for row in ROWS if not row.contextual}
    assert spans == {"a": "none", "b": "none", "c": "gold", "e": "labelled"}
    assert [row.key for row in ROWS if not row.recipe(recipe, 7).selection] == ["a"]
    for row in ROWS:
        made = row.recipe(recipe, 7)
        assert made.seed == 7
        # Seed sentences are wordings too.
        assert (made.seed_strength > 0) == (row.key in "de")


def test_without_selection_every_gate_is_open(material: Material, tmp_path: Path) -> None:
    fitted = trained("a", gold_cases(6), material, tmp_path)
    readings = [case.reading(VIEW) for case in gold_cases(2)]
    shorter = dataclasses.replace(readings[1], sentences=readings[1].sentences[:2])
    batch = collate([readings[0], shorter], fitted.tokenizer, 32, fitted.vectors)
    present = (batch["section_ids"] > 0).unsqueeze(-1)
    for training in (False, True):
        output = fitted.model.train(training)(**batch)
        assert torch.equal(output.gates, present.float().expand_as(output.gates))
    output = fitted.model.eval()(**batch)
    scores = fitted.model.predictor(
        batch["sentence_vectors"][batch["sentence_index"]], batch["view_ids"]
    )
    whole = fitted.model.predictor.bias[0] + (scores * present).sum(dim=1)
    torch.testing.assert_close(torch.cat([output.outcome_logits, output.reason_logits], 1), whole)
    assert present.sum() == 7


def test_a_model_without_selection_is_one_after_loading(material: Material, tmp_path: Path) -> None:
    fitted = trained("a", gold_cases(3), material, tmp_path / "fit")
    write_bundle(
        tmp_path / "bundle",
        fitted.model,
        fitted.tokenizer,
        neutral_calibration(VIEWS),
        "card",
        name="open",
        version="1",
        run_id="",
        commit="",
        data_digest="",
        split_digest="",
        encoder="tiny",
        created="",
        metrics={},
    )
    assert read_bundle(tmp_path / "bundle").model.config.selection is False


@pytest.mark.parametrize("key", ["a", "b"])
def test_marks_teach_nothing_where_labels_alone_teach(
    key: str, material: Material, tmp_path: Path
) -> None:
    cases = gold_cases(6)
    elsewhere = [moved(case) for case in cases]
    one, other = (
        weights(trained(key, own, material, tmp_path / name))
        for own, name in ((cases, "marked"), (elsewhere, "moved"))
    )
    assert all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("key", ["c", "e"])
def test_marks_teach_where_they_should(key: str, material: Material, tmp_path: Path) -> None:
    cases = gold_cases(6)
    elsewhere = [moved(case) for case in cases]
    one, other = (
        weights(trained(key, own, material, tmp_path / name))
        for own, name in ((cases, "marked"), (elsewhere, "moved"))
    )
    name = "selector.direct.0.weight"
    assert not torch.equal(one[name], other[name])


def test_labels_reach_the_selector_of_row_b(material: Material, tmp_path: Path) -> None:
    # With nothing else to teach it, the selector moves only by the labels' gradient.
    free = {"sparsity_weight": 0.0, "weight_decay": 0.0}
    start = weights(
        trained("b", gold_cases(6), material, tmp_path / "0", **free, task_gradient=0.0)
    )
    taught = weights(trained("b", gold_cases(6), material, tmp_path / "1", **free))
    name = "selector.gate.weight"
    assert not torch.equal(start[name], taught[name])


def test_no_span_reaches_the_targets_of_row_b() -> None:
    for example in make_examples(gold_cases(3), [VIEW], "none"):
        assert example.gates.isnan().all()
        assert example.reasons.sum() == 1


TEXT = (
    "Summary: We will not investigate this complaint. The complaint is late.\n"
    "The complaint\nMr Z lost a hedge. The court heard him.\n"
    "My assessment\nHe knew in 2011 and waited. The complaint is late.\n"
)


def test_labelled_spans_add_sentences_of_gold_reasons_only() -> None:
    case = dataclasses.replace(gold_case(0, "closed_after_initial_enquiries"), text=TEXT)
    (reason,) = case.reasons
    at = TEXT.index("He knew in 2011 and waited.")
    marked = Span(at, at + len("He knew in 2011 and waited."))
    case = dataclasses.replace(case, reasons=(dataclasses.replace(reason, spans=(marked,)),))
    found = summary(apply(case.document(VIEW)))
    assert "late" in found
    gold, labelled = (make_examples([case], [VIEW], spans)[0] for spans in ("gold", "labelled"))
    late = 1 + LABELS.index("late")
    texts = [s.span.of(TEXT) for s in gold.reading.sentences]
    assert [texts[n] for n in gold.gates[:, late].nonzero().flatten()] == [
        "He knew in 2011 and waited."
    ]
    added = [texts[n] for n in labelled.gates[:, late].nonzero().flatten()]
    assert set(added) == {"He knew in 2011 and waited.", "The complaint is late."}
    assert torch.equal(labelled.gates[:, 0], labelled.gates[:, late])
    others = [column for column in range(1, 1 + len(LABELS)) if column != late]
    assert not labelled.gates[:, others].any()
    # The same words give nothing where they are no gold reason.
    wrong = dataclasses.replace(
        case, reasons=(dataclasses.replace(reason, label="court_remedy", spans=(marked,)),)
    )
    (example,) = make_examples([wrong], [VIEW], "labelled")
    assert not example.gates[:, late].any()


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What rows hand to the training and to the calibration."""
    noted: dict[str, Any] = {}
    real_fit, real_calibration = rows.fit, rows.fit_calibration

    def note_fit(cases: Sequence[GoldCase], recipe: Recipe, *args: Any, **kwargs: Any) -> Fitted:
        noted.update(trained=list(cases), recipe=recipe, **kwargs)
        return real_fit(cases, recipe, *args, **kwargs)

    def note_calibration(fitted: Fitted, cases: Sequence[GoldCase], *args: Any) -> Any:
        noted["calibrated"] = list(cases)
        return real_calibration(fitted, cases, *args)

    monkeypatch.setattr(rows, "fit", note_fit)
    monkeypatch.setattr(rows, "fit_calibration", note_calibration)
    return noted


@pytest.mark.parametrize("key", ["a", "b", "c", "e"])
def test_a_row_answers_with_its_floors(key: str, material: Material, seen: dict[str, Any]) -> None:
    answers = run_row(BY_KEY[key], 14, material)
    assert [one.name for one in answers] == [key, *FLOORS]
    assert seen["recipe"] == BY_KEY[key].recipe(material.recipe, 14)
    assert list(seen["wordings"]) == (list(material.wordings) if key == "e" else [])
    assert seen["views"] == ["statement"]
    ids = [{case.id for case in seen[name]} for name in ("trained", "calibrated")]
    assert not ids[0] & ids[1]
    assert ids[0] | ids[1] == {case.id for case in material.train}
    own = answers[0]
    assert len(own.outcomes) == len(own.reasons) == len(own.rationales) == len(material.scored)
    for one in answers:
        assert len(one.faithfulness) == len(one.sentence_scores) == len(material.scored)
    if key == "a":
        assert {len(chosen) for chosen in own.rationales} == {1}


def test_contributions_rank_the_sentences_of_row_a(material: Material) -> None:
    own = run_row(BY_KEY["a"], 13, material)[0]
    for chosen, scores in zip(own.rationales, own.sentence_scores, strict=True):
        assert chosen == {max(range(len(scores)), key=lambda n: scores[n])}


def test_the_row_of_whole_texts_answers_twice(material: Material) -> None:
    sentences, words, *floors = run_row(BY_KEY["d"], 13, material)
    assert (sentences.name, words.name) == ("d_sentences", "d_words")
    assert [one.name for one in floors] == FLOORS
    assert sentences.outcomes == words.outcomes
    assert sentences.reasons == words.reasons
    for case, few, many in zip(
        material.scored, sentences.sentence_scores, words.sentence_scores, strict=True
    ):
        assert len(few) == len(case.reading(VIEW).sentences) == 5
        assert len(many) > 5
    # One sentence of five is marked in training; of 32 words or so, 8 to 11.
    assert {len(chosen) for chosen in sentences.rationales} == {1}
    assert all(8 <= len(chosen) <= 11 for chosen in words.rationales)
    for one in (sentences, words, *floors):
        assert len(one.faithfulness) == len(material.scored)


def test_a_row_is_the_same_twice(material: Material) -> None:
    row = BY_KEY["c"]
    one, other = (run_row(row, 13, material)[0] for _ in range(2))
    assert one == other
    assert run_row(row, 14, material)[0] != one
