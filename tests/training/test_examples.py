"""Training examples: gold marks become targets, and section dropout repeats itself."""

from __future__ import annotations

import random
from typing import Any

import pytest
import torch

from cases import row
from ombud.corpus import GoldCase, GoldReason, Wording
from ombud.model import EncoderSource
from ombud.spans import Span
from ombud.taxonomy import OUTCOMES, REASONS
from ombud_training.examples import (
    Collator,
    Example,
    ExampleDataset,
    drop_sections,
    drop_sentences,
    gold_sentences,
    make_examples,
)
from ombud_training.wordings import wording_examples

LABELS = [reason.label for reason in REASONS]
LATE, COURT, TRIBUNAL = map(LABELS.index, ("late", "court_remedy", "tribunal_appeal_right"))
TEXT = (
    "Summary: Mr Z waited nine years. We will not look at it.\n"
    "The complaint\n"
    "Mr Z lost a hedge. He wants another hedge. He asked twice.\n"
    "My assessment\n"
    "He knew in 2011. A court could have heard him. That is all.\n"
)
LETTER = "My hedge went in 2011. Nobody came. Please help"


def span(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def case(**values: Any) -> GoldCase:
    reasons = (
        GoldReason(
            "late", True, (span("He knew in 2011."),), (span("My hedge went in 2011", LETTER),)
        ),
        GoldReason("court_remedy", False, (span("A court could have heard him."),), ()),
    )
    return row(1, **{"text": TEXT, "letter": LETTER, "reasons": reasons, **values})


def example(**values: Any) -> Example:
    (made,) = make_examples([case(**values)], ["statement"])
    return made


def words(made: Example) -> list[str]:
    return [s.span.of(made.reading.document.text) for s in made.reading.sentences]


SENTENCES = [
    "Mr Z waited nine years.",
    "We will not look at it.",
    "Mr Z lost a hedge.",
    "He wants another hedge.",
    "He asked twice.",
    "He knew in 2011.",
    "A court could have heard him.",
    "That is all.",
]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (["He knew in 2011."], [5]),
        (["He knew in 2011. A court could have heard him."], [5, 6]),
        # Half of the shorter of the two is enough; less is not.
        (["court could have"], [6]),
        (["2011. A court"], [6]),
        (["years. We will"], [1]),
        (["He wants another hedge. He"], [3]),
        (["Mr Z lost a hedge.", "That is all."], [2, 7]),
        ([], []),
    ],
)
def test_a_sentence_is_gold_where_a_passage_covers_half_of_the_shorter(
    marked: list[str], expected: list[int]
) -> None:
    reading = case().reading("statement")
    assert [s.span.of(TEXT) for s in reading.sentences] == SENTENCES
    assert gold_sentences(reading, [span(one) for one in marked]) == expected


def test_targets_of_a_statement() -> None:
    made = example()
    assert words(made) == SENTENCES
    assert OUTCOMES[made.outcome].label == case().outcome
    assert made.reasons.nonzero().flatten().tolist() == sorted([LATE, COURT])
    assert made.reasons.shape == (len(LABELS),)
    expected = torch.zeros(len(SENTENCES), 1 + len(LABELS))
    for sentence, column in ((5, 0), (6, 0), (5, 1 + LATE), (6, 1 + COURT)):
        expected[sentence, column] = 1.0
    assert torch.equal(made.gates, expected)


def test_a_reason_without_a_mark_holds_and_its_gates_are_unknown() -> None:
    (made,) = make_examples([case()], ["complaint"])
    assert words(made) == ["My hedge went in 2011.", "Nobody came.", "Please help"]
    assert made.reasons[LATE] == made.reasons[COURT] == 1.0
    assert made.gates[:, 1 + LATE].tolist() == [1.0, 0.0, 0.0]
    assert made.gates[:, 0].tolist() == [1.0, 0.0, 0.0]
    assert made.gates[:, 1 + COURT].isnan().all()
    assert made.gates[:, 1 + TRIBUNAL].tolist() == [0.0, 0.0, 0.0]


def test_without_any_mark_the_outcomes_gates_are_unknown() -> None:
    made = example(reasons=(GoldReason("late", True, (), ()),))
    assert made.gates[:, [0, 1 + LATE]].isnan().all()
    assert made.reasons[LATE] == 1.0
    others = [n for n in range(1, 1 + len(LABELS)) if n != 1 + LATE]
    assert (made.gates[:, others] == 0).all()


def test_examples_come_by_view_then_case() -> None:
    made = make_examples([case(), case(id="second")], ["statement", "complaint"])
    assert [(e.reading.view, e.reading.document.id) for e in made] == [
        ("statement", "r0001"),
        ("statement", "second"),
        ("complaint", "r0001"),
        ("complaint", "second"),
    ]


class Draws(random.Random):
    """Draws given numbers, one a section kind in order of name."""

    def __init__(self, *numbers: float) -> None:
        super().__init__()
        self._numbers = list(numbers)

    def random(self) -> float:
        return self._numbers.pop(0)


# Sections by name: assessment, complaint, summary.
def test_a_reason_whose_passages_are_left_out_becomes_unknown() -> None:
    made = drop_sections(example(), 0.5, Draws(0.1, 0.9, 0.9))
    assert words(made) == SENTENCES[:5]
    assert made.reasons[[LATE, COURT]].isnan().all()
    assert made.gates[:, [0, 1 + LATE, 1 + COURT]].isnan().all()
    assert made.reasons[TRIBUNAL] == 0.0
    assert (made.gates[:, 1 + TRIBUNAL] == 0).all()


