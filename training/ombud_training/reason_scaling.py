"""From reason logits to probabilities: shared by all reasons, or each with its own numbers.

Platt scaling (Platt 1999) for all reasons together; where a reason has enough documents it may
move away from the shared numbers at a price (a ridge, the normal prior of empirical Bayes).
Whether that is better, and at which price, is measured by cross-validation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

__all__ = ["ReasonScaling", "fit_reason_scaling"]

_PRICES: Final = (100.0, 30.0, 10.0, 3.0, 1.0)
"""Of a unit's distance from the shared numbers, squared; from shared to free."""
_LEAST: Final = 15
"""Documents that give a reason from which it may have numbers of its own."""
_FOLDS: Final = 5
_BETA: Final = 2.0
"""How much more it costs to miss a reason than to name a wrong one: with a wrong one come its
passages, and a reader sets it aside in seconds; what is not named is not seen."""
_THRESHOLDS: Final = tuple(0.05 + 0.05 * step for step in range(14))

Numbers: TypeAlias = NDArray[np.float64]
Marks: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ReasonScaling:
    """Numbers of each reason, and what cross-validation measured.

    Attributes:
        scale: Shape: (reasons,)
        shift: Shape: (reasons,)
        threshold: Probability from which a reason is given.
        price: Of moving away from the shared numbers; infinite where all reasons share them.
        losses: Mean log loss a label of documents left out, by price.
    """

    scale: Numbers
    shift: Numbers
    threshold: float
    price: float
    losses: dict[float, float]


def fit_reason_scaling(logits: Numbers, gold: Marks, seed: int = 0) -> ReasonScaling:
    """Fit on documents of which no two are copies of each other.

    The threshold is that of the best F2 that the documents left out reach.

    Args:
        logits: Shape: (documents, reasons)
        gold: Shape: (documents, reasons)
        seed: Of the folds.
    """
    documents = len(logits)
    folds = np.random.default_rng(seed).permutation(documents) % min(_FOLDS, documents)
    held_out = {
        price: _held_out(logits, gold, folds, price) if documents > 1 else _apply(logits, 1.0, 0.0)
        for price in (math.inf, *_PRICES)
    }
    losses = {price: _log_loss(found, gold) for price, found in held_out.items()}
    # The first of equals: shared numbers unless others are better.
    price = min(losses, key=losses.__getitem__)
    scale, shift = _fit(logits, gold, price)
    return ReasonScaling(scale, shift, _threshold(held_out[price], gold), price, losses)


def _held_out(logits: Numbers, gold: Marks, folds: NDArray[np.intp], price: float) -> Numbers:
    found = np.empty_like(logits)
    for fold in np.unique(folds):
        test = folds == fold
        found[test] = _apply(logits[test], *_fit(logits[~test], gold[~test], price))
    return found


def _fit(logits: Numbers, gold: Marks, price: float) -> tuple[Numbers, Numbers]:
    """Return scale and shift of each reason."""
    reasons = logits.shape[1]
    shared = _shared(logits, gold)
    scale, shift = shared or (1.0, 0.0)
    scales, shifts = np.full(reasons, scale), np.full(reasons, shift)
    if math.isinf(price) or shared is None:
        return scales, shifts
    for column in np.flatnonzero(gold.sum(axis=0) >= _LEAST):
        own, truth = logits[:, column], gold[:, column].astype(np.float64)

        def loss(
            moved: Numbers, own: Numbers = own, truth: Numbers = truth
        ) -> tuple[float, Numbers]:
            # A scale stays above 0: it is its logarithm that moves.
            steep = scale * math.exp(moved[0])
            at = steep * own + shift + moved[1]
            miss = expit(at) - truth
            value = np.logaddexp(0.0, at) - truth * at
            slope = np.array([(miss * steep * own).sum(), miss.sum()])
            return float(value.sum() + price * (moved @ moved) / 2), slope + price * moved

        bounds = [(-3.0, 3.0), (-10.0, 10.0)]
        moved = minimize(loss, np.zeros(2), jac=True, method="L-BFGS-B", bounds=bounds).x
        scales[column], shifts[column] = scale * math.exp(moved[0]), shift + moved[1]
    return scales, shifts


def _shared(logits: Numbers, gold: Marks) -> tuple[float, float] | None:
    """Return one scale and shift for all reasons; None where logits say the opposite of gold."""
    truth = gold.reshape(-1)
    if truth.any() and not truth.all():
        fitted = LogisticRegression(C=10.0).fit(logits.reshape(-1, 1), truth)
        slope = float(fitted.coef_[0, 0])
        if slope > 0:
            return slope, float(fitted.intercept_[0])
    return None


def _apply(logits: Numbers, scale: Numbers | float, shift: Numbers | float) -> Numbers:
    return np.asarray(expit(scale * logits + shift), dtype=np.float64)


def _log_loss(probabilities: Numbers, gold: Marks) -> float:
    kept = np.clip(np.where(gold, probabilities, 1.0 - probabilities), 1e-12, None)
    return float(-np.log(kept).mean())


def _threshold(probabilities: Numbers, gold: Marks) -> float:
    """Return the threshold at which F-beta is best where probabilities are right: F/(1 + beta²).

    Lipton, Elkan and Naryanaswamy (2014), theorem 1; Koyejo et al. (2014) for other betas. The
    candidate that gave the best F itself moves between 0.2 and 0.65 from one training to the next,
    for F is flat around it.
    """
    best = max(_f_beta(probabilities >= candidate, gold) for candidate in _THRESHOLDS)
    return min(max(best / (1 + _BETA**2), _THRESHOLDS[0]), _THRESHOLDS[-1])


def _f_beta(predicted: Marks, gold: Marks) -> float:
    """Return F-beta over all labels together (van Rijsbergen 1979, chapter 7)."""
    hits = int((predicted & gold).sum())
    relevant = _BETA**2 * int(gold.sum())
    return (1 + _BETA**2) * hits / max(1.0, relevant + int(predicted.sum()))
