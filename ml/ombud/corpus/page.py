"""The report of a corpus as one HTML page that loads nothing."""

from __future__ import annotations

import html
from collections.abc import Sequence

from ombud.charts import bars, heatmap, histograms, interval_plot
from ombud.corpus.checks import Check
from ombud.corpus.giveaway import GiveAway
from ombud.corpus.report import CorpusReport
from ombud.pages import figure, head, table
from ombud.taxonomy import OUTCOMES

__all__ = ["report_page"]


def report_page(
    report: CorpusReport,
    found: Sequence[Check],
    give_aways: Sequence[GiveAway],
    *,
    name: str,
    digest: str,
) -> str:
    """Return the page; `name` and `digest` say of which dataset."""
    met = sum(check.met is True for check in found)
    unmet = sum(check.met is False for check in found)
    unknown = f", {left} not measured" if (left := len(found) - met - unmet) else ""
    parts = [
        head("Corpus report"),
        (
            f"<h1>Corpus report</h1><p class=note>{html.escape(name)}, digest <code title='{digest}'>{digest[:16]}</code>: "
            f"{report.documents} documents of {report.groups} complaints.</p>"
        ),
        f"<h2>Bounds: {met} met, {unmet} not met{unknown}</h2>",
        table(
            ("bound", "must be", "found", ""),
            [(c.name, c.bound, c.found, _verdict(c.met)) for c in found],
            raw=(3,),
        ),
        *_labels(report),
        *_texts(report),
        *_wording(report),
        *_give_away(give_aways),
    ]
    return "".join(parts) + "\n"


def _verdict(met: bool | None) -> str:
    if met is None:
        return "not measured"
    return '<span class="met">met</span>' if met else '<span class="missed">not met</span>'


def _labels(report: CorpusReport) -> list[str]:
    titles = {o.label: o.title for o in OUTCOMES}
    matrix = {
        label: {titles[o]: float(n) for o, n in own.items()} for label, own in report.matrix.items()
    }
    rows = [
        (
            label,
            *(str(report.matrix[label][o.label]) for o in OUTCOMES),
            *map(str, report.reasons[label]),
        )
        for label in report.matrix
    ]
    heads = ("reason", *titles.values(), "documents", "as main", "passages")
    years = {year: {"documents": float(count)} for year, count in report.years.items()}
    outcomes = {titles[o]: {"documents": float(n)} for o, n in report.outcomes.items()}
    ordered = sorted(report.reasons, key=lambda label: -report.reasons[label][0])
    pairs = [(a, b, str(n)) for (a, b), n in list(report.pairs.items())[:15]]
    return [
        "<h2>Outcomes and years</h2>",
        figure(bars("Documents by outcome", outcomes)),
        figure(bars("Documents by year of decision", years)),
        "<h2>Reasons by outcome</h2>",
        figure(bars("Documents with each reason, by outcome", matrix)),
        f"<details><summary>As a table</summary>{table(heads, rows, numbers=range(1, 7))}</details>",
        (
            "<h2>Pairs of reasons</h2><p class=note>Documents that give both; the darker the more. "
            "Point at a square for its count.</p>"
        ),
        figure(heatmap("Pairs of reasons", ordered, report.pairs)),
        table(("reason", "with", "documents"), pairs, numbers=(2,)),
    ]


def _texts(report: CorpusReport) -> list[str]:
    titles = {o.label: o.title for o in OUTCOMES}
    heads, rows = report.length_table()
    shared = [
        (part, f"{mean:.2%}", f"{most:.2%}", f"{ratio:.3f}", f"{words:,}")
        for part, (mean, most), ratio, words in zip(
            ("statement", "letter"),
            (report.shared, report.letter_shared),
            report.type_token,
            report.vocabulary,
            strict=True,
        )
    ]
    return [
        "<h2>Lengths in words</h2>",
        table(heads, rows, numbers=range(2, 6)),
        "<p class=note>Statements:</p>",
        figure(
            histograms(
                "Words of statements by outcome",
                {titles[o]: own.words for o, own in report.statements.items()},
                bin_width=50,
            )
        ),
        "<p class=note>Letters:</p>",
        figure(
            histograms(
                "Words of letters by outcome",
                {titles[o]: own.words for o, own in report.letters.items()},
                bin_width=20,
            )
        ),
        (
            "<h2>How much is said twice</h2><p class=note>Share of a text's 8-word sequences that the "
            "text of any other complaint has too, headings and statutory boilerplate aside; different "
            "words in 50 successive ones; different words in all.</p>"
        ),
        table(
            ("text", "mean shared", "largest", "type-token ratio", "vocabulary"),
            shared,
            numbers=range(1, 5),
        ),
    ]


