"""Asking a site politely: one connection, a stated rate, patience when it is in trouble."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

import httpx2
import tenacity

from ombud.errors import FetchError, PullError, first_line
from ombud.pull.pages import absolute
from ombud.pull.robots import Rules
from ombud.pull.settings import PullSettings
from ombud.pull.waits import Pace, asked_wait

__all__ = ["Answer", "SiteClient", "TroubleError"]

_TROUBLE: Final = frozenset({408, 425, 429, *range(500, 600)})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_GONE: Final = frozenset({404, 410})
_MOST_REDIRECTS: Final = 5
_MOST_BYTES: Final = 10_000_000
_RULES_ARE_GOOD_FOR: Final = 24 * 60 * 60.0
"""Seconds. RFC 9309, section 2.4: robots.txt should not be kept for longer than a day."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address gave: 200 with a body, 304 without one, 404 or 410.

    `url` is where redirects led to. `body` has its content encoding undone.
    """

    url: str
    status: int
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""

    @property
    def gone(self) -> bool:
        """Whether the site says that there is nothing at the address."""
        return self.status in _GONE


class TroubleError(FetchError):
    """Raised when asking again may help; `wait` is what the site asked for, in seconds."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class SiteClient:
    """Asks one site, one request at a time, over one connection that is kept open.

    `waiting` is told of each trouble that is waited out, and for how many seconds.
    """

    def __init__(
        self,
        settings: PullSettings,
        *,
        waiting: Callable[[str, float], None] = lambda _problem, _seconds: None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._waiting = waiting
        self._sleep = sleep
        self._clock = clock
        self._pace = Pace(settings.interval, settings.jitter, sleep, clock, random.Random())
        self._rules: Rules | None = None
        self._rules_since = 0.0
        self._http = httpx2.Client(
            headers={"User-Agent": settings.user_agent, "Accept": "text/html, */*;q=0.1"},
            limits=httpx2.Limits(max_connections=1, max_keepalive_connections=1),
            timeout=settings.timeout,
            follow_redirects=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, url: str, *, etag: str = "", last_modified: str = "") -> Answer:
        """Return what the site has at `url`, asked as often as the settings allow.

        Args:
            url: An absolute address on the site.
            etag: The tag of what is known already; the answer is 304 if it is still that.
            last_modified: The date of what is known already, likewise.

        Raises:
            TroubleError: If the site was in trouble each time; later it may not be.
            FetchError: If the address cannot be had: forbidden, refused, redirected in a loop.
            PullError: If the site asks to be left alone for longer than the settings allow, or
                does not say what robots may ask for.
        """
        known = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        # A tag that no header can hold is not one to ask by.
        headers = {name: value for name, value in known.items() if value and value.isascii()}
        return self._patiently(lambda: self._follow(url, headers))

    def _patiently(self, ask: Callable[[], Answer]) -> Answer:
        settings = self._settings
        backoff = tenacity.wait_exponential_jitter(
            multiplier=settings.backoff, max=settings.longest_backoff, jitter=settings.backoff
        )

        def wait(state: tenacity.RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            asked = error.wait if isinstance(error, TroubleError) else None
            return max(backoff(state), asked or 0.0)

        def tell(state: tenacity.RetryCallState) -> None:
            if state.outcome is not None and state.next_action is not None:
                self._waiting(str(state.outcome.exception()), state.next_action.sleep)

        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(TroubleError),
            stop=tenacity.stop_after_attempt(settings.attempts),
            wait=wait,
            sleep=self._sleep,
            before_sleep=tell,
            reraise=True,
        )
        try:
            return retrying(ask)
        except TroubleError as error:
            message = f"{error}; asked {settings.attempts} times, run the same command again later"
            raise TroubleError(message, error.wait) from error

    def _follow(self, url: str, headers: dict[str, str]) -> Answer:
        seen = [url]
        while True:
            self._check_allowed(seen[-1])
            answer, target = self._ask(seen[-1], headers, html=True)
            if target is None:
                return answer
            if target in seen or len(seen) > _MOST_REDIRECTS:
                found = "a redirect in a loop" if target in seen else "one redirect after another"
                message = f"{url}: expected a page, found {found}, to {target}; look at it yourself"
                raise FetchError(message)
            if urlsplit(target).netloc != urlsplit(self._settings.base_url).netloc:
                message = (
                    f"{url}: expected a page of {self._settings.base_url}, found a redirect to "
                    f"{target or 'nowhere'}; check --base-url"
                )
                raise FetchError(message)
            seen.append(target)

    def _check_allowed(self, url: str) -> None:
        if self._rules is None or self._clock() - self._rules_since > _RULES_ARE_GOOD_FOR:
            self._rules = self._read_rules()
            self._rules_since = self._clock()
            self._pace.slow_down_to(self._rules.interval)
        if not self._rules.allow(url):
            message = f"{url}: expected an address that robots.txt allows, found it disallowed"
            message += "; ask the site's owners"
            raise FetchError(message)

    def _read_rules(self) -> Rules:
        address = f"{self._settings.base_url}/robots.txt"

        def ask() -> Answer:
            at = address
            for _ in range(_MOST_REDIRECTS + 1):
                answer, target = self._ask(at, {}, html=False)
                if target is None:
                    return answer
                if not target:
                    break
                at = target
            # RFC 9309, section 2.3.1.2: what cannot be reached so may be taken as not there.
            return Answer(at, 404)

        try:
            answer = self._patiently(ask)
        except TroubleError as error:
            # RFC 9309, section 2.3.1.4: rules that cannot be read forbid everything.
            message = f"{error}; without its rules the site is not asked"
            raise PullError(message) from error
        except FetchError:
            # RFC 9309, section 2.3.1.3: a site that refuses its rules has none.
            return Rules("")
        return Rules(answer.body.decode("utf-8", "replace") if answer.status == 200 else "")

    def _ask(self, url: str, headers: dict[str, str], *, html: bool) -> tuple[Answer, str | None]:
        """Ask once; return the answer, or where it redirects to."""
        self._pace.wait()
        end = self._clock() + self._settings.timeout
        try:
            with self._http.stream("GET", url, headers=headers) as response:
                if response.status_code in _REDIRECTS and "location" in response.headers:
                    target = absolute(url, response.headers["location"])
                    return Answer(url, response.status_code), target
                self._check_status(url, response, conditional=bool(headers))
                body = b"" if response.status_code != 200 else self._body(url, response, end)
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            found = first_line(error) if str(error) else type(error).__name__
            message = f"{url}: expected an answer, found: {found.rstrip('.').lower()}"
            raise TroubleError(message) from error
        except (httpx2.InvalidURL, httpx2.RequestError) as error:
            message = f"{url}: expected an address that can be asked, found: {first_line(error)}"
            raise FetchError(message) from error
        kind = response.headers.get("content-type", "")
        answer = Answer(
            url,
            response.status_code,
            body,
            kind,
            response.headers.get("etag", ""),
            response.headers.get("last-modified", ""),
        )
        if html and answer.status == 200 and "html" in (kind or "html").lower():
            _check_whole(answer)
        return answer, None

    def _check_status(self, url: str, response: httpx2.Response, *, conditional: bool) -> None:
        status = response.status_code
        if status == 200 or status in _GONE or (status == 304 and conditional):
            return
        message = f"{url}: expected a page, found status {status}"
        if status not in _TROUBLE:
            message += "; look at the address yourself"
            raise FetchError(message)
        wait = asked_wait(response.headers.get("retry-after", ""), response.headers.get("date", ""))
        longest = self._settings.longest_wait
        if wait is not None and wait > longest:
            message = (
                f"{message} and the wish to be left alone for {wait:,.0f} seconds, longer than "
                f"the {longest:,.0f} waited for; run the same command again after that"
            )
            raise PullError(message)
        raise TroubleError(message, wait)

    def _body(self, url: str, response: httpx2.Response, end: float) -> bytes:
        """Return the body; a timeout of the connection alone would let it trickle for ever."""
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > _MOST_BYTES:
                message = f"{url}: expected at most {_MOST_BYTES:,} bytes, found more"
                message += "; look at the address yourself"
                raise FetchError(message)
            if self._clock() > end:
                message = (
                    f"{url}: expected an answer within {self._settings.timeout:g} seconds, found "
                    f"{len(body):,} bytes of one"
                )
                raise TroubleError(message)
        return bytes(body)


def _check_whole(answer: Answer) -> None:
    # Without a stated length a connection that breaks looks like one that ends.
    if b"</html" not in answer.body.lower():
        message = (
            f"{answer.url}: expected a whole page ending in </html>, found "
            f"{len(answer.body):,} bytes without it"
        )
        raise TroubleError(message)
