"""A site of fictional decisions on 127.0.0.1, with the real site's structure, that misbehaves."""

from __future__ import annotations

import datetime as dt
import hashlib
import socket
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PER_PAGE = 10
SUBJECTS = ("ponds", "hedges", "lamp-posts", "allotments", "bus-shelters")
OUTCOMES = ("Upheld", "Not upheld", "Closed after initial enquiries")


@dataclass(frozen=True)
class Published:
    """A decision on the site; `version` changes its text, `markup` only what is around it."""

    number: int
    month: str
    version: int = 1
    markup: int = 1
    listed: bool = True
    withdrawn: bool = False

    @property
    def reference(self) -> str:
        return f"{self.month[2:4]} {self.number // 1000:03} {self.number % 1000:03}"

    @property
    def path(self) -> str:
        subject = SUBJECTS[self.number % len(SUBJECTS)]
        return f"/decisions/open-spaces/{subject}/{self.reference.replace(' ', '-')}"

    @property
    def html(self) -> str:
        day = dt.date.fromisoformat(f"{self.month}-{self.number % 28 + 1:02}")
        subject = SUBJECTS[self.number % len(SUBJECTS)].replace("-", " ")
        return f"""<!DOCTYPE html>
<html lang="en"><head><title>Tarnbeck Borough Council ({self.reference})</title></head>
<body data-token="{self.markup}"><nav><a href="/decisions">Decisions</a></nav>
<article id="article">
<div><span class="label">Category :</span> <span class="value">Open spaces &gt; {subject}</span>
<span class="label">Decision :</span>
<span class="value">{OUTCOMES[self.number % len(OUTCOMES)]}</span>
<span class="label">Decision date :</span> <span class="value">{day:%d %b %Y}</span></div>
<h2>The Ombudsman’s final decision</h2>
<p>Summary: Mrs {self.number} wrote to us about the Council’s {subject}, edition {self.version}.</p>
<h2>The complaint</h2>
<ol><li>Mrs {self.number} says the {subject} by her café cost her £{self.number} a year.</li></ol>
<h2>My assessment</h2><ol start="2"><li>The Council had mended them by May.</li></ol>
<h2>Final decision</h2><p>That ends the matter of case {self.reference}.</p>
</article></body></html>
"""

    @property
    def body(self) -> bytes:
        return self.html.encode()

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'

    @property
    def last_modified(self) -> str:
        moment = dt.datetime(2024, 6, self.version, self.markup, tzinfo=dt.UTC)
        return format_datetime(moment, usegmt=True)


def decisions(month: str, count: int, first: int = 1) -> list[Published]:
    """Return so many decisions of a month."""
    return [Published(number, month) for number in range(first, first + count)]


