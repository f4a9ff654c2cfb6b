"""Back ends: the same vectors as transformers', each sentence's its own, kept and compared."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from conftest import LETTER, STATEMENT
from ombud.bundle import Bundle, read_bundle, write_bundle
from ombud.doubt import doubtful_sentences
from ombud.encoding.backends import BACKENDS, open_backend
from ombud.encoding.cache import VectorCache, encoder_digest
from ombud.encoding.choosing import Trial, choose_backend
from ombud.encoding.parity import Parity, compare
from ombud.encoding.parity_texts import ParityText
from ombud.encoding.tokens import Tokens
from ombud.encoding.torch_backend import EncoderBackend, batches
from ombud.errors import BundleError, UsageError
from ombud.model.heads import Chosen
from ombud.predictor import Predictor, load
from ombud.readers import from_text
from ombud.vectors import SentenceVectors

SENTENCES = [
    "Mr X complains.",
    "We will not investigate this complaint because it is late.",
    "No.",
    "He could have come to us then!",
    "We will not investigate.",
]


@pytest.fixture(scope="module")
def bundle(tiny_bundle: Path) -> Bundle:
    return read_bundle(tiny_bundle)


@pytest.fixture(scope="module")
def carrying(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny bundle with texts to compare on."""
    path = tmp_path_factory.mktemp("carrying") / "tiny"
    kept = {field: getattr(bundle.manifest, field) for field in bundle.manifest.__slots__}
    del kept["format"], kept["files"]
    texts = [ParityText("a", STATEMENT, LETTER), ParityText("b", STATEMENT * 2, "")]
    write_bundle(path, bundle.model, bundle.tokenizer, bundle.calibration, "# T\n", texts, **kept)
    return path


def ordered(bundle: Bundle) -> list[list[int]]:
    return sorted(bundle.tokens(SENTENCES), key=len)


def test_tokens_are_those_of_transformers(bundle: Bundle) -> None:
    texts = [*SENTENCES, "", "Ünïcode — “quotes” £5", "x " * 300]
    most = bundle.served.config.max_tokens
    expected = bundle.tokenizer(texts, truncation=True, max_length=most)["input_ids"]
    assert bundle.tokens(texts) == expected
    assert Tokens.of(bundle.tokenizer, most)(texts) == expected
    assert max(map(len, expected)) == most


def test_float32_is_what_transformers_computes(bundle: Bundle) -> None:
    ids = ordered(bundle)
    expected = EncoderBackend(bundle.model.encoder)(ids)
    found = open_backend("torch-fp32", bundle)(ids)
    assert torch.allclose(found, expected, atol=1e-5)
    assert torch.allclose(found.norm(dim=1), torch.tensor(32.0).sqrt(), atol=1e-4)


@pytest.mark.parametrize(("name", "most"), [("torch-fp32", 1e-5), ("torch-bf16", 1e-5)])
def test_a_vector_depends_on_its_sentence_alone(bundle: Bundle, name: str, most: float) -> None:
    backend = open_backend(next(one for one in BACKENDS if one == name), bundle)
    ids = ordered(bundle)
    together = backend(ids)
    for row, own in zip(together, ids, strict=True):
        assert (backend([own])[0] - row).abs().max() < most


def test_bfloat16_is_near(bundle: Bundle) -> None:
    ids = ordered(bundle)
    exact, near = (open_backend(name, bundle)(ids) for name in ("torch-fp32", "torch-bf16"))
    apart = (exact - near).norm(dim=1) / exact.norm(dim=1)
    assert 0 < apart.max() < 0.03


def test_batches_hold_so_many_tokens() -> None:
    sentences = [[1] * length for length in (2, 3, 4, 9)]
    found = [[len(one) for one in batch] for batch in batches(sentences, 6)]
    assert found == [[2, 3], [4], [9]]
    assert list(batches([], 6)) == []


class Counting:
    def __init__(self) -> None:
        self.calls: list[int] = []

    def __call__(self, sentences: list[list[int]]) -> torch.Tensor:
        self.calls += [len(one) for one in sentences]
        return torch.tensor([[float(len(one)), float(sum(one))] for one in sentences])


