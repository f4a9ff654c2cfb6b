"""How far the model's sureness holds: calibration, prediction sets, and what abstaining buys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.stats import betabinom

from ombud.abstention import abstain_below
from ombud.calibration import ViewCalibration
from ombud.corpus import GoldCase
from ombud.metrics import CalibrationScores, Interval, calibration_scores
from ombud.metrics.resamples import Resamples, divide
from ombud.taxonomy import OUTCOMES, REASONS
from ombud.views import View
from ombud_training.evaluate import Answers

__all__ = [
    "RATES",
    "Coverage",
    "RiskPoint",
    "Rule",
    "Sureness",
    "average_precisions",
    "coverage",
    "outcome_calibration",
    "precision_recall",
    "reason_calibration",
    "risk",
    "rules",
    "sureness",
]

_OUTCOMES: Final = tuple(outcome.label for outcome in OUTCOMES)
_REASONS: Final = tuple(reason.label for reason in REASONS)
_SHARES: Final = np.arange(1, 51) / 50
RATES: Final = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3)
"""Error rates that a report tries."""

Numbers: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """The share of wrong answers where the surest `share` of documents is answered."""

    share: float
    error: Interval


@dataclass(frozen=True, slots=True)
class Rule:
    """What abstaining for an error rate came to; `error` is NaN where nothing was answered."""

    rate: float
    below: float
    answered: Interval
    error: Interval


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often prediction sets hold the true outcome.

    Attributes:
        promised: The share they were made for.
        calibrated: Documents they were made from.
        expected: What is to be expected of that many and of this many scored, with 95 %.
        as_computed: Of sets by the rule alone, which may be empty.
        overall: Of sets as shown, which hold the best guess at least.
        by_class: Of sets as shown, by true outcome.
        size: Mean number of outcomes in a set as shown.
        single: Share of sets with one outcome.
    """

    promised: float
    calibrated: int
    expected: Interval
    as_computed: Interval
    overall: Interval
    by_class: dict[str, Interval]
    size: Interval
    single: Interval


@dataclass(frozen=True, slots=True)
class Sureness:
    """How sure the model may be taken to be in one view."""

    view: View
    calibration: CalibrationScores
    coverage: Coverage
    rules: Sequence[Rule]

    def metrics(self) -> dict[str, float]:
        """Return the figures under flat names, as the tracker keeps them."""
        named = {"ece": self.calibration.ece, "coverage": self.coverage.overall}
        return {
            f"date.{self.view}.ombud.{name}{end}": getattr(interval, attribute)
            for name, interval in named.items()
            for end, attribute in (("", "value"), (".low", "low"), (".high", "high"))
        }


def sureness(
    one: Answers, cases: Sequence[GoldCase], view: View, numbers: ViewCalibration
) -> Sureness:
    """Return how far the sureness of the model's answers holds."""
    draws = Resamples([case.group for case in cases])
    return Sureness(
        view,
        outcome_calibration(one, cases),
        coverage(one, cases, numbers, draws),
        rules(one, cases, numbers, draws),
    )


def outcome_calibration(
    one: Answers, cases: Sequence[GoldCase], resamples: int = 1000
) -> CalibrationScores:
    """Return the expected calibration error of the most probable outcome."""
    told = np.array(one.probabilities)
    right = [a == case.outcome for a, case in zip(one.outcomes, cases, strict=True)]
    groups = [case.group for case in cases]
    return calibration_scores(told.max(axis=1).tolist(), right, groups, resamples=resamples)


def reason_calibration(
    one: Answers, cases: Sequence[GoldCase], resamples: int = 1000
) -> CalibrationScores:
    """Return the expected calibration error over all pairs of a document and a reason."""
    told = np.array(one.reason_probabilities)
    gold = _gold_reasons(cases)
    groups = [case.group for case in cases for _ in _REASONS]
    return calibration_scores(
        told.ravel().tolist(), gold.ravel().tolist(), groups, resamples=resamples
    )


def coverage(
    one: Answers, cases: Sequence[GoldCase], numbers: ViewCalibration, draws: Resamples
) -> Coverage:
    """Return how often the sets of `numbers` hold the true outcome."""
    told = np.array(one.probabilities)
    gold = np.array([_OUTCOMES.index(case.outcome) for case in cases])
    inside = np.less_equal(1 - told, numbers.conformal_quantile)
    empty = ~inside.any(axis=1, keepdims=True)
    shown = inside | (empty & (told == told.max(axis=1, keepdims=True)))
    rows, every = np.arange(len(cases)), np.ones(len(cases))
    held = shown[rows, gold]
    sizes = shown.sum(axis=1)
    return Coverage(
        promised=numbers.coverage,
        calibrated=numbers.documents,
        expected=_expected(numbers, len(cases)),
        as_computed=draws.ratio(inside[rows, gold], every),
        overall=draws.ratio(held, every),
        by_class={
            label: draws.ratio(held & (gold == number), gold == number)
            for number, label in enumerate(_OUTCOMES)
            if (gold == number).any()
        },
        size=draws.ratio(sizes, every),
        single=draws.ratio(sizes == 1, every),
    )


