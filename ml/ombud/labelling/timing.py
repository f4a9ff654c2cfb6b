"""Jurisdiction: too late or too early (s.26B, 34D, 26(5))."""

from __future__ import annotations

from typing import Final

from ombud.labelling.functions import GUARDS, LabellingFunction

__all__ = ["FUNCTIONS"]

_DISCRETION_USED: Final = (
    "used|use|exercised|exercise|applied|overlooked|waived|disapplied _2 discretion|age|delay|time",
    "discretion _2 to|has|have been? consider|look|investigate|used|exercised",
)

_LATE: Final = (
    LabellingFunction(
        "late.said",
        "late",
        (
            "complaint|complaints is|was|are|were|being _2 late|old|stale|belated",
            (
                "complaint|complaints|it|she|he|they|mr|mrs|ms|miss|mx _2 came|comes|come|coming|"
                "brought|complained|arrives|arrived _2 late"
            ),
            "came|comes|come|coming|complained|waited|reached|reaches _2 too|far _1 late|long",
            "complaint|complaints|it _5 is|was|lies|falls _2 out of time",
            "complaint|complaints|it|matter _5 outside|beyond|past _4 time|period|limit|year|months",
            "it is stale",
            "too many|long years|ago",
            "too long after|ago|before",
        ),
        unless=(
            *_DISCRETION_USED,
            "@named_body|home|it _3 replied|answered|decided|acted|sent|responded|told _4 late",
            "bus|payment|carer|visit|visits|payments|bill _3 late",
        ),
        stance="declined",
    ),
    LabellingFunction(
        "late.late_complaint",
        "late",
        ("@investigate _3 late complaint|complaints", "this|a|the late complaint"),
        unless=(*_DISCRETION_USED, "not|hardly a late", "@have decided to"),
        guards=GUARDS - {"negated"},
        stance="declined",
    ),
    LabellingFunction(
        "late.no_good_reason",
        "late",
        (
            (
                "no|not|without|any|nothing _3 @good _1 @reason _8 delay|delayed|late|wait|waited|"
                "waiting|interval|sooner|earlier|long|gap|back|reopen|time|exercise|complaining|"
                "complained|lateness|then|before|discretion|past"
            ),
            (
                "delay|delayed|late|wait|waited|waiting|interval|busy|gap|lateness +9 no|not|without _3 "
                "@good _1 @reason"
            ),
            "@month +14 no|not|without _3 @good _1 @reason",
            "known|knew|aware|saw +16 no|not|without|which _3 @good _1 @reason",
            "not _6 @good _1 @reason for so? _2 long|delay|delaying|waiting|gap|interval",
            (
                "no|not @good? cause|reason|ground to|for _3 go|going|reopen|reopening|look|looking "
                "_3 back|far|events|past"
            ),
            "busy|unaware|unwell|grieving _4 is|was|are not|no _3 @reason",
        ),
        guards=GUARDS - {"negated", "conditional"},
        unless=("good reason _3 to accept|investigate|look", "no|not|good reason _5 @appeal"),
        stance="declined",
    ),
    LabellingFunction(
        "late.could_have_come",
        "late",
        (
            (
                "could|should|might|ought|able|reasonable|free _4 "
                "complained|come|approached|contacted|written|brought|told|complain|come _6 "
                "sooner|earlier|then|before|within|years"
            ),
            (
                "nothing|what _5 stopped|prevented|prevents|kept|hindered _8 "
                "sooner|earlier|approach|complaining|coming|before|writing|complaint|then|us"
            ),
            (
                "more than|over|well? _3 @month _8 complained|complaint|complaining|us|approached|"
                "came|coming|wrote|ombudsman"
            ),
            (
                "knew|known|aware|saw|learned|learnt|learning|realised +18 did|had|until|before|told|"
                "nobody|waited not|n't|she|he|they|nobody|until _4 complain|write|come|us|wrote|"
                "complained|came|approach|tell"
            ),
            (
                "knew|known|aware|saw|learned|learnt _16 until|in|nearly|over|more +10 "
                "complained|complain|came|wrote|approached|tell|telling|contacted us|me|ombudsman|anyone"
            ),
            (
                "saw|knew|known|aware +14 first? wrote|came|complained|told _3 us|nobody|me|in|until|"
                "only"
            ),
            (
                "@month before she|he|they|mr|mrs|ms|miss|mx _2 wrote|came|complained|approached|told|"
                "contacted"
            ),
            "kept|left|sat|let _4 to|on|go|it _3 for|by years|months|many",
            "@month went|gone|passed|let go|going? by|in _2 which? _3",
            "wrote|complained|came here|us only|in|until|after",
        ),
        unless=(
            *_DISCRETION_USED,
            "@named_body _3 knew|aware",
            "may|could appeal|court|tribunal sooner|earlier",
        ),
        stance="declined",
    ),
    LabellingFunction(
        "late.time_rule",
        "late",
        (
            (
                "not|no|nothing|neither|cannot _7 lift|waive|disapply|relax|exercise|use|set|look|"
                "overlook|extend _4 discretion|time|rule|limit|bar|power|deadline"
            ),
            (
                "not|no|nothing|neither _8 justify|justifies|warrant|excuse|explain|excuses|explains "
                "_6 delay|wait|back|reopening|reopen|opening|lateness|age|years|today|late|so|discretion"
            ),
            (
                "no|not reason|grounds|cause|basis to|for exercise|use|exercising|using|lift|lifting|"
                "waive|waiving|disapply|set|depart"
            ),
            "time limit|bar|rule applies|stands|prevents|should|has|had",
            (
                "events|evidence|account|memories|memory|records|recollection|recollections _8 "
                "reliable|reliably|old|gone|faded|lost|destroyed|dimmed"
            ),
            (
                "no|not|nobody|longer _6 reliable|reliably _4 account|finding|findings|established|"
                "establish|say|found|known|evidence|now"
            ),
            "too old|distant|long _4 to be|for|now|establish",
            "back _2 so|that|this|across far|many|long|years",
            "no one|longer _3 can|could now|still _3 say|tell|recall|remember|establish",
        ),
        guards=GUARDS - {"negated"},
        unless=("@tribunal|@court|@minister",),
        stance="declined",
    ),
)

