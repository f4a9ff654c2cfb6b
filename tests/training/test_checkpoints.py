"""Checkpoints: whole or not there, named where they are not whole, kept from a full disk."""

from __future__ import annotations

import json
import logging
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ombud.errors import OutputError, UsageError
from ombud_training.checkpoints import Checkpoints, Progress

TRAINING = {"seed": 13}
DEVICE = {"name": "cpu", "bf16": False}


def progress(step: int, stage: int = 1, **values: Any) -> Progress:
    plain = {
        "finished": False,
        "micro_batch": 4,
        "losses": ((2, 0.5),),
        "notes": {"since_log": [0.25]},
    }
    return Progress(stage, "heads", step, **{**plain, **values})


def fill(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"weights" * 100)
    (folder / "state.json").write_text("{}")


def write(kept: Checkpoints, step: int, **values: Any) -> Path:
    now = progress(step, **values)
    assert kept.write(now, TRAINING, DEVICE, fill)
    return kept.folder / now.folder


@pytest.fixture
def kept(tmp_path: Path) -> Checkpoints:
    folder = tmp_path / "kept"
    folder.mkdir()
    return Checkpoints(folder)


def test_what_was_written_is_read(kept: Checkpoints) -> None:
    path = write(kept, 7)
    found = kept.latest()
    assert found is not None
    assert found.path == path
    assert found.progress == progress(7)
    assert (found.training, found.device) == (TRAINING, DEVICE)


def test_the_latest_is_the_farthest(kept: Checkpoints) -> None:
    write(kept, 90)
    write(kept, 1000)
    write(kept, 1000, finished=True)
    found = kept.latest()
    assert found is not None
    assert found.progress.finished
    write(kept, 5, stage=2)
    assert [path.name for path in sorted(kept.folder.iterdir())] == [
        "1-heads-finished",
        "2-heads-0000005",
    ]
    found = kept.latest()
    assert found is not None
    assert (found.progress.stage, found.progress.step) == (2, 5)


def _cut(path: Path) -> None:
    whole = (path / "model.safetensors").read_bytes()
    (path / "model.safetensors").write_bytes(whole[:-1])


def _lose(path: Path) -> None:
    (path / "state.json").unlink()


def _unlist(path: Path) -> None:
    (path / "checkpoint.json").unlink()


def _spoil(path: Path) -> None:
    (path / "checkpoint.json").write_text('{"format": 1, "files"')


def _empty(path: Path) -> None:
    (path / "checkpoint.json").write_text("[]")


def _later(path: Path) -> None:
    content = json.loads((path / "checkpoint.json").read_text())
    (path / "checkpoint.json").write_text(json.dumps({**content, "format": 2}))


@pytest.mark.parametrize(
    ("damage", "wrong"),
    [
        (_cut, "model.safetensors is not as it was written"),
        (_lose, "state.json: no such file or directory"),
        (_unlist, "checkpoint.json: no such file or directory"),
        (_spoil, "checkpoint.json cannot be read"),
        (_empty, "checkpoint.json cannot be read"),
        (_later, "format 2, this version reads 1"),
    ],
)
def test_one_that_is_not_whole_is_skipped_and_named(
    damage: Any, wrong: str, kept: Checkpoints, caplog: pytest.LogCaptureFixture
) -> None:
    before, path = write(kept, 3), write(kept, 4)
    damage(path)
    with caplog.at_level(logging.WARNING):
        found = kept.latest()
    assert found is not None
    assert found.path == before
    assert caplog.messages == [f"skipped incomplete checkpoint {path}: {wrong}"]
    damage(before)
    assert kept.latest() is None


def test_one_that_was_being_written_is_skipped_named_and_removed(
    kept: Checkpoints, caplog: pytest.LogCaptureFixture
) -> None:
    before = write(kept, 3)
    half = kept.folder / ".1-heads-0000004.x7.tmp"
    half.mkdir()
    fill(half)
    with caplog.at_level(logging.WARNING):
        found = kept.latest()
    assert found is not None
    assert found.path == before
    assert caplog.messages == [f"skipped incomplete checkpoint {half}: it was being written"]
    assert not half.exists()


FULL = """
import logging, resource, signal, sys
from pathlib import Path
import torch
from safetensors.torch import save_file
from ombud_training.checkpoints import Checkpoints, Progress

logging.basicConfig(format="%(message)s", stream=sys.stdout)
kept = Checkpoints(Path(sys.argv[1]))
way = sys.argv[2]

def write(step, fill):
    progress = Progress(1, "heads", step, False, 4, (), {})
    return kept.write(progress, {}, {}, fill)

assert write(1, lambda folder: (folder / "small").write_bytes(b"x"))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
weights = {"large": torch.zeros(200_000)}
def fill(folder):
    if way == "safetensors":
        save_file(weights, folder / "model.safetensors")
    elif way == "torch":
        torch.save(weights, folder / "optimizer.pt")
    else:
        (folder / "state.json").write_bytes(b"x" * 200_000)
assert not write(2, fill)
print(kept.latest().path.name, sorted(path.name for path in kept.folder.iterdir()))
"""


@pytest.mark.parametrize("way", ["safetensors", "torch", "plain"])
def test_a_disk_that_is_full_half_way_leaves_the_one_before(way: str, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", FULL, tmp_path, way],
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert ended.returncode == 0, ended.stderr
    said, left = ended.stdout.splitlines()
    head, _, rest = said.partition(" (")
    assert head == f"could not write checkpoint {tmp_path / '1-heads-0000002'}"
    assert rest.endswith(
        f" MB free there); training goes on, the last good one is {tmp_path / '1-heads-0000001'}"
    )
    assert left == "1-heads-0000001 ['1-heads-0000001']"
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_an_earlier_training_is_not_written_over(kept: Checkpoints) -> None:
    kept.refuse_earlier()
    write(kept, 3)
    with pytest.raises(UsageError) as caught:
        kept.refuse_earlier()
    assert str(caught.value) == (
        f"{kept.folder}: expected no checkpoints of an earlier training, found 1-heads-0000003; "
        "go on from them with --resume, or remove the folder"
    )


def test_two_trainings_do_not_share_a_folder(kept: Checkpoints) -> None:
    with kept.held():
        with pytest.raises(OutputError) as caught, Checkpoints(kept.folder).held():
            pytest.fail("the folder was given to two")
        assert str(caught.value) == (
            f"{kept.folder}: expected a folder for this training alone, found another training at "
            "work in it; wait for it or name another with --checkpoints"
        )
    with Checkpoints(kept.folder).held():
        assert kept.latest() is None


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("")
    with pytest.raises(OutputError) as caught, Checkpoints(path).held():
        pytest.fail("a file was held")
    assert str(caught.value) == (
        f"{path}: expected a folder for checkpoints, found: file exists; name another with "
        "--checkpoints"
    )


def test_removing_leaves_what_is_not_ours(kept: Checkpoints) -> None:
    with kept.held():
        write(kept, 3)
        kept.remove()
    assert not kept.folder.exists()
    kept.folder.mkdir()
    write(kept, 3)
    (kept.folder / "notes.txt").write_text("mine")
    kept.remove()
    assert [path.name for path in kept.folder.iterdir()] == ["notes.txt"]
