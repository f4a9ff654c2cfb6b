"""Pulling from a site that behaves, and from one that does not."""

from __future__ import annotations

import datetime as dt
import hashlib
from itertools import pairwise

import pytest

import decision_site as wrong
from decision_site import Fault, Published, Site, decisions
from ombud.documents import Document
from ombud.errors import LayoutError, PullError, UsageError
from ombud.pull import Counts, PullSettings, pull, pulled_pages
from ombud.pull.client import SiteClient
from puller import TODAY, Puller

AGAIN = "asked 4 times, run the same command again later"


def kept(puller: Puller) -> dict[str, bytes]:
    """Return reference and bytes of every page in the folder."""
    return {page.facts.reference: page.path.read_bytes() for page in pulled_pages(puller.folder)}


def right(site: Site) -> dict[str, bytes]:
    """Return what a folder with all of the site would hold."""
    return {d.reference: d.body for d in site.published.values() if not d.withdrawn}


# A site that behaves


def test_months_are_listed_and_pages_kept_as_they_came(site: Site, puller: Puller) -> None:
    site.add(
        *decisions("2024-01", 23), *decisions("2024-02", 4, 100), *decisions("2024-04", 3, 200)
    )
    assert puller("2024-01", "2024-03") == Counts(27, 27, 0, 0, 0)
    assert kept(puller) == {r: b for r, b in right(site).items() if not r.startswith("24 000 2")}
    assert site.listings == ["2024-01 1", "2024-01 2", "2024-01 3", "2024-02 1", "2024-03 1"]
    assert puller.told.months == [
        ("2024-01", 23, 1, 3), ("2024-02", 4, 2, 3), ("2024-03", 0, 3, 3),
    ]  # fmt: skip
    assert puller.told.pages == [(n, 27) for n in range(1, 28)]
    assert puller.told.problems == []


def test_a_page_stands_under_the_hash_of_its_bytes_with_its_facts(
    site: Site, puller: Puller
) -> None:
    (decision,) = decisions("2024-01", 1)
    site.add(decision)
    puller()
    (page,) = pulled_pages(puller.folder)
    sha256 = hashlib.sha256(decision.body).hexdigest()
    assert page.path == puller.folder / "pages" / sha256[:2] / f"{sha256}.html"
    assert page.path.read_bytes() == decision.body
    assert page.url == site.url + decision.path
    assert page.facts == page.document().facts
    assert (page.facts.reference, page.facts.body, page.facts.decision_date) == (
        "24 000 001", "Tarnbeck Borough Council", "2024-01-02",
    )  # fmt: skip


def test_one_connection_one_request_at_a_time_and_who_asks(site: Site, puller: Puller) -> None:
    site.add(*decisions("2024-01", 12))
    puller()
    assert (site.connections, site.most_at_once) == (1, 1)
    assert {a.headers["user-agent"] for a in site.asked} == {"ombud/0.1.0 (+reader@example.org)"}
    assert site.asked[0].path == "/robots.txt"
    assert len(site.asked_for("/robots.txt")) == 1


def test_the_rate_is_kept(site: Site, puller: Puller) -> None:
    site.add(*decisions("2024-01", 5))
    puller(interval=0.05, jitter=0.5)
    gaps = [after.at - before.at for before, after in pairwise(site.asked)]
    assert len(gaps) == 6
    # The server sees a request a little after it starts: a gap may look a little shorter.
    assert min(gaps) > 0.04
    assert sum(gaps) > 6 * 0.05 - 0.01


def test_what_is_there_is_not_fetched_again(site: Site, puller: Puller) -> None:
    site.add(*decisions("2024-01", 12))
    puller()
    assert puller() == Counts(12, 0, 12, 0, 0)
    assert site.asked == []
    site.add(*decisions("2024-02", 2, 50))
    assert puller("2024-01", "2024-02") == Counts(14, 2, 12, 0, 0)
    assert site.listings == ["2024-02 1"]
    assert len(site.asked_for()) == 2


