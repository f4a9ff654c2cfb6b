"""What a labelling function is, and the vote it casts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from ombud.documents import SectionKind
from ombud.spans import Span
from ombud.taxonomy import LABELS

__all__ = [
    "GUARDS",
    "SPEAKING_SECTIONS",
    "VERDICT_SECTIONS",
    "Guard",
    "LabellingFunction",
    "Stance",
    "Vote",
    "Weight",
]

Guard = Literal["reported", "quoted", "negated", "denied", "conditional", "menu", "subject"]
GUARDS: Final[frozenset[Guard]] = frozenset(
    ("reported", "quoted", "negated", "denied", "conditional", "menu", "subject")
)
"""Ways in which words can be there without being meant; `ombud.labelling.guards` reads them."""

Stance = Literal["declined", "investigated"]
"""What a statement says the Ombudsman did: refused or stopped, or came to a finding."""

Weight = Literal["firm", "plain", "weak"]
"""How much the evidence of a function weighs by itself."""

SPEAKING_SECTIONS: Final[frozenset[SectionKind]] = frozenset(
    ("summary", "assessment", "findings", "agreed_action", "decision", "body")
)
"""Sections in which the Ombudsman speaks for himself.

In the others the complainant's story is told, grounds are quoted that need not be used, or
parts are set aside that decide nothing.
"""

VERDICT_SECTIONS: Final[frozenset[SectionKind]] = frozenset(("summary", "decision", "body"))
"""Sections that say in a sentence or two why it was decided so; little else stands in them."""


@dataclass(frozen=True, slots=True)
class LabellingFunction:
    """One way of saying one reason, as token patterns read sentence by sentence.

    Attributes:
        name: Unique; by convention the label, then what is looked for.
        label: A reason of the taxonomy.
        patterns: In the notation of `ombud.labelling.patterns`; any of them is evidence.
        unless: Patterns that take a sentence out, wherever in it they stand.
        sections: The kinds of section that are read.
        guards: Ways of not meaning it that take a match out.
        stance: Votes only where the statement does not take the other stance.
        yields_to: Labels, or names of functions, whose evidence in the same document silences
            this function.
        weight: Where its evidence is firm: anywhere ("firm"), in verdict sections only
            ("plain"), or nowhere ("weak"). A label without firm evidence is not given where
            another label has some: what is said in passing decides nothing where the verdict
            is clear. Weak evidence only bears out other evidence.
        past_refusal: Reads a sentence as if it did not say "we will not investigate this
            complaint about ...": what is left are the reasons.

    Raises:
        ValueError: If the label is not of the taxonomy or there is no pattern.
    """

    name: str
    label: str
    patterns: tuple[str, ...]
    unless: tuple[str, ...] = ()
    sections: frozenset[SectionKind] = SPEAKING_SECTIONS
    guards: frozenset[Guard] = GUARDS
    stance: Stance | None = None
    yields_to: tuple[str, ...] = ()
    weight: Weight = "plain"
    past_refusal: bool = False

    def __post_init__(self) -> None:
        if self.label not in LABELS:
            message = f"{self.name}: expected a label of the taxonomy, found {self.label!r}"
            raise ValueError(message)
        if not self.patterns:
            message = f"{self.name}: expected at least one pattern, found none"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Vote:
    """One passage that one labelling function takes as evidence for its label.

    An `outright` statement of the reason needs no second piece of evidence.
    `weight` is that of the evidence where it stands: firm evidence stands by itself, plain
    evidence only where no label has firm, and weak evidence never.
    """

    function: str
    label: str
    span: Span
    weight: Weight = "firm"
    outright: bool = False
