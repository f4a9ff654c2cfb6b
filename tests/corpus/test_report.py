"""The report of a corpus: counts and shared sequences that a reader can check by hand."""

from __future__ import annotations

import pytest

from cases import case, row
from ombud.corpus import compile_cases, corpus_report
from ombud.corpus.report import shared_sequences
from ombud.errors import InputError


def test_shared_sequences_by_hand() -> None:
    eight = "one two three four five six seven eight"
    documents = [
        [eight + " nine"],
        ["zero " + eight],
        ["ONE two, three’s four five six seven eight nine ten"],
        ["one two three four", "five six seven eight"],
        [],
    ]
    assert shared_sequences(documents) == [0.5, 0.5, 0.0, 0.0, 0.0]


def test_a_document_shares_nothing_with_itself() -> None:
    eight = "one two three four five six seven eight. "
    assert shared_sequences([[eight * 3], ["other words"]]) == [0.0, 0.0]


def test_counts() -> None:
    rows = [*compile_cases([case()]), row(1), row(2, group="g1"), row(3, distractors=({"a": 1},))]
    report = corpus_report(rows)
    assert (report.documents, report.groups) == (4, 3)
    assert report.outcomes == {
        "upheld": 1, "not_upheld": 1, "closed_after_initial_enquiries": 2,
    }  # fmt: skip
    assert report.reasons["late"] == (4, 4, 5)
    assert report.reasons["court_remedy"] == (1, 0, 1)
    assert report.reasons["withdrawn"] == (0, 0, 0)
    assert report.pairs == {("court_remedy", "late"): 1}
    assert (report.several_reasons, report.with_distractor) == (0.25, 0.5)
    assert report.letter_words == (6, 6, 9, 10)


def test_headings_powers_and_copies_do_not_count_as_shared() -> None:
    powers = "The Ombudsman's role and powers\nWe may look at what a council has or has not done."
    texts = [
        f"{powers}\nThe complaint\nA story of {n} numbers told nowhere else at all, {n}."
        for n in "123"
    ]
    rows = [row(n, text=text) for n, text in enumerate(texts)]
    rows.append(row(9, group="g0", text=texts[0]))
    assert corpus_report(rows).shared == (0.0, 0.0)
    stolen = [
        row(n, text=f"The complaint\nA long tale that both of them tell word for word {n}")
        for n in (1, 2)
    ]
    mean, most = corpus_report(stolen).shared
    assert mean == most == pytest.approx(4 / 5)


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_documents(count: int) -> None:
    with pytest.raises(InputError) as caught:
        corpus_report([row(n) for n in range(count)])
    assert str(caught.value) == f"expected at least two documents to report on, found {count}"
