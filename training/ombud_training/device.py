"""Where to train: CUDA when it is there and works, else the CPU, with the reason said."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import torch

from ombud.errors import first_line

__all__ = [
    "Device",
    "choose_device",
    "cuda_device",
    "give_up_gpu",
    "gpu_failure",
    "still",
]


_PAYS_FROM: Final = 1.3
_PRODUCTS: Final = 8
_FAILURES: Final = ("CUDA error", "CUDA driver error", "cuDNN error")
_ON_GPU: Final = "CUDA on"
_given_up: list[str] = []


@dataclass(frozen=True, slots=True)
class Device:
    """A device, whether bf16 is used on it, and one sentence saying why it was chosen."""

    name: str
    bf16: bool
    reason: str

    @property
    def used_gpu(self) -> bool:
        """Whether a GPU did at least a part of the work."""
        return self.name != "cpu" or _ON_GPU in self.reason


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
    if _given_up:
        return f"the GPU failed: {_given_up[0]}"
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
    return Device("cuda", bf16=bf16, reason=f"{_ON_GPU} {name}{' in bf16' if bf16 else ''}")


def gpu_failure(error: BaseException) -> str | None:
    """Return what `error` says if a GPU that failed raised it; running out of memory is no failure."""
    if isinstance(error, torch.OutOfMemoryError):
        return None
    said = first_line(error)
    failed = isinstance(error, torch.AcceleratorError) or (
        isinstance(error, RuntimeError) and said.startswith(_FAILURES)
    )
    return said if failed else None


def give_up_gpu(failure: str) -> Device:
    """Give up CUDA for the rest of this process, and return the CPU, which takes its place.

    After a failed kernel every call to CUDA fails in the process, even the one that seeds its
    random numbers or that asks, in each step of an optimiser, whether a graph is captured. So
    torch is told that there is none.
    """
    _given_up.append(failure)
    torch.cuda.is_available = lambda: False
    # Whatever would start or seed CUDA asks this first: a forked process cannot use it either.
    torch.cuda._is_in_bad_fork = lambda: True
    return choose_device()


def still(device: Device) -> Device:
    """Return `device`, or the CPU where the GPU failed since it was chosen."""
    return choose_device() if _given_up and device.name != "cpu" else device


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
