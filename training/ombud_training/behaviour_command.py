"""`ombud behaviour`: what a bundle can do, capability by capability."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from ombud_training.behaviour import CapabilityResult

__all__ = ["behaviour"]


def behaviour(
    bundle: Annotated[Path, typer.Argument(help="Folder of the bundle.")],
    cases: Annotated[
        Path, typer.Option(help="Folder of the cases, one YAML file a capability.")
    ] = Path("tests/behaviour/cases"),
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="Form of the figures.")
    ] = "text",
    failures: Annotated[
        bool, typer.Option("--failures", help="Name every failed case and what was found.")
    ] = False,
    bounds: Annotated[
        Path | None,
        typer.Option(help="Raise the bounds kept here (JSON) to what the bundle reaches."),
    ] = None,
) -> None:
    """Run the behaviour tests on a bundle: minimum functionality, invariance, direction."""
    from ombud.predictor import load
    from ombud_training.behaviour import by_kind, run_behaviour
    from ombud_training.behaviour_bounds import raise_bounds

    results = run_behaviour(load(bundle), cases)
    if bounds is not None:
        raise_bounds(bounds, results)
    if form == "json":
        kinds = [kind.to_json() for kind in by_kind(results)]
        capabilities = [result.to_json() for result in results]
        typer.echo(json.dumps({"kinds": kinds, "capabilities": capabilities}))
    else:
        _print(results, failures=failures)


def _print(results: Sequence[CapabilityResult], *, failures: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    from ombud_training.behaviour import by_kind

    console = Console(width=140) if not Console().is_terminal else Console()
    table = Table("capability", "kind", "view", title="Behaviour tests")
    sums = Table("kind", title="All capabilities of a kind, beside the target")
    for column in ("cases", "passed", "share", "mean change"):
        table.add_column(column, justify="right")
    for column in ("capabilities", "cases", "passed", "share", "mean change", "target", "met"):
        sums.add_column(column, justify="right")
    for result in results:
        table.add_row(
            result.capability,
            result.kind,
            ", ".join(result.views),
            str(result.cases),
            str(result.passed),
            f"{result.share:.1%}",
            _change(result.mean_change),
        )
    for kind in by_kind(results):
        target = f"change ≤ {kind.target}" if kind.kind == "fairness" else f"≥ {kind.target:.0%}"
        sums.add_row(
            kind.kind,
            str(kind.capabilities),
            str(kind.cases),
            str(kind.passed),
            f"{kind.share:.1%}",
            _change(kind.mean_change),
            target,
            "yes" if kind.met else "no",
        )
    console.print(table)
    console.print(sums)
    if failures:
        for result in results:
            for case in result.results:
                if not case.passed:
                    typer.echo(f"{result.capability}/{case.id}: {case.found}")


def _change(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"
