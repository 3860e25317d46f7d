"""The question to an agency: only the fields that its manifest declares."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from engine.domain.base import Frozen
from engine.domain.dates import PartialDate
from engine.domain.people.persons import Identifier, Sex


class CaseField(StrEnum):
    """A field of a case that a manifest may ask for."""

    PERPETRATOR_NAME = "perpetrator.name"
    PERPETRATOR_DATE_OF_BIRTH = "perpetrator.date_of_birth"
    PERPETRATOR_SEX = "perpetrator.sex"
    PERPETRATOR_IDENTIFIERS = "perpetrator.identifiers"
    VICTIM_NAME = "victim.name"
    VICTIM_DATE_OF_BIRTH = "victim.date_of_birth"
    RELATIONSHIP = "relationship"
    INCIDENT_DATES = "incidents.dates"
    INCIDENT_KINDS = "incidents.kinds"
    CRIME_REFERENCES = "incidents.crime_references"


class PersonAsked(Frozen):
    """The facts of a person that the agency may know for this question."""

    forename: str | None = None
    surname: str | None = None
    date_of_birth: PartialDate | None = None
    sex: Sex | None = None
    identifiers: tuple[Identifier, ...] = ()


class IncidentAsked(Frozen):
    """The facts of an incident that the agency may know for this question."""

    happened: PartialDate | None = None
    kind: str | None = None
    crime_reference: str | None = None


class CaseAsked(Frozen):
    """The question. ``on`` is the date of asking: an agency reads no clock of its own."""

    reference: str
    on: date
    perpetrator: PersonAsked | None = None
    victim: PersonAsked | None = None
    relationship: str | None = None
    incidents: tuple[IncidentAsked, ...] = ()
