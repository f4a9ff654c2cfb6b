"""The tables of the data card: made from the dataset and kept figures, put between markers.

A table stands between `<!-- table: NAME -->` and `<!-- end -->`; everything else is prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from ombud.corpus.checks import checks
from ombud.corpus.giveaway import GiveAway
from ombud.corpus.report import CorpusReport
from ombud.errors import InputError
from ombud.metrics import Interval
from ombud.taxonomy import OUTCOMES

__all__ = ["card_tables", "fill_card"]

_TABLE: Final = re.compile(
    r"(?P<head><!-- table: (?P<name>[a-z_]+) -->\n)(?P<body>.*?)(?P<end><!-- end -->)", re.DOTALL
)
_PAIRS: Final = 12
_NO_TESTS: Final = "not measured"
_NOT_YET: Final = "Not measured yet; `make card` does it.\n"


def card_tables(
    report: CorpusReport, figures: Mapping[str, Mapping[str, Any]], digest: str
) -> dict[str, str]:
    """Return every table of the card as Markdown, by name.

    Args:
        report: Of the dataset, with its case files.
        figures: Kept figures by name.
        digest: Of the dataset.

    A table whose figures were not kept yet says so.

    Raises:
        InputError: If kept figures are those of another dataset.
    """
    for name, entry in figures.items():
        if entry["dataset"] != digest:
            message = (
                f"expected kept figures {name!r} of the dataset {digest[:16]}, found those of "
                f"{entry['dataset'][:16]}; run 'make card'"
            )
            raise InputError(message)
    tests = [_give_away(plain) for plain in figures.get("give_away", {}).get("figures", ())]

    def kept(name: str, form: Callable[[Any], str]) -> str:
        return form(figures[name]["figures"]) if name in figures else _NOT_YET

    return {
        "contents": _contents(report, digest),
        "bounds": _bounds(report, tests),
        "reasons": _reasons(report),
        "pairs": _table(
            ("reason", "with", "documents"),
            [(a, b, str(n)) for (a, b), n in list(report.pairs.items())[:_PAIRS]],
        ),
        "lengths": _table(*report.length_table()),
        "give_away": kept("give_away", lambda _: _give_away_table(tests)),
        "agreement": kept("agreement", _agreement),
        "learning_curve": kept("learning_curve", _curve),
    }


def fill_card(card: str, tables: Mapping[str, str]) -> str:
    """Return `card` with each table between its markers.

    Raises:
        InputError: If the card lacks the markers of a table, or has those of an unknown one.
    """
    names = [match["name"] for match in _TABLE.finditer(card)]
    if sorted(names) != sorted(tables):
        message = (
            f"expected a card with the tables {', '.join(tables)}, each once, found "
            f"{', '.join(names) or 'none'}; put '<!-- table: NAME -->' and '<!-- end -->' in"
        )
        raise InputError(message)
    return _TABLE.sub(lambda match: f"{match['head']}{tables[match['name']]}{match['end']}", card)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _contents(report: CorpusReport, digest: str) -> str:
    titles = {o.label: o.title for o in OUTCOMES}
    outcomes = "; ".join(
        f"{titles[o]} {n} ({_percent(n / report.documents)})" for o, n in report.outcomes.items()
    )
    rows = [
        ("digest of the dataset", f"`{digest}`"),
        ("complaints, each with statement and letter", f"{report.groups}"),
        (
            "documents (a complaint against several bodies is published for each)",
            f"{report.documents}",
        ),
        ("complaints published for several bodies", f"{report.duplicate_groups}"),
        ("outcomes of documents", outcomes),
        ("documents by year", ", ".join(f"{y}: {n}" for y, n in report.years.items())),
        ("writers' batches", f"{len(report.writers)}"),
        ("complaints read a second time", f"{report.read_twice}"),
        ("documents with two reasons or more", _percent(report.several_reasons)),
        ("documents with a marked distractor", _percent(report.with_distractor)),
        ("reasons said without the stock phrase", _percent(report.said_freely)),
    ]
    if report.writing is not None:
        share = report.writing.at_odds / report.documents
        rows.append(("outcome field and text at odds", _percent(share)))
    for name, (mean, most), ratio, words in zip(
        ("statements", "letters"),
        (report.shared, report.letter_shared),
        report.type_token,
        report.vocabulary,
        strict=True,
    ):
        rows += [
            (
                f"8-word sequences shared with another complaint, {name}",
                f"mean {100 * mean:.2f} %, largest {100 * most:.2f} %",
            ),
            (f"different words in 50 successive ones, {name}", f"{ratio:.3f}"),
            (f"different words in all, {name}", f"{words:,}"),
        ]
    return _table(("what", "how much"), rows)


def _bounds(report: CorpusReport, tests: Sequence[GiveAway]) -> str:
    verdicts = {True: "met", False: "**not met**", None: _NO_TESTS}
    return _table(
        ("bound", "must be", "found", ""),
        [(c.name, c.bound, c.found, verdicts[c.met]) for c in checks(report, tests)],
    )


def _reasons(report: CorpusReport) -> str:
    heads = ("reason", *(o.title for o in OUTCOMES), "documents", "as main", "passages", "freely")
    rows = [
        (
            f"`{label}`",
            *(str(report.matrix[label][o.label]) for o in OUTCOMES),
            *map(str, counts),
            "{} of {}".format(*report.freely[label]),
        )
        for label, counts in report.reasons.items()
    ]
    return _table(heads, rows)


def _interval(plain: Mapping[str, float | None]) -> str:
    value, low, high = (plain[name] for name in ("value", "low", "high"))
    if value is None or low is None or high is None:
        return "–"
    return f"{value:.3f} [{low:.3f}, {high:.3f}]"


def _give_away(plain: Mapping[str, Any]) -> GiveAway:
    own = {name: value for name, value in plain.items() if name != "within_chance"}
    own["macro_f1"], own["chance"] = Interval(**own["macro_f1"]), Interval(**own["chance"])
    return GiveAway(**own)


def _give_away_table(tests: Sequence[GiveAway]) -> str:
    rows = [
        (
            test.reads,
            str(test.macro_f1),
            f"{test.chance.low:.3f} to {test.chance.high:.3f}",
            f"{test.p_value:.3f}",
            "within chance" if test.within_chance else "above chance",
        )
        for test in tests
    ]
    return _table(("the outcome told from", "macro-F1", "chance", "p", ""), rows)


def _agreement(plain: Mapping[str, Any]) -> str:
    summary = [
        ("complaints read twice", str(plain["complaints"])),
        (
            "of them with a difference, settled",
            f"{plain['settled']} ("
            + ", ".join(f"{choice} {n}" for choice, n in plain["choices"].items())
            + ")",
        ),
        ("kappa, all reasons at once (micro)", _interval(plain["micro"])),
        ("kappa, mean of reasons (macro)", _interval(plain["macro"])),
        ("same set of reasons", _interval(plain["same_reasons"])),
        ("same main reason", _interval(plain["same_main"])),
        ("outcome as in the field", _interval(plain["outcome"])),
        ("F1 of marked words, reasons that both gave", _interval(plain["spans_of_shared"])),
        ("F1 of marked words, each reason", _interval(plain["spans_of_all"])),
        ("F1 of marked words, any reason", _interval(plain["spans_of_any"])),
    ]
    reasons = [
        (
            f"`{one['label']}`",
            *(str(one[name]) for name in ("both", "first_only", "second_only")),
            _interval(one["kappa"]),
        )
        for one in plain["reasons"]
    ]
    heads = ("reason", "both", "first alone", "second alone", "kappa")
    return _table(("agreement", "figure"), summary) + "\n" + _table(heads, reasons)


def _curve(plain: Mapping[str, Any]) -> str:
    points = [
        (
            point["view"],
            str(point["statements"]),
            _interval(point["outcome_macro_f1"]),
            _interval(point["reasons_micro_f1"]),
            _interval(point["rationale_f1"]),
        )
        for point in plain["points"]
    ]
    gains = [
        (gain["view"], f"{gain['before']} to {gain['after']}", _interval(gain["difference"]))
        for gain in plain["gains"]
    ]
    heads = ("view", "training statements", "outcome macro-F1", "reasons micro-F1", "rationale F1")
    return (
        f"Recipe {plain['recipe']}, {plain['documents']} documents of the test periods "
        f"({plain['complaints']} complaints), mean of {plain['seeds']} seeds; "
        "intervals of their answers pooled, which for a micro-average need not hold the mean.\n\n"
        + _table(heads, points)
        + "\n"
        + _table(("view", "training statements", "gain in outcome macro-F1"), gains)
        + "\n![Learning curve](learning-curve.svg)\n"
    )
