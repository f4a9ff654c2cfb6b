"""Discretion: too little harm, put right, for someone else, or only handling (s.24A(6))."""

from __future__ import annotations

from typing import Final

from ombud.labelling.functions import GUARDS, LabellingFunction

__all__ = ["FUNCTIONS"]

_INJUSTICE: Final = (
    LabellingFunction(
        "insufficient_injustice.stock",
        "insufficient_injustice",
        (
            (
                "not|no|without|any|insufficient|too _5 enough|significant|sufficient|serious|"
                "substantial|real|material|lasting|little|insufficient|great _2 "
                "injustice|harm|disadvantage|detriment|hardship|loss"
            ),
            "insufficient|little|no injustice|harm|detriment|disadvantage",
            "@injustice _5 not|n't _4 @enough|great|warrant|justify|merit",
            "@injustice _4 is|was|were|are|been|be too _2 @slight",
            (
                "too _1 @slight _6 warrant|justify|pursue|act|investigate|involvement|investigation|"
                "injustice|us|me|call|matter"
            ),
            "@injustice _4 too|so|only|merely @slight",
            "below|short|under _3 threshold",
            "@injustice _5 is|was|were|remains|are @slight|speculative|hypothetical",
        ),
        unless=("no authority|consent", "of @theirs own", "@theirs consent", "injustice himself"),
        stance="declined",
    ),
    LabellingFunction(
        "insufficient_injustice.no_loss",
        "insufficient_injustice",
        (
            "lost|suffered|missed|cost _3 nothing|little",
            "harmed|hurt|cost|troubled no|nobody|none one?",
            "none the worse",
            "nobody|no|none one? _2 was|is|went|came|acted _2 harmed|worse|hurt|short|disadvantaged",
            "came|come to no _1 harm|grief|loss",
            "did _4 no _1 harm|damage|injury",
            "no|little _1 consequence|consequences|ill|effect|practical for|beyond|on|effect|effects",
            "made no|little _2 difference to|for",
            "not _2 miss a|an|any|the",
            "did not _3 lose|suffer|miss",
            "not _2 a loss|harm|injustice|hardship",
        ),
        stance="declined",
    ),
    LabellingFunction(
        "insufficient_injustice.annoyance",
        "insufficient_injustice",
        (
            "@slight|mere|simple|ordinary _1 @annoyance",
            "@annoyance and no|nothing more",
            "is|was|be not enough for @we _2 act|pursue|investigate",
            "not _3 @warrant _3 @our|an|a _1 investigation|enquiry|involvement|attention",
            ("not _4 something _4 @we would|should|will|could _2 pursue|investigate|take"),
            "so _1 @slight|small _4 not|hardly _2 @warrant",
            "the? @injustice was|were|is minor|slight|trivial|small|modest|brief",
            "no more than _3 @annoyance",
            "beyond|except|save brief|mild|some|passing|short upset|@annoyance|distress",
        ),
        unless=("evidence _3 fault _5 warrant", "outcome|result|end _5 warrant"),
        stance="declined",
    ),
)

_REMEDIED: Final = (
    LabellingFunction(
        "already_remedied.stock",
        "already_remedied",
        (
            "already|since|now _4 put _4 right",
            "@body|has|have _3 put _5 right",
            (
                "@named_body _2 has|have already|since|now|also? _3 remedied|rectified|made|put _6 "
                "injustice|matters|things|right|good|it|error|mistake|loss|fault"
            ),
            "already|since|now _1 been? remedied|resolved|rectified|settled",
            "done|enough|sufficient|offered _4 to put|make|remedy _4 right|good|injustice",
            "satisfied|content|happy _2 with _3 actions|action|steps|remedy|offer|response|redress",
            (
                "suitable|appropriate|fair|adequate|proportionate|enough|reasonable|proper "
                "remedy|redress|amends|response _6 for|to|already|given|provided|offered|of"
            ),
            (
                "what|as|more|much|all _3 we|i would|should|could|might _4 "
                "recommend|recommended|sought|asked|proposed"
            ),
        ),
        unless=(
            "not _3 enough|satisfied|suitable",
            "no|nothing more|further",
            "no more than",
            "agreed|agrees|offers|compared",
            "likely|probably|if|way to _3",
        ),
        stance="declined",
        yields_to=("remedy_agreed_early", "fault_already_remedied"),
    ),
    LabellingFunction(
        "already_remedied.facts",
        "already_remedied",
        (
            "has|have|been already|since|now _1 been? @paid & !to review|reconsider",
            "@named_body _1 has|have already|since|now|also? @paid & !review|reconsider|appeal|agreed",
            "has since|already|now _4 been? @paid",
            "payment|refund|apology|repair|repairs has|have _1 been made|given|issued|done",
            "@have _1 made it|matters|things|this|that good|right",
        ),
        sections=frozenset(("summary", "decision", "body")),
        stance="declined",
        yields_to=("remedy_agreed_early",),
    ),
)

