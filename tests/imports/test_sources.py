"""Importing: each form of source, one dataset, counts that add up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ombud.errors import InputError, UnknownColumnError, UsageError
from ombud.imports import SCHEMA, Summary, TableOptions, import_sources, read_imported
from ombud.imports import parts as parts_module
from score_tables import write
from sources import FINDINGS, LGSCO, PHSO, archive, database, page, records

CLOSED = "closed_after_initial_enquiries"


def rows(out: Path, summary: Summary) -> list[dict[str, Any]]:
    """Return the rows of a dataset, after seeing that its counts add up."""
    table = read_imported(out)
    assert table.schema.equals(SCHEMA)
    assert summary.read == summary.written + summary.rejected
    assert (
        table.num_rows
        == summary.written
        == sum(count for outcomes in summary.sources.values() for count in outcomes.values())
    )
    lines = (out / "rejects.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == summary.rejected == sum(summary.reasons.values())
    found: list[dict[str, Any]] = table.to_pylist()
    return found


def imported(tmp_path: Path, *sources: Path, **options: Any) -> list[dict[str, Any]]:
    out = tmp_path / "out"
    summary = import_sources(sources, out, **options)
    assert summary.rejected == 0, (out / "rejects.jsonl").read_text(encoding="utf-8")
    return rows(out, summary)


def test_a_local_record(tmp_path: Path) -> None:
    (row,) = imported(tmp_path, records(tmp_path / "a.json", LGSCO))
    assert row == {
        "id": "21 009 001",
        "group": "21 009 001",
        "source": "lgsco",
        "kind": "statement",
        "part": None,
        "parts": None,
        "reference": "21 009 001",
        "body": "Pikemere Borough Council",
        "category": "Housing",
        "subcategory": "Repairs",
        "decision_date": "2021-05-04",
        "outcome": "upheld",
        "scheme_outcome": "Upheld",
        "text": LGSCO["text"],
        "url": "https://example.org/21-009-001",
        "extra": '{"title": "A decision"}',
        "origin": "a.json",
    }


def test_a_report_is_told_from_a_statement(tmp_path: Path) -> None:
    text = "Summary\nA door.\nThe complaint\nNo door.\nFinding\nFault.\nRecommendations\nA door."
    (row,) = imported(tmp_path, records(tmp_path / "a.json", {**LGSCO, "text": text}))
    assert row["kind"] == "report"


def test_what_a_record_leaves_empty_is_read_from_the_head_of_its_text(tmp_path: Path) -> None:
    head = (
        "Ashmere Council (21 009 001)\nCategory : Housing > Repairs\nDecision : Not upheld\n"
        "Decision date : 03 Oct 2023\n"
    )
    empty = dict.fromkeys(("date", "authority", "category", "subcategory", "outcome"))
    record = {**LGSCO, **empty, "text": head + LGSCO["text"]}
    (row,) = imported(tmp_path, records(tmp_path / "a.json", record))
    assert [row[name] for name in ("body", "category", "subcategory", "decision_date")] == [
        "Ashmere Council",
        "Housing",
        "Repairs",
        "2023-10-03",
    ]
    assert (row["outcome"], row["scheme_outcome"]) == ("not_upheld", "Not upheld")


def test_one_complaint_against_several_bodies_is_one_group(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        records(
            tmp_path / "a.json",
            LGSCO,
            {**LGSCO, "case_id": "21 009 002"},
            {**LGSCO, "case_id": "21 009 003", "text": "The complaint\nAnother."},
        ),
    )
    assert [r["group"] for r in found] == ["21 009 001", "21 009 001", "21 009 003"]
    assert [r["origin"] for r in found] == [f"a.json, record {n}" for n in range(3)]


def test_a_health_record_is_one_row_a_part(tmp_path: Path) -> None:
    found = imported(tmp_path, records(tmp_path / "p.json", PHSO))
    assert [(r["id"], r["part"], r["parts"], r["outcome"]) for r in found] == [
        ("P-009001/1", 1, 3, "not_upheld"),
        ("P-009001/2", 2, 3, "upheld"),
        ("P-009001/3", 3, 3, CLOSED),
    ]
    assert [r["scheme_outcome"] for r in found] == [
        "Not upheld",
        "Partly upheld",
        "Closed after initial enquiries",
    ]
    assert {(r["group"], r["body"], r["text"], r["kind"]) for r in found} == {
        ("P-009001", "Elmwick NHS Trust", PHSO["text"], "decision")
    }
    single = imported(tmp_path, records(tmp_path / "q.json", {**PHSO, "outcome": "Upheld;"}))
    assert [(r["id"], r["part"], r["parts"]) for r in single] == [("P-009001", None, None)]


def test_pages_and_printed_statements(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    (folder / "below").mkdir(parents=True)
    (folder / "below" / "22-009-003.html").write_text(page("Not upheld"), encoding="utf-8")
    (folder / "a.txt").write_text(
        "Ashmere Council (22 009 004)\nCategory : Housing > Repairs\nDecision : Upheld\n"
        "Decision date : 03 Oct 2023\nThe complaint\nMr P has no latch.\nFinal decision\nFault.\n",
        encoding="utf-8",
    )
    printed, page_row = imported(tmp_path, folder)
    assert (printed["id"], printed["body"], printed["outcome"], printed["decision_date"]) == (
        "22 009 004", "Ashmere Council", "upheld", "2023-10-03",
    )  # fmt: skip
    assert (page_row["id"], page_row["subcategory"], page_row["outcome"]) == (
        "22 009 003", "Repairs", "not_upheld",
    )  # fmt: skip
    assert page_row["origin"] == "below/22-009-003.html"
    assert page_row["text"].startswith("Ashmere Council (22 009 003)\nThe complaint\n")


@pytest.mark.parametrize("zipped", [True, False])
def test_findings_of_the_housing_ombudsman(tmp_path: Path, zipped: bool) -> None:
    path = database(tmp_path / "findings.db")
    source = archive(tmp_path / "findings.zip", path) if zipped else path
    found = imported(tmp_path, source)
    assert [(r["id"], r["group"], r["part"], r["parts"]) for r in found] == [
        ("202199001/1", "202199001", 1, 2),
        ("202199001/2", "202199001", 2, 2),
        ("202199002", "202199002", None, None),
    ]
    assert [r["outcome"] for r in found] == ["upheld", "not_upheld", CLOSED]
    assert [r["text"] for r in found] == [f["complaint"] for f in FINDINGS]
    assert [r["decision_date"] for r in found] == ["2022-03-03", "2022-03-03", ""]
    assert json.loads(found[0]["extra"]) == {
        "id": 1,
        "decision_date": "3 March 2022",
        "stock_size": 900,
    }


TABLE = [
    {"ref": "n1", "case": "k1", "words": "My bins.", "when": "2021-05-04", "result": "Upheld"},
    {"ref": "n2", "case": "k1", "words": "My fence.", "when": "4 May 2021", "result": ""},
]


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_a_table_by_the_names_of_its_columns(tmp_path: Path, ending: str) -> None:
    options = TableOptions(
        "words",
        "ref",
        {"group": "case", "decision_date": "when", "outcome": "result"},
        kind="letter",
    )
    source = write(tmp_path / f"t.{ending}", TABLE)
    found = imported(tmp_path, source, options=options)
    assert [(r["id"], r["group"], r["text"], r["decision_date"], r["outcome"]) for r in found] == [
        ("n1", "k1", "My bins.", "2021-05-04", "upheld"),
        ("n2", "k1", "My fence.", "2021-05-04", ""),
    ]
    assert {(r["source"], r["kind"]) for r in found} == {("letter", "letter")}
    assert [r["origin"] for r in found] == [f"t.{ending}, row 0", f"t.{ending}, row 1"]


def test_columns_of_a_facts_own_name_need_no_option(tmp_path: Path) -> None:
    table = [
        {"text": "My bins.", "body": "Pikemere", "outcome": "not_upheld", "url": "u", "other": "x"},
        {"text": "My gate.", "body": "Pikemere", "outcome": "Upheld", "url": "v", "other": "y"},
    ]
    found = imported(tmp_path, write(tmp_path / "t.csv", table))
    assert [(r["id"], r["group"], r["body"], r["outcome"], r["url"]) for r in found] == [
        ("t:0", "t:0", "Pikemere", "not_upheld", "u"),
        ("t:1", "t:1", "Pikemere", "upheld", "v"),
    ]
    assert {(r["source"], r["kind"]) for r in found} == {("table", "text")}


def test_outcomes_in_the_words_of_another_scheme(tmp_path: Path) -> None:
    source = write(tmp_path / "t.csv", [{"text": "A gate.", "outcome": "Reasonable Redress"}])
    (row,) = imported(tmp_path, source, options=TableOptions(scheme="housing"))
    assert (row["outcome"], row["scheme_outcome"]) == ("upheld", "Reasonable Redress")


@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet"])
@pytest.mark.parametrize("form", ["auto", "lgsco"])
def test_a_table_of_records(tmp_path: Path, ending: str, form: str) -> None:
    source = write(tmp_path / f"r.{ending}", [LGSCO, {**LGSCO, "case_id": "21 009 009"}])
    found = imported(tmp_path, source, form=form)
    assert [(r["id"], r["source"], r["body"]) for r in found] == [
        ("21 009 001", "lgsco", LGSCO["authority"]),
        ("21 009 009", "lgsco", LGSCO["authority"]),
    ]


def test_health_records_one_a_line(tmp_path: Path) -> None:
    found = imported(tmp_path, write(tmp_path / "r.jsonl", [PHSO]))
    assert [r["id"] for r in found] == ["P-009001/1", "P-009001/2", "P-009001/3"]


def test_all_sources_in_one_dataset_in_the_order_named(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    records(folder / "lgsco" / "a.json", LGSCO)
    records(folder / "phso" / "p.json", PHSO)
    database(folder / "findings.db")
    (folder / "LICENCE").write_text("Free.", encoding="utf-8")
    (folder / ".hidden.json").write_text("{}", encoding="utf-8")
    out = tmp_path / "out"
    table = write(tmp_path / "t.csv", [{"text": "My bins."}])
    summary = import_sources([table, folder], out)
    assert [r["source"] for r in rows(out, summary)] == [
        "table", "housing", "housing", "housing", "lgsco", "phso", "phso", "phso",
    ]  # fmt: skip
    assert (summary.files, summary.passed_over) == (4, ("LICENCE",))
    assert json.loads((out / "import.json").read_text(encoding="utf-8"))["read"] == 8
    assert sorted(p.name for p in out.iterdir()) == [
        "README.md", "data", "import.json", "rejects.jsonl",
    ]  # fmt: skip


def test_importing_again_gives_the_same_files(tmp_path: Path) -> None:
    source = records(tmp_path / "a.json", LGSCO, PHSO)

    def files(out: Path) -> dict[str, bytes]:
        return {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()}

    first = import_sources([source], tmp_path / "one")
    assert import_sources([source], tmp_path / "two") == first
    assert files(tmp_path / "one") == files(tmp_path / "two")
    changed = records(tmp_path / "a.json", {**LGSCO, "authority": "Another"}, PHSO)
    assert import_sources([changed], tmp_path / "two").digest != first.digest


def test_a_dataset_inside_its_source_is_no_source(tmp_path: Path) -> None:
    records(tmp_path / "a.json", LGSCO)
    first = import_sources([tmp_path], tmp_path / "out")
    assert import_sources([tmp_path], tmp_path / "out") == first
    assert first.written == 1


def test_many_rows_are_written_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts_module, "_ROWS_A_PART", 40)
    monkeypatch.setattr(parts_module, "_ROWS_A_WRITE", 7)
    table = write(tmp_path / "t.jsonl", [{"id": str(n), "text": f"Row {n}"} for n in range(100)])
    seen: list[int] = []
    import_sources([table], tmp_path / "out", progress=seen.append)
    found = read_imported(tmp_path / "out", ["id"])
    assert found["id"].to_pylist() == [str(n) for n in range(100)]
    assert len(list((tmp_path / "out" / "data").iterdir())) == 3
    assert seen == list(range(1, 101))


def test_long_texts_do_not_wait_for_many_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts_module, "_CHARACTERS_A_WRITE", 1000)
    table = write(tmp_path / "t.jsonl", [{"text": f"word {n} " * 100} for n in range(6)])
    import_sources([table], tmp_path / "out")
    (part,) = (tmp_path / "out" / "data").iterdir()
    assert pq.ParquetFile(part).metadata.num_row_groups == 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "poem"}, "expected a kind out of letter, statement, text, found 'poem'"),
        ({"scheme": "rail"}, "expected a scheme out of housing, lgsco, phso, found 'rail'"),
        (
            {"columns": {"colour": "c"}},
            (
                "expected a column for a fact out of group, reference, body, category, "
                "subcategory, decision_date, outcome, url, found 'colour'"
            ),
        ),
    ],
)
def test_options_that_are_none(options: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        TableOptions(**options)
    assert str(caught.value) == message


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_a_named_column_that_is_not_there(tmp_path: Path, ending: str) -> None:
    source = write(tmp_path / f"t.{ending}", [{"text": "A gate.", "day": "2021-05-04"}])
    for columns, option in (
        ({"decision_date": "when"}, "--date-column"),
        ({"group": "when"}, "--group-column"),
    ):
        with pytest.raises(UnknownColumnError) as caught:
            import_sources([source], tmp_path / "out", options=TableOptions(columns=columns))
        assert str(caught.value) == (
            f"{source}: expected a column 'when', found 'text', 'day'; "
            f"name the right one with {option}"
        )
    assert not (tmp_path / "out").exists()


def test_sources_that_cannot_be_found_or_told(tmp_path: Path) -> None:
    def refusal(source: Path, form: Any = "auto") -> str:
        with pytest.raises((InputError, UsageError)) as caught:
            import_sources([source], tmp_path / "out", form)
        assert not (tmp_path / "out").exists()
        return str(caught.value)

    missing, other, empty = tmp_path / "a.json", tmp_path / "a.docx", tmp_path / "empty"
    assert refusal(missing) == (
        f"{missing}: expected a readable file or folder, found: no such file or directory; "
        "check the path"
    )
    other.write_bytes(b"PK")
    endings = ".json, .html, .htm, .txt, .csv, .jsonl, .ndjson, .parquet, .db, .sqlite, .sqlite3"
    assert refusal(other) == (
        f"{other}: expected a file ending in {endings}, .zip for the format 'auto', found "
        "'a.docx'; rename it or name its format with --format"
    )
    assert refusal(database(tmp_path / "f.db"), "phso").startswith(
        f"{tmp_path / 'f.db'}: expected a file ending in .json, .csv, .jsonl, .ndjson, .parquet for"
    )
    empty.mkdir()
    (empty / "notes.docx").write_bytes(b"PK")
    assert refusal(empty, "housing") == (
        f"{empty}: expected files ending in .db, .sqlite, .sqlite3, .zip, found 1 file(s) of other "
        "kinds; name another folder or --format"
    )
    assert refusal(other, "rail") == (
        "expected a format out of auto, lgsco, phso, housing, table, found 'rail'"
    )


def test_a_dataset_that_is_missing_damaged_or_of_another_version(tmp_path: Path) -> None:
    out = tmp_path / "out"
    end = "; import it again"

    def refusal() -> str:
        with pytest.raises(InputError) as caught:
            read_imported(out)
        return str(caught.value)

    head = f"{out}: expected a dataset made by 'ombud corpus import', found: "
    assert refusal() == f"{head}no such file or directory{end}"
    import_sources([records(tmp_path / "a.json", LGSCO)], out)
    about = json.loads((out / "import.json").read_text(encoding="utf-8"))
    (out / "import.json").write_text(json.dumps({**about, "schema_version": 9}), encoding="utf-8")
    assert refusal() == f"{head}schema version 9 where this ombud reads 1{end}"
    (out / "import.json").write_text(json.dumps({**about, "written": 0}), encoding="utf-8")
    assert refusal() == f"{head}1 row(s) where it says 0{end}"
    (out / "import.json").write_text(json.dumps({**about, "parts": 2}), encoding="utf-8")
    assert refusal() == f"{head}1 part(s) where it says 2{end}"
    (out / "import.json").write_text("{}", encoding="utf-8")
    assert refusal() == f"{head}'schema_version'{end}"
    (out / "import.json").write_text(json.dumps(about), encoding="utf-8")
    (part,) = (out / "data").iterdir()
    part.write_bytes(part.read_bytes()[:-9])
    assert refusal().startswith(head)
    pq.write_table(pa.table({"id": ["a"]}), part)
    assert refusal().startswith(head)