def test_a_month_that_is_not_over_is_listed_each_time(site: Site, puller: Puller) -> None:
    site.add(*decisions("2024-06", 11))
    assert puller("2024-06", "2024-06") == Counts(11, 11, 0, 0, 0)
    site.add(*decisions("2024-06", 2, 50))
    assert puller("2024-06", "2024-06") == Counts(13, 2, 11, 0, 0)
    assert site.listings == ["2024-06 1", "2024-06 2"]
    july = dt.date(2024, 7, 1)
    assert puller("2024-06", "2024-06", today=july) == Counts(13, 0, 13, 0, 0)
    puller("2024-06", "2024-06", today=july)
    assert site.listings == []


def test_bytes_that_are_lost_or_damaged_are_fetched_again(site: Site, puller: Puller) -> None:
    site.add(*decisions("2024-01", 3))
    puller()
    first, second, _ = (page.path for page in pulled_pages(puller.folder))
    first.unlink()
    assert puller() == Counts(3, 1, 2, 0, 0)
    second.write_bytes(b"<html>")
    assert puller(refresh=True) == Counts(3, 1, 2, 0, 0)
    assert kept(puller) == right(site)


# Refresh


@pytest.mark.parametrize("validator", ["ETag", "Last-Modified", ""])
def test_a_refresh_confirms_what_is_the_same(site: Site, puller: Puller, validator: str) -> None:
    site.validator = validator
    site.add(*decisions("2024-01", 4))
    puller()
    assert puller(refresh=True) == Counts(4, 0, 4, 0, 0)
    assert [a.status for a in site.asked if a.path.startswith("/decisions/")] == (
        [304 if validator else 200] * 4
    )


def test_a_refresh_sees_what_is_new_changed_and_gone(site: Site, puller: Puller) -> None:
    first, second, third, fourth = decisions("2024-01", 4)
    site.add(first, second, third, fourth)
    puller()
    old = {page.facts.reference: page.path for page in pulled_pages(puller.folder)}
    site.change(first, version=2)
    site.change(second, withdrawn=True, listed=False)
    site.change(third, withdrawn=True)
    site.change(fourth, listed=False)
    site.add(*decisions("2024-01", 1, 90))
    assert puller(refresh=True) == Counts(3, 2, 1, 0, 2)
    assert kept(puller) == right(site)
    # The text that was replaced is no longer published; that of the gone waits for `forget`.
    assert [old[d.reference].exists() for d in (first, second, third, fourth)] == [
        False, True, True, True,
    ]  # fmt: skip
    assert puller(refresh=True) == Counts(3, 0, 3, 0, 2)
    assert puller() == Counts(3, 0, 3, 0, 2)


def test_a_page_whose_markup_alone_differs_is_the_same_decision(site: Site, puller: Puller) -> None:
    (decision,) = decisions("2024-01", 1)
    site.add(decision)
    puller()
    site.change(decision, markup=2)
    assert puller(refresh=True) == Counts(1, 0, 1, 0, 0)
    assert kept(puller) == {decision.reference: decision.body}
    puller(refresh=True)
    assert [a.status for a in site.asked if a.path == decision.path] == [304]


def test_what_an_older_reader_kept_and_this_one_cannot_read_is_replaced(
    site: Site, puller: Puller, monkeypatch: pytest.MonkeyPatch
) -> None:
    (decision,) = decisions("2024-01", 1)
    site.add(decision)
    plain = decision.html.replace("<h2>The complaint</h2>", "").replace("Final decision", "End")
    plain = plain.replace("My assessment", "Notes").replace(
        "The Ombudsman’s final decision", "Head"
    )
    site.always[decision.path] = wrong.content(plain.replace("Summary: ", "").encode())
    with monkeypatch.context() as patch:
        patch.setattr(Document, "is_statement", True)
        assert puller() == Counts(1, 1, 0, 0, 0)
    assert puller(refresh=True) == Counts(1, 0, 0, 1, 0)
    site.always.clear()
    assert puller(refresh=True) == Counts(1, 1, 0, 0, 0)
    assert kept(puller) == right(site)


