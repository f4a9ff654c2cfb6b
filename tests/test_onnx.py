"""ONNX files: the same vectors, beside the bundle they belong to, checked byte by byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

from conftest import STATEMENT
from ombud.bundle import read_bundle
from ombud.encoding.backends import open_backend
from ombud.encoding.onnx_export import export_onnx
from ombud.errors import BundleError
from ombud.predictor import load
from ombud.readers import from_text

SENTENCES = ["Mr X complains.", "No.", "We will not investigate this complaint because it is late."]


@pytest.fixture(scope="module")
def exported(tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = Path(shutil.copytree(tiny_bundle, tmp_path_factory.mktemp("onnx") / "tiny"))
    folder = export_onnx(read_bundle(path), SENTENCES)
    assert folder == path.with_name("tiny.onnx")
    assert sorted(p.name for p in folder.iterdir()) == [
        "encoder-int8.onnx",
        "encoder.onnx",
        "manifest.json",
    ]
    return path


@pytest.fixture
def folder(exported: Path, tmp_path: Path) -> Path:
    """A copy of the bundle whose ONNX files a test may damage."""
    for name in ("tiny", "tiny.onnx"):
        shutil.copytree(exported.with_name(name), tmp_path / name)
    return tmp_path / "tiny"


@pytest.mark.parametrize(("name", "most"), [("onnx-fp32", 1e-4), ("onnx-int8", 0.5)])
def test_vectors_are_those_of_torch(exported: Path, name: str, most: float) -> None:
    bundle = read_bundle(exported)
    ids = sorted(bundle.tokens(SENTENCES), key=len)
    expected = open_backend("torch-fp32", bundle)(ids)
    backend = open_backend("onnx-fp32" if name == "onnx-fp32" else "onnx-int8", bundle)
    found = backend(ids)
    assert (found - expected).abs().max() < most
    # Alone or with longer ones beside it: a vector depends on its sentence.
    for own, row in zip(ids, found, strict=True):
        assert (backend([own])[0] - row).abs().max() < 1e-4


def test_predictions_are_those_of_torch(exported: Path) -> None:
    document = from_text(STATEMENT, "a")
    exact, found = (
        load(exported, backend=name).predict([document], "statement", all_reasons=True)[0]
        for name in ("torch-fp32", "onnx-fp32")
    )
    assert [p.span for p in found.rationale] == [p.span for p in exact.rationale]
    for label, probability in exact.probabilities.items():
        assert found.probabilities[label] == pytest.approx(probability, abs=1e-4)


def refusal(bundle: Path, name: str = "onnx-fp32") -> str:
    with pytest.raises(BundleError) as caught:
        open_backend("onnx-fp32" if name == "onnx-fp32" else "onnx-int8", read_bundle(bundle))
    return str(caught.value)


def test_a_flipped_byte(folder: Path) -> None:
    path = folder.with_name("tiny.onnx") / "encoder.onnx"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    message = refusal(folder)
    assert message.startswith(f"{path}: expected SHA-256 ")
    assert message.endswith("; write them again with 'ombud export'")


def test_a_missing_file(folder: Path) -> None:
    path = folder.with_name("tiny.onnx") / "encoder.onnx"
    path.unlink()
    assert refusal(folder) == (
        f"{path}: expected a readable file, found: no such file or directory; "
        "write them again with 'ombud export'"
    )


def test_without_sentences_there_are_no_integers(folder: Path) -> None:
    export_onnx(read_bundle(folder), [])
    assert refusal(folder, "onnx-int8") == (
        f"{folder}.onnx: expected encoder-int8.onnx for the back end onnx-int8, found none; "
        "write them again with 'ombud export'"
    )


@pytest.mark.parametrize("content", ["{", "{}", "[]"])
def test_a_manifest_of_something_else(folder: Path, content: str) -> None:
    (folder.with_name("tiny.onnx") / "manifest.json").write_text(content)
    message = refusal(folder)
    assert message.startswith(f"{folder}.onnx: expected ONNX files of a bundle, found: ")
    assert message.endswith("; write them again with 'ombud export'")


def test_another_bundles_files(folder: Path) -> None:
    path = folder.with_name("tiny.onnx") / "manifest.json"
    own = read_bundle(folder).manifest.files["model.safetensors"]
    path.write_text(path.read_text().replace(own, "0" * 64))
    assert refusal(folder) == (
        f"{folder}.onnx: expected the ONNX files of {folder}, found another's; "
        "write them again with 'ombud export'"
    )
