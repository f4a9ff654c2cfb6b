"""Choices to a budget: the best passages that hold so many words at most."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["best_within"]


def best_within(scores: Sequence[float], sizes: Sequence[int], most: int) -> list[int]:
    """Return the numbers of the best passages that hold at most `most` words, in text order.

    Passages are taken from the best down to the first that does not fit; one is always taken.

    Args:
        scores: How much each passage should be chosen. Shape: (passages,)
        sizes: Words of each. Shape: (passages,)
        most: The budget in words.
    """
    chosen: list[int] = []
    left = most
    for number in sorted(range(len(scores)), key=lambda n: (-scores[n], n)):
        if chosen and sizes[number] > left:
            break
        chosen.append(number)
        left -= sizes[number]
    return sorted(chosen)
