"""The label model over reasons: what a function's silence means, fitting, keeping, reading."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ombud.errors import InputError
from ombud.labelling import (
    LABELLING_FUNCTIONS,
    Ballot,
    LabellingFunction,
    LabelModel,
    Vote,
    ballot,
    fit_label_model,
    read_label_model,
    summary,
    write_label_model,
)
from ombud.labelling.scan import poll
from ombud.readers import from_text
from ombud.spans import Span
from ombud.taxonomy import REASONS

LATE = "My assessment\nThis complaint is late.\nFinal decision\nWe will not investigate it.\n"
EVERY = frozenset(f.name for f in LABELLING_FUNCTIONS)


def votes_of(*names: str) -> Ballot:
    """A ballot on which the functions named vote and all others say no."""
    votes = tuple(Vote(name, name.split(".")[0], Span(0, 1)) for name in names)
    return Ballot(votes, votes, EVERY)


@pytest.fixture(scope="module")
def fitted() -> LabelModel:
    late = [f.name for f in LABELLING_FUNCTIONS if f.label == "late"]
    ballots = [votes_of(late[number % 2], late[2]) for number in range(10)]
    return fit_label_model([*ballots, *(votes_of() for _ in range(90))])


def test_a_function_says_yes_no_or_abstains() -> None:
    document = from_text(LATE, "x")
    says = LabellingFunction("late.a", "late", ("late",))
    silent = LabellingFunction("withdrawn.b", "withdrawn", ("withdrawn",))
    gives_way = LabellingFunction("premature.c", "premature", ("late",), yields_to=("late",))
    elsewhere = LabellingFunction("late.d", "late", ("late",), sections=frozenset(["findings"]))
    found = poll(document, (says, silent, gives_way, elsewhere))
    assert [found.answer(name) for name in ("late.a", "withdrawn.b", "premature.c", "late.d")] == [
        True,
        False,
        None,
        None,
    ]
    assert found.silenced == {"premature.c"}


def test_a_ballot_without_a_function_lets_others_speak() -> None:
    says = LabellingFunction("late.a", "late", ("late",))
    gives_way = LabellingFunction("premature.c", "premature", ("late",), yields_to=("late",))
    less = poll(from_text(LATE, "x"), (says, gives_way)).without("late.a", (gives_way,))
    assert (less.answer("late.a"), less.answer("premature.c")) == (None, True)


def test_two_functions_make_a_reason_surer_than_one(fitted: LabelModel) -> None:
    late = fitted.functions["late"]
    none, one, two = fitted.probabilities(
        [votes_of(), votes_of(late[2]), votes_of(late[0], late[2])]
    )["late"]
    assert none < 0.05 < 0.5 < one < two <= 1


def test_every_reason_has_a_probability(fitted: LabelModel) -> None:
    probabilities = fitted.probabilities([ballot(from_text(LATE, "x"))])
    assert list(probabilities) == [reason.label for reason in REASONS]
    assert all(0 <= p[0] <= 1 for p in probabilities.values())


def test_a_reason_never_voted_for_keeps_what_is_believed(fitted: LabelModel) -> None:
    voted = fitted.probabilities([votes_of("withdrawn.complaint")])["withdrawn"][0]
    silent = fitted.probabilities([votes_of()])["withdrawn"][0]
    assert silent < voted


def test_a_model_is_read_as_it_was_written(fitted: LabelModel, tmp_path: Path) -> None:
    path = tmp_path / "new" / "model.json"
    write_label_model(fitted, path)
    again = read_label_model(path)
    assert again.functions == fitted.functions
    for label, voters in fitted.voters.items():
        np.testing.assert_array_equal(again.voters[label].prior, voters.prior)
        np.testing.assert_array_equal(again.voters[label].confusion, voters.confusion)
    assert [p.name for p in path.parent.iterdir()] == ["model.json"]


def broken(fitted: LabelModel, path: Path, change: str) -> None:
    write_label_model(fitted, path)
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if change == "format":
        content["format"] = 2
    elif change == "shape":
        content["reasons"]["late"]["prior"] = [1.0]
    elif change == "functions":
        content["reasons"]["withdrawn"]["functions"][0] = "withdrawn.old"
    path.write_text(json.dumps(content) if change != "json" else "{", encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("format", "found: format 2; make it with 'ombud label --fit'"),
        (
            "json",
            (
                "found: Expecting property name enclosed in double quotes: line 1 column 2 (char 1); "
                "make it with 'ombud label --fit'"
            ),
        ),
        (
            "shape",
            ("found: probabilities of shapes (1,) and (5, 2, 2); make it with 'ombud label --fit'"),
        ),
    ],
)
def test_a_damaged_model_is_refused(
    fitted: LabelModel, tmp_path: Path, change: str, found: str
) -> None:
    path = tmp_path / "model.json"
    broken(fitted, path, change)
    message = f"{path}: expected a label model of format 1, {found}"
    shape = f"({len(fitted.functions['late'])}, 2, 2)"
    with pytest.raises(InputError, match=f"^{re.escape(message.replace('(5, 2, 2)', shape))}$"):
        read_label_model(path)


def test_a_model_of_other_functions_is_refused(fitted: LabelModel, tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    broken(fitted, path, "functions")
    message = (
        f"{path}: expected a label model of the present labelling functions, "
        "found one of others; fit it again with 'ombud label --fit'"
    )
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        read_label_model(path)


def test_a_missing_model_is_refused(tmp_path: Path) -> None:
    message = (
        f"{tmp_path / 'no.json'}: expected a label model of format 1, "
        "found: no such file or directory; make it with 'ombud label --fit'"
    )
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        read_label_model(tmp_path / "no.json")


def test_no_document_is_refused() -> None:
    message = "expected at least one document to fit a label model to, found none"
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        fit_label_model([])


def test_labels_of_a_document_are_those_of_its_votes() -> None:
    found = ballot(from_text(LATE, "x"))
    assert list(summary(found.votes)) == ["late"]
