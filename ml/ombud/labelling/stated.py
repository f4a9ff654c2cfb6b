"""Grounds stated outright, so that one sentence is enough, even in an assessment.

A second ground often stands only in the assessment. What is told there in passing is no ground;
what counts is the Ombudsman saying what he will not do, or what may be expected, and why.
"""

from __future__ import annotations

from typing import Final

from ombud.documents import SectionKind
from ombud.labelling.functions import GUARDS, VERDICT_SECTIONS, LabellingFunction

__all__ = ["FUNCTIONS"]

_SECTIONS: Final[frozenset[SectionKind]] = VERDICT_SECTIONS | {"assessment", "findings"}

_PATTERNS: Final[dict[str, tuple[str, ...]]] = {
    "insufficient_evidence_of_fault": (
        "insufficient|no|little|any|scant _1 evidence of fault|wrongdoing|maladministration",
        "not|n't enough|sufficient evidence",
        (
            "unlikely|improbable|likely|prospect|expect _8 find|finding|found|see _6 fault|wrong|amiss|"
            "wrongdoing|alleges|maladministration & not|unlikely|improbable|little|no|n't"
        ),
        "not|nor|hardly|n't _3 amount|point|evidence _2 to|of _3 fault|wrongdoing",
    ),
    "nothing_significant_achieved": (
        (
            "@investigation|looking|pursuing|continuing|answer|finding|findings|we|i _6 "
            "unlikely|would|could +4 lead|achieve|produce|result|bring|secure|change|gain|leave & "
            "not|nothing|no|unlikely|little|nobody|where & !@want|evidence|fault|order & "
            "different|worthwhile|better|larger|significant|useful|nothing|meaningful|further|more|"
            "where|anything|nobody|position"
        ),
        (
            "nothing|little|no _2 significant|worthwhile|useful|meaningful _5 achieve|achieved|gained|"
            "served|purpose|come"
        ),
        (
            "no|little|any _2 purpose|point|benefit|use|value in|served|to & @investigation|us|our|"
            "investigating|finding|looking"
        ),
        "not|nothing _3 usefully _3 recommend|ask|add|achieve|propose|alter|change",
    ),
    "insufficient_injustice": (
        (
            "not|no|insufficient|without|n't _6 significant|enough|sufficient|serious injustice|harm "
            "& !significant injustice to|for _6 others"
        ),
        "injustice|harm _4 is|was|were not|n't _3 significant|enough|sufficient|serious|great",
        (
            "injustice|harm|effect|effects|loss|consequence|consequences|upset|inconvenience|impact|"
            "trouble|disadvantage _4 is|was|were _1 too|so|very|only|not|slight|small|minor|trivial|"
            "limited|modest|brief|insufficient & slight|small|minor|little|trivial|limited|modest|brief|"
            "insufficient|enough|great|significant & !fault caused|causing"
        ),
        (
            "suffered|caused|lost|suffer _4 no|little|insufficient _4 injustice|harm|loss|consequence & "
            "!consent|authority|own|himself|herself"
        ),
        (
            "too _2 slight|small|minor|little|limited|light|trivial _8 warrant|justify|pursue|us|"
            "investigate|investigation|involvement|injustice|act"
        ),
        (
            "not|n't|nor|hardly _6 degree|kind|sort|harm|injustice|loss|such _6 "
            "justify|warrant|warrants|justifies|lead|call|calls & @our|us|investigation|investigate|"
            "involvement|intervention & !fault|evidence|replies|letters|handled"
        ),
    ),
    "outcome_sought_not_achievable": (
        (
            "not|neither|nor|n't|unable|never _3 achieve|give|deliver|secure|provide|obtain|get|"
            "bring|grant +6 outcome|outcomes|result|results|what|remedy|thing|things +6 "
            "@want|sought|after & !no longer|not want"
        ),
        (
            "outcome|outcomes|result|results|remedy|what|thing|things|works +6 "
            "@want|sought|after +8 achieve|achieved|give|given|gift|power|powers|ours|deliver|order|"
            "command|provide|reach|bring & not|nor|neither|beyond|outside|n't|no|none & "
            "!no longer|not want|tribunal|inspector"
        ),
        "not|nor|neither|n't|beyond|outside _3 @our gift",
    ),
    "cannot_add_to_earlier_investigation": (
        (
            "not|nothing|little|unlikely|n't|hardly|nor|no +6 add|adds|adding|added +8 "
            "investigation|investigations|report|inquiry|enquiry|findings|found|review|work|"
            "response|reply|answer|answers|explanation & !value|significant|@regulator & !nothing for|of"
        ),
        (
            "add|adds|added nothing|little & investigation|report|inquiry|findings|found|review|his|hers & "
            "!value|@regulator & !nothing for|of"
        ),
    ),
    "appeal_already_used": (
        "used|exercised _3 right|rights _2 appeal & !could|should|not|never|n't _3 used|exercised",
        "right|rights _2 appeal _6 been|was|were used|exercised|taken & !not|n't|never _2 used",
        (
            "@have already? appealed _4 to _3 @tribunal|@minister & "
            "!could|can|may|might|should|would|not|n't|never _3 have|has|appealed"
        ),
        "appeal having been? made|determined|heard|decided|dismissed|lost",
    ),
    "already_considered": (
        (
            "@we _3 already|previously|before|once|twice _3 considered|decided|ruled|answered|"
            "determined|dealt|investigated|looked & !not|n't _2 already"
        ),
        (
            "@we _4 considered|decided|answered|determined|ruled|dealt|investigated +6 "
            "same|complaint|matter|this|it|events|that|them|point|points +6 "
            "before|already|previously|once|twice|ago & !decided not|to|against|that"
        ),
        (
            "not|n't _3 go|look|consider|reopen|revisit|decide|rule|answer +6 again|twice|afresh|"
            "second & @we|our|ombudsman & decided|decision|considered|answered|already|before|once"
        ),
    ),
    "withdrawn": (
        "withdrawn|withdrew|withdraws|withdraw _3 complaint|complaints",
        "complaint|complaints|case _3 been? withdrawn",
        (
            "no longer _2 wishes|wants|wish|want|wished|wanted _4 complain|pursue|pursued|complaint|"
            "investigate|us"
        ),
    ),
    "already_remedied": (
        (
            "regard|consider|think|is|be|a|provided|already|itself _5 "
            "suitable|satisfactory|fair|sufficient|appropriate|adequate|proportionate _1 "
            "remedy|redress|recompense & has|have|had|already|which|paid|refunded|credited|cancelled|"
            "apologised & !agreed|offered|early|will|would"
        ),
        "@named_body|it _2 has|have _4 put _4 right & !agreed|not|n't|offered|if",
        "already _3 put _4 right & !agreed|not|n't|offered|if",
        (
            "what|more|all|as _5 @we would|should|might have? _3 recommended|proposed|asked|sought "
            "& !agreed|offered|compared"
        ),
    ),
    "late": (
        (
            "complaint|it|this|part|matter _2 is|was|came|comes late & !not|n't _2 late & "
            "!used|use|exercised|waived|although|though"
        ),
        (
            "no|not|without|any|nor _4 good|sufficient|proper|adequate|real _2 "
            "reason|reasons|cause|excuse|explanation & delay|interval|late|wait|waited|years|sooner|"
            "earlier|time|discretion|gap|months|now|back"
        ),
        (
            "could|should|ought _4 complained|come|approached|written _6 sooner|earlier|then|before "
            "& us|ombudsman|complained|sooner"
        ),
        "too long|late to|for|after|now|before & complain|complained|wait|waited|us|complaint|it",
        (
            "not|n't|no _6 exercise|use|using|exercising _3 discretion & late|delay|time|years|months|"
            "sooner|earlier|favour & !@tribunal|@court"
        ),
    ),
    "premature": (
        (
            "should|must|ought|entitled|needs _4 "
            "chance|opportunity|time|turn _6 before|first|answer|reply|respond"
        ),
        "complaint|it _2 is|was premature",
        (
            "not|n't|nobody|no|nor _6 complained|complaint|put _6 to the @named_body & "
            "!consent|appeal|review|harm & chance|first|before|yet|about|letter|procedure"
        ),
    ),
    "court_remedy": (
        (
            "reasonable|reasonably|expect|expected +10 @court|sue|claim & "
            "!not _2 reasonable|reasonably & !conduct|proceedings|order|already|told|said|@tribunal|police"
        ),
        (
            "claim|dispute|question|matter|liability|one +6 may|can|could|should _2 take|put|bring _2 "
            "to|before _2 @court & !told|said|already"
        ),
    ),
    "tribunal_appeal_right": (
        (
            "reasonable|reasonably|expect|expected|fair +10 appeal|@tribunal|appealed & "
            "!not _2 reasonable|reasonably & !not _3 expect & !@minister|review|court|planning & "
            "@tribunal|appeal|her|him|them"
        ),
        (
            "right|rights|could|can|may _4 appeal|appealed _8 @tribunal & !already|used|employment & "
            "!not|n't|never _3 appeal|right"
        ),
    ),
    "ministerial_appeal_right": (
        (
            "reasonable|reasonably|expect|expected|should +10 appeal|appealed|@minister & @minister|"
            "planning & !not _2 reasonable & !already|used"
        ),
        (
            "right|rights|could|can|may|might _4 appeal|appealed _8 @minister & !already|used & "
            "!not|n't|never _3 appeal|right"
        ),
        (
            "inspector|minister could|can|may|would _3 granted|grant|decide|consider|allow|look & "
            "!police|tax|building|ofsted"
        ),
    ),
    "other_body_better_placed": (
        (
            "better|best _1 placed|suited|equipped & !not|no|neither _2 better & "
            "!@minister|@tribunal|@court|pay|she|he"
        ),
        (
            "for|to the information|housing|health|parliamentary _1 commissioner|ombudsman & "
            "is|are|belongs|matter|matters|should|can|expect & !not|been|has|had|part|withheld"
        ),
    ),
    "court_proceedings": (
        (
            "@we|ombudsman _2 can|could|may not _12 court|judge|proceedings & "
            "proceedings|said|told|evidence|conduct|decided|happened|start|order"
        ),
        "part _3 conduct|start _6 proceedings|claim|case",
        "conduct|start of _2 court? proceedings & law|excludes|not|cannot|bars|outside|power",
        (
            "court|judge|bench|magistrates & decided|ruled|order|ordered|before & hands|behind|power|"
            "jurisdiction|bar|bars|law|excludes"
        ),
    ),
    "crime_investigation": (
        "@we|ombudsman _2 can|could|may not _14 crime|offence|criminal",
        (
            "investigation|prevention of _2 crime|offence|offences & law|excludes|excluded|bars|not|"
            "outside|jurisdiction|power|schedule|act"
        ),
    ),
    "personnel_matter": (
        (
            "personnel|employment|staffing matter|matters|decision|decisions & "
            "@we|law|act|excluded|excludes|outside|jurisdiction|remit|us|schedule|is|are & "
            "!not|n't _2 personnel|employment|staffing"
        ),
        (
            "@we|ombudsman _2 can|could|may not _12 staff|employees|personnel|discipline|employment & "
            "!school|evidence"
        ),
    ),
    "school_internal_matter": (
        (
            "@we|ombudsman _2 can|could|may not _12 school|schools|head|teacher|teachers|lessons & "
            "internal|conduct|discipline|management|running|run|taught|teaching|inside|within & "
            "!evidence|admission|transport|panel"
        ),
        "part of _2 how the? school is run",
        "internal _2 management|organisation|affairs|running of a|the? school|schools",
    ),
    "outside_jurisdiction": (
        (
            "not|outside|nor|neither|beyond _4 @our|the _2 jurisdiction & body|trust|provider|company|"
            "landlord|association|charity|she|he|it|nhs|hospital|college|firm|person & "
            "!court|late|time|crime|personnel|contract|employment|appeal|brought|parliament|commercial & "
            "!not|n't _1 outside|beyond"
        ),
        "not|nor|n't _2 a? _1 body|organisation|provider _5 power|jurisdiction|investigate|we|us",
    ),
    "complaint_handling_only": (
        (
            "handling|handled|reply|replies|correspondence|letters|answered|response|responses|"
            "process|procedure & alone|isolation|itself|own|separately|apart & "
            "not|n't|nor|no & @we|our|ombudsman|justify|warrant|resources|stand & "
            "complaint|complaints|reply|replies|correspondence|letters"
        ),
        (
            "complaint|complaints|letters|replies|reply|correspondence _6 "
            "handled|answered|dealt|handling|written|process|procedure & "
            "not|n't|nor & resources|money|isolation|alone|own|itself|separately|substance|when|"
            "where & looking|pursuing|investigating|dealing|use|resources|money|consider|"
            "investigate|look|attention"
        ),
    ),
    "own_review_available": (
        (
            "reasonable|reasonably|expect|expected|should|ought +10 "
            "review|reconsideration|reconsider & !not reasonable|@tribunal|@court|judicial|should have|"
            "annual|was|were"
        ),
    ),
}

