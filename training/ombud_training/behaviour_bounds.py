"""Bounds of the behaviour tests: what a bundle has reached, so that no later one falls behind.

A bound is a ratchet: it rises with what is reached and never falls. The targets stand beside.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ombud.atomic import replacing
from ombud.errors import InputError, OutputError, first_line
from ombud_training.behaviour import MOST_CHANGE, TARGETS, CapabilityResult

__all__ = ["Bound", "raise_bounds", "read_bounds"]


@dataclass(frozen=True, slots=True)
class Bound:
    """What was reached of one capability: passed cases, or for fairness the mean change."""

    cases: int
    passed: int
    mean_change: float | None


def read_bounds(path: Path) -> dict[str, Bound]:
    """Return the bounds kept at `path`, by capability.

    Raises:
        InputError: If the file is no file of bounds.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        own = content["capabilities"]
        return {name: Bound(**values) for name, values in own.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = (
            f"{path}: expected bounds of the behaviour tests, found none ({first_line(error)}); "
            "write them with 'ombud behaviour --bounds'"
        )
        raise InputError(message) from error


def raise_bounds(path: Path, results: Sequence[CapabilityResult]) -> None:
    """Keep at `path` what `results` reach, where that is more than what is kept there.

    A capability whose number of cases has changed, or that is new, gets what is reached; one that
    is gone is dropped.

    Raises:
        InputError: If there is a file that holds no bounds.
        OutputError: If it cannot be written.
    """
    kept = read_bounds(path) if path.exists() else {}
    bounds = {result.capability: _raised(kept.get(result.capability), result) for result in results}
    content: dict[str, Any] = {
        "targets": {**TARGETS, "fairness_mean_change": MOST_CHANGE},
        "capabilities": {
            name: {"cases": b.cases, "passed": b.passed, "mean_change": b.mean_change}
            for name, b in sorted(bounds.items())
        },
    }
    try:
        with replacing(path) as temporary:
            temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        message = (
            f"{path}: expected a file that can be written, found {error.strerror}; "
            "name another with --bounds"
        )
        raise OutputError(message) from error


def _raised(kept: Bound | None, result: CapabilityResult) -> Bound:
    change = result.mean_change if result.kind == "fairness" else None
    # Rounded up, so that the bundle that set a bound keeps it.
    reached = None if change is None else math.ceil(round(change * 1e4, 6)) / 1e4
    if kept is None or kept.cases != result.cases:
        return Bound(result.cases, result.passed, reached)
    if reached is not None and kept.mean_change is not None:
        reached = min(reached, kept.mean_change)
    return Bound(result.cases, max(result.passed, kept.passed), reached)
