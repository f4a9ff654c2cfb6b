"""Training examples: what a view reads of a case, and the targets made of its gold marks."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from ombud.corpus import GoldCase
from ombud.labelling import apply, summary
from ombud.model import collate
from ombud.spans import Span
from ombud.taxonomy import OUTCOMES, REASONS
from ombud.views import Reading, View
from ombud_training.batches import Thinned

__all__ = [
    "Collator",
    "Example",
    "ExampleDataset",
    "gold_sentences",
    "make_examples",
]

_OUTCOMES = [outcome.label for outcome in OUTCOMES]
_REASONS = [reason.label for reason in REASONS]
_LEAST_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Example:
    """A reading with its targets.

    Attributes:
        reading: What the model sees.
        outcome: Index of the gold outcome; None where there is none.
        reasons: 1 for a gold reason, NaN where it cannot be known from this reading.
            Shape: (reasons,)
        gates: 1 for a marked sentence, NaN where marks say nothing; column 0 is any reason's.
            Shape: (sentences, 1 + reasons)
    """

    reading: Reading
    outcome: int | None
    reasons: Tensor
    gates: Tensor


def gold_sentences(reading: Reading, spans: Sequence[Span]) -> list[int]:
    """Return the numbers of the sentences that a marked passage covers.

    A sentence counts if the passage shares at least half of the shorter of the two with it.
    """
    return [
        number
        for number, sentence in enumerate(reading.sentences)
        if any(
            2 * sentence.span.overlap(span) >= min(len(sentence.span), len(span)) for span in spans
        )
    ]


def make_examples(
    cases: Sequence[GoldCase], views: Sequence[View], spans: str = "gold"
) -> list[Example]:
    """Return one example a case and view.

    Args:
        cases: What to learn from.
        views: What may be read of each.
        spans: Where reasons are said: by `gold` marks, by `labelled` passages of the labelling
            functions for the same reasons too, or by `none`, so that every gate is unknown.
    """
    made = [_example(case, view) for view in views for case in cases]
    if spans == "labelled":
        return [_with_labelled(example) for example in made]
    if spans == "none":
        unknown = float("nan")
        return [dataclasses.replace(e, gates=torch.full_like(e.gates, unknown)) for e in made]
    return made


def _with_labelled(example: Example) -> Example:
    """Return the example with sentences marked that labelling functions take as evidence.

    Only for its gold reasons: a function that finds another is wrong, or reads a part of the
    complaint that decided nothing.
    """
    gates = example.gates.clone()
    found = summary(apply(example.reading.document))
    for label, spans in found.items():
        column = _REASONS.index(label)
        sentences = gold_sentences(example.reading, spans)
        if example.reasons[column] == 1 and sentences:
            # Where nobody marked the reason, the other sentences stay unknown.
            gates[sentences, 1 + column] = 1.0
            gates[sentences, 0] = 1.0
    return dataclasses.replace(example, gates=gates)


def _example(case: GoldCase, view: View) -> Example:
    reading = case.reading(view)
    reasons = torch.zeros(len(_REASONS))
    gates = torch.zeros(len(reading.sentences), 1 + len(_REASONS))
    for label, spans in case.gold_spans(view).items():
        column = _REASONS.index(label)
        reasons[column] = 1.0
        marked = gold_sentences(reading, spans)
        if marked:
            gates[marked, 1 + column] = 1.0
            gates[marked, 0] = 1.0
        else:
            # The reason holds, but nobody marked where this text says so.
            gates[:, 1 + column] = float("nan")
    if not bool((gates[:, 0] > 0).any()):
        gates[:, 0] = float("nan")
    return Example(reading, _OUTCOMES.index(case.outcome), reasons, gates)


def drop_sentences(example: Example, probability: float, generator: random.Random) -> Example:
    """Return the example with each sentence that nobody marked left out with `probability`."""
    marked = (example.gates == 1).any(dim=1).tolist()
    kept = [n for n, own in enumerate(marked) if own or generator.random() >= probability]
    return example if len(kept) < _LEAST_SENTENCES else _keep(example, kept)


def _keep(example: Example, kept: Sequence[int]) -> Example:
    sentences = example.reading.sentences
    reading = dataclasses.replace(example.reading, sentences=tuple(sentences[n] for n in kept))
    return dataclasses.replace(example, reading=reading, gates=example.gates[kept])


def drop_sections(example: Example, probability: float, generator: random.Random) -> Example:
    """Return the example with each section left out with `probability`.

    A reason whose marked passages are all left out becomes unknown; a reading is never left
    with fewer than three sentences.
    """
    sentences = example.reading.sentences
    kinds = sorted({sentence.section for sentence in sentences})
    dropped = {kind for kind in kinds if generator.random() < probability}
    kept = [n for n, sentence in enumerate(sentences) if sentence.section not in dropped]
    if not dropped or len(kept) < _LEAST_SENTENCES:
        return example
    shorter = _keep(example, kept)
    gates, reasons = shorter.gates, example.reasons.clone()
    lost = (example.gates == 1).any(dim=0) & ~(gates == 1).any(dim=0)
    reasons[lost[1:]] = float("nan")
    gates[:, lost] = float("nan")
    return dataclasses.replace(shorter, reasons=reasons, gates=gates)


class ExampleDataset(Thinned[Example]):
    """Examples with dropout of sections and of sentences that nobody marked."""

    def __init__(
        self,
        examples: Sequence[Example],
        section_dropout: float,
        seed: int,
        sentence_dropout: float = 0.0,
    ) -> None:
        super().__init__(examples, seed)
        self._section_dropout = section_dropout
        self._sentence_dropout = sentence_dropout

    def thin(self, example: Example, generator: random.Random) -> Example:
        """Return an example without some parts; one of no outcome stays whole."""
        if example.outcome is None:
            return example
        if self._section_dropout:
            example = drop_sections(example, self._section_dropout, generator)
        if self._sentence_dropout:
            example = drop_sentences(example, self._sentence_dropout, generator)
        return example


class Collator:
    """Makes the arguments of `OmbudModel.forward` of a batch of examples."""

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerBase,
        max_tokens: int,
        outcome_weights: Tensor,
        label_smoothing: float,
        vectors: Callable[[Sequence[str]], Tensor] | None = None,
    ) -> None:
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens
        self._outcome_weights = outcome_weights
        self._smoothing = label_smoothing
        self._vectors = vectors

    def __call__(self, examples: Sequence[Example]) -> dict[str, Tensor]:
        """Return padded tensors; gate targets of padding are NaN."""
        tensors = collate(
            [example.reading for example in examples],
            self._tokenizer,
            self._max_tokens,
            self._vectors,
        )
        longest = tensors["section_ids"].shape[1]
        gates = torch.full((len(examples), longest, 1 + len(_REASONS)), float("nan"))
        for number, example in enumerate(examples):
            gates[number, : example.gates.shape[0]] = example.gates
        outcomes = torch.zeros(len(examples), len(_OUTCOMES))
        for number, example in enumerate(examples):
            if example.outcome is not None:
                outcomes[number] = self._smoothing / len(_OUTCOMES)
                outcomes[number, example.outcome] += 1.0 - self._smoothing
        tensors["outcome_targets"] = outcomes
        tensors["reason_targets"] = torch.stack([example.reasons for example in examples])
        tensors["gate_targets"] = gates
        tensors["outcome_weights"] = self._outcome_weights
        return tensors
