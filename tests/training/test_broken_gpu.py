"""A GPU that breaks in mid-training: the CPU goes on, says so, and ends as if alone.

There is no GPU here: a device that is called one computes on the CPU until it is told to break.
Then everything on it is lost, and whatever is asked of it fails.
"""

from __future__ import annotations

import dataclasses
import itertools
import logging
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

from command import Command
from gold import gold_cases
from killed_training import CPU, EXAMPLES
from killed_training import recipe as three_stages
from ombud.errors import TrainingError
from ombud.model import EncoderSource, OmbudModel
from ombud.vectors import SentenceVectors
from ombud_training import device
from ombud_training.checkpoints import Checkpoints, Progress
from ombud_training.device import Device, give_up_gpu, gpu_failure, still
from ombud_training.fallback import or_on_cpu
from ombud_training.fit import Fitted, fit
from ombud_training.gpu import check_gpu
from ombud_training.recipe import Recipe
from split_files import write_files

# As in test_tracking.py.
pytestmark = [
    pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy"),
    pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning"),
]

GPU = Device("cuda", bf16=False, reason="CUDA on Acme 9000")
SAID = "CUDA error: an illegal memory access was encountered"
ILLEGAL = torch.AcceleratorError(f"{SAID}\nSearch for `cudaErrorIllegalAddress' in ...")
THEN = f"then CPU, since the GPU failed: {SAID}; bf16 products 0.5 times as fast as fp32"


class Gpu:
    """Breaks in a training step of the model."""

    def __init__(self) -> None:
        self.broken = False
        self.steps = 0
        self.breaks_at: float = math.inf
        self.error: Exception = ILLEGAL
        self.before: Callable[[], object] = lambda: None

    def forward(self, model: OmbudModel, given: Callable[..., Any], tensors: dict[str, Any]) -> Any:
        if model.training and not self.broken:
            self.steps += 1
            if self.steps == self.breaks_at:
                self.broken = True
                self.before()
                for tensor in itertools.chain(model.parameters(), model.buffers()):
                    tensor.data.fill_(math.nan if tensor.is_floating_point() else -1)
                raise self.error
        return given(model, **tensors)

    def vectors(self, encoder: EncoderSource) -> SentenceVectors:
        """Return vectors that are computed on the GPU."""
        vectors = REAL(encoder, 32, "cpu")
        backend = vectors._backend

        def on_gpu(sentences: Sequence[Sequence[int]]) -> torch.Tensor:
            if self.broken:
                raise self.error
            return backend(sentences)

        vectors._backend = on_gpu
        return vectors


REAL = SentenceVectors.pretrained


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> Gpu:
    """A GPU; what the process knows of it is forgotten after the test."""
    seconds = {torch.float32: 1.0, torch.bfloat16: 2.0}
    monkeypatch.setattr(device, "_seconds", seconds.__getitem__)
    monkeypatch.setattr(device, "_given_up", [])
    monkeypatch.setattr(torch.cuda, "is_available", torch.cuda.is_available)
    monkeypatch.setattr(torch.cuda, "_is_in_bad_fork", torch.cuda._is_in_bad_fork)
    made, forward = Gpu(), OmbudModel.forward
    monkeypatch.setattr(
        OmbudModel, "forward", lambda model, **tensors: made.forward(model, forward, tensors)
    )
    return made


def train(
    encoder: EncoderSource,
    folder: Path,
    where: Device,
    vectors: SentenceVectors | None,
    checkpoints: Checkpoints | None = None,
    **settings: Any,
) -> Fitted:
    return fit(
        gold_cases(EXAMPLES),
        three_stages(encoder.location, **settings),
        where,
        folder,
        vectors=vectors,
        validation=gold_cases(3),
        checkpoints=checkpoints,
    )


def the_same(one: Fitted, other: Fitted) -> None:
    weights = other.model.state_dict()
    for name, tensor in one.model.state_dict().items():
        assert torch.equal(weights[name], tensor), name
    assert one.losses == other.losses


@pytest.fixture(scope="module")
def alone(tiny_encoder: EncoderSource, tmp_path_factory: pytest.TempPathFactory) -> list[Fitted]:
    """What the CPU alone makes of it, without and with early stopping."""
    folder = tmp_path_factory.mktemp("alone")
    vectors = REAL(tiny_encoder, 32, "cpu")
    made = [train(tiny_encoder, folder, CPU, vectors, patience=patience) for patience in (0, 9)]
    assert [[report.steps for report in one.stages] for one in made] == [[12, 12, 12]] * 2
    return made


