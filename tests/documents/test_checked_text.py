"""Texts that no document can be made of: one whole message each."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from ombud.documents import MAX_CHARACTERS, SECTION_KINDS, checked_text
from ombud.errors import EmptyTextError, InputError, OmbudError, TextTooLargeError
from ombud.readers import from_text
from texts import TEXTS


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("", EmptyTextError,
         "a: expected a text with words, found none; check that the file is the one"),
        (" \n\t\u2028", EmptyTextError,
         "a: expected a text with words, found none; check that the file is the one"),
        ("-- … !!", EmptyTextError,
         "a: expected a text with words, found none; check that the file is the one"),
        ("fine\x00", InputError,
         "a: expected text, found binary data (a NUL character); convert it to text"),
        ("ab\udc80", InputError,
         ("a: expected Unicode text, found a lone surrogate at character 2; "
         "decode the source again with its right encoding")),
        ("x" * (MAX_CHARACTERS + 1), TextTooLargeError,
         ("a: expected at most 2,000,000 characters, found 2,000,001; "
         "split the text into its documents")),
        ("x" * 20_000_000, TextTooLargeError,
         ("a: expected at most 2,000,000 characters, found 20,000,000; "
         "split the text into its documents")),
    ],
    ids=["empty", "blank", "no words", "binary", "surrogate", "too long", "20 MB"],
)  # fmt: skip
def test_refused(text: str, kind: type[OmbudError], message: str) -> None:
    for make in (checked_text, from_text):
        with pytest.raises(kind) as caught:
            make(text, "a")
        assert type(caught.value) is kind
        assert str(caught.value) == message


def test_a_text_as_long_as_allowed_is_returned_as_it_is() -> None:
    text = "é" * MAX_CHARACTERS
    assert checked_text(text, "a") is text


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_any_text_is_kept_as_given_or_refused_in_one_sentence(text: str) -> None:
    try:
        document = from_text(text, "a")
    except InputError as error:
        message = str(error)
        assert message.startswith("a: expected ")
        assert "\n" not in message
    else:
        assert document.text == text
        assert all(section.kind in SECTION_KINDS for section in document.sections)
