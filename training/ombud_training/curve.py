"""The learning curve: would more training statements still help?

Trained on growing parts of everything decided before the test periods, three times each, and
scored on the test periods, so that all points answer the same documents.
"""

from __future__ import annotations

import dataclasses
import itertools
import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ombud.charts import line_plot, standalone
from ombud.corpus import GoldCase, Split, duplicate_groups
from ombud.errors import InputError
from ombud.metrics import Interval, bootstrap
from ombud.taxonomy import OUTCOMES
from ombud.views import VIEWS, View
from ombud_training.device import Device
from ombud_training.evaluate import Answers, Scores, model_answers, score
from ombud_training.experiment import frozen_vectors, train_predictor
from ombud_training.recipe import Recipe

__all__ = ["SIZES", "Curve", "Gain", "Point", "curve_plot", "learning_curve", "nested_parts"]

SIZES: Final = (100, 200, 400)
"""Training statements of the points before the last one, which takes all."""

_OUTCOMES: Final = [outcome.label for outcome in OUTCOMES]


@dataclass(frozen=True, slots=True)
class Point:
    """Figures of one view after training on so many statements.

    Attributes:
        view: What was read.
        statements: Training statements, the calibrating eighth of them included; mean of seeds.
        outcome_macro_f1: Mean over seeds, and the interval of all seeds' answers together,
            resampled by complaint.
        reasons_micro_f1: Likewise.
        rationale_f1: Likewise.
        by_seed: Outcome macro-F1 of each seed.
    """

    view: View
    statements: int
    outcome_macro_f1: Interval
    reasons_micro_f1: Interval
    rationale_f1: Interval
    by_seed: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Gain:
    """What more statements brought in outcome macro-F1, with a paired interval."""

    view: View
    before: int
    after: int
    difference: Interval


