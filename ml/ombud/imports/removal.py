"""Rows taken out of an imported dataset, its counts and digest true again afterwards."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from ombud.atomic import replacing_folder
from ombud.imports.card import dataset_card
from ombud.imports.dataset import DATA, REJECTS, SUMMARY, Summary, read_imported, without_found
from ombud.imports.parts import Parts

__all__ = ["count_rows", "is_imported", "remove_rows"]

Meant = Callable[[Mapping[str, Any]], bool]
"""Says of a row, or of a line of the rejects, whether it is meant."""


def is_imported(folder: Path) -> bool:
    """Return whether an import wrote the folder."""
    return (folder / SUMMARY).is_file() and (folder / DATA).is_dir()


def count_rows(folder: Path, meant: Meant) -> int:
    """Return how many rows and rejects of a dataset are meant.

    Raises:
        InputError: If it is damaged, or of another schema version.
    """
    read_imported(folder, ["id"])
    rows = sum(meant(row) for row in _rows(folder))
    return rows + sum(meant(line) for line in _rejects(folder))


def remove_rows(folder: Path, meant: Meant) -> None:
    """Put in the place of a dataset the same without the rows and rejects that are meant.

    Raises:
        InputError: If it is damaged, or of another schema version.
    """
    read_imported(folder, ["id"])
    summary = Summary(**json.loads((folder / SUMMARY).read_text(encoding="utf-8")))
    sources: dict[str, Counter[str]] = {}
    digest = hashlib.sha256()
    with replacing_folder(folder) as made:
        parts = Parts(made / DATA)
        with parts:
            for row in _rows(folder):
                if not meant(row):
                    parts.add(row)
                    digest.update(json.dumps(row, sort_keys=True).encode())
                    sources.setdefault(row["source"], Counter())[row["outcome"]] += 1
        rejects = [line for line in _rejects(folder) if not meant(line)]
        lines = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in rejects)
        (made / REJECTS).write_text(lines, "utf-8", errors="backslashreplace")
        written = sum(counts.total() for counts in sources.values())
        left = replace(
            summary,
            read=written + len(rejects),
            written=written,
            parts=parts.count,
            rejected=len(rejects),
            sources={source: dict(sorted(counts.items())) for source, counts in sources.items()},
            reasons=dict(Counter(without_found(line["reason"]) for line in rejects).most_common()),
            digest=digest.hexdigest(),
        )
        content = json.dumps(asdict(left), indent=1, ensure_ascii=False) + "\n"
        (made / SUMMARY).write_text(content, "utf-8", errors="backslashreplace")
        card = dataset_card(asdict(left))
        (made / "README.md").write_text(card, "utf-8", errors="backslashreplace")


def _rows(folder: Path) -> Iterator[dict[str, Any]]:
    for part in sorted((folder / DATA).glob("part-*.parquet")):
        with pq.ParquetFile(part) as table:
            for batch in table.iter_batches(batch_size=256):
                yield from batch.to_pylist()


def _rejects(folder: Path) -> Iterator[dict[str, Any]]:
    # Not `splitlines`: a reason may hold a Unicode line separator.
    for line in (folder / REJECTS).read_text(encoding="utf-8").split("\n"):
        if line:
            yield json.loads(line)
