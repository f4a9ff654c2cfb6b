"""Sentences as token ids, by the `tokenizers` library alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tokenizers import Tokenizer

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

__all__ = ["Tokens"]


class Tokens:
    """An encoder's tokenizer that cuts sentences at a number of tokens and pads none."""

    def __init__(self, tokenizer: Tokenizer, max_tokens: int) -> None:
        tokenizer.no_padding()
        tokenizer.enable_truncation(max_tokens)
        self._tokenizer = tokenizer
        self.max_tokens = max_tokens

    @classmethod
    def read(cls, path: Path, max_tokens: int) -> Tokens:
        """Return the tokenizer in the file `path` (`tokenizer.json`).

        Raises:
            OSError: If it cannot be read.
            ValueError, TypeError: If it holds no tokenizer.
        """
        text = path.read_text("utf-8")
        if not isinstance(json.loads(text), dict):
            message = f"a {path.name} that holds no tokenizer"
            raise TypeError(message)
        try:
            tokenizer = Tokenizer.from_str(text)
        except Exception as error:
            message = f"a {path.name} that holds no tokenizer: {error}"
            raise ValueError(message) from error
        return cls(tokenizer, max_tokens)

    @classmethod
    def of(cls, tokenizer: PreTrainedTokenizerBase, max_tokens: int) -> Tokens:
        """Return a copy of a tokenizer of transformers."""
        copy = Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
        return cls(copy, max_tokens)

    def __call__(self, sentences: Sequence[str]) -> list[list[int]]:
        """Return the token ids of sentences, special tokens included. Shape: (sentences, *)."""
        return [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(sentences))]
