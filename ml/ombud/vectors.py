"""Sentence vectors, each sentence encoded once and kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import torch
from torch import Tensor

from ombud.encoding.tokens import Tokens
from ombud.encoding.torch_backend import encoder_backend

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from ombud.encoding.backends import Backend
    from ombud.encoding.cache import VectorCache
    from ombud.model.encoder import EncoderSource, SentenceEncoder

__all__ = ["KEPT", "SentenceVectors"]

KEPT: Final = 50_000
"""Vectors that are kept in memory: some 80 MB of 384 numbers each."""

_TOKENISED_AT_ONCE: Final = 512


class SentenceVectors:
    """Vectors of sentence keys by an encoder that does not change meanwhile.

    A sentence's vector does not depend on the sentences beside it, so it is shared between
    documents and kept for later ones, the least recently used leaving first; where a file is
    given, vectors are kept in it for later runs too.
    """

    def __init__(
        self,
        encoder: SentenceEncoder,
        tokenizer: PreTrainedTokenizerBase,
        max_tokens: int,
        kept: int = KEPT,
        *,
        bf16: bool = False,
    ) -> None:
        """Encode with what `encoder` holds now; `bf16` computes in bfloat16."""
        backend = encoder_backend(encoder, bf16=bf16)
        self._set(backend, Tokens.of(tokenizer, max_tokens), kept, None)

    def _set(self, backend: Backend, tokens: Tokens, kept: int, file: VectorCache | None) -> None:
        self._backend = backend
        self._tokens = tokens
        self._kept = _Kept(kept)
        self._file = file
        self.encoded = 0
        """How many vectors were computed so far."""
        self.tokens = 0
        """Tokens of the sentences that were computed so far."""
        self.found = 0
        """How many vectors came from the file."""

    @classmethod
    def served(
        cls,
        backend: Backend,
        tokens: Tokens,
        kept: int = KEPT,
        file: VectorCache | None = None,
    ) -> SentenceVectors:
        """Return the vectors that a back end computes, those in `file` excepted."""
        vectors = cls.__new__(cls)
        vectors._set(backend, tokens, kept, file)
        return vectors

    @classmethod
    def pretrained(cls, source: EncoderSource, max_tokens: int, device: str) -> SentenceVectors:
        """Return the vectors of an encoder as it was published, computed on `device`.

        Raises:
            EncoderError: If the encoder cannot be loaded.
        """
        from ombud.model.encoder import SentenceEncoder

        encoder = SentenceEncoder(source.config())
        encoder.transformer.load_state_dict(source.model().state_dict())
        return cls(encoder.to(device).eval(), source.tokenizer(), max_tokens)

    def compute_like(self, other: SentenceVectors) -> None:
        """Compute as `other` does from now on, with the same encoder elsewhere; keep what is kept."""
        self._backend = other._backend

    def __call__(self, sentences: Sequence[str]) -> Tensor:
        """Return the vectors of sentence keys, on the CPU. Shape: (sentences, hidden)."""
        # What is kept must serve callers inside and outside of inference mode.
        with torch.inference_mode(mode=False), torch.no_grad():
            return self._get(sentences)

    def _get(self, sentences: Sequence[str]) -> Tensor:
        missing = list(dict.fromkeys(s for s in sentences if s not in self._kept))
        # Looked up first: what comes in may take the place of what is asked for.
        known = self._kept.get([s for s in sentences if s in self._kept])
        if not missing:
            return known
        new = self._read(missing)
        if len(missing) == len(sentences):
            self._kept.put(missing, new)
            return new
        number = {sentence: row for row, sentence in enumerate(missing)}
        result = torch.empty(len(sentences), new.shape[1])
        if len(known):
            result[[row for row, s in enumerate(sentences) if s not in number]] = known
        places = [row for row, s in enumerate(sentences) if s in number]
        result[places] = new[[number[sentences[row]] for row in places]]
        self._kept.put(missing, new)
        return result

    def _read(self, sentences: Sequence[str]) -> Tensor:
        """Return vectors that are not in memory, from the file or computed."""
        if self._file is None:
            return self._encode(sentences)
        filed = self._file.get(sentences)
        self.found += len(filed)
        rest = [sentence for sentence in sentences if sentence not in filed]
        if rest:
            encoded = self._encode(rest)
            self._file.put(rest, encoded)
            filed |= zip(rest, encoded, strict=True)
        return torch.stack([filed[sentence] for sentence in sentences])

    def _encode(self, sentences: Sequence[str]) -> Tensor:
        order = sorted(range(len(sentences)), key=lambda row: len(sentences[row]))
        rows: list[int] = []
        vectors: list[Tensor] = []
        for numbers, ids in self._tokenised([sentences[row] for row in order]):
            vectors.append(self._backend(ids))
            rows += [order[number] for number in numbers]
            self.tokens += sum(map(len, ids))
        self.encoded += len(rows)
        encoded = torch.cat(vectors)
        result = torch.empty_like(encoded)
        result[rows] = encoded
        return result

    def _tokenised(self, sentences: Sequence[str]) -> Iterator[tuple[list[int], list[list[int]]]]:
        """Yield the numbers of some sentences and their token ids, shortest first.

        The next ones are tokenised, by a library that lets other threads run, while what was
        yielded is computed.
        """
        starts = range(0, len(sentences), _TOKENISED_AT_ONCE)
        if len(starts) == 1:
            yield self._tokenise(sentences, 0)
            return
        with ThreadPoolExecutor(1, "ombud-tokens") as ahead:
            coming = ahead.submit(self._tokenise, sentences, 0)
            for start in starts[1:]:
                tokenised = coming.result()
                coming = ahead.submit(self._tokenise, sentences, start)
                yield tokenised
            yield coming.result()

    def _tokenise(self, sentences: Sequence[str], start: int) -> tuple[list[int], list[list[int]]]:
        ids = self._tokens(sentences[start : start + _TOKENISED_AT_ONCE])
        order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
        return [start + row for row in order], [ids[row] for row in order]


class _Kept:
    """Some vectors in one block of memory, the least recently used leaving first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._rows: OrderedDict[str, int] = OrderedDict()
        self._block = torch.empty(0, 0)

    def __contains__(self, sentence: str) -> bool:
        return sentence in self._rows

    def get(self, sentences: Sequence[str]) -> Tensor:
        """Return the vectors of sentences that are kept. Shape: (sentences, hidden)."""
        for sentence in sentences:
            self._rows.move_to_end(sentence)
        return self._block[[self._rows[sentence] for sentence in sentences]]

    def put(self, sentences: Sequence[str], vectors: Tensor) -> None:
        """Keep the vectors of sentences that are not kept yet."""
        if not self._most:
            return
        sentences = sentences[-self._most :]
        vectors = vectors[len(vectors) - len(sentences) :]
        wanted = min(self._most, len(self._rows) + len(sentences))
        if wanted > len(self._block):
            size = min(self._most, max(wanted, 2 * len(self._block)))
            block = torch.empty(size, vectors.shape[1])
            if self._rows:
                block[: len(self._rows)] = self._block[: len(self._rows)]
            self._block = block
        rows = []
        for sentence in sentences:
            full = len(self._rows) == self._most
            row = self._rows.popitem(last=False)[1] if full else len(self._rows)
            self._rows[sentence] = row
            rows.append(row)
        self._block[rows] = vectors
