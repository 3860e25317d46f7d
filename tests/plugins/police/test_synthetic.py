"""The invented extract is whole, the same for the same seed, and holds what the plugin has to tell of."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.domain.invented import InventedExtractTask
from engine.identity.identifiers import IdentifierType, check_identifier
from engine.instruments.offences import AskWhich, Scored, harm_of, offences_of
from engine.synthetic.city import invented_episodes
from plugins.police.records import PoliceRecords, police_records
from plugins.police.synthetic import write_extract
from tests.plugins.builders import records_in

ON = date(2026, 11, 24)


def a_task(seed: int = 7) -> InventedExtractTask:
    return InventedExtractTask(seed=seed, on=ON, episodes=tuple(invented_episodes(seed, count=300, until=ON)))


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> PoliceRecords:
    folder = tmp_path_factory.mktemp("extract")
    write_extract(a_task(), folder)
    return police_records(records_in(folder))


def test_the_same_seed_writes_the_same_and_another_does_not(tmp_path: Path) -> None:
    texts = []
    for name, seed in (("one", 7), ("two", 7), ("three", 8)):
        (tmp_path / name).mkdir()
        write_extract(a_task(seed), tmp_path / name)
        texts.append({file.name: file.read_bytes() for file in sorted((tmp_path / name).iterdir())})

    assert texts[0] == texts[1]
    assert all(texts[0][file] != texts[2][file] for file in texts[0])


def test_principal_and_included_offences_stand_on_reports_that_became_a_crime(held: PoliceRecords) -> None:
    crimes = {row.incident_id for rows in held.incidents.values() for row in rows if row.crime_reference}
    offences = [each for rows in held.offences.values() for each in rows]

    assert set(held.offences) <= crimes
    assert sum(not each.principal for each in offences) > 50
    assert all(sum(each.principal for each in rows) == 1 for rows in held.offences.values())


def test_every_code_is_of_the_table_and_all_kinds_of_scores_come_up(held: PoliceRecords) -> None:
    offences = [each for rows in held.offences.values() for each in rows]
    coded = [each for each in offences if each.code]

    assert len(coded) < len(offences)
    assert all(offences_of(each.code or "") for each in coded)
    kinds = {type(harm_of(each.code or "", urn=each.cchi_urn)) for each in coded}
    assert {Scored, AskWhich} <= kinds


def test_arrest_summons_numbers_hold_and_are_of_no_force(held: PoliceRecords) -> None:
    numbers = [each.asn for rows in held.offences.values() for each in rows if each.asn]

    assert numbers
    assert all(number.split("/")[1] == "00ZZ" for number in numbers)
    assert all(check_identifier(IdentifierType.ASN, number, today=ON).valid for number in numbers)


def test_almost_every_police_number_holds_and_a_few_do_not(held: PoliceRecords) -> None:
    numbers = [number for person in held.persons.values() for number in person.as_person().identifiers]
    valid = [
        check_identifier(IdentifierType(number.scheme.value), number.value, today=ON).valid
        for number in numbers
    ]

    assert 0 < valid.count(False) < len(valid) / 20
