"""The built wheel: its three packages, their files, and the entry points of the command."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from ombud import cli

ROOT = Path(__file__).resolve().parents[2]
RECIPES = {f"ombud_training/recipes/{name}.toml" for name in ("curve", "full", "quick")}
PACKAGES = {"ombud": "ml", "ombud_training": "training", "ombud_serving": "serving"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    out = tmp_path_factory.mktemp("dist")
    built = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"},
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = out.iterdir()
    assert path.name == "ombud-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(path) as opened:
        yield opened


def test_three_top_level_names_and_the_metadata(wheel: zipfile.ZipFile) -> None:
    top = {PurePosixPath(name).parts[0] for name in wheel.namelist()}
    assert top == {*PACKAGES, "ombud-0.1.0.dist-info"}


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_a_package_is_whole_and_holds_nothing_else(wheel: zipfile.ZipFile, package: str) -> None:
    folder = ROOT / PACKAGES[package]
    source = {
        path.relative_to(folder).as_posix()
        for path in (folder / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    found = {name for name in wheel.namelist() if name.startswith(f"{package}/")}
    assert found - RECIPES == source
    assert f"{package}/py.typed" in source


def test_the_pages_files_are_in_it(wheel: zipfile.ZipFile) -> None:
    web = {name for name in wheel.namelist() if name.startswith("ombud_serving/web/")}
    assert web == {f"ombud_serving/web/{name}" for name in ("index.html", "page.css", "page.js")}


def test_the_recipes_are_in_it(wheel: zipfile.ZipFile) -> None:
    assert set(wheel.namelist()) >= RECIPES
    for name in RECIPES:
        own = ROOT / "training" / "recipes" / PurePosixPath(name).name
        assert wheel.read(name) == own.read_bytes()


def test_entry_points(wheel: zipfile.ZipFile) -> None:
    points = configparser.ConfigParser()
    points.read_string(wheel.read("ombud-0.1.0.dist-info/entry_points.txt").decode())
    assert {name: dict(points[name]) for name in points.sections()} == {
        "console_scripts": {"ombud": "ombud.cli:main"},
        cli._GROUP: {
            "library": "ombud.commands:register",
            "serving": "ombud_serving.commands:register",
            "training": "ombud_training.commands:register",
        },
    }


def test_licence_and_notice_go_with_it(wheel: zipfile.ZipFile) -> None:
    for name in ("LICENSE", "NOTICE"):
        packed = wheel.read(f"ombud-0.1.0.dist-info/licenses/{name}")
        assert packed == (ROOT / name).read_bytes()


def test_extras_are_named(wheel: zipfile.ZipFile) -> None:
    metadata = wheel.read("ombud-0.1.0.dist-info/METADATA").decode().splitlines()
    assert "Requires-Python: >=3.11" in metadata
    assert [line for line in metadata if line.startswith("Provides-Extra: ")] == [
        "Provides-Extra: dev",
        "Provides-Extra: onnx",
        "Provides-Extra: serving",
        "Provides-Extra: spark",
        "Provides-Extra: training",
    ]
