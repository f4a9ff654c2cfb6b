"""The subcommands that training adds to `ombud`: train, evaluate, measure."""

from __future__ import annotations

import typer

from ombud_training.behaviour_command import behaviour
from ombud_training.bench_command import add_benchmarks
from ombud_training.curve_command import learning_curve
from ombud_training.evaluate_command import evaluate
from ombud_training.speed_command import gpu_check
from ombud_training.train_command import train

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands that train, evaluate and measure to `app`."""
    app.command("train")(train)
    app.command("evaluate")(evaluate)
    app.command("behaviour")(behaviour)
    app.command("learning-curve")(learning_curve)
    add_benchmarks(app)
    app.command("gpu-check")(gpu_check)
