"""Where to train: CUDA when it is there and works, else the CPU, with the reason said."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import torch

from ombud.errors import first_line

__all__ = ["Device", "choose_device", "cuda_device"]

_PAYS_FROM: Final = 1.3
_PRODUCTS: Final = 8


@dataclass(frozen=True, slots=True)
class Device:
    """A device, whether bf16 is used on it, and one sentence saying why it was chosen."""

    name: str
    bf16: bool
    reason: str


def choose_device(wanted: str = "auto") -> Device:
    """Return the device to train on.

    A GPU is used only if a small matrix product on it gives the right result. On a CPU, bf16 is
    used if products of an encoder's shape are at least 1.3 times as fast with it here and now.

    Args:
        wanted: `auto`, `cpu` or `cuda`; where CUDA does not work the CPU is used all the same.
    """
    if wanted == "cpu":
        return _cpu("as asked")
    found = cuda_device()
    return found if isinstance(found, Device) else _cpu(f"since {found}")


def cuda_device() -> Device | str:
    """Return the CUDA device if it works, else why it cannot be used."""
    if not torch.cuda.is_available():
        return "no CUDA device was found"
    try:
        ones = torch.ones(64, 64, device="cuda")
        works = bool((ones @ ones == 64).all().item())
        name = torch.cuda.get_device_name()
        bf16 = torch.cuda.is_bf16_supported()
    except (RuntimeError, AssertionError) as error:
        return f"the GPU failed: {first_line(error)}"
    if not works:
        return "the GPU gave a wrong product"
    return Device("cuda", bf16=bf16, reason=f"CUDA on {name}{' in bf16' if bf16 else ''}")


def _cpu(why: str) -> Device:
    ratio = _seconds(torch.float32) / _seconds(torch.bfloat16)
    pays = ratio >= _PAYS_FROM
    return Device("cpu", pays, f"CPU, {why}; bf16 products {ratio:.1f} times as fast as fp32")


def _seconds(dtype: torch.dtype) -> float:
    """Return the shortest time of a product of an encoder's shape, in seconds."""
    tokens = torch.ones(1024, 384, dtype=dtype)
    weights = torch.ones(384, 1536, dtype=dtype)
    times = []
    for _ in range(_PRODUCTS):
        started = time.perf_counter()
        tokens @ weights
        times.append(time.perf_counter() - started)
    return min(times)