def _wording(report: CorpusReport) -> list[str]:
    shares = {
        f"{label} ({free} of {said})": {"share": 100 * free / said}
        for label, (free, said) in report.freely.items()
        if said
    }
    parts = [
        (
            f"<h2>Reasons said without the stock phrase: {report.said_freely:.1%}</h2>"
            "<p class=note>Complaints of which no marked passage holds a stock phrase of the reason, "
            "in per cent of those that say the reason.</p>"
        ),
        figure(
            bars(
                "Share of reasons said without the stock phrase",
                shares,
                form="{:.0f} %",
                most=100,
                label_width=330,
            )
        ),
    ]
    facts = [
        f"two reasons or more: {report.several_reasons:.1%} of documents",
        f"with a distractor: {report.with_distractor:.1%} of documents",
        f"for several bodies: {report.duplicate_groups} complaints",
        f"read a second time: {report.read_twice} complaints",
        f"letters that state a decision: {report.letters_with_decision}",
    ]
    if report.writing is not None:
        writing = report.writing
        facts += [
            (
                f"outcome field and text at odds: {writing.at_odds} documents "
                f"({writing.at_odds / report.documents:.1%})"
            ),
            (
                f"specified without the stock phrase: {writing.free} of {writing.reasons} reasons, of "
                f"which {writing.free_with_stock} hold one all the same"
            ),
        ]
    items = "".join(f"<li>{html.escape(fact)}" for fact in facts)
    parts.append(f'<h2>Further counts</h2><ul class="facts">{items}</ul>')
    if report.writing is not None:
        titles = {o.label: o.title for o in OUTCOMES}
        styles = {
            style: {titles[o]: float(n) for o, n in own.items()}
            for style, own in report.writing.letter_styles.items()
        }
        parts += [
            "<h2>Letter styles by outcome</h2>",
            figure(bars("Complaints by style of letter", styles, label_width=330)),
        ]
    return parts


def _give_away(give_aways: Sequence[GiveAway]) -> list[str]:
    if not give_aways:
        return ["<h2>Give-away tests</h2><p class=note>Not measured.</p>"]
    titles = {o.label: o.title for o in OUTCOMES}
    rows = [
        (
            test.reads,
            str(test.macro_f1),
            f"{test.chance.low:.3f} to {test.chance.high:.3f}",
            f"{test.p_value:.3f}",
            _verdict(test.within_chance) if test.name == "letter_style" else "",
        )
        for test in give_aways
    ]
    strongest = [
        (test.name, titles[outcome], feature, f"{weight:+.2f}")
        for test in give_aways
        for outcome, feature, weight in test.strongest
    ]
    telling = [
        (
            test.name,
            titles[o.label],
            ", ".join(f"{case} ({sure:.2f})" for own, case, sure in test.telling if own == o.label),
        )
        for test in give_aways
        for o in OUTCOMES
    ]
    chance = {test.reads: (test.macro_f1, test.chance) for test in give_aways}
    return [
        (
            "<h2>Give-away tests</h2><p class=note>Macro-F1 of the outcome, told by logistic regression "
            f"from one kind of evidence alone; {give_aways[0].complaints} complaints, five folds by "
            "group, 95 % intervals. The grey band is what the same test reaches with the outcomes "
            "shuffled. Style counts alone must stay within it. The facts of a complaint stand in its "
            "letter, so whole letters may tell something; the form of a statement always tells, and "
            "is not read in the complaint view.</p>"
        ),
        figure(interval_plot("Give-away tests", chance)),
        table(("read", "macro-F1", "chance", "p", "verdict"), rows, raw=(4,)),
        "<details><summary>What speaks most for each outcome (standardised weights)</summary>",
        table(("test", "outcome", "feature", "weight"), strongest, numbers=(3,)),
        "</details><details><summary>Complaints whose outcome was surest</summary>",
        table(("test", "outcome", "complaints (probability of the outcome)"), telling),
        "</details>",
    ]
