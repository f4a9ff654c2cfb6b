"""Fitting calibration on the part set aside for it: never on training or test documents."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression

from ombud.calibration import Calibration, ViewCalibration
from ombud.corpus import GoldCase
from ombud.model import OmbudModel, collate
from ombud.taxonomy import OUTCOMES, REASONS
from ombud.vectors import SentenceVectors
from ombud.views import View
from ombud_training.fit import Fitted

__all__ = ["fit_calibration", "neutral_calibration"]

_OUTCOMES: Final = tuple(outcome.label for outcome in OUTCOMES)
_REASONS: Final = tuple(reason.label for reason in REASONS)
_COVERAGE: Final = 0.9
_ERROR_RATE: Final = 0.1
_AT_ONCE: Final = 16

Logits = NDArray[np.float64]


def neutral_calibration(views: Sequence[View]) -> Calibration:
    """Return a calibration that leaves every logit as it is."""
    return Calibration(
        _OUTCOMES, _REASONS, {view: ViewCalibration.neutral(len(_REASONS)) for view in views}
    )


def fit_calibration(
    fitted: Fitted,
    cases: Sequence[GoldCase],
    views: Sequence[View],
    vectors: SentenceVectors | None = None,
) -> Calibration:
    """Return the calibration of a trained model, fitted on `cases`.

    The reasons of a few dozen documents cannot carry two numbers each: all reasons of a view
    share one scale, one shift and one threshold, the one with the best micro-F1 on `cases`.
    `vectors` are those of the model's own encoder, where they are at hand.
    """
    return Calibration(
        _OUTCOMES, _REASONS, {view: _fit_view(fitted, cases, view, vectors) for view in views}
    )


def _fit_view(
    fitted: Fitted, cases: Sequence[GoldCase], view: View, vectors: SentenceVectors | None
) -> ViewCalibration:
    outcome_logits, reason_logits = _logits(fitted, cases, view, vectors)
    outcomes = np.array([_OUTCOMES.index(case.outcome) for case in cases])
    gold = np.array([[any(r.label == one for r in c.reasons) for one in _REASONS] for c in cases])
    temperature = _temperature(outcome_logits, outcomes)
    probabilities = softmax(outcome_logits / temperature, axis=1)
    true = probabilities[np.arange(len(cases)), outcomes]
    rank = min(len(cases), math.ceil((len(cases) + 1) * _COVERAGE))
    quantile = float(np.sort(1.0 - true)[rank - 1])
    correct = probabilities.argmax(axis=1) == outcomes
    scale, shift, threshold = _reason_scaling(reason_logits, gold)
    count = len(_REASONS)
    return ViewCalibration(
        temperature=temperature,
        reason_scale=(scale,) * count,
        reason_shift=(shift,) * count,
        reason_threshold=(threshold,) * count,
        conformal_quantile=quantile,
        abstain_below=_abstain_below(probabilities.max(axis=1), correct),
        coverage=_COVERAGE,
    )


@torch.inference_mode()
def _logits(
    fitted: Fitted, cases: Sequence[GoldCase], view: View, vectors: SentenceVectors | None
) -> tuple[Logits, Logits]:
    model: OmbudModel = fitted.model
    outcomes, reasons = [], []
    readings = [case.reading(view) for case in cases]
    for start in range(0, len(readings), _AT_ONCE):
        batch = collate(
            readings[start : start + _AT_ONCE], fitted.tokenizer, model.config.max_tokens, vectors
        )
        output = model(**batch)
        outcomes.append(output.outcome_logits.double().numpy())
        reasons.append(output.reason_logits.double().numpy())
    return np.concatenate(outcomes), np.concatenate(reasons)


def _temperature(logits: Logits, outcomes: NDArray[np.intp]) -> float:
    rows = np.arange(len(outcomes))

    def loss(log_temperature: float) -> float:
        return float(
            -log_softmax(logits / math.exp(log_temperature), axis=1)[rows, outcomes].mean()
        )

    best = minimize_scalar(loss, bounds=(math.log(0.25), math.log(8.0)), method="bounded")
    return float(math.exp(best.x))


def _reason_scaling(logits: Logits, gold: NDArray[np.bool_]) -> tuple[float, float, float]:
    flat, truth = logits.reshape(-1, 1), gold.reshape(-1)
    scale, shift = 1.0, 0.0
    if truth.any() and not truth.all():
        fitted = LogisticRegression(C=10.0).fit(flat, truth)
        slope = float(fitted.coef_[0, 0])
        if slope > 0:
            scale, shift = slope, float(fitted.intercept_[0])
    probabilities = 1.0 / (1.0 + np.exp(-(scale * logits + shift)))
    candidates = [0.15 + 0.05 * step for step in range(12)]
    scores = [_micro_f1(probabilities >= candidate, gold) for candidate in candidates]
    # Of the candidates within a hair of the best take the middle one: it is the steadiest.
    best = [c for c, s in zip(candidates, scores, strict=True) if s >= max(scores) - 1e-3]
    return scale, shift, round(best[len(best) // 2], 2)


def _micro_f1(predicted: NDArray[np.bool_], gold: NDArray[np.bool_]) -> float:
    hits = int((predicted & gold).sum())
    return 2.0 * hits / max(1, int(predicted.sum() + gold.sum()))


def _abstain_below(confidence: NDArray[np.float64], correct: NDArray[np.bool_]) -> float:
    """Return the lowest confidence at which at most one answer in ten is wrong."""
    order = np.argsort(-confidence)
    errors = np.cumsum(~correct[order]) / np.arange(1, len(order) + 1)
    allowed = np.flatnonzero(errors <= _ERROR_RATE)
    if len(allowed) == 0:
        return 1.0
    last = int(allowed[-1])
    return 0.0 if last == len(order) - 1 else float(confidence[order[last]])
