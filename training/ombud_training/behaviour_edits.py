"""Edits that behaviour cases make to a text: what stands in a case file, done to the words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from ombud.errors import InputError

__all__ = ["EDITS", "STYLES", "edited"]

_OPENING_DOUBLE: Final = re.compile(r'(?<![\w.,!?])"(?=\w)')
_OPENING_SINGLE: Final = re.compile(r"(?<!\w)'(?=\w)")
_DASH: Final = re.compile(r" (?:-|–|—) ")
_WRAP_AT: Final = 72


def edited(text: str, edit: Mapping[str, object]) -> str:
    """Return `text` with every change that `edit` names, in the order it names them.

    Args:
        text: The text as it is.
        edit: What to do: `replace` (words and what comes in their place), `add` and `add_first` (a
            paragraph at the end or the beginning), `before` (a line and what to put before it),
            `remove` (passages), `order` (numbers of paragraphs from 1, in their new order),
            `style` (one of `STYLES`).

    Raises:
        InputError: If an edit is unknown, or the text does not hold what it names.
    """
    for name, wanted in edit.items():
        if name not in EDITS:
            message = f"expected an edit out of {', '.join(EDITS)}, found {name!r}"
            raise InputError(message)
        text = EDITS[name](text, wanted)
    return text


def _replace(text: str, wanted: object) -> str:
    pairs = _pairs(wanted, "replace")
    # All at once and the longest first: two names may change places.
    words = sorted(pairs, key=len, reverse=True)
    for word in words:
        if re.search(_whole(word), text) is None:
            raise _absent(word)
    pattern = re.compile("|".join(_whole(word) for word in words))
    return pattern.sub(lambda match: pairs[match.group()], text)


def _whole(words: str) -> str:
    """Return a pattern of `words` that no longer word contains."""
    before = r"(?<!\w)" if words[0].isalnum() else ""
    after = r"(?!\w)" if words[-1].isalnum() else ""
    return before + re.escape(words) + after


def _before(text: str, wanted: object) -> str:
    for line, words in _pairs(wanted, "before").items():
        start = re.search(rf"^{re.escape(line)}$", text, re.MULTILINE)
        if start is None:
            raise _absent(line)
        text = f"{text[: start.start()]}{words.rstrip()}\n{text[start.start() :]}"
    return text


def _remove(text: str, wanted: object) -> str:
    if not isinstance(wanted, list) or not all(isinstance(words, str) for words in wanted):
        message = f"expected a list of passages to remove, found {wanted!r}"
        raise InputError(message)
    for words in wanted:
        passage = words.strip()
        if passage not in text:
            raise _absent(passage)
        text = re.sub(rf"{re.escape(passage)}\s?", "", text, count=1)
    return text


def _add(text: str, wanted: object) -> str:
    return f"{text.rstrip()}\n\n{_words(wanted, 'add')}\n"


def _add_first(text: str, wanted: object) -> str:
    return f"{_words(wanted, 'add_first')}\n\n{text}"


def _order(text: str, wanted: object) -> str:
    paragraphs = [part for part in re.split(r"\n\s*\n", text.strip()) if part]
    if not isinstance(wanted, list) or sorted(wanted, key=str) != sorted(
        range(1, len(paragraphs) + 1), key=str
    ):
        message = f"expected an order of the {len(paragraphs)} paragraphs, found {wanted!r}"
        raise InputError(message)
    return "\n\n".join(paragraphs[number - 1] for number in wanted) + "\n"


def _style(text: str, wanted: object) -> str:
    if not isinstance(wanted, str) or wanted not in STYLES:
        message = f"expected a style out of {', '.join(STYLES)}, found {wanted!r}"
        raise InputError(message)
    return STYLES[wanted](text)


def _curly(text: str) -> str:
    text = _OPENING_DOUBLE.sub("“", text).replace('"', "”")
    return _OPENING_SINGLE.sub("‘", text).replace("'", "’")


def _single(text: str) -> str:
    """Double quotation marks as single ones, as British printers set them."""
    return _OPENING_DOUBLE.sub("‘", text).replace('"', "’").replace("'", "’")


def _wrapped(text: str) -> str:
    """Lines broken at about 72 characters, as mail programs do, paragraphs kept apart."""
    return "\n".join(
        "\n".join(_lines(line)) if len(line) > _WRAP_AT else line for line in text.split("\n")
    )


def _lines(line: str) -> list[str]:
    made = [""]
    for word in line.split(" "):
        if made[-1] and len(made[-1]) + 1 + len(word) > _WRAP_AT:
            made.append(word)
        else:
            made[-1] = f"{made[-1]} {word}" if made[-1] else word
    return made


STYLES: Final[Mapping[str, Callable[[str], str]]] = {
    "backtick_quotes": lambda text: text.replace("'", "`"),
    "blank_lines": lambda text: text.replace("\n", "\n\n"),
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "curly_quotes": _curly,
    "double_spaces": lambda text: re.sub(r"(?<=[.!?]) (?=\w)", "  ", text),
    "em_dashes": lambda text: _DASH.sub("—", text),
    "en_dashes": lambda text: _DASH.sub(" – ", text),
    "hyphens": lambda text: _DASH.sub(" - ", text),
    "indented": lambda text: re.sub(r"^(?=\S)", "    ", text, flags=re.MULTILINE),
    "no_break_spaces": lambda text: re.sub(
        r"\b(Mr|Mrs|Ms|Miss|Mx|Dr|section|the) ", "\\1\u00a0", text
    ),
    "single_quotes": _single,
    "spaced_em_dashes": lambda text: _DASH.sub(" — ", text),
    "tabs": lambda text: re.sub(r"^(?=\S)", "\t", text, flags=re.MULTILINE),
    "trailing_spaces": lambda text: re.sub(r"$", "   ", text, flags=re.MULTILINE),
    "two_hyphens": lambda text: _DASH.sub(" -- ", text),
    "wrapped": _wrapped,
}
"""Ways of setting the same words."""

EDITS: Final[Mapping[str, Callable[[str, object], str]]] = {
    "replace": _replace,
    "before": _before,
    "remove": _remove,
    "add": _add,
    "add_first": _add_first,
    "order": _order,
    "style": _style,
}
"""What a case may do to its text."""


def _pairs(wanted: object, name: str) -> dict[str, str]:
    if (
        not isinstance(wanted, dict)
        or not wanted
        or not all(isinstance(k, str) and k and isinstance(v, str) for k, v in wanted.items())
    ):
        message = f"expected {name!r} to give words and words, found {wanted!r}; quote them"
        raise InputError(message)
    return wanted


def _words(wanted: object, name: str) -> str:
    if not isinstance(wanted, str) or not wanted.strip():
        message = f"expected {name!r} to give words, found {wanted!r}; quote them"
        raise InputError(message)
    return wanted.strip()


def _absent(words: str) -> InputError:
    return InputError(f"expected a text that holds {words!r}, found none; correct the edit")
