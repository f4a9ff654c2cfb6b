"""The prediction uses nothing but the sentences it shows: the claim the product rests on."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from conftest import LETTER, STATEMENT
from ombud.model import EncoderSource, ModelOutput, OmbudModel, collate
from ombud.readers import from_text
from ombud.views import Reading, View, read

LONG = STATEMENT + "".join(
    f"Part {n} of this story is about door number {n} and what came of it.\n" for n in range(30)
)
READINGS: list[tuple[str, View]] = [
    (STATEMENT, "statement"),
    (STATEMENT, "complaint"),
    (LETTER, "complaint"),
    (LONG, "statement"),
]


def readings() -> list[Reading]:
    return [read(from_text(text, str(n)), view) for n, (text, view) in enumerate(READINGS)]


@pytest.fixture(scope="module")
def model(tiny_encoder: EncoderSource) -> OmbudModel:
    """A random model whose gates open for every label, as far as they may."""
    torch.manual_seed(5)
    made = OmbudModel.from_encoder(
        tiny_encoder, selector_size=16, predictor_size=8, gate_threshold=0.0, max_passages=3
    ).eval()
    # A new model's gates are nearly all shut; these have no leaning either way.
    torch.nn.init.zeros_(made.selector.prior)
    return made


@pytest.fixture(scope="module")
def tensors(model: OmbudModel, tiny_encoder: EncoderSource) -> dict[str, Tensor]:
    """The batch with a row of vectors for every place, so that each may be replaced alone."""
    found = collate(readings(), tiny_encoder.tokenizer(), model.config.max_tokens)
    with torch.no_grad():
        vectors = model.encoder(found.pop("input_ids"), found.pop("attention_mask"))
    places = found["sentence_index"]
    found["sentence_vectors"] = vectors[places.flatten()]
    found["sentence_index"] = torch.arange(places.numel()).reshape(places.shape)
    return found


@torch.no_grad()
def run(model: OmbudModel, tensors: dict[str, Tensor], **others: Tensor) -> ModelOutput:
    output: ModelOutput = model(**{**tensors, **others})
    return output


def probabilities(output: ModelOutput) -> Tensor:
    return torch.cat([output.outcome_logits.softmax(-1), output.reason_logits.sigmoid()], dim=-1)


def test_each_label_chooses_a_few_sentences_and_never_padding(
    model: OmbudModel, tensors: dict[str, Tensor]
) -> None:
    gates = run(model, tensors).gates
    chosen = gates.sum(dim=1)
    assert set(gates.unique().tolist()) == {0.0, 1.0}
    assert chosen.max() <= model.config.max_passages
    assert chosen[:, 0].min() >= 1
    assert gates[tensors["section_ids"] == 0].sum() == 0


def test_the_outcome_has_a_passage_even_where_no_gate_would_open(
    model: OmbudModel, tensors: dict[str, Tensor]
) -> None:
    config = model.config
    before = config.gate_threshold, config.complaint_gate_threshold
    config.gate_threshold = config.complaint_gate_threshold = 1.0
    try:
        chosen = run(model, tensors).gates.sum(dim=1)
    finally:
        config.gate_threshold, config.complaint_gate_threshold = before
    assert chosen[:, 0].tolist() == [1.0] * len(READINGS)
    assert chosen[:, 1:].sum() == 0


@pytest.mark.parametrize("by", ["random", "huge", "zero", "infinity", "nan", "a chosen one"])
@pytest.mark.parametrize("whose", ["the selector's", "drawn by lot"])
def test_replacing_what_no_label_chose_changes_nothing(
    model: OmbudModel, tensors: dict[str, Tensor], by: str, whose: str
) -> None:
    gates = run(model, tensors).gates
    if whose == "drawn by lot":
        generator = torch.Generator().manual_seed(3)
        present = (tensors["section_ids"] > 0).unsqueeze(-1)
        gates = ((torch.rand(gates.shape, generator=generator) < 0.005) & present).float()
    before = run(model, tensors, gates=gates)
    unchosen = gates.sum(dim=-1).flatten() == 0
    assert 0 < unchosen.sum() < unchosen.numel()
    vectors = tensors["sentence_vectors"].clone()
    generator = torch.Generator().manual_seed(4)
    noise = torch.randn(vectors.shape, generator=generator)
    other = {
        "random": noise,
        "huge": 1e30 * noise,
        "zero": torch.zeros_like(vectors),
        "infinity": torch.full_like(vectors, float("inf")),
        "nan": torch.full_like(vectors, float("nan")),
        "a chosen one": vectors[~unchosen][:1].expand_as(vectors),
    }[by]
    vectors[unchosen] = other[unchosen]
    after = run(model, tensors, sentence_vectors=vectors, gates=gates)
    torch.testing.assert_close(probabilities(after), probabilities(before), rtol=0, atol=1e-6)
    torch.testing.assert_close(after.contributions, before.contributions, rtol=0, atol=1e-6)


def test_a_label_is_scored_by_its_own_sentences_alone(
    model: OmbudModel, tensors: dict[str, Tensor]
) -> None:
    gates = run(model, tensors).gates
    before = probabilities(run(model, tensors, gates=gates))
    outcomes = len(model.config.outcomes)
    for label in (0, 1, 17, 31):
        vectors = tensors["sentence_vectors"].clone()
        vectors[gates[..., label].flatten() == 0] = float("nan")
        after = probabilities(run(model, tensors, sentence_vectors=vectors, gates=gates))
        own = slice(0, outcomes) if label == 0 else slice(outcomes + label - 1, outcomes + label)
        torch.testing.assert_close(after[:, own], before[:, own], rtol=0, atol=1e-6)


def test_replacing_what_was_chosen_does_change_the_answer(
    model: OmbudModel, tensors: dict[str, Tensor]
) -> None:
    gates = run(model, tensors).gates
    before = probabilities(run(model, tensors, gates=gates))
    vectors = tensors["sentence_vectors"].clone()
    vectors[gates.sum(dim=-1).flatten() > 0] *= -1
    after = probabilities(run(model, tensors, sentence_vectors=vectors, gates=gates))
    assert ((after - before).abs().amax(dim=-1) > 1e-3).all()


def test_contributions_and_bias_add_up_to_the_logits(
    model: OmbudModel, tensors: dict[str, Tensor]
) -> None:
    output = run(model, tensors)
    logits = torch.cat([output.outcome_logits, output.reason_logits], dim=-1)
    bias = model.predictor.bias[tensors["view_ids"]]
    torch.testing.assert_close(logits, output.contributions.sum(dim=1) + bias, rtol=0, atol=1e-6)
    outcomes = len(model.config.outcomes)
    gates = output.gates
    wide = torch.cat([gates[..., :1].expand(-1, -1, outcomes), gates[..., 1:]], dim=-1)
    assert output.contributions[wide == 0].abs().max() == 0
    assert output.contributions[wide == 1].abs().min() > 0


def test_no_chosen_sentence_leaves_the_bias(model: OmbudModel, tensors: dict[str, Tensor]) -> None:
    gates = torch.zeros_like(run(model, tensors).gates)
    output = run(model, tensors, gates=gates)
    logits = torch.cat([output.outcome_logits, output.reason_logits], dim=-1)
    assert torch.equal(logits, model.predictor.bias[tensors["view_ids"]])


@torch.no_grad()
def test_neither_batch_nor_padding_changes_an_answer(
    model: OmbudModel, tiny_encoder: EncoderSource
) -> None:
    tokenizer = tiny_encoder.tokenizer()

    def answer(batch: list[Reading]) -> ModelOutput:
        output: ModelOutput = model(**collate(batch, tokenizer, model.config.max_tokens))
        return output

    every = readings()
    together, backwards = answer(every), answer(every[::-1])
    for number, reading in enumerate(every):
        alone = answer([reading])
        count = len(reading.sentences)
        mirrored = len(every) - 1 - number
        for output, place in ((together, number), (backwards, mirrored)):
            torch.testing.assert_close(
                probabilities(output)[place], probabilities(alone)[0], rtol=0, atol=1e-5
            )
            assert torch.equal(output.gates[place, :count], alone.gates[0])
            assert output.gates[place, count:].sum() == 0
            torch.testing.assert_close(
                output.contributions[place, :count], alone.contributions[0], rtol=0, atol=1e-5
            )


def test_a_model_without_sentences_to_read_says_so(
    model: OmbudModel, tensors: dict[str, Tensor]
) -> None:
    others = {k: v for k, v in tensors.items() if k != "sentence_vectors"}
    with pytest.raises(ValueError) as caught:
        model(**others)
    assert str(caught.value) == "expected input_ids with attention_mask, or sentence_vectors"


@torch.no_grad()
def test_each_view_chooses_by_weights_and_threshold_of_its_own(
    model: OmbudModel, tensors: dict[str, Tensor]
) -> None:
    statement, complaint = 0, 1
    before = run(model, tensors).gate_logits
    held = model.selector.direct[1].weight.clone()
    model.selector.direct[1].weight.add_(0.5)
    try:
        after = run(model, tensors).gate_logits
    finally:
        model.selector.direct[1].weight.copy_(held)
    views = tensors["view_ids"]
    assert torch.equal(before[views == statement], after[views == statement])
    assert not torch.equal(before[views == complaint], after[views == complaint])

    config = model.config
    kept = config.gate_threshold, config.complaint_gate_threshold
    config.gate_threshold, config.complaint_gate_threshold = 1.0, 0.0
    try:
        opened = run(model, tensors).gates[..., 1:].sum(dim=(1, 2))
    finally:
        config.gate_threshold, config.complaint_gate_threshold = kept
    assert opened[views == statement].tolist() == [0.0, 0.0]
    assert opened[views == complaint].min() > 0
