"""What a pull brought, imported; and what becomes of the dataset when a decision is forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from decision_site import Site, decisions, serving
from ombud.errors import InputError
from ombud.imports import import_sources, read_imported
from ombud.pull import forget, pulled_pages
from puller import Puller
from score_tables import write


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def puller(tmp_path: Path) -> Iterator[Puller]:
    with serving(Site()) as site:
        site.add(*decisions("2024-01", 4))
        yield Puller(site, tmp_path / "pulled")


def test_pulled_pages_are_imported_with_their_addresses(puller: Puller, tmp_path: Path) -> None:
    puller()
    out = tmp_path / "out"
    summary = import_sources([puller.folder], out)
    assert (summary.files, summary.read, summary.written) == (1, 4, 4)
    pages = list(pulled_pages(puller.folder))
    for row, page in zip(read_imported(out).to_pylist(), pages, strict=True):
        assert (row["source"], row["url"], row["id"]) == ("lgsco", page.url, page.facts.reference)
        assert (row["text"], row["outcome"]) == (page.document().text, page.facts.outcome)
        assert row["origin"] == f"pulled, {page.url}"


def test_a_page_that_is_no_longer_as_it_was_pulled_is_rejected(
    puller: Puller, tmp_path: Path
) -> None:
    puller()
    first, second, *_ = pulled_pages(puller.folder)
    first.path.write_text("<p>The site is being rebuilt.</p>", encoding="utf-8")
    second.path.unlink()
    out = tmp_path / "out"
    summary = import_sources([puller.folder], out, "lgsco")
    assert (summary.read, summary.written, summary.rejected) == (4, 2, 2)
    lines = (out / "rejects.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    assert [(f["file"], f["place"], f["id"]) for f in found] == [
        ("pulled", page.url, page.facts.reference) for page in (first, second)
    ]
    assert first.url in found[0]["reason"]
    assert found[1]["reason"] == (
        f"{second.path}: expected the page as it was pulled, found: no such file or directory; "
        "pull again"
    )


def test_what_is_forgotten_leaves_the_dataset_too(puller: Puller, tmp_path: Path) -> None:
    puller()
    out = tmp_path / "out"
    import_sources([puller.folder, write(tmp_path / "t.csv", [{"text": "My bins."}])], out)
    (gone, *_) = puller.site.published.values()
    puller.site.change(gone, withdrawn=True)
    puller(refresh=True)
    forget(puller.folder, [out])
    found = read_imported(out, ["id", "text"]).to_pylist()
    assert len(found) == 4
    assert gone.reference not in [row["id"] for row in found]
    assert found[-1]["text"] == "My bins."
    again = import_sources([puller.folder], tmp_path / "again")
    assert again.read == 3


def test_a_damaged_index_is_one_sentence(puller: Puller, tmp_path: Path) -> None:
    puller()
    index = puller.folder / "index.sqlite"
    index.write_bytes(b"no index" * 1000)
    with pytest.raises(InputError) as caught:
        import_sources([puller.folder], tmp_path / "out")
    assert str(caught.value).startswith(f"{index}: expected the index of a pull, found: ")
    assert not (tmp_path / "out").exists()
