"""What the Act shuts out, as summaries and final decisions put it (s.25 to 27, Schedule 5)."""

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
            "not|n't _1 outside|beyond",
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

FUNCTIONS: Final = (*_SHUT_OUT, *_BEYOND)
