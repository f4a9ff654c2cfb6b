"""What is for others or cannot be had, as summaries and final decisions put it (s.24A(6))."""

from __future__ import annotations

from typing import Final

from ombud.labelling.functions import GUARDS, VERDICT_SECTIONS, LabellingFunction

__all__ = ["FUNCTIONS"]

_OTHERS: Final = (
    LabellingFunction(
        "other_body_better_placed.verdict",
        "other_body_better_placed",
        (
            (
                "@regulator +8 can|could|may|is|are|has|have|should|better|oversees|deals|decide|"
                "decides|order|exists|regulates|considers|placed|place|would & !planning|appeal"
            ),
            (
                "for|to|by|with|belongs|belong|before|leave|ask|approach|use|contact +5 @regulator "
                "& !planning|appeal & !information available|given"
            ),
            (
                "information|care|housing|health|data|pensions|professional|property|energy|"
                "parliamentary|charity|financial|equality|environment _3 "
                "commissioner|quality|ombudsman|regulator|agency|redress|commission|council & "
                "can|could|may|is|are|has|should|for|to|better|belongs|oversees|deals|with|by"
            ),
            (
                "better|best|right|proper|natural|appropriate|suited|equipped _3 "
                "placed|body|place|suited|equipped|forum|person|organisation|one|office|quarter "
                "& !@court|@tribunal|@minister|review"
            ),
            (
                "another|other|different|separate|specialist _1 "
                "body|regulator|ombudsman|office|organisation & "
                "better|placed|exists|whose|set|deals|job|than|take|considers"
            ),
            "there is a regulator",
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        unless=(
            "@minister",
            "housing|local authority|council officer|officers",
            "not _1 a? body",
            "public body",
            "no _3 better placed",
            "has|have|had|been _3 found|upheld|decided|ruled|told",
            "board has|had",
        ),
        stance="declined",
        yields_to=("cannot_add_to_earlier_investigation",),
    ),
    LabellingFunction(
        "complaint_handling_only.verdict",
        "complaint_handling_only",
        (
            (
                "handling|handled|handles|reply|replies|replied|correspondence|letters|answers|"
                "answered|response|responses|responded|procedure|procedures|process|acknowledged|"
                "emails & alone|own|itself|themselves|isolation|separately|separate|apart|only|"
                "substance|substantive|underlying|standing|merely & "
                "!evidence|enough fault & !put|answered _2 to|once|before"
            ),
            (
                "complaint|complaints|complain _2 handling|handled|process|procedure|procedures & "
                "not|no|nor|neither|n't|without|only|unless"
            ),
            (
                "how|way|manner|speed|lateness|delay|delays _7 "
                "handled|answered|dealt|replied|responded|replies|reply|complaint|letters & "
                "alone|own|itself|themselves|isolation|separately|apart|warrant|justify|not|nor|no|n't"
                " & complaint|complaints|letters|reply|replies|correspondence|emails|replied|answered"
            ),
            (
                "we|ombudsman _2 would|will|do|does|shall not|n't _3 "
                "spend|put|use|devote|take & letters|replies|reply|correspondence|handled|handling|"
                "complaint|complaints|answered"
            ),
            (
                "letters|replies|reply|correspondence|handling|handled|answered|complaints & "
                "not|n't|nor|without _4 looking|pursuing|investigating|dealing|taking|going & "
                "not|n't|nor|no"
            ),
            (
                "not|no|nor|n't _5 use _2 public|our|money|funds|resources|time +8 "
                "itself|own|alone|complaint|complaints|replies|reply|letters|correspondence|handling"
            ),
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        guards=GUARDS - {"negated", "conditional", "subject"},
        unless=(
            "@tribunal|@court alone|itself",
            "delay in coming",
            "answered before|once|already|and",
            "once _2 answered",
            "fault|failings|failing _3 in how|handling",
            "not _3 complained|completed|exhausted|used|finished",
            "its own review|panel|policy|rules|staff|homes|housing|records",
            "school 's? own",
        ),
        stance="declined",
    ),
    LabellingFunction(
        "outcome_sought_not_achievable.verdict",
        "outcome_sought_not_achievable",
        (
            (
                "not|nor|neither|nothing|no|beyond|outside|n't|none|never|only|unable|cannot +10 "
                "want|wants|wanted|seek|seeks|sought|seeking|asks|asked|asking|desires|hopes|"
                "requests|demands|accept|wishes|after & achieve|give|gift|power|powers|order|ours|"
                "provide|obtain|secure|bring|compel|deliver|achieved|given|outcome|outcomes|remedy & "
                "@we|our|ours|ombudsman|us"
            ),
            (
                "what|outcome|outcomes|result|remedy|thing|things|that|only +6 "
                "want|wants|wanted|seek|seeks|sought|seeking|asks|asked|asking|desires|hopes|"
                "requests|demands|wishes|after|accept +8 "
                "not|nor|neither|nothing|no|beyond|outside|n't|none|never|unable & "
                "achieve|give|gift|power|powers|order|ours|provide|obtain|secure|bring|compel|"
                "deliver|achieved|given|had|available|possible|reach|made|something & "
                "!consent|review|evidence"
            ),
            (
                "@we|ombudsman _2 can|could|may|do|does|would|will|has|have not|no|never|nor|n't _4 "
                "order|compel|force|bind|quash|dismiss|sack|discipline|command|prosecute|"
                "punish|fine|overturn|reverse|overrule|rewrite|impose"
            ),
            (
                "no|not|without|lack|lacks _2 power|powers|authority to _1 order|compel|force|make|"
                "require|overturn|dismiss|sack|discipline|remove|award|punish|direct|cancel|change|grant"
            ),
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        guards=GUARDS - {"negated", "conditional"},
        unless=(
            "not|n't _4 pursued|pursue|continue|proceed|go|carry|investigate|complain|dropped|brought",
            "no longer",
            "look at",
            "@injustice|evidence",
            "law|act|parliament|statute|schedule",
            "commissioner|@tribunal|inspector|@court|review can|could|may",
            "investigate|look|examine _3 what",
        ),
        stance="declined",
        yields_to=("withdrawn",),
    ),
    LabellingFunction(
        "cannot_add_to_earlier_investigation.verdict",
        "cannot_add_to_earlier_investigation",
        (
            (
                "add|adds|adding|added|contribute|improve & nothing|little|not|n't|unlikely|hardly|no|"
                "anything|nor|improbable|doubt & investigation|investigations|enquiry|inquiry|review|"
                "report|findings|found|already|answer|response|work|that|what|it|examined|explanation|"
                "independent|barrister|reply"
            ),
            (
                "learn|learned|discover|uncover|hear|reveal & nothing|not|little|no|"
                "unlikely|hardly|anything & more|further|new|already|that|beyond & "
                "investigation|inquiry|report|review|found|reviewer|barrister|panel|stage|stages|"
                "investigator|independent|adviser|she did|he did"
            ),
            "put|ask|asked nothing _8 already|put",
            (
                "already|fully|thoroughly|independently|properly|been _4 investigated|examined|"
                "reviewed|looked & independent|independently|thorough|thoroughly|fully|properly|"
                "carefully|barrister|reviewer|inquiry|external"
            ),
            (
                "repeat|repeating|duplicate|duplicating|retrace|retracing|traverse|cover|covering|tread|"
                "redo & investigation|inquiry|ground|"
                "work|review|already|same|report|enquiries"
            ),
        ),
        sections=VERDICT_SECTIONS,
        past_refusal=True,
        guards=GUARDS - {"negated", "conditional"},
        unless=(
            "value|significant|worthwhile",
            "already know|knows|knew",
            "@we _3 already|previously|once|before +3 investigated|considered|decided|ruled|answered",
            "crime|offence|police",
        ),
        stance="declined",
    ),
)

FUNCTIONS: Final = _OTHERS
