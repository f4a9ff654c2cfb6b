"""Findings after an investigation, or of a remedy agreed in place of one (LGA 1974 s.30)."""

from __future__ import annotations

from typing import Final

from ombud.labelling.functions import GUARDS, LabellingFunction

__all__ = ["FUNCTIONS"]

_FAULT_AND_INJUSTICE: Final = (
    LabellingFunction(
        "fault_causing_injustice.stock",
        "fault_causing_injustice",
        (
            (
                "fault|faults|failings|failure|failures|actions|inaction|error|errors|delay _6 "
                "caused|causing|causes|cause|led|left|meant|leaving _6 injustice|distress|uncertainty|"
                "loss|hardship|without|out"
            ),
            "fault +12 suffered|suffers _3 injustice",
            "caused|causing|suffered|suffers|cause _5 injustice|distress",
            "injustice _4 to|from|flowed|flows|arose|arises _6 fault",
            "fault causing injustice",
            "is|was|are _3 injustice too|as|also",
            "at fault _20 caused|distress|injustice|without",
        ),
        unless=(
            "no|not|nor|without|n't _4 injustice|distress|loss|difference",
            "not|n't _3 cause|caused|causing|suffer|suffered",
        ),
        stance="investigated",
        yields_to=("remedy_agreed_early", "fault_already_remedied"),
    ),
    LabellingFunction(
        "fault_causing_injustice.fault",
        "fault_causing_injustice",
        (
            "@named_body was|is|were|are at fault",
            "was|is|were too|also|further|itself? fault",
            "that|this|which|not|so was|is too|also|further? fault",
            "we|i|ombudsman _2 find|found|finds|have fault",
            "@we uphold|upheld|upholds",
            "there was|were fault|failings|faults|maladministration|failures",
            "fault by|in|on _2 @named_body|the",
        ),
        unless=("no|not|n't|without|neither fault|at|uphold", "not _3 fault", "no _3 fault"),
        sections=frozenset(("summary", "assessment", "findings", "decision", "body")),
        stance="investigated",
        yields_to=(
            "fault_without_injustice",
            "fault_already_remedied",
            "remedy_agreed_early",
            "insufficient_evidence_of_fault",
            "no_fault.not_upheld",
        ),
    ),
    LabellingFunction(
        "fault_causing_injustice.plain_failing",
        "fault_causing_injustice",
        (
            "@named_body|it|who _3 failed|fails _3 to|in|him|her|them|its|mr|mrs|ms|miss|mx",
            "should|ought not|never to? have",
            "was|were wrong to|not|in",
            "not _5 proper|acceptable|lawful|good|something _3 law|enough|is|that",
            "bore|bears|suffered _4 consequences|consequence",
            "to _5 detriment|cost of",
            "is|was|are left with _3 doubt|uncertainty|distress",
            "lost|went|without|spent|paid|deprived _6 because|as _4 fault|failure|result|delay",
            "as a result _8 paid|lost|went|suffered|spent|missed|had|was",
            "these|serious|effects brought|effects|about _8",
            "had it|they done|acted|followed|replied",
            "did nothing for|about|until|with",
            "promise|promises _5 broken",
            (
                "@named_body|home|officers|officer|it|they|she|he _4 mishandled|mismanaged|neglected|"
                "ignored|overlooked|forgot|misled|mislaid|wrongly|delayed|misread|miscalculated"
            ),
            (
                "@named_body|home|officers|it _2 took|waited|spent _4 @month|weeks|days _6 to|longer|when|"
                "that|before"
            ),
            "@named_body|home|it|they should|ought to? have",
            "did not _6 as|what|when|which it|they should|ought|required|said|promised|must",
            "fell|falls|falling|far short|below",
            "let _3 down",
            "no|without good|proper|lawful reason|explanation|excuse",
            "should not have been? _3",
            "wrong|unfair|unreasonable|unlawful to _6",
            "@injustice _3 this|that|it caused",
        ),
        sections=frozenset(("summary", "assessment", "findings", "decision", "body")),
        guards=GUARDS - {"negated"},
        unless=(
            "not|n't|nor say|accept|agree|think|find",
            "no reason|evidence",
            "as it|they should|ought",
        ),
        stance="investigated",
        yields_to=(
            "fault_without_injustice",
            "fault_already_remedied",
            "remedy_agreed_early",
            "no_fault",
            "insufficient_evidence_of_fault",
            "investigation_discontinued",
            "late",
            "nothing_significant_achieved",
            "other_body_better_placed",
            "withdrawn",
        ),
    ),
)

