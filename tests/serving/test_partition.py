"""What runs on Spark's executors, without Spark: frames, numbers, shipped bundles, sums."""

from __future__ import annotations

import io
import shutil
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from made_engine import MadeEngine
from ombud.errors import BundleError, InputError, MissingExtraError, UsageError
from ombud.readers.columns import Columns
from ombud_serving.batch.engine import verified
from ombud_serving.batch.kept import Kept
from ombud_serving.batch.outlook import outlook, said_outlook
from ombud_serving.batch.partition import REASON, Work, engine_of, score_frames, staged_schema
from ombud_serving.batch.scorer import Reading
from ombud_serving.batch.shipping import pack, unpack
from ombud_serving.batch.spark import Cluster, _unstarted, session
from ombud_serving.batch.spark_source import Group, Numbered, is_remote
from ombud_serving.score.spark_options import check_dry_run, check_report, cluster_of

KEPT = Kept.typed({"size": pa.int64(), "tag": pa.string()})
READING = Reading("complaint", Columns(named={"size": "", "tag": ""}), KEPT, files=1)
WORK = Work(READING, "0" * 64, names={"file:/in/a.jsonl": "a.jsonl"})


def scored(frame: dict[str, Sequence[Any]], work: Work = WORK) -> list[dict[str, Any]]:
    frames = iter([pd.DataFrame({name: pd.Series(v, dtype=object) for name, v in frame.items()})])
    found = list(score_frames(frames, work, MadeEngine("0" * 64)))
    schema = staged_schema(KEPT.schema)
    assert all(list(one.columns) == schema.names for one in found)
    # What Spark does with them: every value must be of its column's type.
    tables = [pa.Table.from_pandas(one, schema, preserve_index=False) for one in found]
    return pa.concat_tables(tables).to_pylist()


def lines(*content: bytes) -> dict[str, Sequence[Any]]:
    count = len(content)
    return {
        "file": ["file:/in/a.jsonl"] * count,
        "row": list(range(count)),
        "problem": [""] * count,
        "line": content,
    }


def test_good_rows_have_predictions_and_bad_ones_reasons() -> None:
    rows = scored(
        lines(
            '\ufeff{"id": "x", "text": "Gone. Back.", "size": 3, "tag": ["ü"]}'.encode(),
            b'{"id": "y", "text": ""}',
            b"\xff{",
            b"[1]",
            b'{"text": "unreadable"}',
            b'{"text": "Fine.", "size": "big"}',
        )
    )
    good = [row for row in rows if row[REASON] is None]
    assert [(row["id"], row["file"], row["size"], row["tag"]) for row in good] == [
        ("x", "a.jsonl", 3, '["ü"]')
    ]
    assert [(row["row"], row["id"], row[REASON]) for row in rows[1:]] == [
        (1, "y", "y: expected a text with words, found none; check that the file is the one"),
        (
            2,
            None,
            (
                "row 2: expected a JSON object on the line, found: 'utf-8' codec can't decode byte "
                "0xff in position 0: invalid start byte"
            ),
        ),
        (3, None, "row 3: expected a JSON object on the line, found: a list"),
        (4, "4", "4: expected another text"),
        (5, "5", "row 5: expected a int64 to keep in 'size', found 'big'"),
    ]
    assert sum(row["_sentences"] or 0 for row in rows) == 2
    assert [row["_seconds"] is None for row in rows] == [False] + [True] * 5


def test_values_keep_their_types_and_missing_ones_of_csv_are_empty() -> None:
    frame = {
        "file": ["s3a://b/a.csv"] * 2,
        "row": [0, 1],
        "problem": ["", "expected 3 fields, found others"],
        "values": [{"text": "Gone.", "tag": None, "size": None}, {"text": "Gone."}],
    }
    first, second = scored(frame)
    assert (first["file"], first["tag"], first["size"]) == ("s3a://b/a.csv", None, None)
    assert second[REASON] == "row 1: expected 3 fields, found others"
    as_text = Kept.typed({"size": pa.string(), "tag": pa.string()})
    csv = Work(Reading("complaint", READING.columns, as_text, 1), "0" * 64, empty="")
    frames = iter([pd.DataFrame({name: pd.Series(v, dtype=object) for name, v in frame.items()})])
    [made] = score_frames(frames, csv, MadeEngine("0" * 64))
    assert made["tag"][0] == ""


def batch(*places: tuple[str, int]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(
        {
            "file": [file for file, _ in places],
            "block": pa.array([block for _, block in places], pa.int64()),
            "row": pa.array([None] * len(places), pa.int64()),
        }
    )


def test_rows_are_numbered_file_by_file_whatever_task_reads_which_block() -> None:
    numbered = Numbered({("b", 0): 1, ("a", 100): 2, ("a", 0): 3})
    late = numbered(iter([batch(("a", 100)), batch(("a", 100), ("b", 0))]))
    assert [one.column("row").to_pylist() for one in late] == [[3], [4, 0]]
    early = numbered(iter([batch(("a", 0), ("a", 0), ("a", 0))]))
    assert [one.column("row").to_pylist() for one in early] == [[0, 1, 2]]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_file_that_changed_since_it_was_counted_is_never_numbered(rows: int) -> None:
    with pytest.raises(InputError) as caught:
        list(Numbered({("a", 0): 2})(iter([batch(*[("a", 0)] * rows)])))
    assert str(caught.value) == (
        "a: expected the input to stay as it was when the job began, found: it changed; put it "
        "back to go on, or score the new input into another folder"
    )


def test_a_bundle_arrives_whole_and_is_unpacked_once(tiny_bundle: Path, tmp_path: Path) -> None:
    archive = tmp_path / "bundle.tar"
    pack(tiny_bundle, archive)
    content = archive.read_bytes()
    folder = unpack(archive)
    assert verified(folder) == verified(tiny_bundle)
    assert unpack(archive) == folder
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".bundle")]
    again = tmp_path / "again.tar"
    pack(shutil.copytree(tiny_bundle, tmp_path / "copy"), again)
    assert again.read_bytes() == content


