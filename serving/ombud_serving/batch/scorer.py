"""Items of the input become predictions or errors, and those become committed parts."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from ombud.errors import OmbudError
from ombud.readers.columns import Columns
from ombud.readers.tables import Row
from ombud_serving.batch.engine import Engine
from ombud_serving.batch.ids import SeenIds
from ombud_serving.batch.inputs import InputFile
from ombud_serving.batch.kept import Kept
from ombud_serving.batch.parts import Results
from ombud_serving.batch.pending import Pending
from ombud_serving.batch.schema import to_columns, writable
from ombud_serving.batch.stream import Item
from ombud_serving.batch.watch import Limit, Watch

if TYPE_CHECKING:
    from ombud.documents import Document
    from ombud.views import View

__all__ = ["DOCUMENTS_AT_ONCE", "Reading", "Scorer", "read_document", "said_twice"]

DOCUMENTS_AT_ONCE: Final = 256
_CHARACTERS_AT_ONCE: Final = 4_000_000
"""Documents times the longest of them: what is computed together is as long as its longest."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How rows are read: what becomes of a row depends on nothing else.

    Attributes:
        view: What the model may read.
        columns: The columns to read.
        kept: The columns to carry through.
        files: Files of the whole input; in one of many, rows without an id are called by the
            file and their number.
    """

    view: View
    columns: Columns
    kept: Kept
    files: int

    def identifier(self, file: InputFile, row: Row) -> str | None:
        """Return what a row is called, `None` where that cannot be read."""
        identifier = row.identifier(self.columns)
        if identifier is None or self.files == 1 or row.is_named(self.columns):
            return identifier
        return f"{file.name}:{row.number}"


@dataclass(frozen=True, slots=True)
class _Waiting:
    item: Item
    row: Row
    document: Document
    kept: dict[str, Any]


@dataclass(slots=True)
class _Batch:
    rows: list[_Waiting] = field(default_factory=list)
    longest: int = 0

    def has_room(self, document: Document) -> bool:
        """Whether a document may be computed together with these."""
        longest = max(self.longest, len(document.text))
        count = len(self.rows) + 1
        return not self.rows or (
            count <= DOCUMENTS_AT_ONCE and longest * count <= _CHARACTERS_AT_ONCE
        )

    def add(self, waiting: _Waiting) -> None:
        self.rows.append(waiting)
        self.longest = max(self.longest, len(waiting.document.text))


def read_document(reading: Reading, item: Item, row: Row) -> tuple[Document, dict[str, Any]]:
    """Return the document of a row and what is kept of it.

    Raises:
        OmbudError: Saying what is wrong with the row.
    """
    document = row.document(reading.columns)
    name = reading.identifier(item.file, row)
    if name is not None and name != document.id:
        document = replace(document, id=name)
    return document, reading.kept.values(row.values, row.number)


class Scorer:
    """The present part: its rows are predicted some documents at a time, then committed."""

    def __init__(
        self,
        engine: Engine,
        reading: Reading,
        results: Results,
        seen: SeenIds,
        limit: Limit,
        watch: Watch,
    ) -> None:
        self._engine = engine
        self._reading = reading
        self._results = results
        self._seen = seen
        self._limit = limit
        self._watch = watch
        self._rejected = sum(part.rejected + part.unreadable for part in results.parts)
        self._batch = _Batch()
        self._begin()

    def _begin(self) -> None:
        self._pending = Pending(after=self._results.after)
        self._started = time.monotonic()
        self._counts = self._engine.counts

    @property
    def items(self) -> int:
        """How many rows and damaged files the part stands for as yet."""
        return self._pending.rows + self._pending.unreadable

    @property
    def predicted(self) -> int:
        """Rows of the whole input that are behind, those still waiting left out."""
        return self._results.rows + self._pending.rows - len(self._batch.rows)

    def take(self, item: Item) -> bool:
        """Add the next item of the input; say whether documents were predicted.

        Raises:
            RejectedError: If more is rejected than is allowed.
        """
        self._pending.after = item.after
        row = item.row
        if row is None:
            self._pending.unreadable += 1
            self._reject(item, item.problem)
            return False
        self._pending.rows += 1
        try:
            document, kept = read_document(self._reading, item, row)
        except OmbudError as error:
            self._reject(item, str(error))
            return False
        if document.id in self._seen:
            self._reject(item, said_twice(row.number, document.id))
            return False
        predicted = not self._batch.has_room(document)
        if predicted:
            self._predict()
        self._batch.add(_Waiting(item, row, document, kept))
        return predicted

    def commit(self) -> None:
        """Commit the part and begin the next one.

        Raises:
            OutputError: If it cannot be written.
            RejectedError: If more is rejected than is allowed.
        """
        self._predict()
        pending, counts = self._pending, self._engine.counts
        # A file's own line comes after those of its rows.
        pending.errors.sort(key=lambda error: error["order"])
        for error in pending.errors:
            del error["order"]
        pending.sentences = counts.read - self._counts.read
        pending.encoded = counts.encoded - self._counts.encoded
        pending.filed = counts.filed - self._counts.filed
        pending.seconds = time.monotonic() - self._started
        part = self._results.commit(pending, self._reading.kept.schema)
        self._begin()
        self._watch.committed(part)

    def _predict(self) -> None:
        batch, self._batch = self._batch.rows, _Batch()
        if not batch:
            return
        documents = [waiting.document for waiting in batch]
        results = self._engine.predict_each(documents, self._reading.view)
        for waiting, result in zip(batch, results, strict=True):
            if isinstance(result, OmbudError):
                self._reject(waiting.item, str(result))
            elif waiting.document.id in self._seen:
                self._reject(waiting.item, said_twice(waiting.row.number, waiting.document.id))
            else:
                self._seen.add(waiting.document.id)
                columns = to_columns(waiting.item.file.name, waiting.row.number, result)
                self._pending.predictions.append({**columns, **waiting.kept})

    def _reject(self, item: Item, reason: str) -> None:
        row = item.row
        name = None if row is None else self._reading.identifier(item.file, row)
        self._pending.errors.append(
            {
                "file": item.file.name,
                "row": None if row is None else row.number,
                "id": None if name is None else writable(name),
                "reason": writable(reason),
                "order": (item.after.file, item.after.row),
            }
        )
        self._rejected += 1
        self._limit.check_count(self._rejected, self._results.rows + self._pending.rows, reason)


def said_twice(row: int, identifier: str) -> str:
    """Return what is said of a row whose id an earlier one has."""
    return (
        f"row {row}: expected each id once, found {identifier!r} on an earlier row; "
        "give each row its own id"
    )
