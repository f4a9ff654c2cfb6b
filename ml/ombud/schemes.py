"""Outcomes of other schemes in the words of this one.

Sources: the `Decision` field of LGSCO pages; PHSO decisions (Upheld, Partly upheld, Not upheld,
Closed after initial enquiries ...); the six findings of the Housing Ombudsman's determinations.
The source's own words are kept beside the mapped label as `scheme_outcome`.
"""

from __future__ import annotations

import re
from typing import Final

from ombud.errors import InputError

__all__ = ["SCHEMES", "map_outcome", "map_outcomes"]

_UPHELD: Final = "upheld"
_NOT_UPHELD: Final = "not_upheld"
_CLOSED: Final = "closed_after_initial_enquiries"

_MORE: Final = re.compile(r"[;:,(–—]|\s-\s")

SCHEMES: Final[dict[str, dict[str, str]]] = {
    "lgsco": {
        "upheld": _UPHELD,
        "not upheld": _NOT_UPHELD,
        "closed after initial enquiries": _CLOSED,
        "report": _UPHELD,
    },
    "phso": {
        "upheld": _UPHELD,
        "fully upheld": _UPHELD,
        "partly upheld": _UPHELD,
        "not upheld": _NOT_UPHELD,
        "closed after initial enquiries": _CLOSED,
        "closed at initial enquiries": _CLOSED,
        "not investigated": _CLOSED,
        "discontinued": _CLOSED,
        "resolved": _UPHELD,
        "resolved through mediation": _UPHELD,
    },
    "housing": {
        "severe maladministration": _UPHELD,
        "maladministration": _UPHELD,
        "service failure": _UPHELD,
        "reasonable redress": _UPHELD,
        "no maladministration": _NOT_UPHELD,
        "mediation": _UPHELD,
        "resolved with intervention": _UPHELD,
        "outside jurisdiction": _CLOSED,
        "withdrawn": _CLOSED,
    },
}
"""Scheme to its outcome words to our label. A reasonable redress finding means fault that the
landlord had put right; like an upheld complaint with `fault_already_remedied` it is upheld."""


def map_outcome(scheme: str, words: str) -> str:
    """Return the taxonomy's outcome for one outcome in a scheme's own words.

    Raises:
        InputError: If the scheme or its words are unknown.
    """
    if scheme not in SCHEMES:
        message = f"expected a scheme out of {sorted(SCHEMES)}, found {scheme!r}"
        raise InputError(message)
    table = SCHEMES[scheme]
    key = _key(words)
    if key not in table:
        # Older pages say more: "Upheld; maladministration and injustice".
        key = _key(_MORE.split(words, maxsplit=1)[0])
    if key not in table:
        message = (
            f"expected an outcome of scheme {scheme!r} out of {sorted(table)}, found {words.strip()!r}; "
            "add it to ombud.schemes if the scheme has changed its words"
        )
        raise InputError(message)
    return table[key]


def _key(words: str) -> str:
    return re.sub(r"\s+", " ", words.replace("-", " ")).strip(" .*").casefold()


def map_outcomes(scheme: str, words: str) -> str:
    """Return one outcome for a field with one outcome a complaint part, divided by ';'.

    Upheld where any part is, else not upheld where any part is, else closed: a case that was
    investigated in part was not closed after initial enquiries.

    Raises:
        InputError: If one of the parts is unknown.
    """
    parts = {map_outcome(scheme, part) for part in words.split(";") if part.strip()}
    for outcome in (_UPHELD, _NOT_UPHELD, _CLOSED):
        if outcome in parts:
            return outcome
    message = f"expected outcomes divided by ';', found {words!r}"
    raise InputError(message)
