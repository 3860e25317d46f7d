"""Victim advocacy's answers. Knows the contract; the work is in the modules beside it."""

from __future__ import annotations

from engine.hooks.v1 import (
    ActionsProposed,
    AgencyRecords,
    AnswerSeen,
    CaseAsked,
    Contribution,
    NilReturn,
    OutcomesFound,
    OutcomeWindow,
    PersonAsked,
    Refused,
    SubjectAccessResult,
    hookimpl,
)
from plugins.advocacy.assessor import assess, told_to_subject
from plugins.advocacy.following import outcomes
from plugins.advocacy.proposing import propose
from plugins.advocacy.records import advocacy_records


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> Contribution | NilReturn | Refused:
    """Return what the victim wants this case to know."""
    return assess(case, advocacy_records(records))


@hookimpl
def stac_propose_actions(
    case: CaseAsked, answers: tuple[AnswerSeen, ...], records: AgencyRecords
) -> ActionsProposed | Refused:
    """Return what victim advocacy offers the victim."""
    return propose(case, answers, advocacy_records(records))


@hookimpl
def stac_outcomes(
    case: CaseAsked, window: OutcomeWindow, records: AgencyRecords
) -> OutcomesFound | NilReturn | Refused:
    """Return further acts that the victim agreed to share."""
    return outcomes(case, window, advocacy_records(records))


@hookimpl
def stac_subject_access(person: PersonAsked, records: AgencyRecords) -> SubjectAccessResult:
    """Return the same for every person who asks: a client hears it from the service itself."""
    return told_to_subject(person, advocacy_records(records))
