"""Errors: the tree drawn in the module is the tree of the classes."""

from __future__ import annotations

import inspect

import pytest

from ombud import errors
from ombud.errors import OmbudError

CLASSES = [c for _, c in inspect.getmembers(errors, inspect.isclass)]


def drawn() -> dict[str, str]:
    """Return each class of the drawing and the class that it hangs from."""
    parents: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        marks = line.lstrip(" ")
        if not (marks[:1] in "├└│" and marks) and not marks.startswith("OmbudError "):
            continue
        name = marks.lstrip("├└│─ ").split()[0]
        depth = (line.index(name) - 4) // 4
        path[depth:] = [name]
        parents[name] = path[depth - 1] if depth else "Exception"
    return parents


def test_the_tree_drawn_is_true() -> None:
    assert drawn() == {c.__name__: c.__bases__[0].__name__ for c in CLASSES}


def test_all_errors_are_public_and_sorted() -> None:
    assert errors.__all__ == [*sorted(c.__name__ for c in CLASSES), "first_line"]


@pytest.mark.parametrize("error", CLASSES, ids=lambda c: c.__name__)
def test_each_error_says_when_and_how_the_program_ends(error: type[OmbudError]) -> None:
    assert issubclass(error, OmbudError)
    assert (error.__doc__ or "").count("\n") == 0
    assert (error.__doc__ or "").endswith(".")
    own = {errors.RejectedError: 3, errors.BusyError: 4}
    expected = 2 if issubclass(error, errors.UsageError) else 1
    assert error.exit_code == own.get(error, expected)
