"""Settings and months: what is refused before anybody is asked."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.errors import UsageError
from ombud.pull import PullSettings, months_between
from ombud.pull.months import bounds, is_over

TODAY = dt.date(2024, 6, 15)


def test_the_defaults_are_slow_and_say_who_asks() -> None:
    settings = PullSettings("reader@example.org")
    assert settings.base_url == "https://www.lgo.org.uk"
    assert (settings.interval, settings.jitter) == (2.0, 0.25)
    assert settings.user_agent == "ombud/0.1.0 (+reader@example.org)"


@pytest.mark.parametrize("contact", ["a@b.org", "https://example.org/me", "http://x.org"])
def test_contacts(contact: str) -> None:
    assert PullSettings(contact).user_agent.endswith(f"(+{contact})")


@pytest.mark.parametrize("contact", ["", "  "])
def test_no_contact_says_why_it_is_needed(contact: str) -> None:
    with pytest.raises(UsageError) as caught:
        PullSettings(contact)
    assert str(caught.value) == (
        "expected a contact for the site's owners, found none; give an e-mail address or a web "
        "page with --contact or $OMBUD_CONTACT: it is sent with every request, so that they can "
        "reach whoever asks"
    )


@pytest.mark.parametrize(
    "contact", ["me", "a@b", "a@b.org\r\nX-Evil: 1", "zoë@example.org", "a b@c.d"]
)
def test_no_usable_contact(contact: str) -> None:
    with pytest.raises(UsageError) as caught:
        PullSettings(contact)
    assert str(caught.value) == (
        "expected an e-mail address or the http(s) address of a page as contact, found "
        f"{contact!r}; correct --contact or $OMBUD_CONTACT"
    )


@pytest.mark.parametrize(
    "site", ["", "www.lgo.org.uk", "ftp://x.org", "https://", "https://x.org/path", "http://x:no",
             "https://x.org?q=1", "https://me@x.org"],
)  # fmt: skip
def test_no_site(site: str) -> None:
    with pytest.raises(UsageError) as caught:
        PullSettings("a@b.org", base_url=site)
    assert str(caught.value) == (
        f"expected the address of a site such as https://www.lgo.org.uk, found {site!r}; "
        "correct --base-url"
    )


def test_a_slash_at_the_end_of_the_site_is_no_matter() -> None:
    assert PullSettings("a@b.org", base_url="https://x.org/").base_url == "https://x.org"


@pytest.mark.parametrize(
    ("name", "value", "least"),
    [
        ("interval", -1.0, "0"),
        ("interval", float("nan"), "0"),
        ("jitter", -0.1, "0"),
        ("backoff", float("inf"), "0"),
        ("longest_wait", -1, "0"),
        ("timeout", 0.0, "0.001"),
        ("attempts", 0, "1"),
        ("give_up_after", 0, "1"),
    ],
)
def test_numbers_that_mean_nothing(name: str, value: float, least: str) -> None:
    with pytest.raises(UsageError) as caught:
        PullSettings("a@b.org", **{name: value})
    assert str(caught.value) == (
        f"expected {name} of at least {least}, found {value}; choose another"
    )


def test_nobody_elses_site_is_asked_fast() -> None:
    with pytest.raises(UsageError) as caught:
        PullSettings("a@b.org", interval=0.1)
    assert str(caught.value) == (
        "expected at least 0.5 seconds between requests to another's site, found 0.1; "
        "choose a longer --interval"
    )
    for own in ("http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"):
        assert PullSettings("a@b.org", base_url=own, interval=0.0).interval == 0.0


def test_one_source_is_known() -> None:
    with pytest.raises(UsageError) as caught:
        PullSettings("a@b.org", source="phso")
    assert str(caught.value) == "expected the source 'lgsco', found 'phso'; correct --source"


def test_months_in_order_over_the_years_end() -> None:
    assert months_between("2023-11", "2024-02", TODAY) == (
        "2023-11", "2023-12", "2024-01", "2024-02",
    )  # fmt: skip
    assert months_between("2024-06", "2024-06", TODAY) == ("2024-06",)


@pytest.mark.parametrize(
    "month", ["2024", "2024-13", "2024-1", "2024-00", "24-01", "2024-01-01", ""]
)
def test_what_is_no_month(month: str) -> None:
    for option, arguments in (("--from", (month, "2024-01")), ("--to", ("2024-01", month))):
        with pytest.raises(UsageError) as caught:
            months_between(*arguments, TODAY)
        assert str(caught.value) == (
            f"expected a month such as 2024-01 as {option}, found {month!r}; correct it"
        )


def test_a_month_to_come() -> None:
    with pytest.raises(UsageError) as caught:
        months_between("2024-01", "2024-07", TODAY)
    assert str(caught.value) == (
        "expected a month that has begun as --to, found '2024-07'; nothing is published for it yet"
    )


def test_months_the_wrong_way_round() -> None:
    with pytest.raises(UsageError) as caught:
        months_between("2024-03", "2024-01", TODAY)
    assert str(caught.value) == (
        "expected --to in or after '2024-03', found '2024-01'; exchange the two"
    )


@given(st.dates(dt.date(1900, 1, 1), dt.date(2199, 1, 1)), st.integers(0, 40))
def test_months_follow_each_other_day_by_day(day: dt.date, count: int) -> None:
    last = day
    for _ in range(count):
        last = bounds(f"{last:%Y-%m}")[1] + dt.timedelta(days=1)
    months = months_between(f"{day:%Y-%m}", f"{last:%Y-%m}", dt.date(2300, 1, 1))
    assert len(months) == count + 1
    for before, after in itertools.pairwise(months):
        assert bounds(before)[1] + dt.timedelta(days=1) == bounds(after)[0]
    assert bounds(months[0])[0] <= day <= bounds(months[0])[1]


def test_a_month_is_over_after_its_last_day() -> None:
    assert not is_over("2024-02", dt.date(2024, 2, 29))
    assert is_over("2024-02", dt.date(2024, 3, 1))
