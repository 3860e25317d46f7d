"""The minimum that health says: known or not, in touch or not, what bears on risk. No diagnosis, no score."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import assert_never

from engine.domain.answers import Contribution, Finding, Nature, NilReturn, RecordPointer, Refused
from engine.domain.asking import CaseAsked
from engine.domain.dates import PartialDate
from engine.hooks.carried_views import newest_views
from engine.hooks.people import FoundNobody, FoundUnclear
from engine.hooks.wording import key_of, sentence
from plugins.health.records import LOOKED_IN, Contact, HealthRecords, PatientLine, RiskNote, RiskRelevant


def assess(case: CaseAsked, held: HealthRecords) -> Contribution | NilReturn | Refused:
    """What may be said about the alleged perpetrator on the day of asking; later records are left out."""
    found = held.index.find(case.perpetrator)
    if isinstance(found, FoundNobody):
        return found.answer(who="health", looked_in=LOOKED_IN)
    if isinstance(found, FoundUnclear):
        return found.answer()
    patient = held.patients[found.key]
    if patient.refuse_on is not None:
        return Refused(
            ground=patient.refuse_on,
            says="Health declined to answer; the clinician responsible may be asked to think again.",
        )
    noted = [note for note in patient.risk_notes if note.noted is None or note.noted.earliest <= case.on]
    shared = [note for note in noted if note.may_share]
    return Contribution(
        matched_on=found.basis,
        findings=(*_in_touch(patient, case.on), *(_risk(note) for note in shared)),
        views=newest_views(patient.views, on=case.on),
        gaps=(*found.gaps, *_gaps(patient)),
        held_back=len(noted) - len(shared),
    )


def _in_touch(patient: PatientLine, on: date) -> Iterator[Finding]:
    pointer = (RecordPointer(record=patient.patient_id, kind="patient record", dated=patient.known_since),)
    since = f" since {patient.known_since.in_words()}" if patient.known_since else ""
    yield Finding(key="known", says=f"The person was known to services{since}.", records=pointer)
    said = _contact(patient.contact)
    if said is not None:
        seen = patient.last_contact if patient.last_contact and patient.last_contact <= on else None
        when = f"; the last contact was on {PartialDate.of(seen).in_words()}" if seen else ""
        yield Finding(key="contact", says=sentence(said + when), records=pointer)


def _contact(contact: Contact) -> str | None:
    match contact:
        case Contact.IN_CONTACT:
            return "the person was in contact with services"
        case Contact.WAITING:
            return "the person was waiting to be seen"
        case Contact.DISENGAGED:
            return "the person had stopped attending and services were trying to reach them"
        case Contact.DISCHARGED:
            return "the person had been discharged and was not in contact with services"
        case Contact.NOT_RECORDED:
            return None
        case _:
            assert_never(contact)


def _risk(note: RiskNote) -> Finding:
    when = _when(note.noted)
    return Finding(
        key=key_of("risk", note.note_id),
        says=sentence(f"{when} {_said(note.what)}"),
        nature=Nature.OPINION if note.is_judgement else Nature.FACT,
        records=(RecordPointer(record=note.note_id, kind="risk note", dated=note.noted),),
    )


def _said(what: RiskRelevant) -> str:
    match what:
        case RiskRelevant.CRISIS_CONTACT:
            return "the person was in touch with a crisis service"
        case RiskRelevant.MISSED_APPOINTMENTS:
            return "the person missed two or more appointments in a row"
        case RiskRelevant.RECENT_LOSS:
            return "a recent loss was noted as bearing on risk"
        case RiskRelevant.SUICIDAL_TALK:
            return "talk of ending their own life was noted"
        case RiskRelevant.TALK_OF_VICTIM:
            return "the person was noted as speaking of the victim again and again"
        case RiskRelevant.TALK_OF_HARM:
            return "talk of harming somebody else was noted"
        case RiskRelevant.SUBSTANCE_USE:
            return "drinking or drug use was noted as bearing on risk"
        case RiskRelevant.SUPPORT_IN_PLACE:
            return "support that the person accepts was noted as in place"
        case _:
            assert_never(what)


def _when(noted: PartialDate | None) -> str:
    if noted is None:
        return "on a date not recorded"
    return f"{'on' if noted.is_whole_day else 'in'} {noted.in_words()}"


def _gaps(patient: PatientLine) -> Iterator[str]:
    if patient.contact is Contact.NOT_RECORDED:
        yield "Whether a service is in contact is not recorded here."
    if not patient.risk_notes:
        yield "Nothing is noted here as bearing on risk, which does not say that there is nothing."
    if patient.date_of_birth is None:
        yield "The person's date of birth is not recorded here."
