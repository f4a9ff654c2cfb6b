"""Which sentences a prediction hangs on, so that a little more or less precision could change it.

Gates are hard: a sentence just below the threshold adds nothing, just above it all that it says.
A back end of reduced precision moves gate logits by a few hundredths, and so changes few decisions,
but those by a lot. Where a decision is that close, the vectors it hangs on are computed again in
float32; there are few of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ombud.calibration import Calibration
from ombud.model.heads import Chosen, HeadSettings, gate_thresholds
from ombud.views import VIEWS, View

__all__ = ["doubtful_sentences"]


def doubtful_sentences(
    chosen: Chosen,
    config: HeadSettings,
    calibration: Calibration,
    views: Sequence[View],
    margin: float,
) -> Tensor:
    """Return which sentences to compute again.

    Those whose gate is within `margin` of being the other way, with those beside them where it is
    within a quarter of it; and those chosen for a label whose logit is within `margin` of its
    threshold, or for the outcome where another's logit is that near.

    Args:
        chosen: What the heads made of the vectors at hand.
        config: The heads' settings.
        calibration: Thresholds of the reasons.
        views: The view of each document.
        margin: In logits.

    Returns:
        Shape: (documents, sentences)
    """
    view_ids = torch.tensor([VIEWS.index(view) for view in views])
    there = chosen.gate_logits > chosen.gate_logits.new_tensor(-30.0)
    away = chosen.gate_logits - gate_thresholds(config, chosen.gate_logits, view_ids)
    near = ((away.abs() < margin) & there).any(dim=-1)
    # What stands beside a sentence has a smaller say in its gate.
    very_near = ((away.abs() < margin / 4) & there).any(dim=-1)
    near[:, 1:] |= very_near[:, :-1]
    near[:, :-1] |= very_near[:, 1:]
    thresholds = chosen.reason_logits.new_tensor(
        [calibration.reason_logit_thresholds(view) for view in views]
    )
    open_question = (chosen.reason_logits - thresholds).abs() < margin
    best = chosen.outcome_logits.topk(min(2, chosen.outcome_logits.shape[1]), dim=1).values
    unsure = (best[:, :1] - best[:, -1:]).abs() < margin
    asked = torch.cat([unsure, open_question], dim=1).unsqueeze(1)
    return (near & there[..., 0]) | ((chosen.gates > 0) & asked).any(dim=-1)
