"""Jurisdiction: everybody's matter, or not this person's to bring (s.26(7), 26A, 27)."""

from __future__ import annotations

from typing import Final

from ombud.labelling.functions import GUARDS, LabellingFunction

__all__ = ["FUNCTIONS"]

_INHABITANTS: Final = (
    LabellingFunction(
        "affects_most_inhabitants.all_or_most",
        "affects_most_inhabitants",
        (
            (
                "all|most|nearly|almost|every or|of|and most|every|all|the _4 "
                "people|inhabitants|residents|households|household|taxpayers|home|homes|living|"
                "townspeople|ratepayers|families"
            ),
            (
                "most|nearly|almost|virtually|practically all|every? _2 "
                "people|inhabitants|residents|households|household|taxpayers|home|homes|residents|one"
            ),
            (
                "every|each|whole|entire|all|everyone|everybody _3 household|home|resident|inhabitant|"
                "inhabitants|resident|residents|council|borough|district|county|town|city|population|"
                "parish _3 alike|equally|at|same|affected|affects|pays|touched|as|in|once"
            ),
            (
                "affects|affect|affected|affecting|touches|falls|falling|fell|reaches|bears _3 "
                "everyone|everybody|all|most|every|whole|borough|county|district|town|city|generality"
            ),
            "borough|county|district|town|city|area|public|community at large",
            "borough|county|district|town|city|area|community as a whole",
            "so widely|generally|broadly shared|felt|spread|affecting",
            (
                "shared|shares|share|common|borne _3 by|with|to _2 neighbours|everyone|all|every|whole|"
                "residents|most|other"
            ),
            (
                "no|not|n't|same _4 differently|more|worse|other|different _3 than|from|to|way _4 "
                "neighbours|everyone|anyone|residents|others|households|inhabitants|other"
            ),
            "neighbours|neighbour|others|everyone _1 's? as much|well as",
            "in the same position|boat as|with _4 neighbours|everyone|residents|most|others",
        ),
        stance="declined",
        unless=("staff|pupils|tenants|drivers|members", "for the most part"),
    ),
)

_ELIGIBLE: Final = (
    LabellingFunction(
        "complainant_not_eligible.standing",
        "complainant_not_eligible",
        (
            "no standing|locus",
            (
                "not|n't _3 someone|person|people|anyone|one|those who|whom|that|entitled|able _4 "
                "complain|bring|make|complaint|represent|speak"
            ),
            (
                "not _2 entitled|eligible|qualified|able|authorised|permitted|allowed|suitable _4 "
                "complain|bring|make|represent|speak|act|complainant|representative"
            ),
            "not _4 's|theirs|his|her|hers to bring|make|complain",
            "not _3 suitable|proper|right|appropriate _2 person|representative|one to|for",
            (
                "cannot|can|may not complain|bring|speak|act to|for|on|this|it|us _4 "
                "behalf|them|him|her|complaint|name|us"
            ),
            "ineligible|disqualified",
        ),
        stance="declined",
        unless=("@named_body _1 was|is not entitled", "not entitled to _3 help|benefit|support"),
    ),
    LabellingFunction(
        "complainant_not_eligible.consent",
        "complainant_not_eligible",
        (
            (
                "no|not|without|n't|none|refused|refuses|withheld|lacks|lack _6 "
                "consent|authority|permission|mandate|leave|authorised|consented|agreement|signature _6 "
                "complain|complaint|behalf|represent|speak|act|bring|him|her|them|from|to|for"
            ),
            (
                "not|none|nobody|no one? _6 asked|signed|authorised|appointed|wants|instructed|consented "
                "_4 him|her|them|complaint|complain|speak|it|act|represent"
            ),
            (
                "complaint|complain|speaks|speak _6 behalf|for _8 without|not|refused|against _4 "
                "consent|authority|permission|leave|wishes|agreement"
            ),
        ),
        stance="declined",
        guards=GUARDS - {"reported", "negated"},
        unless=(
            "order|licence|planning|building consent|permission",
            "without|no planning",
            "refused _4 permission|leave|licence|consent",
            "no leave had",
        ),
        yields_to=("withdrawn",),
    ),
    LabellingFunction(
        "complainant_not_eligible.not_affected",
        "complainant_not_eligible",
        (
            "is|are|as|being a? _1 public body|authority",
            "not|neither|never _5 member|members of the public",
            (
                "not|never _4 personally|directly|himself|herself|themselves _2 "
                "affected|caused|suffered|touched"
            ),
            (
                "complain|complains|complaint|acts|writes as|in _4 councillor|officer|clerk|capacity|"
                "employee|body|council|official"
            ),
            (
                "acts|acting|complains|complaining|writes|bringing _3 official|public capacity|"
                "role|office|duty"
            ),
            "parish|town|another council|authority cannot|can|may not? _3 complain|bring|be",
            "neither|not|never|nor|n't _3 ever? lives|lived|live|lodged|rented|stayed there|in|at",
        ),
        stance="declined",
        unless=("@injustice",),
    ),
)

FUNCTIONS: Final = (*_INHABITANTS, *_ELIGIBLE)
