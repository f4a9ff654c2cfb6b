"""The page: it loads nothing from elsewhere, and shows in a browser what the service says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from ombud.predictor import Predictor
from ombud_serving.api import create_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

# Markup in it must stay text; the emoji are two UTF-16 units each and one code point.
LETTER = (
    "😀 Hello 👋🏽, my hedge <b>is</b> gone & nobody asked.\n"
    "<img src=x onerror=\"document.title='broken'\"> The council 🌳 cut it down in March.\n\n"
    "I want it back 🙏. Yours, <script>document.title='broken'</script> M."
)


def web(name: str) -> str:
    return (files("ombud_serving") / "web" / name).read_text("utf-8")


def test_the_page_and_its_parts_are_served(tiny_predictor: Predictor) -> None:
    with TestClient(create_app(tiny_predictor)) as client:
        for path, name, kind in [
            ("/", "index.html", "text/html; charset=utf-8"),
            ("/page.css", "page.css", "text/css; charset=utf-8"),
            ("/page.js", "page.js", "text/javascript; charset=utf-8"),
        ]:
            response = client.get(path)
            assert response.text == web(name)
            assert response.headers["content-type"] == kind


def test_the_page_loads_nothing_from_elsewhere() -> None:
    linked = re.findall(r'(?:src|href)="([^"]+)"', web("index.html"))
    assert [link for link in linked if not link.startswith(("#", "data:"))] == [
        "page.css",
        "page.js",
        "openapi.json",
    ]
    assert not re.search(r"https?:|//[a-z]|@import|url\(", web("page.css"))
    assert not re.search(r"https?:|import\b", web("page.js"))


def test_the_page_never_makes_markup_of_words() -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", web("page.js"))


def test_every_control_has_a_label() -> None:
    page = web("index.html")
    for control in re.findall(r"<(?:textarea|input|select)\b[^>]*>", page):
        identifier = re.search(r'id="([^"]+)"', control)
        if identifier is None:
            before = page[: page.index(control)]
            assert before.rfind("<label") > before.rfind("</label>"), control
        else:
            assert f'<label for="{identifier[1]}">' in page, control


@pytest.fixture
def page(browser: Browser, live_service: tuple[str, int]) -> Iterator[Page]:
    """The page, loaded; the test fails if it ever reports an error or asks elsewhere."""
    host, port = live_service
    context = browser.new_context()
    opened = context.new_page()
    problems: list[str] = []
    own = (f"http://{host}:{port}/", "data:")

    def on_message(message: ConsoleMessage) -> None:
        # Chromium reports each answer that is no 200 by itself; tests ask for some.
        if message.type == "error" and "status of 422" not in message.text:
            problems.append(message.text)

    def on_request(request: Request) -> None:
        if not request.url.startswith(own):
            problems.append(request.url)

    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", on_message)
    opened.on("request", on_request)
    opened.goto(f"http://{host}:{port}/")
    opened.locator("#model", has_text="tiny 1").wait_for()
    yield opened
    context.close()
    assert problems == []


def answered(page: Page, act: Any) -> dict[str, Any]:
    """Do `act`; return what the service said to it, once it is shown."""
    with page.expect_response("**/v1/predict") as waiting:
        act()
    answer: dict[str, Any] = waiting.value.json()
    page.locator("#status", has_text="Done.").wait_for()
    return answer


@pytest.mark.browser
def test_the_marked_passages_are_the_services(page: Page) -> None:
    page.get_by_label("Complaint").check()
    page.get_by_label("Text", exact=True).fill(LETTER)
    answer = answered(page, page.get_by_role("button", name="Predict").click)
    assert answer["view"] == "complaint"
    assert len(answer["rationale"]) > 1
    assert answer["rationale"][-1]["start"] > LETTER.rindex("🙏")
    expected = [passage["text"] for passage in answer["rationale"]]
    assert page.locator("#marked mark").all_text_contents() == expected
    # Nothing of the text is lost or added: without the numbered tags it is the text.
    shown = page.locator("#marked").evaluate(
        "m => { const c = m.cloneNode(true); c.querySelectorAll('.tags').forEach(t => t.remove());"
        " return c.textContent; }"
    )
    assert shown == LETTER
    assert page.title() == "ombud: predict a complaint"
    assert page.locator("#marked img, #marked b, #marked script").count() == 0


@pytest.mark.browser
def test_outcome_reasons_and_contributions_are_shown(page: Page) -> None:
    page.get_by_role("button", name="Load an example").click()
    answer = answered(page, page.get_by_role("button", name="Predict").click)
    assert page.locator("#bars li").count() == 3
    titles = {"upheld": "Upheld", "not_upheld": "Not upheld"}
    title = titles.get(answer["outcome"]["label"], "Closed after initial enquiries")
    assert title in page.locator("#verdict").inner_text()
    assert page.locator("#reasons li:not(.none)").count() == len(answer["reasons"])
    for reason in answer["reasons"]:
        assert reason["ground"] in page.locator("#reasons").inner_text()
    mark = page.locator("#marked mark").first
    mark.focus()
    tip = page.locator("#tip")
    assert tip.is_visible()
    for support in answer["rationale"][0]["supports"][:8]:
        assert f"{abs(support['contribution']):.2f}" in tip.inner_text()
    page.keyboard.press("Escape")
    assert tip.is_hidden()
    mark.hover()
    assert tip.is_visible()


@pytest.mark.browser
def test_the_keyboard_alone_is_enough(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.type("My hedge is gone. I want it back.")
    answer = answered(page, lambda: page.keyboard.press("Control+Enter"))
    assert page.evaluate("document.activeElement.id") == "result"
    expected = [passage["text"] for passage in answer["rationale"]]
    assert page.locator("#marked mark").all_text_contents() == expected


@pytest.mark.browser
def test_an_empty_text_and_an_unreadable_one_say_so(page: Page) -> None:
    page.get_by_role("button", name="Predict").click()
    problem = page.locator("#problem")
    assert problem.inner_text() == "There is no text yet: paste one, or load an example."
    page.get_by_label("Text", exact=True).fill("The Ombudsman upheld the complaint.")
    page.get_by_label("Complaint").check()
    page.route(
        "**/v1/predict",
        lambda route: route.fulfill(
            status=422,
            content_type="application/json",
            body='{"error": {"code": "unreadable_text", "message": "expected <b>more</b>"}}',
        ),
    )
    page.get_by_role("button", name="Predict").click()
    page.locator("#problem", has_text="Expected <b>more</b>.").wait_for()
    assert page.locator("#problem b").count() == 0
