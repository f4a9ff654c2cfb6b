"""Near-duplicates: found by what texts say, boilerplate aside, set phrases left alone."""

from __future__ import annotations

import random

from ombud.corpus.duplicates import NearDuplicate, near_duplicates

POWERS = "The Ombudsman's role and powers\n" + " ".join(f"power{n} may be used." for n in range(90))


def tale(seed: int, length: int = 120) -> str:
    generator = random.Random(seed)
    return " ".join(f"word{generator.randrange(10_000)}" for _ in range(length))


def test_identical_texts_are_paired_with_the_first() -> None:
    one, two = tale(1), tale(2)
    assert near_duplicates([one, two, one, one]) == [
        NearDuplicate(0, 2, 1.0),
        NearDuplicate(0, 3, 1.0),
    ]


def test_a_changed_word_costs_five_sequences() -> None:
    told = tale(1)
    words = told.split()
    words[60] = "other"
    # 116 sequences each, 111 of them in both.
    assert near_duplicates([told, " ".join(words)]) == [NearDuplicate(0, 1, 111 / 121)]


def test_case_apostrophes_and_line_breaks_do_not_tell_texts_apart() -> None:
    told = tale(1) + " the council's reply"
    other = told.upper().replace("'", "’").replace(" ", "\n", 30)
    assert [pair.jaccard for pair in near_duplicates([told, other])] == [1.0]


def test_half_of_a_text_is_no_near_duplicate() -> None:
    told = tale(1)
    half = " ".join(told.split()[:60])
    assert near_duplicates([told, half + " " + tale(2, 60)]) == []


def test_boilerplate_makes_no_near_duplicates() -> None:
    texts = [f"The complaint\n{tale(n, 60)}.\n{POWERS}\nMy assessment\n{tale(9 + n, 60)}."
             for n in (1, 2)]  # fmt: skip
    assert near_duplicates(texts) == []
    whole = [text.replace("The Ombudsman's role and powers", "My view") for text in texts]
    assert len(near_duplicates(whole)) == 1


def test_set_phrases_are_left_aside() -> None:
    assert near_duplicates(["The handling of the complaint", "The handling of the complaint"]) == []
    assert near_duplicates([tale(1, 43), tale(1, 43)]) == []
    assert near_duplicates([tale(1, 44), tale(1, 44)]) == [NearDuplicate(0, 1, 1.0)]
    assert near_duplicates(["", "", "!"]) == []
    assert near_duplicates([]) == []
