"""The finding's own words in a text of the Housing Ombudsman, as spans of the text.

A complaint part is often published as the sentence that decides it: the paragraph of the Scheme,
the finding, and only then the matter. The patterns are matched on the text without its white
space, because the source has lost or gained many a space inside words.
"""

from __future__ import annotations

import re
from typing import Final

from ombud.spans import Span

__all__ = ["finding_spans"]

_OMBUDSMAN: Final = (
    r"(?:(?:the|this|our)?(?:housing)?(?:ombudsman|service|investigation)(?:'?s)?|ihave|i|we)"
)
_SCHEME: Final = (
    r"(?:(?:in(?:accordance|line)with|inreferenceto|under|pursuantto|asper|per|of)?(?:the)?"
    r"(?:paragraphs?|paras?|sections?)\d[\d.,&()a-z]{0,24}?(?:ofthe|of)?"
    r"(?:housing)?(?:ombudsman)?(?:'?s)?(?:scheme|hos)[,.:;]*)"
)
_DECIDES: Final = (
    rf"(?:{_OMBUDSMAN}(?:has|have|therefore|also|then|is|am|now){{0,4}}"
    r"(?:finds?|found|determined?|determines|concluded?|concludes|considers?|considered|makes?|made"
    r"|satisfied|identified|decided)(?:that|the|a|an|of|finding|determination|following|is|are){0,6}[:,]?)"
)
_THERE: Final = (
    r"(?:(?:there(?:also)?(?:was|were|is|are|has(?:also)?been|havebeen|hadbeen|wouldbe)"
    r"|(?:a|the|our)?(?:findings?|determination)s?(?:of|that|is|was)|amount(?:s|ed)?to"
    r"|constitut(?:es|ed?|ing)|find(?:s|ing)?|found)(?:that|evidenceof|:){0,3})"
)
_HOW_MUCH: Final = (
    r"(?:(?:no|not|severe|serious|a|an|any|some|further|partial|evidenceof|degreeof|elements?of"
    r"|instances?of|multiple|significant|minor|single|or|and|/|,|:){0,6})"
)
_NOUN: Final = (
    r"(?:mal-?administration|servicefail(?:ure|ing)s?|fail(?:ure|ing)s?(?:in|of)(?:its|the|their)?"
    r"services?(?:delivery)?"
    r"|(?:offerof|offer|offering)?(?:any|some)?(?:reasonable|sufficient|appropriate|adequate|fair|proportionate)?"
    r"(?:financial)?(?:offerof)?redress(?:(?:was|hasbeen)?(?:offered|provided|made))?"
    r"|(?:(?:is|are|was|were|falls?|fell|remains?|be)(?:therefore|also)?)?"
    r"(?:outside(?:of)?|(?:not|isn't)?(?:fall)?within)(?:the|our|my|this)?(?:housing)?"
    r"(?:ombudsman|service)?(?:'?s)?(?:service)?(?:'?s)?(?:jurisdiction|remit)"
    r"(?:of(?:the|this|our)(?:housing)?(?:ombudsman|service))?(?:\\(osj\\))?"
    r"(?:to(?:consider|investigate))?|jurisdiction)"
)
_BY: Final = (
    r"(?:[,:;.]?(?:by|onthepartof|from)(?:the|its)?(?:landlord|council|association|trust|resident)"
    r"(?:'?s)?)"
)
_ABOUT: Final = (
    r"(?:[,:;]?(?:inrespecto?f?|inrespectto|inrelationto|in(?:its|the)response|withregards?to"
    r"|inregards?to|regarding|concerning|relatingto|about|for|with|of|in|due)[:;,]?)"
)
_OFFER: Final = (
    r"(?:(?:the|its)?(?:landlord|council|association|trust|member|it)(?:has|had|have|'s)?(?:already)?"
    r"(?:made|offered|provided|offer)(?:the|an?|resident|with|to|of|offer|some){0,6}"
    r"(?:reasonable|sufficient|appropriate|adequate|fair|proportionate|suitable)?(?:financial)?redress"
    r"(?:tothe(?:resident|complainant|tenant|leaseholder)s?)?"
    r"(?:(?:prior|before)(?:to)?(?:the|our|my|this|its)?(?:ombudsman'?s)?"
    r"(?:investigation|intervention)?)?)"
)
_OPINION: Final = (
    r"(?:[,;]?(?:which|that|and)?[,;]?in(?:(?:the|this)?(?:housing)?(?:ombudsman|service)'?s?"
    r"(?:opinion|view)|(?:the)?opinionofthe(?:housing)?ombudsman|(?:my|our)(?:opinion|view))[,;]?)"
)
_RESOLVES: Final = (
    r"(?:[,;]?(?:which|that|and)?[,;]?(?:satisfactorily|reasonably|would|has|have|to){0,4}"
    r"resolve[sd]?(?:the|its|this|these)?(?:complaints?(?!atisf)|matters?(?!atisf)|issues?(?!atisf))?"
    r"(?:satisfactorily|reasonably)?)"
)
_REFUSES: Final = (
    r"(?:(?:will|can|could|has|have|did|does|is|are|was){0,3}(?:not|n't|unableto)"
    r"(?:be)?(?:consider|investigate|determine|assess|lookinto)(?:e?d)?)"
)
_PATTERN: Final = re.compile(
    "|".join(
        (
            rf"{_SCHEME}?{_OPINION}?{_DECIDES}?{_SCHEME}?{_OFFER}{_OPINION}?{_RESOLVES}?{_ABOUT}?",
            (
                rf"{_SCHEME}?{_DECIDES}?{_SCHEME}?{_THERE}?{_HOW_MUCH}{_NOUN}"
                rf"(?:{_HOW_MUCH}{_NOUN}){{0,8}}{_BY}?{_OPINION}?{_RESOLVES}?{_ABOUT}?{_BY}?"
            ),
            rf"{_SCHEME}{_DECIDES}?{_THERE}?",
            rf"{_OPINION}{_RESOLVES}?{_ABOUT}?",
            r"(?:satisfactorily|reasonably)resolve[sd]?(?:the)?(?:complaints?|matters?)?",
            r"satisfactorily",
            rf"{_OMBUDSMAN}{_REFUSES}",
            (
                rf"{_DECIDES}?(?:(?:the|this|these)?(?:complaints?|matters?)(?:is|are|was|were))?"
                r"(?:partially|partly|not)?upheld"
            ),
        )
    )
)
_APOSTROPHES: Final = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'"})


def finding_spans(text: str) -> tuple[Span, ...]:
    """Return the passages of `text` that say the finding, in order and apart from each other."""
    places = [place for place, character in enumerate(text) if not character.isspace()]
    packed = "".join(text[place] for place in places)
    # Lower case letter by letter: a letter whose lower case is longer keeps its place.
    folded = "".join(c.lower() if len(c.lower()) == 1 else c for c in packed)
    words = folded.translate(_APOSTROPHES)
    found = []
    start = 0
    while (match := _PATTERN.search(words, start)) is not None:
        first, last = places[match.start()], places[match.end() - 1]
        if first and text[first - 1].isalnum() and text[first].isalnum():
            # Inside a word: what looks like `or` may be the end of `door`.
            start = match.start() + 1
            continue
        # A sign before the words belongs to what comes before them.
        lead = len(match.group()) - len(match.group().lstrip(",;:/"))
        found.append(Span(places[match.start() + lead], last + 1))
        start = match.end()
    return tuple(found)
