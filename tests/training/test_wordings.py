"""Short statements made of single wordings."""

from __future__ import annotations

from collections import Counter

import pytest
import torch

from ombud.corpus import Wording
from ombud.documents import SECTION_KINDS
from ombud.taxonomy import OUTCOMES, REASONS, Reason
from ombud_training.wordings import implied_outcome, short_statements, wording_examples

OUTCOME = [outcome.label for outcome in OUTCOMES]
REASON = [reason.label for reason in REASONS]
LETTERS = [Wording(f"It was {number} years ago.", "body", ("late",)) for number in range(9)] + [
    Wording(f"I wrote {number} times.", "body", (), "late") for number in range(9)
]
WORDINGS = [
    Wording(f"{label} said in way {number}.", section, (label,))
    for label in ("late", "premature", "no_fault", "fault_causing_injustice")
    for number, section in enumerate(("assessment", "summary", "decision") * 7)
] + [Wording(f"Only looks late {number}.", "background", (), "late") for number in range(12)]


def test_every_wording_stands_in_exactly_one_statement() -> None:
    told = Counter(
        line
        for example in short_statements(WORDINGS, 3)
        for line in example.reading.document.text.split("\n")
    )
    assert told == Counter(wording.text for wording in WORDINGS)


def test_a_sentence_has_its_own_text_and_opens_the_gates_of_its_own_reasons() -> None:
    labels = {wording.text: wording.labels for wording in WORDINGS}
    for example in short_statements(WORDINGS, 3):
        text = example.reading.document.text
        for number, sentence in enumerate(example.reading.sentences):
            own = labels[text[sentence.span.start : sentence.span.end]]
            opened = example.gates[number, 1:].nonzero().flatten().tolist()
            assert opened == [REASON.index(label) for label in own]
            if example.outcome is not None:
                assert example.gates[number, 0] == float(bool(own))
        assert torch.equal(example.reasons, example.gates[:, 1:].amax(dim=0))


def test_all_reasons_of_a_statement_lead_to_its_outcome_but_fault_outweighs_no_fault() -> None:
    statements = [one for one in short_statements(WORDINGS, 3) if one.outcome is not None]
    reached = set()
    mixed = 0
    for example in statements:
        given = [REASON[n] for n in example.reasons.nonzero().flatten().tolist()]
        assert given
        led_to = {implied_outcome(label) for label in given}
        mixed += led_to == {"upheld", "not_upheld"}
        if led_to == {"upheld", "not_upheld"}:
            led_to = {"upheld"}
        assert led_to == {OUTCOME[example.outcome or 0]}
        reached.add(example.outcome)
    assert len(reached) == len(OUTCOMES)
    assert 0 < mixed < len(statements) / 4


def test_some_statements_give_two_reasons_and_some_hold_a_sentence_that_gives_none() -> None:
    statements = [one for one in short_statements(WORDINGS, 3) if one.outcome is not None]
    assert max(float(one.reasons.sum()) for one in statements) == 2.0
    assert any(bool((one.gates[:, 0] == 0).any()) for one in statements)


def test_sentences_that_give_no_reason_have_no_outcome_of_their_own() -> None:
    for example in short_statements(WORDINGS, 3):
        if not bool(example.reasons.any()):
            assert example.outcome is None
            assert bool(example.gates[:, 0].isnan().all())


def test_sections_stand_in_the_order_of_a_statement() -> None:
    for example in short_statements(WORDINGS, 3):
        order = [SECTION_KINDS.index(s.section) for s in example.reading.sentences]
        assert order == sorted(order)


def test_the_draw_depends_on_the_seed_alone() -> None:
    texts = [
        [example.reading.document.text for example in short_statements(WORDINGS, seed)]
        for seed in (3, 3, 4)
    ]
    assert texts[0] == texts[1]
    assert texts[0] != texts[2]


@pytest.mark.parametrize("reason", REASONS, ids=REASON)
def test_only_an_investigation_ends_otherwise_than_closed(reason: Reason) -> None:
    closed = implied_outcome(reason.label) == "closed_after_initial_enquiries"
    begun = reason.family == "finding" or reason.label == "investigation_discontinued"
    assert closed != begun


def test_mixed_readings_have_eight_wordings_and_no_outcome() -> None:
    mixed = wording_examples(WORDINGS, 3)
    assert [len(one.reading.sentences) for one in mixed] == [8] * 12
    assert {one.outcome for one in mixed} == {None}
    assert bool(torch.stack([one.gates[:, 0] for one in mixed]).isnan().all())


def test_sentences_of_letters_make_letters_without_an_outcome() -> None:
    told = Counter()
    for example in short_statements(WORDINGS + LETTERS, 3):
        lines = example.reading.document.text.split("\n")
        letter = example.reading.view == "complaint"
        assert {line.startswith(("It was", "I wrote")) for line in lines} == {letter}
        if letter:
            told.update(lines)
            assert example.outcome is None
            assert {s.section for s in example.reading.sentences} == {"body"}
            late = float(any(line.startswith("It was") for line in lines))
            assert example.reasons[REASON.index("late")] == late
            assert example.reasons.sum() == late
            assert late
    # What carries a reason stands in one letter; what carries none may stand in any number.
    assert {line: n for line, n in told.items() if line.startswith("It was")} == {
        wording.text: 1 for wording in LETTERS if wording.labels
    }
    assert any(line.startswith("I wrote") for line in told)


def test_mixed_readings_are_of_one_view() -> None:
    examples = wording_examples(WORDINGS + LETTERS, 3)
    assert Counter(one.reading.view for one in examples) == {"statement": 12, "complaint": 3}
    for example in examples:
        kinds = {sentence.section == "body" for sentence in example.reading.sentences}
        assert kinds == {example.reading.view == "complaint"}
