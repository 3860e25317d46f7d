"""Files of outcomes: each row is recorded whole or refused with its column; the same file changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.domain.outcomes.follow_up import Measure, OutcomeFound, OutcomeGiven
from engine.domain.referrals.intake import AlarmTopic
from engine.services.access import restrictions
from engine.services.cases import views as case_views
from engine.services.outcomes.follow_up import record_outcome
from engine.services.outcomes.imports import OutcomesImported, import_outcomes
from engine.services.referrals import screening
from tests.builders import Desk, a_referral, a_screening

HEADER = "case,measure,found,looked_until,against,happened,offence,order_breach,ended,ended_on,summary"
Import = Callable[..., OutcomesImported]


@pytest.fixture
def case(desk: Desk) -> str:
    reference = desk.refer(a_referral()).referrals[0]
    screening.screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    desk.clock.forward(timedelta(days=400))
    return reference


@pytest.fixture
def given(desk: Desk, tmp_path: Path) -> Import:
    def of(
        *rows: str, by: Acting | None = None, agency: str = "police", header: str = HEADER
    ) -> OutcomesImported:
        file = tmp_path / "outcomes.csv"
        file.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
        return import_outcomes(desk.context(by or desk.coordinator), path=file, agency=agency)

    return of


def row(case: str, **cells: str) -> str:
    act = {"against": "same victim", "happened": "09/01/2027", "offence": "195/94", "order_breach": "no"}
    found = {"measure": "recorded crime", "found": "further stalking", "looked_until": "01/03/2027"}
    filled = {"case": case, **found, **act, **cells}
    return ",".join(filled.get(name, "") for name in HEADER.split(","))


NONE = {"found": "none found", "against": "", "happened": "", "offence": "", "order_breach": ""}


def reasons(imported: OutcomesImported) -> dict[int, tuple[str, ...]]:
    return {each.row: each.reasons for each in imported.refused}


def test_valid_rows_are_recorded_and_the_same_file_again_changes_nothing(
    desk: Desk, case: str, given: Import
) -> None:
    rows = (
        row(case),
        row(
            case,
            measure="Proven reoffending",
            found="none found",
            against="",
            happened="",
            offence="",
            order_breach="",
        ),
    )
    first = given(*rows)
    assert (first.accepted, first.unchanged, first.refused) == (2, 0, ())
    again = given(*rows)
    assert (again.accepted, again.unchanged, again.refused) == (0, 2, ())
    outcomes = case_views.view_case(desk.context(desk.coordinator), reference=case).outcomes
    assert [(each.measure, each.found) for each in outcomes] == [
        (Measure.RECORDED, OutcomeFound.FURTHER_STALKING),
        (Measure.PROVEN, OutcomeFound.NONE_FOUND),
    ]
    assert (outcomes[0].agency, outcomes[0].harm, outcomes[0].is_order_breach) == ("police", 10, False)
    assert outcomes[0].looked_in == ("police",)


def test_a_row_at_fault_costs_no_other_and_names_its_column(case: str, given: Import) -> None:
    found = given(
        row(case, happened="31/02/2027"),
        row(case, measure="arrests", found=""),
        row(case, offence="999/99"),
        row(case, against=""),
        row(case, happened="01/01/2090"),
        row("R-2222222"),
        row("nonsense"),
        row(case, summary="=1+1"),
        row(case),
        row(case),
    )
    said = reasons(found)
    assert found.accepted == 1
    assert sorted(said) == [2, 3, 4, 5, 6, 7, 8, 9, 11]
    assert said[2][0].startswith("happened: ")
    assert [each.split(":")[0] for each in said[3]] == ["measure", "found"]
    assert said[4] == (
        "offence: the table of offences does not hold its code; give another, or leave the offence out",
    )
    assert said[5] == ("further stalking needs 'against' and 'happened'",)
    assert "future" in said[6][0]
    assert said[7] == ("case: no case that is open to you has this reference; check it",)
    assert said[9] == ("summary: begins like a formula; begin with a letter",)
    assert said[11] == ("the same outcome as row 10; remove one",)
    assert not any("arrests" in reason or "nonsense" in reason for each in said.values() for reason in each)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("case,measure,found", "no column looked_until"),
        (f"{HEADER},happend", "not a column of outcomes"),
        (f"{HEADER},case", "case is in 2 columns"),
    ],
)
def test_a_file_without_its_columns_is_refused_whole(
    case: str, given: Import, header: str, words: str
) -> None:
    with pytest.raises(InvalidInputError, match=words):
        given(row(case), header=header)


def test_a_file_without_rows_is_refused(given: Import) -> None:
    with pytest.raises(InvalidInputError, match="no outcomes"):
        given()


def test_a_workbook_is_read_with_its_own_dates(desk: Desk, case: str, tmp_path: Path) -> None:
    from datetime import date

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Case", "Measure", "Found", "Looked until"])
    sheet.append([case, "recorded crime", "none found", date(2027, 3, 1)])
    sheet.cell(row=2, column=4).number_format = "dd/mm/yyyy"
    book.save(tmp_path / "outcomes.xlsx")
    found = import_outcomes(desk.context(desk.coordinator), path=tmp_path / "outcomes.xlsx", agency="police")
    assert (found.accepted, found.refused) == (1, ())
    (outcome,) = case_views.view_case(desk.context(desk.coordinator), reference=case).outcomes
    assert str(outcome.looked_until) == "2027-03-01"


def test_only_an_agencys_own_people_and_coordinators_import_its_outcomes(
    desk: Desk, case: str, given: Import
) -> None:
    with pytest.raises(NotPermittedError):
        given(row(case), by=desk.add("hal", Role.PRACTITIONER, "health"))
    with pytest.raises(NotPermittedError):
        given(row(case), by=desk.add("max", Role.MANAGER))
    with pytest.raises(InvalidInputError, match="no agency has this code"):
        given(row(case), agency="nobody-here")


def test_a_case_that_is_not_open_reads_like_one_that_does_not_exist(
    desk: Desk, case: str, given: Import
) -> None:
    restrictions.restrict(desk.context(desk.chair), reference=case, why="A colleague.")
    found = given(row(case), row("R-2222222"), by=desk.add("cyd", Role.COORDINATOR))
    assert reasons(found)[2] == reasons(found)[3]


def test_a_topic_in_a_column_and_an_order_breach_are_alarms_once_and_a_blank_is_not_asked(
    desk: Desk, case: str, given: Import
) -> None:
    def alarms() -> list[tuple[str, ...]]:
        view = case_views.view_case(desk.context(desk.coordinator), reference=case)
        return [alarm.raised for alarm in view.alarms_since]

    header = f"{HEADER},alarm_weapon,alarm_entry"
    blank, no = f"{row(case)},,", f"{row(case, happened='10/01/2027')},no,"
    assert given(blank, no, header=header).accepted == 2
    assert alarms() == []
    knife, breach = row(case, happened="11/01/2027"), row(case, happened="12/01/2027", order_breach="yes")
    for accepted in (2, 0):
        imported = given(f"{knife},yes,not known", f"{breach},,", header=header)
        assert imported.accepted == accepted
        assert alarms() == [(AlarmTopic.BREACH,), (AlarmTopic.WEAPON,)]
    refused = given(f"{row(case, happened='13/01/2027')},maybe,", header=header)
    assert reasons(refused) == {2: ("alarm_weapon: not yes, no or not known",)}


def test_a_corrected_breach_is_an_alarm_only_if_it_was_none_before(desk: Desk, case: str) -> None:
    def recorded(*, is_breach: bool, replaces: str | None = None) -> str:
        outcome = {
            "measure": "recorded crime",
            "found": "further stalking",
            "against": "same victim",
            "happened": "2027-01-09",
            "looked_until": "2027-03-01",
            "is_order_breach": is_breach,
            "replaces": replaces,
            "says": "He was at the gate.",
        }
        context = desk.context(desk.coordinator)
        return record_outcome(context, reference=case, outcome=OutcomeGiven.model_validate(outcome))

    def alarms() -> int:
        return len(case_views.view_case(desk.context(desk.chair), reference=case).alarms_since)

    first = recorded(is_breach=False)
    assert alarms() == 0
    second = recorded(is_breach=True, replaces=first)
    assert alarms() == 1
    recorded(is_breach=True, replaces=second)
    assert alarms() == 1
