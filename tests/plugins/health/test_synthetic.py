"""The invented files are FHIR, hold what must not leave, and say nothing that contradicts itself."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path

from engine.domain.dates import PartialDate
from engine.domain.invented import InventedExtractTask
from engine.domain.responses.answers import Contribution
from engine.domain.responses.requests import CaseAsked, PersonAsked
from engine.synthetic.city import invented_episodes
from plugins.health.assessor import assess
from plugins.health.checking import fault_of
from plugins.health.records import health_records
from plugins.health.synthetic import MARK, invented_bundles, write_extract
from tests.plugins.builders import records_in

ON = date(2026, 11, 24)


@cache
def task() -> InventedExtractTask:
    """Made when the first test asks."""
    return InventedExtractTask(seed=7, on=ON, episodes=tuple(invented_episodes(7, count=120, until=ON)))


def test_every_invented_resource_is_fhir_and_what_must_not_leave_is_in_it() -> None:
    bundles = json.loads(json.dumps([*invented_bundles(task())]))
    resources = [entry["resource"] for bundle in bundles for entry in bundle["entry"]]

    assert {resource["resourceType"] for resource in resources} == {
        *("Patient", "Condition", "Observation", "QuestionnaireResponse", "Encounter", "Appointment"),
        *("CarePlan", "Consent", "Flag", "RiskAssessment"),
    }
    assert [fault for resource in resources if (fault := fault_of(resource))] == []
    assert MARK in str(resources)


def test_only_the_extract_is_left_and_nothing_that_must_not_leave_is_in_it(tmp_path: Path) -> None:
    write_extract(task(), tmp_path)

    assert [file.name for file in tmp_path.iterdir()] == ["records.jsonl"]
    assert MARK not in (tmp_path / "records.jsonl").read_text()


def test_nobody_is_known_since_a_day_later_than_what_is_said_of_them(tmp_path: Path) -> None:
    write_extract(task(), tmp_path)
    held = health_records(records_in(tmp_path))
    looked_at = 0
    for episode in task().episodes:
        he = episode.perpetrator
        person = PersonAsked(
            forename=he.forename,
            surname=he.surname,
            date_of_birth=PartialDate.of(he.date_of_birth),
            identifiers=tuple(each for each in he.identifiers if each.scheme.value == "nhs"),
        )
        answer = assess(CaseAsked(reference="R-1", on=ON, perpetrator=person), held)
        if isinstance(answer, Contribution) and answer.findings:
            known, *others = answer.findings
            days = [p.dated.earliest for f in others for p in f.records if p.dated is not None]
            if known.records[0].dated is not None and days:
                looked_at += 1
                assert known.records[0].dated.earliest <= min(days)
    assert looked_at > 10
