"""Words that are there without being meant: reported, quoted, negated, conditional, listed.

A guard takes a match out of a sentence. None of them needs a parse: each looks at the tokens
before the match, or at the sentence as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ombud.labelling.functions import Guard
from ombud.labelling.patterns import Tokens, compile_pattern, tokens_from
from ombud.labelling.words import WORDS

__all__ = ["is_guarded", "past_refusal"]

_REPORTS: Final = (
    "@speaker _2 have|has|had|also|then|now|further|never? @say",
    "@speaker _5 have|has|had @say",
    "@title _2 also|then|now|further|has|had? @say",
    "according to",
    "complaint|complaints|allegation|allegations|claim|belief|view that",
    "@speaker 's _2 view|opinion|case|position|reason|answer|reply|response|argument|belief",
    "@theirs view|opinion|case|position|argument|belief|reply|answer",
)
_SUBJECTS: Final = (
    "complaint|claim|allegation|allegations about|of|over",
    "'s|her|his|their|these|the complaints about|of|over",
    "@title|he|she|they +2 complains|complained about|that|of",
)
"""What follows these is what was complained of, up to the reason that is given for deciding."""

_SUBJECT_ENDS: Final = frozenset(
    ["because", "since", "as", "so", ",", ";", ":", "\u2013", "\u2014"]
)
_REFUSALS: Final = (
    (
        "@we _2 will|shall|do|does|have|has|did|am|are|would|should not _3 "
        "investigate|investigating|investigated|pursue|pursuing|pursued|look|looking|looked|"
        "consider|considered|examine|take|taking|taken|go|going|open|opened|start|begin|"
        "enquire|inquire|propose"
    ),
    "@we _3 not to investigate|pursue|look|consider|take|open|start",
    "@we _1 declines|decline|declined to _1 investigate|pursue|look|consider",
)
_BLANK: Final = "\u2026"
_AFTERWARDS: Final = (
    "the|a|his|her? @speaker|@title _1 @say",
    "@say the|its|a|an|his|her @speaker",
)
_MENUS: Final = (
    "@we may|can|could|might also? decide|choose|refuse|decline",
    "@we _1 normally|usually|generally|ordinarily",
    "normally|usually|generally|ordinarily investigate|consider|expect",
    "@we _2 consider|ask|weigh|look|asks|weighs|considers _2 whether",
    "@we must|have|has|need to? consider|decide|ask whether",
    "@we may|might not? _2 investigate|consider|look|pursue|start|stop|refuse",
    "@we can stop|refuse|decline|close|choose",
    "@we can not _2 investigate|look|consider|accept +6 if|where|when|unless",
)
_NEGATORS: Final = frozenset(["not", "n't", "never", "hardly", "neither"])
_CONDITIONALS: Final = frozenset(["if", "whether", "unless"])
_CLAUSE_STARTS: Final = frozenset(
    ("because", "as", "since", "and", "but", "which", "who", "while", "so", "for", "where", "when")
) | frozenset(",;:(–—")
_TURNS: Final = frozenset(["but", ";", "however", "although", "though", "whereas"])
_OURSELVES: Final = WORDS["we"] - {"us"}
_LINKS: Final = frozenset([",", "and", "so", "which", "the"])
_NEGATION_WINDOW: Final = 6
_CONDITION_WINDOW: Final = 12
_DENIALS: Final = (
    "not|n't|never _1 accept|agree|say|think|believe|suggest|mean|follow|claim|regard|find",
)
_REFUSED: Final = frozenset(
    [
        "investigate",
        "investigating",
        "look",
        "looking",
        "pursue",
        "pursuing",
        "examine",
        "examining",
        "enquire",
        "go",
        "let",
        "question",
        "follow",
        "open",
    ]
)
"""After "not", these negate the Ombudsman's own work, not what follows."""


