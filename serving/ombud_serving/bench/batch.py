"""Timing back ends on documents, with and without what is shared between them."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ombud.encoding.backends import BACKENDS, MARGINS, BackendName, open_backend
from ombud.encoding.cache import VectorCache, encoder_digest
from ombud.encoding.choosing import parity_readings, try_backend
from ombud.encoding.parity import Parity
from ombud.errors import BundleError, MissingExtraError
from ombud.predictor import Predictor
from ombud.vectors import KEPT, SentenceVectors
from ombud_serving.bench.peak import flops_a_token

if TYPE_CHECKING:
    from ombud.bundle import Bundle
    from ombud.documents import Document
    from ombud.views import Reading, View

__all__ = ["BackendSpeed", "Corpus", "measure_backends"]

_PRODUCTS: Final = {
    "torch-fp32": "float32",
    "torch-bf16": "bfloat16",
    "onnx-fp32": "float32",
    "onnx-int8": "int8",
}
_WARM: Final = 8


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents to be read whole, and the tokens of all their sentences."""

    documents: Sequence[Document]
    ids: Sequence[Sequence[int]]

    @property
    def tokens(self) -> int:
        """Tokens that are read."""
        return sum(map(len, self.ids))


@dataclass(frozen=True, slots=True)
class BackendSpeed:
    """How fast a back end is; all rates a second.

    Attributes:
        backend: Its name.
        refused: Why it did not run; empty if it did.
        off: Tokens computed, nothing kept from one window of documents to the next, from text to
            prediction.
        off_documents: Documents of the same run.
        shared: Tokens read, vectors shared within the run.
        shared_documents: Documents of the same run.
        filed: Tokens read, all vectors in the file of an earlier run.
        filed_documents: Documents of the same run.
        encoder: Tokens computed by the encoder alone.
        share: Operations of the matrix products of the encoder alone, as a share of the most that
            this machine does.
        latency: Median seconds of one document alone, warm, nothing kept.
        parity: How its answers compare with torch in float32 on the texts that the bundle
            carries; `None` if it carries none.
        parity_refused: Why `--backend auto` would not take it; empty if it would.
    """

    backend: BackendName
    refused: str
    off: float = 0.0
    off_documents: float = 0.0
    shared: float = 0.0
    shared_documents: float = 0.0
    filed: float = 0.0
    filed_documents: float = 0.0
    encoder: float = 0.0
    share: float = 0.0
    latency: float = 0.0
    parity: Parity | None = None
    parity_refused: str = ""


def measure_backends(
    bundle: Bundle, corpus: Corpus, view: View, peaks: dict[str, float], alone: int
) -> list[BackendSpeed]:
    """Time every back end on the same documents; one that is not there says why.

    Args:
        bundle: The bundle to predict with.
        corpus: What is read.
        view: What may be read of it.
        peaks: What `matrix_peaks` returns.
        alone: How many documents to read one by one.
    """
    compared = parity_readings(bundle, view)
    return [_measure(name, bundle, corpus, view, peaks, alone, compared) for name in BACKENDS]


def _measure(
    name: BackendName,
    bundle: Bundle,
    corpus: Corpus,
    view: View,
    peaks: dict[str, float],
    alone: int,
    compared: Sequence[Reading],
) -> BackendSpeed:
    try:
        backend = open_backend(name, bundle)
    except (BundleError, MissingExtraError) as error:
        return BackendSpeed(name, str(error))

    def predictor(kept: int, file: VectorCache | None = None) -> tuple[Predictor, SentenceVectors]:
        vectors = SentenceVectors.served(backend, bundle.tokens, kept, file)
        made = Predictor(bundle, vectors, MARGINS[name])
        if file is None:
            made.predict(corpus.documents[:_WARM], view)
        return made, vectors

    documents = len(corpus.documents)
    off, vectors = predictor(0)
    before = vectors.tokens
    off_seconds = _seconds(off, corpus.documents, view)
    computed = vectors.tokens - before
    each = sorted(_seconds(off, [one], view) for one in corpus.documents[:alone])
    shared_seconds = _seconds(predictor(KEPT)[0], corpus.documents, view)
    with tempfile.TemporaryDirectory() as folder:
        path, digest = Path(folder) / "vectors.sqlite", encoder_digest(bundle.path)
        for _ in range(2):
            with VectorCache.at(path, digest, name) as file:
                filed_seconds = _seconds(predictor(KEPT, file)[0], corpus.documents, view)
    ordered = sorted(corpus.ids, key=len)
    started = time.perf_counter()
    backend(ordered)
    encoder = corpus.tokens / (time.perf_counter() - started)
    work = flops_a_token(bundle.served.encoder.config, _mean_length(corpus))
    trial = try_backend(name, bundle, compared) if compared else None
    return BackendSpeed(
        backend=name,
        refused="",
        off=computed / off_seconds,
        off_documents=documents / off_seconds,
        shared=corpus.tokens / shared_seconds,
        shared_documents=documents / shared_seconds,
        filed=corpus.tokens / filed_seconds,
        filed_documents=documents / filed_seconds,
        encoder=encoder,
        share=encoder * work / peaks[_PRODUCTS[name]],
        latency=each[len(each) // 2],
        parity=None if trial is None else trial.parity,
        parity_refused="" if trial is None else trial.refused,
    )


def _mean_length(corpus: Corpus) -> float:
    """Return how many tokens a token attends to, on average."""
    return sum(len(ids) ** 2 for ids in corpus.ids) / max(1, corpus.tokens)


def _seconds(predictor: Predictor, documents: Sequence[Document], view: View) -> float:
    started = time.perf_counter()
    predictor.predict_each(documents, view)
    return time.perf_counter() - started