def test_a_tag_that_no_header_can_hold_is_not_sent(site: Site, puller: Puller) -> None:
    (decision,) = decisions("2024-01", 1)
    site.add(decision)
    site.always[decision.path] = lambda handler: handler.send(
        200, decision.body, headers={"ETag": '"caf\xe9"'}
    )
    puller()
    assert puller(refresh=True) == Counts(1, 0, 1, 0, 0)
    assert "if-none-match" not in site.asked[-1].headers


def test_what_is_published_again_is_back(site: Site, puller: Puller) -> None:
    (decision,) = decisions("2024-01", 1)
    site.add(decision)
    puller()
    site.change(decision, withdrawn=True, listed=False)
    assert puller(refresh=True) == Counts(0, 0, 0, 0, 1)
    assert kept(puller) == {}
    site.change(decision, withdrawn=False, listed=True)
    assert puller() == Counts(0, 0, 0, 0, 1)
    assert puller(refresh=True) == Counts(1, 0, 1, 0, 0)
    assert kept(puller) == right(site)


def test_an_unlisted_page_that_leads_elsewhere_is_gone(site: Site, puller: Puller) -> None:
    first, second = decisions("2024-01", 2)
    site.add(first, second)
    puller()
    site.change(first, listed=False)
    for decision in (first, second):
        site.always[decision.path] = wrong.redirect("/decisions")
    site.always["/decisions"] = wrong.content(b"<html>All decisions</html>")
    assert puller(refresh=True) == Counts(1, 0, 0, 1, 1)
    assert puller.told.problems == [
        (
            f"{site.url}{second.path}: expected the page of decision '24 000 002', found a redirect "
            f"to {site.url}/decisions; look at it yourself"
        )
    ]


# A site that misbehaves once


@pytest.mark.parametrize(
    "fault",
    [
        wrong.status(500),
        wrong.status(502),
        wrong.status(503),
        wrong.status(408),
        wrong.status(429),
        wrong.status(429, "0"),
        wrong.status(429, "soon"),
        wrong.retry_at(503, 0),
        wrong.slow(0.5),
        wrong.trickle,
        wrong.cut_off,
        wrong.cut_off_unsaid,
        wrong.hang_up,
    ],
    ids=lambda fault: getattr(fault, "__name__", "fault"),
)
def test_trouble_that_passes_costs_nothing(site: Site, puller: Puller, fault: Fault) -> None:
    site.add(*decisions("2024-01", 12))
    paths = list(site.published)
    site.faults[paths[0]] = [fault]
    site.faults[paths[11]] = [fault, fault]
    site.listing_faults[2] = [fault]
    site.faults["/robots.txt"] = [fault]
    assert puller(timeout=0.2) == Counts(12, 12, 0, 0, 0)
    assert puller.told.problems == []
    assert kept(puller) == right(site)


@pytest.mark.parametrize("fault", [wrong.status(429, "1"), wrong.retry_at(503, 2)])
def test_a_site_is_left_alone_as_long_as_it_asks(site: Site, puller: Puller, fault: Fault) -> None:
    site.add(*decisions("2024-01", 2))
    path = next(iter(site.published))
    site.faults[path] = [fault]
    puller()
    asked = [a.at for a in site.asked if a.path == path]
    assert len(asked) == 2
    # A date says whole seconds: of two asked for one at least is left.
    assert 1.0 <= asked[1] - asked[0] < 3.0
    ((problem, seconds),) = puller.told.waits
    assert problem.startswith(f"{site.url}{path}: expected a page, found status ")
    assert 1.0 <= seconds < 3.0


