"""`ombud corpus report`, `agreement` and `card`: what the corpus holds, how it was marked."""

from __future__ import annotations

import contextlib
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ombud.errors import InputError, OutputError, first_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from ombud.corpus import CorpusReport, GoldCase
    from ombud.corpus.agreement import Agreement
    from ombud.corpus.checks import Check
    from ombud.corpus.giveaway import GiveAway

__all__ = ["agreement", "card", "report", "write_text", "writing"]

_Dataset = Annotated[Path, typer.Argument(help="Dataset made by 'ombud corpus build'.")]
_Json = Annotated[Path | None, typer.Option("--json", help="Write every figure here too, as JSON.")]
_Figures = Annotated[
    Path | None, typer.Option("--figures", help="Keep the figures for the data card here (JSON).")
]


def report(
    dataset: _Dataset,
    cases: Annotated[
        Path | None,
        typer.Option(help="Folder of the case files, for what only their front matter says."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write one HTML page with plots here; it loads nothing.")
    ] = None,
    json_: _Json = None,
    figures: _Figures = None,
    giveaway: Annotated[
        bool, typer.Option(help="Test how far the outcome is given away (a minute or two).")
    ] = True,
    shuffles: Annotated[
        int, typer.Option(min=20, help="Shuffles that measure chance in the give-away tests.")
    ] = 200,
) -> None:
    """Print counts, labels, lengths, wording, bounds met, and what gives the outcome away."""
    from ombud.corpus import corpus_report, digest, read_cases, read_dataset
    from ombud.corpus.checks import checks
    from ombud.corpus.figures import as_json, keep_figures
    from ombud.corpus.page import report_page

    rows = read_dataset(dataset)
    made = corpus_report(rows, read_cases(cases) if cases is not None else None)
    tests = _give_aways(rows, shuffles) if giveaway else ()
    found = checks(made, tests)
    whole = digest(rows)
    if html is not None:
        page = report_page(made, found, tests, name=dataset.name, digest=whole)
        write_text(html, page)
    plain_tests = [{**dataclasses.asdict(t), "within_chance": t.within_chance} for t in tests]
    if json_ is not None:
        content = {
            "dataset": whole,
            "report": made.to_json(),
            "checks": [dataclasses.asdict(check) for check in found],
            "give_away": plain_tests,
        }
        write_text(json_, as_json(content))
    if figures is not None and tests:
        with writing(figures):
            keep_figures(figures, "give_away", whole, plain_tests)
    _print_report(made, found, tests)


def agreement(
    dataset: _Dataset,
    cases: Annotated[Path, typer.Option(help="Folder of the case files, with its 'settlements'.")],
    json_: _Json = None,
    figures: _Figures = None,
) -> None:
    """Print how far second readings agree with the first marks, before anything was settled."""
    from ombud.corpus import digest, read_cases, read_dataset, read_settlements
    from ombud.corpus.agreement import agreement as measure
    from ombud.corpus.figures import as_json, keep_figures

    rows = read_dataset(dataset)
    found = measure(rows, read_settlements(cases / "settlements", read_cases(cases)))
    if json_ is not None:
        write_text(json_, as_json({"dataset": digest(rows), "agreement": found.to_json()}))
    if figures is not None:
        with writing(figures):
            keep_figures(figures, "agreement", digest(rows), found.to_json())
    _print_agreement(found)


def card(
    dataset: _Dataset,
    cases: Annotated[Path, typer.Option(help="Folder of the case files.")],
    figures: Annotated[
        Path, typer.Option(help="Figures kept by report, agreement and learning-curve (JSON).")
    ],
    card_: Annotated[
        Path | None, typer.Option("--card", help="Put the tables between their markers here.")
    ] = None,
) -> None:
    """Print the tables of the data card, or put them into it."""
    from ombud.corpus import corpus_report, digest, read_cases, read_dataset
    from ombud.corpus.card import card_tables, fill_card
    from ombud.corpus.figures import read_figures

    rows = read_dataset(dataset)
    kept = read_figures(figures)
    tables = card_tables(corpus_report(rows, read_cases(cases)), kept, digest(rows))
    if card_ is None:
        for name, table in tables.items():
            typer.echo(f"<!-- table: {name} -->\n{table}<!-- end -->\n")
        return
    try:
        before = card_.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        system = error.strerror if isinstance(error, OSError) else None
        found = system.lower() if system else first_line(error)
        message = f"{card_}: expected a data card, found: {found}; check the path"
        raise InputError(message) from error
    after = fill_card(before, tables)
    write_text(card_, after)
    changed = "with changes" if after != before else "unchanged"
    typer.echo(f"{len(tables)} tables in {card_}, {changed}")


@contextlib.contextmanager
def writing(out: Path) -> Iterator[None]:
    """Turn what the system says of a file that cannot be written into one sentence.

    Raises:
        OutputError: Instead of any `OSError` inside.
    """
    try:
        yield
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        message = f"{out}: expected a file that can be written, found: {found}; check the path"
        raise OutputError(message) from error


def write_text(path: Path, content: str) -> None:
    """Write a text file whole or not at all, its folder with it.

    Raises:
        OutputError: If it cannot be written.
    """
    from ombud.atomic import replacing

    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary:
            temporary.write_text(content, encoding="utf-8")


def _give_aways(rows: Sequence[GoldCase], shuffles: int) -> tuple[GiveAway, ...]:
    from ombud.corpus.giveaway import TESTS, give_aways

    names = list(TESTS)

    def done(name: str) -> None:
        typer.echo(f"give-away test {names.index(name) + 1} of {len(names)}: {name}", err=True)

    return give_aways(rows, shuffles=shuffles, done=done)


def _console() -> Console:
    from rich.console import Console

    from ombud.commands.tables import plain_width

    return Console(highlight=False, width=plain_width())


def _print_report(made: CorpusReport, found: Sequence[Check], tests: Sequence[GiveAway]) -> None:
    from rich.table import Table

    from ombud.taxonomy import OUTCOMES

    console = _console()
    console.print(f"{made.documents} documents, {made.groups} complaints (copies counted once)")
    for label, count in made.outcomes.items():
        console.print(f"  {label:<31} {count:>4}  {count / made.documents:6.1%}")
    years = ", ".join(f"{year} {count}" for year, count in made.years.items())
    console.print(f"by year of decision: {years}")
    table = Table("reason", "documents", "as main", "passages", title="Reasons (gold)")
    for outcome in OUTCOMES:
        table.add_column(outcome.label.split("_after")[0])
    table.add_column("freely said")
    for label, counts in made.reasons.items():
        free, said = made.freely[label]
        own = [str(made.matrix[label][o.label]) for o in OUTCOMES]
        table.add_row(label, *map(str, counts), *own, f"{free} of {said}")
    console.print(table)
    pairs = Table("reason", "with", "documents", title="Pairs of reasons, the most frequent")
    for (first, second), count in list(made.pairs.items())[:12]:
        pairs.add_row(first, second, str(count))
    console.print(pairs)
    console.print(f"documents with several reasons: {made.several_reasons:.1%}")
    console.print(f"documents with a distractor:    {made.with_distractor:.1%}")
    console.print(f"reasons said without the stock phrase: {made.said_freely:.1%}")
    if made.writing is not None:
        console.print(
            f"  specified so: {made.writing.free} of {made.writing.reasons}, of which "
            f"{made.writing.free_with_stock} hold a stock phrase all the same"
        )
    heads = ("part", "outcome", "quarter below", "median", "quarter above", "longest")
    lengths = Table(*heads, title="Words")
    for part, by_outcome in (("statement", made.statements), ("letter", made.letters)):
        for label, counted in by_outcome.items():
            lengths.add_row(part, label, *map(str, counted.quartiles))
    console.print(lengths)
    console.print("8-word sequences shared with any other complaint, boilerplate aside:")
    for name, (mean, largest) in (("statement", made.shared), ("letter", made.letter_shared)):
        console.print(f"  {name:<10} mean {mean:6.2%}  largest {largest:6.2%}")
    statement, letter = made.type_token
    console.print(
        f"type-token ratio of 50 successive words: statement {statement:.3f}, letter {letter:.3f}"
    )
    if tests:
        console.print(_give_away_table(tests))
        style = next(test for test in tests if test.name == "letter_style")
        console.print(
            "style counts alone: "
            + (
                "within the interval of chance"
                if style.within_chance
                else f"ABOVE chance (p = {style.p_value:.3f}); rewrite the letters that tell most: "
                + ", ".join(f"{case} ({outcome})" for outcome, case, _ in style.telling)
            )
        )
    bounds = Table("bound", "must be", "found", "", title="Bounds of the authored corpus")
    for check in found:
        verdict = {True: "met", False: "NOT MET", None: "not measured"}[check.met]
        bounds.add_row(check.name, check.bound, check.found, verdict)
    console.print(bounds)


def _give_away_table(tests: Sequence[GiveAway]) -> Any:
    from rich.table import Table

    table = Table("reads", "macro-F1", "chance", "p", "speaks most", title="Outcome given away by")
    for test in tests:
        strongest = sorted(test.strongest, key=lambda one: -abs(one[2]))[:4]
        says = "; ".join(f"{feature} ({o}, {w:+.1f})" for o, feature, w in strongest)
        chance = f"{test.chance.low:.3f}-{test.chance.high:.3f}"
        table.add_row(test.reads, str(test.macro_f1), chance, f"{test.p_value:.3f}", says)
    return table


def _print_agreement(found: Agreement) -> None:
    from rich.table import Table

    console = _console()
    readers = ", ".join(f"{name} {count}" for name, count in found.readers.items())
    console.print(f"{found.complaints} complaints read twice (second readers: {readers})")
    choices = ", ".join(f"{choice} {count}" for choice, count in found.choices.items())
    console.print(f"{found.settled} of them differed and were settled ({choices or 'none'})")
    heads = ("reason", "both", "first alone", "second alone", "kappa")
    table = Table(*heads, title="Reasons, first marks against second")
    for one in found.reasons:
        counts = map(str, (one.both, one.first_only, one.second_only))
        table.add_row(one.label, *counts, str(one.kappa))
    console.print(table)
    for name, value in (
        ("kappa of all reasons at once (micro)", found.micro),
        ("mean kappa of reasons (macro)", found.macro),
        ("same set of reasons", found.same_reasons),
        ("same main reason", found.same_main),
        ("outcome as in the field", found.outcome),
        ("kappa of outcome and field", found.outcome_kappa),
        ("F1 of marked words, reasons that both gave", found.spans_of_shared),
        ("F1 of marked words, each reason", found.spans_of_all),
        ("F1 of marked words, any reason", found.spans_of_any),
    ):
        console.print(f"{name:<44} {value}")
