"""The compiled dataset: one row a published statement, with its letter and gold marks."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from ombud.atomic import replacing
from ombud.corpus.authored import Case, GoldReason
from ombud.corpus.readings import SecondReading, parse_reading
from ombud.corpus.record_checks import check_ids, check_record
from ombud.documents import Document, Facts
from ombud.errors import InputError, first_line
from ombud.readers.text import from_text
from ombud.spans import Span
from ombud.views import Reading, View, read

__all__ = [
    "SCHEMA",
    "GoldCase",
    "GoldReason",
    "compile_cases",
    "complaints",
    "digest",
    "read_dataset",
    "write_dataset",
]

_SPAN: Final = pa.struct([("start", pa.int64()), ("end", pa.int64())])
SCHEMA: Final = pa.schema(
    [
        ("id", pa.string()),
        ("group", pa.string()),
        ("writer", pa.string()),
        ("body", pa.string()),
        ("category", pa.string()),
        ("subcategory", pa.string()),
        ("decision_date", pa.string()),
        ("kind", pa.string()),
        ("outcome", pa.string()),
        ("text", pa.string()),
        ("letter", pa.string()),
        (
            "reasons",
            pa.list_(
                pa.struct(
                    [
                        ("label", pa.string()),
                        ("main", pa.bool_()),
                        ("spans", pa.list_(_SPAN)),
                        ("letter_spans", pa.list_(_SPAN)),
                    ]
                )
            ),
        ),
        (
            "distractors",
            pa.list_(
                pa.struct(
                    [
                        ("looks_like", pa.string()),
                        ("in", pa.string()),
                        ("start", pa.int64()),
                        ("end", pa.int64()),
                    ]
                )
            ),
        ),
        ("readings", pa.list_(pa.string())),
    ]
)
"""Columns of the dataset; offsets are Unicode code points of `text` or `letter`."""


@dataclass(frozen=True, slots=True)
class GoldCase:
    """One row of the dataset; `group` is the same for one complaint against several bodies.

    `readings` holds second readings of the statement, each one line of JSON.
    """

    id: str
    group: str
    writer: str
    body: str
    category: str
    subcategory: str
    decision_date: str
    kind: str
    outcome: str
    text: str
    letter: str
    reasons: tuple[GoldReason, ...]
    distractors: tuple[Mapping[str, Any], ...] = ()
    readings: tuple[str, ...] = ()

    def document(self, view: View) -> Document:
        """Return what the case gives a view to read: the statement, or the letter."""
        facts = Facts(
            reference=self.id,
            body=self.body,
            category=self.category,
            subcategory=self.subcategory,
            decision_date=self.decision_date,
            source="authored",
        )
        return from_text(self.text if view == "statement" else self.letter, self.id, facts)

    def reading(self, view: View) -> Reading:
        """Return the sentences that a model may read in `view`."""
        return read(self.document(view), view)

    def gold_spans(self, view: View) -> dict[str, tuple[Span, ...]]:
        """Return the marked passages of each gold reason in the text of `view`."""
        return {r.label: r.spans if view == "statement" else r.letter_spans for r in self.reasons}

    def second_readings(self) -> tuple[SecondReading, ...]:
        """Return what further readers made of the statement, apart from the gold marks."""
        return tuple(parse_reading(line, len(self.text)) for line in self.readings)


def compile_cases(
    cases: Iterable[Case], readings: Mapping[str, Sequence[SecondReading]] | None = None
) -> list[GoldCase]:
    """Return one row for each body that a case was published for, in order of id.

    Args:
        cases: The case files.
        readings: Second readings by case id.
    """
    readings = readings or {}
    rows = []
    for case in cases:
        for number, body in enumerate((case.body, *case.also_published_for), start=1):
            rows.append(
                GoldCase(
                    id=case.id if number == 1 else f"{case.id}-{number}",
                    group=case.id,
                    writer=case.writer,
                    body=body,
                    category=case.category,
                    subcategory=case.subcategory,
                    decision_date=case.decision_date,
                    kind=case.kind,
                    outcome=case.outcome,
                    text=case.text,
                    letter=case.letter,
                    reasons=case.reasons,
                    distractors=tuple(
                        {
                            "looks_like": d.looks_like,
                            "in": d.where,
                            "start": d.span.start,
                            "end": d.span.end,
                        }
                        for d in case.distractors
                    ),
                    readings=tuple(reading.to_json() for reading in readings.get(case.id, ())),
                )
            )
    return rows


def complaints(rows: Iterable[GoldCase]) -> list[GoldCase]:
    """Return the first row of each group, in order: copies for further bodies left out."""
    first: dict[str, GoldCase] = {}
    for row in rows:
        first.setdefault(row.group, row)
    return list(first.values())


def write_dataset(rows: Sequence[GoldCase], path: Path) -> None:
    """Write `rows` as `.parquet` or `.jsonl`, whole or not at all.

    Raises:
        InputError: If the ending is neither.
    """
    if path.suffix not in (".parquet", ".jsonl"):
        message = f"{path}: expected a file ending in .parquet or .jsonl, found {path.name!r}"
        raise InputError(message)
    records = [dataclasses.asdict(row) for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        if path.suffix == ".parquet":
            pq.write_table(pa.Table.from_pylist(records, schema=SCHEMA), temporary)
        else:
            lines = (json.dumps(record, ensure_ascii=False) for record in records)
            temporary.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def read_dataset(path: Path) -> list[GoldCase]:
    """Read a dataset that `write_dataset` wrote.

    Raises:
        InputError: If the file is missing, damaged, has other columns, or a row is not what
            `ombud.corpus.record_checks` asks of it.
    """
    try:
        if path.suffix == ".jsonl":
            # Not `splitlines`: a text may hold a Unicode line separator.
            lines = path.read_text(encoding="utf-8").split("\n")
            records = [json.loads(line) for line in lines if line.strip()]
        else:
            records = pq.read_table(path, schema=SCHEMA).to_pylist()
        rows = [_row(record) for record in records]
        check_ids(row.id for row in rows)
    except OSError as error:
        message = (
            f"{path}: expected a dataset, found: {(error.strerror or str(error)).lower()}; "
            "make it with 'ombud corpus build'"
        )
        raise InputError(message) from error
    except KeyError as error:
        message = (
            f"{path}: expected a dataset made by 'ombud corpus build', found no {error}; "
            "make it again"
        )
        raise InputError(message) from error
    except (pa.ArrowException, ValueError, TypeError, RecursionError) as error:
        found = first_line(error)
        message = (
            f"{path}: expected a dataset made by 'ombud corpus build', found: {found}; "
            "make it again"
        )
        raise InputError(message) from error
    return rows


def digest(rows: Iterable[GoldCase]) -> str:
    """Return the SHA-256 of the rows' content, whatever file they stand in."""
    sha = hashlib.sha256()
    for row in rows:
        sha.update(json.dumps(dataclasses.asdict(row), sort_keys=True).encode())
    return sha.hexdigest()


def _row(record: Mapping[str, Any]) -> GoldCase:
    marks = {name: record[name] for name in ("reasons", "distractors")}
    plain = {
        name: record[name]
        for name in SCHEMA.names
        if name not in ("reasons", "distractors", "readings")
    }
    check_record({**plain, **marks})
    reasons = tuple(
        GoldReason(
            r["label"],
            r["main"],
            tuple(Span(**s) for s in r["spans"]),
            tuple(Span(**s) for s in r["letter_spans"]),
        )
        for r in record["reasons"]
    )
    row = GoldCase(
        **plain,
        reasons=reasons,
        distractors=tuple(record["distractors"]),
        readings=tuple(record["readings"]),
    )
    row.second_readings()
    return row
