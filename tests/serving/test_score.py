"""Scoring a table: what comes out is what `ombud predict` gives, whatever the table's form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from closeness import assert_close
from conftest import LETTER, STATEMENT
from ombud.errors import BundleError, InputError, UnknownColumnError, UsageError
from ombud.predictor import Predictor
from ombud.readers import Columns, from_text
from ombud_serving.batch.local import Options, score
from ombud_serving.batch.schema import ERRORS, PREDICTIONS, to_json
from score_tables import Telling, errors, parts, write

TEXTS = {
    "s1": STATEMENT,
    "l1": LETTER,
    "q1": 'She said: "no, never",\nand left.\r\nWe wrote twice; nobody came.\u2028The path is shut.',
    "u1": "Zoë’s café — 火事 😀 — was fined. The council said nothing at all about it.",
}
VALUES = [{"id": key, "text": text, "body": "Anyford Council"} for key, text in TEXTS.items()]


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".ndjson", ".parquet"])
@pytest.mark.parametrize("view", ["statement", "complaint"])
def test_columns_are_the_prediction(
    ending: str, view: Any, tiny_bundle: Path, tiny_predictor: Predictor, tmp_path: Path
) -> None:
    source = write(tmp_path / f"in{ending}", VALUES)
    out = tmp_path / "out"
    summary = score(source, out, options=Options(tiny_bundle, view, Columns(), part_rows=3))
    documents = [from_text(text, key) for key, text in TEXTS.items()]
    expected = [p.to_json() for p in tiny_predictor.predict(documents, view)]
    rows = parts(out)
    assert [row["row"] for row in rows] == [0, 1, 2, 3]
    for row, prediction in zip(rows, expected, strict=True):
        assert_close(to_json(row), prediction)
        for passage in row["rationale"]:
            assert TEXTS[row["id"]][passage["start"] : passage["end"]] == passage["text"]
    assert any(row["rationale"] for row in rows)
    assert errors(out) == []
    labels = [prediction["outcome"]["label"] for prediction in expected]
    reasons = [one["label"] for prediction in expected for one in prediction["reasons"]]
    assert summary.to_json() == {
        "job": summary.job,
        "files": 1,
        "rows": 4,
        "scored": 4,
        "rejected": 0,
        "unreadable": 0,
        "abstained": 0,
        "parts": 2,
        "shares": {label: labels.count(label) / 4 for label in summary.shares},
        "reasons": {label: reasons.count(label) / 4 for label in summary.reasons},
        "sentences": summary.sentences,
        "reused": summary.reused,
        "filed": 0,
        "scoring_seconds": summary.scoring_seconds,
        "seconds": summary.seconds,
        "state": "scored",
    }
    assert sum(summary.shares.values()) == pytest.approx(1)
    assert json.loads(json.dumps(summary.to_json())) == summary.to_json()


def test_parts_and_errors_have_the_stated_schema(tiny_bundle: Path, tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", [*VALUES, {"id": "e", "text": ""}])
    out = tmp_path / "out"
    score(source, out, options=Options(tiny_bundle, "statement", Columns(), part_rows=2))
    names = sorted(path.name for path in out.iterdir() if not path.name.startswith("."))
    assert names == [
        "errors.parquet",
        "job.json",
        "manifest.jsonl",
        "part-00000.parquet",
        "part-00001.parquet",
        "part-00002.parquet",
        "summary.json",
    ]
    assert not (out / ".errors").exists()
    for path in out.glob("part-*.parquet"):
        assert pq.read_schema(path).equals(PREDICTIONS, check_metadata=True)
    assert pq.read_schema(out / "errors.parquet").equals(ERRORS, check_metadata=True)
    for name in ("prediction_set", "reasons", "rationale", "warnings"):
        assert not PREDICTIONS.field(name).nullable


def test_manifest_counts_every_row_once(tiny_bundle: Path, tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", [*VALUES, {"id": "e", "text": ""}])
    out = tmp_path / "out"
    score(source, out, options=Options(tiny_bundle, "statement", Columns(), part_rows=2))
    lines = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
    assert [(line["first_row"], line["rows"]) for line in lines] == [(0, 2), (2, 2), (4, 1)]
    assert [(line["scored"], line["rejected"]) for line in lines] == [(2, 0), (2, 0), (0, 1)]
    assert [sum(line["outcomes"].values()) for line in lines] == [2, 2, 0]


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_an_empty_table_gives_empty_tables(ending: str, tiny_bundle: Path, tmp_path: Path) -> None:
    source = tmp_path / f"in{ending}"
    if ending == ".parquet":
        pq.write_table(pa.table({"text": pa.array([], pa.string())}), source)
    else:
        source.write_text("id,text\n" if ending == ".csv" else "")
    out = tmp_path / "out"
    summary = score(source, out, options=Options(tiny_bundle, "statement", Columns()))
    assert (summary.rows, summary.scored, summary.rejected, summary.parts) == (0, 0, 0, 1)
    assert set(summary.shares.values()) == {0.0}
    assert parts(out) == []
    assert errors(out) == []
    again = score(source, out, options=Options(tiny_bundle, "statement", Columns()))
    assert again.state == "already_scored"


def test_named_columns_are_read(tiny_bundle: Path, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", [{"ref": "7", "letter": LETTER, "text": "not this one"}])
    out = tmp_path / "out"
    columns = Columns(text="letter", id="ref")
    score(source, out, options=Options(tiny_bundle, "complaint", columns))
    [row] = parts(out)
    assert row["id"] == "7"
    assert all(passage["text"] in LETTER for passage in row["rationale"])


def test_progress_counts_up_to_all_rows(tiny_bundle: Path, tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", [{"text": f"Row {n} is here."} for n in range(80)])
    seen: list[int] = []
    score(
        source,
        tmp_path / "out",
        options=Options(tiny_bundle, "complaint", Columns(), part_rows=20),
        watch=Telling(seen.append),
    )
    assert seen == sorted(seen)
    assert seen[0] == 0
    assert seen[-1] == 80
    assert len(set(seen)) > 3


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            Columns(text="letter"),
            (
                "{source}: expected a column 'letter', found 'id', 'text', 'body'; "
                "name the right one with --text-column"
            ),
        ),
        (
            Columns(id="ref"),
            (
                "{source}: expected a column 'ref', found 'id', 'text', 'body'; "
                "name the right one with --id-column"
            ),
        ),
    ],
)
@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_an_unknown_column_is_refused(
    ending: str, columns: Columns, message: str, tiny_bundle: Path, tmp_path: Path
) -> None:
    source = write(tmp_path / f"in{ending}", VALUES)
    out = tmp_path / "out"
    with pytest.raises(UnknownColumnError) as caught:
        score(source, out, options=Options(tiny_bundle, "statement", columns))
    assert str(caught.value) == message.format(source=source)
    assert not out.exists()


def test_an_unknown_ending_is_refused(tiny_bundle: Path, tmp_path: Path) -> None:
    source = tmp_path / "in.xlsx"
    source.write_bytes(b"x")
    with pytest.raises(InputError) as caught:
        score(source, tmp_path / "o", options=Options(tiny_bundle, "statement", Columns()))
    assert str(caught.value) == (
        f"{source}: expected a file ending in .csv, .jsonl, .ndjson, .parquet "
        "(.gz behind those of text), found 'in.xlsx'"
    )
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_a_missing_input_is_refused(ending: str, tiny_bundle: Path, tmp_path: Path) -> None:
    source = tmp_path / f"in{ending}"
    with pytest.raises(InputError) as caught:
        score(source, tmp_path / "o", options=Options(tiny_bundle, "statement", Columns()))
    assert str(caught.value).startswith(f"{source}: expected a readable file, found: ")
    assert str(caught.value).count("\n") == 0
    assert not (tmp_path / "o").exists()


def test_wrong_options_are_refused(tiny_bundle: Path, tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", VALUES)
    wrong: Any = "both"
    with pytest.raises(UsageError) as caught:
        score(source, tmp_path / "o", options=Options(tiny_bundle, wrong, Columns()))
    assert str(caught.value) == (
        "expected a view out of statement, complaint, found 'both'; name one of these"
    )
    with pytest.raises(UsageError) as caught:
        score(
            source,
            tmp_path / "o",
            options=Options(tiny_bundle, "statement", Columns(), part_rows=0),
        )
    assert str(caught.value) == ("expected at least 1 row a part, found 0; give a larger number")


def test_a_missing_bundle_leaves_no_folder(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", VALUES)
    with pytest.raises(BundleError):
        score(
            source,
            tmp_path / "out",
            options=Options(tmp_path / "no-bundle", "statement", Columns()),
        )
    assert not (tmp_path / "out").exists()


@pytest.mark.real
def test_real_decisions_are_scored(real_folder: Path, tiny_bundle: Path, tmp_path: Path) -> None:
    records = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((real_folder / "lgsco").glob("*.json"))[:3]
    ]
    values = [{"id": record["case_id"], "text": record["text"]} for record in records]
    source = write(tmp_path / "in.parquet", values)
    out = tmp_path / "out"
    summary = score(source, out, options=Options(tiny_bundle, "statement", Columns()))
    assert (summary.scored, summary.rejected) == (3, 0)
    for row, value in zip(parts(out), values, strict=True):
        for passage in row["rationale"]:
            assert value["text"][passage["start"] : passage["end"]] == passage["text"]
