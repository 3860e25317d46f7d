"""Health's stored part of each resource, one line each in its own extract. Forms no sentence; knows no FHIR.

No diagnosis, value, probability, answer or clinical text has a field here.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, TypeAdapter

from engine.hooks.v1 import PartialDate, Recorded, RecordedView, RefusalGround, Short

Key = Annotated[str, StringConstraints(min_length=1, max_length=400)]
"""A resource's type and id, such as ``Flag/17``."""
_PLAIN_ID = re.compile(r"^(?=.*\d)[A-Z]{0,3}[0-9][0-9\-.]*$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


class NumberKept(Recorded):
    """An identifier: its system and its value, whether or not its check holds."""

    system: Key | None = None
    value: Key


class Kept(Recorded):
    """Common fields of every stored resource. ``about`` is the patient's key.

    ``void`` is "entered in error".
    """

    id: Key
    about: Key | None = None
    updated: datetime | None = None
    version: int | None = None
    identifiers: tuple[NumberKept, ...] = ()
    void: bool = False
    dated: PartialDate | None = None
    pointer: Short

    def known_by(self, on: date) -> bool:
        """Return whether it was there on that day; without a date it may have been."""
        return not self.void and (self.dated is None or self.dated.earliest <= on)


class PatientKept(Kept):
    """Identity of the person."""

    kind: Literal["Patient"] = "Patient"
    names: tuple[Key, ...] = ()
    born: PartialDate | None = None
    nhs: tuple[Short, ...] = Field(default=(), description="the NHS numbers whose check holds")
    nhs_failed: bool = Field(default=False, description="whether it holds an NHS number that fails its check")
    replaced_by: Key | None = None


class Sharing(Recorded):
    """Decision about sharing one item: a term of ``words.toml``, or that it is in confidence."""

    word: Short | None = None
    confidential: bool = False


class FlagKept(Kept):
    """Fact that bears on risk, by its term."""

    kind: Literal["Flag"] = "Flag"
    word: Short | None = None
    active: bool = True
    until: PartialDate | None = None
    sharing: Sharing = Sharing()


class AssessmentKept(Kept):
    """Record that a risk was assessed; the views that a named professional recorded for the panel."""

    kind: Literal["RiskAssessment"] = "RiskAssessment"
    views: tuple[RecordedView, ...] = ()
    sharing: Sharing = Sharing()


class Agreement(str, Enum):
    """Result of a consent."""

    PERMIT = "permit"
    DENY = "deny"
    NOT_CLEAR = "not clear"


class ConsentKept(Kept):
    """The person's consent or refusal, or the ground on which a clinician declines to answer."""

    kind: Literal["Consent"] = "Consent"
    active: bool = False
    agreement: Agreement = Agreement.NOT_CLEAR
    limited: bool = False
    is_about_sharing: bool = True
    since: PartialDate | None = None
    until: PartialDate | None = None
    declines_on: RefusalGround | None = None


class PlanKept(Kept):
    """Record that there is or was a plan of care."""

    kind: Literal["CarePlan"] = "CarePlan"
    active: bool = False
    until: PartialDate | None = None


class Attendance(str, Enum):
    """Result of an appointment or a contact."""

    ATTENDED = "attended"
    MISSED = "missed"
    PLANNED = "planned"
    CALLED_OFF = "called off"
    NOT_SAID = "not said"


class ContactKept(Kept):
    """An appointment or a contact."""

    kind: Literal["Encounter", "Appointment"]
    came: Attendance = Attendance.NOT_SAID
    of: tuple[Key, ...] = Field(default=(), description="the appointments whose attendance this is")


class RecordKept(Kept):
    """Record that there is a record, and when it was made: not its content."""

    kind: Literal["Condition", "Observation", "QuestionnaireResponse"]


class LostKept(Kept):
    """Notice that something was handed over and not stored, so that silence about it is not read as safety.

    ``count`` is of what is not any person's for certain, only in the newest hand-over.
    """

    kind: Literal["Lost"] = "Lost"
    of: Key | None = None
    is_read: bool = Field(default=True, description="whether it is of a type that is read here")
    count: int = 1


AnyKept = Annotated[
    PatientKept | FlagKept | AssessmentKept | ConsentKept | PlanKept | ContactKept | RecordKept | LostKept,
    Field(discriminator="kind"),
]
KEPT: TypeAdapter[
    PatientKept | FlagKept | AssessmentKept | ConsentKept | PlanKept | ContactKept | RecordKept | LostKept
] = TypeAdapter(AnyKept)


def pointer_to(kind: str, key: str) -> str:
    """Return a finding's pointer to a record.

    Most ids are numbers. One that consists of words could itself disclose a condition ("flag-self-harm"),
    so it is replaced by a number of our own that health finds in its extract.
    """
    plain = key.rpartition("/")[2]
    if len(plain) <= 60 and _PLAIN_ID.match(plain):
        return plain
    return f"{kind.lower()}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def line_of(record: Kept) -> str:
    """Return the extract's line: the key and the patient first, what is not recorded left out."""
    fields = record.model_dump(mode="json", exclude_defaults=True)
    return json.dumps({"kind": fields.pop("kind", type(record).model_fields["kind"].default), **fields})


def in_order(lines_by_key: dict[str, str]) -> Iterable[str]:
    """Return the lines of an extract, the same for the same content."""
    return (lines_by_key[key] for key in sorted(lines_by_key))
