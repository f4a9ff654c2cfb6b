"""Floors: simple systems trained on the same documents, which the model must beat."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Final, TypeAlias

import numpy as np
import scipy.sparse
import torch
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from ombud.corpus import GoldCase
from ombud.model.features import sentence_key
from ombud.taxonomy import OUTCOMES, REASONS
from ombud.views import Reading, View
from ombud_training.evaluate import Answers
from ombud_training.examples import gold_sentences

__all__ = ["floor_answers", "usual_count"]

_OUTCOMES: Final = [outcome.label for outcome in OUTCOMES]
_REASONS: Final = [reason.label for reason in REASONS]
_HALF: Final = 0.5

Matrix: TypeAlias = "NDArray[np.float64] | scipy.sparse.csr_matrix"
Vectors = Callable[[Sequence[str]], torch.Tensor]


def floor_answers(
    train: Sequence[GoldCase], test: Sequence[GoldCase], view: View, vectors: Vectors, seed: int
) -> list[Answers]:
    """Train every floor on `train` and return what each says of `test`.

    Majority; TF-IDF with logistic regression; the mean of a frozen encoder's sentence vectors
    with logistic regression. For rationales: as many sentences as marked on average, drawn at
    random; all sentences; sentences that hold a word of a fitted list.

    Args:
        train: Documents to learn from.
        test: Documents to answer.
        view: What may be read of each.
        vectors: The frozen encoder: sentence keys to vectors, Shape: (sentences, hidden).
        seed: Of the random rationale and the regressions.
    """
    train_readings = [case.reading(view) for case in train]
    test_readings = [case.reading(view) for case in test]
    vectorizer = TfidfVectorizer(
        ngram_range=(1, 2), min_df=2, sublinear_tf=True, max_features=50_000
    )
    train_tfidf = vectorizer.fit_transform([_words(r) for r in train_readings])
    test_tfidf = vectorizer.transform([_words(r) for r in test_readings])
    train_mean = np.stack([_mean(r, vectors) for r in train_readings])
    test_mean = np.stack([_mean(r, vectors) for r in test_readings])
    return [
        _majority(train, test),
        _logistic("tfidf_logistic", train, train_tfidf, test_tfidf, seed),
        _logistic("frozen_mean_logistic", train, train_mean, test_mean, seed),
        *_rationale_floors(train, train_readings, test_readings, view, seed),
    ]


def _words(reading: Reading) -> str:
    return " ".join(s.span.of(reading.document.text) for s in reading.sentences)


def _mean(reading: Reading, vectors: Vectors) -> NDArray[np.float64]:
    keys = [sentence_key(s.span.of(reading.document.text)) for s in reading.sentences]
    return np.asarray(vectors(keys).mean(dim=0).double().numpy())


def _majority(train: Sequence[GoldCase], test: Sequence[GoldCase]) -> Answers:
    outcome = Counter(case.outcome for case in train).most_common(1)[0][0]
    reason = Counter(r.label for case in train for r in case.reasons).most_common(1)[0][0]
    return Answers("majority", (outcome,) * len(test), (frozenset({reason}),) * len(test))


def _logistic(
    name: str, train: Sequence[GoldCase], train_x: Matrix, test_x: Matrix, seed: int
) -> Answers:
    outcomes = [case.outcome for case in train]
    told = np.zeros((test_x.shape[0], len(_OUTCOMES)))
    if len(set(outcomes)) > 1:
        fitted = _regression(seed).fit(train_x, outcomes)
        columns = [_OUTCOMES.index(label) for label in fitted.classes_]
        told[:, columns] = fitted.predict_proba(test_x)
    else:
        told[:, _OUTCOMES.index(outcomes[0])] = 1.0
    reasons = np.zeros((test_x.shape[0], len(_REASONS)))
    for column, label in enumerate(_REASONS):
        gold = np.array([any(r.label == label for r in case.reasons) for case in train])
        if gold.any() and not gold.all():
            fitted = _regression(seed).fit(train_x, gold)
            reasons[:, column] = fitted.predict_proba(test_x)[:, 1]
    return Answers(
        name,
        tuple(_OUTCOMES[column] for column in told.argmax(axis=1)),
        tuple(
            frozenset(label for label, p in zip(_REASONS, row, strict=True) if p > _HALF)
            for row in reasons
        ),
        probabilities=tuple(tuple(map(float, row)) for row in told),
        reason_probabilities=tuple(tuple(map(float, row)) for row in reasons),
    )


def _regression(seed: int) -> BaseEstimator:
    return LogisticRegression(C=10.0, class_weight="balanced", max_iter=2000, random_state=seed)


def _rationale_floors(
    train: Sequence[GoldCase],
    train_readings: Sequence[Reading],
    test_readings: Sequence[Reading],
    view: View,
    seed: int,
) -> list[Answers]:
    marked = [
        set(gold_sentences(r, [s for own in case.gold_spans(view).values() for s in own]))
        for case, r in zip(train, train_readings, strict=True)
    ]
    usual = usual_count(marked)
    generator = random.Random(seed)
    drawn = tuple(
        frozenset(generator.sample(range(len(r.sentences)), min(usual, len(r.sentences))))
        for r in test_readings
    )
    everything = tuple(frozenset(range(len(r.sentences))) for r in test_readings)
    weights = _word_list(train_readings, marked, test_readings)
    heaviest = tuple(
        frozenset(sorted(range(len(own)), key=lambda n: -own[n])[:usual] if any(own) else ())
        for own in weights
    )
    return [
        # Those drawn come first, the others after them in an order that is drawn too.
        Answers(
            "random_sentences",
            rationales=drawn,
            sentence_scores=tuple(
                tuple((n in own) + generator.random() for n in range(len(r.sentences)))
                for own, r in zip(drawn, test_readings, strict=True)
            ),
        ),
        Answers(
            "all_sentences",
            rationales=everything,
            sentence_scores=tuple((1.0,) * len(r.sentences) for r in test_readings),
        ),
        Answers("word_list", rationales=heaviest, sentence_scores=weights),
    ]


def usual_count(marked: Sequence[Collection[int]]) -> int:
    """Return how many sentences are marked on average where any is; at least one."""
    counts = [len(own) for own in marked if own]
    return max(1, round(sum(counts) / max(1, len(counts))))


def _word_list(
    train_readings: Sequence[Reading],
    marked: Sequence[set[int]],
    test_readings: Sequence[Reading],
) -> tuple[tuple[float, ...], ...]:
    """Return each sentence's weight by a regression of marked sentences' words on others'."""
    sentences = [s.span.of(r.document.text) for r in train_readings for s in r.sentences]
    gold = [
        number in own
        for r, own in zip(train_readings, marked, strict=True)
        for number in range(len(r.sentences))
    ]
    if not any(gold):
        return tuple((0.0,) * len(reading.sentences) for reading in test_readings)
    counter = CountVectorizer(binary=True, min_df=2)
    words = LogisticRegression(C=1.0, class_weight="balanced", max_iter=2000)
    words.fit(counter.fit_transform(sentences), gold)
    weights = []
    for reading in test_readings:
        texts = [s.span.of(reading.document.text) for s in reading.sentences]
        weights.append(tuple(map(float, words.decision_function(counter.transform(texts)))))
    return tuple(weights)
