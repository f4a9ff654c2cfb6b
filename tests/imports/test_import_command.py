"""`ombud corpus import` as a command, and the folder it writes as `datasets` reads it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from command import Command, one_sentence
from ombud.imports import COLUMNS, SCHEMA, columns_markdown, import_sources, read_imported
from score_tables import write
from sources import LGSCO, PHSO, database, records


def test_what_is_printed(ombud: Command, tmp_path: Path) -> None:
    folder, out = tmp_path / "sources", tmp_path / "out"
    records(folder / "a.json", LGSCO, {**LGSCO, "date": "2021-02-30", "case_id": "21 009 002"})
    records(folder / "p.json", PHSO)
    (folder / "LICENCE").write_text("Free.", encoding="utf-8")
    ended = ombud("corpus", "import", folder, database(tmp_path / "f.db"), "--out", out)
    assert (ended.code, ended.err) == (0, "")
    digest = json.loads((out / "import.json").read_text(encoding="utf-8"))["digest"]
    assert ended.out.splitlines() == [
        f"8 rows of 3 file(s) read: 7 written to {out}, 1 rejected",
        "  lgsco: upheld 1",
        "  phso: closed_after_initial_enquiries 1, not_upheld 1, upheld 1",
        "  housing: closed_after_initial_enquiries 1, not_upheld 1, upheld 1",
        f"rejected ({out}/rejects.jsonl names each row):",
        "  1 decision_date: expected a date that exists, such as 2023-10-03 or 03 Oct 2023",
        "passed over, of no known ending: LICENCE",
        f"digest {digest[:16]}",
    ]


def test_columns_of_a_table_by_option(ombud: Command, tmp_path: Path) -> None:
    names = {
        "--text-column": "words", "--id-column": "ref", "--group-column": "k",
        "--reference-column": "r", "--body-column": "b", "--category-column": "c",
        "--subcategory-column": "s", "--date-column": "d", "--outcome-column": "o",
        "--url-column": "u",
    }  # fmt: skip
    values = ("My bins.", "n1", "k1", "r1", "Pikemere", "Waste", "Bins", "2021-05-04",
              "Service Failure", "https://example.org")  # fmt: skip
    table = write(tmp_path / "t.csv", [dict(zip(names.values(), values, strict=True))])
    options = [word for pair in names.items() for word in pair]
    ended = ombud(
        "corpus", "import", table, "--out", tmp_path / "out", "--format", "table",
        "--kind", "letter", "--scheme", "housing", *options,
    )  # fmt: skip
    assert ended.code == 0, ended
    (row,) = read_imported(tmp_path / "out").to_pylist()
    wanted = {
        "text": "My bins.", "id": "n1", "group": "k1", "reference": "r1", "body": "Pikemere",
        "category": "Waste", "subcategory": "Bins", "decision_date": "2021-05-04",
        "outcome": "upheld", "scheme_outcome": "Service Failure", "url": "https://example.org",
        "kind": "letter", "source": "letter", "part": None, "parts": None, "extra": "",
        "origin": "t.csv, row 0",
    }  # fmt: skip
    assert row == wanted


def test_the_columns_are_printed_and_stand_in_the_readme(ombud: Command, tmp_path: Path) -> None:
    ended = ombud("corpus", "import", "--schema")
    assert (ended.code, ended.out) == (0, columns_markdown())
    assert [c.name for c in COLUMNS] == SCHEMA.names
    for column in COLUMNS:
        assert f"| `{column.name}` | {column.type} | {column.meaning} |" in ended.out
    import_sources([records(tmp_path / "a.json", LGSCO)], tmp_path / "out")
    readme = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert columns_markdown() in readme
    assert "Local Government and Social Care Ombudsman: free re-use" in readme
    header = yaml.safe_load(readme.split("---")[1])
    assert header["configs"][0]["data_files"] == [{"split": "train", "path": "data/*.parquet"}]


def test_wrong_use(ombud: Command, tmp_path: Path) -> None:
    source = records(tmp_path / "a.json", LGSCO)
    wanted = "expected sources to import and a folder with --out, found"
    end = "; name both or use --schema"
    assert one_sentence(ombud("corpus", "import"), 2) == f"{wanted} no source{end}"
    assert one_sentence(ombud("corpus", "import", source), 2) == f"{wanted} no --out{end}"
    assert one_sentence(ombud("corpus", "import", source, "--schema"), 2) == (
        "expected --schema alone, found 1 source(s) too; print the columns or import the sources"
    )
    missing = tmp_path / "none"
    assert one_sentence(ombud("corpus", "import", missing, "--out", tmp_path / "out"), 1) == (
        f"{missing}: expected a readable file or folder, found: no such file or directory; "
        "check the path"
    )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.json"]


LOAD = """
import json, sys, warnings
warnings.simplefilter("error")
import datasets
found = datasets.load_dataset(sys.argv[1], cache_dir=sys.argv[2])
print(json.dumps({name: part.to_list() for name, part in found.items()}))
"""


def test_the_datasets_library_reads_the_folder(tmp_path: Path) -> None:
    pytest.importorskip("datasets", reason="the extra 'training' is not installed")
    out = tmp_path / "out"
    bad = write(tmp_path / "bad.csv", [{"text": "..."}])
    import_sources([records(tmp_path / "a.json", LGSCO, PHSO), bad], out)
    ended = subprocess.run(
        [sys.executable, "-c", LOAD, str(out), str(tmp_path / "cache")],
        env={"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "home"), "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout) == {"train": read_imported(out).to_pylist()}
