"""Dawid and Skene's model of voters: how often each is right, learned without the truth.

A. P. Dawid and A. M. Skene (1979), Maximum Likelihood Estimation of Observer Error-Rates Using
the EM Algorithm, Applied Statistics 28(1), section 3. Voters may abstain; with no `counts` and
no `known` the result is that of crowd-kit's `DawidSkene` on the same votes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["ABSTAIN", "DawidSkene", "Floats", "Votes", "fit", "majority"]

Votes = NDArray[np.int8]
"""One row a document, one column a voter: the class voted for, or `ABSTAIN`."""

Floats = NDArray[np.float64]

ABSTAIN: Final = -1
"""How `None` stands in an array of votes; never a class."""

_LEAST: Final = 1e-10
"""No probability of a vote is below this, so that no voter can rule a class out for ever."""


@dataclass(frozen=True, slots=True)
class DawidSkene:
    """A fitted model.

    Attributes:
        prior: How frequent each class is. Shape: (classes,)
        confusion: How often each voter, where it votes, votes for each class given the true
            one. Shape: (voters, true classes, classes voted for)
    """

    prior: Floats
    confusion: Floats

    def probabilities(self, votes: Votes) -> Floats:
        """Return the probability of each class for each document.

        A document on which all voters abstain gets the prior.

        Args:
            votes: Shape: (documents, voters)

        Returns:
            Shape: (documents, classes); each row sums to one.

        Raises:
            ValueError: If the votes are not of this model's voters and classes.
        """
        _check(votes, len(self.prior), len(self.confusion))
        scores = np.log(np.maximum(self.prior, _LEAST)) + _log_likelihood(votes, self.confusion)
        scores -= scores.max(axis=1, keepdims=True)
        likely = np.exp(scores)
        result: Floats = likely / likely.sum(axis=1, keepdims=True)
        return result


def fit(
    votes: Votes,
    classes: int = 2,
    *,
    known: NDArray[np.int8] | None = None,
    start: Floats | None = None,
    counts: Floats | None = None,
    iterations: int = 100,
    tolerance: float = 1e-9,
) -> DawidSkene:
    """Fit the model by expectation-maximisation.

    Args:
        votes: Shape: (documents, voters). Documents on which all abstain teach nothing and are
            left out.
        classes: How many classes there are.
        known: The true class of each document, `ABSTAIN` where it is not known; held fixed.
            Shape: (documents,)
        start: Probabilities to start from; the share of the votes by default.
            Shape: (documents, classes)
        counts: What is believed of the voters beforehand, as numbers of votes seen; added in
            every step (a Dirichlet prior). Shape: (voters, true classes, classes voted for)
        iterations: The most steps taken.
        tolerance: Stops when no probability moves by more than this.

    Raises:
        ValueError: If a vote is no class, or no document has a vote.
    """
    _check(votes, classes, votes.shape[1] if votes.ndim == 2 else 0)
    heard = (votes != ABSTAIN).any(axis=1)
    if not heard.any():
        message = "expected at least one vote to fit a label model to, found none"
        raise ValueError(message)
    votes = votes[heard]
    truth = None if known is None else known[heard]
    likely = _fixed(majority(votes, classes) if start is None else start[heard].copy(), truth)
    model = _maximise(votes, likely, counts)
    for _ in range(iterations):
        before = likely
        likely = _fixed(model.probabilities(votes), truth)
        model = _maximise(votes, likely, counts)
        if np.abs(likely - before).max() < tolerance:
            break
    return model


def majority(votes: Votes, classes: int = 2) -> Floats:
    """Return the share of the votes for each class; equal shares where all abstain.

    Args:
        votes: Shape: (documents, voters)
        classes: How many classes there are.

    Returns:
        Shape: (documents, classes)
    """
    shares = np.stack([(votes == c).sum(axis=1) for c in range(classes)], axis=1).astype(float)
    shares[shares.sum(axis=1) == 0] = 1.0
    result: Floats = shares / shares.sum(axis=1, keepdims=True)
    return result


def _maximise(votes: Votes, likely: Floats, counts: Floats | None) -> DawidSkene:
    classes = likely.shape[1]
    seen = np.stack([likely.T @ (votes == c) for c in range(classes)], axis=-1).transpose(1, 0, 2)
    if counts is not None:
        seen = seen + counts
    seen = np.maximum(seen, _LEAST)
    return DawidSkene(likely.mean(axis=0), seen / seen.sum(axis=2, keepdims=True))


def _log_likelihood(votes: Votes, confusion: Floats) -> Floats:
    logs = np.log(np.maximum(confusion, _LEAST))
    total: Floats = np.zeros((len(votes), confusion.shape[1]))
    for voted in range(confusion.shape[2]):
        total += (votes == voted) @ logs[:, :, voted]
    return total


def _fixed(likely: Floats, known: NDArray[np.int8] | None) -> Floats:
    if known is not None:
        rows = np.flatnonzero(known != ABSTAIN)
        likely[rows] = 0.0
        likely[rows, known[rows]] = 1.0
    return likely


def _check(votes: Votes, classes: int, voters: int) -> None:
    if votes.ndim != 2 or votes.shape[1] != voters:
        message = f"expected votes of shape (documents, {voters or 'voters'}), found {votes.shape}"
        raise ValueError(message)
    if votes.size and not ABSTAIN <= votes.min() <= votes.max() < classes:
        message = (
            f"expected votes from 0 to {classes - 1} or {ABSTAIN} for an abstention, "
            f"found {votes.min()} to {votes.max()}"
        )
        raise ValueError(message)