def test_backoff_doubles_and_is_bounded(site: Site, puller: Puller, monkeypatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(SiteClient.__init__, "__kwdefaults__", {
        **(SiteClient.__init__.__kwdefaults__ or {}), "sleep": slept.append,
    })  # fmt: skip
    (decision,) = decisions("2024-01", 1)
    site.add(decision)
    site.faults[decision.path] = [wrong.status(500)] * 6
    assert puller(backoff=10.0, longest_backoff=70.0, attempts=8) == Counts(1, 1, 0, 0, 0)
    assert len(slept) == 6
    for n, seconds in enumerate(slept):
        assert min(10.0 * 2**n, 70.0) <= seconds <= min(10.0 * 2**n + 10.0, 70.0)


def test_a_site_that_asks_for_too_long_a_wait_ends_the_pull(site: Site, puller: Puller) -> None:
    site.add(*decisions("2024-01", 3))
    path = list(site.published)[1]
    site.faults[path] = [wrong.status(429, "86400")]
    with pytest.raises(PullError) as caught:
        puller()
    assert str(caught.value) == (
        f"{site.url}{path}: expected a page, found status 429 and the wish to be left alone for "
        "86,400 seconds, longer than the 900 waited for; run the same command again after that"
    )
    assert puller.counts == Counts(3, 1, 0, 0, 0, waiting=2)
    assert puller() == Counts(3, 2, 1, 0, 0)


def test_a_page_that_vanishes_between_listing_and_fetching(site: Site, puller: Puller) -> None:
    first, second, third = decisions("2024-01", 3)
    site.add(first, second, third)
    site.change(first, withdrawn=True)
    site.faults[second.path] = [wrong.status(410)]
    assert puller() == Counts(3, 1, 0, 0, 2)
    assert puller.told.problems == []
    assert puller() == Counts(3, 0, 1, 0, 2)
    assert site.asked == []
    assert puller(refresh=True) == Counts(3, 1, 1, 0, 1)


def test_a_decision_that_is_listed_twice_is_one(site: Site, puller: Puller) -> None:
    site.add(*decisions("2024-01", 12))
    site.relist = lambda paths: [paths[0], *paths[:3], *paths[2:], paths[5].upper()]
    assert puller() == Counts(12, 12, 0, 0, 0)
    assert len(site.asked_for()) == 12
    assert kept(puller) == right(site)


def test_a_listing_that_moves_while_it_is_read_is_read_again(site: Site, puller: Puller) -> None:
    site.add(*decisions("2024-01", 25))

    def insert(asked: wrong.Asked) -> None:
        if asked.query.get("page") == "3" and len(site.published) == 25:
            # A new decision comes first: the last of each page moves to the next.
            site.published = {d.path: d for d in [*decisions("2024-01", 1, 90),
                                                  *site.published.values()]}  # fmt: skip

    site.any_request = insert
    assert puller() == Counts(26, 26, 0, 0, 0)
    assert site.listings == [f"2024-01 {n}" for n in (1, 2, 3, 1, 2, 3)]
    assert kept(puller) == right(site)


def test_a_listing_that_never_keeps_still_is_a_failure(site: Site, puller: Puller) -> None:
    site.add(*decisions("2024-01", 20))

    def insert(asked: wrong.Asked) -> None:
        if asked.query.get("page") == "2":
            site.add(*decisions("2024-01", 1, 100 + len(site.asked)))

    site.any_request = insert
    counts = puller()
    assert (counts.failed, counts.fetched) == (1, 10)
    assert puller.told.problems == [
        (
            f"{site.url}/Decisions/SearchResults?fd=2024-01-01&td=2024-01-31&page=1: expected a "
            "listing that keeps still, found 22 results, then 23, 3 times over; run the same command "
            "again later"
        )
    ]
    site.any_request = lambda _: None
    assert puller() == Counts(23, 13, 10, 0, 0)


# A site that misbehaves for good


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (wrong.status(500), f"expected a page, found status 500; {AGAIN}"),
        (wrong.status(429), f"expected a page, found status 429; {AGAIN}"),
        (wrong.status(403), "expected a page, found status 403; look at the address yourself"),
        (wrong.status(304), "expected a page, found status 304; look at the address yourself"),
        (wrong.slow(0.3), f"expected an answer, found: timed out; {AGAIN}"),
        (
            wrong.hang_up,
            "expected an answer, found: server disconnected without sending a response; " + AGAIN,
        ),
        (
            wrong.redirect("https://elsewhere.example.org/x"),
            (
                "expected a page of {site}, found a redirect to https://elsewhere.example.org/x; "
                "check --base-url"
            ),
        ),
        (
            wrong.redirect("//["),
            "expected a page of {site}, found a redirect to nowhere; check --base-url",
        ),
        (
            wrong.redirect("/private/x"),
            None,
        ),
        (
            wrong.content(b"%PDF-1.7", "application/pdf"),
            "expected an HTML page, found 'application/pdf'; the site's layout may have changed",
        ),
        (
            wrong.content(b"<html><body>Back soon.</body></html>"),
            (
                'expected a decision page with <article id="article">, found none; the site\'s layout '
                "may have changed"
            ),
        ),
        (
            wrong.content("<html>café ".encode() + b"\xff</html>"),
            (
                "expected text in the encoding 'utf-8', found bytes that are not; look at the page "
                "yourself"
            ),
        ),
        (
            wrong.content(b"<html>" + b"x" * 10_000_001),
            "expected at most 10,000,000 bytes, found more; look at the address yourself",
        ),
    ],
)
def test_a_page_that_cannot_be_had_is_named_and_the_others_come(
    site: Site, puller: Puller, fault: Fault, said: str | None
) -> None:
    site.add(*decisions("2024-01", 3))
    path = list(site.published)[1]
    site.always[path] = fault
    assert puller(timeout=0.25 if said and "timed" in said else 5.0) == Counts(3, 2, 0, 1, 0)
    name = site.url + path
    if said is None:
        name = f"{site.url}/private/x"
        said = (
            "expected an address that robots.txt allows, found it disallowed; ask the site's owners"
        )
    assert puller.told.problems == [f"{name}: {said.replace('{site}', site.url)}"]
    del site.always[path]
    assert puller() == Counts(3, 1, 2, 0, 0)
    assert kept(puller) == right(site)


