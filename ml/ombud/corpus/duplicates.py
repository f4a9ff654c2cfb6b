"""Near-duplicates: texts that say mostly the same, word for word.

MinHash sketches over sequences of five words, candidates by locality-sensitive hashing (Broder
1997; Leskovec, Rajaraman and Ullman 2014, chapter 3), each candidate checked by its true Jaccard
similarity. Boilerplate sections are left aside: with them the nearest two cases of the authored
corpus come to 0.06, without them to 0.03, and a copy for another body to 1 either way.
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from datasketch import MinHash, MinHashLSH
from numpy.typing import NDArray

from ombud.corpus.words import own_lines, words

__all__ = ["SEQUENCE", "THRESHOLD", "NearDuplicate", "near_duplicates"]

THRESHOLD: Final = 0.5
"""Least Jaccard similarity of near-duplicates: about one word in fifteen changed."""

SEQUENCE: Final = 5
"""Words of one sequence."""

_LEAST: Final = 40
"""Fewest sequences of a text that can be a near-duplicate: a shorter one is a set phrase."""

_BANDS: Final = (85, 3)
"""A pair at the threshold is missed with probability (1 - 0.5**3)**85 = 1e-5, one at 0.6 1e-9."""

_KEPT: Final = 8192


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """Two texts, by their numbers, the first being the smaller, and how much they share."""

    first: int
    second: int
    jaccard: float


def near_duplicates(texts: Sequence[str]) -> list[NearDuplicate]:
    """Return the pairs of `texts` that are near-duplicates.

    Of several identical texts the first stands for all of them: each other one is paired with it
    alone. Texts with fewer than 40 sequences of five words of their own are left aside.
    """
    index = MinHashLSH(num_perm=_BANDS[0] * _BANDS[1], params=_BANDS)
    sequences: dict[int, NDArray[np.uint32]] = {}
    earliest: dict[str, int] = {}
    found = []
    for number, text in enumerate(texts):
        own, sketch = _sketch(text)
        if sketch is None:
            continue
        if earliest.setdefault(text, number) != number:
            found.append(NearDuplicate(earliest[text], number, 1.0))
            continue
        for candidate in index.query(sketch):
            shared = _jaccard(sequences[candidate], own)
            if shared >= THRESHOLD:
                found.append(NearDuplicate(candidate, number, shared))
        index.insert(number, sketch)
        sequences[number] = own
    return sorted(found, key=lambda pair: (pair.first, pair.second))


@functools.lru_cache(maxsize=_KEPT)
def _sketch(text: str) -> tuple[NDArray[np.uint32], Any]:
    """Return the hashed sequences of a text, and their sketch or None if they are too few."""
    said = words("\n".join(own_lines(text)))
    own = np.unique(
        np.array(
            [
                zlib.crc32(" ".join(said[n : n + SEQUENCE]).encode())
                for n in range(len(said) - SEQUENCE + 1)
            ],
            dtype=np.uint32,
        )
    )
    if len(own) < _LEAST:
        return own, None
    sketch = MinHash(num_perm=_BANDS[0] * _BANDS[1], hashfunc=int)
    sketch.update_batch(own.tolist())
    return own, sketch


def _jaccard(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> float:
    both = len(np.intersect1d(first, second, assume_unique=True))
    return both / (len(first) + len(second) - both)
