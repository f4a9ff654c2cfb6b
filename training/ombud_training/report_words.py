"""How a report names systems and labels, and how it says figures."""

from __future__ import annotations

import math
from typing import Final

from ombud.metrics import Interval
from ombud_training.full_report import ViewReport

__all__ = ["FLOOR", "SHORT", "by_support", "percent", "say", "signed", "system"]

SHORT: Final = {
    "upheld": "Upheld",
    "not_upheld": "Not upheld",
    "closed_after_initial_enquiries": "Closed",
    "reasons": "All reasons",
}
_SYSTEMS: Final = {
    "majority": "majority",
    "tfidf_logistic": "TF-IDF, logistic",
    "frozen_mean_logistic": "mean vector, logistic",
    "random_sentences": "random sentences",
    "all_sentences": "all sentences",
    "word_list": "word list",
}
FLOOR: Final = "tfidf_logistic"


def system(name: str) -> str:
    """Return how a system is called."""
    return _SYSTEMS.get(name, name)


def say(interval: Interval | None, digits: int = 2) -> str:
    """Return a figure with its interval; a dash where it is undefined."""
    if interval is None or math.isnan(interval.value):
        return "–"
    if math.isnan(interval.low):
        return f"{interval.value:.{digits}f}"
    return f"{interval.value:.{digits}f} [{interval.low:.{digits}f}, {interval.high:.{digits}f}]"


def percent(interval: Interval) -> str:
    """Return a share with its interval in per cent."""
    if math.isnan(interval.value):
        return "–"
    if math.isnan(interval.low):
        return f"{interval.value:.0%}"
    return f"{interval.value:.1%} [{interval.low:.1%}, {interval.high:.1%}]"


def signed(interval: Interval) -> str:
    """Return a difference with its interval."""
    return f"{interval.value:+.2f} [{interval.low:+.2f}, {interval.high:+.2f}]"


def by_support(report: ViewReport) -> list[tuple[str, int]]:
    """Return reasons with their documents, the most frequent first."""
    return sorted(report.support.items(), key=lambda pair: (-pair[1], pair[0]))
