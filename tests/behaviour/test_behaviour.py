"""The behaviour suite on the bundle of `make run`: no capability falls behind what was reached.

The bounds in `bounds.json` are what the quick recipe reaches, raised by `ombud behaviour --bounds`;
the targets stand beside them, and `ombud behaviour` says which are met.
"""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from ombud.predictor import load
from ombud_training.behaviour import CapabilityResult, CaseResult, by_kind, run_behaviour
from ombud_training.behaviour_bounds import Bound, read_bounds

# Hardly ten seconds of work, but a machine that trains beside it may take minutes over them.
pytestmark = pytest.mark.timeout(900)

BUNDLE = Path(__file__).resolve().parents[2] / "models" / "current"
BOUNDS = Path(__file__).parent / "bounds.json"
# Another training, by other data, seed or arithmetic, is another draw: cases near a threshold fall
# either way. A share is behind when it is so many standard errors (Agresti and Coull) below.
ERRORS_OF_A_CAPABILITY, ERRORS_OF_A_KIND = 3.0, 2.0
SLACK_CHANGE = 0.02


@pytest.fixture(scope="module")
def results() -> tuple[CapabilityResult, ...]:
    if not (BUNDLE / "manifest.json").is_file():
        pytest.skip(f"no trained bundle at {BUNDLE}: make one with 'make run'")
    return run_behaviour(load(BUNDLE), Path(__file__).parent / "cases")


def least(passed: int, cases: int, errors: float) -> float:
    """The least share that does not fall behind `passed` of `cases`."""
    share = (passed + 2) / (cases + 4)
    return passed / cases - errors * math.sqrt(share * (1 - share) / (cases + 4))


def behind(result: CapabilityResult, bound: Bound) -> str:
    """What a capability lacks to its bound; nothing where it keeps it."""
    if bound.mean_change is not None:
        change = result.mean_change or 0.0
        most = bound.mean_change + SLACK_CHANGE
        return f"changes by {change:.4f}, at most {most:.4f}" if change > most else ""
    share = least(bound.passed, bound.cases, ERRORS_OF_A_CAPABILITY)
    return f"{result.share:.1%}, at least {share:.1%}" if result.share < share else ""


def test_no_capability_falls_behind(results: tuple[CapabilityResult, ...]) -> None:
    bounds = read_bounds(BOUNDS)
    lacking = {result.capability: behind(result, bounds[result.capability]) for result in results}
    assert {name: lack for name, lack in lacking.items() if lack} == {}


@pytest.mark.parametrize("kind", ["minimum_functionality", "invariance", "direction"])
def test_no_kind_falls_behind(kind: str, results: tuple[CapabilityResult, ...]) -> None:
    bounds = read_bounds(BOUNDS)
    (found,) = (one for one in by_kind(results) if one.kind == kind)
    own = [bounds[result.capability] for result in results if result.kind == kind]
    passed, cases = sum(bound.passed for bound in own), sum(bound.cases for bound in own)
    assert found.share >= least(passed, cases, ERRORS_OF_A_KIND)


def test_a_fall_would_be_found() -> None:
    assert least(219, 365, ERRORS_OF_A_KIND) == pytest.approx(0.549, abs=1e-3)
    result = CapabilityResult(
        "late", "direction", ("statement",), "", tuple(CaseResult(str(n), n < 9) for n in range(15))
    )
    assert behind(result, Bound(15, 15, None)) == "60.0%, at least 78.9%"
    assert behind(result, Bound(15, 11, None)) == ""
    assert behind(result, Bound(15, 9, 0.0)) == ""
    changed = CapabilityResult(
        "title", "fairness", ("statement",), "", (CaseResult("a", False, "", 0.05),)
    )
    assert behind(changed, Bound(1, 1, 0.01)) == "changes by 0.0500, at most 0.0300"
