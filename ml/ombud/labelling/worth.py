"""Discretion: too little harm, put right, for someone else, dealt with, dropped or stopped."""

from __future__ import annotations

from typing import Final

from ombud.labelling.functions import LabellingFunction

__all__ = ["FUNCTIONS"]

_INJUSTICE: Final = (
    LabellingFunction(
        "insufficient_injustice.stock",
        "insufficient_injustice",
        (
            "not|no|without|any|insufficient|too _5 enough|significant|sufficient|serious|"
            "substantial|real|material|lasting|little|insufficient|great _2 "
            "injustice|harm|disadvantage|detriment|hardship|loss",
            "insufficient|little|no injustice|harm|detriment|disadvantage",
            "@injustice _5 not|n't _4 @enough|great|warrant|justify|merit",
            "@injustice _4 is|was|were|are|been|be too _2 @slight",
            "too _1 @slight _6 warrant|justify|pursue|act|investigate|involvement|investigation|"
            "injustice|us|me|call|matter",
            "@injustice _4 too|so|only|merely @slight",
            "below|short|under _3 threshold",
            "@injustice _5 is|was|were|remains|are @slight|speculative|hypothetical",
        ),
        stance="declined",
    ),
    LabellingFunction(
        "insufficient_injustice.no_loss",
        "insufficient_injustice",
        (
            "lost|suffered|missed|cost|costs|costing _3 nothing|little",
            "harmed|hurt|cost|troubled no|nobody|none one?",
            "none the worse",
            "nobody|no|none one? _2 was|is|went|came|acted _2 harmed|worse|hurt|short|disadvantaged",
            "came|come to no _1 harm|grief|loss",
            "did _4 no _1 harm|damage|injury",
            "no|little _1 consequence|consequences|ill|effect|practical for|beyond|on|effect|effects",
            "made|make|makes no|little _2 difference to|for",
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
            "not _4 something _4 @we would|should|will|could _2 "
            "pursue|investigate|take",
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
            "@named_body _2 has|have already|since|now|also? _3 remedied|rectified|made|put _6 "
            "injustice|matters|things|right|good|it|error|mistake|loss|fault",
            "already|since|now _1 been? remedied|resolved|rectified|settled",
            "done|enough|sufficient|offered _4 to put|make|remedy _4 right|good|injustice",
            "satisfied|content|happy _2 with _3 actions|action|steps|remedy|offer|response|redress",
            "suitable|appropriate|fair|adequate|proportionate|enough|reasonable|proper "
            "remedy|redress|amends|response _6 for|to|already|given|provided|offered|of",
            "what|as|more|much|all _3 we|i would|should|could|might _4 "
            "recommend|recommended|sought|asked|proposed",
        ),
        unless=("not _3 enough|satisfied|suitable", "no|nothing more|further", "no more than"),
        stance="declined",
        yields_to=("remedy_agreed_early",),
    ),
    LabellingFunction(
        "already_remedied.facts",
        "already_remedied",
        (
            "has|have|been already|since|now _1 been? @paid",
            "@named_body _1 has|have already|since|now|also? @paid",
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
            "proper|right|appropriate|natural|obvious _3 body|regulator|organisation|authority|one "
            "_2 to|for|is",
            "exists|set|there _3 up? _2 to|for _4 such|this|these complaints|matters|disputes|"
            "questions",
        ),
        unless=("better placed|able|equipped to _3 pay|live|work|cope", "best _2 placed to pay"),
        stance="declined",
    ),
    LabellingFunction(
        "other_body_better_placed.go_there",
        "other_body_better_placed",
        (
            "can|could|should|may|ought|free|expect|expected|reasonable|reasonably _5 "
            "complain|take|go|report|raise|ask|approach|put|refer|pursue|turn|contact _8 "
            "commissioner|regulator|ico|cqc|ofsted|phso|ofgem|ofcom|executive|inspectorate",
            "can|could|should|may|ought|free|expect|expected|reasonable _5 "
            "complain|take|go|report|raise|ask|approach|put|refer|pursue|turn|contact _8 "
            "care|housing|health|professional|social|equality|pensions|charity "
            "quality|ombudsman|council|work|commission|regulator",
            "for|to the? _2 information|care|housing|health|data|pensions|professional|social "
            "commissioner|quality|ombudsman|and|regulator|protection|work",
            "commissioner|regulator|commission|ico|cqc|ofsted|executive has|have|can|is|"
            "could|oversees|deals|exists|regulates _3 power|powers|decide|order|inspect|enforce|"
            "require|impose|examine|investigate|there|with|to|rule|consider",
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
            "complaint|complaints|correspondence _3 handling|handled|process|procedure|procedures|"
            "answered|dealt|response|responses +14 alone|isolation|itself|own|themselves|substance|"
            "substantive|underlying|subject|separately|main",
            "alone|isolation|itself|own|themselves|substance|substantive|underlying|subject|"
            "separately|main|beneath|behind +14 complaint|complaints|correspondence _3 "
            "handling|handled|process|procedure|procedures|answered|dealt",
            "how|way|manner|time|delay|speed _6 complaint|complaints|letter|letters|emails _4 "
            "handled|answered|dealt|replied|treated +12 alone|isolation|itself|own|themselves|"
            "substance|substantive|separately|when|where|if",
            "not _3 good|proper|sensible|best|right|wise use of _2 public|our|money|funds|resources "
            "_6 complaint|complaints|replies|correspondence|letters",
            "public money|funds|resources|purse _8 complaint|complaints|replies|correspondence _3 "
            "handling|handled|procedure|process|answered|dealt",
        ),
        guards=frozenset(("reported", "quoted", "menu")),
        stance="declined",
    ),
)

