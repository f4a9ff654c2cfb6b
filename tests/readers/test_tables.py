"""Tables: every row or what is wrong with it, whatever the form; files that cannot be read."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import date, datetime
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.errors import InputError, TableError, UnknownColumnError
from ombud.readers import Columns, Row, lines, read_rows, tables
from ombud.readers.opening import Meter, table_form
from ombud.readers.tables import column_names

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def rows(path: Path, columns: Columns | None = None) -> list[Row]:
    return list(read_rows(path, columns or Columns()))


def refusal(path: Path, columns: Columns | None = None) -> str:
    with pytest.raises(InputError) as caught:
        rows(path, columns)
    return str(caught.value)


@given(texts=st.lists(_TEXTS, min_size=1, max_size=12))
def test_texts_come_back_as_they_were(
    texts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("tables")
    values = [{"id": str(number), "text": text} for number, text in enumerate(texts)]
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["id", "text"], quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(values)
    content = "".join(json.dumps(v, ensure_ascii=False) + "\n" for v in values)
    (folder / "a.jsonl").write_text(content, encoding="utf-8")
    pq.write_table(pa.Table.from_pylist(values), folder / "a.parquet")
    for name in ("a.csv", "a.jsonl", "a.parquet"):
        found = rows(folder / name)
        assert [row.problem for row in found] == [""] * len(texts)
        assert [row.number for row in found] == list(range(len(texts)))
        assert [row.values["text"] for row in found] == texts


@given(content=st.binary(max_size=200))
@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_any_bytes_are_read_or_refused(
    ending: str, content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("bytes") / f"a.{ending}"
    head = b"id,text\n" if ending == "csv" else b'{"text": "a"}\n'
    path.write_bytes(head + content)
    found = rows(path)
    assert [row.number for row in found] == list(range(len(found)))
    if ending == "jsonl":
        assert len(found) == 1 + sum(bool(line.strip()) for line in content.split(b"\n"))


def test_a_row_becomes_a_document_with_its_facts(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    values = {
        "id": [7],
        "text": ["Plain words."],
        "body": ["Anyford Council"],
        "category": pa.array(["Housing"]).dictionary_encode(),
        "decision_date": [datetime.fromisoformat("2024-03-05T14:30")],
    }
    pq.write_table(pa.table(values), path)
    document = rows(path)[0].document(Columns())
    assert (document.id, document.text) == ("7", "Plain words.")
    facts = document.facts
    assert (facts.body, facts.category) == ("Anyford Council", "Housing")
    assert facts.decision_date == "2024-03-05"


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())],
)
def test_every_kind_of_string_column_is_read(kind: pa.DataType, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    column = pa.array(["one é", None, "two"]).cast(kind)
    pq.write_table(pa.table({"text": column}), path)
    assert [row.values["text"] for row in rows(path)] == ["one é", None, "two"]


def test_a_date_that_cannot_be_held_costs_no_row(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    days = pa.array([10**8, 19_000], pa.int32()).cast(pa.date32())
    pq.write_table(pa.table({"text": ["First words.", "Then more."], "decision_date": days}), path)
    found = rows(path)
    assert [row.values["decision_date"] for row in found] == [
        "date32[day] 100000000",
        date(2022, 1, 8),
    ]
    assert found[0].document(Columns()).facts.decision_date == ""


def test_more_rows_than_are_decoded_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    texts = [f"Row {number}." for number in range(1000)]
    pq.write_table(pa.table({"text": texts}), path, row_group_size=300)
    found = rows(path)
    assert [row.values["text"] for row in found] == texts
    assert [row.number for row in found] == list(range(1000))


def test_only_the_columns_asked_for_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["a"], "scan": [b"large"]}), path)
    assert dict(rows(path)[0].values) == {"text": "a"}


def test_a_stray_quote_costs_its_own_row_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,"never closed\n2,"fine, text"\n3,"fine, too"\n4,plain\n')
    found = rows(path)
    assert [(row.values.get("id"), row.problem) for row in found] == [
        (None, "expected a CSV row, found: ',' expected after '\"' (lines 2 to 3)"),
        ("3", ""),
        ("4", ""),
    ]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_row_too_long_costs_its_own_row_alone(
    ends: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MAX_ROW", 60)
    monkeypatch.setattr(tables, "MAX_ROW", 60)
    path = tmp_path / "a.csv"
    inner = ends.join(["x,y of a long text", 'with ""quotes"" and', "z,more"] * 4)
    path.write_text(
        ends.join(["id,text", f'1,"{inner}"', "2,fine", f"3,{'x' * 90}", "4,fine"]), newline=""
    )
    found = rows(path)
    assert [(row.values.get("id"), row.problem) for row in found] == [
        (None, "expected a CSV row, found: a row longer than 60 characters (lines 2 to 13)"),
        ("2", ""),
        (None, "expected a CSV row, found: a row longer than 60 characters (line 15)"),
        ("4", ""),
    ]


def test_a_line_too_long_costs_its_own_row_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MAX_ROW", 40)
    monkeypatch.setattr(tables, "MAX_ROW", 40)
    path = tmp_path / "a.jsonl"
    long = json.dumps({"text": "x" * 100})
    path.write_text(f'{{"text": "a"}}\n{long}\n{{"text": "b"}}\n{long}')
    found = rows(path)
    problem = "expected a JSON object on the line, found: a line longer than 40 bytes"
    assert [(row.values.get("text"), row.problem) for row in found] == [
        ("a", ""),
        (None, problem),
        ("b", ""),
        (None, problem),
    ]


def test_a_long_line_that_just_fits_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = json.dumps({"text": "x" * 30}).encode()
    monkeypatch.setattr(lines, "MAX_ROW", len(line))
    assert list(lines.byte_lines(io.BytesIO(line + b"\n" + line))) == [line + b"\n", line]


def test_a_byte_order_mark_is_no_part_of_the_table(tmp_path: Path) -> None:
    mark = b"\xef\xbb\xbf"
    (tmp_path / "a.csv").write_bytes(mark + b"text\nwords\n")
    (tmp_path / "a.jsonl").write_bytes(mark + b'{"text": "words"}\n')
    for name in ("a.csv", "a.jsonl"):
        assert [row.values["text"] for row in rows(tmp_path / name)] == ["words"]


def test_a_first_row_without_the_text_is_one_bad_row(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 1}\n{"id": 2, "text": "words"}\n')
    found = rows(path)
    assert [row.values.get("text") for row in found] == [None, "words"]


def test_a_table_of_broken_lines_is_all_bad_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("{\n{\n")
    assert all(row.problem for row in rows(path))
    assert len(rows(path)) == 2


def test_a_column_in_no_line_is_unknown(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"letter": "words"}\n' * 200)
    with pytest.raises(UnknownColumnError) as caught:
        rows(path)
    assert str(caught.value) == (
        f"{path}: expected a column 'text', found 'letter'; name the right one with --text-column"
    )


def test_only_some_of_many_columns_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(f"c{number}" for number in range(500)) + "\n")
    shown = ", ".join(repr(f"c{number}") for number in range(20))
    assert refusal_of_column(path) == (
        f"{path}: expected a column 'text', found {shown} and 480 more; "
        "name the right one with --text-column"
    )


def refusal_of_column(path: Path) -> str:
    with pytest.raises(UnknownColumnError) as caught:
        rows(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "expected a line with the names of the columns, found an empty file"),
        (
            b'"te"xt\n',
            "expected a line with the names of the columns, found: ',' expected after '\"'",
        ),
        (
            "text\nwords\n".encode("utf-16"),
            "expected UTF-8 text, found something else; convert the file to UTF-8",
        ),
        (b"text,text\na,b\n", "expected each column once, found 'text' twice; rename one"),
    ],
)
def test_a_csv_file_without_a_good_header_is_refused(
    content: bytes, found: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert refusal(path) == f"{path}: {found}"


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    for ending in ("csv", "jsonl", "parquet"):
        folder = tmp_path / f"folder.{ending}"
        folder.mkdir()
        assert "\n" not in refusal(folder)
        assert str(folder) in refusal(folder)
        missing = tmp_path / f"missing.{ending}"
        assert refusal(missing).startswith(f"{missing}: expected a readable file, found: ")
        assert "no such file or directory" in refusal(missing)


def parquet_file(path: Path) -> bytes:
    table = pa.table({"text": [f"The words of row {number}. " * 4 for number in range(60)]})
    pq.write_table(table, path, row_group_size=25, use_dictionary=False, write_page_checksum=True)
    return path.read_bytes()


def test_an_empty_parquet_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"")
    assert refusal(path) == (
        f"{path}: expected a whole Parquet file, found: Parquet file size is 0 bytes; make it again"
    )


def test_other_bytes_called_parquet_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_text("id,text\n1,words\n" * 20)
    assert refusal(path).startswith(f"{path}: expected a whole Parquet file, found: ")


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_parquet_file_is_read_or_refused(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    content = bytearray(parquet_file(path))
    random = Random(seed)
    where = random.randrange(len(content))
    match seed % 3:
        case 0:
            del content[where:]
        case 1:
            content[where] ^= 1 << random.randrange(8)
        case _:
            size = min(200, len(content) - where)
            content[where : where + size] = bytes(size)
    path.write_bytes(content)
    stream = read_rows(path, Columns())
    found, ended = 0, "well"
    while ended == "well":
        try:
            row = next(stream, None)
        except (InputError, UnknownColumnError) as error:
            ended = str(error)
        else:
            if row is None:
                break
            assert row.values["text"] == f"The words of row {row.number}. " * 4
            found += 1
    assert "\n" not in ended
    if ended == "well":
        assert found == 60
        assert seed % 3 != 0
    else:
        assert ended.startswith(f"{path}: expected a ")


def test_damage_in_one_group_does_not_reach_the_rows_before_it(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    content = bytearray(parquet_file(path))
    group = pq.read_metadata(path).row_group(1).column(0)
    content[group.data_page_offset + group.total_compressed_size - 10] ^= 255
    path.write_bytes(content)
    stream = read_rows(path, Columns())
    assert [next(stream).number for _ in range(25)] == list(range(25))
    with pytest.raises(InputError):
        next(stream)


def table(path: Path, count: int) -> Path:
    """Write a table of `count` rows in the form that the ending names."""
    words = [f"Words of row {number}." for number in range(count)]
    match table_form(path):
        case "parquet":
            pq.write_table(pa.table({"text": words}), path, row_group_size=7)
            return path
        case "csv":
            content = "text\n" + "".join(f'"{w}"\n' for w in words)
        case _:
            content = "".join(json.dumps({"text": w}) + "\n" for w in words)
    data = content.encode()
    path.write_bytes(gzip.compress(data) if path.suffix.lower() == ".gz" else data)
    return path


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet", "a.csv.gz", "a.NDJSON.GZ"])
@pytest.mark.parametrize("start", [0, 1, 7, 13, 20, 30])
def test_reading_is_taken_up_at_any_row(name: str, start: int, tmp_path: Path) -> None:
    path = table(tmp_path / name, 20)
    meter = Meter()
    found = list(read_rows(path, Columns(), start=start, meter=meter))
    assert [row.number for row in found] == list(range(start, 20))
    assert [row.values["text"] for row in found] == [f"Words of row {n}." for n in range(start, 20)]
    assert meter.share == 1.0


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet", "a.csv.gz"])
def test_a_meter_tells_the_share_read(name: str, tmp_path: Path) -> None:
    path = table(tmp_path / name, 20_000)
    meter = Meter()
    shares = [meter.share for _ in read_rows(path, Columns(), meter=meter)]
    assert shares == sorted(shares)
    assert shares[10_000] == pytest.approx(0.5, abs=0.25)


@pytest.mark.parametrize("name", ["a.parquet.gz", "a.gz", "a.txt", "csv", "a.xlsx"])
def test_other_endings_are_no_tables(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"text\nwords\n")
    assert table_form(path) is None
    with pytest.raises(InputError) as caught:
        column_names(path)
    assert str(caught.value) == (
        f"{path}: expected a file ending in .csv, .jsonl, .ndjson, .parquet "
        f"(.gz behind those of text), found {name!r}"
    )


def test_a_cut_gzip_file_gives_its_rows_and_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    lines = "".join(json.dumps({"text": f"{n} {Random(n).random()}"}) + "\n" for n in range(5000))
    path.write_bytes(gzip.compress(lines.encode())[:-500])
    numbers: list[int] = []

    def read() -> None:
        numbers.extend(row.number for row in read_rows(path, Columns()))

    with pytest.raises(TableError) as caught:
        read()
    assert str(caught.value) == (
        f"{path}: expected a whole gzip file, found: Compressed file ended before the "
        "end-of-stream marker was reached; make it again"
    )
    assert numbers == list(range(len(numbers)))
    assert len(numbers) > 4000


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_a_lenient_reader_says_it_of_each_row(name: str, tmp_path: Path) -> None:
    path = table(tmp_path / name, 3)
    columns = Columns(text="letter", named={"town": "--keep"})
    found = list(read_rows(path, columns, lenient=True))
    assert [(row.number, row.problem) for row in found] == [
        (number, "expected a column 'letter', found 'text'") for number in range(3)
    ]
    kept_only = Columns(named={"town": "--keep"})
    assert [row.problem for row in read_rows(path, kept_only, lenient=True)] == [""] * 3


def test_names_of_columns_are_those_of_the_table(tmp_path: Path) -> None:
    for name in ("a.csv", "a.jsonl", "a.parquet", "a.csv.gz"):
        assert column_names(table(tmp_path / name, 3)) == ["text"]
    path = tmp_path / "b.jsonl"
    path.write_text('{"a": 1}\n[]\n{"b": 1, "a": 2}\n{"c": 3}\n')
    assert column_names(path) == ["a", "b", "c"]
    assert column_names(path, ["a", "b"]) == ["a", "b"]
