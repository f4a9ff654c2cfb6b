"""Pages of the site: what they say, and that a changed layout is named, never an empty row."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decision_site import Published
from ombud.documents import Facts
from ombud.errors import LayoutError
from ombud.pull.pages import (
    Listing,
    decision_reference,
    decoded,
    read_decision,
    read_listing,
)

SITE = "http://127.0.0.1:1"
DECISION = Published(7, "2024-01")
URL = SITE + DECISION.path
LISTING = f"{SITE}/Decisions/SearchResults?fd=2024-01-01&td=2024-01-31&page=1"
CHANGED = "the site's layout may have changed"
UNKNOWN = (
    "expected an outcome of scheme 'lgsco' out of ['closed after initial enquiries', "
    "'not upheld', 'report', 'upheld'], found '{}'; add it to ombud.schemes if the scheme has "
    "changed its words"
)


def listing(results: str, *links: str) -> str:
    anchors = "".join(f'<li><a href="{link}">A council</a></li>' for link in links)
    return f"<html><body><p>{results}</p><ul>{anchors}</ul></body></html>"


def test_a_decision_with_all_its_facts() -> None:
    document = read_decision(DECISION.html, URL)
    assert document.facts == Facts(
        reference="24 000 007",
        body="Tarnbeck Borough Council",
        category="Open spaces",
        subcategory="lamp posts",
        decision_date="2024-01-08",
        source="lgsco",
        url=URL,
        outcome="not_upheld",
        scheme_outcome="Not upheld",
    )
    assert "Mrs 7 says the lamp posts by her café cost her £7 a year." in document.text


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            'id="article"',
            'id="content"',
            'expected a decision page with <article id="article">, found none; ' + CHANGED,
        ),
        (
            'class="label">Decision :',
            'class="label">Result :',
            f"expected a decision page with the label 'Decision' with its value, found none; {CHANGED}",
        ),
        (
            'class="value">Not upheld',
            'class="valeur">Not upheld',
            UNKNOWN.format("08 Jan 2024"),
        ),
        (
            "08 Jan 2024",
            "in January",
            f"expected a decision page with the label 'Decision date' with a date, found none; {CHANGED}",
        ),
        (
            "Category :",
            "Subject :",
            f"expected a decision page with the label 'Category' with its value, found none; {CHANGED}",
        ),
        (
            "Not upheld",
            "Filed",
            UNKNOWN.format("Filed"),
        ),
        (
            "(24 000 007)",
            "(24 000 008)",
            (
                "expected the page of decision '24 000 007', found '24 000 008'; look at the page "
                "yourself"
            ),
        ),
    ],
)
def test_a_changed_decision_page_is_named(before: str, after: str, said: str) -> None:
    assert before in DECISION.html
    with pytest.raises(LayoutError) as caught:
        read_decision(DECISION.html.replace(before, after), URL)
    assert str(caught.value) == f"{URL}: {said}"


def test_a_decision_without_headings_is_a_changed_page() -> None:
    html = DECISION.html.replace("<h2>", "<!--").replace("</h2>", "-->").replace("Summary:", "")
    with pytest.raises(LayoutError) as caught:
        read_decision(html, URL)
    assert str(caught.value) == (
        f"{URL}: expected a decision page with a heading such as 'The complaint', found none; "
        f"{CHANGED}"
    )


def test_an_article_without_words() -> None:
    with pytest.raises(LayoutError) as caught:
        read_decision('<article id="article"> </article>', URL)
    assert str(caught.value) == (
        f"{URL}: expected a text with words, found none; check that the file is the one"
    )


def test_what_is_no_page() -> None:
    with pytest.raises(LayoutError) as caught:
        read_decision("%PDF-1.7", URL, "application/pdf")
    assert str(caught.value) == (
        f"{URL}: expected an HTML page, found 'application/pdf'; {CHANGED}"
    )


@pytest.mark.parametrize(
    ("url", "reference"),
    [
        (URL, "24 000 007"),
        (f"{SITE}/Decisions/Open-Spaces/Ponds/24-000-007/", "24 000 007"),
        (f"{SITE}/decisions/open-spaces/ponds/24-000-007a?print=1#top", "24 000 007a"),
        (f"{SITE}/decisions/open-spaces/ponds", ""),
        (f"{SITE}/decisions/open-spaces/ponds/24-007", ""),
        (f"{SITE}/decisions/open-spaces/ponds/more/24-000-007", ""),
        (f"{SITE}/reports/open-spaces/ponds/24-000-007", ""),
    ],
)
def test_references_of_addresses(url: str, reference: str) -> None:
    assert decision_reference(url) == reference


def test_a_listing_links_decisions_of_its_site_and_nothing_else() -> None:
    html = listing(
        "Your search has 1,234 results",
        *(f"/decisions/a/b/24-000-00{n}?x=1#y" for n in range(9)),
        "/Decisions/A/B/24-000-009/",
        "/decisions/a/b",
        "/decisions/a/b/24-000-001/print",
        "https://elsewhere.example.org/decisions/a/b/24-000-099",
        "mailto:a@b.org",
        "//[",
    )
    assert read_listing(html, LISTING, 1) == Listing(
        1234,
        (
            *(f"{SITE}/decisions/a/b/24-000-00{n}" for n in range(9)),
            f"{SITE}/Decisions/A/B/24-000-009",
        ),
    )


@pytest.mark.parametrize(
    ("words", "total"),
    [
        ("Your search has 0 results", 0),
        ("Your search has no results.", 0),
        ("your search has <b>1</b>\n result", 1),
    ],
)
def test_how_many_there_are(words: str, total: int) -> None:
    assert read_listing(listing(words, "/decisions/a/b/24-000-001"), LISTING, 1).total == total


@pytest.mark.parametrize("html", ["", "<html><body></body></html>", listing("We found 3 things.")])
def test_a_listing_that_does_not_say_how_many(html: str) -> None:
    with pytest.raises(LayoutError) as caught:
        read_listing(html, LISTING, 1)
    assert str(caught.value) == (
        f"{LISTING}: expected a listing that says 'Your search has N results', found no such "
        f"words; {CHANGED}"
    )


@pytest.mark.parametrize(("page", "total", "expected"), [(1, 12, 10), (2, 12, 2), (1, 3, 3)])
def test_a_listing_with_fewer_links_than_results(page: int, total: int, expected: int) -> None:
    html = listing(f"Your search has {total} results", "/decisions/a/b/24-000-001")
    with pytest.raises(LayoutError) as caught:
        read_listing(html, LISTING, page)
    assert str(caught.value) == (
        f"{LISTING}: expected links to {expected} of {total} decisions, found 1; {CHANGED}"
    )


WORDS = "<html><head>{meta}</head><body>Mr Müller’s café: £5</body></html>"


@pytest.mark.parametrize(
    ("written", "header", "meta", "read"),
    [
        ("utf-8", "utf-8", "", "utf-8-sig"),
        ("utf-8", "", "", "utf-8-sig"),
        ("utf-8", "iso-8859-1", "", "utf-8-sig"),
        ("utf-8", "", '<meta charset="windows-1252">', "utf-8-sig"),
        ("utf-8-sig", "iso-8859-1", "", "utf-8-sig"),
        ("cp1252", "iso-8859-1", "", "cp1252"),
        ("cp1252", "Windows-1252", "", "cp1252"),
        ("cp1252", "utf-8", "", "cp1252"),
        ("cp1252", "", "", "cp1252"),
        ("cp1252", "", "<meta http-equiv=x content='text/html; charset=us-ascii'>", "cp1252"),
        ("iso-8859-15", "iso-8859-15", "", "iso8859-15"),
        ("utf-16", "", "", "utf-16"),
    ],
)
def test_an_encoding_is_found_whatever_is_said_of_it(
    written: str, header: str, meta: str, read: str
) -> None:
    words = WORDS.format(meta=meta)
    if written == "iso-8859-15":
        words = words.replace("’", "'")
    kind = f"text/html; charset={header}" if header else "text/html"
    assert decoded(words.encode(written), kind, URL) == (words, read)


@pytest.mark.parametrize(
    ("body", "header", "said"),
    [
        ("café ".encode() + b"\xff", "utf-8", "'utf-8', found bytes that are not"),
        (b"caf\x81", "utf-8", "'utf-8', found bytes that are not"),
        (b"caf\xe9", "klingon", "'klingon', found no such one"),
    ],
)
def test_bytes_that_are_no_text(body: bytes, header: str, said: str) -> None:
    with pytest.raises(LayoutError) as caught:
        decoded(body, f"text/html; charset={header}", URL)
    assert str(caught.value) == (
        f"{URL}: expected text in the encoding {said}; look at the page yourself"
    )


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["", "utf-8", "utf-16", "base64", "idna", "\x00"]))
def test_any_bytes_are_read_or_refused(body: bytes, header: str) -> None:
    try:
        text, charset = decoded(body, f"text/html; charset={header}", URL)
        said = f"{URL}: expected text in the encoding "
    except LayoutError as error:
        text, charset, said = body.decode("latin-1"), "latin-1", str(error)
    assert body.decode(charset) == text
    assert said.startswith(f"{URL}: expected text in the encoding ")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.integers(1, 3))
def test_any_listing_is_read_or_refused(inside: str, page: int) -> None:
    html = listing(f"Your search has 2 results {inside}", inside.replace('"', ""))
    try:
        read = read_listing(html, LISTING, page)
        said = f"{LISTING}: expected "
    except LayoutError as error:
        read, said = Listing(0, ()), str(error)
    assert all(decision_reference(url) for url in read.urls)
    assert said.startswith(f"{LISTING}: expected ")