def test_a_reason_whose_passages_stay_is_known() -> None:
    made = drop_sections(example(), 0.5, Draws(0.9, 0.1, 0.1))
    assert words(made) == SENTENCES[5:]
    assert made.reasons[LATE] == made.reasons[COURT] == 1.0
    assert made.gates[:, 1 + LATE].tolist() == [1.0, 0.0, 0.0]
    assert made.gates[:, 0].tolist() == [1.0, 1.0, 0.0]


def test_a_section_that_would_leave_too_little_stays() -> None:
    before = example()
    assert drop_sections(before, 0.5, Draws(0.1, 0.1, 0.9)) is before
    assert drop_sections(before, 0.5, Draws(0.1, 0.1, 0.1)) is before
    assert drop_sections(before, 0.5, Draws(0.9, 0.9, 0.9)) is before


def test_dropping_changes_no_example_itself() -> None:
    before = example()
    gates, reasons = before.gates.clone(), before.reasons.clone()
    drop_sections(before, 0.5, Draws(0.1, 0.9, 0.9))
    assert torch.equal(before.gates, gates)
    assert torch.equal(before.reasons, reasons)


def test_section_dropout_depends_on_seed_epoch_and_place_alone() -> None:
    examples = [example()] * 30

    def drawn(seed: int, epoch: int, order: list[int]) -> dict[int, tuple[str, ...]]:
        dataset = ExampleDataset(examples, 0.4, seed)
        dataset.set_epoch(epoch)
        return {n: tuple(words(dataset[n])) for n in order}

    forth = list(range(30))
    first = drawn(1, 0, forth)
    random.seed(99)
    torch.manual_seed(99)
    assert drawn(1, 0, forth[::-1]) == first
    assert drawn(1, 1, forth) != first
    assert drawn(2, 0, forth) != first
    assert len(set(first.values())) > 1


def test_no_reading_is_left_with_fewer_than_three_sentences() -> None:
    dataset = ExampleDataset([example()] * 200, 0.9, 3)
    lengths = {len(dataset[n].reading.sentences) for n in range(len(dataset))}
    assert min(lengths) == 3
    assert len(dataset) == 200
    short = make_examples([case(text="He knew in 2011. That is all.", reasons=())], ["statement"])
    assert len(ExampleDataset(short, 0.9, 3)[0].reading.sentences) == 2


def test_without_dropout_an_example_comes_as_it_is() -> None:
    made = example()
    assert ExampleDataset([made], 0.0, 3)[0] is made


def test_a_batch_is_padded_with_unknown_gates(tiny_encoder: EncoderSource) -> None:
    long, short = make_examples([case()], ["statement", "complaint"])
    weights = torch.tensor([1.0, 2.0, 3.0])
    batch = Collator(tiny_encoder.tokenizer(), 32, weights, 0.3)([short, long])
    assert batch["gate_targets"].shape == (2, 8, 1 + len(LABELS))
    assert batch["gate_targets"][0, 3:].isnan().all()
    assert torch.equal(batch["gate_targets"][1], long.gates)
    expected = torch.full((2, 3), 0.1)
    expected[:, long.outcome] = 0.8
    torch.testing.assert_close(batch["outcome_targets"], expected)
    assert torch.equal(batch["reason_targets"], torch.stack([short.reasons, long.reasons]))
    assert batch["outcome_weights"] is weights
    assert batch["section_ids"].shape == (2, 8)


def test_sentences_that_nobody_marked_are_left_out_and_marked_ones_stay() -> None:
    example = make_examples([case()], ["statement"])[0]
    marked = int((example.gates == 1).any(dim=1).sum())
    kept = drop_sentences(example, 0.999, random.Random(0))
    # Fewer than three sentences are never left.
    assert len(kept.reading.sentences) == max(marked, 3) or kept is example
    some = drop_sentences(example, 0.5, random.Random(1))
    assert marked <= len(some.reading.sentences) < len(example.reading.sentences)
    assert some.gates.shape[0] == len(some.reading.sentences)
    assert torch.equal(some.reasons, example.reasons)
    texts = [s.span.of(TEXT) for s in example.reading.sentences]
    for number in (example.gates == 1).any(dim=1).nonzero().flatten().tolist():
        assert texts[number] in [s.span.of(TEXT) for s in some.reading.sentences]


def test_wordings_become_readings_without_an_outcome() -> None:
    wordings = [Wording(f"It is late by {n} years.", "assessment", ("late",)) for n in range(9)]
    wordings.append(Wording("A court sat.", "background", (), "court_remedy"))
    examples = wording_examples(wordings, seed=3)
    assert [len(e.reading.sentences) for e in examples] == [8, 2]
    assert all(e.outcome is None for e in examples)
    seen = {}
    for example in examples:
        assert example.gates[:, 0].isnan().all()
        for number, sentence in enumerate(example.reading.sentences):
            text = sentence.span.of(example.reading.document.text)
            seen[text] = example.gates[number, 1:].nonzero().flatten().tolist()
        assert example.reasons[LATE] == 1.0
        assert example.reasons.sum() == 1.0
    assert seen == {w.text: [LATE] if w.labels else [] for w in wordings}
    again = wording_examples(wordings, seed=3)
    assert [e.reading.document.text for e in again] == [e.reading.document.text for e in examples]


def test_a_reading_without_an_outcome_has_no_outcome_target(tiny_encoder: EncoderSource) -> None:
    examples = make_examples([case()], ["statement"])
    examples += wording_examples([Wording("It is late.", "decision", ("late",))], seed=0)
    tensors = Collator(tiny_encoder.tokenizer(), 32, torch.ones(3), 0.1)(examples)
    assert tensors["outcome_targets"].sum(dim=1).tolist() == pytest.approx([1.0, 0.0])
