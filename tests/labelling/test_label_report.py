"""`ombud label --report` and `--fit`: figures against gold, which rows are read, wrong use."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from sklearn.metrics import f1_score, precision_score, recall_score
from typer.testing import CliRunner, Result

from cases import row
from ombud.commands.label import label
from ombud.corpus import GoldCase, GoldReason, date_split, write_dataset, write_split
from ombud.errors import InputError, OmbudError, UsageError
from ombud.labelling import LABELLING_FUNCTIONS, LabellingFunction, apply, summary
from ombud.labelling.report import label_report
from ombud.spans import Span
from ombud.taxonomy import REASONS

SAID = {
    "late": "This complaint is late.",
    "withdrawn": "Mrs K has withdrawn her complaint.",
    "premature": "The Council has not yet had a chance to answer this complaint.",
    "court_remedy": "The hedge grew and grew.",
}
"""What is said for each gold reason; nobody can read the last."""


def run(*arguments: str | Path) -> Result:
    app = typer.Typer()
    app.command()(label)
    return CliRunner().invoke(app, [str(a) for a in arguments])


def gold_row(number: int, reason: str = "", said: str = "") -> GoldCase:
    name = reason or list(SAID)[number % len(SAID)]
    text = (
        f"My assessment\n{said or SAID[name]} Hedge {number}.\n"
        "Final decision\nWe will not investigate.\n"
    )
    return row(number, text=text, reasons=(GoldReason(name, True, (Span(14, 20),), ()),))


@pytest.fixture(scope="module")
def rows() -> list[GoldCase]:
    return [*map(gold_row, range(40)), gold_row(40, "no_fault", SAID["late"])]


@pytest.fixture(scope="module")
def dataset(rows: list[GoldCase], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "data.jsonl"
    write_dataset(rows, path)
    write_split(date_split(rows), path.with_name("split.json"))
    return path


def test_figures_are_those_of_scikit_learn(rows: list[GoldCase]) -> None:
    report = label_report(rows, resamples=20)
    names = [reason.label for reason in REASONS]
    gold = np.array([[any(r.label == n for r in x.reasons) for n in names] for x in rows])
    said = [summary(apply(x.document("statement"))) for x in rows]
    given = np.array([[n in labels for n in names] for labels in said])
    present = np.flatnonzero(gold.any(axis=0))
    for value, metric in (
        (report.macro_precision, precision_score),
        (report.macro_recall, recall_score),
        (report.macro_f1, f1_score),
    ):
        expected = metric(gold, given, labels=present, average="macro", zero_division=0)
        assert value.value == pytest.approx(expected)
        assert value.low <= value.value <= value.high
    by_label = {figures.label: figures for figures in report.reasons}
    late = by_label["late"]
    assert (late.gold, late.given, late.right) == (10, 11, 10)
    assert late.precision is not None
    assert late.precision.value == pytest.approx(10 / 11)
    assert by_label["court_remedy"].precision is None
    assert by_label["tribunal_appeal_right"].recall is None


def test_figures_of_a_function(rows: list[GoldCase]) -> None:
    functions = (
        LabellingFunction("withdrawn.a", "withdrawn", ("withdrawn",)),
        LabellingFunction("late.b", "late", ("late",)),
    )
    report = label_report(rows, functions=functions, resamples=5)
    figures = report.functions[0]
    assert (figures.name, figures.label) == ("withdrawn.a", "withdrawn")
    assert (figures.votes, figures.precision, figures.recall) == (10, 1.0, 1.0)
    assert figures.coverage == pytest.approx(10 / 41)
    assert (figures.overlaps, figures.conflicts) == (0.0, 0.0)
    # One of the five reasons that occur is lost without it.
    assert figures.removal == pytest.approx(-1 / 5)
    assert report.hurting == ()


def test_a_function_that_is_wrong_hurts() -> None:
    right = gold_row(0, "late", "He could have come to us much sooner.")
    wrong = [gold_row(number, "no_fault", SAID["late"]) for number in range(1, 4)]
    functions = (
        LabellingFunction("late.good", "late", ("sooner",)),
        LabellingFunction("late.bad", "late", ("late",)),
    )
    report = label_report([right, *wrong], functions=functions, resamples=5)
    assert [f.name for f in report.hurting] == ["late.bad"]
    assert report.hurting[0].removal == pytest.approx((1.0 - 2 * 1 / (1 + 4)) / 2)


def test_functions_that_exclude_each_other_are_in_conflict(rows: list[GoldCase]) -> None:
    functions = (
        LabellingFunction("late.a", "late", ("late",)),
        LabellingFunction("late.b", "late", ("complaint",), yields_to=("withdrawn",)),
        LabellingFunction("withdrawn.c", "withdrawn", ("withdrawn",)),
    )
    late, withdrawn, both = label_report(rows, functions=functions, resamples=5).functions
    assert (late.conflicts, late.overlaps) == (0.0, pytest.approx(11 / 41))
    assert withdrawn.votes == 21
    assert withdrawn.conflicts == both.conflicts == pytest.approx(10 / 41)


def test_the_command_prints_reasons_and_functions(dataset: Path) -> None:
    result = run("--report", dataset)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "41 documents, 41 complaints; a reason is given where any function votes"
    assert lines[1].startswith("macro precision 0.")
    assert any(line.startswith("late ") and "0.909 [" in line for line in lines)
    assert any(line.startswith("withdrawn.complaint ") for line in lines)
    assert "functions that hurt (macro F1 rises without them):" in lines


def test_json_has_all_of_it(dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    result = run("--report", dataset, "--format", "json", "--out", out)
    content = json.loads(out.read_text(encoding="utf-8"))
    assert (result.exit_code, result.stdout) == (0, "")
    assert content["documents"] == 41
    assert [f["name"] for f in content["functions"]] == [f.name for f in LABELLING_FUNCTIONS]
    assert [r["label"] for r in content["reasons"]] == [r.label for r in REASONS]
    assert set(content["macro_precision"]) == {"value", "low", "high"}


def test_parts_and_documents_seen_choose_the_rows(
    dataset: Path, rows: list[GoldCase], tmp_path: Path
) -> None:
    split = dataset.with_name("split.json")
    parts = json.loads(split.read_text(encoding="utf-8"))["parts"]
    result = run(
        "--report", dataset, "--split", split, "--part", "test", "--part", "validation",
        "--format", "json",
    )  # fmt: skip
    wanted = sum(len(ids) for name, ids in parts.items() if name != "train")
    assert json.loads(result.stdout)["documents"] == wanted
    seen = tmp_path / "seen.txt"
    seen.write_text("# read\nr0000\nr0001  # twice\n\n", encoding="utf-8")
    result = run("--report", dataset, "--seen", seen, "--format", "json")
    assert json.loads(result.stdout)["documents"] == len(rows) - 2


def test_a_model_is_fitted_and_used(dataset: Path, tmp_path: Path) -> None:
    model = tmp_path / "model.json"
    result = run("--fit", dataset, "--out", model)
    count = len(LABELLING_FUNCTIONS)
    assert result.exit_code == 0
    assert result.stdout == (f"label model of {count} functions fitted to 41 documents: {model}\n")
    result = run("--report", dataset, "--model", model)
    assert result.stdout.splitlines()[0] == (
        "41 documents, 41 complaints; "
        "a reason is given where the label model's probability is 0.5 or more"
    )
    decision = tmp_path / "decision.txt"
    decision.write_text(
        "My assessment\nThis complaint is late.\nFinal decision\nWe will not investigate.\n",
        encoding="utf-8",
    )
    labels = json.loads(run(decision, "--model", model, "--format", "json").stdout)["labels"]
    assert [found["label"] for found in labels] == ["late"]
    assert 0.5 < labels[0]["probability"] <= 1
    text = run(decision, "--model", model).stdout
    assert f"  late {labels[0]['probability']:.2f} (LGA 1974 s.26B/34D)\n" in text


def test_fit_reads_only_the_documents_seen(dataset: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen.txt"
    seen.write_text("r0000\nr0001\n", encoding="utf-8")
    result = run("--fit", dataset, "--seen", seen, "--out", tmp_path / "m.json")
    assert "fitted to 2 documents" in result.stdout


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        (
            ["--report", "{data}", "--fit", "{data}"],
            UsageError,
            "expected one of --taxonomy, --fit, --report, found --fit and --report; use one",
        ),
        (
            ["--report", "{data}", "{data}"],
            UsageError,
            (
                "expected --report alone, found 1 file(s) too; "
                "name the dataset alone or label the files"
            ),
        ),
        (
            ["--report", "{data}", "--part", "test"],
            UsageError,
            "expected --split with --part, found none; name both or neither",
        ),
        (
            ["--report", "{data}", "--split", "{split}"],
            UsageError,
            "expected --part with --split, found none; name both or neither",
        ),
        (
            ["--seen", "{data}"],
            UsageError,
            (
                "expected --split, --part and --seen with --fit or --report, found neither; "
                "name a dataset with one of them"
            ),
        ),
        (
            ["--fit", "{data}", "--model", "m.json", "--out", "m.json"],
            UsageError,
            "expected --model with files or --report, found --fit; leave one of them out",
        ),
        (
            ["--fit", "{data}"],
            UsageError,
            "expected --out with --fit, found none; name the label model to write",
        ),
        (
            ["--report", "{data}", "--seen", "{data}.none"],
            InputError,
            (
                "{data}.none: expected a file of ids, one a line, found: "
                "no such file or directory; check the path"
            ),
        ),
    ],
)
def test_wrong_use_is_one_sentence(
    dataset: Path, options: list[str], kind: type[OmbudError], message: str
) -> None:
    names = {"data": str(dataset), "split": str(dataset.with_name("split.json"))}
    result = run(*(option.format(**names) for option in options))
    assert isinstance(result.exception, kind)
    assert str(result.exception) == message.format(**names)


def test_a_split_of_another_dataset_is_refused(
    dataset: Path, rows: list[GoldCase], tmp_path: Path
) -> None:
    other = tmp_path / "other.jsonl"
    write_dataset(rows[:20], other)
    split = dataset.with_name("split.json")
    result = run("--report", other, "--split", split, "--part", "test")
    assert str(result.exception) == (
        f"{split}: expected a split of {other}, found one of another dataset; "
        "split it again with 'ombud corpus split'"
    )


def test_a_report_on_nothing_is_refused(dataset: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen.txt"
    seen.write_text("\n".join(f"r{n:04}" for n in range(41)), encoding="utf-8")
    result = run("--report", dataset, "--seen", seen)
    assert str(result.exception) == (
        "expected at least one document to report on, found none; choose another part"
    )
