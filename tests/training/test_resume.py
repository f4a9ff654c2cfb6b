"""Resuming: a training that was killed ends as the one that was not."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from gold import gold_cases
from killed_training import CPU, recipe, train
from ombud.errors import UsageError
from ombud.model import EncoderSource
from ombud_training.checkpoints import Checkpoints
from ombud_training.fit import fit

TESTS = Path(__file__).resolve().parents[1]
POINTS = [
    "heads:2",
    "heads:6:writing",
    "heads:finished",
    "encoder:7:writing",
    "encoder:10",
    "encoder:finished",
    "finish:10:writing",
]
KILLED = 9


def kill(encoder: EncoderSource, folder: Path, patience: int, points: list[str]) -> str:
    ended = subprocess.run(
        [
            sys.executable,
            TESTS / "killed_training.py",
            encoder.location,
            folder,
            str(patience),
            *points,
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=280,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert ended.stdout.splitlines() == [f"{point} {KILLED}" for point in points], ended.stderr
    return ended.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("patience", "points"), [(0, POINTS), (2, POINTS[::3])])
def test_a_training_killed_at_several_points_ends_as_the_unbroken_one(
    patience: int, points: list[str], tiny_encoder: EncoderSource, tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    said = kill(tiny_encoder, folder, patience, points)
    incomplete = [line for line in said.splitlines() if "skipped incomplete checkpoint" in line]
    # The last one half written is found below.
    assert len(incomplete) == sum("writing" in point for point in points[:-1])
    resumed = train(tiny_encoder.location, patience, Checkpoints(folder, seconds=0.0))
    assert [report.name for report in resumed.stages] == ["finish"]
    unbroken = train(tiny_encoder.location, patience)
    assert [report.name for report in unbroken.stages] == ["heads", "encoder", "finish"]
    weights, expected = resumed.model.state_dict(), unbroken.model.state_dict()
    assert weights.keys() == expected.keys()
    for name, tensor in expected.items():
        torch.testing.assert_close(weights[name], tensor, rtol=0.0, atol=1e-6, msg=name)
    assert [step for step, _ in resumed.losses] == [step for step, _ in unbroken.losses]
    assert [loss for _, loss in resumed.losses] == pytest.approx(
        [loss for _, loss in unbroken.losses], rel=1e-6
    )


@pytest.fixture(scope="module")
def done(tiny_encoder: EncoderSource, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkpoints of a training that ran to its end."""
    folder = tmp_path_factory.mktemp("kept")
    train(tiny_encoder.location, 0, Checkpoints(folder, seconds=0.0))
    return folder


def test_what_is_finished_is_not_done_again(tiny_encoder: EncoderSource, done: Path) -> None:
    first = train(tiny_encoder.location, 0)
    again = train(tiny_encoder.location, 0, Checkpoints(done))
    assert again.stages == ()
    assert again.losses == first.losses
    for name, tensor in first.model.state_dict().items():
        assert torch.equal(again.model.state_dict()[name], tensor), name


def test_the_last_two_checkpoints_are_kept(done: Path) -> None:
    assert [path.name for path in sorted(done.iterdir())] == [
        "3-finish-0000011",
        "3-finish-finished",
    ]


def test_a_checkpoint_of_another_training_is_refused(
    tiny_encoder: EncoderSource, done: Path, tmp_path: Path
) -> None:
    found = Checkpoints(done).latest()
    assert found is not None
    other = recipe(tiny_encoder.location, dropout=0.4, seed=14)
    with pytest.raises(UsageError) as caught:
        fit(gold_cases(7), other, CPU, tmp_path, earlier=found)
    assert str(caught.value) == (
        f"{found.path}: expected a checkpoint of this training, found one of another (dropout 0.2 "
        "for 0.4, seed 13 for 14); train as it did, remove it, or name another folder with --checkpoints"
    )


def test_a_checkpoint_of_other_documents_is_refused(
    tiny_encoder: EncoderSource, done: Path, tmp_path: Path
) -> None:
    found = Checkpoints(done).latest()
    with pytest.raises(UsageError) as caught:
        fit(gold_cases(6), recipe(tiny_encoder.location), CPU, tmp_path, earlier=found)
    assert "found one of another (examples '" in str(caught.value)


def test_a_checkpoint_that_cannot_be_written_costs_nothing_else(
    tiny_encoder: EncoderSource,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full = tmp_path / "full"
    full.mkdir()
    monkeypatch.setattr("ombud_training.checkpoints.replacing_folder", _on_a_full_disk)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 4, 5_900_000))
    with caplog.at_level(logging.WARNING):
        trained = train(tiny_encoder.location, 0, Checkpoints(full, seconds=1e9))
    assert list(full.iterdir()) == []
    said = [r.getMessage() for r in caplog.records if r.name.startswith("ombud")]
    assert said == [
        f"could not write checkpoint {full / name} ([Errno 28] No space left on device; 5 MB "
        "free there); training goes on, there is none yet"
        for name in ("1-heads-finished", "2-encoder-finished", "3-finish-finished")
    ]
    assert len(trained.stages) == 3


def _on_a_full_disk(path: Path) -> None:
    raise OSError(28, "No space left on device")
