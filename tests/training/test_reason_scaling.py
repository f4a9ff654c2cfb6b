"""Scaling of reasons: shared where that is better, a reason's own where it has cause."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import expit

from ombud_training.reason_scaling import fit_reason_scaling


def drawn(
    documents: int, scales: list[float], shifts: list[float], seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Logits, and gold labels drawn with the probabilities that the numbers make of them."""
    generator = np.random.default_rng(seed)
    logits = generator.normal(-1, 2, size=(documents, len(scales)))
    gold = generator.random(logits.shape) < expit(np.array(scales) * logits + np.array(shifts))
    return logits, gold


def test_reasons_that_are_alike_share_their_numbers() -> None:
    logits, gold = drawn(120, [1.5] * 6, [-0.5] * 6)
    found = fit_reason_scaling(logits, gold)
    assert found.scale == pytest.approx(1.5, abs=0.4)
    assert found.shift == pytest.approx(-0.5, abs=0.4)
    assert found.losses[found.price] <= found.losses[math.inf]


def test_a_reason_that_differs_gets_its_own() -> None:
    logits, gold = drawn(200, [1.0] * 5 + [1.0], [-2.0] * 5 + [2.5])
    found = fit_reason_scaling(logits, gold)
    assert found.price < math.inf
    assert found.losses[found.price] < found.losses[math.inf]
    assert found.shift[5] > 1.0
    assert max(found.shift[:5]) < 0.0


def test_a_reason_with_few_documents_has_what_all_share() -> None:
    logits, gold = drawn(200, [1.0] * 6, [-2.0] * 4 + [2.5] * 2)
    gold[:, 3] = False
    gold[:4, 3] = True
    found = fit_reason_scaling(logits, gold)
    assert found.price < math.inf
    assert found.shift[3] != found.shift[0]
    least = fit_reason_scaling(logits[:, :4], gold[:, :4])
    shared = {(a, b) for a, b in zip(least.scale, least.shift, strict=True)}
    assert (least.scale[3], least.shift[3]) in shared


def test_the_threshold_is_a_fifth_of_the_best_f2() -> None:
    # Right nine times in ten where the logit says so, and never elsewhere.
    logits = np.where(np.arange(200) % 4 == 0, 2.2, -6.0).reshape(-1, 1) * np.ones((1, 3))
    gold = logits > 0
    gold[::40] = False
    found = fit_reason_scaling(logits, gold)
    hits, named = 45 * 3, 50 * 3
    assert found.threshold == pytest.approx(hits / (5 * hits + named - hits))


@pytest.mark.parametrize("documents", [1, 2, 3])
def test_a_handful_of_documents_is_no_error(documents: int) -> None:
    found = fit_reason_scaling(np.zeros((documents, 3)), np.ones((documents, 3), dtype=np.bool_))
    assert list(found.scale) == [1.0] * 3
    assert found.price == math.inf
