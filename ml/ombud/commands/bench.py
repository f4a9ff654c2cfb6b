"""`ombud bench`: the group that every installed package puts its measurements in."""

from __future__ import annotations

from typing import Final

import typer

__all__ = ["bench_group"]

_NAME: Final = "bench"


def bench_group(app: typer.Typer) -> typer.Typer:
    """Return the group `ombud bench` of `app`, made if there is none yet."""
    for group in app.registered_groups:
        if group.name == _NAME and group.typer_instance is not None:
            return group.typer_instance
    made = typer.Typer(help="Measure quality and speed against others.", no_args_is_help=True)

    @made.callback()
    def bench() -> None:
        """Measure quality and speed against others."""

    app.add_typer(made, name=_NAME)
    return made
