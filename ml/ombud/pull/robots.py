"""What a site's robots.txt lets be asked for, and how often (RFC 9309)."""

from __future__ import annotations

from protego import Protego

from ombud.pull.settings import AGENT

__all__ = ["Rules"]


class Rules:
    """The rules of a robots.txt for this program."""

    def __init__(self, text: str) -> None:
        self._robots = Protego.parse(text.removeprefix("\ufeff"))

    def allow(self, url: str) -> bool:
        """Return whether the address may be asked for."""
        return self._robots.can_fetch(url, AGENT)

    @property
    def interval(self) -> float:
        """Seconds between requests that the site asks for; 0 where it asks for none."""
        delay = self._robots.crawl_delay(AGENT) or 0.0
        rate = self._robots.request_rate(AGENT)
        return max(delay, rate.seconds / rate.requests if rate and rate.requests else 0.0)
