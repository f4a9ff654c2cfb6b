"""Sentences that state a decision, told from those of a letter that only sound like one.

Read by `ombud.views` alone, which decides what such a sentence means for a view.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["states_decision"]

_OPENING: Final = r"^\W*(?:\d{1,3}[.)]\s*)?(?:(?:summary|decision|final decision|conclusion)\W+)?"
_NOT: Final = (
    r"(?:(?:will|can|should|could|do|did|are|have|has|does|is|may|would)(?: not|n't)"
    r"|cannot|won't|have decided not to|has decided not to|am not|decline to|declined to)"
)
_INVESTIGATE: Final = (
    r"(?:\w+ )?(?:investigat(?:e|ed|ing)|pursu(?:e|ed|ing)|look(?:ed|ing)? (?:into|at)"
    r"|start(?:ed|ing)? an investigation|going to investigate|consider(?:ed)? further)"
)
_THIS_COMPLAINT: Final = (
    r"(?:this|the|these|your|his|her|their|m(?:r|rs|s|x|iss) [\w']+) "
    r"(?:\w+ ){0,3}(?:complaints?|matter|case|parts?)\b"
)
_BODY: Final = (
    r"(?:the|this) (?:council|authority|trust|care (?:provider|home)|provider|landlord|school"
    r"|academy|board|body|organisation|practice)"
)
_DECIDED: Final = re.compile(
    "|".join(
        (
            # A refusal, or the end of an investigation, by the one who decides.
            (
                rf"{_OPENING}(?:we|i|the ombudsman|ombudsman) {_NOT} {_INVESTIGATE} "
                rf"(?:(?:into|of|with) )?{_THIS_COMPLAINT}"
            ),
            rf"{_OPENING}(?:the )?ombudsman (?:{_NOT} (?:uphold|investigat\w+)|upholds?|upheld"
            r"|(?:has )?(?:discontinued|closed)|(?:finds?|found|has found) (?:\w+ ){0,2}fault"
            r"|(?:finds?|found|has found) (?:that )?" + _BODY + r")\b",
            (
                rf"{_OPENING}(?:we|i) (?:have )?(?:now )?(?:uphold|upheld|(?:do|did|have) not uph\w+) "
                rf"{_THIS_COMPLAINT}"
            ),
            (
                rf"{_OPENING}(?:we|i) (?:have |am |are )?(?:now )?(?:discontinu|complet|end|clos|stopp)"
                r"(?:ed|ing|e|d)? (?:my|our|the|this) investigation"
            ),
            (
                rf"{_OPENING}(?:my|our|the ombudsman's) (?:final |provisional |draft )?decision "
                r"(?:is|was) (?:to|that|not to) (?:not )?(?:uphold|investigate|discontinue|end|close)"
            ),
            r"\b(?:this|the|your) complaint (?:is|was|has been) closed after initial",
            r"\bclosed after initial enquiries\b",
            # A finding in the scheme's own formula.
            (
                rf"{_OPENING}(?:we|i) (?:have )?f(?:ound|ind) (?:no |evidence of |some )?fault"
                r"(?= by\b| on the part| causing| in (?:how|the way|the council)| and|,|\W*$)"
            ),
            (
                rf"{_OPENING}(?:we|i) (?:have )?f(?:ound|ind) (?:that )?{_BODY} (?:was|is|to be|were) "
                r"(?:not )?(?:at|to be at|to) (?:fault|blame)"
            ),
            (
                rf"{_OPENING}there (?:was|is|were) (?:no |some )?(?:evidence of )?fault "
                rf"(?:by {_BODY}|on the part of|in (?:how|the way) {_BODY}|causing|which caused)"
            ),
            rf"{_OPENING}{_BODY} (?:was|is) (?:not )?at fault\b",
            (
                r"\bfault (?:causing|and (?:this )?caused|which caused|leading to) "
                r"(?:\w+ ){0,3}injustice\b"
            ),
            r"\b(?:not enough|insufficient) evidence of fault\b",
            (
                r"\binvestigation (?:by (?:us|the ombudsman) )?(?:would|could|is unlikely to|will)"
                r"(?: not)? (?:lead to a different|achieve|find fault|add to)"
            ),
            # Determinations of the Housing Ombudsman.
            r"\bparagraph \d[\d\s.a-z()]{0,8} of the (?:housing ombudsman )?scheme\b",
        )
    ),
    re.IGNORECASE,
)
_EARLIER: Final = re.compile(
    r"\b(?:last (?:time|year|month)|previous(?:ly)?|before|earlier|already|once|years? ago"
    r"|months? ago|(?:in|since|of) (?:\w+ )?(?:19|20)\d\d|my (?:first|last|old|other))\b",
    re.IGNORECASE,
)
"""An earlier decision that a letter tells of was known before this one and may be read."""


def states_decision(words: str) -> bool:
    """Tell whether a sentence states how the case it stands in was decided."""
    plain = words.replace("\u2019", "'").replace("\u2018", "'")
    found = _DECIDED.search(plain)
    if found is None:
        return False
    by_ombudsman = re.match(r"\W*(?:the )?ombudsman\b", plain, re.IGNORECASE)
    return by_ombudsman is None or _EARLIER.search(plain) is None
