"""Dates of orders as recorded: each with its rule, and never "not due" for a clock without its start."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.domain.orders.clocks import ClockState
from engine.domain.orders.dates import DateKind, OrderDate
from engine.domain.orders.orders import OrderAct, OrderTerms, Relation, StepGiven, StoredOrder, StoredStep
from engine.orders.on_record import dates_of, last_day_by_rule, span_of, uncovered_days

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
VICTIM = {"is_victim": True, "case": "R-7K3M9QV"}


def a_step(number: int, act: OrderAct, on: str, **given: object) -> StoredStep:
    made = StepGiven.model_validate({"act": act, "on": on, **given})
    return StoredStep(number=number, case="R-7K3M9QV", act=act, on=made.on, given=made, by="chair", at=AT)


def an_order(*later: tuple[OrderAct, str], kind: str = "spo", **terms: object) -> StoredOrder:
    facts = {"type": kind, "made": "2026-03-02", "protected": [VICTIM], **terms}
    first = a_step(1, OrderAct.MADE, "2026-03-02", terms=OrderTerms.model_validate(facts).model_dump())
    how = {OrderAct.SERVED: {"how": "in person"}, OrderAct.DISCHARGED: {"why": "The court did."}}
    steps = [a_step(n, act, on, **how.get(act, {})) for n, (act, on) in enumerate(later, start=2)]
    return StoredOrder(
        reference="PO-7K3M9QV", type=kind, cases=("R-7K3M9QV",), steps=(first, *steps), by="chair", at=AT
    )


def dated(order: StoredOrder, what: str, *, on: str = "2026-03-02", **given: object) -> OrderDate:
    found = dates_of(order, on=date.fromisoformat(on), **given)  # type: ignore[arg-type]
    return next(each for each in found if each.what.startswith(what))


def whats(order: StoredOrder, *, on: str = "2026-03-02") -> list[str]:
    return [each.what for each in dates_of(order, on=date.fromisoformat(on))]


def test_before_service_the_clock_has_no_date_and_is_awaited() -> None:
    awaited = dated(an_order(years=2), "Awaiting service")
    assert (awaited.kind, awaited.day) == (DateKind.AWAITING, None)
    assert awaited.answer is not None
    assert awaited.answer.state is ClockState.AWAITING
    assert "Respondent must notify police" not in whats(an_order(years=2))


def test_a_type_that_is_not_served_awaits_nothing() -> None:
    assert not [w for w in whats(an_order(kind="court-bail", ends="2026-06-01")) if "service" in w]


@pytest.mark.parametrize(
    ("kind", "served", "last"),
    [("spo", "2026-03-20", date(2026, 3, 22)), ("dapo", "2026-03-20", date(2026, 3, 4))],
)
def test_the_first_notification_starts_with_service_or_with_making(
    kind: str, served: str, last: date
) -> None:
    order = an_order((OrderAct.SERVED, served), kind=kind, years=2 if kind == "spo" else None)
    assert dated(order, "Respondent must notify police").day == last


def test_a_domestic_abuse_order_is_exempt_while_a_stalking_order_runs_and_not_the_other_way() -> None:
    spo = an_order((OrderAct.SERVED, "2026-03-02"), years=2)
    dapo = an_order(kind="dapo")
    assert dated(dapo, "Respondent must notify police", others=(spo,)).day == date(2028, 3, 3)
    assert dated(spo, "Respondent must notify police", others=(dapo,)).day == date(2026, 3, 4)
    moved = an_order((OrderAct.MOVED, "2026-03-09"), kind="dapo")
    change = dated(moved, "Respondent must notify police of a new home address", others=(spo,))
    assert (change.day, change.answer and change.answer.state) == (None, ClockState.NO_CLOCK)


@pytest.mark.parametrize(
    ("served", "moved", "last"),
    [
        ("2026-06-01", "2026-03-09", date(2026, 3, 11)),
        ("2026-06-01", "2026-05-31", date(2026, 6, 2)),
        ("2026-06-01", "2026-06-01", None),
        ("2026-03-02", "2026-06-01", None),
    ],
    ids=["before that duty began", "on the date before", "on its first date", "while it runs"],
)
def test_a_duty_that_began_later_exempts_from_no_change_before_it(
    served: str, moved: str, last: date | None
) -> None:
    spo = an_order((OrderAct.SERVED, served), years=2)
    dapo = an_order((OrderAct.MOVED, moved), kind="dapo")
    change = dated(
        dapo, "Respondent must notify police of a new home address", on="2026-07-01", others=(spo,)
    )
    assert change.day == last


def test_a_duty_that_has_ended_since_did_exempt_from_changes_while_it_ran() -> None:
    spo = an_order((OrderAct.SERVED, "2026-03-02"), years=2)
    dapo = an_order((OrderAct.MOVED, "2026-06-01"), kind="dapo")
    change = dated(
        dapo, "Respondent must notify police of a new home address", on="2029-01-01", others=(spo,)
    )
    assert (change.day, change.is_late(on=date(2029, 1, 1))) == (None, False)


def test_a_first_notification_that_was_due_before_the_other_duty_began_stays_due() -> None:
    spo = an_order((OrderAct.SERVED, "2026-06-01"), years=2)
    assert dated(an_order(kind="dapo"), "Respondent must notify police", others=(spo,)).day == date(
        2026, 3, 4
    )


@pytest.mark.parametrize(
    ("act", "what", "spo", "dapo"),
    [
        (
            OrderAct.NAME_USED,
            "Respondent must notify police of a new name",
            "SPA 2019 s.9(3)",
            "DAA 2021 s.41(4)",
        ),
        (
            OrderAct.MOVED,
            "Respondent must notify police of a new home address",
            "SPA 2019 s.9(4)",
            "DAA 2021 s.41(5)",
        ),
        (OrderAct.NO_HOME, "Respondent must notify police of having no home", None, "DAA 2021 s.41(6)"),
    ],
)
def test_a_change_starts_a_clock_of_three_days(act: OrderAct, what: str, spo: str | None, dapo: str) -> None:
    for kind, rests_on in (("spo", spo), ("dapo", dapo)):
        order = an_order((act, "2026-03-07"), kind=kind, years=2 if kind == "spo" else None)
        if rests_on is None:
            assert what not in whats(order)
            continue
        found = dated(order, what)
        assert (found.day, found.rests_on, found.done_on) == (date(2026, 3, 9), rests_on, None)
        done = an_order((act, "2026-03-07"), (OrderAct.NOTIFIED, "2026-03-08"), kind=kind)
        assert dated(done, what).done_on == date(2026, 3, 8)


def test_a_notice_is_heard_within_48_hours_less_the_days_disregarded() -> None:
    notice = an_order(kind="dapn", made=None, given_at="2026-03-13T20:00")
    found = dated(notice, "Court hears")
    assert found.at == datetime.fromisoformat("2026-03-16T20:00")
    assert "Sunday 15 March 2026: disregarded, Sunday" in found.counted


def test_lawyers_differ_over_26_december_2026_and_the_earlier_time_is_shown() -> None:
    notice = an_order(kind="dapn", made=None, given_at="2026-12-24T18:00")
    found = dated(notice, "Court hears", on="2026-12-24")
    assert found.at == datetime.fromisoformat("2026-12-29T18:00")
    assert found.lawyers_differ
    assert not dated(an_order((OrderAct.SERVED, "2026-03-02"), years=2), "Respondent must").lawyers_differ


@pytest.mark.parametrize(
    ("made", "last"),
    [
        ("2025-03-15", date(2027, 3, 14)),
        ("2024-02-29", date(2026, 2, 28)),
        ("2025-12-31", date(2027, 12, 30)),
    ],
)
def test_two_years_begin_with_the_day_made(made: str, last: date) -> None:
    assert last_day_by_rule(an_order(made=made, years=2)) == last


def test_bail_ends_by_its_months_and_other_types_end_as_typed() -> None:
    bail = an_order(kind="police-bail", made="2025-11-30", arrested="2025-11-30", months=3)
    ends = dated(bail, "Ends", on="2025-12-01")
    assert (ends.day, ends.rests_on, ends.is_checked) == (date(2026, 2, 28), "PACE 1984 ss.47ZA-47ZDA", True)
    typed = dated(an_order(kind="non-molestation", ends="2026-09-01"), "Ends")
    assert (typed.day, typed.is_checked) == (date(2026, 9, 1), False)
    assert typed.counts.startswith("As typed, not checked by software")


def test_a_type_whose_rule_is_off_has_no_clock_and_keeps_its_typed_end() -> None:
    order = an_order(kind="spo-conviction", ends="2028-03-01")
    span = span_of(order)
    assert span is not None
    assert not span.is_checked
    assert "Dates not checked by software" in span.said
    assert dated(order, "Ends").day == date(2028, 3, 1)


def test_until_further_order_has_no_end_and_no_date_of_renewal() -> None:
    order = an_order((OrderAct.SERVED, "2026-03-02"), until_further_order=True)
    assert last_day_by_rule(order) is None
    assert whats(order, on="2026-04-01") == ["Respondent must notify police"]


def test_a_discharge_and_a_successor_end_an_order_earlier() -> None:
    order = an_order((OrderAct.DISCHARGED, "2026-05-04"), years=2)
    assert order.last_day(last_day_by_rule(order)) == date(2026, 5, 4)
    varied = replace(an_order(years=2), successors=((Relation.VARIES, "PO-2H4N8RX", date(2026, 5, 4)),))
    assert varied.last_day(last_day_by_rule(varied)) == date(2026, 5, 3)


def test_days_between_orders_are_without_one_and_days_before_the_first_are_not_counted() -> None:
    spans = [
        span_of(an_order(kind="court-bail", made="2026-03-10", ends="2026-06-09")),
        span_of(an_order(kind="non-molestation", made="2026-07-02", ends="2027-07-01")),
    ]
    there = tuple(span for span in spans if span is not None)
    assert uncovered_days(there, until=date(2026, 11, 26)) == ((date(2026, 6, 10), date(2026, 7, 1)),)
    next_to = span_of(an_order(kind="non-molestation", made="2026-06-10", ends="2027-07-01"))
    assert next_to is not None
    assert uncovered_days((there[0], next_to), until=date(2026, 11, 26)) == ()


def test_a_hearing_on_record_ends_the_wait_for_it() -> None:
    facts = {"kind": "dapn", "made": None, "given_at": "2026-03-02T20:00"}
    assert dated(an_order(**facts), "Court hears", on="2026-03-05").is_open  # type: ignore[arg-type]
    heard = an_order((OrderAct.HEARING, "2026-03-04"), **facts)  # type: ignore[arg-type]
    assert dated(heard, "Court hears", on="2026-03-03").is_open
    assert dated(heard, "Court hears", on="2026-03-05").done_on == date(2026, 3, 4)


def test_a_hearing_that_is_recorded_twice_is_one_date_and_another_day_is_another() -> None:
    days = ("2026-03-09", "2026-03-04", "2026-03-04")
    order = an_order(*((OrderAct.HEARING, day) for day in days))
    hearings = [each.day for each in dates_of(order, on=date(2026, 3, 2)) if each.kind is DateKind.HEARING]
    assert hearings == [date(2026, 3, 4), date(2026, 3, 9)]


def test_for_a_list_what_is_done_or_far_ahead_is_left_out_and_what_asks_for_something_stays() -> None:
    steps = (OrderAct.SERVED, "2026-03-02"), (OrderAct.MOVED, "2026-03-05")
    order = an_order(*steps, (OrderAct.NOTIFIED, "2026-03-06"), years=2)
    today = date(2026, 3, 20)
    assert [each.what for each in dates_of(order, on=today)] == [
        "Respondent must notify police",
        "Respondent must notify police of a new home address",
        "Ask whether to seek a renewal",
        "Ends",
    ]
    assert dates_of(order, on=today, open_until=date(2026, 4, 20)) == ()
    late = an_order(*steps, years=2)
    listed = dates_of(late, on=today, open_until=date(2026, 4, 20))
    assert [each.what for each in listed] == [
        "Respondent must notify police",
        "Respondent must notify police of a new home address",
    ]
    ending = dates_of(order, on=today, open_until=date(2028, 1, 10))
    assert [each.what for each in ending] == ["Ask whether to seek a renewal", "Ends"]
    assert ending == tuple(each for each in dates_of(order, on=today) if each.is_open)
