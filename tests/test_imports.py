"""Importing has no effects, and the public names are there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import ombud

PACKAGES = ("ombud", "ombud_training", "ombud_serving")

IMPORT_ALL = """
import importlib, json, logging, os, pkgutil, random, signal, sys, threading, warnings
def state():
    root = logging.getLogger()
    ours = [logging.getLogger(n) for n in list(logging.Logger.manager.loggerDict)
            if n.split(".")[0].startswith("ombud")]
    return {
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "files": sorted(os.listdir(".")),
        "root handlers": len(root.handlers),
        "root level": root.level,
        "own handlers": sum(len(logger.handlers) for logger in ours),
        "threads": threading.active_count(),
        "random": hash(random.getstate()),
        "interrupt": str(signal.getsignal(signal.SIGINT)),
        "stdout": str(sys.stdout.name),
    }
def libraries():
    # What other libraries do at import is theirs: they come first, ours are weighed after.
    for name in sys.argv[2:]:
        importlib.import_module(name)
libraries()
before = state()
count = 0
for name in sys.argv[1].split(","):
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, name + "."):
        importlib.import_module(module.name)
        count += 1
after = state()
changed = {k: [str(before[k])[-300:], str(after[k])[-300:]] for k in before if before[k] != after[k]}
json.dump({"changed": changed, "modules": count}, sys.stdout)
"""


def python(folder: Path, code: str, *arguments: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    return result.stdout


@pytest.mark.parametrize(
    ("package", "libraries", "least"),
    [
        ("ombud", ["spacy", "torch", "transformers", "sklearn", "pyarrow.parquet"], 30),
        (
            "ombud_training",
            ["spacy", "torch", "transformers", "sklearn", "mlflow", "accelerate"],
            5,
        ),
        ("ombud_serving", ["spacy", "torch", "transformers", "sklearn", "fastapi", "uvicorn"], 3),
    ],
)
def test_importing_every_module_has_no_effect(
    tmp_path: Path, package: str, libraries: list[str], least: int
) -> None:
    found = json.loads(python(tmp_path, IMPORT_ALL, package, *libraries))
    assert found["changed"] == {}
    assert found["modules"] >= least
    assert list(tmp_path.iterdir()) == []


def test_the_library_is_quick_to_import_and_imports_no_framework(tmp_path: Path) -> None:
    code = "import json, sys, ombud; dir(ombud); json.dump(sorted(sys.modules), sys.stdout)"
    loaded = {name.split(".")[0] for name in json.loads(python(tmp_path, code))}
    heavy = {"torch", "mlflow", "transformers", "spacy", "sklearn", "numpy", "pyarrow", "fastapi"}
    assert loaded & heavy == set()


def test_readers_need_no_torch(tmp_path: Path) -> None:
    code = (
        "import json, sys; from ombud import from_text; json.dump(sorted(sys.modules), sys.stdout)"
    )
    loaded = {name.split(".")[0] for name in json.loads(python(tmp_path, code))}
    assert not loaded & {"mlflow", "transformers", "fastapi"}


def test_the_public_names_are_sorted_and_each_is_there() -> None:
    def order(name: str) -> tuple[bool, bool, str]:
        return (not name.isupper(), not name[0].isupper(), name)

    assert ombud.__all__ == sorted(ombud.__all__, key=order)
    assert len(set(ombud.__all__)) == len(ombud.__all__)
    for name in ombud.__all__:
        assert getattr(ombud, name) is not None


def test_an_unknown_name_is_an_ordinary_attribute_error() -> None:
    with pytest.raises(AttributeError) as caught:
        _ = ombud.luck
    assert str(caught.value) == "module 'ombud' has no attribute 'luck'"
