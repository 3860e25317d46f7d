"""Understanding of a FHIR resource: what is stored of it, or why nothing can be.

Reads no file and stores nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict, TypeVar

from pydantic import ValidationError

from engine.hooks.v1 import PartialDate, RefusalGround
from engine.identity.identifiers import IdentifierType, check_identifier
from plugins.health import shapes
from plugins.health.pointing import (
    ANY_DAY,
    by_number,
    contained_patient,
    is_nhs_number,
    is_patient,
    key_of,
)
from plugins.health.stored_records import (
    Agreement,
    AssessmentKept,
    Attendance,
    ConsentKept,
    ContactKept,
    FlagKept,
    Kept,
    NumberKept,
    PatientKept,
    PlanKept,
    RecordKept,
    Sharing,
    pointer_to,
)
from plugins.health.views_recorded import views_recorded
from plugins.health.words import SAFETY_FLAG, risk_word_of, sharing_word_of, words

_T = TypeVar("_T", bound=shapes.Resource)
_LONGEST_KEY = 80
_KEPT_IN_CONFIDENCE = ("R", "V")
_SAFETY = ("safety", "behavioral")
_ATTENDED = {"arrived", "triaged", "in-progress", "onleave", "finished", "fulfilled", "checked-in"}
_PLANNED = {"planned", "proposed", "pending", "booked", "waitlist"}
_GROUNDS = {ground.name.lower().replace("_", "-"): ground for ground in RefusalGround}


class NotUnderstoodError(Exception):
    """Nothing of a resource can be stored, and why: one sentence without anything of its content."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(kw_only=True)
class Reading:
    """Context of reading one resource: the agency's own codes,
    and what must be reported although it is stored.
    """

    mapped: Mapping[tuple[str, str], str]
    full_url: str | None = None
    resource: Mapping[str, object] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def understood(resource: Mapping[str, object], reading: Reading) -> Kept:
    """Return what is stored of a resource that is FHIR. Raises NotUnderstoodError."""
    kind = resource["resourceType"]
    reading.resource = resource
    try:
        return _READERS[str(kind)](resource, reading)
    except ValidationError as error:
        place = error.errors(include_input=False, include_url=False)[0]["loc"]
        where = ".".join(str(part) for part in place) or "its whole"
        raise NotUnderstoodError(f"Health cannot import its {where[:100]}.") from None


def _patient(resource: Mapping[str, object], reading: Reading) -> Kept:
    taken = shapes.PatientTaken.model_validate(resource)
    nhs = [number.value for number in taken.identifier if is_nhs_number(number) and number.value]
    good = [(given, check_identifier(IdentifierType.NHS, given, today=ANY_DAY)) for given in nhs]
    if any(not check.valid for _, check in good):
        reading.notes.append("Its NHS number fails the check; it is stored, and no person is found by it.")
    names = tuple(dict.fromkeys(whole for name in taken.name for whole in name.whole))
    if not names:
        reading.notes.append("It has no full name; the person is found only by their NHS number.")
    replaced = [link.other for link in taken.link if link.type == "replaced-by"]
    return PatientKept(
        **_common(taken, "Patient", reading),
        names=names,
        born=taken.born,
        nhs=tuple(check.canonical for _, check in good if check.canonical),
        nhs_failed=any(not check.valid for _, check in good),
        replaced_by=key_of(replaced[0]) if replaced else None,
    )


def _flag(resource: Mapping[str, object], reading: Reading) -> Kept:
    taken = shapes.FlagTaken.model_validate(resource)
    categories = [coding for category in taken.category for coding in category.coding]
    term = risk_word_of(taken.code.coding, reading.mapped)
    if term is None and any(
        each.system == words().systems.flag_category and each.code in _SAFETY for each in categories
    ):
        term = SAFETY_FLAG
    if term is None:
        reading.notes.append("Its code has no text that Health may use; it is not reported.")
    return FlagKept(
        **_about(taken, "Flag", reading, dated=taken.period.start),
        word=term,
        active=taken.status == "active",
        until=taken.period.end,
        sharing=_sharing(taken),
    )


