"""What was committed stays whole, is done once, and belongs to one job."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import filelock
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from conftest import LETTER
from ombud.errors import BusyError, InputError, OutputError, UsageError
from ombud.readers import Columns
from ombud.views import View
from ombud_serving.batch import parts as committing
from ombud_serving.batch import scorer
from ombud_serving.batch.local import Options, Summary, score
from score_tables import Telling, errors, parts, write

ROWS = [
    {"id": f"r{n}", "text": "" if n % 4 == 1 else f"{LETTER} This is row {n}."} for n in range(11)
]


class Stopped(Exception):
    """Stands for whatever ends a run."""


def run(
    source: Path,
    out: Path,
    bundle: Path,
    *,
    progress: Callable[[int], None] | None = None,
    view: View = "complaint",
    columns: Columns | None = None,
    part_rows: int = 3,
) -> Summary:
    return score(
        source,
        out,
        options=Options(bundle, view, columns or Columns(), part_rows=part_rows),
        watch=None if progress is None else Telling(progress),
    )


def stopping(rows: int) -> Callable[[int], None]:
    """Return a progress callback that ends the run when `rows` rows are behind."""

    def progress(done: int) -> None:
        if done >= rows:
            raise Stopped

    return progress


def contents(out: Path) -> dict[str, bytes]:
    """Return every file of `out` that a reader looks at, but for what times the run."""
    names = [path for path in out.iterdir() if not path.name.startswith(".")]
    return {path.name: path.read_bytes() for path in names if path.name != "summary.json"}


def rounded(rows: list[dict[str, Any]]) -> Any:
    """Return rows with numbers rounded: batches differ after a stop, and with them the noise."""
    return json.loads(json.dumps(rows), parse_float=lambda number: round(float(number), 4))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write(tmp_path / "in.jsonl", ROWS)


@pytest.fixture
def unbroken(source: Path, tiny_bundle: Path, tmp_path: Path) -> Path:
    """The results of a run that nothing stopped."""
    run(source, tmp_path / "unbroken", tiny_bundle)
    return tmp_path / "unbroken"


def assert_same(out: Path, unbroken: Path) -> None:
    assert rounded(parts(out)) == rounded(parts(unbroken))
    assert errors(out) == errors(unbroken)
    assert sorted(contents(out)) == sorted(contents(unbroken))
    assert not (out / ".errors").exists()


@pytest.mark.parametrize(("rows", "done"), [(0, 0), (2, 0), (3, 1), (4, 1), (9, 3), (11, 4)])
def test_a_stopped_job_goes_on_where_it_stood(
    rows: int,
    done: int,
    source: Path,
    unbroken: Path,
    tiny_bundle: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scorer, "DOCUMENTS_AT_ONCE", 1)
    out = tmp_path / "out"
    with pytest.raises(Stopped):
        run(source, out, tiny_bundle, progress=stopping(rows))
    assert not (out / "errors.parquet").exists()
    committed = contents(out)
    assert len([name for name in committed if name.startswith("part-")]) == done
    seen: list[int] = []
    summary = run(source, out, tiny_bundle, progress=seen.append)
    assert seen[0] == min(done * 3, 11)
    assert summary.state == ("resumed" if done else "scored")
    assert (summary.rows, summary.scored, summary.rejected) == (11, 8, 3)
    after = contents(out)
    for name, content in committed.items():
        assert after[name].startswith(content)
    assert_same(out, unbroken)


def test_a_finished_job_says_so_and_does_nothing(
    source: Path, unbroken: Path, tiny_bundle: Path
) -> None:
    before = {path: path.stat().st_mtime_ns for path in unbroken.glob("*")}
    seen: list[int] = []
    summary = run(source, unbroken, tiny_bundle, progress=seen.append)
    assert summary.state == "already_scored"
    assert (summary.rows, summary.scored, summary.rejected, summary.parts) == (11, 8, 3, 4)
    assert seen == []
    assert {path: path.stat().st_mtime_ns for path in unbroken.glob("*")} == before


@pytest.mark.parametrize("step", ["write_table", "append_line", "replacing"])
@pytest.mark.parametrize("call", [1, 2, 4, 7])
def test_a_stop_inside_a_commit_loses_nothing(
    step: str,
    call: int,
    source: Path,
    unbroken: Path,
    tiny_bundle: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "out"
    original = getattr(committing, step)
    calls = 0

    def failing(*args: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call:
            raise Stopped
        return original(*args)

    with monkeypatch.context() as patch:
        patch.setattr(committing, step, failing)
        try:
            run(source, out, tiny_bundle)
        except Stopped:
            manifest = out / "manifest.jsonl"
            for line in manifest.read_text().splitlines() if manifest.exists() else ():
                assert (out / json.loads(line)["part"]).exists()
    run(source, out, tiny_bundle)
    assert calls > 0
    assert_same(out, unbroken)


@pytest.mark.slow
def test_a_killed_process_loses_nothing(
    source: Path, unbroken: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    program = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        from ombud.readers import Columns
        from ombud_serving.batch.local import Options, score
        from ombud_serving.batch.watch import Watch

        class Killer(Watch):
            def progress(self, progress):
                if progress.rows >= 6:
                    os.kill(os.getpid(), signal.SIGKILL)

        source, out, bundle = map(Path, sys.argv[1:])
        options = Options(bundle, "complaint", Columns(), part_rows=3)
        score(source, out, options=options, watch=Killer())
        """
    )
    command = [sys.executable, "-c", program, str(source), str(out), str(tiny_bundle)]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    lines = (out / "manifest.jsonl").read_text().splitlines()
    assert [json.loads(line)["rows"] for line in lines] == [3, 3]
    assert not (out / "summary.json").exists()
    # What a kill in the middle of a write leaves behind.
    (out / ".part-00002.parquet.4711.tmp").write_bytes(b"half")
    with (out / "manifest.jsonl").open("ab") as manifest:
        manifest.write(lines[0].encode()[:40])
    summary = run(source, out, tiny_bundle)
    assert summary.state == "resumed"
    assert_same(out, unbroken)
    assert not list(out.glob(".*.tmp"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"view": "statement"}, "view"),
        ({"part_rows": 4}, "rows a part"),
        ({"columns": Columns(text="id")}, "text column"),
        ({"columns": Columns(id="text"), "part_rows": 1}, "id column, rows a part"),
    ],
)
def test_another_job_is_refused(
    changes: dict[str, Any], words: str, source: Path, unbroken: Path, tiny_bundle: Path
) -> None:
    before = contents(unbroken)
    with pytest.raises(UsageError) as caught:
        run(source, unbroken, tiny_bundle, **changes)
    assert str(caught.value) == (
        f"{unbroken}: expected results of the same job, found those of one with another {words}; "
        "name another folder"
    )
    assert contents(unbroken) == before