def is_guarded(sentence: Tokens, start: int, end: int, guards: frozenset[Guard]) -> bool:
    """Tell whether tokens `start` to `end` of a sentence are there without being meant."""
    words = sentence.lowers
    return (
        ("negated" in guards and _negated(sentence, start))
        or ("denied" in guards and _denied(sentence, start))
        or (
            "conditional" in guards
            and _stands_before(words, start, _CONDITIONALS, _CONDITION_WINDOW)
        )
        or ("quoted" in guards and _quoted(words, start))
        or ("menu" in guards and any(compile_pattern(s).matches(sentence) for s in _MENUS))
        or ("reported" in guards and _reported(sentence, start, end))
        or ("subject" in guards and _in_subject(sentence, start, end))
        or words[-1:] == ("?",)
    )


def past_refusal(sentence: Tokens) -> Tokens:
    """Return the sentence with its refusal, and what was complained of, blanked out.

    "We will not investigate this complaint about a hedge because it is late" becomes "because
    it is late" and as many blanks as there were tokens before it.
    """
    blank: set[int] = set()
    for source in _REFUSALS:
        for start, end in compile_pattern(source).matches(sentence):
            blank.update(range(start, end))
    if not blank:
        return sentence
    words = sentence.lowers
    for source in _SUBJECTS:
        for start, begins in compile_pattern(source).matches(sentence):
            stop = next(
                (i for i in range(begins, len(words)) if words[i] in _SUBJECT_ENDS), len(words)
            )
            blank.update(range(start, stop))
    return tokens_from(_BLANK if i in blank else word for i, word in enumerate(words))


def _stands_before(words: Sequence[str], start: int, wanted: frozenset[str], window: int) -> bool:
    """Tell whether one of `wanted` stands before token `start` in the same clause."""
    for index in range(start - 1, max(-1, start - 1 - window), -1):
        word = words[index]
        if word in wanted and not (word == "whether" and index == 0):
            return True
        if word in _CLAUSE_STARTS:
            return False
    return False


def _negated(sentence: Tokens, start: int) -> bool:
    words = sentence.lowers
    return _stands_before(words, start, _NEGATORS, _NEGATION_WINDOW) and _REFUSED.isdisjoint(
        words[max(0, start - _NEGATION_WINDOW) : start]
    )


def _denied(sentence: Tokens, start: int) -> bool:
    words = sentence.lowers
    return any(
        end <= start and not _CLAUSE_STARTS.intersection(words[end:start])
        for source in _DENIALS
        for _, end in compile_pattern(source).matches(sentence)
    )


def _quoted(words: Sequence[str], start: int) -> bool:
    before = words[:start]
    opened = before.count("\u201c") - before.count("\u201d")
    return opened > 0 or before.count('"') % 2 == 1


def _reported(sentence: Tokens, start: int, end: int) -> bool:
    for source in _REPORTS:
        for _, report_end in compile_pattern(source).matches(sentence):
            if report_end <= start and not _turns(sentence.lowers, report_end, start):
                return True
    return any(
        after >= end and after > 0 and sentence.lowers[after - 1] in {",", "\u201d", '"'}
        for source in _AFTERWARDS
        for after, _ in compile_pattern(source).matches(sentence)
    )


def _in_subject(sentence: Tokens, start: int, end: int) -> bool:
    """Tell whether the match ends in the description of what was complained of."""
    words = sentence.lowers
    return any(
        begins < end and _SUBJECT_ENDS.isdisjoint(words[begins : max(start, end - 1)])
        for source in _SUBJECTS
        for _, begins in compile_pattern(source).matches(sentence)
    )


def _turns(words: Sequence[str], start: int, end: int) -> bool:
    """Tell whether the writer takes the word back between a report and what follows it."""
    for index in range(start, min(end + 1, len(words))):
        word = words[index]
        if word in _TURNS:
            return True
        if index > start and word in _OURSELVES and words[index - 1] in _LINKS:
            return True
    return False
