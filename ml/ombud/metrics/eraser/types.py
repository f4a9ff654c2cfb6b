"""What people marked in a document and what a model said of it; places are tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ombud.spans import Span

__all__ = ["AOPC_SHARES", "EraserGold", "EraserPrediction", "PartialScores"]

AOPC_SHARES: Final = (0.01, 0.05, 0.1, 0.2, 0.5)
"""Shares of the tokens over which the benchmark averages (DeYoung et al. 2020, section 4.2)."""


@dataclass(frozen=True, slots=True)
class EraserGold:
    """What people said of a document.

    Attributes:
        id: Of the document.
        label: Its class.
        spans: Marked passages, in tokens; they may overlap.
    """

    id: str
    label: str
    spans: frozenset[Span]


@dataclass(frozen=True, slots=True)
class PartialScores:
    """Class probabilities of what is left of a document.

    Attributes:
        without: Of the document without the rationale.
        only: Of the rationale alone.
    """

    without: Mapping[str, float]
    only: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class EraserPrediction:
    """What a model said of a document.

    Attributes:
        id: Of the document.
        label: The predicted class.
        probabilities: Of each class.
        spans: Chosen passages, in tokens.
        token_scores: How much each token belongs to the rationale. Shape: (tokens,)
        rationale: Probabilities without and with the chosen passages only.
        by_share: The same for passages that hold a given share of the tokens.
    """

    id: str
    label: str
    probabilities: Mapping[str, float]
    spans: frozenset[Span]
    token_scores: Sequence[float]
    rationale: PartialScores
    by_share: Mapping[float, PartialScores]
