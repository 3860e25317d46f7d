"""A gap is the same sentence on the list, the worklist, the case, its orders, the card and files."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.worklists import WorkItem, written
from engine.domain.orders.orders import OrderAct
from engine.domain.orders.protection import Applies
from engine.services.access.restrictions import restrict
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.orders.export import export_orders
from engine.services.orders.gaps_waiting import gap_lines
from engine.services.orders.listing import list_orders
from engine.services.orders.reading import orders_on_case, view_order
from engine.services.orders.recording import join_case
from engine.services.referrals.screening import name_people, screen
from engine.store.tables.due import DueRow
from tests.builders import Desk, a_screening
from tests.dashboard.visits import referred, screened
from tests.differential import statements_of
from tests.due_rows import lines as due_lines
from tests.engine.services.orders.test_stories import create, lines, move, on_case, step

SENTENCE = "30 March to 2 April: no order on this record applies; others may exist: ask."
GAP, TO_WORK_OUT = "no order applies", "gap to work out"


@pytest.fixture
def case(desk: Desk) -> str:
    return screened(desk)


def an_interim_order_that_ended(desk: Desk, case: str) -> str:
    """Served on 2 March for 28 days, of an application that is heard on 3 April; today is 30 March."""
    main = create(desk, case, act="sought", on="2026-03-02", made=None, years=None, conditions=[])
    interim = create(desk, case, type="interim-spo", years=None, days=28, interim_to=main)
    step(desk, interim, OrderAct.SERVED, "2026-03-02", how="in person")
    step(desk, main, OrderAct.HEARING, "2026-04-03")
    move(desk, "2026-03-30")
    return interim


def on_each_page(desk: Desk, case: str) -> dict[str, str]:
    """What each page, list and paper has of the gap of a case, by name."""
    context = desk.context(desk.chair)
    there = orders_on_case(context, reference=case)
    return {
        "orders list": " ".join(line.date.counts for line in list_orders(context).gaps),
        "worklist": " ".join(item.why for item in lines(desk, GAP)),
        "orders of the case": there.applies_today.sentence,
        "card for police": there.card.gap or "",
        "case": view_case(context, reference=case).orders_gap or "",
        "table of dates": export_orders(context, form="csv").content.decode("utf-8-sig"),
    }


def test_a_gap_begins_the_day_after_and_is_the_same_sentence_on_every_page_until_an_order_applies(
    desk: Desk, case: str
) -> None:
    interim = an_interim_order_that_ended(desk, case)
    pages = on_each_page(desk, case)
    assert {name for name, shown in pages.items() if SENTENCE not in shown} == set()
    (line,) = list_orders(desk.context(desk.chair)).gaps
    assert (line.order, line.cases, line.date.gap_days) == (interim, (case,), 4)
    today = view_order(desk.context(desk.chair), order=interim).applies_today
    assert (today.answer, today.days, today.last) == (Applies.NO, 4, date(2026, 4, 2))
    move(desk, "2026-04-10")
    pages = on_each_page(desk, case)
    assert {name for name, shown in pages.items() if "Since 30 March" not in shown} == set()
    full = create(desk, case, made="2026-04-10", replaces_interim=interim)
    assert all(f"{full} is not served" in shown for shown in on_each_page(desk, case).values())
    step(desk, full, OrderAct.SERVED, "2026-04-10", how="at court")
    pages = on_each_page(desk, case)
    assert not [name for name, shown in pages.items() if "no order on this record" in shown]
    assert on_case(desk, case).applies_today.answer is Applies.YES


def test_before_the_gap_the_order_that_ends_before_its_hearing_says_so_unless_another_applies_then(
    desk: Desk, case: str
) -> None:
    an_interim_order_that_ended(desk, case)
    move(desk, "2026-03-20")
    assert [
        line.date.gap_days for line in list_orders(desk.context(desk.chair)).lines if line.date.gap_days
    ] == [4]
    create(desk, case, type="court-bail", made="2026-03-20", years=None, ends="2026-04-20")
    page = list_orders(desk.context(desk.chair))
    assert not page.gaps
    assert not [line for line in page.lines if line.date.gap_days]


def test_a_line_about_a_gap_is_before_all_but_alarms_and_a_victim_who_was_not_reached(
    desk: Desk, case: str
) -> None:
    an_interim_order_that_ended(desk, case)
    assert due_lines(desk, desk.chair, GAP), "the rows agree with the facts"
    first: WorkItem = worklist(desk.context(desk.chair)).items[0]
    assert (first.kind, first.is_overdue) in {(GAP, True), ("victim not reached", True)}
    rest = [item.kind for item in worklist(desk.context(desk.chair)).items if not item.is_alarm]
    assert rest.index(GAP) == rest.count("victim not reached")


def test_of_an_order_of_two_cases_each_has_its_own_gap_by_what_its_reader_can_open(
    desk: Desk, case: str
) -> None:
    other = screened(desk, "2")
    interim = an_interim_order_that_ended(desk, case)
    join_case(desk.context(desk.chair), order=interim, reference=other)
    assert {line.cases for line in list_orders(desk.context(desk.chair)).gaps} == {(case,), (other,)}
    create(desk, other, type="court-bail", made="2026-03-30", years=None, ends="2026-04-20")
    assert {line.cases for line in list_orders(desk.context(desk.chair)).gaps} == {(case,)}
    assert [item.reference for item in due_lines(desk, desk.chair, GAP)] == [case]
    assert view_order(desk.context(desk.chair), order=interim).applies_today.is_gap
    second = desk.add("second", Role.COORDINATOR)
    assert [line.cases for line in list_orders(desk.context(second)).gaps] == [(case,)]
    restrict(desk.context(desk.chair), reference=case, why="So.")
    assert list_orders(desk.context(second)).gaps == ()
    assert not due_lines(desk, second, GAP)
    assert not view_order(desk.context(second), order=interim).applies_today.is_gap


def test_the_lines_of_gaps_read_no_more_of_the_other_cases_than_whether_they_are_open(
    desk: Desk, case: str
) -> None:
    an_interim_order_that_ended(desk, case)
    assert [item.reference for item in lines(desk, GAP)] == [case]
    with desk.runtime.uow.unrecorded() as work, statements_of(desk) as statements:
        (found,) = gap_lines(work, desk.chair, desk.clock)
        (line,) = found.first(50)
        written([line])
    assert any("involvement.state" in each for each in statements)
    assert not [each for each in statements if "triage_outcome" in each]


def rows(desk: Desk) -> dict[str, list[str]]:
    """By kind what the rows of gaps are about."""
    with desk.runtime.uow.unrecorded() as work:
        found = work.due._session.execute(select(DueRow).where(col(DueRow.kind).in_([GAP, TO_WORK_OUT])))
        by_kind: dict[str, list[str]] = {}
        for row in found.scalars():
            by_kind.setdefault(row.kind, []).append(row.about)
        return by_kind


def gaps_of_each(desk: Desk, *readers: Acting) -> list[set[str]]:
    return [{line.reference for line in due_lines(desk, reader, GAP)} for reader in readers]


def test_in_an_episode_of_two_cases_each_reader_has_the_gaps_of_the_cases_that_they_see(
    desk: Desk, case: str
) -> None:
    """Of an order on the other case who is named on this one alone does not know."""
    first_only = desk.add("first-only", Role.PRACTITIONER, agency="harbour")
    name_people(desk.context(desk.coordinator), reference=case, people=(first_only.user,))
    an_interim_order_that_ended(desk, case)
    other = referred(desk, "2")
    (offer,) = view_case(desk.context(desk.coordinator), reference=other).offers
    joined = a_screening(same_episode_as=offer.episode)
    screen(desk.context(desk.coordinator), reference=other, screening=joined)
    assert rows(desk) == {GAP: ["gap 2026-03-30"], TO_WORK_OUT: ["orders"]}, (
        "each reader sees the first alike"
    )
    assert gaps_of_each(desk, desk.chair, first_only) == [{case, other}, {case}]
    create(desk, other, type="court-bail", made="2026-03-30", years=None, ends="2026-04-20")
    assert rows(desk) == {GAP: ["gap 2026-04-21"], TO_WORK_OUT: ["orders"]}, "the other sees its own alike"
    assert gaps_of_each(desk, desk.chair, first_only) == [set(), {case}]
    move(desk, "2026-04-21")
    assert gaps_of_each(desk, desk.chair, first_only) == [{case, other}, {case}]
    create(desk, case, type="court-bail", made="2026-04-21", years=None, ends="2026-05-20")
    assert gaps_of_each(desk, desk.chair, first_only) == [set(), set()]


def test_a_notification_that_is_overdue_stays_after_its_order_ended_with_its_consequence(
    desk: Desk, case: str
) -> None:
    interim = an_interim_order_that_ended(desk, case)
    for day in ("2026-03-30", "2026-04-02", "2026-04-09", "2027-04-09"):
        move(desk, day)
        (late,) = [item for item in lines(desk) if "must notify police" in item.what]
        assert "is an offence (SPA 2019 s.11)." in late.why
        (line,) = [each for each in list_orders(desk.context(desk.chair)).lines if each.date.missed]
        assert (line.order, line.date.day) == (interim, date(2026, 3, 4))
    step(desk, interim, OrderAct.NOTIFIED, "2026-04-09")
    assert not [item for item in lines(desk) if "must notify police" in item.what]
    assert not [each for each in list_orders(desk.context(desk.chair)).lines if each.date.missed]


def test_a_calendar_that_is_shared_does_not_say_that_no_order_protects(desk: Desk, case: str) -> None:
    an_interim_order_that_ended(desk, case)
    calendar = export_orders(desk.context(desk.chair), form="ics").content.decode()
    assert "applies" not in calendar
    assert "BEGIN:VEVENT" in calendar
