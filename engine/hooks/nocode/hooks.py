"""The hooks of every agency without Python: the same three, over its own mapping."""

from __future__ import annotations

from engine.hooks.nocode import answering
from engine.hooks.nocode.definition import definition
from engine.hooks.nocode.extract import own_records
from engine.hooks.v1 import (
    AgencyRecords,
    CaseAsked,
    Contribution,
    NilReturn,
    PeopleFound,
    PersonAsked,
    Refused,
    SubjectAccessResult,
    hookimpl,
)


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> Contribution | NilReturn | Refused:
    """Return what its sheets hold on the day of asking."""
    return answering.assess(definition(), case, own_records(records))


@hookimpl
def stac_find_people(query: PersonAsked, records: AgencyRecords) -> PeopleFound:
    """Return which rows could be the person's, for its own staff."""
    return own_records(records).index.people(query)


@hookimpl
def stac_subject_access(person: PersonAsked, records: AgencyRecords) -> SubjectAccessResult:
    """Return everything that its sheets hold about the person who asks."""
    return answering.told_to_the_person(definition(), person, own_records(records))
