"""Sentence vectors by ONNX Runtime, on the CPU."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from torch import Tensor

from ombud.encoding.torch_backend import batches
from ombud.errors import BundleError, MissingExtraError, first_line

if TYPE_CHECKING:
    from ombud.bundle import Bundle
    from ombud.encoding.backends import BackendName

__all__ = ["OnnxBackend"]

_TOKENS_AT_ONCE: Final = 1024


class OnnxBackend:
    """Several batches are computed at once, each by one thread: none waits for another."""

    def __init__(self, session: Any, threads: int) -> None:
        """Compute with an `onnxruntime.InferenceSession` of one thread, `threads` at once."""
        self._session = session
        self._threads = threads

    @classmethod
    def read(cls, path: Path, threads: int | None = None) -> OnnxBackend:
        """Return what computes by the file `path`.

        Raises:
            MissingExtraError: If ONNX Runtime is not installed.
            BundleError: If the file holds no such graph.
        """
        try:
            import onnxruntime
        except ModuleNotFoundError as error:
            message = (
                "expected onnxruntime for the ONNX back ends, found it not installed; "
                "install ombud[onnx]"
            )
            raise MissingExtraError(message) from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            session = onnxruntime.InferenceSession(
                path, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            message = (
                f"{path}: expected a graph that ONNX Runtime reads, found: {first_line(error)}; "
                "write it again with 'ombud export'"
            )
            raise BundleError(message) from error
        return cls(session, threads or torch.get_num_threads())

    @classmethod
    def beside(cls, bundle: Bundle, name: BackendName) -> OnnxBackend:
        """Return a back end that computes by the files that `ombud export` wrote.

        Raises:
            MissingExtraError: If ONNX Runtime is not installed.
            BundleError: If they are missing, damaged or another bundle's.
        """
        from ombud.encoding.onnx_files import onnx_file

        return cls.read(onnx_file(bundle, name))

    def __call__(self, sentences: Sequence[Sequence[int]]) -> Tensor:
        """Return the vectors of sentences given as token ids, in order.

        Shape: (sentences, hidden)
        """
        parts = list(batches(sentences, _TOKENS_AT_ONCE))
        if len(parts) == 1 or self._threads == 1:
            return torch.cat([self._run(part) for part in parts])
        with ThreadPoolExecutor(self._threads, "ombud-onnx") as workers:
            return torch.cat(list(workers.map(self._run, parts)))

    def _run(self, sentences: Sequence[Sequence[int]]) -> Tensor:
        lengths = np.array([len(sentence) for sentence in sentences], np.int32)
        ids = np.zeros((len(sentences), int(lengths.max())), np.int64)
        for row, sentence in zip(ids, sentences, strict=True):
            row[: len(sentence)] = sentence
        (vectors,) = self._session.run(None, {"ids": ids, "lengths": lengths})
        return torch.from_numpy(vectors)