def _expected(numbers: ViewCalibration, scored: int) -> Interval:
    """Return mean and 95 % of the coverage of exchangeable documents (Vovk 2012, section 2)."""
    if not numbers.documents:
        return Interval(numbers.coverage, float("nan"), float("nan"))
    rank = int(np.ceil((numbers.documents + 1) * numbers.coverage))
    law = betabinom(scored, rank, max(1, numbers.documents + 1 - rank))
    low, high = law.ppf([0.025, 0.975]) / scored
    return Interval(float(law.mean() / scored), float(low), float(high))


def risk(one: Answers, cases: Sequence[GoldCase], draws: Resamples) -> list[RiskPoint]:
    """Return the error of the surest 2 %, 4 %, ... 100 % of the documents."""
    sure = np.array(one.probabilities).max(axis=1)
    wrong = np.array([a != case.outcome for a, case in zip(one.outcomes, cases, strict=True)])
    order = np.argsort(-sure, kind="stable")
    weights = draws.weights[:, order]
    answered = np.cumsum(weights, axis=1)
    errors = np.cumsum(weights * wrong[order], axis=1)
    shares = answered / answered[:, -1:]
    risks = np.nan_to_num(divide(errors, answered))
    at = np.stack(
        [row[np.searchsorted(own, _SHARES - 1e-9)] for row, own in zip(risks, shares, strict=True)]
    )
    return [
        RiskPoint(float(share), draws.interval(at[:, number]))
        for number, share in enumerate(_SHARES)
    ]


def rules(
    one: Answers, cases: Sequence[GoldCase], numbers: ViewCalibration, draws: Resamples
) -> list[Rule]:
    """Return what each rate of `RATES` comes to; none where the calibration kept no curve."""
    if not numbers.risk_curve:
        return []
    sure = np.array(one.probabilities).max(axis=1)
    wrong = np.array([a != case.outcome for a, case in zip(one.outcomes, cases, strict=True)])
    found = []
    for rate in RATES:
        below = abstain_below(numbers.risk_curve, rate)
        answered = sure >= below
        found.append(
            Rule(
                rate,
                below,
                draws.ratio(answered, np.ones(len(sure))),
                draws.ratio(answered & wrong, answered),
            )
        )
    return found


def precision_recall(
    one: Answers, cases: Sequence[GoldCase]
) -> dict[str, list[tuple[float, float]]]:
    """Return (recall, precision) by falling probability, of each outcome and of all reasons."""
    told = np.array(one.probabilities)
    gold = np.array([_OUTCOMES.index(case.outcome) for case in cases])
    found = {
        label: _curve(gold == number, told[:, number])
        for number, label in enumerate(_OUTCOMES)
        if (gold == number).any()
    }
    pairs = _gold_reasons(cases).ravel()
    found["reasons"] = _curve(pairs, np.array(one.reason_probabilities).ravel())
    return found


def average_precisions(
    one: Answers, cases: Sequence[GoldCase], resamples: int = 200
) -> dict[str, Interval]:
    """Return the areas under the curves of `precision_recall`."""
    told = np.array(one.probabilities)
    gold = np.array([_OUTCOMES.index(case.outcome) for case in cases])
    groups = [case.group for case in cases]
    draws = Resamples(groups, resamples)
    found = {
        label: draws.average_precision(gold == number, told[:, number])
        for number, label in enumerate(_OUTCOMES)
        if (gold == number).any()
    }
    pairs = Resamples([group for group in groups for _ in _REASONS], resamples)
    found["reasons"] = pairs.average_precision(
        _gold_reasons(cases).ravel(), np.array(one.reason_probabilities).ravel()
    )
    return found


def _curve(gold: NDArray[np.bool_], scores: Numbers) -> list[tuple[float, float]]:
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(scores[order])), len(order) - 1)
    hits = np.cumsum(gold[order])[ends]
    recall, precision = hits / max(1, gold.sum()), hits / (ends + 1)
    # A point where recall stays tells nothing: a thousand of them only make the page heavy.
    kept = np.append(np.diff(recall) > 0, [True])
    return [(float(r), float(p)) for r, p in zip(recall[kept], precision[kept], strict=True)]


def _gold_reasons(cases: Sequence[GoldCase]) -> NDArray[np.bool_]:
    gold = [{reason.label for reason in case.reasons} for case in cases]
    return np.array([[label in own for label in _REASONS] for own in gold], dtype=np.bool_)