_BEFORE: Final = (
    LabellingFunction(
        "already_considered.ours",
        "already_considered",
        (
            "@we have|has|had|having already|previously|earlier|once|twice considered|decided|"
            "answered|dealt|ruled|determined|investigated|looked|given|adjudicated",
            "@we _1 considered|decided|answered|dealt|ruled|determined|investigated|gave "
            "_2 it|this|that|these|same|answer _8 before|already|previously|twice|last|earlier|"
            "once|in|then",
            "something|complaint|complaints|matter|what|one|matters|it @we have|had? _1 "
            "dealt|decided|answered|considered|determined with|on? in|before|already|twice|once|"
            "last|earlier",
            "@we have|had decided|answered|ruled|determined|settled _1 "
            "it|this|that|these|the|on _2 complaint|once|already|before",
            "having|have already? ruled|decided|determined|adjudicated _3 before|already|once|twice",
            "same complaint|complaints|matter|matters|issue|issues|events|subject _6 "
            "@we _3 decided|considered|answered|dealt|investigated|before|already",
            "not _3 go|going|look|looking|reopen|reopening|revisit|reconsider|consider|investigate "
            "_5 our|own|same|again|twice|already _4 decision|decisions|matter|complaint|decided|"
            "considered|time|ground",
            "put|brought|complained to us|me once|before|already|twice|previously _3",
            "not|nothing _5 new _6 since @we _2 decided|decision|considered",
        ),
        unless=("decided not|against|to|that", "not|n't _2 looked|considered|decided|dealt"),
        guards=frozenset(("quoted", "negated", "conditional", "menu")),
        stance="declined",
    ),
)

_STOPPED: Final = (
    LabellingFunction(
        "investigation_discontinued.stopped",
        "investigation_discontinued",
        (
            "discontinued|discontinue|discontinuing",
            "@we have|has|had|am|are|is|will|therefore _2 stopped|ended|ending|end|stop|ceased|"
            "halted|stopping _2 investigation|enquiries|inquiries|enquiring|investigating",
            "ended|ending|stopped|stopping his|her|our|my|the|this investigation|enquiries|inquiries",
            "investigation|enquiries|inquiries _6 go|goes|going|taken|proceed no further",
            "no|not reason|cause|case|justification _3 carry|continue|go|continuing|carrying on|"
            "with|the|investigating|investigation|enquiries|my|our",
            "part|half|mid way|through|read",
            "part|half|mid - way|read",
        ),
        unless=("service|scheme|payment|payments|support|care discontinued|stopped|ended",),
        guards=frozenset(("reported", "quoted", "conditional", "menu")),
        yields_to=("withdrawn", "fault_causing_injustice", "no_fault"),
    ),
)

_WITHDRAWN: Final = (
    LabellingFunction(
        "withdrawn.complaint",
        "withdrawn",
        (
            "withdrawn|withdrew|withdraws|withdrawing|withdraw her|his|their|the|this|it complaint|"
            "complaints|and|so",
            "complaint|complaints|it|matter _2 has|have|was|is|been|being _1 withdrawn",
            "complaint|complaints|this|it|matter|everything|file|case _2 be? dropped|withdrawn _3",
            "no longer wishes|wants|wish|want|wished|wanted|desires _2 "
            "complain|pursue|continue|go|proceed|us|the|this",
            "not want|wish|wants _4 complaint|investigation|matter|us|case|it _3 "
            "pursued|continue|continued|investigated|go|proceed|taken",
            "not want|wish to go|continue|proceed|pursue|carry on|with|the|it|any|further|this",
            "closed|ended|close|closing|stopped|end _6 at _5 request|wish",
            "want|wants|wanted|asked|asks|like|wished _4 dropped|stopped|closed|dropping _3",
            "not|no _4 go on|ahead against @theirs wish|wishes|will",
        ),
        unless=(
            "@named_body _3 withdrew|withdraw|withdrawn|closed|stopped|dropped",
            "withdrew|withdrawn|withdraw _2 notice|offer|charge|penalty|decision|support|plan|appeal|"
            "application|objection|service",
        ),
        guards=frozenset(("quoted", "conditional", "menu", "negated")),
        stance="declined",
    ),
)

FUNCTIONS: Final = (
    *_INJUSTICE,
    *_REMEDIED,
    *_ELSEWHERE,
    *_HANDLING,
    *_BEFORE,
    *_STOPPED,
    *_WITHDRAWN,
)
