"""Jurisdiction: the matter could be taken to court (s.26(6)(c))."""

from __future__ import annotations

from typing import Final

from ombud.labelling.functions import LabellingFunction

__all__ = ["FUNCTIONS"]

_COURT: Final = (
    LabellingFunction(
        "court_remedy.go_to_court",
        "court_remedy",
        (
            "remedy|remedies|redress in|at|through|before _2 @court|law",
            (
                "can|could|may|might|should|ought|able|free|reasonable|reasonably|expect|expected|open|"
                "entitled|look _8 @go|go|claim _10 @court"
            ),
            "@court _6 could|can|might|should _2 been? asked",
            (
                "can|could|may|might|should|ought|unreasonable|reasonable|fairly _10 "
                "make|bring|start|issue|pursue a|an|the|such|her|his|their|it _2 claim|action|"
                "proceedings|case"
            ),
            "gave|had|allowed _8 @month|days|weeks|time _6 go|apply|appeal _4 before|to _3 @court",
            (
                "could|should|might _4 raised|argued|defended|put|tested|taken _8 @court|rehearing|"
                "proceedings|hearing"
            ),
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
            (
                "@court _2 can|could|may|would|is|are|alone|exists|has|have _6 @decide|remedy|person|"
                "place|power|say|compel|restore|make"
            ),
            "for|to|by|with the|a|an _2 @court",
            "that|which|what is what|for _3 @court",
            (
                "is|are|turns|turn|depends|question|questions|point|matter|matters _3 law|legal _6 "
                "@court|judge|declaration"
            ),
            "damages|negligence|liability|compensation|contract _12 @court",
            "@court _10 damages|negligence|liability|compensation",
        ),
        unless=(
            "court of protection",
            "small claims",
            "term for",
            "said|says|say|told|wrote|argued|lied|evidence|witness _8 to|before _3 @court",
            (
                "application|report|statement|account|evidence|applied|went|taken|gave _3 to|for|by|with"
                " _2 @court"
            ),
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

FUNCTIONS: Final = _COURT
