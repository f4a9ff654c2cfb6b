"""Each reason: sentences that must be evidence for it, and sentences that only look like it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ombud.documents import Document
from ombud.labelling import LABELLING_FUNCTIONS, apply, ballot, evidence
from ombud.readers import from_text
from ombud.taxonomy import REASONS, reason

SENTENCES: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "sentences.yaml").read_text(encoding="utf-8")
)
DECLINED = "My assessment\n{}\nFinal decision\nWe will not investigate this complaint.\n"
INVESTIGATED = "What I found\n{}\nFinal decision\nI have completed my investigation.\n"
QUOTED = (
    "The Ombudsman's role and powers\n{}\nHow I considered this complaint\n{}\n"
    "The complaint\n{}\nFinal decision\nThis is my decision.\n"
)


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(label, sentence, id=f"{label}-{number}")
        for label, kinds in SENTENCES.items()
        for number, sentence in enumerate(kinds[kind])
    ]


def frame(label: str) -> str:
    investigated = reason(label).family == "finding" and label != "remedy_agreed_early"
    return INVESTIGATED if investigated else DECLINED


def labels_of(document: Document, sentence: str) -> set[str]:
    return {v.label for v in apply(document) if v.span.of(document.text) in sentence}


def test_every_reason_has_a_function_and_enough_sentences() -> None:
    labels = {r.label for r in REASONS}
    assert {f.label for f in LABELLING_FUNCTIONS} == labels
    assert set(SENTENCES) == labels
    for kinds in SENTENCES.values():
        assert len(set(kinds["fires"])) >= 3
        assert len(set(kinds["silent"])) >= 3


@pytest.mark.parametrize(("label", "sentence"), cases("fires"))
def test_a_sentence_that_says_it_is_evidence(label: str, sentence: str) -> None:
    document = from_text(frame(label).format(sentence), "test")
    assert label in labels_of(document, sentence)


@pytest.mark.parametrize(("label", "sentence"), cases("silent"))
def test_a_sentence_that_only_looks_like_it_is_no_evidence(label: str, sentence: str) -> None:
    document = from_text(frame(label).format(sentence), "test")
    assert label not in labels_of(document, sentence)


@pytest.mark.parametrize(("label", "sentence"), cases("fires"))
def test_a_ground_quoted_or_a_story_told_casts_no_vote(label: str, sentence: str) -> None:
    document = from_text(QUOTED.format(sentence, sentence, sentence), "test")
    assert labels_of(document, sentence) == set()
    functions = [f for f in LABELLING_FUNCTIONS if f.label == label]
    cast = ballot(document)
    assert not any(cast.answer(f.name) for f in functions)
    assert evidence(functions[0], document) is None
