"""Whom health holds, for its staff; and what it holds, for the person: certain or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.domain.responses.requests import PersonAsked
from plugins.health.records import HealthRecords, health_records
from plugins.health.subject import people_found, told_to_subject
from tests.plugins.builders import BORN, HIS_NHS
from tests.plugins.health.fhir import (
    DIAGNOSIS,
    a_condition,
    a_flag,
    a_patient,
    an_observation,
    extract_in,
    read_in,
)

BY_NAME = PersonAsked(forename="Perpetua", surname="Toyson", date_of_birth=BORN)
BY_NUMBER = PersonAsked(forename="Perpetua", surname="Toyson", identifiers=(HIS_NHS,))


@pytest.fixture
def held(tmp_path: Path) -> HealthRecords:
    read_in(tmp_path / "health", a_patient(), a_condition(), an_observation(), a_flag())
    return health_records(extract_in(tmp_path / "health"))


def test_the_person_is_told_each_record_and_never_what_a_diagnosis_is(held: HealthRecords) -> None:
    result = told_to_subject(BY_NUMBER, held)

    assert [item.says for item in result.items] == [
        "One name and a date of birth are held; two identifiers with it.",
        "That there is a record of a health condition is held, not what it says.",
        "It is held that talk of harming another person was noted.",
        "That there is a record of an observation is held, not what it says.",
    ]
    assert DIAGNOSIS not in result.model_dump_json()


def test_a_person_who_is_not_found_for_certain_is_told_nothing_of_any_record(held: HealthRecords) -> None:
    result = told_to_subject(BY_NAME, held)

    assert result.items == ()
    assert result.gaps == (
        "One or more records may be this person's and were not given: health must confirm the person first.",
    )


def test_staff_are_told_on_what_a_patient_was_found(held: HealthRecords) -> None:
    (found,) = people_found(BY_NAME, held).found

    assert found.record == "1"
    assert found.matched_on.says == "by name and date of birth, unconfirmed"


def test_staff_are_told_every_patient_who_could_be_the_person(tmp_path: Path) -> None:
    read_in(
        tmp_path / "health",
        a_patient("1"),
        a_patient("2"),
        a_patient("3", name=[{"text": "A B"}], identifier=[]),
    )
    found = people_found(BY_NUMBER, health_records(extract_in(tmp_path / "health"))).found

    assert [each.record for each in found] == ["1", "2"]
    assert not any(each.matched_on.confirmed for each in found)


def test_nobody_is_nobody(held: HealthRecords) -> None:
    assert people_found(PersonAsked(forename="No", surname="One"), held).found == ()
