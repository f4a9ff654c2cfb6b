"""Sentence vectors, each sentence encoded once and kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from ombud.model.encoder import EncoderSource, SentenceEncoder

__all__ = ["SentenceVectors"]

_ENCODED_AT_ONCE: Final = 256
_KEPT: Final = 50_000


class SentenceVectors:
    """Vectors of sentence keys by an encoder that does not change meanwhile.

    A sentence's vector does not depend on the sentences beside it, so it is shared between
    documents and kept for later ones, the least recently used leaving first.
    """

    def __init__(
        self,
        encoder: SentenceEncoder,
        tokenizer: PreTrainedTokenizerBase,
        max_tokens: int,
        kept: int = _KEPT,
        *,
        bf16: bool = False,
    ) -> None:
        """Encode with `encoder`; `bf16` computes in bfloat16 where the device is faster so."""
        self._encoder = encoder
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens
        self._kept = kept
        self._bf16 = bf16
        self._vectors: OrderedDict[str, Tensor] = OrderedDict()
        self.encoded = 0
        """How many vectors were computed so far."""

    @classmethod
    def pretrained(cls, source: EncoderSource, max_tokens: int, device: str) -> SentenceVectors:
        """Return the vectors of an encoder as it was published, computed on `device`.

        Raises:
            EncoderError: If the encoder cannot be loaded.
        """
        encoder = SentenceEncoder(source.config())
        encoder.transformer.load_state_dict(source.model().state_dict())
        return cls(encoder.to(device).eval(), source.tokenizer(), max_tokens)

    def __call__(self, sentences: Sequence[str]) -> Tensor:
        """Return the vectors of sentence keys, on the CPU. Shape: (sentences, hidden)."""
        found = {s: self._vectors[s] for s in sentences if s in self._vectors}
        found |= self._encode({s for s in sentences if s not in found})
        for sentence in found:
            self._vectors[sentence] = found[sentence]
            self._vectors.move_to_end(sentence)
        while len(self._vectors) > self._kept:
            self._vectors.popitem(last=False)
        return torch.stack([found[sentence] for sentence in sentences])

    @torch.no_grad()
    def _encode(self, sentences: set[str]) -> dict[str, Tensor]:
        device = next(self._encoder.parameters()).device
        ordered = sorted(sentences, key=lambda s: (len(s), s))
        encoded: dict[str, Tensor] = {}
        for start in range(0, len(ordered), _ENCODED_AT_ONCE):
            chunk = ordered[start : start + _ENCODED_AT_ONCE]
            tokens = self._tokenizer(
                chunk,
                truncation=True,
                max_length=self._max_tokens,
                padding=True,
                return_tensors="pt",
            ).to(device)
            with torch.autocast(device.type, torch.bfloat16, enabled=self._bf16):
                vectors = self._encoder(tokens["input_ids"], tokens["attention_mask"])
            encoded.update(zip(chunk, vectors.cpu(), strict=True))
        self.encoded += len(encoded)
        return encoded
