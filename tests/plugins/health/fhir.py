"""FHIR resources about Perpetua Toyson, showing only what matters, and the way into health's extract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.domain.agencies.files import FileRead, KindRead
from engine.domain.responses.answers import Contribution, NilReturn, Refused
from engine.domain.responses.requests import CaseAsked
from engine.hooks.records import AgencyRecords
from plugins.health.assessor import assess
from plugins.health.importing import import_files
from plugins.health.records import health_records
from tests.plugins.builders import HIS_NHS, a_case

NHS = "https://fhir.nhs.uk/Id/nhs-number"
PRIVACY = {"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}
DIAGNOSIS, SCORE = "SECRET-DIAGNOSIS", 87654
Resource = dict[str, Any]


def a_patient(key: str = "1", **changes: Any) -> Resource:
    """Perpetua Toyson, born 9 March 1984."""
    return {
        "resourceType": "Patient",
        "id": key,
        "meta": {"lastUpdated": "2026-06-01T09:00:00Z"},
        "identifier": [{"system": NHS, "value": "9990000018"}, {"system": "urn:trust", "value": "A17"}],
        "name": [{"family": "Toyson", "given": ["Perpetua"]}],
        "birthDate": "1984-03-09",
        **changes,
    }


def a_record(kind: str, key: str, **answer: Any) -> Resource:
    """A resource about patient 1."""
    return {"resourceType": kind, "id": key, "subject": {"reference": "Patient/1"}, **answer}


def a_condition(key: str = "2", **changes: Any) -> Resource:
    """A diagnosis, which nobody may see."""
    return a_record("Condition", key, **{"code": {"text": DIAGNOSIS}, "recordedDate": "2024-03", **changes})


def an_observation(key: str = "3", **changes: Any) -> Resource:
    """A score, which nobody may see."""
    answer = {"status": "final", "code": {"text": DIAGNOSIS}, "valueInteger": SCORE}
    return a_record("Observation", key, **{**answer, **changes})


def a_flag(
    key: str = "4", term: str = "talk-of-harm", *, share: str | None = "serious-harm", **changes: Any
) -> Resource:
    """Something that bears on risk, marked for sharing unless told otherwise."""
    answer: Resource = {
        "status": "active",
        "code": {"coding": [{"system": "urn:stac:health:risk", "code": term}], "text": DIAGNOSIS},
        "period": {"start": "2026-11-02"},
    }
    if share is not None:
        answer["meta"] = {"security": [{"system": "urn:stac:health:sharing", "code": share}]}
    return a_record("Flag", key, **{**answer, **changes})


def an_encounter(key: str = "5", start: str = "2026-05-04", **changes: Any) -> Resource:
    """One contact that the person came to."""
    answer = {"status": "finished", "class": {"code": "AMB"}, "period": {"start": start}}
    return a_record("Encounter", key, **{**answer, "reasonCode": [{"text": DIAGNOSIS}], **changes})


def an_appointment(
    key: str = "6", status: str = "noshow", start: str = "2026-10-01T10:00:00+01:00"
) -> Resource:
    """One appointment that the person did not come to."""
    patient = {"actor": {"reference": "Patient/1"}, "status": "accepted"}
    return {
        "resourceType": "Appointment",
        "id": key,
        "status": status,
        "start": start,
        "participant": [patient],
    }


def a_consent(key: str = "7", sentence: str = "permit", **changes: Any) -> Resource:
    """What the person decided about sharing."""
    return {
        "resourceType": "Consent",
        "id": key,
        "status": "active",
        "scope": {"coding": [PRIVACY]},
        "category": [{"text": "information disclosure"}],
        "patient": {"reference": "Patient/1"},
        "dateTime": "2026-05-03",
        "policyRule": {"text": "the centre's agreement"},
        "provision": {"type": sentence},
        **changes,
    }


def a_care_plan(key: str = "8", **changes: Any) -> Resource:
    """A plan of care, of which nothing is said but that it is there."""
    answer = {"status": "active", "intent": "plan", "title": DIAGNOSIS, "period": {"start": "2025-05"}}
    return a_record("CarePlan", key, **{**answer, **changes})


def a_risk_assessment(key: str = "9", **changes: Any) -> Resource:
    """A clinical instrument, of which nothing is said but that it is there."""
    prediction = {"outcome": {"text": DIAGNOSIS}, "probabilityDecimal": 0.87654, "rationale": DIAGNOSIS}
    answer = {"status": "final", "occurrenceDateTime": "2026-09-01", "prediction": [prediction]}
    return a_record("RiskAssessment", key, **{**answer, **changes})


def a_panel_assessment(key: str = "10", **changes: Any) -> Resource:
    """A psychiatrist's view on persistence, recorded for the panel and marked for sharing."""
    by = {
        "resourceType": "PractitionerRole",
        "id": "by",
        "practitioner": {"display": "Dr Linnea Fictiva"},
        "code": [{"text": "Forensic Psychiatrist"}],
    }
    view = {
        "outcome": {"coding": [{"system": "urn:stac:domain", "code": "persistence"}]},
        "qualitativeRisk": {"coding": [{"system": "urn:stac:level", "code": "high"}]},
        "whenPeriod": {"start": "2026-09-01", "end": "2026-11-24"},
        "rationale": "Comes back to the matter each time.",
    }
    return a_risk_assessment(
        key,
        **{
            "meta": {"security": [{"system": "urn:stac:health:sharing", "code": "serious-harm"}]},
            "contained": [by],
            "code": {"coding": [{"system": "urn:stac:assessment", "code": "structured-judgement"}]},
            "performer": {"reference": "#by"},
            "prediction": [view, {"outcome": {"text": DIAGNOSIS}, "probabilityDecimal": 0.87654}],
            **changes,
        },
    )


def a_questionnaire(key: str = "11", **changes: Any) -> Resource:
    """Answers, which nobody may see."""
    answer = {
        "linkId": "1",
        "text": DIAGNOSIS,
        "answer": [{"valueString": DIAGNOSIS}, {"valueInteger": SCORE}],
    }
    return a_record(
        "QuestionnaireResponse", key, status="completed", authored="2026-08-01", item=[answer], **changes
    )


def a_bundle(*resources: Resource) -> Resource:
    """A collection of them."""
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": each} for each in resources],
    }


def extract_in(folder: Path, digest: str = "1", **settings: Any) -> AgencyRecords:
    """Health's own folder; a new digest has it read again."""
    folder.mkdir(exist_ok=True)
    return AgencyRecords(folder=folder, digest=digest, settings=settings)


def read_in(folder: Path, *resources: Resource, **settings: Any) -> FileRead:
    """What became of a bundle of these."""
    file = folder.parent / "bundle.json"
    file.write_text(json.dumps(a_bundle(*resources)), encoding="utf-8")
    try:
        return import_files((file,), extract_in(folder, **settings)).files[0]
    finally:
        file.unlink()


def kinds_of(read: FileRead) -> dict[str, KindRead]:
    """The counts by resource type."""
    return {kind.kind: kind for kind in read.kinds}


def answer_from(
    folder: Path, *resources: Resource, case: CaseAsked | None = None, **settings: Any
) -> Contribution | NilReturn | Refused:
    """What health answers when these were handed over, asked by NHS number unless told otherwise."""
    read = read_in(folder, *resources, **settings)
    assert read.whole, read
    return assess(
        case or a_case(numbers=(HIS_NHS,)), health_records(extract_in(folder, digest=str(resources)))
    )
