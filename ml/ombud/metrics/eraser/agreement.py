"""Agreement with human rationales (DeYoung et al. 2020, section 4.1).

Discrete choices by token F1 and by passages that overlap (IOU), soft scores by the area under the
precision-recall curve. Where the paper leaves a choice, the benchmark's is kept and said here.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ombud.spans import Span

__all__ = [
    "PrecisionRecallF1",
    "SoftScores",
    "exact_spans",
    "iou_f1",
    "soft_scores",
    "token_f1",
]

Spans: TypeAlias = Collection[Span]


@dataclass(frozen=True, slots=True)
class PrecisionRecallF1:
    """Precision, recall and their harmonic mean (or, where said, the mean of F1 values)."""

    precision: float
    recall: float
    f1: float

    @classmethod
    def of(cls, precision: float, recall: float) -> PrecisionRecallF1:
        """Return the two with their harmonic mean; 0 where both are 0."""
        total = precision + recall
        return cls(precision, recall, 2 * precision * recall / total if total else 0.0)

    def to_json(self) -> dict[str, float]:
        """Return the figures by the benchmark's names."""
        return {"p": self.precision, "r": self.recall, "f1": self.f1}


@dataclass(frozen=True, slots=True)
class SoftScores:
    """How soft scores rank the tokens, averaged over documents.

    Attributes:
        auprc: Area under the precision-recall curve, by trapezes.
        average_precision: The same by steps.
        roc_auc: Area under the curve of hits over false alarms.
    """

    auprc: float
    average_precision: float
    roc_auc: float


def token_f1(
    gold: Sequence[Spans], predicted: Sequence[Spans]
) -> tuple[PrecisionRecallF1, PrecisionRecallF1]:
    """Return micro and macro scores of tokens in the rationale (section 4.1).

    Micro counts tokens over all documents. Macro averages each of the three figures over
    documents, so that its F1 is the mean of F1 values; it is what the paper calls token F1.

    Raises:
        ValueError: If there is no document, or not one prediction for each.
    """
    return _sets_f1([_tokens(s) for s in gold], [_tokens(s) for s in predicted])


def exact_spans(
    gold: Sequence[Spans], predicted: Sequence[Spans]
) -> tuple[PrecisionRecallF1, PrecisionRecallF1]:
    """Return micro and macro scores of passages chosen from first to last token as marked.

    Raises:
        ValueError: If there is no document, or not one prediction for each.
    """
    return _sets_f1([frozenset(s) for s in gold], [frozenset(s) for s in predicted])


def iou_f1(
    gold: Sequence[Spans], predicted: Sequence[Spans], threshold: float = 0.5
) -> tuple[PrecisionRecallF1, PrecisionRecallF1]:
    """Return micro and macro scores of passages that overlap a marked one (section 4.1).

    A chosen passage is a hit if the tokens it shares with some marked passage are at least
    `threshold` of the tokens in either. Hits count for precision and for recall alike; the macro
    F1 is the harmonic mean of mean precision and mean recall.

    Raises:
        ValueError: If there is no document, or not one prediction for each.
    """
    _check(gold, predicted)
    hits = np.array(
        [
            sum(any(_iou(one, other) >= threshold for other in set(wanted)) for one in set(chosen))
            for wanted, chosen in zip(gold, predicted, strict=True)
        ]
    )
    wanted_counts = np.array([len(set(spans)) for spans in gold])
    chosen_counts = np.array([len(set(spans)) for spans in predicted])
    micro = PrecisionRecallF1.of(
        _share(hits.sum(), chosen_counts.sum()), _share(hits.sum(), wanted_counts.sum())
    )
    macro = PrecisionRecallF1.of(
        float(_shares(hits, chosen_counts).mean()), float(_shares(hits, wanted_counts).mean())
    )
    return micro, macro


def soft_scores(gold: Sequence[Spans], token_scores: Sequence[Sequence[float]]) -> SoftScores:
    """Return how scores rank marked tokens before others, averaged over documents (section 4.1).

    Documents without a marked token, or with no other, rank nothing and are left out.

    Raises:
        ValueError: If no document is left, or there is not one list of scores for each.
    """
    from sklearn.metrics import (
        auc,
        average_precision_score,
        precision_recall_curve,
        roc_auc_score,
    )

    _check(gold, token_scores)
    figures = []
    for spans, scores in zip(gold, token_scores, strict=True):
        marked = np.zeros(len(scores), dtype=np.bool_)
        marked[[token for token in _tokens(spans) if token < len(scores)]] = True
        if not marked.any() or marked.all():
            continue
        precision, recall, _ = precision_recall_curve(marked, scores)
        figures.append(
            (
                auc(recall, precision),
                average_precision_score(marked, scores),
                roc_auc_score(marked, scores),
            )
        )
    if not figures:
        message = "expected at least one document with some tokens marked, found none"
        raise ValueError(message)
    return SoftScores(*(float(mean) for mean in np.mean(figures, axis=0)))


def _tokens(spans: Spans) -> frozenset[int]:
    return frozenset(token for span in spans for token in range(span.start, span.end))


def _sets_f1(
    gold: Sequence[frozenset[Hashable]], predicted: Sequence[frozenset[Hashable]]
) -> tuple[PrecisionRecallF1, PrecisionRecallF1]:
    _check(gold, predicted)
    hits = np.array([len(w & c) for w, c in zip(gold, predicted, strict=True)])
    wanted = np.array([len(one) for one in gold])
    chosen = np.array([len(one) for one in predicted])
    micro = PrecisionRecallF1.of(_share(hits.sum(), chosen.sum()), _share(hits.sum(), wanted.sum()))
    precisions, recalls = _shares(hits, chosen), _shares(hits, wanted)
    f1 = [PrecisionRecallF1.of(p, r).f1 for p, r in zip(precisions, recalls, strict=True)]
    return micro, PrecisionRecallF1(
        float(precisions.mean()), float(recalls.mean()), float(np.mean(f1))
    )


def _check(gold: Sequence[Any], predicted: Sequence[Any]) -> None:
    if not gold or len(gold) != len(predicted):
        message = (
            "expected at least one document and a prediction for each, "
            f"found {len(gold)} and {len(predicted)}"
        )
        raise ValueError(message)


def _iou(one: Span, other: Span) -> float:
    shared = one.overlap(other)
    return shared / (len(one) + len(other) - shared)


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0


def _shares(parts: NDArray[np.int64], wholes: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.array([_share(p, w) for p, w in zip(parts, wholes, strict=True)])