def test_what_is_kept_is_computed_once(bundle: Bundle) -> None:
    counting = Counting()
    vectors = SentenceVectors.served(counting, bundle.tokens, kept=3)  # type: ignore[arg-type]
    fresh = SentenceVectors.served(Counting(), bundle.tokens, kept=0)  # type: ignore[arg-type]
    expected = fresh(SENTENCES)
    for some in ([0, 1], [1, 0, 1], [2, 0, 3, 4], [4, 1, 1, 2], [3], [0, 1, 2, 3, 4]):
        found = vectors([SENTENCES[number] for number in some])
        assert torch.equal(found, expected[some])
    # 0 and 1; 2, 3 and 4; 1 and 2, which had left; 3 had then left too; and at last 0, 1 or 4.
    assert vectors.encoded == len(counting.calls) < 15
    assert counting.calls[:2] == sorted(counting.calls[:2])


@pytest.mark.parametrize("inside", [True, False])
def test_vectors_serve_inside_and_outside_of_inference_mode(bundle: Bundle, inside: bool) -> None:
    vectors = SentenceVectors.served(open_backend("torch-fp32", bundle), bundle.tokens)
    with torch.inference_mode(inside):
        vectors(SENTENCES[:2])
    with torch.inference_mode(not inside):
        vectors(SENTENCES)
    found = vectors(SENTENCES)
    found.add_(torch.ones(1, requires_grad=True)).sum().backward()


def test_a_file_gives_what_was_computed(bundle: Bundle, tmp_path: Path) -> None:
    path, digest = tmp_path / "v.sqlite", encoder_digest(bundle.path)
    backend = open_backend("torch-fp32", bundle)
    found = []
    for _ in range(2):
        with VectorCache.at(path, digest, "torch-fp32") as file:
            vectors = SentenceVectors.served(backend, bundle.tokens, file=file)
            found.append((vectors(SENTENCES), vectors.encoded, vectors.found))
    assert torch.equal(found[0][0], found[1][0])
    assert [counts for _, *counts in found] == [[5, 0], [0, 5]]
    for other in ((digest, "torch-bf16"), ("0" * 64, "torch-fp32")):
        with VectorCache.at(path, *other) as file:  # type: ignore[arg-type]
            assert file.get(SENTENCES) == {}


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    text, other = tmp_path / "a.txt", tmp_path / "b.sqlite"
    text.write_text("not a database, only some words\n" * 10)
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()
    for path, found in ((text, "file is not a database"), (other, "another SQLite file")):
        with pytest.raises(UsageError) as caught, VectorCache.at(path, "", "torch-fp32"):
            pass
        assert str(caught.value) == (
            f"{path}: expected a cache of sentence vectors or no file, found: {found}; "
            "remove it or name another with --cache"
        )
    with pytest.raises(UsageError) as caught, VectorCache.at(text / "x", "", "torch-fp32"):
        pass
    assert str(caught.value) == (
        f"{text / 'x'}: expected a folder to keep the cache in, found none; make it first"
    )


def test_doubt_is_about_what_is_near(bundle: Bundle) -> None:
    config = bundle.served.config
    labels = 1 + len(config.reasons)
    cut = float(torch.logit(torch.tensor(config.gate_threshold)))
    gates = torch.full((1, 5, labels), cut - 9)
    gates[0, 0, 0] = cut + 9
    gates[0, 2, 3] = cut + 0.2
    chosen = Chosen(
        torch.tensor([[9.0, 0.0, 0.0]]),
        torch.full((1, labels - 1), -9.0),
        gates,
        (gates > cut).float(),
        torch.zeros(1, 5, labels + 2),
    )

    def doubted(chosen: Chosen) -> list[int]:
        found = doubtful_sentences(chosen, config, bundle.calibration, ["statement"], 0.3)
        return found[0].nonzero().flatten().tolist()

    assert doubted(chosen) == [2]
    nearer = gates.clone()
    nearer[0, 2, 3] = cut - 0.05
    assert doubted(chosen._replace(gate_logits=nearer)) == [1, 2, 3]
    assert doubted(chosen._replace(outcome_logits=torch.tensor([[1.0, 0.8, 0.0]]))) == [0, 2]
    reasons = torch.full((1, labels - 1), -9.0)
    reasons[0, 2] = 0.1
    far = gates.clone()
    far[0, 2, 3] = cut + 9
    assert doubted(chosen._replace(gate_logits=far)) == []
    assert doubted(chosen._replace(gate_logits=far, reason_logits=reasons)) == [2]
    # The same threshold, told in the cube root of what passages add to a base of -8.
    numbers = bundle.calibration.views["statement"]
    based = replace(
        numbers, reason_base=(-8.0,) * (labels - 1), reason_shift=(-2.0,) * (labels - 1)
    )
    calibration = replace(bundle.calibration, views={"statement": based})
    reasons[0, 0] = -0.5
    near = chosen._replace(gate_logits=far, reason_logits=reasons)
    found = doubtful_sentences(near, config, calibration, ["statement"], 0.3)
    assert found[0].nonzero().flatten().tolist() == [2]


