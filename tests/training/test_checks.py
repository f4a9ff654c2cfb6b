"""What is checked before a training: something to learn, and what cannot be learnt is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from gold import gold_case, gold_cases
from ombud.corpus import Wording
from ombud.errors import InputError
from ombud.taxonomy import REASONS
from ombud_training.checks import check_labels, labels_unseen
from ombud_training.device import Device
from ombud_training.fit import fit
from ombud_training.recipe import Recipe

CPU = Device("cpu", bf16=False, reason="CPU, in tests")


@pytest.mark.parametrize(
    ("cases", "message"),
    [
        ([], "expected training documents, found none; split again"),
        (
            [gold_case(n, "upheld") for n in range(3)],
            (
                "expected training documents of two outcomes at least, found 'upheld' in all 3; add "
                "others or split again"
            ),
        ),
        (
            [gold_case(n, outcome) for n, outcome in enumerate(("upheld", "not_upheld"))],
            (
                "expected reasons in the training documents, found none in all 2; label them first, see "
                "'ombud label --help'"
            ),
        ),
    ],
    ids=["empty", "one class", "no labels"],
)
def test_nothing_to_learn_from_is_one_sentence(
    cases: list, message: str, recipe: Recipe, tmp_path: Path
) -> None:
    if "reasons" in message:
        for case in cases:
            object.__setattr__(case, "reasons", ())
    for attempt in (
        lambda: check_labels(cases),
        lambda: fit(cases, recipe, CPU, tmp_path),
    ):
        with pytest.raises(InputError) as caught:
            attempt()
        assert str(caught.value) == message
        assert caught.value.exit_code == 1


def test_two_outcomes_and_a_reason_are_enough() -> None:
    check_labels(gold_cases(2))


def test_what_no_document_has_is_said() -> None:
    outcome, reasons = labels_unseen(gold_cases(2), [])
    assert outcome == (
        "no training document ends as closed_after_initial_enquiries: the model will not learn that"
    )
    unseen = [r.label for r in REASONS if r.label not in ("fault_causing_injustice", "no_fault")]
    assert reasons == (
        f"no training document gives {', '.join(unseen)}: the model will not learn that"
    )


def test_wordings_teach_reasons_too() -> None:
    wordings = [Wording("He said so.", "assessment", (reason.label,)) for reason in REASONS]
    assert labels_unseen(gold_cases(3), wordings) == []
