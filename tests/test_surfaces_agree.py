"""One prediction everywhere: command line, HTTP and score columns, equal to 1e-5."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from closeness import assert_close
from command import Command
from conftest import LETTER, STATEMENT
from ombud.predictor import Predictor
from ombud_serving.api import create_app
from ombud_serving.batch.schema import to_json
from score_tables import parts, write

TEXTS = {
    "statement": STATEMENT,
    "letter": LETTER,
    "decided": LETTER + " The Council was at fault.",
    "unicode": "Zoë’s café 😀 was fined.\u2028Nobody said why… She wrote twice;\r\nno answer came.",
    "long": STATEMENT + "".join(f"Stone {n} of the wall fell.\n" for n in range(60)),
}


@pytest.mark.parametrize("view", ["statement", "complaint"])
def test_every_surface_gives_the_same_prediction(
    view: str,
    tiny_bundle: Path,
    tiny_predictor: Predictor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ombud = Command(monkeypatch, capsys)
    files = [tmp_path / f"{name}.txt" for name in TEXTS]
    for file, text in zip(files, TEXTS.values(), strict=True):
        file.write_bytes(text.encode())
    options = ("--bundle", tiny_bundle, "--view", view)
    ended = ombud("predict", *files, *options, "--format", "json")
    assert ended.code == 0, ended.err
    by_command = [json.loads(line) for line in ended.out.splitlines()]
    assert [one["id"] for one in by_command] == list(TEXTS)

    rows = [{"id": name, "text": text} for name, text in TEXTS.items()]
    table = write(tmp_path / "in.parquet", rows)
    scored = ombud("score", table, tmp_path / "out", *options, "--part-rows", "2")
    assert scored.code == 0, scored.err
    by_table = [to_json(row) for row in parts(tmp_path / "out")]

    with TestClient(create_app(tiny_predictor)) as client:
        by_http = [client.post("/v1/predict", json={**row, "view": view}).json() for row in rows]

    assert any(one["rationale"] for one in by_command)
    for command, column, answer in zip(by_command, by_table, by_http, strict=True):
        assert_close(column, command)
        assert_close(answer, command)
