"""`ombud score --report`: figures of what was committed, passages marked, nothing but one page."""

from __future__ import annotations

import json
import re
import sys
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from command import Command, one_sentence
from made_engine import MadeEngine
from ombud_serving.batch import local
from ombud_serving.batch.engine import verified
from ombud_serving.batch.figures import OTHERS, UNKNOWN, count_parts
from ombud_serving.batch.sample import marked
from score_tables import parts, write

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HOSTILE = "<img src=x onerror=\"document.title='broken'\"></script><script>document.title='broken'"
CATEGORIES = ["Planning", "Housing", HOSTILE, "", "Planning "]
DATES = ["2024-01-31", "2024-02-01", "03 Feb 2024", "soon", ""]
ROWS = [
    {
        "id": HOSTILE if n == 5 else f"r{n}",
        "text": f"My hedge {n} is gone. I said {HOSTILE}. Nobody came"
        + (". It is unreadable" if n % 11 == 3 else ""),
        "category": CATEGORIES[n % 5],
        "decision_date": DATES[n % 5],
        "area": f"area {n}",
    }
    for n in range(60)
]
KEPT = ["--keep", "category", "--keep", "decision_date", "--keep", "text"]


@pytest.fixture
def ombud(ombud: Command, monkeypatch: pytest.MonkeyPatch, tiny_bundle: Path) -> Command:
    """The command, which scores by a made engine."""
    sha256 = verified(tiny_bundle)
    monkeypatch.setattr(local, "load", lambda *_, **__: MadeEngine(sha256))
    return ombud


@pytest.fixture
def arguments(tiny_bundle: Path, tmp_path: Path) -> list[object]:
    """IN, OUT and the options of every run here."""
    source = write(tmp_path / "in.jsonl", ROWS)
    options = ["--bundle", tiny_bundle, "--view", "complaint", "--part-rows", 7]
    return ["score", source, tmp_path / "out", *options, "--report", tmp_path / "report.html"]


def made(ombud: Command, arguments: list[object], *options: object) -> LexborHTMLParser:
    ended = ombud(*arguments, *options)
    assert ended.code == 0, ended.err
    path = arguments[arguments.index("--report") + 1]
    assert isinstance(path, Path)
    return LexborHTMLParser(path.read_text("utf-8"))


def table(page: LexborHTMLParser, heading: str) -> dict[str, list[str]]:
    """Cells of the first table behind a heading, by the words that begin each row."""
    node = page.css_first(f"h2#{heading}")
    while node is not None and node.tag != "table":
        node = node.next
    assert node is not None
    return {
        row.css_first("th").text().strip(): [c.text().strip() for c in row.css("td.n")]
        for row in node.css("tbody tr")
    }


def test_every_share_is_that_of_the_committed_rows(
    ombud: Command, arguments: list[object], tmp_path: Path
) -> None:
    page = made(ombud, arguments, *KEPT)
    rows = parts(tmp_path / "out")
    assert 0 < len(rows) < len(ROWS)
    outcomes = Counter(row["outcome"] for row in rows)
    titles = {
        "Upheld": "upheld",
        "Not upheld": "not_upheld",
        "Closed after initial enquiries": "closed_after_initial_enquiries",
    }
    shown = table(page, "outcomes")
    assert list(shown) == list(titles)
    for title, label in titles.items():
        of_it = [row for row in rows if row["outcome"] == label]
        mean = sum(row["probability"] for row in of_it) / len(of_it)
        unsure = sum(row["abstained"] for row in of_it) / len(of_it)
        share = f"{len(of_it) / len(rows):.1%}"
        assert shown[title] == [share, str(len(of_it)), f"{mean:.2f}", f"{unsure:.1%}"]
    reasons = Counter(reason["label"] for row in rows for reason in row["reasons"])
    found = [int(cells[1]) for cells in table(page, "reasons").values()]
    assert found == sorted(reasons.values(), reverse=True)
    categories = table(page, "categories")
    assert list(categories) == ["Planning", HOSTILE, "Housing", UNKNOWN] or list(categories) == [
        "Planning", "Housing", HOSTILE, UNKNOWN,
    ]  # fmt: skip
    planning = [row for row in rows if row["category"].strip() == "Planning"]
    upheld = sum(row["outcome"] == "upheld" for row in planning) / len(planning)
    assert categories["Planning"][:2] == [str(len(planning)), f"{upheld:.1%}"]
    months = table(page, "months")
    assert list(months) == ["2024-01", "2024-02", UNKNOWN]
    assert sum(int(cells[0]) for cells in months.values()) == len(rows)
    assert sum(outcomes.values()) == len(rows)
    tiles = [tile.text() for tile in page.css(".tiles b")]
    unsure = sum(row["abstained"] for row in rows) / len(rows)
    assert tiles == ["60", str(len(rows)), str(60 - len(rows)), f"{unsure:.1%}"]


