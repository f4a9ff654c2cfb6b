"""Other ways to have it decided, as summaries and final decisions put it (s.26(5) and (6))."""

from __future__ import annotations

from typing import Final

from ombud.labelling.functions import GUARDS, VERDICT_SECTIONS, LabellingFunction

__all__ = ["FUNCTIONS"]

_OPEN: Final = (
    "can|could|may|might|should|ought|able|free|reasonable|reasonably|expect|expected|open|"
    "entitled|right|rights|for|to|by|with|through|before|had|has|have|until|is|was|belongs"
)
"""Words that offer a way; which of them it is, the words around tell."""

_GONE: Final = (
    "@have|having|been +3 appealed|ruled|decided|dismissed|determined|heard|upheld|used|lost|"
    "answered|settled"
)

_FORUM: Final = "@tribunal|@minister"
_MIGHT: Final = (
    "could|can|may|might|should|would|must _2 "
    "have|be|appeal|go|put|take|use|ask|decide|hear|consider|change|settle|determine|exercise"
)
"""What may still be done has not been done; "we cannot look" is no such thing."""

_FORUMS: Final = (
    LabellingFunction(
        "tribunal_appeal_right.verdict",
        "tribunal_appeal_right",
        (
            f"{_OPEN} +10 @tribunal",
            f"@tribunal +6 {_OPEN}",
            "@tribunal _3 decides|settles|hears|deals|exists",
            (
                "appeal|appeals|appealed|appealing +6 could|can|may|should|open|available|right|"
                "reasonable|expect|use|used|made|lodged & !@minister|planning & !review|stage & !@court"
            ),
            (
                "right|rights|chance|could|can|may|should|might _6 appeal|appealed & !@minister|planning|"
                "permission & !review|stage|council's & !@court|magistrates"
            ),
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        unless=(
            _GONE,
            "employment tribunal",
            "not _2 reasonable",
            "no right of appeal",
            "cannot|can not _2 appeal",
            "@our decision",
        ),
        stance="declined",
        yields_to=(
            "appeal_already_used",
            "ministerial_appeal_right",
            "own_review_available",
            "court_remedy",
        ),
    ),
    LabellingFunction(
        "ministerial_appeal_right.verdict",
        "ministerial_appeal_right",
        (
            f"{_OPEN} +10 @minister",
            f"@minister +6 {_OPEN}",
            "planning appeal|appeals",
            (
                "appeal|appealed|appealing & planning|permission|enforcement|refusal|notice|"
                "certificate|consent|application|condition|development|extension|tree|trees & "
                "could|can|may|should|right|open|reasonable|expect & !@tribunal & !panel|valuation"
            ),
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        unless=(
            _GONE,
            "police|information|tax|charge|building|school|ofsted|housing|food inspector|inspectors",
            "an inspector visited|came|called",
            "written|wrote|write to ministers",
            "prohibit|teacher|care quality|ofsted",
            "not _2 reasonable",
            "no right of appeal",
            "cannot|can not _2 appeal",
        ),
        stance="declined",
        yields_to=("appeal_already_used",),
    ),
    LabellingFunction(
        "court_remedy.verdict",
        "court_remedy",
        (
            (
                "can|could|may|might|should|ought|free|reasonable|reasonably|expect|expected|open|"
                "entitled|look|leave|for|one|matter|question +10 "
                "@court|sue|litigate|litigation & !conduct|proceedings|said|told|evidence|witness"
                " & !was|police|heard|panel"
            ),
            (
                "@court +6 can|could|may|might|should|would|is|are|decide|settle|determine|say|rule|"
                "test & !conduct|proceedings|said|told|evidence|witness"
            ),
            (
                "legal|court action|proceedings|claim|remedy|redress|advice & can|could|may|should|open|"
                "reasonable|expect|available & !conduct"
            ),
            (
                "claim|claims|damages|compensation|negligence|liability|insurers|insurer & "
                "can|could|may|should|for|others|elsewhere|law|legal|@court|decide|open & "
                "negligence|liability|liable|insurers|insurer|damages|injury|legal|law & !@fault"
            ),
            "question|matter|point|dispute|issue _3 law|title|ownership|boundary|liability|negligence",
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        unless=(
            "court of protection",
            "small claims & !could|can|may",
            "not _2 reasonable",
            "@court has|have|had|was|were|already|heard|made|fixed|ruled|decided|granted|ordered|gave",
            "by|before|in|at _3 @court +4 decided|settled|ruled",
            "decided|settled|ruled|fixed|determined _2 by|in|at _3 @court",
            "said|told|given|evidence _4 court|judge|hearing",
            "has|have|had|been _2 before|to _2 @court",
            "@tribunal",
            "panel who",
            "use of public|our money|funds",
        ),
        stance="declined",
        yields_to=("court_proceedings",),
    ),
    LabellingFunction(
        "appeal_already_used.verdict",
        "appeal_already_used",
        (
            (
                f"{_FORUM} _4 ruled|decided|dismissed|determined|heard|upheld|settled|answered|"
                "rejected|confirmed|fixed|tested|refused|agreed|allowed|considered|directed|ordered|"
                f"found|stood & !{_MIGHT}"
            ),
            (
                "ruled|decided|dismissed|determined|heard|upheld|settled|answered|rejected|"
                "confirmed|fixed|lost|tested|contested|challenged|argued|won _4 on|at|by|before|in|"
                f"through|with|to _3 {_FORUM}|appeal & !{_MIGHT}"
            ),
            (
                "used|exercised|using|exercising|tried|pursued|taken|took|followed|chosen|chose _5 "
                f"right|rights|route|appeal|road|course|remedy|way & appeal|route|road|{_FORUM}|"
                f"court|courts & !{_MIGHT} & !not|n't _2 used|exercised|tried|taken|take"
            ),
            (
                "took|taken|brought|argued|fought|went|gone|been|appealed _6 "
                f"to|before|by|with|at _4 {_FORUM} & !{_MIGHT} & !not|n't|never _3 put|gone|been|"
                "taken|brought|appealed|argued"
            ),
            (
                "@title|she|he|they|parents|family|couple|firm|company|who _2 "
                f"appealed & !{_MIGHT} & !not|n't|never _2 appealed & !panel"
            ),
            f"@have already? appealed & !{_MIGHT} & !not|n't|never|yet appealed & !panel",
            "appeal having been? made|determined|heard|decided|dismissed|lost",
            "appeal|appeals _4 failed|succeeded|unsuccessful|successful & !panel|school|admission",
            f"chose|chosen|elected|decided _2 appeal|{_FORUM} & to & !decided not",
            f"is|are|now|currently _3 before|with _2 {_FORUM} & !could|should|may",
            f"{_FORUM} _1 is _1 considering|deciding|hearing",
            (
                "appeal|appeals _2 was|were|is|are|has|have|been _2 dismissed|heard|rejected|lost|"
                "allowed|determined|pending|underway|unheard|lodged|decided|made|upheld|refused|won "
                f"& !panel|school|admission|admissions|stage & !{_MIGHT}"
            ),
            (
                "lodged|submitted|filed|started|issued|pending|current|ongoing _3 appeal|appeals|claim "
                "& !panel & !could|should|may"
            ),
            (
                "took|taken|put|brought|pursued|went|gone|fought|argued|applied _5 to|before|in _3 "
                f"@court & !conduct|proceedings|witness|evidence|order|said|told|report & !{_MIGHT}"
            ),
            (
                "settled|fixed|decided|determined|decision _2 by|of _3 @court & "
                "!conduct|proceedings|order|care|said|evidence"
            ),
        ),
        unless=(
            "neighbour|neighbours|applicant|applicants|developer|developers 's|has|have|had|appealed",
            "how the appeal",
            "in front of",
            "another|other|different|separate|unrelated appeal|case|matter",
            "employment tribunal",
            "appeal|appeals panel",
            "had|has|have|gave|carried|with|carries an? _1 right|rights of|to appeal & !used|exercised",
            "reasonable|reasonably|to be argued|expect|expected|open",
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        guards=GUARDS - {"negated"},
        stance="declined",
    ),
    LabellingFunction(
        "own_review_available.verdict",
        "own_review_available",
        (
            (
                "can|could|should|may|might|ought|reasonable|reasonably|expect|expected|open|offer|"
                "offers|offered|available|ask|asks|asked|yet|not|first|use|request|invited|free|"
                "entitled|right|untried|until|while|apply|still|provides|seek|seeks|would +8 "
                "review|reviewed|reconsider|reconsidered|reconsideration|reworked|recalculated|"
                "reassess|reassessed|reassessment|assessment|redetermination|reconsiders|revisit|"
                "revise|scheme|relief|representations|objection|panel|again|afresh|anew"
                f" & !{_FORUM}|@court|judicial|annual|care & "
                "ask|asked|asks|yet|right|use|open|available|offers|offered|reasonable|apply|expect|"
                "way|first|request|seek|untried & !complaint|complaints procedure|process"
            ),
            (
                "review|reconsideration|reassessment|scheme|relief|panel|procedure|route|"
                "representations +8 can|could|may|available|open|offered|offers|exists|untried|first|"
                "yet|ask|asked|used|tried|sought|requested|unused|still|there "
                f"& !{_FORUM}|@court|judicial|annual & council|its|own|authority|second|officer|ask|"
                "asked|open|right|offers|internal|reconsideration|reassessment & "
                "!complaint|complaints procedure|process"
            ),
            (
                "appeal|appeals|appealed|challenge|object +7 "
                "panel|stage|council|authority|officer|officers|internal|independent|itself|local & "
                "can|could|should|may|might|ought|reasonable|reasonably|expect|open|yet|free|"
                f"right|still|first|available|offered|use & !{_FORUM}|@court|planning|heard|fault"
            ),
            (
                "own|internal|statutory|independent|formal|further|second _2 "
                "review|appeal|appeals|reconsideration|stage|panel & can|could|should|may|ought|"
                "reasonable|reasonably|expect|open|yet|free|right|still|first|available|use|asked & "
                f"!{_FORUM}|@court|complaint|complaints|fault"
            ),
            (
                "look|looked|assessed|considered|decided|judged|done|checked|calculated +4 again|afresh|anew & "
                "ask|asked|asks|can|could|may|yet|offered|expect|first|request|would|right & "
                f"!{_FORUM}|@court|us|complaint"
            ),
        ),
        unless=(
            "@we|us _4 review|reconsider|reviewed|again",
            "review|reviews|panel _4 was|were|took|upheld|confirmed|found|decided|heard|went|had",
            "@have _2 asked|requested|had|completed|reviewed & !not|n't|yet",
            "reviewing|reviewed _4 case|plan|care",
            "next|annual|yearly review|reviewed",
            "no _3 reason|purpose|point",
            "appeal _3 dismissed|refused|upheld|decided",
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        stance="declined",
        yields_to=("appeal_already_used",),
    ),
)

_TIMING: Final = (
    LabellingFunction(
        "late.verdict",
        "late",
        (
            "too|so|far|much _1 late|old|long|stale|distant & !so long as",
            "too|so many years|months",
            "back|gone too|so far",
            "late complaint|complaints",
            (
                "complaint|complaints|matter|it|she|he|they|mr|mrs|ms|miss|mx|dr|which|this|part|"
                "came|made|brought|raised +5 late|stale|belated|old & !@named_body|home replied|paid|"
                "answered|sent|letter"
            ),
            (
                "known|knew|aware|learned|learnt +8 "
                "since|for|in|long|years|year|months|then|time|before|until & !@named_body|it knew"
                " & complain|complained|complaint|us|ombudsman|matter|look|late|years|long|reason|"
                "law|willing|investigate|it"
            ),
            (
                "could|should|might|ought|able|reasonable|free +6 "
                "complained|come|approached|written|brought|made|raised|complain|acted|contacted +6 "
                "sooner|earlier|then|before|time|within|years|ago|promptly|when"
            ),
            (
                "no|not|nothing|without|nor|neither|any _4 reason|reasons|cause|ground|grounds|"
                "excuse|explanation|justification|explain|explains|justify|justifies|excuse|excuses "
                "& delay|delayed|late|wait|waited|waiting|time|long|back|reopen|reopening|years|year|"
                "months|sooner|earlier|discretion|old|age|now|gap|interval|past & "
                "!fault|@tribunal|@minister|appeal"
            ),
            (
                "time|twelve|12 _3 limit|bar|rule|month|months|allowed|passed|gone|lapse|"
                "out & !appeal|council|respond|reply"
            ),
            "out of time",
            "lapse|passage|length|amount of _1 time|years",
            (
                "kept|left|let|sat|waited|delayed|wait|delay|slept|nursed +8 "
                "years|months|long|while|decade|time|year & !@named_body|home|it"
            ),
            (
                "years|year|months|decade _4 ago|before|went|gone|passed|elapsed|by & "
                "complain|complained|complaint|us|reopen|look|knew|known|came|ombudsman|late|long|matter"
            ),
            (
                "go|gone|going|reach|look|looking|reopen|reopening|back|date|dates _3 "
                "back|far|behind|events|to +5 years|long|far|20~|old|past"
            ),
            "its|whose|of|the age & complaint|matter|events",
            (
                "delay|wait|interval|gap|lapse|silence _4 in|before|of _3 "
                "coming|complaining|complaint|approaching|writing|bringing|years"
            ),
            (
                "came|come|complained|approached|wrote|reached|brought|complaint _4 us|ombudsman|here|"
                "me|made|brought +6 late|years|year|until|after & !answered|decided|already|chance"
            ),
            (
                "nothing|what|anything _4 stopped|prevented|kept|hindered|prevents & "
                "complain|us|sooner|earlier|then|writing|coming|complaint|complaining"
            ),
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        guards=GUARDS - {"negated"},
        unless=(
            "not|hardly|n't|nor _2 late|too|old",
            "used|use|exercised|exercise _2 discretion & !not|no|will",
            "although|though|despite +4 late",
            "bus|payment|carer|visit|visits|payments|bill|letter|reply|replies _3 late|delayed",
            "too late|long|far to|for _3 help|repair|mend",
            "@named_body|home _4 took|delay|delayed|late|waited|failed",
            "late _1 email|letter|reply|bus|payment|rejection|notice|refund",
            "old room|home|house|job|address|friend|age",
            "evidence|fault _6 too little",
            "too little|slight|small|minor|soon|early",
        ),
        stance="declined",
    ),
    LabellingFunction(
        "premature.verdict",
        "premature",
        (
            (
                "not|n't|yet|without|before|first|should|must|needs|given|give|has|have|ought|let|"
                "allow|chance|opportunity|fair|full _6 "
                "chance|opportunity|time|turn _6 "
                "answer|reply|respond|consider|deal|investigate|look|put|comment|address|resolve|"
                "first|hear"
            ),
            (
                "not|n't|yet|never|without|before|until|still _6 "
                "complained|complain|put|raised|told|asked|gone|exhausted|completed|finished|used|"
                "answered|replied|responded|complete|run|reached +6 "
                "@named_body|home|it|school|procedure|process|stages|stage|complaint|complaints & "
                "!review|appeal|@tribunal|panel|consent|form|@month"
            ),
            "too soon|early",
            "premature|prematurely",
            (
                "come|return|complain|back _3 us +5 if|once|when|after|should|later|then & "
                "!evidence|new|fresh"
            ),
            (
                "should|must|needs|ought|can|could|may|has _4 "
                "complain|put|raise|take|write|go|hear|answer|reply|respond +6 first|before|to & "
                "first|before & @named_body|home|it|provider|school"
            ),
            (
                "leave|left|let|refer|return|send _4 to|with|the +4 @named_body|provider|home +5 "
                "answer|reply|deal|respond|consider|first"
            ),
            (
                "still|yet _4 considering|answering|dealing|investigating|working|replying|respond|reply|"
                "answer"
            ),
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        guards=GUARDS - {"negated", "conditional"},
        unless=(
            "@minister",
            "@tribunal",
            "@court",
            "review|reconsider|reconsideration|appeal|scheme|relief",
            "had a|every|ample|full chance|opportunity|time",
            "years|too late|long",
            "too long an",
            "asked|ask _2 act|behalf",
            "act for|on behalf",
            "@have asked it",
            "commissioner|ombudsman _3 better|can|is",
            "decided|considered|answered|ruled already|once|before",
        ),
        stance="declined",
    ),
)

FUNCTIONS: Final = (*_FORUMS, *_TIMING)
