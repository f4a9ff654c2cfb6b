"""The command `ombud`: subcommands of all installed packages, errors as one sentence."""

from __future__ import annotations

import importlib.metadata
import logging
import os
import sys
import warnings
from typing import Final

import typer

from ombud.errors import OmbudError

__all__ = ["main"]

_GROUP: Final = "ombud.commands"


def main() -> None:
    """Run the command line; exit code 0 done, 1 the work failed, 2 wrong use."""
    _quieten()
    app = typer.Typer(
        name="ombud",
        help="Predicts how complaints to the Ombudsman end, for which reasons, and why.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for entry in sorted(importlib.metadata.entry_points(group=_GROUP), key=lambda e: e.name):
        entry.load()(app)
    try:
        app(prog_name="ombud")
    except OmbudError as error:
        typer.echo(f"ombud: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of a pipe has gone; nothing is lost and nothing is left to say.
        sys.stdout = None
        sys.exit(1)
    except KeyboardInterrupt:
        typer.echo("ombud: stopped by the user", err=True)
        sys.exit(130)


def _quieten() -> None:
    """Keep libraries from writing to the terminal and the network."""
    os.environ.setdefault("HF_HUB_OFFLINE", os.environ.get("OMBUD_HUB_OFFLINE", "0"))
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("DO_NOT_TRACK", "true")
    logging.basicConfig(level=logging.WARNING, format="ombud: %(message)s", stream=sys.stderr)
    warnings.simplefilter("ignore")