def test_a_page_that_is_always_cut_off_is_named(site: Site, puller: Puller) -> None:
    (decision,) = decisions("2024-01", 1)
    site.add(decision)
    site.always[decision.path] = wrong.cut_off_unsaid
    assert puller() == Counts(1, 0, 0, 1, 0)
    assert puller.told.problems == [
        (
            f"{site.url}{decision.path}: expected a whole page ending in </html>, found "
            f"{len(decision.body) // 2:,} bytes without it; {AGAIN}"
        )
    ]
    site.always[decision.path] = wrong.cut_off
    assert puller() == Counts(1, 0, 0, 1, 0)
    assert puller.told.problems == [
        (
            f"{site.url}{decision.path}: expected an answer, found: peer closed connection without "
            f"sending complete message body (received {len(decision.body) // 2} bytes, expected "
            f"{len(decision.body)}); {AGAIN}"
        )
    ]
    assert list((puller.folder / "pages").glob("*/*")) == []


def test_a_redirect_loop_ends(site: Site, puller: Puller) -> None:
    first, second, third = decisions("2024-01", 3)
    site.add(first, second, third)
    site.always[first.path] = wrong.redirect("/loop")
    site.always["/loop"] = wrong.redirect(first.path, 301)
    for n in range(9):
        site.always[f"/chain/{n}"] = wrong.redirect(f"/chain/{n + 1}")
    site.always[second.path] = wrong.redirect("/chain/0")
    assert puller() == Counts(3, 1, 0, 2, 0)
    assert puller.told.problems == [
        (
            f"{site.url}{first.path}: expected a page, found a redirect in a loop, to "
            f"{site.url}{first.path}; look at it yourself"
        ),
        (
            f"{site.url}{second.path}: expected a page, found one redirect after another, to "
            f"{site.url}/chain/5; look at it yourself"
        ),
    ]
    assert len(site.asked_for("/loop")) == 1
    assert len(site.asked_for("/chain")) == 5


