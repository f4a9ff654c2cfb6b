"""The columns of an imported dataset: the one table that writer, reader and README share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import pyarrow as pa

__all__ = [
    "COLUMNS",
    "KINDS",
    "REJECT_COLUMNS",
    "SCHEMA",
    "SCHEMA_VERSION",
    "SOURCES",
    "Column",
    "Kind",
    "Source",
    "columns_markdown",
]

SCHEMA_VERSION: Final = 1
"""Raised whenever a column is added, removed or changes its meaning."""

Source = Literal["lgsco", "phso", "housing", "letter", "table"]
SOURCES: Final[tuple[Source, ...]] = ("lgsco", "phso", "housing", "letter", "table")

Kind = Literal["statement", "report", "decision", "finding", "letter", "text"]
KINDS: Final[tuple[Kind, ...]] = ("statement", "report", "decision", "finding", "letter", "text")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its Arrow type, and what it holds."""

    name: str
    type: pa.DataType
    meaning: str


_TEXT: Final = pa.string()
COLUMNS: Final[tuple[Column, ...]] = (
    Column("id", _TEXT, "the row, once in the dataset; `/2` is the second part of a case"),
    Column("group", _TEXT, "the case; the same for its parts, and for LGSCO texts that are equal"),
    Column("source", _TEXT, "lgsco, phso, housing, letter or table; decides what a view may read"),
    Column("kind", _TEXT, "statement, report, decision, finding, letter or text"),
    Column("part", pa.int32(), "which complaint part, from 1; null where there are no parts"),
    Column("parts", pa.int32(), "how many parts the case has; null where there are none"),
    Column("reference", _TEXT, "the case's reference in its own scheme"),
    Column("body", _TEXT, "council, care provider, trust or landlord complained about"),
    Column("category", _TEXT, "the source's category"),
    Column("subcategory", _TEXT, "the source's subcategory"),
    Column("decision_date", _TEXT, "YYYY-MM-DD; empty where the source gives none"),
    Column(
        "outcome",
        _TEXT,
        "upheld, not_upheld or closed_after_initial_enquiries; empty where not known",
    ),
    Column("scheme_outcome", _TEXT, "the source's own words for the outcome"),
    Column("text", _TEXT, "the text as published, unchanged; spans count its code points"),
    Column("url", _TEXT, "where it is published"),
    Column("extra", _TEXT, "JSON object of the source's other fields; empty where none"),
    Column("origin", _TEXT, "file and place that the row was read from"),
)
"""Strings are never null: empty where the source says nothing."""

SCHEMA: Final = pa.schema([pa.field(c.name, c.type) for c in COLUMNS])

REJECT_COLUMNS: Final[tuple[tuple[str, str], ...]] = (
    ("file", "the source file"),
    ("place", "the row in it, counted from 0; empty where the file is one row"),
    ("id", "its id, where one could be read"),
    ("reason", "what was expected and what was found"),
)
"""Keys of each line of `rejects.jsonl`."""


def columns_markdown() -> str:
    """Return the columns as a Markdown table."""
    lines = ["| Column | Type | Meaning |", "|---|---|---|"]
    lines += [f"| `{c.name}` | {c.type} | {c.meaning} |" for c in COLUMNS]
    return "\n".join(lines) + "\n"
