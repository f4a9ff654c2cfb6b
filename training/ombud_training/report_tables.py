"""The tables of an evaluation report."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ombud.metrics import AOPC_SHARES
from ombud.pages import table
from ombud.taxonomy import OUTCOMES
from ombud_training.behaviour import CapabilityResult, by_kind
from ombud_training.full_report import ViewReport
from ombud_training.label_detail import LabelScores, Slice
from ombud_training.report import RATIONALE_FIGURES, rationale_figures
from ombud_training.report_words import SHORT, by_support, percent, say, signed, system

__all__ = [
    "average_precision",
    "by_words_removed",
    "classes",
    "coverage",
    "headline",
    "kinds",
    "leaks",
    "passages",
    "reasons",
    "rules",
    "slice_table",
]


def headline(report: ViewReport) -> str:
    """Return the headline figures."""
    rows = [
        (
            system(s.name),
            say(s.outcome.macro_f1),
            say(s.outcome.accuracy),
            say(s.outcome.mcc),
            say(s.reasons.micro_f1 if s.reasons else None),
            say(s.reasons.macro_f1 if s.reasons else None),
        )
        for s in report.evaluation.scores
        if s.outcome is not None
    ]
    heads = ("system", "macro-F1", "accuracy", "MCC", "reasons micro-F1", "reasons macro-F1")
    return table(heads, rows, numbers=range(1, 6))


def classes(report: ViewReport) -> str:
    """Return figures of each outcome."""
    model = report.evaluation.scores[0].name
    floors = [name for name in report.classes if name != model]
    support = [sum(row) for row in report.confusions[model]]
    rows = []
    for outcome, documents in zip(OUTCOMES, support, strict=True):
        own = report.classes[model].get(outcome.label)
        if own is None:
            continue
        rows.append(
            (
                outcome.title,
                str(documents),
                say(own.precision),
                say(own.recall),
                say(own.f1),
                *(say(report.classes[name][outcome.label].f1) for name in floors),
            )
        )
    beside = (f"F1 {system(name)}" for name in floors)
    heads = ("outcome", "documents", "precision", "recall", "F1", *beside)
    return table(heads, rows, numbers=range(1, len(heads)))


def coverage(report: ViewReport) -> str:
    """Return how often prediction sets hold the true outcome."""
    found = report.coverage
    rows = [
        ("all, as shown (never empty)", percent(found.overall)),
        ("all, by the rule alone (may be empty)", percent(found.as_computed)),
        *((f"true outcome {SHORT[k].lower()}", percent(v)) for k, v in found.by_class.items()),
        ("outcomes in a set, on average", say(found.size)),
        ("sets with one outcome", percent(found.single)),
    ]
    return table(("documents", "sets that hold the true outcome"), rows, numbers=(1,))


def rules(report: ViewReport) -> str:
    """Return what abstaining for each rate came to."""
    if not report.rules:
        return ""
    rows = [
        (
            f"{rule.rate:.0%}",
            "answers nothing" if rule.answered.value == 0 else f"{rule.below:.3f}",
            percent(rule.answered),
            percent(rule.error),
            "–"
            if math.isnan(rule.error.value)
            else "yes"
            if rule.error.value <= rule.rate
            else "no",
        )
        for rule in report.rules
    ]
    heads = ("error rate named", "least probability", "answered", "wrong of those", "kept")
    return table(heads, rows, numbers=range(1, 4))


def average_precision(report: ViewReport) -> str:
    """Return the areas under the precision-recall curves."""
    labels = list(next(iter(report.average_precision.values())))
    rows = [
        (system(name), *(say(found[label]) for label in labels))
        for name, found in report.average_precision.items()
    ]
    heads = ("system", *(SHORT[label] for label in labels))
    return table(heads, rows, numbers=range(1, len(heads)))


def reasons(report: ViewReport) -> str:
    """Return figures of each reason, the most frequent first."""
    model = report.evaluation.scores[0].name
    floors = [name for name in report.reasons if name != model]

    def cells(label: str, documents: int, own: LabelScores) -> tuple[str, ...]:
        return (
            label,
            str(documents),
            say(own.precision),
            say(own.recall),
            say(own.f1),
            say(own.average_precision),
            *(say(report.reasons[name][label].f1) for name in floors),
        )

    rows = [
        cells(label, documents, report.reasons[model][label])
        for label, documents in by_support(report)
    ]
    beside = (f"F1 {system(name)}" for name in floors)
    heads = ("reason", "documents", "precision", "recall", "F1", "average precision", *beside)
    return table(heads, rows, numbers=range(1, len(heads)))


def passages(report: ViewReport) -> str:
    """Return how well passages fit the marks, and what the model says with and without them."""
    rows = [
        (system(scores.name), *(say(interval) for interval in rationale_figures(scores)))
        for scores in report.evaluation.scores
        if scores.rationale is not None or scores.faithfulness is not None
    ]
    heads = ("system", *RATIONALE_FIGURES)
    return table(heads, rows, numbers=range(1, len(heads)))


def by_words_removed(report: ViewReport) -> str:
    """Return comprehensiveness and sufficiency at each share of the words, and of the choice."""
    rows = [
        (
            system(scores.name),
            figure,
            *(f"{point:.2f}" for point in points),
            say(whole),
        )
        for scores in report.evaluation.scores
        if (found := scores.faithfulness) is not None
        for figure, points, whole in (
            (
                "comprehensiveness",
                found.comprehensiveness_points,
                found.rationale_comprehensiveness,
            ),
            ("sufficiency", found.sufficiency_points, found.rationale_sufficiency),
        )
    ]
    heads = ("system", "figure", *(f"{share:.0%}" for share in AOPC_SHARES), "as chosen")
    return table(heads, rows, numbers=range(2, len(heads)))


def slice_table(own: Sequence[Slice]) -> str:
    """Return every figure of each slice."""
    figures = {
        "macro_f1": "macro-F1",
        "accuracy": "accuracy",
        "reasons_micro_f1": "reasons micro-F1",
        "rationale_f1": "sentence F1",
    }
    rows = [
        (
            one.label if number == 0 else "",
            f"{one.documents} in {one.groups}" if number == 0 else "",
            system(name),
            *(say(one.systems[name].get(key)) for key in figures),
        )
        for one in own
        for number, name in enumerate(
            name for name, found in one.systems.items() if "macro_f1" in found
        )
    ]
    heads = ("slice", "documents in groups", "system", *figures.values())
    return table(heads, rows, numbers=range(3, len(heads)))


def leaks(report: ViewReport) -> str:
    """Return what each change costs."""
    rows = [
        (
            leak.change,
            str(leak.documents),
            say(leak.macro_f1),
            signed(leak.macro_f1_change),
            say(leak.reasons_micro_f1),
            signed(leak.reasons_change),
        )
        for leak in report.leaks
    ]
    heads = ("changed", "documents", "macro-F1", "change", "reasons micro-F1", "change")
    return table(heads, rows, numbers=range(1, 6))


def kinds(results: Sequence[CapabilityResult]) -> str:
    """Return how the behaviour tests of each kind went, beside the target."""
    rows = [
        (
            one.kind.replace("_", " "),
            str(one.capabilities),
            str(one.cases),
            str(one.passed),
            f"{one.share:.1%}",
            "-" if one.mean_change is None else f"{one.mean_change:.3f}",
            f"change at most {one.target}"
            if one.kind == "fairness"
            else f"at least {one.target:.0%}",
            "yes" if one.met else "no",
        )
        for one in by_kind(results)
    ]
    heads = ("kind", "capabilities", "cases", "passed", "share", "mean change", "target", "met")
    return table(heads, rows, numbers=range(1, 6))
