"""Disks that are full, folders that cannot be written, rows without end: a clear end each time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import LETTER
from ombud.errors import OutputError, UsageError
from ombud.predictor import Predictor
from ombud.readers import Columns
from ombud_serving.batch import local
from ombud_serving.batch.ids import SeenIds
from ombud_serving.batch.local import Options, Summary, score
from score_tables import parts, write


@pytest.fixture(autouse=True)
def _loaded(monkeypatch: pytest.MonkeyPatch, tiny_predictor: Predictor) -> None:
    monkeypatch.setattr(local, "load", lambda *_, **__: tiny_predictor)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with 256 KiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(disk)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except OSError as error:
        pytest.skip(f"mount cannot be run: {error}")
    if done.returncode:
        pytest.skip("this user may not mount a disk")
    yield disk
    # Lazily: what failed may hold a file open until its traceback is gone.
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def run(source: Path, out: Path, bundle: Path) -> Summary:
    return score(source, out, options=Options(bundle, "complaint", Columns(), part_rows=4))


def test_a_full_disk_ends_the_job_and_leaves_what_was_committed(
    small_disk: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    source = write(tmp_path / "in.jsonl", [{"text": f"{LETTER} Row {n}."} for n in range(160)])
    out = small_disk / "out"
    filler = small_disk / "filler"
    filler.write_bytes(bytes(100 * 1024))
    with pytest.raises(OutputError) as caught:
        run(source, out, tiny_bundle)
    assert str(caught.value) == (
        f"{out}: expected room for the results, found: no space left on device; what was "
        "committed is whole, put this right and run the same command again to go on"
    )
    done = parts(out)
    assert [row["row"] for row in done] == list(range(len(done)))
    assert 0 < len(done) < 160
    lines = (out / "manifest.jsonl").read_text().splitlines()
    assert sum(json.loads(line)["rows"] for line in lines) == len(done)
    assert not list(out.glob(".*.tmp"))
    filler.unlink()
    subprocess.run(["mount", "-o", "remount,size=4m", str(small_disk)], check=True)
    assert run(source, out, tiny_bundle).state == "resumed"
    assert len(parts(out)) == 160


def test_a_read_only_disk_is_refused_and_its_results_stay(
    small_disk: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    source = write(tmp_path / "in.jsonl", [{"text": LETTER}])
    out = small_disk / "out"
    run(source, out, tiny_bundle)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    for folder in (out, small_disk / "new"):
        with pytest.raises(UsageError) as caught:
            run(source, folder, tiny_bundle)
        assert str(caught.value) == (
            f"{folder}: expected a folder that can be written, found: read-only file system; "
            "name another folder or change its permissions"
        )
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_ids_are_kept_on_disk_and_leave_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ids"
    with SeenIds.at(path) as seen:
        seen.update(f"id {number}" for number in range(1000))
        assert "id 999" in seen
        assert "id 1000" not in seen
        seen.add("id 1000")
        seen.add("id 1000")
        assert "id 1000" in seen
        assert "" not in seen
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".parquet"])
def test_memory_does_not_grow_with_rows(ending: str, tiny_bundle: Path, tmp_path: Path) -> None:
    rows = 12_000
    texts = [{"id": f"row {n}", "text": f"{LETTER} " * 20} for n in range(rows)]
    source = write(tmp_path / f"in{ending}", texts)
    program = textwrap.dedent(
        """
        import json, sys
        from pathlib import Path
        from ombud.readers import Columns
        from ombud_serving.batch import local
        from ombud_serving.batch.watch import Watch
        from ombud.predictor import load

        source, out, bundle = map(Path, sys.argv[1:])
        predictor = load(bundle)

        class Quick:
            info, counts = predictor.info, predictor.counts
            first = None

            def predict_each(self, documents, view):
                import dataclasses
                if self.first is None:
                    self.first = predictor.predict(documents[:1], view)[0]
                return [dataclasses.replace(self.first, id=d.id) for d in documents]

        class Measuring(Watch):
            found = []

            def committed(self, part):
                lines = Path("/proc/self/status").read_text().splitlines()
                self.found += [int(x.split()[1]) for x in lines if x.startswith("VmRSS")]

        local.load = lambda *_, **__: Quick()
        options = local.Options(bundle, "complaint", Columns(), part_rows=200)
        local.score(source, out, options=options, watch=Measuring())
        json.dump(Measuring.found, sys.stdout)
        """
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(source), str(tmp_path / "out"), str(tiny_bundle)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"},
    )
    assert ended.returncode == 0, ended.stderr
    kib = json.loads(ended.stdout)
    assert len(kib) == rows / 200
    warm = max(kib[:10])
    assert max(kib) < 1.1 * warm, kib
