"""The rows of all files of an input as one stream, taken up anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ombud.errors import TableError
from ombud.readers.columns import Columns
from ombud.readers.opening import Meter
from ombud.readers.tables import Row, read_rows
from ombud_serving.batch.inputs import InputFile, Inputs

__all__ = ["Item", "Place", "Stream"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an input something begins: the number of the file, and the row in it."""

    file: int = 0
    row: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """A row of a file, or what keeps the file from being read any further.

    Attributes:
        file: The file.
        row: The row; `None` if there is none to be had.
        problem: What is wrong with the file, if there is no row.
        after: Where the next item begins.
    """

    file: InputFile
    row: Row | None
    problem: str
    after: Place


class Stream:
    """Yields the items of an input from a place on."""

    def __init__(self, inputs: Inputs, columns: Columns, start: Place) -> None:
        self._inputs = inputs
        self._columns = columns
        self._start = start
        self._meter = Meter()
        self._behind = 0
        self._size = 0

    @property
    def share(self) -> float:
        """Share of the bytes of all files that has been read, from 0 to 1."""
        file_bytes = self._meter.share * self._size
        return (self._behind + file_bytes) / max(1, self._inputs.size)

    def __iter__(self) -> Iterator[Item]:
        """Yield each row, and an item without one for a file that is damaged.

        Raises:
            InputError: If a file cannot be read, or is no longer the one that was digested.
        """
        for number, file in enumerate(self._inputs.files):
            start = self._start.row if number == self._start.file else 0
            self._size = file.size
            self._meter.share = 0.0
            if number >= self._start.file:
                yield from self._items(number, file, start)
            self._behind += file.size
            self._size = 0

    def _items(self, number: int, file: InputFile, start: int) -> Iterator[Item]:
        try:
            for row in read_rows(
                file.path, self._columns, start=start, lenient=True, meter=self._meter
            ):
                yield Item(file, row, "", Place(number, row.number + 1))
        except TableError as error:
            # A file that somebody changed is no damaged one.
            file.check()
            yield Item(file, None, str(error), Place(number + 1, 0))
