"""Predicting documents with a loaded bundle."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

import torch
from torch import Tensor

from ombud.bundle import Bundle, read_bundle
from ombud.documents import Document
from ombud.doubt import doubtful_sentences
from ombud.encoding.backends import MARGINS, REFERENCE, BackendName, open_backend
from ombud.errors import OmbudError
from ombud.model.features import Batch, index_sentences, sentence_key
from ombud.model.heads import Chosen
from ombud.prediction import ModelInfo, Prediction, assemble
from ombud.vectors import KEPT, SentenceVectors
from ombud.views import Reading, View, read

if TYPE_CHECKING:
    from ombud.encoding.cache import VectorCache

__all__ = ["Predictor", "SentenceCounts", "load"]

_READINGS_AT_ONCE: Final = 32
_WINDOW: Final = 128
"""Documents whose sentences are sorted by length and encoded together."""


@dataclasses.dataclass(frozen=True, slots=True)
class SentenceCounts:
    """Sentences that were read, and how many of them had to be computed.

    Attributes:
        read: Sentences of the documents.
        encoded: How many of them were computed.
        filed: How many came from a file that an earlier run left them in.
    """

    read: int
    encoded: int
    filed: int = 0


def load(
    path: str | Path,
    *,
    error_rate: float | None = None,
    backend: BackendName = REFERENCE,
    kept: int = KEPT,
    file: VectorCache | None = None,
) -> Predictor:
    """Load the bundle at `path`, after checking the hash of every file in it.

    Args:
        path: The folder of the bundle.
        error_rate: Abstain so that at most this share of the answers given is wrong; by default
            as the bundle was calibrated.
        backend: What computes sentence vectors.
        kept: How many sentence vectors are kept in memory.
        file: Holds vectors of earlier runs, and is given those of this one.

    Raises:
        BundleError: If the bundle is missing, damaged or of an unknown format, cannot keep an
            error rate, or lacks the files of the back end.
        MissingExtraError: If the back end needs ONNX Runtime and it is not installed.
        UsageError: If the error rate is not between 0 and 1.
    """
    bundle = read_bundle(Path(path))
    if error_rate is not None:
        calibration = bundle.calibration.with_error_rate(error_rate)
        bundle = dataclasses.replace(bundle, calibration=calibration)
    vectors = SentenceVectors.served(open_backend(backend, bundle), bundle.tokens, kept, file)
    return Predictor(bundle, vectors, MARGINS[backend])


class Predictor:
    """Predicts documents; sentence vectors are shared between documents and kept for later ones."""

    def __init__(
        self, bundle: Bundle, vectors: SentenceVectors | None = None, margin: float = 0.0
    ) -> None:
        """Predict with `bundle`; `vectors` of the same encoder may be shared with others.

        Args:
            bundle: Heads and calibration.
            vectors: Of the bundle's encoder; by default computed in float32.
            margin: How close in logits a decision may be before the vectors that it hangs on are
                computed again in float32; for `vectors` of less precision.
        """
        self._bundle = bundle
        self._margin = margin
        self._exact: SentenceVectors | None = None
        self._vectors = vectors or SentenceVectors.served(
            open_backend(REFERENCE, bundle), bundle.tokens
        )
        self._sentences = 0

    @property
    def info(self) -> ModelInfo:
        """Which model this is."""
        return self._bundle.info

    @property
    def counts(self) -> SentenceCounts:
        """How many sentences were read and computed so far."""
        return SentenceCounts(self._sentences, self._vectors.encoded, self._vectors.found)

    @property
    def bundle(self) -> Bundle:
        """The bundle that was loaded."""
        return self._bundle

    @property
    def vectors(self) -> SentenceVectors:
        """Sentence vectors of the bundle's encoder, as predicting makes and keeps them."""
        return self._vectors

    def predict(
        self, documents: Sequence[Document], view: View, *, all_reasons: bool = False
    ) -> list[Prediction]:
        """Return one prediction a document, in order.

        Raises:
            InputError: If a document has nothing to read in `view`.
        """
        readings = [read(document, view) for document in documents]
        return self.predict_readings(readings, all_reasons=all_reasons)

    def predict_readings(
        self, readings: Sequence[Reading], *, all_reasons: bool = False
    ) -> list[Prediction]:
        """Return one prediction a reading, in order; a reading has at least one sentence."""
        return list(self._predict_readings(readings, all_reasons=all_reasons))

    def predict_each(
        self, documents: Sequence[Document], view: View, *, all_reasons: bool = False
    ) -> list[Prediction | OmbudError]:
        """Like `predict`, with the error of a document in its place."""
        windows = [
            documents[start : start + _WINDOW] for start in range(0, len(documents), _WINDOW)
        ]
        results: list[Prediction | OmbudError] = []
        for window in _read_ahead(windows, view):
            readings = [one for one in window if isinstance(one, Reading)]
            predictions = self._predict_readings(readings, all_reasons=all_reasons)
            results += [one if isinstance(one, OmbudError) else next(predictions) for one in window]
        return results

    def _predict_readings(
        self, readings: Sequence[Reading], *, all_reasons: bool
    ) -> Iterator[Prediction]:
        for start in range(0, len(readings), _WINDOW):
            window = readings[start : start + _WINDOW]
            keys = list(dict.fromkeys(key for reading in window for key in _keys(reading)))
            vectors = self._vectors(keys)
            rows = {key: row for row, key in enumerate(keys)}
            for first in range(0, len(window), _READINGS_AT_ONCE):
                some = window[first : first + _READINGS_AT_ONCE]
                yield from self._batch(some, vectors, rows, all_reasons=all_reasons)

    @torch.inference_mode()
    def _batch(
        self,
        readings: Sequence[Reading],
        vectors: Tensor,
        rows: Mapping[str, int],
        *,
        all_reasons: bool,
    ) -> Iterator[Prediction]:
        bundle = self._bundle
        self._sentences += sum(len(reading.sentences) for reading in readings)
        batch = index_sentences(readings)
        vectors = vectors[[rows[sentence] for sentence in batch.sentences]]
        output = bundle.served.heads(vectors, **batch.tensors())
        if self._margin:
            again = self._doubtful(readings, output, batch)
            if again:
                vectors[again] = self._in_float32([batch.sentences[row] for row in again])
                output = bundle.served.heads(vectors, **batch.tensors())
        for number, reading in enumerate(readings):
            count = len(reading.sentences)
            if bundle.calibration.scope is not None:
                own = vectors[batch.sentence_index[number, :count]]
                told = bundle.calibration.scope.warnings(reading, own)
                reading = dataclasses.replace(reading, warnings=(*reading.warnings, *told))
            yield assemble(
                reading,
                output.outcome_logits[number].double().tolist(),
                output.reason_logits[number].double().tolist(),
                (output.gates[number, :count] > 0).tolist(),
                output.contributions[number, :count].double().tolist(),
                bundle.calibration,
                bundle.info,
                all_reasons=all_reasons,
            )

    def _doubtful(self, readings: Sequence[Reading], output: Chosen, batch: Batch) -> list[int]:
        """Return the rows of the sentences that a close decision hangs on."""
        bundle = self._bundle
        views = [reading.view for reading in readings]
        config = bundle.served.config
        asked = doubtful_sentences(output, config, bundle.calibration, views, self._margin)
        return sorted(set(batch.sentence_index[asked].tolist()))

    def _in_float32(self, sentences: Sequence[str]) -> Tensor:
        if self._exact is None:
            bundle = self._bundle
            self._exact = SentenceVectors.served(open_backend(REFERENCE, bundle), bundle.tokens)
        return self._exact(sentences)


def _keys(reading: Reading) -> list[str]:
    text = reading.document.text
    return [sentence_key(sentence.span.of(text)) for sentence in reading.sentences]


def _read_ahead(
    windows: Sequence[Sequence[Document]], view: View
) -> Iterator[list[Reading | OmbudError]]:
    """Yield what is read of each window, the next one being read while one is predicted."""
    if len(windows) <= 1:
        yield from (_read(window, view) for window in windows)
        return
    with ThreadPoolExecutor(1, "ombud-reading") as ahead:
        coming = ahead.submit(_read, windows[0], view)
        for window in windows[1:]:
            found = coming.result()
            coming = ahead.submit(_read, window, view)
            yield found
        yield coming.result()


def _read(documents: Sequence[Document], view: View) -> list[Reading | OmbudError]:
    found: list[Reading | OmbudError] = []
    for document in documents:
        try:
            found.append(read(document, view))
        except OmbudError as error:
            found.append(error)
    return found
