"""Too late, too early, or first to be reviewed, as summaries and final decisions put it."""

from __future__ import annotations

from typing import Final

from ombud.labelling.functions import GUARDS, VERDICT_SECTIONS, LabellingFunction

__all__ = ["FUNCTIONS"]

_REVIEW: Final = (
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
                " & !@tribunal|@minister|@court|judicial|annual|care & "
                "ask|asked|asks|yet|right|use|open|available|offers|offered|reasonable|apply|expect|"
                "way|first|request|seek|untried & !complaint|complaints procedure|process"
            ),
            (
                "review|reconsideration|reassessment|scheme|relief|panel|procedure|route|"
                "representations +8 can|could|may|available|open|offered|offers|exists|untried|first|"
                "yet|ask|asked|used|tried|sought|requested|unused|still|there "
                "& !@tribunal|@minister|@court|judicial|annual & council|its|own|authority|second|officer|ask|"
                "asked|open|right|offers|internal|reconsideration|reassessment & "
                "!complaint|complaints procedure|process"
            ),
            (
                "appeal|appeals|appealed|challenge|object +7 "
                "panel|stage|council|authority|officer|officers|internal|independent|itself|local & "
                "can|could|should|may|might|ought|reasonable|reasonably|expect|open|yet|free|"
                "right|still|first|available|offered|use & !@tribunal|@minister|@court|planning|heard|fault"
            ),
            (
                "own|internal|statutory|independent|formal|further|second _2 "
                "review|appeal|appeals|reconsideration|stage|panel & can|could|should|may|ought|"
                "reasonable|reasonably|expect|open|yet|free|right|still|first|available|use|asked & "
                "!@tribunal|@minister|@court|complaint|complaints|fault"
            ),
            (
                "look|looked|assessed|considered|decided|judged|done|checked|calculated +4 again|afresh|anew & "
                "ask|asked|asks|can|could|may|yet|offered|expect|first|request|would|right & "
                "!@tribunal|@minister|@court|us|complaint"
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
            "had _2 chance|opportunity|time & !not|n't|yet",
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

FUNCTIONS: Final = (*_REVIEW, *_TIMING)
