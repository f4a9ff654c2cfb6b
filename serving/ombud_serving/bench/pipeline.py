"""What people would use otherwise: the text classification of transformers with the same encoder."""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["PipelineSpeed", "measure_pipeline"]

_BATCH: Final = 16
_CUT: Final = 512


@dataclass(frozen=True, slots=True)
class PipelineSpeed:
    """How fast it is, in float32, in batches of 16, each text cut at 512 tokens.

    Attributes:
        documents: How many texts.
        tokens: What it read of them.
        seconds: What all of them took.
        latency: Median seconds of one text alone, warm.
    """

    documents: int
    tokens: int
    seconds: float
    latency: float

    @property
    def tokens_per_second(self) -> float:
        """Tokens read a second."""
        return self.tokens / self.seconds

    @property
    def documents_per_second(self) -> float:
        """Texts a second."""
        return self.documents / self.seconds


def measure_pipeline(encoder: str, texts: Sequence[str], alone: Sequence[str]) -> PipelineSpeed:
    """Time `transformers.pipeline("text-classification")` with an encoder and a new head.

    Args:
        encoder: Folder or name that `from_pretrained` loads.
        texts: Read in batches, whole but for what is cut.
        alone: Read one by one.
    """
    from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline
    from transformers.utils import logging

    logging.set_verbosity_error()
    tokenizer = AutoTokenizer.from_pretrained(encoder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = AutoModelForSequenceClassification.from_pretrained(encoder, num_labels=3)
        classify: Any = pipeline(
            "text-classification", model=model, tokenizer=tokenizer, device=-1, batch_size=_BATCH
        )
        cut = {"truncation": True, "max_length": _CUT}
        ids = tokenizer(list(texts), **cut)["input_ids"]
        classify(list(texts[:_BATCH]), **cut)
        started = time.perf_counter()
        classify(list(texts), **cut)
        seconds = time.perf_counter() - started
        each = []
        for text in alone:
            begun = time.perf_counter()
            classify(text, **cut)
            each.append(time.perf_counter() - begun)
    return PipelineSpeed(len(texts), sum(map(len, ids)), seconds, sorted(each)[len(each) // 2])
