"""`ombud bench batch` on a tiny encoder: that every figure is there and follows from others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import Command
from gold import gold_cases
from ombud.corpus import write_dataset
from ombud.model import EncoderSource


@pytest.fixture
def ombud(ombud: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """The command, run in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return ombud


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "cases.parquet"
    write_dataset(gold_cases(33), path)
    return path


@pytest.mark.slow
def test_every_back_end_is_measured_against_the_pipeline(
    ombud: Command,
    table: Path,
    tiny_bundle: Path,
    tiny_encoder: EncoderSource,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The bundle names an encoder that is nowhere but here.
    monkeypatch.setattr("ombud.model.encoder.resolve_encoder", lambda _name: tiny_encoder)
    out = tmp_path / "batch.json"
    asked = ["--bundle", tiny_bundle, "--limit", 32, "--rows", 1000, "--out", out]
    ended = ombud("bench", "batch", table, *asked)
    assert ended.code == 0, ended.err
    found = json.loads(out.read_text())
    assert found["documents"] == 32
    pipeline = found["pipeline"]
    assert pipeline["tokens_per_second"] > 0
    speeds = {one["backend"]: one for one in found["backends"]}
    assert set(speeds) == {"torch-fp32", "torch-bf16", "onnx-fp32", "onnx-int8"}
    for name, speed in speeds.items():
        if name.startswith("onnx-"):
            # Nobody exported this bundle, or ONNX Runtime is not there.
            assert "onnx" in speed["refused"].lower()
            continue
        assert speed["refused"] == ""
        assert 0 < speed["share"] < 1
        assert speed["off_ratio"] == pytest.approx(speed["off"] / pipeline["tokens_per_second"])
        assert speed["latency_ratio"] == pytest.approx(speed["latency"] / pipeline["latency"])
        assert speed["filed"] > 0
        assert speed["parity"] is None
    assert len(found["cold_start_seconds"]) == 3
    (rows,) = found["rows"]
    assert rows["rows"] == 1000
    assert rows["seconds_a_row"] > 0
    assert "torch-bf16" in ended.out


def test_a_back_end_of_no_name(ombud: Command, table: Path, tiny_bundle: Path) -> None:
    asked = ["--bundle", tiny_bundle, "--rows", 1000, "--rows-backend", "abacus"]
    ended = ombud("bench", "batch", table, *asked)
    assert ended.code == 2
    assert "'abacus' is not one of" in " ".join(ended.err.split())
