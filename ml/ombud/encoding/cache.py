"""Sentence vectors kept in a file between runs."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import safetensors
import torch
from torch import Tensor

from ombud.errors import UsageError
from ombud.model.served import ENCODER

if TYPE_CHECKING:
    from ombud.encoding.backends import BackendName

__all__ = ["VectorCache", "encoder_digest"]

_APPLICATION: Final = 0x6F6D6276
"""What the file says it is (`PRAGMA application_id`): "ombv"."""
_VERSION: Final = 1
_AT_ONCE: Final = 500
_WAIT_SECONDS: Final = 30.0

_log = logging.getLogger(__name__)


def encoder_digest(bundle: Path) -> str:
    """Return the SHA-256 of all that a sentence's vector depends on, the back end excepted.

    Bundles of one encoder that stayed as it was published have one digest.

    Args:
        bundle: A folder whose files were checked.
    """
    config = json.loads((bundle / "config.json").read_text("utf-8"))
    settings = json.dumps([config["encoder"], config["max_tokens"]], sort_keys=True)
    digest = hashlib.sha256(settings.encode())
    digest.update((bundle / "tokenizer.json").read_bytes())
    with safetensors.safe_open(bundle / "model.safetensors", framework="np") as file:
        for name in sorted(name for name in file.keys() if name.startswith(ENCODER)):  # noqa: SIM118
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(file.get_tensor(name)).data)
    return digest.hexdigest()


class VectorCache:
    """Vectors in an SQLite file, by encoder, back end and sentence.

    Several runs may share a file. What cannot be written is not kept, which is said once; the
    vectors that were asked for are computed all the same.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, prefix: bytes) -> None:
        self._connection = connection
        self._path = path
        self._prefix = prefix
        self._writes = True

    @classmethod
    @contextlib.contextmanager
    def at(cls, path: Path, encoder: str, backend: BackendName) -> Iterator[VectorCache]:
        """Open the file `path`, made if need be, for the vectors of an encoder and a back end.

        Args:
            path: The file.
            encoder: What `encoder_digest` returns.
            backend: The back end that computes what is not in it.

        Raises:
            UsageError: If it is another file than one of these, or cannot be opened.
        """
        with contextlib.closing(_opened(path)) as connection:
            yield cls(connection, path, f"{encoder} {backend} ".encode())

    def get(self, sentences: Iterable[str]) -> dict[str, Tensor]:
        """Return the vectors that are in the file, by sentence.

        Raises:
            UsageError: If the file is damaged.
        """
        keys = {self._key(sentence): sentence for sentence in sentences}
        names = list(keys)
        found: dict[str, Tensor] = {}
        for start in range(0, len(names), _AT_ONCE):
            some = names[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            query = f"SELECT key, vector FROM vectors WHERE key IN ({marks})"
            try:
                rows = self._connection.execute(query, some).fetchall()
            except sqlite3.DatabaseError as error:
                raise _unusable(self._path, str(error)) from error
            for key, vector in rows:
                found[keys[key]] = torch.frombuffer(bytearray(vector), dtype=torch.float32)
        return found

    def put(self, sentences: Sequence[str], vectors: Tensor) -> None:
        """Keep vectors; one that is there already stays. Shape of `vectors`: (sentences, hidden)."""
        if not self._writes:
            return
        content = vectors.numpy()
        rows = ((self._key(s), row.tobytes()) for s, row in zip(sentences, content, strict=True))
        try:
            with self._connection:
                self._connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)
        except sqlite3.DatabaseError as error:
            self._writes = False
            _log.warning(
                "%s: expected room for sentence vectors, found: %s; going on without keeping more",
                self._path,
                error,
            )

    def _key(self, sentence: str) -> bytes:
        # Half surrogates may stand in a text.
        content = sentence.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(self._prefix + content, digest_size=16).digest()


def _opened(path: Path) -> sqlite3.Connection:
    if not path.parent.is_dir():
        message = f"{path}: expected a folder to keep the cache in, found none; make it first"
        raise UsageError(message)
    new = not path.exists() or path.stat().st_size == 0
    connection = sqlite3.connect(path, timeout=_WAIT_SECONDS)
    try:
        if new:
            connection.execute("PRAGMA journal_mode = WAL")
            with connection:
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS vectors "
                    "(key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"
                )
                connection.execute(f"PRAGMA application_id = {_APPLICATION}")
                connection.execute(f"PRAGMA user_version = {_VERSION}")
        # With the log written ahead a power cut loses the last vectors and nothing else.
        connection.execute("PRAGMA synchronous = NORMAL")
        marks = [
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("application_id", "user_version")
        ]
    except sqlite3.DatabaseError as error:
        connection.close()
        raise _unusable(path, str(error)) from error
    if marks != [_APPLICATION, _VERSION]:
        connection.close()
        raise _unusable(path, "another SQLite file" if not marks[0] else "that of another version")
    return connection


def _unusable(path: Path, found: str) -> UsageError:
    message = (
        f"{path}: expected a cache of sentence vectors or no file, found: {found}; "
        "remove it or name another with --cache"
    )
    return UsageError(message)
