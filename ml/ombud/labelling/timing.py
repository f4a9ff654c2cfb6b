"""Jurisdiction: too late, too early, too many, not theirs to bring (s.26(5), 26(7), 26A, 26B)."""

from __future__ import annotations

from typing import Final

from ombud.labelling.functions import LabellingFunction

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
            "complaint|complaints|it|matter|this is|was|are|were|being _1 too? late|old|stale",
            "complaint|complaints|it|she|he|they|mr|mrs|ms|miss|mx _2 came|comes|come|coming|was|"
            "were|brought|made|complained _2 late",
            "came|comes|come|coming|brought|made|left|complained|waited|reached|reaches _2 too|far "
            "_1 late|long",
            "complaint|complaints|it _5 is|was|lies|falls _2 out of time",
            "complaint|complaints|it|matter _5 outside|beyond|past _4 time|period|limit|year|months",
            "it is stale",
            "too many|long years|ago",
            "too long after|ago|a|to|before|for",
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
        guards=frozenset(("reported", "quoted", "conditional", "menu")),
        stance="declined",
    ),
    LabellingFunction(
        "late.no_good_reason",
        "late",
        (
            "no|not|without|any|nothing _3 @good _1 @reason _8 delay|delayed|late|wait|waited|"
            "waiting|interval|sooner|earlier|long|gap|back|reopen|time|exercise|complaining|"
            "complained|lateness|then|before|discretion|past",
            "delay|delayed|late|wait|waited|waiting|interval|busy|gap|lateness +9 no|not|without _3 "
            "@good _1 @reason",
            "@month +14 no|not|without _3 @good _1 @reason",
            "known|knew|aware|saw +16 no|not|without|which _3 @good _1 @reason",
            "not _6 @good _1 @reason for so? _2 long|delay|delaying|waiting|gap|interval",
            "no|not @good? cause|reason|ground to|for _3 go|going|reopen|reopening|look|looking "
            "_3 back|far|events|past",
            "busy|unaware|stewed|grieving _4 is|was|are not|no _3 @reason",
        ),
        guards=frozenset(("reported", "quoted", "menu")),
        unless=("good reason _3 to accept|investigate|look", "no|not|good reason _5 @appeal"),
        stance="declined",
    ),
    LabellingFunction(
        "late.could_have_come",
        "late",
        (
            "could|should|might|ought|able|reasonable|free _4 "
            "complained|come|approached|contacted|written|brought|told|complain|come _6 "
            "sooner|earlier|then|before|within|years",
            "nothing|what _5 stopped|prevented|prevents|kept|hindered _8 "
            "sooner|earlier|approach|complaining|coming|before|writing|complaint|then|us",
            "more than|over|well? _3 @month _8 complained|complaint|complaining|us|approached|"
            "came|coming|wrote|ombudsman",
            "knew|known|aware|saw|learned|learnt|learning|realised +18 did|had|until|before|told|"
            "nobody|waited not|n't|she|he|they|nobody|until _4 complain|write|come|us|wrote|"
            "complained|came|approach|tell",
            "knew|known|aware|saw|learned|learnt _16 until|in|nearly|over|more +10 "
            "complained|complain|came|wrote|approached|tell|telling|contacted us|me|ombudsman|anyone",
            "saw|knew|known|aware +14 first? wrote|came|complained|told _3 us|nobody|me|in|until|"
            "only",
            "@month before she|he|they|mr|mrs|ms|miss|mx _2 wrote|came|complained|approached|told|"
            "contacted",
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
            "not|no|nothing|neither|cannot _7 lift|waive|disapply|relax|exercise|use|set|look|"
            "overlook|extend _4 discretion|time|rule|limit|bar|power|deadline",
            "not|no|nothing|neither _8 justify|justifies|warrant|excuse|explain|excuses|explains "
            "_6 delay|wait|back|reopening|reopen|opening|lateness|age|years|today|late|so|discretion",
            "no|not reason|grounds|cause|basis to|for exercise|use|exercising|using|lift|lifting|"
            "waive|waiving|disapply|set|depart",
            "time limit|bar|rule applies|stands|prevents|should|has|had",
            "events|evidence|account|memories|memory|records|recollection|recollections _8 "
            "reliable|reliably|old|gone|faded|lost|destroyed|dimmed",
            "no|not|nobody|longer _6 reliable|reliably _4 account|finding|findings|established|"
            "establish|say|found|known|evidence|now",
            "too old|distant|long _4 to be|for|now|establish",
            "back _2 so|that|this|across far|many|long|years",
            "no one|longer _3 can|could now|still _3 say|tell|recall|remember|establish",
        ),
        guards=frozenset(("reported", "quoted", "conditional", "menu")),
        unless=("@tribunal|@court|@minister",),
        stance="declined",
    ),
)

