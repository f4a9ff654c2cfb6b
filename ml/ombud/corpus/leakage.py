"""How much of the outcome stands in the texts themselves: the leakage guard, measured.

The finding is predicted by TF-IDF and logistic regression from each text as it is, from the text
without the words that tell the finding, and from what the complaint view reads of it. What
`ombud.views` leaves in is what a model could learn from; what it takes out is what would have
made a forecast worthless.
"""

from __future__ import annotations

import functools
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ombud.documents import Document
from ombud.errors import InputError
from ombud.metrics import Interval, bootstrap
from ombud.spans import Span
from ombud.views import read, telling_spans

__all__ = ["LeakageReport", "Score", "leakage_markdown", "leakage_report"]

LIMIT: Final = 40_000
"""Rows used at most; of more, whole cases are drawn."""
_TRAIN: Final = 0.75
_RESAMPLES: Final = 1000


@dataclass(frozen=True, slots=True)
class Score:
    """Figures of one system on one part of the test rows, with 95 % intervals over cases."""

    system: str
    rows: str
    count: int
    macro_f1: Interval
    accuracy: Interval


@dataclass(frozen=True, slots=True)
class LeakageReport:
    """What was measured.

    Attributes:
        source: Where the rows come from.
        dataset_rows: Rows of the source in the dataset.
        unlabelled: Rows left out because they have no outcome or no date.
        drawn: Rows used of the rest.
        telling: Rows used whose text holds words that tell the finding.
        unread: Rows used of which the complaint view reads nothing.
        cut: First date of the test rows; a case stands where its first date does.
        train: Rows before.
        test: Rows from then on.
        findings: Test rows by finding.
        scores: Each system on all test rows, on those that tell, and on those that do not.
    """

    source: str
    dataset_rows: int
    unlabelled: int
    drawn: int
    telling: int
    unread: int
    cut: str
    train: int
    test: int
    findings: Mapping[str, int]
    scores: tuple[Score, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return asdict(self)


def leakage_report(
    rows: Sequence[Mapping[str, Any]],
    documents: Iterable[Document],
    *,
    limit: int = LIMIT,
    seed: int = 0,
) -> LeakageReport:
    """Measure how well the finding is predicted with and without the words that tell it.

    Args:
        rows: Rows of one source of an imported dataset.
        documents: The document of each row, in the same order.
        limit: Rows used at most.
        seed: Of the drawing and the regressions.

    Raises:
        InputError: If there are fewer than two findings on either side of the cut.
    """
    usable = [
        (row, document)
        for row, document in zip(rows, documents, strict=True)
        if row["scheme_outcome"] and row["decision_date"]
    ]
    drawn = _draw([row["group"] for row, _ in usable], limit, seed)
    used = [usable[number] for number in drawn]
    groups = [row["group"] for row, _ in used]
    labels = [_finding(row["scheme_outcome"]) for row, _ in used]
    cut, train = _cut([row["decision_date"] for row, _ in used], groups)
    for side, wanted in (("before", True), ("from", False)):
        found = {label for label, first in zip(labels, train, strict=True) if first is wanted}
        if len(found) < 2:
            message = (
                f"expected rows with at least two findings {side} {cut or 'a date'} to learn and "
                f"test on, found {len(found)} in {len(used):,} rows with a finding and a date; "
                "import more rows"
            )
            raise InputError(message)
    texts = [_texts(document) for _, document in used]
    tells = [text["as it is"] != text["finding's words masked"] for text in texts]
    tested = [number for number, first in enumerate(train) if not first]
    learned = [number for number, first in enumerate(train) if first]
    gold = [labels[number] for number in tested]
    answers = {"majority": [Counter(labels[n] for n in learned).most_common(1)[0][0]] * len(gold)}
    for system in texts[0]:
        answers[f"TF-IDF, {system}"] = _predict(
            [texts[n][system] for n in learned],
            [labels[n] for n in learned],
            [texts[n][system] for n in tested],
            seed,
        )
    return LeakageReport(
        source=str(rows[0]["source"]),
        dataset_rows=len(rows),
        unlabelled=len(rows) - len(usable),
        drawn=len(used),
        telling=sum(tells),
        unread=sum(not text["complaint view"] for text in texts),
        cut=cut,
        train=len(learned),
        test=len(tested),
        findings=dict(Counter(gold).most_common()),
        scores=_scores(gold, answers, [groups[n] for n in tested], [tells[n] for n in tested]),
    )


def leakage_markdown(report: LeakageReport) -> str:
    """Return the figures as a Markdown table with what they are of."""
    about = (
        f"{report.telling:,} of {report.drawn:,} rows ({report.source}) hold words that tell the "
        f"finding; the complaint view reads nothing of {report.unread:,}. Trained on "
        f"{report.train:,} rows decided before {report.cut}, tested on {report.test:,} from then "
        f"on, a case on one side; {len(report.findings)} findings, each weighted alike; intervals "
        "are 95 %, over cases."
    )
    head = ["| Text | Test rows | Rows | Macro-F1 | Accuracy |", "|---|---|---|---|---|"]
    lines = [about, "", *head]
    lines += [
        f"| {s.system} | {s.rows} | {s.count:,} | {s.macro_f1} | {s.accuracy} |"
        for s in report.scores
    ]
    return "\n".join(lines) + "\n"


def _finding(words: str) -> str:
    return " ".join(words.casefold().split())


def _texts(document: Document) -> dict[str, str]:
    text = document.text
    try:
        sentences = read(document, "complaint").sentences
    except InputError:
        sentences = ()
    return {
        "as it is": text,
        "finding's words masked": _without(text, telling_spans(document)),
        "complaint view": " ".join(sentence.span.of(text) for sentence in sentences),
    }


def _without(text: str, spans: Sequence[Span]) -> str:
    edges = [0, *(edge for span in spans for edge in (span.start, span.end)), len(text)]
    pieces = zip(edges[::2], edges[1::2], strict=True)
    return " ".join(text[start:end] for start, end in pieces) if spans else text


def _draw(groups: Sequence[str], limit: int, seed: int) -> list[int]:
    """Return the numbers of at most `limit` rows, whole groups, in order."""
    if len(groups) <= limit:
        return list(range(len(groups)))
    members: defaultdict[str, list[int]] = defaultdict(list)
    for number, group in enumerate(groups):
        members[group].append(number)
    order = sorted(members)
    random.Random(seed).shuffle(order)
    drawn: list[int] = []
    for group in order:
        if len(drawn) + len(members[group]) <= limit:
            drawn += members[group]
    return sorted(drawn)


def _cut(dates: Sequence[str], groups: Sequence[str]) -> tuple[str, list[bool]]:
    """Return the first date of the test rows, and of each row whether it comes before."""
    first: dict[str, str] = {}
    for date, group in zip(dates, groups, strict=True):
        first[group] = min(date, first.get(group, date))
    own = [first[group] for group in groups]
    cut = sorted(own)[int(_TRAIN * len(own))] if own else ""
    return cut, [date < cut for date in own]


def _predict(
    train: Sequence[str], labels: Sequence[str], test: Sequence[str], seed: int
) -> list[str]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, max_features=50_000),
        LogisticRegression(C=4, class_weight="balanced", tol=1e-3, max_iter=500, random_state=seed),
    )
    try:
        model.fit(train, labels)
    except ValueError:
        # No word comes twice: the answer is the commonest finding.
        return [Counter(labels).most_common(1)[0][0]] * len(test)
    return [str(label) for label in model.predict(test)]


