"""Jurisdiction: another way to have it decided, open or used (s.26(6))."""

from __future__ import annotations

from typing import Final

from ombud.labelling.functions import LabellingFunction

__all__ = ["FUNCTIONS"]

_USED: Final = (
    "has|have|had|having already? appealed|used|exercised|lost|won",
    "an? appeal having",
    "appeal|appeals _4 was|were|been dismissed|decided|determined|heard|upheld|refused|rejected",
)
_NOT_MEANT: Final = (
    "employment tribunal",
    "mentions|mentioned|mention|quotes|enclosed|enclose|printed|overleaf|address|named|leaflet",
    "not reasonable to|for",
    "too much to ask|expect _8",
    "is|are|was|were|does|do not deal|decide|consider|cover|hear",
    "cannot|can not appeal",
    "no right of appeal",
    "another|separate|different complaint|appeal|matter|claim",
    "neighbour|neighbours|door|someone 's own? appeal",
)

_TRIBUNAL: Final = (
    LabellingFunction(
        "tribunal_appeal_right.right",
        "tribunal_appeal_right",
        (
            (
                "right|rights|route|chance|opportunity|way|time|days|month|months|weeks _5 "
                "@appeal _8 @tribunal"
            ),
            "@tribunal _6 right|rights|route _3 appeal",
            "@tribunal _1 to go|turn|appeal to?",
        ),
        unless=(*_USED, *_NOT_MEANT),
        yields_to=("appeal_already_used",),
    ),
    LabellingFunction(
        "tribunal_appeal_right.could_go",
        "tribunal_appeal_right",
        (
            (
                "can|could|may|might|should|ought|able|free|reasonable|reasonably|expect|expected|open|"
                "entitled _8 @go _10 @tribunal"
            ),
            (
                "can|could|may|might|should _3 been? put|taken|appealed|asked|gone|referred|argued _10 "
                "@tribunal"
            ),
            "@tribunal _8 reasonable|reasonably|expect|expected|open|available",
            "reasonable|reasonably|expect|expected _5 @appeal|use _8 @tribunal",
            "valuation|traffic panel|adjudicator|tribunal",
        ),
        unless=(*_USED, *_NOT_MEANT, "valuation office only"),
        stance="declined",
        yields_to=("appeal_already_used",),
    ),
    LabellingFunction(
        "tribunal_appeal_right.unnamed",
        "tribunal_appeal_right",
        (
            "@have|had|gave|carried|carries|with|was|is _3 right|rights _1 of|to appeal",
            "appeal right|rights",
            "reasonable|reasonably|expect|expected _8 @appeal|exercise _6",
            "could|should|can|may have? @appeal|appealed",
        ),
        unless=(
            *_USED,
            *_NOT_MEANT,
            "@minister",
            "@court",
            "review|panel|stage",
            "not|never _2 right",
        ),
        sections=frozenset(("summary", "decision", "body")),
        stance="declined",
        yields_to=(
            "appeal_already_used",
            "ministerial_appeal_right",
            "own_review_available",
            "court_remedy",
        ),
    ),
    LabellingFunction(
        "tribunal_appeal_right.its_job",
        "tribunal_appeal_right",
        (
            (
                "place|body|one|forum|person _8 argue|settle|decide|test|challenge|contest|raise|for|to "
                "+12 @tribunal"
            ),
            "for|to|before|by the|a|an _5 @tribunal",
            "@tribunal _4 decides|exists|can|could|is|was|considers|hears|deals|may|has",
        ),
        unless=(*_USED, *_NOT_MEANT, "appealed _8 @tribunal"),
        sections=frozenset(("summary", "assessment", "decision", "body")),
        stance="declined",
        yields_to=("appeal_already_used",),
    ),
)

_MINISTER: Final = (
    LabellingFunction(
        "ministerial_appeal_right.inspector",
        "ministerial_appeal_right",
        (
            (
                "right|rights|chance|opportunity|way|route|time|days|month|months|weeks _6 "
                "@appeal _8 @minister"
            ),
            (
                "can|could|may|might|should|ought|able|free|reasonable|reasonably|expect|expected|open|"
                "entitled _8 @go _10 @minister"
            ),
            (
                "can|could|may|might|should _3 been? put|taken|appealed|asked|gone|referred|argued|"
                "tested _10 @minister"
            ),
            "appealing|appeal to the? _2 @minister",
            "for|before|by the|a|an planning @minister",
            "for|before the|a secretary|minister",
            (
                "@minister _3 can|could|may|is|decides|exists|considers|hears|would _4 "
                "decide|grant|consider|overturn|place|person|allow|test|one|say|look|weigh|quash"
            ),
            "@minister _6 reasonable|reasonably|expect|expected",
        ),
        unless=(
            *_USED,
            *_NOT_MEANT,
            "police|information|tax|charge|building|school|ofsted inspector|inspectors",
            "@have _2 been before|appealed",
        ),
        stance="declined",
        yields_to=("appeal_already_used",),
    ),
)

