"""An error rate of the caller's own: the same abstention by command, by column and by load."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from command import Command, one_sentence
from conftest import LETTER, STATEMENT
from ombud.abstention import risk_curve
from ombud.bundle import write_bundle
from ombud.errors import UsageError
from ombud.predictor import Predictor, load
from ombud.readers import from_text
from score_tables import parts, write


@pytest.fixture(scope="module")
def bundle(tiny_predictor: Predictor, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle whose calibration was right where it was sure and wrong where it was not."""
    loaded = tiny_predictor.bundle
    manifest = {field: getattr(loaded.manifest, field) for field in loaded.manifest.__slots__}
    del manifest["format"], manifest["files"]
    curve = risk_curve([0.99] * 60 + [0.2] * 40, [True] * 60 + [False] * 40)
    views = {v: replace(n, risk_curve=curve) for v, n in loaded.calibration.views.items()}
    path = tmp_path_factory.mktemp("rates") / "rated"
    calibration = replace(loaded.calibration, views=views)
    write_bundle(path, loaded.model, loaded.tokenizer, calibration, "# Card\n", **manifest)
    return path


def test_every_surface_abstains_alike(
    bundle: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ombud = Command(monkeypatch, capsys)
    file = tmp_path / "fence.txt"
    file.write_text(STATEMENT, encoding="utf-8")
    table = write(tmp_path / "in.parquet", [{"id": "fence", "text": STATEMENT}])
    for rate, abstained in ((None, False), (0.05, True), (0.9, False)):
        options = ("--bundle", bundle, *(("--error-rate", rate) if rate else ()))
        ended = ombud("predict", file, *options, "--format", "json")
        assert json.loads(ended.out)["outcome"]["abstained"] is abstained
        out = tmp_path / f"out-{rate}"
        assert ombud("score", table, out, *options).code == 0
        assert [row["abstained"] for row in parts(out)] == [abstained]
        predictor = load(bundle, error_rate=rate)
        found = predictor.predict([from_text(STATEMENT, "fence")], "statement")
        assert found[0].abstained is abstained


def test_another_rate_is_another_job(
    bundle: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ombud = Command(monkeypatch, capsys)
    table = write(tmp_path / "in.parquet", [{"id": "a", "text": LETTER}])
    given = ("score", table, tmp_path / "out", "--bundle", bundle)
    assert ombud(*given, "--error-rate", "0.05").code == 0
    assert "found already scored" in ombud(*given, "--error-rate", "0.05").out
    said = one_sentence(ombud(*given, "--error-rate", "0.1"), 2)
    assert said.endswith("error rate; name another folder")


def test_a_rate_that_is_none_is_refused_before_anything_is_read(bundle: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load(bundle, error_rate=7)
    assert str(caught.value) == (
        "expected an error rate between 0 and 1, found 7; give one such as 0.05"
    )


def test_an_old_bundle_keeps_no_rate(
    tiny_bundle: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "a.txt"
    file.write_text(LETTER, encoding="utf-8")
    ombud = Command(monkeypatch, capsys)
    ended = ombud("predict", file, "--bundle", tiny_bundle, "--error-rate", "0.05")
    assert one_sentence(ended, 1) == (
        "expected a bundle that holds the errors of its calibration for the error rate 0.05, "
        "found none in the view 'statement'; train it again"
    )
