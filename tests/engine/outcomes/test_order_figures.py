"""Orders by stage: each is counted once, in the furthest one, and a small table is hidden."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from engine.domain.orders.orders import OrderAct, Relation, StoredOrder, StoredStep
from engine.domain.orders.stages import (
    REACHED,
    REACHED_WITH_BREACHES,
    AfterService,
    OrderCounted,
    OrderGroup,
    OrderStage,
    first_of_copies,
    furthest,
    is_copy,
    stage_of,
)
from engine.domain.outcomes.tables import FigureTable
from engine.outcomes.figure_tables import shown
from engine.outcomes.order_figures import (
    Happened,
    Since,
    after_service,
    after_service_table,
    checked_for_all,
    orders_table,
)

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def an_order(
    *acts: OrderAct, earlier: tuple[tuple[Relation, str], ...] = (), reference: str = "PO-7K3M9QV"
) -> StoredOrder:
    """An order with these steps."""
    steps = tuple(
        StoredStep(
            number=number,
            case="R-7K3M9QV",
            act=act,
            on=date(2026, 3, 2),
            given=None,
            by="chair",
            at=AT,
        )
        for number, act in enumerate(acts, start=1)
    )
    return StoredOrder(
        reference=reference,
        type="spo",
        cases=("R-7K3M9QV",),
        steps=steps,
        earlier=earlier,
        by="chair",
        at=AT,
    )


@pytest.mark.parametrize(
    ("acts", "stage"),
    [
        ([OrderAct.CONSIDERED], OrderStage.CONSIDERED),
        ([OrderAct.CONSIDERED, OrderAct.NOT_SOUGHT], OrderStage.NOT_SOUGHT),
        ([OrderAct.CONSIDERED, OrderAct.NOT_SOUGHT, OrderAct.CONSIDERED], OrderStage.CONSIDERED),
        ([OrderAct.SOUGHT, OrderAct.HEARING], OrderStage.SOUGHT),
        ([OrderAct.SOUGHT, OrderAct.INTERIM], OrderStage.SOUGHT),
        ([OrderAct.SOUGHT, OrderAct.REFUSED, OrderAct.APPEALED], OrderStage.REFUSED),
        ([OrderAct.SOUGHT, OrderAct.WITHDRAWN], OrderStage.WITHDRAWN),
        ([OrderAct.SOUGHT, OrderAct.MADE, OrderAct.SERVICE_TRIED], OrderStage.GRANTED),
        ([OrderAct.MADE, OrderAct.SERVED, OrderAct.DISCHARGED], OrderStage.SERVED),
    ],
)
def test_an_order_is_in_the_furthest_stage_also_when_its_content_was_erased(
    acts: list[OrderAct], stage: OrderStage
) -> None:
    assert stage_of(an_order(*acts)) is stage


def test_a_likely_breach_is_not_a_breach() -> None:
    served = an_order(OrderAct.MADE, OrderAct.SERVED)
    assert stage_of(served, is_likely_breached=True) is OrderStage.LIKELY_BREACH
    assert stage_of(served, is_likely_breached=True, is_breached=True) is OrderStage.BREACH


def test_a_variation_is_a_copy_and_an_order_that_replaces_an_interim_one_is_not() -> None:
    assert is_copy(an_order(OrderAct.MADE, earlier=((Relation.VARIES, "PO-2"),)))
    assert not is_copy(an_order(OrderAct.MADE, earlier=((Relation.REPLACES_INTERIM, "PO-2"),)))


def test_each_order_is_in_one_row_and_each_stage_of_the_funnel_has_all_later_ones() -> None:
    table = orders_table([OrderCounted(stage=stage, cases=("R-1",)) for stage in OrderStage])
    assert [row.count for row in table.rows] == [1] * len(OrderStage)
    assert table.whole == len(OrderStage)
    assert [len(stages) for stages in REACHED.values()] == [9, 7, 4, 3]
    wanted = list(REACHED_WITH_BREACHES.values())
    assert all(later < earlier for earlier, later in pairwise(wanted))
    assert [table.sum_of({stage.value for stage in stages}) for stages in wanted] == [9, 7, 4, 3, 2, 1]


def test_copies_of_copies_are_the_protection_of_the_first_and_count_by_the_furthest_stage() -> None:
    renewal = an_order(OrderAct.MADE, earlier=((Relation.RENEWS, "PO-2"),), reference="PO-3")
    copy = an_order(OrderAct.MADE, earlier=((Relation.VARIES, "PO-1"),), reference="PO-2")
    full = an_order(OrderAct.MADE, earlier=((Relation.REPLACES_INTERIM, "PO-1"),), reference="PO-4")
    assert first_of_copies([renewal, copy, full]) == {"PO-2": "PO-1", "PO-3": "PO-1", "PO-4": "PO-4"}
    assert furthest([OrderStage.SERVED, OrderStage.BREACH, OrderStage.GRANTED]) is OrderStage.BREACH


SERVED = date(2025, 3, 2)
CHECKED = date(2026, 3, 1)
"""The last date of the 12 months that begin with service."""


def on(first: str, last: str | None = None) -> Happened:
    return Happened(date.fromisoformat(first), date.fromisoformat(last or first))


@pytest.mark.parametrize(
    ("since", "result"),
    [
        (Since(checked_until=CHECKED), AfterService.NONE),
        (Since(checked_until=date(2026, 2, 28)), AfterService.UNKNOWN),
        (Since(), AfterService.UNKNOWN),
        (Since(incidents=[on("2025-03-03")]), AfterService.INCIDENT),
        (Since(incidents=[on("2026-03-01")]), AfterService.INCIDENT),
        (Since(incidents=[on("2026-03-02")], checked_until=CHECKED), AfterService.NONE),
        (Since(incidents=[on("2025-03-01")], checked_until=CHECKED), AfterService.NONE),
        (Since(incidents=[on("2025-03-02")], checked_until=CHECKED), AfterService.UNKNOWN),
        (Since(incidents=[on("2025-03-01", "2025-03-31")], checked_until=CHECKED), AfterService.UNKNOWN),
        (Since(incidents=[on("2025-06-01")], reported=[on("2025-07-01")]), AfterService.REPORTED),
        (Since(incidents=[on("2025-06-01")], reported=[on("2026-07-01")]), AfterService.INCIDENT),
        (Since(reported=[on("2025-06-01")], confirmed=[on("2025-07-01")]), AfterService.BREACH),
        (
            Since(incidents=[on("2025-06-01")], confirmed=[on("2026-02-01", "2026-03-31")]),
            AfterService.UNKNOWN,
        ),
        (Since(checked_until=date(2025, 9, 1), ended=date(2025, 9, 1)), AfterService.ENDED),
        (Since(checked_until=date(2025, 8, 31), ended=date(2025, 9, 1)), AfterService.UNKNOWN),
        (Since(checked_until=CHECKED, ended=date(2026, 9, 1)), AfterService.NONE),
    ],
)
def test_what_followed_is_said_only_where_it_is_known(since: Since, result: AfterService) -> None:
    assert after_service(SERVED, since, today=date(2026, 3, 2)) is result
    assert after_service(SERVED, since, today=date(2026, 3, 1)) is AfterService.AT_RISK


def test_what_followed_is_of_served_orders_and_few_cases_with_many_orders_show_nothing() -> None:
    def many(cases: int) -> FigureTable:
        return after_service_table(
            [
                OrderCounted(
                    stage=OrderStage.SERVED,
                    cases=(f"R-{number % cases}",),
                    group=OrderGroup.FULL,
                    followed=result,
                )
                for result in (AfterService.NONE, AfterService.INCIDENT)
                for number in range(40)
            ]
            + [OrderCounted(stage=OrderStage.GRANTED, cases=("R-1",), group=OrderGroup.FULL)]
        )

    assert many(40).whole == 80
    assert sorted(row.count for row in shown(many(40)).rows if row.count) == [40, 40], "nought is joined"
    assert {row.count for row in shown(many(3)).rows} == {None}


def test_a_table_of_few_cases_shows_no_count_and_one_of_many_does() -> None:
    few = orders_table([OrderCounted(stage=OrderStage.SERVED, cases=("R-1",))] * 40)
    assert {row.count for row in shown(few).rows} == {None}
    stages = (OrderStage.SERVED, OrderStage.NOT_SOUGHT)
    many = orders_table([OrderCounted(stage=each, cases=(f"R-{n}",)) for n in range(40) for each in stages])
    assert {row.levels[0]: row.count for row in shown(many).rows}[OrderStage.SERVED.value] == 40


@pytest.mark.parametrize(
    ("searches", "until"),
    [
        ([[CHECKED]], CHECKED),
        ([[date(2025, 9, 1), CHECKED]], CHECKED),
        ([[CHECKED], [date(2025, 9, 1)]], date(2025, 9, 1)),
        ([[CHECKED], []], None),
        ([], None),
    ],
    ids=[
        "one case",
        "the newer search",
        "the case that was checked less far",
        "a case without a check",
        "none",
    ],
)
def test_an_order_of_several_cases_is_checked_as_far_as_each_of_them(
    searches: list[list[date]], until: date | None
) -> None:
    assert checked_for_all(searches) == until
