"""Writing the ONNX files of a bundle."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import torch
from numpy.typing import NDArray
from torch import Tensor

from ombud.atomic import replacing_folder
from ombud.encoding.onnx_files import FILES, FORMAT, OnnxManifest, onnx_folder
from ombud.encoding.packed import PackedBert
from ombud.encoding.torch_backend import batches
from ombud.errors import BundleError, MissingExtraError, OutputError

if TYPE_CHECKING:
    from ombud.bundle import Bundle

__all__ = ["export_onnx"]

_TOKENS_AT_ONCE: Final = 2048


def export_onnx(bundle: Bundle, sentences: Sequence[str]) -> Path:
    """Write the ONNX files of a bundle beside it, whole or not at all; return their folder.

    Args:
        bundle: Of an encoder of the kind that `PackedBert` reads.
        sentences: Sentence keys on which the ranges of the 8-bit integers are measured; without
            any only the file in float32 is written.

    Raises:
        MissingExtraError: If the package `onnx` is not installed.
        BundleError: If the encoder is of another kind.
        OutputError: If the folder cannot be written.
    """
    try:
        import onnx
    except ModuleNotFoundError as error:
        message = "expected onnx for 'ombud export', found it not installed; install ombud[onnx]"
        raise MissingExtraError(message) from error
    from ombud.encoding.onnx_graph import bert_graph

    weights = bundle.served.encoder
    if not PackedBert.reads(weights.config):
        kind = weights.config.get("model_type")
        message = (
            f"{bundle.path}: expected an encoder of the kind 'bert' for ONNX, found {kind!r}; use "
            "the back ends torch-fp32 or torch-bf16"
        )
        raise BundleError(message)
    arrays = {name: tensor.numpy() for name, tensor in weights.tensors.items()}
    graphs: dict[str, Any] = {FILES["onnx-fp32"]: bert_graph(weights.config, arrays, None)}
    if sentences:
        ranges = _ranges(bundle, sentences)
        graphs[FILES["onnx-int8"]] = bert_graph(weights.config, arrays, ranges)
    folder = onnx_folder(bundle.path)
    try:
        with replacing_folder(folder) as temporary:
            hashes = {}
            for name, graph in graphs.items():
                onnx.save(graph, temporary / name)
                with (temporary / name).open("rb") as content:
                    hashes[name] = hashlib.file_digest(content, "sha256").hexdigest()
            sha256 = bundle.manifest.files["model.safetensors"]
            OnnxManifest(FORMAT, sha256, len(sentences), hashes).write(temporary)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"{folder}: expected a folder to write, found: {reason}; make room or change it"
        raise OutputError(message) from error
    return folder


def _ranges(
    bundle: Bundle, sentences: Sequence[str]
) -> dict[str, tuple[NDArray[Any], NDArray[Any]]]:
    """Return the least and the greatest value of each feature that enters each matrix product."""
    weights = bundle.served.encoder
    found: dict[str, tuple[Tensor, Tensor]] = {}

    def watch(name: str, rows: Tensor) -> None:
        low, high = rows.amin(dim=0), rows.amax(dim=0)
        if name in found:
            low, high = torch.minimum(low, found[name][0]), torch.maximum(high, found[name][1])
        found[name] = (low, high)

    bert = PackedBert(weights.config, weights.tensors, torch.float32, watch)
    ids = sorted(bundle.tokens(sentences), key=len)
    for batch in batches(ids, _TOKENS_AT_ONCE):
        bert(batch)
    return {name: (low.numpy(), high.numpy()) for name, (low, high) in found.items()}
