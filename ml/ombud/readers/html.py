"""A decision page of the Ombudsman's site, as HTML."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ombud.documents import Document, Facts
from ombud.errors import InputError
from ombud.readers.text import from_text, iso_date
from ombud.schemes import map_outcome

__all__ = ["from_html"]

_BLOCKS: Final = frozenset(
    "address article aside blockquote br dd div dl dt fieldset figure footer h1 h2 h3 h4 h5 h6 "  # noqa: SIM905
    "header hr li main nav ol p pre section table tbody td th thead tr ul".split()
)
_SKIPPED: Final = frozenset({"script", "style", "noscript", "template", "nav", "button", "form"})
_REFERENCE: Final = re.compile(r"\b(\d{2})[ -](\d{3})[ -](\d{3})\b")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_TITLE: Final = re.compile(r"^(?P<body>.+?)\s*\((?P<reference>\d{2} \d{3} \d{3})\)$")


def from_html(html: str, identifier: str, url: str = "") -> Document:
    """Return the decision that a page shows.

    The text is that of `<article id="article">`, one line a block; facts are the pairs of
    elements with the classes `label` and `value`, which are not part of the text.

    Raises:
        InputError: If the page has no such article, the article has no text, or its outcome is
            none of the scheme's.
    """
    # The parser refuses what no page in a file can hold; the text is checked below.
    tree = LexborHTMLParser(_SURROGATE.sub("\ufffd", html))
    article = tree.css_first("article#article")
    if article is None:
        message = (
            f'{identifier}: expected a decision page with <article id="article">, found none; '
            "the site's layout may have changed"
        )
        raise InputError(message)
    pairs = _pairs(article)
    title = article.css_first("h1") or tree.css_first("title")
    title_match = _TITLE.match(" ".join(title.text().split())) if title else None
    category, _, subcategory = (part.strip() for part in pairs.get("category", "").partition(">"))
    scheme_outcome = pairs.get("decision", "")
    reference = (
        title_match["reference"] if title_match else _reference(url) or _reference(identifier)
    )
    try:
        outcome = map_outcome("lgsco", scheme_outcome) if scheme_outcome else ""
    except InputError as error:
        message = f"{identifier}: {error}"
        raise InputError(message) from error
    facts = Facts(
        reference=reference,
        body=title_match["body"] if title_match else "",
        category=category,
        subcategory=subcategory,
        decision_date=iso_date(pairs.get("decision date", "")),
        source="lgsco",
        url=url,
        outcome=outcome,
        scheme_outcome=scheme_outcome,
    )
    joined = (re.sub(r" +", " ", "".join(line)).strip() for line in _lines(article))
    text = "\n".join(line for line in joined if line)
    return from_text(text, reference or identifier, facts)


def _pairs(article: LexborNode) -> dict[str, str]:
    pairs = {}
    for label in article.css(".label"):
        value = label.next
        while value is not None and "value" not in (value.attributes.get("class") or "").split():
            value = value.next
        if value is not None:
            name = " ".join(label.text().split()).rstrip(" :").lower()
            pairs[name] = " ".join(value.text().split())
            value.decompose()
        label.decompose()
    return pairs


def _reference(words: str) -> str:
    match = _REFERENCE.search(words)
    return " ".join(match.groups()) if match else ""


def _lines(article: LexborNode) -> list[list[str]]:
    """Return the words below `article`, a new line at each edge of a block."""
    lines: list[list[str]] = [[]]
    # A stack in place of recursion: a page may be nested deeper than Python allows.
    rest: list[LexborNode | None] = _children(article)
    while rest:
        node = rest.pop()
        if node is None:
            lines.append([])
        elif node.tag == "-text":
            lines[-1].append(re.sub(r"\s+", " ", node.text_content or ""))
        elif node.tag not in _SKIPPED:
            if node.tag in _BLOCKS:
                lines.append([])
                rest.append(None)
            rest += _children(node)
    return lines


def _children(node: LexborNode) -> list[LexborNode | None]:
    """Return the children of a node, the first last."""
    children: list[LexborNode | None] = [*node.iter(include_text=True)]
    return children[::-1]
