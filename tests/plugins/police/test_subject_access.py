"""A person who asks is told what is theirs for certain, and nobody else's part in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from engine.domain.agencies.people import SubjectAccessResult
from engine.domain.conference.risk import Domain, Level
from engine.domain.responses.requests import PersonAsked
from engine.hooks.carried_views import RecordedView
from plugins.police.records import PersonRow, police_records
from plugins.police.subject_access import told_about
from tests.plugins.builders import BORN, HIS_PNC, records_in
from tests.plugins.police.given import a_person, a_report, an_offence, an_order, written

HIMSELF = PersonAsked(forename="Perpetua", surname="Toyson", date_of_birth=BORN, identifiers=(HIS_PNC,))


def result_for(folder: Path, who: PersonAsked = HIMSELF, *persons: PersonRow) -> SubjectAccessResult:
    view = RecordedView(
        view_id="VW-1",
        person_id="N1",
        domain=Domain.PERSISTENCE,
        level=Level.HIGH,
        reasons="She says that he waits at her work.",
        recorded_by="Imogen Testerton",
        post="Detective Sergeant",
        recorded_on=date(2026, 11, 1),
    )
    written(
        folder,
        persons=persons or (a_person(markers=("weapons",)),),
        reports=(a_report(1, "2026-10-09"),),
        offences=(an_offence(1, "195/12"), an_offence(1, "8/72", place=2, asn="11/01ZD/01/448754K")),
        orders=(
            an_order(date(2026, 3, 1), None, served=date(2026, 3, 2)),
            an_order(date(2026, 4, 1), None),
        ),
        views=(view,),
    )
    return told_about(who, police_records(records_in(folder)))


def test_an_order_that_is_not_served_is_not_told(tmp_path: Path) -> None:
    result = result_for(tmp_path)

    assert "ORD-20260401" not in result.model_dump_json()
    assert "One order not recorded as served was not given." in result.gaps


def test_everything_that_is_theirs_is_told_with_its_record(tmp_path: Path) -> None:
    items = {(each.kind, each.record): each.says for each in result_for(tmp_path).items}

    assert items == {
        ("nominal record", "N1"): (
            "A record holds the name Perpetua Toyson, the date of birth 9 March 1984 and the PNC ID "
            "2012/0000001H."
        ),
        ("warning marker", "N1"): "One warning marker for weapons is recorded.",
        ("report", "RPT-1"): "A report of unwanted contact was recorded, crime reference ZZ1.",
        (
            "offence",
            "RPT-1-O1",
        ): "On this report was recorded, as principal offence: stalking (s.2A) (195/12).",
        ("offence", "RPT-1-O2"): (
            "On this report was recorded, as included offence: malicious communications (008/72), under the "
            "arrest/summons number 11/01ZD/01/448754K."
        ),
        ("order", "ORD-20260301"): (
            "Stalking Protection Order, made on 1 March 2026, no end recorded, with two conditions."
        ),
        ("view", "VW-1"): (
            "An officer's view on persistence was recorded: high; its reasons may be about other people "
            "and are not given here."
        ),
    }


def test_who_reported_and_what_an_officer_wrote_of_the_victim_is_not_told(tmp_path: Path) -> None:
    text = result_for(tmp_path).model_dump_json()

    assert "V1" not in text
    assert "her work" not in text


def test_what_is_not_theirs_for_certain_is_counted_and_not_told(tmp_path: Path) -> None:
    by_name = result_for(tmp_path, HIMSELF.model_copy(update={"identifiers": ()}))
    twins = result_for(tmp_path / "twins", HIMSELF, a_person(), a_person(person_id="N2"))

    assert by_name.items == twins.items == ()
    assert by_name.gaps == ("A record here may be this person's, but this is not certain; it was not given.",)
    assert twins.gaps[0].startswith("Two records hold the numbers asked about")


def test_nobody_of_that_name_or_number_is_said_by_telling_nothing(tmp_path: Path) -> None:
    answer = result_for(tmp_path, PersonAsked(forename="Somebody", surname="Else", date_of_birth=BORN))

    assert (answer.items, answer.gaps) == ((), ())
    assert answer.looked_in == ("incident reports", "orders", "warning markers")
