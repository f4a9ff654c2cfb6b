"""Runs killed at 50 random points, also in the middle of a commit, under a reader's eyes."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from conftest import LETTER
from score_tables import errors, parts, write

KILLS = 50
KILLER = Path(__file__).resolve().parents[1] / "score_killer.py"
ROWS = [
    {"id": f"r{n}", "text": "" if n % 4 == 1 else f"{LETTER} This is row {n}."} for n in range(25)
]


class Reader(threading.Thread):
    """Polls the results of all jobs and reads everything that it finds there."""

    def __init__(self, base: Path) -> None:
        super().__init__(daemon=True)
        self._base = base
        self._seen: dict[str, str] = {}
        self.stopped = threading.Event()
        self.wrong: list[str] = []
        self.polls = self.files = 0

    def run(self) -> None:
        while not self.stopped.wait(0.05):
            self.polls += 1
            for manifest in self._base.glob("*/manifest.jsonl"):
                try:
                    self._read(manifest)
                except Exception as error:  # noqa: BLE001
                    self.wrong.append(f"{manifest}: {error!r}")

    def _read(self, manifest: Path) -> None:
        lines = manifest.read_bytes().split(b"\n")[:-1]
        for line in map(json.loads, lines):
            path = manifest.parent / line["part"]
            content = path.read_bytes()
            if hashlib.sha256(content).hexdigest() != line["sha256"]:
                self.wrong.append(f"{path}: not what the manifest says")
            # A part never changes once it has its line.
            if self._seen.setdefault(str(path), line["sha256"]) != line["sha256"]:
                self.wrong.append(f"{path}: changed")
        for path in manifest.parent.glob("*.parquet"):
            pq.read_table(path)
            self.files += 1
        for path in manifest.parent.glob("*.json"):
            json.loads(path.read_bytes())


@pytest.mark.slow
def test_50_kills_lose_nothing_and_no_reader_sees_anything_broken(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    source = write(tmp_path / "in.jsonl", ROWS)
    base = tmp_path / "jobs"
    reader = Reader(base)
    reader.start()
    command = [sys.executable, KILLER, source, base, tiny_bundle, KILLS, 5]
    ended = subprocess.run(
        list(map(str, command)),
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    reader.stopped.set()
    reader.join()
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    kinds = {point.split()[-2] if " " in point else point for point in found["points"]}
    assert len(found["points"]) >= KILLS
    assert {"timer", "fsync", "replace"} <= kinds
    assert reader.wrong == []
    assert reader.polls > 20
    assert reader.files > 100
    unbroken = base / "unbroken"
    for number in range(found["jobs"]):
        out = base / str(number)
        assert parts(out) == parts(unbroken)
        assert errors(out) == errors(unbroken)
        names = {path.name for path in out.iterdir()}
        assert names == {path.name for path in unbroken.iterdir()}
        for path in unbroken.glob("*.parquet"):
            assert (out / path.name).read_bytes() == path.read_bytes()
