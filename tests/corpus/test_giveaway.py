"""Give-away tests: what is planted is found, what is not there stays within chance."""

from __future__ import annotations

import dataclasses
import random

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from cases import row
from ombud.corpus import GoldCase
from ombud.corpus.giveaway import TESTS, GiveAway, _rotated, give_aways
from ombud.corpus.style import style_counts
from ombud.errors import InputError

OUTCOMES = ("upheld", "not_upheld", "closed_after_initial_enquiries")
VOCABULARY = [f"{a}{b}{c}" for a in "bdfgklm" for b in "aeiou" for c in "nprst"]


def letters(planted: str = "") -> list[GoldCase]:
    rows = []
    for number in range(90):
        generator = random.Random(1000 + number)
        words = [generator.choice(VOCABULARY) for _ in range(generator.randrange(20, 40))]
        outcome = OUTCOMES[number % 3]
        first, rest = " ".join(words[:8]), " ".join(words[8:])
        if planted == "style" and outcome == "upheld":
            rest = rest.replace(" ", "! ")
        if planted == "first" and outcome == "upheld":
            first += " hedge lane"
        if planted == "words" and outcome == "upheld":
            rest += " hedge lane"
        heading = "My assessment" if outcome[0] == "c" else "What I found"
        text = f"The complaint\nHe lost it.\n{heading}\n{' '.join(words)} {number}."
        letter = f"{first.capitalize()}.\n{rest}"
        rows.append(row(number, outcome=outcome, letter=letter, text=text))
    return rows


def found(rows: list[GoldCase], *names: str) -> dict[str, GiveAway]:
    return {test.name: test for test in give_aways(rows, names=names or tuple(TESTS), shuffles=20)}


def test_nothing_planted_is_within_chance_in_letters() -> None:
    all_tests = found(letters())
    assert list(all_tests) == list(TESTS)
    for name in ("letter_style", "letter_first_sentence", "letter_words"):
        assert all_tests[name].within_chance, all_tests[name]
        assert all_tests[name].p_value > 0.05
        assert all_tests[name].chance.low < 1 / 3 < all_tests[name].chance.high
    assert all_tests["statement_form"].complaints == 90


@pytest.mark.parametrize(
    ("planted", "name", "feature"),
    [
        ("style", "letter_style", "exclamation marks"),
        ("first", "letter_first_sentence", "hedge lane"),
        ("words", "letter_words", "hedge lane"),
        ("", "statement_form", "section 'my assessment'"),
    ],
)
def test_what_is_planted_is_found_and_named(planted: str, name: str, feature: str) -> None:
    test = found(letters(planted), name)[name]
    assert not test.within_chance
    assert test.p_value == pytest.approx(1 / 21)
    assert test.macro_f1.value > 0.45
    assert feature in {said for _, said, _ in test.strongest}
    assert {outcome for outcome, _, _ in test.telling} == set(OUTCOMES)
    by_id = {r.id: r for r in letters(planted)}
    assert all(by_id[case].outcome == outcome for outcome, case, _ in test.telling)


def test_the_same_figures_twice_and_none_of_the_copies() -> None:
    rows = letters("style")
    copies = [dataclasses.replace(r, id=f"{r.id}-2") for r in rows[:9]]
    assert found(rows, "letter_style") == found([*rows, *copies], "letter_style")


def test_the_form_reads_no_words_but_headings() -> None:
    features = TESTS["statement_form"].features(letters(), letters()[:1])[2]
    assert sorted(features) == [
        "section 'my assessment'",
        "section 'the complaint'",
        "section 'what i found'",
        "words",
    ]


def test_too_few_complaints_of_an_outcome() -> None:
    rows = [r for r in letters() if r.outcome != "upheld"] + letters()[:27:3]
    with pytest.raises(InputError) as caught:
        give_aways(rows)
    assert str(caught.value) == (
        "expected complaints of at least two outcomes, 10 or more of each, for the give-away "
        "tests, found 9 upheld, 30 not_upheld, 30 closed_after_initial_enquiries; add cases or "
        "use --no-giveaway"
    )
    with pytest.raises(InputError):
        give_aways([r for r in letters() if r.outcome == "upheld"])


def test_two_outcomes_are_enough() -> None:
    rows = [r for r in letters("style") if r.outcome != "not_upheld"]
    test = found(rows, "letter_style")["letter_style"]
    assert test.macro_f1.value == 1.0
    assert ("upheld", "exclamation marks") in {(o, feature) for o, feature, _ in test.strongest}


def test_rotation_changes_no_product() -> None:
    generator = np.random.default_rng(0)
    learnt, asked = (csr_matrix(generator.random((n, 40))) for n in (12, 5))
    turned, other = _rotated(learnt, asked)
    assert turned.shape == (12, 12)
    assert np.allclose(turned @ turned.T, (learnt @ learnt.T).toarray())
    assert np.allclose(other @ turned.T, (asked @ learnt.T).toarray())


def test_style_counts_by_hand() -> None:
    counts = style_counts("HELLO! you've lost 2 hedges.\nwhy?? (I can't say)")
    assert counts["words"] == pytest.approx(np.log(9))
    assert counts["lines"] == pytest.approx(np.log(2))
    assert counts["sentences"] == pytest.approx(np.log(4))
    assert counts["exclamation marks"] == pytest.approx(100 / 9)
    assert counts["question marks"] == counts["contractions"] == pytest.approx(200 / 9)
    assert (
        counts["doubled marks"] == counts["brackets"] == counts["numbers"] == pytest.approx(100 / 9)
    )
    assert counts["words in capitals"] == pytest.approx(100 / 9)
    assert counts["sentences begun in lower case"] == 50
    assert counts["commas"] == 0
    assert set(style_counts("")) == set(counts)


def test_style_counts_know_no_words() -> None:
    assert style_counts("The cat sat. It ran!") == style_counts("Our dog lay. He hid!")
