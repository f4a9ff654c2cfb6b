"""Back ends: what computes sentence vectors, and in which precision.

`torch-fp32` is what every other one is held against. `torch-bf16` multiplies in bfloat16. The two
of ONNX Runtime read files that `ombud export` writes beside a bundle; `onnx-int8` multiplies in
8-bit integers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal, Protocol, get_args

if TYPE_CHECKING:
    from torch import Tensor

    from ombud.bundle import Bundle

__all__ = [
    "BACKENDS",
    "EXACT",
    "MARGINS",
    "REFERENCE",
    "Backend",
    "BackendChoice",
    "BackendName",
    "open_backend",
]

BackendName = Literal["torch-fp32", "torch-bf16", "onnx-fp32", "onnx-int8"]
BackendChoice = Literal["auto", "torch-fp32", "torch-bf16", "onnx-fp32", "onnx-int8"]
BACKENDS: Final[tuple[BackendName, ...]] = get_args(BackendName)
REFERENCE: Final[BackendName] = "torch-fp32"
EXACT: Final[frozenset[BackendName]] = frozenset({"torch-fp32", "onnx-fp32"})
"""Those that compute in float32 throughout and differ from each other by rounding alone."""

MARGINS: Final[Mapping[BackendName, float]] = {
    "torch-fp32": 0.0,
    "torch-bf16": 0.15,
    "onnx-fp32": 0.0,
    "onnx-int8": 1.0,
}
"""How close in logits a decision may be before its vectors are computed again in float32: about ten
times the root mean square of what the back end moves a gate logit by."""


class Backend(Protocol):
    """Computes vectors of sentences; a vector depends on nothing but its sentence."""

    def __call__(self, sentences: Sequence[Sequence[int]]) -> Tensor:
        """Return the vectors of sentences given as token ids, in order, on the CPU.

        They come sorted by length, or nearly so. Shape: (sentences, hidden)
        """


def open_backend(name: BackendName, bundle: Bundle) -> Backend:
    """Return a back end for a bundle's encoder.

    Raises:
        MissingExtraError: If ONNX Runtime is needed and not installed.
        BundleError: If the bundle has no ONNX files, or not its own.
    """
    if name.startswith("onnx-"):
        from ombud.encoding.onnx_backend import OnnxBackend

        return OnnxBackend.beside(bundle, name)
    from ombud.encoding.torch_backend import torch_backend

    return torch_backend(bundle.served.encoder, bf16=name == "torch-bf16")
