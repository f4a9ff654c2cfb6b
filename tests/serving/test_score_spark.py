"""`ombud score --engine spark`: what the local engine gives, on Spark."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import score_tables
from closeness import assert_close
from command import Command, one_sentence
from ombud.errors import BundleError, OmbudError, UsageError
from ombud.readers.columns import Columns
from ombud_serving.batch import local, spark_job
from ombud_serving.batch.local import Options
from ombud_serving.batch.results import committed, errors_of
from ombud_serving.batch.spark import Cluster, failing, session, settings
from ombud_serving.batch.watch import Progress, Watch
from sparks import require_spark, standalone

pytestmark = pytest.mark.spark

KEEP = ("when", "size")
BAD = ["", "   ", "unread\x00able\x01", None]


def rows_of(name: str, count: int = 20) -> list[dict[str, Any]]:
    """Rows of which every sixth is bad, and one has the id of another file's."""
    return [
        {
            "id": "a3" if (name, n) == ("b", 8) else f"{name}{n}",
            "text": BAD[n % 4] if n % 6 == 5 else f"Hello, hedge {n} of {name}.\nIt is «gone»!",
            "when": f"2024-01-{n + 1:02d}",
            "size": n,
        }
        for n in range(count)
    ]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """One session for all tests here; those that run the command find it too."""
    require_spark()
    with session(Cluster(master="local[2]", conf={"spark.sql.shuffle.partitions": "2"})) as made:
        yield made


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every form, one damaged, with names that are patterns and have blanks."""
    folder = tmp_path_factory.mktemp("in [1] {x}")
    (folder / "deep er").mkdir()
    lines = score_tables.write(folder / "a.jsonl", rows_of("a"))
    lines.write_bytes(lines.read_bytes() + b'\n  \n{"id": "broken"\n\xff\n{"text": 7}\n')
    csv = [{**row, "text": row["text"] or ""} for row in rows_of("b")]
    score_tables.write(folder / "deep er" / "b 100%.csv", csv)
    score_tables.write(folder / "c.csv", [{"note": "no text here", "id": "c0"}])
    score_tables.write(folder / "d.parquet", rows_of("d"))
    (folder / "e.parquet").write_bytes(b"PAR1")
    return folder


@pytest.fixture(scope="module")
def by_local(tables: Path, tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the local engine makes of the tables."""
    out = tmp_path_factory.mktemp("local") / "out"
    columns = Columns()
    local.score(tables, out, options=Options(tiny_bundle, "complaint", columns, keep=KEEP))
    return out


@pytest.fixture(scope="module")
def by_spark(
    spark: Any, tables: Path, tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """What Spark makes of them."""
    out = tmp_path_factory.mktemp("spark") / "out put"
    spark_job.score(spark, str(tables), str(out), options=options(tiny_bundle))
    return out


def options(bundle: Path, keep: tuple[str, ...] = KEEP, part_rows: int = 20) -> Options:
    return Options(bundle, "complaint", Columns(), keep, part_rows)


def predictions(out: Path) -> list[dict[str, Any]]:
    rows = [row for path in committed(out)[1] for row in pq.read_table(path).to_pylist()]
    return sorted(rows, key=lambda row: (row["file"], row["row"]))


def errors(out: Path) -> list[dict[str, Any]]:
    return [row for path in errors_of(out) for row in pq.read_table(path).to_pylist()]


def summary(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "summary.json").read_text())["summary"]
    return found


def test_every_row_is_the_local_engines(by_spark: Path, by_local: Path) -> None:
    assert len(predictions(by_local)) == 50
    assert_close(predictions(by_spark), predictions(by_local))


def test_every_rejected_row_has_the_same_reason(by_spark: Path, by_local: Path) -> None:
    found, expected = errors(by_spark), errors(by_local)
    # Spark's CSV reader and ours need not agree on control characters; both score or reject.
    assert found == expected
    assert [row["file"] for row in found if row["row"] is None] == ["e.parquet"]
    assert sum("on an earlier row" in row["reason"] for row in found) == 1


def test_the_files_have_the_same_columns(by_spark: Path, by_local: Path) -> None:
    for found, expected in (
        (committed(by_spark)[1][0], committed(by_local)[1][0]),
        (errors_of(by_spark)[0], errors_of(by_local)[0]),
    ):
        schemas = [pq.read_schema(path).remove_metadata() for path in (found, expected)]
        assert schemas[0].equals(schemas[1]), schemas


def test_the_summary_counts_the_same(by_spark: Path, by_local: Path) -> None:
    found, expected = summary(by_spark), summary(by_local)
    # How work is cut is the engine's own.
    for own in ("job", "parts", "reused", "scoring_seconds", "seconds", "sentences"):
        found.pop(own), expected.pop(own)
    assert_close(found, expected)
    assert summary(by_spark)["scoring_seconds"] > 0


