"""Rows of tables: findings of the Housing Ombudsman, and any CSV, JSONL or Parquet by columns."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from ombud.errors import OmbudError, UsageError
from ombud.imports.decisions import LGSCO_KEYS, PHSO_KEYS, record_form, record_rows
from ombud.imports.rows import Found
from ombud.readers.housing import read_findings
from ombud.readers.tables import Columns, Row, read_rows
from ombud.schemes import SCHEMES, map_outcome, map_outcomes
from ombud.taxonomy import OUTCOMES

__all__ = ["TABLE_KINDS", "TableOptions", "housing_rows", "table_rows"]

TableKind = Literal["letter", "statement", "text"]
TABLE_KINDS: Final[tuple[TableKind, ...]] = ("letter", "statement", "text")

_OUTCOMES: Final = frozenset(outcome.label for outcome in OUTCOMES)
_FACTS: Final = (
    "group",
    "reference",
    "body",
    "category",
    "subcategory",
    "decision_date",
    "outcome",
    "url",
)
"""What a table may say of a text, each in a column of its own."""
_LOOKED_AT: Final = 100
"""Rows looked at for the form of a table's records."""


@dataclass(frozen=True, slots=True)
class TableOptions:
    """How a table of unknown make is read.

    Attributes:
        text: Column with the text.
        id: Column with the id; a row without one is called by the file and its number.
        columns: Other columns by the fact they hold (group, reference, body, category,
            subcategory, decision_date, outcome, url); a fact not named is read from a column of
            its own name where there is one.
        kind: What the texts are.
        scheme: Whose words the outcomes are; the taxonomy's own labels are always understood.

    Raises:
        UsageError: If a fact, the kind or the scheme is unknown.
    """

    text: str = "text"
    id: str = "id"
    columns: Mapping[str, str] = field(default_factory=dict)
    kind: TableKind = "text"
    scheme: str = "lgsco"

    def __post_init__(self) -> None:
        for what, value, known in (
            ("kind", self.kind, TABLE_KINDS),
            ("scheme", self.scheme, tuple(sorted(SCHEMES))),
            *(("column for a fact", name, _FACTS) for name in self.columns),
        ):
            if value not in known:
                message = f"expected a {what} out of {', '.join(known)}, found {value!r}"
                raise UsageError(message)

    def reading(self) -> Columns:
        """Return the columns to read of a table."""
        named = {column: _option(fact) for fact, column in self.columns.items()}
        return Columns(self.text, self.id, _FACTS, named)

    def column(self, fact: str) -> str:
        """Return the name of the column that holds a fact."""
        return self.columns.get(fact, fact)


def _option(fact: str) -> str:
    """Return the option of the command that names the column of a fact."""
    return "--date-column" if fact == "decision_date" else f"--{fact}-column"


def housing_rows(path: Path, file: str, workspace: Path) -> Iterator[Found]:
    """Yield the rows of the Housing Ombudsman's findings, one a complaint part."""
    for number, row in enumerate(read_findings(path, workspace)):
        case, part, parts = row["case_id"], row["part"], row["parts"]
        finding = row["finding"]
        values: dict[str, Any] = {
            "id": f"{case}/{part}" if parts > 1 and case else case,
            "group": case,
            "source": "housing",
            "kind": "finding",
            "part": part if parts > 1 else None,
            "parts": parts if parts > 1 else None,
            "reference": case,
            "body": row.get("landlord"),
            "category": "Housing",
            "subcategory": row.get("category"),
            "decision_date": row.get("decision_date_iso") or row.get("decision_date"),
            "scheme_outcome": finding,
            "text": row["complaint"],
            "extra": _rest(row),
        }
        problem = ""
        if finding is None:
            problem = "scheme_outcome: expected a finding, found nothing"
        elif isinstance(finding, str):
            try:
                values["outcome"] = map_outcome("housing", finding)
            except OmbudError as error:
                problem = f"outcome: {error}"
        yield Found(file, f"row {number}", values, problem)


def table_rows(path: Path, file: str, form: str, options: TableOptions) -> Iterator[Found]:
    """Yield the rows of a table.

    Args:
        path: A `.csv`, `.jsonl`, `.ndjson` or `.parquet` file.
        file: The name to call it by.
        form: `lgsco` or `phso` for a table of their records, `table` for one of named columns,
            `auto` to tell by the names of its columns.
        options: The columns of a table of unknown make.
    """
    if form in ("lgsco", "phso") or (form == "auto" and options == TableOptions()):
        keys = tuple(dict.fromkeys((*LGSCO_KEYS, *PHSO_KEYS)))
        records = Columns("text", "id", keys)
        found = _form_of(path, records) if form == "auto" else form
        if found:
            for row in read_rows(path, records):
                place = f"row {row.number}"
                if row.problem:
                    yield Found(file, place, {}, row.problem)
                else:
                    yield from record_rows(row.values, found, file, place)
            return
    columns = options.reading()
    for row in read_rows(path, columns):
        yield _table_row(row, path, file, options)


def _form_of(path: Path, columns: Columns) -> str:
    """Return the form of the records in a table, '' where they are of no known form."""
    try:
        for row in itertools.islice(read_rows(path, columns), _LOOKED_AT):
            # A case and a text alone may be anybody's table.
            if not row.problem and ({"authority", "organisation"} & row.values.keys()):
                return record_form(row.values)
    except UsageError:
        # Without a column 'text' it is none of these; the caller says which columns it wants.
        return ""
    return ""


def _table_row(row: Row, path: Path, file: str, options: TableOptions) -> Found:
    place = f"row {row.number}"
    if row.problem:
        return Found(file, place, {"id": row.values.get(options.id)}, row.problem)
    given = {fact: row.values.get(options.column(fact)) for fact in _FACTS}
    identifier = row.values.get(options.id)
    if identifier is None or identifier == "":
        identifier = f"{path.stem}:{row.number}"
    words = given.pop("outcome")
    values: dict[str, Any] = {
        **given,
        "id": identifier,
        "group": identifier if given["group"] in (None, "") else given["group"],
        "source": "letter" if options.kind == "letter" else "table",
        "kind": options.kind,
        "scheme_outcome": words,
        "text": row.values.get(options.text),
    }
    problem = ""
    if isinstance(words, str) and words.strip():
        try:
            values["outcome"] = _outcome(words.strip(), options.scheme)
        except OmbudError as error:
            problem = f"outcome: {error}"
    return Found(file, place, values, problem)


def _outcome(words: str, scheme: str) -> str:
    if words in _OUTCOMES:
        return words
    return map_outcomes(scheme, words) if scheme == "phso" else map_outcome(scheme, words)


def _rest(row: Mapping[str, Any]) -> str:
    used = ("case_id", "landlord", "category", "decision_date_iso", "finding", "complaint")
    skipped = (*used, "part", "parts")
    rest = {key: value for key, value in row.items() if key not in skipped and value is not None}
    return json.dumps(rest, ensure_ascii=False, sort_keys=True, default=str)
