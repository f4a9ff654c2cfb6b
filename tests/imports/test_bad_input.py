"""Bad input: a reject row with its reason or one sentence, the older dataset untouched."""

from __future__ import annotations

import json
import os
import random
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ombud import atomic
from ombud.errors import InputError, OmbudError, OutputError, UsageError
from ombud.imports import TableOptions, import_sources, read_imported
from ombud.imports import parts as parts_module
from score_tables import write
from sources import FINDINGS, LGSCO, PHSO, archive, database, page, records

HOUSING = (
    "['maladministration', 'mediation', 'no maladministration', 'outside jurisdiction', "
    "'reasonable redress', 'resolved with intervention', 'service failure', "
    "'severe maladministration', 'withdrawn']"
)
LABELS = "upheld, not_upheld, closed_after_initial_enquiries"


def rejects(out: Path, *sources: Path, **options: Any) -> list[dict[str, str]]:
    """Import beside one good row, see that the counts add up, return the rejected rows."""
    good = write(out.parent / "good.csv", [{"id": "good", "text": "A good row."}])
    summary = import_sources([good, *sources], out, **options)
    assert summary.read == summary.written + summary.rejected
    assert read_imported(out).num_rows == summary.written >= 1
    lines = (out / "rejects.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == summary.rejected
    return [json.loads(line) for line in lines]


def reasons(tmp_path: Path, *sources: Path, **options: Any) -> list[str]:
    return [line["reason"] for line in rejects(tmp_path / "out", *sources, **options)]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"case_id": None}, "id: expected a reference, as every published decision has, found none"),
        ({"case_id": ["a"]},
         ("id: expected text, found a value of type list; "
         "group: expected text, found a value of type list; "
         "reference: expected text, found a value of type list")),
        ({"text": None}, "text: expected text, found nothing"),
        ({"text": 3}, "text: expected text, found a value of type int"),
        ({"text": " \n"}, "text: expected a text with words, found none"),
        ({"text": "a\x00b"}, "text: expected text, found binary data (a NUL character)"),
        ({"text": "a \ud83d b"},
         ("text: expected Unicode text, found a lone surrogate or a byte that is not UTF-8 at "
         "character 2")),
        ({"authority": 7}, "body: expected text, found a value of type int"),
        ({"category": {"a": 1}}, "category: expected text, found a value of type dict"),
        ({"url": True}, "url: expected text, found a value of type bool"),
        ({"date": 20210504}, "decision_date: expected a date, found a value of type int"),
        ({"date": "2021-02-30"},
         ("decision_date: expected a date that exists, such as 2023-10-03 or 03 Oct 2023, "
         "found '2021-02-30'")),
        ({"date": "31 June 2021"},
         ("decision_date: expected a date that exists, such as 2023-10-03 or 03 Oct 2023, "
         "found '31 June 2021'")),
        ({"date": None},
         "decision_date: expected a decision date, as every published decision has, found none"),
        ({"outcome": None},
         "scheme_outcome: expected an outcome, as every published decision has, found none"),
        ({"outcome": 2}, "scheme_outcome: expected text, found a value of type int"),
        ({"outcome": "Overturned"},
         ("outcome: expected an outcome of scheme 'lgsco' out of ['closed after initial enquiries', "
         "'not upheld', 'report', 'upheld'], found 'Overturned'; add it to ombud.schemes if the "
         "scheme has changed its words")),
        ({"text": "Category : Housing\nDecision : Not upheld\nDecision date : 03 Oct 2023\n"
                  "The complaint\nA door."},
         ("outcome: expected one outcome, found 'Upheld' in the record and 'Not upheld' at the head "
         "of its text")),
    ],
)  # fmt: skip
def test_a_record_that_is_wrong(tmp_path: Path, values: dict[str, Any], reason: str) -> None:
    (found,) = rejects(tmp_path / "out", records(tmp_path / "a.json", {**LGSCO, **values}))
    identifier = values.get("case_id", "21 009 001")
    assert found == {
        "file": "a.json",
        "place": "",
        "id": identifier if isinstance(identifier, str) else "",
        "reason": reason,
    }