def test_what_is_done_is_not_done_again(
    spark: Any, by_spark: Path, tables: Path, tiny_bundle: Path
) -> None:
    before = {path: path.stat().st_mtime_ns for path in by_spark.rglob("*.parquet")}
    again = spark_job.score(spark, str(tables), str(by_spark), options=options(tiny_bundle))
    assert again.state == "already_scored"
    assert again.to_json() == {**summary(by_spark), "state": "already_scored"}
    assert {path: path.stat().st_mtime_ns for path in by_spark.rglob("*.parquet")} == before
    assert not (by_spark / "_scored").exists()


def test_other_work_is_refused_by_name(
    spark: Any, by_spark: Path, by_local: Path, tables: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    def refusal(out: Path, chosen: Options) -> str:
        with pytest.raises(UsageError) as caught:
            spark_job.score(spark, str(tables), str(out), options=chosen)
        return str(caught.value)

    assert refusal(by_spark, options(tiny_bundle, part_rows=7)) == (
        f"file:{by_spark}: expected results of the same job, found those of one with another "
        "rows a part; name another folder"
    )
    assert refusal(by_local, options(tiny_bundle, part_rows=1000)) == (
        f"file:{by_local}: expected results of the same job, found those of one with another "
        "engine; name another folder"
    )
    (tmp_path / "notes.txt").write_text("mine")
    assert refusal(tmp_path, options(tiny_bundle)) == (
        f"file:{tmp_path}: expected a new or empty folder, or one of the same job, found "
        "notes.txt; name another folder"
    )
    with pytest.raises(UsageError) as caught:
        local.score(
            tables,
            by_spark,
            options=Options(tiny_bundle, "complaint", Columns(), keep=KEEP, part_rows=20),
        )
    assert str(caught.value) == (
        f"{by_spark}: expected results of the same job, found those of one with another engine; "
        "name another folder"
    )


def test_a_driver_that_died_after_scoring_goes_on_without_scoring_again(
    spark: Any, by_local: Path, tables: Path, tiny_bundle: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    out = tmp_path / "out"

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(spark_job._Run, "_write", die)
        with pytest.raises(KeyboardInterrupt):
            spark_job.score(spark, str(tables), str(out), options=options(tiny_bundle))
    staged = {path: path.stat().st_mtime_ns for path in out.glob("_scored/*/part-*")}
    assert staged
    assert not (out / "summary.json").exists()
    told: list[Progress] = []

    class Telling(Watch):
        def progress(self, progress: Progress) -> None:
            told.append(progress)

    monkeypatch.setattr(spark_job._Run, "_stage", die)
    done = spark_job.score(
        spark, str(tables), str(out), options=options(tiny_bundle), watch=Telling()
    )
    assert done.state == "resumed"
    assert told == []
    assert_close(predictions(out), predictions(by_local))


def test_what_fails_on_an_executor_is_one_sentence(spark: Any) -> None:
    def refuse(_: object) -> Any:
        message = "/there: expected a bundle, found none; send it"
        raise BundleError(message)

    with pytest.raises(OmbudError) as caught, failing(), settings(spark):
        spark.range(1).mapInPandas(refuse, "id LONG").collect()
    assert str(caught.value) == (
        "expected Spark to finish the job, found: /there: expected a bundle, found none; send it; "
        "what it had committed is whole, put this right and run the same command again"
    )


@pytest.fixture
def ombud(
    spark: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    return Command(monkeypatch, capsys)


def test_a_uri_is_read_and_written_in_any_form(
    ombud: Command, spark: Any, tiny_bundle: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "x.txt").write_text('id;text;size\nq;"Gone; ""really"".\nYes.";4\nr;;5\ns;Short\n')
    out = tmp_path / "out"
    command = ["score", folder.as_uri(), out.as_uri(), "--bundle", tiny_bundle]
    command += ["--view", "complaint", "--keep", "size", "--engine", "spark"]
    command += ["--input-format", "csv", "--input-option", "sep=;", "--output-format", "orc"]
    ended = ombud(*command, "--format", "json")
    assert ended.code == 0, ended.err
    found = json.loads(ended.out)
    assert (found["rows"], found["scored"], found["rejected"], found["files"]) == (3, 1, 2, 1)
    [row] = spark.read.orc(str(out / "predictions")).collect()
    name = f"file:{folder / 'x.txt'}"
    assert (row.id, row.file, row.row, row.size) == ("q", name, 0, "4")
    assert [(one["id"], one["reason"]) for one in errors(out)] == [
        ("r", "r: expected a text with words, found none; check that the file is the one"),
        ("s", "row 2: expected 3 fields, found others"),
    ]
    again = ombud(*command)
    assert again.out.startswith("found already scored 1 of 3 rows")
    for option, other in (("--input-option", "input"), ("--output-option", "output format")):
        assert one_sentence(ombud(*command, option, "header=TRUE"), 2) == (
            f"{out.as_uri()}: expected results of the same job, found those of one with another "
            f"{other}; name another folder"
        )


def test_rows_of_a_source_without_files_are_scored(
    spark: Any, tiny_bundle: Path, tmp_path: Path
) -> None:
    from pyspark.sql.datasource import DataSource, DataSourceReader

    class Reader(DataSourceReader):
        def read(self, partition: object) -> Iterator[tuple[Any, ...]]:
            yield from (("p", "My hedge is gone.", 3), ("q", None, None))

    class Hedges(DataSource):
        @classmethod
        def name(cls) -> str:
            return "hedges"

        def schema(self) -> str:
            return "id STRING, text STRING, size INT"

        def reader(self, schema: object) -> DataSourceReader:
            return Reader()

    spark.dataSource.register(Hedges)
    cluster = Cluster(input_format="hedges")
    chosen = options(tiny_bundle, keep=("size",))
    out = tmp_path / "out"
    found = spark_job.score(spark, "-", str(out), options=chosen, cluster=cluster)
    assert (found.rows, found.scored, found.rejected) == (2, 1, 1)
    [row] = predictions(out)
    assert (row["id"], row["file"], row["size"]) == ("p", "hedges", 3)
    assert pq.read_schema(committed(out)[1][0]).field("size").type == pa.int32()
    assert errors(out)[0]["reason"].endswith(": expected text in 'text', found nothing")


def test_a_report_shows_what_spark_committed(
    ombud: Command, tiny_bundle: Path, tables: Path, by_local: Path, tmp_path: Path
) -> None:
    kept = [word for name in KEEP for word in ("--keep", name)]
    given = ["--bundle", tiny_bundle, "--view", "complaint", *kept, "--date-column", "when"]
    pages = []
    for engine, out in (("spark", tmp_path / "out"), ("local", by_local)):
        page = tmp_path / f"{engine}.html"
        ended = ombud(
            "score", tables, out, *given, "--engine", engine, "--report", page, "--max-errors", 99
        )
        assert ended.code == 0, ended.err
        job = json.loads((out / "job.json").read_text())["digest"]
        pages.append(page.read_text("utf-8").replace(job, "JOB").replace(job[:16], "JOB"))
    assert sorted(pages[0].splitlines()) == sorted(pages[1].splitlines())


def test_columns_that_no_file_has_are_refused(
    ombud: Command, tiny_bundle: Path, tmp_path: Path
) -> None:
    source = score_tables.write(tmp_path / "in.csv", [{"words": "Gone."}])
    given = ["--bundle", tiny_bundle, "--engine", "spark"]
    for name in (source, source.as_uri()):
        said = one_sentence(
            ombud("score", name, tmp_path / "out", *given), 1 if name != source else 2
        )
        assert said.endswith(
            "expected a column 'text', found 'words'; name the right one with --text-column"
        )


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(
    os.environ.get("OMBUD_SPARK_CLUSTER") != "1",
    reason="starts five JVMs, a minute or more of two cores: OMBUD_SPARK_CLUSTER=1 runs it",
)
def test_a_worker_killed_in_mid_job_changes_nothing(tiny_bundle: Path, tmp_path: Path) -> None:
    require_spark()
    rows = [{"id": f"r{n}", "text": f"Hedge {n} of {n * 7} is gone. I want it back."} for n in range(96)]  # fmt: skip
    source = score_tables.write(tmp_path / "in.jsonl", rows)
    expected, out = tmp_path / "local", tmp_path / "out"
    local.score(source, expected, options=Options(tiny_bundle, "complaint", Columns()))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"}
    with standalone(tmp_path, 2, environment) as cluster:
        code = "from ombud.cli import main; main()"
        command = [sys.executable, "-c", code, "score", source, out, "--bundle", tiny_bundle]
        command += ["--view", "complaint", "--engine", "spark", "--master", cluster.url]
        command += ["--part-rows", "4", "--log-format", "json"]
        for setting in (
            "spark.executor.memory=512m", "spark.executor.cores=1", "spark.driver.host=127.0.0.1",
            "spark.driver.bindAddress=127.0.0.1", "spark.ui.enabled=false",
        ):  # fmt: skip
            command += ["--spark-conf", setting]
        with subprocess.Popen(
            list(map(str, command)), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**environment, "SPARK_LOCAL_IP": "127.0.0.1"},
        ) as running:  # fmt: skip
            deadline = time.monotonic() + 240
            while not _tasks(out):
                assert running.poll() is None, running.communicate()
                assert time.monotonic() < deadline
                time.sleep(0.05)
            done = len(_tasks(out))
            cluster.kill(0)
            said, log = running.communicate(timeout=600)
    assert running.returncode == 0, log
    assert done < 24, "the job was over before the worker was killed"
    assert said.startswith("scored 96 of 96 rows")
    assert_close(predictions(out), predictions(expected))
    assert errors(out) == []


def _tasks(out: Path) -> list[Path]:
    """Files of tasks that are done while the job is not."""
    return list(out.glob("_scored/*/_temporary/0/task_*/part-*.parquet"))
