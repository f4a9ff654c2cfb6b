"""Which columns of a table are read, and what is said where one is not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ombud.errors import TableError, UnknownColumnError

__all__ = ["FACT_COLUMNS", "Columns", "lacking", "require"]

FACT_COLUMNS: Final = ("body", "category", "subcategory", "decision_date")
"""Columns that are read wherever a table has them."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns to read; a row without an id is called by its number.

    The table must have the text column, and the id column if it is not the default one. `others`
    are read too where the table has them; `named` are those it must have, each with the option
    that named it.
    """

    text: str = "text"
    id: str = "id"
    others: tuple[str, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that a table must have."""
        own = (self.text,) if self.id == "id" else (self.text, self.id)
        return tuple(dict.fromkeys((*own, *self.named)))

    @property
    def all(self) -> tuple[str, ...]:
        """Every column to read where the table has it."""
        read = (self.id, self.text, *FACT_COLUMNS, *self.others, *self.named)
        return tuple(dict.fromkeys(read))


def lacking(columns: Columns, name: str, names: Iterable[str], where: str) -> str:
    """Say in a sentence that a required column is not among the `names` of `where`."""
    option = columns.named.get(name, "--id-column")
    if name == columns.text:
        option = "--text-column"
    return (
        f"{where}: expected a column {name!r}, found {_shown(names)}; "
        f"name the right one with {option}"
    )


def require(columns: Columns, names: Iterable[str], path: Path, lenient: bool) -> str:
    """Return what each row of a table lacks, '' if nothing.

    Raises:
        UnknownColumnError: If a required column is not there, unless `lenient`.
        TableError: If a column is there twice.
    """
    present = list(names)
    problem = ""
    for name in columns.required:
        if name not in present:
            if not lenient:
                raise UnknownColumnError(lacking(columns, name, present, str(path)))
            if name in (columns.text, columns.id):
                problem = problem or f"expected a column {name!r}, found {_shown(present)}"
    if twice := sorted({name for name in present if present.count(name) > 1}):
        message = f"{path}: expected each column once, found {twice[0]!r} twice; rename one"
        raise TableError(message)
    return problem


def _shown(names: Iterable[str]) -> str:
    present = list(names)
    shown = ", ".join(repr(name[:40]) for name in present[:20])
    if len(present) > 20:
        shown += f" and {len(present) - 20} more"
    return shown or "none"
