"""Reviews are read as the benchmark gives them, and cut into passages without losing a token."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.errors import InputError
from ombud.metrics import EraserGold
from ombud.spans import Span
from ombud_training.eraser.passages import split_review
from ombud_training.eraser.reviews import Review, make_review, read_reviews
from reviews import review, to_json, write_reviews


def of(text: str, *marked: tuple[int, int]) -> Review:
    spans = frozenset(Span(start, end) for start, end in marked)
    return make_review(EraserGold("d1", "POS", spans), text)


def words(made: Review) -> list[str]:
    return [" ".join(made.words(span)) for span in split_review(made).spans]


@pytest.mark.parametrize("packed", [True, False])
def test_reviews_are_read_from_an_archive_or_a_folder(packed: bool, tmp_path: Path) -> None:
    made = [review(number) for number in range(4)]
    write_reviews(tmp_path, {"val": made}, packed=packed)
    assert read_reviews(tmp_path, "val") == made


def test_tokens_and_sentences_keep_their_places() -> None:
    made = of("so  slow .\n\n  and yet\tfun !\n", (1, 5))
    assert made.words(Span(0, 6)) == ["so", "slow", ".", "and", "yet", "fun"]
    assert made.sentences == (Span(0, 3), Span(3, 7))
    assert made.tokens[3].of(made.text) == "and"


def test_sentences_are_cut_after_punctuation() -> None:
    made = of(
        "the plot is thin , the jokes are old : nobody laughs .\nno .\n"
        "one two three four five six seven eight nine ten one two three four five six seven .\n"
    )
    assert words(made) == [
        "the plot is thin ,",
        "the jokes are old :",
        "nobody laughs .",
        "no .",
        "one two three four five six seven eight nine",
        "ten one two three four five six seven .",
    ]


def test_pieces_of_a_word_or_two_stay_with_their_neighbour() -> None:
    assert words(of("well , it is long , far too long , so .\n")) == [
        "well , it is long ,",
        "far too long , so .",
    ]


def test_share_of_each_passage_that_is_marked() -> None:
    made = split_review(of("the plot is thin , the jokes are old .\n", (1, 4), (3, 6)))
    assert made.shares == pytest.approx((4 / 5, 1 / 5))
    assert made.keep([1]).shares == pytest.approx((1 / 5,))


def test_a_reading_holds_the_passages_of_the_text() -> None:
    made = split_review(review(3))
    reading = made.reading()
    found = [sentence.span.of(reading.document.text).split() for sentence in reading.sentences]
    assert found == [made.review.words(span) for span in made.spans]


@given(
    st.lists(
        st.lists(st.sampled_from(["a", "bb", ",", ".", "--", "ccc"]), min_size=1, max_size=40),
        min_size=1,
        max_size=4,
    )
)
def test_passages_hold_each_token_once_in_order(lines: list[list[str]]) -> None:
    made = of("\n".join(" ".join(line) for line in lines))
    passages = split_review(made)
    tokens = [t for span in passages.spans for t in range(span.start, span.end)]
    assert tokens == list(range(len(made.tokens)))
    for span, number in zip(passages.spans, passages.sentences, strict=True):
        sentence = made.sentences[number]
        assert sentence.overlap(span) == len(span) <= 16
        assert len(span) >= min(3, len(sentence))


def refuses(message: str, folder: Path, part: str = "val") -> None:
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        read_reviews(folder, part)


def test_a_part_that_is_not_there(tmp_path: Path) -> None:
    refuses(
        f"{tmp_path}: expected the part val.jsonl, found no .jsonl file there; name another part",
        tmp_path,
    )
    write_reviews(tmp_path, {"train": [review(1)], "val": [review(2)]})
    refuses(
        f"{tmp_path}: expected the part test.jsonl, found only train, val; name another part",
        tmp_path,
        "test",
    )


def test_documents_that_are_not_there(tmp_path: Path) -> None:
    one = review(1)
    (tmp_path / "val.jsonl").write_text(to_json(one) + "\n")
    refuses(
        f"{tmp_path}: expected documents in docs.zip or docs/, found neither; put one of them there",
        tmp_path,
    )
    archive = tmp_path / "docs.zip"
    archive.write_bytes(b"no archive")
    refuses(
        f"{archive}: expected a zip archive, found: File is not a zip file; fetch it again",
        tmp_path,
    )
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("docs/other.txt", "x")
    refuses(f"{archive}: expected the document {one.id}, found no such file; add it", tmp_path)
    folder = tmp_path / "docs"
    folder.mkdir()
    refuses(f"{folder}: expected the document {one.id}, found no such file; add it", tmp_path)
    (folder / one.id).write_bytes(b"caf\xe9")
    refuses(f"{folder}: expected {one.id} in UTF-8, found another encoding; convert it", tmp_path)


def test_documents_that_are_not_the_marked_ones(tmp_path: Path) -> None:
    one = review(1)
    write_reviews(tmp_path, {"val": [one]}, packed=False)
    (tmp_path / "docs" / one.id).write_text("so slow\n")
    last = max(span.end for span in one.marked)
    refuses(
        f"{one.id}: expected marks within its 2 tokens, found one that ends at {last}; "
        "the document is not the one that was marked",
        tmp_path,
    )
    (tmp_path / "docs" / one.id).write_text(" \n")
    refuses(f"{one.id}: expected a document with words, found none; correct the document", tmp_path)


def test_a_document_that_comes_twice(tmp_path: Path) -> None:
    one = review(1)
    write_reviews(tmp_path, {"val": [one, one]}, packed=False)
    refuses(
        f"{tmp_path / 'val.jsonl'}: expected each document once, found {one.id} twice; remove one",
        tmp_path,
    )
