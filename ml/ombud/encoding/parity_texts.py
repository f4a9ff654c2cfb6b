"""The texts that a bundle carries so that back ends can be compared wherever it is installed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ombud.documents import Document, Facts
from ombud.readers import from_text
from ombud.views import View

__all__ = ["ParityText", "from_json", "to_json"]


@dataclass(frozen=True, slots=True)
class ParityText:
    """A statement and the letter before it; either may be empty."""

    id: str
    statement: str
    letter: str

    def document(self, view: View) -> Document | None:
        """Return what there is for a view to read."""
        text = self.statement if view == "statement" else self.letter
        return from_text(text, self.id, Facts(source="authored")) if text.strip() else None


def to_json(texts: Sequence[ParityText]) -> str:
    """Return the content of `parity.json`."""
    return json.dumps([asdict(text) for text in texts], ensure_ascii=False, indent=1) + "\n"


def from_json(content: str) -> tuple[ParityText, ...]:
    """Return what `to_json` wrote.

    Raises:
        ValueError, TypeError: If it is something else.
    """
    found = json.loads(content)
    if not isinstance(found, list):
        message = "a parity.json that holds no list of texts"
        raise TypeError(message)
    return tuple(ParityText(**text) for text in found)
