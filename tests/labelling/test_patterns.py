"""The notation of token patterns."""

from __future__ import annotations

import re

import pytest

from ombud.labelling.patterns import compile_pattern, tokens_of


def matched(pattern: str, words: str) -> list[str]:
    sentence = tokens_of(words)
    found = compile_pattern(pattern).matches(sentence)
    return [sentence.doc[start:end].text for start, end in found]


@pytest.mark.parametrize(
    ("pattern", "words", "expected"),
    [
        ("fault", "There was Fault here.", ["Fault"]),
        ("error|fault", "The error was a fault.", ["error", "fault"]),
        ("@we find", "The Ombudsman find; we find.", ["Ombudsman find", "we find"]),
        ("suitab~ remedy", "A suitable remedy.", ["suitable remedy"]),
        ("a the? remedy", "a remedy", ["a remedy"]),
        ("can not look", "We cannot look at it.", ["cannot look"]),
        ("do not agree", "I do not agree.", ["do not agree"]),
        ("do n't agree", "I don\u2019t agree.", ["don't agree"]),
        ("too _2 late", "It came too very much late.", ["too very much late"]),
        ("too _2 late", "Too, it was late.", []),
        ("was _2 late", "It was not late.", []),
        ("too +3 late", "Too, it was late.", ["Too, it was late"]),
        ("too _1 late", "It was too far and very late.", []),
        ("late & tribunal", "The tribunal said it was late.", ["late"]),
        ("late & tribunal", "It was late.", []),
        ("late & !tribunal|court", "It was late.", ["late"]),
        ("late & !tribunal|court", "The court said it was late.", []),
        ("late & the _1 court", "The high court said it was late.", ["late"]),
    ],
)
def test_patterns_match_what_they_say(pattern: str, words: str, expected: list[str]) -> None:
    assert matched(pattern, words) == expected


def test_offsets_are_those_of_the_words_as_given() -> None:
    words = "The Council\u2019s \u201cfinal\u201d answer was a fault."
    sentence = tokens_of(words)
    ((start, end),) = compile_pattern("a fault").matches(sentence)
    span = sentence.doc[start:end]
    assert words[span.start_char : span.end_char] == "a fault"


def test_an_item_outside_the_notation_is_refused() -> None:
    message = "expected words, @sets, _N or +N in a pattern, found 'Fault!' in 'Fault!'"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        compile_pattern("Fault!")


def test_an_unknown_set_is_refused() -> None:
    message = "expected a set of words named in WORDS, found '@nobody' in 'a @nobody'"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        compile_pattern("a @nobody")


def test_a_pattern_without_a_required_word_is_refused() -> None:
    message = "expected a pattern with at least one whole word, found 'the? suitab~'"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        compile_pattern("the? suitab~")
