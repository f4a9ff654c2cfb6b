"""Decision pages of the site: fictional ones with the real pages' structure."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.documents import Facts
from ombud.errors import EmptyTextError, InputError
from ombud.readers import from_html
from ombud.views import read

PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>Harrowby District Council (21 345 678)</title>
<style>p { color: red }</style><script>var decision = "Upheld";</script></head>
<body><header><a href="#main">Skip to main content</a></header>
<div class="cookies">We use cookies to improve this site.</div>
<article id="article">
{title}
<!-- Decision: Upheld, said a comment -->
<div class="facts">
 <p><span class="label">Category :</span> <span class="value"><a href="/h">Housing</a> &gt; Allocations</span></p>
 <p><span class="label">Decision :</span>
    <span class="value">{decision}</span></p>
 <dl><dt class="label">Decision date :</dt><dd class="value main">02 Mar 2022</dd></dl>
</div>
<h2 id="p1">The Ombudsman&#8217;s final decision</h2>
<p><strong>Summary:</strong> Ms P waited nine years for a home. <em>Nothing</em> was wrong with the list.</p>
<p><a class="top" href="#top">Back to top</a></p>
<h2>The complaint</h2>
<ol><li><p>Ms P says the Council&rsquo;s list is <span>un<b>fair</b></span>.</p></li>
<li>She waited&nbsp;nine years &amp; three months:<ul><li>in a caravan;</li><li>with a friend.</li></ul></li></ol>
<a href="#top">Back to top</a>
<h2>What I found</h2>
<table><tr><th>Year</th><th>Place</th></tr><tr><td>2013</td><td>41st</td></tr></table>
<script>document.write("Decision: Not upheld")</script><noscript>Turn scripts on</noscript>
<ol start="3"><li>The Council kept its list properly.<br>It told her so.</li></ol>
<h2>Final decision</h2>
<ol start="4"><li>There was no fault.</li></ol>
<p>Investigator&#39;s decision on behalf of the Ombudsman</p>
<form><button>Print this page</button></form>
</article>
<footer>&copy; The Ombudsman</footer></body></html>
"""


def page(decision: str = "Not upheld", title: str = "") -> str:
    return PAGE.replace("{decision}", decision).replace("{title}", title)


def test_the_text_is_the_article_one_line_a_block() -> None:
    assert from_html(page(), "a").text.splitlines() == [
        "The Ombudsman’s final decision",
        "Summary: Ms P waited nine years for a home. Nothing was wrong with the list.",
        "Back to top",
        "The complaint",
        "Ms P says the Council’s list is unfair.",
        "She waited nine years & three months:",
        "in a caravan;",
        "with a friend.",
        "Back to top",
        "What I found",
        "Year",
        "Place",
        "2013",
        "41st",
        "The Council kept its list properly.",
        "It told her so.",
        "Final decision",
        "There was no fault.",
        "Investigator's decision on behalf of the Ombudsman",
    ]


def test_facts_come_from_labels_and_title_and_stay_out_of_the_text() -> None:
    document = from_html(
        page(), "a", "https://example.org/decisions/housing/allocations/21-345-678"
    )
    assert document.id == "21 345 678"
    assert document.facts == Facts(
        reference="21 345 678",
        body="Harrowby District Council",
        category="Housing",
        subcategory="Allocations",
        decision_date="2022-03-02",
        source="lgsco",
        url="https://example.org/decisions/housing/allocations/21-345-678",
        outcome="not_upheld",
        scheme_outcome="Not upheld",
    )
    for word in ("Not upheld", "Category", "02 Mar", "comment", "document.write"):
        assert word not in document.text


def test_an_h1_comes_before_the_title() -> None:
    document = from_html(page(title="<h1>Other\n Council (20 111 222)</h1>"), "a")
    assert (document.facts.body, document.facts.reference) == ("Other Council", "20 111 222")


@pytest.mark.parametrize(
    ("identifier", "url", "expected"),
    [
        ("a", "https://example.org/decisions/x/y/19-222-333", "19 222 333"),
        ("19-222-333", "", "19 222 333"),
        ("saved page", "", "saved page"),
    ],
)
def test_without_a_title_the_reference_is_that_of_the_address(
    identifier: str, url: str, expected: str
) -> None:
    bare = page().replace("<title>Harrowby District Council (21 345 678)</title>", "")
    document = from_html(bare, identifier, url)
    assert document.id == expected
    assert document.facts.body == ""


def test_sections_and_views_of_a_page() -> None:
    document = from_html(page(), "a")
    assert [s.kind for s in document.sections] == [
        "summary", "summary", "furniture", "complaint", "furniture", "findings", "decision",
        "signature",
    ]  # fmt: skip
    assert [s.span.of(document.text) for s in read(document, "complaint").sentences] == [
        "Ms P says the Council’s list is unfair.",
        "She waited nine years & three months:",
        "in a caravan;",
        "with a friend.",
    ]


@pytest.mark.parametrize("words", ["Upheld", "Not upheld", "Closed after initial enquiries"])
def test_no_view_reads_the_decision_label(words: str) -> None:
    document = from_html(page(words), "a")
    assert document.facts.scheme_outcome == words
    assert words not in document.text


def test_a_page_without_the_article() -> None:
    with pytest.raises(InputError) as caught:
        from_html("<html><body><p>Not found</p></body></html>", "a")
    assert str(caught.value) == (
        'a: expected a decision page with <article id="article">, found none; '
        "the site's layout may have changed"
    )


@pytest.mark.parametrize("inside", ["", "<p> </p>", "<script>words()</script>", "<!-- words -->"])
def test_an_article_without_words(inside: str) -> None:
    with pytest.raises(EmptyTextError) as caught:
        from_html(f'<article id="article">{inside}</article>', "a")
    assert str(caught.value) == (
        "a: expected a text with words, found none; check that the file is the one"
    )


def test_an_unknown_outcome_is_one_message() -> None:
    with pytest.raises(InputError) as caught:
        from_html(page("Mislaid"), "a")
    assert str(caught.value) == (
        "a: expected an outcome of scheme 'lgsco' out of ['closed after initial enquiries', "
        "'not upheld', 'report', 'upheld'], found 'Mislaid'; "
        "add it to ombud.schemes if the scheme has changed its words"
    )


def test_deeply_nested_markup_is_read() -> None:
    deep = "<div>" * 20_000 + "The words." + "</div>" * 20_000
    assert from_html(f'<article id="article">{deep}</article>', "a").text == "The words."


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=200), st.booleans())
def test_any_page_is_read_or_refused(inside: str, wrapped: bool) -> None:
    html = f'<article id="article">{inside}</article>' if wrapped else inside
    try:
        document = from_html(html, "a")
    except InputError as error:
        message = str(error)
        assert "\n" not in message
    else:
        assert document.text == document.text.strip()
