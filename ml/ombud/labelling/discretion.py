"""Discretion: what an investigation would not find, mend or change (LGA 1974 s.24A(6))."""

from __future__ import annotations

from typing import Final

from ombud.labelling.functions import LabellingFunction

__all__ = ["FUNCTIONS"]

_NOTHING_SIGNIFICANT_ACHIEVED: Final = (
    LabellingFunction(
        "nothing_significant_achieved.stock",
        "nothing_significant_achieved",
        (
            (
                "nothing|little|not _1 significant|worthwhile|useful|meaningful|substantial _6 "
                "achieved|gained|achieve|come|follow|gain|found|obtained|done"
            ),
            "nothing|little|not _4 to be? achieve|achieved|gained|gain",
            "would|could|will|can not _2 achieve|accomplish _4 @worth|anything|much|result|outcome",
            "not achieve|accomplish|deliver anything|much|@worth",
            "achieve|accomplish nothing|little",
            (
                "no|not|any _1 worthwhile|significant|meaningful|useful|practical|different|better|"
                "further|other|real outcome|result|end|purpose|remedy|benefit|difference _3 "
                "achieved|served|follow|likely|possible|obtained|secured"
            ),
            (
                "not lead|result|produce|bring|secure|end to|in|about? _3 "
                "different|worthwhile|useful|better|significant|meaningful|other"
            ),
            "unlikely|improbable _3 achieve|lead|result|secure|produce|change|alter|bring",
            "unlikely _8 different|worthwhile|better|meaningful outcome|result|conclusion|decision",
            (
                "not think|consider|believe|expect|see|suppose|imagine _9 achieve|lead|change|alter|gain|"
                "secure|produce|benefit|gained|achieved"
            ),
            "little|nothing of? worth|value|use _3 follow|come|result|gained|achieved",
        ),
        unless=("the outcome|result|remedy|thing|outcomes _6 @want", "what _6 @want"),
    ),
    LabellingFunction(
        "nothing_significant_achieved.no_purpose",
        "nothing_significant_achieved",
        (
            "no|little|any _2 purpose|end|value|benefit|advantage|point _3 served|gained|serving",
            "serve|serves|serving no _2 purpose|end|value|interest|one",
            "not _1 serve any|a|much _2 purpose|end",
            (
                "no|little purpose|point|value|use|sense in _1 @investigation|us|our|my|looking|asking|"
                "finding|carrying|continuing|pursuing|going"
            ),
        ),
        yields_to=("remedy_agreed_early",),
    ),
    LabellingFunction(
        "nothing_significant_achieved.no_change",
        "nothing_significant_achieved",
        (
            (
                "would|could|will|can change|alter|help|benefit|put|mend|improve|affect "
                "nothing|nobody|none|little"
            ),
            (
                "no|nothing|whatever _6 would|could|will|can now? _2 change|alter|benefit|help _4 "
                "position|outcome|result|things|matters|situation|nobody|anyone|anything|no|what|much|"
                "her|him|them"
            ),
            "would|could|will|can help|benefit nobody|no _1 now|one",
            (
                "nor|not would|could|can|will _6 change|alter|improve|help|achieve|mend _5 "
                "anything|position|outcome|result|things|matters|what|situation"
            ),
            (
                "@investigation|answer|answers|finding|findings would|could|will|can not _1 "
                "change|alter|affect|improve|undo _6 anything|position|outcome|result|things|matters|"
                "what|situation|happened"
            ),
            "would|could|will leave _6 where",
            "would|could|will leave _4 with the? same",
            "no|none|nobody _1 would|could|will be|become|stand _1 better|helped|wiser",
            "put|leave|place _4 no|not better|different|stronger position|place",
            "in no better|different|stronger position|place",
            "not _5 result|outcome|end|answer _4 warrant|justify",
        ),
        stance="declined",
    ),
    LabellingFunction(
        "nothing_significant_achieved.nothing_left",
        "nothing_significant_achieved",
        (
            "nothing|no|little _2 left|remains|remaining _2 to|for|whose|which",
            (
                "nothing _3 @we could|can|would|might _3 recommend|propose|ask|add|achieve|seek|do|"
                "suggest"
            ),
            "could|can|would not|hardly usefully _4 recommend|ask|add|achieve|propose|seek",
            "no|nothing _4 could|can usefully",
            "could|would|can recommend|propose|ask|seek|suggest _2 no|nothing more|further",
            "would|should have nothing _2 ask|recommend|propose",
            "not _3 usefully ask|recommend|propose|add",
            "no|nobody one? _3 left _2 to carry|put|act|answer|remedy",
        ),
        stance="declined",
    ),
)

