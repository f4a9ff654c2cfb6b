"""Wordings: single authored sentences that give a reason, or only look as if they did."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, cast

from ombud.documents import SECTION_KINDS, SectionKind
from ombud.errors import InputError
from ombud.taxonomy import REASONS
from ombud.views import View

__all__ = ["Wording", "read_wordings", "wordings_digest"]

_REASONS: Final = frozenset(reason.label for reason in REASONS)
_KEYS: Final = frozenset({"labels", "looks_like", "section", "text"})


@dataclass(frozen=True, slots=True)
class Wording:
    """One sentence.

    Attributes:
        text: The sentence.
        section: The kind of section it would stand in; `body` for a sentence of a letter.
        labels: The reasons it gives; none for one that only looks like a reason.
        looks_like: The reason it looks like without giving it; empty for others.
    """

    text: str
    section: SectionKind
    labels: tuple[str, ...]
    looks_like: str = ""

    @property
    def view(self) -> View:
        """Which view would read it."""
        return "complaint" if self.section == "body" else "statement"


def read_wordings(folder: Path) -> list[Wording]:
    """Read every `.jsonl` file of a folder and of those in it, in order of path.

    Raises:
        InputError: If there is none, or if a line is not a wording; file and line are named.
    """
    files = sorted(folder.rglob("*.jsonl"))
    if not files:
        message = f"{folder}: expected a folder of wordings (.jsonl), found none; check the path"
        raise InputError(message)
    return [wording for file in files for wording in _read_file(file)]


def wordings_digest(wordings: Sequence[Wording]) -> str:
    """Return the SHA-256 of the wordings' content."""
    content = json.dumps([asdict(wording) for wording in wordings], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _read_file(file: Path) -> list[Wording]:
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{file}: expected wordings in UTF-8, found: {error}; check the file"
        raise InputError(message) from error
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(_wording(json.loads(line)))
        except (ValueError, TypeError, RecursionError) as error:
            message = f"{file}:{number}: expected a wording, found: {error}; mend the line"
            raise InputError(message) from error
    return found


def _wording(record: Any) -> Wording:
    if not isinstance(record, dict) or record.keys() != _KEYS:
        message = f"something other than an object of {', '.join(sorted(_KEYS))}"
        raise ValueError(message)
    text, section, labels = record["text"], record["section"], record["labels"]
    looks_like = record["looks_like"]
    if not isinstance(text, str) or not text.strip():
        message = "no sentence as text"
        raise ValueError(message)
    if section not in SECTION_KINDS:
        message = f"the section {section!r}"
        raise ValueError(message)
    if not isinstance(labels, list) or not set(labels) <= _REASONS:
        message = f"the labels {labels!r}"
        raise ValueError(message)
    if looks_like and looks_like not in _REASONS:
        message = f"the label {looks_like!r} as looks_like"
        raise ValueError(message)
    return Wording(text.strip(), cast("SectionKind", section), tuple(labels), looks_like)