def test_reduced_precision_decides_as_float32_does(tiny_bundle: Path) -> None:
    documents = [from_text(text, str(n)) for n, text in enumerate([STATEMENT, STATEMENT * 3])]
    exact, near = (
        load(tiny_bundle, backend=name).predict(documents, "statement", all_reasons=True)
        for name in ("torch-fp32", "torch-bf16")
    )
    assert compare(exact, near, read_bundle(tiny_bundle).calibration).labels == 1


def test_parity_says_what_differs(tiny_predictor: Predictor) -> None:
    document = from_text(STATEMENT, "a")
    one = tiny_predictor.predict([document], "statement", all_reasons=True)[0]
    calibration = tiny_predictor.bundle.calibration
    assert compare([one, one], [one, one], calibration) == Parity(2, 1.0, 1.0, 0.0)
    other = replace(
        one, outcome=next(name for name in one.probabilities if name != one.outcome), rationale=()
    )
    assert compare([one, one], [one, other], calibration) == Parity(2, 0.5, 0.5, 0.0)
    moved = replace(one, probabilities={k: p + 0.25 for k, p in one.probabilities.items()})
    assert compare([one], [moved], calibration).apart == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("backend", "parity", "refusal"),
    [
        ("onnx-fp32", Parity(200, 0.0, 0.0, 1e-4), ""),
        ("onnx-fp32", Parity(200, 1.0, 1.0, 0.0002), "probabilities up to 0.0002 apart, not 0.0001"),
        ("torch-bf16", Parity(200, 0.995, 0.98, 0.5), ""),
        ("torch-bf16", Parity(200, 0.99, 1.0, 0.0), "labels equal on 99.0% of 200, not 99.5%"),
        ("onnx-int8", Parity(200, 1.0, 0.975, 0.0), "passages equal on 97.5% of 200, not 98%"),
    ],
)  # fmt: skip
def test_who_may_stand_in(backend: str, parity: Parity, refusal: str) -> None:
    name = next(one for one in BACKENDS if one == backend)
    assert parity.refusal(name) == refusal


def test_a_bundle_without_texts_is_computed_in_float32(bundle: Bundle) -> None:
    trials: list[Trial] = []
    assert choose_backend(bundle, ["statement"], trials.append) == "torch-fp32"
    assert [trial.backend for trial in trials] == ["torch-bf16", "onnx-fp32", "onnx-int8"]
    assert trials[0].said() == (
        "torch-bf16: not compared, the bundle carries no texts to compare back ends on"
    )


def test_the_fastest_that_passes_is_chosen(carrying: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ombud.encoding.choosing._SECONDS", 0.05)
    loaded = read_bundle(carrying)
    assert [text.id for text in loaded.parity_texts()] == ["a", "b"]
    speeds = {"torch-bf16": 2e9}
    monkeypatch.setattr(
        "ombud.encoding.choosing._timed",
        lambda name, *_: Trial(name, speeds.get(name, 1e9), None, ""),
    )
    monkeypatch.setattr("ombud.encoding.choosing._answers", lambda *_: [])
    for labels, expected in ((1.0, "torch-bf16"), (0.5, "torch-fp32")):
        trials: list[Trial] = []
        parity = Parity(2, labels, 1.0, 0.0)
        monkeypatch.setattr("ombud.encoding.choosing.compare", lambda *_, p=parity: p)
        assert choose_backend(loaded, ["statement"], trials.append) == expected
        assert trials[0].refused == ("" if labels == 1 else "labels equal on 50.0% of 2, not 99.5%")


def test_back_ends_are_tried_for_real(carrying: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ombud.encoding.choosing._SECONDS", 0.05)
    trials: list[Trial] = []
    assert (
        choose_backend(read_bundle(carrying), ["statement", "complaint"], trials.append) in BACKENDS
    )
    assert all(trial.tokens_per_second > 0 or trial.refused for trial in trials)


def test_without_onnx_files_the_back_end_says_so(bundle: Bundle) -> None:
    pytest.importorskip("onnxruntime")
    with pytest.raises(BundleError) as caught:
        open_backend("onnx-fp32", bundle)
    assert str(caught.value) == (
        f"{bundle.path}: expected ONNX files in {bundle.path}.onnx for the back end onnx-fp32, "
        "found none; write them with 'ombud export'"
    )