def test_the_bins_of_sureness_hold_every_row_once(
    ombud: Command, arguments: list[object], tmp_path: Path
) -> None:
    page = made(ombud, arguments)
    says = [t.text() for t in page.css("svg rect title") if "bin " in t.text()]
    assert len(says) == 40
    counted = sum(int(re.findall(r": ([\d,]+) of", words)[0]) for words in says)
    rows = parts(tmp_path / "out")
    assert counted == len(rows)
    unsure = [re.findall(r": (\d+) of", w)[0] for w in says if "left to a person" in w]
    assert sum(map(int, unsure)) == sum(row["abstained"] for row in rows)


def test_a_resumed_job_has_the_page_of_an_unbroken_one(
    ombud: Command, arguments: list[object], tmp_path: Path
) -> None:
    made(ombud, arguments, *KEPT)
    whole = (tmp_path / "report.html").read_text("utf-8")
    (tmp_path / "report.html").unlink()
    arguments[2] = tmp_path / "other"
    stopped = ombud(*arguments, *KEPT, "--max-errors", "2")
    assert stopped.code == 3
    assert not (tmp_path / "report.html").exists()
    # What a killed run left without a line in the manifest is no result.
    leftover = max((tmp_path / "out").glob("part-*.parquet"))
    (tmp_path / "other" / "part-00099.parquet").write_bytes(leftover.read_bytes())
    made(ombud, arguments, *KEPT)
    assert (tmp_path / "report.html").read_text("utf-8") == whole
    (tmp_path / "report.html").unlink()
    ended = ombud(*arguments, *KEPT)
    assert ended.out.startswith("found already scored")
    assert (tmp_path / "report.html").read_text("utf-8") == whole


def test_words_are_never_markup(ombud: Command, arguments: list[object], tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    renamed = [{HOSTILE: row["category"], **row} for row in ROWS]
    write(folder / "<script>alert(1)<!--.jsonl", [{**renamed[0], "id": 7}])
    arguments[1] = write(folder / "b&quot;.jsonl", renamed).parent
    columns = ["--keep", HOSTILE, "--category-column", HOSTILE]
    page = made(ombud, arguments, *KEPT, *columns)
    assert page.css("img, iframe, object, embed, link, base") == []
    [script] = page.css("script")
    assert "broken" not in script.text()
    assert script.text().startswith('"use strict";')
    handlers = [name for node in page.css("*") for name in node.attributes if name.startswith("on")]
    assert handlers == []
    assert HOSTILE in page.css_first("#rows").text()
    policy = page.css_first("meta[http-equiv]").attributes["content"] or ""
    assert policy.startswith("default-src 'none'; script-src 'sha256-")


def test_characters_that_turn_words_round_are_shown_as_such(
    ombud: Command, arguments: list[object], tmp_path: Path
) -> None:
    rows = [{"id": "a\u202e1", "text": "gnol si eguh\u2067 egdeh yM. I want\x07 it back"}]
    arguments[1] = write(tmp_path / "turned.jsonl", rows)
    made(ombud, arguments)
    content = (tmp_path / "report.html").read_text("utf-8")
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x07]", content)
    assert "a\ufffd1" in content


def test_the_page_loads_nothing(ombud: Command, arguments: list[object], tmp_path: Path) -> None:
    page = made(ombud, arguments, *KEPT)
    links = [
        value
        for node in page.css("*")
        for name, value in node.attributes.items()
        if name in ("src", "href", "action", "srcset", "data")
    ]
    assert links == []
    style = page.css_first("style").text()
    assert not re.search(r"https?:|@import|url\(", style + page.css_first("script").text())


def marks(page: LexborHTMLParser, identifier: str) -> list[str]:
    [body] = [b for b in page.css("#rows tbody") if b.attributes["data-id"] == identifier]
    return [mark.text() for mark in body.css("mark")]


@pytest.mark.parametrize("kept", [True, False])
def test_passages_are_marked_in_their_text(
    kept: bool, ombud: Command, arguments: list[object], tmp_path: Path
) -> None:
    page = made(ombud, arguments, *(KEPT if kept else ()))
    rows = parts(tmp_path / "out")
    assert len(page.css("#rows tbody")) == len(rows)
    for row in rows:
        assert marks(page, row["id"]) == [passage["text"] for passage in row["rationale"]]
    shown = page.css_first("#rows tbody .text").text()
    assert ('I said <img src=x onerror="document.title=' in shown) == kept
    assert ("Carry the text through" in page.text()) == (not kept)


