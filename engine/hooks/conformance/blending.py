"""Cases with some fields from one and some from another, and what of an answer may not depend on it."""

from __future__ import annotations

from itertools import zip_longest

from engine.domain.responses.answers import AnyAnswer, Contribution, Failed, NilReturn, Refused
from engine.domain.responses.requests import CaseAsked, CaseField, IncidentAsked, PersonAsked
from engine.hooks.manifest import Manifest

_NOTHING = "nothing about any person"


def merged(declared: CaseAsked, other: CaseAsked, manifest: Manifest) -> CaseAsked:
    """Return the declared fields as they are in the first case, and every other field from the second."""
    fields = set(manifest.fields)
    incidents: tuple[IncidentAsked, ...] = tuple(
        IncidentAsked(
            happened=(mine if CaseField.INCIDENT_DATES in fields else theirs).happened,
            kind=(mine if CaseField.INCIDENT_KINDS in fields else theirs).kind,
            crime_reference=(mine if CaseField.CRIME_REFERENCES in fields else theirs).crime_reference,
        )
        for mine, theirs in zip_longest(declared.incidents, other.incidents, fillvalue=IncidentAsked())
    )
    return CaseAsked(
        reference=declared.reference,
        on=declared.on,
        perpetrator=_person(declared.perpetrator, other.perpetrator, fields, manifest, "perpetrator"),
        victim=_person(declared.victim, other.victim, fields, manifest, "victim"),
        relationship=(declared if CaseField.RELATIONSHIP in fields else other).relationship,
        incidents=incidents[: len(declared.incidents)] if declared.incidents else incidents,
    )


def _person(
    mine: PersonAsked | None,
    theirs: PersonAsked | None,
    fields: set[CaseField],
    manifest: Manifest,
    who: str,
) -> PersonAsked | None:
    if mine is None and theirs is None:
        return None
    mine, theirs = mine or PersonAsked(), theirs or PersonAsked()
    asked = {field.value for field in fields}
    named = mine if f"{who}.name" in asked else theirs
    schemes = set(manifest.identifier_schemes)
    return PersonAsked(
        forename=named.forename,
        surname=named.surname,
        date_of_birth=(mine if f"{who}.date_of_birth" in asked else theirs).date_of_birth,
        sex=(mine if f"{who}.sex" in asked else theirs).sex,
        identifiers=(*mine.identifiers, *(each for each in theirs.identifiers if each.scheme not in schemes)),
    )


def substance(answer: AnyAnswer) -> str:
    """Return an answer's content about a person, without the text on what it searched by.

    A contribution that only says that a person was not found for certain is here the same as a nil return:
    which of the two it is depends on how much there was to search with.
    """
    match answer:
        case Contribution() if not says_anything(answer):
            return _NOTHING
        case Contribution():
            said = answer.model_copy(
                update={"matched_on": answer.matched_on.model_copy(update={"says": "-"})}
            )
            return said.model_dump_json(exclude={"gaps", "note"})
        case NilReturn():
            return _NOTHING
        case Refused():
            return f"{answer.kind} {answer.ground.value}"
        case Failed():
            return f"{answer.kind} {answer.reason.value}"


def says_anything(answer: Contribution) -> bool:
    """Return whether a contribution says more than what it searched by."""
    return any(
        (
            answer.findings,
            answer.voices,
            answer.predictors,
            answer.reported,
            answer.views,
            answer.instruments,
            answer.in_own_words,
            answer.proposed_actions,
            answer.protected,
            answer.held_back,
        )
    )
