"""Slices of the documents scored: by time, category, kind of body, and length."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from ombud.corpus import GoldCase, Split
from ombud.corpus.split import PARTS
from ombud.views import Reading

__all__ = ["body_type", "slices"]

_BODIES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("county council", r"county council"),
        ("district council", r"district council"),
        ("borough council", r"borough"),
        ("city council", r"\bcity\b"),
        ("appeal panel", r"\bpanel\b"),
        ("transport authority", r"transport"),
        ("care provider", r"\b(?:care|homes?|homecare|support|limited|ltd|opportunities)\b"),
        ("other council", r"council"),
    )
)


def body_type(body: str) -> str:
    """Return what kind of body a name is that of."""
    for name, pattern in _BODIES:
        if pattern.search(body):
            return name
    return "other body"


def slices(
    cases: Sequence[GoldCase], readings: Sequence[Reading], split: Split | None
) -> Mapping[str, Mapping[str, list[int]]]:
    """Return the numbers of the documents of each slice, by what the slices are by.

    Lengths are thirds of the documents by words of what is read.
    """
    words = np.array([_words(reading) for reading in readings])
    low, high = (int(np.quantile(words, share)) for share in (1 / 3, 2 / 3))
    names = [f"up to {low} words", f"{low + 1} to {high} words", f"over {high} words"]
    by = {
        "category": [case.category for case in cases],
        "kind of body": [body_type(case.body) for case in cases],
        "length": [names[int(count > low) + int(count > high)] for count in words],
    }
    if split is not None:
        periods = {i: name for name in PARTS for i in split.parts[name]}
        named = [f"{periods[case.id]}, from {split.starts[periods[case.id]]}" for case in cases]
        by = {"period": named, **by}
    order = {name: place for place, name in enumerate(names)}
    return {
        what: {
            label: [number for number, own in enumerate(labels) if own == label]
            for label in sorted(set(labels), key=lambda label: (order.get(label, -1), label))
        }
        for what, labels in by.items()
    }


def _words(reading: Reading) -> int:
    return sum(len(s.span.of(reading.document.text).split()) for s in reading.sentences)
