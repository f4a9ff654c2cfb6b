"""Findings and remedies as summaries, agreed actions and final decisions put them."""

from __future__ import annotations

from typing import Final

from ombud.labelling.functions import GUARDS, VERDICT_SECTIONS, LabellingFunction

__all__ = ["FUNCTIONS"]

_EARLY: Final = (
    LabellingFunction(
        "remedy_agreed_early.verdict",
        "remedy_agreed_early",
        (
            (
                "agreed|agrees|offered|offers|offer|proposed|proposes|promised|accepted|volunteered|"
                "terms|remedy|settle|settled|settlement|resolve|resolved|undertaken & "
                "early|stage|start|outset|beginning|promptly|straight|soon|quickly|immediately|"
                "readily|voluntarily|unprompted & "
                "!late|earlier|too|already|decided"
            ),
            (
                "agreed|agrees|offered|offers|offer|proposed|proposes|promised|accepted|volunteered|"
                "terms|remedy|remedied|settle|settled|paid|refunded|cancelled|withdrew|put & "
                "before|without|rather|instead _6 "
                "investigation|investigating|investigated|investigate|enquiry|inquiry|enquire|"
                "sifted|begun|began|pressed|asked|called|looked|enquiries|inquiries & "
                "!decided not|council before|review"
            ),
            (
                "agreed|agrees|offered|offers|proposed|promised|accepted|repaid|paid|refunded|"
                "cancelled|withdrew|put|opened & once|upon|when|soon _4 "
                "hear|heard|hearing|told|saw|knew|asked|contacted|complaint|wrote|us & "
                "@we|our|ombudsman|complaint|us & !@tribunal|review|reconsider|appeal"
            ),
            (
                "agreed|offered|proposed|promised|accepted|undertaken|resolved|settled & "
                "no|not|n't _3 need|call|purpose|reason|point|necessary|needed _5 "
                "investigate|investigation|enquire|enquiring|inquire|find|look|begin|go|pursue|"
                "inquiry|examine"
            ),
            (
                "fair|satisfactory|suitable|sensible|proper|proportionate|reasonable|appropriate _2 "
                "settlement|resolution"
            ),
            (
                "resolved|settled _5 by|through|because|since|when|as|on _6 "
                "agreed|offered|agrees|offer|actions|agreement|proposed|terms"
            ),
            "of its own accord",
            (
                "@we _3 not _2 need|needed|had|have to? investigate|investigation|enquire & "
                "agreed|offered|offer|paid|remedy|settled|accepted|resolved|put"
            ),
            "instead|rather of|than _4 investigation|investigating & agreed|offered|offer|remedy|settled",
            "came forward",
            "content|accepted|happy _3 terms|offer|remedy|settlement & agreed|offered|has",
        ),
        sections=VERDICT_SECTIONS | {"agreed_action"},
        past_refusal=True,
        guards=GUARDS - {"negated", "subject"},
        unless=(
            "@we _2 found|find fault",
            "not|n't _3 accept|accepted",
            "withdraw|withdrawn|withdrew her|his|their|the complaint",
            "court|tribunal|review|invoice|contract",
            "agreed _2 to|with? _2 recommendations",
            "already _3 remedied|put|refunded|repaid|provided",
        ),
        stance="declined",
        yields_to=("withdrawn", "own_review_available"),
    ),
)

_AGREED: Final = (
    LabellingFunction(
        "fault_causing_injustice.agreed_action",
        "fault_causing_injustice",
        (
            (
                "agreed|agrees|will|should|accepted|accepts|recommend|recommended|recommends|"
                "undertaken|within & apologise|apology|pay|refund|remind|review|write|train|"
                "training|repay|waive|cancel|reconsider|provide|arrange|repair|revise|send|check|"
                "correct|remove|make|carry|reimburse|offer|put|issue|change|remedy"
            ),
            "apologise|apology|pay|refund|repay|reimburse|waive",
        ),
        sections=frozenset(("agreed_action",)),
        guards=GUARDS - {"negated", "menu", "subject"},
        yields_to=("remedy_agreed_early",),
        weight="firm",
    ),
    LabellingFunction(
        "fault_causing_injustice.verdict",
        "fault_causing_injustice",
        (
            (
                "fault|faults|failing|failings|failure|failures|error|errors|mistake|mistakes|wrong|"
                "delay|maladministration|actions|neglect +12 "
                "injustice|distress|suffered|suffer|hardship|uncertainty|loss|lost|cost|consequence|"
                "consequences|worry|anxiety|harm|frustration|upset|trouble"
            ),
            "suffered|paid|harmed|poorer|worse _5 by|for|through|it|them",
            (
                "@named_body|home|it|provider|school|panel _3 "
                "failed|mislaid|lost|forgot|mishandled|misread|ignored|neglected|misled|delayed|"
                "overlooked|misdirected|miscalculated|mismanaged|wrongly & "
                "agreed|suffered|injustice|distress|without|lost|years|months|weeks|missed|and|so|"
                "went|had|left|who|hardship|result"
            ),
            "let _3 down",
            "went wrong",
            (
                "without|went|left +3 care|education|support|payment|help|home|heating|school|lessons|"
                "teaching|provision|money|income|transport|respite & !no|not|fault"
            ),
            "@we _2 uphold|upheld|upholds",
            "complaint _2 is|was|has|have been? upheld",
            "was|were|is at fault & !not|n't|no|lack|evidence",
            "will|agreed|has _4 apologise|pay|remedy|refund & !early|offered|already",
        ),
        sections=VERDICT_SECTIONS,
        guards=GUARDS - {"negated", "subject"},
        unless=(
            (
                "no|not|nor|without|n't|never|neither|lack _4 "
                "fault|injustice|distress|uphold|upheld|wrong|failed|failing|evidence"
            ),
            "made|make no difference",
            "none the",
            "no _3 for|to _3 from",
        ),
        stance="investigated",
        yields_to=(
            "remedy_agreed_early",
            "fault_already_remedied",
            "fault_without_injustice",
            "no_fault.not_upheld",
        ),
    ),
)

