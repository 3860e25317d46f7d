"""The police's answers. Knows the contract; the work is in ``assessor`` and ``subject_access``."""

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
from plugins.police.assessor import assess
from plugins.police.following import outcomes
from plugins.police.proposing import propose
from plugins.police.ranking import windows_of
from plugins.police.records import TABLES, police_records
from plugins.police.subject_access import told_about


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> Contribution | NilReturn | Refused:
    """Return what the police hold about the alleged perpetrator."""
    return assess(case, police_records(records), windows_of(records))


@hookimpl
def stac_propose_actions(
    case: CaseAsked, answers: tuple[AnswerSeen, ...], records: AgencyRecords
) -> ActionsProposed | Refused:
    """Return what the police propose to do."""
    return propose(case, answers, police_records(records))


@hookimpl
def stac_outcomes(
    case: CaseAsked, window: OutcomeWindow, records: AgencyRecords
) -> OutcomesFound | NilReturn | Refused:
    """Return further reports and recorded crimes after a decision."""
    return outcomes(case, window, police_records(records))


@hookimpl
def stac_find_people(query: PersonAsked, records: AgencyRecords) -> PeopleFound:
    """Return which of the police's records could be this person's, for the police's own staff."""
    return police_records(records).index.people(query)


@hookimpl
def stac_subject_access(person: PersonAsked, records: AgencyRecords) -> SubjectAccessResult:
    """Return what the police hold about the person who asks."""
    return told_about(person, police_records(records))


@hookimpl
def stac_import(files: tuple[Path, ...], records: AgencyRecords) -> AgencyFilesRead:
    """Merge tables that the police hand over into the extract."""
    return take_tables(files, records, tables=TABLES, read=police_records)
