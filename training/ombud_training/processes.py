"""Several processes that train together, as `torchrun` starts them; one process otherwise."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import os
import random
from typing import Any, TypeVar

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor

from ombud.errors import TrainingError
from ombud_training.device import Device

__all__ = [
    "agree",
    "all_say",
    "any_of",
    "count",
    "first_says",
    "is_first",
    "join",
    "leave",
    "number",
    "random_states",
    "refuse_alone",
    "summed",
]

T = TypeVar("T")


def count() -> int:
    """Return how many processes train together."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def number() -> int:
    """Return which of them this is, from 0."""
    return int(os.environ.get("RANK", "0"))


def is_first() -> bool:
    """Say whether this process is the one that reports and writes."""
    return number() == 0


def refuse_alone(failure: str, where: str) -> None:
    """Refuse to go on with the CPU in one of several processes.

    Raises:
        TrainingError: If there are several.
    """
    if count() > 1:
        message = (
            f"expected a working GPU in each of {count()} processes, found that one failed "
            f"{where}: {failure}; go on from the last checkpoint with --resume, and with --device "
            "cpu if it fails again"
        )
        raise TrainingError(message)


def join() -> None:
    """Meet the other processes, where there are any: over gloo, and over NCCL between GPUs."""
    if count() == 1 or dist.is_initialized():
        return
    backend = "gloo"
    if torch.cuda.is_available() and dist.is_nccl_available():
        backend = "cpu:gloo,cuda:nccl"
        # Whether it works is asked when the device is chosen.
        with contextlib.suppress(RuntimeError):
            torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    dist.init_process_group(backend)


def leave() -> None:
    """Part from the other processes."""
    if dist.is_initialized():
        dist.destroy_process_group()


def agree(device: Device) -> Device:
    """Return the device on which all processes can train, each having chosen its own.

    CUDA only if all of them have it, bf16 only if all of them are faster with it.
    """
    devices = all_say(device)
    chosen = next((d for d in devices if d.name == "cpu"), devices[0])
    shared = chosen.reason if count() == 1 else f"{count()} processes, {chosen.reason}"
    return dataclasses.replace(chosen, bf16=all(d.bf16 for d in devices), reason=shared)


def all_say(value: T) -> list[T]:
    """Return what each process says, in order of their numbers."""
    if count() == 1:
        return [value]
    said: list[T | None] = [None] * count()
    dist.all_gather_object(said, value)
    return [one for one in said if one is not None]


def first_says(value: T) -> T:
    """Return what the first process says."""
    if count() == 1:
        return value
    said = [value]
    dist.broadcast_object_list(said, src=0)
    return said[0]


def any_of(said: bool, device: torch.device) -> bool:
    """Say whether it is so in any of the processes, which train on `device`."""
    if count() == 1:
        return said
    return bool(summed(torch.tensor(float(said), device=device)).item())


def random_states() -> bytes:
    """Return what this process draws next, in the form that `Trainer` reads back."""
    states: dict[str, Any] = {
        "python": random.getstate(),
        "numpy": np.random.get_state(),
        "cpu": torch.random.get_rng_state(),
    }
    if torch.cuda.is_available():
        several = count() > 1
        cuda = torch.cuda
        states["cuda"] = cuda.get_rng_state_all() if several else cuda.get_rng_state()
    content = io.BytesIO()
    torch.save(states, content)
    return content.getvalue()


def summed(tensor: Tensor) -> Tensor:
    """Return the sum of the processes' tensors; the one given holds it too."""
    if count() > 1:
        dist.all_reduce(tensor)
    return tensor
