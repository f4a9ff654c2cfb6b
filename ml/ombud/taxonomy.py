"""Outcomes and reasons: the one table that every other module reads.

Grounds are those of the Local Government Act 1974 (LGA 1974), Part 3 for councils and
Part 3A for adult social care providers. `description` says the reason in plain words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

__all__ = [
    "LABELS",
    "OUTCOMES",
    "REASONS",
    "TAXONOMY_VERSION",
    "Family",
    "Outcome",
    "Reason",
    "reason",
]

TAXONOMY_VERSION: Final = "1"

Family = Literal["discretion", "jurisdiction", "finding"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One of the three ways a case can end."""

    label: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason that a decision may give; several may apply to one case."""

    label: str
    family: Family
    ground: str
    title: str
    description: str


OUTCOMES: Final[tuple[Outcome, ...]] = (
    Outcome("upheld", "Upheld", "fault was found or accepted"),
    Outcome("not_upheld", "Not upheld", "the matter was investigated and no fault was found"),
    Outcome(
        "closed_after_initial_enquiries",
        "Closed after initial enquiries",
        "the matter was not, or not fully, investigated",
    ),
)

_DISCRETION = "LGA 1974 s.24A(6)"

REASONS: Final[tuple[Reason, ...]] = (
    Reason(
        "nothing_significant_achieved",
        "discretion",
        _DISCRETION,
        "Nothing significant would be achieved",
        "an investigation would not lead to a different or worthwhile outcome",
    ),
    Reason(
        "cannot_add_to_earlier_investigation",
        "discretion",
        _DISCRETION,
        "Cannot add to the earlier investigation",
        "the body has already looked into it and more enquiries would add nothing",
    ),
    Reason(
        "outcome_sought_not_achievable",
        "discretion",
        _DISCRETION,
        "Outcome sought cannot be achieved",
        "the Ombudsman has no power to give the person what they want",
    ),
    Reason(
        "insufficient_evidence_of_fault",
        "discretion",
        _DISCRETION,
        "Not enough evidence of fault",
        "there is too little sign that the body did anything wrong",
    ),
    Reason(
        "insufficient_injustice",
        "discretion",
        _DISCRETION,
        "Not enough injustice",
        "what happened did not affect the person seriously enough",
    ),
    Reason(
        "already_remedied",
        "discretion",
        _DISCRETION,
        "Already put right",
        "the body has already done enough to put matters right",
    ),
    Reason(
        "other_body_better_placed",
        "discretion",
        _DISCRETION,
        "Another body is better placed",
        "a regulator or another organisation is the proper one to look at it",
    ),
    Reason(
        "complaint_handling_only",
        "discretion",
        _DISCRETION,
        "Only complaint handling is left",
        "how a complaint was handled is not looked at when its subject is not",
    ),
    Reason(
        "already_considered",
        "discretion",
        _DISCRETION,
        "Already considered by the Ombudsman",
        "the Ombudsman has decided the same matter before",
    ),
    Reason(
        "investigation_discontinued",
        "discretion",
        _DISCRETION,
        "Investigation discontinued",
        "an investigation was begun and then stopped",
    ),
    Reason(
        "withdrawn",
        "discretion",
        _DISCRETION,
        "Withdrawn",
        "the person no longer wishes to go on with the complaint",
    ),
    Reason(
        "late",
        "jurisdiction",
        "LGA 1974 s.26B/34D",
        "Late",
        "the person knew of it more than twelve months before complaining, with no good reason",
    ),
    Reason(
        "premature",
        "jurisdiction",
        "LGA 1974 s.26(5)",
        "Not yet put to the body",
        "the body has not had notice of the complaint and a fair chance to reply",
    ),
    Reason(
        "tribunal_appeal_right",
        "jurisdiction",
        "LGA 1974 s.26(6)(a)",
        "Could appeal to a tribunal",
        "the person has or had a right of appeal to a tribunal that it is reasonable to use",
    ),
    Reason(
        "ministerial_appeal_right",
        "jurisdiction",
        "LGA 1974 s.26(6)(b)",
        "Could appeal to a minister",
        "the person can appeal to a government minister or the planning inspectors",
    ),
    Reason(
        "court_remedy",
        "jurisdiction",
        "LGA 1974 s.26(6)(c)",
        "Could go to court",
        "the person can take the matter to court and it is reasonable to expect it",
    ),
    Reason(
        "appeal_already_used",
        "jurisdiction",
        "LGA 1974 s.26(6)",
        "Appeal already used",
        "the person has already appealed to a tribunal, a minister or a court about it",
    ),
    Reason(
        "own_review_available",
        "jurisdiction",
        "LGA 1974 s.26(6)",
        "Own review available",
        "the body's own review or another statutory route is open and should be used",
    ),
    Reason(
        "affects_most_inhabitants",
        "jurisdiction",
        "LGA 1974 s.26(7)",
        "Affects most inhabitants",
        "the matter affects all or most of the people in the area",
    ),
    Reason(
        "complainant_not_eligible",
        "jurisdiction",
        "LGA 1974 s.26A/27",
        "Complainant not eligible",
        "the person may not bring this complaint: not affected, no consent, or a public body",
    ),
    Reason(
        "court_proceedings",
        "jurisdiction",
        "LGA 1974 Sch 5 para 1",
        "Court proceedings",
        "the matter is the start or conduct of court proceedings, or was before a court",
    ),
    Reason(
        "crime_investigation",
        "jurisdiction",
        "LGA 1974 Sch 5 para 2",
        "Investigation of crime",
        "the matter is action taken to investigate or prevent crime",
    ),
    Reason(
        "commercial_matter",
        "jurisdiction",
        "LGA 1974 Sch 5 para 3",
        "Commercial matter",
        "the matter is a contract or other commercial dealing of the body",
    ),
    Reason(
        "personnel_matter",
        "jurisdiction",
        "LGA 1974 Sch 5 para 4",
        "Personnel matter",
        "the matter is employment: appointment, pay, discipline or pension of staff",
    ),
    Reason(
        "school_internal_matter",
        "jurisdiction",
        "LGA 1974 Sch 5 para 5",
        "Internal matter of a school",
        "the matter is teaching, conduct, discipline or management in a school",
    ),
    Reason(
        "outside_jurisdiction",
        "jurisdiction",
        "LGA 1974 s.25/34",
        "Outside jurisdiction",
        "the body or the action is not one the Ombudsman can look at",
    ),
    Reason(
        "fault_causing_injustice",
        "finding",
        "LGA 1974 s.30",
        "Fault causing injustice",
        "the body was at fault and this caused the person injustice",
    ),
    Reason(
        "fault_without_injustice",
        "finding",
        "LGA 1974 s.30",
        "Fault without injustice",
        "the body was at fault but this made no real difference to the person",
    ),
    Reason(
        "fault_already_remedied",
        "finding",
        "LGA 1974 s.30",
        "Fault already remedied",
        "the body was at fault and had already put it right",
    ),
    Reason(
        "remedy_agreed_early",
        "finding",
        "LGA 1974 s.30",
        "Remedy agreed early",
        "the body agreed to put matters right without an investigation",
    ),
    Reason(
        "no_fault",
        "finding",
        "LGA 1974 s.30",
        "No fault",
        "the matter was investigated and the body was not at fault",
    ),
)

LABELS: Final[tuple[str, ...]] = tuple(o.label for o in OUTCOMES) + tuple(r.label for r in REASONS)

_BY_LABEL: Final = {r.label: r for r in REASONS}


def reason(label: str) -> Reason:
    """Return the reason called `label`.

    Raises:
        KeyError: If there is no such reason.
    """
    return _BY_LABEL[label]
