"""What a trained model makes of reviews: choices to a budget, and classes from them alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import expit, softmax

from ombud.metrics import AOPC_SHARES, EraserPrediction, PartialScores
from ombud.model import collate
from ombud_training.eraser.fitting import EraserFitted
from ombud_training.eraser.passages import Passages
from ombud_training.eraser.selection import choose, passage_scores

__all__ = ["Evidence", "Rule", "Verdict", "decide", "predict", "read_evidence"]

_REVIEWS_AT_ONCE: Final = 32


@dataclass(frozen=True, slots=True)
class Rule:
    """How evidence becomes a choice; chosen on validation.

    Attributes:
        one_side: Choose evidence of the class that the review has more evidence of, not of any.
        sentence_share: How much of a passage's score is the mean of its sentence.
        temperature: Divides the logits of classes (Guo et al. 2017, section 4.2).
    """

    one_side: bool = True
    sentence_share: float = 0.0
    temperature: float = 1.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the model says of each passage of a review.

    Attributes:
        passages: The review.
        gates: Logits of being evidence of any class and of each. Shape: (passages, 1 + classes)
        contributions: What each adds to the logit of each class if it is chosen.
            Shape: (passages, classes)
        bias: Logits with nothing chosen. Shape: (classes,)
    """

    passages: Passages
    gates: NDArray[np.float64]
    contributions: NDArray[np.float64]
    bias: NDArray[np.float64]

    def scores(self, rule: Rule) -> NDArray[np.float64]:
        """Return how much each passage should be chosen. Shape: (passages,)."""
        column = 0
        if rule.one_side:
            column = 1 + int(expit(self.gates[:, 1:]).sum(axis=0).argmax())
        return passage_scores(self.passages, self.gates[:, column], rule.sentence_share)

    def logits(self, chosen: Sequence[int]) -> NDArray[np.float64]:
        """Return the classes' logits from the chosen passages alone. Shape: (classes,)."""
        logits: NDArray[np.float64] = self.bias + self.contributions[list(chosen)].sum(axis=0)
        return logits


@dataclass(frozen=True, slots=True)
class Verdict:
    """The chosen passages, by number, and what the classes' logits are from them alone.

    Attributes:
        chosen: In text order.
        logits: Shape: (classes,)
    """

    chosen: tuple[int, ...]
    logits: NDArray[np.float64]


@torch.no_grad()
def read_evidence(fitted: EraserFitted, reviews: Sequence[Passages]) -> list[Evidence]:
    """Return what the model says of every passage of every review."""
    model = fitted.model
    device = next(model.selector.parameters()).device
    found: list[Evidence] = []
    for start in range(0, len(reviews), _REVIEWS_AT_ONCE):
        some = reviews[start : start + _REVIEWS_AT_ONCE]
        tensors = collate(
            [review.reading() for review in some],
            fitted.tokenizer,
            model.config.max_tokens,
            fitted.vectors,
        )
        classes = len(model.config.outcomes)
        opened = (tensors["section_ids"] > 0).float().unsqueeze(-1)
        tensors["gates"] = opened.expand(-1, -1, 1 + len(model.config.reasons))
        output = model(**{name: tensor.to(device) for name, tensor in tensors.items()})
        view = int(tensors["view_ids"][0])
        bias = model.predictor.bias[view, :classes].double().cpu().numpy()
        for row, review in enumerate(some):
            count = len(review.spans)
            found.append(
                Evidence(
                    review,
                    output.gate_logits[row, :count].double().cpu().numpy(),
                    output.contributions[row, :count, :classes].double().cpu().numpy(),
                    bias,
                )
            )
    return found


def decide(evidence: Evidence, rule: Rule, share: float) -> Verdict:
    """Return the choice of at most `share` of the review's tokens, and what follows from it."""
    return _decide(evidence, rule, _budget(evidence.passages, share))


def predict(
    fitted: EraserFitted, evidence: Sequence[Evidence], rule: Rule, share: float
) -> list[EraserPrediction]:
    """Return predictions with what ERASER's faithfulness metrics need.

    "Only" is what the chosen passages alone give. "Without" is what the model makes of the review
    without them: it reads the rest anew and chooses as many tokens of it as of the whole.
    """
    verdicts = [decide(one, rule, share) for one in evidence]
    by_share: list[dict[float, PartialScores]] = [{} for _ in evidence]
    for level in AOPC_SHARES:
        parts = _parts(
            fitted, evidence, [decide(one, rule, level) for one in evidence], rule, share
        )
        for own, part in zip(by_share, parts, strict=True):
            own[level] = part
    whole = _parts(fitted, evidence, verdicts, rule, share)
    labels = fitted.model.config.outcomes
    return [
        EraserPrediction(
            id=one.passages.review.id,
            label=labels[int(verdict.logits.argmax())],
            probabilities=_probabilities(verdict.logits, labels, rule),
            spans=frozenset(one.passages.spans[n] for n in verdict.chosen),
            token_scores=_token_scores(one, rule),
            rationale=rationale,
            by_share=levels,
        )
        for one, verdict, rationale, levels in zip(evidence, verdicts, whole, by_share, strict=True)
    ]


def _parts(
    fitted: EraserFitted,
    evidence: Sequence[Evidence],
    verdicts: Sequence[Verdict],
    rule: Rule,
    share: float,
) -> list[PartialScores]:
    labels = fitted.model.config.outcomes
    rests = [
        one.passages.keep([n for n in range(len(one.passages.spans)) if n not in verdict.chosen])
        for one, verdict in zip(evidence, verdicts, strict=True)
    ]
    read = iter(read_evidence(fitted, [rest for rest in rests if rest.spans]))
    parts = []
    for one, verdict, rest in zip(evidence, verdicts, rests, strict=True):
        # Nothing left to read gives what nothing chosen gives.
        without = (
            _decide(next(read), rule, _budget(one.passages, share)).logits
            if rest.spans
            else one.bias
        )
        parts.append(
            PartialScores(
                _probabilities(without, labels, rule), _probabilities(verdict.logits, labels, rule)
            )
        )
    return parts


def _budget(passages: Passages, share: float) -> int:
    return int(share * len(passages.review.tokens))


def _decide(evidence: Evidence, rule: Rule, tokens: int) -> Verdict:
    chosen = choose(evidence.passages, evidence.scores(rule), tokens)
    return Verdict(tuple(chosen), evidence.logits(chosen))


def _probabilities(
    logits: NDArray[np.float64], labels: Sequence[str], rule: Rule
) -> dict[str, float]:
    values = softmax(logits / rule.temperature)
    return {label: float(value) for label, value in zip(labels, values, strict=True)}


def _token_scores(evidence: Evidence, rule: Rule) -> list[float]:
    scores = expit(evidence.scores(rule))
    by_token = [0.0] * len(evidence.passages.review.tokens)
    for span, score in zip(evidence.passages.spans, scores, strict=True):
        by_token[span.start : span.end] = [float(score)] * len(span)
    return by_token
