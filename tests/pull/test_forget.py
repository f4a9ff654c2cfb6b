"""Forgetting what is no longer published: bytes, facts, rows; reference and date stay."""

from __future__ import annotations

import datetime as dt
import json
import stat
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import ombud.pull.derived
from decision_site import Published, Site, decisions
from ombud.errors import InputError, OutputError
from ombud.pull import Counts, Forgotten, forget, forgotten, pulled_pages
from ombud.pull.store import Store
from puller import Puller


@pytest.fixture
def gone(site: Site, puller: Puller) -> list[Published]:
    """Five decisions pulled, the first two then withdrawn."""
    published = decisions("2024-01", 5)
    site.add(*published)
    puller()
    for decision in published[:2]:
        site.change(decision, withdrawn=True, listed=False)
    assert puller(refresh=True) == Counts(3, 0, 3, 0, 2)
    return published[:2]


def rows(site: Site) -> list[dict[str, object]]:
    """Rows of a dataset made of the site: two for each decision, one with a vector."""
    return [
        {
            "id": f"{decision.reference}/{part}",
            "source": "lgsco",
            "url": site.url + decision.path,
            "reference": decision.reference,
            "text": f"Words of case {decision.number}.",
            "vector": [float(decision.number), 0.5],
        }
        for decision in site.published.values()
        for part in (1, 2)
    ]


def write(path: Path, table: list[dict[str, object]], group: int = 4) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        made = pa.Table.from_pylist(table).replace_schema_metadata({"huggingface": "{}"})
        pq.write_table(made, path, row_group_size=group)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in table), encoding="utf-8")
    return path


def read(path: Path) -> list[dict[str, object]]:
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_bytes_and_facts_go_reference_and_date_stay(
    site: Site, puller: Puller, gone: list[Published]
) -> None:
    before = dt.datetime.now(dt.UTC)
    assert forget(puller.folder) == Forgotten(("24 000 001", "24 000 002"), 2, {})
    after = dt.datetime.now(dt.UTC)
    left = forgotten(puller.folder)
    assert list(left) == ["24 000 001", "24 000 002"]
    for moment in left.values():
        assert before <= dt.datetime.fromisoformat(moment) <= after
    content = everything(puller.folder)
    for decision in gone:
        assert decision.body not in content
        # Not in what SQLite leaves free either: neither address nor facts.
        assert decision.path.encode() not in content
        assert decision.reference.encode() in content
    assert len(list(pulled_pages(puller.folder))) == 3


def test_forgetting_again_changes_nothing(puller: Puller, gone: list[Published]) -> None:
    forget(puller.folder)
    before = forgotten(puller.folder)
    assert forget(puller.folder) == Forgotten((), 0, {})
    assert forgotten(puller.folder) == before


def test_nothing_is_gone(site: Site, puller: Puller) -> None:
    site.add(*decisions("2024-01", 2))
    puller()
    assert forget(puller.folder) == Forgotten((), 0, {})
    assert len(list(pulled_pages(puller.folder))) == 2


@pytest.mark.parametrize("ending", ["parquet", "jsonl"])
@pytest.mark.parametrize("known_by", ["url", "reference", "id"])
def test_rows_of_datasets_go(
    site: Site, puller: Puller, gone: list[Published], tmp_path: Path, ending: str, known_by: str
) -> None:
    table = [
        {k: v for k, v in row.items() if k in (known_by, "text", "vector")} for row in rows(site)
    ]
    path = write(tmp_path / f"set.{ending}", table)
    path.chmod(0o640)
    assert forget(puller.folder, [path]).rows == {path: 4}
    assert read(path) == table[4:]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    if ending == "parquet":
        assert pq.read_schema(path).metadata[b"huggingface"] == b"{}"
    assert b"Words of case 1." not in path.read_bytes()


def test_a_folder_of_datasets_and_vectors_beside_the_pages(
    site: Site, puller: Puller, gone: list[Published], tmp_path: Path
) -> None:
    named = [
        write(tmp_path / "sets" / "train" / "a.parquet", rows(site)),
        write(tmp_path / "sets" / "b.jsonl", rows(site)[6:]),
    ]
    (tmp_path / "sets" / "README.md").write_text("not a dataset")
    own = write(puller.folder / "vectors" / "v.parquet", rows(site))
    kept = named[1].stat()
    assert forget(puller.folder, [tmp_path / "sets"]).rows == {own: 4, named[0]: 4}
    assert read(named[0]) == read(own) == rows(site)[4:]
    # What loses no row is not touched.
    assert (named[1].stat().st_ino, named[1].stat().st_mtime_ns) == (kept.st_ino, kept.st_mtime_ns)


def test_a_dataset_that_comes_later_loses_what_was_forgotten_before(
    site: Site, puller: Puller, gone: list[Published], tmp_path: Path
) -> None:
    table = rows(site)
    forget(puller.folder)
    path = write(tmp_path / "old.parquet", table)
    assert forget(puller.folder, [path]) == Forgotten((), 0, {path: 4})
    assert read(path) == table[4:]


def test_rows_of_other_sources_and_other_references_stay(
    site: Site, puller: Puller, gone: list[Published], tmp_path: Path
) -> None:
    table: list[dict[str, object]] = [
        {"id": "24 000 001", "source": "phso"},
        {"id": "a0001", "source": "authored"},
        {"id": "124 000 001", "source": "lgsco"},
        {"id": "24 000 0012", "source": "lgsco"},
        {"id": "24 000-001", "source": "lgsco"},
        {"id": "", "source": "lgsco"},
        {"id": None, "source": None},
        {"id": "24-000-001", "source": ""},
        {"id": "lgsco-24-000-002-2", "source": None},
    ]
    path = write(tmp_path / "mixed.parquet", table)
    assert forget(puller.folder, [path]).rows == {path: 2}
    assert read(path) == table[:7]


