"""Answers of finished rows, kept in a folder and taken up where they would come out the same."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ombud.atomic import replacing
from ombud.corpus import digest as data_digest
from ombud.corpus import wordings_digest
from ombud.errors import OutputError
from ombud.metrics import Faithfulness
from ombud_training.ablation.rows import Material, Row
from ombud_training.evaluate import Answers

__all__ = ["Done", "keep", "row_digest", "take_up"]

_FORMAT: Final = 1
"""To be raised whenever the same settings would give other answers."""


@dataclass(frozen=True, slots=True)
class Done:
    """One row of one seed: what it answered, and how long it took in seconds."""

    key: str
    seed: int
    answers: tuple[Answers, ...]
    seconds: float


def row_digest(row: Row, seed: int, material: Material) -> str:
    """Return the SHA-256 of all that the answers of a row depend on."""
    parts: list[Any] = [
        _FORMAT,
        row.key,
        dataclasses.asdict(row.recipe(material.recipe, seed)),
        dataclasses.asdict(material.contextual) if row.contextual else None,
        wordings_digest(material.wordings) if row.wordings else None,
        material.device.bf16 and (row.contextual or not material.recipe.freeze_encoder),
        data_digest(material.train),
        data_digest(material.scored),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def keep(folder: Path, done: Done, made_of: str) -> None:
    """Write a row's answers into `folder`, whole or not at all.

    Raises:
        OutputError: If they cannot be written.
    """
    content = {
        "made_of": made_of,
        "seconds": done.seconds,
        "answers": [_plain(one) for one in done.answers],
    }
    path = _path(folder, done.key, done.seed)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary:
            temporary.write_text(json.dumps(content) + "\n", encoding="utf-8")
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        message = (
            f"{path}: expected a file that can be written, found: {found}; name another --keep"
        )
        raise OutputError(message) from error


def take_up(folder: Path, key: str, seed: int, made_of: str) -> Done | None:
    """Return what was kept of a row; None where there is nothing, or of another making."""
    try:
        content = json.loads(_path(folder, key, seed).read_text(encoding="utf-8"))
        if content["made_of"] != made_of:
            return None
        answers = tuple(_answers(one) for one in content["answers"])
        return Done(key, seed, answers, float(content["seconds"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # Missing or damaged: the row is run again.
        return None


def _path(folder: Path, key: str, seed: int) -> Path:
    return folder / f"{key}-{seed}.json"


def _plain(answers: Answers) -> dict[str, Any]:
    plain = dataclasses.asdict(answers)
    for name in ("reasons", "rationales"):
        plain[name] = [sorted(own) for own in plain[name]]
    return plain


def _answers(plain: Mapping[str, Any]) -> Answers:
    def rows(name: str) -> tuple[tuple[Any, ...], ...]:
        return tuple(tuple(own) for own in plain[name])

    return Answers(
        name=str(plain["name"]),
        outcomes=tuple(plain["outcomes"]),
        reasons=tuple(map(frozenset, rows("reasons"))),
        rationales=tuple(map(frozenset, rows("rationales"))),
        probabilities=rows("probabilities"),
        reason_probabilities=rows("reason_probabilities"),
        sentence_scores=rows("sentence_scores"),
        faithfulness=tuple(_faithfulness(own) for own in plain["faithfulness"]),
    )


def _faithfulness(plain: Mapping[str, Any]) -> Faithfulness:
    def pair(values: Sequence[float]) -> tuple[float, float]:
        one, other = values
        return float(one), float(other)

    return Faithfulness(
        float(plain["comprehensiveness"]),
        float(plain["sufficiency"]),
        tuple(map(float, plain["comprehensiveness_points"])),
        tuple(map(float, plain["sufficiency_points"])),
        pair(plain["entropies"]),
        pair(plain["divergences"]),
    )
