"""What a training costs: time, processor time, and energy where the machine tells it."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["Cost", "measured"]

_POWERCAP: Final = Path("/sys/class/powercap")
_WATTS_A_BUSY_PROCESSOR: Final = 15.0
"""A guess for where nothing is measured: a server's share of power a busy core, all included."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What some work cost.

    Attributes:
        seconds: Wall time.
        processor_seconds: Of this process and those it started, over all cores.
        watt_hours: Measured for the whole machine's processors; None where it cannot be.
    """

    seconds: float
    processor_seconds: float
    watt_hours: float | None

    def __str__(self) -> str:
        said = f"{self.seconds:.0f} s, processor time {self.processor_seconds:.0f} s"
        if self.watt_hours is not None:
            return f"{said}, {self.watt_hours:.2f} Wh by the processors' own counters"
        guess = self.processor_seconds * _WATTS_A_BUSY_PROCESSOR / 3600
        return (
            f"{said}; energy is not measured on this machine, at "
            f"{_WATTS_A_BUSY_PROCESSOR:g} W a busy core about {guess:.2f} Wh"
        )


def measured(powercap: Path = _POWERCAP) -> Callable[[], Cost]:
    """Begin to measure; what is returned says what was spent since.

    Args:
        powercap: Where Linux shows the processors' energy counters (RAPL).
    """
    started, processor, joules = time.monotonic(), _processor_seconds(), _joules(powercap)

    def spent() -> Cost:
        now = _joules(powercap)
        # A counter that ran over, or vanished, tells nothing.
        told = joules is not None and now is not None and now >= joules
        used = (now - joules) / 3600 if told and now is not None and joules is not None else None
        return Cost(time.monotonic() - started, _processor_seconds() - processor, used)

    return spent


def _processor_seconds() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _joules(powercap: Path) -> float | None:
    # Packages only: what is below them is counted in them.
    counters = sorted(powercap.glob("intel-rapl:?/energy_uj"))
    try:
        found = [int(counter.read_text(encoding="ascii")) for counter in counters]
    except (OSError, ValueError):
        return None
    return sum(found) / 1e6 if found else None
