"""Reports as the police hold them: each outcome code of the table, and a code that is not in it."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from engine.domain.dates import PartialDate
from engine.domain.responses.formal import FormalKind
from engine.domain.responses.held_reports import (
    Concerns,
    Elsewhere,
    HeldReport,
    ReporterKind,
    ReportOutcomeKind,
)
from engine.hooks.extract_files import write_table
from plugins.police.assessor import assess
from plugins.police.records import OUTCOMES, IncidentRow, OutcomeRow, PersonRow, police_records
from plugins.police.subject_access import told_about
from tests.plugins.builders import HIS_PNC, a_case, records_in
from tests.plugins.police.given import a_person, a_report, an_offence, answer, contribution, written

TABLE = tomllib.loads(files("plugins.police").joinpath("outcomes.toml").read_text(encoding="utf-8"))[
    "outcome"
]


def an_outcome(code: str, decided: str | None = "2026-02-20") -> OutcomeRow:
    return OutcomeRow(
        outcome_id=f"D-{code}",
        incident_id="RPT-1",
        outcome=code,
        decided_on=PartialDate(decided) if decided else None,
    )


def held(
    folder: Path,
    *outcomes: OutcomeRow,
    report: IncidentRow | None = None,
    person: PersonRow | None = None,
) -> HeldReport:
    """The report that the police give, with a table of outcomes."""
    written(folder, persons=(person or a_person(),), reports=(report or a_report(1, "2026-02-10"),))
    write_table(folder, OUTCOMES, OutcomeRow, outcomes)
    given = contribution(assess(a_case(), police_records(records_in(folder)), ()))
    assert given.reports is not None
    return given.reports[0]


@pytest.mark.parametrize(("code", "row"), [(code, row) for row in TABLE for code in row["codes"]])
def test_each_code_of_the_table_is_understood_however_it_is_written(
    tmp_path: Path, code: str, row: dict[str, str]
) -> None:
    (found,) = held(tmp_path, an_outcome(f" {code.upper()} ")).outcomes or ()

    assert (found.kind.value, found.why and found.why.value, found.court and found.court.value) == (
        row["kind"],
        row.get("why"),
        row.get("court"),
    )
    assert found.on == PartialDate("2026-02-20")


@pytest.mark.parametrize("code", ["Z9", "155", "pending a decision"])
def test_a_code_that_is_not_understood_is_given_as_that_and_counted(tmp_path: Path, code: str) -> None:
    report = held(tmp_path, an_outcome(code))

    assert [(each.kind, each.own_code) for each in report.outcomes or ()] == [
        (ReportOutcomeKind.NOT_UNDERSTOOD, code)
    ]
    assert f"code not understood: {code}" in report.sentence
    given = contribution(assess(a_case(), police_records(records_in(tmp_path)), ()))
    assert any("outcome code that is not understood" in gap for gap in given.gaps)


def test_without_a_table_of_outcomes_they_are_not_recorded_and_with_an_empty_one_there_are_none(
    tmp_path: Path,
) -> None:
    (silent,) = contribution(answer(tmp_path, reports=(a_report(1, "2026-02-10"),))).reports or ()
    empty = held(tmp_path / "second")

    assert (silent.outcomes, empty.outcomes) == (None, ())
    assert "outcome not recorded" in silent.sentence
    assert "no outcome yet" in empty.sentence


def test_an_outcome_from_after_the_day_of_asking_is_left_out(tmp_path: Path) -> None:
    assert held(tmp_path, an_outcome("15", "2031-01-01")).outcomes == ()


def test_several_outcomes_are_in_the_order_of_their_dates(tmp_path: Path) -> None:
    found = held(tmp_path, an_outcome("16", "2026-02-21"), an_outcome("arrest", "2026-02-11"))

    assert [each.kind.value for each in found.outcomes or ()] == ["arrest", "no further action"]


@pytest.mark.parametrize(
    ("reporter", "kind"), [("Victim", ReporterKind.VICTIM), ("police", ReporterKind.OWN_STAFF), ("x", None)]
)
def test_who_reported_is_a_kind_and_never_a_name(
    tmp_path: Path, reporter: str, kind: ReporterKind | None
) -> None:
    report = a_report(1, "2026-02-10").model_copy(update={"reporter": reporter})

    assert held(tmp_path, report=report).reporter is kind


def test_whom_a_report_concerns_is_known_by_a_crime_reference_of_the_case_alone(tmp_path: Path) -> None:
    reports = (a_report(1, "2026-02-10"), a_report(2, "2026-02-11", victim="V2"))
    case = a_case(crime_references=("ZZ1",))
    known = contribution(answer(tmp_path, case, reports=reports)).reports or ()
    unknown = contribution(answer(tmp_path / "second", reports=reports)).reports or ()

    assert [each.concerns for each in known] == [Concerns.THIS_VICTIM, Concerns.ANOTHER]
    assert [each.crime_reference for each in known] == ["ZZ1", None], "it leads to the other person"
    assert [each.concerns for each in unknown] == [None, None]


@pytest.mark.parametrize(
    ("checked", "elsewhere"),
    [
        (date(2026, 2, 1), Elsewhere.SEARCHED),
        (date(2031, 2, 1), Elsewhere.NOT_SEARCHED),
        (None, Elsewhere.NOT_SEARCHED),
    ],
)
def test_whether_other_forces_were_searched(
    tmp_path: Path, checked: date | None, elsewhere: Elsewhere
) -> None:
    given = contribution(answer(tmp_path, persons=(a_person(other_forces_checked=checked),)))

    assert given.reports_elsewhere is elsewhere


def test_its_own_row_is_stated_with_the_numbers_that_identify_it(tmp_path: Path) -> None:
    row = contribution(answer(tmp_path)).own_row

    assert row is not None
    assert (row.record, row.identifiers) == ("N1", (HIS_PNC,))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("1/1", FormalKind.HOMICIDE),
        ("004/01", FormalKind.HOMICIDE),
        ("2/0", FormalKind.ATTEMPTED_HOMICIDE),
        ("003/02", None),  # soliciting to murder
        ("008/06", None),
        (None, None),
    ],
)
def test_a_killing_among_the_offences_is_a_fact_of_record(
    tmp_path: Path, code: str | None, kind: FormalKind | None
) -> None:
    given = contribution(
        answer(tmp_path, reports=(a_report(1, "2026-02-10"),), offences=(an_offence(1, code),))
    )

    assert [each.formal.kind for each in given.findings if each.formal] == ([kind] if kind else [])


@pytest.mark.parametrize(("marker", "fires"), [("weapons", True), ("Firearms", True), ("violent", False)])
def test_a_marker_about_a_weapon_is_a_fact_of_record(tmp_path: Path, marker: str, fires: bool) -> None:
    given = contribution(answer(tmp_path, persons=(a_person(markers=(marker,)),)))

    assert [each.formal.kind for each in given.findings if each.formal] == [FormalKind.WEAPON] * fires


def test_a_person_who_asks_gets_each_outcome_without_its_reason(tmp_path: Path) -> None:
    """A reason can say that the victim did not support action: it is the victim's."""
    held(tmp_path, an_outcome("16"), an_outcome("Z9"))
    person = a_case().perpetrator
    assert person is not None
    items = told_about(person, police_records(records_in(tmp_path))).items

    outcomes = {each.record: each.says for each in items if each.kind == "outcome"}
    assert outcomes == {
        "D-16": "An outcome of this report was recorded: no further action.",
        "D-Z9": "An outcome of this report was recorded: code not understood.",
    }
