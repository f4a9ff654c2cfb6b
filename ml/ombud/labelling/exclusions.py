"""Jurisdiction: subjects that the Act shuts out (Schedule 5) and bodies it does not cover."""

from __future__ import annotations

from typing import Final

from ombud.labelling.functions import LabellingFunction

__all__ = ["FUNCTIONS"]

_ASIDE: Final = (
    "set aside",
    "not gone into",
    "leave|left _4 aside",
)

_PROCEEDINGS: Final = (
    LabellingFunction(
        "court_proceedings.conduct",
        "court_proceedings",
        (
            (
                "start|commencement|conduct|conducted|course|part|about|concerns|concern|beginning|"
                "bringing|commenced _6 court|legal|possession proceedings|action|case|hearing"
            ),
            (
                "start|commencement|conduct|part|begin|starting of|to _2 court|legal|possession|the? "
                "proceedings|litigation|case"
            ),
            "how _4 conducted|presented|argued|ran|put _2 its|the|their case",
            "@we _6 no|not|never _10 court|judge|proceedings|bench|litigation",
            (
                "no|not|cannot|law|act _12 behind|examine|look|consider|follow|investigate|question _10 "
                "court|judge|hearing|proceedings"
            ),
            (
                "said|told|evidence|argued|statement|account|given _6 to|before|in|at _3 "
                "court|judge|hearing|magistrates|proceedings"
            ),
            "court|judge|proceedings|hearing _8 @we _4 not|no",
            (
                "played|argued|decided|settled|dealt|aired|raised|tested|put out|with? _2 "
                "before|by|in|at _3 court|judge|magistrates|hearing|proceedings|court"
            ),
            (
                "court|judge|magistrates has|have|had already? _1 decided|ruled|made|considered|"
                "determined|granted|heard"
            ),
            (
                "matter|matters|what|issue|subject _4 before|of a|the|court _1 "
                "court|judge|proceedings"
            ),
        ),
        unless=(
            *_ASIDE,
            "hearing aid|aids|loss|test|impairment",
            "@go _3 to court",
            "remedy in court",
            "can|could|may|might|should|reasonable|ought _6 @go|decide|declare|raised|argued|decided _8 @court",
            "for a|the @court",
            "court of protection",
            "small claims",
            "disciplinary|grievance proceedings|hearing",
            "head +1 a|b|c",
            "licensing|panel|appeal hearing",
            "@tribunal",
        ),
        stance="declined",
        yields_to=("appeal_already_used.verdict",),
    ),
)

_CRIME: Final = (
    LabellingFunction(
        "crime_investigation.crime",
        "crime_investigation",
        (
            (
                "investigation|investigating|investigate|prevention|preventing|detection|inquiry|inquire|"
                "enquiry|enquiries|inquiries|prosecution|looked|looking of|into|or _6 "
                "crime|crimes|offence|offences|theft|fraud|criminal"
            ),
            "criminal|police|fraud investigation|inquiry|enquiry|investigations|inquiries _10",
            "investigating|investigated|suspected|alleged _3 crime|offence|theft|fraud _4 @bar|beyond",
            "investigating|investigated _3 crime|offence|offences +8 @bar|beyond|not",
            "whether _4 offence|crime|fraud _4 been|was|took committed|place",
            "crime|offence|fraud|theft _5 looked|investigated|inquired|prevented|detected",
            "@bar _12 crime|criminal|offence",
            "crime|criminal|offence|offences _12 @bar|beyond|outside",
        ),
        unless=(
            *_ASIDE,
            "safeguarding",
            "reported|told _4 police",
            "police logs|report|reports|officers|recorded|opened|came|took|were",
            "for the? police",
        ),
        stance="declined",
    ),
)

_COMMERCIAL: Final = (
    LabellingFunction(
        "commercial_matter.contract",
        "commercial_matter",
        (
            (
                "commercial|business|trading|contractual|purely|trade matter|matters|transaction|"
                "transactions|agreement|agreements|dealing|dealings|relationship|bargain|bargains|"
                "contract|contracts|commercial|arrangement|terms|decision|deal"
            ),
            "terms of a|the|its|his|her? _2 bargain|supply|contract|tender|trade",
            (
                "supplier|suppliers|seller|customer|buyer|contractor|trader|traders and|or|to "
                "customer|customers|buyer|client|supplier|seller|purchaser"
            ),
            "between|customer|buyer _4 customer|buyer|traders|businesses|supplier|seller|suppliers",
            "bargain|bargains|deal _3 between|struck|made",
            "enforce|enforcing _3 supplier|contractor|trader|contract|tender",
            (
                "contract|contracts|tender|tendering|procurement|bargain|bargains _12 @bar|beyond|"
                "outside|excluded"
            ),
            (
                "@bar _12 contract|contracts|tender|tendering|procurement|bargain|bargains|"
                "commercial|trading|trade"
            ),
            (
                "sold|sells|selling|hired|hiring|buying|supplied|supplying|letting _8 "
                "customer|price|fuel|stall|stalls|space|market|trade|deal"
            ),
        ),
        unless=(
            *_ASIDE,
            "care|tenancy|employment contract",
            "business rates|rate|grant|grants|support|premises",
            "court|judge|damages",
            "trading standards",
        ),
        stance="declined",
    ),
)