_HARMLESS: Final = (
    LabellingFunction(
        "fault_without_injustice.no_effect",
        "fault_without_injustice",
        (
            (
                "fault|faults|failing|failings|error|failure|mistake|shortcoming|delay|lapse _8 "
                "not|no|nothing|without|n't _5 injustice|difference|harm|disadvantage|loss|anything|"
                "affect|consequence|effect"
            ),
            (
                "fault|failing|failings|error|failure|mistake|shortcoming|delay|lapse _8 cost|harmed|"
                "affected|hurt no|nobody|nothing one?"
            ),
            "not|no|nothing|n't _3 cause|caused|causing|lead|led|result|resulted _3 injustice",
            "nothing came|turned|followed of|on|from",
            "no injustice _4 from|to|arose|flowed|followed|was|because",
            "fault +10 no|without|little _3 injustice|difference|harm|consequence",
            "not _4 put at|to any disadvantage|loss|harm",
            "neither|not|no|nobody +8 put|left|placed at|to|worse any disadvantage|off|loss",
            "made no _2 difference to",
            "would|have _3 same _5 without|even|had|anyway _4",
            "outcome|result|decision|answer|position _3 would|was|were _3 same",
            "not _2 affect|affected|alter|altered|change|changed _4 outcome|decision|result|answer",
            "was|were no|none the? worse off|for",
            "lost|suffered|missed nothing by|from|as|through",
            "did|done _3 no _1 harm|damage",
        ),
        guards=GUARDS - {"negated"},
        unless=("no|not|n't fault|find", "was|were not at fault", "no _2 fault"),
        stance="investigated",
    ),
)

_ALREADY_REMEDIED: Final = (
    LabellingFunction(
        "fault_already_remedied.already_put_right",
        "fault_already_remedied",
        (
            (
                "fault|failing|failings|error|mistake|injustice +14 already|since|itself _4 "
                "remedied|right|apologised|paid|made|offered|corrected|refunded|settled|done"
            ),
            (
                "already|since|now _5 remedied|remedy|put|apologised|made|paid|offered|settled _8 "
                "fault|injustice|failing|right|error|good"
            ),
            (
                "already _3 done|taken|given|provided|offered|paid|apologised|remedied|put _6 "
                "enough|remedy|right|steps|action|suitable|appropriate|what|all|more"
            ),
            "remedied|remedy|redress|payment|apology|amends _3 already|sufficient|enough|adequate",
            (
                "suitable|sufficient|appropriate|adequate|proportionate|enough|fair _3 "
                "remedy|redress|amends _6 already"
            ),
            "has|have|had _6 enough to put|remedy|make",
            "no further remedy|recommendation|action|recommendations",
            "nothing|no _2 further|more|add|left _3 recommend|ask|remedy|do|recommendation",
            "@have _2 done _1 enough|all",
            "before @we _3 involved|began|started|investigated|asked +10",
            (
                "refunded|paid|apologised|repaid|cancelled|corrected +12 "
                "enough|sufficient|suitable|fair|appropriate|proportionate|adequate"
            ),
            (
                "accepted|accepts|admitted|acknowledged|recognised _8 "
                "fault|wrong|error|mistake|failed|failing +12 put|paid|apologised|refunded|remedied|"
                "remedy"
            ),
            (
                "what|all|more|much _3 @we would|should|could|might have _2 "
                "recommended|asked|sought|proposed"
            ),
            "satisfied|content _3 with _3 actions|action|steps|remedy|response|offer",
        ),
        unless=("not|n't _3 remedied|enough|apologised|sufficient|suitable",),
        stance="investigated",
        yields_to=("remedy_agreed_early", "no_fault", "fault_without_injustice"),
    ),
)

