"""People whom health's records hold, for its own staff; and what they hold, for the person.

Decides no release.
"""

from __future__ import annotations

from engine.hooks.v1 import (
    FoundNobody,
    FoundOne,
    PeopleFound,
    PersonAsked,
    PersonHeld,
    SubjectAccessItem,
    SubjectAccessResult,
    counted,
    sentence,
)
from plugins.health.records import LOOKED_IN, HealthRecords
from plugins.health.stored_records import (
    AssessmentKept,
    ConsentKept,
    ContactKept,
    FlagKept,
    Kept,
    LostKept,
    PatientKept,
    PlanKept,
    RecordKept,
)
from plugins.health.words import words

_RECORD = {
    "Condition": "a health condition",
    "Observation": "an observation",
    "QuestionnaireResponse": "a filled-in questionnaire",
}


def people_found(query: PersonAsked, held: HealthRecords) -> PeopleFound:
    """Return every patient who could be the person."""
    return PeopleFound(
        found=tuple(
            PersonHeld(record=_pointer(each.record, held), matched_on=each.matched_on)
            for each in held.index.people(query).found
        )
    )


def told_to_subject(person: PersonAsked, held: HealthRecords) -> SubjectAccessResult:
    """Return each stored record of the person who was found for certain.

    Otherwise return only that a person must check.
    """
    found = held.index.find(person)
    if isinstance(found, FoundNobody):
        return SubjectAccessResult(looked_in=LOOKED_IN, gaps=found.gaps)
    if not isinstance(found, FoundOne) or not found.basis.confirmed:
        gap = (
            "One or more records may be this person's and were not given: health must confirm the person "
            "first."
        )
        return SubjectAccessResult(looked_in=LOOKED_IN, gaps=(gap,))
    everything = [*held.patients[found.key], *held.about(found.key)]
    return SubjectAccessResult(
        items=tuple(
            SubjectAccessItem(
                kind=_kind(each), says=sentence(_sentence_of(each)), record=each.pointer, dated=each.dated
            )
            for each in everything
        ),
        looked_in=LOOKED_IN,
        gaps=("The care record itself stays with the health service and is asked for there.",),
    )


def _pointer(key: str, held: HealthRecords) -> str:
    return next(each.pointer for each in held.patients[key] if each.id == key)


def _kind(record: Kept) -> str:
    match record:
        case PatientKept():
            return "patient record"
        case FlagKept():
            return "risk note"
        case AssessmentKept():
            return "risk assessment"
        case ConsentKept():
            return "consent"
        case PlanKept():
            return "plan of care"
        case ContactKept():
            return "appointment or contact"
        case _:
            return "record"


def _sentence_of(record: Kept) -> str:
    """Return what the record is, in words that can be read by the person."""
    void = "; it was entered in error" if record.void else ""
    numbers = f"; {counted(len(record.identifiers), 'identifier')} with it" if record.identifiers else ""
    match record:
        case PatientKept():
            names = counted(len(record.names), "name")
            born = "a date of birth" if record.born else "no date of birth"
            return f"{names} and {born} are held{numbers}{void}"
        case FlagKept(word=str() as flag) if flag in words().risk:
            return f"it is held that {words().risk[flag].says}{numbers}{void}"
        case AssessmentKept():
            views = (
                f", and {counted(len(record.views), 'view')} recorded for the panel" if record.views else ""
            )
            return f"that a risk assessment was made is held{views}{numbers}{void}"
        case ConsentKept():
            return f"what was decided about sharing is held: {record.agreement.value}{numbers}{void}"
        case PlanKept():
            return f"that there is or was a plan of care is held{numbers}{void}"
        case ContactKept():
            return f"an appointment or contact is held: {record.came.value}{numbers}{void}"
        case RecordKept():
            return (
                f"that there is a record of {_RECORD[record.kind]} is held, not what it says{numbers}{void}"
            )
        case LostKept():
            return "a record about the person was handed over and not imported"
        case _:
            return f"that there is such a record is held, not what it says{numbers}{void}"
