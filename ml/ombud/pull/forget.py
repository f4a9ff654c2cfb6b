"""Decisions that are no longer published leave a pulled folder and what was made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ombud.pull.store import Store

__all__ = ["Forgotten", "forget"]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed: references of decisions, pages, and rows of each dataset that lost any."""

    references: tuple[str, ...]
    pages: int
    rows: dict[Path, int]


def forget(folder: Path, datasets: Sequence[Path] = ()) -> Forgotten:
    """Remove what is gone from the site: bytes, facts, and rows (vectors too) made of them.

    Only the reference and the date of removal stay (`ombud.pull.forgotten`). Datasets are the
    `.parquet` and `.jsonl` files and the folders made by `ombud corpus import` that are named, in
    folders that are named, and below `folder` itself. They are searched for decisions forgotten earlier too, unless those are published
    again. All of them are looked at before the first is changed; after an interruption the same
    call removes the rest.

    Raises:
        InputError: If `folder` was not made by a pull, or a dataset cannot be read.
        UsageError: If another run holds the folder.
        OutputError: If something cannot be removed.
    """
    # Imports read pulled folders, and what is gone leaves imports: one of the two comes later.
    from ombud.pull.derived import Removal, datasets_in, named_datasets

    with Store.existing(folder) as store:
        decisions = store.decisions()
        gone = [d for d in decisions if d.status == "gone"]
        published = {d.reference for d in decisions if d.status != "gone"}
        references = {d.reference for d in gone} | set(store.forgotten())
        removal = Removal(
            frozenset(d.url.lower() for d in gone),
            frozenset(reference.lower() for reference in references - published),
        )
        files = [*datasets_in(folder), *named_datasets(datasets)]
        files = list(dict.fromkeys(path.resolve() for path in files))
        rows = {path: count for path in files if (count := removal.count(path))}
        for path in rows:
            removal.remove(path)
        pages = sum(store.path(d.sha256).is_file() for d in gone if d.sha256)
        store.forget(gone)
        swept = store.sweep()
    return Forgotten(
        tuple(sorted(d.reference for d in gone)),
        pages + swept,
        rows,
    )