_EARLY: Final = (
    LabellingFunction(
        "remedy_agreed_early.settled",
        "remedy_agreed_early",
        (
            (
                "resolved|settled|concluded|ended _5 by|through|because|since|when|as _6 "
                "agreed|offered|agrees|offer|actions|agreement|proposed"
            ),
            (
                "agreed|offered|agrees|proposed|proposes|accepted +16 without _4 "
                "investigation|investigating|pressed|enquiry|inquiry|need"
            ),
            (
                "without _4 pressed|asked|investigation|investigating|enquiry|inquiry +10 "
                "agreed|offered|agrees|proposed"
            ),
            "fair|satisfactory|suitable|sensible|proper|early|reasonable settlement|resolution",
            (
                "@named_body _3 offered|agreed|proposed +16 not|no _4 need|needed|necessary|begin|start|"
                "purpose|reason|investigate"
            ),
            "not need|necessary _4 begin|start|open|investigate|an _6",
            (
                "no purpose|need|reason|point _3 enquiring|investigating|investigate|enquire|inquiring _3 "
                "further|since|as|because|now"
            ),
            "offered|agreed _6 at the start|outset",
            (
                "accepted|accepts|admitted|acknowledged _12 agreed|offered|will|promised _6 "
                "remedy|pay|apologise|put|refund"
            ),
        ),
        guards=GUARDS - {"negated"},
        sections=frozenset(("summary", "assessment", "decision", "agreed_action", "body")),
        stance="declined",
        unless=("@we _2 found|find fault",),
    ),
)

_NO_FAULT: Final = (
    LabellingFunction(
        "no_fault.stock",
        "no_fault",
        (
            "no|without fault",
            "not|n't _2 at fault",
            "not|n't|nor _3 find|found|see|identify|identified _3 fault|failing|wrongdoing",
            "not _4 amount|amounted _2 fault",
            "nothing _3 amiss",
            "no criticism of|to|in",
            (
                "@we _3 find|found|see|saw|have no|nothing _4 fault|failing|failings|amiss|wrong|"
                "criticism|criticise|error"
            ),
        ),
        guards=GUARDS - {"negated"},
        unless=(
            "nothing wrong with @theirs",
            "not only",
            "fault|failing cost|caused|led|meant|made",
            "should not be _2",
        ),
        stance="investigated",
    ),
    LabellingFunction(
        "no_fault.not_upheld",
        "no_fault",
        (
            "not|n't _1 uphold|upheld",
            "@named_body _2 not|n't at fault",
            "there was|were no fault by|on",
            "@we _2 no fault by|on|in _3 @named_body",
        ),
        unless=("uphold|upheld _2 all|every|part|parts", "rest|remainder|part|other"),
        guards=GUARDS - {"negated"},
        sections=frozenset(("summary", "findings", "decision", "body")),
        stance="investigated",
        yields_to=("fault_causing_injustice.fault",),
    ),
    LabellingFunction(
        "no_fault.properly_done",
        "no_fault",
        (
            (
                "@named_body|it _2 acted|did|behaved|dealt|followed|handled _4 should|properly|correctly|"
                "fairly|lawfully|ought|law|policy|rules"
            ),
            "@named_body|it|decision _8 was|were entitled|right|free|bound to",
            (
                "properly|correctly|lawfully|fairly made|reached|taken|considered|decided|inspected|"
                "applied"
            ),
            "considered|inspected|decided|reached|applied|made _4 properly|correctly|fairly|lawfully",
            "what _4 was|were allowed|entitled|required|bound to",
            "nothing for _3 to refuse|do|put",
        ),
        sections=frozenset(("summary", "findings", "decision", "body", "assessment")),
        unless=(
            (
                "not|n't|no|nor|never _4 properly|correctly|fairly|lawfully|entitled|right|follow|"
                "acted|should"
            ),
            "failed|fault",
            "should not",
        ),
        stance="investigated",
        yields_to=("fault_causing_injustice",),
    ),
)

FUNCTIONS: Final = (
    *_FAULT_AND_INJUSTICE,
    *_HARMLESS,
    *_ALREADY_REMEDIED,
    *_EARLY,
    *_NO_FAULT,
)
