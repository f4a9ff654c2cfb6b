"""Splits: by decision date, and into folds; groups and near-duplicates are never divided."""

from __future__ import annotations

import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ombud.atomic import replacing
from ombud.corpus.dataset import GoldCase, digest
from ombud.corpus.duplicates import NearDuplicate, near_duplicates
from ombud.errors import InputError

__all__ = [
    "PARTS",
    "FoldsBy",
    "Split",
    "date_split",
    "duplicate_groups",
    "folds",
    "near_duplicate_rows",
    "read_split",
    "write_split",
]

PARTS: Final = ("train", "validation", "test_1", "test_2", "test_3")
"""Parts in order of time: three test periods, each later than the one before."""
FoldsBy: TypeAlias = Literal["group", "writer"]
"""What no fold divides."""

_PERCENT: Final = (55, 15, 10, 10, 10)


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
        """Return the rows of one part; `test` is all test periods together.

        Raises:
            InputError: If there is no such part.
        """
        if name not in (*PARTS, "test"):
            message = f"expected a part out of {', '.join(PARTS)} or test, found {name!r}"
            raise InputError(message)
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

    Near-duplicates (one group, one text, or a near-duplicate statement or letter) go where their
    earliest member goes. The rows of one date stand in one part, so that each part begins later
    than the one before.

    Raises:
        InputError: If there are fewer dates than parts.
    """
    by_date: defaultdict[str, list[GoldCase]] = defaultdict(list)
    for group in duplicate_groups(rows):
        by_date[min(row.decision_date for row in group)] += group
    dates = sorted(by_date)
    if len(dates) < len(PARTS):
        message = (
            f"expected groups of cases first decided on at least {len(PARTS)} dates to split, "
            f"found {len(dates)}; add cases"
        )
        raise InputError(message)
    parts: dict[str, list[str]] = {name: [] for name in PARTS}
    starts: dict[str, str] = {}
    bounds = [sum(_PERCENT[: i + 1]) * len(rows) for i in range(len(PARTS))]
    placed = 0
    part = 0
    for number, date in enumerate(dates):
        # No date is divided, and each later part gets at least one.
        later = len(PARTS) - 1 - part
        full = placed * 100 >= bounds[part] or len(dates) - number <= later
        if later and full and parts[PARTS[part]]:
            part += 1
        starts.setdefault(PARTS[part], date)
        parts[PARTS[part]] += sorted(row.id for row in by_date[date])
        placed += len(by_date[date])
    return Split(digest(rows), {n: tuple(ids) for n, ids in parts.items()}, starts)


def folds(
    rows: Sequence[GoldCase], count: int, seed: int, by: FoldsBy = "group"
) -> list[list[GoldCase]]:
    """Return `count` folds of whole groups, outcomes spread evenly, or of whole writers' batches.

    A model that is scored on the batch of a writer it never read shows what holds for more than the
    way in which its training documents are written.

    Raises:
        InputError: If there are fewer groups or writers than folds, or fewer than two folds.
    """
    blocks = duplicate_groups(rows)
    if by == "writer":
        blocks = _batches(blocks)
    if not 2 <= count <= len(blocks):
        message = f"expected between 2 and {len(blocks)} folds (one a {by}), found {count}"
        raise InputError(message)
    random.Random(seed).shuffle(blocks)

    def place(block: list[GoldCase]) -> tuple[int, str, str]:
        # The largest batch first, or the rarest main reason and outcome.
        if by == "writer":
            return -len(block), "", ""
        return 0, block[0].outcome, block[0].reasons[0].label

    filled: list[list[GoldCase]] = [[] for _ in range(count)]
    for block in sorted(blocks, key=place):
        # Each group goes to the fold with least of its outcome.
        outcome = block[0].outcome if by == "group" else None
        target = min(
            filled, key=lambda fold: (sum(row.outcome == outcome for row in fold), len(fold))
        )
        target.extend(block)
    return filled


def _batches(groups: Sequence[list[GoldCase]]) -> list[list[GoldCase]]:
    """Return groups joined by writer; copies in two batches go where the first of them stands."""
    batches: defaultdict[str, list[GoldCase]] = defaultdict(list)
    for group in groups:
        batches[group[0].writer] += group
    return [batches[writer] for writer in sorted(batches)]


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
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        message = (
            f"{path}: expected a split file, found: {error}; make it with 'ombud corpus split'"
        )
        raise InputError(message) from error
    if found != split.digest:
        message = f"{path}: expected digest {split.digest}, found {found}; make the split again"
        raise InputError(message)
    return split


def near_duplicate_rows(rows: Sequence[GoldCase]) -> list[NearDuplicate]:
    """Return the pairs of rows whose statements, or whose letters, are near-duplicates."""
    found: dict[tuple[int, int], NearDuplicate] = {}
    for texts in ([row.text for row in rows], [row.letter for row in rows]):
        for pair in near_duplicates(texts):
            before = found.get((pair.first, pair.second))
            if before is None or before.jaccard < pair.jaccard:
                found[pair.first, pair.second] = pair
    return [found[numbers] for numbers in sorted(found)]


def duplicate_groups(rows: Sequence[GoldCase]) -> list[list[GoldCase]]:
    """Return rows joined by group, text or near-duplicate, however long the chain, by first row."""
    links = [
        *_same([row.group for row in rows]),
        *_same([" ".join(row.text.split()) for row in rows]),
        *((pair.first, pair.second) for pair in near_duplicate_rows(rows)),
    ]
    first, second = np.array(links, dtype=np.intp).reshape(-1, 2).T
    graph = coo_array((np.ones(len(links)), (first, second)), shape=(len(rows), len(rows)))
    _, component = connected_components(graph, directed=False)
    members: defaultdict[int, list[GoldCase]] = defaultdict(list)
    for row, number in zip(rows, component, strict=True):
        members[int(number)].append(row)
    return list(members.values())


def _same(keys: Sequence[str]) -> list[tuple[int, int]]:
    """Return each row that has the key of an earlier one, with that one."""
    earliest: dict[str, int] = {}
    return [(earliest.setdefault(key, number), number) for number, key in enumerate(keys)]
