"""Reviews of the ERASER benchmark: texts, classes, and what people marked in them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ombud.errors import InputError
from ombud.metrics import EraserGold, read_eraser_gold
from ombud.spans import Span

__all__ = ["Review", "make_review", "read_reviews"]

_TOKEN: Final = re.compile(r"\S+")
_FOLDER: Final = "docs"


@dataclass(frozen=True, slots=True)
class Review:
    """A review as it is given: one sentence a line, tokens parted by spaces.

    Attributes:
        id: Of the document.
        label: Its class.
        text: As given.
        tokens: Each token, in characters of the text.
        sentences: Each line that is not empty, in tokens.
        marked: What people marked, in tokens; passages may overlap.
    """

    id: str
    label: str
    text: str
    tokens: tuple[Span, ...]
    sentences: tuple[Span, ...]
    marked: frozenset[Span]

    def words(self, span: Span) -> list[str]:
        """Return the tokens of `span`, which is in tokens."""
        return [token.of(self.text) for token in self.tokens[span.start : span.end]]


def make_review(gold: EraserGold, text: str) -> Review:
    """Return a review with its tokens and sentences found.

    Raises:
        InputError: If the text holds no token, or a mark stands outside it.
    """
    tokens: list[Span] = []
    sentences: list[Span] = []
    start = 0
    for line in text.splitlines(keepends=True):
        found = [Span(start + m.start(), start + m.end()) for m in _TOKEN.finditer(line)]
        if found:
            sentences.append(Span(len(tokens), len(tokens) + len(found)))
        tokens.extend(found)
        start += len(line)
    if not tokens:
        message = f"{gold.id}: expected a document with words, found none; correct the document"
        raise InputError(message)
    last = max((span.end for span in gold.spans), default=0)
    if last > len(tokens):
        message = (
            f"{gold.id}: expected marks within its {len(tokens)} tokens, found one that ends at "
            f"{last}; the document is not the one that was marked"
        )
        raise InputError(message)
    return Review(gold.id, gold.label, text, tuple(tokens), tuple(sentences), gold.spans)


def read_reviews(folder: Path, part: str) -> list[Review]:
    """Read `part`.jsonl of `folder`, and its documents from `docs.zip` or `docs/`.

    Raises:
        InputError: If a file is missing or damaged, a document is not there, or a mark stands
            outside its document.
    """
    path = folder / f"{part}.jsonl"
    if not path.is_file():
        parts = sorted(found.stem for found in folder.glob("*.jsonl"))
        found = f"only {', '.join(parts)}" if parts else "no .jsonl file there"
        message = f"{folder}: expected the part {part}.jsonl, found {found}; name another part"
        raise InputError(message)
    gold = read_eraser_gold(path)
    seen: set[str] = set()
    for one in gold:
        if one.id in seen:
            message = f"{path}: expected each document once, found {one.id} twice; remove one"
            raise InputError(message)
        seen.add(one.id)
    with _documents(folder) as text_of:
        return [make_review(one, text_of(one.id)) for one in gold]


@contextmanager
def _documents(folder: Path) -> Iterator[Callable[[str], str]]:
    """Yield a function that returns a document's text by its id."""
    archive, unpacked = folder / f"{_FOLDER}.zip", folder / _FOLDER
    if unpacked.is_dir():
        yield lambda name: _text(name, unpacked, (unpacked / name).read_bytes)
        return
    try:
        with zipfile.ZipFile(archive) as opened:
            yield lambda name: _text(name, archive, lambda: opened.read(f"{_FOLDER}/{name}"))
    except FileNotFoundError as error:
        message = (
            f"{folder}: expected documents in {_FOLDER}.zip or {_FOLDER}/, found neither; "
            "put one of them there"
        )
        raise InputError(message) from error
    except (zipfile.BadZipFile, OSError) as error:
        message = f"{archive}: expected a zip archive, found: {error}; fetch it again"
        raise InputError(message) from error


def _text(name: str, place: Path, read: Callable[[], bytes]) -> str:
    try:
        return read().decode()
    except (KeyError, FileNotFoundError, IsADirectoryError) as error:
        message = f"{place}: expected the document {name}, found no such file; add it"
        raise InputError(message) from error
    except UnicodeDecodeError as error:
        message = f"{place}: expected {name} in UTF-8, found another encoding; convert it"
        raise InputError(message) from error
