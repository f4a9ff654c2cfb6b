"""The published figures of labels on documents that nobody read while writing functions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ombud.commands.label_report import Selection
from ombud.corpus import compile_cases, read_cases, write_dataset
from ombud.labelling.report import LabelReport, label_report

DATA = Path(__file__).resolve().parents[2] / "data"
ROW = re.compile(r"^\| any vote that stands \| (\d\.\d{3}) \[.*?\] \| (\d\.\d{3}) \[", re.MULTILINE)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> LabelReport:
    dataset = tmp_path_factory.mktemp("held-out") / "authored.parquet"
    write_dataset(compile_cases(read_cases(DATA / "authored")), dataset)
    rows = Selection(None, (), DATA / "labelling_seen.txt").rows(dataset, unseen=True)
    return label_report(rows, resamples=2)


def test_the_labels_are_as_good_as_published(report: LabelReport) -> None:
    published = ROW.search((DATA / "labelling.md").read_text(encoding="utf-8"))
    assert published is not None
    assert report.documents >= 200
    assert report.macro_precision.value >= 0.90
    assert report.macro_recall.value >= 0.75
    assert report.macro_precision.value == pytest.approx(float(published[1]), abs=0.01)
    assert report.macro_recall.value == pytest.approx(float(published[2]), abs=0.01)


def test_every_reason_is_held_out(report: LabelReport) -> None:
    assert all(figures.gold >= 3 for figures in report.reasons)


def test_all_functions_read_two_thousand_statements_a_minute(report: LabelReport) -> None:
    assert report.documents_a_minute >= 2_000