@dataclass(frozen=True, slots=True)
class Curve:
    """A learning curve on one set of test documents."""

    recipe: str
    documents: int
    complaints: int
    seeds: int
    points: tuple[Point, ...]
    gains: tuple[Gain, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the curve as plain objects."""
        return dataclasses.asdict(self)


def learning_curve(
    cases: Sequence[GoldCase],
    split: Split,
    recipe: Recipe,
    device: Device,
    *,
    sizes: Sequence[int] = SIZES,
    seeds: int = 3,
    resamples: int = 1000,
    done: Callable[[int, int], None] = lambda _seed, _size: None,
) -> Curve:
    """Return the learning curve of `recipe` in every view.

    Sentence vectors of the encoder as published are shared between all trainings.

    Args:
        cases: The dataset.
        split: Its test periods are answered; all that is earlier may be learnt from.
        recipe: Every setting; seeds follow its own.
        device: Where to train.
        sizes: Numbers of statements; those larger than there are, are left out, and all of them
            are always the last point.
        seeds: How many times each point is trained.
        resamples: Of the bootstrap.
        done: Called with seed and size when a point of a seed is trained and answered.

    Raises:
        InputError: If the split has no documents to train or to test on.
    """
    pool = split.part("train", cases) + split.part("validation", cases)
    test = split.part("test", cases)
    if not pool or not test:
        message = (
            f"expected documents to train and to test on, found {len(pool)} and {len(test)}; "
            "split again"
        )
        raise InputError(message)
    wanted = [size for size in sorted(set(sizes)) if size < len(pool)] + [len(pool)]
    vectors = frozen_vectors(recipe, device)
    answers: dict[tuple[View, int], list[Answers]] = {}
    counts: dict[int, list[int]] = {size: [] for size in wanted}
    for number in range(seeds):
        own = dataclasses.replace(recipe, seed=recipe.seed + number)
        for size, part in zip(wanted, nested_parts(pool, wanted, own.seed), strict=True):
            counts[size].append(len(part))
            predictor = train_predictor(part, own, device, vectors=vectors)
            for view in VIEWS:
                said = model_answers(predictor, test, view)
                answers.setdefault((view, size), []).append(said)
            done(own.seed, size)
    statements = {size: round(statistics.fmean(counts[size])) for size in wanted}
    return Curve(
        recipe=recipe.name,
        documents=len(test),
        complaints=len({case.group for case in test}),
        seeds=seeds,
        points=tuple(
            _point(view, statements[size], answers[view, size], test, resamples)
            for view in VIEWS
            for size in wanted
        ),
        gains=tuple(
            Gain(
                view,
                statements[before],
                statements[after],
                _gain(answers[view, before], answers[view, after], test, resamples),
            )
            for view in VIEWS
            for before, after in itertools.pairwise(wanted)
        ),
    )


def nested_parts(
    cases: Sequence[GoldCase], sizes: Sequence[int], seed: int
) -> list[list[GoldCase]]:
    """Return a part of at least each size, whole groups, each part holding the one before it.

    Args:
        cases: What to choose from.
        sizes: Numbers of documents in ascending order, none above `len(cases)`.
        seed: Of the order in which groups are taken.
    """
    groups = duplicate_groups(sorted(cases, key=lambda case: case.id))
    random.Random(seed).shuffle(groups)
    parts = []
    taken: list[GoldCase] = []
    left = iter(groups)
    for size in sizes:
        while len(taken) < size:
            taken += next(left)
        parts.append(list(taken))
    return parts


def curve_plot(curve: Curve) -> str:
    """Return the curve as an SVG file's content: outcome and reasons by view."""
    series = {}
    for view in VIEWS:
        own = [point for point in curve.points if point.view == view]
        series[f"{view}: outcome macro-F1"] = [
            (float(point.statements), point.outcome_macro_f1) for point in own
        ]
        series[f"{view}: reasons micro-F1"] = [
            (float(point.statements), point.reasons_micro_f1) for point in own
        ]
    title = f"Learning curve, recipe {curve.recipe}, {curve.documents} test documents"
    return standalone(
        line_plot(title, series, x_name="training statements", y_name="F1", width=860)
    )


def _point(
    view: View,
    statements: int,
    answers: Sequence[Answers],
    test: Sequence[GoldCase],
    resamples: int,
) -> Point:
    scored = [score([one], test, view, "date", resamples=1).scores[0] for one in answers]
    whole = answers[0]
    for one in answers[1:]:
        whole += one
    every = list(test) * len(answers)
    together = score([whole], every, view, "date", resamples=resamples).scores[0]

    def mean(of: Callable[[Scores], Interval | None]) -> Interval:
        values = [found.value for one in scored if (found := of(one)) is not None]
        interval = of(together)
        if interval is None:
            return Interval(float("nan"), float("nan"), float("nan"))
        return Interval(statistics.fmean(values), interval.low, interval.high)

    return Point(
        view=view,
        statements=statements,
        outcome_macro_f1=mean(lambda one: one.outcome.macro_f1 if one.outcome else None),
        reasons_micro_f1=mean(lambda one: one.reasons.micro_f1 if one.reasons else None),
        rationale_f1=mean(lambda one: one.rationale),
        by_seed=tuple(one.outcome.macro_f1.value for one in scored if one.outcome),
    )


def _gain(
    before: Sequence[Answers], after: Sequence[Answers], test: Sequence[GoldCase], resamples: int
) -> Interval:
    """Return the mean gain over seeds, both answering the same resampled complaints."""
    gold = np.array([_OUTCOMES.index(case.outcome) for case in test])
    sides = [[_codes(one) for one in side] for side in (before, after)]

    def difference(rows: NDArray[np.intp]) -> float:
        old, new = (
            statistics.fmean(_macro_f1(gold[rows], said[rows]) for said in side) for side in sides
        )
        return new - old

    return bootstrap(difference, [case.group for case in test], resamples=resamples)


def _codes(answers: Answers) -> NDArray[np.intp]:
    return np.array([_OUTCOMES.index(outcome) for outcome in answers.outcomes], dtype=np.intp)


def _macro_f1(gold: NDArray[np.intp], said: NDArray[np.intp]) -> float:
    size = len(_OUTCOMES)
    counts = np.bincount(gold * size + said, minlength=size**2).reshape(size, size)
    present = counts.sum(axis=1) > 0
    sizes = counts.sum(axis=0) + counts.sum(axis=1)
    return float(np.mean(2 * np.diag(counts)[present] / sizes[present]))