_PREMATURE: Final = (
    LabellingFunction(
        "premature.no_chance_yet",
        "premature",
        (
            (
                "not|yet|n't|without|before _3 had|given|been|having|giving|have|has|get _3 "
                "chance|opportunity|time|notice _4 "
                "answer|reply|respond|consider|deal|investigate|look|put|comment|of"
            ),
            (
                "must|should|needs|need|ought|entitled|fair|reasonable _5 "
                "chance|opportunity|time _4 answer|reply|respond|consider|deal|investigate|look|before"
            ),
            (
                "@body _2 must|should|needs|ought|can|be _5 reply|answer|respond|consider|look|chance "
                "_3 first"
            ),
            "@named_body|it should|must|needs|ought _5 before @we",
        ),
        stance="declined",
        guards=GUARDS - {"negated"},
    ),
    LabellingFunction(
        "premature.complaints_procedure",
        "premature",
        (
            (
                "not|n't|yet|never|without _4 completed|complete|finished|exhausted|used|been|gone|"
                "begun|tried|complained|followed|run|reached _6 "
                "complaint|complaints|procedure|process|course|stage|stages|through"
            ),
            (
                "complaint|complaints _2 procedure|process|stages|stage _6 not|n't|yet|still|only|must|"
                "should|under _3 completed|finished|ended|exhausted|way|begun|run|first|used|followed"
            ),
            "complaint|it|this is|was|comes|came _2 premature|early|prematurely",
            "not|never|n't|yet _4 complained|complain|put|raised|told _4 to|with _2 @named_body",
            (
                "should|must|needs|ought|can|could _3 complain|put|raise|take|write _5 "
                "@named_body _2 first|before"
            ),
            "first|before complain|complained|complaining|put|raise to _2 @named_body",
            "come|return|complain|back _2 to us if|once|when|after|should",
            (
                "@named_body _2 still|yet _3 considering|looking|dealing|answering|investigating|reply|"
                "respond|answer"
            ),
            (
                "let|allow|allowing|leave|give the|its|it? @named_body|it _5 "
                "answer|reply|respond|deal|finish|consider|look|chance|time|opportunity"
            ),
            "too early|soon for|to",
            "has|have yet to _2 complain|raise|put|answer|reply|respond|tell|decide",
            "not _2 finished|run|reached _4 course|end|stage|it",
            "wrote|came|complained|turned|approached to us|me before|without|first",
            (
                "before she|he|they _4 word|anything|complained|complaint _4 "
                "anyone|@named_body|manager|staff"
            ),
        ),
        stance="declined",
        guards=GUARDS - {"negated", "conditional"},
        unless=(
            "@minister",
            "@tribunal",
            "@court",
            "has|have|had|was now|since|then completed|finished",
            "too long|late",
        ),
    ),
)

FUNCTIONS: Final = (*_LATE, *_PREMATURE)