_CANNOT_ADD: Final = (
    LabellingFunction(
        "cannot_add_to_earlier_investigation.add",
        "cannot_add_to_earlier_investigation",
        (
            (
                "would|could|can|will|unlikely|likely not? _4 add _5 to _5 "
                "investigation|investigations|enquiries|inquiry|response|reply|answer|findings|work|"
                "review|explanation|that|it|what|already"
            ),
            (
                "add|adds|adding|added nothing|little|anything|much to|beyond & "
                "investigation|investigations|inquiry|enquiries|review|response|reply|answer|findings|"
                "found|work|report|explanation|his|hers|theirs|it|what"
            ),
            "nothing|little _5 add|added|adding to|beyond",
        ),
        unless=("recommend|remedy|penalty|sum|bill", "value", "words|box|record|paid|sorry"),
    ),
    LabellingFunction(
        "cannot_add_to_earlier_investigation.done_already",
        "cannot_add_to_earlier_investigation",
        (
            "got|gone to the bottom|root of",
            "no|not|nobody|whom one|anyone? _3 @we could|might|can|should _2 ask|interview|question",
            "the work|job has|have already? been done",
            (
                "only|merely|simply|just repeat|duplicate|retrace|cover|tread|go _5 "
                "ground|steps|enquiries|investigation|work|over|questions"
            ),
            "@body _2 already investigated|examined|looked _3 thoroughly|fully|properly|carefully",
            (
                "already been? thoroughly|fully|properly|independently|carefully "
                "investigated|examined|looked"
            ),
            "could|would|can not|hardly _2 learn|find|discover|uncover _2 more|further|new _4 than",
        ),
        stance="declined",
    ),
)

_NOT_ACHIEVABLE: Final = (
    LabellingFunction(
        "outcome_sought_not_achievable.stock",
        "outcome_sought_not_achievable",
        (
            (
                "@we|ombudsman _2 can|could|will|would not _2 achieve|deliver|secure|give|provide|obtain|"
                "grant|get|offer _6 outcome|outcomes|result|remedy|what"
            ),
            (
                "outcome|outcomes|result|results|remedy|things|thing|solution _6 @want|sought _3 not "
                "_3 achieved|given|achievable|available|gift|ours|possible"
            ),
            (
                "what|that _5 @want _3 not|nor|neither _2 be? achieved|given|ours|available|ordered|had|"
                "provided|something"
            ),
            (
                "outcome|outcomes|result|remedy|things|what _6 @want _5 not|beyond|outside _3 "
                "power|powers|gift|reach|command|ours|jurisdiction"
            ),
            "beyond|outside _3 anything|what the? @we can|could|may|have",
            "not|neither|nothing _8 within|in @our gift",
            "not|never ours|mine to give|order|grant",
            "only _2 outcome|result|remedy|thing _6 accept|want|satisfy _5 not",
        ),
    ),
    LabellingFunction(
        "outcome_sought_not_achievable.cannot_order",
        "outcome_sought_not_achievable",
        (
            (
                "@we can|could|may|do|will not _1 order|compel|force|bind|quash|dismiss|"
                "sack|discipline|remove|command|fetter|prosecute|punish|fine|require|"
                "instruct|direct|overturn|reverse _1 the|a|an|any|it|councils|council|officers|staff|"
                "him|her|them|someone|decision"
            ),
            "@we can|could|may|do not _1 bring about|make the",
            (
                "@we have|has no|not power|powers|authority to order|make|compel|require|force|overturn|"
                "dismiss|sack|discipline|remove|award|punish|direct|give|cancel|change|grant"
            ),
            "neither|nor the? _4 ombudsman|we|i can|could|may",
            "not be _2 moved|ordered|changed|compelled by _4 @we",
        ),
        stance="declined",
    ),
)

