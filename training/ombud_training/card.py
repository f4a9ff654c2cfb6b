"""The model card, written by the training itself."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from ombud.calibration import Calibration
from ombud.corpus import Split
from ombud.metrics import Interval
from ombud.taxonomy import OUTCOMES, REASONS, TAXONOMY_VERSION
from ombud_training.experiment import Experiment
from ombud_training.recipe import Recipe
from ombud_training.report import markdown
from ombud_training.sureness import Sureness

__all__ = ["model_card"]

_INTENDED: Final = """It reads a decision statement of the Local Government and Social Care Ombudsman \
(view `statement`) or a complaint (view `complaint`) and predicts outcome and reasons with the \
passages that carried the prediction. It informs a person; it decides nothing.

Intended: coding archives of published decisions, with samples checked by a person; showing a \
caseworker which passages speak for which ground; comparing models.

Not intended: telling a complainant whether to complain; turning complaints away, ranking or \
delaying them; judging a body or a caseworker; any decision about a person without a person; \
texts that are neither complaints nor decisions on them, of which it warns (`out_of_scope`)."""

_LIMITS: Final = """- The corpus is authored: fictional statements and letters written for this project, \
not decisions of the Ombudsman. Every figure above is on authored data and says nothing exact \
about real decisions, which are written less plainly and by other hands.
- Figures of the view `complaint` rest on authored letters. The outcome cannot be read from a \
letter as it can from a statement; the two views are never to be compared or added up.
- Rare reasons rest on a handful of documents each; their intervals are wide.
- Outcomes drift: the share of upheld complaints has risen for years. What was calibrated on one \
period holds for the next only as far as they are alike.
- The passages are what the score was computed from; that a passage was chosen does not make the \
ground right in law.
- English only. Names, money and dates are read as words and may carry over what the corpus \
happens to say with them."""

_SURENESS_HEAD: Final = """| view | ECE, 15 equal bins | ECE if exactly true | sets hold the true \
outcome, of 90 % | outcomes a set |"""
_RULES_HEAD: Final = """Left to a person so that wrong outcomes stay under a rate (with 90 % \
probability over calibrations), on the test periods:"""


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

## Labels
Taxonomy version {TAXONOMY_VERSION}: {len(OUTCOMES)} outcomes, {len(REASONS)} reasons with their \
grounds in the Act (`taxonomy.json`).

## Training
Recipe `{recipe.name}`, encoder `{recipe.encoder}` \
({"frozen" if recipe.freeze_encoder else "fine-tuned"}), seed {recipe.seed}, \
on {experiment.device.reason}.

Cost: {experiment.cost}{_of_device(experiment)}.

{settings}

| part | documents | from |
|---|---|---|
{parts}

Trained on `train`, calibrated on `validation`, scored on the test periods.

## Figures
Beside the model stand its floors: simple systems trained on the same documents.

{markdown(experiment.evaluations)}
## Sureness
{_sureness(experiment.sureness, experiment.calibration)}

## Limits
{_LIMITS}
"""


def _of_device(experiment: Experiment) -> str:
    return "; the energy of the GPU is not in it" if experiment.device.used_gpu else ""


def _sureness(found: Sequence[Sureness], calibration: Calibration) -> str:
    rows = [_SURENESS_HEAD, "|---|---|---|---|---|"]
    for one in found:
        cells = (
            one.view,
            _say(one.calibration.ece, 3),
            _say(one.calibration.by_chance, 3),
            _say(one.coverage.overall),
            _say(one.coverage.size),
        )
        rows.append("| " + " | ".join(cells) + " |")
    rows += [
        "",
        _RULES_HEAD,
        "",
        "| view | rate | answered | wrong of those |",
        "|---|---|---|---|",
    ]
    rows += [
        f"| {one.view} | {rule.rate:.0%} | {_say(rule.answered)} | {_say(rule.error)} |"
        for one in found
        for rule in one.rules
    ]
    by_default = "; ".join(
        f"view `{view}` {numbers.error_rate:.0%} from {numbers.documents} documents"
        for view, numbers in calibration.views.items()
    )
    rows += ["", f"By default: {by_default}. `--error-rate` names another."]
    return "\n".join(rows)


def _say(interval: Interval, digits: int = 2) -> str:
    if math.isnan(interval.value):
        return "-"
    return f"{interval.value:.{digits}f} [{interval.low:.{digits}f}, {interval.high:.{digits}f}]"
