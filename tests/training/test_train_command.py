"""`ombud train`: what is refused before the work, and what a killed training leaves to go on from."""

from __future__ import annotations

import dataclasses
import json
import warnings
from pathlib import Path

import pytest
from transformers import TrainerCallback

from command import Command, one_sentence
from ombud_training.checkpoints import Checkpoints
from ombud_training.progress import ProgressCallback
from ombud_training.recipe import Recipe
from split_files import write_files

# As in test_tracking.py.
pytestmark = [
    pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy"),
    pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning"),
]


@pytest.fixture
def ombud(ombud: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """The command, run in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return ombud


@pytest.fixture
def files(tmp_path: Path, recipe: Recipe) -> list[object]:
    return write_files(tmp_path, dataclasses.replace(recipe, epochs=4))


def test_an_encoder_that_is_not_there(files: list[object], ombud: Command, tmp_path: Path) -> None:
    missing = tmp_path / "none"
    assert one_sentence(ombud("train", *files, "--encoder", missing), 1) == (
        f"expected an encoder folder, found nothing at {missing}; check --encoder"
    )


def test_an_encoder_folder_without_an_encoder(
    files: list[object], ombud: Command, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    message = one_sentence(ombud("train", *files, "--encoder", empty), 1)
    assert message.startswith(f"expected an encoder at '{empty}', found: ")
    assert message.endswith("; check --encoder")


def test_a_recipe_of_no_name(files: list[object], ombud: Command) -> None:
    assert one_sentence(ombud("train", *files[:3], "--recipe", "slow"), 2) == (
        "expected the recipe full, quick or a TOML file, found 'slow'; name one of them"
    )


def test_folds_are_for_one_process(
    files: list[object], ombud: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert one_sentence(ombud("train", *files, "--folds", 2), 2) == (
        "expected one process for --folds, found 2; start it without torchrun"
    )


def test_seeds_are_for_one_process(
    files: list[object], ombud: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert one_sentence(ombud("train", *files, "--seeds", 2), 2) == (
        "expected one process for --seeds, found 2; start it without torchrun"
    )


def test_folds_or_seeds(files: list[object], ombud: Command) -> None:
    assert one_sentence(ombud("train", *files, "--folds", 5, "--seeds", 2), 2) == (
        "expected --folds or --seeds, found both (5, 2); leave one out"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "titles", "split", "documents"),
    [
        (["--seeds", 2], ["training (tiny, seed 13)", "training (tiny, seed 14)"],
         "2-seed date", 12),
        (["--folds", 2, "--folds-by", "writer"], ["fold 1 of 2 (tiny)", "fold 2 of 2 (tiny)"],
         "2-fold by-writer", 20),
    ],
)  # fmt: skip
def test_trainings_repeated_are_scored_together_and_leave_no_bundle(
    options: list[object],
    titles: list[str],
    split: str,
    documents: int,
    files: list[object],
    ombud: Command,
    tmp_path: Path,
) -> None:
    ended = ombud(
        "train",
        *files,
        *options,
        *("--device", "cpu", "--tracking-uri", f"sqlite:///{_store(tmp_path)}"),
    )
    assert ended.code == 0, ended.err
    assert all(f"{title}: epoch 4/4" in ended.err for title in titles)
    for view in ("statement", "complaint"):
        assert f"view {view}, authored data, {split} split: outcome and reasons" in ended.out
    assert f"{documents} documents in {documents} groups" in ended.out
    assert not (tmp_path / "models").exists()


class _Stop(TrainerCallback):
    def on_epoch_end(self, args: object, state: object, control: object, **kwargs: object) -> None:
        if state.global_step == 2:
            raise KeyboardInterrupt


@pytest.mark.slow
def test_a_training_that_stopped_goes_on_and_cleans_up(
    files: list[object], ombud: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, kept = tmp_path / "bundle", tmp_path / "bundle.checkpoints"
    more = ["--out", out, "--device", "cpu", "--checkpoint-every", 0]
    more += ["--tracking-uri", f"sqlite:///{_store(tmp_path)}"]
    with monkeypatch.context() as patch:
        patch.setattr(ProgressCallback, "on_epoch_end", _Stop.on_epoch_end, raising=False)
        ended = ombud("train", *files, *more, "--resume")
    assert ended.code == 130
    assert f"no checkpoint in {kept}: training from the beginning\n" in ended.err
    assert not out.exists()
    assert [path.name for path in kept.glob("[1-9]*")] == ["1-heads-0000001"]

    ended = ombud("train", *files, *more)
    assert ended.code == 2
    assert ended.err.endswith(
        f"ombud: {kept}: expected no checkpoints of an earlier training, found 1-heads-0000001; go "
        "on from them with --resume, or remove the folder\n"
    )

    ended = ombud("train", *files, *more, "--resume")
    assert ended.code == 0, ended.err
    assert f"going on from checkpoint {kept / '1-heads-0000001'}\n" in ended.err
    assert "no training document gives " in ended.err
    assert json.loads((out / "manifest.json").read_text())["name"] == "ombud"
    assert not kept.exists()


@pytest.mark.slow
def test_a_folder_that_was_named_is_kept(
    files: list[object], ombud: Command, tmp_path: Path
) -> None:
    kept = tmp_path / "mine"
    ended = ombud(
        "train",
        *files,
        *("--out", tmp_path / "bundle", "--device", "cpu", "--checkpoints", kept),
        *("--tracking-uri", f"sqlite:///{_store(tmp_path)}"),
    )
    assert ended.code == 0, ended.err
    found = Checkpoints(kept).latest()
    assert found is not None
    assert found.path.name == "1-heads-finished"


def _store(folder: Path) -> Path:
    """Return a database with all of MLflow's tables."""
    path = folder / "mlflow.db"
    if not path.exists():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

            SqlAlchemyStore(f"sqlite:///{path}", str(folder / "artifacts"))
    return path
