"""Sets of words that patterns share, by name: the genre's actors, verbs and nouns."""

from __future__ import annotations

from typing import Final

__all__ = ["WORDS"]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


WORDS: Final[dict[str, frozenset[str]]] = {
    # Who speaks in a decision.
    "we": _set("we i ombudsman us me"),
    "our": _set("our my his her ombudsman ombudsman's"),
    # Who is complained about.
    "body": _set(
        "council councils authority authorities provider home borough county district "
        "company agency trust school department officer officers panel it they"
    ),
    "named_body": _set(
        "council councils authority authorities provider home borough county district company "
        "agency trust"
    ),
    # Who complains, or speaks for them.
    "person": _set("he she they mr mrs ms miss mx dr sister him her them it"),
    "title": _set("mr mrs ms miss mx dr prof sister"),
    "theirs": _set("his her their its"),
    # Who may be quoted.
    "speaker": _set(
        "council councils authority provider home borough county district company agency trust "
        "school department officer officers panel manager monitoring landlord insurer insurers "
        "solicitor solicitors inspector police adviser worker assessor director headteacher head "
        "mother father daughter son sister brother wife husband partner neighbour family couple "
        "complainant resident residents applicant she he they mr mrs ms miss mx dr letter email "
        "reply response report leaflet website notice form"
    ),
    "say": _set(
        "said says say saying accepted accepts admitted admits told tells replied replies answered wrote writes claimed claims "
        "claim alleges alleged argues argued argue maintains maintained insists insisted "
        "considers considered considering believes believed believe thinks thought think "
        "contends contended stated states asserts asserted complains complained complain feels "
        "felt feel reported reports reporting explained explains regards regarded suggested "
        "suggests remarked decided concluded informed advised responded disputes denied denies "
        "wondered mentioned warned"
    ),
    "not": _set("not n't never neither nor hardly scarcely"),
    "no": _set("no not n't nothing never neither nor little"),
    "modal": _set("will would can could may might shall should must do does did"),
    "be": _set("is are was were be been being"),
    "have": _set("has have had having"),
    # What the Ombudsman does.
    "investigate": _set(
        "investigate investigated investigating pursue pursued consider considering examine "
        "examining enquire inquire look looking open start begin take deal accept go "
        "entertain proceed uphold"
    ),
    "investigation": _set(
        "investigation investigations investigating enquiry enquiries inquiry inquiries "
        "enquiring inquiring involvement intervention consideration"
    ),
    "achieve": _set(
        "achieve achieved achieving accomplish lead leads result produce secure bring serve gain "
        "gained yield deliver change alter affect help benefit make mend improve add assist"
    ),
    "worth": _set(
        "significant worthwhile meaningful useful different better further more practical "
        "substantial additional other valuable anything any"
    ),
    "outcome": _set("outcome outcomes result results remedy conclusion end solution redress"),
    "want": _set(
        "want wants wanted seek seeks sought seeking ask asks asked asking desire desires "
        "desired hope hopes hoped requests requested require requires demand demands demanded "
        "accept wish wishes"
    ),
    "fault": _set(
        "fault faults error errors failing failings failure flaw flaws wrongdoing "
        "maladministration mistake mistakes shortcoming shortcomings irregularity impropriety"
    ),
    "sign": _set(
        "evidence sign signs indication indications hint suggestion trace suggest suggests "
        "proof pointer"
    ),
    "injustice": _set(
        "injustice harm loss impact effect effects consequence consequences disadvantage "
        "detriment hardship damage inconvenience distress difference upset annoyance"
    ),
    "slight": _set(
        "slight small minor trivial little modest limited short brief insignificant trifling "
        "negligible remote speculative minimal fleeting passing mild"
    ),
    "annoyance": _set(
        "annoyance annoyances irritation inconvenience frustration nuisance upset worry "
        "disappointment irritant"
    ),
    "enough": _set("enough sufficient sufficiently significant serious great substantial grave"),
    "warrant": _set(
        "warrant warrants justify justifies merit merits deserve deserves require requires "
        "call calls warranting justifying"
    ),
    "paid": _set(
        "paid refunded repaid reimbursed waived cancelled credited repaired restored replaced "
        "corrected issued rectified remedied resolved settled compensated offered awarded "
        "amended fixed installed"
    ),
    "reason": _set("reason reasons cause ground grounds excuse explanation justification"),
    "good": _set(
        "good proper sufficient adequate compelling cogent convincing real satisfactory valid "
        "persuasive exceptional"
    ),
    # Where else a matter may go.
    "regulator": _set(
        "commissioner commission ico cqc ofsted phso regulator regulators executive hse dvla hmrc "
        "ofgem ofwat ofcom ofqual"
    ),
    "other_scheme": _set(
        "housing parliamentary health service financial pensions rail energy property legal"
    ),
    "tribunal": _set("tribunal tribunals adjudicator adjudicators adjudication sendist chamber"),
    "minister": _set("inspector inspectors inspectorate minister ministers secretary"),
    "court": _set("court courts judge judges magistrate magistrates bench"),
    "go": _set(
        "go goes apply take takes bring brings put puts ask asks sue claim appeal appeals use "
        "start make seek turn pursue challenge argue contest raise issue approach complain "
        "complained refer report"
    ),
    "appeal": _set("appeal appeals appealing appealed challenge challenged contest dispute"),
    "already": _set("already since now previously"),
    "month": _set("month months year years"),
    "bar": _set(
        "law schedule parliament statute remit jurisdiction bars bar barred excludes excluded "
        "prohibits forbids forbidden"
    ),
    "decide": _set(
        "decide decides decided settle settles determine determines rule declare declares "
        "order award hear hears resolve consider judge grant set test"
    ),
}