def test_a_bundle_that_is_another_where_it_arrives_is_refused(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "bundle.tar"
    pack(tiny_bundle, archive)
    folder = unpack(archive)
    with pytest.raises(BundleError) as caught:
        engine_of(folder, "f" * 64, None)
    assert str(caught.value) == (
        f"{folder}: expected the bundle to stay as it was when the job began, found another in "
        "its place; run the same command again"
    )
    (folder / "card.md").write_text("Another card")
    with pytest.raises(BundleError):
        engine_of(folder, verified(tiny_bundle), None)


def test_an_archive_that_reaches_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "bundle.tar"
    with tarfile.open(archive, "w") as tar:
        tar.addfile(tarfile.TarInfo("../outside"), io.BytesIO())
    with pytest.raises(BundleError) as caught:
        unpack(archive)
    assert str(caught.value).startswith(f"{archive}: expected the bundle that was shipped, found")
    assert not (tmp_path / "outside").exists()
    assert not (tmp_path / "bundle.tar.d").exists()


def test_the_sum_of_hours_and_executors_is_shown() -> None:
    assert [(one.rows, one.hours, one.executors) for one in outlook(100 / 3.6)] == [
        (1_000_000, 10.0, 2),
        (10_000_000, 100.0, 13),
        (100_000_000, 1000.0, 125),
    ]
    assert outlook(0) == []
    assert said_outlook(0, 2) == []
    assert said_outlook(1000 / 3.6, 2) == [
        (
            "  at 277.8 rows/s on these 2 cores (hours = rows / (277.8 x 3600), executors = hours / "
            "8, rounded up):"
        ),
        "      1,000,000 rows:        1.0 hours, this machine is enough",
        "     10,000,000 rows:       10.0 hours, 2 executors of 2 cores (--engine spark)",
        "    100,000,000 rows:      100.0 hours, 13 executors of 2 cores (--engine spark)",
    ]


def test_uris_are_told_from_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert [is_remote(name) for name in ("s3a://b/x", "file:/x", "x.csv", "/a/b:c", "-")] == [
        True, True, False, False, False,
    ]  # fmt: skip
    (tmp_path / "ab:c").mkdir()
    assert not is_remote("ab:c")


def test_files_have_their_names_however_spark_writes_them() -> None:
    group = Group("csv", (), {"file:/in/a b.csv": "a b.csv"})
    assert group.name_of("file:///in/a%20b.csv") == "a b.csv"
    assert group.name_of("file:/in/a%20b.csv") == "a b.csv"
    assert group.name_of("s3a://bucket/a%20b.csv") == "s3a://bucket/a b.csv"


def test_what_spark_needs_is_said_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(MissingExtraError) as caught, session(Cluster()):
        pytest.fail("a session was opened without pyspark")
    assert str(caught.value) == (
        "expected pyspark for --engine spark, found it not installed; install ombud[spark]"
    )
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert str(_unstarted(Cluster(), RuntimeError("[JAVA_GATEWAY_EXITED] ..."))) == (
        "expected Java 17 or newer for --engine spark, found none; install one or set JAVA_HOME"
    )
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").write_text("")
    (tmp_path / "bin" / "java").chmod(0o755)
    assert str(_unstarted(Cluster("spark://x:1"), RuntimeError("[JAVA_GATEWAY_EXITED] ..."))) == (
        "expected Spark at spark://x:1, found: it ended while it started, for what it says above; "
        "check --master and --spark-conf"
    )
    error = RuntimeError(
        "An error occurred while calling o1.\n: java.io.IOException: no route\n\tat x"
    )
    assert str(_unstarted(Cluster(), error)) == (
        "expected Spark at its default master, found: java.io.IOException: no route; check "
        "--master and --spark-conf"
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"engine": "local", "master": "local[2]"},
            ("--master: expected it with --engine spark, found the local engine; add --engine "
            "spark or leave it out"),
        ),
        (
            {"engine": "spark", "conf": ["x"]},
            "--spark-conf: expected KEY=VALUE, found 'x'; write it so",
        ),
    ],
)  # fmt: skip
def test_options_of_spark_are_checked_before_anything_starts(
    given: dict[str, Any], said: str
) -> None:
    nothing: dict[str, Any] = {
        "master": None, "conf": (), "input_format": None, "input_options": (),
        "output_format": None, "output_options": (),
    }  # fmt: skip
    with pytest.raises(UsageError) as caught:
        cluster_of(**{**nothing, **given})
    assert str(caught.value) == said
    made = cluster_of(**{**nothing, "engine": "spark", "input_options": ["sep==;"]})
    assert made == Cluster(input_options={"sep": "=;"})


def test_a_dry_run_and_a_report_need_paths(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        check_dry_run("s3a://b/x.csv", "out")
    assert str(caught.value) == (
        "--dry-run: expected a path to measure on, found 's3a://b/x.csv'; give it some of the rows "
        "in a file"
    )
    check_report(Cluster(), str(tmp_path))
    for cluster, out in ((Cluster(), "s3a://b/out"), (Cluster(output_format="orc"), "out")):
        with pytest.raises(UsageError) as caught:
            check_report(cluster, out)
        assert str(caught.value) == (
            f"--report: expected Parquet results on a path, found {(out, 'orc')[out == 'out']!r}; "
            "leave --report out or write them so"
        )
