"""Lines of a table, none of them longer than memory can be asked to hold."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import IO, Final

from ombud.documents import MAX_CHARACTERS

__all__ = ["MAX_ROW", "CsvLines", "byte_lines"]

MAX_ROW: Final = 16 * MAX_CHARACTERS
"""Longest row read whole: characters of CSV, bytes of JSONL (12 may escape one character)."""


class CsvLines:
    """Lines of a CSV file, with the means to get past a row that is too long.

    After such a row the parser stands inside a quoted text, and would take the lines that are
    left of it for rows; counting quotes tells where that text ends.
    """

    def __init__(self, lines: IO[str]) -> None:
        self._lines = lines
        self.first = self.last = self._size = self._quotes = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._lines.readline(MAX_ROW + 1)
        if not line:
            raise StopIteration
        self._count(line)
        if self._size > MAX_ROW:
            while not line.endswith(("\n", "\r")) or self._quotes % 2:
                line = self._lines.readline(MAX_ROW + 1)
                if not line:
                    break
                self._count(line)
            message = f"a row longer than {MAX_ROW:,} characters"
            raise csv.Error(message)
        return line

    def _count(self, line: str) -> None:
        self.last += line.endswith(("\n", "\r")) or len(line) <= MAX_ROW
        self._size += len(line)
        self._quotes += line.count('"')

    def start_row(self) -> None:
        """Say that the next line begins a row."""
        self.first = self.last + 1
        self._size = self._quotes = 0

    @property
    def where(self) -> str:
        """The lines of the present row, counted from 1."""
        last = max(self.first, self.last)
        return f"line {self.first}" if last == self.first else f"lines {self.first} to {last}"


def byte_lines(file: IO[bytes]) -> Iterator[bytes | None]:
    """Yield each line, `None` for one that is too long; a byte order mark is left out."""
    mark = "\ufeff".encode()
    line = file.readline(MAX_ROW + 1).removeprefix(mark)
    while line:
        if len(line) > MAX_ROW and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_ROW + 1)
            yield None
        else:
            yield line
        line = file.readline(MAX_ROW + 1)
