"""Wordings: what a folder must hold, and that the committed ones are what they should be."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from ombud.corpus import Wording, read_wordings, wordings_digest
from ombud.errors import InputError
from ombud.taxonomy import REASONS

ROOT = Path(__file__).parents[2]
GOOD = {"labels": ["late"], "looks_like": "", "section": "assessment", "text": "It is late."}


def folder(tmp_path: Path, *lines: str) -> Path:
    (tmp_path / "late.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def test_wordings_are_read_in_order(tmp_path: Path) -> None:
    other = {**GOOD, "labels": [], "looks_like": "late", "text": "She fears that it is late."}
    found = read_wordings(folder(tmp_path, json.dumps(GOOD), "", json.dumps(other)))
    assert found == [
        Wording("It is late.", "assessment", ("late",)),
        Wording("She fears that it is late.", "assessment", (), "late"),
    ]
    assert wordings_digest(found) != wordings_digest(found[::-1])


def test_sentences_of_letters_are_read_from_folders_within(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    told = {**GOOD, "section": "body", "text": "I wrote in 2015."}
    (tmp_path / "letters" / "late.jsonl").write_text(json.dumps(told), encoding="utf-8")
    found = read_wordings(folder(tmp_path, json.dumps(GOOD)))
    assert [(wording.text, wording.view) for wording in found] == [
        ("It is late.", "statement"),
        ("I wrote in 2015.", "complaint"),
    ]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("[]", "something other than an object of labels, looks_like, section, text"),
        (json.dumps({**GOOD, "labels": ["later"]}), "the labels ['later']"),
        (json.dumps({**GOOD, "labels": "late"}), "the labels 'late'"),
        (json.dumps({**GOOD, "looks_like": "x"}), "the label 'x' as looks_like"),
        (json.dumps({**GOOD, "section": "end"}), "the section 'end'"),
        (json.dumps({**GOOD, "text": " "}), "no sentence as text"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, found: str) -> None:
    where = folder(tmp_path, json.dumps(GOOD), line)
    with pytest.raises(InputError) as error:
        read_wordings(where)
    assert str(error.value) == (
        f"{where / 'late.jsonl'}:2: expected a wording, found: {found}; mend the line"
    )


def test_a_folder_without_wordings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read_wordings(tmp_path)
    assert str(error.value) == (
        f"{tmp_path}: expected a folder of wordings (.jsonl), found none; check the path"
    )


def test_each_reason_has_many_wordings_and_no_sentence_stands_twice() -> None:
    wordings = read_wordings(ROOT / "data" / "wordings")
    said = [wording for wording in wordings if wording.view == "statement"]
    given = Counter(label for wording in said for label in wording.labels)
    assert min(given[reason.label] for reason in REASONS) >= 120
    told = Counter(label for w in wordings if w.view == "complaint" for label in w.labels)
    assert len(told) >= 21
    assert min(told.values()) >= 30
    likes = Counter(wording.looks_like for wording in wordings if not wording.labels)
    assert min(likes[reason.label] for reason in REASONS) >= 10
    texts = Counter(" ".join(wording.text.lower().split()) for wording in wordings)
    assert max(texts.values()) == 1
