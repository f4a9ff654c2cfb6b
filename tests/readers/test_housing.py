"""Findings of the Housing Ombudsman: a small fictional database, damage, the real file."""

from __future__ import annotations

import sqlite3
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from ombud.documents import Facts
from ombud.errors import InputError, OutputError
from ombud.readers import housing
from ombud.readers.housing import from_finding, read_findings
from sources import FINDINGS, archive, database


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        list(read_findings(path))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_parts_are_counted_within_their_case(tmp_path: Path) -> None:
    path = database(tmp_path / "findings.db")
    found = list(read_findings(path))
    assert [(r["case_id"], r["part"], r["parts"]) for r in found] == [
        ("202199001", 1, 2),
        ("202199001", 2, 2),
        ("202199002", 1, 1),
    ]
    assert [r["complaint"] for r in found] == [r["complaint"] for r in FINDINGS]
    assert list(read_findings(archive(tmp_path / "findings.zip", path))) == found
    assert sorted(p.name for p in tmp_path.iterdir()) == ["findings.db", "findings.zip"]


def test_a_finding_is_a_document_of_one_section() -> None:
    record = {**FINDINGS[0], "complaint": "Decision\nThe handling of a gate."}
    document = from_finding(record, "h1")
    assert [(s.kind, s.span.of(document.text)) for s in document.sections] == [
        ("body", record["complaint"])
    ]
    assert document.facts == Facts(
        reference="202199001",
        body="Larkfield Homes",
        category="Housing",
        subcategory="Damp & Mould",
        decision_date="2022-03-03",
        source="housing",
        outcome="upheld",
        scheme_outcome="Maladministration",
    )


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"complaint": None}, "h: expected text in 'complaint', found a NoneType"),
        (
            {"complaint": "..."},
            "h: expected a text with words, found none; check that the file is the one",
        ),
        (
            {"finding": "Lost"},
            (
                "h: expected an outcome of scheme 'housing' out of ['maladministration', "
                "'mediation', 'no maladministration', 'outside jurisdiction', 'reasonable redress', "
                "'resolved with intervention', 'service failure', 'severe maladministration', "
                "'withdrawn'], found 'Lost'; add it to ombud.schemes if the scheme has changed its "
                "words"
            ),
        ),
    ],
)
def test_a_finding_that_is_none(values: dict[str, object], message: str) -> None:
    with pytest.raises(InputError) as caught:
        from_finding({**FINDINGS[0], **values}, "h")
    assert str(caught.value) == message


def test_a_missing_file(tmp_path: Path) -> None:
    for name in ("none.db", "none.zip"):
        path = tmp_path / name
        assert refusal(path) == (
            f"{path}: expected a readable file, found: no such file or directory; check the path"
        )


def test_no_database_at_all(tmp_path: Path) -> None:
    path = tmp_path / "findings.db"
    path.write_bytes(b"no database, whatever its name says" * 40)
    assert refusal(path) == (
        f"{path}: expected a whole SQLite database, found: file is not a database; "
        "fetch the file again"
    )


def test_another_database(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (a)")
    connection.commit()
    wanted = "expected a table 'complaint_findings' with case_id, complaint, finding, found"
    assert refusal(path) == f"{path}: {wanted} no such table; check that the file is the one"
    connection.execute("CREATE TABLE complaint_findings (case_id, finding)")
    connection.commit()
    connection.close()
    assert refusal(path) == f"{path}: {wanted} case_id, finding; check that the file is the one"


def test_a_database_with_a_damaged_page(tmp_path: Path) -> None:
    rows = [{**FINDINGS[0], "case_id": str(n), "complaint": "wet wall " * 50} for n in range(200)]
    path = database(tmp_path / "findings.db", rows)
    content = bytearray(path.read_bytes())
    assert len(content) > 20 * 4096
    content[9 * 4096 : 11 * 4096] = b"\xff" * 8192
    path.write_bytes(content)
    assert refusal(path).startswith(f"{path}: expected a whole SQLite database, found: ")
    assert refusal(path).endswith("; fetch the file again")
    path.write_bytes(content[: 8 * 4096])
    assert refusal(path).startswith(f"{path}: expected a whole SQLite database, found: ")


def test_an_archive_with_none_or_two_databases(tmp_path: Path) -> None:
    first, second = database(tmp_path / "a.db"), database(tmp_path / "b.sqlite")
    path = archive(tmp_path / "two.zip", first, second)
    assert refusal(path) == (
        f"{path}: expected an archive with one database in it, found 2 (a.db, b.sqlite); "
        "name the database itself"
    )
    path = archive(tmp_path / "none.zip")
    assert refusal(path) == (
        f"{path}: expected an archive with one database in it, found 0 (nothing); "
        "name the database itself"
    )


def test_a_damaged_archive(tmp_path: Path) -> None:
    path = archive(tmp_path / "findings.zip", database(tmp_path / "findings.db"))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert refusal(path) == (
        f"{path}: expected a whole zip archive, found: File is not a zip file; fetch the file again"
    )
    middle = bytearray(whole)
    middle[len(whole) // 2 : len(whole) // 2 + 40] = bytes(40)
    path.write_bytes(middle)
    assert refusal(path).startswith(f"{path}: expected a whole zip archive, found: ")
    assert refusal(path).endswith("; fetch the file again")


def test_an_archive_of_more_than_may_be_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive(tmp_path / "findings.zip", database(tmp_path / "findings.db"))
    with zipfile.ZipFile(path) as packed:
        size = packed.infolist()[0].file_size
    monkeypatch.setattr(housing, "_LARGEST", size - 1)
    assert refusal(path) == (
        f"{path}: expected a database of at most {size - 1:,} bytes, found {size:,}; "
        "unpack it and name the database itself"
    )


def test_no_room_to_unpack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive(tmp_path / "findings.zip", database(tmp_path / "findings.db"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(housing.shutil, "copyfileobj", full)
    with pytest.raises(OutputError) as caught:
        list(read_findings(path, tmp_path))
    assert str(caught.value).startswith(f"{tmp_path}/tmp")
    assert str(caught.value).endswith(
        ": expected room to unpack a database, found: no space left on device; make room"
    )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["findings.db", "findings.zip"]


@pytest.mark.real
def test_the_real_findings(real_folder: Path) -> None:
    path = real_folder / "housing" / "ombudsman_complaints_findings.zip"
    found = list(read_findings(path))
    assert len(found) == 33_096
    assert len({row["case_id"] for row in found}) == 15_752
    readable = [row for row in found if any(c.isalnum() for c in row["complaint"])]
    assert len(readable) == 33_014
    documents = [from_finding(row, str(row["id"])) for row in readable]
    assert Counter(d.facts.outcome for d in documents) == {
        "upheld": 27_925,
        "not_upheld": 4_871,
        "closed_after_initial_enquiries": 218,
    }
    for document, row in zip(documents[::50], readable[::50], strict=True):
        assert document.text == row["complaint"]
        assert [s.kind for s in document.sections] == ["body"]
        assert document.facts.subcategory == row["category"]
        assert document.facts.decision_date in (row["decision_date_iso"], "")
    assert sum(not d.facts.decision_date for d in documents) == 109
