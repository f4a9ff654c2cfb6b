"""What a pull brought, for whoever makes a dataset of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ombud.documents import Document, Facts
from ombud.errors import InputError
from ombud.pull.pages import read_decision
from ombud.pull.store import Store

__all__ = ["PulledPage", "forgotten", "pulled_pages"]


@dataclass(frozen=True, slots=True)
class PulledPage:
    """A page in a pulled folder: where its bytes are, where it is from, what it says of itself.

    `charset` is the encoding in which the bytes were found to be.
    """

    path: Path
    url: str
    facts: Facts
    charset: str

    def document(self) -> Document:
        """Return the decision that the page shows.

        Raises:
            InputError: If the bytes are no longer there as they came.
            LayoutError: If this version of the reader finds no decision in them.
        """
        try:
            html = self.path.read_bytes().decode(self.charset)
        except OSError as error:
            found = (error.strerror or str(error)).lower()
            message = f"{self.path}: expected the page as it was pulled, found: {found}"
            message += "; pull again"
            raise InputError(message) from error
        except UnicodeDecodeError as error:
            message = f"{self.path}: expected the page as it was pulled, found it changed"
            message += "; pull again"
            raise InputError(message) from error
        return read_decision(html, self.url)


def pulled_pages(folder: Path) -> Iterator[PulledPage]:
    """Yield the pages that a pull brought and that are still published, by month of decision.

    Raises:
        InputError: If `folder` was not made by a pull, or its index is damaged.
    """
    with Store.read(folder) as store:
        decisions = [d for d in store.decisions() if d.status == "fetched"]
        paths = [store.path(d.sha256) for d in decisions]
    for decision, path in zip(decisions, paths, strict=True):
        yield PulledPage(path, decision.url, decision.facts, decision.charset)


def forgotten(folder: Path) -> dict[str, str]:
    """Return references that were forgotten and when (UTC, ISO 8601), in order of reference.

    Raises:
        InputError: If `folder` was not made by a pull, or its index is damaged.
    """
    with Store.read(folder) as store:
        return store.forgotten()
