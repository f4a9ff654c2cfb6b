"""Files and folders that appear whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ombud.atomic import replacing, replacing_folder


def test_a_new_file_appears_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with replacing(path) as temporary:
        temporary.write_text("half", encoding="utf-8")
        assert not path.exists()
        assert temporary.parent == tmp_path
    assert path.read_text(encoding="utf-8") == "half"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_after_an_error_the_old_file_stands(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "a.json"
    path.write_text("old", encoding="utf-8")

    def write_and_fail() -> None:
        with replacing(path) as temporary:
            temporary.write_text("half", encoding="utf-8")
            raise error

    with pytest.raises(error):
        write_and_fail()
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_two_writers_do_not_share_a_temporary_file(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with replacing(path) as first, replacing(path) as second:
        assert first != second
        first.write_text("first", encoding="utf-8")
        second.write_text("second", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "first"
    assert list(tmp_path.iterdir()) == [path]


def old_folder(tmp_path: Path) -> Path:
    path = tmp_path / "set"
    path.mkdir()
    (path / "a").write_text("old", encoding="utf-8")
    return path


@pytest.mark.parametrize("old", [True, False])
def test_a_new_folder_appears_whole(tmp_path: Path, old: bool) -> None:
    path = old_folder(tmp_path) if old else tmp_path / "deep" / "set"
    with replacing_folder(path) as temporary:
        (temporary / "below").mkdir()
        (temporary / "below" / "b").write_text("new", encoding="utf-8")
        assert temporary.parent == path.parent
        assert path.exists() == old
    assert [str(p.relative_to(path)) for p in sorted(path.rglob("*"))] == ["below", "below/b"]
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_after_an_error_the_old_folder_stands(tmp_path: Path, error: type[BaseException]) -> None:
    path = old_folder(tmp_path)

    def write_and_fail() -> None:
        with replacing_folder(path) as temporary:
            (temporary / "b").write_text("half", encoding="utf-8")
            raise error

    with pytest.raises(error):
        write_and_fail()
    assert [p.name for p in path.iterdir()] == ["a"]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("step", [1, 2])
def test_the_old_folder_is_kept_where_the_swap_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    path = old_folder(tmp_path)
    steps = iter(range(1, 10))
    rename = os.rename

    def fail(source: Path, target: Path) -> None:
        if next(steps) == step:
            raise OSError
        rename(source, target)

    monkeypatch.setattr(os, "rename", fail)
    with pytest.raises(OSError), replacing_folder(path):
        pass
    assert (path / "a").read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_removed_where_the_old_folder_cannot_be_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = old_folder(tmp_path)
    steps = iter(range(1, 10))
    rename = os.rename

    def fail(source: Path, target: Path) -> None:
        if next(steps) >= 2:
            raise OSError
        rename(source, target)

    monkeypatch.setattr(os, "rename", fail)
    with pytest.raises(OSError), replacing_folder(path):
        pass
    (kept,) = tmp_path.rglob("a")
    assert kept.read_text(encoding="utf-8") == "old"
