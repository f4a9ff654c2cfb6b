"""Bad rows: each is in errors.parquet with its reason, and every good row is scored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import LETTER, STATEMENT
from ombud.predictor import Predictor
from ombud.readers import Columns
from ombud.views import View
from ombud_serving.batch import local
from ombud_serving.batch.local import Options, Summary, score
from score_tables import errors, parts, write


def run(source: Path, bundle: Path, view: View = "statement", part_rows: int = 3) -> Summary:
    """Score `source` into the folder `out` beside it."""
    out = source.parent / "out"
    summary = score(source, out, options=Options(bundle, view, Columns(), part_rows=part_rows))
    assert summary.rows == summary.scored + summary.rejected
    assert summary.scored == len(parts(out))
    assert summary.rejected == len(errors(out))
    both = [row["row"] for row in parts(out) + errors(out)]
    assert sorted(both) == list(range(summary.rows))
    return summary


def test_bad_rows_of_jsonl(tiny_bundle: Path, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    good = json.dumps({"id": "a", "text": LETTER}).encode()
    lines = [
        good,
        b'{"id": "b", "text": null}',
        b'{"id": "c", "text": ""}',
        b'{"id": "d", "text": " ... "}',
        b'{"id": "e", "text": 7}',
        b'{"id": "f"}',
        b'{"id": "g", "text": "cut off',
        b"[1, 2]",
        b'{"id": "h", "text": "caf\xe9"}',
        b'{"id": "i", "text": "lone \\ud800 here"}',
        b'{"id": "\\udc41", "text": "Fine words."}',
        b'{"id": ["k"], "text": "Fine words."}',
        good,
        b'{"id": "l", "text": "a\\u0000b"}',
        b"",
        b'{"id": " a ", "text": "The same id, with spaces."}',
        json.dumps({"id": "m", "text": "word " * 2_000_001}).encode(),
        b'{"text": "No id, so its number."}',
        b'{"id": 19, "text": "A number is an id."}',
        b'{"id": 1' + b"0" * 5000 + b', "text": "A number too long."}',
    ]
    source.write_bytes(b"\n".join(lines))
    summary = run(source, tiny_bundle)
    out = tmp_path / "out"
    assert [(row["row"], row["id"]) for row in parts(out)] == [(0, "a"), (16, "16"), (17, "19")]
    found = {row["row"]: (row["id"], row["reason"]) for row in errors(out)}
    assert list(found) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 18]
    assert summary.rejected == 16
    assert found[1] == ("b", "row 1: expected text in 'text', found nothing")
    assert found[2] == (
        "c",
        "c: expected a text with words, found none; check that the file is the one",
    )
    assert found[3][1].startswith("d: expected a text with words, found none")
    assert found[4] == ("e", "row 4: expected text in 'text', found a int")
    assert found[5] == ("f", "row 5: expected text in 'text', found nothing")
    assert found[6] == (
        None,
        (
            "row 6: expected a JSON object on the line, found: Unterminated string starting at: "
            "line 1 column 21 (char 20)"
        ),
    )
    assert found[7] == (None, "row 7: expected a JSON object on the line, found: a list")
    assert found[8] == (
        None,
        (
            "row 8: expected a JSON object on the line, found: 'utf-8' codec can't decode byte 0xe9 "
            "in position 24: invalid continuation byte"
        ),
    )
    assert found[9][0] == "i"
    assert "found a lone surrogate at character 5" in found[9][1]
    assert found[10] == (
        "\\udc41",
        "row 10: expected a Unicode id in 'id', found a lone surrogate",
    )
    assert found[11] == (None, "row 11: expected a Unicode id in 'id', found a list")
    assert found[12] == (
        "a",
        "row 12: expected each id once, found 'a' on an earlier row; give each row its own id",
    )
    assert "binary data" in found[13][1]
    assert found[14][0] == "a"
    assert "found 'a' on an earlier row" in found[14][1]
    assert found[15] == (
        "m",
        (
            "m: expected at most 2,000,000 characters, found 10,000,005; "
            "split the text into its documents"
        ),
    )
    assert "integer string conversion" in found[18][1]


def test_bad_rows_of_csv(tiny_bundle: Path, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(
        b"\xef\xbb\xbfid,text\r\n"
        b'a,"Two lines,\r\nand ""quotes"", all of them his."\r\n'
        b"\r\n"
        b"b,caf\xe9 in the wrong coding\r\n"
        b"c\r\n"
        b"d,one,two\r\n"
        b'e,"a "stray quote" inside"\r\n'
        b"caf\xe9,Fine words.\r\n"
        b"f,\r\n"
        b"g,Plain words after all of that.\r\n"
        b'h,"never closed\r\ni,swallowed'
    )
    run(source, tiny_bundle)
    out = tmp_path / "out"
    rows = parts(out)
    assert [(row["row"], row["id"]) for row in rows] == [(0, "a"), (7, "g")]
    text = 'Two lines,\r\nand "quotes", all of them his.'
    assert rows[0]["rationale"]
    for passage in rows[0]["rationale"]:
        assert text[passage["start"] : passage["end"]] == passage["text"]
    found = [(row["id"], row["reason"]) for row in errors(out)]
    assert found == [
        (
            "b",
            (
                "b: expected Unicode text, found a lone surrogate at character 3; "
                "decode the source again with its right encoding"
            ),
        ),
        ("c", "row 2: expected 2 fields, found 1 (line 6)"),
        ("d", "row 3: expected 2 fields, found 3 (line 7)"),
        (None, "row 4: expected a CSV row, found: ',' expected after '\"' (line 8)"),
        ("caf\\udce9", "row 5: expected a Unicode id in 'id', found a lone surrogate"),
        ("f", "f: expected a text with words, found none; check that the file is the one"),
        (None, "row 8: expected a CSV row, found: unexpected end of data (lines 12 to 13)"),
    ]


def test_bad_rows_of_parquet(tiny_bundle: Path, tmp_path: Path) -> None:
    source = tmp_path / "in.parquet"
    texts = [LETTER.encode(), None, b"", b"caf\xe9 in the wrong coding", b"Good words again."]
    # Arrow takes the bytes as they are: a careless writer can put anything into a text column.
    column = pa.array(texts, pa.binary()).view(pa.string())
    pq.write_table(pa.table({"id": ["a", "b", "c", "d", None], "text": column}), source)
    run(source, tiny_bundle)
    out = tmp_path / "out"
    assert [row["id"] for row in parts(out)] == ["a", "4"]
    assert [(row["id"], row["reason"].split(";")[0]) for row in errors(out)] == [
        ("b", "row 1: expected text in 'text', found nothing"),
        ("c", "c: expected a text with words, found none"),
        ("d", "d: expected Unicode text, found a lone surrogate at character 3"),
    ]


def test_a_column_of_bytes_is_all_bad_rows(tiny_bundle: Path, tmp_path: Path) -> None:
    source = tmp_path / "in.parquet"
    pq.write_table(pa.table({"text": pa.array([b"a", b"b"], pa.binary())}), source)
    summary = run(source, tiny_bundle)
    assert (summary.scored, summary.rejected) == (0, 2)
    assert errors(tmp_path / "out")[0]["reason"] == (
        "row 0: expected text in 'text', found bytes; decode the column"
    )


def test_a_view_with_nothing_to_read_rejects_the_row(tiny_bundle: Path, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    decision = "The Ombudsman's final decision\nSummary: We will not investigate this complaint.\n"
    rows = [{"id": "a", "text": decision}, {"id": "b", "text": LETTER}]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    run(source, tiny_bundle, "complaint")
    assert [row["id"] for row in parts(tmp_path / "out")] == ["b"]
    [error] = errors(tmp_path / "out")
    assert (error["row"], error["id"]) == (0, "a")
    assert error["reason"] == (
        "a: expected a letter or a section 'The complaint' for the view 'complaint', found none"
    )


def test_an_id_is_taken_by_the_first_row_scored(tiny_bundle: Path, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    texts = ["", "First good words.", "Second good words.", "Third good words."]
    source.write_text("".join(json.dumps({"id": "x", "text": t}) + "\n" for t in texts))
    run(source, tiny_bundle, part_rows=2)
    assert [row["row"] for row in parts(tmp_path / "out")] == [1]
    assert [row["row"] for row in errors(tmp_path / "out")] == [0, 2, 3]


def test_long_and_short_texts_in_one_part(tiny_bundle: Path, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    long = "The council said so again and again and again. " * 6000
    texts = [LETTER] * 20 + [long] + [LETTER] * 20
    source.write_text("".join(json.dumps({"text": t}) + "\n" for t in texts))
    summary = run(source, tiny_bundle, part_rows=100)
    assert summary.scored == 41
    rows = parts(tmp_path / "out")
    assert [row["row"] for row in rows] == list(range(41))
    assert rows[0]["probability"] == pytest.approx(rows[40]["probability"], abs=1e-5)


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_10_megabytes_of_text_cost_their_own_row_alone(
    ending: str, tiny_bundle: Path, tmp_path: Path
) -> None:
    long = "word " * 2_000_001
    rows = [{"id": "a", "text": LETTER}, {"id": "b", "text": long}, {"id": "c", "text": LETTER}]
    run(write(tmp_path / f"in{ending}", rows), tiny_bundle)
    assert [row["id"] for row in parts(tmp_path / "out")] == ["a", "c"]
    [error] = errors(tmp_path / "out")
    assert (error["row"], error["id"]) == (1, "b")
    assert "found 10,000,005; split the text" in error["reason"]


_IDS: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.integers(0, 6), st.sampled_from(["a", "b", "", " "]), st.text(max_size=3)
)
_TEXTS: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([STATEMENT, LETTER, "", "  ", "\x00", "\ud800 words", "Plain words."]),
    st.none(),
    st.integers(),
    st.lists(st.text(max_size=2), max_size=2),
    st.text(max_size=30),
    st.text(st.characters(codec=None), max_size=10),
)
_LINES = st.one_of(
    st.fixed_dictionaries({"text": _TEXTS}, optional={"id": _IDS}).map(json.dumps),
    st.sampled_from(["{", "null", "3", '"words"', '{"id": 1}', "", " ", '{"text": "cut']),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lines=st.lists(_LINES, max_size=25),
    part_rows=st.integers(1, 10),
    view=st.sampled_from(["statement", "complaint"]),
)
def test_rows_are_scored_or_rejected(
    lines: list[str],
    part_rows: int,
    view: View,
    tiny_bundle: Path,
    tiny_predictor: Predictor,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(local, "load", lambda *_, **__: tiny_predictor)
    folder = tmp_path_factory.mktemp("mixture")
    source = folder / "in.jsonl"
    # A first row with the column, so that the table as a whole is never refused.
    lines = [json.dumps({"id": "first", "text": ""}), *lines]
    source.write_text("\n".join(lines))
    summary = run(source, tiny_bundle, view, part_rows)
    assert summary.rows == sum(bool(line.strip()) for line in lines)
    ids = [row["id"] for row in parts(folder / "out")]
    assert len(ids) == len(set(ids))
