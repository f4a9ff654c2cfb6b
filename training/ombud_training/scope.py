"""Fitting the rule that tells complaints and decisions from all other texts."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from torch import Tensor

from ombud.corpus import GoldCase
from ombud.errors import InputError
from ombud.model import sentence_key
from ombud.readers import from_text
from ombud.scope import Scope, direction
from ombud.views import VIEWS, Reading, read
from ombud_training.outside import INSIDE, OUTSIDE

__all__ = ["fit_scope"]

_CASES: Final = 150
"""As many say all that more would, and each must be encoded."""
_WEIGHT_OF_SHORT: Final = 5.0
"""Short texts inside are few, and most easily mistaken."""


def fit_scope(
    cases: Sequence[GoldCase], vectors: Callable[[Sequence[str]], Tensor], seed: int
) -> Scope:
    """Return the rule, fitted by logistic regression.

    Inside are statements, letters, and the section "The complaint" alone.

    Args:
        cases: The training part.
        vectors: Sentence keys to vectors of the model's own encoder, Shape: (sentences, hidden).
        seed: Of the choice of cases.
    """
    generator = np.random.default_rng(seed)
    chosen = generator.permutation(len(cases))[:_CASES]
    long = [reading for number in chosen for reading in _readings(cases[number])]
    short = [_read(text) for text in INSIDE]
    outside = [_read(text) for text in OUTSIDE]
    features = np.stack(
        [direction(_vectors(r, vectors)).double().numpy() for r in (*long, *short, *outside)]
    )
    is_outside = np.arange(len(features)) >= len(long) + len(short)
    weights = np.ones(len(features))
    weights[len(long) : len(long) + len(short)] = _WEIGHT_OF_SHORT
    fitted = LogisticRegression(C=10.0, class_weight="balanced", max_iter=3000)
    fitted.fit(features, is_outside, sample_weight=weights)
    return Scope(
        tuple(round(float(weight), 6) for weight in fitted.coef_[0]),
        round(float(fitted.intercept_[0]), 6),
    )


def _readings(case: GoldCase) -> list[Reading]:
    found = [case.reading(view) for view in VIEWS]
    # A statement may have no section "The complaint".
    with contextlib.suppress(InputError):
        found.append(read(case.document("statement"), "complaint"))
    return found


def _read(text: str) -> Reading:
    return read(from_text(text, "a text"), "statement")


@torch.no_grad()
def _vectors(reading: Reading, vectors: Callable[[Sequence[str]], Tensor]) -> Tensor:
    text = reading.document.text
    return vectors([sentence_key(sentence.span.of(text)) for sentence in reading.sentences])
