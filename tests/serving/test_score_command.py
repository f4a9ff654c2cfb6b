"""`ombud score` as schedulers see it: exit codes, limits, logs, metrics, runs in MLflow."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import filelock
import mlflow
import pytest
from prometheus_client.parser import text_string_to_metric_families

from command import Command, one_sentence
from conftest import LETTER
from ombud.bundle import Manifest
from ombud.drift import share_metrics
from ombud.errors import RejectedError, UsageError
from ombud.predictor import Predictor
from ombud_serving.batch import local, plan
from ombud_serving.batch.watch import Limit, Progress
from score_tables import errors, parts, write

ROWS = [{"id": f"r{n}", "text": "" if n % 4 == 1 else LETTER} for n in range(8)]


@pytest.fixture
def ombud(ombud: Command, monkeypatch: pytest.MonkeyPatch, tiny_predictor: Predictor) -> Command:
    """The command, whose bundle is loaded already."""
    for module in (local, plan):
        monkeypatch.setattr(module, "load", lambda *_, **__: tiny_predictor)
    return ombud


@pytest.fixture
def arguments(tiny_bundle: Path, tmp_path: Path) -> list[object]:
    """IN, OUT and the options of every run here."""
    source = write(tmp_path / "in.jsonl", ROWS)
    options = ["--bundle", tiny_bundle, "--view", "complaint", "--part-rows", 3]
    return ["score", source, tmp_path / "out", *options]


def files(folder: Path) -> dict[str, int]:
    return {str(p.relative_to(folder)): p.stat().st_mtime_ns for p in folder.rglob("*")}


def log_lines(said: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.splitlines()]


@pytest.mark.parametrize(
    ("limit", "code"),
    [(None, 0), ("2", 0), ("25%", 0), ("24.9%", 3), ("1", 3), ("0", 3), ("0%", 3)],
)
def test_a_limit_decides_the_exit_code(
    limit: str | None, code: int, ombud: Command, arguments: list[object], tmp_path: Path
) -> None:
    options = [] if limit is None else ["--max-errors", limit]
    ended = ombud(*arguments, *options)
    assert ended.code == code, ended.err
    stopped = limit in ("0", "1")
    assert (tmp_path / "out" / "summary.json").exists() != stopped
    assert ("scored 6 of 8 rows" in ended.out) != stopped
    if limit == "24.9%":
        assert ended.err == (
            "ombud: scoring\nombud: expected at most 0.249 of all rejected (--max-errors), found "
            "0.25; everything else is scored, errors.parquet names what is not and why\n"
        )
    if limit == "1":
        assert ended.err == (
            "ombud: scoring\nombud: expected at most 1 rejected (--max-errors), found 2 in 6 "
            "rows, the last: r5: expected a text with words, found none; check that the file is "
            "the one; raise the limit and run the same command again to go on\n"
        )
        again = ombud(*arguments, "--max-errors", "2")
        assert again.code == 0
        assert again.out.startswith("went on after an earlier run and scored 6 of 8 rows")
        assert len(parts(tmp_path / "out")) == 6


@pytest.mark.parametrize("words", ["x", "-1", "1.5", "101%", "%", "", "1 %"])
def test_a_limit_that_is_none_is_wrong_use(words: str) -> None:
    with pytest.raises(UsageError) as caught:
        Limit.parse(words)
    assert str(caught.value) == (
        "--max-errors: expected a number of rows such as 20, or a share such as 0.5%, "
        f"found {words!r}"
    )


def test_a_damaged_file_is_exit_code_3_unless_it_is_allowed(
    ombud: Command, arguments: list[object], tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    write(folder / "a.jsonl", ROWS)
    (folder / "b.parquet").write_bytes(b"PAR1")
    arguments[1] = folder
    ended = ombud(*arguments)
    assert ended.code == 3
    assert "rejected: 2 row(s) and 1 file(s), with reasons in" in ended.out
    assert ended.err.splitlines()[-1] == (
        "ombud: expected every file readable to its end, found 1 that are not; everything else "
        "is scored, errors.parquet names what is not and why"
    )
    assert errors(tmp_path / "out")[-1]["file"] == "b.parquet"
    assert ombud(*arguments, "--max-errors", "3").code == 0
    assert ombud(*arguments, "--max-errors", "2").code == 3


def test_a_folder_at_work_is_exit_code_4(
    ombud: Command, arguments: list[object], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with filelock.FileLock(out / ".lock"):
        said = one_sentence(ombud(*arguments), 4)
    assert said == (
        f"{out}: expected a folder that no other run writes to, found one at work; "
        "wait for it to end or name another folder"
    )


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(
    ombud: Command, arguments: list[object], tmp_path: Path
) -> None:
    before = files(tmp_path)
    ended = ombud(*arguments, "--dry-run")
    assert ended.code == 0, ended.err
    assert files(tmp_path) == before
    size = (tmp_path / "in.jsonl").stat().st_size
    first, *rest = ended.out.splitlines()
    assert first == (
        f"would score 8 row(s) of 1 file(s), {size:,} bytes, into {tmp_path / 'out'}, "
        "nothing there yet; nothing was written"
    )
    assert rest[:2] == [
        "  2 of a sample of 8 would be rejected",
        "  the first: r1: expected a text with words, found none; check that the file is the one",
    ]
    assert re.fullmatch(
        r"  takes about \d+ s: [\d,.]+ rows/s on the sample, more where sentences repeat", rest[2]
    )


def test_a_dry_run_knows_what_was_done(
    ombud: Command, arguments: list[object], tmp_path: Path
) -> None:
    assert ombud(*arguments, "--max-errors", "1").code == 3
    found = json.loads(ombud(*arguments, "--dry-run", "--format", "json").out)
    assert (found["out"], found["done"], found["rows"], found["counted"]) == ("begun", 3, 8, True)
    assert found["seconds"] > 0
    ombud(*arguments)
    before = files(tmp_path)
    found = json.loads(ombud(*arguments, "--dry-run", "--format", "json").out)
    assert (found["out"], found["done"], found["seconds"]) == ("finished", 8, 0.0)
    refused = ombud(*arguments, "--dry-run", "--keep", "id")
    assert "found those of one with another kept columns" in one_sentence(refused, 2)
    assert files(tmp_path) == before


def test_a_dry_run_estimates_the_rows_of_large_files(
    ombud: Command, arguments: list[object], tmp_path: Path
) -> None:
    folder = tmp_path / "large"
    folder.mkdir()
    for number in range(20):
        rows = [{"text": f"Row {n} of file {number}."} for n in range(3000)]
        write(folder / f"{number:02d}.csv", rows)
    write(folder / "z.parquet", [{"text": "one"}])
    arguments[1] = folder
    found = json.loads(ombud(*arguments, "--dry-run", "--format", "json").out)
    assert found["rows"] == pytest.approx(60_001, rel=0.1)
    assert not found["counted"]
    assert found["sample"] == 64
    assert found["seconds"] == pytest.approx(60_001 / found["rows_per_second"], rel=0.2)


def test_log_lines_are_json(ombud: Command, arguments: list[object]) -> None:
    ended = ombud(*arguments, "--log-format", "json", "--format", "json")
    lines = log_lines(ended.err)
    assert [line["event"] for line in lines] == ["began", *["committed"] * 3, "finished"]
    for line in lines:
        assert list(line)[:3] == ["time", "level", "message"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line["time"])
    assert [line["first_row"] for line in lines[1:4]] == [0, 3, 6]
    summary = json.loads(ended.out)
    assert {key: lines[-1][key] for key in summary} == summary
    assert lines[0]["job"] == summary["job"]


def test_an_error_is_a_log_line_too(ombud: Command, arguments: list[object]) -> None:
    ended = ombud(*arguments, "--log-format", "json", "--text-column", "letter")
    assert (ended.code, ended.out) == (2, "")
    [line] = log_lines(ended.err)
    assert (line["level"], line["event"], line["exit_code"]) == ("ERROR", "failed", 2)
    assert line["message"].endswith("name the right one with --text-column")


def test_the_summary_is_written_to_a_file(
    ombud: Command, arguments: list[object], tmp_path: Path
) -> None:
    path = tmp_path / "summary.json"
    ended = ombud(*arguments, "--summary", path, "--format", "json")
    assert json.loads(path.read_text()) == json.loads(ended.out)
    said = one_sentence(ombud(*arguments, "--summary", tmp_path / "no" / "s.json"), 2)
    assert said == (
        f"{tmp_path / 'no' / 's.json'}: expected a folder to write it in, found none; make it first"
    )


def samples(path: Path) -> dict[tuple[str, str], float]:
    """Return the values of a textfile by metric and by its label beside the view."""
    found = {}
    for family in text_string_to_metric_families(path.read_text()):
        for sample in family.samples:
            labels = dict(sample.labels)
            assert labels.pop("view") == "complaint"
            found[sample.name, "".join(labels.values())] = sample.value
    return found


def test_metrics_are_written_also_of_a_failure(
    ombud: Command, arguments: list[object], tmp_path: Path
) -> None:
    path = tmp_path / "score.prom"
    assert ombud(*arguments, "--metrics-file", path).code == 0
    found = samples(path)
    assert found["ombud_score_exit_code", ""] == 0
    assert found["ombud_score_rows", "scored"] == 6
    assert found["ombud_score_rows", "rejected"] == 2
    shares = [value for (name, _), value in found.items() if name == "ombud_score_outcome_share"]
    assert sum(shares) == pytest.approx(1)
    assert found["ombud_score_end_timestamp_seconds", ""] == pytest.approx(time.time(), abs=300)
    assert ombud(*arguments, "--metrics-file", path, "--keep", "id").code == 2
    found = samples(path)
    assert found["ombud_score_exit_code", ""] == 2
    assert ("ombud_score_rows", "scored") not in found
    assert [p.name for p in tmp_path.iterdir() if "tmp" in p.name] == []
    assert path.stat().st_mode & 0o777 == 0o644


def test_metrics_need_a_name_that_the_collector_reads(
    ombud: Command, arguments: list[object], tmp_path: Path
) -> None:
    path = tmp_path / "score.txt"
    assert one_sentence(ombud(*arguments, "--metrics-file", path), 2) == (
        f"{path}: expected a file ending in .prom, found 'score.txt'; the textfile collector "
        "reads no other"
    )
    assert not (tmp_path / "out").exists()


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'mlflow.db'}"


def only_run(store: str) -> Any:
    client = mlflow.MlflowClient(store)
    experiment = client.get_experiment_by_name("ombud-score")
    [run] = client.search_runs([experiment.experiment_id])
    return run


def test_a_job_is_one_run_in_mlflow(
    ombud: Command, arguments: list[object], store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = ["upheld"] * 3 + ["not_upheld"]
    original = Manifest.__getattribute__

    def with_shares(manifest: Manifest, name: str) -> Any:
        return share_metrics(training) if name == "metrics" else original(manifest, name)

    monkeypatch.setattr(Manifest, "__getattribute__", with_shares)
    stopped = ombud(*arguments, "--track", store, "--max-errors", "1")
    assert stopped.code == 3
    run = only_run(store)
    assert run.info.status == "FAILED"
    assert run.data.tags["exit_code"] == "3"
    assert "rows" not in run.data.metrics
    ended = ombud(*arguments, "--track", store, "--format", "json")
    assert ended.code == 0, ended.err
    summary = json.loads(ended.out)
    again = only_run(store)
    assert again.info.run_id == run.info.run_id
    assert again.info.status == "FINISHED"
    assert f"kept as MLflow run {run.info.run_id}" in ended.err
    data = again.data
    assert (data.metrics["rows"], data.metrics["scored"], data.metrics["rejected"]) == (8, 6, 2)
    assert data.params["job"] == summary["job"]
    assert data.params["bundle_name"] == "tiny"
    [given] = again.inputs.dataset_inputs
    assert data.params["input_sha256"].startswith(given.dataset.digest)
    shares = {o: data.metrics[f"share.{o}"] for o in summary["shares"]}
    assert shares == pytest.approx(summary["shares"])
    assert data.metrics["drift.upheld"] == pytest.approx(shares["upheld"] - 0.75)
    assert 0 <= data.metrics["drift.distance"] <= 1


def test_a_bundle_without_training_shares_says_so(
    ombud: Command, arguments: list[object], store: str, tiny_bundle: Path
) -> None:
    ended = ombud(*arguments, "--track", store)
    assert ended.code == 0
    assert (
        f"ombud: {tiny_bundle}: the bundle does not say which shares its training data had; "
        "no drift is kept"
    ) in ended.err.splitlines()
    assert not [name for name in only_run(store).data.metrics if name.startswith("drift")]


def test_a_store_that_cannot_be_used_ends_it_before_it_begins(
    ombud: Command, arguments: list[object], tmp_path: Path
) -> None:
    said = one_sentence(ombud(*arguments, "--track", "carrier://pigeon"), 1)
    assert said.startswith("expected a tracking store at carrier://pigeon, found: ")
    assert said.endswith("; check --track")
    assert not (tmp_path / "out").exists()


def test_rates_and_time_left_are_those_of_this_run() -> None:
    progress = Progress(rows=300, share=0.5, new_rows=100, new_share=0.25, seconds=10.0)
    assert progress.rate == 10
    assert progress.seconds_left == 20
    assert Progress(0, 0.0, 0, 0.0, 0.0).seconds_left is None
    assert Progress(0, 0.0, 0, 0.0, 0.0).rate == 0


def test_a_count_is_exceeded_at_once_and_a_share_at_the_end() -> None:
    Limit(count=2).check_count(2, 10, "")
    Limit(share=0.0).check_count(9, 10, "")
    with pytest.raises(RejectedError):
        Limit(count=2).check_count(3, 10, "")


@pytest.mark.slow
def test_a_second_process_is_refused_and_a_terminated_one_goes_on(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    rows = [{"text": f"{LETTER} It is row {n}, and again {n}."} for n in range(6000)]
    source = write(tmp_path / "in.jsonl", rows)
    out = tmp_path / "out"
    script = "from ombud.cli import main; main()"
    options = ["--bundle", tiny_bundle, "--view", "complaint", "--part-rows", 20]
    command = list(map(str, [sys.executable, "-c", script, "score", source, out, *options]))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as first:
        while not (out / "manifest.jsonl").exists():
            assert first.poll() is None, first.stderr
            time.sleep(0.05)
        before = os.times()
        second = subprocess.run(
            command, capture_output=True, text=True, env=environment, check=False
        )
        after = os.times()
        first.send_signal(signal.SIGTERM)
        _, said = first.communicate(timeout=60)
    assert (second.returncode, second.stdout) == (4, "")
    assert "found one at work" in second.stderr
    # The time of a processor, since this machine may be busy: nothing that takes long is loaded.
    spent = after.children_user + after.children_system
    assert spent - before.children_user - before.children_system < 1.0
    assert first.returncode == 128 + signal.SIGTERM
    assert said.splitlines()[-1] == "ombud: asked to end; what was committed is whole"
    assert "Traceback" not in said
    assert not list(out.glob(".*.tmp"))
    lines = (out / "manifest.jsonl").read_text().splitlines()
    assert 0 < len(lines) < 300
    # A part stands there before its line does; what goes on finds it and does it again.
    assert len(parts(out)) - 20 * len(lines) in (0, 20)
