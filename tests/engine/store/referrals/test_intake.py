"""Referrals are written whole, found again, and corrected in versions, on both databases."""

from __future__ import annotations

from sqlalchemy import text

from engine.domain.dates import PartialDate
from engine.domain.referrals.intake import AlarmTopic
from engine.store.database import open_database
from tests.builders import MONDAY, SAFE_HOUSE, Desk, a_person, a_referral, an_incident, in_one_entry


def test_the_same_referral_again_changes_nothing(desk: Desk) -> None:
    first = desk.refer(a_referral())
    again = desk.refer(a_referral())
    assert (first.accepted, again.accepted, again.corrected, again.unchanged) == (1, 0, 0, 1)
    assert first.referrals == again.referrals


def test_changed_content_is_a_new_version_of_the_same_referral(desk: Desk) -> None:
    first = desk.refer(a_referral())
    corrected = desk.refer(a_referral(reason="It began in January."))
    assert (corrected.corrected, corrected.referrals) == (1, first.referrals)
    with desk.runtime.uow.unrecorded() as work:
        assert work.referrals.newest(first.referrals)[first.referrals[0]].reason == "It began in January."


def test_a_corrected_description_is_a_new_person_record_and_the_old_one_stays(desk: Desk) -> None:
    reference = desk.refer(a_referral()).referrals[0]
    desk.refer(a_referral(perpetrator=a_person("Danny", pnc="2001/0000123Y")))
    with desk.runtime.uow.unrecorded() as work:
        people = work.people.on_cases([reference])
    assert [person.described.forename for person in people] == ["Daniel", "Amira", "Danny"]


def test_a_corrected_incident_is_not_counted_twice(desk: Desk) -> None:
    reference = desk.refer(a_referral(incidents=(an_incident("2026-02-20"),))).referrals[0]
    with desk.runtime.uow.unrecorded() as work:
        before = work.incidents.of([reference], shown=())
    desk.refer(a_referral(incidents=(an_incident("2026-02-20"), an_incident("2026-02-28"))))
    with desk.runtime.uow.unrecorded() as work:
        after = work.incidents.of([reference], shown=())
    assert [i.happened for i in after] == [PartialDate("2026-02-28"), PartialDate("2026-02-20")]
    assert after[1].reference == before[0].reference


def test_two_reports_with_one_crime_reference_are_one_incident(desk: Desk) -> None:
    shared = {"crime_reference": "CR/0001/26"}
    reference = desk.refer(
        a_referral(
            incidents=(an_incident(**shared), an_incident(what="Heard it too.", **shared), an_incident())
        )
    ).referrals[0]
    with desk.runtime.uow.unrecorded() as work:
        incidents = work.incidents.of([reference], shown=())
    assert sorted(len(incident.reports) for incident in incidents) == [1, 2]


def test_a_report_without_a_grade_is_the_same_as_before_there_were_grades(desk: Desk) -> None:
    assert "grade" not in an_incident().model_dump(mode="json")
    assert an_incident(grade="2B P").model_dump(mode="json")["grade"] == "2B P"
    reference = desk.refer(a_referral(incidents=(an_incident(), an_incident(grade="2B P")))).referrals[0]
    with desk.runtime.uow.unrecorded() as work:
        incidents = work.incidents.of([reference], shown=())
    assert sorted(str(each.reports[0].grade) for each in incidents) == ["2B P", "None"]


def test_a_newly_raised_alarm_opens_an_acknowledged_one_again(desk: Desk) -> None:
    reference = desk.refer(a_referral(alarms=(AlarmTopic.WEAPON,))).referrals[0]
    with in_one_entry(desk.runtime) as work:
        work.alarms.acknowledge(reference, by="cora", at=MONDAY)
    desk.refer(a_referral(alarms=(AlarmTopic.WEAPON, AlarmTopic.ENTRY)))
    with desk.runtime.uow.unrecorded() as work:
        assert work.alarms.of(reference).acknowledged_by is None


def test_a_correction_without_a_new_topic_leaves_the_acknowledgement(desk: Desk) -> None:
    reference = desk.refer(a_referral(alarms=(AlarmTopic.WEAPON,))).referrals[0]
    with in_one_entry(desk.runtime) as work:
        work.alarms.acknowledge(reference, by="cora", at=MONDAY)
    desk.refer(a_referral(alarms=(AlarmTopic.WEAPON,), reason="Spelling."))
    with desk.runtime.uow.unrecorded() as work:
        assert work.alarms.of(reference).acknowledged_by == "cora"


def test_people_are_found_by_identifier_and_by_whole_birthday_but_never_by_name_alone(desk: Desk) -> None:
    desk.refer(a_referral(perpetrator=a_person(pnc="2001/0000123Y")))
    with desk.runtime.uow.unrecorded() as work:
        assert len(work.people.with_identifiers([("pnc", "2001/0000123Y")])) == 1
        assert work.people.with_identifiers([("pnc", "2001/0000124A")]) == ()
        assert len(work.people.born_and_named([a_person("daniel", "ROE")])) == 1
        assert work.people.born_and_named([a_person("Dan", "Roe")]) == ()
        unborn = a_person().model_copy(update={"date_of_birth": PartialDate("1988")})
        assert work.people.born_and_named([unborn]) == ()


def test_a_protected_value_can_be_read_in_no_table_and_comes_back_through_its_repository(desk: Desk) -> None:
    case = desk.refer(a_referral()).referrals[0]
    engine = open_database(desk.runtime.settings.database_url)
    holders = []
    with engine.connect() as connection:
        for table in _tables(connection):
            rows = connection.execute(text(f'SELECT * FROM "{table}"')).all()
            if any(SAFE_HOUSE.encode() in bytes(str(row), "utf-8") or SAFE_HOUSE in str(row) for row in rows):
                holders.append(table)
    engine.dispose()
    assert holders == []
    with desk.runtime.uow.unrecorded() as work:
        assert SAFE_HOUSE.encode() in [value for _, _, value in work.protected.held_on([case])]


def _tables(connection: object) -> list[str]:
    from sqlalchemy import inspect

    return sorted(inspect(connection).get_table_names())