_ELSEWHERE: Final = (
    LabellingFunction(
        "other_body_better_placed.better",
        "other_body_better_placed",
        (
            "better|best placed|suited|equipped|able|qualified _3 to|than|for|by",
            "better|best _2 considered|dealt|handled|examined|answered|put _5 by|with|to|elsewhere",
            "more suitable|appropriate|proper|fitting body|place|organisation|regulator",
            (
                "proper|right|appropriate|natural|obvious _3 body|regulator|organisation|authority|one "
                "_2 to|for|is"
            ),
            (
                "exists|set|there _3 up? _2 to|for _4 such|this|these complaints|matters|disputes|"
                "questions"
            ),
        ),
        unless=("better placed|able|equipped to _3 pay|live|work|cope", "best _2 placed to pay"),
        stance="declined",
    ),
    LabellingFunction(
        "other_body_better_placed.go_there",
        "other_body_better_placed",
        (
            (
                "can|could|should|may|ought|free|expect|expected|reasonable|reasonably _5 "
                "complain|take|go|report|raise|ask|approach|put|refer|pursue|turn|contact _8 "
                "@regulator"
            ),
            (
                "can|could|should|may|ought|free|expect|expected|reasonable _5 "
                "complain|take|go|report|raise|ask|approach|put|refer|pursue|turn|contact _8 "
                "care|housing|health|professional|social|equality|pensions|charity "
                "quality|ombudsman|council|work|commission|regulator"
            ),
            (
                "for|to the? _2 information|care|housing|health|data|pensions|professional|social "
                "commissioner|quality|ombudsman|and|regulator|protection|work"
            ),
            (
                "@regulator has|have|can|is|could|oversees|deals|exists|regulates|alone _3 "
                "power|powers|decide|order|inspect|enforce|require|impose|examine|investigate|there|"
                "with|to|rule|consider|expert|expertise"
            ),
            (
                "@other_scheme ombudsman has|have|can|is|could|oversees|deals|exists|considers|looks "
                "_3 power|powers|decide|order|there|with|to|at|rule|consider|examine|investigate"
            ),
            (
                "matter|question|issue|point|points|complaint|it|one|job|task|that|this|those _2 "
                "for|belongs|lies|rests|sits|belong with|to? the|its|a? _3 @regulator"
            ),
            (
                "matter|question|issue|point|points|complaint|it|one|job|task|that|this|those _2 "
                "for|belongs|lies|rests|sits|belong with|to? the|its|a? _2 @other_scheme ombudsman"
            ),
            (
                "@regulator|ombudsman _5 better|right|proper|natural|obvious|specialist place|placed|"
                "body|one|forum|suited|equipped|powers"
            ),
            "power|powers|expertise|means that|which? we lack|do",
        ),
        unless=(
            "@minister",
            "with the? information",
            "@we|us _2 not _3 look|looked",
            "not|the ombudsman can|could|has|may|is not|no",
            "the ombudsman has|can|is|could not|no|never|discretion|found|decided",
            "planning",
        ),
        sections=frozenset(("summary", "assessment", "decision", "body")),
        stance="declined",
    ),
)

_HANDLING: Final = (
    LabellingFunction(
        "complaint_handling_only.substance",
        "complaint_handling_only",
        (
            (
                "complaint|complaints|correspondence _3 handling|handled|process|procedure|procedures|"
                "answered|dealt|response|responses +14 alone|isolation|itself|own|themselves|substance|"
                "substantive|underlying|subject|separately|main"
            ),
            (
                "alone|isolation|itself|own|themselves|substance|substantive|underlying|subject|"
                "separately|main|beneath|behind +14 complaint|complaints|correspondence _3 "
                "handling|handled|process|procedure|procedures|answered|dealt"
            ),
            (
                "how|way|manner|time|delay|speed _6 complaint|complaints|letter|letters|emails _4 "
                "handled|answered|dealt|replied|treated +12 alone|isolation|itself|own|themselves|"
                "substance|substantive|separately|when|where|if"
            ),
            (
                "not _3 good|proper|sensible|best|right|wise use of _2 public|our|money|funds|resources "
                "_6 complaint|complaints|replies|correspondence|letters"
            ),
            (
                "all|what|that|only _2 left|remains|remaining _5 "
                "complaint|complaints|reply|replies|replied|letters|correspondence|handling|handled|answered"
            ),
            (
                "@we _2 will|do|would|shall|can not|nor _3 "
                "look|investigate|consider|pursue|examine|go|enquire|separately _6 "
                "how|way|manner|time|delay|delays|handling _6 "
                "complaint|complaints|handled|answered|replied|letters|correspondence|reply|replies"
            ),
            (
                "handled|answered|replied|reply|replies|answering|replying|letters|correspondence|"
                "handling _10 alone|itself|themselves|own|isolation|separately"
            ),
            (
                "substance|rest|underlying|subject|main|heart _8 "
                "gone|falls|fallen|closed|aside|outside|not +10 handled|handling|replied|reply|replies|"
                "answered|correspondence|procedure|process|letters"
            ),
            (
                "public money|funds|resources|purse _8 complaint|complaints|replies|correspondence _3 "
                "handling|handled|procedure|process|answered|dealt"
            ),
        ),
        guards=GUARDS - {"negated", "conditional"},
        stance="declined",
    ),
)

FUNCTIONS: Final = (*_INJUSTICE, *_REMEDIED, *_ELSEWHERE, *_HANDLING)
