"""What a job scores with: anything that predicts documents, by default a loaded bundle.

What loads torch is imported when it is needed, so that a run that is refused ends at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ombud.encoding.backends import REFERENCE, BackendName
from ombud.errors import BundleError

if TYPE_CHECKING:
    from ombud.documents import Document
    from ombud.encoding.cache import VectorCache
    from ombud.errors import OmbudError
    from ombud.prediction import ModelInfo, Prediction
    from ombud.predictor import SentenceCounts
    from ombud.views import View

__all__ = ["Engine", "Loader", "load", "loaded", "verified"]


class Engine(Protocol):
    """Predicts documents; another back end is another one of these."""

    @property
    def info(self) -> ModelInfo:
        """Which model this is."""

    @property
    def counts(self) -> SentenceCounts:
        """Sentences read and computed so far."""

    def predict_each(
        self, documents: Sequence[Document], view: View
    ) -> Sequence[Prediction | OmbudError]:
        """Return a prediction or what is wrong with it for each document, in order."""


def load(
    bundle: Path,
    *,
    error_rate: float | None = None,
    backend: BackendName = REFERENCE,
    file: VectorCache | None = None,
) -> Engine:
    """Load a bundle, to abstain by an error rate if not as it was calibrated.

    Args:
        bundle: Its folder.
        error_rate: Share of wrong outcomes to abstain for.
        backend: What computes sentence vectors.
        file: Holds vectors of earlier jobs, and is given those of this one.

    Raises:
        BundleError: If it is missing or damaged, cannot keep the error rate, or lacks the files
            of the back end.
        MissingExtraError: If the back end needs ONNX Runtime and it is not installed.
        UsageError: If the error rate is not between 0 and 1.
    """
    from ombud.predictor import load as load_predictor

    return load_predictor(bundle, error_rate=error_rate, backend=backend, file=file)


def verified(bundle: Path) -> str:
    """Check every file of a bundle and return its digest.

    Raises:
        BundleError: If it is missing or damaged.
    """
    from ombud.bundle import verify_bundle

    return verify_bundle(bundle)[1]


class Loader(Protocol):
    """Loads a bundle as an engine."""

    def __call__(self, bundle: Path, *, error_rate: float | None = None) -> Engine:
        """Return what predicts with the bundle."""


def loaded(bundle: Path, error_rate: float | None, sha256: str, load: Loader = load) -> Engine:
    """Load a bundle that must still be the one with this digest.

    Raises:
        BundleError: If it is missing or damaged, or was replaced.
    """
    engine = load(bundle, error_rate=error_rate)
    if engine.info.sha256 != sha256:
        message = (
            f"{bundle}: expected the bundle to stay as it was when the job began, found another "
            "in its place; run the same command again"
        )
        raise BundleError(message)
    return engine
