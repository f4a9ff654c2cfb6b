"""Integrated gradients: which words a classifier of whole texts leant on, asked afterwards.

Sundararajan, Taly and Yan 2017, as captum has it, over token embeddings from a text of padding.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from ombud.errors import MissingExtraError
from ombud.views import Reading
from ombud_training.ablation.contextual import ContextualModel, Windows, windows

__all__ = ["STEPS", "attribute", "check_captum"]

STEPS: Final = 16
"""Points of the Gauss-Legendre quadrature."""

_WINDOWS_AT_ONCE: Final = 4


def check_captum() -> None:
    """Raise before a long training what would only show after it.

    Raises:
        MissingExtraError: If captum is not installed.
    """
    _captum()


def attribute(
    model: ContextualModel,
    tokenizer: PreTrainedTokenizerBase,
    readings: Sequence[Reading],
    labels: Tensor,
    *,
    steps: int = STEPS,
    bf16: bool = False,
) -> list[NDArray[np.float64]]:
    """Return how much each sentence (or word, where readings are cut into words) adds.

    The values of a text add up to the gain of the sum of its logits, weighed by `labels`, over a
    text of padding of the same length.

    Args:
        model: The classifier.
        tokenizer: Its encoder's.
        readings: What it read.
        labels: Weight of each logit. Shape: (readings, outcomes + reasons)
        steps: Points at which gradients are taken.
        bf16: Compute products in bfloat16.

    Returns:
        One array a reading. Shape: (sentences,)

    Raises:
        MissingExtraError: If captum is not installed.
    """
    seen = windows(readings, tokenizer, model.longest)
    sizes = torch.zeros(len(readings)).index_add(
        0, seen.documents, seen.attention_mask.sum(dim=1).float()
    )
    # The head is linear in the mean over all tokens, so each window has a share of its own.
    shares = labels[seen.documents] / sizes[seen.documents].unsqueeze(-1)
    found = [np.zeros(len(reading.sentences)) for reading in readings]
    for start in range(0, len(seen.documents), _WINDOWS_AT_ONCE):
        rows = slice(start, start + _WINDOWS_AT_ONCE)
        some = Windows(
            seen.input_ids[rows],
            seen.attention_mask[rows],
            seen.documents[rows],
            seen.passages[rows],
        )
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            values = _of_windows(model, tokenizer, some, shares[rows], steps)
        for document, passages, own in zip(
            some.documents.tolist(), some.passages.numpy(), values, strict=True
        ):
            known = passages >= 0
            np.add.at(found[document], passages[known], own[known])
    return found


def _of_windows(
    model: ContextualModel,
    tokenizer: PreTrainedTokenizerBase,
    some: Windows,
    shares: Tensor,
    steps: int,
) -> NDArray[np.float64]:
    """Return the attribution of each token. Shape: (windows, tokens)."""
    width = int(some.attention_mask.sum(dim=1).max())
    ids, mask = some.input_ids[:, :width], some.attention_mask[:, :width]
    padding = torch.where(
        some.passages[:, :width] >= 0, torch.full_like(ids, int(tokenizer.pad_token_id)), ids
    )
    embed = model.encoder.get_input_embeddings()

    def weighed(embedded: Tensor, mask: Tensor, shares: Tensor) -> Tensor:
        summed = model.sums(mask, inputs_embeds=embedded)
        return ((summed @ model.head.weight.T) * shares).sum(dim=1)

    with torch.no_grad():
        embedded, baseline = embed(ids), embed(padding)
    values: Tensor = _captum()(weighed).attribute(
        embedded,
        baselines=baseline,
        additional_forward_args=(mask, shares),
        n_steps=steps,
        internal_batch_size=max(_WINDOWS_AT_ONCE, len(ids)),
    )
    tokens = torch.zeros(some.input_ids.shape, dtype=torch.float64)
    tokens[:, :width] = values.detach().double().sum(dim=-1)
    return tokens.numpy()


def _captum() -> Any:
    try:
        from captum.attr import IntegratedGradients
    except ModuleNotFoundError as error:
        message = (
            "expected captum for integrated gradients, found it not installed; install ombud[dev]"
        )
        raise MissingExtraError(message) from error
    return IntegratedGradients
