"""Kills runs of a job at random points, in a process of its own where nothing else is.

Run as a program: `python score_killer.py IN OUT BUNDLE KILLS SEED`. It scores IN into OUT/unbroken,
then into OUT/0, OUT/1, ..., each in child processes that are killed until all kills are used up and
then in one that is left alone; there are more kills until each step of `NEEDED` was met. Prints one
JSON object: the points at which children were killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import torch

from ombud.predictor import load
from ombud.readers import Columns
from ombud_serving.batch import local
from ombud_serving.batch.watch import Progress, Watch

STEPS = ("fsync", "replace", "open", "close", "unlink")
# Chance alone may pass one of these by, so kills go on until each was met.
NEEDED = ("timer", "fsync", "replace")
KILLS_A_JOB = 10
PART_ROWS = 3


class First(Watch):
    """Writes down how many rows were behind when a run began."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def progress(self, progress: Progress) -> None:
        if progress.new_rows == 0 and not self._path.exists():
            # A kill may fall between opening a file and writing to it.
            written = self._path.with_suffix(".written")
            written.write_text(str(progress.rows))
            written.rename(self._path)


def run(source: Path, out: Path, bundle: Path, watch: Watch | None = None) -> None:
    local.score(
        source,
        out,
        options=local.Options(bundle, "complaint", Columns(), part_rows=PART_ROWS),
        watch=watch,
    )


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying_at(step: str, count: int, before: bool) -> None:
    """Let this process be killed right before or after its `count`-th call of `os.step`."""
    original: Callable[..., Any] = getattr(os, step)
    calls = 0

    def call(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if before and calls == count:
            die()
        result = original(*args, **kwargs)
        if calls == count:
            die()
        return result

    setattr(os, step, call)


def killed(source: Path, out: Path, bundle: Path, random: Random, seconds: float) -> str:
    """Run the job in a child that is killed at a random point; return the point, '' if it ended."""
    timed = random.random() < 0.4
    step, count = random.choice(STEPS), random.randint(1, 14)
    before = random.random() < 0.5
    first = out.with_suffix(".first")
    first.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        try:
            if not timed:
                dying_at(step, count, before)
            run(source, out, bundle, First(first))
        finally:
            os._exit(0)
    if timed:
        time.sleep(random.random() * seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        return ""
    assert os.WTERMSIG(status) == signal.SIGKILL, status
    return "timer" if timed else f"{'before' if before else 'after'} {step} {count}"


def committed(out: Path) -> list[str]:
    manifest = out / "manifest.jsonl"
    return manifest.read_text().split("\n")[:-1] if manifest.exists() else []


def _met(kind: str, points: Sequence[str]) -> bool:
    return any(kind in point.split() for point in points)


def main() -> None:
    source, base, bundle = map(Path, sys.argv[1:4])
    kills, seed = map(int, sys.argv[4:])
    torch.set_num_threads(1)
    predictor = load(bundle)
    local.load = lambda *_, **__: predictor
    base.mkdir()
    # Twice: after that every sentence is known, and no run computes anything anew.
    run(source, base / "warm-up", bundle)
    started = time.monotonic()
    run(source, base / "unbroken", bundle)
    seconds = time.monotonic() - started
    random, points, job = Random(seed), [], 0
    while len(points) < kills or any(not _met(kind, points) for kind in NEEDED):
        out = base / str(job)
        for _ in range(KILLS_A_JOB):
            before = committed(out)
            finished = (out / "summary.json").exists()
            point = killed(source, out, bundle, random, seconds)
            after = committed(out)
            assert after[: len(before)] == before, (point, before, after)
            first = out.with_suffix(".first")
            if first.exists() and not finished:
                # What was committed is not done again.
                assert int(first.read_text()) == sum(json.loads(x)["rows"] for x in before)
            if point:
                points.append(point)
        run(source, out, bundle)
        job += 1
    json.dump({"points": points, "jobs": job}, sys.stdout)


if __name__ == "__main__":
    main()
