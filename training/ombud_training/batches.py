"""The order of the examples: one a seed and epoch, the same for any number of processes."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch.utils.data import Sampler

__all__ = ["Batches"]


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
