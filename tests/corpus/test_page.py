"""Bounds and the page of the report: every bound judged, nothing loaded, words never markup."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser

import pytest

from cases import case
from gold import gold_cases
from ombud.corpus import CorpusReport, compile_cases, corpus_report
from ombud.corpus.checks import READ_OF_CLOSED, READ_OF_NOT_UPHELD, READ_OF_UPHELD, checks
from ombud.corpus.giveaway import GiveAway
from ombud.corpus.page import report_page
from ombud.corpus.report import Lengths, Writing
from ombud.metrics import Interval
from ombud.taxonomy import REASONS

STYLE = GiveAway(
    name="letter_style",
    reads="style of <b>letters</b>",
    complaints=679,
    macro_f1=Interval(0.3, 0.25, 0.35),
    chance=Interval(0.3, 0.26, 0.34),
    p_value=0.5,
    strongest=(("upheld", "<i>commas</i>", 1.5),),
    telling=(("upheld", "a0001", 0.9),),
)


def report() -> CorpusReport:
    rows = [*compile_cases([case()]), *gold_cases(10)]
    return corpus_report(
        rows, [case(), *(dataclasses.replace(case(), id=f"g{n}") for n in range(10))]
    )


def good() -> CorpusReport:
    """Return a report that keeps every bound."""
    read = {"closed_after_initial_enquiries": READ_OF_CLOSED, "upheld": READ_OF_UPHELD,
            "not_upheld": READ_OF_NOT_UPHELD}  # fmt: skip
    matrix = {
        r.label: {o: 12 + counts.get(r.label, 0) for o, counts in read.items()} for r in REASONS
    }
    return dataclasses.replace(
        report(),
        documents=700,
        groups=650,
        duplicate_groups=40,
        outcomes={"upheld": 196, "not_upheld": 84, "closed_after_initial_enquiries": 420},
        reasons={r.label: (12, 1, 1) for r in REASONS},
        matrix=matrix,
        years={str(year): 1 for year in range(2020, 2026)},
        several_reasons=0.3,
        with_distractor=0.6,
        freely={"late": (4, 10)},
        statements={
            "upheld": Lengths((420, 900, *[1300] * 30, 1401, 1500, 1600)),
            "not_upheld": Lengths((500,)),
            "closed_after_initial_enquiries": Lengths((*[300] * 9, 601)),
        },
        shared=(0.049, 0.29),
        letter_shared=(0.049, 0.29),
        read_twice=150,
        writing=Writing(35, 1, 1, 0, {}),
    )


def test_a_corpus_that_keeps_every_bound() -> None:
    assert [(c.name, c.found) for c in checks(good(), [STYLE]) if not c.met] == []


@pytest.mark.parametrize(
    ("change", "name", "found"),
    [
        ({"groups": 599}, "complaints, each with its letter", "599"),
        ({"reasons": {"late": (11, 0, 0)}}, "documents of the rarest reason", "11 (late)"),
        ({"outcomes": {"upheld": 160, "not_upheld": 84, "closed_after_initial_enquiries": 456}},
         "closed / upheld / not upheld", "65.1 / 22.9 / 12.0 %"),
        ({"writing": Writing(70, 1, 1, 0, {})}, "outcome field and text at odds", "10.0%"),
        ({"years": {"2020": 1}}, "years of decision", "1"),
        ({"duplicate_groups": 39}, "complaints published for several bodies", "39"),
        ({"several_reasons": 0.29}, "documents with two reasons or more", "29.0%"),
        ({"with_distractor": 0.5}, "documents with a distractor", "50.0%"),
        ({"freely": {"late": (3, 10)}}, "reasons said without the stock phrase", "30.0%"),
        ({"shared": (0.05, 0.2)}, "8-word sequences a statement shares, mean", "5.00%"),
        ({"letter_shared": (0.01, 0.3)}, "the same, largest letter", "30.00%"),
        ({"letters_with_decision": 1}, "letters that state a decision", "1"),
        ({"read_twice": 149}, "complaints read a second time", "149"),
    ],
)  # fmt: skip
def test_each_bound_by_itself(change: dict[str, object], name: str, found: str) -> None:
    broken = dataclasses.replace(good(), **change)  # type: ignore[arg-type]
    assert [(c.name, c.found) for c in checks(broken, [STYLE]) if not c.met] == [(name, found)]


def test_style_above_chance() -> None:
    above = dataclasses.replace(STYLE, macro_f1=Interval(0.4, 0.36, 0.44))
    (check,) = [c for c in checks(good(), [above]) if not c.met]
    assert (check.met, check.found) == (False, "macro-F1 0.400, chance up to 0.340")


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    unknown = [c for c in checks(dataclasses.replace(good(), writing=None)) if c.met is None]
    assert [(c.name, c.found) for c in unknown] == [
        ("outcome field and text at odds", "not in the dataset; give --cases"),
        ("outcome from style counts of the letter", "not measured"),
    ]


class Tags(HTMLParser):
    """Notes what a page holds and whether its elements close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in {"meta", "html", "li"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("tests", [(), (STYLE,)])
def test_the_page_is_whole_and_loads_nothing(tests: tuple[GiveAway, ...]) -> None:
    made = report()
    page = report_page(made, checks(made, tests), tests, name="<d>.parquet", digest="ab" * 32)
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert not tags.names & {"script", "link", "img", "iframe", "b", "i", "d"}
    assert not tags.attributes & {"src", "href", "onclick", "onload"}
    assert not re.search(r"@import|url\(|https?://(?!www\.w3\.org/2000/svg)", page)
    assert "&lt;d&gt;.parquet" in page


def test_the_page_says_what_was_found() -> None:
    made = report()
    found = checks(made, [STYLE])
    page = report_page(made, found, [STYLE], name="d", digest="ab" * 32)
    met = sum(check.met is True for check in found)
    assert f"<h2>Bounds: {met} met, {len(found) - met} not met</h2>" in page
    for words in (
        "11 documents of 11 complaints",
        "0.300 [0.250, 0.350]",
        "a0001 (0.90)",
        "&lt;i&gt;commas&lt;/i&gt;",
    ):
        assert words in page
