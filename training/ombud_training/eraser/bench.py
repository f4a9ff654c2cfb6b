"""The bench on ERASER's reviews: a rule chosen on validation, figures on the part asked for."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

from ombud.metrics import (
    EraserPrediction,
    Interval,
    bootstrap,
    faithfulness,
    iou_f1,
    soft_scores,
    token_f1,
)
from ombud_training.eraser.fitting import EraserFitted
from ombud_training.eraser.passages import Passages
from ombud_training.eraser.predicting import (
    Evidence,
    Rule,
    decide,
    predict,
    read_evidence,
)
from ombud_training.eraser.selection import choose

__all__ = ["BUDGETS", "AtBudget", "EraserResult", "choose_rule", "score"]

BUDGETS: Final = (0.1, 0.2, 0.3, 0.5)
"""Shares of the tokens at which the table says accuracy and token F1."""

_TEMPERATURES: Final = (0.05, 100.0)


@dataclass(frozen=True, slots=True)
class AtBudget:
    """Figures at one budget.

    Attributes:
        budget: Most of a review's tokens that are chosen.
        chosen: Mean share of the tokens that were chosen.
        accuracy: Of classes from the chosen passages alone.
        token_f1: Mean over reviews.
        random_token_f1: The same of passages chosen at random.
    """

    budget: float
    chosen: float
    accuracy: Interval
    token_f1: Interval
    random_token_f1: float


@dataclass(frozen=True, slots=True)
class EraserResult:
    """Every figure of one part.

    Attributes:
        split: The part.
        budget: Asked for.
        rule: Chosen on validation.
        figures: At the budget asked for, by their names in `build/eraser.json`.
        at_budgets: At that budget and the usual ones, smallest first.
        all_token_f1: Token F1 of choosing every word.
        comprehensiveness_aopc: Mean over shares of the tokens.
        sufficiency_aopc: Mean over shares of the tokens.
        predictions: In ERASER's terms.
    """

    split: str
    budget: float
    rule: Rule
    figures: dict[str, float]
    at_budgets: tuple[AtBudget, ...]
    all_token_f1: float
    comprehensiveness_aopc: float
    sufficiency_aopc: float
    predictions: tuple[EraserPrediction, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the figures at the budget asked for."""
        return {
            "split": self.split,
            "budget": self.budget,
            **self.figures,
            "documents": len(self.predictions),
        }


def choose_rule(evidence: Sequence[Evidence], labels: Sequence[str], budget: float) -> Rule:
    """Return the rule with the highest sum of accuracy and token F1, its temperature fitted.

    Args:
        evidence: Of the validation part.
        labels: Every class, in the order of the model's outcomes.
        budget: Share of the tokens that is chosen.
    """
    rules = [Rule(one_side=one_side) for one_side in (True, False)]
    scores = [_quality(evidence, labels, rule, budget) for rule in rules]
    best = rules[int(np.argmax(scores))]
    logits = np.stack([decide(one, best, budget).logits for one in evidence])
    gold = _gold(evidence, labels)

    def loss(temperature: float) -> float:
        rows = log_softmax(logits / temperature, axis=1)
        return float(-rows[np.arange(len(gold)), gold].mean())

    found = minimize_scalar(loss, bounds=_TEMPERATURES, method="bounded")
    return dataclasses.replace(best, temperature=float(found.x))


def score(
    fitted: EraserFitted,
    validation: Sequence[Evidence],
    reviews: Sequence[Passages],
    split: str,
    budget: float,
    *,
    resamples: int = 1000,
) -> EraserResult:
    """Return the figures of `reviews` by the rule that is best on `validation`."""
    labels = fitted.model.config.outcomes
    rule = choose_rule(validation, labels, budget)
    evidence = read_evidence(fitted, reviews)
    predictions = predict(fitted, evidence, rule, budget)
    marked = [review.review.marked for review in reviews]
    chosen = [one.spans for one in predictions]
    faithful = faithfulness(predictions)
    at_budgets = tuple(
        _at_budget(evidence, labels, rule, share, resamples) for share in sorted({*BUDGETS, budget})
    )
    (own,) = (one for one in at_budgets if one.budget == budget)
    return EraserResult(
        split=split,
        budget=budget,
        rule=rule,
        figures={
            "accuracy": own.accuracy.value,
            "token_f1": token_f1(marked, chosen)[1].f1,
            "iou_f1": iou_f1(marked, chosen)[1].f1,
            "auprc": soft_scores(marked, [one.token_scores for one in predictions]).auprc,
            "comprehensiveness": faithful.comprehensiveness,
            "sufficiency": faithful.sufficiency,
        },
        at_budgets=at_budgets,
        all_token_f1=token_f1(marked, [frozenset(review.spans) for review in reviews])[1].f1,
        comprehensiveness_aopc=faithful.comprehensiveness_aopc,
        sufficiency_aopc=faithful.sufficiency_aopc,
        predictions=tuple(predictions),
    )


def _gold(evidence: Sequence[Evidence], labels: Sequence[str]) -> NDArray[np.int64]:
    return np.array([labels.index(one.passages.review.label) for one in evidence])


def _quality(
    evidence: Sequence[Evidence], labels: Sequence[str], rule: Rule, budget: float
) -> float:
    right, f1, _ = _each(evidence, labels, rule, budget)
    return float(right.mean() + f1.mean())


def _each(
    evidence: Sequence[Evidence], labels: Sequence[str], rule: Rule, budget: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return of each review whether its class is right, its token F1, and the share chosen."""
    verdicts = [decide(one, rule, budget) for one in evidence]
    predicted = np.array([verdict.logits.argmax() for verdict in verdicts])
    f1 = [
        _token_f1(one.passages, verdict.chosen)
        for one, verdict in zip(evidence, verdicts, strict=True)
    ]
    shares = [
        sum(len(one.passages.spans[n]) for n in verdict.chosen) / len(one.passages.review.tokens)
        for one, verdict in zip(evidence, verdicts, strict=True)
    ]
    return (predicted == _gold(evidence, labels)).astype(float), np.array(f1), np.array(shares)


def _token_f1(passages: Passages, chosen: Sequence[int]) -> float:
    return token_f1([passages.review.marked], [[passages.spans[n] for n in chosen]])[1].f1


def _at_budget(
    evidence: Sequence[Evidence], labels: Sequence[str], rule: Rule, budget: float, resamples: int
) -> AtBudget:
    right, f1, shares = _each(evidence, labels, rule, budget)
    names = [one.passages.review.id for one in evidence]
    generator = np.random.default_rng(0)
    floor = [
        _token_f1(
            one.passages,
            choose(
                one.passages,
                generator.random(len(one.passages.spans)),
                int(budget * len(one.passages.review.tokens)),
            ),
        )
        for one in evidence
    ]
    return AtBudget(
        budget,
        float(shares.mean()),
        bootstrap(lambda rows: float(right[rows].mean()), names, resamples=resamples),
        bootstrap(lambda rows: float(f1[rows].mean()), names, resamples=resamples),
        float(np.mean(floor)),
    )
