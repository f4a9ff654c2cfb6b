"""The data card: tables between markers, figures only of the dataset they were measured on."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from cases import case
from command import Command, one_sentence
from gold import gold_cases
from ombud.corpus import (
    CorpusReport,
    compile_cases,
    corpus_report,
    digest,
    write_dataset,
)
from ombud.corpus.card import card_tables, fill_card
from ombud.corpus.figures import keep_figures
from ombud.errors import InputError

HALF = {"value": 0.5, "low": 0.25, "high": 0.75}
NONE = {"value": 1.0, "low": None, "high": None}
GIVE_AWAY = [
    {
        "name": "letter_style",
        "reads": "style",
        "complaints": 3,
        "macro_f1": HALF,
        "chance": {"value": 0.3, "low": 0.2, "high": 0.4},
        "p_value": 0.005,
        "strongest": [["upheld", "commas", 1.0]],
        "telling": [["upheld", "a1", 0.5]],
        "within_chance": False,
    }
]
AGREEMENT = {
    "complaints": 2,
    "settled": 1,
    "choices": {"both": 1, "first": 2},
    "reasons": [{"label": "late", "both": 3, "first_only": 1, "second_only": 0, "kappa": NONE}],
    **dict.fromkeys(
        ("micro", "macro", "same_reasons", "same_main", "outcome", "outcome_kappa",
         "spans_of_shared", "spans_of_all", "spans_of_any"), HALF),
}  # fmt: skip
CURVE = {
    "recipe": "quick",
    "documents": 20,
    "complaints": 19,
    "seeds": 3,
    "points": [
        {"view": "statement", "statements": 100, "outcome_macro_f1": HALF,
         "reasons_micro_f1": HALF, "rationale_f1": NONE, "by_seed": [0.5]}
    ],
    "gains": [{"view": "statement", "before": 100, "after": 200, "difference": HALF}],
}  # fmt: skip
NAMES = ["contents", "bounds", "reasons", "pairs", "lengths", "give_away", "agreement",
         "learning_curve"]  # fmt: skip
EMPTY = "# Card\n" + "".join(f"<!-- table: {n} -->\nSTALE\n<!-- end -->\nprose\n" for n in NAMES)


def report() -> CorpusReport:
    one = dataclasses.replace(case(), field_and_text_disagree=True)
    two = dataclasses.replace(case(), id="a2")
    return corpus_report(compile_cases([one, two]), [one, two])


def figures(dataset: str = "d" * 64) -> dict[str, dict[str, Any]]:
    return {
        "give_away": {"dataset": dataset, "figures": GIVE_AWAY},
        "agreement": {"dataset": dataset, "figures": AGREEMENT},
        "learning_curve": {"dataset": dataset, "figures": CURVE},
    }


def test_every_table_says_what_was_found() -> None:
    tables = card_tables(report(), figures(), "d" * 64)
    assert list(tables) == NAMES
    said = "\n".join(tables.values()).splitlines()
    for line in (
        f"| digest of the dataset | `{'d' * 64}` |",
        "| outcome field and text at odds | 50.0 % |",
        "| `late` | 0 | 0 | 2 | 2 | 2 | 4 | 2 of 2 |",
        "| court_remedy | late | 2 |",
        "| letter | Closed after initial enquiries | 10 | 10 | 10 | 10 |",
        "| style | 0.500 [0.250, 0.750] | 0.200 to 0.400 | 0.005 | above chance |",
        (
            "| outcome from style counts of the letter | within the interval of chance | "
            "macro-F1 0.500, chance up to 0.400 | **not met** |"
        ),
        "| of them with a difference, settled | 1 (both 1, first 2) |",
        "| `late` | 3 | 1 | 0 | – |",
        "| statement | 100 | 0.500 [0.250, 0.750] | 0.500 [0.250, 0.750] | – |",
        "| statement | 100 to 200 | 0.500 [0.250, 0.750] |",
    ):
        assert line in said
    for table in tables.values():
        rows = [line.count("|") for line in table.splitlines() if line.startswith("|")]
        assert len(rows) > 2


def test_tables_stand_between_their_markers_and_prose_stays() -> None:
    tables = card_tables(report(), figures(), "d" * 64)
    card = fill_card(EMPTY, tables)
    assert card.startswith("# Card\n<!-- table: contents -->\n| what | how much |\n")
    assert card.count("prose\n") == len(NAMES)
    assert "STALE" not in card
    assert fill_card(card, tables) == card


@pytest.mark.parametrize("name", ["give_away", "agreement", "learning_curve"])
def test_figures_of_another_dataset_are_refused(name: str) -> None:
    kept = figures()
    kept[name]["dataset"] = "e" * 64
    with pytest.raises(InputError) as caught:
        card_tables(report(), kept, "d" * 64)
    assert str(caught.value) == (
        f"expected kept figures {name!r} of the dataset dddddddddddddddd, found those of "
        "eeeeeeeeeeeeeeee; run 'make card'"
    )


def test_a_table_that_was_not_measured_says_so() -> None:
    tables = card_tables(report(), {}, "d" * 64)
    for name in ("give_away", "agreement", "learning_curve"):
        assert tables[name] == "Not measured yet; `make card` does it.\n"
    assert "| within the interval of chance | not measured | not measured |" in tables["bounds"]


@pytest.mark.parametrize(
    ("card", "found"),
    [
        ("# Card\n", "none"),
        (EMPTY.replace("table: pairs", "table: pears"),
         "contents, bounds, reasons, pears, lengths, give_away, agreement, learning_curve"),
        (EMPTY + "<!-- table: pairs -->\n<!-- end -->\n", f"{', '.join(NAMES)}, pairs"),
    ],
)  # fmt: skip
def test_a_card_without_its_markers(card: str, found: str) -> None:
    with pytest.raises(InputError) as caught:
        fill_card(card, dict.fromkeys(NAMES, ""))
    assert str(caught.value) == (
        f"expected a card with the tables {', '.join(NAMES)}, each once, found {found}; "
        "put '<!-- table: NAME -->' and '<!-- end -->' in"
    )


def prepared(folder: Path) -> tuple[Path, Path, Path]:
    """Write a dataset, its case files and its figures."""
    source = folder / "authored" / "2021"
    source.mkdir(parents=True)
    rows = []
    for number, row in enumerate(gold_cases(4)):
        name = f"c{number}"
        rows.append(dataclasses.replace(row, id=name, group=name))
        front = (
            f"id: {name}\nwriter: w1\nbody: B Council\ncalled: Mr Z\ncategory: Housing\n"
            f"subcategory: Repairs\ndecision_date: 2021-05-04\nkind: statement\n"
            f"outcome: {row.outcome}\nreasons: [{row.reasons[0].label}]\n"
        )
        text = f"---\n{front}---\n# Statement\n{{{{{row.reasons[0].label}: it was so}}}}\n# Letter\nso\n"
        (source / f"{name}.md").write_text(text, encoding="utf-8")
    dataset, kept = folder / "cases.jsonl", folder / "figures.json"
    write_dataset(rows, dataset)
    for name, own in (
        ("give_away", GIVE_AWAY),
        ("agreement", AGREEMENT),
        ("learning_curve", CURVE),
    ):
        keep_figures(kept, name, digest(rows), own)
    return dataset, source.parent, kept


def test_the_command_prints_the_tables_or_fills_a_card(ombud: Command, tmp_path: Path) -> None:
    dataset, source, kept = prepared(tmp_path)
    arguments = ("corpus", "card", dataset, "--cases", source, "--figures", kept)
    printed = ombud(*arguments)
    assert (printed.code, printed.err) == (0, "")
    assert printed.out.startswith("<!-- table: contents -->\n| what | how much |\n")
    card = tmp_path / "CARD.md"
    card.write_text(EMPTY, encoding="utf-8")
    assert ombud(*arguments, "--card", card).out == f"8 tables in {card}, with changes\n"
    assert ombud(*arguments, "--card", card).out == f"8 tables in {card}, unchanged\n"
    table = printed.out.split("<!-- table: agreement -->\n")[1].split("<!-- end -->")[0]
    assert table in card.read_text(encoding="utf-8")


def test_a_card_or_figures_that_are_not_there(ombud: Command, tmp_path: Path) -> None:
    dataset, source, kept = prepared(tmp_path)
    none = tmp_path / "none"
    ended = ombud("corpus", "card", dataset, "--cases", source, "--figures", kept, "--card", none)
    assert one_sentence(ended, 1) == (
        f"{none}: expected a data card, found: no such file or directory; check the path"
    )
    ended = ombud("corpus", "card", dataset, "--cases", source, "--figures", none)
    assert one_sentence(ended, 1) == (
        f"{none}: expected kept figures, found: no such file or directory; make them with "
        "'make card'"
    )
    kept.write_text(json.dumps({"give_away": {"dataset": "f" * 64, "figures": []}}))
    ended = ombud("corpus", "card", dataset, "--cases", source, "--figures", kept)
    assert one_sentence(ended, 1).endswith("found those of ffffffffffffffff; run 'make card'")
