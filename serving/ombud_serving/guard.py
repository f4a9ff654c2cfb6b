"""What stands around the service: a limit on request bodies, and safety headers on answers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from ombud_serving.schema import ErrorAnswer, ErrorDetail

__all__ = ["MAX_BODY_BYTES", "Guard"]

MAX_BODY_BYTES: Final = 8 * 1024 * 1024
"""The longest request body that is read, in bytes."""

_LINGER_BYTES: Final = 64 * 1024 * 1024
_LINGER_SECONDS: Final = 5.0

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
_App = Callable[[_Message, _Receive, _Send], Awaitable[None]]

_POLICY: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    b"img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = (
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)


class _TooLargeError(Exception):
    """Raised into the service when more of a body arrives than may be read."""


class Guard:
    """ASGI middleware: answers 413 to a body over `MAX_BODY_BYTES`, adds headers to the rest."""

    def __init__(self, app: _App) -> None:
        self._app = app

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        """Pass one request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"")
        if declared.isdigit() and int(declared) > MAX_BODY_BYTES:
            await _refuse(f"{int(declared):,}", True, receive, send)
            return
        read, more = 0, False

        async def limited() -> _Message:
            nonlocal read, more
            message = await receive()
            read += len(message.get("body", b""))
            more = message.get("more_body", False)
            if read > MAX_BODY_BYTES:
                raise _TooLargeError
            return message

        async def guarded(message: _Message) -> None:
            # What the service makes of a body that was cut short is not the answer.
            if read <= MAX_BODY_BYTES:
                await send(_with_headers(message))

        with contextlib.suppress(_TooLargeError):
            await self._app(scope, limited, guarded)
        if read > MAX_BODY_BYTES:
            await _refuse(f"more than {MAX_BODY_BYTES:,}", more, receive, send)


async def _refuse(found: str, more: bool, receive: _Receive, send: _Send) -> None:
    message = (
        f"expected a body of at most {MAX_BODY_BYTES:,} bytes, found {found}; "
        "split the text into its documents"
    )
    error = ErrorDetail(code="body_too_large", message=message)
    body = ErrorAnswer(error=error).model_dump_json().encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    start = {"type": "http.response.start", "status": 413, "headers": headers}
    await send(_with_headers(start))
    await send({"type": "http.response.body", "body": body, "more_body": True})
    if more:
        await _linger(receive)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _linger(receive: _Receive) -> None:
    """Throw away, for a while, what a client still sends.

    A connection that is closed on a client that is sending is reset, and many clients then
    never see the answer.
    """
    thrown_away = 0
    try:
        async with asyncio.timeout(_LINGER_SECONDS):
            while thrown_away < _LINGER_BYTES:
                message = await receive()
                thrown_away += len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
    except TimeoutError:
        return


def _with_headers(message: _Message) -> _Message:
    if message["type"] != "http.response.start":
        return message
    return {**message, "headers": [*message.get("headers", ()), *_HEADERS]}
