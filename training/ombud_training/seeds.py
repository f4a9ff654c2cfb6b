"""A few wordings of each reason, written for this project: what a new model starts from.

With three to thirty documents a reason, marks alone teach too little. Each reason's first
direction in the space of sentence vectors is the mean of these sentences, less the mean of all
reasons' sentences; training moves it from there.
"""

from __future__ import annotations

from typing import Final

__all__ = ["SEEDS"]

SEEDS: Final[dict[str, tuple[str, ...]]] = {
    "nothing_significant_achieved": (
        "An investigation would not lead to a different outcome.",
        "There is nothing worthwhile we could achieve by looking further.",
        "Further work by us would serve no useful purpose now.",
        "We could not get the complainant anything more than the Council has offered.",
        "Whatever we found, nothing of any substance would change.",
    ),
    "cannot_add_to_earlier_investigation": (
        "The Council has already looked into this and we could not add to its investigation.",
        "We are unlikely to find out more than the body's own enquiries did.",
        "A thorough independent investigation has been carried out already and repeating it adds nothing.",
        "Our asking the same questions again would not take matters further.",
    ),
    "outcome_sought_not_achievable": (
        "We cannot achieve the outcome the complainant wants.",
        "We have no power to dismiss staff, overturn the decision or award damages.",
        "What she is asking for is not something we can order.",
        "The remedy he seeks is beyond what the Ombudsman can recommend.",
    ),
    "insufficient_evidence_of_fault": (
        "There is not enough evidence of fault to justify investigating.",
        "We are unlikely to find that the Council did anything wrong.",
        "I have seen no sign that the decision was reached improperly.",
        "The Council was entitled to decide as it did and followed the proper process.",
        "Nothing in the papers suggests the authority acted wrongly.",
    ),
    "insufficient_injustice": (
        "The injustice is not significant enough to warrant our involvement.",
        "What happened did not affect her seriously.",
        "Any harm was slight, and the delay cost him nothing.",
        "The loss is too small and the upset too minor for us to investigate.",
        "The effect he fears is speculative and may never come about.",
    ),
    "already_remedied": (
        "The Council has already put matters right.",
        "The fee has been refunded and the penalty cancelled, which is a suitable remedy.",
        "We are satisfied with the action the Council has taken to resolve this.",
        "The apology and payment already made are enough.",
        "The charge has since been dropped and the place was offered.",
    ),
    "other_body_better_placed": (
        "Another body is better placed to deal with this complaint.",
        "The Information Commissioner's Office is the proper organisation to consider it.",
        "Registration and standards are matters for the regulator, Ofsted or the Care Quality Commission.",
        "He should take this part to the Housing Ombudsman.",
    ),
    "complaint_handling_only": (
        "It is not a good use of public money to look at complaint handling where we are not considering the substance.",
        "We do not look at how a complaint was dealt with in isolation.",
        "Only the way the Council answered her letters is left, and that alone does not justify an investigation.",
        "Since we are not pursuing the main issue, we will not examine the complaints process.",
    ),
    "already_considered": (
        "We have already considered and decided this complaint.",
        "The same matters were the subject of our earlier decision and we will not look at them again.",
        "This repeats a complaint we closed last year.",
        "We will not reopen an issue that the Ombudsman has determined before.",
    ),
    "investigation_discontinued": (
        "I have discontinued my investigation.",
        "We began to investigate but have now stopped.",
        "The Ombudsman ended the investigation part way through.",
        "There is no reason to carry on with the enquiries we started.",
    ),
    "withdrawn": (
        "The complainant has withdrawn the complaint.",
        "She told us she no longer wishes to continue.",
        "He asked us to close the case and stop.",
        "The family do not want the matter taken any further.",
    ),
    "late": (
        "The complaint is late and there are no good reasons to consider it now.",
        "She knew about this more than twelve months before she came to us.",
        "He could have complained to us much sooner.",
        "The events are too long ago to be looked at and nothing prevented an earlier complaint.",
        "I see no cause to set aside the time limit.",
    ),
    "premature": (
        "The complaint has not yet been put to the Council.",
        "The body must first have a fair chance to reply through its own complaints procedure.",
        "It is too soon for us: the Council has not had time to answer.",
        "He should complain to the authority and return to us if unhappy with its response.",
    ),
    "tribunal_appeal_right": (
        "She has a right of appeal to a tribunal and it is reasonable to use it.",
        "He can challenge the penalty before an adjudicator.",
        "Parliament gave parents an appeal to the Special Educational Needs and Disability Tribunal.",
        "The Valuation Tribunal decides disputes about council tax liability and bands.",
        "An appeal to the First-tier Tribunal was open and should have been made.",
    ),
    "ministerial_appeal_right": (
        "The applicant could appeal to the Planning Inspectorate against the refusal.",
        "An appeal lies to the Secretary of State.",
        "He has a right to have the matter decided by a planning inspector.",
        "Inspectors acting for the minister are the proper route against the notice.",
    ),
    "court_remedy": (
        "She could take the matter to court and it is reasonable to expect her to do so.",
        "A claim for damage and negligence is for the courts or insurers to decide.",
        "He could appeal to the magistrates against the notice.",
        "Liability can only be settled by a court.",
        "The county court offers a remedy that we cannot.",
    ),
    "appeal_already_used": (
        "She has already appealed to the tribunal, so the law prevents us from looking at the same matter.",
        "Because he used his right of appeal, we have no power to investigate.",
        "The inspector has decided the appeal and we cannot go behind it.",
        "Once an appeal has been made we lose jurisdiction over the decision.",
    ),
    "own_review_available": (
        "She can ask the Council to review its decision, and should do so.",
        "There is a statutory review procedure open to him.",
        "The Council's own review is the proper way to challenge this.",
        "The children's statutory complaints procedure has further stages that can still be used.",
    ),
    "affects_most_inhabitants": (
        "The matter affects all or most of the people in the area.",
        "Everyone in the borough is touched by this change in the same way.",
        "The law stops us looking at something that affects most inhabitants.",
        "The rise in council tax falls on every household in the district.",
    ),
    "complainant_not_eligible": (
        "He is not a person who may bring this complaint.",
        "She has no consent from the person affected and is not a suitable representative.",
        "The complaint comes from a public body, which may not complain to us.",
        "She was not affected herself by what she complains of.",
    ),
    "court_proceedings": (
        "The matter has been before a court and we cannot look at what happened there.",
        "We cannot investigate the start or conduct of legal proceedings.",
        "The issues were raised, or could have been, in the family court.",
        "What the Council told the judge is part of the proceedings.",
        "It cannot be separated from what the court decided.",
    ),
    "crime_investigation": (
        "The law does not let us look at action taken to investigate or prevent crime.",
        "The interview under caution was part of a criminal investigation.",
        "Officers were gathering evidence for a possible prosecution, which is outside our powers.",
        "The fraud enquiry is excluded from our remit.",
    ),
    "commercial_matter": (
        "We cannot investigate contractual or commercial transactions.",
        "The dispute is about a contract between the business and the Council.",
        "The tender and the lease of the kiosk are commercial matters we may not consider.",
        "The award of a contract is excluded from what we can look at.",
    ),
    "personnel_matter": (
        "We cannot look at personnel matters such as appointments, pay or discipline.",
        "His complaint is about his employment by the Council.",
        "Pensions, grievances and dismissal of staff are excluded by law.",
        "How the Council disciplined an employee is not something we can consider.",
    ),
    "school_internal_matter": (
        "We cannot investigate what happens inside a school.",
        "The conduct, discipline and management of schools are outside our powers.",
        "Teaching and bullying in the classroom are for the governors.",
        "The complaint about the head teacher's conduct concerns the internal running of the school.",
    ),
    "outside_jurisdiction": (
        "The body complained of is not one we can investigate.",
        "This falls outside our jurisdiction.",
        "The action was not an administrative function of an authority we cover.",
        "We have no power over a private company, a parish council or an academy.",
    ),
    "fault_causing_injustice": (
        "The Council was at fault and this caused injustice.",
        "There was fault in how the Council acted, which left her without support and distressed.",
        "The delay was fault and he suffered avoidable worry and expense because of it.",
        "We uphold the complaint and recommend an apology and a payment.",
        "The failings meant the family lost out on provision they should have had.",
    ),
    "fault_without_injustice": (
        "There was fault but it did not cause an injustice.",
        "The Council made a mistake which made no difference to the outcome.",
        "Although the procedure was not followed, he was not affected by it.",
        "The error was fault, but she would have been in the same position anyway.",
    ),
    "fault_already_remedied": (
        "The Council was at fault but has already provided a suitable remedy.",
        "It accepted its error, apologised and paid before we became involved.",
        "The steps already taken put right the injustice its mistake caused.",
        "Nothing more is needed, because the Council has made good its fault.",
    ),
    "remedy_agreed_early": (
        "The Council agreed to resolve the complaint early by putting matters right.",
        "We asked the authority to offer a remedy and it accepted, so no investigation was needed.",
        "After our first enquiries the Council agreed to pay and apologise.",
        "The complaint is settled because the body has undertaken to act.",
    ),
    "no_fault": (
        "We found no fault by the Council.",
        "There was no fault in the way the decision was made.",
        "The authority acted properly and in line with the law and its policy.",
        "I do not criticise the Council for what it did.",
        "We did not uphold the complaint because the Council did nothing wrong.",
    ),
}
