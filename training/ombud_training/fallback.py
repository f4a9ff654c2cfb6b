"""Work that a GPU begins and the CPU does from its beginning where the GPU fails."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final, TypeVar

from ombud_training import processes
from ombud_training.device import Device, give_up_gpu, gpu_failure, still

__all__ = ["or_on_cpu"]

_LOG: Final = logging.getLogger(__name__)
_T = TypeVar("_T")


def or_on_cpu(device: Device, work: Callable[[Device], _T]) -> tuple[_T, Device]:
    """Return what `work` gives on a device, and where: a GPU that fails leaves all of it to the CPU.

    Raises:
        TrainingError: If the GPU fails and other processes train along.
    """
    device = still(device)
    try:
        return work(device), device
    except RuntimeError as error:
        failure = gpu_failure(error)
        if failure is None or device.name == "cpu":
            raise
    processes.refuse_alone(failure, "before it began")
    _LOG.warning("the GPU failed (%s): beginning again with the CPU", failure)
    cpu = give_up_gpu(failure)
    return work(cpu), cpu
