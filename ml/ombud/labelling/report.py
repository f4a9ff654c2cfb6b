"""How good the labels are: figures of each labelling function and of each reason, against gold.

Coverage, overlaps and conflicts are those of Snorkel (Ratner et al. 2017, section 4), for
functions that say one thing or abstain. Intervals are percentile bootstraps over groups.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ombud.corpus import GoldCase
from ombud.errors import InputError
from ombud.labelling.functions import LabellingFunction
from ombud.labelling.model import LabelModel
from ombud.labelling.registry import LABELLING_FUNCTIONS
from ombud.labelling.scan import Ballot, poll
from ombud.metrics import Interval, bootstrap
from ombud.taxonomy import REASONS

__all__ = ["THRESHOLD", "FunctionFigures", "LabelReport", "ReasonFigures", "label_report"]

THRESHOLD: Final = 0.5
"""A label model's reason is given from this probability on."""

_LABELS: Final = [reason.label for reason in REASONS]

Indicators = NDArray[np.bool_]
"""Whether each document has each reason. Shape: (documents, reasons)"""


@dataclass(frozen=True, slots=True)
class FunctionFigures:
    """Figures of one function; shares are of all documents, `None` where there is no case.

    Attributes:
        name: Of the function.
        label: The reason it votes for.
        votes: On how many documents it votes.
        coverage: Share of documents on which it votes.
        overlaps: Share on which it votes and another function votes for the same reason.
        conflicts: Share on which it finds evidence and either gives way to another label or
            makes another function give way.
        precision: How many of its votes are right.
        recall: How many of the documents that give its reason it votes on.
        removal: By how much macro-F1 over reasons rises if the function is left out; it hurts
            where this is above zero.
    """

    name: str
    label: str
    votes: int
    coverage: float
    overlaps: float
    conflicts: float
    precision: float | None
    recall: float | None
    removal: float


@dataclass(frozen=True, slots=True)
class ReasonFigures:
    """Counts and figures of one reason; precision is `None` where it is never given."""

    label: str
    gold: int
    given: int
    right: int
    precision: Interval | None
    recall: Interval | None
    f1: Interval | None


@dataclass(frozen=True, slots=True)
class LabelReport:
    """Figures of all functions and reasons over the reasons that occur in the gold labels.

    A reason that occurs and is never given counts as precision 0 in the macro average.
    `documents_a_minute` is the speed of all functions together, in processor time of one core.
    """

    documents: int
    groups: int
    documents_a_minute: float
    functions: tuple[FunctionFigures, ...]
    reasons: tuple[ReasonFigures, ...]
    macro_precision: Interval
    macro_recall: Interval
    macro_f1: Interval
    micro_f1: Interval

    @property
    def hurting(self) -> tuple[FunctionFigures, ...]:
        """The functions that lower macro-F1, the worst first."""
        hurt = (f for f in self.functions if f.removal > 0)
        return tuple(sorted(hurt, key=lambda f: -f.removal))


def label_report(
    rows: Sequence[GoldCase],
    model: LabelModel | None = None,
    *,
    functions: Sequence[LabellingFunction] = LABELLING_FUNCTIONS,
    resamples: int = 1000,
) -> LabelReport:
    """Return the figures of the labelling functions on `rows`.

    Args:
        rows: Documents with gold reasons.
        model: Gives a reason from the probability `THRESHOLD` on; without it, any vote does.
        functions: The labelling functions that vote; those of `model`, where there is one.
        resamples: How many bootstrap samples of groups to draw.

    Raises:
        InputError: If there is no document.
    """
    if not rows:
        message = "expected at least one document to report on, found none; choose another part"
        raise InputError(message)
    documents = [row.document("statement") for row in rows]
    poll(documents[0], functions)  # compiles the patterns
    started = time.process_time()
    ballots = [poll(document, functions) for document in documents]
    elapsed = max(time.process_time() - started, 1e-9)
    gold = np.array([[any(r.label == x for r in row.reasons) for x in _LABELS] for row in rows])
    given = _given(ballots, model)
    groups = [row.group for row in rows]
    intervals = functools.partial(bootstrap, groups=groups, resamples=resamples)
    return LabelReport(
        documents=len(rows),
        groups=len(set(groups)),
        documents_a_minute=len(rows) / elapsed * 60,
        functions=tuple(_function(f, ballots, gold, given, model, functions) for f in functions),
        reasons=tuple(_reason(n, gold, given, intervals) for n in range(len(_LABELS))),
        macro_precision=intervals(lambda d: _macro(gold[d], given[d])[0]),
        macro_recall=intervals(lambda d: _macro(gold[d], given[d])[1]),
        macro_f1=intervals(lambda d: _macro(gold[d], given[d])[2]),
        micro_f1=intervals(lambda d: _f1(gold[d].ravel(), given[d].ravel())),
    )


