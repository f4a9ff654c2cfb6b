"""Which passages are chosen: by the selector's gates, to a share of a review's tokens."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ombud_training.budget import best_within
from ombud_training.eraser.passages import Passages

__all__ = ["choose", "passage_scores"]


def passage_scores(
    passages: Passages, evidence: NDArray[np.float64], sentence_share: float
) -> NDArray[np.float64]:
    """Return how much each passage should be chosen.

    Args:
        passages: The passages.
        evidence: Logit of each passage's being evidence. Shape: (passages,)
        sentence_share: How much of a score is the mean of its sentence. People who mark all
            that they can mark more of the same sentences than people who mark some.

    Returns:
        Shape: (passages,)
    """
    sentences = np.array(passages.sentences)
    lengths = np.array([len(span) for span in passages.spans], dtype=np.float64)
    sums = np.bincount(sentences, lengths * evidence)
    means = sums / np.maximum(np.bincount(sentences, lengths), 1.0)
    scores: NDArray[np.float64] = (1 - sentence_share) * evidence + sentence_share * means[
        sentences
    ]
    return scores


def choose(
    passages: Passages, scores: Sequence[float] | NDArray[np.float64], tokens: int
) -> list[int]:
    """Return the numbers of the best passages that hold at most `tokens` tokens, in text order.

    Passages are taken from the best down to the first that does not fit; one is always taken.
    """
    return best_within(list(scores), [len(span) for span in passages.spans], tokens)
