"""Whether a back end gives the answers of torch in float32."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ombud.encoding.backends import EXACT, BackendName

if TYPE_CHECKING:
    from ombud.calibration import Calibration
    from ombud.prediction import Prediction

__all__ = ["MOST_APART", "SAME_LABELS", "SAME_PASSAGES", "Parity", "compare"]

MOST_APART: Final = 1e-4
"""How far probabilities may be apart in float32."""
SAME_LABELS: Final = 0.995
"""Least share of documents with the same outcome and reasons in reduced precision."""
SAME_PASSAGES: Final = 0.98
"""Least share of documents with the same passages in reduced precision."""


@dataclass(frozen=True, slots=True)
class Parity:
    """How the answers of a back end compare.

    Attributes:
        documents: How many were compared.
        labels: Share of them with the same outcome and the same reasons.
        passages: Share of them with the same passages.
        apart: Largest difference of a probability, of an outcome or of any reason.
    """

    documents: int
    labels: float
    passages: float
    apart: float

    def refusal(self, backend: BackendName) -> str:
        """Return why a back end may not stand in for torch in float32; empty if it may."""
        if backend in EXACT:
            if self.apart <= MOST_APART:
                return ""
            return f"probabilities up to {self.apart:.2g} apart, not {MOST_APART:g}"
        if self.labels < SAME_LABELS:
            return f"labels equal on {self.labels:.1%} of {self.documents:,}, not {SAME_LABELS:.1%}"
        if self.passages < SAME_PASSAGES:
            share = f"{self.passages:.1%} of {self.documents:,}"
            return f"passages equal on {share}, not {SAME_PASSAGES:.0%}"
        return ""


def compare(
    expected: Sequence[Prediction], found: Sequence[Prediction], calibration: Calibration
) -> Parity:
    """Compare the predictions of the same documents, each with every reason."""
    count = len(expected)
    pairs = list(zip(expected, found, strict=True))
    labels = sum(_labels(one, calibration) == _labels(other, calibration) for one, other in pairs)
    passages = sum(_passages(one) == _passages(other) for one, other in pairs)
    apart = max(
        (
            abs(value - other[name])
            for one, two in pairs
            for other in [_probabilities(two)]
            for name, value in _probabilities(one).items()
        ),
        default=0.0,
    )
    return Parity(count, labels / max(1, count), passages / max(1, count), apart)


def _labels(prediction: Prediction, calibration: Calibration) -> tuple[str, frozenset[str]]:
    thresholds = calibration.reason_thresholds(prediction.view)
    least = dict(zip(calibration.reasons, thresholds, strict=True))
    shown = frozenset(r.label for r in prediction.reasons if r.probability >= least[r.label])
    return prediction.outcome, shown


def _passages(prediction: Prediction) -> list[tuple[int, int]]:
    return [(passage.span.start, passage.span.end) for passage in prediction.rationale]


def _probabilities(prediction: Prediction) -> dict[str, float]:
    reasons = {f"reason {reason.label}": reason.probability for reason in prediction.reasons}
    return {**prediction.probabilities, **reasons}
