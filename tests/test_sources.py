"""data/sources.toml: where real text comes from, and on what terms."""

from __future__ import annotations

import tomllib
from pathlib import Path

from ombud.pull import SITE, SOURCE
from ombud.schemes import SCHEMES

SOURCES = Path(__file__).resolve().parents[1] / "data" / "sources.toml"
KEYS = {"title", "publisher", "url", "licence", "licence_url", "attribution", "what"}


def test_every_source_says_the_same_things() -> None:
    sources = tomllib.loads(SOURCES.read_text(encoding="utf-8"))
    assert set(SCHEMES) <= set(sources)
    for name, source in sources.items():
        assert set(source) == KEYS, name
        for key, value in source.items():
            assert value.strip() == value, (name, key)
            assert value or (name, key) == ("eraser_movies", "licence_url")


def test_the_source_that_is_pulled_is_the_one_that_is_named() -> None:
    sources = tomllib.loads(SOURCES.read_text(encoding="utf-8"))
    assert sources[SOURCE]["url"].startswith(f"{SITE}/")
