"""Titles of people and the names behind them, which the encoder never sees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.model import sentence_key
from ombud.model.names import without_names

TITLES = ["Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Dr.", "Professor", "Reverend", "Lady", "Dame"]
NAMES = [
    "B",
    "Fenn",
    "Thi Mai Nguyen",
    "Ngozi O'Neill-Smith",
    "J. R. Abara",
    "van der Berg",
    "Çelik",
]


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("name", NAMES)
def test_a_title_and_a_name_are_read_alike(title: str, name: str) -> None:
    assert without_names(f"I am {title} {name}, a nurse.") == "I am Mr X, a nurse."
    assert without_names(f"The Council told {title} {name}.") == "The Council told Mr X."


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        (
            "Mr K complains for Mrs D about Mr K's care.",
            "Mr X complains for Mr Y about Mr X's care.",
        ),
        ("Mr K and Mrs K moved.", "Mr X and Mr Y moved."),
        ("Dr and Mrs Lund moved.", "Mr and Mrs X moved."),
        ("My name is Folasade Adebayo and I am deaf.", "My name is Mr X and I am deaf."),
        ("My name is Mx Ola Lind.", "My name is Mr X."),
        ("Miss L' care was late.", "Mr X' care was late."),
        ("Ms Y said Mr Z, her son, fell.", "Mr X said Mr Y, her son, fell."),
    ],
)
def test_two_people_stay_two(sentence: str, read: str) -> None:
    assert without_names(sentence) == read


@pytest.mark.parametrize(
    "sentence",
    [
        "Miss out the first page.",
        "Dear Sir, I write about the Council.",
        "My name is not on the list.",
        "I am British and I live in Lower Marsh.",
        "Castlebeck City Council was at fault.",
        "The Msomi family moved to Drury Lane.",
    ],
)
def test_what_names_nobody_stays(sentence: str) -> None:
    assert without_names(sentence) == sentence


@given(st.text(max_size=200))
def test_reading_a_key_again_changes_nothing(sentence: str) -> None:
    once = without_names(sentence)
    assert without_names(once) == once


@given(st.sampled_from(TITLES), st.sampled_from(TITLES), st.sampled_from(NAMES))
def test_no_title_moves_a_sentence(one: str, other: str, name: str) -> None:
    said = "{} {} waited for months and the Council was at fault."
    assert sentence_key(said.format(one, name)) == sentence_key(said.format(other, name))
