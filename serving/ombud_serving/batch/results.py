"""What a finished job left in its folder, found again by whatever reads it afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ombud_serving.batch.manifest import read_manifest

__all__ = ["committed", "errors_of"]


def committed(out: Path) -> tuple[dict[str, Any], list[Path]]:
    """Return what `job.json` says and the committed parts, in order.

    Only files that the manifest names are results: a part without a line is one that a killed
    run left behind.

    Raises:
        OSError: If they cannot be read.
        ValueError: If they are not what a job writes.
    """
    job = json.loads((out / "job.json").read_text(encoding="utf-8"))
    if job["job"].get("engine"):
        return job, _of_spark(out / "predictions")
    return job, [out / part.part for part in read_manifest(out / "manifest.jsonl")]


def errors_of(out: Path) -> list[Path]:
    """Return the files with the rejected rows."""
    path = out / "errors.parquet"
    return _of_spark(path) if path.is_dir() else [path]


def _of_spark(folder: Path) -> list[Path]:
    """Return the files that Spark committed: all in the folder, once it says so itself."""
    if not (folder / "_SUCCESS").exists():
        message = f"{folder} without _SUCCESS"
        raise ValueError(message)
    return sorted(folder.glob("part-*"))