def test_another_input_is_refused(source: Path, unbroken: Path, tiny_bundle: Path) -> None:
    source.write_text(source.read_text() + '{"text": "One row more."}\n')
    with pytest.raises(UsageError) as caught:
        run(source, unbroken, tiny_bundle)
    assert str(caught.value) == (
        f"{unbroken}: expected results of the same job, found those of one with another input "
        "(changed: in.jsonl); name another folder"
    )


def test_the_same_input_elsewhere_is_the_same_job(
    source: Path, unbroken: Path, tiny_bundle: Path
) -> None:
    folder = source.parent / "elsewhere"
    folder.mkdir()
    moved = source.rename(folder / source.name)
    assert run(moved, unbroken, tiny_bundle).state == "already_scored"


def test_a_folder_with_other_files_is_refused(
    source: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError) as caught:
        run(source, out, tiny_bundle)
    assert str(caught.value) == (
        f"{out}: expected a new or empty folder, or one of the same job, found thesis.txt; "
        "name another folder"
    )
    assert list(contents(out)) == ["thesis.txt"]


def test_a_second_run_is_refused_while_the_first_is_at_work(
    source: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with filelock.FileLock(out / ".lock"), pytest.raises(BusyError) as caught:
        run(source, out, tiny_bundle)
    assert str(caught.value) == (
        f"{out}: expected a folder that no other run writes to, found one at work; "
        "wait for it to end or name another folder"
    )
    assert run(source, out, tiny_bundle).state == "scored"


def test_a_file_in_place_of_the_folder_is_refused(
    source: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.write_text("mine")
    with pytest.raises(UsageError) as caught:
        run(source, out, tiny_bundle)
    assert str(caught.value) == (
        f"{out}: expected a folder that can be written, found: a file; "
        "name another folder or change its permissions"
    )
    assert out.read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_refused(
    source: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir(mode=0o500)
    with pytest.raises(UsageError) as caught:
        run(source, out, tiny_bundle)
    assert str(caught.value) == (
        f"{out}: expected a folder that can be written, found: permission denied; "
        "name another folder or change its permissions"
    )


def test_no_room_ends_the_job_and_leaves_what_was_committed(
    source: Path, unbroken: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with pytest.raises(Stopped):
        run(source, out, tiny_bundle, progress=stopping(3))
    before = contents(out)
    # The system's own limit on the size of a file: writing fails as it does on a full disk.
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        with pytest.raises(OutputError) as caught:
            run(source, out, tiny_bundle)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert str(caught.value) == (
        f"{out}: expected room for the results, found: file too large; what was committed is "
        "whole, put this right and run the same command again to go on"
    )
    assert contents(out) == before
    assert not list(out.glob(".*.tmp"))
    run(source, out, tiny_bundle)
    assert_same(out, unbroken)


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("part-00001.parquet", True),
        ("part-00001.parquet", False),
        ("errors.parquet", True),
        ("errors.parquet", False),
        ("job.json", False),
        ("manifest.jsonl", False),
        ("summary.json", False),
    ],
)
def test_changed_results_are_noticed(
    name: str, gone: bool, source: Path, unbroken: Path, tiny_bundle: Path
) -> None:
    path = unbroken / name
    if gone:
        path.unlink()
    else:
        path.write_bytes(b'{"part": ' if name == "job.json" else b"{}\n")
    with pytest.raises(OutputError) as caught:
        run(source, unbroken, tiny_bundle)
    found = "it is gone" if gone else "it changed"
    assert str(caught.value) == (
        f"{path}: expected the file as it was committed, found: {found}; "
        "put it back or score into another folder"
    )


def test_rejected_rows_of_a_stopped_job_are_checked(
    source: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with pytest.raises(Stopped):
        run(source, out, tiny_bundle, progress=stopping(3))
    staged = out / ".errors" / "part-00000.parquet"
    staged.unlink()
    with pytest.raises(OutputError) as caught:
        run(source, out, tiny_bundle)
    assert str(caught.value).startswith(f"{staged}: expected the file as it was committed")


@pytest.mark.parametrize("change", ["grow", "remove"])
def test_an_input_that_changes_while_it_is_read_ends_the_job(
    change: str, source: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"

    def progress(done: int) -> None:
        if done == 3 and change == "grow":
            with source.open("a") as file:
                file.write('{"text": "One row more."}\n')
        elif done == 3:
            source.unlink(missing_ok=True)

    with pytest.raises(InputError) as caught:
        run(source, out, tiny_bundle, progress=progress)
    found = "it changed" if change == "grow" else "no such file or directory"
    assert str(caught.value) == (
        f"{source}: expected the input to stay as it was when the job began, found: {found}; "
        "put it back to go on, or score the new input into another folder"
    )
    assert len(parts(out)) <= 3
    assert not (out / "summary.json").exists()


def test_damage_behind_committed_parts_leaves_them_whole(tiny_bundle: Path, tmp_path: Path) -> None:
    source = tmp_path / "in.parquet"
    table = pa.table({"text": [f"{os.urandom(200).hex()} are words." for _ in range(120)]})
    pq.write_table(table, source, row_group_size=40, use_dictionary=False, write_page_checksum=True)
    offset = pq.read_metadata(source).row_group(2).column(0).data_page_offset
    damaged = bytearray(source.read_bytes())
    damaged[offset + 1000] ^= 255
    source.write_bytes(damaged)
    out = tmp_path / "out"
    summary = run(source, out, tiny_bundle, part_rows=10)
    assert (summary.rows, summary.scored, summary.rejected, summary.unreadable) == (80, 80, 0, 1)
    assert [row["row"] for row in parts(out)] == list(range(80))
    [error] = errors(out)
    assert (error["file"], error["row"], error["id"]) == ("in.parquet", None, None)
    assert error["reason"].startswith(f"{source}: expected a whole Parquet file, found: ")
    assert run(source, out, tiny_bundle, part_rows=10).state == "already_scored"