def test_what_stands_around_passages_is_cut_and_nothing_shown_twice() -> None:
    text = "a" * 500 + "ONE" + "b" * 100 + "TWO" + "c" * 400
    passages = [
        {"start": s, "end": s + 3, "text": text[s : s + 3], "section": "letter", "supports": [
            {"label": "late", "contribution": 1.0}]}
        for s in (500, 603)
    ]  # fmt: skip
    words = [piece.words for piece in marked(text, passages)]
    around = 160
    assert words == [
        "[…] ", "a" * around, "ONE", "b" * 100, "TWO", "c" * around, " […]",
    ]  # fmt: skip
    assert [piece.words for piece in marked(None, passages)] == ["ONE", " […] ", "TWO"]


def test_a_column_that_only_looks_like_the_text_marks_nothing_in_it(
    ombud: Command, arguments: list[object], tmp_path: Path
) -> None:
    page = made(ombud, [*arguments], "--text-column", "text", "--keep", "area")
    assert "area 1" not in page.css_first("#rows").text()
    assert "The results have no category" in page.text()
    assert "The results have no date" in page.text()


def test_the_same_rows_are_drawn_whatever_the_parts(
    ombud: Command, arguments: list[object], tmp_path: Path
) -> None:
    for name, size in (("one", 5), ("two", 60)):
        arguments[2], arguments[arguments.index("--part-rows") + 1] = tmp_path / name, size
        assert ombud(*arguments).code == 0
    drawn = []
    for name in ("one", "two"):
        paths = sorted((tmp_path / name).glob("part-*.parquet"))
        sample = count_parts(paths, sample=9).sample
        rows = [parts_of(path) for path in paths]
        drawn.append([rows[one.part][one.number]["id"] for one in sample])
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 9
    assert drawn[0] != [row["id"] for row in parts(tmp_path / "one")[:9]]


def parts_of(path: Path) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    return pq.read_table(path).to_pylist()


def test_memory_grows_neither_with_rows_nor_with_kinds(
    ombud: Command, arguments: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ombud_serving.batch.figures._KINDS", 10)
    arguments[arguments.index("--part-rows") + 1] = len(ROWS)
    assert ombud(*arguments, "--keep", "area").code == 0
    paths = [tmp_path / "out" / "part-00000.parquet"]
    count_parts(paths, category="area", sample=5)

    def peak(times: int) -> int:
        tracemalloc.start()
        figures = count_parts(paths * times, category="area", sample=5)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert figures.all.rows == times * len(parts(tmp_path / "out"))
        assert figures.categories is not None
        assert len(figures.categories) == 11
        assert figures.categories[OTHERS].rows == times * (figures.all.rows // times - 10)
        return found

    peak(2)
    grown = peak(200) - peak(20)
    assert grown < 10 * 180 * len(parts(tmp_path / "out")), "bytes: ten a row"


def test_an_empty_table_has_a_page(ombud: Command, arguments: list[object], tmp_path: Path) -> None:
    arguments[1] = tmp_path / "empty.csv"
    (tmp_path / "empty.csv").write_text("id,text\n")
    page = made(ombud, arguments)
    assert [tile.text() for tile in page.css(".tiles b")] == ["0", "0", "0", "–"]
    assert page.css("script") == []


def test_many_months_are_years_and_many_categories_are_added_up(
    ombud: Command, arguments: list[object], tmp_path: Path
) -> None:
    rows = [
        {"text": f"Hedge {n}.", "category": f"c{n:02d}", "decision_date": f"{1990 + n % 6}-{1 + n % 11:02d}-01"}
        for n in range(66)
    ]  # fmt: skip
    arguments[1] = write(tmp_path / "many.jsonl", rows)
    page = made(ombud, arguments, *KEPT)
    assert list(table(page, "months")) == [str(year) for year in range(1990, 1996)]
    categories = table(page, "categories")
    assert len(categories) == 31
    assert list(categories)[-1] == OTHERS
    assert categories[OTHERS][0] == "36"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ["--category-column", "area"],
            (
                "--category-column: expected a column that is carried through, found 'area' where "
                "those are none; add --keep area"
            ),
        ),
        (
            ["--keep", "area", "--date-column", "day"],
            (
                "--date-column: expected a column that is carried through, found 'day' where those "
                "are 'area'; add --keep day"
            ),
        ),
    ],
)
def test_columns_must_be_carried_through(
    options: list[str], said: str, ombud: Command, arguments: list[object], tmp_path: Path
) -> None:
    assert one_sentence(ombud(*arguments, *options), 2) == said
    assert not (tmp_path / "out").exists()


