"""What is for others, or shut out by the Act, as summaries and final decisions put it."""

from __future__ import annotations

from typing import Final

from ombud.labelling.functions import GUARDS, VERDICT_SECTIONS, LabellingFunction

__all__ = ["FUNCTIONS"]

_BARRED: Final = (
    "law|act|parliament|statute|schedule|bar|bars|barred|excludes|excluded|exclude|exclusion|"
    "prohibits|forbids|forbidden|remit|jurisdiction|reach|power|powers|hands|outside|beyond|"
    "closed|prevents|bounds"
)
"""Words that say that something is shut out; one of them beside a subject makes the ground."""

_OTHERS: Final = (
    LabellingFunction(
        "other_body_better_placed.verdict",
        "other_body_better_placed",
        (
            (
                "@regulator +8 can|could|may|is|are|has|have|should|better|oversees|deals|decide|"
                "decides|order|exists|regulates|considers|placed|place|would & !planning|appeal"
            ),
            (
                "for|to|by|with|belongs|belong|before|leave|ask|approach|use|contact +5 @regulator "
                "& !planning|appeal & !information available|given"
            ),
            (
                "information|care|housing|health|data|pensions|professional|property|energy|"
                "parliamentary|charity|financial|equality|environment _3 "
                "commissioner|quality|ombudsman|regulator|agency|redress|commission|council & "
                "can|could|may|is|are|has|should|for|to|better|belongs|oversees|deals|with|by"
            ),
            (
                "better|best|right|proper|natural|appropriate|suited|equipped _3 "
                "placed|body|place|suited|equipped|forum|person|organisation|one|office|quarter "
                "& !@court|@tribunal|@minister|review"
            ),
            (
                "another|other|different|separate|specialist _1 "
                "body|regulator|ombudsman|office|organisation & "
                "better|placed|exists|whose|set|deals|job|than|take|considers"
            ),
            "there is a regulator",
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        unless=(
            "@minister",
            "housing|local authority|council officer|officers",
            "not _1 a? body",
            "public body",
            "no _3 better placed",
            "has|have|had|been _3 found|upheld|decided|ruled|told",
            "board has|had",
        ),
        stance="declined",
        yields_to=("cannot_add_to_earlier_investigation",),
    ),
    LabellingFunction(
        "complaint_handling_only.verdict",
        "complaint_handling_only",
        (
            (
                "handling|handled|handles|reply|replies|replied|correspondence|letters|answers|"
                "answered|response|responses|responded|procedure|procedures|process|acknowledged|"
                "emails & alone|own|itself|themselves|isolation|separately|separate|apart|only|"
                "substance|substantive|underlying|standing|merely & "
                "!evidence|enough fault & !put|answered _2 to|once|before"
            ),
            (
                "complaint|complaints|complain _2 handling|handled|process|procedure|procedures & "
                "not|no|nor|neither|n't|without|only|unless"
            ),
            (
                "how|way|manner|speed|lateness|delay|delays _7 "
                "handled|answered|dealt|replied|responded|replies|reply|complaint|letters & "
                "alone|own|itself|themselves|isolation|separately|apart|warrant|justify|not|nor|no|n't"
                " & complaint|complaints|letters|reply|replies|correspondence|emails|replied|answered"
            ),
            (
                "we|ombudsman _2 would|will|do|does|shall not|n't _3 "
                "spend|put|use|devote|take & letters|replies|reply|correspondence|handled|handling|"
                "complaint|complaints|answered"
            ),
            (
                "letters|replies|reply|correspondence|handling|handled|answered|complaints & "
                "not|n't|nor|without _4 looking|pursuing|investigating|dealing|taking|going & "
                "not|n't|nor|no"
            ),
            (
                "not|no|nor|n't _5 use _2 public|our|money|funds|resources|time +8 "
                "itself|own|alone|complaint|complaints|replies|reply|letters|correspondence|handling"
            ),
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        guards=GUARDS - {"negated", "conditional", "subject"},
        unless=(
            "@tribunal|@court alone|itself",
            "delay in coming",
            "answered before|once|already|and",
            "once _2 answered",
            "fault|failings|failing _3 in how|handling",
            "not _3 complained|completed|exhausted|used|finished",
            "its own review|panel|policy|rules|staff|homes|housing|records",
            "school 's? own",
        ),
        stance="declined",
    ),
    LabellingFunction(
        "outcome_sought_not_achievable.verdict",
        "outcome_sought_not_achievable",
        (
            (
                "not|nor|neither|nothing|no|beyond|outside|n't|none|never|only|unable|cannot +10 "
                "want|wants|wanted|seek|seeks|sought|seeking|asks|asked|asking|desires|hopes|"
                "requests|demands|accept|wishes|after & achieve|give|gift|power|powers|order|ours|"
                "provide|obtain|secure|bring|compel|deliver|achieved|given|outcome|outcomes|remedy & "
                "@we|our|ours|ombudsman|us"
            ),
            (
                "what|outcome|outcomes|result|remedy|thing|things|that|only +6 "
                "want|wants|wanted|seek|seeks|sought|seeking|asks|asked|asking|desires|hopes|"
                "requests|demands|wishes|after|accept +8 "
                "not|nor|neither|nothing|no|beyond|outside|n't|none|never|unable & "
                "achieve|give|gift|power|powers|order|ours|provide|obtain|secure|bring|compel|"
                "deliver|achieved|given|had|available|possible|reach|made|something & "
                "!consent|review|evidence"
            ),
            (
                "@we|ombudsman _2 can|could|may|do|does|would|will|has|have not|no|never|nor|n't _4 "
                "order|compel|force|bind|quash|dismiss|sack|discipline|command|prosecute|"
                "punish|fine|overturn|reverse|overrule|rewrite|impose"
            ),
            (
                "no|not|without|lack|lacks _2 power|powers|authority to _1 order|compel|force|make|"
                "require|overturn|dismiss|sack|discipline|remove|award|punish|direct|cancel|change|grant"
            ),
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        guards=GUARDS - {"negated", "conditional"},
        unless=(
            "not|n't _4 pursued|pursue|continue|proceed|go|carry|investigate|complain|dropped|brought",
            "no longer",
            "look at",
            "@injustice|evidence",
            "law|act|parliament|statute|schedule",
            "commissioner|@tribunal|inspector|@court|review can|could|may",
            "investigate|look|examine _3 what",
        ),
        stance="declined",
        yields_to=("withdrawn",),
    ),
    LabellingFunction(
        "cannot_add_to_earlier_investigation.verdict",
        "cannot_add_to_earlier_investigation",
        (
            (
                "add|adds|adding|added|contribute|improve & nothing|little|not|n't|unlikely|hardly|no|"
                "anything|nor|improbable|doubt & investigation|investigations|enquiry|inquiry|review|"
                "report|findings|found|already|answer|response|work|that|what|it|examined|explanation|"
                "independent|barrister|reply"
            ),
            (
                "learn|learned|discover|uncover|hear|reveal & nothing|not|little|no|"
                "unlikely|hardly|anything & more|further|new|already|that|beyond & "
                "investigation|inquiry|report|review|found|reviewer|barrister|panel|stage|stages|"
                "investigator|independent|adviser|she did|he did"
            ),
            "put|ask|asked nothing _8 already|put",
            (
                "already|fully|thoroughly|independently|properly|been _4 investigated|examined|"
                "reviewed|looked & independent|independently|thorough|thoroughly|fully|properly|"
                "carefully|barrister|reviewer|inquiry|external"
            ),
            (
                "repeat|duplicate|retrace|traverse|cover|tread|redo & investigation|inquiry|ground|"
                "work|review|already|same|report|enquiries"
            ),
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        guards=GUARDS - {"negated", "conditional"},
        unless=(
            "value|significant|worthwhile",
            "already know|knows|knew",
            "@we _3 already|previously|once|before +3 investigated|considered|decided|ruled|answered",
            "crime|offence|police",
        ),
        stance="declined",
    ),
)

_BEFORE: Final = (
    LabellingFunction(
        "already_considered.verdict",
        "already_considered",
        (
            (
                "@we +4 already|previously|before|once|twice|earlier|again|last|previous +8 "
                "considered|decided|ruled|answered|determined|dealt|looked|investigated|decision|"
                "answer|examined|gave & !not|n't could|can"
            ),
            (
                "@we +4 considered|decided|ruled|answered|determined|dealt|investigated|gave|"
                "examined +8 already|previously|before|once|twice|earlier|last|in|ago"
                " & this|it|same|matter|these|complaint|that|them|answer & !decided not|to|against|that"
            ),
            (
                "second|third|again|afresh|anew|twice|reopen|reopening|revisit|reconsider|same _6 "
                "time|complaint|matter|events|decision|it|points|point|this|ground|case|issue & "
                "@we|ombudsman|our|us & decided|decision|considered|answered|ruled|already|before|"
                "previous|earlier|same|once|dealt"
            ),
            (
                "complaint|matter|events|point|points|same|this|it +8 "
                "considered|decided|answered|ruled|determined|dealt +5 by us|ombudsman|before|"
                "already|previously"
            ),
            "put|brought|made|complained +5 to|before us|ombudsman +6 answered|decided|considered",
            "subject|matter of our|my decision|earlier|previous",
            "@we +2 decided|answered|considered|settled|determined|dealt +6 in 20~|19~",
            (
                "dealt|answered|decided|considered|settled|gone _4 in 20~ & complaint|matter|this|"
                "subject|penalty|it|same|points|reopen|again & "
                "@we|us|ombudsman|closed|reopen|having|been"
            ),
            "our|my|his earlier|previous|last|first decision|answer|investigation",
            "our|my decision _1 of|in",
            "@we +3 gave +3 answer",
            "one|ones|what|which _1 we have _1 answered|decided|considered|ruled",
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        guards=GUARDS - {"reported", "negated"},
        unless=(
            "@tribunal|@court|@minister|inspector|commissioner|council|board|panel has|have|had",
            "for a reason",
            "not|n't _3 considered|decided|looked|dealt|been",
            "decided not to? & !already|before|once|twice",
            "@we _2 would|will|could|can _2 consider|look|investigate +6 again",
        ),
        stance="declined",
        yields_to=("appeal_already_used", "investigation_discontinued"),
    ),
    LabellingFunction(
        "withdrawn.verdict",
        "withdrawn",
        (
            (
                "withdrawn|withdrew|withdraws|withdrawing|withdraw|withdrawal & "
                "complaint|complaints|case|matter|us|ombudsman"
            ),
            (
                "asked|asks|wants|wanted|wishes|wished|told|requested|prefers|preferred|rather|like|"
                "wish|want|know +8 close|closed|shut|drop|dropped|stop|stopped|left|leave|end|"
                "nothing & us|file|case|complaint|ombudsman|our|enquiries|everything & "
                "!council|home _3 to"
            ),
            (
                "not|no|n't _2 want|wants|wish|wishes|longer|wanted|like|care|wishing +6 "
                "pursue|pursued|continue|go|proceed|carry|complain & "
                "complaint|matter|us|on|case|it|pursued|further & !live|stay|move"
            ),
            (
                "no longer _2 wants|wishes|wish|want|wanted|wished _2 us|pursue|complain|the|to & "
                "complaint|matter|us|pursue|complain|go|continue|proceed"
            ),
            (
                "at|by @theirs|mr|mrs|ms|miss|mx|dr|the _4 request|wish|asking|instance & "
                "closed|close|ended|end|stopped|file|case|complaint|consideration|matter"
            ),
            "thought better of",
            "changed @theirs mind",
        ),
        unless=(
            "@named_body|home|bank|police|panel|school _3 withdrew|withdraw|withdrawn|closed|stopped",
            (
                "withdrew|withdrawn|withdraw|withdrawing|withdrawal _3 notice|offer|charge|penalty|"
                "decision|support|plan|appeal|application|objection|service|letter|fine|claim|care|"
                "funding|permission|reference|its"
            ),
            "consent|behalf|authority",
            "i|we _3 decided|asked|asks|chosen|content|purpose|should",
            "cannot|can not _1 withdraw|be",
            "acts for",
            "not agreed",
            "what _6 asks|asked",
            "review|reconsider|recalculate",
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        guards=GUARDS - {"reported", "negated"},
        stance="declined",
        yields_to=("complainant_not_eligible",),
    ),
    LabellingFunction(
        "investigation_discontinued.verdict",
        "investigation_discontinued",
        (
            "discontinue|discontinued|discontinues|discontinuing|discontinuance",
            "@we _3 begun|began|started|begin|opened +10 stopped|stop|put|set|halt|halted|ended|closed|broken",
            "without _2 completing|finishing|concluding",
            (
                "to an? end|close|halt|stop & @investigation|enquiries|inquiry|work & "
                "unfinished|without|brought|called|before|incomplete"
            ),
            "unfinished|incomplete",
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        unless=(
            "council|home|provider|school|police|it _2 discontinued|stopped|ended|closed",
            "service|scheme|payment|payments|support|care discontinued|stopped|ended",
            "crime|offence",
        ),
        yields_to=("withdrawn",),
    ),
    LabellingFunction(
        "investigation_discontinued.broken_off",
        "investigation_discontinued",
        (
            (
                "stopped|ended|halted|ceased|ending|stopping|abandoned|break|broken|cut|curtailed|"
                "closing|closed|put|suspended _5 investigation|enquiries|inquiries|inquiry|enquiry|"
                "investigating|file|work|consideration & @we|ombudsman|my|our|his & "
                "investigation|enquiries|inquiries|inquiry|enquiry|investigating|begun|part|half|"
                "before|unfinished|read & !start|decided not|request|wish|wants"
            ),
            (
                "investigation|enquiries|inquiries|inquiry|enquiry|it|work|i|we +5 "
                "go|goes|gone|going|taken|take|proceed|continue|pursued|carry|carried|press _3 "
                "no|not|further|on & begun|begin|started|opened|part|half|already|stage|point|stop|"
                "my|enquiries|inquiries|investigation & no|not|n't|further & !start|decided not"
            ),
            (
                "no|not|n't|little _4 reason|purpose|point|good|sense|continue|carry|go|press|"
                "cause|need|case _5 on|continue|continuing|further|carrying|going|carry|complete|"
                "finish & investigation|enquiries|inquiries|investigating|enquiring|begun"
            ),
            (
                "part|half|mid _1 way|through|done|read|finished|complete & investigation|enquiries|"
                "inquiries|file|work|inquiry|i|we"
            ),
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        guards=GUARDS - {"negated"},
        unless=(
            "council|home|provider|school|police|it _2 discontinued|stopped|ended|closed",
            "service|scheme|payment|payments|support|care discontinued|stopped|ended",
            "crime|offence",
        ),
        yields_to=(
            "withdrawn",
            "fault_causing_injustice",
            "fault_without_injustice",
            "fault_already_remedied",
            "no_fault",
            "remedy_agreed_early",
        ),
    ),
)

_SUBJECTS: Final = {
    "court_proceedings": (
        "court|judge|proceedings|litigation|witness|bench|magistrates|trial & "
        "conduct|said|told|evidence|proceedings|start|part|decided|behind|statement|"
        "argued|presented|commencement|happened|litigation|order|report|ruled|given|tells|says"
    ),
    "crime_investigation": "crime|crimes|offence|offences|criminal|fraud|theft|prosecution & "
    "investigation|inquiry|investigate|investigating|enquiry|looked|prevention|prevent|detect|"
    "investigated|search|proof|committed|caution|inquiries|prosecute|whether|part|action|steps|"
    "suspected",
    "commercial_matter": (
        "commercial|contract|contracts|contractual|tender|tenders|procurement|bargain|trading|"
        "trade|business|supplier|supply|customer|transaction|transactions|bid|bids|bidder|buyer|"
        "seller|invoice|deal & !care|tenancy & !rates|crime|offence|court & !staff|employee"
    ),
    "personnel_matter": (
        "personnel|employment|staff|employee|employees|employer|employers|dismissal|disciplinary|"
        "discipline|disciplined|recruitment|appointment|promotion|redundancy|sacking|sacked|"
        "pension|pay|salary|job|grading|workforce & !school|pupil|head|governors|teacher "
        "& personnel|employment|staff|employee|employees|employer|employers|dismissal|disciplinary|"
        "discipline|disciplined|recruitment|sacking|promotion|redundancy|job"
    ),
    "school_internal_matter": (
        "school|schools|head|headteacher|teacher|teachers|classroom|pupil|pupils|lesson|lessons|"
        "academy|governors & conduct|discipline|management|running|teaching|internal|curriculum|"
        "organisation|affair|affairs|inside|within|behaviour|taught|marks|class|run|inner|life|"
        "runs|decisions|happens|happened|uniform|exam|homework|day|matter|business|itself "
        "& !transport|place|admission|admissions|panel|exclusion|appeal|plan|tribunal"
    ),
}
"""What Schedule 5 shuts out, by reason: words that together name the subject."""

_SHUT_OUT: Final = tuple(
    LabellingFunction(
        f"{label}.verdict",
        label,
        (
            f"{_BARRED} & {subject}",
            f"@we|ombudsman _2 can|could|may not _8 & {subject}",
            f"no|not|nor|n't _3 ours|power|powers|authority|say & {subject}",
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        guards=GUARDS - {"negated", "subject"},
        unless=(
            "evidence _2 of fault",
            "@tribunal",
            "bring about",
            "deal with it",
            "could|can|may|should|reasonable|expect _6 court|sue|claim",
            "late|@minister",
        ),
        stance="declined",
    )
    for label, subject in _SUBJECTS.items()
)

_BEYOND: Final = (
    LabellingFunction(
        "outside_jurisdiction.verdict",
        "outside_jurisdiction",
        (
            (
                "outside|beyond|not|no|nor|neither|without|cannot|never +6 "
                "jurisdiction|remit|scheme|reach|powers|power|say|authority|business & "
                "body|organisation|company|charity|trust|landlord|nhs|academy|police|private|firm|"
                "association|agent|college|hospital|privately|club|society|practice|clinic|"
                "utility|persons|neither|bodies & "
                "jurisdiction|remit|scheme|reach|powers|power|say|authority|investigate|ours|us & "
                "!@court|@tribunal|@minister & !late|time|old & !public body & !reached|stage"
            ),
            (
                "not|nor|neither|n't _3 a|an|the|one|body|bodies|council|authority|acting|doing|"
                "funded|arranged|paid|carrying +5 "
                "body|investigate|council|authority|behalf|jurisdiction|function|functions|covered|"
                "scheme|nor|provider & !entitled|consent|complain|bring"
            ),
            (
                "private|privately|nhs|charity|company|firm|association|landlord|college & "
                "cannot|not|no|nor|outside|beyond & jurisdiction|remit|power|powers|reach|scheme|"
                "arranged|paid|funded|function|behalf & !consent"
            ),
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        unless=(
            "personnel|employment|staff|school|crime|contract|commercial|offence|dismissal",
            "@tribunal|@court|@minister",
            "evidence|fault",
            "complainant|entitled|consent|standing",
            "ruling|bind|procedure|add|learn",
            "most|everyone|all _3 people|residents|inhabitants",
            "outcome|@want",
        ),
        stance="declined",
        yields_to=(
            "commercial_matter",
            "court_proceedings",
            "crime_investigation",
            "personnel_matter",
            "school_internal_matter",
            "complainant_not_eligible",
            "affects_most_inhabitants",
            "appeal_already_used",
            "late",
        ),
    ),
    LabellingFunction(
        "complainant_not_eligible.verdict",
        "complainant_not_eligible",
        (
            (
                "not|no|nor|only|neither|n't|never|cannot|without|nobody +8 "
                "complain|bring|speak|represent|act|complaint|complainant|standing|behalf & "
                "entitled|consent|authority|standing|someone|person|eligible|behalf|"
                "permission|asked|hers|theirs|affected|public|allowed|couple|"
                "representative|qualified|lets|let|may & !appeal|review|evidence|fault|right & "
                "!withdrawn|withdraw|pursue|chance|answer|late"
            ),
            "no standing|locus|consent",
            "is|are|being|as a public body|authority",
            (
                "not|n't|nor _3 affected|harmed & himself|herself|person|personally|directly & "
                "complain|complaint|bring|speak|act|investigate|standing"
            ),
            "parish|town council & complain|complaint|complainant|cannot|bring",
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        guards=GUARDS - {"reported", "negated", "subject"},
        unless=(
            "planning|building|listed consent|permission",
            "@injustice|@tribunal|@court|@minister",
            "jurisdiction|investigate & body",
            "@named_body _1 was|is not entitled",
            "not _3 complained to|yet",
            "not entitled to _3 help|benefit|support|relief|grant",
        ),
        stance="declined",
        yields_to=("withdrawn.complaint",),
    ),
    LabellingFunction(
        "affects_most_inhabitants.verdict",
        "affects_most_inhabitants",
        (
            (
                "all|most|every|everyone|everybody|nearly|almost|whole|majority|common|shared|each|"
                "large|generally +8 people|inhabitants|residents|households|household|taxpayers|"
                "borough|district|county|town|city|area|neighbours|population|ratepayers|homes|"
                "community|public|island & affect|affects|affected|affecting|touches|falls|falling|"
                "fell|reaches|borne|bears|common|shared|same|alike|equally|investigate|law|cannot|"
                "act|statute|alike|pays|whole|large"
            ),
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        guards=GUARDS - {"subject"},
        unless=("staff|pupils|tenants|drivers|members|evidence",),
        stance="declined",
    ),
)

FUNCTIONS: Final = (*_OTHERS, *_BEFORE, *_SHUT_OUT, *_BEYOND)
