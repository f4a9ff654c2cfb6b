"""Labelling functions: token patterns that read the reasons of a decision, with evidence.

Each function looks at the sentences in which the Ombudsman speaks for himself and returns the
passages that give one reason, or abstains (`None`). Labels made here and passages found by the
same patterns prove nothing about each other: published figures come from gold.
"""

from ombud.labelling.functions import GUARDS, SPEAKING_SECTIONS, LabellingFunction, Vote
from ombud.labelling.model import (
    LabelModel,
    fit_label_model,
    read_label_model,
    write_label_model,
)
from ombud.labelling.registry import LABELLING_FUNCTIONS, apply, ballot, evidence, summary
from ombud.labelling.scan import Ballot

__all__ = [
    "GUARDS",
    "LABELLING_FUNCTIONS",
    "SPEAKING_SECTIONS",
    "Ballot",
    "LabelModel",
    "LabellingFunction",
    "Vote",
    "apply",
    "ballot",
    "evidence",
    "fit_label_model",
    "read_label_model",
    "summary",
    "write_label_model",
]
