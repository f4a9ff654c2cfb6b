"""A trained model kept in a folder, taken up again only where it would be trained the same."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ombud.atomic import replacing_folder
from ombud.errors import OutputError
from ombud.model import OmbudModel, resolve_encoder
from ombud_training.eraser.fitting import EraserFitted, EraserSettings
from ombud_training.eraser.passages import Passages

__all__ = ["digest", "keep", "take_up"]

_FORMAT: Final = 1
"""To be raised whenever the same reviews and settings would give another model."""
_NOTE: Final = "training.json"


def digest(reviews: Sequence[Passages], settings: EraserSettings) -> str:
    """Return the SHA-256 of all that a training depends on."""
    whole = hashlib.sha256()
    whole.update(json.dumps([_FORMAT, dataclasses.asdict(settings)]).encode())
    for passages in reviews:
        review = passages.review
        marks = [[span.start, span.end] for span in sorted(review.marked)]
        cuts = [[span.start, span.end] for span in passages.spans]
        whole.update(json.dumps([review.id, review.label, review.text, marks, cuts]).encode())
    return whole.hexdigest()


def keep(folder: Path, fitted: EraserFitted, trained_on: str) -> None:
    """Write a model into `folder`, with the digest of what it was trained on.

    Raises:
        OutputError: If the folder cannot be written.
    """
    try:
        with replacing_folder(folder) as temporary:
            fitted.model.save_pretrained(temporary)
            (temporary / _NOTE).write_text(json.dumps({"trained_on": trained_on}) + "\n")
    except OSError as error:
        message = (
            f"{folder}: expected a folder that can be written, found: "
            f"{(error.strerror or str(error)).lower()}; name another with --model"
        )
        raise OutputError(message) from error


def take_up(
    folder: Path, settings: EraserSettings, trained_on: str, *, bf16: bool = False
) -> EraserFitted | None:
    """Return the model kept in `folder`; None where there is none trained on the same.

    Raises:
        EncoderError: If the encoder's tokenizer cannot be loaded.
    """
    try:
        note = json.loads((folder / _NOTE).read_text())
        if note != {"trained_on": trained_on}:
            return None
        model = OmbudModel.from_pretrained(folder)
    except (OSError, ValueError):
        # Missing or damaged: it is trained again and written anew.
        return None
    model.eval()  # type: ignore[no-untyped-call]
    return EraserFitted.of(model, resolve_encoder(settings.encoder).tokenizer(), bf16=bf16)
