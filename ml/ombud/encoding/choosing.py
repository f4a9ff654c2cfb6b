"""Choosing a back end: the fastest one here whose answers are those of torch in float32."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from ombud.encoding.backends import BACKENDS, MARGINS, REFERENCE, BackendName, open_backend
from ombud.encoding.parity import Parity, compare
from ombud.errors import BundleError, MissingExtraError
from ombud.predictor import Predictor
from ombud.vectors import SentenceVectors
from ombud.views import Reading, View, read

if TYPE_CHECKING:
    from ombud.bundle import Bundle
    from ombud.prediction import Prediction

__all__ = ["Trial", "choose_backend", "parity_readings", "try_backend"]

_SECONDS: Final = 1.0
_AT_ONCE: Final = 16
_MOST_TEXTS: Final = 250


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying a back end.

    Attributes:
        backend: Its name.
        tokens_per_second: Of the encoder's input; 0 where it did not run.
        parity: How its answers compare, where that was looked at.
        refused: Why it may not be taken; empty if it may.
    """

    backend: BackendName
    tokens_per_second: float
    parity: Parity | None
    refused: str

    def said(self) -> str:
        """Return it in words."""
        if not self.tokens_per_second:
            return f"{self.backend}: {self.refused}"
        words = f"{self.backend}: {self.tokens_per_second:,.0f} tokens/s"
        return f"{words}; refused: {self.refused}" if self.refused else words

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return asdict(self)


def parity_readings(bundle: Bundle, view: View) -> list[Reading]:
    """Return what `view` reads of the texts that the bundle carries to compare on."""
    documents = (text.document(view) for text in bundle.parity_texts()[:_MOST_TEXTS])
    return [read(document, view) for document in documents if document is not None]


def choose_backend(
    bundle: Bundle, views: Sequence[View], told: Callable[[Trial], None] = lambda _: None
) -> BackendName:
    """Time each back end for about a second, and return the fastest that passes the comparison.

    Torch in float32 is what is compared with, so there is always one. In a bundle that carries
    nothing to compare on it is the only one.

    Args:
        bundle: The bundle to predict with.
        views: What will be read; answers of all of them are compared together.
        told: Told what came of each.
    """
    readings = [reading for view in views for reading in parity_readings(bundle, view)]
    if not readings:
        refused = "not compared, the bundle carries no texts to compare back ends on"
        for name in BACKENDS:
            if name != REFERENCE:
                told(Trial(name, 0.0, None, refused))
        return REFERENCE
    trials = [_timed(name, bundle, readings) for name in BACKENDS]
    expected: list[Prediction] | None = None
    for trial in sorted(trials, key=lambda trial: -trial.tokens_per_second):
        if trial.backend == REFERENCE:
            told(trial)
            return REFERENCE
        if not trial.refused:
            expected = expected or _answers(bundle, REFERENCE, readings)
            trial = _compared(trial, bundle, readings, expected)
        told(trial)
        if not trial.refused:
            return trial.backend
    return REFERENCE


def try_backend(name: BackendName, bundle: Bundle, readings: Sequence[Reading]) -> Trial:
    """Time a back end and compare its answers on `readings`."""
    trial = _timed(name, bundle, readings)
    if trial.refused:
        return trial
    return _compared(trial, bundle, readings, _answers(bundle, REFERENCE, readings))


def _timed(name: BackendName, bundle: Bundle, readings: Sequence[Reading]) -> Trial:
    try:
        backend = open_backend(name, bundle)
    except (BundleError, MissingExtraError) as error:
        return Trial(name, 0.0, None, str(error))
    vectors = SentenceVectors.served(backend, bundle.tokens, kept=0)
    predictor = Predictor(bundle, vectors, MARGINS[name])
    # The first ones warm up.
    predictor.predict_readings(readings[:_AT_ONCE])
    started, tokens = time.perf_counter(), vectors.tokens
    while (seconds := time.perf_counter() - started) < _SECONDS:
        for start in range(0, len(readings), _AT_ONCE):
            predictor.predict_readings(readings[start : start + _AT_ONCE])
            if (seconds := time.perf_counter() - started) >= _SECONDS:
                break
    return Trial(name, (vectors.tokens - tokens) / seconds, None, "")


def _compared(
    trial: Trial, bundle: Bundle, readings: Sequence[Reading], expected: Sequence[Prediction]
) -> Trial:
    found = _answers(bundle, trial.backend, readings)
    parity = compare(expected, found, bundle.calibration)
    return replace(trial, parity=parity, refused=parity.refusal(trial.backend))


def _answers(bundle: Bundle, name: BackendName, readings: Sequence[Reading]) -> list[Prediction]:
    vectors = SentenceVectors.served(open_backend(name, bundle), bundle.tokens)
    return Predictor(bundle, vectors, MARGINS[name]).predict_readings(readings, all_reasons=True)
