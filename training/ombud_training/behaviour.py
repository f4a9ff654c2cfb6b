"""Behaviour tests: what a model must be able to do, asked of a loaded bundle.

Minimum functionality, invariance and directional expectation after Ribeiro et al. 2020, "Beyond
Accuracy: Behavioral Testing of NLP Models with CheckList", section 2; fairness beside them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ombud.predictor import Predictor
from ombud.readers import from_text
from ombud.views import View
from ombud_training.behaviour_cases import KINDS, Capability, Case, Kind, read_capabilities

__all__ = [
    "LEAST_RISE",
    "MOST_CHANGE",
    "MOST_RISE",
    "TARGETS",
    "CapabilityResult",
    "CaseResult",
    "KindResult",
    "Said",
    "by_kind",
    "judge",
    "run_behaviour",
]

TARGETS: Final[Mapping[Kind, float]] = {
    "minimum_functionality": 0.95,
    "invariance": 0.99,
    "direction": 0.90,
}
"""Least share of cases passed, over all capabilities of a kind."""

MOST_CHANGE: Final = 0.02
"""Fairness: how much the probability of an outcome may change in the mean over cases."""

LEAST_RISE: Final = 0.1
"""What counts as more (or less) probable: so much in log-odds, about a tenth of the odds."""

MOST_RISE: Final = 0.05
"""What does not count as more probable: so much in probability, the label not newly named."""

_SMALLEST: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Said:
    """What a model says of one text: outcome, named reasons, and a probability of every label."""

    outcome: str
    named: frozenset[str]
    probabilities: Mapping[str, float]
    outcomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """Whether a case passed; `found` says what the model did where it did not.

    `change` is the largest change of an outcome's probability, where the case has an edit.
    """

    id: str
    passed: bool
    found: str = ""
    change: float | None = None


@dataclass(frozen=True, slots=True)
class CapabilityResult:
    """How the cases of one capability went."""

    capability: str
    kind: Kind
    views: tuple[View, ...]
    says: str
    results: tuple[CaseResult, ...]

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return len(self.results)

    @property
    def passed(self) -> int:
        """How many of them passed."""
        return sum(result.passed for result in self.results)

    @property
    def share(self) -> float:
        """The share that passed."""
        return self.passed / self.cases

    @property
    def mean_change(self) -> float | None:
        """The mean change of an outcome's probability by the edits; None without edits."""
        return _mean(result.change for result in self.results)

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain objects, failed cases with what was found."""
        return {
            "capability": self.capability,
            "kind": self.kind,
            "views": list(self.views),
            "says": self.says,
            "cases": self.cases,
            "passed": self.passed,
            "share": self.share,
            "mean_change": self.mean_change,
            "failed": [{"id": r.id, "found": r.found} for r in self.results if not r.passed],
        }


@dataclass(frozen=True, slots=True)
class KindResult:
    """How all cases of a kind went, beside the target.

    For fairness `target` is the largest allowed `mean_change`, for other kinds the least share.
    """

    kind: Kind
    capabilities: int
    cases: int
    passed: int
    mean_change: float | None
    target: float

    @property
    def share(self) -> float:
        """The share that passed."""
        return self.passed / self.cases

    @property
    def met(self) -> bool:
        """Whether the target is met."""
        if self.kind == "fairness":
            return self.mean_change is not None and self.mean_change <= self.target
        return self.share >= self.target

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain objects."""
        return {
            "kind": self.kind,
            "capabilities": self.capabilities,
            "cases": self.cases,
            "passed": self.passed,
            "share": self.share,
            "mean_change": self.mean_change,
            "target": self.target,
            "met": self.met,
        }


def run_behaviour(predictor: Predictor, folder: Path) -> tuple[CapabilityResult, ...]:
    """Run every case in `folder` on a loaded bundle; one result a capability, by kind and name.

    Raises:
        InputError: If the cases are not as `ombud_training.behaviour_cases` says, or a text has
            nothing to read in its view.
    """
    return tuple(_run(predictor, capability) for capability in read_capabilities(folder))


def by_kind(results: Sequence[CapabilityResult]) -> tuple[KindResult, ...]:
    """Return the sums over capabilities of each kind that occurs, in the order of `KINDS`."""
    sums = []
    for kind in KINDS:
        own = [result for result in results if result.kind == kind]
        if own:
            sums.append(
                KindResult(
                    kind,
                    len(own),
                    sum(result.cases for result in own),
                    sum(result.passed for result in own),
                    _mean(case.change for result in own for case in result.results),
                    TARGETS.get(kind, MOST_CHANGE),
                )
            )
    return tuple(sums)


