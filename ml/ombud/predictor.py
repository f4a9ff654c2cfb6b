"""Predicting documents with a loaded bundle."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import torch

from ombud.bundle import Bundle, read_bundle
from ombud.documents import Document
from ombud.errors import OmbudError
from ombud.model.features import collate
from ombud.prediction import ModelInfo, Prediction, assemble
from ombud.vectors import SentenceVectors
from ombud.views import Reading, View, read

__all__ = ["Predictor", "SentenceCounts", "load"]

_READINGS_AT_ONCE: Final = 32


@dataclasses.dataclass(frozen=True, slots=True)
class SentenceCounts:
    """Sentences that were read, and how many of them had to be computed."""

    read: int
    encoded: int


def load(path: str | Path, *, error_rate: float | None = None) -> Predictor:
    """Load the bundle at `path`, after checking the hash of every file in it.

    Args:
        path: The folder of the bundle.
        error_rate: Abstain so that at most this share of the answers given is wrong; by default
            as the bundle was calibrated.

    Raises:
        BundleError: If the bundle is missing, damaged or of an unknown format, or cannot keep an
            error rate.
        UsageError: If the error rate is not between 0 and 1.
    """
    bundle = read_bundle(Path(path))
    if error_rate is not None:
        calibration = bundle.calibration.with_error_rate(error_rate)
        bundle = dataclasses.replace(bundle, calibration=calibration)
    return Predictor(bundle)


class Predictor:
    """Predicts documents; sentence vectors are shared between documents and kept for later ones."""

    def __init__(self, bundle: Bundle, vectors: SentenceVectors | None = None) -> None:
        """Predict with `bundle`; `vectors` of the same encoder may be shared with others."""
        self._bundle = bundle
        self._vectors = vectors or SentenceVectors(
            bundle.model.encoder, bundle.tokenizer, bundle.model.config.max_tokens
        )
        self._sentences = 0

    @property
    def info(self) -> ModelInfo:
        """Which model this is."""
        return self._bundle.info

    @property
    def counts(self) -> SentenceCounts:
        """How many sentences were read and computed so far."""
        return SentenceCounts(self._sentences, self._vectors.encoded)

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
        results: list[Prediction | OmbudError] = []
        readings: list[Reading] = []
        places: list[int] = []
        for number, document in enumerate(documents):
            try:
                readings.append(read(document, view))
                places.append(number)
                results.append(OmbudError())
            except OmbudError as error:
                results.append(error)
        predictions = self._predict_readings(readings, all_reasons=all_reasons)
        for number, prediction in zip(places, predictions, strict=True):
            results[number] = prediction
        return results

    def _predict_readings(
        self, readings: Sequence[Reading], *, all_reasons: bool
    ) -> Iterator[Prediction]:
        for start in range(0, len(readings), _READINGS_AT_ONCE):
            yield from self._batch(readings[start : start + _READINGS_AT_ONCE], all_reasons)

    @torch.inference_mode()
    def _batch(self, readings: Sequence[Reading], all_reasons: bool) -> Iterator[Prediction]:
        bundle = self._bundle
        self._sentences += sum(len(reading.sentences) for reading in readings)
        max_tokens = bundle.model.config.max_tokens
        tensors = collate(readings, bundle.tokenizer, max_tokens, self._vectors)
        output = bundle.model(**tensors)
        for number, reading in enumerate(readings):
            count = len(reading.sentences)
            if bundle.calibration.scope is not None:
                rows = tensors["sentence_index"][number, :count]
                told = bundle.calibration.scope.warnings(reading, tensors["sentence_vectors"][rows])
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
