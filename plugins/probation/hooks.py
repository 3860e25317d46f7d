"""Probation's answers. Knows the contract; the work is in ``assessor`` and ``subject_access``."""

from __future__ import annotations

from pathlib import Path

from engine.hooks.v1 import (
    ActionsProposed,
    AgencyFilesRead,
    AgencyRecords,
    AnswerSeen,
    CaseAsked,
    Contribution,
    NilReturn,
    OutcomesFound,
    OutcomeWindow,
    PeopleFound,
    PersonAsked,
    Refused,
    SubjectAccessResult,
    hookimpl,
    take_tables,
)
from plugins.probation.assessor import assess
from plugins.probation.following import outcomes
from plugins.probation.proposing import propose
from plugins.probation.records import TABLES, probation_records
from plugins.probation.subject_access import people_found, told_about


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> Contribution | NilReturn | Refused:
    """Return what probation holds about the alleged perpetrator."""
    return assess(case, probation_records(records))


@hookimpl
def stac_propose_actions(
    case: CaseAsked, answers: tuple[AnswerSeen, ...], records: AgencyRecords
) -> ActionsProposed | Refused:
    """Return what probation proposes to do."""
    return propose(case, answers, probation_records(records))


@hookimpl
def stac_outcomes(
    case: CaseAsked, window: OutcomeWindow, records: AgencyRecords
) -> OutcomesFound | NilReturn | Refused:
    """Return times in custody after a decision."""
    return outcomes(case, window, probation_records(records))


@hookimpl
def stac_find_people(query: PersonAsked, records: AgencyRecords) -> PeopleFound:
    """Return which of probation's records could be this person's, for probation's own staff."""
    return people_found(query, probation_records(records))


@hookimpl
def stac_subject_access(person: PersonAsked, records: AgencyRecords) -> SubjectAccessResult:
    """Return what probation holds about the person who asks."""
    return told_about(person, probation_records(records))


@hookimpl
def stac_import(files: tuple[Path, ...], records: AgencyRecords) -> AgencyFilesRead:
    """Merge tables that probation hands over into the extract."""
    return take_tables(files, records, tables=TABLES, read=probation_records)
