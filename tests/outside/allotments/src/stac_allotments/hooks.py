"""What the allotments office answers. Knows the contract; the work is in ``assessor``."""

from __future__ import annotations

from pathlib import Path

from engine.hooks.v1 import (
    AgencyFilesRead,
    AgencyRecords,
    AudienceKind,
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
    take_tables,
)
from stac_allotments.assessor import assess, told_to_the_person
from stac_allotments.records import TABLES, own_records


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> Contribution | NilReturn | Refused:
    """What is held about the alleged perpetrator on the day of asking."""
    return assess(case, own_records(records))


@hookimpl
def stac_find_people(query: PersonAsked, records: AgencyRecords) -> PeopleFound:
    """Which records could be the person's, for our own staff."""
    return own_records(records).index.people(query)


@hookimpl
def stac_subject_access(person: PersonAsked, records: AgencyRecords) -> SubjectAccessResult:
    """Everything held about the person who asks."""
    return told_to_the_person(person, own_records(records))


@hookimpl
def stac_may_share(item: Shareable) -> MayShare:
    """A warden's view stays with us; everything else is for people to decide."""
    if item.kind == "view":
        return MayShare(audience=AudienceKind.OWNER, because="A warden's view is not shared.")
    return MayShare()


@hookimpl
def stac_import(files: tuple[Path, ...], records: AgencyRecords) -> AgencyFilesRead:
    """Tables that our staff hand over, merged into the extract."""
    return take_tables(files, records, tables=TABLES, read=own_records)
