"""Where to train: CUDA when it is there and works, else the CPU, with the reason said."""

from __future__ import annotations

from dataclasses import dataclass

import torch

__all__ = ["Device", "choose_device"]


@dataclass(frozen=True, slots=True)
class Device:
    """A device, whether bf16 is used on it, and one sentence saying why it was chosen."""

    name: str
    bf16: bool
    reason: str


def choose_device(wanted: str = "auto") -> Device:
    """Return the device to train on.

    A GPU is used only if a small matrix product on it gives the right result.

    Args:
        wanted: `auto`, `cpu` or `cuda`.
    """
    if wanted == "cpu":
        return Device("cpu", bf16=False, reason="CPU, as asked")
    if not torch.cuda.is_available():
        return Device("cpu", bf16=False, reason="CPU, since no CUDA device was found")
    try:
        ones = torch.ones(64, 64, device="cuda")
        works = bool((ones @ ones == 64).all().item())
    except (RuntimeError, AssertionError) as error:
        first_line = str(error).splitlines()[0]
        return Device("cpu", bf16=False, reason=f"CPU, since the GPU failed: {first_line}")
    if not works:
        return Device("cpu", bf16=False, reason="CPU, since the GPU gave a wrong product")
    name = torch.cuda.get_device_name()
    bf16 = torch.cuda.is_bf16_supported()
    return Device("cuda", bf16=bf16, reason=f"CUDA on {name}{' in bf16' if bf16 else ''}")
