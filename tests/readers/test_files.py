"""Files: told apart, and refused in one sentence."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from ombud.documents import Document
from ombud.errors import EmptyTextError, InputError, OmbudError, TextTooLargeError
from ombud.readers import read_document, read_documents

LETTER = "Nobody has come for my bins.\r\nSix weeks now.\n"
PAGE = '<article id="article"><p>My bins &amp; I.</p></article>'


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def refusal(path: Path) -> OmbudError:
    with pytest.raises(InputError) as caught:
        read_document(path)
    message = str(caught.value)
    assert "\n" not in message
    return caught.value


@pytest.mark.parametrize("name", ["a.txt", "a", "a.md", "a.TXT"])
def test_plain_text_is_kept_as_it_is(tmp_path: Path, name: str) -> None:
    document = read_document(write(tmp_path, name, LETTER.encode()))
    assert (document.id, document.text) == ("a", LETTER)


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    assert read_document(write(tmp_path, "a.txt", b"\xef\xbb\xbfHello.")).text == "Hello."


def test_an_ending_chooses_the_reader(tmp_path: Path) -> None:
    record = json.dumps({"id": "r1", "text": "My bins."}).encode()
    assert read_document(write(tmp_path, "a.JSON", record)).id == "r1"
    assert read_document(write(tmp_path, "a.html", PAGE.encode())).text == "My bins & I."
    assert read_document(write(tmp_path, "a.HTM", PAGE.encode())).text == "My bins & I."


def test_a_pipe_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(b"From a pipe.",))
    writer.start()
    assert read_document(path).text == "From a pipe."
    writer.join()


def test_a_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    assert str(refusal(path)) == (
        f"{path}: expected a readable file, found: no such file or directory; check the path"
    )


def test_a_folder(tmp_path: Path) -> None:
    assert str(refusal(tmp_path)) == (
        f"{tmp_path}: expected a file, found a folder; name the files in it"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read any file")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", b"Hello.")
    path.chmod(0)
    assert str(refusal(path)) == (
        f"{path}: expected a readable file, found: permission denied; check the path"
    )


def test_a_device_without_end() -> None:
    error = refusal(Path("/dev/zero"))
    assert isinstance(error, TextTooLargeError)


def test_an_empty_file(tmp_path: Path) -> None:
    error = refusal(write(tmp_path, "a.txt", b""))
    assert isinstance(error, EmptyTextError)
    assert str(error) == "a: expected a text with words, found none; check that the file is the one"


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.json"])
def test_20_megabytes(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, name, b"word " * 4_000_000)
    error = refusal(path)
    assert isinstance(error, TextTooLargeError)
    assert str(error) == (
        f"{path}: expected at most 2,000,000 characters, found more than 8,000,000 bytes; "
        "split the text into its documents"
    )


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff", "binary data"),
        (b"caf\xe9 au lait", "a byte that is not, at 3"),
        ("utf-16".encode("utf-16"), "binary data"),
        (b"\xed\xa0\x80 a surrogate", "a byte that is not, at 0"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.json"])
def test_bytes_that_are_no_text(tmp_path: Path, name: str, data: bytes, found: str) -> None:
    path = write(tmp_path, name, data)
    assert str(refusal(path)) == (
        f"{path}: expected UTF-8 text, found {found}; convert the file to UTF-8 text"
    )


def test_binary_data_that_happens_to_be_utf_8(tmp_path: Path) -> None:
    assert str(refusal(write(tmp_path, "a.txt", b"PK\x03\x04\x00\x00words"))) == (
        "a: expected text, found binary data (a NUL character); convert it to text"
    )


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("", "found: Expecting value: line 1 column 1 (char 0); check the file"),
        ('{"text": "a"', "found: Expecting ',' delimiter: line 1 column 13 (char 12); check the file"),
        ("{'text': 'a'}", ("found: Expecting property name enclosed in double quotes: "
         "line 1 column 2 (char 1); check the file")),
        ("[1]", "found a list; check the file"),
        ('"text"', "found a str; check the file"),
        ("null", "found a NoneType; check the file"),
        ("[" * 200_000, "found one nested too deeply; check the file"),
        ('{"text": ' + "[" * 100_000 + "]" * 100_000 + "}",
         "found one nested too deeply; check the file"),
    ],
    ids=["empty", "cut", "quotes", "list", "string", "null", "deep", "deep and whole"],
)  # fmt: skip
def test_json_that_is_no_record(tmp_path: Path, content: str, found: str) -> None:
    path = write(tmp_path, "a.json", content.encode())
    assert str(refusal(path)) == f"{path}: expected a JSON object, {found}"


def test_json_with_a_number_too_long_for_python(tmp_path: Path) -> None:
    path = write(tmp_path, "a.json", b'{"text": ' + b"9" * 5000 + b"}")
    assert str(refusal(path)).startswith(
        f"{path}: expected a JSON object, found: Exceeds the limit"
    )


def test_json_with_a_lone_surrogate(tmp_path: Path) -> None:
    assert str(refusal(write(tmp_path, "a.json", b'{"id": "r", "text": "b\\ud800"}'))) == (
        "r: expected Unicode text, found a lone surrogate at character 1; "
        "decode the source again with its right encoding"
    )


def test_several_files_the_good_and_the_bad(tmp_path: Path) -> None:
    good = write(tmp_path, "good.txt", b"Hello.")
    empty = write(tmp_path, "empty.txt", b"")
    missing = tmp_path / "missing.txt"
    results = list(read_documents([empty, good, missing, good]))
    assert [type(r) for r in results] == [EmptyTextError, Document, InputError, Document]
