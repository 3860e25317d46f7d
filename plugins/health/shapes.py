"""The parts of a FHIR R4 resource that health imports, and nothing else of it.

A clinical text, a diagnosis, an answer, a value or a probability has no field here, so none can be stored and
none can get out. Whether the resource is FHIR at all is for ``checking``.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from engine.hooks.v1 import PartialDate, Recorded

_LONDON = ZoneInfo("Europe/London")
_LIMITS = frozenset(
    ("actor", "action", "securityLabel", "purpose", "class", "code", "data", "dataPeriod", "provision")
)
Label = Annotated[str, StringConstraints(min_length=1, max_length=400)]
"""A system, a reference, a number."""


def _fhir_date(value: object) -> object:
    """Return a day as precise as its source; of an instant the day that it was in London."""
    if isinstance(value, str) and "T" in value:
        if not re.search(r"(Z|[+-]\d{2}:\d{2})$", value):
            return PartialDate(value[:10])
        try:
            return PartialDate.of(datetime.fromisoformat(value).astimezone(_LONDON).date())
        except OverflowError:
            raise ValueError("a moment at the end of time") from None
    return value


FhirDate = Annotated[PartialDate, BeforeValidator(_fhir_date)]


class Coding(Recorded):
    """A code and its system; never what it is displayed as."""

    system: Label | None = None
    code: Label | None = None


class Concept(Recorded):
    """Codes; never their text."""

    coding: tuple[Coding, ...] = ()


class Number(Recorded):
    """An identifier, all of it that identifies."""

    system: Label | None = None
    value: Label | None = None


class Reference(Recorded):
    """Target of a resource's pointer."""

    reference: Label | None = None
    identifier: Number | None = None


class Patient(Recorded):
    """A patient within a resource, by what identifies them."""

    identifier: tuple[Number, ...] = ()


class Named(Reference):
    """A professional that a resource points at, by the name that it gives them."""

    display: Label | None = None


class Period(Recorded):
    """From when to when; an end that is not there is not known or not yet."""

    start: FhirDate | None = None
    end: FhirDate | None = None


class Meta(Recorded):
    """Time of a resource's last change, and the labels put on it."""

    updated: datetime | None = Field(default=None, alias="lastUpdated")
    version: Label | None = Field(default=None, alias="versionId")
    security: tuple[Coding, ...] = ()


class HumanName(Recorded):
    """One of a person's names."""

    use: Label | None = None
    text: Label | None = None
    family: Label | None = None
    given: tuple[Label, ...] = ()

    @property
    def whole(self) -> tuple[str, ...]:
        """Every whole name that it gives: with all forenames, and with only the first."""
        if self.family and self.given:
            return (" ".join((*self.given, self.family))[:200], f"{self.given[0]} {self.family}"[:200])
        return (self.text,) if self.text else ()


class PatientLink(Recorded):
    """Another record of the same person."""

    other: Reference
    type: Label


class Resource(Recorded):
    """Common fields of every resource."""

    id: Label | None = None
    meta: Meta = Meta()
    identifier: tuple[Number, ...] = ()
    status: Label | None = None

    @property
    def verdict_on_itself(self) -> str | None:
        """A record's statement of its own truth."""
        return self.status


class PatientTaken(Resource):
    """Identity of the person, for finding them, without address, telephone or next of kin."""

    name: tuple[HumanName, ...] = ()
    born: FhirDate | None = Field(default=None, alias="birthDate")
    link: tuple[PatientLink, ...] = ()


class AboutPatient(Resource):
    """A resource about one patient."""

    subject: Reference | None = None


class ConditionTaken(AboutPatient):
    """Record that something was recorded, and when: not what."""

    recorded: FhirDate | None = Field(default=None, alias="recordedDate")
    verification: Concept = Field(default=Concept(), alias="verificationStatus")

    @property
    def verdict_on_itself(self) -> str | None:
        """A condition has a verification status instead of a status."""
        codes = [coding.code for coding in self.verification.coding]
        return "entered-in-error" if "entered-in-error" in codes else None


class FlagTaken(AboutPatient):
    """Meaning of a flag by code, and since when."""

    category: tuple[Concept, ...] = ()
    code: Concept = Concept()
    period: Period = Period()


class RoleHeld(Recorded):
    """A contained PractitionerRole: a professional's name and post."""

    class Post(Recorded):
        """Name of a post."""

        text: Label | None = None

    kind: Label = Field(alias="resourceType")
    id: Label | None = None
    practitioner: Named | None = None
    code: tuple[Post, ...] = ()


class Prediction(Recorded):
    """A view on one domain, only where it is coded as one."""

    outcome: Concept = Concept()
    level: Concept = Field(default=Concept(), alias="qualitativeRisk")
    horizon: Period = Field(default=Period(), alias="whenPeriod")
    rationale: str | None = None


class RiskAssessmentTaken(AboutPatient):
    """Source of an assessment: who assessed, when and by which method."""

    code: Concept = Concept()
    on: FhirDate | None = Field(default=None, alias="occurrenceDateTime")
    over: Period = Field(default=Period(), alias="occurrencePeriod")
    performer: Named | None = None
    contained: tuple[RoleHeld, ...] = ()
    prediction: tuple[Prediction, ...] = ()


class Provision(Recorded):
    """Permission or denial of a consent; of its limits only that there are some."""

    type: Label | None = None
    period: Period = Period()
    limited: bool = False

    @model_validator(mode="before")
    @classmethod
    def _limits_are_counted(cls, given: object) -> object:
        """Return the provision with its limits counted: a consent for one recipient,
        purpose or kind covers no other.
        """
        return {**given, "limited": bool(_LIMITS & given.keys())} if isinstance(given, dict) else given


class ConsentTaken(Resource):
    """The person's consent or refusal."""

    patient: Reference | None = None
    scope: Concept = Concept()
    category: tuple[Concept, ...] = ()
    given: FhirDate | None = Field(default=None, alias="dateTime")
    policy_rule: Concept = Field(default=Concept(), alias="policyRule")
    provision: Provision = Provision()


class CarePlanTaken(AboutPatient):
    """Record that there is or was a plan of care, without its title or goals."""

    period: Period = Period()
    created: FhirDate | None = None


class EncounterTaken(AboutPatient):
    """Record that the person was seen, and when, without why or where."""

    period: Period = Period()
    appointment: tuple[Reference, ...] = ()


class Participant(Recorded):
    """One participant of an appointment."""

    actor: Reference | None = None


class AppointmentTaken(Resource):
    """Record that the person was to be seen, and whether they came."""

    start: FhirDate | None = None
    participant: tuple[Participant, ...] = ()


class ObservationTaken(AboutPatient):
    """Record that something was observed, and when, without what or its value."""

    on: FhirDate | None = Field(default=None, alias="effectiveDateTime")
    over: Period = Field(default=Period(), alias="effectivePeriod")


class QuestionnaireResponseTaken(AboutPatient):
    """Record that a questionnaire was filled in, and when: none of its answers."""

    authored: FhirDate | None = None
