"""A pull that is cut short anywhere goes on: nothing lost, nothing fetched twice."""

from __future__ import annotations

import collections
import datetime as dt
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import filelock
import pytest

import decision_site as wrong
from decision_site import Asked, Fault, Site, decisions
from ombud.errors import InputError, OutputError, PullError, UsageError
from ombud.pull import Counts, forget, forgotten, pulled_pages
from puller import Puller

IN_A_PROCESS = """
import datetime as dt, sys
from pathlib import Path
from ombud.pull import PullSettings, pull
settings = PullSettings("a@b.org", base_url=sys.argv[1], interval=0.0, backoff=0.001)
pull(Path(sys.argv[2]), ("2024-01", "2024-02"), settings, refresh=len(sys.argv) > 3)
"""


def answered(site: Site) -> dict[str, int]:
    """Return how often each page was sent whole."""
    return dict(collections.Counter(site.asked_for(status=200)))


def start(site: Site, folder: Path, *more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", IN_A_PROCESS, site.url, str(folder), *more])


def assert_whole(site: Site, puller: Puller) -> None:
    """Assert that the folder holds the site's pages and nothing else."""
    pages = list(pulled_pages(puller.folder))
    published = [d for d in site.published.values() if not d.withdrawn]
    assert {p.url: p.path.read_bytes() for p in pages} == {
        site.url + d.path: d.body for d in published
    }
    on_disk = {path for path in (puller.folder / "pages").rglob("*") if path.is_file()}
    assert on_disk == {page.path for page in pages}


def killing(process: list[subprocess.Popen[bytes]], at: set[int], count: list[int]):
    """Return what kills the process in place of an answer, at these requests."""

    def any_request(asked: Asked) -> Fault | None:
        count[0] += 1
        if count[0] in at:
            process[0].kill()
            process[0].wait()
            return wrong.hang_up
        return None

    return any_request


def test_killed_between_any_two_requests_nothing_is_fetched_twice(
    site: Site, puller: Puller
) -> None:
    site.add(*decisions("2024-01", 14), *decisions("2024-02", 3, 50))
    process: list[subprocess.Popen[bytes]] = []
    count = [0]
    # robots.txt; within the first listing; before the first page; among the pages; the last.
    kills = {1, 4, 7, 9, 15, 30}
    site.any_request = killing(process, kills, count)
    for _ in range(len(kills) + 1):
        process[:] = [start(site, puller.folder)]
        if process[0].wait() == 0:
            break
        assert process[0].returncode == -signal.SIGKILL
    assert process[0].returncode == 0
    assert answered(site) == dict.fromkeys(site.published, 1)
    listings = collections.Counter(
        (a.query["fd"], a.query["page"])
        for a in site.asked
        if a.path.startswith("/Decisions/") and a.status
    )
    assert listings == {("2024-01-01", "1"): 1, ("2024-01-01", "2"): 1, ("2024-02-01", "1"): 1}
    assert_whole(site, puller)
    assert puller("2024-01", "2024-02") == Counts(17, 0, 17, 0, 0)


def test_a_refresh_that_is_killed_goes_on_where_it_was(site: Site, puller: Puller) -> None:
    site.add(*decisions("2024-01", 14), *decisions("2024-02", 3, 50))
    puller("2024-01", "2024-02")
    first, second, *_ = site.published.values()
    site.change(first, version=2)
    site.change(second, withdrawn=True, listed=False)
    site.forget_requests()
    process: list[subprocess.Popen[bytes]] = []
    kills = {3, 10, 17}
    site.any_request = killing(process, kills, [0])
    for _ in range(len(kills) + 1):
        process[:] = [start(site, puller.folder, "refresh")]
        process[0].wait()
    assert process[0].returncode == 0
    asked = collections.Counter(site.asked_for())
    answers = collections.Counter(a.path for a in site.asked if a.status)
    assert {path: answers[path] for path in asked} == dict.fromkeys(site.published, 1)
    listed = [a.query["fd"] + a.query["page"] for a in site.asked if a.query and a.status]
    assert sorted(listed) == ["2024-01-011", "2024-01-012", "2024-02-011"]
    site.any_request = lambda _: None
    assert puller("2024-01", "2024-02") == Counts(16, 0, 16, 0, 1)
    forget(puller.folder)
    assert_whole(site, puller)


@pytest.mark.parametrize(("days", "confirmed"), [(6, 2), (8, 3)])
def test_a_refresh_that_was_cut_short_long_ago_begins_afresh(
    site: Site, puller: Puller, days: int, confirmed: int
) -> None:
    site.add(*decisions("2024-01", 3))
    puller()
    path = list(site.published)[1]
    site.faults[path] = [wrong.status(429, "5000")]
    with pytest.raises(PullError):
        puller(refresh=True)
    index = sqlite3.connect(puller.folder / "index.sqlite")
    ago = (dt.datetime.now(dt.UTC) - dt.timedelta(days=days)).isoformat(timespec="microseconds")
    with index:
        index.execute("UPDATE meta SET value = ? WHERE name = 'refresh_since'", (ago,))
        # The first page was confirmed by that refresh, the others before it.
        before = "checked_at = '2000-01-01T00:00:00.000000+00:00'"
        index.execute(f"UPDATE decisions SET {before} WHERE reference != '24 000 001'")
    index.close()
    assert puller(refresh=True) == Counts(3, 0, 3, 0, 0)
    assert len(site.asked_for()) == confirmed


@pytest.mark.slow
def test_killed_at_any_moment_everything_is_there_in_the_end(site: Site, puller: Puller) -> None:
    site.add(*decisions("2024-01", 60), *decisions("2024-02", 40, 70))
    chance = random.Random(3)
    kills = 0
    for _ in range(12):
        process = start(site, puller.folder)
        begun = len(site.asked)
        while len(site.asked) == begun and process.poll() is None:
            time.sleep(0.001)
        time.sleep(chance.uniform(0.0, 0.03))
        process.kill()
        kills += process.wait() != 0
    assert kills > 2
    assert start(site, puller.folder).wait() == 0
    # What was on its way when the process died came twice; nothing else did.
    assert sum(answered(site).values()) <= len(site.published) + kills
    forget(puller.folder)
    assert_whole(site, puller)


def test_a_listing_that_was_cut_short_goes_on_if_it_kept_still(site: Site, puller: Puller) -> None:
    site.add(*decisions("2024-01", 35))
    site.listing_faults[3] = [wrong.status(429, "5000")] * 2
    for _ in range(2):
        with pytest.raises(PullError):
            puller()
    assert site.listings == ["2024-01 3"]
    puller()
    assert site.listings == ["2024-01 3", "2024-01 4"]
    assert_whole(site, puller)


def test_a_listing_that_was_cut_short_starts_again_if_it_moved(site: Site, puller: Puller) -> None:
    site.add(*decisions("2024-01", 35))
    site.listing_faults[3] = [wrong.status(429, "5000")]
    with pytest.raises(PullError):
        puller()
    site.published = {d.path: d for d in [*decisions("2024-01", 2, 90), *site.published.values()]}
    assert puller() == Counts(37, 37, 0, 0, 0)
    assert site.listings == [f"2024-01 {n}" for n in (3, 1, 2, 3, 4)]
    assert_whole(site, puller)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_thirty_per_cent_faults_over_five_hundred_pages_lose_nothing(
    site: Site, puller: Puller, seed: int
) -> None:
    site.add(*decisions("2024-01", 300), *decisions("2024-02", 200, 400))
    chance = random.Random(seed)
    faults: list[Fault] = [
        wrong.status(429),
        wrong.status(429, "0"),
        wrong.status(500),
        wrong.status(503),
        wrong.cut_off,
        wrong.cut_off_unsaid,
        wrong.hang_up,
        wrong.slow(0.12),
    ]
    given = [0]

    def any_request(asked: Asked) -> Fault | None:
        if chance.random() >= 0.3:
            return None
        fault = chance.choice(faults)
        if asked.path == "/robots.txt":
            fault = wrong.status(500)
        given[0] += 1
        return fault

    site.any_request = any_request
    counts = puller("2024-01", "2024-02", attempts=8, timeout=0.1)
    assert counts == Counts(500, 500, 0, 0, 0)
    assert puller.told.problems == []
    assert given[0] > 150
    assert_whole(site, puller)
    site.any_request = lambda _: None
    assert puller("2024-01", "2024-02", refresh=True) == Counts(500, 0, 500, 0, 0)


def test_the_second_run_on_a_folder_refuses(site: Site, puller: Puller) -> None:
    site.add(*decisions("2024-01", 2))
    waiting, go_on = threading.Event(), threading.Event()

    def hold(handler: wrong.Handler) -> None:
        waiting.set()
        go_on.wait(20)
        handler.send(404)

    site.faults["/robots.txt"] = [hold]
    first = threading.Thread(target=puller)
    first.start()
    try:
        assert waiting.wait(20)
        for second in (Puller(site, puller.folder), lambda: forget(puller.folder)):
            with pytest.raises(UsageError) as caught:
                second()
            assert str(caught.value) == (
                f"{puller.folder}: expected a folder that no other run writes to, found one at "
                "work; wait for it to end or name another folder"
            )
        # Reading goes on meanwhile.
        assert list(pulled_pages(puller.folder)) == []
    finally:
        go_on.set()
        first.join()
    assert puller.counts == Counts(2, 2, 0, 0, 0)


# Folders that are not as they should be


def test_a_folder_with_other_things_is_left_alone(site: Site, puller: Puller) -> None:
    puller.folder.mkdir()
    (puller.folder / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError) as caught:
        puller()
    assert str(caught.value) == (
        f"{puller.folder}: expected an empty folder or one that 'ombud corpus pull' made, found "
        "'thesis.txt' in it; name another folder"
    )
    assert [path.name for path in puller.folder.iterdir()] == ["thesis.txt"]


def test_a_file_in_place_of_the_folder(site: Site, puller: Puller) -> None:
    puller.folder.write_text("mine")
    with pytest.raises(OutputError) as caught:
        puller()
    assert str(caught.value) == (
        f"{puller.folder}: expected a folder that can be written, found: a file; name another "
        "folder or change its permissions"
    )


def test_another_programs_database_is_left_alone(site: Site, puller: Puller) -> None:
    puller.folder.mkdir()
    index = puller.folder / "index.sqlite"
    with sqlite3.connect(index) as other:
        other.execute("CREATE TABLE songs (name)")
    other.close()
    before = index.read_bytes()
    message = (
        f"{index}: expected an index of format 1, found another database; pull into another folder"
    )
    for work in (puller, lambda: forget(puller.folder), lambda: list(pulled_pages(puller.folder))):
        with pytest.raises(InputError) as caught:
            work()
        assert str(caught.value) == message
    assert index.read_bytes() == before
    assert site.asked == []


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (b"no database at all" * 100, "file is not a database"),
        (None, "database disk image is malformed"),
    ],
)
def test_a_damaged_index_is_named(
    site: Site, puller: Puller, damage: bytes | None, found: str
) -> None:
    site.add(*decisions("2024-01", 12))
    puller()
    index = puller.folder / "index.sqlite"
    whole = index.read_bytes()
    index.write_bytes(damage or whole[:4096] + b"\xff" * (len(whole) - 4096))
    for work in (puller, lambda: forget(puller.folder), lambda: list(pulled_pages(puller.folder))):
        with pytest.raises(InputError) as caught:
            work()
        assert str(caught.value) == (
            f"{index}: expected the index of a pull, found: {found}; put back a copy, or pull into "
            "another folder"
        )
    assert len(list((puller.folder / "pages").glob("*/*"))) == 12