def _risk_assessment(resource: Mapping[str, object], reading: Reading) -> Kept:
    contained = resource.get("contained")
    roles = [
        each
        for each in (contained if isinstance(contained, list) else ())
        if each.get("resourceType") == "PractitionerRole"
    ]
    taken = shapes.RiskAssessmentTaken.model_validate({**resource, "contained": roles})
    dated = taken.on or taken.over.end or taken.over.start
    common = _about(taken, "RiskAssessment", reading, dated=dated)
    return AssessmentKept(
        **common, views=views_recorded(taken, common["pointer"], reading.notes), sharing=_sharing(taken)
    )


def _consent(resource: Mapping[str, object], reading: Reading) -> Kept:
    taken = shapes.ConsentTaken.model_validate(resource)
    systems = words().systems
    grounds = [
        _GROUNDS[each.code]
        for category in taken.category
        for each in category.coding
        if each.system == systems.refusal and each.code in _GROUNDS
    ]
    scopes = [each.code for each in taken.scope.coding if each.system == systems.consent_scope]
    is_about_sharing = not scopes or "patient-privacy" in scopes
    agreement = _agreement(taken)
    if agreement is Agreement.PERMIT and not scopes:
        agreement = Agreement.NOT_CLEAR
    if not is_about_sharing:
        reading.notes.append("It is about something else than sharing; nothing rests on it.")
    elif agreement is Agreement.NOT_CLEAR and not grounds:
        reading.notes.append("It has no 'permit' or 'deny' in a known form; it permits nothing.")
    return ConsentKept(
        **_about(taken, "Consent", reading, dated=taken.given, subject=taken.patient),
        active=taken.status == "active",
        agreement=agreement,
        limited=taken.provision.limited,
        is_about_sharing=is_about_sharing,
        since=taken.provision.period.start,
        until=taken.provision.period.end,
        declines_on=grounds[0] if grounds else None,
    )


def _agreement(taken: shapes.ConsentTaken) -> Agreement:
    agreement = {"permit": Agreement.PERMIT, "deny": Agreement.DENY}.get(taken.provision.type or "")
    if agreement is not None:
        return agreement
    rules = {each.code for each in taken.policy_rule.coding if each.system == words().systems.act_code}
    if rules & {"OPTOUT", "OPTOUTE"}:
        return Agreement.DENY
    return Agreement.PERMIT if rules & {"OPTIN", "OPTINR"} else Agreement.NOT_CLEAR


def _care_plan(resource: Mapping[str, object], reading: Reading) -> Kept:
    taken = shapes.CarePlanTaken.model_validate(resource)
    dated = taken.period.start or taken.created
    common = _about(taken, "CarePlan", reading, dated=dated)
    return PlanKept(**common, active=taken.status == "active", until=taken.period.end)


def _encounter(resource: Mapping[str, object], reading: Reading) -> Kept:
    taken = shapes.EncounterTaken.model_validate(resource)
    return ContactKept(
        kind="Encounter",
        **_about(taken, "Encounter", reading, dated=taken.period.start),
        came=_came(taken.status),
        of=tuple(key for each in taken.appointment if (key := key_of(each))),
    )


def _appointment(resource: Mapping[str, object], reading: Reading) -> Kept:
    taken = shapes.AppointmentTaken.model_validate(resource)
    actors = [each.actor for each in taken.participant if each.actor is not None]
    patients = [
        each for each in actors if is_patient(each) or contained_patient(each, resource) is not None
    ] or actors[:1]
    return ContactKept(
        kind="Appointment",
        **_about(taken, "Appointment", reading, dated=taken.start, subject=next(iter(patients), None)),
        came=_came(taken.status),
    )


def _condition(resource: Mapping[str, object], reading: Reading) -> Kept:
    taken = shapes.ConditionTaken.model_validate(resource)
    return RecordKept(kind="Condition", **_about(taken, "Condition", reading, dated=taken.recorded))


