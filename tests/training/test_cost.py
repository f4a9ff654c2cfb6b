"""The cost of a training: what is measured, and what is said where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ombud_training.cost import Cost, measured


def test_energy_is_what_the_counters_moved(tmp_path: Path) -> None:
    for package in ("intel-rapl:0", "intel-rapl:1"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "energy_uj").write_text("1000000\n")
    # Part of the first package, and counted in it.
    (tmp_path / "intel-rapl:0:0").mkdir()
    (tmp_path / "intel-rapl:0:0" / "energy_uj").write_text("0\n")
    spent = measured(tmp_path)
    (tmp_path / "intel-rapl:0" / "energy_uj").write_text("3601000000\n")
    found = spent()
    assert found.watt_hours == pytest.approx(1.0)
    assert found.seconds >= 0
    assert str(found).endswith(", 1.00 Wh by the processors' own counters")


def test_without_counters_it_says_so(tmp_path: Path) -> None:
    spent = measured(tmp_path)
    sum(n * n for n in range(200_000))
    found = spent()
    assert found.watt_hours is None
    assert found.processor_seconds > 0


def test_a_counter_that_ran_over_tells_nothing(tmp_path: Path) -> None:
    (tmp_path / "intel-rapl:0").mkdir()
    counter = tmp_path / "intel-rapl:0" / "energy_uj"
    counter.write_text("5000000\n")
    spent = measured(tmp_path)
    counter.write_text("4000000\n")
    assert spent().watt_hours is None
    counter.write_text("many\n")
    assert spent().watt_hours is None


def test_what_is_said() -> None:
    assert str(Cost(61.6, 240.0, None)) == (
        "62 s, processor time 240 s; energy is not measured on this machine, at 15 W a busy core "
        "about 1.00 Wh"
    )