_PREMATURE: Final = (
    LabellingFunction(
        "premature.no_chance_yet",
        "premature",
        (
            "not|yet|n't|without|before _3 had|given|been|having|giving|have|has|get _3 "
            "chance|opportunity|time|notice _4 "
            "answer|reply|respond|consider|deal|investigate|look|put|comment|of",
            "must|should|needs|need|ought|entitled|fair|reasonable|has _5 "
            "chance|opportunity|time _4 answer|reply|respond|consider|deal|investigate|look|before",
            "@body _2 must|should|needs|ought|can|be _5 reply|answer|respond|consider|look|chance "
            "_3 first",
            "@named_body|it should|must|needs|ought _5 before @we",
        ),
        stance="declined",
        guards=frozenset(("reported", "quoted", "conditional", "menu")),
    ),
    LabellingFunction(
        "premature.complaints_procedure",
        "premature",
        (
            "not|n't|yet|never|without _4 completed|complete|finished|exhausted|used|been|gone|"
            "begun|tried|complained|followed|run|reached _6 "
            "complaint|complaints|procedure|process|course|stage|stages|through",
            "complaint|complaints _2 procedure|process|stages|stage _6 not|n't|yet|still|only|must|"
            "should|under _3 completed|finished|ended|exhausted|way|begun|run|first|used|followed",
            "complaint|it|this is|was|comes|came _2 premature|early|prematurely",
            "not|never|n't|yet _4 complained|complain|put|raised|told _4 to|with _2 @named_body",
            "should|must|needs|ought|can|could _3 complain|put|raise|take|write _5 "
            "@named_body _2 first|before",
            "first|before complain|complained|complaining|put|raise to _2 @named_body",
            "come|return|complain|back _2 to us if|once|when|after|should",
            "wrote|came|complained|turned|approached to us|me before|without|first",
            "before she|he|they _4 word|anything|complained|complaint _4 "
            "anyone|@named_body|manager|staff",
        ),
        stance="declined",
        guards=frozenset(("reported", "quoted", "menu")),
        unless=("@minister", "@tribunal", "@court", "has|have|had|was now|since|then completed|finished"),
    ),
)

_INHABITANTS: Final = (
    LabellingFunction(
        "affects_most_inhabitants.all_or_most",
        "affects_most_inhabitants",
        (
            "all|most|nearly|almost|every or|of|and most|every|all|the _4 "
            "people|inhabitants|residents|households|household|taxpayers|home|homes|living|"
            "townspeople|ratepayers|families",
            "most|nearly|almost|virtually|practically all|every? _2 "
            "people|inhabitants|residents|households|household|taxpayers|home|homes|residents|one",
            "every|each|whole|entire|all|everyone|everybody _3 household|home|resident|inhabitant|"
            "inhabitants|resident|residents|council|borough|district|county|town|city|population|"
            "parish _3 alike|equally|at|same|affected|affects|pays|touched|as|in|once",
            "affects|affect|affected|affecting|touches|falls|falling|fell|reaches|bears _3 "
            "everyone|everybody|all|most|every|whole|borough|county|district|town|city|generality",
            "borough|county|district|town|city|area|public|community at large",
            "borough|county|district|town|city|area|community as a whole",
            "so widely|generally|broadly shared|felt|spread|affecting",
            "shared|shares|share|common|borne _3 by|with|to _2 neighbours|everyone|all|every|whole|"
            "residents|most|other",
            "no|not|n't|same _4 differently|more|worse|other|different _3 than|from|to|way _4 "
            "neighbours|everyone|anyone|residents|others|households|inhabitants|other",
            "neighbours|neighbour|others|everyone _1 's? as much|well as",
            "in the same position|boat as|with _4 neighbours|everyone|residents|most|others",
        ),
        stance="declined",
        unless=("staff|pupils|tenants|drivers|members",),
    ),
)

