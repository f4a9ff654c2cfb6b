"""Splits: by decision date, and into folds; groups and identical texts are never divided."""

from __future__ import annotations

import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ombud.atomic import replacing
from ombud.corpus.dataset import GoldCase, digest
from ombud.errors import InputError

__all__ = ["PARTS", "Split", "date_split", "folds", "read_split", "write_split"]

PARTS: Final = ("train", "validation", "test_1", "test_2", "test_3")
"""Parts in order of time: three test periods, each later than the one before."""

_SHARES: Final = (0.55, 0.15, 0.10, 0.10, 0.10)


@dataclass(frozen=True, slots=True)
class Split:
    """Ids by part, the first date of each part, and the digest of the dataset split."""

    dataset: str
    parts: Mapping[str, tuple[str, ...]]
    starts: Mapping[str, str]

    @property
    def digest(self) -> str:
        """SHA-256 of the whole split."""
        return hashlib.sha256(json.dumps(self._plain(), sort_keys=True).encode()).hexdigest()

    def part(self, name: str, rows: Sequence[GoldCase]) -> list[GoldCase]:
        """Return the rows of one part; `test` is all test periods together."""
        names = [p for p in PARTS if p == name or (name == "test" and p.startswith("test"))]
        wanted = {identifier for p in names for identifier in self.parts[p]}
        return [row for row in rows if row.id in wanted]

    def _plain(self) -> dict[str, object]:
        return {
            "dataset": self.dataset,
            "parts": {name: list(ids) for name, ids in self.parts.items()},
            "starts": dict(self.starts),
        }


def date_split(rows: Sequence[GoldCase]) -> Split:
    """Split `rows` by decision date into train, validation and three test periods.

    Near-duplicates (one group, or one text) go where their earliest member goes.

    Raises:
        InputError: If there are fewer groups than parts.
    """
    groups = _groups(rows)
    if len(groups) < len(PARTS):
        message = f"expected at least {len(PARTS)} groups of cases to split, found {len(groups)}"
        raise InputError(message)
    ordered = sorted(groups, key=lambda group: (min(r.decision_date for r in group), group[0].id))
    parts: dict[str, list[str]] = {name: [] for name in PARTS}
    starts: dict[str, str] = {}
    bounds = [sum(_SHARES[: i + 1]) * len(rows) for i in range(len(PARTS))]
    placed = 0
    part = 0
    for group in ordered:
        while part < len(PARTS) - 1 and placed >= bounds[part] and parts[PARTS[part]]:
            part += 1
        name = PARTS[part]
        starts.setdefault(name, min(r.decision_date for r in group))
        parts[name] += [row.id for row in group]
        placed += len(group)
    return Split(digest(rows), {n: tuple(ids) for n, ids in parts.items()}, starts)


def folds(rows: Sequence[GoldCase], count: int, seed: int) -> list[list[GoldCase]]:
    """Return `count` folds of whole groups, outcomes spread evenly."""
    generator = random.Random(seed)
    groups = _groups(rows)
    generator.shuffle(groups)
    # Rarest main reason and outcome first, each group to the fold with least of its outcome.
    filled: list[list[GoldCase]] = [[] for _ in range(count)]
    for group in sorted(groups, key=lambda g: (g[0].outcome, g[0].reasons[0].label)):
        target = min(
            filled,
            key=lambda fold: (
                sum(row.outcome == group[0].outcome for row in fold),
                len(fold),
            ),
        )
        target.extend(group)
    return filled


def write_split(split: Split, path: Path) -> None:
    """Write the split as JSON, with its digest."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        content = {**split._plain(), "digest": split.digest}
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def read_split(path: Path) -> Split:
    """Read a split file.

    Raises:
        InputError: If it is missing, damaged, or its digest does not fit its content.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        split = Split(
            content["dataset"],
            {name: tuple(content["parts"][name]) for name in PARTS},
            content["starts"],
        )
        found = content["digest"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{path}: expected a split file, found: {error}; make it with 'ombud corpus split'"
        raise InputError(message) from error
    if found != split.digest:
        message = f"{path}: expected digest {split.digest}, found {found}; make the split again"
        raise InputError(message)
    return split


def _groups(rows: Sequence[GoldCase]) -> list[list[GoldCase]]:
    """Return rows joined by group or by identical text, in order of first row."""
    leader: dict[str, str] = {}
    by_text: dict[str, str] = {}
    members: defaultdict[str, list[GoldCase]] = defaultdict(list)
    for row in rows:
        text = " ".join(row.text.split())
        key = leader.get(row.group) or by_text.get(text) or row.group
        leader[row.group] = key
        by_text[text] = key
        members[key].append(row)
    return list(members.values())
