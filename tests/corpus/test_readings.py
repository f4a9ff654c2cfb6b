"""Second readings and settlements: read exactly, refused by file and problem."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cases import case, row
from ombud.corpus import (
    compile_cases,
    read_dataset,
    read_readings,
    read_settlements,
    write_dataset,
)
from ombud.corpus.authored import Case
from ombud.corpus.readings import MarkedReason, SecondReading, Settled, Settlement, parse_reading
from ombud.errors import AuthoringError, InputError
from ombud.spans import Span

CASE = case()
LENGTH = len(CASE.text)
MARKED = {"label": "late", "main": True, "spans": [{"start": 14, "end": 22}]}
READING = {
    "id": "a1",
    "reader": "r1",
    "outcome": "closed_after_initial_enquiries",
    "text_sha256": hashlib.sha256(CASE.text.encode()).hexdigest(),
    "reasons": [MARKED],
}
SETTLED = {"label": "late", "choice": "second", "passage": None, "why": "It says so."}
SETTLEMENT = {"id": "a1", "settled": [SETTLED], "first": {"reasons": [MARKED]}}
OUTCOMES = "upheld, not_upheld, closed_after_initial_enquiries"


def write(folder: Path, content: object, name: str = "a1.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_a_reading_is_read_as_it_was_written(tmp_path: Path) -> None:
    write(tmp_path, READING)
    reading = SecondReading(
        "r1",
        "closed_after_initial_enquiries",
        (MarkedReason("late", True, (Span(14, 22),)),),
    )
    assert read_readings(tmp_path, [CASE]) == {"a1": (reading,)}
    assert parse_reading(reading.to_json(), len(CASE.text)) == reading


def test_a_settlement_is_read_as_it_was_written(tmp_path: Path) -> None:
    write(tmp_path, SETTLEMENT)
    assert read_settlements(tmp_path, [CASE]) == {
        "a1": Settlement(
            (Settled("late", "second", None, "It says so."),),
            (MarkedReason("late", True, (Span(14, 22),)),),
        )
    }


def test_without_a_folder_there_are_none(tmp_path: Path) -> None:
    assert read_readings(tmp_path / "none", [CASE]) == {}
    assert read_settlements(tmp_path / "none", [CASE]) == {}


@pytest.mark.parametrize("name", ["d.parquet", "d.jsonl"])
def test_readings_stand_in_every_copy_of_the_dataset(tmp_path: Path, name: str) -> None:
    write(tmp_path, READING)
    copied = dataclasses.replace(CASE, also_published_for=("Otherham Council",))
    rows = compile_cases([copied], read_readings(tmp_path, [CASE]))
    write_dataset(rows, tmp_path / name)
    read = read_dataset(tmp_path / name)
    assert [len(r.second_readings()) for r in read] == [1, 1]
    assert read[0].second_readings()[0].reasons[0].spans[0].of(read[0].text) == "Mr X has"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("{}", "a reading with none where the keys reader, outcome, reasons should be"),
        (
            json.dumps({"reader": "r1", "outcome": "upheld",
                        "reasons": [{**MARKED, "spans": [{"start": 3, "end": 99}]}]}),
            ("a reading with start=3 end=99 where a passage of late inside the text of 38 "
             "characters should be"),
        ),
    ],
)  # fmt: skip
def test_a_dataset_with_a_damaged_reading(tmp_path: Path, line: str, found: str) -> None:
    path = tmp_path / "d.jsonl"
    write_dataset([row(1, readings=(line,))], path)
    with pytest.raises(InputError) as caught:
        read_dataset(path)
    assert str(caught.value) == (
        f"{path}: expected a dataset made by 'ombud corpus build', found: {found}; make it again"
    )


def changed(key: str, value: object) -> dict[str, object]:
    return {**READING, key: value}


def reason(**values: object) -> dict[str, object]:
    return changed("reasons", [{**MARKED, **values}])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("[1", "JSON in UTF-8, found: Expecting ',' delimiter: line 1 column 3 (char 2); mend the file"),
        ("[]", "an object, found []"),
        ({}, "the id to be the file's name, found None"),
        (changed("id", "a2"), "the id to be the file's name, found 'a2'"),
        ({**READING, "mood": "good"}, ("the keys id, reader, outcome, text_sha256, reasons, found "
         "id, reader, outcome, text_sha256, reasons, mood")),
        (changed("text_sha256", "0" * 64), (f"a reading of the text {READING['text_sha256'][:16]}, "
         f"found one of {'0' * 16}; read the case again")),
        (changed("reader", ""), "the reader's name, found ''"),
        (changed("outcome", "lost"), f"an outcome out of {OUTCOMES}, found 'lost'"),
        (changed("reasons", []), "a list of reasons, found []"),
        (changed("reasons", {"late": 1}), "a list of reasons, found {'late': 1}"),
        (changed("reasons", ["late"]), "the keys label, main, spans, found 'late'"),
        (changed("reasons", [MARKED, MARKED]), "different reasons, found late, late"),
        (reason(label="tardy"), "a reason of the taxonomy, found 'tardy'"),
        (reason(label=["late"]), "a reason of the taxonomy, found ['late']"),
        (reason(main="yes"), "main of late to be true or false, found 'yes'"),
        (reason(main=False), "one main reason, found none"),
        (reason(spans={}), "a list of passages of late, found {}"),
        (reason(spans=[[1, 2]]), "the keys start, end, found [1, 2]"),
        (reason(spans=[{"start": 5, "end": 5}]),
         f"a passage of late inside the text of {LENGTH} characters, found start=5 end=5"),
        (reason(spans=[{"start": -1, "end": 5}]),
         f"a passage of late inside the text of {LENGTH} characters, found start=-1 end=5"),
        (reason(spans=[{"start": 5, "end": LENGTH + 1}]),
         f"a passage of late inside the text of {LENGTH} characters, found start=5 end={LENGTH + 1}"),
        (reason(spans=[{"start": 1.0, "end": 5}]),
         f"a passage of late inside the text of {LENGTH} characters, found start=1.0 end=5"),
        (reason(spans=[{"start": True, "end": 5}]),
         f"a passage of late inside the text of {LENGTH} characters, found start=True end=5"),
    ],
)  # fmt: skip
def test_a_reading_that_is_refused(tmp_path: Path, content: object, problem: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(AuthoringError) as caught:
        read_readings(tmp_path, [CASE])
    assert str(caught.value) == f"{path}: expected {problem}"


def settled(**values: object) -> dict[str, object]:
    return {**SETTLEMENT, "settled": [{**SETTLED, **values}]}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ({**SETTLEMENT, "settled": []}, "a list of what was settled, found []"),
        ({**SETTLEMENT, "first": []}, "the keys reasons, found []"),
        ({**SETTLEMENT, "first": {"reasons": [{**MARKED, "label": "tardy"}]}},
         "a reason of the taxonomy, found 'tardy'"),
        (settled(label="tardy"), "a reason of the taxonomy, found 'tardy'"),
        (settled(choice="third"), "a choice out of first, second, both, neither, found 'third'"),
        (settled(why=" "), "words that say why, found ' '"),
        (settled(passage=7), "words of a passage, found 7"),
        (settled(more=1), "the keys label, choice, passage, why, found label, choice, passage, why, more"),
    ],
)  # fmt: skip
def test_a_settlement_that_is_refused(tmp_path: Path, content: object, problem: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(AuthoringError) as caught:
        read_settlements(tmp_path, [CASE])
    assert str(caught.value) == f"{path}: expected {problem}"


@pytest.mark.parametrize("read", [read_readings, read_settlements])
def test_a_file_of_no_case(
    tmp_path: Path, read: Callable[[Path, list[Case]], dict[str, Any]]
) -> None:
    path = write(tmp_path, {**READING, "id": "a9"}, "a9.json")
    with pytest.raises(AuthoringError) as caught:
        read(tmp_path, [CASE])
    assert str(caught.value) == (
        f"{path}: expected the id of a case, found 'a9'; add the case or remove the file"
    )


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a1.json"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(AuthoringError) as caught:
        read_readings(tmp_path, [CASE])
    assert str(caught.value) == (
        f"{path}: expected JSON in UTF-8, found: 'utf-8' codec can't decode byte 0xff in position "
        "0: invalid start byte; mend the file"
    )
