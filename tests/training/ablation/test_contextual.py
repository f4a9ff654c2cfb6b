"""The classifier of whole texts and its integrated gradients."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import PreTrainedTokenizerBase

from gold import gold_cases
from ombud.errors import MissingExtraError
from ombud.model import EncoderSource
from ombud_training.ablation.afterwards import contextual_logits, cut_into_words
from ombud_training.ablation.attributions import attribute, check_captum
from ombud_training.ablation.contextual import (
    ContextualModel,
    ContextualSettings,
    fit_contextual,
    windows,
)
from ombud_training.ablation.rows import VIEW, Material
from ombud_training.examples import make_examples

CASES = gold_cases(6)
READINGS = [case.reading(VIEW) for case in CASES]
LABELS = 3 + 31


@pytest.fixture(scope="module")
def tokenizer(tiny_encoder: EncoderSource) -> PreTrainedTokenizerBase:
    return tiny_encoder.tokenizer()


@pytest.fixture(scope="module")
def model(tiny_encoder: EncoderSource) -> ContextualModel:
    torch.manual_seed(1)
    return ContextualModel(tiny_encoder.model(), 0.1).eval()


def test_windows_leave_nothing_out(tokenizer: PreTrainedTokenizerBase) -> None:
    made = windows(READINGS[:2], tokenizer, 40)
    assert made.input_ids.shape[1] == 40
    assert made.documents.tolist() == sorted(made.documents.tolist())
    for number, reading in enumerate(READINGS[:2]):
        rows = made.documents == number
        assert rows.sum() > 2
        known = made.passages[rows] >= 0
        pieces = [s.span.of(reading.document.text) for s in reading.sentences]
        whole = tokenizer(" ".join(pieces), add_special_tokens=False)["input_ids"]
        assert made.input_ids[rows][known].tolist() == whole
        own = made.passages[rows][known]
        assert own.tolist() == sorted(own.tolist())
        for n, piece in enumerate(pieces):
            ids = tokenizer(piece, add_special_tokens=False)["input_ids"]
            assert made.input_ids[rows][known][own == n].tolist() == ids
    assert torch.equal(made.passages >= 0, (made.input_ids > 3) & (made.attention_mask > 0))


def test_words_are_the_same_tokens(tokenizer: PreTrainedTokenizerBase) -> None:
    words = [cut_into_words(reading) for reading in READINGS]
    one, other = windows(READINGS, tokenizer, 128), windows(words, tokenizer, 128)
    assert torch.equal(one.input_ids, other.input_ids)
    for reading, cut in zip(READINGS, words, strict=True):
        text = reading.document.text
        pieces = [s.span.of(text) for s in cut.sentences]
        assert "".join(pieces) == "".join(
            "".join(s.span.of(text).split()) for s in reading.sentences
        )


def test_a_text_does_not_depend_on_its_batch(
    model: ContextualModel, tokenizer: PreTrainedTokenizerBase
) -> None:
    short = dataclasses.replace(READINGS[0], sentences=READINGS[0].sentences[:1])
    nothing = dataclasses.replace(READINGS[0], sentences=())
    some = [READINGS[1], short, nothing, READINGS[2]]
    together = contextual_logits(model, tokenizer, some)
    assert together.shape == (4, LABELS)
    alone = np.concatenate([contextual_logits(model, tokenizer, [one]) for one in some])
    assert together == pytest.approx(alone, abs=1e-5)
    assert np.isfinite(together).all()


def test_words_are_read_beside_the_words_around_them(
    model: ContextualModel, tokenizer: PreTrainedTokenizerBase
) -> None:
    backwards = dataclasses.replace(READINGS[0], sentences=READINGS[0].sentences[::-1])
    forwards, reverse = contextual_logits(model, tokenizer, [READINGS[0], backwards])
    assert not np.allclose(forwards, reverse, atol=1e-4)


def test_it_learns(material: Material, tiny_encoder: EncoderSource, tmp_path: Path) -> None:
    settings = ContextualSettings(
        epochs=60, batch_size=6, learning_rate=0.05, encoder_learning_rate=3e-3, dropout=0.0
    )
    made, tokenizer = fit_contextual(
        CASES, VIEW, material.recipe, settings, material.device, tmp_path
    )
    logits = contextual_logits(made, tokenizer, READINGS)
    examples = make_examples(CASES, [VIEW])
    assert logits[:, :3].argmax(axis=1).tolist() == [example.outcome for example in examples]
    given = logits[:, 3:] > 0
    assert given.tolist() == [(example.reasons > 0).tolist() for example in examples]
    # Its embeddings stand still, all else has moved.
    published = tiny_encoder.model().state_dict()
    own = made.encoder.state_dict()
    words = "embeddings.word_embeddings.weight"
    query = "encoder.layer.0.attention.self.query.weight"
    assert torch.equal(own[words], published[words])
    assert not torch.equal(own[query], published[query])


@pytest.mark.parametrize("longest", [128, 40])
def test_attributions_add_up_to_the_gain_over_padding(
    model: ContextualModel,
    tokenizer: PreTrainedTokenizerBase,
    longest: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ContextualModel, "longest", longest)
    weights = torch.zeros(2, LABELS)
    weights[0, 1], weights[1, 5] = 1.0, -2.0
    words = [cut_into_words(reading) for reading in READINGS[:2]]
    found = attribute(model, tokenizer, words, weights, steps=64)
    assert [len(own) for own in found] == [len(word.sentences) for word in words]
    logits = contextual_logits(model, tokenizer, READINGS[:2])
    for row, own in enumerate(found):
        made = windows([READINGS[row]], tokenizer, longest)
        padding = torch.where(made.passages >= 0, int(tokenizer.pad_token_id), made.input_ids)
        with torch.no_grad():
            inputs = {**made.inputs(), "input_ids": padding}
            baseline = model(**inputs)["logits"][0].double().numpy()
        gain = (logits[row] - baseline) @ weights[row].double().numpy()
        assert own.sum() == pytest.approx(gain, abs=1e-3 * abs(gain) + 1e-5)
        assert abs(gain) > 1e-3


def test_captum_is_asked_for_before_the_training(monkeypatch: pytest.MonkeyPatch) -> None:
    check_captum()
    monkeypatch.setitem(sys.modules, "captum.attr", None)
    with pytest.raises(MissingExtraError) as caught:
        check_captum()
    assert str(caught.value) == (
        "expected captum for integrated gradients, found it not installed; install ombud[dev]"
    )
