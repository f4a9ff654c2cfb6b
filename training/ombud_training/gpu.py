"""What a GPU makes of a recipe: tokens a second, share of its peak, the same labels as the CPU."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch

from ombud.corpus import GoldCase, Wording
from ombud.errors import TrainingError, UsageError
from ombud.model import OmbudModel, collate, resolve_encoder, sentence_key
from ombud.vectors import SentenceVectors
from ombud.views import VIEWS, Reading
from ombud_training.device import Device, cuda_device
from ombud_training.fit import Fitted, fit
from ombud_training.recipe import Recipe

__all__ = ["GpuCheck", "check_gpu", "gpu_or_refuse", "peak_of"]

_AT_ONCE: Final = 16
_PEAKS: Final = {
    "H200": 989.0,
    "H100": 989.0,
    "A100": 312.0,
    "L40S": 362.0,
    "A10": 125.0,
    "L4": 121.0,
    "V100": 125.0,
    "T4": 65.0,
}
"""Dense half-precision TFLOP/s as their makers state them, a longer name before a shorter one."""


@dataclass(frozen=True, slots=True)
class GpuCheck:
    """Figures of one recipe on the GPU.

    Attributes:
        recipe: Its name.
        device: The GPU, in words.
        seconds: Wall time of the whole training.
        passes: What the encoder did, tokens and seconds of it, and operations a token and weight:
            2 forward, 6 forward and backward.
        weights: Weights of the encoder without its embeddings.
        same: Labels of the validation part (each outcome, and each reason at a probability of one
            half) that the CPU gives too.
        labels: All of them.
    """

    recipe: str
    device: str
    seconds: float
    passes: tuple[tuple[str, int, float, int], ...]
    weights: int
    same: int
    labels: int

    @property
    def parity(self) -> float:
        """Share of the labels that are the same."""
        return self.same / self.labels

    def flops(self, tokens: int, seconds: float, operations: int) -> float:
        """Return operations a second of a pass, those of attention left out."""
        return operations * self.weights * tokens / seconds


def gpu_or_refuse() -> Device:
    """Return the GPU.

    Raises:
        UsageError: If there is none, or if it does not work.
    """
    found = cuda_device()
    if isinstance(found, Device):
        return found
    message = (
        f"expected a working CUDA device, found that {found}; run this on a machine with a GPU, "
        "training/RESULTS.md says what to keep of it"
    )
    raise UsageError(message)


def peak_of(name: str) -> float | None:
    """Return the peak of a GPU in FLOP/s by its name, None where it is not known."""
    return next((peak * 1e12 for known, peak in _PEAKS.items() if known in name), None)


def check_gpu(
    train: Sequence[GoldCase],
    validation: Sequence[GoldCase],
    recipe: Recipe,
    device: Device,
    *,
    wordings: Sequence[Wording] = (),
) -> GpuCheck:
    """Train by `recipe` on `device` and compare its labels with the CPU's.

    Raises:
        TrainingError: If the GPU fails on the way.
    """
    vectors = SentenceVectors.pretrained(
        resolve_encoder(recipe.encoder), recipe.max_tokens, device.name
    )
    started = time.monotonic()
    encoding = _encode(train, vectors)
    with tempfile.TemporaryDirectory() as folder:
        fitted = fit(
            train,
            recipe,
            device,
            Path(folder),
            wordings=wordings,
            vectors=vectors,
            validation=validation,
        )
    seconds = time.monotonic() - started
    if fitted.device.name != device.name:
        message = (
            f"expected a GPU that works to the end, found it trained on {fitted.device.reason}; "
            "check the GPU"
        )
        raise TrainingError(message)
    tokens = _tokens(train, fitted)
    passes = [("encoding", tokens, encoding, 2)]
    passes += [
        (report.name, report.tokens, report.seconds, 6) for report in fitted.stages if report.tokens
    ]
    same, labels = _same_labels(fitted, validation, device)
    return GpuCheck(
        recipe.name,
        fitted.device.reason,
        seconds,
        tuple(passes),
        _weights(fitted.model),
        same,
        labels,
    )


def _keys(cases: Sequence[GoldCase]) -> list[str]:
    readings = [case.reading(view) for view in VIEWS for case in cases]
    return sorted({sentence_key(s.span.of(r.document.text)) for r in readings for s in r.sentences})


def _encode(cases: Sequence[GoldCase], vectors: SentenceVectors) -> float:
    """Return the seconds it takes to encode every sentence once."""
    keys = _keys(cases)
    vectors(keys[:_AT_ONCE])
    started = time.monotonic()
    vectors(keys)
    return time.monotonic() - started


def _tokens(cases: Sequence[GoldCase], fitted: Fitted) -> int:
    ids = fitted.tokenizer(
        _keys(cases), truncation=True, max_length=fitted.model.config.max_tokens
    )["input_ids"]
    return sum(len(row) for row in ids)


def _weights(model: OmbudModel) -> int:
    embeddings = model.encoder.transformer.get_input_embeddings().weight.numel()
    return sum(p.numel() for p in model.encoder.parameters()) - int(embeddings)


def _same_labels(fitted: Fitted, cases: Sequence[GoldCase], device: Device) -> tuple[int, int]:
    readings = [case.reading(view) for view in VIEWS for case in cases]
    here = _labels(fitted, readings, "cpu")
    there = _labels(fitted, readings, device.name)
    fitted.model.cpu()
    return int((here == there).sum()), here.numel()


@torch.inference_mode()
def _labels(fitted: Fitted, readings: Sequence[Reading], device: str) -> torch.Tensor:
    """Return outcome and reasons of each reading. Shape: (readings, 1 + reasons)."""
    model = fitted.model.to(torch.device(device)).eval()  # type: ignore[arg-type]
    rows = []
    for start in range(0, len(readings), _AT_ONCE):
        own = readings[start : start + _AT_ONCE]
        batch = collate(own, fitted.tokenizer, model.config.max_tokens)
        output = model(**{name: tensor.to(device) for name, tensor in batch.items()})
        outcome = output.outcome_logits.argmax(dim=1, keepdim=True)
        rows.append(torch.cat([outcome, (output.reason_logits > 0).long()], dim=1).cpu())
    return torch.cat(rows)
