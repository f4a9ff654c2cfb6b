"""A small dataset with its split and a tiny recipe, as files."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from gold import gold_cases
from ombud.corpus import Split, digest, write_dataset, write_split
from ombud.corpus.split import PARTS
from ombud_training.recipe import Recipe


def write_files(folder: Path, recipe: Recipe, size: int = 4) -> list[object]:
    """Write `cases.parquet`, `split.json` and `tiny.toml`; return a command's arguments.

    Each part of the split holds `size` cases, in order of time.
    """
    rows = gold_cases(size * len(PARTS))
    shares = [rows[n * size : (n + 1) * size] for n in range(len(PARTS))]
    parts = {name: tuple(row.id for row in own) for name, own in zip(PARTS, shares, strict=True)}
    starts = {name: own[0].decision_date for name, own in zip(PARTS, shares, strict=True)}
    write_dataset(rows, folder / "cases.parquet")
    write_split(Split(digest(rows), parts, starts), folder / "split.json")
    values = dataclasses.asdict(recipe) | {"name": "tiny"}
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    (folder / "tiny.toml").write_text("\n".join(lines) + "\n")
    return [
        folder / "cases.parquet",
        *("--split", folder / "split.json"),
        *("--recipe", folder / "tiny.toml"),
    ]
