"""The order of the examples, and what is left out of them: one a seed and epoch.

Both are the same for any number of processes, and after a resume.
"""

from __future__ import annotations

import random
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import TypeVar

import torch
from torch.utils.data import Dataset, Sampler

__all__ = ["Batches", "Thinned"]

T = TypeVar("T")


class Thinned(Dataset[T]):
    """Examples, each without what is left out by seed, epoch and place."""

    def __init__(self, examples: Sequence[T], seed: int) -> None:
        self._examples = examples
        self._seed = seed
        self._epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Choose what is left out next; the trainer calls this."""
        self._epoch = epoch

    def __len__(self) -> int:
        return len(self._examples)

    def __getitem__(self, index: int) -> T:
        generator = random.Random(f"{self._seed}/{self._epoch}/{index}")
        return self.thin(self._examples[index], generator)

    @abstractmethod
    def thin(self, example: T, generator: random.Random) -> T:
        """Return an example without what `generator` leaves out of it."""


class Batches(Sampler[list[int]]):
    """Yields this process's share of every batch of an epoch.

    A batch is the same examples however many processes share it. A share of a last, small batch
    may be empty.
    """

    def __init__(self, examples: int, size: int, seed: int, *, part: int = 0, parts: int = 1):
        """Share `examples` in batches of `size`; this process is number `part` of `parts`."""
        self._examples = examples
        self._size = size
        self._seed = seed
        self._part = part
        self._parts = parts
        self._epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Choose the order of the next pass."""
        self._epoch = epoch

    def __len__(self) -> int:
        return -(-self._examples // self._size)

    def __iter__(self) -> Iterator[list[int]]:
        generator = torch.Generator().manual_seed(self._seed + self._epoch)
        order = torch.randperm(self._examples, generator=generator).tolist()
        for start in range(0, self._examples, self._size):
            yield order[start : start + self._size][self._part :: self._parts]
