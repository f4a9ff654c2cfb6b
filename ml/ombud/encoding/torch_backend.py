"""Sentence vectors by torch, in float32 or bfloat16."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import Tensor

from ombud.encoding.packed import PackedBert

if TYPE_CHECKING:
    from ombud.encoding.backends import Backend
    from ombud.model.encoder import SentenceEncoder
    from ombud.model.served import EncoderWeights

__all__ = ["EncoderBackend", "batches", "encoder_backend", "torch_backend"]

_TOKENS_AT_ONCE: Final = 2048
_ROWS_AT_ONCE: Final = 256


def torch_backend(weights: EncoderWeights, *, bf16: bool) -> Backend:
    """Return what computes with `weights` on the CPU."""
    if PackedBert.reads(weights.config):
        return _packed(weights.config, weights.tensors, bf16=bf16)
    from transformers import AutoConfig

    from ombud.model.encoder import SentenceEncoder

    settings = dict(weights.config)
    encoder = SentenceEncoder(AutoConfig.for_model(settings.pop("model_type"), **settings))
    encoder.transformer.load_state_dict(dict(weights.tensors))
    return EncoderBackend(encoder.eval(), bf16=bf16)


def encoder_backend(encoder: SentenceEncoder, *, bf16: bool) -> Backend:
    """Return what computes with the weights that `encoder` has now, on the device where it is."""
    config = encoder.transformer.config.to_dict()
    if next(encoder.parameters()).device.type == "cpu" and PackedBert.reads(config):
        return _packed(config, encoder.transformer.state_dict(), bf16=bf16)
    return EncoderBackend(encoder, bf16=bf16)


def _packed(config: Mapping[str, Any], weights: Mapping[str, Tensor], *, bf16: bool) -> Backend:
    return _PackedBackend(PackedBert(config, weights, torch.bfloat16 if bf16 else torch.float32))


class _PackedBackend:
    def __init__(self, bert: PackedBert) -> None:
        self._bert = bert

    def __call__(self, sentences: Sequence[Sequence[int]]) -> Tensor:
        return torch.cat([self._bert(batch) for batch in batches(sentences, _TOKENS_AT_ONCE)])


class EncoderBackend:
    """An encoder of any kind as transformers computes it, on the device where it is."""

    def __init__(self, encoder: SentenceEncoder, *, bf16: bool = False) -> None:
        self._encoder = encoder
        self._bf16 = bf16

    @torch.no_grad()
    def __call__(self, sentences: Sequence[Sequence[int]]) -> Tensor:
        """Return the vectors of sentences given as token ids, on the CPU.

        Shape: (sentences, hidden)
        """
        device = next(self._encoder.parameters()).device
        vectors = []
        for start in range(0, len(sentences), _ROWS_AT_ONCE):
            rows = [torch.tensor(ids) for ids in sentences[start : start + _ROWS_AT_ONCE]]
            ids = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
            lengths = torch.tensor([len(row) for row in rows])
            mask = (torch.arange(ids.shape[1]) < lengths.unsqueeze(1)).long()
            with torch.autocast(device.type, torch.bfloat16, enabled=self._bf16):
                vectors.append(self._encoder(ids.to(device), mask.to(device)).cpu())
        return torch.cat(vectors)


def batches(sentences: Sequence[Sequence[int]], tokens: int) -> Iterator[Sequence[Sequence[int]]]:
    """Yield neighbouring sentences of at most `tokens` tokens together, one at the least."""
    start = count = 0
    for stop, sentence in enumerate(sentences):
        if stop > start and count + len(sentence) > tokens:
            yield sentences[start:stop]
            start, count = stop, 0
        count += len(sentence)
    if start < len(sentences):
        yield sentences[start:]
