"""Finds whoever stands in its ``people.json``, and answers that nothing is held; breaks when told to."""

from __future__ import annotations

import json

from engine.hooks.v1 import (
    AgencyRecords,
    CaseAsked,
    MatchBasis,
    NilReturn,
    PeopleFound,
    PersonAsked,
    PersonHeld,
    hookimpl,
)


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """A nil return."""
    return NilReturn(looked_in=("register",), says="Nothing was held.")


@hookimpl
def stac_find_people(query: PersonAsked, records: AgencyRecords) -> PeopleFound:
    """Every record under the surname that is asked about."""
    file = records.folder / "people.json"
    held = json.loads(file.read_text()) if file.exists() else {}
    basis = MatchBasis(says="by name, unconfirmed", confirmed=False)
    return PeopleFound(
        found=tuple(PersonHeld(record=record, matched_on=basis) for record in held.get(query.surname, ()))
    )
