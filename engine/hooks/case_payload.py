"""Fields of a case that an agency is shown, as the bytes that are sent. Shows only what ``cut_to`` shows.

A case is cut while it is written: to build it and each of its parts again costs several times as much.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pydantic.main import IncEx

from engine.domain.people.persons import IdentifierScheme
from engine.domain.responses.requests import CaseAsked, CaseField, PersonAsked
from engine.hooks.manifest import Manifest, asked_fields, incident_fields

_OF_A_PERSON = {
    "perpetrator": {
        CaseField.PERPETRATOR_NAME: ("forename", "surname"),
        CaseField.PERPETRATOR_DATE_OF_BIRTH: ("date_of_birth",),
        CaseField.PERPETRATOR_SEX: ("sex",),
        CaseField.PERPETRATOR_IDENTIFIERS: ("identifiers",),
    },
    "victim": {
        CaseField.VICTIM_NAME: ("forename", "surname"),
        CaseField.VICTIM_DATE_OF_BIRTH: ("date_of_birth",),
    },
}


def shown(manifest: Manifest, cases: Iterable[CaseAsked]) -> list[bytes]:
    """Return each case as JSON, cut to what the manifest declares."""
    asked = asked_fields(manifest)
    fields = _included(asked)
    schemes = frozenset(manifest.identifier_schemes) if CaseField.PERPETRATOR_IDENTIFIERS in asked else None
    return [
        (case if schemes is None else _with_schemes(case, schemes)).model_dump_json(include=fields).encode()
        for case in cases
    ]


def _included(asked: Collection[CaseField]) -> dict[str, IncEx | bool]:
    """Return which parts of a case are written; a part that is left out reads as not given."""
    fields: dict[str, IncEx | bool] = {"reference": True, "on": True}
    for person, parts in _OF_A_PERSON.items():
        if named := {name for field, names in parts.items() if field in asked for name in names}:
            fields[person] = named
    if CaseField.RELATIONSHIP in asked:
        fields["relationship"] = True
    if of_incidents := set(incident_fields(asked)):
        fields["incidents"] = {"__all__": of_incidents}
    return fields


def _with_schemes(case: CaseAsked, schemes: frozenset[IdentifierScheme]) -> CaseAsked:
    """Return the case with only those identifiers of the alleged perpetrator that are of these schemes."""
    person: PersonAsked | None = case.perpetrator
    if person is None or all(number.scheme in schemes for number in person.identifiers):
        return case
    declared = tuple(number for number in person.identifiers if number.scheme in schemes)
    return case.model_copy(update={"perpetrator": person.model_copy(update={"identifiers": declared})})
