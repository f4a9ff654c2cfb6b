"""Whether a statement refuses, or comes to a finding; many words mean different things in each.

"There is no fault" in a refusal is too little evidence of fault; in a finding it is no fault.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ombud.documents import SectionKind
from ombud.labelling.functions import Guard, Stance

__all__ = ["NO_FAULT_PATTERNS", "STANCE_GUARDS", "STANCE_PATTERNS", "STANCE_SECTIONS", "stance_of"]

STANCE_SECTIONS: Final[frozenset[SectionKind]] = frozenset(("summary", "decision", "body"))
STANCE_GUARDS: Final[frozenset[Guard]] = frozenset(("reported", "quoted", "conditional", "menu"))

STANCE_PATTERNS: Final[dict[Stance, tuple[str, ...]]] = {
    "declined": (
        (
            "@we _2 will|shall|can|could|may|do|does|did|have|has|am|are|would|should not _3 "
            "investigate|investigated|investigating|pursue|pursuing|examine|taking|entertain"
        ),
        "@we will|shall|can|could|may|do|does not _2 look|looking|go into",
        "@we will|shall|can|could|may not _2 take|consider|accept|begin|start|open|act|intervene",
        "@we _1 not|decided not|not to investigate|pursue|look|take",
        "@we _2 decided|decide against|not _2 investigating|investigate|look|pursue|enquire",
        "@we _6 will not investigate|pursue",
        "without _3 investigated|investigating",
        "without _3 having? investigated",
        "@we will|shall leave _3 to",
        "not _4 one @we|that|which _3 investigate|look|pursue|examine",
        "@we _3 no|without power|powers|jurisdiction to|over",
        "discontinued|discontinue|discontinuing",
        (
            "no reason|purpose|case|call|need|grounds _1 to|for|in|our investigate|investigating|"
            "enquiring|pursue|go|begin|carry|investigation"
        ),
        "not _3 warrant|justify|merit _4 investigation|enquiry|inquiry|involvement",
        "complaint|it|matter will not|shall be? investigated|pursued",
    ),
    "investigated": (
        "completed @our|the|this investigation",
        "@we _2 uphold|upheld|upholds",
        "@we _3 find|found|finds _2 fault|failings|maladministration",
        "@named_body was|is|were|are at fault",
        "there was|were fault by|in",
        "fault causing|which|that caused? injustice",
        "not uphold",
    ),
}
NO_FAULT_PATTERNS: Final = (
    "@named_body was|is|were|are not at fault",
    "there was|were no fault",
    "@we _2 no|not _2 fault",
)
"""These speak for a finding only where nothing speaks for a refusal."""


def stance_of(kinds: Iterable[SectionKind], seen: frozenset[Stance]) -> Stance | None:
    """Return the one stance that a statement takes, `None` where it takes both or neither.

    Args:
        kinds: The kinds of its sections.
        seen: The stances for which a sentence speaks.
    """
    if len(seen) == 1:
        return next(iter(seen))
    if seen:
        return None
    present = set(kinds)
    if "findings" in present or "agreed_action" in present:
        return "investigated"
    return "declined" if "assessment" in present else None