def test_a_page_that_cannot_be_written_ends_it_before_it_begins(
    ombud: Command, arguments: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments[-1] = tmp_path / "report.txt"
    assert one_sentence(ombud(*arguments), 2) == (
        f"{tmp_path / 'report.txt'}: expected a file ending in .html, found 'report.txt'; "
        "browsers open no other by themselves"
    )
    arguments[-1] = tmp_path / "none" / "report.html"
    assert one_sentence(ombud(*arguments), 2) == (
        f"{arguments[-1]}: expected a folder to write it in, found none; make it first"
    )
    monkeypatch.setitem(sys.modules, "jinja2", None)
    arguments[-1] = tmp_path / "report.html"
    assert one_sentence(ombud(*arguments), 2) == (
        "expected jinja2 for --report, found it not installed; install ombud[serving]"
    )
    assert not (tmp_path / "out").exists()


def test_a_page_may_stand_among_the_results(
    ombud: Command, arguments: list[object], tmp_path: Path
) -> None:
    arguments[-1] = tmp_path / "out" / "report.html"
    made(ombud, arguments)
    assert ombud(*arguments).out.startswith("found already scored")


def test_the_results_are_whole_where_the_page_cannot_be_written(
    ombud: Command, arguments: list[object], tmp_path: Path
) -> None:
    (tmp_path / "report.html").mkdir()
    ended = ombud(*arguments, "--format", "json")
    assert ended.code == 1
    assert ended.err.splitlines()[-1] == (
        f"ombud: {tmp_path / 'report.html'}: expected room for the report, found: is a directory; "
        "the results are whole"
    )
    assert json.loads(ended.out)["scored"] == len(parts(tmp_path / "out"))


@pytest.fixture
def opened(browser: Browser, ombud: Command, arguments: list[object], tmp_path: Path) -> Iterator[Page]:  # fmt: skip
    """The page in a browser; the test fails if it reports an error or asks for anything."""
    made(ombud, arguments, *KEPT)
    context = browser.new_context(viewport={"width": 400, "height": 800})
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text))
    page.goto((tmp_path / "report.html").as_uri())
    page.on("request", lambda request: problems.append(request.url))
    yield page
    assert page.title() == "Results of in.jsonl"
    context.close()
    assert problems == []


def ids(page: Page) -> list[str]:
    return page.locator("#rows tbody:not([hidden])").evaluate_all(
        "rows => rows.map(row => row.dataset.id)"
    )


@pytest.mark.browser
def test_the_sample_is_sorted_by_its_heads_and_by_the_select(opened: Page, tmp_path: Path) -> None:
    rows = {row["id"]: row for row in parts(tmp_path / "out")}
    assert set(ids(opened)) == set(rows)
    opened.set_viewport_size({"width": 1280, "height": 800})
    head = opened.locator("#rows th[data-key=probability]")
    head.get_by_role("button").click()
    found = [rows[name]["probability"] for name in ids(opened)]
    assert found == sorted(found)
    assert head.get_attribute("aria-sort") == "ascending"
    head.get_by_role("button").click()
    found = [rows[name]["probability"] for name in ids(opened)]
    assert found == sorted(found, reverse=True)
    assert head.get_attribute("aria-sort") == "descending"
    opened.set_viewport_size({"width": 400, "height": 800})
    opened.get_by_label("Sort by").select_option("place")
    opened.get_by_label("falling").uncheck()
    found = [rows[name]["row"] for name in ids(opened)]
    assert found == sorted(found)


@pytest.mark.browser
def test_the_sample_is_filtered(opened: Page, tmp_path: Path) -> None:
    rows = {row["id"]: row for row in parts(tmp_path / "out")}
    opened.get_by_label("Show").select_option("?")
    assert set(ids(opened)) == {name for name, row in rows.items() if row["abstained"]}
    opened.get_by_label("Show").select_option("upheld")
    upheld = {name for name, row in rows.items() if row["outcome"] == "upheld"}
    assert set(ids(opened)) == upheld
    assert opened.locator("#shown").inner_text() == f"{len(upheld)} of {len(rows)} shown"
    opened.get_by_label("Show").select_option("")
    opened.get_by_label("Find").fill("HEDGE 7 is")
    assert ids(opened) == ["r7"]


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 400, 1280])
def test_the_page_is_never_wider_than_its_window(width: int, opened: Page) -> None:
    opened.set_viewport_size({"width": width, "height": 800})
    wide = opened.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