@pytest.mark.parametrize(
    ("breaks_at", "kept", "patience", "steps", "at"),
    [
        (6, False, 0, [12, 12, 12], "the beginning of stage heads"),
        (18, False, 9, [12, 12, 12], "the beginning of stage encoder"),
        (30, False, 0, [12, 12, 12], "the beginning of stage finish"),
        (1, True, 0, [12, 12, 12], "the beginning of stage heads"),
        (6, True, 0, [7, 12, 12], "step 5 of stage heads"),
        (18, True, 0, [12, 7, 12], "step 5 of stage encoder"),
        (18, True, 9, [12, 7, 12], "step 5 of stage encoder"),
        (30, True, 9, [12, 12, 7], "step 5 of stage finish"),
    ],
)
def test_the_cpu_goes_on_and_ends_as_if_alone(
    breaks_at: int,
    kept: bool,
    patience: int,
    steps: list[int],
    at: str,
    gpu: Gpu,
    alone: list[Fitted],
    tiny_encoder: EncoderSource,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (tmp_path / "kept").mkdir()
    checkpoints = Checkpoints(tmp_path / "kept", seconds=0.0) if kept else None
    vectors = gpu.vectors(tiny_encoder)
    gpu.breaks_at = breaks_at
    with caplog.at_level(logging.WARNING, "ombud_training"):
        found = train(tiny_encoder, tmp_path, GPU, vectors, checkpoints, patience=patience)
    assert gpu.broken
    the_same(found, alone[patience > 0])
    step, _, stage = at.rpartition(" of stage ")
    assert [r.getMessage() for r in caplog.records if r.name.startswith("ombud_training")] == [
        f"the GPU failed in stage {stage} ({SAID}): going on with the CPU from {step} of the stage"
    ]
    assert [report.steps for report in found.stages] == steps
    assert found.device == Device("cpu", False, f"CUDA on Acme 9000 up to {at}, {THEN}")
    assert found.device.used_gpu
    assert vectors(["never seen before"]).shape == (1, 32)


def test_a_training_after_it_is_on_the_cpu_alone(
    gpu: Gpu, alone: list[Fitted], tiny_encoder: EncoderSource, tmp_path: Path
) -> None:
    give_up_gpu(SAID)
    again = train(tiny_encoder, tmp_path, GPU, REAL(tiny_encoder, 32, "cpu"))
    the_same(again, alone[0])
    assert again.device == Device("cpu", False, THEN.removeprefix("then "))
    assert not again.device.used_gpu
    assert still(CPU) == CPU


@pytest.mark.parametrize("shared", [False, True])
def test_a_gpu_that_fails_before_the_first_stage(
    shared: bool,
    gpu: Gpu,
    alone: list[Fitted],
    tiny_encoder: EncoderSource,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    gpu.broken = True
    monkeypatch.setattr(
        SentenceVectors,
        "pretrained",
        lambda source, n, where: gpu.vectors(source) if where == "cuda" else REAL(source, n, where),
    )
    vectors = gpu.vectors(tiny_encoder) if shared else None
    with caplog.at_level(logging.WARNING, "ombud_training"):
        found = train(tiny_encoder, tmp_path, GPU, vectors)
    the_same(found, alone[0])
    assert [r.getMessage() for r in caplog.records if r.name.startswith("ombud_training")] == [
        f"the GPU failed ({SAID}): beginning again with the CPU"
    ]
    assert found.device == Device("cpu", False, THEN.removeprefix("then "))


def test_beside_other_processes_it_does_not_begin(
    gpu: Gpu, tiny_encoder: EncoderSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    gpu.broken = True
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(TrainingError) as caught:
        or_on_cpu(GPU, lambda _: gpu.vectors(tiny_encoder)(["something"]))
    assert str(caught.value) == (
        "expected a working GPU in each of 2 processes, found that one failed before it began: "
        f"{SAID}; go on from the last checkpoint with --resume, and with --device cpu if it fails "
        "again"
    )


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ILLEGAL, SAID),
        (RuntimeError("CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm`"),
         "CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm`"),
        (RuntimeError("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR"),
         "cuDNN error: CUDNN_STATUS_INTERNAL_ERROR"),
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"), None),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), None),
        (ValueError("CUDA error: said by somebody else"), None),
    ],
)  # fmt: skip
def test_what_a_failure_is(error: Exception, said: str | None) -> None:
    assert gpu_failure(error) == said


def test_another_error_is_not_the_gpus(
    gpu: Gpu, tiny_encoder: EncoderSource, tmp_path: Path
) -> None:
    gpu.breaks_at, gpu.error = 3, RuntimeError("shapes cannot be multiplied")
    with pytest.raises(RuntimeError, match=r"^shapes cannot be multiplied$"):
        train(tiny_encoder, tmp_path, GPU, gpu.vectors(tiny_encoder))
    assert still(GPU) == GPU