@pytest.mark.parametrize("made", [True, False])
def test_a_folder_that_no_pull_made(tmp_path: Path, made: bool) -> None:
    folder = tmp_path / "x"
    if made:
        folder.mkdir()
    for work in (
        lambda: forget(folder),
        lambda: list(pulled_pages(folder)),
        lambda: forgotten(folder),
    ):
        with pytest.raises(InputError) as caught:
            work()
        found = "no index.sqlite in it" if made else "no folder"
        assert str(caught.value) == (
            f"{folder}: expected a folder made by 'ombud corpus pull', found {found}; check the path"
        )
    assert not (folder / ".lock").exists()


@pytest.mark.parametrize(
    ("room", "found"), [(500, "file too large"), (2000, "disk i/o error")], ids=["page", "index"]
)
def test_no_room_ends_the_run_and_leaves_what_is_there(
    site: Site, puller: Puller, room: int, found: str
) -> None:
    site.add(*decisions("2024-01", 30))
    puller.settings["attempts"] = 1
    site.any_request = lambda asked: limit() if asked.path.endswith("24-000-005") else None

    def limit() -> None:
        # The system's own limit on the size of a file: writing fails as it does on a full disk.
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        with pytest.raises(OutputError) as caught:
            puller()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    site.any_request = lambda _: None
    assert str(caught.value) == (
        f"{puller.folder}: expected room for what is pulled, found: {found}; what is there "
        "is whole, put this right and run the same command again to go on"
    )
    assert not list(puller.folder.rglob("*.tmp"))
    assert len(list(pulled_pages(puller.folder))) == 4
    assert puller() == Counts(30, 26, 4, 0, 0)
    assert_whole(site, puller)


