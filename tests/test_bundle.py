"""The bundle: checked byte by byte, no pickle, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from conftest import STATEMENT
from ombud import bundle as bundle_module
from ombud.bundle import FORMAT, read_bundle, verify_bundle, write_bundle
from ombud.calibration import Calibration
from ombud.errors import BundleError
from ombud.model import OmbudModel
from ombud.predictor import load
from ombud.readers import from_text
from ombud.taxonomy import OUTCOMES, REASONS

FILES = (
    "calibration.json",
    "card.md",
    "config.json",
    "manifest.json",
    "model.safetensors",
    "taxonomy.json",
    "tokenizer.json",
    "tokenizer_config.json",
)


@pytest.fixture
def folder(tiny_bundle: Path, tmp_path: Path) -> Path:
    """A copy of the tiny bundle that a test may damage."""
    return Path(shutil.copytree(tiny_bundle, tmp_path / "bundle"))


def manifest(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return content


def write_manifest(folder: Path, **values: Any) -> None:
    content = {**manifest(folder), **values}
    (folder / "manifest.json").write_text(json.dumps(content), encoding="utf-8")


def rehash(folder: Path) -> None:
    """List every file with its hash, as somebody would who means to deceive."""
    paths = [p for p in sorted(folder.iterdir()) if p.name != "manifest.json"]
    hashes = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in paths}
    write_manifest(folder, files=hashes)


def change_json(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")
    rehash(path.parent)


def refusal(folder: Path) -> str:
    with pytest.raises(BundleError) as caught:
        load(folder)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(f"{folder}: expected ")
    return message.removeprefix(f"{folder}: expected ")


def test_what_a_bundle_holds(tiny_bundle: Path) -> None:
    assert sorted(p.name for p in tiny_bundle.iterdir()) == sorted(FILES)
    content = manifest(tiny_bundle)
    assert content["format"] == FORMAT == 1
    assert content["files"] == {
        name: hashlib.sha256((tiny_bundle / name).read_bytes()).hexdigest()
        for name in FILES
        if name != "manifest.json"
    }
    taxonomy = json.loads((tiny_bundle / "taxonomy.json").read_text(encoding="utf-8"))
    assert [o["label"] for o in taxonomy["outcomes"]] == [o.label for o in OUTCOMES]
    assert [r["ground"] for r in taxonomy["reasons"]] == [r.ground for r in REASONS]


def test_a_loaded_bundle_is_named_by_its_manifest(tiny_bundle: Path) -> None:
    info = load(tiny_bundle).info
    sha256 = hashlib.sha256((tiny_bundle / "manifest.json").read_bytes()).hexdigest()
    assert (info.name, info.version, info.sha256) == ("tiny", "1", sha256)
    assert verify_bundle(tiny_bundle)[1] == sha256


def test_weights_come_back_as_they_were(tiny_bundle: Path, tiny_model: torch.nn.Module) -> None:
    loaded = read_bundle(tiny_bundle).model
    assert not loaded.training
    weights = loaded.state_dict()
    assert weights.keys() == tiny_model.state_dict().keys()
    for name, tensor in tiny_model.state_dict().items():
        assert torch.equal(weights[name], tensor)


@pytest.mark.parametrize("name", [n for n in FILES if n != "manifest.json"])
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_one_flipped_byte(folder: Path, name: str, place: str) -> None:
    path = folder / name
    data = bytearray(path.read_bytes())
    data[{"first": 0, "middle": len(data) // 2, "last": -1}[place]] ^= 1
    path.write_bytes(data)
    expected = manifest(folder)["files"][name]
    found = hashlib.sha256(data).hexdigest()
    assert refusal(folder) == (
        f"SHA-256 {expected} for {name}, found {found}; "
        "the file was changed, fetch the bundle again"
    )


@pytest.mark.parametrize("name", [n for n in FILES if n != "manifest.json"])
def test_a_missing_file(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert refusal(folder) == (f"the file(s) {name}, found them missing; fetch the bundle again")


@pytest.mark.parametrize("name", ["model.safetensors", "calibration.json", "card.md"])
def test_a_needed_file_that_the_manifest_does_not_list(folder: Path, name: str) -> None:
    files = manifest(folder)["files"]
    del files[name]
    write_manifest(folder, files=files)
    assert refusal(folder) == (f"the file(s) {name}, found them missing; fetch the bundle again")


@pytest.mark.parametrize("name", ["notes.txt", "model.pkl", "pytorch_model.bin", "modeling.py"])
def test_a_file_too_many(folder: Path, name: str) -> None:
    (folder / name).write_bytes(pickle.dumps({"a": 1}))
    assert refusal(folder) == (
        f"only the files of the manifest, found also {name}; remove what does not belong there"
    )


@pytest.mark.parametrize(
    "name", ["model.pkl", "pytorch_model.bin", "modeling.py", "a.pt", "noending"]
)
def test_a_pickle_or_code_is_refused_even_where_the_manifest_lists_it(
    folder: Path, name: str
) -> None:
    (folder / name).write_bytes(pickle.dumps({"a": 1}))
    rehash(folder)
    assert refusal(folder) == (
        f"only .json, .md, .safetensors, .txt files, found {name}; "
        "a bundle holds no pickle and no code, do not use this one"
    )


class Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize(
    "name", ["model.safetensors", "tokenizer.json", "calibration.json", "config.json"]
)
def test_a_pickle_under_another_name_is_never_opened(folder: Path, name: str) -> None:
    trace = folder.parent / "trace"
    (folder / name).write_bytes(pickle.dumps(Bomb(trace)))
    rehash(folder)
    message = refusal(folder)
    assert message.startswith("a loadable bundle, found: ")
    assert message.endswith("; make it again")
    assert not trace.exists()


def test_code_named_by_the_configuration_does_not_run(folder: Path) -> None:
    trace = folder.parent / "trace"
    module = folder.parent / "evil.py"
    module.write_text(f"import os; os.mkdir({str(trace)!r})\n", encoding="utf-8")
    auto_map = {"AutoModel": "evil.Model", "AutoTokenizer": ["evil.Tokenizer", None]}
    for name in ("config.json", "tokenizer_config.json"):
        change_json(folder / name, lambda content: content.update(auto_map=auto_map))
    try:
        load(folder)
    except BundleError as error:
        message = str(error)
        assert message.startswith(f"{folder}: expected a loadable bundle, found: ")
    assert not trace.exists()


@pytest.mark.parametrize("number", [0, 2, "1", None, True, 1.5, "x" * 500])
def test_another_format(folder: Path, number: object) -> None:
    write_manifest(folder, format=number)
    assert refusal(folder) == (
        f"bundle format 1, found {str(number)[:40]!r}; use the version of ombud that made it"
    )


def test_a_later_format_with_other_fields_is_told_by_its_number(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"format": 2, "all": "new"}', encoding="utf-8")
    assert refusal(folder) == ("bundle format 1, found '2'; use the version of ombud that made it")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, pickle.dumps({})])
def test_a_manifest_that_is_no_json(folder: Path, content: bytes) -> None:
    (folder / "manifest.json").write_bytes(content)
    message = refusal(folder)
    assert message.startswith("manifest.json to be JSON, found: ")
    assert message.endswith("; fetch the bundle again")


WANTED = (
    "manifest.json to hold format, name, version, run_id, commit, data_digest, split_digest, "
    "encoder, created, metrics, files, found something else at "
)


@pytest.mark.parametrize(
    ("values", "at"),
    [
        ({"luck": 7}, "luck"),
        ({"name": 3}, "name"),
        ({"files": ["a"]}, "files"),
        ({"files": {"card.md": 1}}, "files"),
        ({"metrics": None}, "metrics"),
    ],
)
def test_a_manifest_of_other_things(folder: Path, values: dict[str, Any], at: str) -> None:
    write_manifest(folder, **values)
    assert refusal(folder) == f"{WANTED}{at}; fetch the bundle again"


@pytest.mark.parametrize("name", ["../outside.json", "/etc/hostname", "..", ".", "a/b.json"])
def test_a_manifest_that_names_files_elsewhere(folder: Path, name: str) -> None:
    (folder.parent / "outside.json").write_text("{}", encoding="utf-8")
    write_manifest(folder, files={**manifest(folder)["files"], name: "0" * 64})
    assert refusal(folder) == (f"the file(s) {name}, found them missing; fetch the bundle again")


@pytest.mark.parametrize("name", FILES)
def test_a_link_in_place_of_a_file(folder: Path, name: str) -> None:
    elsewhere = folder.parent / name
    (folder / name).rename(elsewhere)
    (folder / name).symlink_to(elsewhere)
    assert refusal(folder) == (
        f"plain files only, found {name} to be a link or folder; "
        "copy the bundle with its files, not with links"
    )


def test_a_folder_in_a_bundle(folder: Path) -> None:
    (folder / "more.json").mkdir()
    assert refusal(folder) == (
        "plain files only, found more.json to be a link or folder; "
        "copy the bundle with its files, not with links"
    )


def test_a_link_to_a_whole_bundle_is_followed(folder: Path) -> None:
    link = folder.parent / "current"
    link.symlink_to(folder)
    assert load(link).info.name == "tiny"


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda path: None, "no such file or directory"),
        (lambda path: path.mkdir(), "no such file or directory"),
        (lambda path: path.write_text("a bundle?"), "not a directory"),
    ],
    ids=["nothing", "an empty folder", "a file"],
)
def test_no_bundle_there(tmp_path: Path, make: Callable[[Path], object], found: str) -> None:
    path = tmp_path / "none"
    make(path)
    assert refusal(path) == (
        f"a bundle with manifest.json, found: {found}; "
        "make one with 'make run' or name one with --bundle"
    )


def test_a_bundle_made_while_views_shared_weights_and_threshold(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    shared = weights.pop("selector.direct.0.weight")
    del weights["selector.direct.1.weight"]
    weights["selector.direct.weight"] = shared
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})

    def older(config: dict[str, Any]) -> None:
        del config["complaint_gate_threshold"]
        config["gate_threshold"] = 0.625

    change_json(folder / "config.json", older)
    bundle = read_bundle(folder)
    served = bundle.served
    assert served.config.complaint_gate_threshold == served.config.gate_threshold == 0.625
    assert bundle.model.config.complaint_gate_threshold == 0.625
    for selector in (served.heads.selector, bundle.model.selector):
        for own in selector.direct:
            assert torch.equal(own.weight, shared)


def test_weights_that_lack_a_tensor(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    del weights["predictor.hidden.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    rehash(folder)
    assert refusal(folder) == (
        "the weights of this model, found 1 missing or unknown, such as predictor.hidden.weight; "
        "use the version of ombud that made it"
    )


def test_weights_with_a_tensor_too_many(folder: Path) -> None:
    weights = {**load_file(folder / "model.safetensors"), "other.weight": torch.zeros(2)}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    rehash(folder)
    assert refusal(folder) == (
        "the weights of this model, found 1 missing or unknown, such as other.weight; "
        "use the version of ombud that made it"
    )


@pytest.mark.parametrize(
    ("name", "change", "found"),
    [
        ("calibration.json", lambda c: c["outcomes"].reverse(),
         "labels of config.json that are not those of calibration.json"),
        ("calibration.json", lambda c: c["views"].pop("complaint"),
         "no calibration of the view 'complaint'"),
        ("calibration.json", lambda c: c["views"]["complaint"].update(temperature=0),
         "expected a temperature above 0, found 0"),
        ("calibration.json", lambda c: c["views"]["complaint"]["reason_shift"].pop(),
         "expected one number a reason throughout, found lengths [30, 31]"),
        ("calibration.json", lambda c: c.pop("views"), "'views'"),
        ("calibration.json", lambda c: c.update(views=[]), "'list' object has no attribute 'items'"),
    ],
)  # fmt: skip
def test_parts_that_do_not_fit_each_other(
    folder: Path, name: str, change: Callable[[dict[str, Any]], None], found: str
) -> None:
    change_json(folder / name, change)
    assert refusal(folder) == f"a loadable bundle, found: {found}; make it again"


def test_labels_of_another_taxonomy(folder: Path) -> None:
    def rename(content: dict[str, Any]) -> None:
        content["reasons"][0] = "bad_luck"

    change_json(folder / "calibration.json", rename)
    change_json(folder / "config.json", rename)
    assert refusal(folder) == (
        "a loadable bundle, found: labels that are not in the taxonomy: bad_luck; make it again"
    )


def rewrite(path: Path, source: Path, **values: str) -> None:
    """Write the loaded bundle `source` to `path`."""
    loaded = read_bundle(source)
    fields = {**manifest(source), "version": "2", **values}
    for name in ("format", "files"):
        del fields[name]
    write_bundle(path, loaded.model, loaded.tokenizer, loaded.calibration, "# Card\n", **fields)


def test_a_bundle_in_place_of_another(folder: Path, tiny_bundle: Path) -> None:
    rewrite(folder, tiny_bundle)
    assert load(folder).info.version == "2"
    assert list(folder.parent.iterdir()) == [folder]
    assert folder.stat().st_mode & 0o777 == 0o755
    document = from_text(STATEMENT, "a")
    before, after = (
        load(path).predict([document], "statement", all_reasons=True)[0].to_json()
        for path in (tiny_bundle, folder)
    )
    before["model"] = after["model"]
    assert before == after


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
@pytest.mark.parametrize("when", ["weights", "calibration", "manifest", "hash"])
def test_an_interrupted_write_leaves_the_old_bundle(
    folder: Path,
    tiny_bundle: Path,
    monkeypatch: pytest.MonkeyPatch,
    when: str,
    error: type[BaseException],
) -> None:
    def fail(*arguments: object, **others: object) -> None:
        raise error("interrupted")

    owner, name = {
        "weights": (OmbudModel, "save_pretrained"),
        "calibration": (Calibration, "to_json"),
        "manifest": (bundle_module, "Manifest"),
        "hash": (bundle_module, "_sha256"),
    }[when]
    loaded = read_bundle(tiny_bundle)
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, fail)
        with pytest.raises(error):
            write_bundle(folder, loaded.model, loaded.tokenizer, loaded.calibration, "# Card\n")
    assert load(folder).info.version == "1"
    assert list(folder.parent.iterdir()) == [folder]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
@pytest.mark.parametrize("step", [1, 2])
def test_an_interrupt_while_folders_are_swapped_leaves_the_old_bundle(
    folder: Path,
    tiny_bundle: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: int,
    error: type[BaseException],
) -> None:
    steps = iter(range(1, 10))
    rename = os.rename

    def fail(source: Path, target: Path) -> None:
        if next(steps) == step:
            raise error("interrupted")
        rename(source, target)

    monkeypatch.setattr(os, "rename", fail)
    with pytest.raises(error):
        rewrite(folder, tiny_bundle)
    assert load(folder).info.version == "1"
    assert list(folder.parent.iterdir()) == [folder]