_EVIDENCE: Final = (
    LabellingFunction(
        "insufficient_evidence_of_fault.stock",
        "insufficient_evidence_of_fault",
        (
            (
                "not|n't|nor|no|without _6 enough|sufficient _2 evidence|sign|signs|indication _4 "
                "fault|wrongdoing|wrong|failing|error|maladministration"
            ),
            "not|n't|nor|no _3 enough|sufficient evidence",
            (
                "insufficient|little|scant|scarce|slender|too evidence|sign|signs|little|indication _6 "
                "fault|wrongdoing|wrong|failing|error|maladministration|suggest|show|point"
            ),
            "no|little|nothing _1 @sign|reason _5 @fault|wrong|wrongly|improperly|amiss",
            (
                "unlikely|not _6 find|finding|be|uncover|show|establish _2 fault|wrongdoing|"
                "maladministration"
            ),
            "not|unlikely _3 likely|expect|expected|probable _4 find|criticise|fault|wrong",
            "nothing|not _8 likely|expect _2 to criticise|fault",
            "fault _5 unlikely|improbable|doubtful",
            "fault _2 is|are|was|seems|be not _2 indicated|likely|apparent|suggested|probable|shown",
            (
                "likelihood|chance|chances|prospect|prospects|probability _6 fault _6 low|small|slim|"
                "remote|poor|slight|thin|faint|little"
            ),
            "little|no|small|slim|poor likelihood|chance|prospect|prospects _6 fault",
        ),
        stance="declined",
    ),
    LabellingFunction(
        "insufficient_evidence_of_fault.nothing_wrong",
        "insufficient_evidence_of_fault",
        (
            (
                "nothing|little _7 suggest|suggests|shows|show|points|indicate|indicates|implies _9 "
                "wrong|fault|amiss|error|wrongly|improperly|unfairly|failed|than|astray"
            ),
            (
                "@we _2 see|saw|seen|find|found|have|detect|discern|identified _3 no|nothing|little|not "
                "_4 flaw|fault|error|amiss|wrong|failing|criticise|criticism|irregular"
            ),
            "nothing _7 likely to? criticise",
            "seen too little",
            "gives|give|gave @we no ground|grounds|cause|reason _2 doubt|criticise|criticism|question",
            "not _3 appear|seem|look _2 to? have? _1 acted|done|gone|behaved _2 wrongly|wrong",
            (
                "no|not reason|grounds|ground|cause to doubt|criticise|question _5 "
                "@body|decision|way|judgement|judgment"
            ),
            "there was|is|were no|not fault|wrongdoing",
        ),
        stance="declined",
    ),
    LabellingFunction(
        "insufficient_evidence_of_fault.properly_done",
        "insufficient_evidence_of_fault",
        (
            (
                "appear|appears|appeared|seem|seems|seemed|looks|look|signs _3 to|have _3 "
                "acted|decided|gone|done|followed|reached|made|dealt|handled|taken _6 "
                "properly|correctly|lawfully|fairly|should|reasonably|rightly|rules|law|ought"
            ),
            "signs are|is that the? @body _6 properly|correctly|fairly",
            "@body|members|decision|worker|governors _3 was|were|is|are entitled|right|free|bound to",
            "was|is properly|correctly|lawfully|fairly made|reached|decided|taken|issued|applied",
            (
                "made|reached|took|followed|applied|gave|considered|conducted|dealt _8 "
                "properly|correctly|lawfully|fairly|rightly"
            ),
            (
                "properly|correctly|lawfully|fairly|rightly made|reached|decided|followed|applied|"
                "considered|refused|weighed"
            ),
            (
                "done|did|made|followed|acted|decided _6 way the|that _2 "
                "regulations|law|rules|policy|guidance|code|procedure _3"
            ),
            "discharged|met|fulfilled _2 duty|duties|obligation|obligations",
            "acted|behaved|proceeded as it|they should|ought",
            "it was for the @body|panel|officer|officers|members to",
            "was|is a matter|judgement|judgment|decision for the @body|panel|officer|members",
        ),
        unless=(
            "entitled _3 complain|appeal|bring|make|an|a|review|help|support|benefit",
            "free to _2 complain|ask|go|appeal|apply|come|return|write|approach",
        ),
        stance="declined",
    ),
)

FUNCTIONS: Final = (
    *_NOTHING_SIGNIFICANT_ACHIEVED,
    *_CANNOT_ADD,
    *_NOT_ACHIEVABLE,
    *_EVIDENCE,
)
