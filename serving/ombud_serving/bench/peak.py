"""How many operations a second this machine multiplies matrices with, and how many a token takes."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import torch

__all__ = ["flops_a_token", "matrix_peaks"]

_SHAPES: Final = ((2048, 2048, 2048), (2048, 384, 1536), (2048, 1536, 384), (512, 384, 1536))
_SECONDS: Final = 0.4


def matrix_peaks() -> dict[str, float]:
    """Return the most operations a second of a product in float32, bfloat16 and 8-bit integers.

    The best of several shapes, among them the encoder's own, and of the libraries that torch
    brings: the quickest of them is what the machine can do.
    """
    floats = {"float32": torch.float32, "bfloat16": torch.bfloat16}
    peaks = {name: max(map(max, _products(dtype))) for name, dtype in floats.items()}
    peaks["int8"] = max(_integer_product(*shape) for shape in _SHAPES)
    return peaks


def flops_a_token(config: Mapping[str, Any], tokens: float) -> float:
    """Return the multiplications and additions of a BERT for a token of a sentence.

    Args:
        config: The encoder's configuration.
        tokens: Length of the sentences, for what attention takes.
    """
    hidden, wide = int(config["hidden_size"]), int(config["intermediate_size"])
    layers = int(config["num_hidden_layers"])
    return layers * 2.0 * (4 * hidden * hidden + 2 * hidden * wide + 2 * tokens * hidden)


@torch.inference_mode()
def _products(dtype: torch.dtype) -> list[list[float]]:
    found = []
    for rows, inner, columns in _SHAPES:
        left = torch.randn(rows, inner).to(dtype)
        right = torch.randn(columns, inner).to(dtype)
        work = 2.0 * rows * inner * columns
        rates = [_rate(functools.partial(torch.matmul, left, right.T), work)]
        if hasattr(torch.ops.mkldnn, "_linear_pointwise"):
            rates.append(_rate(_packed_product(left, right), work))
        found.append(rates)
    return found


def _packed_product(left: torch.Tensor, right: torch.Tensor) -> Callable[[], Any]:
    packed = torch.ops.mkldnn._reorder_linear_weight(right, len(left))
    bias = torch.zeros(len(right), dtype=right.dtype)
    return lambda: torch.ops.mkldnn._linear_pointwise(left, packed, bias, "none", [], "")


def _integer_product(rows: int, inner: int, columns: int) -> float:
    left = torch.randint(-100, 100, (rows, inner), dtype=torch.int8)
    right = torch.randint(-100, 100, (inner, columns), dtype=torch.int8)
    return _rate(lambda: torch._int_mm(left, right), 2.0 * rows * inner * columns)


def _rate(product: Callable[[], Any], work: float) -> float:
    product()
    best, started = float("inf"), time.perf_counter()
    while (now := time.perf_counter()) - started < _SECONDS:
        product()
        best = min(best, time.perf_counter() - now)
    return work / best
