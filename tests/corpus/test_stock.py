"""Stock phrases: one table entry a reason, told from other wordings of the same thing."""

from __future__ import annotations

import pytest

from ombud.corpus.stock import STOCK_PHRASES, has_stock_phrase
from ombud.taxonomy import REASONS


def test_every_reason_has_its_phrases() -> None:
    assert set(STOCK_PHRASES) == {reason.label for reason in REASONS}
    assert all(STOCK_PHRASES.values())


@pytest.mark.parametrize(
    ("label", "stock", "free"),
    [
        ("late", "The complaint is late, and nothing explains it.",
         "He has known of the wall since his daughter was at school."),
        ("premature", "It is premature for us.", "This has come to the wrong desk first."),
        ("insufficient_evidence_of_fault", "There is not enough evidence of fault here.",
         "The loft was tested and met the standard."),
        ("insufficient_injustice", "The delay did not cause her a significant personal injustice.",
         "A gap on a page that cost him nothing."),
        ("tribunal_appeal_right", "She could appeal to the First-tier Tribunal about it.",
         "Adjudicators decide on parking penalties."),
        ("court_remedy", "He can take the matter to court.", "A district judge settles such sums."),
        ("nothing_significant_achieved", "We would not achieve a different outcome.",
         "A finding would put her in no better position."),
        ("no_fault", "The Council was not at fault.", "The bay was signed and the photographs show it."),
        ("outside_jurisdiction", "It lies OUTSIDE our jurisdiction.", "The hostel is run by others."),
        ("school_internal_matter", "That is an internal matter of the school.",
         "It is about the inside of a classroom."),
    ],
)  # fmt: skip
def test_stock_and_free(label: str, stock: str, free: str) -> None:
    assert has_stock_phrase(label, stock)
    assert not has_stock_phrase(label, free)


def test_a_gap_is_at_most_four_words() -> None:
    assert has_stock_phrase("court_remedy", "taken that small and sorry dispute to court") is False
    assert has_stock_phrase("court_remedy", "taken this to court")


def test_part_of_a_word_is_no_phrase() -> None:
    assert not has_stock_phrase("withdrawn", "unwithdrawnness")
    assert not has_stock_phrase("no_fault", "no faulty lamp")
