"""From readings to tensors: one row a different sentence, and where each stands."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from conftest import LETTER, STATEMENT
from ombud.documents import SECTION_KINDS
from ombud.model import EncoderSource, OmbudModel, collate, sentence_key
from ombud.model.features import POSITION_FEATURES, index_sentences
from ombud.readers import from_text
from ombud.views import VIEWS, Reading, View, read


def reading(text: str, view: View = "statement") -> Reading:
    return read(from_text(text, "a"), view)


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("4. We will not investigate.", "We will not investigate."),
        ("(a) the notice;", "the notice;"),
        ("•  pay  £200", "pay £200"),
        ("- the Council’s “reply”", 'the Council\'s "reply"'),
        ("in 2019 – or later", "in 2019 - or later"),
        ("a\u00a0line\nbroken", "a line broken"),
        ("12.", "12."),
        ("2019 was cold.", "2019 was cold."),
        ("A. Smith came.", "A. Smith came."),
        ("3. Mrs Olwen Pritchard’s hedge", "Mr X's hedge"),
    ],
)
def test_what_the_encoder_reads(sentence: str, key: str) -> None:
    assert sentence_key(sentence) == key


@given(st.text(min_size=1).filter(lambda s: s.strip()))
def test_a_key_is_never_empty_and_has_plain_spaces(sentence: str) -> None:
    key = sentence_key(sentence)
    assert key
    assert key == " ".join(key.split())


def test_a_sentence_said_twice_is_one_row() -> None:
    texts = [
        "The complaint\n1. He asked twice.\nMy assessment\n• He asked twice.\nThen he left.",
        "My assessment\n7. He asked twice.",
    ]
    batch = index_sentences([reading(text) for text in texts])
    assert batch.sentences == ("He asked twice.", "Then he left.")
    assert batch.sentence_index.tolist() == [[0, 0, 1], [0, 0, 0]]
    kinds = [
        [0 if n == 0 else SECTION_KINDS[n - 1] for n in ids] for ids in batch.section_ids.tolist()
    ]
    assert kinds == [["complaint", "assessment", "assessment"], ["assessment", 0, 0]]


def test_views_and_positions() -> None:
    batch = index_sentences([reading(STATEMENT), reading(LETTER, "complaint")])
    assert [VIEWS[n] for n in batch.view_ids.tolist()] == ["statement", "complaint"]
    assert batch.positions.shape[2] == POSITION_FEATURES
    place, in_section, first, _ = batch.positions[0].T
    assert (place[0], place[-1]) == (0, 1)
    assert bool((place.diff() > 0).all())
    sections = batch.section_ids[0]
    starts = [True, *(bool(c) for c in sections.diff() != 0)]
    assert (first == 1).tolist() == starts
    assert in_section[torch.tensor(starts)].tolist() == [0.0] * sum(starts)


@torch.no_grad()
def test_the_same_sentence_gets_the_same_vector_whatever_its_neighbours(
    tiny_encoder: EncoderSource, tiny_model: OmbudModel
) -> None:
    said = "He asked the Council twice."
    long = " ".join(["and it went on and on"] * 9)
    tokenizer = tiny_encoder.tokenizer()

    def vector(text: str) -> torch.Tensor:
        one = reading(text)
        tensors = collate([one], tokenizer, 128)
        vectors = tiny_model.encoder(tensors["input_ids"], tensors["attention_mask"])
        number = [s.span.of(text) for s in one.sentences].index(said)
        found: torch.Tensor = vectors[tensors["sentence_index"][0, number]]
        return found

    alone = vector(said)
    for text in (
        f"{said}\nShort.",
        f"{long}.\n{said}",
        "\n".join(f"Line {n}." for n in range(80)) + f"\n{said}\n{long}.",
    ):
        torch.testing.assert_close(vector(text), alone, rtol=0, atol=1e-5)


def test_cached_vectors_stand_in_for_tokens(tiny_encoder: EncoderSource) -> None:
    asked: list[str] = []

    def vectors(sentences: object) -> torch.Tensor:
        asked.extend(sentences)  # type: ignore[call-overload]
        return torch.zeros(len(asked), 4)

    tensors = collate([reading(STATEMENT)], tiny_encoder.tokenizer(), 128, vectors)
    assert "input_ids" not in tensors
    assert tensors["sentence_vectors"].shape == (len(asked), 4)
    assert len(asked) == len(set(asked)) > 3


def test_a_sentence_is_cut_to_the_longest_the_encoder_reads(tiny_encoder: EncoderSource) -> None:
    tensors = collate([reading(STATEMENT)], tiny_encoder.tokenizer(), 12)
    assert tensors["input_ids"].shape[1] == 12
    lengths = tensors["attention_mask"].sum(dim=1).tolist()
    assert lengths == sorted(lengths)