def test_beside_other_processes_it_stops(
    gpu: Gpu, tiny_encoder: EncoderSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gpu.breaks_at = 14
    gpu.before = lambda: monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(TrainingError) as caught:
        train(tiny_encoder, tmp_path, GPU, gpu.vectors(tiny_encoder))
    assert str(caught.value) == (
        "expected a working GPU in each of 2 processes, found that one failed in stage encoder: "
        f"{SAID}; go on from the last checkpoint with --resume, and with --device cpu if it fails "
        "again"
    )


def test_a_checkpoint_is_not_blamed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def fill(folder: Path) -> None:
        raise ILLEGAL

    with pytest.raises(torch.AcceleratorError):
        Checkpoints(tmp_path).write(Progress(1, "heads", 3, False, 4, (), {}), {}, {}, fill)
    assert list(tmp_path.iterdir()) == []
    assert caplog.messages == []


def test_nobody_asks_cuda_afterwards(gpu: Gpu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "_initialized", True)
    assert torch.cuda.is_initialized()
    found = give_up_gpu(SAID)
    assert found.reason == THEN.removeprefix("then ")
    assert not torch.cuda.is_available()
    assert not torch.cuda.is_initialized()
    monkeypatch.setattr(torch.cuda, "manual_seed_all", lambda seed: pytest.fail("asked CUDA"))
    torch.manual_seed(1)


def test_a_check_of_the_gpu_fails_with_it(
    gpu: Gpu, tiny_encoder: EncoderSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    gpu.breaks_at = 3
    short = three_stages(tiny_encoder.location, epochs=1, encoder_epochs=1, finish_epochs=1)
    monkeypatch.setattr(SentenceVectors, "pretrained", lambda source, *_: gpu.vectors(source))
    monkeypatch.setattr(SentenceVectors, "compute_like", lambda *_: None)
    with pytest.raises(TrainingError) as caught:
        check_gpu(gold_cases(EXAMPLES), gold_cases(3), short, GPU)
    assert str(caught.value) == (
        "expected a GPU that works to the end, found it trained on CUDA on Acme 9000 up to the "
        f"beginning of stage heads, {THEN}; check the GPU"
    )


@pytest.fixture
def command(
    gpu: Gpu, ombud: Command, recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> list[object]:
    """`ombud train` on the GPU, to which a test adds."""
    monkeypatch.chdir(tmp_path)
    asked = device.cuda_device
    monkeypatch.setattr(device, "cuda_device", lambda: asked() if gpu.broken else GPU)
    monkeypatch.setattr(SentenceVectors, "pretrained", lambda source, n, _: REAL(source, n, "cpu"))
    files = write_files(tmp_path, dataclasses.replace(recipe, epochs=4))
    return ["train", *files, "--tracking-uri", f"sqlite:///{tmp_path / 'mlflow.db'}"]


def tags(folder: Path) -> dict[str, str]:
    """Return those of the run that is no floor."""
    from mlflow import MlflowClient

    client = MlflowClient(f"sqlite:///{folder / 'mlflow.db'}")
    experiment = client.get_experiment_by_name("ombud")
    assert experiment is not None
    runs = client.search_runs([experiment.experiment_id])
    (found,) = (run.data.tags for run in runs if run.data.tags.get("kind") != "floor")
    return {name: found[name] for name in ("device", "device_reason", "bf16")}


@pytest.mark.slow
def test_card_and_run_say_where_it_was_trained(
    command: list[object], ombud: Command, gpu: Gpu, tmp_path: Path
) -> None:
    gpu.breaks_at = 4
    out = tmp_path / "bundle"
    ended = ombud(*command, "--out", out, "--checkpoint-every", 0)
    assert ended.code == 0, ended.err
    assert f"training on {GPU.reason}\n" in ended.err
    reason = f"{GPU.reason} up to step 3 of stage heads, {THEN}"
    assert tags(tmp_path) == {"device": "cpu", "device_reason": reason, "bf16": "False"}
    card = (out / "card.md").read_text(encoding="utf-8")
    assert f"on {reason}." in card
    assert f"- device_reason: `{reason}`" in card
    assert "; the energy of the GPU is not in it" in card


@pytest.mark.slow
def test_so_does_the_run_of_several_trainings(
    command: list[object], ombud: Command, gpu: Gpu, tmp_path: Path
) -> None:
    gpu.breaks_at = 4
    ended = ombud(*command, "--seeds", 2)
    assert ended.code == 0, ended.err
    reason = f"{GPU.reason} at first, {THEN}"
    assert tags(tmp_path) == {"device": "cpu", "device_reason": reason, "bf16": "False"}
