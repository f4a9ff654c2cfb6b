"""The stock phrases of each reason: the scheme's usual formula, which a model may learn by heart.

A reason is said freely in a document if none of its marked passages holds a phrase of its own.
Other words between those of a phrase are allowed for up to four words (`...`).
"""

from __future__ import annotations

import re
from typing import Final

from ombud.corpus.words import words

__all__ = ["STOCK_PHRASES", "has_stock_phrase"]

STOCK_PHRASES: Final[dict[str, tuple[str, ...]]] = {
    "nothing_significant_achieved": (
        "achieve nothing",
        "nothing significant|worthwhile|meaningful|useful|more ... achieved|achieve",
        "not achieve anything|enough",
        "unlikely to achieve",
        "different outcome",
        "useful|worthwhile purpose",
    ),
    "cannot_add_to_earlier_investigation": (
        "add ... to ... investigation|inquiry|enquiry|investigations",
        "could|can|would not|cannot add ... to",
    ),
    "outcome_sought_not_achievable": (
        "outcome|remedy|result she|he|they|mr|mrs|ms|miss|mx ... wants|want|seeks|seek|sought",
        "outcome|remedy|result sought|wanted",
        "cannot|not achieve the outcome|result",
    ),
    "insufficient_evidence_of_fault": (
        "evidence of fault",
        "not enough|sufficient evidence",
        "insufficient|little|no evidence",
    ),
    "insufficient_injustice": (
        "injustice ... not ... significant|enough|sufficient|serious",
        "not|no ... enough|significant|sufficient|serious ... injustice",
        "significant|sufficient|enough|little|insufficient ... injustice",
    ),
    "already_remedied": (
        "already ... remedied|remedy|put right",
        "remedied|remedy already",
        "suitable|satisfactory|appropriate|fair remedy",
    ),
    "other_body_better_placed": ("better placed", "best placed", "better able"),
    "complaint_handling_only": (
        "good|proper|best|sensible use of ... resources|money|funds|time",
        "complaint|complaints handling|process|procedure",
        "how ... dealt with|handled ... complaint",
        "substantive issue|matter",
    ),
    "already_considered": (
        "already|previously considered|investigated|decided|dealt",
        "considered|investigated|decided ... before|already|previously",
        "done so before",
    ),
    "investigation_discontinued": (
        "discontinue|discontinued|discontinuing",
        "end|ended|stop|stopped|close|closed my|our|his|her|the|this investigation",
    ),
    "withdrawn": ("withdrawn|withdrew|withdraw|withdraws|withdrawing|withdrawal",),
    "late": (
        "late complaint",
        "complaint|complained|is|was|it|came ... late",
        "out of time",
        "12|twelve months",
        "too late",
        "within a year",
        "more than a year",
    ),
    "premature": (
        "premature|prematurely",
        "complaints|complaint procedure|process",
        "opportunity|chance to reply|respond|answer|investigate|consider|deal|put",
        "first complain",
    ),
    "tribunal_appeal_right": (
        "right|rights of|to appeal",
        "appeal|appealed ... to ... tribunal",
        "reasonable ... to appeal",
        "appeal right|rights",
    ),
    "ministerial_appeal_right": (
        "right|rights of|to appeal",
        "appeal|appealed ... to ... inspectorate|inspector|secretary|minister",
        "reasonable ... to appeal",
        "appeal right|rights",
    ),
    "court_remedy": (
        "take|taken|taking ... to|the court",
        "go|gone|going|recourse|remedy ... court|courts",
        "court action",
        "reasonable ... court|courts",
        "for a|the court|courts",
    ),
    "appeal_already_used": (
        "already appealed|appeal|used",
        "has|had|have|having ... used|exercised ... right",
        "has|had|have|having appealed",
    ),
    "own_review_available": (
        "right of|to ... review",
        "ask|request|seek|apply ... review",
        "reasonable ... review",
        "statutory review|appeal",
    ),
    "affects_most_inhabitants": (
        "all or most",
        "most|all of the|its people|inhabitants|residents",
        "most inhabitants|residents|people",
    ),
    "complainant_not_eligible": (
        "not|cannot ... complain",
        "on behalf of",
        "suitable|proper|appropriate representative|person",
        "without|no|not ... consent",
        "not ... entitled|eligible",
    ),
    "court_proceedings": ("court proceedings", "conduct of ... proceedings", "legal proceedings"),
    "crime_investigation": (
        "investigation|investigating|prevention|detection of|or ... crime|crimes",
        "criminal investigation",
    ),
    "commercial_matter": (
        "commercial|contractual transaction|transactions|matter|matters|dispute|contract|relations",
        "is|are commercial|contractual",
    ),
    "personnel_matter": (
        "personnel matter|matters|issue|issues|decision",
        "employment matter|matters",
    ),
    "school_internal_matter": (
        "internal management|matter|matters|affair|affairs|running",
        "internal ... school|schools",
        "conduct|discipline|management|teaching ... in|of|at a|the|any school|schools",
    ),
    "outside_jurisdiction": (
        "outside|within|beyond|no|not ... jurisdiction",
        "no|not ... power|powers to investigate|consider",
        "not a body",
    ),
    "fault_causing_injustice": (
        "fault ... caused|causing|causes|cause ... injustice",
        "caused|causing|causes|cause ... injustice",
        "was|were|is|at|found|find|be fault",
        "fault by|in|on",
    ),
    "fault_without_injustice": (
        "fault ... not|no|without ... injustice",
        "not cause|caused|causing ... injustice",
        "caused|causing no injustice",
        "no|without|significant injustice",
        "was|were|is|at|found|find|be fault",
        "fault by|in|on",
    ),
    "fault_already_remedied": (
        "already ... remedied|remedy|put right|apologised",
        "fault ... remedied|remedy",
        "was|were|is|at|found|find|be fault",
        "fault by|in|on",
    ),
    "remedy_agreed_early": (
        "agreed ... early|remedy|resolve|settle|action",
        "without ... investigation|investigating|investigated",
        "early resolution|settlement",
        "suitable|satisfactory|appropriate|fair remedy|settlement",
    ),
    "no_fault": ("no fault", "not at fault", "without fault", "not|no ... fault", "entitled to"),
}
"""Phrases by reason: words in order, `|` between those that may stand in one place."""

_GAP: Final = r"(?: [^ ]+){0,4}"


def _pattern(phrase: str) -> str:
    said = ""
    for place in phrase.split():
        if place == "...":
            said += _GAP
        else:
            said += rf" (?:{place})"
    return said + "(?= )"


_PATTERNS: Final = {
    label: re.compile("|".join(_pattern(phrase) for phrase in phrases))
    for label, phrases in STOCK_PHRASES.items()
}


def has_stock_phrase(label: str, passage: str) -> bool:
    """Tell whether a passage that gives the reason `label` says it in its stock phrase."""
    return _PATTERNS[label].search(f" {' '.join(words(passage))} ") is not None
