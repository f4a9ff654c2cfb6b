"""A BERT that reads sentences of any lengths laid end to end, without padding between them.

What a token's layers do does not depend on its neighbours, so they run over all tokens of a batch
as one matrix; attention runs sentence by sentence, those of one length together. The same numbers
as `transformers.BertModel` with the mean over tokens, to rounding.

The matrix products are oneDNN's, with bias and GELU in one step and weights laid out for it once:
torch's own float32 product comes from MKL, which on some processors does not use all of their
vector width.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

__all__ = ["PackedBert"]

_LADDER: Final = (16, 32, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048)
"""Rows of a batch: few distinct shapes, for each new one oneDNN compiles its code again."""


class _Linear:
    """A linear layer in one precision; oneDNN's where this build of torch has it."""

    def __init__(self, weight: Tensor, bias: Tensor, dtype: torch.dtype) -> None:
        self._bias = bias.to(dtype).contiguous()
        self._fused = hasattr(torch.ops.mkldnn, "_linear_pointwise")
        weight = weight.to(dtype).contiguous()
        if self._fused:
            weight = torch.ops.mkldnn._reorder_linear_weight(weight, _LADDER[-1])
        self._weight = weight

    def __call__(self, rows: Tensor, *, gelu: bool = False) -> Tensor:
        """Return the layer's output, through GELU or not. Shape: (rows, features)."""
        if self._fused:
            after, form = ("gelu", "none") if gelu else ("none", "")
            result: Tensor = torch.ops.mkldnn._linear_pointwise(
                rows, self._weight, self._bias, after, [], form
            )
            return result
        result = functional.linear(rows, self._weight, self._bias)
        return functional.gelu(result) if gelu else result


class _Norm(NamedTuple):
    weight: Tensor
    bias: Tensor
    eps: float

    def __call__(self, rows: Tensor) -> Tensor:
        return functional.layer_norm(rows, self.weight.shape, self.weight, self.bias, self.eps)


class _Layer(NamedTuple):
    qkv: _Linear
    attended: _Linear
    attended_norm: _Norm
    up: _Linear
    down: _Linear
    down_norm: _Norm


class PackedBert:
    """Sentence vectors by a BERT's weights: mean over tokens, length sqrt(hidden).

    Sums between layers and their norms stay in float32; only what enters a matrix product is of
    the precision asked for.
    """

    def __init__(
        self,
        config: Mapping[str, Any],
        weights: Mapping[str, Tensor],
        dtype: torch.dtype,
        watch: Callable[[str, Tensor], None] | None = None,
    ) -> None:
        """Lay out `weights`, named as in `transformers.BertModel`, for products in `dtype`.

        Args:
            config: The encoder's configuration as transformers keeps it.
            weights: Its weights.
            dtype: What enters the matrix products.
            watch: Told the name of each matrix product, as `layer.part`, and what enters it.

        Raises:
            KeyError: If a weight is missing.
        """
        self._dtype = dtype
        self._watch = watch or (lambda _name, _rows: None)
        self._heads = int(config["num_attention_heads"])
        self._hidden = int(config["hidden_size"])
        eps = float(config["layer_norm_eps"])

        def norm(name: str) -> _Norm:
            name = f"{name}.LayerNorm"
            return _Norm(weights[f"{name}.weight"].float(), weights[f"{name}.bias"].float(), eps)

        def linear(*names: str) -> _Linear:
            parts = [[weights[f"{name}.{part}"] for name in names] for part in ("weight", "bias")]
            return _Linear(torch.cat(parts[0]), torch.cat(parts[1]), dtype)

        # A sentence is all of one type: its vector can be added to every position's.
        types = weights["embeddings.token_type_embeddings.weight"].float()
        self._words = weights["embeddings.word_embeddings.weight"].float()
        self._positions = weights["embeddings.position_embeddings.weight"].float() + types[0]
        self._norm = norm("embeddings")
        self._layers = [
            _Layer(
                linear(*(f"{layer}.attention.self.{part}" for part in ("query", "key", "value"))),
                linear(f"{layer}.attention.output.dense"),
                norm(f"{layer}.attention.output"),
                linear(f"{layer}.intermediate.dense"),
                linear(f"{layer}.output.dense"),
                norm(f"{layer}.output"),
            )
            for layer in (f"encoder.layer.{n}" for n in range(int(config["num_hidden_layers"])))
        ]

    @staticmethod
    def reads(config: Mapping[str, Any]) -> bool:
        """Whether an encoder with this configuration is of the kind that is computed here."""
        return (
            config.get("model_type") == "bert"
            and config.get("hidden_act") == "gelu"
            and config.get("position_embedding_type", "absolute") == "absolute"
            and not config.get("is_decoder")
        )

    @torch.no_grad()
    def __call__(self, sentences: Sequence[Sequence[int]]) -> Tensor:
        """Return the vectors of sentences given as token ids, in their order.

        Quickest where they come sorted by length. Shape: (sentences, hidden)
        """
        groups = [(n, len(list(same))) for n, same in itertools.groupby(map(len, sentences))]
        ids = [token for sentence in sentences for token in sentence]
        places = [place for sentence in sentences for place in range(len(sentence))]
        # What fills up the last rows is read by nobody.
        spare = next((size for size in _LADDER if size >= len(ids)), len(ids)) - len(ids)
        rows = self._words[torch.tensor(ids + [0] * spare)]
        rows = self._norm(rows + self._positions[torch.tensor(places + [0] * spare)])
        count = len(ids)
        for number, layer in enumerate(self._layers):
            self._watch(f"{number}.qkv", rows[:count])
            attended = self._attention(layer.qkv(rows.to(self._dtype)), groups)
            self._watch(f"{number}.attended", attended[:count])
            rows = layer.attended_norm(rows + layer.attended(attended))
            self._watch(f"{number}.up", rows[:count])
            wide = layer.up(rows.to(self._dtype), gelu=True)
            self._watch(f"{number}.down", wide[:count])
            rows = layer.down_norm(rows + layer.down(wide))
        start = 0
        means = []
        for length, many in groups:
            stop = start + length * many
            means.append(rows[start:stop].view(many, length, -1).mean(dim=1))
            start = stop
        return functional.normalize(torch.cat(means), dim=-1) * math.sqrt(self._hidden)

    def _attention(self, qkv: Tensor, groups: Sequence[tuple[int, int]]) -> Tensor:
        """Return what each token draws from its own sentence. Shape: (rows, hidden)."""
        size = self._hidden // self._heads
        result = torch.zeros(qkv.shape[0], self._hidden, dtype=self._dtype)
        # Sentences are short: in float32 this is quicker, and it is more exact.
        qkv = qkv.float()
        start = 0
        for length, count in groups:
            stop = start + length * count
            parts = qkv[start:stop].view(count, length, 3, self._heads, size)
            query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
            drawn = functional.scaled_dot_product_attention(query, key, value)
            result[start:stop].view(count, length, self._heads, size).copy_(drawn.transpose(1, 2))
            start = stop
        return result