def test_a_redirect_to_the_same_decision_is_followed(site: Site, puller: Puller) -> None:
    (decision,) = decisions("2024-01", 1)
    site.add(decision)
    moved = "/decisions/open-spaces/lawns/24-000-001"
    site.always[decision.path] = wrong.redirect(moved)
    site.always[moved] = wrong.content(decision.body)
    assert puller() == Counts(1, 1, 0, 0, 0)
    assert kept(puller) == right(site)


@pytest.mark.parametrize(("charset", "said"), [("cp1252", "utf-8"), ("utf-8", "iso-8859-1")])
def test_a_wrong_charset_does_not_spoil_the_text(
    site: Site, puller: Puller, charset: str, said: str
) -> None:
    (decision,) = decisions("2024-01", 1)
    site.add(decision)
    body = decision.html.encode(charset)
    site.always[decision.path] = wrong.content(body, f"text/html; charset={said}")
    assert puller() == Counts(1, 1, 0, 0, 0)
    (page,) = pulled_pages(puller.folder)
    assert page.path.read_bytes() == body
    assert "her café cost her £1 a year" in page.document().text


def test_a_changed_listing_is_named_and_known_pages_are_still_asked_for(
    site: Site, puller: Puller
) -> None:
    site.add(*decisions("2024-01", 2), *decisions("2024-02", 2, 50))
    puller("2024-01", "2024-01")
    address = f"{site.url}/Decisions/SearchResults?fd=2024-01-01&td=2024-01-31&page=1"
    site.listing_faults[1] = [wrong.content(b"<html><body>Two matches</body></html>")]
    assert puller("2024-01", "2024-02", refresh=True) == Counts(2, 2, 2, 1, 0)
    assert puller.told.problems == [
        (
            f"{address}: expected a listing that says 'Your search has N results', found no such "
            "words; the site's layout may have changed"
        )
    ]
    site.listing_faults[1] = [wrong.status(404)]
    assert puller("2024-01", "2024-02") == Counts(2, 0, 4, 1, 0)
    assert puller.told.problems == [
        f"{address}: expected a listing, found status 404; the site's addresses may have changed"
    ]
    assert puller("2024-01", "2024-02") == Counts(4, 0, 4, 0, 0)


def test_a_site_that_changed_altogether_is_not_asked_for_every_page(
    site: Site, puller: Puller
) -> None:
    site.add(*decisions("2024-01", 30))
    for path in list(site.published)[4:]:
        site.always[path] = wrong.content(b"<html><body>Our new site!</body></html>")
    with pytest.raises(PullError) as caught:
        puller()
    last = site.url + list(site.published)[13]
    assert str(caught.value) == (
        f"expected most pages to be had, found 10 failures in a row, the last of them {last}: "
        'expected a decision page with <article id="article">, found none; the site\'s layout may '
        "have changed; what is pulled is kept, run the same command again later"
    )
    assert puller.counts == Counts(30, 4, 0, 10, 0, waiting=16)
    assert len(site.asked_for()) == 14
    site.always.clear()
    assert puller() == Counts(30, 26, 4, 0, 0)
    assert kept(puller) == right(site)


def test_pages_that_fail_by_turns_are_tried_once_more_at_the_end(
    site: Site, puller: Puller
) -> None:
    site.add(*decisions("2024-01", 6))
    path = next(iter(site.published))
    site.faults[path] = [wrong.status(500)] * 5
    assert puller() == Counts(6, 6, 0, 0, 0)
    assert puller.told.problems == []


# robots.txt


