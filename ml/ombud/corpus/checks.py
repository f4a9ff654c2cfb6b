"""Bounds that the authored corpus must keep, each with what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scipy.stats import spearmanr

from ombud.corpus.giveaway import GiveAway
from ombud.corpus.report import CorpusReport, Lengths

__all__ = ["READ_OF_CLOSED", "READ_OF_NOT_UPHELD", "READ_OF_UPHELD", "Check", "checks"]

READ_OF_CLOSED: Final = {
    "insufficient_evidence_of_fault": 193,
    "nothing_significant_achieved": 111,
    "insufficient_injustice": 61,
    "late": 50,
    "court_remedy": 43,
    "tribunal_appeal_right": 43,
    "already_remedied": 39,
    "court_proceedings": 38,
    "other_body_better_placed": 33,
    "outside_jurisdiction": 32,
    "outcome_sought_not_achievable": 25,
    "cannot_add_to_earlier_investigation": 16,
    "complaint_handling_only": 15,
    "ministerial_appeal_right": 13,
    "own_review_available": 12,
    "complainant_not_eligible": 9,
    "appeal_already_used": 8,
    "premature": 8,
    "affects_most_inhabitants": 5,
    "already_considered": 4,
    "school_internal_matter": 4,
    "personnel_matter": 3,
    "crime_investigation": 2,
    "withdrawn": 0,
    "commercial_matter": 0,
}
"""Reasons counted in a reading of 521 published closures."""

READ_OF_UPHELD: Final = {
    "fault_causing_injustice": 239,
    "no_fault": 43,
    "fault_already_remedied": 39,
    "fault_without_injustice": 17,
    "remedy_agreed_early": 17,
}
"""Likewise in 306 published decisions that were upheld."""

READ_OF_NOT_UPHELD: Final = {"no_fault": 106, "investigation_discontinued": 17}
"""Likewise in 130 published decisions that were not upheld."""

_MIX: Final = {"closed_after_initial_enquiries": 0.60, "upheld": 0.28, "not_upheld": 0.12}


@dataclass(frozen=True, slots=True)
class Check:
    """One bound: what must hold, what was found, and whether it does (None: not measured)."""

    name: str
    bound: str
    found: str
    met: bool | None


def checks(report: CorpusReport, give_aways: Sequence[GiveAway] = ()) -> tuple[Check, ...]:
    """Return every bound of the authored corpus with what `report` found."""
    rarest = min(report.reasons, key=lambda label: report.reasons[label][0])
    mix = {o: report.outcomes[o] / report.documents for o in _MIX}
    return (
        _at_least("complaints, each with its letter", report.groups, 600),
        Check(
            "documents of the rarest reason",
            "12 or more",
            f"{report.reasons[rarest][0]} ({rarest})",
            report.reasons[rarest][0] >= 12,
        ),
        Check(
            "reasons as frequent as in decisions read",
            "rank correlation 0.6 or more",
            f"{_likeness(report):.2f}",
            _likeness(report) >= 0.6,
        ),
        Check(
            "closed / upheld / not upheld",
            "60 / 28 / 12 %, within 5 points",
            " / ".join(f"{100 * share:.1f}" for share in mix.values()) + " %",
            all(abs(mix[o] - share) <= 0.05 for o, share in _MIX.items()),
        ),
        _at_odds(report),
        _at_least("years of decision", len(report.years), 6),
        _at_least("complaints published for several bodies", report.duplicate_groups, 40),
        *_lengths(report),
        _share("reasons said without the stock phrase", report.said_freely, 0.40),
        _share("documents with two reasons or more", report.several_reasons, 0.30),
        _share("documents with a distractor", report.with_distractor, 0.60),
        *_shared("statement", report.shared),
        *_shared("letter", report.letter_shared),
        Check(
            "letters that state a decision",
            "none",
            str(report.letters_with_decision),
            report.letters_with_decision == 0,
        ),
        _style(give_aways),
        _at_least("complaints read a second time", report.read_twice, 150),
    )


def _at_least(name: str, found: int, bound: int) -> Check:
    return Check(name, f"{bound} or more", str(found), found >= bound)


def _share(name: str, found: float, bound: float) -> Check:
    return Check(name, f"{bound:.0%} or more", f"{found:.1%}", found >= bound)


def _likeness(report: CorpusReport) -> float:
    """Return Spearman's correlation of documents a reason and outcome with those read."""
    read = (
        ("closed_after_initial_enquiries", READ_OF_CLOSED),
        ("upheld", READ_OF_UPHELD),
        ("not_upheld", READ_OF_NOT_UPHELD),
    )
    pairs = [
        (count, report.matrix[label][outcome])
        for outcome, counts in read
        for label, count in counts.items()
    ]
    if len({found for _, found in pairs}) < 2:
        return 0.0
    return float(spearmanr(*zip(*pairs, strict=True)).statistic)


def _at_odds(report: CorpusReport) -> Check:
    name, bound = "outcome field and text at odds", "about 5 % (3 to 7)"
    if report.writing is None:
        return Check(name, bound, "not in the dataset; give --cases", None)
    share = report.writing.at_odds / report.documents
    return Check(name, bound, f"{share:.1%}", 0.03 <= share <= 0.07)


def _lengths(report: CorpusReport) -> tuple[Check, ...]:
    closed = report.statements["closed_after_initial_enquiries"]
    investigated = Lengths(
        tuple(sorted(report.statements["upheld"].words + report.statements["not_upheld"].words))
    )
    longest = 1400
    long_ones = sum(count > longest for own in report.statements.values() for count in own.words)
    return (
        Check(
            "closed statements of 200 to 600 words",
            "90% or more",
            f"{closed.share(200, 600):.1%}",
            closed.share(200, 600) >= 0.9,
        ),
        Check(
            "investigated statements of 420 to 1,400 words",
            "90% or more",
            f"{investigated.share(420, longest):.1%}",
            investigated.share(420, longest) >= 0.9,
        ),
        Check("longer statements", "a few", str(long_ones), long_ones >= 3),
    )


def _shared(name: str, found: tuple[float, float]) -> tuple[Check, Check]:
    mean, largest = found
    return (
        Check(f"8-word sequences a {name} shares, mean", "under 5 %", f"{mean:.2%}", mean < 0.05),
        Check(f"the same, largest {name}", "under 30 %", f"{largest:.2%}", largest < 0.30),
    )


def _style(give_aways: Sequence[GiveAway]) -> Check:
    name, bound = "outcome from style counts of the letter", "within the interval of chance"
    test = next((one for one in give_aways if one.name == "letter_style"), None)
    if test is None:
        return Check(name, bound, "not measured", None)
    found = f"macro-F1 {test.macro_f1.value:.3f}, chance up to {test.chance.high:.3f}"
    return Check(name, bound, found, test.within_chance)
