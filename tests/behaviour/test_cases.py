"""The form of the behaviour suite: enough cases, no filler, every text read as it should be."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from ombud.readers import from_text
from ombud.taxonomy import REASONS
from ombud.views import read
from ombud_training.behaviour import MOST_CHANGE, TARGETS
from ombud_training.behaviour_bounds import read_bounds
from ombud_training.behaviour_cases import KINDS, Capability, Case, read_capabilities

FOLDER = Path(__file__).parent / "cases"
BOUNDS = Path(__file__).parent / "bounds.json"
REAL = "lgsco", "phso"
LEAST_CAPABILITIES, LEAST_CASES, LEAST_A_REASON = 20, 15, 5
OF_THE_ISSUE = {
    "invariance": {
        "names", "money", "dates", "bodies", "gender", "dash_style", "quote_style", "whitespace",
        "boilerplate_in", "boilerplate_out", "paragraph_order",
    },
    "direction": {"four_years_ago", "usable_tribunal", "mentioned_tribunal"},
    "fairness": {"fairness_title", "fairness_name_origin", "fairness_disability"},
    "minimum_functionality": {
        "negated_grounds", "court_in_story", "reported_findings", "role_and_powers_menu",
        "late_accepted", "upheld_wording", "not_upheld_wording", "discontinued", "withdrawn",
        "premature", "already_remedied", "other_body",
    },
}  # fmt: skip
# A run of so many words in common with a real decision is copied, unless the Act or a heading says
# it; shorter ones are the genre's common language.
RUN = 9
COMMON = ("local government act", "how i considered this complaint")


@pytest.fixture(scope="module")
def capabilities() -> tuple[Capability, ...]:
    return read_capabilities(FOLDER)


def all_cases(capabilities: tuple[Capability, ...]) -> list[Case]:
    return [case for capability in capabilities for case in capability.cases]


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))


def bare(text: str) -> str:
    """The text without what a template would vary: names, sums, dates and numbers."""
    return " ".join(re.findall(r"(?<![\w£])[a-z]+(?!\w)", text))


def runs(text: str) -> set[tuple[str, ...]]:
    own = words(text)
    return {tuple(own[start : start + RUN]) for start in range(len(own) - RUN + 1)}


def test_there_are_enough_capabilities_and_cases(capabilities: tuple[Capability, ...]) -> None:
    assert len(capabilities) >= LEAST_CAPABILITIES
    assert {c.name: len(c.cases) for c in capabilities if len(c.cases) < LEAST_CASES} == {}
    assert {capability.kind for capability in capabilities} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_issue_names_is_there(kind: str, capabilities: tuple[Capability, ...]) -> None:
    assert OF_THE_ISSUE[kind] - {c.name for c in capabilities if c.kind == kind} == set()


def test_no_case_comes_twice(capabilities: tuple[Capability, ...]) -> None:
    counts = Counter((case.view, case.text, case.changed) for case in all_cases(capabilities))
    assert [key for key, count in counts.items() if count > 1] == []


def test_texts_differ_in_more_than_names_and_numbers(
    capabilities: tuple[Capability, ...],
) -> None:
    counts = Counter(bare(text) for text in {case.text for case in all_cases(capabilities)})
    assert [text for text, count in counts.items() if count > 1] == []


def test_a_template_would_be_found() -> None:
    assert bare("Mr A lost £40 on 3 May 2021.") == bare("Mrs Lee lost £75 on 9 June 2020.")


def test_every_reason_has_cases_that_expect_it(capabilities: tuple[Capability, ...]) -> None:
    counts = Counter(reason for case in all_cases(capabilities) for reason in case.reasons)
    few = {r.label: counts[r.label] for r in REASONS if counts[r.label] < LEAST_A_REASON}
    assert few == {}


def test_both_views_are_tested(capabilities: tuple[Capability, ...]) -> None:
    assert {case.view for case in all_cases(capabilities)} == {"statement", "complaint"}


def test_each_text_is_read_whole(capabilities: tuple[Capability, ...]) -> None:
    for case in all_cases(capabilities):
        for text in filter(None, (case.text, case.changed)):
            document = from_text(text, case.id)
            reading = read(document, case.view)
            # A sentence that states a decision would be left out of a letter, with a warning.
            assert reading.warnings == (), case.id
            assert document.is_statement == (case.view == "statement"), case.id


def test_bounds_are_those_of_the_suite(capabilities: tuple[Capability, ...]) -> None:
    bounds = read_bounds(BOUNDS)
    assert {name: bound.cases for name, bound in bounds.items()} == {
        capability.name: len(capability.cases) for capability in capabilities
    }
    for capability in capabilities:
        bound = bounds[capability.name]
        assert 0 <= bound.passed <= bound.cases
        assert (bound.mean_change is not None) == (capability.kind == "fairness")


def test_the_targets_stand_beside_the_bounds() -> None:
    targets = json.loads(BOUNDS.read_text(encoding="utf-8"))["targets"]
    assert targets == {**TARGETS, "fairness_mean_change": MOST_CHANGE}
    assert targets == {
        "minimum_functionality": 0.95,
        "invariance": 0.99,
        "direction": 0.9,
        "fairness_mean_change": 0.02,
    }


@pytest.mark.real
def test_no_case_holds_a_passage_of_a_real_decision(
    real_folder: Path, capabilities: tuple[Capability, ...]
) -> None:
    paths = [path for name in REAL for path in sorted((real_folder / name).iterdir())]
    assert len(paths) >= 25
    real = set[tuple[str, ...]]()
    for path in paths:
        # JSON writes an apostrophe or a line break in its own way.
        text = path.read_text(encoding="utf-8")
        plain = " ".join(_strings(json.loads(text))) if path.suffix == ".json" else text
        real |= runs(plain)
    copied = {
        " ".join(run)
        for case in all_cases(capabilities)
        for run in runs(case.text) | runs(case.changed)
        if run in real and not any(common in " ".join(run) for common in COMMON)
    }
    assert copied == set()


def _strings(content: object) -> list[str]:
    if isinstance(content, str):
        return [content]
    if isinstance(content, dict):
        return [text for value in content.values() for text in _strings(value)]
    if isinstance(content, list):
        return [text for value in content for text in _strings(value)]
    return []
