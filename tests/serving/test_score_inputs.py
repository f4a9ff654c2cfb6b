"""Inputs of many files: folders, patterns, gzip, kept columns, and files that are damaged."""

from __future__ import annotations

import gzip
import json
import os
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from conftest import LETTER
from ombud.errors import InputError, UnknownColumnError, UsageError
from ombud.predictor import Predictor
from ombud.readers import Columns
from ombud_serving.batch import local
from ombud_serving.batch.inputs import find
from ombud_serving.batch.local import Options, Summary, score
from score_tables import errors, parts, write


@pytest.fixture(autouse=True)
def _loaded(monkeypatch: pytest.MonkeyPatch, tiny_predictor: Predictor) -> None:
    monkeypatch.setattr(local, "load", lambda *_, **__: tiny_predictor)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with tables of every form, and what is no part of it."""
    base = tmp_path / "in"
    (base / "2024" / "may").mkdir(parents=True)
    write(base / "b.csv", [{"id": "b1", "text": LETTER}, {"id": "b2", "text": "Two words."}])
    write(base / "2024" / "a.parquet", [{"id": "a1", "text": LETTER}])
    write(base / "2024" / "may" / "c.jsonl", [{"id": "c1", "text": LETTER}, {"text": "No id."}])
    zipped = base / "d.csv.gz"
    zipped.write_bytes(gzip.compress(b"id,text\nd1,Words in a zipped table.\n"))
    (base / "e.ndjson.gz").write_bytes(gzip.compress(b'{"id": "e1", "text": "More words."}\n'))
    (base / "README.txt").write_text("no table")
    (base / ".hidden.csv").write_text("id,text\nh,hidden\n")
    (base / "_SUCCESS").write_text("")
    return base


def run(source: Path, out: Path, bundle: Path, **options: Any) -> Summary:
    given = {"view": "complaint", "columns": Columns(), **options}
    summary = score(source, out, options=Options(bundle=bundle, **given))
    rows = errors(out)
    assert summary.rows == summary.scored + summary.rejected
    assert summary.scored == len(parts(out))
    assert summary.rejected == sum(row["row"] is not None for row in rows)
    assert summary.unreadable == sum(row["row"] is None for row in rows)
    return summary


def test_a_folder_is_one_input(folder: Path, tiny_bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    summary = run(folder, out, tiny_bundle, part_rows=2)
    assert (summary.files, summary.rows, summary.scored, summary.parts) == (5, 7, 7, 4)
    assert [(row["file"], row["row"], row["id"]) for row in parts(out)] == [
        ("2024/a.parquet", 0, "a1"),
        ("2024/may/c.jsonl", 0, "c1"),
        ("2024/may/c.jsonl", 1, "2024/may/c.jsonl:1"),
        ("b.csv", 0, "b1"),
        ("b.csv", 1, "b2"),
        ("d.csv.gz", 0, "d1"),
        ("e.ndjson.gz", 0, "e1"),
    ]
    lines = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
    assert [(line["first_row"], line["rows"]) for line in lines] == [(0, 2), (2, 2), (4, 2), (6, 1)]
    assert [(line["next_file"], line["next_row"]) for line in lines] == [
        (1, 1),
        (2, 1),
        (3, 1),
        (4, 1),
    ]


def test_a_pattern_is_one_input(folder: Path, tiny_bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(folder / "*" / "**" / "[ac].*", out, tiny_bundle).files == 2
    assert [row["file"] for row in parts(out)] == [
        "2024/a.parquet",
        "2024/may/c.jsonl",
        "2024/may/c.jsonl",
    ]


def test_results_are_no_part_of_their_own_input(folder: Path, tiny_bundle: Path) -> None:
    out = folder / "out"
    assert run(folder, out, tiny_bundle).files == 5
    assert run(folder, out, tiny_bundle).state == "already_scored"
    assert run(folder, folder / "other", tiny_bundle).files == 5
    (folder / "README.txt").unlink()
    for pattern in (folder / "*", folder / "**"):
        assert [name for _, name in find(pattern, out).files] == [
            "2024/a.parquet",
            "2024/may/c.jsonl",
            "b.csv",
            "d.csv.gz",
            "e.ndjson.gz",
        ]


def test_what_was_passed_over_is_told(folder: Path, tmp_path: Path) -> None:
    assert find(folder, tmp_path / "out").skipped == ("README.txt",)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("empty", "expected a folder with files ending in {endings}, found none; check the path"),
        ("texts", "expected a folder with files ending in {endings}, found a.txt; check the path"),
        (
            "in/*.xml",
            "expected files that match the pattern, found none; check it, and put it in quotes",
        ),
        ("pipe.csv", "expected a readable file, found: something else; check the path"),
        ("none.csv", "expected a readable file, found: no such file or directory; check the path"),
    ],
)
def test_an_input_without_tables_is_refused(
    name: str, message: str, tiny_bundle: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("words")
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(InputError) as caught:
        run(tmp_path / name, tmp_path / "out", tiny_bundle)
    endings = ".csv, .jsonl, .ndjson, .parquet"
    assert str(caught.value) == f"{tmp_path / name}: {message.format(endings=endings)}"
    assert not (tmp_path / "out").exists()


def test_a_pattern_that_matches_something_else_is_refused(
    folder: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        run(folder / "*.*", tmp_path / "out", tiny_bundle)
    assert str(caught.value) == (
        f"{folder / 'README.txt'}: expected a file ending in .csv, .jsonl, .ndjson, .parquet "
        "(.gz behind those of text), found 'README.txt'"
    )


def test_a_file_without_the_column_rejects_its_rows_alone(
    folder: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    write(folder / "bad.csv", [{"id": "x", "letter": LETTER}, {"id": "y", "letter": LETTER}])
    write(folder / "bad.parquet", [{"number": 7}])
    out = tmp_path / "out"
    summary = run(folder, out, tiny_bundle)
    assert (summary.scored, summary.rejected, summary.unreadable) == (7, 3, 0)
    assert [(row["file"], row["row"], row["id"], row["reason"]) for row in errors(out)] == [
        ("bad.csv", 0, "x", "row 0: expected a column 'text', found 'id', 'letter'"),
        ("bad.csv", 1, "y", "row 1: expected a column 'text', found 'id', 'letter'"),
        ("bad.parquet", 0, None, "row 0: expected a column 'text', found 'number'"),
    ]


def test_a_column_in_no_file_is_refused(folder: Path, tiny_bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownColumnError) as caught:
        run(folder, tmp_path / "out", tiny_bundle, columns=Columns(text="letter"))
    assert str(caught.value) == (
        f"{folder} (5 files): expected a column 'letter', found 'id', 'text'; "
        "name the right one with --text-column"
    )
    with pytest.raises(UnknownColumnError) as caught:
        run(folder, tmp_path / "out", tiny_bundle, keep=["town"])
    assert str(caught.value) == (
        f"{folder} (5 files): expected a column 'town', found 'id', 'text'; "
        "name the right one with --keep"
    )


def test_an_id_is_taken_across_files(folder: Path, tiny_bundle: Path, tmp_path: Path) -> None:
    write(folder / "z.csv", [{"id": "a1", "text": LETTER}])
    out = tmp_path / "out"
    assert run(folder, out, tiny_bundle, part_rows=1).rejected == 1
    [error] = errors(out)
    assert (error["file"], error["row"], error["id"]) == ("z.csv", 0, "a1")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: (f / "b.csv").write_text("id,text\nb,c\n"), "changed: b.csv"),
        (lambda f: (f / "b.csv").unlink(), "gone: b.csv"),
        (lambda f: write(f / "f.csv", [{"text": "x"}]), "new: f.csv"),
        (lambda f: (f / "b.csv").rename(f / "f.csv"), "new: f.csv; gone: b.csv"),
    ],
)
def test_another_input_is_refused_and_the_difference_named(
    change: Any, words: str, folder: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run(folder, out, tiny_bundle)
    change(folder)
    with pytest.raises(UsageError) as caught:
        run(folder, out, tiny_bundle)
    assert str(caught.value) == (
        f"{out}: expected results of the same job, found those of one with another input "
        f"({words}); name another folder"
    )


def test_kept_columns_keep_name_and_type(tiny_bundle: Path, tmp_path: Path) -> None:
    base = tmp_path / "in"
    base.mkdir()
    values = [
        {"text": LETTER, "n": 7, "day": date(2024, 5, 1), "outcome": "upheld", "tags": ["a", "ü"]},
        {"text": LETTER, "n": None, "day": None, "outcome": None, "tags": None},
    ]
    write(base / "a.parquet", values)
    write(base / "b.parquet", [{"text": LETTER, "n": 8}])
    out = tmp_path / "out"
    keep = ["n", "day", "outcome", "tags", "n"]
    run(base, out, tiny_bundle, keep=keep)
    schema = pq.read_schema(out / "part-00000.parquet")
    assert schema.names[-4:] == ["n", "day", "input_outcome", "tags"]
    assert schema.field("n").type == pa.int64()
    assert schema.field("day").type == pa.date32()
    kept = [[row[name] for name in schema.names[-4:]] for row in parts(out)]
    assert kept == [
        [7, date(2024, 5, 1), "upheld", '["a", "ü"]'],
        [None, None, None, None],
        [8, None, None, None],
    ]


def test_kept_columns_of_mixed_files_are_text(tiny_bundle: Path, tmp_path: Path) -> None:
    base = tmp_path / "in"
    base.mkdir()
    write(base / "a.parquet", [{"text": LETTER, "n": 7, "ok": True}])
    (base / "b.csv").write_bytes(b"text,n\nWords of a row.,0007\nMore words.,caf\xe9\n")
    out = tmp_path / "out"
    run(base, out, tiny_bundle, keep=("n", "ok"))
    assert [(row["n"], row["ok"]) for row in parts(out)] == [
        ("7", "true"),
        ("0007", None),
        ("caf\\udce9", None),
    ]


def test_a_kept_value_that_cannot_be_held_rejects_its_row(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    source = tmp_path / "in.parquet"
    days = pa.array([10**8, 19_000], pa.int32()).cast(pa.date32())
    pq.write_table(pa.table({"text": [LETTER, LETTER], "day": days}), source)
    out = tmp_path / "out"
    assert run(source, out, tiny_bundle, keep=("day",)).scored == 1
    [error] = errors(out)
    assert error["reason"] == (
        "row 0: expected a date32[day] to keep in 'day', found 'date32[day] 100000000'"
    )


def test_two_kept_columns_of_one_name_are_refused(tiny_bundle: Path, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", [{"text": LETTER, "view": "a", "input_view": "b"}])
    with pytest.raises(UsageError) as caught:
        run(source, tmp_path / "out", tiny_bundle, keep=("view", "input_view"))
    assert str(caught.value) == (
        "expected kept columns with different names, found 'view' and 'input_view', both called "
        "'input_view' in the results; keep one of them"
    )


@pytest.mark.parametrize("damage", ["cut", "flipped", "no gzip"])
def test_a_damaged_gzip_file_is_named_and_the_rows_before_are_scored(
    damage: str, folder: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    random = Random(3)
    rows = [f"r{n},Words of row {n} and {random.randbytes(400).hex()}" for n in range(400)]
    content = bytearray(gzip.compress(("id,text\n" + "\n".join(rows) + "\n").encode()))
    match damage:
        case "cut":
            del content[-2000:]
        case "flipped":
            content[-4] ^= 255
        case _:
            content[:] = b"id,text\n1,words\n"
    path = folder / "bad.csv.gz"
    path.write_bytes(content)
    out = tmp_path / "out"
    summary = run(folder, out, tiny_bundle, part_rows=500)
    assert summary.unreadable == 1
    [error] = [row for row in errors(out) if row["row"] is None]
    assert error["file"] == "bad.csv.gz"
    assert error["reason"].startswith(f"{path}: expected a whole gzip file, found: ")
    found = [row["row"] for row in parts(out) if row["file"] == "bad.csv.gz"]
    assert found == list(range(len(found)))
    assert len(found) == {"cut": len(found), "flipped": 400, "no gzip": 0}[damage]
    assert len(found) > 300 or damage == "no gzip"


def damaged(number: int, path: Path) -> None:
    """Write a Parquet file that is cut, has a flipped byte or zero bytes, or another schema."""
    random = Random(number)
    texts = [f"The words of row {n} of file {number}. " * 3 for n in range(12)]
    if number % 4 == 3:
        kinds = [pa.array([b"x"]), pa.array([1.5]), pa.array([["a"]]), pa.array([None])]
        pq.write_table(pa.table({"text": kinds[number // 4 % 4]}), path)
        return
    pq.write_table(pa.table({"text": texts}), path, row_group_size=5, write_page_checksum=True)
    content = bytearray(path.read_bytes())
    where = random.randrange(len(content))
    match number % 4:
        case 0:
            del content[where:]
        case 1:
            content[where] ^= 1 << random.randrange(8)
        case _:
            content[where : where + 100] = bytes(len(content[where : where + 100]))
    path.write_bytes(content)


@pytest.mark.slow
def test_200_damaged_parquet_files_are_each_named(tiny_bundle: Path, tmp_path: Path) -> None:
    base = tmp_path / "in"
    base.mkdir()
    for number in range(200):
        damaged(number, base / f"{number:03d}.parquet")
    write(base / "good.csv", [{"id": "good", "text": LETTER}])
    out = tmp_path / "out"
    summary = run(base, out, tiny_bundle)
    assert summary.files == 201
    assert parts(out)[-1]["id"] == "good"
    named = {row["file"] for row in errors(out)}
    whole = {f"{n:03d}.parquet" for n in range(200)} - named
    # A flip in what says who wrote the file, or in a statistic, leaves the rows as they were.
    assert len(whole) < 40
    for name in whole:
        assert int(name[:3]) % 4 in (1, 2)
        rows = [row["row"] for row in parts(out) if row["file"] == name]
        assert rows == list(range(12))
    for row in errors(out):
        assert "\n" not in row["reason"]
        assert "expected" in row["reason"]
    assert run(base, out, tiny_bundle).state == "already_scored"


def test_an_input_that_is_damaged_from_its_head_is_refused(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    base = tmp_path / "in"
    base.mkdir()
    for name in ("a.parquet", "b.parquet"):
        (base / name).write_bytes(b"")
    with pytest.raises(InputError) as caught:
        run(base, tmp_path / "out", tiny_bundle)
    assert str(caught.value) == (
        f"{base / 'a.parquet'}: expected a whole Parquet file, found: Parquet file size is "
        "0 bytes; make it again"
    )
    assert not (tmp_path / "out").exists()