_ALREADY_USED: Final = (
    LabellingFunction(
        "appeal_already_used.used",
        "appeal_already_used",
        (
            "used|exercised|exercising|taken|pursued _2 right|rights|route _2 appeal",
            "right|rights _2 appeal _6 been|was|were|is used|exercised|taken",
            "appeal having _2 made|determined|heard|decided|dismissed|lost",
            "has|have|had|having already? _1 appealed|appeal",
            (
                "@have been? _2 appealed|challenged|taken|put|been|decided|determined|tested|argued "
                "_3 to|before|by|at|with _3 @tribunal|@minister"
            ),
            "challenged|appealed|contested|tested|fought before|to|by|at _3 @tribunal|@minister",
            "having taken|gone|used|chosen|appealed _8 cannot|can",
            "once _6 appeal|appealed|appeals _6 no|cannot|not|beyond|ends|loses",
        ),
        unless=(
            "has|have|had not|never|n't|yet _2 appealed|used|appeal",
            "neighbour|neighbours|applicant|applicants",
            "door|another|other|different|someone 's? own? appeal|case",
            "cannot|could|can|may|might|should _1 have|be",
            "employment tribunal",
            "separate|unrelated|another|different",
            "council _2 has|have|had _2 appealed",
        ),
        stance="declined",
    ),
)

_REVIEW: Final = (
    LabellingFunction(
        "own_review_available.review",
        "own_review_available",
        (
            (
                "right|rights|entitled|chance|opportunity|invited|free|days|weeks|month _6 "
                "review|reviewed|reconsideration|reconsidered"
            ),
            (
                "can|could|should|may|might|ought|reasonable|reasonably|expect|expected|open _6 "
                "ask|request|seek|apply|use|have|obtain|take _8 review|reviewed|reconsideration|"
                "reassessment|scheme|relief"
            ),
            (
                "review|scheme|procedure|process|reconsideration|route _5 "
                "can|could|open|available|exists|may|untried _4 consider|look|to|put|change|her|him|them|"
                "weigh|be|decide|reach"
            ),
            (
                "review|scheme|reconsideration|route|form _8 not _2 been? _1 tried|used|requested|"
                "sought|sent|made|asked|applied"
            ),
            (
                "not _2 asked|sought|requested|applied|used|tried|sent _4 review|reconsideration|scheme|"
                "form|relief|reassessment"
            ),
            "has|have|with a|the|own? _1 right|means of _2 review",
            (
                "internal|statutory|own|independent|formal _1 review|appeal|reconsideration _8 "
                "open|available|use|used|first|ask|untried|tried"
            ),
            "ask|asks|asked|asking _4 to reconsider|look _2 again|decision",
            "appeal _3 to the? council|authority|panel _2",
        ),
        unless=(
            "judicial review",
            "annual|yearly review",
            "next reviewed",
            "@tribunal|@minister|@court",
            "has|had|have _2 asked|requested|had|used|completed _4 review",
            "review|reviews _4 was|were|took|upheld|confirmed|found|decided",
            "reviewing|reviewed _4 case|plan|care",
        ),
        stance="declined",
    ),
)

_ALREADY_DECIDED: Final = (
    LabellingFunction(
        "appeal_already_used.decided",
        "appeal_already_used",
        (
            (
                "decided|determined|settled|dismissed|upheld|confirmed|lost|refused _3 on|at|by|before _2 "
                "appeal|@tribunal|@minister"
            ),
            (
                "@tribunal|@minister has|have? already|since? dismissed|upheld|refused|rejected|"
                "confirmed|decided|determined|ruled|heard|considered _3 "
                "the|her|his|their|it|them|appeal|case|charge|on|this"
            ),
            "appeal has|have been _1 decided|determined|dismissed|heard|considered",
        ),
        unless=(
            "neighbour|neighbours|applicant|applicants",
            "door|another|other|different|someone 's? own? appeal|case",
            "cannot|could|can|may|might|should _1 have",
            "employment tribunal",
            "separate|unrelated|another|different",
        ),
        sections=frozenset(("summary", "decision", "body")),
        stance="declined",
    ),
)

FUNCTIONS: Final = (*_TRIBUNAL, *_MINISTER, *_ALREADY_USED, *_ALREADY_DECIDED, *_REVIEW)
