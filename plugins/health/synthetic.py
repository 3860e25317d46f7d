"""Invented FHIR files from invented people, noisy as real ones. The same seed writes the same.

Each patient also has a diagnosis, a score and answers, as a real record would, so that a leak would be seen.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from engine.hooks.v1 import (
    AgencyRecords,
    Domain,
    IdentifierScheme,
    InventedEpisode,
    InventedExtractTask,
    InventedPerson,
    Level,
    RefusalGround,
)
from plugins.health.words import SAFETY_FLAG, words

MARK = "CLINICAL-NOTE-MUST-NOT-LEAVE"
"""Mark in place of every diagnosis, answer or clinical text."""
INVENTED_FILE = "invented.ndjson"
_CLINICIANS = (
    ("Dr Linnea Fictiva", "Consultant Forensic Psychiatrist"),
    ("Dr Ansel Makebelief", "Forensic Psychologist"),
    ("Perpetua Nowhere", "Mental Health Nurse"),
)
_REASONS = {
    Level.HIGH: "Speaks of the matter as a last resort and has stopped attending.",
    Level.MODERATE: "Preoccupied and sleepless, and still comes to appointments.",
    Level.LOW: "Engaged with support and has not raised the matter for two months.",
    Level.UNABLE_TO_SAY: "Not seen for long enough to form a view.",
}
_KNOWN_IF_ILL, _KNOWN_OTHERWISE = 0.5, 0.15
_REFUSED = 0.1
_NOT_RECORDED = 0.25
_NHS = "https://fhir.nhs.uk/Id/nhs-number"
_LOCAL = "urn:stac:invented:health-record"
_Resource = dict[str, object]


def write_extract(task: InventedExtractTask, folder: Path) -> None:
    """Write what the service would know of these people by that day, as FHIR, and read it in."""
    from plugins.health.importing import import_files  # late: only writing and importing need FHIR's models

    file = folder / INVENTED_FILE
    with open(file, "w", encoding="utf-8", newline="\n") as opened:
        for bundle in invented_bundles(task):
            opened.write(json.dumps(bundle) + "\n")
    records = AgencyRecords(folder=folder, digest="invented")
    # a test holds what this module writes to FHIR's models; to do so each time would double the time
    read = import_files((file,), records, is_fault=lambda resource: None)
    assert read.whole, "what this module writes is FHIR"
    for left in (file, *folder.glob(".*")):
        left.unlink()


def invented_bundles(task: InventedExtractTask) -> Iterator[_Resource]:
    """Yield one bundle for each patient."""
    episodes_by_person: dict[str, list[InventedEpisode]] = defaultdict(list)
    for episode in task.episodes:
        episodes_by_person[episode.perpetrator.key].append(episode)
    number = 0
    for key, episodes in episodes_by_person.items():
        chance = Random(f"{task.seed} health {key}")
        ill = any(episode.ill for episode in episodes)
        if chance.random() > (_KNOWN_IF_ILL if ill else _KNOWN_OTHERWISE):
            continue
        number += 1
        asked_about = min(*(episode.referred_on for episode in episodes), task.on)
        resources = _Patient(chance, episodes, asked_about, f"H{number:06}").resources()
        yield {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": resource} for resource in resources],
        }


class _Patient:
    """One patient's records, all of them made before the day on which the person is asked about."""

    def __init__(self, chance: Random, episodes: list[InventedEpisode], asked_about: date, key: str) -> None:
        self.chance, self.episodes, self.asked_about, self.key = chance, episodes, asked_about, key
        self.number = 0

    def resources(self) -> Iterator[_Resource]:
        yield self._person(self.episodes[0].perpetrator)
        yield self._about("Condition", {"code": {"text": MARK}, "recordedDate": self._before(300, 3000)})
        yield self._about("Observation", self._scored())
        yield self._about("QuestionnaireResponse", self._filled_in())
        yield from self._contacts()
        yield from self._consents()
        yield from self._flags()
        yield from self._views()

    def _person(self, true: InventedPerson) -> _Resource:
        held = {each.scheme: each.value for each in true.identifiers}
        numbers = [{"system": _LOCAL, "value": self.key}]
        if IdentifierScheme.NHS in held and self.chance.random() < 0.95:
            numbers.append({"system": _NHS, "value": held[IdentifierScheme.NHS].replace(" ", "")})
        born = {} if self.chance.random() < 0.08 else {"birthDate": true.date_of_birth.isoformat()}
        return {
            "resourceType": "Patient",
            "id": self.key,
            "meta": {"lastUpdated": f"{self._before(0, 30)}T09:00:00Z"},
            "identifier": numbers,
            "name": [{"text": name} for name in self._names(true)],
            **born,
        }

    def _names(self, true: InventedPerson) -> tuple[str, ...]:
        whole = f"{true.forename} {true.surname}"
        if true.also_written and self.chance.random() < 0.2:
            other = self.chance.choice(true.also_written)
            return (other, whole) if self.chance.random() < 0.6 else (other,)
        return (whole,)

    def _scored(self) -> _Resource:
        return {
            "status": "final",
            "code": {"text": MARK},
            "effectiveDateTime": self._before(3, 400),
            "valueInteger": self.chance.randint(0, 27),
        }

    def _filled_in(self) -> _Resource:
        answer = {"linkId": "1", "text": MARK, "answer": [{"valueString": MARK}]}
        return {"status": "completed", "authored": self._before(3, 400), "item": [answer]}

    def _contacts(self) -> Iterator[_Resource]:
        if self.chance.random() < _NOT_RECORDED:
            return
        for _ in range(self.chance.randint(1, 4)):
            yield self._about(
                "Encounter",
                {
                    "status": "finished",
                    "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
                    "period": {"start": self._before(2, 500)},
                    "reasonCode": [{"text": MARK}],
                },
            )
        for _ in range(self.chance.choice((0, 0, 0, 1, 2))):
            missed = {"status": "noshow", "start": f"{self._before(2, 300)}T10:00:00Z"}
            patient = {"actor": {"reference": f"Patient/{self.key}"}, "status": "accepted"}
            yield self._record("Appointment", {**missed, "participant": [patient]})
        if self.chance.random() < 0.4:
            over = self.chance.random() < 0.3
            period = {"start": self._before(200, 900), **({"end": self._before(5, 150)} if over else {})}
            status = "completed" if over else "active"
            yield self._about(
                "CarePlan", {"status": status, "intent": "plan", "title": MARK, "period": period}
            )

    def _consents(self) -> Iterator[_Resource]:
        if self.chance.random() < _REFUSED:
            ground = RefusalGround.CONFIDENTIAL.name.lower()
            yield self._consent({"coding": [{"system": words().systems.refusal, "code": ground}]}, "deny")
        elif self.chance.random() < 0.5:
            agreed = "permit" if self.chance.random() < 0.7 else "deny"
            yield self._consent({"text": "information disclosure"}, agreed)

    def _consent(self, category: _Resource, agreed: str) -> _Resource:
        scope = {"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}
        return self._record(
            "Consent",
            {
                "status": "active",
                "scope": {"coding": [scope]},
                "category": [category],
                "patient": {"reference": f"Patient/{self.key}"},
                "dateTime": self._before(3, 400),
                "policyRule": {"text": "the centre's information sharing agreement"},
                "provision": {"type": agreed},
            },
        )

    def _flags(self) -> Iterator[_Resource]:
        drinks = any(episode.drinks for episode in self.episodes)
        for term in words().risk:
            if term == SAFETY_FLAG:
                continue
            likely = (0.6 if drinks else 0.05) if term == "substance-use" else 0.18
            if self.chance.random() < likely:
                dated = {} if self.chance.random() < 0.05 else {"period": {"start": self._before(3, 300)}}
                coding = {"system": words().systems.risk, "code": term}
                yield self._about(
                    "Flag",
                    {"status": "active", "code": {"coding": [coding], "text": MARK}, **dated},
                    labels=self._labels(),
                )

    def _labels(self) -> list[_Resource]:
        """Return labels: most items are marked for sharing by the professional who recorded them."""
        if self.chance.random() > 0.75:
            return []
        term = "serious-harm" if self.chance.random() < 0.7 else "agreed"
        return [{"system": words().systems.sharing, "code": term}]

    def _views(self) -> Iterator[_Resource]:
        """Yield a clinician's views for the panel."""
        if self.chance.random() > 0.45:
            return
        clinician, post = self.chance.choice(_CLINICIANS)
        systems = words().systems
        predictions = [self._view(domain) for domain in Domain if self.chance.random() >= 0.4]
        role = {"resourceType": "PractitionerRole", "id": "by", "code": [{"text": post}]}
        yield self._about(
            "RiskAssessment",
            {
                "contained": [{**role, "practitioner": {"display": clinician}}],
                "status": "final",
                "code": {"coding": [{"system": systems.assessment, "code": "structured-judgement"}]},
                "occurrenceDateTime": self._before(3, 150),
                "performer": {"reference": "#by"},
                "prediction": [*predictions, {"outcome": {"text": MARK}, "probabilityDecimal": 0.87}],
            },
            labels=[{"system": systems.sharing, "code": "serious-harm"}],
        )

    def _view(self, domain: Domain) -> _Resource:
        systems = words().systems
        levels = (Level.LOW, Level.MODERATE, Level.HIGH, Level.UNABLE_TO_SAY)
        (level,) = self.chance.choices(levels, (2, 4, 2, 2))
        weeks = timedelta(weeks=self.chance.choice((4, 12, 26)))
        start = self.asked_about
        return {
            "outcome": _coded(systems.domain, domain.value),
            "qualitativeRisk": _coded(systems.level, level.value),
            "whenPeriod": {"start": start.isoformat(), "end": (start + weeks).isoformat()},
            "rationale": _REASONS[level],
        }

    def _about(self, kind: str, fields: _Resource, labels: list[_Resource] | None = None) -> _Resource:
        return self._record(kind, {"subject": {"reference": f"Patient/{self.key}"}, **fields}, labels)

    def _record(self, kind: str, fields: _Resource, labels: list[_Resource] | None = None) -> _Resource:
        self.number += 1
        meta: _Resource = {"lastUpdated": f"{self.asked_about - timedelta(days=1)}T09:00:00Z"}
        if labels:
            meta["security"] = labels
        return {"resourceType": kind, "id": f"{self.key}-{self.number}", "meta": meta, **fields}

    def _before(self, least: int, most: int) -> str:
        return (self.asked_about - timedelta(days=self.chance.randint(least, most))).isoformat()


def _coded(system: str, term: str) -> _Resource:
    return {"coding": [{"system": system, "code": term.replace(" ", "-")}]}
