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
            "right|rights|route|chance|opportunity|way|time|days|month|months|weeks _5 "
            "@appeal _8 @tribunal",
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
            "can|could|may|might|should|ought|able|free|reasonable|reasonably|expect|expected|open|"
            "entitled _8 @go _10 @tribunal",
            "can|could|may|might|should _3 been? put|taken|appealed|asked|gone|referred|argued _10 "
            "@tribunal",
            "@tribunal _8 reasonable|reasonably|expect|expected|open|available",
            "reasonable|reasonably|expect|expected _5 @appeal|use _8 @tribunal",
            "valuation|traffic panel|adjudicator|tribunal",
        ),
        unless=(*_USED, *_NOT_MEANT, "valuation office only"),
        stance="declined",
        yields_to=("appeal_already_used",),
    ),
    LabellingFunction(
        "tribunal_appeal_right.its_job",
        "tribunal_appeal_right",
        (
            "place|body|one|forum|person _8 argue|settle|decide|test|challenge|contest|raise|for|to "
            "+12 @tribunal",
            "for|to|before|by the|a|an _5 @tribunal",
            "@tribunal _4 decides|exists|can|could|is|was|considers|hears|deals|may|has",
        ),
        unless=(*_USED, *_NOT_MEANT, "that tribunal hears", "appealed _8 @tribunal"),
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
            "right|rights|chance|opportunity|way|route|time|days|month|months|weeks _6 "
            "@appeal _8 @minister",
            "can|could|may|might|should|ought|able|free|reasonable|reasonably|expect|expected|open|"
            "entitled _8 @go _10 @minister",
            "can|could|may|might|should _3 been? put|taken|appealed|asked|gone|referred|argued|"
            "tested _10 @minister",
            "appealing|appeal to the? _2 @minister",
            "for|before|by the|a|an planning @minister",
            "for|before the|a secretary|minister",
            "@minister _3 can|could|may|is|decides|exists|considers|hears|would _4 "
            "decide|grant|consider|overturn|place|person|allow|test|one|say|look|weigh|quash",
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

_COURT: Final = (
    LabellingFunction(
        "court_remedy.go_to_court",
        "court_remedy",
        (
            "remedy|remedies|redress in|at|through|before _2 @court|law",
            "can|could|may|might|should|ought|able|free|reasonable|reasonably|expect|expected|open|"
            "entitled|look _8 @go|go|claim _10 @court",
            "@court _6 could|can|might|should _2 been? asked|petitioned",
            "can|could|may|might|should|ought|unreasonable|reasonable|fairly _10 "
            "make|bring|start|issue|pursue a|an|the|such|her|his|their|it _2 claim|action|"
            "proceedings|case",
            "gave|had|allowed _8 @month|days|weeks|time _6 go|apply|appeal _4 before|to _3 @court",
            "could|should|might _4 raised|argued|defended|put|tested|taken _8 @court|rehearing|"
            "proceedings|hearing",
            "leave _3 to a|the @court",
        ),
        unless=(
            "not reasonable to|for",
            "court of protection",
            "small claims",
            "wondered",
            "not|never _3 start|conduct",
            "could|may|can not _2 bind|claim|sue",
            "@court heard|found|made|decided|ruled|refused|granted|ordered",
            "police|prosecuted|prosecution",
            "@tribunal",
        ),
        stance="declined",
    ),
    LabellingFunction(
        "court_remedy.its_job",
        "court_remedy",
        (
            "@court _2 can|could|may|would|is|are|alone|exists|has|have _6 @decide|remedy|person|"
            "place|power|say|compel|restore|make",
            "for|to|by|with the|a|an _2 @court",
            "that|which|what is what|for _3 @court",
            "is|are|turns|turn|depends|question|questions|point|matter|matters _3 law|legal _6 "
            "@court|judge|declaration",
            "damages|negligence|liability|compensation|contract _12 @court",
            "@court _10 damages|negligence|liability|compensation",
        ),
        unless=(
            "court of protection",
            "small claims",
            "term for",
            "said|says|say|told|wrote|argued|lied|evidence|witness _8 to|before _3 @court",
            "application|report|statement|account|evidence|applied|went|taken|gave _3 to|for|by|with"
            " _2 @court",
            "@court heard|found|made|decided|ruled|refused|granted|ordered",
            "@body _3 to|for _2 @court",
            "@have _3 been _3 @court",
            "conduct|conducted|proceedings|hearing|liability order|witness|fine|fined",
            "@tribunal",
        ),
        sections=frozenset(("summary", "assessment", "decision", "body")),
        stance="declined",
        yields_to=("court_proceedings",),
    ),
    LabellingFunction(
        "court_remedy.liability",
        "court_remedy",
        (
            "legal|disputed liability _6 insurer|insurers|claim|decide|judge|law",
            "damages claim|claims _6 insurer|insurers|court|solicitor|law|others",
            "negligence|damages _8 insurer|insurers|others|claim|elsewhere",
            "injured|injury|damage|damaged _10 turns|turn|depends _6 medical|expert|legal|evidence",
        ),
        unless=("term for", "not gone into", "set aside", "alleges|alleged"),
        stance="declined",
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
            "has|have|had|having|been already? appealed|appeal",
            "@have been? _2 appealed|challenged|taken|put|been|decided|determined|tested|argued "
            "_3 to|before|by|at|with _3 @tribunal|@minister|@court",
            "challenged|appealed|contested|tested|fought before|to|by|at _3 "
            "@tribunal|@minister",
            "having taken|gone|used|chosen|appealed _8 cannot|can",
            "once _6 appeal|appealed|appeals _6 no|cannot|not|beyond|ends|loses",
            "decided|determined|settled|dismissed|upheld _3 on|at|by _2 appeal|@tribunal|@minister",
            "@tribunal|@minister _2 dismissed|upheld|refused|rejected|allowed|confirmed|struck|"
            "decided|determined _3 the|her|his|their|it|them|appeal|case|charge",
        ),
        unless=(
            "has|have|had not|never|n't|yet _2 appealed|used|appeal",
            "neighbour|neighbours|door|another|other|different|someone 's? own? appeal|applicant|case",
            "cannot|could|can|may|might|should have _1 appealed|been",
            "employment tribunal",
            "separate|unrelated|another|different",
            "council _2 has|have|had _2 appealed",
        ),
        guards=frozenset(("reported", "quoted", "conditional", "menu", "negated")),
        stance="declined",
    ),
)

