"""How fast training is: both ways read the same documents; without a GPU one sentence says so."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
import torch

from command import Command, one_sentence
from gold import gold_cases
from ombud.errors import UsageError
from ombud.model import EncoderSource, collate, sentence_key
from ombud.views import VIEWS
from ombud_training import gpu
from ombud_training.device import Device
from ombud_training.fit import Fitted
from ombud_training.gpu import GpuCheck, check_gpu, gpu_or_refuse, peak_of
from ombud_training.plain import train_plain
from ombud_training.recipe import Recipe
from ombud_training.speed import compare_quality, compare_speed, encoder_epoch
from split_files import write_files

CPU = Device("cpu", bf16=False, reason="CPU, in tests")


@pytest.fixture
def settings(recipe: Recipe) -> Recipe:
    return dataclasses.replace(recipe, freeze_encoder=False, epochs=2, finish_epochs=1)


def test_the_ordinary_way_learns_and_counts_what_it_reads(tiny_encoder: EncoderSource) -> None:
    cases = gold_cases(6)
    plain = train_plain(cases, "statement", tiny_encoder, epochs=2, seed=1)
    ids = tiny_encoder.tokenizer()([c.document("statement").text for c in cases])["input_ids"]
    assert plain.tokens == 2 * sum(min(len(row), 128) for row in ids)
    assert plain.padded == 2 * 6 * 128
    assert len(plain.outcomes(cases, "statement")) == 6
    published = tiny_encoder.model().state_dict()["encoder.layer.0.output.dense.weight"]
    tuned = plain.model.get_parameter("bert.encoder.layer.0.output.dense.weight")
    assert not torch.equal(tuned, published)


def test_our_way_counts_each_token_that_the_encoder_reads(settings: Recipe) -> None:
    whole = dataclasses.replace(settings, sentence_dropout=0.0, encoder_batch_size=12)
    report = encoder_epoch(gold_cases(6), whole, CPU)
    readings = [case.reading("statement") for case in gold_cases(6)]
    source = EncoderSource("tiny", settings.encoder)
    batch = collate(readings, source.tokenizer(), settings.max_tokens)
    assert (report.steps, report.tokens) == (1, int(batch["attention_mask"].sum()))
    assert report.seconds > 0


def test_both_ways_read_the_same_documents(settings: Recipe) -> None:
    plain, ours = compare_speed(gold_cases(6), settings, CPU)
    assert (plain.name, ours.name) == ("ordinary", "ours")
    assert plain.documents == ours.documents == 6
    assert plain.rate == plain.tokens / plain.seconds
    assert ours.rate > 0


def test_quality_of_both_is_on_the_same_documents(settings: Recipe) -> None:
    plain, ours = compare_quality(gold_cases(9), gold_cases(6), settings, CPU)
    for score in (plain, ours):
        assert 0.0 <= score.low <= score.value <= score.high <= 1.0


@pytest.fixture
def files(tmp_path: Path, settings: Recipe) -> list[object]:
    """Dataset, split and recipe, as the command takes them."""
    return write_files(tmp_path, settings)


def test_bench_train_prints_both_rates_and_their_ratio(
    files: list[object], ombud: Command, tmp_path: Path
) -> None:
    ended = ombud("bench", "train", *files, "--documents", 4, "--json", tmp_path / "speed.json")
    assert ended.code == 0, ended.err
    kept = json.loads((tmp_path / "speed.json").read_text())
    assert kept["ordinary"]["documents"] == kept["ours"]["documents"] == 4
    assert f"ours trains {kept['ratio']:.1f} times the tokens a second" in ended.out
    assert f"{kept['ours']['tokens']:,}" in ended.out


def test_without_a_gpu_the_check_says_so_and_ends_with_2(
    files: list[object], ombud: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert one_sentence(ombud("gpu-check", *files), 2) == (
        "expected a working CUDA device, found that no CUDA device was found; run this on a "
        "machine with a GPU, training/RESULTS.md says what to keep of it"
    )


def test_a_broken_gpu_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu, "cuda_device", lambda: "the GPU gave a wrong product")
    with pytest.raises(UsageError) as caught:
        gpu_or_refuse()
    assert str(caught.value).startswith(
        "expected a working CUDA device, found that the GPU gave a wrong product; run this"
    )


@pytest.mark.parametrize(
    ("name", "peak"),
    [
        ("CUDA on NVIDIA H100 80GB HBM3 in bf16", 989e12),
        ("CUDA on NVIDIA L40S in bf16", 362e12),
        ("CUDA on NVIDIA L4 in bf16", 121e12),
        ("CUDA on Tesla T4", 65e12),
        ("CUDA on Acme 9000", None),
    ],
)
def test_the_peak_goes_by_the_name(name: str, peak: float | None) -> None:
    assert peak_of(name) == peak


def test_operations_are_counted_by_token_and_weight() -> None:
    check = GpuCheck("full", "CUDA on A", 9.0, (("encoder", 1000, 2.0, 6),), 50, 99, 100)
    assert check.flops(1000, 2.0, 6) == 6 * 50 * 1000 / 2.0
    assert check.parity == 0.99


def test_the_check_of_a_device_that_is_the_cpu_gives_the_same_labels(
    settings: Recipe, fitted: Fitted
) -> None:
    check = check_gpu(gold_cases(6), gold_cases(3), settings, CPU)
    assert check.labels == 3 * 2 * (1 + len(fitted.model.config.reasons))
    assert check.same == check.labels
    assert [(name, operations) for name, _, _, operations in check.passes] == [
        ("encoding", 2),
        ("encoder", 6),
    ]
    readings = [case.reading(view) for view in VIEWS for case in gold_cases(6)]
    keys = {sentence_key(s.span.of(r.document.text)) for r in readings for s in r.sentences}
    ids = fitted.tokenizer(list(keys), truncation=True, max_length=settings.max_tokens)
    assert check.passes[0][1] == sum(len(row) for row in ids["input_ids"])
    embeddings = fitted.model.encoder.transformer.get_input_embeddings().weight.numel()
    every = sum(p.numel() for p in fitted.model.encoder.parameters())
    assert check.weights == every - embeddings


@pytest.mark.gpu
def test_the_gpu_of_this_machine_gives_the_labels_of_the_cpu(settings: Recipe) -> None:
    if not torch.cuda.is_available():
        pytest.skip("this machine has no CUDA device")
    check = check_gpu(gold_cases(30), gold_cases(12), settings, gpu_or_refuse())
    assert check.parity >= 0.99
