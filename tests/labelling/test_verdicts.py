"""Functions of verdicts and of grounds stated outright: what each finds in a summary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ombud.labelling import LABELLING_FUNCTIONS, ballot
from ombud.readers import from_text
from ombud.taxonomy import REASONS, reason

SENTENCES: dict[str, dict[str, list[str]]] = yaml.safe_load(
    (Path(__file__).parent / "verdicts.yaml").read_text(encoding="utf-8")
)
DECLINED = (
    "Summary: {}\nMy assessment\nI have read the papers.\n"
    "Final decision\nWe will not investigate this complaint.\n"
)
INVESTIGATED = (
    "Summary: {}\nWhat I found\nI have read the papers.\n"
    "Final decision\nI have completed my investigation.\n"
)
NAMES = {f.name for f in LABELLING_FUNCTIONS}


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(label, sentence, id=f"{label}-{number}")
        for label, kinds in SENTENCES.items()
        for number, sentence in enumerate(kinds.get(kind, []))
    ]


def found(label: str, sentence: str) -> set[str]:
    """Return the kinds of function of a reason that find it in a summary, `verdict` for one."""
    early = label == "remedy_agreed_early"
    frame = DECLINED if reason(label).family != "finding" or early else INVESTIGATED
    votes = ballot(from_text(frame.format(sentence), "test")).found
    return {vote.function.split(".")[1] for vote in votes if vote.label == label}


def test_each_function_has_its_sentences() -> None:
    assert set(SENTENCES) == {r.label for r in REASONS}
    for label, kinds in SENTENCES.items():
        assert f"{label}.verdict" in NAMES
        assert ("stated" in kinds) == (f"{label}.stated" in NAMES)
        assert all(len(set(sentences)) >= 3 for sentences in kinds.values())


@pytest.mark.parametrize(("label", "sentence"), cases("fires"))
def test_a_verdict_is_found(label: str, sentence: str) -> None:
    assert "verdict" in found(label, sentence)


@pytest.mark.parametrize(("label", "sentence"), cases("stated"))
def test_a_ground_stated_outright_is_found(label: str, sentence: str) -> None:
    assert "stated" in found(label, sentence)


@pytest.mark.parametrize(("label", "sentence"), cases("silent"))
def test_what_only_looks_like_it_is_not_found(label: str, sentence: str) -> None:
    assert not found(label, sentence) & {"verdict", "stated"}


@pytest.mark.parametrize(
    ("sentence", "votes"),
    [
        ("The Council has agreed to apologise and to pay her £200.", True),
        ("It will remind its staff of the policy within a month.", True),
        ("Pay Mr D the sum that he lost.", True),
        ("The Council sent us its file.", False),
        ("There were three of them.", False),
        ("She thought it over.", False),
    ],
)
def test_an_agreed_action_speaks_for_fault_and_injustice(sentence: str, votes: bool) -> None:
    text = f"What I found\nI read the papers.\nAgreed action\n{sentence}\nFinal decision\nDone.\n"
    names = {vote.function for vote in ballot(from_text(text, "test")).found}
    assert ("fault_causing_injustice.agreed_action" in names) is votes


@pytest.mark.parametrize(
    ("sentence", "votes"),
    [
        ("The log shows that two officers called.", True),
        ("The minutes record what was said.", True),
        ("A rumour is not a reason to doubt it.", True),
        ("She called twice.", False),
        ("The house is old.", False),
        ("Nobody came.", False),
    ],
)
def test_records_bear_out_too_little_evidence(sentence: str, votes: bool) -> None:
    text = f"My assessment\n{sentence}\nFinal decision\nWe will not investigate.\n"
    names = {vote.function for vote in ballot(from_text(text, "test")).found}
    assert ("insufficient_evidence_of_fault.records_show" in names) is votes


@pytest.mark.parametrize(
    ("sentence", "votes"),
    [
        ("I have ended my investigation half way through.", True),
        ("The enquiries we had begun will go no further.", True),
        ("I have no reason to carry on with the investigation.", True),
        ("The Council ended its investigation.", False),
        ("Her support was stopped.", False),
        ("The police are investigating a crime.", False),
    ],
)
def test_an_investigation_broken_off_is_found(sentence: str, votes: bool) -> None:
    names = {v.function for v in ballot(from_text(DECLINED.format(sentence), "test")).found}
    assert ("investigation_discontinued.broken_off" in names) is votes
