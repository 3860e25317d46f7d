"""The health extract: one patient a line, and of each line only what may be said. Forms no sentence.

A line may hold clinical notes, diagnoses and scores. No field here takes them in, so none can get out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from engine.domain.answers import RefusalGround
from engine.domain.dates import PartialDate
from engine.domain.people import Identifier, IdentifierScheme
from engine.hooks import AgencyRecords, RecordsFault, RecordsUnreadableError, once_per_extract
from engine.hooks.carried_views import RecordedView
from engine.hooks.extract_files import Recorded, Short, read_json_lines
from engine.hooks.people import PersonIndex, PersonOnRecord

PATIENTS = "patients.jsonl"
LOOKED_IN = ("mental health records", "court liaison records")


class Contact(str, Enum):
    """Whether a service is in touch with the person."""

    IN_CONTACT = "in contact"
    WAITING = "waiting to be seen"
    DISENGAGED = "stopped attending"
    DISCHARGED = "discharged"
    NOT_RECORDED = "not recorded"


class RiskRelevant(str, Enum):
    """What a clinician marked as bearing on risk. A code, never clinical text."""

    CRISIS_CONTACT = "crisis contact"
    MISSED_APPOINTMENTS = "missed appointments"
    RECENT_LOSS = "recent loss"
    SUICIDAL_TALK = "suicidal talk"
    TALK_OF_VICTIM = "talk of the victim"
    TALK_OF_HARM = "talk of harm to others"
    SUBSTANCE_USE = "substance use"
    SUPPORT_IN_PLACE = "support in place"


class RiskNote(Recorded):
    """One thing that a clinician marked as bearing on risk, and whether they marked it as shareable."""

    note_id: Short
    what: RiskRelevant
    noted: PartialDate | None = None
    is_judgement: bool = False
    may_share: bool = False


class PatientLine(Recorded):
    """A person known to the service."""

    patient_id: Short
    names: tuple[Short, ...]
    date_of_birth: PartialDate | None = None
    nhs: Short | None = None
    known_since: PartialDate | None = None
    contact: Contact = Contact.NOT_RECORDED
    last_contact: date | None = None
    refuse_on: RefusalGround | None = None
    risk_notes: tuple[RiskNote, ...] = ()
    views: tuple[RecordedView, ...] = ()

    def as_person(self) -> PersonOnRecord:
        """The person by every name and number held."""
        numbers = (Identifier(scheme=IdentifierScheme.NHS, value=self.nhs),) if self.nhs else ()
        return PersonOnRecord(
            key=self.patient_id, names=self.names, date_of_birth=self.date_of_birth, identifiers=numbers
        )


@dataclass(frozen=True, kw_only=True)
class HealthRecords:
    """The whole extract."""

    index: PersonIndex
    patients: dict[str, PatientLine]


@once_per_extract
def health_records(records: AgencyRecords) -> HealthRecords:
    """Read the patients. Raises RecordsUnreadableError."""
    lines = read_json_lines(records, PATIENTS, PatientLine)
    patients = {line.patient_id: line for line in lines}
    if len(patients) != len(lines):
        raise RecordsUnreadableError(PATIENTS, RecordsFault.TWICE, column="patient_id")
    return HealthRecords(index=PersonIndex(line.as_person() for line in lines), patients=patients)
