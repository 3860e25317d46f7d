"""A course of conduct is told from two days on, person by person, and concluded by nobody here."""

from __future__ import annotations

from pathlib import Path

from engine.domain.cases.incidents import IncidentKind
from tests.plugins.builders import a_case
from tests.plugins.police.given import a_report, an_offence, answer, contribution, sentences

IN_LAW = (
    "; two or more occasions can be a course of conduct under the Protection from Harassment Act 1997, and "
    "whether these were one is for people to judge."
)


def test_conduct_on_two_days_towards_one_person_is_told_with_its_acts(tmp_path: Path) -> None:
    given = answer(
        tmp_path,
        reports=(
            a_report(1, "2026-01-01", IncidentKind.FOLLOWING),
            a_report(2, "2026-03-02", IncidentKind.THREAT),
            a_report(3, "2026-03-02", IncidentKind.WATCHING),
        ),
    )

    assert sentences(given)["course-of-conduct-1"] == (
        "Three reports described conduct towards one and the same person on at least two different days "
        "between 1 January 2026 and 2 March 2026, with acts of the kinds that section 2A names (following "
        "and watching or spying)" + IN_LAW
    )
    finding = next(each for each in contribution(given).findings if each.key == "course-of-conduct-1")
    assert [pointer.record for pointer in finding.records] == ["RPT-1", "RPT-2", "RPT-3"]


def test_the_person_of_this_case_is_told_first_and_apart_from_others(tmp_path: Path) -> None:
    reports = (
        a_report(1, "2025-01-01", victim="V2"),
        a_report(2, "2025-02-01", victim="V2"),
        a_report(3, "2026-01-01"),
        a_report(4, "2026-02-01"),
    )

    said = sentences(answer(tmp_path, a_case(crime_references=("zz 4",)), reports=reports))

    assert "towards the person of this case on at least two" in said["course-of-conduct-1"]
    assert "towards one and the same other person" in said["course-of-conduct-2"]


def test_one_report_each_about_two_people_is_no_course_of_conduct(tmp_path: Path) -> None:
    given = answer(tmp_path, reports=(a_report(1, "2026-01-01"), a_report(2, "2026-02-01", victim="V2")))

    assert not any(key.startswith("course-of-conduct") for key in sentences(given))


def test_two_reports_of_one_day_are_no_second_occasion_and_that_is_told(tmp_path: Path) -> None:
    given = answer(tmp_path, reports=(a_report(1, "2026-01-01"), a_report(2, "2026-01-01")))

    assert "course-of-conduct-1" not in sentences(given)
    assert (
        "Two reports about one person could all be of one day for each; it is not known if they were "
        "separate occasions."
    ) in contribution(given).gaps


def test_a_month_and_a_day_of_it_are_not_counted_as_two_days(tmp_path: Path) -> None:
    same = answer(tmp_path, reports=(a_report(1, "2026-01"), a_report(2, "2026-01-09")))
    other = answer(tmp_path / "other", reports=(a_report(1, "2026-01"), a_report(2, "2026-02-09")))

    assert "course-of-conduct-1" not in sentences(same)
    assert "on at least two different days" in sentences(other)["course-of-conduct-1"]


def test_reports_that_name_nobody_stand_in_no_course_and_that_is_told(tmp_path: Path) -> None:
    given = answer(
        tmp_path, reports=(a_report(1, "2026-01-01", victim=None), a_report(2, "2026-02-01", victim=None))
    )

    assert "course-of-conduct-1" not in sentences(given)
    assert (
        "Two reports do not say who was affected, and so are in no course of conduct."
        in contribution(given).gaps
    )


def test_a_course_without_its_offence_is_told_and_one_with_it_is_not(tmp_path: Path) -> None:
    reports = (a_report(1, "2026-01-01"), a_report(2, "2026-02-01"))

    bare = answer(tmp_path, reports=reports, offences=(an_offence(1, "105/01"),))
    included = answer(
        tmp_path / "two",
        reports=reports,
        offences=(an_offence(1, "105/01"), an_offence(1, "195/12", place=2)),
    )

    wanted = "carries no stalking or harassment offence"
    assert any(wanted in gap for gap in contribution(bare).gaps)
    assert not any(wanted in gap for gap in contribution(included).gaps)


def test_very_many_people_are_not_all_told_one_by_one(tmp_path: Path) -> None:
    reports = tuple(
        a_report(victim * 10 + month, f"2026-0{month}-01", victim=f"V{victim}")
        for victim in range(1, 8)
        for month in (1, 2)
    )

    given = answer(tmp_path, reports=reports)

    assert sum(key.startswith("course-of-conduct") for key in sentences(given)) == 5
    assert (
        "Conduct on several days towards two more people is not listed separately."
        in contribution(given).gaps
    )
