"""The taxonomy: the table of the design, and nothing else."""

from __future__ import annotations

import re

import pytest

from ombud import taxonomy
from ombud.taxonomy import LABELS, OUTCOMES, REASONS, reason

GROUNDS = {
    "discretion": {
        "nothing_significant_achieved": "s.24A(6)",
        "cannot_add_to_earlier_investigation": "s.24A(6)",
        "outcome_sought_not_achievable": "s.24A(6)",
        "insufficient_evidence_of_fault": "s.24A(6)",
        "insufficient_injustice": "s.24A(6)",
        "already_remedied": "s.24A(6)",
        "other_body_better_placed": "s.24A(6)",
        "complaint_handling_only": "s.24A(6)",
        "already_considered": "s.24A(6)",
        "investigation_discontinued": "s.24A(6)",
        "withdrawn": "s.24A(6)",
    },
    "jurisdiction": {
        "late": "s.26B/34D",
        "premature": "s.26(5)",
        "tribunal_appeal_right": "s.26(6)(a)",
        "ministerial_appeal_right": "s.26(6)(b)",
        "court_remedy": "s.26(6)(c)",
        "appeal_already_used": "s.26(6)",
        "own_review_available": "s.26(6)",
        "affects_most_inhabitants": "s.26(7)",
        "complainant_not_eligible": "s.26A/27",
        "court_proceedings": "Sch 5 para 1",
        "crime_investigation": "Sch 5 para 2",
        "commercial_matter": "Sch 5 para 3",
        "personnel_matter": "Sch 5 para 4",
        "school_internal_matter": "Sch 5 para 5",
        "outside_jurisdiction": "s.25/34",
    },
    "finding": {
        "fault_causing_injustice": "s.30",
        "fault_without_injustice": "s.30",
        "fault_already_remedied": "s.30",
        "remedy_agreed_early": "s.30",
        "no_fault": "s.30",
    },
}


def test_outcomes_in_the_order_of_the_logits() -> None:
    assert [(o.label, o.title) for o in OUTCOMES] == [
        ("upheld", "Upheld"),
        ("not_upheld", "Not upheld"),
        ("closed_after_initial_enquiries", "Closed after initial enquiries"),
    ]


def test_reasons_families_and_grounds_in_order() -> None:
    expected = [
        (family, label, f"LGA 1974 {ground}")
        for family, grounds in GROUNDS.items()
        for label, ground in grounds.items()
    ]
    assert len(expected) == 31
    assert [(r.family, r.label, r.ground) for r in REASONS] == expected


def test_every_label_is_told_apart_and_described() -> None:
    assert len(set(LABELS)) == len(LABELS) == 34
    rows = [*OUTCOMES, *REASONS]
    assert len({row.title for row in rows}) == len({row.description for row in rows}) == 34
    for row in rows:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", row.label)
        assert row.title[0].isupper()
        assert row.description[0].islower()
        assert not row.description.endswith(".")


def test_a_reason_by_its_label() -> None:
    assert reason("late").title == "Late"
    with pytest.raises(KeyError):
        reason("tardy")


def test_the_public_names_are_sorted_and_there() -> None:
    names = taxonomy.__all__
    constants = [n for n in names if n.isupper()]
    others = [n for n in names if not n.isupper()]
    assert constants == sorted(constants)
    assert others == sorted(others, key=lambda n: (not n[0].isupper(), n))
    assert all(hasattr(taxonomy, n) for n in names)
