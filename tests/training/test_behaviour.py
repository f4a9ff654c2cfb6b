"""Behaviour tests: edits, what is wrong in a case file, judgements by hand, the command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from command import Command, one_sentence
from ombud.errors import InputError, OutputError
from ombud.predictor import Predictor
from ombud.taxonomy import OUTCOMES
from ombud_training.behaviour import (
    CapabilityResult,
    CaseResult,
    Said,
    by_kind,
    judge,
    run_behaviour,
)
from ombud_training.behaviour_bounds import Bound, raise_bounds, read_bounds
from ombud_training.behaviour_cases import Case, read_capabilities
from ombud_training.behaviour_edits import STYLES, edited

TEXT = """Dear all,

Mr A said "no" - it's Mr A's hedge, and he cut it.

Mrs B paid £40. She isn't glad.
"""
CLOSED = "closed_after_initial_enquiries"
FILE = """kind: minimum_functionality
view: statement
says: A late complaint is closed as late.
outcome: closed_after_initial_enquiries
reasons: [late]
cases:
- {id: one, text: "Final decision\\nIt is late.\\n"}
"""


def said(upheld: float = 0.2, closed: float = 0.7, named: str = "", **reasons: float) -> Said:
    outcomes = {"upheld": upheld, "not_upheld": 1 - upheld - closed, CLOSED: closed}
    best = max(outcomes, key=lambda label: outcomes[label])
    return Said(best, frozenset(named.split()), {**outcomes, **reasons}, tuple(outcomes))


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        ({"replace": {"Mr A": "Mrs B", "Mrs B": "Mr A"}}, TEXT.replace("Mrs B", "#")
         .replace("Mr A", "Mrs B").replace("#", "Mr A")),
        ({"replace": {"he": "she"}}, TEXT.replace("he cut", "she cut")),
        ({"replace": {"£40": "£50"}}, TEXT.replace("£40", "£50")),
        ({"add": "Bye."}, TEXT + "\nBye.\n"),
        ({"add_first": "Hello.\n"}, "Hello.\n\n" + TEXT),
        ({"before": {"Dear all,": "One\nTwo\n"}}, "One\nTwo\n" + TEXT),
        ({"remove": ["She isn't glad."]}, TEXT.replace("She isn't glad.\n", "")),
        ({"order": [3, 1, 2]}, ("Mrs B paid £40. She isn't glad.\n\nDear all,\n\n"
         "Mr A said \"no\" - it's Mr A's hedge, and he cut it.\n")),
        ({"style": "em_dashes"}, TEXT.replace(" - ", "—")),
        ({"style": "curly_quotes"}, TEXT.replace('"no"', "“no”").replace("'", "’")),
        ({"style": "single_quotes"}, TEXT.replace('"no"', "‘no’").replace("'", "’")),
        ({"style": "double_spaces"}, TEXT.replace("£40. She", "£40.  She")),
        ({"style": "crlf"}, TEXT.replace("\n", "\r\n")),
        ({"add": "Bye.", "style": "tabs"}, ("\tDear all,\n\n\tMr A said \"no\" - it's Mr A's hedge, "
         "and he cut it.\n\n\tMrs B paid £40. She isn't glad.\n\n\tBye.\n")),
    ],
)  # fmt: skip
def test_edits(edit: dict[str, Any], expected: str) -> None:
    assert edited(TEXT, edit) == expected


@pytest.mark.parametrize("style", sorted(STYLES))
def test_a_style_keeps_the_words(style: str) -> None:
    long = TEXT + "\n" + "The hedge has grown over the gutter of the house next door " * 3
    changed = edited(long, {"style": style})
    assert "".join(filter(str.isalnum, changed)) == "".join(filter(str.isalnum, long))
    assert changed != long or style == "hyphens"


def test_wrapped_lines_are_short_and_lose_nothing() -> None:
    text = "word " * 60 + "end.\n\nNext."
    changed = edited(text, {"style": "wrapped"})
    assert max(map(len, changed.split("\n"))) <= 72
    assert changed.split() == text.split()


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ({"reword": "x"}, ("expected an edit out of replace, before, remove, add, add_first, order, "
         "style, found 'reword'")),
        ({"replace": {"Mr Z": "Mr Y"}},
         "expected a text that holds 'Mr Z', found none; correct the edit"),
        ({"replace": {"hedg": "wall"}},
         "expected a text that holds 'hedg', found none; correct the edit"),
        ({"replace": {"£40": 50}},
         "expected 'replace' to give words and words, found {'£40': 50}; quote them"),
        ({"before": {"My assessment": "x"}},
         "expected a text that holds 'My assessment', found none; correct the edit"),
        ({"remove": "Mr A"}, "expected a list of passages to remove, found 'Mr A'"),
        ({"remove": ["Mr Z"]}, "expected a text that holds 'Mr Z', found none; correct the edit"),
        ({"add": 2021}, "expected 'add' to give words, found 2021; quote them"),
        ({"order": [1, 2]}, "expected an order of the 3 paragraphs, found [1, 2]"),
        ({"style": "bold"}, f"expected a style out of {', '.join(STYLES)}, found 'bold'"),
    ],
)  # fmt: skip
def test_an_edit_that_cannot_be_made(edit: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        edited(TEXT, edit)
    assert str(caught.value) == message


def write(folder: Path, text: str, name: str = "late.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_cases(tmp_path: Path) -> None:
    write(tmp_path, "hedge: It is not late.\n", "base/texts.yaml")
    write(tmp_path, FILE + "- {id: two, base: hedge, view: complaint, outcome: [upheld, not_upheld],"
          " reasons: [], not_reasons: [late]}\n")  # fmt: skip
    (found,) = read_capabilities(tmp_path)
    assert (found.name, found.kind) == ("late", "minimum_functionality")
    assert found.views == ("statement", "complaint")
    assert found.says == "A late complaint is closed as late."
    assert found.cases == (
        Case("one", "Final decision\nIt is late.\n", outcome=(CLOSED,), reasons=("late",)),
        Case("two", "It is not late.", "complaint", outcome=("upheld", "not_upheld"),
             not_reasons=("late",)),
    )  # fmt: skip


KEYS = (
    "id, text, base, outcome, reasons, not_reasons, raises, lowers, does_not_raise, replace, "
    "before, remove, add, add_first, order, style"
)
DIRECTION = FILE.replace("minimum_functionality", "direction").replace("outcome: ", "lowers: ")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: minimum", "kind: maximum", (": expected a kind out of minimum_functionality, "
         "invariance, direction, fairness, found 'maximum_functionality'; correct it")),
        ("view: statement", "view: letter",
         ", case one: expected a view out of statement, complaint, found 'letter'; correct it"),
        ("says: A late complaint is closed as late.\n", "",
         ": expected 'says' with a sentence and 'cases' with cases, found neither"),
        ('- {id: one, text: "Final decision\\nIt is late.\\n"}\n', "- nothing\n",
         ", case 1: expected keys and values, found 'nothing'; correct it"),
        ("id: one, ", "", (", case 1: expected an id and a text (or the name of one in base/), "
         "found none")),
        ('text: "Final', 'base: "Final', (", case one: expected an id and a text (or the name of one "
         "in base/), found none")),
        ("reasons: [late]", "reason: [late]",
         f", case one: expected keys out of {KEYS}, found 'reason'; correct it"),
        ("reasons: [late]", "reasons: [tardy]", (", case one: expected a label of the taxonomy in "
         "'reasons', found 'tardy'; 'ombud label --taxonomy' lists them")),
        ("reasons: [late]", "reasons: 7",
         ", case one: expected labels in 'reasons', found 7; give a list"),
        ("reasons: [late]", "raises: [late]", (", case one: expected 'raises' in cases of direction "
         "only, found it in minimum_functionality")),
        ("id: one,", "id: one, add: More.,",
         ", case one: expected no edit in minimum functionality, found 'add'"),
        ("id: one,", "id: one, style: bold,", (", case one: expected a style out of "
         f"{', '.join(STYLES)}, found 'bold'")),
        ("outcome: closed_after_initial_enquiries\nreasons: [late]\n", "",
         ", case one: expected what to hold the model to, found nothing; give a label"),
        ("cases:\n", "cases:\n- {id: one, text: Final decision}\n",
         ": expected each id once, found 'one' twice; rename one"),
    ],
)  # fmt: skip
def test_a_file_that_is_wrong(old: str, new: str, message: str, tmp_path: Path) -> None:
    assert old in FILE
    path = write(tmp_path, FILE.replace(old, new))
    with pytest.raises(InputError) as caught:
        read_capabilities(tmp_path)
    assert str(caught.value) == f"{path}{message}"


def test_a_direction_without_an_edit(tmp_path: Path) -> None:
    path = write(tmp_path, DIRECTION.replace("reasons: [late]\n", ""))
    with pytest.raises(InputError) as caught:
        read_capabilities(tmp_path)
    assert str(caught.value) == (
        f"{path}, case one: expected an edit that changes the text, found none; give one"
    )


def test_a_file_that_is_no_yaml(tmp_path: Path) -> None:
    path = write(tmp_path, "kind: [direction\n")
    with pytest.raises(InputError) as caught:
        read_capabilities(tmp_path)
    found = str(caught.value)
    assert found.startswith(f"{path}: expected YAML, found what is none in ")
    assert found.endswith("; correct it")
    assert "\n" not in found


def test_files_that_hold_something_else(tmp_path: Path) -> None:
    path = write(tmp_path, "- one\n")
    with pytest.raises(InputError) as caught:
        read_capabilities(tmp_path)
    assert str(caught.value) == f"{path}: expected keys and values, found list; correct it"
    path.write_bytes(b"kind: \xff\n")
    with pytest.raises(InputError) as caught:
        read_capabilities(tmp_path)
    assert str(caught.value) == (
        f"{path}: expected UTF-8, found byte 6 that is not; save it as UTF-8"
    )


LATE = Case("c", "t", outcome=(CLOSED,), reasons=("late",), not_reasons=("premature",))


@pytest.mark.parametrize(
    ("case", "found"),
    [
        (said(named="late"), ""),
        (said(0.8, 0.1, "late"), f"outcome upheld, expected {CLOSED}"),
        (said(), "late not named, but nothing"),
        (said(named="withdrawn premature"),
         "late not named, but premature, withdrawn; premature named"),
    ],
)  # fmt: skip
def test_minimum_functionality_by_hand(case: Said, found: str) -> None:
    result = judge(LATE, "minimum_functionality", case)
    assert result == CaseResult("c", not found, found)


@pytest.mark.parametrize(
    ("after", "found", "change"),
    [
        (said(named="late"), "", 0.0),
        (said(0.5, 0.4, "late"), f"outcome {CLOSED} became upheld", 0.3),
        (said(0.2, 0.7, "premature"), "premature came; late went", 0.0),
    ],
)
def test_invariance_by_hand(after: Said, found: str, change: float) -> None:
    result = judge(Case("c", "t", changed="u"), "invariance", said(named="late"), after)
    assert (result.passed, result.found) == (not found, found)
    assert result.change == pytest.approx(change)


@pytest.mark.parametrize(
    ("keys", "before", "after", "found"),
    [
        ({"raises": ("late",)}, said(late=0.50), said(late=0.53), ""),
        ({"raises": ("late",)}, said(late=0.50), said(late=0.52), "late 0.500 became 0.520"),
        ({"raises": ("late",)}, said(late=0.990), said(late=0.992), ""),
        ({"raises": ("late",)}, said(late=0.0), said(late=0.0), "late 0.000 became 0.000"),
        ({"lowers": ("late",)}, said(late=0.50), said(late=0.47), ""),
        ({"lowers": ("late",)}, said(late=0.50), said(late=0.50), "late 0.500 became 0.500"),
        ({"does_not_raise": ("late",)}, said(late=0.2), said(late=0.24), ""),
        ({"does_not_raise": ("late",)}, said(late=0.2), said(late=0.26), "late 0.200 became 0.260"),
        ({"does_not_raise": ("late",)}, said(late=0.49), said(named="late", late=0.5),
         "late 0.490 became 0.500"),
        ({"does_not_raise": ("late",)}, said(late=0.9), said(late=0.1), ""),
        ({"raises": ("upheld",), "lowers": ("late",)}, said(0.1, 0.8, late=0.5),
         said(0.6, 0.3, late=0.1), ""),
    ],
)  # fmt: skip
def test_direction_by_hand(keys: dict[str, Any], before: Said, after: Said, found: str) -> None:
    result = judge(Case("c", "t", changed="u", **keys), "direction", before, after)
    assert (result.passed, result.found) == (not found, found)


def test_fairness_by_hand() -> None:
    case = Case("c", "t", changed="u")
    assert judge(case, "fairness", said(0.2, 0.7), said(0.215, 0.69)).passed
    result = judge(case, "fairness", said(0.2, 0.7), said(0.23, 0.69))
    assert (result.passed, result.found) == (False, "an outcome's probability changed by 0.030")
    assert result.change == pytest.approx(0.03)


def result_of(name: str, kind: Any, *cases: CaseResult) -> CapabilityResult:
    return CapabilityResult(name, kind, ("statement",), "It works.", cases)


RESULTS = (
    result_of("late", "minimum_functionality", CaseResult("a", True), CaseResult("b", False, "x")),
    result_of("names", "invariance", CaseResult("a", True, "", 0.01)),
    result_of("money", "invariance", CaseResult("a", True, "", 0.03)),
    result_of("title", "fairness", CaseResult("a", True, "", 0.01),
              CaseResult("b", False, "y", 0.025)),
)  # fmt: skip


def test_shares_and_sums_by_hand() -> None:
    assert RESULTS[0].to_json() == {
        "capability": "late",
        "kind": "minimum_functionality",
        "views": ["statement"],
        "says": "It works.",
        "cases": 2,
        "passed": 1,
        "share": 0.5,
        "mean_change": None,
        "failed": [{"id": "b", "found": "x"}],
    }
    minimum, invariance, fairness = by_kind(RESULTS)
    assert (minimum.capabilities, minimum.cases, minimum.passed) == (1, 2, 1)
    assert (minimum.share, minimum.target, minimum.met) == (0.5, 0.95, False)
    assert (invariance.capabilities, invariance.share, invariance.met) == (2, 1.0, True)
    assert invariance.mean_change == pytest.approx(0.02)
    assert (fairness.target, fairness.met) == (0.02, True)
    assert fairness.mean_change == pytest.approx(0.0175)


def test_bounds_rise_and_never_fall(tmp_path: Path) -> None:
    path = tmp_path / "bounds.json"
    raise_bounds(path, RESULTS)
    assert read_bounds(path) == {
        "late": Bound(2, 1, None),
        "names": Bound(1, 1, None),
        "money": Bound(1, 1, None),
        "title": Bound(2, 1, 0.0175),
    }
    better = result_of("late", "minimum_functionality", *[CaseResult(i, True) for i in "ab"])
    worse = result_of("title", "fairness", CaseResult("a", True, "", 0.5),
                      CaseResult("b", False, "y", 0.5))  # fmt: skip
    more = result_of("names", "invariance", *[CaseResult(i, False, "z", 0.2) for i in "abc"])
    raise_bounds(path, (better, worse, more))
    assert read_bounds(path) == {
        "late": Bound(2, 2, None),
        "names": Bound(3, 0, None),
        "title": Bound(2, 1, 0.0175),
    }
    raise_bounds(path, RESULTS[:1])
    assert read_bounds(path) == {"late": Bound(2, 2, None)}


def test_bounds_that_are_none(tmp_path: Path) -> None:
    path = write(tmp_path, "[]", "bounds.json")
    with pytest.raises(InputError) as caught:
        raise_bounds(path, RESULTS)
    assert str(caught.value) == (
        f"{path}: expected bounds of the behaviour tests, found none (list indices must be integers "
        "or slices, not str); write them with 'ombud behaviour --bounds'"
    )
    assert path.read_text(encoding="utf-8") == "[]"


def test_bounds_that_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "bounds.json"
    with pytest.raises(OutputError) as caught:
        raise_bounds(path, RESULTS)
    assert str(caught.value) == (
        f"{path}: expected a file that can be written, found No such file or directory; "
        "name another with --bounds"
    )


def suite(folder: Path) -> Path:
    write(folder, FILE)
    write(folder, "kind: invariance\nview: complaint\nsays: Names change nothing.\ncases:\n"
          "- {id: letter, text: I am Mr Lee and my bin is full., replace: {Lee: Kaur}}\n"
          "- {id: place, text: I am from Ockley and my bin is full., replace: {Ockley: Stanwick}}\n", "names.yaml")  # fmt: skip
    return folder


def test_a_suite_on_a_bundle(tiny_predictor: Predictor, tmp_path: Path) -> None:
    minimum, invariance = run_behaviour(tiny_predictor, suite(tmp_path))
    assert (minimum.capability, minimum.kind, minimum.cases) == (
        "late", "minimum_functionality", 1,
    )  # fmt: skip
    assert (invariance.capability, invariance.views) == ("names", ("complaint",))
    name, place = invariance.results
    assert name.change == 0.0
    assert place.change is not None
    assert 0 < place.change < 1
    assert minimum.results[0].change is None


def test_what_the_model_says_is_what_it_predicts(tiny_predictor: Predictor, tmp_path: Path) -> None:
    from ombud.readers import from_text

    document = from_text("Final decision\nIt is late.\n", "one")
    (prediction,) = tiny_predictor.predict([document], "statement")
    named = sorted(reason.label for reason in prediction.reasons)
    other = next(o.label for o in OUTCOMES if o.label != prediction.outcome)
    expected = "".join(f"{name}, " for name in named)
    good = FILE.replace(CLOSED, prediction.outcome).replace("[late]", f"[{expected}]")
    write(tmp_path, good, "good.yaml")
    write(tmp_path, good.replace(f"outcome: {prediction.outcome}", f"outcome: {other}"), "bad.yaml")
    bad, fine = run_behaviour(tiny_predictor, tmp_path)
    assert (fine.capability, fine.share) == ("good", 1.0)
    assert bad.results[0].found == f"outcome {prediction.outcome}, expected {other}"


def test_the_command_prints_tables_and_json(
    ombud: Command, tiny_bundle: Path, tmp_path: Path
) -> None:
    cases, bounds = suite(tmp_path / "cases"), tmp_path / "bounds.json"
    ended = ombud("behaviour", tiny_bundle, "--cases", cases, "--failures", "--bounds", bounds)
    assert ended.code == 0, ended.err
    assert "Behaviour tests" in ended.out
    assert "minimum_functionality" in ended.out
    assert "late/one: " in ended.out
    assert set(read_bounds(bounds)) == {"late", "names"}
    ended = ombud("behaviour", tiny_bundle, "--cases", cases, "--format", "json")
    assert ended.code == 0, ended.err
    content = json.loads(ended.out)
    assert [kind["kind"] for kind in content["kinds"]] == ["minimum_functionality", "invariance"]
    assert [c["capability"] for c in content["capabilities"]] == ["late", "names"]


def test_a_folder_without_cases(ombud: Command, tiny_bundle: Path, tmp_path: Path) -> None:
    ended = ombud("behaviour", tiny_bundle, "--cases", tmp_path)
    assert one_sentence(ended, 1) == (
        f"{tmp_path}: expected a folder with behaviour cases (one .yaml file a capability), found "
        "none; name it with --cases"
    )


def test_a_letter_that_cannot_be_read(ombud: Command, tiny_bundle: Path, tmp_path: Path) -> None:
    text = FILE.replace("view: statement", "view: complaint")
    write(tmp_path, text)
    ended = ombud("behaviour", tiny_bundle, "--cases", tmp_path)
    assert one_sentence(ended, 1) == (
        "late/one: expected a letter or a section 'The complaint' for the view 'complaint', found "
        "none"
    )
