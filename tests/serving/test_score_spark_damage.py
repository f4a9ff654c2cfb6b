"""`ombud score --engine spark` on inputs that Spark cannot read: no row is lost, no job ends."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from closeness import assert_close
from ombud.readers.columns import Columns
from ombud_serving.batch import local, spark_check, spark_job
from ombud_serving.batch.job import Summary
from ombud_serving.batch.local import Options
from ombud_serving.batch.results import committed, errors_of
from ombud_serving.batch.spark import Cluster, session
from ombud_serving.batch.spark_source import OWN
from sparks import require_spark

# Minutes where trainings hold all cores.
pytestmark = [pytest.mark.spark, pytest.mark.timeout(900)]

TEXTS = [f"The words of row {n} are gone, and row {n * 7} too. " * 3 for n in range(30)]
MICROSECONDS = pa.timestamp("us")


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """One session for all tests here."""
    require_spark()
    with session(Cluster(master="local[2]", conf={"spark.sql.shuffle.partitions": "2"})) as made:
        yield made


def table(path: Path, texts: Any = TEXTS, **columns: Any) -> None:
    pq.write_table(
        pa.table({"text": texts, **columns}),
        path,
        row_group_size=6,
        write_page_checksum=True,
        use_dictionary=False,
    )


def damage(path: Path, group: int, kind: str) -> None:
    """Damage the text of a row group; the footer stays as it was."""
    chunk = pq.read_metadata(path).row_group(group).column(0)
    start = chunk.data_page_offset
    # The page's own head comes first.
    end = start + chunk.total_compressed_size
    content = bytearray(path.read_bytes())
    match kind:
        case "flipped":
            content[end - 20] ^= 4
        case "zero":
            content[end - 50 : end - 10] = bytes(40)
        case _:
            # The end moves up: pages lie elsewhere than the footer says.
            del content[start + 20 : start + 60]
    path.write_bytes(content)


def damaged_tables(folder: Path) -> None:
    """Every kind of damage, at the start, in the middle and at the end."""
    for group, kind in ((0, "flipped"), (3, "flipped"), (4, "zero"), (2, "zero"), (1, "cut")):
        path = folder / f"{kind}{group}.parquet"
        table(path, id=[f"{kind}{group}-{n}" for n in range(30)])
        damage(path, group, kind)
    table(folder / "no footer.parquet")
    whole = (folder / "no footer.parquet").read_bytes()
    (folder / "no footer.parquet").write_bytes(whole[: len(whole) // 2])
    lines = "".join(
        json.dumps({"id": f"z{n}", "text": text}) + "\n" for n, text in enumerate(TEXTS)
    )
    packed = gzip.compress(lines.encode())
    (folder / "cut.jsonl.gz").write_bytes(packed[:-30])
    (folder / "sum.jsonl.gz").write_bytes(packed[:-6] + bytes([packed[-6] ^ 1]) + packed[-5:])
    (folder / "behind.jsonl.gz").write_bytes(packed + b"more")
    (folder / "no gzip.jsonl.gz").write_bytes(lines.encode())
    rows = "".join(f"c{n},{text}\n" for n, text in enumerate(TEXTS[:9]))
    (folder / "cut.csv.gz").write_bytes(gzip.compress(f"id,text\n{rows}".encode())[:-4])
    # What is whole is read by Spark as before.
    table(folder / "whole.parquet", id=[f"w{n}" for n in range(30)])
    (folder / "whole.jsonl.gz").write_bytes(gzip.compress(b'{"id": "g", "text": "Gone again."}\n'))


def odd_tables(folder: Path) -> None:
    """Types and values that Spark refuses, or gives otherwise than our reader."""
    two = ["The hedge is gone.", "The hedge is there."]
    days = pa.array([10**8, 19_000], pa.int32()).cast(pa.date32())
    table(folder / "day.parquet", two, decision_date=days)
    far = pa.array([9 * 10**17, 19_000], MICROSECONDS)
    table(folder / "far.parquet", two, decision_date=far)
    table(folder / "nanoseconds.parquet", two, decision_date=nanoseconds(), other=nanoseconds())
    table(folder / "kept.parquet", two, when=nanoseconds())
    table(folder / "time.parquet", two, when=pa.array([3, 4], pa.time64("us")))
    table(folder / "half.parquet", two, other=pa.array([1.0, 2.0], pa.float16()))
    table(folder / "case.parquet", two, Text=["other", "words"])
    table(folder / "large.parquet", two, id=pa.array([2**64 - 1, 2], pa.uint64()))
    broken = pa.array([b"caf\xe9 is gone", b"It is there."]).view(pa.string())
    table(folder / "bytes in text.parquet", broken)
    table(folder / "list.parquet", two, when=[["a", "b"], None])
    for name, wrong in (
        ("binary", pa.array([b"x"])), ("number", pa.array([1.5])), ("texts", pa.array([["a"]])),
        ("nothing", pa.array([None])),
    ):  # fmt: skip
        table(folder / f"{name}.parquet", wrong)
    pq.write_table(pa.table({"words": two}), folder / "no text.parquet")
    (folder / "case.csv").write_text("id,text,Text\nk,Gone.,other\n")
    (folder / "latin.csv.gz").write_bytes(gzip.compress(b"id,text\nl,caf\xe9\nm,Gone.\n"))
    (folder / "notes.txt").write_text("no table")


def nanoseconds() -> pa.Array:
    return pa.array([1_714_564_800 * 10**9 + 7, -20_000_000 * 10**9], pa.timestamp("ns"))


def options(bundle: Path, keep: tuple[str, ...] = ()) -> Options:
    return Options(bundle, "complaint", Columns(), keep, 10)


def predictions(out: Path) -> list[dict[str, Any]]:
    rows = [row for path in committed(out)[1] for row in pq.read_table(path).to_pylist()]
    return sorted(rows, key=lambda row: (row["file"], row["row"]))


def errors(out: Path) -> list[dict[str, Any]]:
    return [row for path in errors_of(out) for row in pq.read_table(path).to_pylist()]


def both(
    spark: Any, source: Path, bundle: Path, tmp_path: Path, keep: tuple[str, ...] = ()
) -> tuple[Summary, Summary]:
    """Score on Spark and here; the same rows, reasons and counts must come of it."""
    ours, theirs = tmp_path / "local", tmp_path / "spark"
    expected = local.score(
        source, ours, options=local.Options(bundle, "complaint", Columns(), keep)
    )
    found = spark_job.score(spark, str(source), str(theirs), options=options(bundle, keep))
    assert errors(theirs) == errors(ours)
    assert_close(predictions(theirs), predictions(ours))
    for name in ("files", "rows", "scored", "rejected", "unreadable", "abstained", "reasons"):
        assert getattr(found, name) == getattr(expected, name), name
    return found, expected


def test_damaged_files_are_named_and_all_other_rows_scored(
    spark: Any, tiny_bundle: Path, tmp_path: Path
) -> None:
    source = tmp_path / "in"
    source.mkdir()
    damaged_tables(source)
    found, _ = both(spark, source, tiny_bundle, tmp_path)
    named = {row["file"] for row in errors(tmp_path / "spark") if row["row"] is None}
    assert named == {path.name for path in source.iterdir() if "whole" not in path.name}
    assert found.unreadable == len(named) == 11
    whole = [row for row in predictions(tmp_path / "spark") if row["file"].startswith("whole")]
    assert len(whole) == 31
    # Rows before the damage are scored too.
    assert (
        len([r for r in predictions(tmp_path / "spark") if r["file"] == "flipped3.parquet"]) == 18
    )


def test_types_and_values_that_spark_refuses_are_read_all_the_same(
    spark: Any, tiny_bundle: Path, tmp_path: Path
) -> None:
    source = tmp_path / "in"
    source.mkdir()
    odd_tables(source)
    found, _ = both(spark, source, tiny_bundle, tmp_path, keep=("when",))
    assert found.unreadable == 0
    assert found.rejected == 8


def test_a_hidden_file_is_no_empty_one(spark: Any, tiny_bundle: Path, tmp_path: Path) -> None:
    source = tmp_path / "_in.jsonl"
    source.write_text('{"id": "a", "text": "Gone."}\n')
    found, _ = both(spark, source, tiny_bundle, tmp_path)
    assert found.scored == 1


def test_what_spark_alone_cannot_read_is_left_to_our_reader(
    spark: Any, tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "in"
    source.mkdir()
    damaged_tables(source)
    (source / "cut1.parquet").rename(source / "cut 100%.parquet")

    looked_through = spark_check.looked_through

    def unchecked(spark: Any, groups: list[Any], columns: Columns) -> spark_check.Checked:
        checked = looked_through(spark, [one for one in groups if one.form == OWN], columns)
        checked.groups[:0] = [one for one in groups if one.form != OWN]
        return checked

    monkeypatch.setattr(spark_job, "looked_through", unchecked)
    found, _ = both(spark, source, tiny_bundle, tmp_path)
    assert found.unreadable == 11


def test_files_behind_a_uri_that_spark_cannot_read_are_named(
    spark: Any, tiny_bundle: Path, tmp_path: Path
) -> None:
    source = tmp_path / "in [1]"
    source.mkdir()
    for name in ("a", "b b", "c%20c", "d"):
        table(source / f"{name}.parquet", id=[f"{name}{n}" for n in range(30)])
    damage(source / "b b.parquet", 3, "flipped")
    damage(source / "c%20c.parquet", 1, "cut")
    out = tmp_path / "out"
    uri = f"file:{tmp_path}/in ?1?"
    chosen = Cluster(input_format="parquet")
    found = spark_job.score(spark, uri, str(out), options=options(tiny_bundle), cluster=chosen)
    assert (found.files, found.unreadable, found.scored, found.rejected) == (4, 2, 60, 0)
    named = {row["file"]: row["reason"] for row in errors(out)}
    assert sorted(named) == [f"file:{source}/b b.parquet", f"file:{source}/c%20c.parquet"]
    for name, reason in named.items():
        assert reason.startswith(f"{name}: expected a file that Spark can read, found: ")
        assert reason.endswith("; make it again")
        assert "\n" not in reason
    assert {row["file"][-9:] for row in predictions(out)} == {"a.parquet", "d.parquet"}


def test_columns_come_from_a_file_that_can_be_read(
    spark: Any, tiny_bundle: Path, tmp_path: Path
) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for name in ("a", "b", "c"):
        table(source / f"{name}.parquet", id=[f"{name}{n}" for n in range(30)])
    # Spark asks the first file for its columns.
    whole = (source / "a.parquet").read_bytes()
    (source / "a.parquet").write_bytes(whole[:-60] + bytes(60))
    out = tmp_path / "out"
    chosen = Cluster(input_format="parquet")
    found = spark_job.score(
        spark, f"file:{source}", str(out), options=options(tiny_bundle), cluster=chosen
    )
    assert (found.files, found.unreadable, found.scored, found.rejected) == (3, 1, 60, 0)
    (named,) = errors(out)
    assert named["file"] == f"file:{source}/a.parquet"
    assert named["reason"].endswith("; make it again")


def test_csv_has_the_rows_and_reasons_of_the_local_engine(
    spark: Any, tiny_bundle: Path, tmp_path: Path
) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for name, content in {
        "open": b'id,text\na,"Gone.\nb,There.\n',
        "stray": b'id,text\nc,"Gone."x\nd,There.\n',
        "fields": b"id,text\n  \ne,Gone.,more\nf,There.\n",
        "bytes": b"id,text\ng,caf\xe9\nh,There.\n",
        "nothing": b"",
        "twice": b"id,text,text\ni,Gone.,There.\n",
        "mark": b"\xef\xbb\xbf\n\nid,text\r\nj,Gone.\r\n",
        "no text": b"id,words\nk,Gone.\n",
    }.items():
        (source / f"{name}.csv").write_bytes(content)
    found, _ = both(spark, source, tiny_bundle, tmp_path)
    assert (found.unreadable, found.scored, found.rejected) == (2, 4, 6)
