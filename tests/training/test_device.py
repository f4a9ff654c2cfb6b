"""The device: CUDA only where it gives the right product, and the reason is always said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from ombud_training import device
from ombud_training.device import Device, choose_device

SLOW = "bf16 products 0.5 times as fast as fp32"


@pytest.fixture(autouse=True)
def _slow_bf16(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = {torch.float32: 1.0, torch.bfloat16: 2.0}
    monkeypatch.setattr(device, "_seconds", seconds.__getitem__)


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give this machine a GPU whose `ones` are what is asked for."""

    def install(ones: Callable[[], torch.Tensor], *, bf16: bool = True) -> None:
        real = torch.ones

        def patched(*shape: int, **options: Any) -> torch.Tensor:
            return ones() if options.get("device") == "cuda" else real(*shape, **options)

        monkeypatch.setattr(torch, "ones", patched)
        monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
        monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "Acme 9000")
        monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: bf16)

    return install


def test_the_cpu_as_asked_even_beside_a_gpu(gpu: Callable[..., None]) -> None:
    gpu(lambda: torch.full((64, 64), 1.0))
    assert choose_device("cpu") == Device("cpu", False, f"CPU, as asked; {SLOW}")


@pytest.mark.parametrize("wanted", ["auto", "cuda"])
def test_no_gpu(wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose_device(wanted) == Device(
        "cpu", False, f"CPU, since no CUDA device was found; {SLOW}"
    )


@pytest.mark.parametrize("error", [RuntimeError, AssertionError, torch.OutOfMemoryError])
def test_a_gpu_that_fails(error: type[Exception], gpu: Callable[..., None]) -> None:
    def broken() -> torch.Tensor:
        raise error("CUDA error: no kernel image\nCompile with TORCH_USE_CUDA_DSA")

    gpu(broken)
    assert choose_device() == Device(
        "cpu", False, f"CPU, since the GPU failed: CUDA error: no kernel image; {SLOW}"
    )


def test_a_gpu_that_gives_a_wrong_product(gpu: Callable[..., None]) -> None:
    gpu(lambda: torch.full((64, 64), 1.01))
    assert choose_device() == Device(
        "cpu", False, f"CPU, since the GPU gave a wrong product; {SLOW}"
    )


def test_a_gpu_that_fails_when_asked_its_name(
    gpu: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    gpu(lambda: torch.full((64, 64), 1.0))

    def broken() -> str:
        raise RuntimeError("CUDA driver error: unknown")

    monkeypatch.setattr(torch.cuda, "get_device_name", broken)
    assert choose_device() == Device(
        "cpu", False, f"CPU, since the GPU failed: CUDA driver error: unknown; {SLOW}"
    )


@pytest.mark.parametrize(("bf16", "form"), [(True, " in bf16"), (False, "")])
def test_a_gpu_that_works(bf16: bool, form: str, gpu: Callable[..., None]) -> None:
    gpu(lambda: torch.full((64, 64), 1.0), bf16=bf16)
    assert choose_device() == Device("cuda", bf16, f"CUDA on Acme 9000{form}")


@pytest.mark.parametrize(("seconds", "pays"), [(1.3, True), (1.29, False)])
def test_bf16_on_a_cpu_only_where_it_pays(
    seconds: float, pays: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = {torch.float32: seconds, torch.bfloat16: 1.0}
    monkeypatch.setattr(device, "_seconds", times.__getitem__)
    assert choose_device("cpu") == Device(
        "cpu", pays, "CPU, as asked; bf16 products 1.3 times as fast as fp32"
    )


@pytest.mark.gpu
def test_the_gpu_of_this_machine() -> None:
    if not torch.cuda.is_available():
        pytest.skip("this machine has no CUDA device")
    assert choose_device().name == "cuda"
