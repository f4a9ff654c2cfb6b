"""The plots of an evaluation report."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ombud.curve_charts import Curve, Point, curves, forest
from ombud.metrics import Interval, ReliabilityBin
from ombud_training.full_report import ViewReport
from ombud_training.label_detail import Slice
from ombud_training.report_words import FLOOR, SHORT, by_support, say, system

__all__ = [
    "headline_plot",
    "outcome_curves",
    "reason_curve",
    "reason_plot",
    "reliability",
    "risk",
    "slice_plot",
]


def headline_plot(report: ViewReport) -> str:
    """Return the headline figures of all systems."""
    rows: dict[str, dict[str, Interval]] = {"outcome macro-F1": {}, "outcome accuracy": {}}
    rows |= {"reasons micro-F1": {}, "reasons macro-F1": {}}
    # The majority last, so that every other system has the colour it has in other plots.
    ordered = sorted(report.evaluation.scores, key=lambda scores: scores.name == "majority")
    for scores in ordered:
        if scores.outcome is not None and scores.reasons is not None:
            name = system(scores.name)
            rows["outcome macro-F1"][name] = scores.outcome.macro_f1
            rows["outcome accuracy"][name] = scores.outcome.accuracy
            rows["reasons micro-F1"][name] = scores.reasons.micro_f1
            rows["reasons macro-F1"][name] = scores.reasons.macro_f1
    return forest("Headline figures by system", rows, label_width=160)


def reliability(bins: Sequence[ReliabilityBin]) -> str:
    """Return the share right by how sure the model was."""
    points = []
    for one in bins:
        low, high = _wilson(one.accuracy, one.documents)
        says = f"{one.documents} documents, {one.confidence:.1%} sure, {one.accuracy:.1%} right"
        points.append(Point(one.confidence, one.accuracy, low, high, says))
    return curves(
        "Reliability",
        {"ombud": Curve(points, joined=False)},
        x_name="mean probability of the predicted outcome",
        y_name="share right",
        diagonal=True,
        lowest_x=0.3,
    )


def _wilson(share: float, count: int, z: float = 1.96) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927)."""
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + (z / (2 * count)) ** 2)
    return max(0.0, middle - half), min(1.0, middle + half)


def risk(report: ViewReport) -> str:
    """Return the error by share answered of each system."""
    series = {
        system(name): Curve(
            [Point(p.share, p.error.value, p.error.low, p.error.high) for p in points]
        )
        for name, points in report.risk.items()
    }
    highest = max(p.error.high for points in report.risk.values() for p in points)
    return curves(
        "Error by share answered",
        series,
        x_name="share of documents answered",
        y_name="share wrong of those",
        highest=min(1.0, math.ceil(max(highest, 0.05) * 10) / 10),
    )


def outcome_curves(report: ViewReport) -> str:
    """Return precision by recall of each outcome."""
    series = {
        SHORT[label]: Curve([Point(r, p) for r, p in points], step=True)
        for label, points in report.curves.items()
        if label != "reasons"
    }
    return curves("Precision by recall of outcomes", series, x_name="recall", y_name="precision")


def reason_curve(report: ViewReport) -> str:
    """Return precision by recall of all reasons, and where they are given."""
    series = {
        "by probability": Curve([Point(r, p) for r, p in report.curves["reasons"]], step=True)
    }
    given = list(report.reasons[report.evaluation.scores[0].name].values())
    if given:
        micro = report.evaluation.scores[0].reasons
        says = f"as given: micro-F1 {say(micro.micro_f1 if micro else None)}"
        series["as given"] = Curve([Point(*report.given_at, says=says)], joined=False)
    return curves("Precision by recall of reasons", series, x_name="recall", y_name="precision")


def reason_plot(report: ViewReport) -> str:
    """Return F1 of each reason, the most frequent first."""
    model = report.evaluation.scores[0].name
    systems = [name for name in (model, FLOOR) if name in report.reasons]
    rows = {
        f"{label} ({documents})": {
            system(name): report.reasons[name][label].f1
            for name in systems
            if not math.isnan(report.reasons[name][label].f1.low)
        }
        for label, documents in by_support(report)
    }
    return forest("F1 of each reason", rows)


def slice_plot(by: str, own: Sequence[Slice]) -> str:
    """Return macro-F1 of each slice."""
    rows = {
        f"{one.label} ({one.documents})": {
            system(name): one.systems[name]["macro_f1"] for name in _shown(one.systems)
        }
        for one in own
    }
    return forest(f"Macro-F1 by {by}", rows)


def _shown(systems: Mapping[str, Mapping[str, Interval]]) -> list[str]:
    model = next(iter(systems))
    return [name for name in (model, FLOOR) if name in systems]
