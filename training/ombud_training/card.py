"""The model card, written by the training itself."""

from __future__ import annotations

from collections.abc import Mapping

from ombud.corpus import Split
from ombud_training.experiment import Experiment
from ombud_training.recipe import Recipe
from ombud_training.report import markdown

__all__ = ["model_card"]

_INTENDED = """It reads a decision statement of the Local Government and Social Care Ombudsman \
(view `statement`) or a complaint (view `complaint`) and predicts outcome and reasons with the \
passages that carried the prediction. It informs a person; it decides nothing. It is not for \
telling a complainant whether to complain, nor for turning complaints away."""

_LIMITS = """The corpus is authored: fictional statements and letters written for this project, \
not decisions of the Ombudsman. Every figure below is on authored data and says nothing exact \
about real decisions. Rare reasons rest on a handful of documents each. Figures of the view \
`complaint` rest on authored letters."""


def model_card(
    name: str, recipe: Recipe, split: Split, experiment: Experiment, origin: Mapping[str, str]
) -> str:
    """Return the card of a bundle in Markdown."""
    parts = "\n".join(
        f"| {part} | {len(identifiers)} | {split.starts[part]} |"
        for part, identifiers in split.parts.items()
    )
    settings = "\n".join(f"- {key}: `{value}`" for key, value in origin.items())
    return f"""# {name}

## Use
{_INTENDED}

## Training
Recipe `{recipe.name}`, encoder `{recipe.encoder}` \
({"frozen" if recipe.freeze_encoder else "fine-tuned"}), seed {recipe.seed}, \
{experiment.seconds:.0f} s on {experiment.device.reason}.

{settings}

| part | documents | from |
|---|---|---|
{parts}

Trained on `train`, calibrated on `validation`, scored on the test periods.

## Figures
{markdown(experiment.evaluations)}
## Limits
{_LIMITS}
"""
