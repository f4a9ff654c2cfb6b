"""The whole report of a bundle: figures by hand, one page that opens offline, metrics as JSON."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from command import Command, one_sentence
from gold import gold_cases
from ombud.abstention import risk_curve
from ombud.bundle import write_bundle
from ombud.corpus import GoldCase, date_split, write_dataset, write_split
from ombud.predictor import Predictor
from ombud.vectors import SentenceVectors
from ombud_training import evaluate_command
from ombud_training.behaviour import CapabilityResult, CaseResult
from ombud_training.full_report import ViewReport, full_report
from ombud_training.report_page import evaluation_page

CASES = [
    replace(case, body=body, category="<b>Housing</b>" if n % 2 else "Education")
    for n, (case, body) in enumerate(
        zip(
            gold_cases(30),
            ["Pikemere Borough Council", "Oak Care Ltd", "Hill Appeal Panel"] * 10,
            strict=True,
        )
    )
]
SPLIT = date_split(CASES)


class Few(SentenceVectors):
    """Vectors that need no encoder: lengths and vowels."""

    def __init__(self) -> None: ...

    def __call__(self, sentences: list[str]) -> torch.Tensor:  # type: ignore[override]
        return torch.tensor([[len(s) / 40, s.count("e") / 5, s.count("a") / 5] for s in sentences])


@pytest.fixture(scope="module")
def rated(tiny_predictor: Predictor) -> Predictor:
    bundle = tiny_predictor.bundle
    curve = risk_curve([0.99] * 60 + [0.2] * 40, [True] * 60 + [False] * 40)
    views = {
        v: replace(n, risk_curve=curve, documents=100) for v, n in bundle.calibration.views.items()
    }
    return Predictor(replace(bundle, calibration=replace(bundle.calibration, views=views)))


@pytest.fixture(scope="module")
def reports(rated: Predictor) -> list[ViewReport]:
    train, test = SPLIT.part("train", CASES), SPLIT.part("test", CASES)
    return [
        full_report(rated, train, test, view, vectors=Few(), split=SPLIT, resamples=30)
        for view in ("statement", "complaint")
    ]


@pytest.fixture(scope="module")
def page(reports: list[ViewReport], rated: Predictor) -> str:
    return evaluation_page(
        reports, rated.info, dataset="authored", digest="d" * 64, split="s" * 64, resamples=30
    )


def test_figures_fit_together(reports: list[ViewReport]) -> None:
    for report in reports:
        model = report.evaluation.scores[0]
        assert model.outcome is not None
        table = report.confusions["ombud"]
        right = sum(table[n][n] for n in range(3))
        assert sum(map(sum, table)) == report.evaluation.documents
        assert model.outcome.accuracy.value == pytest.approx(right / report.evaluation.documents)
        for label, own in report.classes["ombud"].items():
            assert own.f1.value == pytest.approx(model.outcome.per_class_f1[label].value)
        # The error of answering everything is what accuracy leaves.
        assert report.risk["ombud"][-1].error.value == pytest.approx(
            1 - model.outcome.accuracy.value
        )
        assert model.rationale is not None
        chosen = {s.name: s for s in report.evaluation.scores if s.passages is not None}
        assert set(chosen) == {"ombud", "random_sentences", "all_sentences", "word_list"}
        for scores in chosen.values():
            assert scores.passages is not None
            assert scores.passages.auprc is not None
            assert scores.faithfulness is not None
            assert scores.faithfulness.documents == report.evaluation.documents
        for by in ("period", "category", "kind of body", "length"):
            own = [one for one in report.slices if one.by == by]
            assert sum(one.documents for one in own) == report.evaluation.documents
            hits = sum(one.systems["ombud"]["accuracy"].value * one.documents for one in own)
            assert hits == pytest.approx(right)
        assert report.support == {
            label: sum(
                any(r.label == label for r in case.reasons) for case in SPLIT.part("test", CASES)
            )
            for label in report.support
        }


def test_prediction_sets_and_rules(reports: list[ViewReport]) -> None:
    for report in reports:
        # A neutral quantile of 1 leaves every outcome in the set.
        assert report.coverage.overall.value == report.coverage.as_computed.value == 1.0
        assert report.coverage.size.value == 3.0
        assert report.coverage.expected.value == pytest.approx(0.9, abs=0.01)
        rates = [rule.rate for rule in report.rules]
        assert rates == sorted(rates)
        assert report.rules[0].answered.value == 0.0
        answered = [rule.answered.value for rule in report.rules]
        assert answered == sorted(answered)


def test_the_page_tells_of_the_behaviour_tests(
    reports: list[ViewReport], rated: Predictor, page: str
) -> None:
    good = CaseResult("plain", True)
    bad = CaseResult("<odd>", False, "late named", 0.25)
    told = [
        CapabilityResult("late_said", "minimum_functionality", ("statement",), "Says.", (good,)),
        CapabilityResult("fairness_title", "fairness", ("complaint",), "Titles.", (bad,)),
    ]
    full = evaluation_page(
        reports, rated.info, dataset="d", digest="", split="", resamples=30, behaviour=told
    )
    assert "Behaviour tests" not in page
    words = " ".join(re.sub(r"<[^>]+>", " ", full).split())
    assert "minimum functionality 1 1 1 100.0% - at least 95% yes" in words
    assert "fairness 1 1 0 0.0% 0.250 change at most 0.02 no" in words
    assert "fairness title fairness: 0 of 1, mean change 0.250" in words
    assert "&lt;odd&gt;: late named" in full


def test_the_leak_table_changes_what_is_read(reports: list[ViewReport]) -> None:
    statement, complaint = ({leak.change: leak for leak in r.leaks} for r in reports)
    assert set(statement) == {
        "without the complaint",
        "without assessment or findings",
        "without assessment, agreed action, final decision",
        "only the complaint",
        "only assessment or findings",
        "without the passages marked as reasons",
    }
    assert set(complaint) == {
        "“The complaint” of the statement in place of the letter",
        "without the passages marked as reasons",
    }
    same = statement["without the complaint"], statement["only assessment or findings"]
    assert same[0].macro_f1 == same[1].macro_f1
    for report in reports:
        model = report.evaluation.scores[0].outcome
        assert model is not None
        for leak in report.leaks:
            whole = leak.macro_f1.value - leak.macro_f1_change.value
            assert leak.documents == report.evaluation.documents
            assert whole == pytest.approx(model.macro_f1.value)


def test_mistakes_hold_their_whole_text(reports: list[ViewReport]) -> None:
    by_id = {case.id: case for case in CASES}
    for report in reports:
        found = [*report.outcome_mistakes, *report.reason_mistakes]
        assert found
        for mistake in found:
            case = by_id[mistake.id]
            text = case.document(report.evaluation.view).text
            assert "".join(piece.words for piece in mistake.pieces) == text
            marks = [m for own in case.gold_spans(report.evaluation.view).values() for m in own]
            marked = [piece.words for piece in mistake.pieces if piece.marked]
            assert "".join(marked) == "".join(span.of(text) for span in marks)
        weights = [mistake.weight for mistake in report.outcome_mistakes]
        assert weights == sorted(weights, reverse=True)


def test_the_page_opens_offline_and_escapes_what_it_shows(page: str) -> None:
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|<script|@import|url\(", page)
    assert not re.search(r'\b(?:src|href)="(?!#)', page)
    assert "<b>Housing</b>" not in page
    assert "&lt;b&gt;Housing&lt;/b&gt;" in page
    assert page.count("<svg") == page.count("</svg>") >= 20
    assert "nan" not in re.sub(r"<[^>]*>", " ", page).lower().split()


def test_every_figure_says_of_what_it_is(page: str, reports: list[ViewReport]) -> None:
    for report in reports:
        one = report.evaluation
        said = (
            f"View {one.view}, authored data, date split, part test: "
            f"{one.documents} documents in {one.groups} groups."
        )
        assert page.count(said) >= 12


def test_what_json_lacks_is_null(reports: list[ViewReport]) -> None:
    for report in reports:
        content = json.loads(json.dumps(report.to_json(), allow_nan=False))
        assert content["rules"][0]["error"]["value"] is None
        assert content["evaluation"]["documents"] == report.evaluation.documents
        assert "pieces" not in json.dumps(content)
        assert {"slices", "leaks", "coverage", "risk", "calibration", "reasons"} <= set(content)


@pytest.fixture
def given(
    rated: Predictor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, Path, Path]:
    bundle = rated.bundle
    manifest = {field: getattr(bundle.manifest, field) for field in bundle.manifest.__slots__}
    del manifest["format"], manifest["files"]
    write_bundle(
        tmp_path / "bundle",
        bundle.model,
        bundle.tokenizer,
        bundle.calibration,
        "# Card\n",
        **{**manifest, "split_digest": SPLIT.digest},
    )
    write_dataset(CASES, tmp_path / "d.parquet")
    write_split(SPLIT, tmp_path / "s.json")
    monkeypatch.setattr(SentenceVectors, "pretrained", lambda *_: Few())
    return tmp_path / "bundle", tmp_path / "d.parquet", tmp_path / "s.json"


def test_the_command_writes_both_files(
    given: tuple[Path, Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(evaluate_command, "RESAMPLES", 20)
    bundle, dataset, split = given
    ombud = Command(monkeypatch, capsys)
    out = tmp_path / "deep" / "report"
    ended = ombud("evaluate", bundle, dataset, "--split", split, "--out", out)
    assert ended.code == 0, ended.err
    assert f"report in {out / 'report.html'}" in ended.out.replace("\n", "")
    assert sorted(path.name for path in out.iterdir()) == ["metrics.json", "report.html"]
    content = json.loads((out / "metrics.json").read_text(encoding="utf-8"))
    assert set(content["views"]) == {"statement", "complaint"}
    assert content["split"] == SPLIT.digest
    (tmp_path / "file").write_text("x", encoding="utf-8")
    said = one_sentence(
        ombud("evaluate", bundle, dataset, "--split", split, "--out", tmp_path / "file"), 1
    )
    assert said == (
        f"{tmp_path / 'file'}: expected a folder for the report, found a file; "
        "name another with --out"
    )


def test_cases_of_one_outcome_are_no_error(rated: Predictor) -> None:
    cases: list[GoldCase] = [case for case in CASES if case.outcome == "upheld"]
    report = full_report(rated, cases, cases, "statement", vectors=Few(), resamples=10)
    assert set(report.classes["ombud"]) == {"upheld"}
    assert "period" not in {one.by for one in report.slices}
    assert evaluation_page([report], rated.info, dataset="d", digest="", split="")
