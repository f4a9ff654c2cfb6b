"""Decided before, dropped or broken off, as summaries and final decisions put it (s.24A(6))."""

from __future__ import annotations

from typing import Final

from ombud.labelling.functions import GUARDS, VERDICT_SECTIONS, LabellingFunction

__all__ = ["FUNCTIONS"]

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
            (
                "discontinue|discontinued|discontinues|discontinuing|discontinuance & "
                "@we|our|investigation|enquiries|inquiries|complaint|case|consideration"
            ),
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
            "council|home|provider|school|police _2 discontinued|stopped|ended|closed",
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

FUNCTIONS: Final = _BEFORE
