"""What tables of all commands have in common."""

from __future__ import annotations

import sys
from typing import Final

__all__ = ["plain_width"]

_WIDTH: Final = 140


def plain_width() -> int | None:
    """Return the width of tables: the terminal's own, or a fixed one where there is none."""
    return None if sys.stdout.isatty() else _WIDTH
