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
            f"{_FORUM} 's _1 decision|ruling|order|finding|answer|conclusion|direction & !{_MIGHT}",
            (
                "decision|ruling|order|finding|judgment|answer|determination _2 of|by|from _3 "
                f"{_FORUM} & !{_MIGHT} & !against|challenge|appeal"
            ),
            (
                "appeal|appeals _4 he|she|they|mr|mrs|ms|miss|mx|dr _2 made|brought|lodged|lost|won "
                f"& !panel|school|admission & !{_MIGHT}"
            ),
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
)

FUNCTIONS: Final = _FORUMS
