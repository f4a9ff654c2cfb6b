"""A pulled folder imported, and what is gone taken out of the dataset again."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import decision_site as wrong
from decision_site import Site, decisions
from ombud.errors import InputError
from ombud.imports import import_sources, read_imported
from ombud.imports.removal import remove_rows
from ombud.pull import forget, is_pulled, pulled_pages
from puller import Puller


def references(dataset: Path) -> list[str]:
    return read_imported(dataset, ["reference"]).column("reference").to_pylist()


@pytest.fixture
def dataset(site: Site, puller: Puller, tmp_path: Path) -> Path:
    """Four decisions pulled and imported, the second in an old encoding."""
    site.add(*decisions("2024-01", 4))
    second = list(site.published.values())[1]
    site.always[second.path] = wrong.content(second.html.encode("cp1252"))
    puller()
    import_sources([puller.folder], tmp_path / "set")
    return tmp_path / "set"


def test_pages_are_rows_with_address_and_facts(site: Site, puller: Puller, dataset: Path) -> None:
    pages = list(pulled_pages(puller.folder))
    table = read_imported(dataset).to_pylist()
    assert [(row["url"], row["reference"], row["decision_date"]) for row in table] == [
        (p.url, p.facts.reference, p.facts.decision_date) for p in pages
    ]
    assert [row["text"] for row in table] == [page.document().text for page in pages]
    assert "her café cost her £2 a year" in table[1]["text"]
    assert table[0]["origin"] == f"pulled, {pages[0].url}"


def test_pages_that_are_gone_are_not_imported(
    site: Site, puller: Puller, dataset: Path, tmp_path: Path
) -> None:
    site.change(next(iter(site.published.values())), withdrawn=True)
    puller(refresh=True)
    # A folder further up holds other files beside the pulled ones.
    (puller.folder.parent / "more").mkdir()
    page = decisions("2023-01", 1)[0].html
    (puller.folder.parent / "more" / "23-000-001.html").write_text(page, encoding="utf-8")
    import_sources([puller.folder.parent], tmp_path / "again")
    assert references(tmp_path / "again") == [
        "24 000 002", "24 000 003", "24 000 004", "23 000 001",
    ]  # fmt: skip


def test_forgotten_decisions_leave_an_imported_dataset_whole(
    site: Site, puller: Puller, dataset: Path, tmp_path: Path
) -> None:
    first = next(iter(site.published.values()))
    site.change(first, withdrawn=True, listed=False)
    puller(refresh=True)
    rejected = {"file": "f", "place": "", "id": first.reference, "reason": "id: found again"}
    kept = {
        "file": "f",
        "place": "",
        "id": "x",
        "reason": "text: expected text, found\u2028nothing",
    }
    lines = "".join(json.dumps(line) + "\n" for line in (rejected, kept))
    (dataset / "rejects.jsonl").write_text(lines, encoding="utf-8")
    removed = forget(puller.folder, [dataset / "data" / "part-00000.parquet"])
    assert (removed.references, removed.rows) == ((first.reference,), {dataset: 2})
    assert references(dataset) == ["24 000 002", "24 000 003", "24 000 004"]
    content = b"".join(p.read_bytes() for p in dataset.rglob("*") if p.is_file())
    assert first.reference.encode() not in content
    fresh = import_sources([puller.folder], tmp_path / "fresh")
    summary = json.loads((dataset / "import.json").read_text(encoding="utf-8"))
    assert summary["digest"] == fresh.digest
    assert summary["sources"] == fresh.sources
    assert (summary["read"], summary["written"], summary["rejected"]) == (4, 3, 1)
    assert summary["reasons"] == {"text: expected text": 1}
    assert "4 rows read, 3 written, 1 rejected" in (dataset / "README.md").read_text("utf-8")


def test_taking_nothing_out_changes_no_row(dataset: Path) -> None:
    before = json.loads((dataset / "import.json").read_text(encoding="utf-8"))
    rows = read_imported(dataset)
    remove_rows(dataset, lambda _: False)
    assert read_imported(dataset).equals(rows)
    assert json.loads((dataset / "import.json").read_text(encoding="utf-8")) == before


def test_a_damaged_dataset_is_not_touched(site: Site, puller: Puller, dataset: Path) -> None:
    site.change(next(iter(site.published.values())), withdrawn=True)
    puller(refresh=True)
    part = dataset / "data" / "part-00000.parquet"
    part.write_bytes(part.read_bytes()[:-20])
    before = part.read_bytes()
    with pytest.raises(InputError) as caught:
        forget(puller.folder, [dataset])
    assert str(caught.value).startswith(
        f"{dataset}: expected a dataset made by 'ombud corpus import', found: "
    )
    assert part.read_bytes() == before


def test_what_a_pull_made_is_told_from_other_folders(
    site: Site, puller: Puller, tmp_path: Path
) -> None:
    puller()
    assert is_pulled(puller.folder)
    assert not is_pulled(tmp_path)
    (tmp_path / "index.sqlite").write_bytes(b"SQLite format 3\0")
    assert not is_pulled(tmp_path)


def test_rows_lost_in_any_other_way_are_noticed(dataset: Path) -> None:
    part = dataset / "data" / "part-00000.parquet"
    pq.write_table(pq.read_table(part).slice(1), part)
    with pytest.raises(InputError) as caught:
        read_imported(dataset)
    assert str(caught.value) == (
        f"{dataset}: expected a dataset made by 'ombud corpus import', found: 3 row(s) where it "
        "says 4; import it again"
    )
