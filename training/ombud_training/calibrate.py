"""Fitting calibration on the part set aside for it: never on training or test documents."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_softmax, softmax

from ombud.abstention import abstain_below, risk_curve
from ombud.calibration import Calibration, ViewCalibration
from ombud.corpus import GoldCase
from ombud.corpus.dataset import complaints
from ombud.model import OmbudModel, collate
from ombud.taxonomy import OUTCOMES, REASONS
from ombud.vectors import SentenceVectors
from ombud.views import View
from ombud_training.fit import Fitted
from ombud_training.reason_scaling import fit_reason_scaling

__all__ = ["conformal_quantile", "fit_calibration", "fit_numbers", "neutral_calibration"]

_OUTCOMES: Final = tuple(outcome.label for outcome in OUTCOMES)
_REASONS: Final = tuple(reason.label for reason in REASONS)
_COVERAGE: Final = 0.9
_ERROR_RATE: Final = 0.1
_AT_ONCE: Final = 16
_ROUNDING: Final = 1e-3
"""In logits."""

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

    Of statements published for several bodies one is taken: copies are not exchangeable with
    each other, and a rank among them would promise too much. `vectors` are those of the model's
    own encoder, where they are at hand.
    """
    return Calibration(
        _OUTCOMES, _REASONS, {view: _fit_view(fitted, cases, view, vectors) for view in views}
    )


def _fit_view(
    fitted: Fitted, cases: Sequence[GoldCase], view: View, vectors: SentenceVectors | None
) -> ViewCalibration:
    cases = complaints(cases)
    outcome_logits, reason_logits, base = _logits(fitted, cases, view, vectors)
    return fit_numbers(outcome_logits, reason_logits, cases, base)


def fit_numbers(
    outcome_logits: Logits,
    reason_logits: Logits,
    cases: Sequence[GoldCase],
    base: Logits | None = None,
) -> ViewCalibration:
    """Return the calibration of any model, from its logits of `cases`, one a complaint.

    Args:
        outcome_logits: Shape: (documents, outcomes)
        reason_logits: Shape: (documents, reasons)
        cases: With the gold labels.
        base: Logit of each reason where no passage is chosen; for a model that chooses some.
            Shape: (reasons,)
    """
    outcomes = np.array([_OUTCOMES.index(case.outcome) for case in cases])
    gold = np.array([[any(r.label == one for r in c.reasons) for one in _REASONS] for c in cases])
    temperature = _temperature(outcome_logits, outcomes)
    probabilities = softmax(outcome_logits / temperature, axis=1)
    true = probabilities[np.arange(len(cases)), outcomes]
    curve = risk_curve(probabilities.max(axis=1), probabilities.argmax(axis=1) == outcomes)
    read = reason_logits if base is None else np.cbrt(reason_logits - base)
    reasons = fit_reason_scaling(read, gold)
    thresholds = np.full(len(_REASONS), reasons.threshold)
    if base is not None:
        # A reason is given for its passages: they must add more to it than a rounding error.
        least = reasons.scale * np.cbrt(_ROUNDING) + reasons.shift
        thresholds = np.maximum(thresholds, expit(least))
    return ViewCalibration(
        temperature=temperature,
        reason_scale=tuple(map(float, reasons.scale)),
        reason_shift=tuple(map(float, reasons.shift)),
        reason_threshold=tuple(map(float, thresholds)),
        conformal_quantile=conformal_quantile(1.0 - true, _COVERAGE),
        abstain_below=abstain_below(curve, _ERROR_RATE),
        coverage=_COVERAGE,
        error_rate=_ERROR_RATE,
        documents=len(cases),
        risk_curve=curve,
        reason_base=() if base is None else tuple(map(float, base)),
    )


def conformal_quantile(scores: Logits, coverage: float) -> float:
    """Return the score that a new one stays at or under with probability `coverage`.

    With so few scores that none can promise it, 1.0: every outcome stays in the set.

    Args:
        scores: 1 - p of the true outcome. Shape: (documents,)
        coverage: Between 0 and 1.
    """
    rank = math.ceil((len(scores) + 1) * coverage)
    return float(np.sort(scores)[rank - 1]) if rank <= len(scores) else 1.0


@torch.inference_mode()
def _logits(
    fitted: Fitted, cases: Sequence[GoldCase], view: View, vectors: SentenceVectors | None
) -> tuple[Logits, Logits, Logits]:
    """Return logits of outcomes and of reasons, and those of reasons without a passage."""
    model: OmbudModel = fitted.model
    base = model.nothing_chosen(view)[len(_OUTCOMES) :].double().numpy()
    outcomes, reasons = [], []
    readings = [case.reading(view) for case in cases]
    for start in range(0, len(readings), _AT_ONCE):
        batch = collate(
            readings[start : start + _AT_ONCE], fitted.tokenizer, model.config.max_tokens, vectors
        )
        output = model(**batch)
        outcomes.append(output.outcome_logits.double().numpy())
        reasons.append(output.reason_logits.double().numpy())
    return np.concatenate(outcomes), np.concatenate(reasons), base


def _temperature(logits: Logits, outcomes: NDArray[np.intp]) -> float:
    rows = np.arange(len(outcomes))

    def loss(log_temperature: float) -> float:
        return float(
            -log_softmax(logits / math.exp(log_temperature), axis=1)[rows, outcomes].mean()
        )

    best = minimize_scalar(loss, bounds=(math.log(0.25), math.log(8.0)), method="bounded")
    return float(math.exp(best.x))
