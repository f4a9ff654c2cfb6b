"""The HTTP service: `POST /v1/predict`, health, OpenAPI, and one page for people.

Every error, on every path, has the body `{"error": {"code": ..., "message": ...}}`.
"""

from __future__ import annotations

import importlib.metadata
import importlib.resources
import re
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from ombud.errors import (
    EmptyTextError,
    InputError,
    MissingExtraError,
    TextTooLargeError,
)
from ombud.readers.text import from_text
from ombud.taxonomy import OUTCOMES, REASONS, TAXONOMY_VERSION

try:
    from anyio import CapacityLimiter, to_thread
    from fastapi import FastAPI, Request, Response
    from fastapi.exceptions import RequestValidationError
    from fastapi.responses import JSONResponse
    from starlette.exceptions import HTTPException
except ModuleNotFoundError as _missing:
    _message = (
        f"expected FastAPI for the HTTP service, found: {_missing}; "
        "install it with: pip install 'ombud[serving]'"
    )
    raise MissingExtraError(_message) from _missing

from ombud_serving.guard import Guard
from ombud_serving.schema import (
    ErrorAnswer,
    Live,
    PredictionAnswer,
    PredictRequest,
    Ready,
    TaxonomyAnswer,
)

if TYPE_CHECKING:
    from ombud.predictor import Predictor

__all__ = ["create_app"]

_PAGE: Final = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
}
_ERRORS: Final[dict[int | str, dict[str, Any]]] = {
    400: {"model": ErrorAnswer, "description": "The body is not JSON."},
    413: {"model": ErrorAnswer, "description": "The body or the text is too long."},
    422: {"model": ErrorAnswer, "description": "A field is wrong, or the text cannot be read."},
    500: {"model": ErrorAnswer, "description": "The service failed."},
    503: {"model": ErrorAnswer, "description": "The bundle is still loading."},
}


class _NotReadyError(Exception):
    """Raised when a prediction is asked for before the bundle is loaded."""


def create_app(predictor: Predictor | Future[Predictor]) -> FastAPI:
    """Return the service of one bundle.

    Args:
        predictor: The loaded bundle, or the future of one that is still loading; until it is
            there, `/readyz` and `/v1/predict` answer 503.
    """
    app = FastAPI(
        title="ombud",
        version=importlib.metadata.version("ombud"),
        summary="Predicts how a complaint to the Ombudsman ends, for which reasons, and why.",
        # The interactive pages load scripts from a CDN; the service works offline.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.add_middleware(Guard)
    for kind in (HTTPException, RequestValidationError, InputError, _NotReadyError, Exception):
        app.add_exception_handler(kind, _answer_error)
    _add_service(app, predictor)
    _add_page(app)
    return app


def _add_service(app: FastAPI, predictor: Predictor | Future[Predictor]) -> None:
    # One prediction at a time: torch uses all cores for it, and the vector cache of a
    # predictor is not for several threads. Those that wait hold no thread.
    one_at_a_time = CapacityLimiter(1)

    def loaded() -> Predictor:
        if not isinstance(predictor, Future):
            return predictor
        if not predictor.done() or predictor.exception() is not None:
            raise _NotReadyError
        return predictor.result()

    @app.post("/v1/predict", response_model=PredictionAnswer, responses=_ERRORS)
    async def predict(request: PredictRequest) -> dict[str, Any]:
        """Predict one text: outcome, reasons, and the passages that carried them."""
        ready = loaded()
        return await to_thread.run_sync(_predict, ready, request, limiter=one_at_a_time)

    @app.get("/v1/taxonomy", response_model=TaxonomyAnswer)
    async def taxonomy() -> dict[str, Any]:
        """List every outcome and reason."""
        return {
            "version": TAXONOMY_VERSION,
            "outcomes": [asdict(outcome) for outcome in OUTCOMES],
            "reasons": [asdict(reason) for reason in REASONS],
        }

    @app.get("/livez", response_model=Live)
    async def livez() -> dict[str, Any]:
        """Tell that the service is running."""
        return {"status": "live"}

    @app.get("/readyz", response_model=Ready, responses={503: _ERRORS[503]})
    async def readyz() -> dict[str, Any]:
        """Tell that the bundle is loaded, and which it is."""
        return {"status": "ready", "model": asdict(loaded().info)}


def _predict(predictor: Predictor, request: PredictRequest) -> dict[str, Any]:
    document = from_text(request.text, request.id or "text")
    if request.id is None:
        document = replace(document, id=document.facts.reference or document.id)
    (prediction,) = predictor.predict([document], request.view, all_reasons=request.all_reasons)
    return prediction.to_json()


def _add_page(app: FastAPI) -> None:
    folder = importlib.resources.files("ombud_serving") / "web"
    for path, (name, media_type) in _PAGE.items():
        handler = _asset((folder / name).read_bytes(), media_type)
        app.router.add_route(path, handler, methods=["GET"])


def _asset(content: bytes, media_type: str) -> Callable[[Request], Awaitable[Response]]:
    async def asset(_: Request) -> Response:
        return Response(content, media_type=media_type)

    return asset


async def _answer_error(request: Request, error: Exception) -> Response:
    """Return the one error body that says `error`."""
    match error:
        case _NotReadyError():
            message = "expected a loaded bundle, found it still loading; try again in a moment"
            return _body(503, "not_ready", message, {"retry-after": "2"})
        case RequestValidationError():
            return _invalid(error)
        case TextTooLargeError():
            return _body(413, "text_too_large", str(error))
        case EmptyTextError():
            return _body(422, "empty_text", str(error))
        case InputError():
            return _body(422, "unreadable_text", str(error))
        case HTTPException():
            return _http_error(request, error)
    message = "expected to answer, found a fault in the service; its log says more"
    return _body(500, "internal_error", message)


def _http_error(request: Request, error: HTTPException) -> Response:
    path, status = request.url.path, error.status_code
    headers = dict(error.headers or {})
    match status:
        case 404:
            message = f"expected a path of this service, found {path!r}; see /openapi.json"
            return _body(404, "not_found", message)
        case 405:
            allowed = headers.get("Allow", "another method")
            message = f"expected {allowed} for {path!r}, found {request.method}; see /openapi.json"
            return _body(405, "method_not_allowed", message, headers)
        case 400:
            return _body(400, "malformed_json", _MALFORMED, headers)
    return _body(status, "http_error", str(error.detail), headers)


_MALFORMED: Final = "expected a body of JSON in UTF-8, found one that cannot be parsed; mend it"


def _invalid(error: RequestValidationError) -> Response:
    problems = error.errors()
    first = problems[0]
    if first["type"] == "json_invalid":
        return _body(400, "malformed_json", _MALFORMED)
    where = ".".join(str(part) for part in first["loc"][1:])
    fields = ", ".join(PredictRequest.model_fields)
    match first["type"]:
        case "missing" if where:
            found = f"expected the field {where!r}, found it missing; the fields are {fields}"
        case "extra_forbidden":
            found = f"expected only the fields {fields}, found {where[:80]!r}; leave it out"
        case _ if where:
            # Only the first clause: the rest speaks of how the field was parsed.
            wanted = re.sub(r"^(?:Input|String|Value) should |, .*", "", first["msg"])
            found = f"expected {where!r} to {wanted}, found something else; mend it"
        case _:
            found = (
                "expected a JSON object with content type application/json, found something else; "
                f"send the fields {fields}"
            )
    return _body(422, "invalid_request", found)


def _body(
    status: int, code: str, message: str, headers: dict[str, str] | None = None
) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers)