_VERDICT_ONLY: Final = frozenset(("already_considered", "appeal_already_used", "withdrawn"))
"""What an assessment tells of the past is not yet why a complaint is closed."""

_ALSO_INVESTIGATED: Final = frozenset(("late", "court_remedy", "tribunal_appeal_right"))
"""Parts of an investigated complaint may be left for these reasons."""

_YIELDS: Final = {
    "already_remedied": ("remedy_agreed_early", "fault_already_remedied"),
    "nothing_significant_achieved": ("remedy_agreed_early",),
    "tribunal_appeal_right": (
        "appeal_already_used",
        "court_remedy",
        "ministerial_appeal_right",
        "own_review_available",
    ),
}

_ABOUT_OTHERS: Final = (
    "@named_body|home|school _2 said|says|told|wrote|argued|found|considered",
    "another|other|separate|different complaint|matter|part|appeal|claim",
    "not _1 part of this|the complaint",
    "by the way",
    "does not matter|arise",
    "set aside",
    "as if|though",
    "@we _1 not|n't accept|agree that",
)

FUNCTIONS: Final = tuple(
    LabellingFunction(
        f"{label}.stated",
        label,
        patterns,
        unless=_ABOUT_OTHERS,
        sections=VERDICT_SECTIONS if label in _VERDICT_ONLY else _SECTIONS,
        # What will not be looked at by itself is the ground of this one.
        past_refusal=label != "complaint_handling_only",
        guards=GUARDS - {"negated"},
        stance=None if label in _ALSO_INVESTIGATED else "declined",
        yields_to=_YIELDS.get(label, ()),
        weight="firm",
    )
    for label, patterns in _PATTERNS.items()
)
