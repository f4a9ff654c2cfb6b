"""From logits to probabilities, prediction sets and abstentions; one set of numbers a view.

Temperature scaling: Guo et al. 2017, section 4.2. Per-label scaling of reasons: Platt 1999.
Split-conformal sets with the score 1 - p(true): Sadinle, Lei and Wasserman 2019.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ombud.abstention import RiskPoint, abstain_below
from ombud.errors import BundleError, UsageError
from ombud.scope import Scope

__all__ = ["Calibration", "ViewCalibration", "evidence"]


@dataclass(frozen=True, slots=True)
class ViewCalibration:
    """Numbers of one view.

    Attributes:
        temperature: Outcome logits are divided by it; above 0.
        reason_scale: Reason logits, or what `evidence` makes of them, are multiplied by it, one a
            reason.
        reason_shift: And moved by it, one a reason.
        reason_threshold: Probability from which a reason is given, one a reason.
        conformal_quantile: Largest score 1 - p of a label in the prediction set.
        abstain_below: Probability of the best outcome below which a person should decide.
        coverage: The share of true outcomes that sets were made to hold.
        error_rate: Share of wrong answers that `abstain_below` was chosen for.
        documents: How many documents calibrated, each group counted once; 0 where not known.
        reason_base: Logit of each reason without a passage; empty in bundles made before scale and
            shift were those of the evidence.
        risk_curve: Answers and errors by confidence on them; empty where not known, as in
            bundles made before it was kept.

    Raises:
        ValueError: If a number is not finite (the quantile may be infinite), the temperature is
            not above 0, or the reasons' numbers differ in length.
    """

    temperature: float
    reason_scale: tuple[float, ...]
    reason_shift: tuple[float, ...]
    reason_threshold: tuple[float, ...]
    conformal_quantile: float
    abstain_below: float
    coverage: float = 0.9
    error_rate: float = 0.1
    documents: int = 0
    risk_curve: tuple[RiskPoint, ...] = ()
    reason_base: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        curve = itertools.chain.from_iterable(self.risk_curve)
        numbers = (self.temperature, self.abstain_below, self.coverage, self.error_rate, *curve)
        per_reason = (
            self.reason_scale,
            self.reason_shift,
            self.reason_threshold,
            self.reason_base or self.reason_scale,
        )
        if not all(map(math.isfinite, itertools.chain(numbers, *per_reason))):
            message = "expected finite numbers in a calibration, found others"
            raise ValueError(message)
        if self.temperature <= 0:
            message = f"expected a temperature above 0, found {self.temperature}"
            raise ValueError(message)
        if math.isnan(self.conformal_quantile):
            message = "expected a number as conformal_quantile, found NaN"
            raise ValueError(message)
        lengths = {len(values) for values in per_reason}
        if len(lengths) > 1:
            message = f"expected one number a reason throughout, found lengths {sorted(lengths)}"
            raise ValueError(message)

    @classmethod
    def neutral(cls, reasons: int) -> ViewCalibration:
        """Return numbers that change nothing and leave nothing out."""
        return cls(1.0, (1.0,) * reasons, (0.0,) * reasons, (0.5,) * reasons, 1.0, 0.0)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Labels in the order of the logits, and the numbers of each view.

    `scope` tells texts that are no complaint; bundles made before it was kept have none.
    """

    outcomes: tuple[str, ...]
    reasons: tuple[str, ...]
    views: dict[str, ViewCalibration]
    scope: Scope | None = None

    def __post_init__(self) -> None:
        for name, numbers in self.views.items():
            if len(numbers.reason_scale) != len(self.reasons):
                message = (
                    f"expected numbers of {len(self.reasons)} reasons in the view {name!r}, "
                    f"found {len(numbers.reason_scale)}"
                )
                raise ValueError(message)

    def outcome_probabilities(self, logits: Sequence[float], view: str) -> list[float]:
        """Return calibrated outcome probabilities. Shape: (outcomes,) to (outcomes,)."""
        scaled = [logit / self.views[view].temperature for logit in logits]
        highest = max(scaled)
        exponentials = [math.exp(logit - highest) for logit in scaled]
        total = sum(exponentials)
        return [value / total for value in exponentials]

    def reason_probabilities(self, logits: Sequence[float], view: str) -> list[float]:
        """Return calibrated reason probabilities. Shape: (reasons,) to (reasons,)."""
        numbers = self.views[view]
        if numbers.reason_base:
            logits = [
                evidence(logit - base)
                for logit, base in zip(logits, numbers.reason_base, strict=True)
            ]
        return [
            _sigmoid(scale * logit + shift)
            for logit, scale, shift in zip(
                logits, numbers.reason_scale, numbers.reason_shift, strict=True
            )
        ]

    def reason_thresholds(self, view: str) -> tuple[float, ...]:
        """Return the probability from which each reason is given. Shape: (reasons,)."""
        return self.views[view].reason_threshold

    def reason_logit_thresholds(self, view: str) -> list[float]:
        """Return the logit from which each reason is given. Shape: (reasons,)."""
        numbers = self.views[view]
        found = [
            (_logit(threshold) - shift) / scale if scale else math.inf
            for threshold, scale, shift in zip(
                numbers.reason_threshold, numbers.reason_scale, numbers.reason_shift, strict=True
            )
        ]
        if numbers.reason_base:
            # `evidence` backwards.
            return [base + root**3 for base, root in zip(numbers.reason_base, found, strict=True)]
        return found

    def prediction_set(self, probabilities: Sequence[float], view: str) -> tuple[str, ...]:
        """Return the outcomes that cannot be ruled out, most probable first, never none."""
        ranked = sorted(zip(probabilities, self.outcomes, strict=True), key=lambda p: -p[0])
        limit = self.views[view].conformal_quantile
        kept = tuple(label for probability, label in ranked if 1 - probability <= limit)
        return kept or (ranked[0][1],)

    def abstains(self, probabilities: Sequence[float], view: str) -> bool:
        """Tell whether a person should decide."""
        return max(probabilities) < self.views[view].abstain_below

    def with_error_rate(self, error_rate: float) -> Calibration:
        """Return a calibration that abstains so that at most `error_rate` of answers are wrong.

        Raises:
            UsageError: If the rate is not between 0 and 1.
            BundleError: If the errors of the calibration were not kept.
        """
        if not 0 < error_rate < 1:
            message = (
                f"expected an error rate between 0 and 1, found {error_rate:g}; "
                "give one such as 0.05"
            )
            raise UsageError(message)
        if missing := [name for name, numbers in self.views.items() if not numbers.risk_curve]:
            message = (
                f"expected a bundle that holds the errors of its calibration for the error rate "
                f"{error_rate:g}, found none in the view {missing[0]!r}; train it again"
            )
            raise BundleError(message)
        return dataclasses.replace(
            self,
            views={
                name: dataclasses.replace(
                    numbers,
                    abstain_below=abstain_below(numbers.risk_curve, error_rate),
                    error_rate=error_rate,
                )
                for name, numbers in self.views.items()
            },
        )

    def to_json(self) -> str:
        """Return the content of `calibration.json`."""
        return json.dumps(asdict(self), indent=1) + "\n"

    @classmethod
    def from_json(cls, content: str) -> Calibration:
        """Read what `to_json` wrote.

        Raises:
            ValueError, KeyError, TypeError, AttributeError: If it is something else.
        """
        plain: dict[str, Any] = json.loads(content)
        views = {}
        for name, numbers in plain["views"].items():
            fields: dict[str, Any] = {
                key: tuple(value) if isinstance(value, list) else value
                for key, value in numbers.items()
            }
            fields["risk_curve"] = tuple(RiskPoint(*p) for p in fields.get("risk_curve", ()))
            views[name] = ViewCalibration(**fields)
        scope = plain.get("scope")
        if scope is not None:
            scope = Scope(**{**scope, "weights": tuple(scope["weights"])})
        return cls(tuple(plain["outcomes"]), tuple(plain["reasons"]), views, scope)


def evidence(added: float) -> float:
    """Return the cube root of what passages add to a reason's logit.

    A statement that says a reason three times adds three times as much as one that says it once, and
    is hardly more certain to give it: in the root one curve fits both, and those with no passage.
    """
    return math.copysign(abs(added) ** (1 / 3), added)


def _logit(probability: float) -> float:
    if probability <= 0 or probability >= 1:
        return math.copysign(math.inf, probability - 0.5)
    return math.log(probability / (1 - probability))


def _sigmoid(value: float) -> float:
    if value >= 0:
        return 1.0 / (1.0 + math.exp(-value))
    exponential = math.exp(value)
    return exponential / (1.0 + exponential)
