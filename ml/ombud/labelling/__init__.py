"""Labelling functions: token patterns that read the reasons of a decision, with evidence.

Each function looks at the sentences in which the Ombudsman speaks for himself and returns the
passages that give one reason, or abstains (`None`). Labels made here and passages found by the
same patterns prove nothing about each other: published figures come from gold.
"""

from ombud.labelling.functions import GUARDS, SPEAKING_SECTIONS, LabellingFunction, Vote
from ombud.labelling.registry import LABELLING_FUNCTIONS, apply, evidence, summary

__all__ = [
    "GUARDS",
    "LABELLING_FUNCTIONS",
    "SPEAKING_SECTIONS",
    "LabellingFunction",
    "Vote",
    "apply",
    "evidence",
    "summary",
]
