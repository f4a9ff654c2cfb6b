"""The label model: votes of labelling functions turned into a probability for each reason.

Each reason is a question of its own, "does this document give it?", and its functions are the
voters of Dawid and Skene's model. A function that read the document and found nothing votes no
(`Ballot.answer` says when it abstains): the model then learns how often it finds a reason that
is there, and how often it finds one that is not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from ombud.atomic import replacing
from ombud.errors import InputError, first_line
from ombud.labelling import dawid_skene
from ombud.labelling.dawid_skene import ABSTAIN, DawidSkene, Floats, Votes
from ombud.labelling.functions import LabellingFunction
from ombud.labelling.registry import LABELLING_FUNCTIONS
from ombud.labelling.scan import Ballot
from ombud.taxonomy import REASONS

__all__ = ["LabelModel", "fit_label_model", "read_label_model", "write_label_model"]

FORMAT: Final = 1

_BELIEF: Final = np.array([[1997.0, 3.0], [4.0, 4.0]])
"""What is believed of a function before its votes are seen, as votes on documents seen: it finds
one reason in two that is there, and three in two thousand that is not. Without a belief two
voters of one rare reason fit any story equally well.
"""

_START: Final = 0.9
"""Probability to start from where a function has found the reason."""


@dataclass(frozen=True, slots=True)
class LabelModel:
    """A fitted label model.

    Attributes:
        functions: Names of the functions of each reason, in the order of its voters.
        voters: The fitted model of each reason: class 0 not given, class 1 given.
    """

    functions: Mapping[str, tuple[str, ...]]
    voters: Mapping[str, DawidSkene]

    def probabilities(self, ballots: Sequence[Ballot]) -> dict[str, Floats]:
        """Return, for each reason, the probability that each document gives it.

        Returns:
            Reasons in the taxonomy's order. Shape of each: (documents,)
        """
        return {reason.label: self.probability(reason.label, ballots) for reason in REASONS}

    def probability(self, label: str, ballots: Sequence[Ballot]) -> Floats:
        """Return the probability that each document gives one reason. Shape: (documents,)."""
        votes = _votes(ballots, self.functions[label])
        result: Floats = self.voters[label].probabilities(votes)[:, 1]
        return result


def fit_label_model(
    ballots: Sequence[Ballot], functions: Iterable[LabellingFunction] = LABELLING_FUNCTIONS
) -> LabelModel:
    """Fit the label model to the votes alone; no gold label is read.

    Args:
        ballots: One a document.
        functions: The functions that voted.

    Raises:
        InputError: If there is no document.
    """
    if not ballots:
        message = "expected at least one document to fit a label model to, found none"
        raise InputError(message)
    names: dict[str, tuple[str, ...]] = {
        reason.label: tuple(f.name for f in functions if f.label == reason.label)
        for reason in REASONS
    }
    return LabelModel(names, {label: _fit(_votes(ballots, names[label])) for label in names})


def write_label_model(model: LabelModel, path: Path) -> None:
    """Write the model as JSON, whole or not at all."""
    content = {
        "format": FORMAT,
        "reasons": {
            label: {
                "functions": list(names),
                "prior": model.voters[label].prior.tolist(),
                "confusion": model.voters[label].confusion.tolist(),
            }
            for label, names in model.functions.items()
        },
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def read_label_model(path: Path) -> LabelModel:
    """Read a model that `write_label_model` wrote.

    Raises:
        InputError: If it is missing, damaged, or fitted to other labelling functions.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            message = f"format {content['format']}"
            raise ValueError(message)
        reasons = content["reasons"]
        functions = {label: tuple(reasons[label]["functions"]) for label in reasons}
        voters = {label: _voters(row) for label, row in reasons.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reason = (error.strerror or "").lower() if isinstance(error, OSError) else ""
        message = (
            f"{path}: expected a label model of format {FORMAT}, "
            f"found: {reason or first_line(error)}; make it with 'ombud label --fit'"
        )
        raise InputError(message) from error
    known = {
        r.label: tuple(f.name for f in LABELLING_FUNCTIONS if f.label == r.label) for r in REASONS
    }
    if functions != known:
        message = (
            f"{path}: expected a label model of the present labelling functions, "
            "found one of others; fit it again with 'ombud label --fit'"
        )
        raise InputError(message)
    return LabelModel(functions, voters)


def _votes(ballots: Sequence[Ballot], names: Sequence[str]) -> Votes:
    rows = [list(map(ballot.answers().get, names)) for ballot in ballots]
    votes = [[ABSTAIN if answer is None else int(answer) for answer in row] for row in rows]
    return np.array(votes, np.int8).reshape(len(ballots), len(names))


def _fit(votes: Votes) -> DawidSkene:
    voters = votes.shape[1]
    if (votes == ABSTAIN).all():
        belief = _BELIEF / _BELIEF.sum(axis=1, keepdims=True)
        return DawidSkene(np.array([1.0, 0.0]), np.repeat(belief[None], voters, axis=0))
    said = (votes == 1).any(axis=1)
    given = np.where(said, _START, 0.0)
    return dawid_skene.fit(
        votes,
        start=np.stack([1 - given, given], axis=1),
        counts=np.repeat(_BELIEF[None], voters, axis=0),
    )


def _voters(row: Mapping[str, Any]) -> DawidSkene:
    prior = np.array(row["prior"], dtype=np.float64)
    confusion = np.array(row["confusion"], dtype=np.float64)
    if prior.shape != (2,) or confusion.shape != (len(row["functions"]), 2, 2):
        message = f"probabilities of shapes {prior.shape} and {confusion.shape}"
        raise ValueError(message)
    return DawidSkene(prior, confusion)
