"""Figures that take long to measure, kept in one JSON file with the digest of their dataset.

The data card is made of them, so that it can be checked in a second.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from ombud.atomic import replacing
from ombud.errors import InputError, first_line

__all__ = ["as_json", "keep_figures", "plain_numbers", "read_figures"]


def keep_figures(path: Path, name: str, dataset: str, figures: Any) -> None:
    """Put `figures` of the dataset with digest `dataset` under `name` into the file at `path`.

    Raises:
        InputError: If the file is there and damaged.
    """
    kept = read_figures(path) if path.exists() else {}
    kept[name] = {"dataset": dataset, "figures": plain_numbers(figures)}
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        text = json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
        temporary.write_text(text + "\n", encoding="utf-8")


def read_figures(path: Path) -> dict[str, dict[str, Any]]:
    """Return name to `dataset` (a digest) and `figures`.

    Raises:
        InputError: If the file is missing or damaged.
    """
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        for entry in kept.values():
            entry["figures"], entry["dataset"].lower()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        system = error.strerror if isinstance(error, OSError) else None
        found = system.lower() if system else first_line(error)
        message = f"{path}: expected kept figures, found: {found}; make them with 'make card'"
        raise InputError(message) from error
    return dict(kept)


def as_json(content: Any) -> str:
    """Return the content of a JSON file of figures, those that are no number as null."""
    return json.dumps(plain_numbers(content), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def plain_numbers(value: Any) -> Any:
    """Return plain JSON of `value`: floats of six places, no figure as null."""
    if isinstance(value, dict):
        return {str(key): plain_numbers(own) for key, own in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_numbers(own) for own in value]
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    return value
