"""Discretion as summaries and final decisions put it: in a sentence, in any words (s.24A(6)).

These sections hold few sentences that are not the reason, so that the patterns can be wider
than those which read an assessment.
"""

from __future__ import annotations

from typing import Final

from ombud.labelling.functions import GUARDS, VERDICT_SECTIONS, LabellingFunction

__all__ = ["FUNCTIONS"]

_EVIDENCE: Final = (
    LabellingFunction(
        "insufficient_evidence_of_fault.verdict",
        "insufficient_evidence_of_fault",
        (
            (
                "no|not|nothing|little|hardly|scarcely|nor|neither|without|lack|any _7 "
                "suggest|suggests|suggested|suggesting|indicate|indicates|show|shows|shown|points|"
                "point|imply|implies|reveal|sign|signs|hint|trace|indication|indications|suggestion "
                "& !@injustice & !reason|reasons|sign|signs for|of the? delay|wait|late"
            ),
            "evidence|indication|sign|signs & insufficient|lack|too|absence|scant|slight|thin|weak",
            (
                "evidence|record|records|papers|notes|log|diary|minutes|file|photographs|recording|"
                "documents|facts|logs|account|paperwork +6 against|contradict|contradicts|answer|"
                "answers|otherwise|opposite|disprove|refute|refutes|bear|tell|tells"
            ),
            (
                "record|records|papers|notes|log|diary|minutes|file|recording|documents|logs|account "
                "_5 point|points the? other|against way?"
            ),
            (
                "unlikely|improbable|doubtful|doubt|anticipate|expect|prospect|prospects|likelihood|"
                "chance|probability|likely|foresee +10 fault|faults|wrong|wrongly|blame|error|amiss|"
                "criticise|criticism|maladministration|wrongdoing|failing|failings|astray|mistake "
                "& !@injustice"
            ),
            (
                "appear|appears|appeared|seem|seems|seemed|looks|look +2 to|as _3 "
                "have|acted|had|followed|done|did|went|gone +6 "
                "properly|correctly|lawfully|fairly|reasonably|rightly|ought|should|rules|policy|"
                "procedure|required|duty|guidance|law|due|right"
            ),
            (
                "not|nor|neither +3 look|looks|appear|appears|seem|seems|think|believe|consider|"
                "persuaded|satisfied|convinced +8 "
                "wrong|wrongly|fault|amiss|failed|astray|mistake|error|badly|unfairly|improperly"
            ),
            (
                "no|not|nor|nothing|little|without|any|gives _4 "
                "cause|reason|ground|grounds|basis|room _2 "
                "criticise|criticism|concern|doubt|question|complaint|complain|blame|reproach|fault|"
                "quarrel"
            ),
            "no|not|any|nothing|nor _4 open|calls|call|for|to criticism|criticise|reproach|blame",
            (
                "@named_body|it|they|panel|officer|officers|members|school|staff|worker|governors _3 "
                "acted|did|went|decided|followed|dealt|behaved|kept|handled|applied|complied +6 "
                "properly|correctly|lawfully|fairly|reasonably|rightly|ought|rules|policy|procedure|"
                "required|guidance|law|scheme|duty & !not|n't|fault|failed"
            ),
            (
                "@named_body|it|they|panel|officer|officers|members|school|governors _2 "
                "was|were|is|are _1 entitled|free|right|within|bound|permitted|allowed _8 "
                "& !complain|appeal|apply|ask|claim & !review"
            ),
            (
                "within its|their|the _1 discretion|powers|rights|policy|rules|judgement|judgment "
                "& !outside|beyond"
            ),
            (
                "properly|correctly|lawfully|fairly|rightly _1 made|taken|reached|decided|applied|"
                "dealt|handled|considered|followed|done|carried & !not|n't"
            ),
            "made|taken|reached|decided|applied|dealt|handled|done _3 properly|correctly|lawfully|fairly",
            (
                "seen|see|sees|found|find|finds|identified|detect|discern|saw _4 no|nothing|little|not _6 "
                "fault|wrong|error|mistake|flaw|amiss|irregular|improper|untoward|failing|failings|"
                "criticise|unfair|unreasonable|unusual"
            ),
            "no|without _2 fault|faults|failing|failings|wrongdoing|mistake|error|flaw|irregularity",
            "nothing _5 amiss|wrong|untoward|irregular|improper|astray|questionable",
        ),
        unless=(
            "@our|same|earlier|previous investigation|decision _4 found|find",
            "make|made|makes no finding",
            "is|was|are alleged|complained",
            "not _1 allowed _1 to",
            "owners|people|residents were told",
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        guards=GUARDS - {"negated"},
        stance="declined",
    ),
    LabellingFunction(
        "insufficient_evidence_of_fault.records_show",
        "insufficient_evidence_of_fault",
        (
            (
                "log|logs|record|records|minutes|notes|note|file|files|photograph|photographs|"
                "recording|statements|statement|diary|register|scans|sheets|timesheets|transcript|"
                "emails|letters|receipts|plan|report|invoices|printout|footage|data _6 "
                "show|shows|record|records|list|lists|confirm|confirms|bear|bears|set|sets|"
                "give|gives|have|has|name|names|read|contain|contains"
            ),
            "do|does|can|could not _3 see|think|find|believe|consider|doubt",
            "suspicion|rumour|belief|recollection|memory|disagree|disagrees|disagreement",
        ),
        sections=frozenset(("assessment",)),
        guards=GUARDS - {"negated", "reported", "subject"},
        stance="declined",
        weight="weak",
    ),
)

_ACHIEVE: Final = (
    LabellingFunction(
        "nothing_significant_achieved.verdict",
        "nothing_significant_achieved",
        (
            (
                "nothing|no|nobody|little|nor|not|hardly|scarcely|neither|none|whatever|never +9 "
                "would|could|can|will|might|may|should|able +7 "
                "achieve|change|changes|alter|gain|mend|help|benefit|serve|useful|usefully|better|"
                "recommend|improve|difference|achieved|gained|purpose|advantage|wiser|served|lead|"
                "bring|produce|accomplish & !evidence|fault"
            ),
            (
                "would|could|can|will|might|may|should +5 "
                "nothing|no|nobody|little|not|hardly|scarcely|neither|none|never|n't +7 "
                "achieve|achieved|change|alter|gain|gained|mend|help|benefit|serve|served|use|useful|"
                "usefully|better|improve|difference|purpose|advantage|wiser|lead|bring|produce|"
                "accomplish|repair|restore|undo|end|worthwhile & !what|outcome|order|power @want|sought"
                " & !evidence|add|adds"
            ),
            (
                "no|little|any|not|hardly|scarcely|without _3 "
                "point|purpose|value|use|sense|end|merit|benefit|advantage|profit "
                "in|to|would|could|from|served|by|for|left"
            ),
            "leave|leaves|leaving|left _5 where _6 is|are|was|were|stands|stand|now|already|today",
            "would|could|will leave _4 exactly|just|as|where|no",
            (
                "nothing|little|no|not|hardly|anything|scarcely|any _3 "
                "left|remains|remaining|remain|more|further|now _3 to|for|that|which|could|we|an _3 "
                "achieve|achieved|mend|recommend|remedy|put|do|change|ask|alter|add|pursue|"
                "repair|gain|bring|offer|secure|investigate|answer & !enough|evidence|apologise"
            ),
            (
                "nothing|no|little|not|hardly|any|without _3 "
                "worthwhile|useful|meaningful|significant|practical|worth|different|better|further "
                "_2 outcome|result|purpose|end|change|remedy|difference|result|effect|thing"
            ),
            (
                "unlikely|improbable|doubtful|doubt _9 achieve|lead|change|alter|different|"
                "worthwhile|better|gain|useful|produce|secure|result & !fault|add"
            ),
            "to no|little _2 purpose|end|effect|avail|use",
            "academic|moot|pointless|futile",
            "overtaken by",
            "no _2 better|other ending|outcome|result|end",
            "so? little _3 could|would|can|might|to _3 come|gained|achieved|follow|gain|achieve",
            (
                "no|little|nothing|not _4 significant|worthwhile|useful|meaningful|practical _4 "
                "achieve|achieved|gain|gained|obtain|obtained|come|follow|result"
            ),
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        guards=GUARDS - {"negated", "conditional"},
        unless=(
            "outcome|outcomes|result|thing|what _6 @want",
            "recommend|order|power|gift _8 @want|seeks|asks",
            "not|n't want|wish|like",
            "his|her|our|the power|powers|discretion",
            "put nothing to",
            "has been put already",
            "appeal|appeals|@tribunal|@minister|inspector",
            "made no _2 difference",
            "no reason why",
            "ill effect",
            "@injustice _4 no|little|not _4 @enough|warrant",
            "by itself|on its own|in isolation|alone|separately",
            "that|which we|i lack",
        ),
        stance="declined",
        yields_to=("remedy_agreed_early",),
    ),
)

_INJUSTICE: Final = (
    LabellingFunction(
        "insufficient_injustice.verdict",
        "insufficient_injustice",
        (
            (
                "no|not|little|insufficient|too|hardly|scarcely|barely|without|enough|nor|limited|"
                "any|small|slight|minor _6 "
                "injustice|harm|impact|disadvantage|detriment|hardship|consequence|consequences|"
                "inconvenience|suffering"
            ),
            (
                "injustice|harm|impact|disadvantage|detriment|hardship|consequence|consequences|"
                "inconvenience|loss|effect|effects|upset|trouble|distress|annoyance|damage +8 "
                "no|not|little|insufficient|too|slight|minor|small|limited|trivial|light|modest|"
                "brief|mild|slender|trifling & !put|repaid|made|paid|refunded|remedied"
            ),
            (
                "too|so|very|rather|such _1 slight|small|minor|light|trivial|limited|brief|modest|"
                "slender|trifling|little _6 matter|thing|effect|warrant|justify|for|to|loss|"
                "harm|delay|sum|inconvenience|call & !evidence|too|so little _6 fault|suggest|sign"
            ),
            ("lost|suffered|missed|cost _3 nothing|little|no|hardly & !free"),
            (
                "not|never|hardly|scarcely|barely|little|n't _4 much|greatly|seriously|badly|really|"
                "significantly|materially|unduly|worse _2 "
                "troubled|harmed|affected|hurt|disadvantaged|inconvenienced|upset|put|off|injured|"
                "suffer|suffered|by|for"
            ),
            "none the? worse|poorer",
            (
                "no|any _1 real|lasting|serious|great|significant|material|substantial|measurable "
                "harm|loss|damage|consequence|effect|upset|difficulty|consequences|suffering"
            ),
            "what _3 lost _6 small|slight|little|nothing|minor",
            "small sum|amount",
            (
                "did|do|has|have|was|were not|n't _3 suffer|suffered|harmed|lose|hurt|harm|hurt "
                "& !consent"
            ),
            "no harm|damage|loss & !evidence|fault",
            "no|nobody one? _3 harmed|worse|hurt|suffered|disadvantaged",
            "made no|little _2 difference to",
            "no _1 ill? effect",
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        guards=GUARDS - {"negated", "conditional"},
        unless=(
            "already|since put|paid|refunded|made|repaid|apologised",
            "not|nor _2 affected|personally",
            "costs|cost _1 nothing & appeal|form|free|can|quick",
            "hardship relief|fund|scheme|payment",
            "of no consequence",
            "make|makes no",
            "no authority|consent",
            "of @theirs own",
            "not|n't _1 suffered by what",
            "consent|agreed to it",
            "would|could|will|can _5 no|not|little|nothing _4 difference|change|benefit|help|achieve",
            "fault +4 caused|causing|causes injustice",
            "handled|handling|replies|reply|correspondence|complaints",
        ),
        stance="declined",
        yields_to=("fault_without_injustice.no_effect",),
    ),
)

_REMEDIED: Final = (
    LabellingFunction(
        "already_remedied.verdict",
        "already_remedied",
        (
            (
                "already|since|now|meanwhile|meantime +7 "
                "put|set|made|remedied|good|paid|refunded|waived|cancelled|apologised|corrected|repaired|"
                "restored|replaced|repaid|awarded|resolved|settled|rectified|compensated|redress|"
                "remedy|reimbursed|amends|withdrawn|removed|cleared|reinstated|mended|fixed|done|"
                "provided|offered|credited & !@investigation|appeal|review|considered"
            ),
            (
                "has|have|having +5 remedied|refunded|waived|cancelled|apologised|"
                "corrected|repaired|restored|replaced|repaid|rectified|compensated|reimbursed|"
                "amends|reinstated|mended & @named_body|it|home|school & "
                "already|since|now|enough|suitable|fair|further|needs|no|nothing|right|more"
            ),
            "put|puts|set _6 right & has|have|having|already|since & !proposal|way to",
            "made|making _5 good|amends & has|have|having|already|since",
            "@have _2 been? _1 dealt|sorted|resolved|remedied|settled|rectified|straightened",
            "@have _2 been? _1 put _2 straight",
            "payment|refund|apology|money _3 @have been? _1 made|given|issued|sent|repaid",
            "@have _2 been? _1 paid|refunded|repaid|reimbursed|compensated & !agreed|not|n't",
            (
                "@named_body|it|home|provider _1 @have _2 "
                "offered|paid|taken|trained|retrained|apologised|said|sent|put|told & "
                "cause|removed|gone|trained|retrained|fitting|suitable|enough|sorry|paid & !not|n't"
            ),
            "has|have _3 seen to it|this|that|matters|the",
            (
                "has|have|having +12 paid|repaid|refunded|apologised|credited & "
                "owned|purpose|nothing|enough|gone|admitted|no|trained|retrained"
            ),
            (
                "enough|suitable|appropriate|fair|adequate|sufficient|proportionate|proper|"
                "reasonable|satisfactory _3 remedy|redress|amends|response|recompense|apology|offer|"
                "answer|compensation & already|since|has|have|made|given|provided|offered"
            ),
            "satisfied|content|happy _5 actions|action|steps|remedy|offer|response|redress|done|taken",
            (
                "what|as|more|much|all _4 we|i|ombudsman would|should|could|might _4 "
                "recommend|recommended|sought|asked|proposed"
            ),
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        unless=(
            "not _3 enough|satisfied|suitable|put|remedied",
            "agreed|agrees _3 to|a|on",
            "withdrawn _2 complaint|it",
            "decided|ruled|answered already|before|once",
            "right|rights to|of appeal|ask|review",
            "take _2 no further",
            "a sufficient answer",
            "discontinued",
            "has paid _4 what",
            "early|stage|outset|start",
        ),
        stance="declined",
        yields_to=("remedy_agreed_early", "withdrawn", "fault_already_remedied"),
    ),
)

FUNCTIONS: Final = (*_EVIDENCE, *_ACHIEVE, *_INJUSTICE, *_REMEDIED)
