"""Files with one document, told apart by their ending and, where that is silent, by content."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from ombud.documents import MAX_CHARACTERS, Document
from ombud.errors import InputError, OmbudError, TextTooLargeError
from ombud.readers.html import from_html
from ombud.readers.records import from_record
from ombud.readers.text import from_text

__all__ = ["decode", "read_document", "read_documents"]

_MAX_BYTES: Final = 4 * MAX_CHARACTERS
"""No UTF-8 text of `MAX_CHARACTERS` characters has more bytes: larger files are refused."""


def read_document(path: Path) -> Document:
    """Read the one document of a file: `.json` record, `.html`/`.htm` page, else plain text.

    Raises:
        InputError: If the file cannot be read or holds no document.
    """
    try:
        if path.is_dir():
            message = f"{path}: expected a file, found a folder; name the files in it"
            raise InputError(message)
        # A pipe or a device has no size of its own: no more is read than may be used.
        with path.open("rb") as content:
            data = content.read(_MAX_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"{path}: expected a readable file, found: {reason}; check the path"
        raise InputError(message) from error
    if len(data) > _MAX_BYTES:
        message = (
            f"{path}: expected at most {MAX_CHARACTERS:,} characters, found more than "
            f"{_MAX_BYTES:,} bytes; split the text into its documents"
        )
        raise TextTooLargeError(message)
    words = decode(data, str(path))
    match path.suffix.lower():
        case ".json":
            return from_record(_json_object(words, str(path)), path.stem)
        case ".html" | ".htm":
            return from_html(words, path.stem)
        case _:
            document = from_text(words, path.stem)
            return replace(document, id=document.facts.reference or document.id)


def read_documents(paths: Iterable[Path]) -> Iterator[Document | OmbudError]:
    """Read each file; one that cannot be read yields its error in its place."""
    for path in paths:
        try:
            yield read_document(path)
        except OmbudError as error:
            yield error


def decode(data: bytes, name: str) -> str:
    """Return the UTF-8 text of `data`; a byte order mark at its head is left out.

    Raises:
        InputError: If the bytes are not UTF-8 text.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = "binary data" if b"\x00" in data[:4096] else f"a byte that is not, at {error.start}"
        message = f"{name}: expected UTF-8 text, found {found}; convert the file to UTF-8 text"
        raise InputError(message) from error


def _json_object(words: str, name: str) -> dict[str, object]:
    try:
        record = json.loads(words)
    except RecursionError as error:
        message = f"{name}: expected a JSON object, found one nested too deeply; check the file"
        raise InputError(message) from error
    except ValueError as error:
        message = f"{name}: expected a JSON object, found: {error}; check the file"
        raise InputError(message) from error
    if not isinstance(record, dict):
        message = f"{name}: expected a JSON object, found a {type(record).__name__}; check the file"
        raise InputError(message)
    return record
