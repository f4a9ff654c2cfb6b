"""The real files, imported: every row written or rejected, outcomes mapped, texts unchanged."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ombud.errors import InputError
from ombud.imports import Summary, import_sources, read_imported, row_document
from ombud.schemes import map_outcome
from ombud.views import read

CLOSED = "closed_after_initial_enquiries"

pytestmark = pytest.mark.real


def imported(out: Path, *sources: Path) -> tuple[Summary, list[dict[str, Any]]]:
    summary = import_sources(sources, out)
    assert summary.read == summary.written + summary.rejected
    return summary, read_imported(out).to_pylist()


def test_the_local_records_and_the_kent_statement(real_folder: Path, tmp_path: Path) -> None:
    summary, rows = imported(tmp_path / "out", real_folder / "lgsco")
    assert (summary.files, summary.written, summary.rejected) == (13, 13, 0)
    kent = rows[0]
    assert (kent["id"], kent["body"], kent["kind"]) == (
        "23 008 522", "Kent County Council", "statement",
    )  # fmt: skip
    assert (kent["outcome"], kent["decision_date"]) == (CLOSED, "2023-10-03")
    assert kent["category"] == "Children's care services"
    reports = rows[1:]
    assert {(r["outcome"], r["kind"], r["source"]) for r in reports} == {
        ("upheld", "report", "lgsco")
    }
    shared = [r["id"] for r in reports if r["group"] == "15 018 169"]
    assert shared == ["15 018 169", "15 019 136", "15 020 236", "15 020 740"]
    assert len({r["group"] for r in reports}) == 9
    for row in reports:
        path = real_folder / "lgsco" / row["origin"]
        record = json.loads(path.read_text(encoding="utf-8"))
        assert (row["text"], row["decision_date"]) == (record["text"], record["date"])


def test_the_health_records_are_one_row_a_part(real_folder: Path, tmp_path: Path) -> None:
    summary, rows = imported(tmp_path / "out", real_folder / "phso")
    assert (summary.files, summary.written, summary.rejected) == (12, 38, 0)
    assert Counter(r["outcome"] for r in rows) == {"upheld": 16, "not_upheld": 9, CLOSED: 13}
    assert len({r["group"] for r in rows}) == 12
    for path in (real_folder / "phso").glob("*.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        own = [r for r in rows if r["reference"] == record["case_reference"]]
        assert "; ".join(r["scheme_outcome"] for r in own) == record["outcome"]
        assert {r["text"] for r in own} == {record["text"]}
        assert {r["parts"] for r in own} == {len(own) if len(own) > 1 else None}


def test_the_whole_database_of_the_housing_ombudsman(real_folder: Path, tmp_path: Path) -> None:
    started = time.monotonic()
    summary, rows = imported(tmp_path / "out", real_folder / "housing")
    assert time.monotonic() - started < 60
    assert (summary.read, summary.written, summary.rejected) == (33_096, 32_935, 161)
    assert Counter(r["outcome"] for r in rows) == {
        "upheld": 27_860, "not_upheld": 4_857, CLOSED: 218,
    }  # fmt: skip
    assert all(map_outcome("housing", r["scheme_outcome"]) == r["outcome"] for r in rows)
    lines = (tmp_path / "out" / "rejects.jsonl").read_text(encoding="utf-8").splitlines()
    reasons = Counter(json.loads(line)["reason"].split(": ")[0] for line in lines)
    assert reasons == {"text": 82, "decision_date": 79}
    # 30 rows have no date at all in the source.
    assert sum(not r["decision_date"] for r in rows) == 30
    by_case = Counter(r["group"] for r in rows if r["parts"])
    assert max(by_case.values()) == max(r["parts"] for r in rows if r["parts"])


def test_what_the_views_read_of_decisions(real_folder: Path, tmp_path: Path) -> None:
    _, rows = imported(tmp_path / "out", real_folder / "lgsco", real_folder / "phso")
    for row in rows:
        document = row_document(row)
        assert document.text == row["text"]
        statement, complaint = read(document, "statement"), read(document, "complaint")
        assert {s.section for s in complaint.sentences} == {"complaint"}
        kinds = {s.section for s in statement.sentences}
        wanted = {"decision", "background"} if row["source"] == "phso" else {"summary"}
        assert {"complaint"} | wanted <= kinds
        assert not kinds & {"header", "furniture", "signature"}
    kent = read(row_document(rows[0]), "statement")
    assert {s.section for s in kent.sentences} == {
        "summary", "complaint", "role_and_powers", "how_considered", "assessment", "decision",
    }  # fmt: skip


def test_what_the_complaint_view_reads_of_findings(real_folder: Path, tmp_path: Path) -> None:
    _, rows = imported(tmp_path / "out", real_folder / "housing")
    finding = re.compile(
        r"maladministration|service failure|redress|outside .*jurisdiction", re.IGNORECASE
    )
    read_of = said = 0
    for row in rows[::20]:
        document = row_document(row)
        said += finding.search(row["text"]) is not None
        assert read(document, "statement").sentences
        try:
            reading = read(document, "complaint")
        except InputError:
            continue
        read_of += 1
        words = " ".join(s.span.of(row["text"]) for s in reading.sentences)
        assert finding.search(words) is None, words
    assert 0.8 < said / len(rows[::20]) < 0.9
    assert 0.75 < read_of / len(rows[::20]) < 0.9
