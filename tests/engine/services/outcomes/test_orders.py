"""Orders counted for a release: once with their copies, by the furthest stage, none of a restricted case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from engine.domain.orders.breaches import ReviewAct
from engine.domain.orders.stages import AfterService, OrderCounted, OrderGroup, OrderStage
from engine.services.access.restrictions import restrict
from engine.services.orders.recording import join_case, vary_order
from engine.services.outcomes.orders import orders_counted
from engine.services.outcomes.process import process_figures
from engine.services.outcomes.releases import work_read
from tests.builders import Desk, a_person, a_referral
from tests.engine.services.orders.test_breaches import an_order, answer, only, report
from tests.engine.services.orders.test_stories import given

NEVER_SOUGHT: dict[str, Any] = {
    "act": "considered",
    "made": None,
    "years": None,
    "conditions": [],
    "is_served": False,
}


def two_cases(desk: Desk) -> tuple[str, str]:
    respondent, victim = a_person("Otto", "Vane"), a_person("Ida", "Holm")
    other = a_referral("other", perpetrator=respondent, victim=victim, incidents=())
    one, two = desk.refer(a_referral(incidents=()), other).referrals
    return one, two


def counted(desk: Desk, *cases: str) -> tuple[OrderCounted, ...]:
    with desk.runtime.uow.unrecorded() as work:
        return orders_counted(work, {*cases}, on=desk.clock.today())


def test_an_order_moves_from_served_to_a_likely_breach_to_a_breach(desk: Desk) -> None:
    case, _ = two_cases(desk)
    an_order(desk, case)
    assert [each.stage for each in counted(desk, case)] == [OrderStage.SERVED]
    report(desk, case)
    assert [each.stage for each in counted(desk, case)] == [OrderStage.LIKELY_BREACH]
    answer(desk, only(desk, case).reference, ReviewAct.REJECTED)
    assert [each.stage for each in counted(desk, case)] == [OrderStage.SERVED]
    answer(desk, only(desk, case).reference, ReviewAct.CONFIRMED)
    assert [each.stage for each in counted(desk, case)] == [OrderStage.BREACH]


def test_a_breach_of_a_variation_is_one_of_the_order_that_it_varies(desk: Desk) -> None:
    case, _ = two_cases(desk)
    order = an_order(desk, case)
    terms = given(
        made="2026-02-10", in_effect="2026-02-10", conditions=[{"code": "no-contact", "means": ["any means"]}]
    )
    vary_order(desk.context(desk.chair), order=order, given=terms, why="The respondent moved.")
    report(desk, case, "2026-02-20")
    (found,) = counted(desk, case)
    assert (found.stage, found.cases) == (OrderStage.LIKELY_BREACH, (case,))


def test_an_order_of_two_cases_is_counted_once_and_a_restricted_case_is_in_none(desk: Desk) -> None:
    case, other = two_cases(desk)
    order = an_order(desk, case)
    join_case(desk.context(desk.chair), order=order, reference=other)
    an_order(desk, other, **NEVER_SOUGHT)
    both = {(OrderStage.SERVED, (case, other)), (OrderStage.CONSIDERED, (other,))}
    assert {(each.stage, each.cases) for each in counted(desk, case, other)} == both
    assert [each.cases for each in counted(desk, case)] == [(case,)]
    restrict(desk.context(desk.chair), reference=other, why="A party works here.")
    with desk.runtime.uow.unrecorded() as work:
        read = work_read(
            work, received_by=desk.clock.today(), at=desk.clock.now(), settings=desk.runtime.settings
        )
    assert [(each.stage, each.cases) for each in read.orders] == [(OrderStage.SERVED, (case,))]


def test_what_followed_is_of_the_year_from_service_with_its_incidents_and_checks(desk: Desk) -> None:
    case, _ = two_cases(desk)
    an_order(desk, case)
    (order,) = counted(desk, case)
    assert (order.group, order.followed) == (OrderGroup.FULL, AfterService.AT_RISK)
    desk.clock.forward(timedelta(days=400))
    assert [each.followed for each in counted(desk, case)] == [AfterService.UNKNOWN]
    report(desk, case, "2026-04-01")
    assert [each.followed for each in counted(desk, case)] == [AfterService.REPORTED], "it is a likely breach"
    answer(desk, only(desk, case).reference, ReviewAct.REJECTED)
    assert [each.followed for each in counted(desk, case)] == [AfterService.INCIDENT]
    answer(desk, only(desk, case).reference, ReviewAct.CONFIRMED)
    assert [each.followed for each in counted(desk, case)] == [AfterService.BREACH]
    report(desk, case, "2026")
    assert [each.followed for each in counted(desk, case)] == [AfterService.BREACH]


def test_exact_figures_of_today_have_the_table_of_orders(desk: Desk) -> None:
    case, _ = two_cases(desk)
    an_order(desk, case)
    table = next(
        each for each in process_figures(desk.context(desk.chair)).tables if each.name == "orders_stage"
    )
    assert {row.levels[0]: row.count for row in table.rows if row.count} == {OrderStage.SERVED.value: 1}
