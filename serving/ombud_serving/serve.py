"""Running the HTTP service: listen first, load the bundle behind it, then say it is ready."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ombud.encoding.backends import REFERENCE, BackendChoice
from ombud.errors import MissingExtraError, ServiceError

try:
    import uvicorn
except ModuleNotFoundError as _missing:
    _message = (
        f"expected uvicorn to run the HTTP service, found: {_missing}; "
        "install it with: pip install 'ombud[serving]'"
    )
    raise MissingExtraError(_message) from _missing

from ombud_serving.api import create_app

if TYPE_CHECKING:
    from ombud.predictor import Predictor

__all__ = ["listen", "serve"]

_SECONDS_TO_FINISH: Final = 10
_BACKLOG: Final = 128


def serve(
    bundle: Path,
    host: str,
    port: int,
    *,
    announce: Callable[[str], None],
    error_rate: float | None = None,
    backend: BackendChoice = REFERENCE,
) -> None:
    """Serve `bundle` until a signal stops the process.

    Args:
        bundle: The folder of the bundle.
        host: The name or address to listen on.
        port: The port to listen on; 0 takes any free one.
        announce: Called with one line once predictions can be asked for.
        error_rate: Share of wrong outcomes to abstain for; by default as the bundle was
            calibrated.
        backend: What computes sentence vectors; `auto` takes the fastest here that answers as
            torch in float32 does, in both views, and says what came of each.

    Raises:
        BundleError: If the bundle is missing or damaged, cannot keep an error rate, or lacks the
            files of the back end.
        MissingExtraError: If the back end needs ONNX Runtime and it is not installed.
        UsageError: If the error rate is not between 0 and 1.
        ServiceError: If the address cannot be listened on.
    """
    with listen(host, port) as listening, ThreadPoolExecutor(1, "load") as loader:
        loaded = loader.submit(_load, bundle, error_rate, backend, announce)
        config = uvicorn.Config(
            create_app(loaded),
            log_level="warning",
            # Statements are about people; what is asked of the service is nobody's log.
            access_log=False,
            server_header=False,
            ws="none",
            lifespan="off",
            timeout_graceful_shutdown=_SECONDS_TO_FINISH,
        )
        server = uvicorn.Server(config)
        address = _url(listening)

        def on_loaded(future: Future[Predictor]) -> None:
            if future.exception() is not None:
                server.should_exit = True
                return
            info = future.result().info
            announce(f"{info.name} {info.version} is ready at {address} (Ctrl+C stops it)")

        loaded.add_done_callback(on_loaded)
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listening])
        if loaded.done():
            loaded.result()


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on `host` and `port`.

    Raises:
        ServiceError: If the port is taken or the address cannot be used.
    """
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except (OSError, OverflowError, UnicodeError) as error:
        message = (
            f"{host}:{port}: expected an address that is free to listen on, found: {_found(error)}; "
            "choose another with --host and --port"
        )
        raise ServiceError(message) from error


def _found(error: Exception) -> str:
    # The text that `create_server` gives an error says the address again.
    if isinstance(error, OSError) and error.errno and not isinstance(error, socket.gaierror):
        return os.strerror(error.errno).lower()
    return str(getattr(error, "strerror", None) or error).lower()


def _load(
    bundle: Path, error_rate: float | None, backend: BackendChoice, announce: Callable[[str], None]
) -> Predictor:
    # Here and not above: it brings torch, and the service is live before that is loaded.
    from ombud.predictor import load

    if backend == "auto":
        from ombud.bundle import read_bundle
        from ombud.encoding.choosing import choose_backend
        from ombud.views import VIEWS

        backend = choose_backend(read_bundle(bundle), VIEWS, lambda trial: announce(trial.said()))
    return load(bundle, error_rate=error_rate, backend=backend)


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
