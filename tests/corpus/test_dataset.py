"""The compiled dataset: the same rows out as in, in both forms."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cases import FRONT, case, row
from ombud.corpus import GoldCase, compile_cases, digest, read_dataset, write_dataset
from ombud.corpus.dataset import SCHEMA
from ombud.errors import InputError

READING = (
    '{"reader": "r1", "outcome": "upheld", "reasons": '
    '[{"label": "late", "main": true, "spans": [{"start": 0, "end": 3}]}]}'
)


def rows() -> list[GoldCase]:
    compiled = compile_cases([case(front=FRONT + "also_published_for: [B Council, C Council]\n")])
    return [
        *compiled,
        row(7, letter="one\u2028two \u0085 three 🙂"),
        row(8, reasons=(), readings=(READING,)),
    ]


def test_one_row_a_body_and_one_group_a_case() -> None:
    compiled = rows()[:3]
    assert [(r.id, r.group, r.body) for r in compiled] == [
        ("a1", "a1", "Pikemere Borough Council"),
        ("a1-2", "a1", "B Council"),
        ("a1-3", "a1", "C Council"),
    ]
    assert len({(r.text, r.letter, r.reasons) for r in compiled}) == 1
    spans = compiled[0].gold_spans("statement")
    assert [s.of(compiled[0].text) for s in spans["court_remedy"]] == [
        "a court would have heard him then."
    ]
    letter = compiled[0].gold_spans("complaint")
    assert [s.of(compiled[0].letter) for s in letter["late"]] == ["my door went in 2012"]


def test_each_view_reads_its_own_text() -> None:
    gold = rows()[0]
    assert gold.document("statement").text == gold.text
    assert gold.document("complaint").text == gold.letter
    assert gold.document("statement").facts.outcome == ""


@pytest.mark.parametrize("name", ["d.parquet", "d.jsonl"])
def test_what_is_written_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / "new folder" / name
    write_dataset(rows(), path)
    assert read_dataset(path) == rows()
    assert digest(read_dataset(path)) == digest(rows())
    assert [p.name for p in path.parent.iterdir()] == [name]


def test_the_columns_are_those_of_the_design(tmp_path: Path) -> None:
    write_dataset(rows(), tmp_path / "d.jsonl")
    first = json.loads((tmp_path / "d.jsonl").read_text(encoding="utf-8").split("\n")[0])
    assert list(first) == SCHEMA.names
    assert set(first["reasons"][0]) == {"label", "main", "spans", "letter_spans"}
    assert set(first["distractors"][0]) == {"looks_like", "in", "start", "end"}


def test_the_digest_changes_with_any_value() -> None:
    one = row(1)
    others = [
        dataclasses.replace(one, **{name: f"{getattr(one, name)}."})
        for name in ("id", "group", "body", "decision_date", "outcome", "text", "letter")
    ]
    assert len({digest([r]) for r in [one, *others]}) == 8


def test_an_unknown_ending(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        write_dataset(rows(), tmp_path / "d.csv")
    assert str(caught.value) == (
        f"{tmp_path / 'd.csv'}: expected a file ending in .parquet or .jsonl, found 'd.csv'"
    )
    assert list(tmp_path.iterdir()) == []


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_dataset(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", ["d.parquet", "d.jsonl"])
def test_a_missing_dataset(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert refusal(path).startswith(f"{path}: expected a dataset, found: ")
    assert refusal(path).endswith("; make it with 'ombud corpus build'")


def damaged(**values: object) -> str:
    plain = json.loads(json.dumps(dataclasses.asdict(row(1))))
    return json.dumps({**plain, **values})


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("{", "found: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("{}", "found no 'reasons'"),
        ("[]", "found: list indices must be integers or slices, not str"),
        (damaged(text=None), "found: a NoneType as 'text'"),
        (damaged(outcome=3), "found: a int as 'outcome'"),
        (
            damaged(reasons=[{"label": "late", "main": True, "letter_spans": [],
                              "spans": [{"start": 0, "end": 900}]}]),
            "found: a passage of 'late' beyond the end of 'r0001'",
        ),
        (
            damaged(reasons=[{"label": "late", "main": True, "letter_spans": [],
                              "spans": [{"start": 4, "end": 4}]}]),
            "found: expected 0 <= start < end, found start=4 end=4",
        ),
    ],
)  # fmt: skip
def test_damaged_lines(tmp_path: Path, line: str, found: str) -> None:
    path = tmp_path / "d.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    assert refusal(path) == (
        f"{path}: expected a dataset made by 'ombud corpus build', {found}; make it again"
    )


def marked(*spans: tuple[object, object], label: str = "late", where: str = "spans") -> object:
    plain = {"label": label, "main": True, "spans": [], "letter_spans": []}
    return [{**plain, where: [{"start": start, "end": end} for start, end in spans]}]


def distractor(**values: object) -> object:
    return [{"looks_like": "late", "in": "text", "start": 0, "end": 3, **values}]


WRONG = [
    ({"id": " "}, "a row without 'id'"),
    ({"outcome": "won"}, "an unknown outcome 'won' in 'r0001'"),
    ({"kind": "poem"}, "an unknown kind 'poem' in 'r0001'"),
    ({"decision_date": "2021-02-30"},
     "a decision date '2021-02-30' in 'r0001' where YYYY-MM-DD is wanted"),
    ({"decision_date": "20210501"},
     "a decision date '20210501' in 'r0001' where YYYY-MM-DD is wanted"),
    ({"reasons": marked((0, 3), label="lateness")}, "an unknown reason 'lateness' in 'r0001'"),
    ({"reasons": [*marked(), *marked()]}, "the reason 'late' twice in 'r0001'"),
    ({"reasons": marked((-1, 3))}, "expected 0 <= start < end, found start=-1 end=3"),
    ({"reasons": marked((0, 999), where="letter_spans")},
     "a passage of 'late' beyond the end of 'r0001'"),
    ({"distractors": distractor(looks_like="lateness")},
     "an unknown distractor 'lateness' in 'r0001'"),
    ({"distractors": distractor(**{"in": "margin"})}, "an unknown part 'margin' in 'r0001'"),
    ({"distractors": distractor(end=999)}, "a passage of 'late' beyond the end of 'r0001'"),
    ({"distractors": distractor(end=0)}, "expected 0 <= start < end, found start=0 end=0"),
    ({"letter": "cafe\u0301 closed", "reasons": marked((0, 4), where="letter_spans")},
     "a passage of 'late' whose end 4 divides a character in the letter of 'r0001'"),
    ({"text": "so 👩\u200d🔧 came", "reasons": marked((5, 9))},
     "a passage of 'late' whose start 5 divides a character in the text of 'r0001'"),
]  # fmt: skip


@pytest.mark.parametrize("name", ["d.parquet", "d.jsonl"])
@pytest.mark.parametrize(("values", "found"), WRONG)
def test_rows_that_are_wrong(
    tmp_path: Path, name: str, values: dict[str, object], found: str
) -> None:
    plain = json.loads(json.dumps(dataclasses.asdict(row(1))))
    path = tmp_path / name
    if name == "d.jsonl":
        path.write_text(json.dumps({**plain, **values}) + "\n", encoding="utf-8")
    else:
        pq.write_table(pa.Table.from_pylist([{**plain, **values}], schema=SCHEMA), path)
    assert refusal(path) == (
        f"{path}: expected a dataset made by 'ombud corpus build', found: {found}; make it again"
    )


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (damaged(reasons=marked((0.0, 3))), "a float as 'start' of a passage in 'r0001'"),
        (damaged(reasons=[{"label": "late", "main": "yes", "spans": [], "letter_spans": []}]),
         "a str as 'main' in 'r0001'"),
        (damaged(letter="a \ud800 b"), "a lone surrogate in the letter of 'r0001'"),
        (damaged(id=3), "a int as 'id'"),
    ],
)  # fmt: skip
def test_values_that_only_json_can_hold(tmp_path: Path, line: str, found: str) -> None:
    path = tmp_path / "d.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    assert refusal(path) == (
        f"{path}: expected a dataset made by 'ombud corpus build', found: {found}; make it again"
    )


@pytest.mark.parametrize("name", ["d.parquet", "d.jsonl"])
def test_an_id_that_comes_twice(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write_dataset([row(1), row(2), row(1)], path)
    assert refusal(path) == (
        f"{path}: expected a dataset made by 'ombud corpus build', found: the id 'r0001' twice; "
        "make it again"
    )


def test_a_dataset_in_two_encodings(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(damaged().encode() + b"\n" + damaged(letter="caf@").encode("utf-8") + b"\n")
    path.write_bytes(path.read_bytes().replace(b"caf@", b"caf\xe9"))
    assert refusal(path).startswith(
        f"{path}: expected a dataset made by 'ombud corpus build', found: 'utf-8' codec can't "
        "decode byte 0xe9 in position "
    )


def test_damaged_parquet(tmp_path: Path) -> None:
    path = tmp_path / "d.parquet"
    write_dataset(rows(), path)
    path.write_bytes(path.read_bytes()[:-20])
    assert refusal(path).startswith(f"{path}: expected a dataset made by 'ombud corpus build', ")
    pq.write_table(pa.table({"text": ["a"]}), path)
    assert refusal(path).startswith(f"{path}: expected a dataset made by 'ombud corpus build', ")