def _given(ballots: Sequence[Ballot], model: LabelModel | None) -> Indicators:
    if not ballots:
        return np.zeros((0, len(_LABELS)), dtype=np.bool_)
    if model is not None:
        probabilities = model.probabilities(ballots)
        return np.stack([probabilities[label] >= THRESHOLD for label in _LABELS], axis=1)
    said = [{vote.label for vote in each.votes} for each in ballots]
    return np.array([[label in labels for label in _LABELS] for labels in said])


def _macro(gold: Indicators, given: Indicators) -> tuple[float, float, float]:
    """Return macro precision, recall and F1 over the reasons that occur."""
    present = gold.any(axis=0)
    if not present.any():
        return float("nan"), float("nan"), float("nan")
    right = (gold & given).sum(axis=0)[present]
    wanted, said = gold.sum(axis=0)[present], given.sum(axis=0)[present]
    return (
        float(np.mean(right / np.maximum(said, 1))),
        float(np.mean(right / wanted)),
        float(np.mean(2 * right / (wanted + said))),
    )


def _f1(gold: NDArray[np.bool_], given: NDArray[np.bool_]) -> float:
    total = gold.sum() + given.sum()
    return float(2 * (gold & given).sum() / total) if total else float("nan")


def _share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
    return float((part & whole).sum() / whole.sum()) if whole.any() else float("nan")


def _reason(
    number: int,
    gold: Indicators,
    given: Indicators,
    intervals: Callable[[Callable[[NDArray[np.intp]], float]], Interval],
) -> ReasonFigures:
    truth, said = gold[:, number], given[:, number]
    return ReasonFigures(
        label=_LABELS[number],
        gold=int(truth.sum()),
        given=int(said.sum()),
        right=int((truth & said).sum()),
        precision=intervals(lambda d: _share(truth[d], said[d])) if said.any() else None,
        recall=intervals(lambda d: _share(said[d], truth[d])) if truth.any() else None,
        f1=intervals(lambda d: _f1(truth[d], said[d])) if truth.any() else None,
    )


def _function(
    function: LabellingFunction,
    ballots: Sequence[Ballot],
    gold: Indicators,
    given: Indicators,
    model: LabelModel | None,
    functions: Sequence[LabellingFunction],
) -> FunctionFigures:
    name, label = function.name, function.label
    said = np.array([each.answer(name) is True for each in ballots])
    shared = [any(v.label == label and v.function != name for v in b.votes) for b in ballots]
    touched = [n for n, each in enumerate(ballots) if any(v.function == name for v in each.found)]
    without = list(ballots)
    for number in touched:
        without[number] = ballots[number].without(name, functions)
    conflicts = [
        name in each.silenced or bool(each.silenced - less.silenced)
        for each, less in zip(ballots, without, strict=True)
    ]
    truth = gold[:, _LABELS.index(label)]
    less = given.copy()
    less[touched] = _given([without[n] for n in touched], model)
    if model is not None:
        # One voter fewer, so that this reason changes on every document.
        lessened = _lessened(model, name, label).probability(label, without)
        less[:, _LABELS.index(label)] = lessened >= THRESHOLD
    removal = _macro(gold, less)[2] - _macro(gold, given)[2]
    return FunctionFigures(
        name=name,
        label=label,
        votes=int(said.sum()),
        coverage=float(said.mean()),
        overlaps=float((said & np.array(shared)).mean()),
        conflicts=float(np.mean(conflicts)),
        precision=_share(truth, said) if said.any() else None,
        recall=_share(said, truth) if truth.any() else None,
        removal=removal,
    )


def _lessened(model: LabelModel, name: str, label: str) -> LabelModel:
    """Return the model without one of its voters."""
    names = model.functions[label]
    kept = [number for number, other in enumerate(names) if other != name]
    voters = model.voters[label]
    return LabelModel(
        {**model.functions, label: tuple(names[number] for number in kept)},
        {**model.voters, label: replace(voters, confusion=voters.confusion[kept])},
    )
