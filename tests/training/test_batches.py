"""Batches: every example once an epoch, the same batches for any number of processes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ombud_training.batches import Batches


def drawn(examples: int, size: int, seed: int, epoch: int, parts: int) -> list[list[int]]:
    """Return the batches that so many processes read together."""
    shares = []
    for part in range(parts):
        batches = Batches(examples, size, seed, part=part, parts=parts)
        batches.set_epoch(epoch)
        shares.append(list(batches))
        assert len(batches) == len(shares[0])
    return [[n for share in same for n in share] for same in zip(*shares, strict=True)]


@given(
    examples=st.integers(1, 60),
    size=st.integers(1, 20),
    seed=st.integers(0, 99),
    epoch=st.integers(0, 9),
    parts=st.integers(1, 5),
)
def test_any_number_of_processes_reads_the_same_batches(
    examples: int, size: int, seed: int, epoch: int, parts: int
) -> None:
    alone = drawn(examples, size, seed, epoch, 1)
    together = drawn(examples, size, seed, epoch, parts)
    assert [sorted(batch) for batch in together] == [sorted(batch) for batch in alone]
    assert sorted(n for batch in alone for n in batch) == list(range(examples))
    assert all(len(batch) == size for batch in alone[:-1])


def test_seed_and_epoch_alone_decide_the_order() -> None:
    first = drawn(30, 4, 1, 0, 1)
    assert drawn(30, 4, 1, 0, 1) == first
    assert drawn(30, 4, 1, 1, 1) != first
    assert drawn(30, 4, 2, 0, 1) != first
