"""Whether a text is a complaint, or a decision on one, at all: the warning `out_of_scope`.

A linear rule on the direction of the mean sentence vector. The encoder has read the sentences
already, so the rule costs one product; its numbers are fitted in training and stand in the
bundle's `calibration.json`.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from ombud.views import Reading, Warning_

__all__ = ["OUT_OF_SCOPE", "Scope", "direction"]

OUT_OF_SCOPE: Final = Warning_(
    "out_of_scope",
    "this does not read like a complaint about a public body, or a decision on one; "
    "the prediction means little",
)


def direction(vectors: Tensor) -> Tensor:
    """Return the direction of a text's mean sentence vector: (sentences, hidden) to (hidden,)."""
    return torch.nn.functional.normalize(vectors.mean(dim=0), dim=-1)


@dataclass(frozen=True, slots=True)
class Scope:
    """The numbers of the rule.

    Attributes:
        weights: Of the direction of a text. Shape: (hidden,)
        bias: Added to their product; above `limit` a text is out of scope.
        limit: What the sum must exceed.
        least_letters: A text with fewer letters and digits is too short to tell.

    Raises:
        ValueError: If a number is not finite.
    """

    weights: tuple[float, ...]
    bias: float
    limit: float = 0.5
    least_letters: int = 40

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, itertools.chain(self.weights, (self.bias, self.limit)))):
            message = "expected finite numbers in the scope of a calibration, found others"
            raise ValueError(message)

    def warnings(self, reading: Reading, vectors: Tensor) -> tuple[Warning_, ...]:
        """Return the warning that a reading is out of scope, or none.

        Args:
            reading: What is read.
            vectors: Of its sentences. Shape: (sentences, hidden)
        """
        text = reading.document.text
        letters = 0
        for sentence in reading.sentences:
            letters += sum(map(str.isalnum, sentence.span.of(text)))
            if letters >= self.least_letters:
                break
        else:
            return ()
        score = float(direction(vectors) @ torch.tensor(self.weights, dtype=vectors.dtype))
        return (OUT_OF_SCOPE,) if score + self.bias > self.limit else ()
