"""Figures of victims' outcomes, of the work and of equity: exact tables, and every silence named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.domain.absence import ItemState
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.outcomes.described import Characteristic, DescriptionGiven
from engine.domain.outcomes.process import Offered, ProcessCase, RequestMade, ResponseKind, Timing
from engine.domain.outcomes.tables import FigureTable
from engine.domain.outcomes.victims import Agreed, Moment, Topic, VictimOutcomeGiven
from engine.domain.plans.actions import ActionStatus
from engine.domain.plans.lists import Wishes
from engine.outcomes.equity_figures import equity_tables
from engine.outcomes.figure_tables import shown
from engine.outcomes.process_figures import process_days, process_tables
from engine.outcomes.victims_figures import Accounts, victims_tables

MONDAY = date(2026, 3, 2)


def entry(moment: Moment, agreed: Agreed = Agreed.GIVEN, **answers: str) -> VictimOutcomeGiven:
    given: dict[str, object] = {"moment": moment, "agreed": agreed, "asked_on": "2026-03-01"}
    if agreed is Agreed.GIVEN:
        given["answers"] = answers or {"safety": "unsafe"}
    return VictimOutcomeGiven.model_validate(given)


def victim(before: str, after: str) -> Accounts:
    return {
        Moment.INTAKE: entry(Moment.INTAKE, safety=before),
        Moment.EXIT: entry(Moment.EXIT, safety=after),
    }


def counted(table: FigureTable) -> dict[tuple[str, ...], int | None]:
    return {row.levels: row.count for row in table.rows if row.count}


def by_name(tables: tuple[FigureTable, ...]) -> dict[str, FigureTable]:
    assert len({table.name for table in tables}) == len(tables)
    return {table.name: table for table in tables}


def test_a_change_counts_victims_one_by_one_and_the_silent_are_in_none() -> None:
    cases = [
        *[victim("unsafe", "safe")] * 12,
        *[victim("safe", "unsafe")] * 10,
        *[victim("safe", "safe")] * 11,
        *[victim("unsafe", "not asked")] * 13,
        {Moment.INTAKE: entry(Moment.INTAKE), Moment.EXIT: entry(Moment.EXIT, Agreed.NOT_ENGAGING)},
        {Moment.INTAKE: entry(Moment.INTAKE)},
        {},
    ]
    tables = by_name(victims_tables(cases))
    change = tables["victims_change"]
    assert change.whole == 46
    assert {levels[1]: count for levels, count in counted(change).items() if levels[0] == "safety"} == {
        "better": 12,
        "worse": 10,
        "same": 11,
        "no answer at both": 13,
    }
    fear = {levels[1]: count for levels, count in counted(change).items() if levels[0] == "fear"}
    assert fear == {"no answer at both": 46}
    asked = counted(tables["victims_asked"])
    assert asked["exit", "not engaging"] == 1
    assert asked["exit", "no entry"] == 2
    assert asked["intake", "no entry"] == 1
    assert shown(change).is_hidden, "46 of 48 at intake would show 2 that have no exit"
    assert not shown(victims_tables(cases[:46])[1]).is_hidden


def test_answers_and_changes_of_life_are_of_those_who_were_asked() -> None:
    with_changes = entry(Moment.INTAKE).model_copy(update={"had_to_change": ()})
    home = VictimOutcomeGiven.model_validate(
        {**entry(Moment.INTAKE).model_dump(), "had_to_change": ["home", "home", "children's school or care"]}
    )
    cases: list[Accounts] = [{Moment.INTAKE: each} for each in (with_changes, home, entry(Moment.INTAKE))]
    tables = by_name(victims_tables(cases))
    assert tables["victims_had_to_change_intake"].whole == 2
    assert counted(tables["victims_had_to_change_intake"]) == {
        ("home",): 1,
        ("children's school or care",): 1,
    }
    answers = counted(tables["victims_answers_intake"])
    assert answers["safety", "unsafe"] == 3
    assert answers["fear", "not asked"] == 3


def a_case(number: int = 1, **changes: object) -> ProcessCase:
    case = ProcessCase(
        reference=f"case {number}",
        received_on=MONDAY,
        screened_on=MONDAY + timedelta(days=1),
        triage=TriageOutcome.CONFERENCE,
        conference_on=MONDAY + timedelta(days=11),
        requests=(RequestMade(Timing.IN_TIME, ResponseKind.CONTRIBUTION),),
        items={ItemState.UNKNOWN: 2, ItemState.PRESENT: 1},
        actions=((ActionStatus.DONE, False), (ActionStatus.IN_PROGRESS, True)),
        has_dissent=False,
        offered=Offered.ACCEPTED,
        wishes=Wishes.FOLLOWED,
    )
    return replace(case, **changes)  # type: ignore[arg-type]


def test_times_are_of_cases_that_came_so_far() -> None:
    cases = [a_case(n) for n in range(40)]
    waiting = [a_case(n, conference_on=None) for n in range(40, 80)]
    new = [a_case(n, screened_on=None, triage=None, conference_on=None) for n in range(80, 120)]
    to_screening, to_conference, in_all = process_days([*cases, *waiting, *new])
    assert (to_screening.cases, to_screening.median, to_screening.upper_quartile) == (80, 1, 1)
    assert (to_conference.cases, to_conference.median) == (40, 10)
    assert (in_all.cases, in_all.lower_quartile) == (40, 11)
    tables = by_name(process_tables([*cases, *waiting, *new]))
    assert counted(tables["process_conference"]) == {
        ("was in conference",): 40,
        ("waiting for conference",): 40,
        ("not sent to conference",): 40,
    }
    assert counted(tables["process_screening"])[("not screened yet",)] == 40


def test_every_kind_of_silence_has_its_own_row() -> None:
    kinds = [RequestMade(Timing.OVERDUE, ResponseKind.NONE), RequestMade(Timing.LATE, ResponseKind.REFUSED)]
    kinds += [
        RequestMade(Timing.IN_TIME, ResponseKind.NIL_RETURN),
        RequestMade(Timing.OVERDUE, ResponseKind.FAILED),
    ]
    case = a_case(requests=tuple(kinds), has_dissent=None, wishes=None, offered=Offered.NOT_RECORDED)
    tables = by_name(process_tables([case, a_case(2, has_dissent=True, wishes=Wishes.DEPARTED)]))
    assert counted(tables["process_responses"]) == {
        ("no response",): 1,
        ("refused",): 1,
        ("nil return",): 1,
        ("failed",): 1,
        ("contribution",): 1,
    }
    assert counted(tables["process_timing"])[("overdue without response",)] == 2
    assert counted(tables["process_dissent"]) == {("with dissent",): 1, ("no decision yet",): 1}
    assert counted(tables["process_wishes"]) == {("departed from",): 1, ("no plan yet",): 1}
    assert counted(tables["process_advocate"]) == {("not recorded",): 1, ("accepted",): 1}
    assert counted(tables["process_items"]) == {("unknown",): 4, ("present",): 2}
    assert counted(tables["process_actions"]) == {("open and overdue",): 2, ("done",): 2}


def described(agreed: Agreed = Agreed.GIVEN, **characteristics: str) -> DescriptionGiven:
    return DescriptionGiven.model_validate(
        {"agreed": agreed, "asked_on": "2026-03", "characteristics": characteristics}
    )


def test_not_asked_prefer_not_to_say_not_known_refused_and_no_description_are_five_levels() -> None:
    given = {
        "case 1": described(sex="female"),
        "case 2": described(sex="prefer not to say"),
        "case 3": described(sex="not known"),
        "case 4": described(),
        "case 5": described(Agreed.NOT_ENGAGING),
        "case 6": described(Agreed.REFUSED),
        "case 7": described(Agreed.WITHDRAWN),
    }
    tables = equity_tables(Characteristic.SEX, [a_case(n) for n in range(1, 9)], given)
    assert counted(tables[0]) == {
        ("female",): 1,
        ("prefer not to say",): 1,
        ("not known",): 1,
        ("not asked",): 2,
        ("did not agree to be described",): 2,
        ("no description recorded",): 1,
    }
    assert counted(by_name(tables)["equity_sex_advocate"])["female", "accepted an advocate"] == 1


@pytest.mark.parametrize("characteristic", Characteristic)
def test_a_table_of_equity_has_one_characteristic_and_no_agency(characteristic: Characteristic) -> None:
    for table in equity_tables(characteristic, [a_case()], {}):
        named = set(table.dimensions) & {each.value for each in Characteristic}
        assert named == {characteristic.value}
        assert len(table.dimensions) <= 2
        assert "agency" not in " ".join(table.dimensions)


def test_every_topic_has_a_question_and_four_answers() -> None:
    for topic in Topic:
        assert topic.question
        assert len(set(topic.answers)) == 4


def test_a_table_beside_another_does_not_show_how_few_have_no_plan_yet() -> None:
    planned = [a_case(n, wishes=wishes) for n, wishes in enumerate([Wishes.FOLLOWED, Wishes.DEPARTED] * 10)]
    waiting = [a_case(n, wishes=None) for n in range(20, 40)]
    new = [
        a_case(n, triage=TriageOutcome.ADVICE, conference_on=None, has_dissent=None, wishes=None)
        for n in range(40, 80)
    ]
    far = by_name(process_tables([*planned, *waiting, *new]))["process_wishes"]
    assert not shown(far).is_hidden
    near = by_name(process_tables([*planned, *waiting[:3], *new]))["process_wishes"]
    assert shown(near).is_hidden