def _observation(resource: Mapping[str, object], reading: Reading) -> Kept:
    taken = shapes.ObservationTaken.model_validate(resource)
    dated = taken.on or taken.over.start
    return RecordKept(kind="Observation", **_about(taken, "Observation", reading, dated=dated))


def _questionnaire(resource: Mapping[str, object], reading: Reading) -> Kept:
    one = resource.get("identifier")  # the one resource here that has a single identifier
    listed = {**resource, "identifier": [one] if isinstance(one, dict) else []}
    taken = shapes.QuestionnaireResponseTaken.model_validate(listed)
    kind = "QuestionnaireResponse"
    return RecordKept(kind="QuestionnaireResponse", **_about(taken, kind, reading, dated=taken.authored))


_READERS: dict[str, Callable[[Mapping[str, object], Reading], Kept]] = {
    "Patient": _patient,
    "Condition": _condition,
    "Flag": _flag,
    "RiskAssessment": _risk_assessment,
    "Consent": _consent,
    "CarePlan": _care_plan,
    "Encounter": _encounter,
    "Appointment": _appointment,
    "Observation": _observation,
    "QuestionnaireResponse": _questionnaire,
}
KINDS = frozenset(_READERS)
"""The resource types that health understands, beside the Bundle that holds them."""


class _Common(TypedDict):
    """Common fields of every stored resource, before it is known whose it is."""

    id: str
    pointer: str
    updated: datetime | None
    version: int | None
    identifiers: tuple[NumberKept, ...]
    void: bool


class _OfPatient(_Common):
    about: str
    dated: PartialDate | None


def _common(taken: shapes.Resource, kind: str, reading: Reading) -> _Common:
    key = f"{kind}/{taken.id}" if taken.id else reading.full_url
    if key is None or len(key) > _LONGEST_KEY:
        # Without an id of its own it is identified by the part of it that is read.
        text = json.dumps(taken.model_dump(mode="json"), sort_keys=True)
        key = f"{kind}/{hashlib.sha256(text.encode()).hexdigest()[:32]}"
    version = taken.meta.version
    return {
        "id": key,
        "pointer": pointer_to(kind, key),
        "updated": taken.meta.updated,
        "version": int(version) if version and version.isdecimal() and len(version) < 10 else None,
        "identifiers": tuple(
            NumberKept(system=number.system, value=number.value)
            for number in taken.identifier
            if number.value is not None
        ),
        "void": taken.verdict_on_itself == "entered-in-error",
    }


def _about(
    taken: shapes.Resource,
    kind: str,
    reading: Reading,
    *,
    dated: PartialDate | None,
    subject: shapes.Reference | None = None,
) -> _OfPatient:
    reference = taken.subject if isinstance(taken, shapes.AboutPatient) else subject
    if reference is None:
        raise NotUnderstoodError("It names no patient.")
    within = contained_patient(reference, reading.resource)
    if within is not None:
        reference = by_number(within)
        if reference is None:
            raise NotUnderstoodError(
                "Its patient is within it, without one good NHS number: nothing says which patient it is."
            )
    if not is_patient(reference):
        raise NotUnderstoodError("It is about a person or thing that is not a patient.")
    key = key_of(reference)
    if key is None:
        raise NotUnderstoodError("It does not name its patient by a reference or by a valid NHS number.")
    return {**_common(taken, kind, reading), "about": key, "dated": dated}


def _came(status: str | None) -> Attendance:
    if status in _ATTENDED:
        return Attendance.ATTENDED
    if status in _PLANNED:
        return Attendance.PLANNED
    return {"noshow": Attendance.MISSED, "cancelled": Attendance.CALLED_OFF}.get(
        status or "", Attendance.NOT_SAID
    )


def _sharing(taken: shapes.Resource) -> Sharing:
    labels = taken.meta.security
    return Sharing(
        word=sharing_word_of(labels),
        confidential=any(
            each.system == words().systems.confidentiality and each.code in _KEPT_IN_CONFIDENCE
            for each in labels
        ),
    )
