"""The subcommands that the library adds to `ombud`: `corpus`, `export`, `label` and `predict`.

Each command imports what it runs when it runs, so that `ombud --help` is quick.
"""

from __future__ import annotations

import typer

from ombud.commands.corpus import corpus_commands
from ombud.commands.export import export
from ombud.commands.label import label
from ombud.commands.predict import predict

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the library's subcommands to `app`."""
    app.add_typer(corpus_commands(), name="corpus")
    app.command("export")(export)
    app.command("label")(label)
    app.command("predict")(predict)
