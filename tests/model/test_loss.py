"""The loss: read in pieces, with the counts of the whole, it adds up to that of the whole."""

from __future__ import annotations

import pytest
import torch

from gold import gold_cases
from ombud.corpus import Wording
from ombud.model import EncoderSource, OmbudModel, count_targets
from ombud_training.examples import Collator, make_examples
from ombud_training.wordings import wording_examples

WEIGHTS = torch.tensor([0.5, 1.0, 2.0])


def examples() -> list:
    made = make_examples(gold_cases(5), ["statement", "complaint"])
    # Readings of unequal length, with and without an outcome, marks unevenly spread.
    return made + wording_examples(
        [Wording(f"It is late by {n} years.", "assessment", ("late",)) for n in range(11)], 3
    )


@pytest.mark.parametrize("sizes", [[12], [6, 6], [1, 11], [4, 3, 5], [1] * 12])
def test_pieces_add_up_to_the_whole(sizes: list[int], tiny_encoder: EncoderSource) -> None:
    torch.manual_seed(4)
    model = OmbudModel.from_encoder(
        tiny_encoder,
        selector_size=16,
        predictor_size=8,
        dropout=0.0,
        stray_gates=0.0,
        gate_dropout=0.0,
        sparsity_budget=0.0,
        sparsity_weight=0.5,
    ).train()
    for module in model.encoder.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    collator = Collator(tiny_encoder.tokenizer(), 32, WEIGHTS, 0.1)
    whole = examples()
    assert len(whole) == 12
    expected = model(**collator(whole)).loss
    expected.backward()
    gradients = {n: p.grad.clone() for n, p in model.named_parameters() if p.grad is not None}
    model.zero_grad()
    pieces, start = [], 0
    for size in sizes:
        pieces.append(collator(whole[start : start + size]))
        start += size
    counts = sum(
        count_targets(p["outcome_targets"], p["gate_targets"], p["outcome_weights"]) for p in pieces
    )
    total = 0.0
    for piece in pieces:
        loss = model(**piece, loss_counts=counts).loss
        loss.backward()
        total += loss.item()
    assert total == pytest.approx(expected.item(), rel=1e-5)
    for name, parameter in model.named_parameters():
        if name in gradients:
            torch.testing.assert_close(
                parameter.grad, gradients[name], rtol=1e-3, atol=1e-5, msg=name
            )


def test_counts_of_a_batch() -> None:
    outcomes = torch.tensor([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.5, 0.5]])
    gates = torch.tensor([[[1.0, 0.0]], [[float("nan"), 1.0]], [[0.0, 1.0]]])
    assert count_targets(outcomes, gates, WEIGHTS).tolist() == [0.5 + 1.5, 3.0, 3.0]
    assert count_targets(outcomes, gates, None).tolist() == [2.0, 3.0, 3.0]
