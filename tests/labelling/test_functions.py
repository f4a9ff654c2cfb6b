"""Votes, abstention and evidence of labelling functions as a whole."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from ombud.documents import Document
from ombud.labelling import LABELLING_FUNCTIONS, LabellingFunction, Vote, apply, evidence, summary
from ombud.labelling.functions import GUARDS
from ombud.labelling.guards import is_guarded
from ombud.labelling.patterns import compile_pattern, tokens_of
from ombud.labelling.scan import scan
from ombud.readers import from_text, read_document
from ombud.spans import Span

STATEMENT = """The Ombudsman’s final decision
Summary: We will not investigate this complaint about a hedge. It is late, and Mr Y has used his right of appeal.
The complaint
1. Mr Y says that the Council is at fault and that a court should decide who owns the hedge.
The Ombudsman’s role and powers
2. We may decide not to investigate if there is not enough evidence of fault.
My assessment
3. The complaint is late. Mr Y knew of the notice in 2015 but did not complain to us until 2021.
Final decision
4. We will not investigate this late complaint.
"""
LATE = next(f for f in LABELLING_FUNCTIONS if f.name == "late.said")
SILENT = next(f for f in LABELLING_FUNCTIONS if f.name == "withdrawn.complaint")


@pytest.fixture
def statement() -> Document:
    return from_text(STATEMENT, "hedge")


def test_names_are_unique_and_begin_with_their_label() -> None:
    names = [f.name for f in LABELLING_FUNCTIONS]
    assert len(set(names)) == len(names)
    assert all(f.name.split(".")[0] == f.label for f in LABELLING_FUNCTIONS)


def test_every_pattern_compiles_and_every_rival_exists() -> None:
    known = {name for f in LABELLING_FUNCTIONS for name in (f.name, f.label)}
    for function in LABELLING_FUNCTIONS:
        for source in (*function.patterns, *function.unless):
            assert compile_pattern(source).source == source
        assert set(function.yields_to) <= known


def test_votes_are_passages_of_the_text_in_order(statement: Document) -> None:
    votes = apply(statement)
    assert votes
    assert [v.span.start for v in votes] == sorted(v.span.start for v in votes)
    for vote in votes:
        passage = statement.text[vote.span.start : vote.span.end]
        assert passage == vote.span.of(statement.text)
        assert passage == passage.strip() != ""


def test_only_what_the_ombudsman_says_is_labelled(statement: Document) -> None:
    assert list(summary(apply(statement))) == ["late", "appeal_already_used"]


def test_a_function_returns_spans_or_none(statement: Document) -> None:
    spans = evidence(LATE, statement)
    assert spans is not None
    assert all(isinstance(span, Span) for span in spans)
    assert "3. The complaint is late." in {span.of(statement.text) for span in spans}
    assert evidence(SILENT, statement) is None


def test_evidence_of_one_function_is_its_part_of_all_votes(statement: Document) -> None:
    votes = apply(statement)
    voters = {vote.function for vote in votes}
    silent = [f for f in LABELLING_FUNCTIONS if f.name not in voters]
    for function in (*(f for f in LABELLING_FUNCTIONS if f.name in voters), *silent[::20]):
        spans = tuple(v.span for v in votes if v.function == function.name)
        assert evidence(function, statement) == (spans or None)


def test_a_text_without_reasons_has_no_votes() -> None:
    assert apply(from_text("My bins were not emptied on Tuesday.", "letter")) == ()
    assert summary(()) == {}


def test_a_broken_rule_is_an_error_and_no_abstention(statement: Document) -> None:
    broken = LabellingFunction("late.broken", "late", ("complaint @nobody",))
    with pytest.raises(ValueError, match=r"^expected a set of words named in WORDS, found "):
        evidence(broken, statement)


def test_a_function_gives_way_to_another_label(statement: Document) -> None:
    plain = LabellingFunction("late.test", "late", ("late",))
    giving = LabellingFunction("late.test", "late", ("late",), yields_to=("appeal_already_used",))
    rivals = [f for f in LABELLING_FUNCTIONS if f.label == "appeal_already_used"]
    assert {v.label for v in scan(statement, [plain, *rivals])} == {"late", "appeal_already_used"}
    assert {v.label for v in scan(statement, [giving, *rivals])} == {"appeal_already_used"}


def test_what_is_said_in_passing_gives_way_to_a_verdict() -> None:
    passing = LabellingFunction("late.test", "late", ("old",))
    verdict = LabellingFunction("withdrawn.test", "withdrawn", ("dropped",))
    outright = replace(passing, weight="firm")
    text = "My assessment\nThis is old.\nFinal decision\nShe has dropped it. It was dropped.\n"
    document = from_text(text, "x")
    assert {v.label for v in scan(document, [passing, verdict])} == {"withdrawn"}
    assert {v.label for v in scan(document, [passing])} == {"late"}
    assert {v.label for v in scan(document, [outright, verdict])} == {"late", "withdrawn"}


def test_weak_evidence_only_bears_out_other_evidence() -> None:
    weak = LabellingFunction("late.weak", "late", ("old",), weight="weak")
    plain = LabellingFunction("late.plain", "late", ("stale",))
    other = LabellingFunction("withdrawn.test", "withdrawn", ("dropped",))
    text = "My assessment\nThis is old.\nFinal decision\nIt is stale. She dropped it. It was dropped.\n"
    document = from_text(text, "x")
    assert scan(document, [weak]) == ()
    assert {v.label for v in scan(document, [plain, other])} == {"withdrawn"}
    assert {v.label for v in scan(document, [weak, plain, other])} == {"late", "withdrawn"}


def test_a_bar_that_role_and_powers_quotes_needs_no_second_sentence() -> None:
    plain = LabellingFunction("late.plain", "late", ("stale",))
    other = LabellingFunction("withdrawn.test", "withdrawn", ("dropped",))
    text = (
        "The Ombudsman's role and powers\n{}\n"
        "Final decision\nIt is stale. She dropped it. It was dropped.\n"
    )
    quoted = from_text(text.format("We cannot look at late complaints."), "x")
    unquoted = from_text(text.format("We cannot look at crime."), "x")
    assert {v.label for v in scan(quoted, [plain, other])} == {"late", "withdrawn"}
    assert {v.label for v in scan(unquoted, [plain, other])} == {"withdrawn"}


def test_a_refusal_can_be_read_past() -> None:
    patterns = ("not _9 hedge", "no reason")
    reads = LabellingFunction("late.test", "late", patterns, guards=frozenset())
    past = replace(reads, past_refusal=True)
    refusal = "Final decision\nWe will not investigate this complaint about a hedge{}.\n"
    for words, expected in (("", False), (", for there is no reason to", True)):
        document = from_text(refusal.format(words), "x")
        assert scan(document, [reads])
        assert bool(scan(document, [past])) is expected


def test_a_label_outside_the_taxonomy_is_refused() -> None:
    message = "x.y: expected a label of the taxonomy, found 'x'"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        LabellingFunction("x.y", "x", ("late",))


def test_a_function_without_patterns_is_refused() -> None:
    message = "late.empty: expected at least one pattern, found none"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        LabellingFunction("late.empty", "late", ())


def test_summary_joins_votes_of_one_passage() -> None:
    votes = (
        Vote("no_fault.stock", "no_fault", Span(5, 9)),
        Vote("late.said", "late", Span(1, 4)),
        Vote("late.time_rule", "late", Span(1, 4)),
    )
    assert summary(votes) == {"late": (Span(1, 4),), "no_fault": (Span(5, 9),)}


@pytest.mark.parametrize(
    ("words", "guarded"),
    [
        ("The claim is stale.", False),
        ("I do not say that the claim is stale.", True),
        ("Mr B says the claim is stale.", True),
        ("Mr B says otherwise, but the claim is stale.", False),
        ("According to the Council, the claim is stale.", True),
        ("The claim is stale, the Council wrote.", True),
        ("Its letter says \u201cthe claim is stale\u201d and no more.", True),
        ('It has "x" in it and the claim is stale.', False),
        ("If the claim is stale, we stop.", True),
        ("Whether or not he knew, the claim is stale.", False),
        ("We may decide to stop because the claim is stale.", True),
        ("We cannot look at it because the claim is stale.", False),
        ("Our answer on Mr B's complaint about how the claim is stale.", True),
        ("We looked at his complaint about a hedge, and the claim is stale.", False),
        ("Mr B complained about a hedge where the claim is stale.", True),
        ("Does that mean the claim is stale?", True),
    ],
)
def test_guards_tell_what_is_meant(words: str, guarded: bool) -> None:
    sentence = tokens_of(words)
    ((start, end),) = compile_pattern("claim is stale").matches(sentence)
    assert is_guarded(sentence, start, end, GUARDS) is guarded


@pytest.mark.real
def test_real_decisions_get_the_reason_they_give_and_no_other(real_folder: Path) -> None:
    refusal = read_document(real_folder / "lgsco" / "23-008-522.txt")
    assert list(summary(apply(refusal))) == ["nothing_significant_achieved"]
    reports = sorted((real_folder / "lgsco").glob("record_*.json"))
    assert len(reports) == 12
    for path in reports:
        assert list(summary(apply(read_document(path)))) == ["fault_causing_injustice"]
