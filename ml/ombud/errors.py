"""Every error ombud raises on purpose.

    OmbudError                   anything a caller may want to catch
    ├── UsageError               the call itself is wrong (exit code 2)
    │   ├── UnknownColumnError   a named column is not in the table
    │   ├── RecipeError          a training recipe has an unknown key or impossible value
    │   └── MissingExtraError    an optional dependency is not installed
    ├── InputError               a text, file or row cannot be read (exit code 1)
    │   ├── EmptyTextError       there is no readable character in it
    │   ├── TableError           a table is damaged or not what its ending says
    │   └── TextTooLargeError    it is longer than the stated limit
    ├── OutputError              results cannot be written
    │   └── BusyError            another run writes to the same folder (exit code 4)
    ├── RejectedError            more was rejected than is allowed (exit code 3)
    ├── AuthoringError           a case file breaks the authoring rules
    ├── BundleError              a bundle is missing, damaged or of an unknown format
    ├── EncoderError             encoder files are missing or not the expected ones
    ├── TrainingError            a training cannot go on
    ├── PullError                decisions cannot be pulled from a site
    │   ├── FetchError           an address gave no usable answer
    │   └── LayoutError          a page is not laid out as the site's pages are
    └── ServiceError             the HTTP service cannot start

Every message is one sentence: what was expected, what was found, what to do.
"""

from __future__ import annotations

__all__ = [
    "AuthoringError",
    "BundleError",
    "BusyError",
    "EmptyTextError",
    "EncoderError",
    "FetchError",
    "InputError",
    "LayoutError",
    "MissingExtraError",
    "OmbudError",
    "OutputError",
    "PullError",
    "RecipeError",
    "RejectedError",
    "ServiceError",
    "TableError",
    "TextTooLargeError",
    "TrainingError",
    "UnknownColumnError",
    "UsageError",
    "first_line",
]


class OmbudError(Exception):
    """Base of every error that ombud raises on purpose."""

    exit_code = 1


class UsageError(OmbudError):
    """Raised when the call itself is wrong."""

    exit_code = 2


class UnknownColumnError(UsageError):
    """Raised when a column named by the caller is not in the table."""


class InputError(OmbudError):
    """Raised when a text, a file or a row cannot be read."""


class EmptyTextError(InputError):
    """Raised when an input holds no readable character."""


class TextTooLargeError(InputError):
    """Raised when an input is longer than the stated limit."""


class TableError(InputError):
    """Raised when a table is damaged or not what the ending of its file says."""


class OutputError(OmbudError):
    """Raised when results cannot be written."""


class BusyError(OutputError):
    """Raised when another run writes to the same folder; later there may be none."""

    exit_code = 4


class RejectedError(OmbudError):
    """Raised when more of an input was rejected than the caller allows."""

    exit_code = 3


class AuthoringError(OmbudError):
    """Raised when a case file breaks the rules of the authored corpus."""


class BundleError(OmbudError):
    """Raised when a bundle is missing, damaged or of an unknown format."""


class EncoderError(OmbudError):
    """Raised when encoder files are missing or are not the expected ones."""


class TrainingError(OmbudError):
    """Raised when a training cannot go on."""


class PullError(OmbudError):
    """Raised when decisions cannot be pulled from a site."""


class FetchError(PullError):
    """Raised when an address gives no usable answer."""


class LayoutError(PullError):
    """Raised when a page is not laid out as the site's pages are."""


class RecipeError(UsageError):
    """Raised when a recipe has an unknown key or an impossible value."""


class ServiceError(OmbudError):
    """Raised when the HTTP service cannot start."""


class MissingExtraError(UsageError):
    """Raised when an optional dependency is needed and not installed."""


def first_line(error: BaseException) -> str:
    """Return the first line of what an error of a library says, or its name if it says nothing."""
    lines = str(error).splitlines()
    return lines[0] if lines else type(error).__name__
