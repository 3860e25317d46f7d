"""What the police say: reports, orders, markers and officers' views, in sentences that point to records."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from engine.domain.cases.incidents import IncidentKind
from engine.domain.conference.risk import Domain, Level
from engine.domain.responses.answers import Contribution, NilReturn
from engine.hooks.carried_views import RecordedView
from plugins.police.records import OrderKind
from tests.plugins.builders import a_case
from tests.plugins.police.given import a_person, a_report, an_order, answer, contribution, sentences


def test_reports_are_counted_by_kind_and_told_with_their_dates(tmp_path: Path) -> None:
    given = answer(
        tmp_path,
        reports=(
            a_report(1, "2025-03-01"),
            a_report(2, "2026-10-09", IncidentKind.ENTRY),
            a_report(3, "2026-05"),
        ),
    )

    said = sentences(given)
    assert said["incidents"] == (
        "Three reports were recorded between 1 March 2025 and 9 October 2026: "
        "two of unwanted contact and one of entry."
    )
    assert said["grave-in-a-year"] == (
        "In the twelve months before 24 November 2026 the reports included one of entry."
    )
    assert (
        said["report-rpt-3"] == "In May 2026 a report of unwanted contact was recorded, crime reference ZZ3."
    )
    assert isinstance(given, Contribution)
    assert [pointer.record for pointer in given.findings[0].records] == ["RPT-1", "RPT-3", "RPT-2"]


def test_other_victims_are_counted_and_none_is_named(tmp_path: Path) -> None:
    reports = (
        a_report(1, "2024-03-01", victim="V2"),
        a_report(2, "2025-06-01", victim="V3"),
        a_report(3, "2026-10-09"),
    )

    by_reference = answer(tmp_path, a_case(crime_references=("ZZ3",)), reports=reports)
    without = answer(tmp_path / "second", a_case(), reports=reports)

    assert sentences(by_reference)["other-victims"] == (
        "Two reports were made by two other victims between 1 March 2024 and 1 June 2025."
    )
    assert sentences(without)["other-victims"] == "The reports were made by three different victims."
    assert "V2" not in by_reference.model_dump_json()


def test_one_victim_s_reports_are_no_other_victim_s(tmp_path: Path) -> None:
    given = answer(
        tmp_path,
        a_case(crime_references=("ZZ1",)),
        reports=(a_report(1, "2026-01-01"), a_report(2, "2026-02-01")),
    )

    assert "other-victims" not in sentences(given)


def test_what_was_recorded_after_the_day_of_asking_is_left_out(tmp_path: Path) -> None:
    given = answer(
        tmp_path,
        a_case(on=date(2026, 6, 1)),
        reports=(a_report(1, "2026-05-31"), a_report(2, "2026-06-02")),
        orders=(an_order(date(2026, 6, 2), None),),
    )

    assert sentences(given)["incidents"].startswith("One report was recorded on 31 May 2026")
    assert not any(key.startswith("order-") for key in sentences(given))
    assert contribution(given).orders == ()


def test_an_order_whose_type_is_not_certain_stays_a_finding(tmp_path: Path) -> None:
    order = an_order(date(2026, 3, 1), None, OrderKind.RESTRAINING, until_further_order=True, conditions=())
    given = answer(tmp_path, orders=(order,))

    assert list(sentences(given).values()) == [
        "A restraining order was made on 1 March 2026 and ran until further order."
    ]
    assert contribution(given).orders == ()


def test_warning_markers_are_told_with_their_review(tmp_path: Path) -> None:
    marked = a_person(markers=("weapons", "violent"), markers_reviewed="2024-05")

    assert sentences(answer(tmp_path, persons=(marked,)))["warning-markers"] == (
        "Warning markers for weapons and violent were recorded, last reviewed in May 2024."
    )


def test_an_officer_s_view_is_carried_with_its_author(tmp_path: Path) -> None:
    view = RecordedView(
        view_id="VW-1",
        person_id="N1",
        domain=Domain.PERSISTENCE,
        level=Level.HIGH,
        reasons="As it was written.",
        recorded_by="Imogen Testerton",
        post="Detective Sergeant",
        recorded_on=date(2026, 11, 1),
    )

    given = answer(tmp_path, views=(view,))

    assert isinstance(given, Contribution)
    assert [(each.level, each.recorded_by.name) for each in given.views] == [(Level.HIGH, "Imogen Testerton")]


def test_a_person_without_reports_is_recorded_and_that_is_said(tmp_path: Path) -> None:
    given = answer(tmp_path, persons=(a_person(date_of_birth=None),))

    assert isinstance(given, Contribution)
    assert given.findings == ()
    assert given.gaps == (
        "The person is recorded, and no report against them is.",
        "The person's date of birth is not recorded here.",
    )


def test_an_undated_report_is_counted_and_told_as_a_gap(tmp_path: Path) -> None:
    given = answer(tmp_path, reports=(a_report(1, None),))

    assert sentences(given)["incidents"] == "One report was recorded: one of unwanted contact."
    assert isinstance(given, Contribution)
    assert "One report has no date recorded." in given.gaps


def test_nobody_found_is_a_nil_return_that_says_where_was_looked(tmp_path: Path) -> None:
    given = answer(tmp_path, persons=())

    assert isinstance(given, NilReturn)
    assert given.looked_in == ("incident reports", "orders", "warning markers")
    assert "by PNC ID" in given.says


def test_two_who_could_be_meant_are_told_and_neither_is_used(tmp_path: Path) -> None:
    twins = (a_person(pnc=None), a_person(person_id="N2", pnc=None))

    given = answer(tmp_path, persons=twins, reports=(a_report(1, "2026-01-01"),))

    assert isinstance(given, Contribution)
    assert given.findings == ()
    assert "Two records answer to the name and date of birth asked about" in given.gaps[0]


def test_a_number_of_the_records_that_fails_its_check_is_told(tmp_path: Path) -> None:
    given = answer(tmp_path, persons=(a_person(cro="000001/12A"),), reports=(a_report(1, "2026-01-01"),))

    assert isinstance(given, Contribution)
    assert given.matched_on.confirmed
    assert "The CRO number recorded here failed its check and was compared as it was written." in given.gaps


def test_two_people_with_one_number_are_told_and_neither_is_used(tmp_path: Path) -> None:
    given = answer(
        tmp_path, persons=(a_person(), a_person(person_id="N2")), reports=(a_report(1, "2026-01-01"),)
    )

    assert isinstance(given, Contribution)
    assert given.findings == ()
    assert given.gaps == (
        "Two records hold the numbers asked about; none was used, and a person at this agency must check.",
    )