def test_a_reference_that_is_still_published_elsewhere_keeps_its_rows(
    site: Site, puller: Puller, tmp_path: Path
) -> None:
    first, second = decisions("2024-01", 2)
    site.add(first, second)
    moved = first.path.replace("/hedges/", "/verges/")
    site.always[moved] = lambda handler: handler.send(200, first.body)
    site.relist = lambda paths: [*paths, moved]
    puller()
    site.change(first, withdrawn=True, listed=False)
    assert puller(refresh=True) == Counts(2, 0, 2, 0, 1)
    table: list[dict[str, object]] = [
        {"url": site.url + first.path, "reference": first.reference},
        {"url": site.url + moved, "reference": first.reference},
    ]
    path = write(tmp_path / "set.parquet", table)
    # The bytes are those of the address that stays.
    assert forget(puller.folder, [path]) == Forgotten(("24 000 001",), 1, {path: 1})
    assert read(path) == table[1:]
    assert [page.path.read_bytes() for page in pulled_pages(puller.folder)] == [
        second.body,
        first.body,
    ]


def test_bytes_that_no_row_names_are_swept_away(site: Site, puller: Puller) -> None:
    (decision,) = decisions("2024-01", 1)
    site.add(decision)
    puller()
    orphan = puller.folder / "pages" / "00" / f"{'00' * 32}.html"
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"left by a killed run")
    assert forget(puller.folder) == Forgotten((), 1, {})
    assert not orphan.exists()
    assert len(list(pulled_pages(puller.folder))) == 1


def test_what_is_published_again_after_all_is_pulled_again(
    site: Site, puller: Puller, gone: list[Published]
) -> None:
    forget(puller.folder)
    site.change(gone[0], withdrawn=False, listed=True)
    assert puller() == Counts(3, 0, 3, 0, 0)
    assert puller(refresh=True) == Counts(4, 1, 3, 0, 0)


@pytest.mark.parametrize("step", ["replace", "unlink", "commit"])
def test_interrupted_anywhere_the_same_call_forgets_the_rest(
    site: Site,
    puller: Puller,
    gone: list[Published],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    paths = [write(tmp_path / f"{n}.parquet", rows(site)) for n in (1, 2)]

    class Stopped(BaseException):
        pass

    calls = []

    def stop(*arguments: object, **_: object) -> None:
        calls.append(arguments)
        if len(calls) == 2 or step == "commit":
            raise Stopped
        undone(*arguments)

    with monkeypatch.context() as patch:
        match step:
            case "replace":
                undone = ombud.pull.derived.Removal.remove
                patch.setattr(ombud.pull.derived.Removal, "remove", stop)
            case "unlink":
                undone = Store.remove_bytes

                def remove(store: Store, sha256: str, but_for: str = "") -> None:
                    stop(store, sha256, but_for)

                patch.setattr(Store, "remove_bytes", remove)
            case _:
                patch.setattr("ombud.pull.store._now", stop)
        with pytest.raises(Stopped):
            forget(puller.folder, paths)
    assert forgotten(puller.folder) == {}
    assert forget(puller.folder, paths).references == ("24 000 001", "24 000 002")
    assert all(read(path) == rows(site)[4:] for path in paths)
    assert len(list((puller.folder / "pages").rglob("*.html"))) == 3


# Datasets that are none


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "a.parquet",
            b"PAR1 but not really",
            ("expected a dataset, found: parquet magic bytes not found in footer. either the file "
            "is corrupted or this is not a parquet file; check the file"),
        ),
        ("a.jsonl", b'{"id": "24 000 001"}\n{', ("expected a dataset, found: expecting property "
         "name enclosed in double quotes: line 1 column 2 (char 1); check the file")),
        ("a.jsonl", b"[1]\n", "expected a dataset, found: a list in line 1; check the file"),
        (
            "a.jsonl",
            b'{"text": "x", "name": "24 000 001"}\n',
            ("expected a column out of 'url', 'reference', 'id' that names decisions, found 'name', "
            "'text'; name a dataset made of pulled pages"),
        ),
        ("a.parquet", None, "expected a dataset, found: no such file or directory; check the file"),
        (
            "a.csv",
            b"id\n24 000 001\n",
            "expected a dataset ending in .parquet or .jsonl, found 'a.csv'; check the path",
        ),
    ],
)  # fmt: skip
def test_what_is_no_dataset_stops_before_anything_is_removed(
    site: Site,
    puller: Puller,
    gone: list[Published],
    tmp_path: Path,
    name: str,
    content: bytes | None,
    said: str,
) -> None:
    good = write(tmp_path / "good.parquet", rows(site))
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        forget(puller.folder, [good, path])
    assert str(caught.value) == f"{path}: {said}"
    assert read(good) == rows(site)
    assert len(list((puller.folder / "pages").rglob("*.html"))) == 5
    assert forgotten(puller.folder) == {}


def test_a_folder_without_datasets(puller: Puller, gone: list[Published], tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InputError) as caught:
        forget(puller.folder, [empty])
    assert str(caught.value) == (
        f"{empty}: expected a dataset ending in .parquet or .jsonl, found a folder without one; "
        "check the path"
    )


def test_a_dataset_that_cannot_be_replaced_stays_whole(
    site: Site,
    puller: Puller,
    gone: list[Published],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = write(tmp_path / "set.parquet", rows(site))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ombud.atomic.os.fsync", full)
    with pytest.raises(OutputError) as caught:
        forget(puller.folder, [path])
    assert str(caught.value) == (
        f"{path}: expected a dataset that can be replaced, found: no space left on device; nothing in "
        "it is changed, check the path"
    )
    assert read(path) == rows(site)
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["set.parquet"]
