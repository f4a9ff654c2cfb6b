"""The evaluation report as one HTML page that loads nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ombud.curve_charts import confusion
from ombud.pages import head
from ombud.prediction import ModelInfo
from ombud.taxonomy import OUTCOMES
from ombud_training import report_plots, report_tables
from ombud_training.behaviour import CapabilityResult
from ombud_training.full_report import ViewReport
from ombud_training.label_detail import Slice
from ombud_training.report_words import FLOOR, SHORT, percent, say, system

__all__ = ["evaluation_page"]

_READS: Final = {
    "statement": "Whole decision statements, without the Decision field: for coding archives.",
    "complaint": "Only what is known before the decision: for triage.",
}
_CSS: Final = """
body { max-width: 68rem; } td.n { white-space: nowrap; }
h1.view { margin-top: 3.5rem; border-top: 3px solid #0f766e; padding-top: 1rem; }
h3 { font-size: 1rem; margin: 1.4rem 0 .3rem; } figcaption { font-size: .82rem; opacity: .75; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(24rem, 1fr)); gap: 0 1.5rem; }
nav ul { list-style: none; padding: 0; } nav li { margin: .2rem 0; }
mark { background: #fde04799; color: inherit; border-radius: 2px; }
.gold { border-bottom: 2.5px solid #0f766e; } mark.gold { background: #fde04799; }
.cases { margin: .2rem 0; } .cases b { display: inline-block; min-width: 17rem; }
.short summary { color: #b45309; }
.mistake { margin: .4rem 0; } .mistake summary { cursor: pointer; }
.text { white-space: pre-wrap; max-height: 22rem; overflow: auto; padding: .7rem .9rem; font-size: .88rem;
  border: 1px solid var(--line); border-radius: 6px; margin: .4rem 0 1rem; }
"""


def evaluation_page(
    reports: Sequence[ViewReport],
    model: ModelInfo,
    *,
    dataset: str,
    digest: str,
    split: str,
    resamples: int = 1000,
    behaviour: Sequence[CapabilityResult] = (),
) -> str:
    """Return the page.

    Args:
        reports: One a view.
        model: What was scored.
        dataset: Name of the data.
        digest: Of the data.
        split: Digest of the split.
        resamples: Of the intervals.
        behaviour: What came of the behaviour tests; empty where they were not run.
    """
    environment = Environment(
        loader=PackageLoader("ombud_training"), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("evaluation.html").render(
        head=Markup(head(f"Evaluation of {model.name}", _CSS)),
        model=model,
        dataset=dataset,
        digest=digest,
        split=split,
        part=reports[0].part,
        resamples=resamples,
        views=[_view(report) for report in reports],
        kinds=Markup(report_tables.kinds(behaviour)) if behaviour else "",
        capabilities=[
            (
                one,
                f"{one.passed} of {one.cases}",
                "" if one.mean_change is None else f"{one.mean_change:.3f}",
                [case for case in one.results if not case.passed],
            )
            for one in behaviour
        ],
    )


def _view(report: ViewReport) -> dict[str, Any]:
    evaluation = report.evaluation
    said = (
        f"View {evaluation.view}, {evaluation.data} data, {evaluation.split} split, part "
        f"{report.part}: {evaluation.documents} documents in {evaluation.groups} groups."
    )
    first = evaluation.scores[0]
    plain = {
        "name": evaluation.view,
        "documents": evaluation.documents,
        "macro_f1": say(first.outcome.macro_f1 if first.outcome else None),
        "reads": _READS[evaluation.view],
        "said": said,
        "warnings": report.warnings,
        "ece": say(report.calibration.ece, 3),
        "ece_chance": say(report.calibration.by_chance, 3),
        "reason_ece": say(report.reason_calibration.ece, 3),
        "reason_ece_chance": say(report.reason_calibration.by_chance, 3),
        "promised": f"{report.coverage.promised:.0%}",
        "calibrated": report.coverage.calibrated or "an unknown number of",
        "expected": percent(report.coverage.expected),
        "marked": max((s.passages.documents for s in evaluation.scores if s.passages), default=0),
        "slices": _slices(report.slices),
        "mistakes": [
            ("Outcomes", report.outcome_mistakes),
            ("Reasons", report.reason_mistakes),
        ],
    }
    drawn = {
        "headline_plot": report_plots.headline_plot(report),
        "headline": report_tables.headline(report),
        "classes": report_tables.classes(report),
        "reliability": report_plots.reliability(report.calibration.bins),
        "risk": report_plots.risk(report),
        "coverage": report_tables.coverage(report),
        "rules": report_tables.rules(report),
        "outcome_curves": report_plots.outcome_curves(report),
        "reason_curve": report_plots.reason_curve(report),
        "average_precision": report_tables.average_precision(report),
        "reason_plot": report_plots.reason_plot(report),
        "reasons": report_tables.reasons(report),
        "passages": report_tables.passages(report),
        "by_words_removed": report_tables.by_words_removed(report),
        "leaks": report_tables.leaks(report),
    }
    confusions = [
        Markup(confusion(system(name), [SHORT[o.label] for o in OUTCOMES], counts))
        for name, counts in report.confusions.items()
        if name in (evaluation.scores[0].name, FLOOR)
    ]
    # Tables and plots escape what they hold.
    return {
        **plain,
        "confusions": confusions,
        **{key: Markup(value) for key, value in drawn.items()},
    }


def _slices(found: Sequence[Slice]) -> list[dict[str, Any]]:
    groups: dict[str, list[Slice]] = {}
    for one in found:
        groups.setdefault(one.by, []).append(one)
    return [
        {
            "by": by,
            "plot": Markup(report_plots.slice_plot(by, own)),
            "table": Markup(report_tables.slice_table(own)),
        }
        for by, own in groups.items()
    ]