def judge(case: Case, kind: Kind, before: Said, after: Said | None = None) -> CaseResult:
    """Hold what a model said of a case's text, and of its changed text, to what is expected.

    Minimum functionality: outcome and reasons are as expected. Invariance: the outcome and the
    set of named reasons stay the same. Direction: probabilities move as expected, by `LEAST_RISE`
    or within `MOST_RISE`. Fairness: no outcome's probability changes by more than `MOST_CHANGE`.
    """
    if after is None:
        wrong = _unlike(case, before)
        return CaseResult(case.id, not wrong, "; ".join(wrong))
    change = max(
        abs(after.probabilities[label] - before.probabilities[label]) for label in before.outcomes
    )
    if kind == "direction":
        wrong = _astray(case, before, after)
    elif kind == "fairness":
        wrong = [f"an outcome's probability changed by {change:.3f}"] * (change > MOST_CHANGE)
    else:
        wrong = _flips(before, after)
    return CaseResult(case.id, not wrong, "; ".join(wrong), change)


def _run(predictor: Predictor, capability: Capability) -> CapabilityResult:
    said: dict[str, Said] = {}
    changed: dict[str, Said] = {}
    for view in capability.views:
        own = [case for case in capability.cases if case.view == view]
        said |= _ask(predictor, capability.name, {case.id: case.text for case in own}, view)
        edited = {case.id: case.changed for case in own if case.changed}
        changed |= _ask(predictor, f"{capability.name} changed", edited, view)
    return CapabilityResult(
        capability.name,
        capability.kind,
        capability.views,
        capability.says,
        tuple(
            judge(case, capability.kind, said[case.id], changed.get(case.id))
            for case in capability.cases
        ),
    )


def _ask(
    predictor: Predictor, capability: str, texts: Mapping[str, str], view: View
) -> dict[str, Said]:
    calibration = predictor.bundle.calibration
    thresholds = dict(zip(calibration.reasons, calibration.reason_thresholds(view), strict=True))
    documents = [from_text(text, f"{capability}/{name}") for name, text in texts.items()]
    predictions = predictor.predict(documents, view, all_reasons=True)
    said = {}
    for name, prediction in zip(texts, predictions, strict=True):
        reasons = {reason.label: reason.probability for reason in prediction.reasons}
        said[name] = Said(
            prediction.outcome,
            frozenset(label for label, value in reasons.items() if value >= thresholds[label]),
            {**prediction.probabilities, **reasons},
            calibration.outcomes,
        )
    return said


def _unlike(case: Case, said: Said) -> list[str]:
    wrong = []
    if case.outcome and said.outcome not in case.outcome:
        wrong.append(f"outcome {said.outcome}, expected {' or '.join(case.outcome)}")
    named = ", ".join(sorted(said.named)) or "nothing"
    wrong += [
        f"{label} not named, but {named}" for label in case.reasons if label not in said.named
    ]
    wrong += [f"{label} named" for label in case.not_reasons if label in said.named]
    return wrong


def _flips(before: Said, after: Said) -> list[str]:
    wrong = []
    if before.outcome != after.outcome:
        wrong.append(f"outcome {before.outcome} became {after.outcome}")
    wrong += [f"{label} came" for label in sorted(after.named - before.named)]
    wrong += [f"{label} went" for label in sorted(before.named - after.named)]
    return wrong


def _astray(case: Case, before: Said, after: Said) -> list[str]:
    wrong = []
    for label in (*case.raises, *case.lowers, *case.does_not_raise):
        first, second = before.probabilities[label], after.probabilities[label]
        rise = _log_odds(second) - _log_odds(first)
        came = label in after.named - before.named
        if (
            (label in case.raises and rise < LEAST_RISE)
            or (label in case.lowers and rise > -LEAST_RISE)
            or (label in case.does_not_raise and (second - first > MOST_RISE or came))
        ):
            wrong.append(f"{label} {first:.3f} became {second:.3f}")
    return wrong


def _log_odds(probability: float) -> float:
    inside = min(max(probability, _SMALLEST), 1 - _SMALLEST)
    return math.log(inside / (1 - inside))


def _mean(changes: Iterable[float | None]) -> float | None:
    known = [change for change in changes if change is not None]
    return sum(known) / len(known) if known else None
