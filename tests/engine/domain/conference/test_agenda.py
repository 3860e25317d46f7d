"""The order of an agenda that is built in one step, and where "next" leads."""

from __future__ import annotations

from datetime import date
from typing import Any

from engine.domain.conference.agenda import (
    Agenda,
    AgendaItem,
    AgendaPart,
    CaseForAgenda,
    Deferral,
    ItemPlan,
    in_agenda_order,
    next_place,
    previous_place,
    twelve_months_passed,
)
from tests.builders import MONDAY


def a_case(reference: str, **changes: Any) -> CaseForAgenda:
    given: dict[str, Any] = {
        "part": AgendaPart.DECISION,
        "is_urgent": False,
        "has_children": False,
        "linked": frozenset(),
        "waits_since": date(2026, 2, 1),
        **changes,
    }
    return CaseForAgenda(reference, **given)


def order_of(*cases: CaseForAgenda) -> list[str]:
    return [case.reference for case in in_agenda_order(cases)]


def items(*deferred: int) -> dict[int, AgendaItem]:
    later = Deferral(because="No advocate yet.", until=date(2026, 4, 1), meanwhile="A police alarm.")
    return {
        number: AgendaItem(
            number=number,
            case=f"R-{number}",
            part=AgendaPart.DECISION,
            plan=ItemPlan(deferral=later if number in deferred else None),
            planned_by="chair",
            by="chair",
            at=MONDAY,
        )
        for number in (1, 2, 3)
    }


def test_actions_outstanding_come_first_then_urgent_then_childrens_then_those_that_wait_longest() -> None:
    assert order_of(
        a_case("year", part=AgendaPart.TWELVE_MONTHS),
        a_case("new"),
        a_case("waits", waits_since=date(2026, 1, 1)),
        a_case("child", has_children=True),
        a_case("urgent", is_urgent=True),
        a_case("actions", part=AgendaPart.OUTSTANDING),
    ) == ["actions", "urgent", "child", "waits", "new", "year"]


def test_linked_cases_are_taken_together_where_the_first_of_them_is() -> None:
    assert order_of(
        a_case("alone", waits_since=date(2026, 1, 15)),
        a_case("old", waits_since=date(2026, 1, 1), linked=frozenset({"new"})),
        a_case("new", linked=frozenset({"old"})),
    ) == ["old", "new", "alone"]


def test_what_is_linked_to_a_linked_case_is_taken_with_it() -> None:
    assert order_of(
        a_case("first", waits_since=date(2026, 1, 1), linked=frozenset({"second"})),
        a_case("alone", waits_since=date(2026, 1, 15)),
        a_case("second", linked=frozenset({"first", "third"})),
        a_case("third", linked=frozenset({"second"})),
    ) == ["first", "second", "third", "alone"]


def test_a_linked_case_of_another_part_stays_in_its_own() -> None:
    assert order_of(
        a_case("year", part=AgendaPart.TWELVE_MONTHS, linked=frozenset({"new"})),
        a_case("new", linked=frozenset({"year"})),
        a_case("other"),
    ) == ["new", "other", "year"]


def test_next_passes_over_a_deferred_item_and_ends_at_the_end() -> None:
    agenda = Agenda(version=1, order=(3, 1, 2))
    assert next_place(agenda, items(), after=None) == 3
    assert next_place(agenda, items(1), after=3) == 2
    assert next_place(agenda, items(), after=2) is None
    assert previous_place(agenda, items(1), before=2) == 3
    assert previous_place(agenda, items(), before=3) is None


def test_twelve_months_pass_with_the_day() -> None:
    assert twelve_months_passed(date(2025, 3, 2), on=date(2026, 3, 2))
    assert not twelve_months_passed(date(2025, 3, 3), on=date(2026, 3, 2))
