"""Reading a document with labelling functions: each sentence is tokenised once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ombud.documents import Document, SectionKind
from ombud.labelling.functions import (
    VERDICT_SECTIONS,
    Guard,
    LabellingFunction,
    Stance,
    Vote,
    Weight,
)
from ombud.labelling.guards import is_guarded, past_refusal
from ombud.labelling.menus import GROUNDS, quoted_grounds
from ombud.labelling.patterns import Tokens, compile_pattern, tokens_of
from ombud.labelling.stance import (
    NO_FAULT_PATTERNS,
    STANCE_GUARDS,
    STANCE_PATTERNS,
    STANCE_SECTIONS,
    stance_of,
)
from ombud.spans import Span
from ombud.views import read

__all__ = ["Ballot", "poll", "scan"]

_RANKS: Final[dict[Weight, int]] = {"firm": 0, "plain": 1, "weak": 2}


@dataclass(frozen=True, slots=True)
class _Sentence:
    span: Span
    section: SectionKind
    tokens: Tokens
    reasons: Tokens
    """The tokens without a refusal that the sentence may open with."""

    def says(
        self, sources: Sequence[str], guards: frozenset[Guard], *, past_refusal: bool = False
    ) -> bool:
        """Tell whether one of the patterns stands in the sentence and is meant."""
        tokens = self.reasons if past_refusal else self.tokens
        return any(
            not is_guarded(tokens, start, end, guards)
            for source in sources
            for start, end in compile_pattern(source).matches(tokens)
        )


@dataclass(frozen=True, slots=True)
class Ballot:
    """How all functions vote on one document.

    Attributes:
        found: All evidence, in text order, that of functions that give way among it.
        votes: The evidence that stands.
        able: Names of the functions that have a section of the document to read.
        quoted: Bars that "role and powers" quotes; `None` if there is no such section.
    """

    found: tuple[Vote, ...]
    votes: tuple[Vote, ...]
    able: frozenset[str]
    quoted: frozenset[str] | None = None

    @property
    def silenced(self) -> frozenset[str]:
        """Names of the functions that have evidence and give way to another label."""
        return frozenset(v.function for v in self.found) - {v.function for v in self.votes}

    def answer(self, name: str) -> bool | None:
        """Return whether a function says its reason is there, or `None` where it abstains.

        A function that read the document and found nothing says no. It abstains where it had
        nothing to read, and where it found evidence that does not stand beside other labels.
        """
        return self.answers().get(name)

    def answers(self) -> dict[str, bool]:
        """Return what each function says that does not abstain."""
        silenced = self.silenced
        answers = dict.fromkeys((name for name in self.able if name not in silenced), False)
        answers.update((vote.function, True) for vote in self.votes)
        return answers

    def without(self, name: str, functions: Sequence[LabellingFunction]) -> Ballot:
        """Return the ballot as it would be if there were no such function."""
        found = tuple(vote for vote in self.found if vote.function != name)
        votes = _settled(found, functions, self.quoted)
        return Ballot(found, votes, self.able - {name}, self.quoted)


def scan(document: Document, functions: Sequence[LabellingFunction]) -> tuple[Vote, ...]:
    """Return the votes of `functions` on `document`, in text order.

    The evidence of a vote is the sentence that says it, as the statement view reads it.

    Raises:
        InputError: If there is nothing to read in the document.
    """
    return poll(document, functions).votes


def poll(document: Document, functions: Sequence[LabellingFunction]) -> Ballot:
    """Return how each of `functions` votes on `document`.

    Raises:
        InputError: If there is nothing to read in the document.
    """
    sentences = _sentences(document)
    stance = _stance(document, sentences)
    found = tuple(
        Vote(
            function.name,
            function.label,
            sentence.span,
            _weight(function, sentence.section),
            function.weight == "firm",
        )
        for sentence in sentences
        for function in functions
        if sentence.section in function.sections
        and (function.stance is None or stance is None or stance == function.stance)
        and sentence.says(function.patterns, function.guards, past_refusal=function.past_refusal)
        and not sentence.says(function.unless, frozenset(), past_refusal=function.past_refusal)
    )
    sections = {sentence.section for sentence in sentences}
    able = frozenset(f.name for f in functions if not f.sections.isdisjoint(sections))
    quoted = quoted_grounds(s.tokens for s in sentences if s.section == "role_and_powers")
    return Ballot(found, _settled(found, functions, quoted), able, quoted)


def _settled(
    votes: tuple[Vote, ...],
    functions: Sequence[LabellingFunction],
    quoted: frozenset[str] | None,
) -> tuple[Vote, ...]:
    """Return the votes that stand among all evidence found.

    What is said in passing goes where a label has firm evidence, what stands alone where
    another is borne out, and what gives way where the other label is left.
    """
    heaviest = min((_RANKS[vote.weight] for vote in votes), default=0)
    heavy = {vote.label for vote in votes if _RANKS[vote.weight] == heaviest}
    if heaviest == _RANKS["weak"]:
        return ()
    kept = [vote for vote in votes if vote.label in heavy]
    labels = {vote.label for vote in kept}
    sure = {label for label in labels if _is_borne_out(label, votes, quoted)}
    kept = [vote for vote in kept if not sure or vote.label in sure]
    yields = {function.name: function.yields_to for function in functions}
    heard = {name for vote in kept for name in (vote.label, vote.function)}
    return tuple(v for v in kept if not heard.intersection(yields[v.function]))


def _is_borne_out(label: str, votes: Sequence[Vote], quoted: frozenset[str] | None) -> bool:
    """Tell whether a label has more evidence than one function finding one sentence."""
    evidence = [vote for vote in votes if vote.label == label]
    if any(vote.outright for vote in evidence):
        return True
    if label in GROUNDS and quoted is not None:
        if label in quoted:
            return True
        evidence = [vote for vote in evidence if vote.weight == "firm"]
        return len({vote.span for vote in evidence}) > 1
    return len({vote.span for vote in evidence}) > 1 or len({v.function for v in evidence}) > 1


def _weight(function: LabellingFunction, section: SectionKind) -> Weight:
    if function.weight == "plain" and section in VERDICT_SECTIONS:
        return "firm"
    return function.weight


def _sentences(document: Document) -> tuple[_Sentence, ...]:
    found = []
    for sentence in read(document, "statement").sentences:
        tokens = tokens_of(sentence.span.of(document.text))
        found.append(_Sentence(sentence.span, sentence.section, tokens, past_refusal(tokens)))
    return tuple(found)


def _stance(document: Document, sentences: Sequence[_Sentence]) -> Stance | None:
    speaking = [sentence for sentence in sentences if sentence.section in STANCE_SECTIONS]

    def seen(sources: Sequence[str]) -> bool:
        return any(sentence.says(sources, STANCE_GUARDS) for sentence in speaking)

    stances = frozenset(stance for stance, sources in STANCE_PATTERNS.items() if seen(sources))
    if not stances and seen(NO_FAULT_PATTERNS):
        stances = frozenset(("investigated",))
    return stance_of((section.kind for section in document.sections), stances)
