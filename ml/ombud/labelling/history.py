"""Discretion: decided before, begun and stopped, or dropped by the person (s.24A(6))."""

from __future__ import annotations

from typing import Final

from ombud.labelling.functions import GUARDS, LabellingFunction

__all__ = ["FUNCTIONS"]

_BEFORE: Final = (
    LabellingFunction(
        "already_considered.ours",
        "already_considered",
        (
            (
                "@we have|has|had|having already|previously|earlier|once|twice considered|decided|"
                "answered|dealt|ruled|determined|investigated|looked|given|adjudicated"
            ),
            (
                "@we _1 considered|decided|answered|dealt|ruled|determined|investigated|gave "
                "_2 it|this|that|these|same|answer _8 before|already|previously|twice|last|earlier|"
                "once|in|then"
            ),
            (
                "something|complaint|complaints|matter|what|one|matters|it that|which? @we have|had? _1 "
                "dealt|decided|answered|considered|determined with|on? in|before|already|twice|once|"
                "last|earlier"
            ),
            (
                "@we have|had decided|answered|ruled|determined|settled _1 "
                "it|this|that|these|the|on _2 complaint|once|already|before"
            ),
            "having|have already? ruled|decided|determined|adjudicated _3 before|already|once|twice",
            (
                "same complaint|complaints|matter|matters|issue|issues|events|subject _6 "
                "@we _3 decided|considered|answered|dealt|investigated|before|already"
            ),
            (
                "not _3 go|going|look|looking|reopen|reopening|revisit|reconsider|consider|investigate "
                "_5 our|own|same|again|twice|already _4 decision|decisions|matter|complaint|decided|"
                "considered|time|ground"
            ),
            "put|brought|complained to us|me once|before|already|twice|previously _3",
            "not|nothing _5 new _6 since @we _2 decided|decision|considered",
        ),
        unless=("decided not|against|to|that", "not|n't _2 looked|considered|decided|dealt"),
        guards=GUARDS - {"reported"},
        stance="declined",
    ),
)

_STOPPED: Final = (
    LabellingFunction(
        "investigation_discontinued.stopped",
        "investigation_discontinued",
        (
            "@we _3 discontinued|discontinue|discontinuing",
            "discontinued|discontinuing|discontinue @our|this|the _1 @investigation",
            (
                "investigation|enquiries|inquiries|complaint|case|it is|are|was|were|has|have|be _1 "
                "discontinued"
            ),
            (
                "@we have|has|had|am|are|is|will|therefore _2 stopped|ended|ending|end|stop|ceased|"
                "halted|stopping _2 investigation|enquiries|inquiries|enquiring|investigating"
            ),
            "ended|ending|stopped|stopping his|her|our|my|the|this investigation|enquiries|inquiries",
            "investigation|enquiries|inquiries _6 go|goes|going|taken|proceed no further",
            (
                "no|not reason|cause|case|justification _3 carry|continue|go|continuing|carrying on|"
                "with|the|investigating|investigation|enquiries|my|our"
            ),
            "part|half|mid way|through|read",
            "part|half|mid - way|read",
        ),
        unless=("service|scheme|payment|payments|support|care discontinued|stopped|ended",),
        yields_to=("withdrawn", "fault_causing_injustice", "no_fault"),
    ),
)

_WITHDRAWN: Final = (
    LabellingFunction(
        "withdrawn.complaint",
        "withdrawn",
        (
            (
                "withdrawn|withdrew|withdraws|withdrawing|withdraw her|his|their|the|this|it complaint|"
                "complaints|and|so"
            ),
            "complaint|complaints|it|matter _2 has|have|was|is|been|being _1 withdrawn",
            "complaint|complaints|this|it|matter|everything|file|case _2 be? dropped|withdrawn _3",
            (
                "no longer wishes|wants|wish|want|wished|wanted|desires _2 "
                "complain|pursue|continue|go|proceed|us|the|this"
            ),
            (
                "not want|wish|wants _4 complaint|investigation|matter|us|case|it _3 "
                "pursued|continue|continued|investigated|go|proceed|taken"
            ),
            "not want|wish to go|continue|proceed|pursue|carry on|with|the|it|any|further|this",
            "closed|ended|close|closing|stopped|end _6 at _5 request|wish",
            "want|wants|wanted|asked|asks|like|wished _4 dropped|stopped|closed|dropping _3",
            "not|no _4 go on|ahead against @theirs wish|wishes|will",
        ),
        unless=(
            "@named_body _3 withdrew|withdraw|withdrawn|closed|stopped|dropped",
            (
                "withdrew|withdrawn|withdraw _2 notice|offer|charge|penalty|decision|support|plan|appeal|"
                "application|objection|service"
            ),
        ),
        guards=GUARDS - {"reported"},
        stance="declined",
    ),
)

FUNCTIONS: Final = (*_BEFORE, *_STOPPED, *_WITHDRAWN)
