"""The leakage guard, measured: on fictional rows, as a command, on the real findings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from command import Command, one_sentence
from ombud.corpus.leakage import LeakageReport, leakage_markdown, leakage_report
from ombud.errors import InputError
from ombud.imports import import_sources, read_imported, row_document
from sources import LGSCO, database, records

MATTERS = ("a wet wall", "a cold flat", "rats", "its letters", "a lift", "the gutters", "a gate")
FINDINGS = {
    "Maladministration": "There was maladministration by the landlord in its handling of {}.",
    "No Maladministration": "There was no maladministration in its handling of {}.",
    "Reasonable Redress": "The landlord has offered redress about its handling of {}.",
}


def findings(count: int) -> list[dict[str, Any]]:
    """Return complaint parts whose matter says nothing of their finding; every fifth is plain."""
    rows = []
    for number in range(count):
        finding = list(FINDINGS)[number % 3]
        matter = MATTERS[(number * 5 + number // 7) % len(MATTERS)]
        plain = number % 5 == 4
        rows.append(
            {
                "case_id": f"2021{number // 2:05}",
                "landlord": "Larkfield Homes",
                "category": "Other",
                "decision_date_iso": f"{2020 + number // 120}-{number // 10 % 12 + 1:02}-01",
                "complaint": f"Handling of {matter}" if plain else FINDINGS[finding].format(matter),
                "finding": finding,
            }
        )
    return rows


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("leakage")
    undated = {**findings(1)[0], "case_id": "9", "decision_date_iso": None}
    source = database(folder / "f.db", [*findings(480), undated])
    import_sources([source, records(folder / "a.json", LGSCO)], folder / "out")
    return folder / "out"


def report(dataset: Path, **options: Any) -> LeakageReport:
    rows = [r for r in read_imported(dataset).to_pylist() if r["source"] == "housing"]
    return leakage_report(rows, map(row_document, rows), **options)


def test_the_finding_is_read_off_the_text_until_its_words_are_masked(dataset: Path) -> None:
    found = report(dataset)
    assert (found.dataset_rows, found.unlabelled, found.drawn) == (481, 1, 480)
    assert (found.telling, found.unread) == (384, 0)
    assert found.train + found.test == 480
    assert found.cut == "2023-01-01"
    assert sum(found.findings.values()) == found.test == 120
    figures = {(s.system, s.rows): s for s in found.scores}
    telling = "with the finding's words"
    assert figures["TF-IDF, as it is", telling].macro_f1.value == 1
    for system in ("TF-IDF, finding's words masked", "TF-IDF, complaint view"):
        masked = figures[system, telling].accuracy
        assert masked.value < 0.6
    assert figures["majority", "all"].macro_f1.value < 0.2
    assert {s.count for s in found.scores if s.rows == telling} == {96}
    assert {s.count for s in found.scores if s.rows == "without them"} == {24}


def test_fewer_rows_are_whole_cases(dataset: Path) -> None:
    found = report(dataset, limit=101)
    assert found.drawn == 100
    assert found == report(dataset, limit=101)
    assert found != report(dataset, limit=101, seed=1)


def test_a_case_stands_where_its_first_date_does(dataset: Path) -> None:
    rows = [r for r in read_imported(dataset).to_pylist() if r["source"] == "housing"]
    first = rows[0]["group"]
    late = [{**r, "decision_date": "2099-01-01"} if r["id"] == f"{first}/2" else r for r in rows]
    found = leakage_report(late, map(row_document, late))
    assert (found.train, found.test) == (360, 120)


def test_too_little_to_learn_from(dataset: Path) -> None:
    rows = [r for r in read_imported(dataset).to_pylist() if r["source"] == "housing"]
    one = [r for r in rows if r["scheme_outcome"] == "Maladministration"]
    with pytest.raises(InputError) as caught:
        leakage_report(one, map(row_document, one))
    assert str(caught.value) == (
        "expected rows with at least two findings before 2023-01-01 to learn and test on, found 1 "
        "in 160 rows with a finding and a date; import more rows"
    )
    none = [{**r, "decision_date": ""} for r in rows[:3]]
    with pytest.raises(InputError) as caught:
        leakage_report(none, map(row_document, none))
    assert str(caught.value) == (
        "expected rows with at least two findings before a date to learn and test on, found 0 in 0 "
        "rows with a finding and a date; import more rows"
    )


def test_the_command_prints_a_table_and_writes_figures(
    dataset: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ombud = Command(monkeypatch, capsys)
    out = tmp_path / "below" / "leak.json"
    ended = ombud("corpus", "leakage", dataset, "--out", out)
    assert (ended.code, ended.err) == (0, "")
    found = report(dataset)
    assert ended.out == leakage_markdown(found)
    assert json.loads(out.read_text(encoding="utf-8")) == json.loads(json.dumps(found.to_json()))
    lines = ended.out.splitlines()
    assert lines[0].startswith("384 of 480 rows (housing) hold words that tell the finding; ")
    assert lines[2:4] == [
        "| Text | Test rows | Rows | Macro-F1 | Accuracy |",
        "|---|---|---|---|---|",
    ]
    assert len(lines) == 4 + 12
    assert lines[5].startswith("| TF-IDF, as it is | all | 120 | ")


def test_wrong_use(
    dataset: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ombud = Command(monkeypatch, capsys)
    assert one_sentence(ombud("corpus", "leakage", dataset, "--source", "rail"), 2) == (
        f"{dataset}: expected rows of source 'rail', found housing, lgsco; name one of these"
    )
    assert one_sentence(ombud("corpus", "leakage", tmp_path), 1) == (
        f"{tmp_path}: expected a dataset made by 'ombud corpus import', found: no such file or "
        "directory; import it again"
    )
    out = dataset / "import.json" / "leak.json"
    assert one_sentence(ombud("corpus", "leakage", dataset, "--out", out), 1) == (
        f"{out}: expected a file that can be written, found: file exists; check the path"
    )


@pytest.mark.real
def test_the_real_findings_give_themselves_away(real_folder: Path, tmp_path: Path) -> None:
    import_sources([real_folder / "housing"], tmp_path / "out")
    found = report(tmp_path / "out", limit=6_000)
    assert (found.dataset_rows, found.unlabelled) == (32_935, 30)
    assert 0.85 < found.telling / found.drawn < 0.9
    figures = {(s.system, s.rows): s for s in found.scores}
    telling = "with the finding's words"
    assert figures["TF-IDF, as it is", telling].macro_f1.low > 0.75
    assert figures["TF-IDF, finding's words masked", telling].macro_f1.high < 0.45
    assert figures["TF-IDF, complaint view", telling].macro_f1.high < 0.45
    assert figures["majority", telling].macro_f1.value < 0.12
