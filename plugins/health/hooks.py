"""Health's answers. Knows the contract; the work is in the modules beside it."""

from __future__ import annotations

from pathlib import Path

from engine.hooks.v1 import (
    ActionsProposed,
    AgencyFilesRead,
    AgencyRecords,
    AnswerSeen,
    CaseAsked,
    Contribution,
    MayShare,
    NilReturn,
    PeopleFound,
    PersonAsked,
    Refused,
    Shareable,
    SubjectAccessResult,
    hookimpl,
)
from plugins.health.assessor import assess
from plugins.health.proposing import propose
from plugins.health.records import health_records
from plugins.health.sharing import may_go
from plugins.health.subject import people_found, told_to_subject


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> Contribution | NilReturn | Refused:
    """Return what health may say about the alleged perpetrator."""
    return assess(case, health_records(records))


@hookimpl
def stac_import(files: tuple[Path, ...], records: AgencyRecords) -> AgencyFilesRead:
    """Read FHIR files into health's own extract."""
    from plugins.health.importing import import_files  # late: FHIR's models take a third of a second to load

    return import_files(files, records)


@hookimpl
def stac_may_share(item: Shareable) -> MayShare:
    """Withhold filled-in forms and predictors in the care record; people decide about everything else."""
    return may_go(item)


@hookimpl
def stac_propose_actions(
    case: CaseAsked, answers: tuple[AnswerSeen, ...], records: AgencyRecords
) -> ActionsProposed | Refused:
    """Return what health can offer."""
    return propose(case, answers, health_records(records))


@hookimpl
def stac_find_people(query: PersonAsked, records: AgencyRecords) -> PeopleFound:
    """Return which patient could be the person, for health's own staff."""
    return people_found(query, health_records(records))


@hookimpl
def stac_subject_access(person: PersonAsked, records: AgencyRecords) -> SubjectAccessResult:
    """Return what is stored here about the person, in words that they can read."""
    return told_to_subject(person, health_records(records))