_REVIEW: Final = (
    LabellingFunction(
        "own_review_available.review",
        "own_review_available",
        (
            "right|rights|entitled|chance|opportunity|invited|free|days|weeks|month _6 "
            "review|reviewed|reconsideration|reconsidered",
            "can|could|should|may|might|ought|reasonable|reasonably|expect|expected|open _6 "
            "ask|request|seek|apply|use|have|obtain|take _8 review|reviewed|reconsideration|"
            "reassessment|scheme|relief",
            "review|scheme|procedure|process|reconsideration|route _5 "
            "can|could|open|available|exists|may|untried _4 consider|look|to|put|change|her|him|them|"
            "weigh|be|decide|reach",
            "review|scheme|reconsideration|route|form _8 not _2 been? _1 tried|used|requested|"
            "sought|sent|made|asked|applied",
            "not _2 asked|sought|requested|applied|used|tried|sent _4 review|reconsideration|scheme|"
            "form|relief|reassessment",
            "has|have|with a|the|own? _1 right|means of _2 review",
        ),
        unless=(
            "judicial review",
            "annual|yearly review",
            "@tribunal|@minister|@court",
            "has|had|have _2 asked|requested|had|used|completed _4 review",
            "review|reviews _4 was|were|took|upheld|confirmed|found|decided",
            "reviewing|reviewed _4 case|plan|care",
        ),
        stance="declined",
    ),
)

FUNCTIONS: Final = (*_TRIBUNAL, *_MINISTER, *_COURT, *_ALREADY_USED, *_REVIEW)