def test_what_robots_txt_forbids_is_not_asked_for(site: Site, puller: Puller) -> None:
    site.add(*decisions("2024-01", 5))
    site.robots = "User-agent: *\nDisallow: /decisions/*/ponds/"
    forbidden = [p for p in site.published if "/ponds/" in p]
    assert puller() == Counts(5, 4, 0, 1, 0)
    assert puller.told.problems == [
        f"{site.url}{path}: expected an address that robots.txt allows, found it disallowed; ask "
        "the site's owners"
        for path in forbidden
    ]
    assert not set(site.asked_for()) & set(forbidden)


def test_a_site_that_forbids_everything(site: Site, puller: Puller) -> None:
    site.add(*decisions("2024-01", 5))
    site.robots = "User-agent: ombud\nDisallow: /"
    assert puller() == Counts(0, 0, 0, 1, 0)
    assert [a.path for a in site.asked] == ["/robots.txt"]


@pytest.mark.parametrize(
    "fault", [wrong.status(404), wrong.status(403), wrong.redirect("/none"), wrong.redirect("//[")]
)
def test_a_site_without_robots_txt_forbids_nothing(
    site: Site, puller: Puller, fault: Fault
) -> None:
    site.add(*decisions("2024-01", 2))
    site.faults["/robots.txt"] = [fault]
    assert puller() == Counts(2, 2, 0, 0, 0)


@pytest.mark.parametrize("code", [501, 503, 599])
def test_rules_that_cannot_be_read_forbid_everything(site: Site, puller: Puller, code: int) -> None:
    site.add(*decisions("2024-01", 2))
    site.faults["/robots.txt"] = [wrong.status(code)] * 10
    with pytest.raises(PullError) as caught:
        puller()
    assert str(caught.value) == (
        f"{site.url}/robots.txt: expected a page, found status {code}; {AGAIN}; without its rules "
        "the site is not asked"
    )
    assert {a.path for a in site.asked} == {"/robots.txt"}


def test_a_crawl_delay_longer_than_the_interval_counts(site: Site, puller: Puller) -> None:
    site.add(*decisions("2024-01", 1))
    site.robots = "User-agent: *\nCrawl-delay: 0.3"
    puller()
    gaps = [after.at - before.at for before, after in pairwise(site.asked)]
    assert len(gaps) == 2
    assert min(gaps) > 0.28


def test_a_site_that_is_not_there(puller: Puller) -> None:
    puller.site.url = "http://127.0.0.1:9"
    with pytest.raises(PullError) as caught:
        puller()
    assert str(caught.value).startswith(
        "http://127.0.0.1:9/robots.txt: expected an answer, found: "
    )


# The folder


def test_a_folder_belongs_to_one_site(site: Site, puller: Puller) -> None:
    site.add(*decisions("2024-01", 1))
    puller()
    with pytest.raises(UsageError) as caught:
        puller(base_url="http://localhost:1")
    assert str(caught.value) == (
        f"{puller.folder}: expected a folder of pages from http://localhost:1, found one of pages "
        f"from {site.url}; name another folder"
    )


def test_the_one_call_that_does_it_all(site: Site, puller: Puller, tmp_path) -> None:
    site.add(*decisions("2024-01", 3))
    settings = PullSettings("a@b.org", base_url=site.url, interval=0.0)
    folder = tmp_path / "deep" / "down"
    assert pull(folder, ("2024-01",), settings, today=TODAY) == Counts(3, 3, 0, 0, 0)
    assert pull(folder, ("2024-01",), settings, refresh=True) == Counts(3, 0, 3, 0, 0)


def test_a_page_that_this_reader_no_longer_reads_is_named(site: Site, puller: Puller) -> None:
    site.add(Published(1, "2024-01"))
    puller()
    (page,) = pulled_pages(puller.folder)
    page.path.write_bytes(b"<html></html>")
    with pytest.raises(LayoutError) as caught:
        page.document()
    assert str(caught.value) == (
        f'{page.url}: expected a decision page with <article id="article">, found none; the '
        "site's layout may have changed"
    )
