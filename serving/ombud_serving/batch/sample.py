"""Rows of the sample of a report, with their passages marked in the text around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from ombud_serving.batch.figures import Drawn

__all__ = ["Piece", "Sampled", "marked", "read_sample"]

_AROUND: Final = 160
"""Characters shown before and after a passage."""
_LONGEST: Final = 1500
"""Characters of one passage that are shown."""
_PASSAGES: Final = 12
"""Passages of one row that are shown."""
_SHORT: Final = 500
"""Characters kept of a column."""
_GAP: Final = " […] "
_BATCH: Final = 64


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and the labels that they support if they are a passage.

    Attributes:
        words: The words.
        supports: Label and contribution to its logit; empty for words between passages.
        section: Kind of the section of a passage.
    """

    words: str
    supports: tuple[tuple[str, float], ...] = ()
    section: str = ""


@dataclass(frozen=True, slots=True)
class Sampled:
    """A row of the sample: its columns, and its passages with what stands around them."""

    columns: Mapping[str, Any]
    pieces: tuple[Piece, ...]
    in_text: bool
    left_out: int


def read_sample(paths: Sequence[Path], drawn: Sequence[Drawn], text: str = "") -> list[Sampled]:
    """Read the rows that were drawn.

    Args:
        paths: The parts.
        drawn: Which rows, in order.
        text: Column of the parts with the whole text, '' if there is none: then passages are
            shown without what stands around them.
    """
    return [
        _sampled(row, text)
        for part, rows in groupby(drawn, key=lambda one: one.part)
        for row in _rows(paths[part], {one.number for one in rows})
    ]


def _rows(path: Path, wanted: set[int]) -> Iterator[dict[str, Any]]:
    first = 0
    with pq.ParquetFile(path) as table:
        for batch in table.iter_batches(batch_size=_BATCH):
            found = sorted(number for number in wanted if first <= number < first + len(batch))
            for number in found:
                [row] = batch.slice(number - first, 1).to_pylist()
                yield row
            first += len(batch)


def _sampled(row: Mapping[str, Any], text: str) -> Sampled:
    passages = row["rationale"][:_PASSAGES]
    whole = row.get(text) if text else None
    # A column of that name that is not the text that was scored shows passages alone.
    known = isinstance(whole, str) and all(
        whole[passage["start"] : passage["end"]] == passage["text"] for passage in passages
    )
    return Sampled(
        columns={name: _short(value) for name, value in row.items() if name != "rationale"},
        pieces=tuple(marked(whole if known else None, passages)),
        in_text=known,
        left_out=len(row["rationale"]) - len(passages),
    )


def _short(value: Any) -> Any:
    # A kept column may hold whole documents, and the sample has many rows.
    return value[:_SHORT] if isinstance(value, str | bytes) else value


def marked(text: str | None, passages: Sequence[Mapping[str, Any]]) -> Iterator[Piece]:
    """Yield passages in order with some of the text around them, what is left out as a gap.

    Args:
        text: What the passages are offsets of; `None` if it is not known.
        passages: As columns, in text order.
    """
    shown_to = 0
    for number, passage in enumerate(passages):
        if text is None:
            if number:
                yield Piece(_GAP)
        else:
            begin = max(shown_to, passage["start"] - _AROUND)
            if begin > shown_to:
                yield Piece(_GAP.lstrip() if not number else _GAP)
            if begin < passage["start"]:
                yield Piece(text[begin : passage["start"]])
        words = passage["text"]
        if len(words) > _LONGEST:
            words = words[:_LONGEST] + "…"
        supports = tuple((s["label"], s["contribution"]) for s in passage["supports"])
        yield Piece(words, supports, passage["section"])
        if text is not None:
            following = passages[number + 1]["start"] if number + 1 < len(passages) else len(text)
            shown_to = min(passage["end"] + _AROUND, following)
            if shown_to > passage["end"]:
                yield Piece(text[passage["end"] : shown_to])
    if text is not None and passages and shown_to < len(text):
        yield Piece(_GAP.rstrip())
