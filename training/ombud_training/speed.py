"""How fast the encoder is trained: the ordinary way and ours, on the same documents."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from transformers import set_seed

from ombud.corpus import GoldCase
from ombud.metrics import Interval, outcome_scores
from ombud.model import OmbudModel, resolve_encoder
from ombud.views import View
from ombud_training.device import Device
from ombud_training.examples import make_examples
from ombud_training.fit import fit
from ombud_training.plain import train_plain
from ombud_training.recipe import Recipe
from ombud_training.runner import StageRunner
from ombud_training.stages import StageReport, stages_of
from ombud_training.stopping import Validation

__all__ = ["Speed", "compare_quality", "compare_speed", "encoder_epoch"]

_VIEW: Final[View] = "statement"


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast one way of training went.

    Attributes:
        name: The way.
        documents: How many it read.
        tokens: Tokens that the encoder read, padding left out.
        seconds: Wall time.
    """

    name: str
    documents: int
    tokens: int
    seconds: float

    @property
    def rate(self) -> float:
        """Tokens a second."""
        return self.tokens / self.seconds


def encoder_epoch(
    cases: Sequence[GoldCase], recipe: Recipe, device: Device, views: Sequence[View] = (_VIEW,)
) -> StageReport:
    """Train the encoder with its heads for one epoch, as the recipe's second stage does."""
    set_seed(recipe.seed)
    settings = dataclasses.replace(recipe, freeze_encoder=False, encoder_epochs=1, patience=0)
    source = resolve_encoder(settings.encoder)
    model = OmbudModel.from_encoder(source, **settings.model_settings())
    with tempfile.TemporaryDirectory() as folder:
        runner = StageRunner(
            model,
            source.tokenizer(),
            make_examples(cases, views),
            settings,
            device,
            Path(folder),
            (),
            None,
            None,
            {},
        )
        _, report = runner.train(stages_of(settings)[1], None, None, ())
    return report


def compare_speed(cases: Sequence[GoldCase], recipe: Recipe, device: Device) -> tuple[Speed, Speed]:
    """Train one epoch on `cases` the ordinary way, then ours.

    Both read the view `statement`, each document once. Only tokens count that the encoder reads:
    the ordinary way cuts each text at 512, ours leaves out some sentences that nobody marked and
    reads a sentence that comes twice in a batch once.
    """
    plain = train_plain(
        cases,
        _VIEW,
        resolve_encoder(recipe.encoder),
        epochs=1,
        seed=recipe.seed,
        cpu=device.name == "cpu",
    )
    report = encoder_epoch(cases, recipe, device)
    return (
        Speed("ordinary", len(cases), plain.tokens, plain.seconds),
        Speed("ours", len(cases), report.tokens, report.seconds),
    )


def compare_quality(
    train: Sequence[GoldCase], validation: Sequence[GoldCase], recipe: Recipe, device: Device
) -> tuple[Interval, Interval]:
    """Return outcome macro-F1 on `validation`, view `statement`, the ordinary way and ours.

    The ordinary way trains as many epochs as the recipe trains its encoder, ours the whole recipe
    on that view, with outcomes as they come, not calibrated.
    """
    plain = train_plain(
        train,
        _VIEW,
        resolve_encoder(recipe.encoder),
        epochs=recipe.encoder_epochs,
        seed=recipe.seed,
        cpu=device.name == "cpu",
    )
    with tempfile.TemporaryDirectory() as folder:
        ours = fit(train, recipe, device, Path(folder), views=[_VIEW], validation=validation)
    said = Validation(validation, [_VIEW], ours.tokenizer).outcomes(ours.model, _VIEW, ours.vectors)
    gold = [case.outcome for case in validation]
    groups = [case.group for case in validation]
    return (
        outcome_scores(gold, plain.outcomes(validation, _VIEW), groups).macro_f1,
        outcome_scores(gold, said, groups).macro_f1,
    )
