"""What needs whom today. Alarms come first, and are late by the clock alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, flow_acting
from engine.domain.cases.lifecycle import State
from engine.domain.cases.worklists import Worklist
from engine.domain.errors import ConflictError, InvalidInputError
from engine.domain.referrals.intake import AlarmAnswers, AlarmTopic, Referral
from engine.exchange.rows import ReferralRow, RowFault
from engine.services.cases import worklists
from engine.services.cases.lists import list_page
from engine.services.plans.lists import list_plans
from engine.services.referrals import imports as referral_imports
from engine.services.referrals import incidents, screening
from engine.services.system import outbox
from engine.store.repositories.due import AT_MOST
from engine.store.tables.access import ConnectionRow
from engine.store.tables.cases.involvements import AlarmRow
from engine.store.tables.plans import PlanRow
from tests.builders import (
    MONDAY,
    Desk,
    a_contribution,
    a_person,
    a_referral,
    a_screening,
    an_incident,
    ask_all,
    let_answer,
    with_toys,
)
from tests.many_cases import by_number, limit_parameters, named, store_cases, store_each

SWEEPER = flow_acting("keeping watch", "nobody")


def list_of(desk: Desk, acting: Acting) -> Worklist:
    return worklists.worklist(desk.context(acting))


def other(number: str, **changes: Any) -> Referral:
    return a_referral(
        number, perpetrator=a_person("Otto", f"P{number}"), victim=a_person("Vera", f"V{number}"), **changes
    )


def test_an_alarm_stands_first_however_late_it_came(desk: Desk) -> None:
    desk.refer(a_referral("1"))
    desk.clock.forward(timedelta(hours=5))
    alarm = desk.refer(other("2", alarms=(AlarmTopic.STRANGULATION,))).referrals[0]
    first = list_of(desk, desk.coordinator).items[0]
    assert (first.reference, first.is_alarm, first.is_overdue) == (alarm, True, False)
    assert first.why == "Strangulation."


def test_an_alarm_reaches_the_chair_when_its_hour_is_over_and_not_before(desk: Desk) -> None:
    desk.refer(a_referral(alarms=(AlarmTopic.WEAPON,)))
    desk.clock.forward(timedelta(minutes=60))
    assert not [item for item in list_of(desk, desk.chair).items if item.is_alarm]
    desk.clock.forward(timedelta(seconds=1))
    late = [item for item in list_of(desk, desk.chair).items if item.is_alarm]
    assert late
    assert late[0].is_overdue
    assert "It was not acknowledged in time." in late[0].why


def test_of_a_restricted_referral_the_chair_is_informed_at_once_and_of_another_not(desk: Desk) -> None:
    weapon = {"alarms": (AlarmTopic.WEAPON,)}
    hidden = desk.refer(other("1", party_works_for=YesNo.YES, **weapon)).referrals[0]
    desk.refer(other("2", **weapon))
    desk.clock.forward(timedelta(minutes=1))
    later = desk.refer(other("3", party_works_for=YesNo.YES)).referrals[0]
    screened = desk.refer(other("4", party_works_for=YesNo.YES)).referrals[0]
    screening.screen(desk.context(desk.chair), reference=screened, screening=a_screening())
    items = list_of(desk, desk.chair).items
    assert [item.reference for item in items if item.kind == "alarm"] == [hidden]
    assert [item.reference for item in items if item.kind == "screen"] == [hidden, later]


def test_the_coordinator_screens_what_is_not_screened_the_oldest_first(desk: Desk) -> None:
    first, second, third = desk.refer(other("1"), other("2"), other("3")).referrals
    desk.clock.forward(timedelta(hours=1))
    fourth = desk.refer(other("4")).referrals[0]
    screening.screen(desk.context(desk.coordinator), reference=second, screening=a_screening())
    found = [item for item in list_of(desk, desk.coordinator).items if item.kind == "screen"]
    assert [item.reference for item in found] == [first, third, fourth]
    assert found[-1].since == desk.clock.now()


def test_an_acknowledged_alarm_leaves_every_list_and_cannot_be_taken_by_a_second(desk: Desk) -> None:
    reference = desk.refer(a_referral(alarms=(AlarmTopic.WEAPON,))).referrals[0]
    screening.acknowledge_alarm(desk.context(desk.coordinator), reference=reference)
    with pytest.raises(ConflictError, match="cora recorded 'acknowledge' at"):
        screening.acknowledge_alarm(desk.context(desk.chair), reference=reference)
    desk.clock.forward(timedelta(hours=3))
    for acting in (desk.coordinator, desk.chair):
        assert not [item for item in list_of(desk, acting).items if item.is_alarm]
    with desk.runtime.uow.unrecorded() as work:
        assert work.alarms.of(reference).acknowledged_by == "cora"


def test_there_is_no_alarm_to_acknowledge_where_none_was_raised(desk: Desk) -> None:
    reference = desk.refer(a_referral()).referrals[0]
    with pytest.raises(InvalidInputError, match="nothing to acknowledge"):
        screening.acknowledge_alarm(desk.context(desk.coordinator), reference=reference)


def test_the_escalation_is_recorded_once(desk: Desk) -> None:
    reference = desk.refer(a_referral(alarms=(AlarmTopic.WEAPON,))).referrals[0]
    assert worklists.record_escalations(desk.context(SWEEPER)) == 0
    desk.clock.forward(timedelta(minutes=61))
    assert worklists.record_escalations(desk.context(SWEEPER)) == 1
    assert worklists.record_escalations(desk.context(SWEEPER)) == 0
    with desk.runtime.uow.unrecorded() as work:
        assert work.alarms.of(reference).escalated_at == desk.clock.now()


def test_a_rejected_row_with_an_alarm_is_an_alarm_until_somebody_sees_to_it(desk: Desk) -> None:
    fault = RowFault(
        row=7,
        column="referred_on",
        reason="this date does not exist",
        original="{}",
        alarms=(AlarmTopic.ENTRY,),
    )
    unreadable = RowFault(row=8, column=None, reason="too few cells", original="{}", alarms=None)
    harmless = RowFault(
        row=9, column="referred_on", reason="this date does not exist", original="{}", alarms=()
    )
    referral_imports.import_referrals(
        desk.context(desk.coordinator),
        rows=[fault, ReferralRow(row=2, referral=a_referral(), original="{}"), unreadable, harmless],
        file_digest="1" * 64,
    )
    alarms = [item for item in list_of(desk, desk.coordinator).items if item.is_alarm]
    assert [item.reference for item in alarms] == ["import 1, row 7", "import 1, row 8"]
    assert "its alarms are not known" in alarms[1].why
    referral_imports.deal_with_rejected_row(desk.context(desk.coordinator), import_id=1, row=7)
    alarms = [item for item in list_of(desk, desk.coordinator).items if item.is_alarm]
    assert [item.reference for item in alarms] == ["import 1, row 8"]


def test_the_first_line_says_so_when_no_runner_is_alive(desk: Desk) -> None:
    first = list_of(desk, desk.coordinator).first_line
    assert first is not None
    assert first.startswith("Requests and reminders have not started")
    outbox.sign_of_life(**desk.common)
    assert list_of(desk, desk.coordinator).first_line is None
    desk.clock.forward(timedelta(seconds=desk.runtime.settings.runner_is_dead_after_seconds + 1))
    again = list_of(desk, desk.coordinator).first_line
    assert again is not None
    assert "at 09:00 on 2 March" in again


def test_a_practitioner_sees_what_waits_for_release_and_not_what_waits_for_others(desk: Desk) -> None:
    workers = with_toys(desk)
    let_answer(desk, "lantern", a_contribution())
    reference = desk.refer(a_referral()).referrals[0]
    screening.screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    ask_all(desk, reference)
    assert [item.kind for item in list_of(desk, workers["lantern"]).items] == ["release"]
    assert list_of(desk, workers["harbour"]).items == ()


def test_the_coordinator_chases_what_is_overdue_and_what_failed(desk: Desk) -> None:
    with_toys(desk)
    let_answer(desk, "harbour", None)
    reference = desk.refer(a_referral()).referrals[0]
    screening.screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    ask_all(desk, reference)
    chased = {item.what for item in list_of(desk, desk.coordinator).items if item.kind == "chase"}
    assert chased == {"Chase harbour"}
    desk.clock.forward(timedelta(days=30))
    chased = {item.what for item in list_of(desk, desk.coordinator).items if item.kind == "chase"}
    assert chased == {"Chase harbour", "Chase lantern", "Chase voice"}


def test_the_daily_sweep_purges_rejected_rows_when_their_time_is_over(desk: Desk) -> None:
    fault = RowFault(row=7, column="reason", reason="it is blank", original="{}", alarms=())
    referral_imports.import_referrals(desk.context(desk.coordinator), rows=[fault], file_digest="2" * 64)
    sweep: dict[str, Any] = {"context": desk.context(SWEEPER)}
    assert worklists.daily_sweep(**sweep)["purged"] == 0
    desk.clock.forward(timedelta(days=desk.runtime.settings.rejected_rows_kept_days, seconds=1))
    assert worklists.daily_sweep(**sweep)["purged"] == 1
    assert referral_imports.rejected_rows(desk.context(desk.coordinator)) == ()


@pytest.mark.both("full")  # other tests have the same lists on PostgreSQL, shorter
def test_a_chair_has_a_worklist_beside_any_number_of_restricted_cases(desk: Desk) -> None:
    numbers = store_cases(desk, state=State.NOT_SCREENED, restricted=True)
    desk.runtime.due.derive_again(desk.runtime.uow, {"screen"})
    limit_parameters(desk)
    items = list_of(desk, desk.chair).items
    assert len([item for item in items if item.kind == "screen"]) == min(AT_MOST, len(numbers))
    assert list_of(desk, desk.coordinator).items == ()


@pytest.mark.both("full")  # other tests have the same lists on PostgreSQL, shorter
def test_any_number_of_plans_that_ask_for_approval_are_on_the_worklist(desk: Desk) -> None:
    numbers = store_cases(desk, state=State.DECIDED)
    plan = {
        "version": 1,
        "reason": "So.",
        "asks_approval": True,
        "action_refs": [],
        "by": "zhe",
        "at": MONDAY,
    }
    store_each(desk, PlanRow, numbers, ref=named("P"), involvement_id=by_number, **plan)
    desk.runtime.due.derive_again(desk.runtime.uow, {"complete plan"})  # it was stored past the unit of work
    limit_parameters(desk)
    items = list_of(desk, desk.coordinator).items
    assert len([item for item in items if item.kind == "complete plan"]) == AT_MOST < len(numbers)


@pytest.mark.parametrize("more", [False, True])
def test_a_count_that_stops_is_said_to_be_the_least_on_the_list_and_on_its_page(
    desk: Desk, more: bool
) -> None:
    number = AT_MOST if more else AT_MOST - 1
    store_cases(desk, state=State.NOT_SCREENED, number=number)
    desk.runtime.due.derive_again(desk.runtime.uow, {"screen"})
    page = worklists.worklist_page(desk.context(desk.coordinator))
    assert (page.total, page.or_more) == (number, more)
    assert {name: section.or_more for name, section in page.sections.items()} == {"task": more}
    assert page.or_more_than_can_wait is more
    whole = list_of(desk, desk.coordinator)
    assert (len(whole.items), whole.or_more) == (number, more)


def test_no_number_of_alarms_of_referrals_hides_one_of_a_later_report(desk: Desk) -> None:
    workers = with_toys(desk)
    (case,) = desk.refer(a_referral()).referrals
    named = a_screening(people=tuple(each.user for each in workers.values()))
    screening.screen(desk.context(desk.coordinator), reference=case, screening=named)
    numbers = store_cases(desk, state=State.NOT_SCREENED, number=AT_MOST)
    answers = AlarmAnswers(answers={AlarmTopic.WEAPON: YesNo.YES}).model_dump(mode="json")
    due = {"is_raised": True, "raised_at": MONDAY, "due_at": MONDAY}
    store_each(desk, AlarmRow, numbers, involvement_id=by_number, answers=answers, **due)
    desk.runtime.due.derive_again(desk.runtime.uow, {"alarm"})
    incidents.record_incident(
        desk.context(workers["lantern"]),
        reference=case,
        incident=an_incident("2026-03-02"),
        topics={AlarmTopic.WEAPON: YesNo.YES},
    )
    desk.clock.forward(timedelta(days=15))  # past the weeks of which alarms are read from the facts
    page = worklists.worklist_page(desk.context(desk.coordinator), at_once=AT_MOST + 1)
    assert page.section("alarm").total == AT_MOST + 1
    assert case in {item.reference for item in page.section("alarm").items}


@pytest.mark.both("full")  # other tests have the same lists on PostgreSQL, shorter
def test_what_does_not_exist_for_a_person_connected_to_any_number_of_parties_is_left_out(desk: Desk) -> None:
    (other_case,) = desk.refer(a_referral()).referrals
    numbers = store_cases(desk, state=State.NOT_SCREENED)
    said = {"is_connected": True, "said_by": "the chair", "why": "So.", "by": "zhe", "at": MONDAY}
    user = desk.coordinator.user
    store_each(desk, ConnectionRow, numbers, user_name=user, involvement_id=by_number, **said)
    limit_parameters(desk)
    assert [item.reference for item in list_of(desk, desk.coordinator).items] == [other_case]
    assert [row.reference for row in list_page(desk.context(desk.coordinator), count=None).rows] == [
        other_case
    ]
    assert list_plans(desk.context(desk.coordinator)).total == 0
