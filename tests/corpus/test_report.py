"""The report of a corpus: counts and shared sequences that a reader can check by hand."""

from __future__ import annotations

import dataclasses
import json
import random

import pytest

from cases import case, row
from ombud.corpus import GoldCase, GoldReason, compile_cases, corpus_report
from ombud.corpus.report import Lengths, shared_sequences
from ombud.errors import InputError
from ombud.spans import Span


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
    assert report.matrix["late"] == {
        "upheld": 1, "not_upheld": 1, "closed_after_initial_enquiries": 2,
    }  # fmt: skip
    assert report.duplicate_groups == 1
    assert report.years == {"2015": 3, "2021": 1}
    assert report.writers == {"w1": 2, "w9": 1}
    closed = "closed_after_initial_enquiries"
    assert {o: own.words for o, own in report.letters.items()} == {
        "upheld": (6,), "not_upheld": (6,), closed: (6, 10),
    }  # fmt: skip
    assert (report.read_twice, report.letters_with_decision, report.writing) == (0, 0, None)
    assert json.loads(json.dumps(report.to_json()))["pairs"] == [["court_remedy", "late", 1]]


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


def test_reasons_said_freely_are_counted_by_complaint() -> None:
    def said(number: int, words: str, **values: str) -> GoldCase:
        text = f"The complaint\n{words}"
        reason = GoldReason("late", True, (Span(14, len(text)),), ())
        return row(number, text=text, reasons=(reason,), **values)

    rows = [
        said(1, "It is too late for us."),
        said(2, "He knew in spring, years ago."),
        said(3, "He knew in spring, years ago.", group="g2"),
        said(4, "It was known to all."),
    ]
    report = corpus_report(rows)
    assert report.freely["late"] == (2, 3)
    assert report.freely["withdrawn"] == (0, 0)
    assert report.said_freely == pytest.approx(2 / 3)


def test_type_token_ratio_does_not_depend_on_length() -> None:
    words = [f"w{random.Random(n).randrange(60)}" for n in range(400)]
    reports = [
        corpus_report([row(n, letter=" ".join(words[:length])) for n in (1, 2)])
        for length in (100, 400)
    ]
    short, long = (report.type_token[1] for report in reports)
    assert short == pytest.approx(long, abs=0.05)
    assert corpus_report([row(n, letter="so so so so") for n in (1, 2)]).type_token[1] == 0.25


def test_what_the_case_files_add() -> None:
    odd = dataclasses.replace(
        case(),
        field_and_text_disagree=True,
        wording="free",
        letter_style="sarcastic",
        also_published_for=("Otherham Council",),
    )
    rows = compile_cases([odd, dataclasses.replace(case(), id="a2")])
    writing = corpus_report(rows, [odd, dataclasses.replace(case(), id="a2")]).writing
    assert writing is not None
    assert (writing.at_odds, writing.free, writing.reasons) == (2, 2, 4)
    # "a court would have heard him then" holds no stock phrase of late or court_remedy.
    assert writing.free_with_stock == 0
    assert writing.letter_styles == {
        "not stated": {"upheld": 0, "not_upheld": 0, "closed_after_initial_enquiries": 1},
        "sarcastic": {"upheld": 0, "not_upheld": 0, "closed_after_initial_enquiries": 1},
    }


def test_case_files_of_another_dataset() -> None:
    with pytest.raises(InputError) as caught:
        corpus_report([row(1), row(2)], [case()])
    assert str(caught.value) == (
        "expected the case files of every complaint of the dataset, found none of g1 (2 missing); "
        "build the dataset of these files again"
    )


def test_lengths() -> None:
    lengths = Lengths((100, 200, 300, 400, 900))
    assert lengths.quartiles == (150, 300, 650, 900)
    assert lengths.share(200, 400) == 0.6
    assert Lengths(()).quartiles == (0, 0, 0, 0)
    assert Lengths((7,)).quartiles == (7, 7, 7, 7)
    assert Lengths(()).share(0, 9) == 0
