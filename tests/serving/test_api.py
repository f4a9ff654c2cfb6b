"""The HTTP service: its answers are the predictor's, its errors have one body."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from closeness import assert_close
from conftest import LETTER, STATEMENT
from ombud.errors import BundleError
from ombud.predictor import Predictor
from ombud.readers import from_text
from ombud.taxonomy import OUTCOMES, REASONS
from ombud_serving.api import create_app
from ombud_serving.guard import MAX_BODY_BYTES

JSON = {"content-type": "application/json"}
FIELDS = "text, view, id, all_reasons"


@pytest.fixture(scope="module")
def client(tiny_predictor: Predictor):
    with TestClient(create_app(tiny_predictor), raise_server_exceptions=False) as made:
        yield made


def error_of(response: Any) -> tuple[int, str, str]:
    """The status, code and message of an error, whose body holds nothing else."""
    body = response.json()
    assert response.headers["content-type"] == "application/json"
    assert list(body) == ["error"]
    assert list(body["error"]) == ["code", "message"]
    return response.status_code, body["error"]["code"], body["error"]["message"]


@pytest.mark.parametrize("view", ["statement", "complaint"])
@pytest.mark.parametrize("text", [STATEMENT, LETTER, "😀 Two 😀 emoji.\n" + LETTER])
@pytest.mark.parametrize("all_reasons", [False, True])
def test_the_answer_is_the_predictors(
    client: TestClient, tiny_predictor: Predictor, text: str, view: Any, all_reasons: bool
) -> None:
    request = {"text": text, "view": view, "id": "a 1", "all_reasons": all_reasons}
    response = client.post("/v1/predict", json=request)
    (expected,) = tiny_predictor.predict([from_text(text, "a 1")], view, all_reasons=all_reasons)
    assert response.status_code == 200
    assert_close(response.json(), expected.to_json())


def test_spans_count_code_points(client: TestClient) -> None:
    text = "😀😀 I asked for a fence. " + LETTER
    answer = client.post("/v1/predict", json={"text": text, "view": "complaint"}).json()
    assert answer["rationale"]
    for passage in answer["rationale"]:
        assert text[passage["start"] : passage["end"]] == passage["text"]


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        (LETTER, "row 7", "row 7"),
        (LETTER, None, "text"),
        (f"Marsh Town Council (22 111 333)\n{STATEMENT}", None, "22 111 333"),
        (f"Marsh Town Council (22 111 333)\n{STATEMENT}", "mine", "mine"),
    ],
)
def test_the_id_is_the_one_given_else_the_reference(
    client: TestClient, text: str, given: str | None, expected: str
) -> None:
    request = {"text": text, "view": "statement", "id": given}
    assert client.post("/v1/predict", json=request).json()["id"] == expected


def test_health_and_the_model(client: TestClient, tiny_predictor: Predictor) -> None:
    assert client.get("/livez").json() == {"status": "live"}
    info = tiny_predictor.info
    model = {"name": "tiny", "version": "1", "sha256": info.sha256}
    assert client.get("/readyz").json() == {"status": "ready", "model": model}


def test_the_taxonomy_is_the_one_table(client: TestClient) -> None:
    answer = client.get("/v1/taxonomy").json()
    assert [o["label"] for o in answer["outcomes"]] == [o.label for o in OUTCOMES]
    assert [(r["label"], r["ground"]) for r in answer["reasons"]] == [
        (r.label, r.ground) for r in REASONS
    ]


def test_nothing_is_ready_before_the_bundle_is_loaded(tiny_predictor: Predictor) -> None:
    loading: Future[Predictor] = Future()
    expected = (
        503,
        "not_ready",
        "expected a loaded bundle, found it still loading; try again in a moment",
    )
    with TestClient(create_app(loading)) as client:
        request = {"text": LETTER, "view": "complaint"}
        assert client.get("/livez").status_code == 200
        assert error_of(client.get("/readyz")) == expected
        assert error_of(client.post("/v1/predict", json=request)) == expected
        loading.set_result(tiny_predictor)
        assert client.get("/readyz").status_code == 200
        assert client.post("/v1/predict", json=request).status_code == 200


def test_a_bundle_that_failed_to_load_is_never_ready() -> None:
    failed: Future[Predictor] = Future()
    failed.set_exception(BundleError("damaged"))
    with TestClient(create_app(failed)) as client:
        assert client.get("/readyz").status_code == 503


def body_errors() -> list[Any]:
    unparsed = "expected a body of JSON in UTF-8, found one that cannot be parsed; mend it"
    no_object = (
        "expected a JSON object with content type application/json, found something else; "
        f"send the fields {FIELDS}"
    )

    def missing(name: str) -> str:
        return f"expected the field '{name}', found it missing; the fields are {FIELDS}"

    def wrong(name: str, wanted: str) -> str:
        return f"expected '{name}' to {wanted}, found something else; mend it"

    views = "be 'statement' or 'complaint'"
    return [
        (b'{"text": "a"', 400, "malformed_json", unparsed),
        (b'{"text": "\xff", "view": "statement"}', 400, "malformed_json", unparsed),
        (b"[" * 100_000, 400, "malformed_json", unparsed),
        (b"", 422, "invalid_request", no_object),
        (b"[]", 422, "invalid_request", no_object),
        (b'"text"', 422, "invalid_request", no_object),
        (b"{}", 422, "invalid_request", missing("text")),
        (b'{"text": "a"}', 422, "invalid_request", missing("view")),
        (
            b'{"text": "a", "view": "statement", "reasons": true}',
            422,
            "invalid_request",
            f"expected only the fields {FIELDS}, found 'reasons'; leave it out",
        ),
        (
            b'{"text": 7, "view": "statement"}',
            422,
            "invalid_request",
            wrong("text", "be a valid string"),
        ),
        (b'{"text": "a", "view": "both"}', 422, "invalid_request", wrong("view", views)),
        (
            b'{"text": "a", "view": "statement", "all_reasons": "yes"}',
            422,
            "invalid_request",
            wrong("all_reasons", "be a valid boolean"),
        ),
        (
            b'{"text": "a", "view": "statement", "id": ""}',
            422,
            "invalid_request",
            wrong("id", "have at least 1 character"),
        ),
        (
            b'{"text": "a", "view": "statement", "id": "\\ud83d"}',
            422,
            "invalid_request",
            wrong("id", "be a valid string"),
        ),
        (
            b'{"text": "a", "view": "statement", "id": "1\\n2"}',
            422,
            "invalid_request",
            wrong("id", "be of printable characters"),
        ),
        (
            b'{"text": " \\n", "view": "statement"}',
            422,
            "empty_text",
            "text: expected a text with words, found none; check that the file is the one",
        ),
        (
            b'{"text": "a\\u0000b", "view": "statement"}',
            422,
            "unreadable_text",
            "text: expected text, found binary data (a NUL character); convert it to text",
        ),
        (
            b'{"text": "ab\\ud83d", "view": "statement"}',
            422,
            "unreadable_text",
            (
                "text: expected Unicode text, found a lone surrogate at character 2; decode the "
                "source again with its right encoding"
            ),
        ),
        (
            json.dumps({"text": "a" * 2_000_001, "view": "statement"}).encode(),
            413,
            "text_too_large",
            (
                "text: expected at most 2,000,000 characters, found 2,000,001; split the text "
                "into its documents"
            ),
        ),
    ]


@pytest.mark.parametrize(
    ("content", "status", "code", "message"), body_errors(), ids=lambda value: str(value)[:40]
)
def test_a_body_that_is_wrong_says_how(
    client: TestClient, content: bytes, status: int, code: str, message: str
) -> None:
    response = client.post("/v1/predict", content=content, headers=JSON)
    assert error_of(response) == (status, code, message)


def test_another_content_type_is_refused(client: TestClient) -> None:
    content = json.dumps({"text": LETTER, "view": "complaint"})
    response = client.post("/v1/predict", content=content, headers={"content-type": "text/plain"})
    assert error_of(response)[:2] == (422, "invalid_request")


PATHS = {
    "/": "GET",
    "/page.css": "GET",
    "/page.js": "GET",
    "/openapi.json": "GET",
    "/livez": "GET",
    "/readyz": "GET",
    "/v1/taxonomy": "GET",
    "/v1/predict": "POST",
}


def test_every_path_has_the_one_error_body(client: TestClient) -> None:
    served = {route.path for route in client.app.routes}  # type: ignore[attr-defined]
    assert served == set(PATHS)
    for path in PATHS:
        status, code, message = error_of(client.delete(path))
        assert (status, code) == (405, "method_not_allowed"), path
        assert message.startswith("expected ")
        assert message.endswith(f" for '{path}', found DELETE; see /openapi.json")
        status, code, message = error_of(client.get(path.rstrip("/") + "/x"))
        assert (status, code) == (404, "not_found"), path
        assert (
            message
            == f"expected a path of this service, found '{path.rstrip('/')}/x'; see /openapi.json"
        )
        large = client.request("POST", path, content=b" " * (MAX_BODY_BYTES + 1), headers=JSON)
        assert error_of(large) == (
            413,
            "body_too_large",
            (
                "expected a body of at most 8,388,608 bytes, found 8,388,609; split the text "
                "into its documents"
            ),
        ), path


def test_a_405_says_what_is_allowed(client: TestClient) -> None:
    response = client.get("/v1/predict")
    assert error_of(response) == (
        405,
        "method_not_allowed",
        "expected POST for '/v1/predict', found GET; see /openapi.json",
    )
    assert response.headers["allow"] == "POST"


def test_a_body_of_unsaid_length_is_read_no_further_than_the_limit(
    tiny_predictor: Predictor,
) -> None:
    taken = 0
    sent: list[tuple[int, dict[str, Any]]] = []

    async def receive() -> dict[str, Any]:
        nonlocal taken
        taken += 1_000_000
        return {"type": "http.request", "body": b" " * 1_000_000, "more_body": True}

    async def send(message: dict[str, Any]) -> None:
        sent.append((taken, message))

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": "/v1/predict",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json"), (b"transfer-encoding", b"chunked")],
    }
    asyncio.run(create_app(tiny_predictor)(scope, receive, send))
    (before, start), (before_body, body), (after, end) = sent
    assert (before, before_body, start["status"]) == (9_000_000, 9_000_000, 413)
    assert json.loads(body["body"])["error"] == {
        "code": "body_too_large",
        "message": "expected a body of at most 8,388,608 bytes, found more than 8,388,608; "
        "split the text into its documents",
    }
    # The rest is thrown away, up to a bound, so that the client comes to read the answer.
    assert end == {"type": "http.response.body", "body": b"", "more_body": False}
    assert 64 * 1024 * 1024 < after - before < 70_000_000


def test_a_body_of_just_the_limit_is_read(client: TestClient) -> None:
    body = json.dumps({"text": LETTER, "view": "complaint"}).encode().ljust(MAX_BODY_BYTES)
    assert client.post("/v1/predict", content=body, headers=JSON).status_code == 200


class Broken:
    """A predictor with a fault."""

    def predict(self, *_: Any, **__: Any) -> None:
        raise ZeroDivisionError("a secret of the inside")


def test_a_fault_inside_shows_no_traceback() -> None:
    with TestClient(create_app(Broken()), raise_server_exceptions=False) as client:  # type: ignore[arg-type]
        response = client.post("/v1/predict", json={"text": LETTER, "view": "complaint"})
    assert error_of(response) == (
        500,
        "internal_error",
        "expected to answer, found a fault in the service; its log says more",
    )


def test_openapi_shows_every_field_and_no_other_error(
    client: TestClient, tiny_predictor: Predictor
) -> None:
    description = client.get("/openapi.json").json()
    schemas = description["components"]["schemas"]
    answer = tiny_predictor.predict([from_text(STATEMENT, "a")], "statement", all_reasons=True)
    shown = answer[0].to_json()
    assert list(schemas["PredictionAnswer"]["properties"]) == list(shown)
    for name, part in [
        ("Model", shown["model"]),
        ("Outcome", shown["outcome"]),
        ("ScoredReason", shown["reasons"][0]),
        ("Passage", shown["rationale"][0]),
        ("Support", shown["rationale"][0]["supports"][0]),
    ]:
        assert list(schemas[name]["properties"]) == list(part)
    assert list(schemas["PredictRequest"]["properties"]) == FIELDS.split(", ")
    assert schemas["PredictRequest"]["additionalProperties"] is False
    assert "HTTPValidationError" not in schemas
    for path, operations in description["paths"].items():
        for operation in operations.values():
            assert operation["description"], path
            for status, response in operation["responses"].items():
                if status != "200":
                    schema = response["content"]["application/json"]["schema"]
                    assert schema == {"$ref": "#/components/schemas/ErrorAnswer"}


def test_requests_at_once_give_what_single_ones_give(client: TestClient) -> None:
    bodies = [
        {"text": f"{LETTER} It cost {n} pounds.", "view": "complaint", "id": str(n)}
        for n in range(24)
    ]
    single = [client.post("/v1/predict", json=body).json() for body in bodies]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda body: client.post("/v1/predict", json=body).json(), bodies))
    for one, other in zip(together, single, strict=True):
        assert_close(one, other)


class Slow:
    """Holds each prediction until it is let go; counts how many are inside."""

    def __init__(self, predictor: Predictor) -> None:
        self.predictor = predictor
        self.info = predictor.info
        self.go = threading.Event()
        self.entered = threading.Semaphore(0)
        self.inside = 0
        self.most = 0

    def predict(self, *args: Any, **options: Any) -> Any:
        self.inside += 1
        self.most = max(self.most, self.inside)
        self.entered.release()
        assert self.go.wait(30)
        time.sleep(0.01)
        self.inside -= 1
        return self.predictor.predict(*args, **options)


def test_health_answers_while_predictions_wait_for_each_other(tiny_predictor: Predictor) -> None:
    slow = Slow(tiny_predictor)
    request = {"text": LETTER, "view": "complaint"}
    with TestClient(create_app(slow)) as client, ThreadPoolExecutor(60) as pool:  # type: ignore[arg-type]
        waiting = [pool.submit(client.post, "/v1/predict", json=request) for _ in range(60)]
        try:
            assert slow.entered.acquire(timeout=30)
            assert client.get("/livez").json() == {"status": "live"}
            assert client.get("/readyz").status_code == 200
            assert not any(one.done() for one in waiting)
        finally:
            slow.go.set()
        assert {one.result().status_code for one in waiting} == {200}
    assert slow.most == 1


def test_answers_carry_safety_headers(client: TestClient) -> None:
    for response in (client.get("/"), client.get("/nowhere"), client.get("/livez")):
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert response.headers["cache-control"] == "no-store"


def test_a_client_that_sends_all_first_sees_the_refusal(live_service: tuple[str, int]) -> None:
    host, port = live_service
    for chunked in (False, True):
        connection = http.client.HTTPConnection(host, port, timeout=30)
        content = (b" " * 1_000_000 for _ in range(20))
        headers = JSON if chunked else {**JSON, "content-length": "20000000"}
        connection.request(
            "POST", "/v1/predict", body=content, headers=headers, encode_chunked=chunked
        )
        response = connection.getresponse()
        assert response.status == 413
        assert json.loads(response.read())["error"]["code"] == "body_too_large"
        connection.close()


def test_a_large_body_is_refused_before_it_is_sent(live_service: tuple[str, int]) -> None:
    host, port = live_service
    with socket.create_connection((host, port), timeout=10) as connection:
        head = (
            "POST /v1/predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            "Content-Length: 900000000\r\n\r\n"
        )
        connection.sendall(head.encode())
        answer = b""
        while not answer.endswith(b"}}"):
            chunk = connection.recv(65536)
            assert chunk, answer
            answer += chunk
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'{"error":{"code":"body_too_large","message":"expected a body of at most' in answer