_PERSONNEL: Final = (
    LabellingFunction(
        "personnel_matter.employment",
        "personnel_matter",
        (
            "personnel",
            (
                "employment|staffing|staff|disciplinary|hr matter|matters|question|questions|issue|"
                "issues|decision|relationship|relations|terms"
            ),
            (
                "questions|question|matter|matters|dealings|relations of|between _5 "
                "staffing|employment|employer|employee|employees|discipline|staff|recruitment"
            ),
            "between _6 employer|employee|employees|staff",
            (
                "employer|employers|council _3 does|do|treats|deals|dealt|treat with|its? _3 own? "
                "staff|employees|employee|people"
            ),
            "as an? _1 employee|employer|employees",
            (
                "appointment|appointments|pensions|pension|promotion|dismissal|discipline|grading|"
                "recruitment|disciplined|redundancy|employs|sacking|staffing|salary|wages +16 "
                "@bar|ours|us"
            ),
            "the act takes|keeps|puts|excludes|bars|shuts +12 staff|employ~|that",
            (
                "@bar _12 appointment|appointments|pensions|pension|promotion|dismissal|discipline|"
                "recruitment|disciplined|staff|employs|employment|redundancy|employees"
            ),
        ),
        unless=(
            *_ASIDE,
            "employment tribunal",
            "school|headteacher|head|teacher|governors",
            "employment support|allowance|and",
            "spoke|interviewed|asked|training|trained|remind|visited",
            "personal assistant",
            "council tax|pay _2 council",
        ),
        stance="declined",
    ),
)

_SCHOOL: Final = (
    LabellingFunction(
        "school_internal_matter.inside",
        "school_internal_matter",
        (
            (
                "conduct|discipline|management|running|teaching|internal|curriculum|organisation|"
                "happens|behaviour|instruction|life|affairs|day _5 of|in|within|inside|at|by _3 "
                "school|schools|classroom|academy|college"
            ),
            "school|schools 's? own|internal affair|business|matter|matters|affairs|management|rules",
            "school|schools 's own _2 business|affair|affairs|matter|discipline|rules",
            (
                "head|headteacher|teacher|teachers|governors|pupil|pupils 's? _4 "
                "conduct|conducts|behaviour|behaves|decisions|discipline|treatment|taught|disciplined +10 "
                "not|no|law|bars|beyond|outside|own|school"
            ),
            (
                "not|no|law|act|bars|beyond|outside +10 head|headteacher|teacher|teachers|governors|"
                "pupils|lessons 's? _2 conduct|behaviour|decisions|discipline|treatment|teaching|"
                "disciplined|taught"
            ),
            "internal _2 school|schools matter|matters|affairs|management|business",
            "@bar _14 schools|school|teaching|lessons|classroom",
            (
                "what _3 goes|happens|went|happened|takes on|place? in|inside|within|at _3 "
                "school|schools|classroom|lesson|lessons|academy"
            ),
            (
                "how _3 school|schools|head|teachers|teacher|governors|academy _2 "
                "teaches|disciplines|runs|behaves|manages|conducts|treats|punishes|marks|keeps|teach|"
                "run|discipline"
            ),
            "school|schools|head|headteacher|governors|teachers _10 not ours|one|for",
            (
                "@we _2 not|no _8 school|schools|head|headteacher|teacher|teachers|lessons|pupils|"
                "classroom|playground"
            ),
        ),
        unless=(
            *_ASIDE,
            "transport|taxi|school bus|place|plan",
            "school transport|admission|admissions|place|places|crossing|bus|meals|travel",
            "panel|exclusion",
            "removed? from a? school post",
            "full _2 time? education",
            "governor was|is",
            "head +1 a|b|c",
            "a claim that",
            "personnel",
        ),
        stance="declined",
    ),
)

_OUTSIDE: Final = (
    LabellingFunction(
        "outside_jurisdiction.body",
        "outside_jurisdiction",
        (
            (
                "not|n't|never _3 a|an|the|one _1 body|organisation|authority|provider _6 "
                "@we|jurisdiction|remit|investigate|covered|scheme"
            ),
            "not _3 in|within|under _3 jurisdiction|remit|scheme",
            (
                "not|no _2 power|powers|jurisdiction over|in|to _5 body|organisation|company|charity|"
                "trust|landlord|nhs|academy|police|private"
            ),
            (
                "law|act|parliament gives|gave|given|confers _5 no|not power|powers|say|jurisdiction over|"
                "in"
            ),
            "not _3 acting|acted|act|carrying _4 for|behalf _4 council|authority",
            (
                "nhs|trust|charity|company|landlord|privately|private _6 "
                "arranged|funded|paid|pays|funds|met|run|runs +10 not|no|outside|beyond|nothing"
            ),
            "no|not _2 council|authority _6 arranged|funded|paid|placed|commissioned",
            "no|not _2 function|duty|service of the? council|authority",
            "is|are|was|were neither|not a? _2 council _5 nor|or|care|provider",
        ),
        unless=(
            *_ASIDE,
            "late|twelve|months|years",
            "personnel|employment|staff|school|court|crime|contract|commercial",
            "@tribunal|@minister|@court",
            "@our discretion",
            "council was|were not",
            "is|as a public body",
        ),
        stance="declined",
        yields_to=(
            "commercial_matter",
            "court_proceedings",
            "personnel_matter",
            "school_internal_matter",
        ),
    ),
    LabellingFunction(
        "outside_jurisdiction.said",
        "outside_jurisdiction",
        (
            "outside|beyond @our|the _2 jurisdiction",
            "not|nor|neither _4 within|in @our|the _2 jurisdiction",
        ),
        unless=(*_ASIDE, "late|twelve|months|years", "@tribunal|@minister|@court"),
        stance="declined",
        yields_to=(
            "appeal_already_used",
            "commercial_matter",
            "court_proceedings",
            "crime_investigation",
            "late",
            "personnel_matter",
            "school_internal_matter",
        ),
    ),
)

FUNCTIONS: Final = (
    *_PROCEEDINGS,
    *_CRIME,
    *_COMMERCIAL,
    *_PERSONNEL,
    *_SCHOOL,
    *_OUTSIDE,
)
