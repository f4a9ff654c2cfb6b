"""Dawid and Skene's model: equal to crowd-kit's, and right on planted voters."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ombud.labelling.dawid_skene import ABSTAIN, DawidSkene, Votes, fit, majority

STEPS = 60


def planted(
    rows: int, accuracies: NDArray[np.float64], *, classes: int = 2, coverage: float, seed: int
) -> tuple[NDArray[np.int64], Votes]:
    """Return true classes, and votes of voters that are right with the given frequency."""
    generator = np.random.default_rng(seed)
    truth = generator.integers(0, classes, rows)
    shape = (rows, len(accuracies))
    right = generator.random(shape) < accuracies
    wrong = (truth[:, None] + generator.integers(1, classes, shape)) % classes
    votes = np.where(right, truth[:, None], wrong)
    votes[generator.random(shape) > coverage] = ABSTAIN
    return truth, votes.astype(np.int8)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:crowdkit")
@pytest.mark.filterwarnings("ignore:The (inplace|copy) keyword")
@pytest.mark.parametrize(("classes", "informed"), [(2, False), (3, False), (2, True)])
def test_equal_to_crowd_kit(classes: int, informed: bool) -> None:
    pandas = pytest.importorskip("pandas")
    aggregation = pytest.importorskip("crowdkit.aggregation")
    accuracies = np.array([0.9, 0.8, 0.7, 0.6, 0.55, 0.75])
    truth, votes = planted(200, accuracies, classes=classes, coverage=0.5, seed=classes)
    known = np.full(len(truth), ABSTAIN, dtype=np.int8)
    if informed:
        known[:20] = truth[:20]
    table = pandas.DataFrame(
        [(d, v, int(votes[d, v])) for d, v in zip(*np.nonzero(votes != ABSTAIN), strict=True)],
        columns=["task", "worker", "label"],
    )
    # Both take exactly as many steps: crowd-kit never stops early at this tolerance.
    theirs = aggregation.DawidSkene(STEPS, tol=-np.inf).fit(
        table, pandas.Series(truth[:20], name="label") if informed else None
    )
    ours = fit(votes, classes, known=known if informed else None, iterations=STEPS, tolerance=-1)
    heard = np.flatnonzero((votes != ABSTAIN).any(axis=1))
    assert len(theirs.probas_) == len(heard)
    unknown = [d for d in heard if known[d] == ABSTAIN]
    # crowd-kit returns the probabilities of the step before the last estimate of the voters.
    before = fit(
        votes, classes, known=known if informed else None, iterations=STEPS - 1, tolerance=-1
    )
    np.testing.assert_allclose(
        theirs.probas_.loc[unknown, range(classes)].to_numpy(),
        before.probabilities(votes[unknown]),
        atol=1e-6,
    )
    np.testing.assert_allclose(theirs.priors_.loc[range(classes)], ours.prior, atol=1e-6)
    for (voter, voted), row in theirs.errors_.iterrows():
        np.testing.assert_allclose(
            row[list(range(classes))], ours.confusion[voter, :, voted], atol=1e-6
        )


@pytest.mark.parametrize("coverage", [1.0, 0.3])
def test_planted_accuracies_are_recovered_and_the_majority_is_not_better(coverage: float) -> None:
    accuracies = np.array([0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.58, 0.55])
    truth, votes = planted(5_000, accuracies, coverage=coverage, seed=7)
    model = fit(votes)
    balanced = (model.confusion[:, 0, 0] + model.confusion[:, 1, 1]) / 2
    np.testing.assert_allclose(balanced, accuracies, atol=0.05)
    np.testing.assert_allclose(model.prior, [0.5, 0.5], atol=0.05)
    ours = (model.probabilities(votes).argmax(axis=1) == truth).mean()
    plain = (majority(votes).argmax(axis=1) == truth).mean()
    assert ours > plain


@given(
    votes=st.lists(
        st.lists(st.integers(ABSTAIN, 1), min_size=4, max_size=4), min_size=1, max_size=30
    ).filter(lambda rows: any(v != ABSTAIN for row in rows for v in row))
)
@settings(max_examples=50, deadline=None)
def test_probabilities_are_probabilities(votes: list[list[int]]) -> None:
    array = np.array(votes, dtype=np.int8)
    model = fit(array)
    np.testing.assert_allclose(model.probabilities(array).sum(axis=1), 1.0)
    np.testing.assert_allclose(model.prior.sum(), 1.0)
    np.testing.assert_allclose(model.confusion.sum(axis=2), 1.0)


def test_a_document_without_votes_gets_the_prior_and_teaches_nothing() -> None:
    _, votes = planted(100, np.array([0.9, 0.8, 0.7]), coverage=1.0, seed=1)
    silent = np.full((1, 3), ABSTAIN, dtype=np.int8)
    model = fit(votes)
    with_silent = fit(np.vstack([votes, silent]))
    np.testing.assert_array_equal(with_silent.confusion, model.confusion)
    np.testing.assert_allclose(model.probabilities(silent)[0], model.prior)


def test_counts_are_what_was_seen_before() -> None:
    votes = np.array([[1], [0], [0]], dtype=np.int8)
    counts = np.array([[[90.0, 10.0], [30.0, 70.0]]])
    confusion = fit(votes, counts=counts).confusion[0]
    np.testing.assert_allclose(confusion, [[0.9, 0.1], [0.3, 0.7]], atol=0.02)


@pytest.mark.parametrize(
    ("votes", "message"),
    [
        (
            np.array([[2, 0]], dtype=np.int8),
            "expected votes from 0 to 1 or -1 for an abstention, found 0 to 2",
        ),
        (
            np.array([[-2, 0]], dtype=np.int8),
            "expected votes from 0 to 1 or -1 for an abstention, found -2 to 0",
        ),
        (
            np.array([1, 0], dtype=np.int8),
            "expected votes of shape (documents, voters), found (2,)",
        ),
        (
            np.array([[ABSTAIN]], dtype=np.int8),
            "expected at least one vote to fit a label model to, found none",
        ),
    ],
)
def test_votes_that_cannot_be_read_are_refused(votes: Votes, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        fit(votes)


def test_votes_of_other_voters_are_refused() -> None:
    model = DawidSkene(np.array([0.5, 0.5]), np.full((3, 2, 2), 0.5))
    message = "expected votes of shape (documents, 3), found (1, 2)"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        model.probabilities(np.zeros((1, 2), dtype=np.int8))
