"""A month listed: every page of the site's listing, taken up where an earlier run stopped."""

from __future__ import annotations

import datetime as dt
from typing import Final

from ombud.errors import FetchError, LayoutError
from ombud.pull.client import SiteClient
from ombud.pull.months import bounds, is_over
from ombud.pull.pages import PER_PAGE, Listing, decoded, read_listing
from ombud.pull.schema import Month
from ombud.pull.store import Store

__all__ = ["list_month"]

_MOST_STARTS: Final = 3


def list_month(store: Store, client: SiteClient, site: str, month: str, today: dt.date) -> None:
    """List a month unless it is listed already; a month that is not over is listed each time.

    The listing is cut into pages by position: if decisions are published or taken down while it
    is read, the pages no longer fit together, and it is read again from its first page.

    Raises:
        FetchError: If a page of the listing cannot be had, or the listing does not keep still.
        LayoutError: If a page is not laid out as a listing is.
        PullError: If the site is not to be asked any further.
    """
    state = store.month(month)
    if state.complete:
        return
    if state.listing == 0 or (state.pages and state.pages >= _pages(state.total)):
        state = store.begin_listing(month)
    starts = 1
    while (moved := _read_on(store, client, site, state, today)) and starts < _MOST_STARTS:
        state = store.begin_listing(month)
        starts += 1
    if moved is None:
        return
    before, after = moved
    message = (
        f"{_address(site, month, 1)}: expected a listing that keeps still, found {before:,} "
        f"results, then {after:,}, {_MOST_STARTS} times over; run the same command again later"
    )
    raise FetchError(message)


def _read_on(
    store: Store, client: SiteClient, site: str, state: Month, today: dt.date
) -> tuple[int, int] | None:
    """Read the pages that are left; return the two totals if the number of results changes."""
    page, total = state.pages, state.total
    while page == 0 or page < _pages(total):
        page += 1
        listing = _page(client, _address(site, state.month, page), page)
        if page > 1 and listing.total != total:
            return total, listing.total
        total = listing.total
        complete = page >= _pages(total) and is_over(state.month, today)
        store.add_listed(state.month, total, listing.urls, complete=complete)
    return None


def _page(client: SiteClient, address: str, page: int) -> Listing:
    answer = client.get(address)
    if answer.gone:
        message = (
            f"{address}: expected a listing, found status {answer.status}; the site's addresses "
            "may have changed"
        )
        raise LayoutError(message)
    text, _ = decoded(answer.body, answer.content_type, address)
    return read_listing(text, address, page)


def _address(site: str, month: str, page: int) -> str:
    first, last = bounds(month)
    return f"{site}/Decisions/SearchResults?fd={first}&td={last}&page={page}"


def _pages(total: int) -> int:
    return max(1, -(-total // PER_PAGE))