_HARMLESS: Final = (
    LabellingFunction(
        "fault_without_injustice.verdict",
        "fault_without_injustice",
        (
            (
                "no|not|nor|nothing|without|neither|n't|hardly|little|never|any +8 "
                "injustice|harm|effect|consequence|consequences|disadvantage|affected|difference|"
                "suffer|suffered|mark & fault|failing|failed|failure|failures|error|"
                "mistake|wrong|should|slip|late|delay|maladministration|omission|oversight|lapse|"
                "ought|criticises|unlogged|misdirected|it|that & !at fault|the fault"
            ),
            (
                "nothing _3 came|turned|followed|flowed|resulted & fault|failing|failed|error|"
                "mistake|wrong|should|slip|late|delay|that|this|it|ought"
            ),
            "none the? worse",
            "no _2 better|worse off",
            "cost|costs|deprived _4 nothing|nobody|no|anything",
            "would|have +4 same _6 without|even|had|anyway|either",
            "would _2 have _3 same|been _3 same|different|otherwise|better",
        ),
        sections=VERDICT_SECTIONS,
        guards=GUARDS - {"negated", "subject", "conditional"},
        unless=(
            "no|not|nor|without|n't _2 fault|find|found|at & !injustice",
            "no _2 fault",
            "significant injustice|hardship & caused & !not|no|n't",
            "of no consequence",
            "evidence",
        ),
        stance="investigated",
        yields_to=("remedy_agreed_early", "fault_causing_injustice.agreed_action"),
    ),
)

_PUT_RIGHT: Final = (
    LabellingFunction(
        "fault_already_remedied.verdict",
        "fault_already_remedied",
        (
            (
                "already|since|before|by +12 remedied|right|apologised|paid|corrected|refunded|"
                "repaid|good|remedy|reinstated|waived|cancelled|apology|redress|restored & "
                "!no fault|agreed|will|asked|should have"
            ),
            (
                "remedied|right|apologised|paid|corrected|refunded|repaid|good|remedy|apology|"
                "waived|cancelled|restored +12 already|since|before|suitable|sufficient|enough|"
                "adequate|fair|proportionate & !no fault|agreed|will & "
                "fault|failing|error|mistake|wrong|injustice|it|council|has|had|that"
            ),
            "nothing|no _3 further|more|left|else _4 recommend|ask|remedy|add|seek|do|needed",
            (
                "what|all|more|much|as _3 @we would|should|could|might have? _2 "
                "recommended|asked|sought|proposed|recommend|ask"
            ),
            (
                "remedied|right|good|apologised|repaid|refunded|paid|corrected|cancelled|waived|"
                "restored|reimbursed|mended & before _5 "
                "came|reached|complained|involved|us|began|contacted|approached|complaint & "
                "!agreed|will|no fault"
            ),
            (
                "has|have|had already|since _4 remedied|apologised|paid|refunded|repaid|corrected|put|made"
                " & !not|n't|no|agreed|will"
            ),
        ),
        sections=VERDICT_SECTIONS,
        guards=GUARDS - {"negated", "subject", "conditional"},
        unless=(
            "not|n't _3 remedied|enough|apologised|sufficient|suitable|right|paid",
            "will _3 now? pay|apologise",
            "no _2 fault",
            "early|stage|outset|start",
            "agreed action|actions|remedy",
            "remedy agreed",
            "it has agreed|agrees",
            "agreed|agrees _2 to",
            "since it agrees",
            "uphold _2 not",
        ),
        stance="investigated",
        yields_to=("remedy_agreed_early", "fault_without_injustice.no_effect"),
    ),
)

_NO_FAULT: Final = (
    LabellingFunction(
        "no_fault.verdict",
        "no_fault",
        (
            (
                "no|not|nor|nothing|without|neither|n't _6 fault|wrong|criticise|criticism|amiss|"
                "failing|error|blame|maladministration|improper|wrongdoing & !injustice|caused"
            ),
            "not|n't|nor _3 uphold|upheld",
            (
                "@named_body|it|decision|officer|officers|panel|home|provider _3 "
                "properly|entitled|reasonably|correctly|right|lawfully|fairly|acted|did|followed _8 "
                "& !not|n't|failed|fault|should"
            ),
            (
                "properly|correctly|lawfully|fairly|reasonably|rightly made|reached|taken|considered|"
                "decided|applied|handled"
            ),
        ),
        sections=VERDICT_SECTIONS,
        guards=GUARDS - {"negated", "subject"},
        unless=(
            "fault|failing|failings _5 caused|causing|led|left",
            "not only",
            "uphold|upheld _2 all|every",
        ),
        stance="investigated",
        weight="weak",
    ),
)

FUNCTIONS: Final = (*_EARLY, *_AGREED, *_HARMLESS, *_PUT_RIGHT, *_NO_FAULT)