_ELIGIBLE: Final = (
    LabellingFunction(
        "complainant_not_eligible.standing",
        "complainant_not_eligible",
        (
            "no standing|locus",
            "not|n't _3 someone|person|people|anyone|one|those who|whom|that|entitled|able _4 "
            "complain|bring|make|complaint|represent|speak",
            "not _2 entitled|eligible|qualified|able|authorised|permitted|allowed|suitable _4 "
            "complain|bring|make|represent|speak|act|complainant|representative",
            "not _4 's|theirs|his|her|hers to bring|make|complain",
            "not _3 suitable|proper|right|appropriate _2 person|representative|one to|for",
            "cannot|can|may not complain|bring|speak|act to|for|on|this|it|us _4 "
            "behalf|them|him|her|complaint|name|us",
            "ineligible|disqualified",
        ),
        stance="declined",
        unless=("@named_body _1 was|is not entitled", "not entitled to _3 help|benefit|support"),
    ),
    LabellingFunction(
        "complainant_not_eligible.consent",
        "complainant_not_eligible",
        (
            "no|not|without|n't|none|refused|refuses|withheld|lacks|lack _6 "
            "consent|authority|permission|mandate|leave|authorised|consented|agreement|signature _6 "
            "complain|complaint|behalf|represent|speak|act|bring|him|her|them|from|to|for",
            "not|none|nobody|no one? _6 asked|signed|authorised|appointed|wants|instructed|consented "
            "_4 him|her|them|complaint|complain|speak|it|act|represent",
            "complaint|complain|speaks|speak _6 behalf|for _8 without|not|refused|against _4 "
            "consent|authority|permission|leave|wishes|agreement",
            "not|n't _3 want|wish _2 it|him|her|them|this to be _3 him|father|her|mother|them|who|by",
            "does|do|did not _3 want|wish|consent|agree _3 his|her|their|him|them|to "
            "father|mother|parent|son|daughter|complain|act|represent|speak|him|her",
        ),
        stance="declined",
        guards=frozenset(("quoted", "conditional", "menu")),
        unless=("order|licence|planning|building consent|permission", "without|no planning"),
        yields_to=("withdrawn",),
    ),
    LabellingFunction(
        "complainant_not_eligible.not_affected",
        "complainant_not_eligible",
        (
            "is|are|as|being a? _1 public body|authority",
            "not|neither|never _5 member|members of the public",
            "not|never _4 personally|directly|himself|herself|themselves _2 "
            "affected|caused|suffered|touched",
            "complain|complains|complaint|acts|writes as|in _4 councillor|officer|clerk|capacity|"
            "employee|body|council|official",
            "acts|acting|complains|complaining|writes|bringing _3 official|public capacity|"
            "role|office|duty",
            "parish|town|another council|authority cannot|can|may not? _3 complain|bring|be",
            "neither|not|never|nor|n't _3 ever? lives|lived|live|lodged|rented|stayed there|in|at",
        ),
        stance="declined",
        unless=("@injustice",),
    ),
)

FUNCTIONS: Final = (*_LATE, *_PREMATURE, *_INHABITANTS, *_ELIGIBLE)
