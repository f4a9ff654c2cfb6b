"""From readings to tensors: unique sentences once, where each stands, and targets."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import torch
from torch import Tensor

from ombud.documents import SECTION_KINDS
from ombud.model.names import without_names
from ombud.views import VIEWS, Reading

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

__all__ = ["POSITION_FEATURES", "Batch", "collate", "index_sentences", "sentence_key"]

POSITION_FEATURES: Final = 4

_LEADING: Final = re.compile(r"^(?:[-–*•·▪◦]+|\(?(?:\d{1,3}|[a-z])[.)])\s+")
_SPACE: Final = re.compile(r"\s+")
_PLAIN: Final = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


@functools.lru_cache(maxsize=50_000)
def sentence_key(sentence: str) -> str:
    """Return what the encoder reads of a sentence, which sentences may share.

    It has no bullet or number, plain quotes, one space between words, and letters in place of
    people's titles and names.
    """
    plain = _SPACE.sub(" ", sentence.translate(_PLAIN)).strip()
    return without_names(_LEADING.sub("", plain) or plain)


@dataclass(frozen=True, slots=True)
class Batch:
    """Where the sentences of some readings stand.

    Attributes:
        sentences: Unique keys, in order of first use.
        sentence_index: Shape: (documents, sentences)
        section_ids: Shape: (documents, sentences)
        positions: Shape: (documents, sentences, features)
        view_ids: Shape: (documents,)
    """

    sentences: tuple[str, ...]
    sentence_index: Tensor
    section_ids: Tensor
    positions: Tensor
    view_ids: Tensor

    def tensors(self) -> dict[str, Tensor]:
        """Return the arguments of `OmbudModel.forward` other than tokens or vectors."""
        return {
            "sentence_index": self.sentence_index,
            "section_ids": self.section_ids,
            "positions": self.positions,
            "view_ids": self.view_ids,
        }


def index_sentences(readings: Sequence[Reading]) -> Batch:
    """Return the unique sentences of `readings` and where each stands."""
    longest = max(len(reading.sentences) for reading in readings)
    index = torch.zeros(len(readings), longest, dtype=torch.long)
    sections = torch.zeros(len(readings), longest, dtype=torch.long)
    positions = torch.zeros(len(readings), longest, POSITION_FEATURES)
    rows: dict[str, int] = {}
    for number, reading in enumerate(readings):
        count = len(reading.sentences)
        keys = [sentence_key(s.span.of(reading.document.text)) for s in reading.sentences]
        index[number, :count] = torch.tensor([rows.setdefault(k, len(rows)) for k in keys])
        kinds = [s.section for s in reading.sentences]
        sections[number, :count] = torch.tensor([1 + SECTION_KINDS.index(k) for k in kinds])
        positions[number, :count] = _positions(kinds)
    views = torch.tensor([VIEWS.index(reading.view) for reading in readings])
    return Batch(tuple(rows), index, sections, positions, views)


def _positions(kinds: Sequence[str]) -> Tensor:
    """Return place in document, place in section, first in section, log of the count."""
    count = len(kinds)
    features = torch.zeros(count, POSITION_FEATURES)
    features[:, 0] = torch.arange(count) / max(1, count - 1)
    features[:, 3] = torch.log(torch.tensor(float(count))) / 5.0
    start = 0
    for number in range(1, count + 1):
        if number == count or kinds[number] != kinds[start]:
            size = number - start
            features[start:number, 1] = torch.arange(size) / max(1, size - 1)
            features[start, 2] = 1.0
            start = number
    return features


def collate(
    readings: Sequence[Reading],
    tokenizer: PreTrainedTokenizerBase,
    max_tokens: int,
    vectors: Callable[[Sequence[str]], Tensor] | None = None,
) -> dict[str, Tensor]:
    """Return the arguments of `OmbudModel.forward` for a batch of readings.

    Args:
        readings: The documents as one view reads them.
        tokenizer: The encoder's tokenizer.
        max_tokens: Longest sentence in tokens.
        vectors: Returns cached vectors of sentence keys, Shape: (unique, hidden); where it is
            given nothing is tokenised.
    """
    batch = index_sentences(readings)
    tensors = batch.tensors()
    if vectors is not None:
        tensors["sentence_vectors"] = vectors(batch.sentences)
        return tensors
    ids = tokenizer(list(batch.sentences), truncation=True, max_length=max_tokens)["input_ids"]
    # Shortest first: the encoder cuts each chunk to its longest sentence.
    order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
    rank = torch.empty(len(ids), dtype=torch.long)
    rank[torch.tensor(order)] = torch.arange(len(ids))
    tensors["sentence_index"] = rank[tensors["sentence_index"]]
    padded = tokenizer.pad({"input_ids": [ids[row] for row in order]}, return_tensors="pt")
    tensors["input_ids"] = padded["input_ids"]
    tensors["attention_mask"] = padded["attention_mask"]
    return tensors
