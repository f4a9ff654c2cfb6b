"""Several processes: the same losses and the same weights as one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from ombud.model import EncoderSource
from ombud_training import processes
from ombud_training.device import Device
from shared_training import train

TESTS = Path(__file__).resolve().parents[1]


@pytest.mark.slow
def test_two_processes_train_as_one(tiny_encoder: EncoderSource, tmp_path: Path) -> None:
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "torch.distributed.run"),
            *("--standalone", "--nproc_per_node", "2"),
            *(str(TESTS / "shared_training.py"), tiny_encoder.location, str(tmp_path)),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert ended.returncode == 0, ended.stderr
    alone = train(tiny_encoder.location)
    losses = json.loads((tmp_path / "losses.json").read_text())
    assert [step for step, _ in losses] == [step for step, _ in alone.losses]
    assert [loss for _, loss in losses] == pytest.approx(
        [loss for _, loss in alone.losses], abs=1e-4
    )
    weights = load_file(tmp_path / "model.safetensors")
    for name, tensor in alone.model.state_dict().items():
        torch.testing.assert_close(weights[name], tensor, rtol=0.0, atol=1e-3, msg=name)
    assert json.loads((tmp_path / "device.json").read_text()) == [
        "cpu",
        "2 processes, CPU, in tests",
    ]


def test_one_process_agrees_with_itself() -> None:
    device = Device("cuda", bf16=True, reason="CUDA on Acme 9000 in bf16")
    assert processes.agree(device) == device
    assert (processes.count(), processes.number(), processes.is_first()) == (1, 0, True)
    assert processes.all_say("hedge") == ["hedge"]
    assert processes.first_says("hedge") == "hedge"
    assert processes.any_of(True, torch.device("cpu")) is True
    assert processes.any_of(False, torch.device("cpu")) is False
    tensor = torch.tensor([1.0, 2.0])
    assert torch.equal(processes.summed(tensor), torch.tensor([1.0, 2.0]))


@pytest.mark.parametrize(
    ("chosen", "agreed"),
    [
        (
            [Device("cuda", True, "CUDA on A in bf16"), Device("cuda", True, "CUDA on B in bf16")],
            Device("cuda", True, "2 processes, CUDA on A in bf16"),
        ),
        (
            [Device("cuda", True, "CUDA on A in bf16"), Device("cpu", True, "CPU, since")],
            Device("cpu", True, "2 processes, CPU, since"),
        ),
        (
            [Device("cpu", True, "CPU, as asked"), Device("cpu", False, "CPU, as asked")],
            Device("cpu", False, "2 processes, CPU, as asked"),
        ),
    ],
)
def test_all_processes_train_on_what_all_of_them_have(
    chosen: list[Device], agreed: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setattr(processes, "all_say", lambda _: chosen)
    assert processes.agree(chosen[0]) == agreed
