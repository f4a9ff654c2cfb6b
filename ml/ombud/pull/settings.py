"""How a site is asked: who asks, how often, how long an answer is waited for."""

from __future__ import annotations

import importlib.metadata
import ipaddress
import math
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from ombud.errors import UsageError

__all__ = ["AGENT", "LEAST_INTERVAL", "SITE", "SOURCE", "PullSettings"]

SOURCE: Final = "lgsco"
"""Name of the one source that is pulled."""

SITE: Final = "https://www.lgo.org.uk"
"""Where the Local Government and Social Care Ombudsman publishes its decisions."""

AGENT: Final = "ombud"
"""The name under which robots.txt may give rules."""

LEAST_INTERVAL: Final = 0.5
"""Seconds between requests below which no site is asked, but one on this machine."""

_CONTACT: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|https?://\S+")


@dataclass(frozen=True, slots=True)
class PullSettings:
    """How a site is asked; checked when made.

    Attributes:
        contact: E-mail address or web page of whoever runs the pull, sent with every request.
        source: Whose decisions; so far there is one source.
        base_url: The site, without a path.
        interval: Seconds from the start of one request to the start of the next, at least.
        jitter: Share of `interval` up to which a random wait is added to it.
        attempts: How often an address is asked before it counts as failed.
        backoff: Seconds before the second attempt; doubled for each one after.
        longest_backoff: Seconds that no wait between attempts exceeds, unless the site asks.
        longest_wait: Seconds that the site may ask to wait (Retry-After); more ends the pull.
        timeout: Seconds within which an answer must have arrived whole.
        give_up_after: Failures in a row that end the pull.
    """

    contact: str
    source: str = SOURCE
    base_url: str = SITE
    interval: float = 2.0
    jitter: float = 0.25
    attempts: int = 8
    backoff: float = 2.0
    longest_backoff: float = 120.0
    longest_wait: float = 900.0
    timeout: float = 60.0
    give_up_after: int = 10

    def __post_init__(self) -> None:
        if self.source != SOURCE:
            message = f"expected the source {SOURCE!r}, found {self.source!r}; correct --source"
            raise UsageError(message)
        if not self.contact.strip():
            message = (
                "expected a contact for the site's owners, found none; give an e-mail address or a "
                "web page with --contact or $OMBUD_CONTACT: it is sent with every request, so that "
                "they can reach whoever asks"
            )
            raise UsageError(message)
        if not (self.contact.isascii() and _CONTACT.fullmatch(self.contact)):
            message = (
                "expected an e-mail address or the http(s) address of a page as contact, found "
                f"{self.contact!r}; correct --contact or $OMBUD_CONTACT"
            )
            raise UsageError(message)
        self._check_site()
        object.__setattr__(self, "base_url", self.base_url.removesuffix("/"))
        for name in ("interval", "jitter", "backoff", "longest_backoff", "longest_wait"):
            self._check_number(name, least=0.0)
        for name, least in (("timeout", 0.001), ("attempts", 1), ("give_up_after", 1)):
            self._check_number(name, least)
        if self.interval < LEAST_INTERVAL and not _is_this_machine(self.base_url):
            message = (
                f"expected at least {LEAST_INTERVAL} seconds between requests to another's site, "
                f"found {self.interval:g}; choose a longer --interval"
            )
            raise UsageError(message)

    @property
    def user_agent(self) -> str:
        """What the site sees: name, version, contact."""
        return f"{AGENT}/{importlib.metadata.version(AGENT)} (+{self.contact})"

    def _check_site(self) -> None:
        try:
            parts = urlsplit(self.base_url)
            known = parts.scheme in ("http", "https") and bool(parts.hostname)
            bare = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username)
            whole = known and bare and (parts.port or 1) > 0
        except ValueError:
            whole = False
        if not whole:
            message = (
                f"expected the address of a site such as {SITE}, found {self.base_url!r}; "
                "correct --base-url"
            )
            raise UsageError(message)

    def _check_number(self, name: str, least: float) -> None:
        value = getattr(self, name)
        if not (math.isfinite(value) and value >= least):
            message = f"expected {name} of at least {least:g}, found {value}; choose another"
            raise UsageError(message)


def _is_this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
