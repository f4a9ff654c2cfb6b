"""`ombud corpus` as a command: build, report, split, and errors with file and line."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path

import pytest

from cases import FRONT, source
from command import Command, one_sentence
from gold import gold_cases
from ombud.corpus import digest, read_case, read_dataset, read_split, write_dataset


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    year = tmp_path / "authored" / "2021"
    year.mkdir(parents=True)
    for name in ("a1", "a2"):
        content = source(front=FRONT.replace("id: a1", f"id: {name}"))
        (year / f"{name}.md").write_text(content, encoding="utf-8")
    return year.parent


@pytest.mark.parametrize("ending", ["parquet", "jsonl"])
def test_build_compiles_a_folder(ending: str, ombud: Command, folder: Path) -> None:
    out = folder.parent / "derived" / f"cases.{ending}"
    ended = ombud("corpus", "build", folder, "--out", out)
    assert (ended.code, ended.err) == (0, "")
    rows = read_dataset(out)
    assert [row.id for row in rows] == ["a1", "a2"]
    assert ended.out == f"2 documents to {out}, digest {digest(rows)[:16]}\n"


def test_a_broken_case_is_named_with_file_and_line(ombud: Command, folder: Path) -> None:
    bad = folder / "2021" / "a2.md"
    content = bad.read_text(encoding="utf-8").replace("{{late: He has", "{{lat: He has")
    bad.write_text(content, encoding="utf-8")
    line = next(n for n, words in enumerate(content.split("\n"), 1) if "{{lat:" in words)
    out = folder.parent / "cases.parquet"
    assert one_sentence(ombud("corpus", "build", folder, "--out", out), 1) == (
        f"{bad}:{line}: expected labels of the taxonomy, found ['lat']"
    )
    assert not out.exists()


def test_a_folder_without_cases(ombud: Command, tmp_path: Path) -> None:
    out = tmp_path / "cases.parquet"
    for folder in (tmp_path, tmp_path / "none"):
        assert one_sentence(ombud("corpus", "build", folder, "--out", out), 1) == (
            f"expected case files named <year>/<id>.md in {folder}, found none"
        )


def test_an_unknown_ending(ombud: Command, folder: Path) -> None:
    out = folder.parent / "cases.csv"
    assert one_sentence(ombud("corpus", "build", folder, "--out", out), 1) == (
        f"{out}: expected a file ending in .parquet or .jsonl, found 'cases.csv'"
    )
    assert not out.exists()


@pytest.mark.parametrize("command", ["build", "split"])
def test_an_output_that_cannot_be_written(command: str, ombud: Command, folder: Path) -> None:
    file = folder.parent / "file"
    file.write_text("a file, no folder", encoding="utf-8")
    dataset = folder.parent / "cases.jsonl"
    write_dataset(gold_cases(10), dataset)
    out = file / "out.jsonl"
    given = folder if command == "build" else dataset
    assert one_sentence(ombud("corpus", command, given, "--out", out), 1) == (
        f"{out}: expected a file that can be written, found: file exists; check the path"
    )


def test_report_says_what_the_corpus_holds(ombud: Command, tmp_path: Path) -> None:
    dataset = tmp_path / "cases.jsonl"
    write_dataset(gold_cases(10), dataset)
    ended = ombud("corpus", "report", dataset, "--no-giveaway")
    assert (ended.code, ended.err) == (0, "")
    lines = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert lines[0] == "10 documents, 10 complaints (copies counted once)"
    assert "upheld 4 40.0%" in lines
    assert "closed_after_initial_enquiries 3 30.0%" in lines
    assert "by year of decision: 2015 10" in lines
    assert "│ fault_causing_injustice │ 4 │ 4 │ 4 │ 4 │ 0 │ 0 │ 4 of 4 │" in lines
    assert "documents with several reasons: 0.0%" in lines
    assert "documents with a distractor: 0.0%" in lines
    assert any(line.startswith("statement mean ") for line in lines)
    assert "│ complaints, each with its letter │ 600 or more │ 10 │ NOT MET │" in lines
    assert any("style counts of the letter" in line and "not measured" in line for line in lines)


def test_report_as_page_json_and_kept_figures(ombud: Command, tmp_path: Path) -> None:
    dataset = tmp_path / "cases.jsonl"
    write_dataset(gold_cases(36), dataset)
    page, plain, kept = (tmp_path / "new" / name for name in ("r.html", "r.json", "f.json"))
    ended = ombud("corpus", "report", dataset, "--html", page, "--json", plain, "--figures", kept,
                  "--shuffles", "20")  # fmt: skip
    assert ended.code == 0
    assert ended.err.splitlines() == [
        "give-away test 1 of 4: letter_style",
        "give-away test 2 of 4: letter_first_sentence",
        "give-away test 3 of 4: letter_words",
        "give-away test 4 of 4: statement_form",
    ]
    assert "style counts alone: " in ended.out
    content = json.loads(plain.read_text(encoding="utf-8"))
    assert list(content) == ["dataset", "report", "checks", "give_away"]
    assert content["dataset"] == digest(gold_cases(36))
    assert content["report"]["documents"] == 36
    figures = json.loads(kept.read_text(encoding="utf-8"))["give_away"]
    assert figures == {"dataset": content["dataset"], "figures": content["give_away"]}
    assert content["give_away"][0]["name"] == "letter_style"
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_too_few_cases_for_the_give_away_tests(ombud: Command, tmp_path: Path) -> None:
    dataset, page = tmp_path / "cases.jsonl", tmp_path / "r.html"
    write_dataset(gold_cases(10), dataset)
    assert one_sentence(ombud("corpus", "report", dataset, "--html", page), 1) == (
        "expected complaints of at least two outcomes, 10 or more of each, for the give-away "
        "tests, found 4 upheld, 3 not_upheld, 3 closed_after_initial_enquiries; add cases or use "
        "--no-giveaway"
    )
    assert not page.exists()


def test_a_page_that_cannot_be_written(ombud: Command, tmp_path: Path) -> None:
    dataset, file = tmp_path / "cases.jsonl", tmp_path / "file"
    write_dataset(gold_cases(10), dataset)
    file.write_text("a file, no folder", encoding="utf-8")
    out = file / "r.html"
    ended = ombud("corpus", "report", dataset, "--no-giveaway", "--html", out)
    assert one_sentence(ended, 1) == (
        f"{out}: expected a file that can be written, found: file exists; check the path"
    )


def second_readings(folder: Path) -> None:
    (folder / "readings").mkdir()
    for number, identifier in enumerate(("a1", "a2")):
        text = read_case(folder / "2021" / f"{identifier}.md").text
        reading = {
            "id": identifier,
            "reader": "r1",
            "outcome": "closed_after_initial_enquiries",
            "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
            "reasons": [
                {"label": ("late", "premature")[number], "main": True,
                 "spans": [{"start": 0, "end": 13}]}
            ],
        }  # fmt: skip
        path = folder / "readings" / f"{identifier}.json"
        path.write_text(json.dumps(reading), encoding="utf-8")


def test_agreement_of_the_second_readings(ombud: Command, folder: Path) -> None:
    second_readings(folder)
    dataset, kept = folder.parent / "cases.parquet", folder.parent / "f.json"
    ombud("corpus", "build", folder, "--out", dataset)
    ended = ombud("corpus", "agreement", dataset, "--cases", folder, "--figures", kept)
    assert (ended.code, ended.err) == (0, "")
    lines = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert lines[:2] == [
        "2 complaints read twice (second readers: r1 2)",
        "0 of them differed and were settled (none)",
    ]
    assert any(line.startswith("│ premature │ 0 │ 0 │ 1 │") for line in lines)
    assert "same set of reasons 0.000 [0.000, 0.000]" in lines
    figures = json.loads(kept.read_text(encoding="utf-8"))["agreement"]
    assert figures["dataset"] == digest(read_dataset(dataset))
    assert figures["figures"]["complaints"] == 2


def test_agreement_without_second_readings(ombud: Command, folder: Path) -> None:
    dataset = folder.parent / "cases.parquet"
    ombud("corpus", "build", folder, "--out", dataset)
    assert one_sentence(ombud("corpus", "agreement", dataset, "--cases", folder), 1) == (
        "expected second readings in the dataset, found none in 2 documents; add them to the "
        "folder 'readings' of the cases and run 'ombud corpus build'"
    )


def test_a_reading_of_another_text(ombud: Command, folder: Path) -> None:
    second_readings(folder)
    path = folder / "readings" / "a2.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    wanted, content["text_sha256"] = content["text_sha256"], "0" * 64
    path.write_text(json.dumps(content), encoding="utf-8")
    out = folder.parent / "cases.parquet"
    assert one_sentence(ombud("corpus", "build", folder, "--out", out), 1) == (
        f"{path}: expected a reading of the text {wanted[:16]}, found one of {'0' * 16}; "
        "read the case again"
    )
    assert not out.exists()


def test_split_writes_five_parts_by_date(ombud: Command, tmp_path: Path) -> None:
    dataset, out = tmp_path / "cases.jsonl", tmp_path / "derived" / "split.json"
    rows = gold_cases(20)
    write_dataset(rows, dataset)
    ended = ombud("corpus", "split", dataset, "--out", out)
    assert (ended.code, ended.err) == (0, "")
    split = read_split(out)
    *parts, near, last = ended.out.splitlines()
    assert [line.split()[0] for line in parts] == list(split.parts)
    assert [line.split()[1] for line in parts] == ["11", "3", "2", "2", "2"]
    assert [line.split()[-1] for line in parts] == list(split.starts.values())
    assert near == (
        "near-duplicates (Jaccard of 5-word sequences from 0.5): 0 pairs of one complaint, "
        "0 of different ones, each pair in one part"
    )
    assert last == f"digest {split.digest}"
    assert split.dataset == digest(rows)
    again = out.with_name("again.json")
    assert ombud("corpus", "split", dataset, "--out", again).out == ended.out
    assert again.read_bytes() == out.read_bytes()


def test_split_names_near_duplicates_of_different_complaints(
    ombud: Command, tmp_path: Path
) -> None:
    told = " ".join(f"hedge{n} grew and leaned" for n in range(30))
    rows = gold_cases(20)
    rows[2] = dataclasses.replace(rows[2], letter=told)
    rows[17] = dataclasses.replace(rows[17], letter=told + " over")
    rows[18] = dataclasses.replace(rows[18], letter=told, group=rows[2].group)
    write_dataset(rows, tmp_path / "cases.jsonl")
    ended = ombud("corpus", "split", tmp_path / "cases.jsonl", "--out", tmp_path / "split.json")
    head, *near = ended.out.splitlines()[5:-1]
    assert head.endswith("1 pairs of one complaint, 1 of different ones, each pair in one part")
    assert near == ["  r0002 and r0017: 0.99"]
    assert {"r0002", "r0017", "r0018"} <= set(read_split(tmp_path / "split.json").parts["train"])


def test_too_few_dates_to_split(ombud: Command, tmp_path: Path) -> None:
    dataset, out = tmp_path / "cases.jsonl", tmp_path / "split.json"
    write_dataset(gold_cases(4), dataset)
    assert one_sentence(ombud("corpus", "split", dataset, "--out", out), 1) == (
        "expected groups of cases first decided on at least 5 dates to split, found 4; add cases"
    )
    assert not out.exists()


@pytest.mark.parametrize("command", ["report", "split"])
def test_a_dataset_that_is_missing_or_damaged(command: str, ombud: Command, tmp_path: Path) -> None:
    dataset = tmp_path / "cases.jsonl"
    options = ("--out", tmp_path / "out.json") if command == "split" else ()
    assert one_sentence(ombud("corpus", command, dataset, *options), 1) == (
        f"{dataset}: expected a dataset, found: no such file or directory; "
        "make it with 'ombud corpus build'"
    )
    dataset.write_text(json.dumps({"id": "a1"}) + "\n", encoding="utf-8")
    assert one_sentence(ombud("corpus", command, dataset, *options), 1) == (
        f"{dataset}: expected a dataset made by 'ombud corpus build', found no 'reasons'; "
        "make it again"
    )
