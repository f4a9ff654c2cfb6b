"""The scope: told by hand, and the warning alike on every surface."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from fastapi.testclient import TestClient

from command import Command
from conftest import LETTER, STATEMENT
from ombud.bundle import write_bundle
from ombud.calibration import Calibration
from ombud.errors import BundleError
from ombud.predictor import Predictor, load
from ombud.readers import from_text
from ombud.scope import OUT_OF_SCOPE, Scope, direction
from ombud.views import read
from ombud_serving.api import create_app
from ombud_serving.batch.schema import to_json
from score_tables import parts, write

LONG = read(from_text(LETTER, "a letter"), "complaint")
ALL = Scope((0.0,) * 32, bias=1.0)


def bundle_with(predictor: Predictor, scope: Scope, path: Path) -> Path:
    loaded = predictor.bundle
    manifest = {field: getattr(loaded.manifest, field) for field in loaded.manifest.__slots__}
    del manifest["format"], manifest["files"]
    calibration = replace(loaded.calibration, scope=scope)
    write_bundle(path, loaded.model, loaded.tokenizer, calibration, "# Card\n", **manifest)
    return path


def test_the_direction_of_a_text_is_that_of_its_mean() -> None:
    found = direction(torch.tensor([[3.0, 0.0], [3.0, 8.0]]))
    assert found.tolist() == pytest.approx([0.6, 0.8])


def test_the_rule_by_hand() -> None:
    scope = Scope((1.0, -1.0), bias=0.0, limit=0.5)
    away = torch.tensor([[5.0, 0.0], [5.0, 0.0]])
    assert scope.warnings(LONG, away) == (OUT_OF_SCOPE,)
    assert scope.warnings(LONG, away.flip(1)) == ()
    assert replace(scope, bias=-0.6).warnings(LONG, away) == ()


def test_a_text_too_short_to_tell_has_no_warning() -> None:
    vector = torch.tensor([[1.0]])
    scope = Scope((1.0,), bias=9.0)
    short = read(from_text("-- Loss of hot water --- !", "a part"), "complaint")
    assert scope.warnings(short, vector) == ()
    assert replace(scope, least_letters=14).warnings(short, vector) == (OUT_OF_SCOPE,)
    assert replace(scope, least_letters=15).warnings(short, vector) == ()


def test_numbers_that_are_none() -> None:
    for scope in ({"weights": (math.nan,), "bias": 0.0}, {"weights": (1.0,), "bias": math.inf}):
        with pytest.raises(ValueError) as caught:
            Scope(**scope)  # type: ignore[arg-type]
        assert str(caught.value) == (
            "expected finite numbers in the scope of a calibration, found others"
        )


def test_json_there_and_back(tiny_predictor: Predictor) -> None:
    calibration = replace(tiny_predictor.bundle.calibration, scope=ALL)
    assert Calibration.from_json(calibration.to_json()) == calibration
    old = json.loads(calibration.to_json())
    del old["scope"]
    assert Calibration.from_json(json.dumps(old)) == tiny_predictor.bundle.calibration


def test_a_scope_of_other_vectors_is_refused(tiny_predictor: Predictor, tmp_path: Path) -> None:
    path = bundle_with(tiny_predictor, Scope((0.0,) * 5, 0.0), tmp_path / "odd")
    with pytest.raises(BundleError) as caught:
        load(path)
    assert str(caught.value) == (
        f"{path}: expected a loadable bundle, found: 5 numbers of the scope in calibration.json "
        "for vectors of 32; make it again"
    )


def test_every_surface_warns_alike(
    tiny_predictor: Predictor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bundle = bundle_with(tiny_predictor, ALL, tmp_path / "bundle")
    warning = {"code": "out_of_scope", "message": OUT_OF_SCOPE.message}
    ombud = Command(monkeypatch, capsys)
    file = tmp_path / "fence.txt"
    file.write_text(STATEMENT, encoding="utf-8")
    said = ombud("predict", file, "--bundle", bundle, "--format", "json")
    assert json.loads(said.out)["warnings"] == [warning]
    shown = ombud("predict", file, "--bundle", bundle)
    assert f"warning out_of_scope: {OUT_OF_SCOPE.message}" in shown.out
    row = {"id": "fence", "text": STATEMENT}
    table = write(tmp_path / "in.parquet", [row])
    assert ombud("score", table, tmp_path / "out", "--bundle", bundle).code == 0
    assert [to_json(one)["warnings"] for one in parts(tmp_path / "out")] == [[warning]]
    with TestClient(create_app(load(bundle))) as client:
        answer = client.post("/v1/predict", json={**row, "view": "statement"}).json()
    assert answer["warnings"] == [warning]
    # It stands beside what the view has to say.
    decided = from_text(LETTER + " The Council was at fault.", "decided")
    (found,) = load(bundle).predict([decided], "complaint")
    assert [w.code for w in found.warnings] == ["decided_text_in_complaint_view", "out_of_scope"]
