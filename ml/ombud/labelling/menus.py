"""Grounds that "role and powers" quotes: no vote by themselves, but they bear a vote out.

A statement quotes the law that it then uses, among much that it does not. So a bar that is not
quoted there needs more evidence elsewhere than one that is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ombud.labelling.patterns import Tokens, compile_pattern

__all__ = ["GROUNDS", "quoted_grounds"]

GROUNDS: Final[dict[str, tuple[str, ...]]] = {
    "late": (
        "late",
        "twelve|12 months",
        "year|years & complain|complained|complaint|complaints|knew|known|aware|happened",
        "time limit|bar",
        "too long",
        "out of time",
    ),
    "premature": ("chance|opportunity|notice", "first|before & complain|complaint|complained|body"),
    "tribunal_appeal_right": ("@tribunal",),
    "ministerial_appeal_right": ("@minister",),
    "court_remedy": ("court|courts|law & take|go|remedy|action|sue|ask|legal|redress|claim",),
    "court_proceedings": (
        "court|courts|legal & proceedings|start|conduct|evidence|said|case|order",
    ),
    "appeal_already_used": (
        (
            "appealed|used|taken|gone|put|asked|exercised|been & "
            "@tribunal|@minister|appeal|court|courts & has|have|had|once|having|already|afterwards"
        ),
    ),
    "crime_investigation": ("crime|crimes|criminal|offence|offences",),
    "commercial_matter": ("commercial|contract|contracts|contractual|trading",),
    "personnel_matter": ("personnel|staff|employment|employees|discipline|employer",),
    "school_internal_matter": ("school|schools|teaching",),
    "complainant_not_eligible": (
        "consent|behalf|affected|entitled|representative",
        "member|members of the? public",
        "public body|bodies",
        "who may|can complain",
    ),
    "affects_most_inhabitants": (
        "all|most or|of & most|all people|inhabitants|of",
        "everyone|everybody|inhabitants",
    ),
    "outside_jurisdiction": ("body|bodies|behalf|jurisdiction|covered|authorities",),
}
"""For each bar, how it is quoted; patterns of `ombud.labelling.patterns`."""


def quoted_grounds(sentences: Iterable[Tokens]) -> frozenset[str] | None:
    """Return the bars that the sentences of "role and powers" quote, `None` if there are none."""
    tokens = list(sentences)
    if not tokens:
        return None
    return frozenset(
        label
        for label, sources in GROUNDS.items()
        if any(compile_pattern(source).matches(each) for source in sources for each in tokens)
    )
