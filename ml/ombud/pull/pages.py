"""Pages of the site read: what is not as the site's pages are is an error, never an empty row."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from ombud.documents import Document
from ombud.errors import InputError, LayoutError
from ombud.readers.html import from_html

__all__ = [
    "PER_PAGE",
    "Listing",
    "absolute",
    "decision_reference",
    "decoded",
    "read_decision",
    "read_listing",
]

PER_PAGE: Final = 10
"""Decisions on one page of the listing."""

_DECISION: Final = re.compile(
    r"/decisions/[^/]+/[^/]+/(?P<reference>\d{2}-\d{3}-\d{3}[0-9a-z-]*)/?", re.IGNORECASE
)
_RESULTS: Final = re.compile(r"Your search has\s+(?P<number>[\d,]+|no)\s+results?", re.IGNORECASE)
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?\s*(?P<name>[\w:.-]+)", re.IGNORECASE)
_LOOKED_FOR_CHARSET: Final = 2048
_SINGLE_BYTE: Final = frozenset({"ascii", "iso8859-1", "cp1252"})
_CHANGED: Final = "the site's layout may have changed"


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the listing: how many decisions there are in all, addresses of those on it.

    An address that the page links twice is in `urls` twice.
    """

    total: int
    urls: tuple[str, ...]


def decision_reference(url: str) -> str:
    """Return the reference that a decision's address ends with, or '' if it is no decision's."""
    match = _DECISION.fullmatch(urlsplit(url).path)
    return match["reference"].replace("-", " ") if match else ""


def absolute(url: str, link: str) -> str:
    """Return the address that a link on the page at `url` leads to, '' if it is none."""
    try:
        return urljoin(url, link.strip()).partition("#")[0]
    except ValueError:
        return ""


def read_listing(html: str, url: str, page: int) -> Listing:
    """Return what a page of the listing says, `page` counted from 1.

    Raises:
        LayoutError: If it does not say how many results there are, or links too few of them.
    """
    tree = LexborHTMLParser(html)
    words = " ".join(tree.body.text(separator=" ").split()) if tree.body else ""
    match = _RESULTS.search(words)
    if match is None:
        message = (
            f"{url}: expected a listing that says 'Your search has N results', found no such "
            f"words; {_CHANGED}"
        )
        raise LayoutError(message)
    total = 0 if match["number"].lower() == "no" else int(match["number"].replace(",", ""))
    urls = []
    for link in tree.css("a[href]"):
        target = urlsplit(absolute(url, link.attributes["href"] or ""))
        if target.netloc == urlsplit(url).netloc and _DECISION.fullmatch(target.path):
            urls.append(f"{target.scheme}://{target.netloc}{target.path.rstrip('/')}")
    expected = max(0, min(PER_PAGE, total - PER_PAGE * (page - 1)))
    if len(urls) < expected:
        message = (
            f"{url}: expected links to {expected} of {total:,} decisions, found {len(urls)}; "
            f"{_CHANGED}"
        )
        raise LayoutError(message)
    return Listing(total, tuple(urls))


def read_decision(html: str, url: str, content_type: str = "text/html") -> Document:
    """Return the decision that a page shows, every fact of it there.

    Raises:
        LayoutError: If the page is no decision page, or lacks a part that all of them have.
    """
    if content_type and "html" not in content_type.lower():
        message = f"{url}: expected an HTML page, found {content_type.strip()!r}; {_CHANGED}"
        raise LayoutError(message)
    try:
        document = from_html(html, url, url)
    except InputError as error:
        # A reader names a page by its reference where it has one; whoever pulls needs the address.
        said = str(error).partition(": expected")[2]
        message = f"{url}: expected{said}"
        raise LayoutError(message) from error
    facts = document.facts
    parts = {
        "the label 'Decision' with its value": facts.scheme_outcome,
        "the label 'Decision date' with a date": facts.decision_date,
        "the label 'Category' with its value": facts.category,
        "a heading such as 'The complaint'": document.is_statement,
    }
    for part, found in parts.items():
        if not found:
            message = f"{url}: expected a decision page with {part}, found none; {_CHANGED}"
            raise LayoutError(message)
    reference = decision_reference(url)
    if not reference.startswith(facts.reference):
        message = (
            f"{url}: expected the page of decision {reference!r}, found {facts.reference!r}; "
            "look at the page yourself"
        )
        raise LayoutError(message)
    return replace(document, id=reference, facts=replace(facts, reference=reference))


def decoded(body: bytes, content_type: str, url: str) -> tuple[str, str]:
    """Return the text of a page and the name of the encoding that it is in.

    What is valid UTF-8 is UTF-8, whatever the server says of it; else the encoding is the one
    that the server or the page names; a page that is called UTF-8 and holds no character of it
    beyond ASCII is taken to be in the old Western encoding of Windows.

    Raises:
        LayoutError: If the bytes are no text in that encoding.
    """
    named = "utf-8"
    head = body[:_LOOKED_FOR_CHARSET].decode("ascii", "replace")
    for words in (content_type, head):
        if match := _CHARSET.search(words):
            named = match["name"].lower()
            break
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if body.startswith(mark):
            named = name
    try:
        if named != "utf-16":
            return body.decode("utf-8-sig"), "utf-8-sig"
    except UnicodeDecodeError:
        pass
    try:
        codec = codecs.lookup(named).name
        if codec == "utf-8" and body.decode("utf-8", "ignore").isascii():
            codec = "cp1252"
        # The web's rule (encoding.spec.whatwg.org, section 4.2): these names mean cp1252.
        codec = "cp1252" if codec in _SINGLE_BYTE else codec
        return body.decode(codec), codec
    except (LookupError, UnicodeDecodeError) as error:
        found = "bytes that are not" if isinstance(error, UnicodeDecodeError) else "no such one"
        message = f"{url}: expected text in the encoding {named!r}, found {found}"
        message += "; look at the page yourself"
        raise LayoutError(message) from error
