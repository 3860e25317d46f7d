"""Notices that wait: for the advocate until the victim is reached, for the desk once they press."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.orders.notices import AttemptGiven, NoticeEvent, NoticeGiven, Through
from engine.domain.orders.orders import OrderAct
from engine.services.orders.notices import record_notice, try_notice
from engine.services.vault.access_requests import name_safe_contact
from tests.builders import Desk, with_toys
from tests.dashboard.visits import screened
from tests.due_rows import lines
from tests.engine.services.orders.test_stories import create, move, step

TO_INFORM, NOT_REACHED = "inform victim", "victim not reached"


@pytest.fixture
def workers(desk: Desk) -> dict[str, Acting]:
    return with_toys(desk)


@pytest.fixture
def case(desk: Desk, workers: dict[str, Acting]) -> str:
    reference = screened(desk)
    notice = NoticeGiven(event=NoticeEvent.ARREST, on=desk.clock.today())
    record_notice(desk.context(desk.chair), reference=reference, notice=notice)
    return reference


def kinds(desk: Desk, acting: Acting) -> list[str]:
    return [each.kind for kind in (TO_INFORM, NOT_REACHED) for each in lines(desk, acting, kind)]


def tried(desk: Desk, acting: Acting, case: str, *, reached: bool) -> None:
    attempt = AttemptGiven(
        reached=reached,
        through=Through.ADVOCATE,
        on=desk.clock.today(),
        at_time="09:30",
        why_not=None if reached else "No reply.",
    )
    try_notice(desk.context(acting), reference=case, number=1, attempt=attempt)


def test_a_notice_waits_for_the_advocate_and_for_the_desk_once_its_time_is_over(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    assert kinds(desk, workers["voice"]) == [TO_INFORM]
    assert kinds(desk, desk.chair) == kinds(desk, workers["harbour"]) == []
    desk.clock.forward(timedelta(hours=14, minutes=59))  # to 23:59 of a winter's day, the last minute
    assert kinds(desk, workers["voice"]) == [TO_INFORM]
    assert kinds(desk, desk.chair) == []
    desk.clock.forward(timedelta(minutes=1))
    assert kinds(desk, workers["voice"]) == kinds(desk, desk.chair) == [NOT_REACHED]
    assert kinds(desk, workers["harbour"]) == []
    tried(desk, workers["voice"], case, reached=True)
    assert kinds(desk, workers["voice"]) == kinds(desk, desk.chair) == []


def test_an_attempt_that_did_not_reach_the_victim_is_at_once_the_desk_s(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    tried(desk, workers["voice"], case, reached=False)
    assert kinds(desk, workers["voice"]) == kinds(desk, desk.coordinator) == [NOT_REACHED]
    (line,) = lines(desk, desk.chair, NOT_REACHED)
    assert (line.what, line.is_overdue) == ("Inform the victim (not reached safely): arrest", False)


def test_a_notice_waits_for_the_safe_contact_officer_of_its_case(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    name_safe_contact(desk.context(desk.chair), reference=case, user=workers["harbour"].user)
    assert kinds(desk, workers["harbour"]) == [TO_INFORM]
    assert kinds(desk, workers["lantern"]) == []


def test_what_orders_ask_on_any_day_is_a_row_of_their_case_and_of_two_cases_is_worked_out(
    desk: Desk, case: str
) -> None:
    main = create(desk, case, act="sought", on="2026-03-02", made=None, years=None, conditions=[])
    interim = create(desk, case, type="interim-spo", years=None, days=28, interim_to=main)
    step(desk, main, OrderAct.HEARING, "2026-04-03")
    assert {each.what.partition(":")[0] for each in lines(desk, desk.chair, "order")} == {f"Order {interim}"}
    hearing = f"Order {main}: hearing"
    for day, is_asked in (("2026-03-26", False), ("2026-03-27", True), ("2026-04-03", True)):
        move(desk, day)
        assert (hearing in [each.what for each in lines(desk, desk.chair, "order")]) is is_asked
    move(desk, "2026-04-04")
    assert lines(desk, desk.chair, "order") == ()
    other = screened(desk, "2")
    both = create(desk, case, protected=[{}, {"victim_of": other}])
    ((of_both,),) = ([each for each in lines(desk, desk.chair, "order") if both in each.what],)
    assert of_both.what == f"Order {both}: awaiting service, 33 days"
    step(desk, both, OrderAct.SERVED, "2026-04-04", how="in person")
    assert [each.what for each in lines(desk, desk.chair, "order")] == [
        f"Order {both}: respondent must notify police"
    ]