@dataclass
class Asked:
    """One request that reached the site."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    at: float
    status: int = 0


Fault = Callable[["Handler"], None]
"""Answers a request in some wrong way, in place of the right one."""


@dataclass
class Site:
    """The site's content, what is wrong with it, and what it was asked."""

    published: dict[str, Published] = field(default_factory=dict)
    robots: str | None = "User-agent: *\nDisallow: /private\n"
    validator: str = "ETag"
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    always: dict[str, Fault] = field(default_factory=dict)
    listing_faults: dict[int, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    any_request: Callable[[Asked], Fault | None] = lambda _: None
    relist: Callable[[list[str]], list[str]] = list
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    at_once: int = 0
    most_at_once: int = 0
    url: str = ""

    def add(self, *published: Published) -> None:
        for decision in published:
            self.published[decision.path] = decision

    def change(self, decision: Published, **changes: Any) -> Published:
        changed = replace(decision, **changes)
        self.published[decision.path] = changed
        return changed

    def asked_for(self, prefix: str = "/decisions/", status: int = 0) -> list[str]:
        return [
            a.path
            for a in self.asked
            if a.path.startswith(prefix) and (not status or a.status == status)
        ]

    @property
    def listings(self) -> list[str]:
        return [
            f"{a.query['fd'][:7]} {a.query['page']}"
            for a in self.asked
            if a.path == "/Decisions/SearchResults"
        ]

    def forget_requests(self) -> None:
        self.asked.clear()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site
    lock: threading.Lock

    def setup(self) -> None:
        super().setup()
        with self.lock:
            self.site.connections += 1
        # Headers and body leave in one packet, so that a test need not wait for the other end.
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.asked = Asked(parts.path, query, headers, time.monotonic())
        with self.lock:
            self.site.asked.append(self.asked)
            self.site.at_once += 1
            self.site.most_at_once = max(self.site.most_at_once, self.site.at_once)
        try:
            self.answer()
        finally:
            with self.lock:
                self.site.at_once -= 1

    def answer(self) -> None:
        site, path = self.site, self.asked.path
        if fault := site.any_request(self.asked):
            fault(self)
        elif path == "/robots.txt" and site.robots is not None and not site.faults[path]:
            self.send(200, site.robots.encode(), "text/plain")
        elif path in site.always:
            site.always[path](self)
        elif site.faults[path]:
            site.faults[path].pop(0)(self)
        elif path == "/Decisions/SearchResults":
            number = int(self.asked.query["page"])
            if site.listing_faults[number]:
                site.listing_faults[number].pop(0)(self)
            else:
                self.send(200, listing(site, self.asked.query).encode())
        elif path in site.published and not site.published[path].withdrawn:
            self.decision(site.published[path])
        else:
            self.send(404, b"<html><body>There is nothing here.</body></html>")

    def decision(self, published: Published) -> None:
        known = {"ETag": published.etag, "Last-Modified": published.last_modified}
        tags = {name: value for name, value in known.items() if name == self.site.validator}
        asked = self.asked.headers
        given = asked.get("if-none-match") or asked.get("if-modified-since")
        if given and given in tags.values():
            self.send(304, headers=tags)
        else:
            self.send(200, published.body, headers=tags)

    def send(
        self,
        status: int,
        body: bytes = b"",
        kind: str = "text/html; charset=utf-8",
        headers: dict[str, str] | None = None,
        length: int | None = None,
    ) -> None:
        self.asked.status = status
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if length != -1:
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def right_body(self) -> bytes:
        """What the right answer would hold."""
        if self.asked.path in self.site.published:
            return self.site.published[self.asked.path].body
        return listing(self.site, self.asked.query).encode()

    def log_message(self, *args: object) -> None:
        pass


def listing(site: Site, query: dict[str, str]) -> str:
    month, page = query["fd"][:7], int(query["page"])
    assert query["td"][:7] == month
    paths = [p for p, d in site.published.items() if d.month == month and d.listed]
    paths = site.relist(paths)
    shown = paths[PER_PAGE * (page - 1) : PER_PAGE * page]
    entries = "".join(
        f'<li><h3><a href="{path}?from=search">A council ({path[-10:]})</a></h3>'
        "<p>Statement Upheld 09-Jan-2024</p></li>"
        for path in shown
    )
    return (
        f"<html><body><a href='/decisions/open-spaces'>All</a><p>Your search has\n <b>{len(paths)}"
        f"</b> results</p><ul>{entries}</ul><a href='?page={page + 1}'>Next</a></body></html>"
    )


# What a site can do wrong, each for one request.


def status(code: int, retry_after: str = "") -> Fault:
    headers = {"Retry-After": retry_after} if retry_after else {}
    return lambda handler: handler.send(
        code, b"<html><body>Trouble.</body></html>", headers=headers
    )


def retry_at(code: int, seconds: int) -> Fault:
    """Ask to come again at a time, by an HTTP date."""

    def fault(handler: Handler) -> None:
        then = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
        handler.send(code, headers={"Retry-After": format_datetime(then, usegmt=True)})

    return fault


def slow(seconds: float) -> Fault:
    def fault(handler: Handler) -> None:
        time.sleep(seconds)
        handler.send(200, handler.right_body())

    return fault


def trickle(handler: Handler) -> None:
    """Send a byte now and then: no single wait is long, all of them are."""
    body = handler.right_body()
    handler.send(200, b"", length=len(body))
    for byte in body:
        handler.wfile.write(bytes([byte]))
        time.sleep(0.02)


def cut_off(handler: Handler) -> None:
    """Promise more than comes."""
    body = handler.right_body()
    handler.send(200, body[: len(body) // 2], length=len(body))
    handler.close_connection = True


def cut_off_unsaid(handler: Handler) -> None:
    """Promise nothing and end in the middle."""
    body = handler.right_body()
    handler.send(200, body[: len(body) // 2], headers={"Connection": "close"}, length=-1)
    handler.close_connection = True


def hang_up(handler: Handler) -> None:
    handler.close_connection = True


def redirect(target: str, code: int = 302) -> Fault:
    return lambda handler: handler.send(code, headers={"Location": target})


def content(body: bytes, kind: str = "text/html; charset=utf-8") -> Fault:
    return lambda handler: handler.send(200, body, kind)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A client that is killed or gives up leaves a broken connection behind; all else is a fault
    # of the test's own server.
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """Serve a site on a free port until the block ends."""
    handler = type("SiteHandler", (Handler,), {"site": site, "lock": threading.Lock()})
    server = _Server(("127.0.0.1", 0), handler)
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
