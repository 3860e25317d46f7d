"""Names of the people of several cases at once. A part of use cases, which check that the cases are open."""

from __future__ import annotations

from collections.abc import Collection

from engine.domain.cases.names import CaseNames
from engine.domain.people.persons import ClaimedRole
from engine.store.repositories.people.persons import PersonOnCase
from engine.store.unit_of_work import Work

_AT_ONCE = 500


def names_on(work: Work, references: Collection[str]) -> dict[str, CaseNames]:
    """Return the names on these cases, which are open to the reader; part of a larger use case."""
    people: dict[tuple[str, ClaimedRole], PersonOnCase] = {}
    wanted = list(references)
    for start in range(0, len(wanted), _AT_ONCE):
        for person in work.people.on_cases(wanted[start : start + _AT_ONCE]):
            people[person.involvement, person.role] = person
    return {
        reference: CaseNames(
            victim=victim.described.short_name,
            victim_status=victim.status,
            perpetrator=perpetrator.described.short_name,
            perpetrator_status=perpetrator.status,
        )
        for reference in wanted
        if (victim := people.get((reference, ClaimedRole.VICTIM))) is not None
        and (perpetrator := people.get((reference, ClaimedRole.PERPETRATOR))) is not None
    }
