"""Give-away tests: how far the outcome can be told from what should say nothing of it.

Each test predicts the outcome from one kind of evidence by logistic regression, each complaint
by a model that never saw it, a near-duplicate of it or a copy for another body. What chance
gives is measured by doing the whole again with the outcomes shuffled among the complaints
(Ojala and Garriga 2010, test 1): only what stays inside that interval gives nothing away.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from ombud.corpus.dataset import GoldCase, GoldReason, complaints
from ombud.corpus.split import folds
from ombud.corpus.style import style_counts
from ombud.corpus.words import WORD
from ombud.errors import InputError
from ombud.metrics import Interval, outcome_scores
from ombud.sections import find_sections
from ombud.taxonomy import OUTCOMES, REASONS

__all__ = ["TESTS", "GiveAway", "give_aways"]

FOLDS: Final = 5
_OUTCOMES: Final = [outcome.label for outcome in OUTCOMES]
_LEAST: Final = 2 * FOLDS
_STRONGEST: Final = 6
_TELLING: Final = 10
_LEAST_EIGENVALUE: Final = 1e-9

Matrix = NDArray[np.float64]
"""Evidence of complaints. Shape: (complaints, features)."""


@dataclass(frozen=True, slots=True)
class GiveAway:
    """What one kind of evidence gives away.

    Attributes:
        name: Short name of the test.
        reads: What the prediction reads.
        complaints: How many were predicted, copies for further bodies aside.
        macro_f1: Of the outcome, cross-validated by group, with its bootstrap interval.
        chance: Median of the shuffles, and the interval that 95 % of them lie in.
        p_value: Share of shuffles at least as good, the true order counted as one of them.
        strongest: Outcome, feature and weight of the features that speak most for each outcome.
        telling: For each outcome the complaints with it that were surest, with the probability.
    """

    name: str
    reads: str
    complaints: int
    macro_f1: Interval
    chance: Interval
    p_value: float
    strongest: tuple[tuple[str, str, float], ...]
    telling: tuple[tuple[str, str, float], ...]

    @property
    def within_chance(self) -> bool:
        """Whether the figure stays within the interval of chance."""
        return self.macro_f1.value <= self.chance.high


@dataclass(frozen=True, slots=True)
class _Evidence:
    """One test: its features of training and further complaints, and how firmly to fit them."""

    reads: str
    features: Callable[[Sequence[GoldCase], Sequence[GoldCase]], tuple[Any, Any, list[str]]]
    strength: float


def _counts(
    measure: Callable[[GoldCase], dict[str, float]],
) -> Callable[[Sequence[GoldCase], Sequence[GoldCase]], tuple[Matrix, Matrix, list[str]]]:
    def features(
        train: Sequence[GoldCase], test: Sequence[GoldCase]
    ) -> tuple[Matrix, Matrix, list[str]]:
        table, scaler = DictVectorizer(sparse=False), StandardScaler()
        learnt = scaler.fit_transform(table.fit_transform([measure(row) for row in train]))
        asked = scaler.transform(table.transform([measure(row) for row in test]))
        return learnt, asked, list(table.get_feature_names_out())

    return features


def _words(
    part: Callable[[GoldCase], str],
) -> Callable[[Sequence[GoldCase], Sequence[GoldCase]], tuple[Any, Any, list[str]]]:
    def features(train: Sequence[GoldCase], test: Sequence[GoldCase]) -> tuple[Any, Any, list[str]]:
        words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        learnt = words.fit_transform([part(row) for row in train])
        return (
            learnt,
            words.transform([part(row) for row in test]),
            list(words.get_feature_names_out()),
        )

    return features


def _first_sentence(row: GoldCase) -> str:
    return row.reading("complaint").sentences[0].span.of(row.letter)


def _form(row: GoldCase) -> dict[str, float]:
    """Return the length of a statement and the names of its sections."""
    headings = {
        re.sub(r"[^a-z ]", "", section.heading.of(row.text).lower().replace("’", "")).strip()
        for section in find_sections(row.text)
        if section.heading is not None
    }
    return {
        "words": float(np.log(max(1, len(WORD.findall(row.text))))),
        **{f"section {name[:60]!r}": 1.0 for name in headings},
    }


TESTS: Final = {
    "letter_style": _Evidence(
        "length, punctuation and style counts of the letter",
        _counts(lambda row: style_counts(row.letter)),
        1.0,
    ),
    "letter_first_sentence": _Evidence(
        "first sentence of the letter, TF-IDF", _words(_first_sentence), 10.0
    ),
    "letter_words": _Evidence("whole letter, TF-IDF", _words(lambda row: row.letter), 10.0),
    "statement_form": _Evidence("length and section names of the statement", _counts(_form), 1.0),
}
"""Every test by name, in the order of the report."""


def give_aways(
    rows: Sequence[GoldCase],
    *,
    names: Sequence[str] = tuple(TESTS),
    shuffles: int = 200,
    seed: int = 0,
    done: Callable[[str], None] = lambda _name: None,
) -> tuple[GiveAway, ...]:
    """Return what each kind of evidence gives away of the outcome.

    Args:
        rows: The dataset; of copies for several bodies the first is taken.
        names: The tests to do.
        shuffles: How often to do each test again with shuffled outcomes.
        seed: Of folds and shuffles.
        done: Called with the name of each test that is finished.

    Raises:
        InputError: If an outcome that occurs has too few complaints to be predicted, or there is
            but one.
    """
    originals = complaints(rows)
    counts = {o: sum(row.outcome == o for row in originals) for o in _OUTCOMES}
    present = {o: count for o, count in counts.items() if count}
    if len(present) < 2 or min(present.values()) < _LEAST:
        found = ", ".join(f"{count} {label}" for label, count in counts.items())
        message = (
            f"expected complaints of at least two outcomes, {_LEAST} or more of each, for the "
            f"give-away tests, found {found}; add cases or use --no-giveaway"
        )
        raise InputError(message)
    held_out = _blind_folds(originals, seed)
    results = []
    for name in names:
        results.append(_test(name, TESTS[name], originals, held_out, shuffles, seed))
        done(name)
    return tuple(results)


def _blind_folds(rows: Sequence[GoldCase], seed: int) -> list[NDArray[np.intp]]:
    """Return numbers of rows by fold, near-duplicates together.

    The folds must not be balanced by outcome: those of the shuffles cannot be, and would do worse
    than chance for that alone.
    """
    number = {row.id: n for n, row in enumerate(rows)}
    unknown = GoldReason(REASONS[0].label, True, (), ())
    blind = [dataclasses.replace(row, outcome="", reasons=(unknown,)) for row in rows]
    return [np.sort([number[row.id] for row in fold]) for fold in folds(blind, FOLDS, seed)]


def _test(
    name: str,
    evidence: _Evidence,
    rows: Sequence[GoldCase],
    held_out: Sequence[NDArray[np.intp]],
    shuffles: int,
    seed: int,
) -> GiveAway:
    gold = np.array([_OUTCOMES.index(row.outcome) for row in rows])
    everyone = np.arange(len(rows))
    parts = []
    for test in held_out:
        train = np.setdiff1d(everyone, test)
        learnt, asked, _ = evidence.features([rows[n] for n in train], [rows[n] for n in test])
        parts.append((train, test, *_rotated(learnt, asked)))

    def probabilities(outcomes: NDArray[np.intp]) -> Matrix:
        said = np.zeros((len(rows), len(_OUTCOMES)))
        for train, test, learnt, asked in parts:
            model = _regression(evidence.strength).fit(learnt, outcomes[train])
            said[np.ix_(test, model.classes_)] = model.predict_proba(asked)
        return said

    generator = np.random.default_rng(seed)
    luck = []
    for _ in range(shuffles):
        shuffled = generator.permutation(gold)
        luck.append(_macro_f1(shuffled, probabilities(shuffled).argmax(axis=1)))
    said = probabilities(gold)
    scores = outcome_scores(
        [row.outcome for row in rows],
        [_OUTCOMES[n] for n in said.argmax(axis=1)],
        [row.group for row in rows],
    )
    low, median, high = np.quantile(luck, [0.025, 0.5, 0.975])
    better = sum(value >= scores.macro_f1.value - 1e-12 for value in luck)
    sure = said[everyone, gold]
    return GiveAway(
        name=name,
        reads=evidence.reads,
        complaints=len(rows),
        macro_f1=scores.macro_f1,
        chance=Interval(float(median), float(low), float(high)),
        p_value=(1 + better) / (1 + shuffles),
        strongest=_strongest(evidence, rows, gold),
        telling=tuple(
            (label, rows[n].id, float(sure[n]))
            for outcome, label in enumerate(_OUTCOMES)
            for n in [n for n in np.argsort(-sure, kind="stable") if gold[n] == outcome][:_TELLING]
        ),
    )


def _rotated(learnt: Any, asked: Any) -> tuple[Matrix, Matrix]:
    """Return both in the coordinates of the training complaints' principal axes.

    A ridge penalty does not change under rotation and the weights lie in the span of the training
    rows, so the fit is the same, in hundreds of columns instead of thousands.
    """
    if learnt.shape[1] <= learnt.shape[0]:
        return learnt, asked
    gram = (learnt @ learnt.T).toarray()
    values, axes = eigh(gram)
    kept = values > _LEAST_EIGENVALUE * values[-1]
    values, axes = values[kept], axes[:, kept]
    return axes * np.sqrt(values), (asked @ learnt.T).toarray() @ (axes / np.sqrt(values))


def _regression(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, class_weight="balanced", max_iter=2000)


def _macro_f1(gold: NDArray[np.intp], said: NDArray[np.intp]) -> float:
    size = len(_OUTCOMES)
    counts = np.bincount(gold * size + said, minlength=size**2).reshape(size, size)
    sizes = counts.sum(axis=0) + counts.sum(axis=1)
    present = counts.sum(axis=1) > 0
    return float(np.mean(2 * np.diag(counts)[present] / sizes[present]))


def _strongest(
    evidence: _Evidence, rows: Sequence[GoldCase], gold: NDArray[np.intp]
) -> tuple[tuple[str, str, float], ...]:
    learnt, _, names = evidence.features(rows, rows[:1])
    model = _regression(evidence.strength).fit(learnt, gold)
    weights = model.coef_ if len(model.classes_) > 2 else np.vstack([-model.coef_, model.coef_])
    return tuple(
        (_OUTCOMES[outcome], names[n], float(own[n]))
        for outcome, own in zip(model.classes_, weights, strict=True)
        for n in np.argsort(-np.abs(own), kind="stable")[:_STRONGEST]
    )
