"""The finding's own words in complaint parts: found as the source prints them, and no others."""

from __future__ import annotations

import time

import pytest

from ombud.finding_words import finding_spans


def told(text: str) -> list[str]:
    return [span.of(text) for span in finding_spans(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("There was maladministration in its work on a roof.", ["There was maladministration in"]),
        ("T here was no malad ministration in its work.", ["T here was no malad ministration in"]),
        ("The roof: service failure.", ["service failure"]),
        (
            (
                "In accordance with paragraph 5 2 of the Housing Ombudsman Scheme, there has been: "
                "Severe maladministration by the landlord in respect of a roof."
            ),
            [
                (
                    "In accordance with paragraph 5 2 of the Housing Ombudsman Scheme, there has been: "
                    "Severe maladministration by the landlord in respect of"
                )
            ],
        ),
        (
            "The Ombudsman has therefore found maladministration in its work on a roof.",
            ["The Ombudsman has therefore found maladministration in"],
        ),
        ("It offered redress for a roof.", ["It offered redress for"]),
        (
            (
                "The landlord has made an offer of redress about a roof which, in the Ombudsman's "
                "opinion, resolves the complaint satisfactorily."
            ),
            [
                "The landlord has made an offer of redress about",
                "which, in the Ombudsman's opinion, resolves the complaint satisfactorily",
            ],
        ),
        ("The front door is outside jurisdiction.", ["is outside jurisdiction"]),
        (
            "His claim is outside the jurisdiction of this Service to consider.",
            ["is outside the jurisdiction of this Service to consider"],
        ),
        ("The Ombudsman will not consider his claim.", ["The Ombudsman will not consider"]),
        ("The complaint was partially upheld.", ["The complaint was partially upheld"]),
    ],
)
def test_words_that_say_the_finding(text: str, words: list[str]) -> None:
    assert told(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "The landlord's handling of a leaning chimney.",
        "Its offer of £40 and an apology.",
        "There was no hot water and the lift failed.",
        "He asked for an explanation of section 20 works.",
        "Administration of the service charge account.",
        "The tenants upheaved the paving.",
        "",
        " \n",
    ],
)
def test_words_that_do_not(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    "words", ["a", "no", "paragraph1", "the ombudsman has found that ", "or redress"]
)
def test_a_long_text_of_the_same_words_is_no_work(words: str) -> None:
    started = time.process_time()
    finding_spans((words * 200_000)[:200_000])
    assert time.process_time() - started < 20
