"""Invented reviews in ERASER's form: praise and blame in a few words, and story around them."""

from __future__ import annotations

import itertools
import json
import random
import zipfile
from pathlib import Path

from ombud.metrics import EraserGold
from ombud.spans import Span
from ombud_training.eraser.passages import Passages, split_review
from ombud_training.eraser.reviews import Review, make_review

PRAISE = ("a warm and witty delight", "superb from start to end", "i loved every scene")
BLAME = ("a dull and clumsy mess", "awful from start to end", "i hated every scene")
STORY = (
    "a baker moves to a lighthouse , and her goat comes along .",
    "the ferry sinks on a tuesday .",
    "her uncle , who sells maps , has lost the key to the cellar .",
    "they dig under the pier until the tide comes in .",
)


def review(number: int, label: str = "") -> Review:
    """Return a review of four sentences of story and two that judge, of which one is marked."""
    own = label or ("NEG", "POS")[number % 2]
    generator = random.Random(number)
    lines = list(STORY)
    first, second = generator.sample(PRAISE if own == "POS" else BLAME, 2)
    lines.insert(generator.randrange(5), f"it is , to my mind , {first} , whatever they say .")
    lines.insert(generator.randrange(6), f"{second} !")
    words = " ".join(lines).split()
    start = next(
        place
        for place in range(len(words))
        if words[place : place + len(first.split())] == first.split()
    )
    gold = EraserGold(
        f"{own.lower()}_{number:03}.txt",
        own,
        frozenset({Span(start, start + len(first.split()))}),
    )
    return make_review(gold, "\n".join(lines) + "\n")


def reviews(count: int, first: int = 0) -> list[Passages]:
    return [split_review(review(number)) for number in range(first, first + count)]


def to_json(one: Review) -> str:
    """Return a review's line in ERASER's form."""
    groups = [
        [{"docid": one.id, "start_token": s.start, "end_token": s.end, "text": "-"}]
        for s in sorted(one.marked)
    ]
    return json.dumps({"annotation_id": one.id, "classification": one.label, "evidences": groups})


def write_reviews(folder: Path, parts: dict[str, list[Review]], *, packed: bool = True) -> Path:
    """Write parts and documents as the benchmark gives them."""
    folder.mkdir(parents=True, exist_ok=True)
    for part, own in parts.items():
        lines = [to_json(one) + "\n" for one in own]
        (folder / f"{part}.jsonl").write_text("".join(lines))
    texts = {one.id: one.text for one in itertools.chain(*parts.values())}
    if packed:
        with zipfile.ZipFile(folder / "docs.zip", "w") as archive:
            for name, text in texts.items():
                archive.writestr(f"docs/{name}", text)
    else:
        (folder / "docs").mkdir()
        for name, text in texts.items():
            (folder / "docs" / name).write_text(text)
    return folder