def test_a_folder_that_cannot_be_written(site: Site, puller: Puller, monkeypatch) -> None:
    site.add(*decisions("2024-01", 1))

    def refuse(self: filelock.FileLock, **_: object) -> None:
        raise PermissionError(13, "Permission denied")

    # As root no permission is missing: what the system would say is said by the lock.
    monkeypatch.setattr(filelock.FileLock, "acquire", refuse)
    with pytest.raises(OutputError) as caught:
        puller()
    assert str(caught.value) == (
        f"{puller.folder}: expected a folder that can be written, found: permission denied; name "
        "another folder or change its permissions"
    )


def test_a_copy_of_a_folder_goes_on_as_the_folder_would(
    site: Site, puller: Puller, tmp_path: Path
) -> None:
    site.add(*decisions("2024-01", 3))
    puller()
    shutil.copytree(puller.folder, tmp_path / "copy")
    copy = Puller(site, tmp_path / "copy")
    assert copy(refresh=True) == Counts(3, 0, 3, 0, 0)
    assert_whole(site, copy)


def test_leftovers_of_a_killed_write_are_cleared(site: Site, puller: Puller) -> None:
    site.add(*decisions("2024-01", 2))
    puller()
    (page, _) = pulled_pages(puller.folder)
    leftover = page.path.with_name(f".{page.path.name}.{os.getpid()}.00000000.tmp")
    leftover.write_bytes(b"half")
    puller()
    assert_whole(site, puller)
