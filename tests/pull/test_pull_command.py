"""`ombud corpus pull` and `ombud corpus forget` as commands."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import decision_site as wrong
from command import Command, one_sentence
from decision_site import Site, decisions
from ombud.commands import pull as command
from ombud.pull import SITE, pulled_pages


@pytest.fixture
def pull(site: Site, quick_folder: Path) -> list[object]:
    """The command for January 2024, to which a test adds."""
    return [
        "corpus", "pull", "--source", "lgsco", "--from", "2024-01", "--to", "2024-01",
        "--out", quick_folder / "pulled", "--base-url", site.url, "--contact", "a@b.org",
        "--interval", "0", "--backoff", "0.001", "--attempts", "3",
    ]  # fmt: skip


def test_counts_at_the_end_and_plain_lines_on_the_way(
    site: Site, quick_folder: Path, pull: list[object], ombud: Command
) -> None:
    out = quick_folder / "pulled"
    site.add(*decisions("2024-01", 12))
    ended = ombud(*pull)
    assert (ended.code, ended.out) == (
        0, f"listed 12, fetched 12, unchanged 0, failed 0, gone 0; in {out}\n",
    )  # fmt: skip
    assert ended.err == "ombud: 2024-01: listed 12\nombud: 12 of 12 pages\n"
    first, second, *_ = site.published.values()
    site.change(first, withdrawn=True, listed=False)
    site.change(second, version=2)
    ended = ombud(*pull, "--refresh")
    assert (ended.code, ended.out) == (
        0, f"listed 11, fetched 1, unchanged 10, failed 0, gone 1; in {out}\n",
    )  # fmt: skip
    ended = ombud("corpus", "forget", out)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        "forgotten: 24 000 001\ndecisions forgotten 1, pages removed 1, rows removed 0; references "
        f"and dates stay in {out}\n"
    )


def test_failures_are_said_and_end_with_1(
    site: Site, quick_folder: Path, pull: list[object], ombud: Command
) -> None:
    site.add(*decisions("2024-01", 2))
    path = next(iter(site.published))
    site.always[path] = wrong.content(b"<html>[bold]Soon[/bold]</html>")
    ended = ombud(*pull)
    assert (ended.code, ended.out) == (
        1, f"listed 2, fetched 1, unchanged 0, failed 1, gone 0; in {quick_folder / 'pulled'}\n",
    )  # fmt: skip
    assert ended.err == (
        "ombud: 2024-01: listed 2\n"
        f'ombud: {site.url}{path}: expected a decision page with <article id="article">, found '
        "none; the site's layout may have changed\n"
        "ombud: 2 of 2 pages\n"
    )


def test_a_run_that_cannot_go_on_says_how_far_it_came(
    site: Site, quick_folder: Path, pull: list[object], ombud: Command
) -> None:
    site.add(*decisions("2024-01", 3))
    path = list(site.published)[1]
    site.always[path] = wrong.status(429, "3600")
    ended = ombud(*pull)
    assert (ended.code, ended.out) == (
        1,
        (
            "listed 3, fetched 1, unchanged 0, failed 0, gone 0, not yet asked for 2; in "
            f"{quick_folder / 'pulled'}\n"
        ),
    )
    assert ended.err == (
        "ombud: 2024-01: listed 3\n"
        f"ombud: {site.url}{path}: expected a page, found status 429 and the wish to be left alone "
        "for 3,600 seconds, longer than the 900 waited for; run the same command again after that\n"
    )


def test_a_long_wait_is_said(
    site: Site, pull: list[object], ombud: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.add(*decisions("2024-01", 1))
    path = next(iter(site.published))
    site.faults[path] = [wrong.status(503, "1")]
    monkeypatch.setattr(command, "_LONG_WAIT", 0.5)
    ended = ombud(*pull)
    assert (ended.code, ended.err) == (
        0,
        (
            "ombud: 2024-01: listed 1\n"
            f"ombud: {site.url}{path}: expected a page, found status 503; asked again in 1 s\n"
            "ombud: 1 of 1 pages\n"
        ),
    )


def test_without_a_contact_nobody_is_asked(
    site: Site, quick_folder: Path, pull: list[object], ombud: Command
) -> None:
    at = pull.index("--contact")
    message = one_sentence(ombud(*pull[:at], *pull[at + 2 :]), 2)
    assert message == (
        "expected a contact for the site's owners, found none; give an e-mail address or a web "
        "page with --contact or $OMBUD_CONTACT: it is sent with every request, so that they can "
        "reach whoever asks"
    )
    assert site.asked == []
    assert not (quick_folder / "pulled").exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--from", "2024-13"], "expected a month such as 2024-01 as --from, found '2024-13'; correct it"),
        (["--from", "2024-02"], "expected --to in or after '2024-02', found '2024-01'; exchange the two"),
        (["--to", "2999-01"], "expected a month that has begun as --to, found '2999-01'; nothing is published for it yet"),
        (["--attempts", "0"], "expected attempts of at least 1, found 0; choose another"),
        (["--timeout", "nan"], "expected timeout of at least 0.001, found nan; choose another"),
        (["--base-url", "lgo"], "expected the address of a site such as https://www.lgo.org.uk, found 'lgo'; correct --base-url"),
    ],
)  # fmt: skip
def test_wrong_use(
    site: Site, pull: list[object], ombud: Command, more: list[str], said: str
) -> None:
    assert one_sentence(ombud(*pull, *more), 2) == said
    assert site.asked == []


@pytest.mark.parametrize("missing", ["--from", "--to", "--out"])
def test_what_must_be_given(pull: list[object], ombud: Command, missing: str) -> None:
    at = pull.index(missing)
    ended = ombud(*pull[:at], *pull[at + 2 :])
    assert ended.code == 2
    assert f"Missing option '{missing}'" in ended.err


def test_the_contact_may_stand_in_the_environment(
    site: Site, pull: list[object], quick_folder: Path
) -> None:
    site.add(*decisions("2024-01", 1))
    at = pull.index("--contact")
    arguments = [str(word) for word in [*pull[:at], *pull[at + 2 :]]]
    subprocess.run(
        [sys.executable, "-c", "from ombud.cli import main; main()", *arguments],
        env={**os.environ, "OMBUD_CONTACT": "https://example.org/me"},
        check=True,
        capture_output=True,
    )
    assert site.asked[0].headers["user-agent"] == "ombud/0.1.0 (+https://example.org/me)"
    assert len(list(pulled_pages(quick_folder / "pulled"))) == 1


def test_on_a_terminal_a_bar_moves(site: Site, pull: list[object]) -> None:
    site.add(*decisions("2024-01", 12))
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", "from ombud.cli import main; main()", *map(str, pull)],
        env={**os.environ, "TERM": "xterm"},
        stderr=theirs,
        stdout=subprocess.PIPE,
    )
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 4096):
            shown += chunk
    except OSError:
        pass  # The terminal ends with the process.
    finally:
        os.close(ours)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert out.startswith(b"listed 12, fetched 12,")
    assert b"fetching" in shown
    assert b"12/12" in shown


def test_an_interrupt_says_how_far_it_came(
    site: Site, quick_folder: Path, pull: list[object]
) -> None:
    site.add(*decisions("2024-01", 3))
    path = list(site.published)[1]
    process: list[subprocess.Popen[str]] = []

    def interrupt(handler: wrong.Handler) -> None:
        process[0].send_signal(signal.SIGINT)
        process[0].wait(30)
        handler.close_connection = True

    site.always[path] = interrupt
    process.append(
        subprocess.Popen(
            [sys.executable, "-c", "from ombud.cli import main; main()", *map(str, pull)],
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # Started in the background, a shell has its children ignore the signal.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
    )
    out, err = process[0].communicate(timeout=60)
    assert process[0].returncode == 130
    assert out == (
        "listed 3, fetched 1, unchanged 0, failed 0, gone 0, not yet asked for 2; in "
        f"{quick_folder / 'pulled'}\n"
    )
    assert err.startswith("ombud: 2024-01: listed 3\n")
    assert "Traceback" not in err


def test_forget_names_what_it_removes_from_datasets(
    site: Site, quick_folder: Path, pull: list[object], ombud: Command, tmp_path: Path
) -> None:
    site.add(*decisions("2024-01", 2))
    ombud(*pull)
    first = next(iter(site.published.values()))
    site.change(first, withdrawn=True)
    ombud(*pull, "--refresh")
    sets = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    for path in sets:
        path.write_text('{"id": "24 000 001"}\n{"id": "24 000 002"}\n')
    ended = ombud(
        "corpus", "forget", quick_folder / "pulled", "--dataset", sets[0], "--dataset", sets[1]
    )
    assert ended.out == (
        f"{sets[0]}: 1 row(s) removed\n{sets[1]}: 1 row(s) removed\nforgotten: 24 000 001\n"
        "decisions forgotten 1, pages removed 1, rows removed 2; references and dates stay in "
        f"{quick_folder / 'pulled'}\n"
    )
    assert [path.read_text() for path in sets] == ['{"id": "24 000 002"}\n'] * 2


def test_forget_in_a_folder_that_no_pull_made(tmp_path: Path, ombud: Command) -> None:
    assert one_sentence(ombud("corpus", "forget", tmp_path / "x"), 1) == (
        f"{tmp_path / 'x'}: expected a folder made by 'ombud corpus pull', found no folder; check "
        "the path"
    )


def test_the_site_of_the_option_is_the_site() -> None:
    assert command._SITE == SITE