def test_one_unknown_outcome_costs_one_part(tmp_path: Path) -> None:
    record = {**PHSO, "outcome": "Upheld; Lost; Not upheld"}
    (found,) = rejects(tmp_path / "out", records(tmp_path / "p.json", record))
    assert (found["id"], found["place"]) == ("P-009001/2", "part 2")
    assert found["reason"].startswith("outcome: expected an outcome of scheme 'phso' out of [")
    assert "found 'Lost'" in found["reason"]
    ids = read_imported(tmp_path / "out", ["id"])["id"].to_pylist()
    assert ids == ["good", "P-009001/1", "P-009001/3"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", ("expected a JSON object or a list of them, found: Expecting property name enclosed "
               "in double quotes: line 1 column 2 (char 1)")),
        (b"", ("expected a JSON object or a list of them, found: Expecting value: line 1 column 1 "
              "(char 0)")),
        (b"3", "expected a JSON object, found a int"),
        (b"[]", "expected at least one record, found an empty list"),
        (b"[" * 100_000, "expected a JSON object or a list of them, found: one nested too deeply"),
        (b"{}", ("expected a record with 'text' and 'case_id' (LGSCO) or 'case_reference' (PHSO), "
                "found no keys; import other records as a table, one a line in a .jsonl file")),
        (b'{"text": "\xe9"}', ("a.json: expected UTF-8 text, found a byte that is not, at 10; "
                              "convert the file to UTF-8 text")),
    ],
)  # fmt: skip
def test_a_json_file_that_is_no_record(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    assert reasons(tmp_path, path) == [reason]


def test_a_json_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ombud.imports.files._MAX_JSON", 10)
    assert reasons(tmp_path, records(tmp_path / "a.json", LGSCO)) == [
        "expected at most 10 bytes of JSON, found more; make it .jsonl"
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<html><body><p>Maintenance</p></body></html>",
         ('22-009-003: expected a decision page with <article id="article">, found none; '
         "the site's layout may have changed")),
        (page(date="31 Feb 2022"),
         "decision_date: expected a decision date, as every published decision has, found none"),
        (page(outcome=""),
         "scheme_outcome: expected an outcome, as every published decision has, found none"),
    ],
)  # fmt: skip
def test_a_page_that_is_wrong(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "22-009-003.html"
    path.write_text(content, encoding="utf-8")
    assert reasons(tmp_path, path) == [reason]


def test_a_printed_text_without_a_head_is_no_decision(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("My bins were not collected.", encoding="utf-8")
    assert reasons(tmp_path, path) == [
        "id: expected a reference, as every published decision has, found none"
    ]


def test_an_id_that_comes_twice_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "21-009-001.html"
    path.write_text(page().replace("22 009 003", "21 009 001"), encoding="utf-8")
    found = rejects(tmp_path / "out", records(tmp_path / "a.json", LGSCO, LGSCO), path)
    again = "id: expected each id once, found '21 009 001' again"
    assert [(f["file"], f["place"], f["reason"]) for f in found] == [
        ("a.json", "record 1", again),
        ("21-009-001.html", "", again),
    ]


def test_lines_of_a_table_that_are_wrong(tmp_path: Path) -> None:
    lines = [
        b'{"id": "a", "text": "Bins."}',
        b'{"id": "b", "text": "Bins."',
        b'{"id": "c", "text": "caf\xe9 bins"}',
        b'["text"]',
        b'{"id": "d", "text": ["Bins."]}',
        b'{"id": {"a": 1}, "text": "Bins."}',
        b'{"id": "e", "text": "Bins.", "outcome": "Won"}',
        b'{"id": "f", "text": "Bins.", "outcome": 1}',
        b'{"id": "g", "text": "Bins.", "decision_date": "2021-13-01"}',
        b'{"id": "a", "text": "Bins again."}',
        b'{"id": "h", "text": "Bins.", "body": ["x"]}',
    ]
    path = tmp_path / "t.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    found = rejects(tmp_path / "out", path)
    assert [(f["place"], f["id"], f["reason"]) for f in found] == [
        ("row 1", "", ("expected a JSON object on the line, found: Expecting ',' delimiter: "
                      "line 1 column 28 (char 27)")),
        ("row 2", "", ("expected a JSON object on the line, found: 'utf-8' codec can't decode byte "
                      "0xe9 in position 24: invalid continuation byte")),
        ("row 3", "", "expected a JSON object on the line, found: a list"),
        ("row 4", "d", "text: expected text, found a value of type list"),
        ("row 5", "", ("id: expected text, found a value of type dict; "
                      "group: expected text, found a value of type dict")),
        ("row 6", "e", ("outcome: expected an outcome of scheme 'lgsco' out of ['closed after "
                       "initial enquiries', 'not upheld', 'report', 'upheld'], found 'Won'; add it "
                       "to ombud.schemes if the scheme has changed its words")),
        ("row 7", "f", "scheme_outcome: expected text, found a value of type int"),
        ("row 8", "g", ("decision_date: expected a date that exists, such as 2023-10-03 or "
                       "03 Oct 2023, found '2021-13-01'")),
        ("row 9", "a", "id: expected each id once, found 'a' again"),
        ("row 10", "h", "body: expected text, found a value of type list"),
    ]  # fmt: skip


def test_rows_of_a_csv_in_two_encodings(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(
        "id,text\na,caf\u00e9 bins\n".encode() + b"b,caf\xe9 bins\nc,one,two\nd\xe9,Bins.\n"
    )
    found = rejects(tmp_path / "out", path)
    surrogate = "expected Unicode text, found a lone surrogate or a byte that is not UTF-8 at"
    assert [(f["place"], f["reason"]) for f in found] == [
        ("row 1", f"text: {surrogate} character 3"),
        ("row 2", "expected 2 fields, found 3 (line 4)"),
        ("row 3", f"id: {surrogate} character 1; group: {surrogate} character 1"),
    ]
    assert found[2]["id"] == "d\udce9"
    assert read_imported(tmp_path / "out", ["text"])["text"].to_pylist() == [
        "A good row.",
        "café bins",
    ]


def test_a_date_that_python_cannot_hold(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    days = pa.array([10**8, 19_000], pa.int32()).cast(pa.date32())
    pq.write_table(pa.table({"text": ["One.", "Two."], "decision_date": days}), path)
    assert reasons(tmp_path, path) == [
        (
            "decision_date: expected a date that exists, such as 2023-10-03 or 03 Oct 2023, "
            "found 'date32[day] 100000000'"
        )
    ]


def test_findings_that_are_wrong(tmp_path: Path) -> None:
    good = FINDINGS[2]
    wrong: list[dict[str, Any]] = [
        {"complaint": ""},
        {"complaint": None},
        {"complaint": b"a\xe9"},
        {"finding": "Lost"},
        {"finding": None},
        {"case_id": None},
        {"decision_date": "Our approach"},
        {"decision_date_iso": "2022-02-30"},
    ]
    rows = [{**good, "case_id": f"c{n}", **values} for n, values in enumerate(wrong)]
    path = database(tmp_path / "f.db", [good, *rows])
    assert reasons(tmp_path, path) == [
        "text: expected a text with words, found none",
        "text: expected text, found nothing",
        "text: expected text, found a value of type bytes",
        (
            f"outcome: expected an outcome of scheme 'housing' out of {HOUSING}, found 'Lost'; "
            "add it to ombud.schemes if the scheme has changed its words"
        ),
        "scheme_outcome: expected a finding, found nothing",
        "id: expected a name, found nothing; group: expected a name, found nothing",
        (
            "decision_date: expected a date that exists, such as 2023-10-03 or 03 Oct 2023, "
            "found 'Our approach'"
        ),
        (
            "decision_date: expected a date that exists, such as 2023-10-03 or 03 Oct 2023, "
            "found '2022-02-30'"
        ),
    ]


def test_a_finding_that_is_not_utf8_costs_one_row(tmp_path: Path) -> None:
    path = database(tmp_path / "f.db", [{**FINDINGS[2], "complaint": "A gate, caf@."}])
    content = path.read_bytes()
    assert content.count(b"caf@") == 1
    path.write_bytes(content.replace(b"caf@", b"caf\xe9"))
    assert reasons(tmp_path, path) == [
        (
            "text: expected Unicode text, found a lone surrogate or a byte that is not UTF-8 at "
            "character 11"
        )
    ]


# What is wrong with a whole file, or with the disk: nothing changes.


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A dataset that stood before."""
    out = tmp_path / "out" / "set"
    import_sources([write(tmp_path / "old.csv", [{"text": "An old row."}])], out)
    return out


def untouched(old: Path, error: type[OmbudError], run: Callable[[], object]) -> str:
    """See that `run` fails with one sentence and leaves the older dataset as it was."""
    before = contents(old)
    with pytest.raises(error) as caught:
        run()
    assert contents(old) == before
    assert list(old.parent.iterdir()) == [old]
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_damaged_database_leaves_the_old_dataset(tmp_path: Path, old: Path) -> None:
    path = archive(tmp_path / "f.zip", database(tmp_path / "f.db"))
    path.write_bytes(path.read_bytes()[:-30])
    said = untouched(old, InputError, lambda: import_sources([path], old))
    assert said == (
        f"{path}: expected a whole zip archive, found: File is not a zip file; fetch the file again"
    )
    inner = tmp_path / "g.db"
    inner.write_bytes((tmp_path / "f.db").read_bytes()[:5000])
    said = untouched(old, InputError, lambda: import_sources([inner], old))
    assert said.startswith(f"{inner}: expected a whole SQLite database, found: ")


def test_a_damaged_parquet_file_leaves_the_old_dataset(tmp_path: Path, old: Path) -> None:
    path = write(tmp_path / "t.parquet", [{"text": f"Row {n}"} for n in range(100)])
    path.write_bytes(path.read_bytes()[:-20])
    good = write(tmp_path / "a.csv", [{"text": "A new row."}])
    said = untouched(old, InputError, lambda: import_sources([good, path], old))
    assert said.startswith(f"{path}: expected a whole Parquet file, found: ")


def test_no_good_row_leaves_the_old_dataset(tmp_path: Path, old: Path) -> None:
    path = write(tmp_path / "t.csv", [{"text": ""}, {"text": "..."}])
    said = untouched(old, InputError, lambda: import_sources([path], old))
    assert said == (
        f"{path}: expected at least one row that can be imported, found 2, all rejected "
        "(t.csv, row 0: text: expected a text with words, found none); check --format and the "
        "columns"
    )
    path.write_text("text\n", encoding="utf-8")
    said = untouched(old, InputError, lambda: import_sources([path], old))
    assert said == (
        f"{path}: expected at least one row that can be imported, found none; "
        "check that the sources are the ones"
    )


def full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("owner", "name"),
    [(parts_module.pq.ParquetWriter, "write_table"), (parts_module.pq.ParquetWriter, "close"),
     (atomic.os, "fsync"), (atomic.os, "rename"), (Path, "write_text")],
)  # fmt: skip
def test_a_disk_that_fills_leaves_the_old_dataset(
    tmp_path: Path, old: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str
) -> None:
    path = write(tmp_path / "t.csv", [{"text": "A new row."}])
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, full)
        said = untouched(old, OutputError, lambda: import_sources([path], old))
    assert said == (
        f"{old}: expected room for the dataset, found: no space left on device; what stood there "
        "before stands there still, put this right and run the same command again"
    )
    import_sources([path], old)
    assert read_imported(old, ["text"])["text"].to_pylist() == ["A new row."]


def test_a_file_that_may_not_grow_leaves_the_old_dataset(tmp_path: Path, old: Path) -> None:
    letters = random.Random(0)
    rows = [{"text": "".join(letters.choices("abcdefghij ", k=5000))} for _ in range(400)]
    path = write(tmp_path / "t.jsonl", rows)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def run() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
        try:
            import_sources([path], old)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert untouched(old, OutputError, run) == (
        f"{old}: expected room for the dataset, found: file too large; what stood there before "
        "stands there still, put this right and run the same command again"
    )


def test_an_interrupt_leaves_the_old_dataset(tmp_path: Path, old: Path) -> None:
    path = write(tmp_path / "t.csv", [{"text": f"Row {n}"} for n in range(50)])
    before = contents(old)

    def stop(read: int) -> None:
        if read == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_sources([path], old, progress=stop)
    assert contents(old) == before
    assert list(old.parent.iterdir()) == [old]


def test_an_output_that_is_something_else(tmp_path: Path) -> None:
    source = write(tmp_path / "t.csv", [{"text": "A row."}])
    wanted = "expected a new or empty folder, or one that 'ombud corpus import' wrote, found"
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("Years of work.", encoding="utf-8")
    for out, found in ((other, "thesis.txt"), (source, "a file")):
        with pytest.raises(UsageError) as caught:
            import_sources([source], out)
        assert str(caught.value) == f"{out}: {wanted} {found}; name another folder"
    assert (other / "thesis.txt").read_text(encoding="utf-8") == "Years of work."
    below = source / "out"
    with pytest.raises(OutputError) as caught_:
        import_sources([source], below)
    assert str(caught_.value) == (
        f"{below}: expected a folder that can be written, found: file exists; what stood there "
        "before stands there still, put this right and run the same command again"
    )


def test_a_link_to_a_dataset_stays_a_link(tmp_path: Path, old: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(old)
    import_sources([write(tmp_path / "t.csv", [{"text": "A new row."}])], link)
    assert os.readlink(link) == str(old)
    assert read_imported(link, ["text"])["text"].to_pylist() == ["A new row."]


def test_options_are_those_of_the_table_alone(tmp_path: Path) -> None:
    options = TableOptions(columns={"outcome": "result"})
    table = write(tmp_path / "t.csv", [{"text": "Bins.", "result": "maybe"}])
    found = rejects(tmp_path / "out", records(tmp_path / "a.json", LGSCO))
    assert found == []
    with pytest.raises(InputError):
        import_sources([table], tmp_path / "out", options=options)
