"""Case files: marks become spans, and every broken rule is named with file and line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import FRONT, LETTER, PATH, STATEMENT, case, source
from ombud.corpus import (
    Case,
    CorpusReport,
    GoldCase,
    compile_cases,
    corpus_report,
    date_split,
    digest,
    read_case,
    read_cases,
    read_readings,
    read_settlements,
)
from ombud.corpus.authored import parse_case
from ombud.corpus.card import card_tables, fill_card
from ombud.corpus.checks import checks
from ombud.corpus.figures import read_figures
from ombud.errors import AuthoringError
from ombud.taxonomy import OUTCOMES

AUTHORED = Path(__file__).resolve().parents[2] / "data" / "authored"


def refusal(text: str) -> str:
    with pytest.raises(AuthoringError) as caught:
        parse_case(text, PATH)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_marks_and_heading_signs_go_and_spans_stay() -> None:
    compiled = case()
    assert compiled.text == (
        "The complaint\nMr X has no door. A tribunal sat next door.\nMy assessment\n"
        "1. He has known for nine years and a court would have heard him then."
    )
    assert compiled.letter == "Dear all,\nmy door went in 2012 and nobody came."
    assert [
        (r.label, r.main, [s.of(compiled.text) for s in r.spans],
         [s.of(compiled.letter) for s in r.letter_spans])
        for r in compiled.reasons
    ] == [
        ("late", True, ["He has known for nine years", "a court would have heard him then."],
         ["my door went in 2012"]),
        ("court_remedy", False, ["a court would have heard him then."], []),
    ]  # fmt: skip
    assert [(d.looks_like, d.where, d.span.of(compiled.text)) for d in compiled.distractors] == [
        ("tribunal_appeal_right", "text", "A tribunal sat next door.")
    ]


def test_facts_of_the_front_matter() -> None:
    compiled = case(front=FRONT + "also_published_for: [Otherham Council]\nwording: free\n")
    assert (compiled.id, compiled.writer, compiled.called) == ("a1", "w9", "Mr X")
    assert (compiled.decision_date, compiled.kind) == ("2021-05-04", "statement")
    assert compiled.also_published_for == ("Otherham Council",)
    assert (compiled.wording, compiled.second_reading, compiled.path) == ("free", False, PATH)


CLAUSES = st.lists(
    st.text(alphabet="abcé🙂’.,", min_size=1, max_size=8), min_size=2, max_size=6
).map(" ".join)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(CLAUSES, st.booleans(), CLAUSES), min_size=1, max_size=6))
def test_any_marked_clause_is_where_its_span_says(parts: list[tuple[str, bool, str]]) -> None:
    marked = [words for _, is_marked, words in parts if is_marked]
    lines = [
        f"{before} {{{{late: {words}}}}} after" if is_marked else f"{before} {words}"
        for before, is_marked, words in parts
    ]
    statement = "\n".join(lines) + "\n{{court_remedy: go to court}} {{late: it was long}}\n"
    compiled = case(statement=statement)
    assert [s.of(compiled.text) for s in compiled.reasons[0].spans] == [*marked, "it was long"]
    assert "{" not in compiled.text


LINE = "data/authored/2021/a1.md"
KEYS = "id, writer, body, called, category, subcategory, decision_date, kind, outcome, reasons"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# Statement\nNo front matter", (f"{LINE}:1: expected front matter between two lines "
         "'---', found none")),
        ("---\n- a\n---\n", f"{LINE}:1: expected front matter of keys and values, found ['a']"),
        ("---\n1: a\n---\n", (f"{LINE}:1: expected front matter of keys and values, "
         "found {1: 'a'}")),
        ("---\nid: a1\nbody: [a\ncalled: b\n---\n", (f"{LINE}:4: expected front matter in YAML, "
         "found: expected ',' or ']', but got ':'")),
        (source("id: a1\nmoon: full\n"), (f"{LINE}:1: expected the keys {KEYS}, found missing "
         "['writer', 'body', 'called', 'category', 'subcategory', 'decision_date', 'kind', "
         "'outcome', 'reasons'] and unknown ['moon']")),
        (source(FRONT.replace("2021-05-04", "4 May 2021")),
         f"{LINE}:1: expected decision_date as YYYY-MM-DD, found '4 May 2021'"),
        (source(FRONT.replace("2021-05-04", "2021-05-04 10:00:00")),
         f"{LINE}:1: expected decision_date as YYYY-MM-DD, found '2021-05-04T10:00:00'"),
        (source(FRONT.replace("closed_after_initial_enquiries", "lost")),
         (f"{LINE}:1: expected an outcome out of ['closed_after_initial_enquiries', "
         "'not_upheld', 'upheld'], found 'lost'")),
        (source(FRONT.replace("kind: statement", "kind: poem")),
         f"{LINE}:1: expected a kind out of ['report', 'statement'], found 'poem'"),
        (source(FRONT.replace("body: Pikemere Borough Council", "body: 7")),
         f"{LINE}:1: expected body to be words, found 7"),
        (source(FRONT.replace("id: a1", "id: a2")),
         f"{LINE}:1: expected the id to be the file's name, found 'a2'"),
        (source(FRONT + "also_published_for: Otherham\n"),
         f"{LINE}:1: expected also_published_for to be a list of words, found 'Otherham'"),
        (source(FRONT + "said_nowhere: late\n"),
         f"{LINE}:1: expected said_nowhere to be a list of words, found 'late'"),
        (source(FRONT.replace("[late, court_remedy]", "late")),
         f"{LINE}:1: expected a list of different reasons, found 'late'"),
        (source(FRONT.replace("[late, court_remedy]", "[late, late]")),
         f"{LINE}:1: expected a list of different reasons, found ['late', 'late']"),
        (source(FRONT.replace("[late, court_remedy]", "[{late: yes}]")),
         f"{LINE}:1: expected a list of different reasons, found [{{'late': True}}]"),
        (source(FRONT.replace("[late, court_remedy]", "[late, tardy]")),
         f"{LINE}:1: expected reasons of the taxonomy, found 'tardy'"),
        (source().replace("# Letter", "# Note"),
         (f"{LINE}:1: expected the parts '# Statement' and '# Letter' in this order, "
         "found ['Statement']")),
        (source().replace("# Statement", "# Letter"),
         (f"{LINE}:1: expected the parts '# Statement' and '# Letter' in this order, "
         "found ['Letter', 'Letter']")),
        (source(letter="\n \n"), f"{LINE}:21: expected text in this part, found none"),
        (source(statement=STATEMENT.replace("{{late+court_remedy: ", "").replace("then.}}", "then.")),
         (f"{LINE}:1: expected at least one mark for 'court_remedy' in the statement, found none; "
         "mark the passage or list the label under said_nowhere")),
    ],
)  # fmt: skip
def test_a_broken_rule_of_the_file(text: str, message: str) -> None:
    assert refusal(text) == message


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("x {{premature: too soon by far}} y",
         ("expected a mark for one of the reasons in the front matter (late, court_remedy), found "
         "'premature'; add the reason or mark it as a distractor with '!'")),
        ("x {{tardy: too late by far}}", "expected labels of the taxonomy, found ['tardy']"),
        ("x {{!late+tardy: too late}}", "expected labels of the taxonomy, found ['tardy']"),
        ("x {{late: it goes on", ("expected a mark as '{{label: words}}' closed on its own line, "
         "found '{{late: it goes on'")),
        ("x {{Late: it goes on}}", ("expected a mark as '{{label: words}}' closed on its own line, "
         "found '{{Late: it goes on}}'")),
        ("x {{late it goes on}}", ("expected a mark as '{{label: words}}' closed on its own line, "
         "found '{{late it goes on}}'")),
        ("x {{late: tardy}}", ("expected a mark over a whole clause or sentence without spaces at "
         "its ends or another mark inside, found 'tardy'")),
        ("x {{late: it was late }}", ("expected a mark over a whole clause or sentence without "
         "spaces at its ends or another mark inside, found 'it was late '")),
        ("x {{late: it {{late: was late}} so}}", ("expected a mark over a whole clause or sentence "
         "without spaces at its ends or another mark inside, found 'it {{late: was late'")),
        ("x was late}} y", "expected braces in marks only, found 'x was late}} y'"),
        ("x {{late: was late}}} y", "expected braces in marks only, found 'x was late} y'"),
        ("x {was late} y", "expected braces in marks only, found 'x {was late} y'"),
    ],
)  # fmt: skip
def test_a_broken_mark_is_named_by_its_line(line: str, message: str) -> None:
    for text in (source(statement=f"{STATEMENT}{line}\n"), source(letter=f"{LETTER}{line}\n")):
        number = text.splitlines().index(line) + 1
        assert refusal(text) == f"{LINE}:{number}: {message}"


def test_a_reason_said_nowhere_needs_no_mark() -> None:
    statement = STATEMENT.replace("{{late+court_remedy: ", "").replace("then.}}", "then.")
    compiled = case(front=FRONT + "said_nowhere: [court_remedy]\n", statement=statement)
    assert compiled.reasons[1].spans == ()


def write(folder: Path, year: str, name: str, text: str) -> Path:
    path = folder / year / f"{name}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_cases_of_a_folder_in_order_of_id(tmp_path: Path) -> None:
    write(tmp_path, "2022", "a2", source(FRONT.replace("id: a1", "id: a2")))
    write(tmp_path, "2023", "a1", source())
    assert [c.id for c in read_cases(tmp_path)] == ["a1", "a2"]


def test_two_cases_of_one_id(tmp_path: Path) -> None:
    first, second = (write(tmp_path, year, "a1", source()) for year in ("2021", "2022"))
    with pytest.raises(AuthoringError) as caught:
        read_cases(tmp_path)
    assert str(caught.value) == (
        f"{second}: expected an id of its own, found 'a1' which {first} has too; rename one of them"
    )


def test_a_folder_without_cases(tmp_path: Path) -> None:
    with pytest.raises(AuthoringError) as caught:
        read_cases(tmp_path)
    assert str(caught.value) == (
        f"expected case files named <year>/<id>.md in {tmp_path}, found none"
    )


def test_a_case_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a1.md"
    path.write_bytes(b"---\n\xff")
    with pytest.raises(AuthoringError) as caught:
        read_case(path)
    assert str(caught.value) == (
        f"{path}: expected UTF-8 text, found byte 4 that is not; re-save it"
    )


def test_a_case_file_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "a1.md"
    with pytest.raises(AuthoringError) as caught:
        read_case(path)
    assert str(caught.value) == (
        f"{path}: expected a readable case file, found: no such file or directory; check the path"
    )


@dataclass(frozen=True)
class Corpus:
    """The whole authored corpus, compiled once for all tests of this file."""

    cases: list[Case]
    rows: list[GoldCase]
    report: CorpusReport


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    cases = read_cases(AUTHORED)
    rows = compile_cases(cases, read_readings(AUTHORED / "readings", cases))
    return Corpus(cases, rows, corpus_report(rows, cases))


def test_the_authored_corpus(corpus: Corpus) -> None:
    report = corpus.report
    assert report.groups == len(corpus.cases)
    assert {o.label for o in OUTCOMES} == {c.outcome for c in corpus.cases}
    for row in corpus.rows:
        for text in (row.text, row.letter):
            assert not set("{}") & set(text)
            assert "\n\n" not in text
        assert row.reading("statement").sentences
        assert row.reading("complaint").warnings == ()
        for reason in row.reasons:
            assert all(len(s.of(row.text).split()) > 1 for s in reason.spans)
    assert min(len(ids) for ids in date_split(corpus.rows).parts.values()) > 10


def test_the_authored_corpus_keeps_its_bounds(corpus: Corpus) -> None:
    found = checks(corpus.report)
    assert [(c.name, c.found) for c in found if c.met is False] == []
    assert [c.name for c in found if c.met is None] == ["outcome from style counts of the letter"]


def test_every_settlement_is_of_a_case_read_twice(corpus: Corpus) -> None:
    settled = read_settlements(AUTHORED / "settlements", corpus.cases)
    assert settled
    assert set(settled) <= {row.id for row in corpus.rows if row.readings}


def test_the_data_card_is_true(corpus: Corpus) -> None:
    data = AUTHORED.parent
    tables = card_tables(corpus.report, read_figures(data / "figures.json"), digest(corpus.rows))
    card = (data / "CARD.md").read_text(encoding="utf-8")
    assert fill_card(card, tables) == card
    assert str(len(corpus.report.writers)) == "16"
    assert "in sixteen batches" in card