def _scores(
    gold: Sequence[str],
    answers: Mapping[str, Sequence[str]],
    groups: Sequence[str],
    tells: Sequence[bool],
) -> tuple[Score, ...]:
    parts: dict[str, list[int]] = {
        "all": list(range(len(gold))),
        "with the finding's words": [n for n, telling in enumerate(tells) if telling],
        "without them": [n for n, telling in enumerate(tells) if not telling],
    }
    scores = []
    for name, numbers in parts.items():
        own_groups = [groups[n] for n in numbers]
        for system, predicted in answers.items():
            if numbers:
                own_gold = [gold[n] for n in numbers]
                macro, accuracy = _figures(own_gold, [predicted[n] for n in numbers], own_groups)
                scores.append(Score(system, name, len(numbers), macro, accuracy))
    return tuple(scores)


def _figures(
    gold: Sequence[str], predicted: Sequence[str], groups: Sequence[str]
) -> tuple[Interval, Interval]:
    """Return macro-F1 over the findings that occur in `gold`, and accuracy."""
    codes = {label: n for n, label in enumerate(dict.fromkeys((*gold, *predicted)))}
    size = len(codes)
    pairs = np.array([codes[g] * size + codes[p] for g, p in zip(gold, predicted, strict=True)])
    present = np.array(sorted({codes[label] for label in gold}))

    def confusion(rows: NDArray[np.intp]) -> NDArray[np.int64]:
        return np.bincount(pairs[rows], minlength=size**2).reshape(size, size)

    def macro(rows: NDArray[np.intp]) -> float:
        counts = confusion(rows)
        sizes = (counts.sum(axis=0) + counts.sum(axis=1))[present]
        return float(np.mean(2 * np.diag(counts)[present] / np.maximum(sizes, 1)))

    def accuracy(rows: NDArray[np.intp]) -> float:
        return float(np.trace(confusion(rows)) / len(rows))

    intervals = functools.partial(bootstrap, groups=groups, resamples=_RESAMPLES)
    return intervals(macro), intervals(accuracy)
