"""Checkpoints of a training: a folder each, there whole or not at all.

A folder is written beside its place, flushed, listed with the SHA-256 of every file in
`checkpoint.json`, and renamed last. What a killed process, a full disk or a bad copy left is
never taken for a checkpoint: it is skipped and named.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import logging
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout
from safetensors import SafetensorError

from ombud.atomic import replacing_folder
from ombud.errors import OutputError, UsageError, first_line
from ombud_training.device import gpu_failure

__all__ = ["WEIGHTS", "Checkpoint", "Checkpoints", "Progress"]

WEIGHTS: Final = "model.safetensors"
"""Name of the file of weights in each checkpoint."""

_LIST: Final = "checkpoint.json"
_FORMAT: Final = 1
_KEPT: Final = 2
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a training has come.

    Attributes:
        stage: Number of the stage, from 1.
        name: What the stage is called.
        step: Steps done in it.
        finished: Whether the stage is over.
        micro_batch: Readings a process had in memory at once.
        losses: Logged losses of the stages before, and of this one where it is finished.
        notes: What else belongs to the stage: early stopping, loss since the last log.
    """

    stage: int
    name: str
    step: int
    finished: bool
    micro_batch: int
    losses: tuple[tuple[int, float], ...]
    notes: dict[str, Any]

    @property
    def folder(self) -> str:
        """Name of the folder: a later one sorts after an earlier one."""
        return f"{self.stage}-{self.name}-{'finished' if self.finished else f'{self.step:07}'}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A whole checkpoint.

    Attributes:
        path: Its folder.
        progress: How far the training had come.
        training: What tells this training from others.
        device: Where it ran, and whether in bf16.
    """

    path: Path
    progress: Progress
    training: dict[str, Any]
    device: dict[str, Any]

    @property
    def weights(self) -> Path:
        """File of the model's weights."""
        return self.path / WEIGHTS


class Checkpoints:
    """The checkpoints of one training in one folder; the last two are kept."""

    def __init__(self, folder: Path, seconds: float = 120.0) -> None:
        """Keep checkpoints in `folder`, at least `seconds` apart and at the end of each stage."""
        self.folder = folder
        self.seconds = seconds

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep other trainings out of the folder meanwhile.

        Raises:
            OutputError: If the folder cannot be made, or another training is at work in it.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / ".lock")
            lock.acquire(blocking=False)
        except Timeout as error:
            message = (
                f"{self.folder}: expected a folder for this training alone, found another "
                "training at work in it; wait for it or name another with --checkpoints"
            )
            raise OutputError(message) from error
        except OSError as error:
            message = (
                f"{self.folder}: expected a folder for checkpoints, found: "
                f"{(error.strerror or str(error)).lower()}; name another with --checkpoints"
            )
            raise OutputError(message) from error
        try:
            yield
        finally:
            lock.release()

    def refuse_earlier(self) -> None:
        """Raise where the folder holds checkpoints that this training would not go on from.

        Raises:
            UsageError: If there are any.
        """
        found = [path.name for path in self._folders()]
        if found:
            message = (
                f"{self.folder}: expected no checkpoints of an earlier training, found "
                f"{', '.join(found)}; go on from them with --resume, or remove the folder"
            )
            raise UsageError(message)

    def latest(self) -> Checkpoint | None:
        """Return the latest whole checkpoint; name, on the log, each that is not whole."""
        for path in sorted(self.folder.glob(".*.tmp")):
            _LOG.warning("skipped incomplete checkpoint %s: it was being written", path)
            shutil.rmtree(path, ignore_errors=True)
        for path in reversed(self._folders()):
            found, wrong = _read(path)
            if found is not None:
                return found
            _LOG.warning("skipped incomplete checkpoint %s: %s", path, wrong)
        return None

    def write(
        self,
        progress: Progress,
        training: dict[str, Any],
        device: dict[str, Any],
        fill: Callable[[Path], None],
    ) -> bool:
        """Write a checkpoint whose files `fill` puts into a folder, and drop old ones.

        What keeps it from being written (a full disk, say) is named on the log, and the
        checkpoints before stay: a training outlives its disk.

        Returns:
            Whether it was written.

        Raises:
            RuntimeError: If the GPU that holds the weights failed.
        """
        path = self.folder / progress.folder
        try:
            with replacing_folder(path) as temporary:
                fill(temporary)
                content = {
                    "format": _FORMAT,
                    "progress": dataclasses.asdict(progress),
                    "training": training,
                    "device": device,
                    "files": {
                        file.relative_to(temporary).as_posix(): _digest(file)
                        for file in sorted(temporary.rglob("*"))
                        if file.is_file()
                    },
                }
                (temporary / _LIST).write_text(json.dumps(content, indent=1), encoding="utf-8")
        except (OSError, SafetensorError, RuntimeError) as error:
            if gpu_failure(error):
                raise
            # The writers of weights say in their own ways that a disk is full.
            before = self._folders()
            kept = f"the last good one is {before[-1]}" if before else "there is none yet"
            _LOG.warning(
                "could not write checkpoint %s (%s; %d MB free there); training goes on, %s",
                path,
                first_line(error),
                shutil.disk_usage(self.folder).free // 1_000_000,
                kept,
            )
            return False
        for old in self._folders()[:-_KEPT]:
            shutil.rmtree(old, ignore_errors=True)
        return True

    def remove(self) -> None:
        """Remove all checkpoints, and the folder if nothing else is in it."""
        for path in self._folders():
            shutil.rmtree(path, ignore_errors=True)
        with contextlib.suppress(OSError):
            (self.folder / ".lock").unlink(missing_ok=True)
            self.folder.rmdir()

    def last(self) -> Path | None:
        """Return the folder of the latest checkpoint, unread."""
        folders = self._folders()
        return folders[-1] if folders else None

    def _folders(self) -> list[Path]:
        return sorted(path for path in self.folder.glob("[1-9]-*-*") if path.is_dir())


def _read(path: Path) -> tuple[Checkpoint | None, str]:
    """Return the checkpoint at `path`, or what is wrong with it."""
    try:
        content = json.loads((path / _LIST).read_text(encoding="utf-8"))
        if content["format"] != _FORMAT:
            return None, f"format {content['format']}, this version reads {_FORMAT}"
        for name, digest in content["files"].items():
            if _digest(path / name) != digest:
                return None, f"{name} is not as it was written"
        progress = content["progress"]
        losses = tuple((int(step), float(loss)) for step, loss in progress.pop("losses"))
        found = Progress(losses=losses, **progress)
        return Checkpoint(path, found, content["training"], content["device"]), ""
    except OSError as error:
        missing = Path(error.filename).name if error.filename else path.name
        return None, f"{missing}: {(error.strerror or str(error)).lower()}"
    except (ValueError, KeyError, TypeError, AttributeError):
        return None, f"{_LIST} cannot be read"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
