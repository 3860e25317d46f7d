"""Stories of orders: from considered to renewed, an interim that lapses, a variation, two courts, a child."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.orders.dates import DateKind
from engine.domain.orders.notices import NoticeEvent
from engine.domain.orders.orders import OrderAct, OrderGiven, OrderState, StepGiven
from engine.domain.orders.views import TEXT_WITHHELD, OrdersOnCase, OrderView
from engine.orders.rules import order_types
from engine.orders.terms import fields_of
from engine.services.access.restrictions import restrict
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.orders.listing import list_orders
from engine.services.orders.reading import orders_on_case, view_order
from engine.services.orders.recording import create_order, join_case, make_order, record_step, vary_order
from engine.services.rights import retention
from tests.builders import Desk, a_person, a_referral, an_incident, with_toys
from tests.engine.services.rights.test_retention import decided, ended

NO_CONTACT = {"code": "no-contact", "means": ["any means"]}


@pytest.fixture
def case(desk: Desk) -> str:
    (reference,) = desk.refer(a_referral()).referrals
    return reference


@pytest.fixture
def other(desk: Desk) -> str:
    """A case of two other people."""
    respondent, victim = a_person("Otto", "Vane"), a_person("Ida", "Holm")
    (reference,) = desk.refer(a_referral("other", perpetrator=respondent, victim=victim)).referrals
    return reference


def given(**changes: object) -> OrderGiven:
    """A full order made on 2 March 2026 for two years."""
    facts: dict[str, object] = {"type": "spo", "made": "2026-03-02", "years": 2, "conditions": [NO_CONTACT]}
    return OrderGiven.model_validate({**facts, **changes})


def create(desk: Desk, case: str, **changes: object) -> str:
    return create_order(desk.context(desk.chair), reference=case, given=given(**changes)).reference


def step(desk: Desk, order: str, act: OrderAct, on: str, **changes: object) -> None:
    facts = {"act": act.value, "on": on, **changes}
    record_step(desk.context(desk.chair), order=order, step=StepGiven.model_validate(facts))


def seen(desk: Desk, order: str, by: Acting | None = None) -> OrderView:
    return view_order(desk.context(by or desk.chair), order=order)


def on_case(desk: Desk, case: str) -> OrdersOnCase:
    return orders_on_case(desk.context(desk.chair), reference=case)


def lines(desk: Desk, kind: str = "order") -> list[WorkItem]:
    return [item for item in worklist(desk.context(desk.chair)).items if item.kind == kind]


def move(desk: Desk, day: str) -> None:
    desk.clock.move_to(datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=UTC))


def test_from_considered_to_served_to_renewed(desk: Desk, case: str) -> None:
    order = create(desk, case, act="considered", made=None, years=None, conditions=[])
    assert seen(desk, order).state is OrderState.CONSIDERED
    step(desk, order, OrderAct.SOUGHT, "2026-03-02")
    step(desk, order, OrderAct.HEARING, "2026-03-09")
    assert [d.kind for d in seen(desk, order).dates] == [DateKind.HEARING]
    move(desk, "2026-03-09")
    make_order(desk.context(desk.chair), order=order, given=given(made="2026-03-09"))
    assert seen(desk, order).state is OrderState.GRANTED
    awaited = next(d for d in seen(desk, order).dates if d.kind is DateKind.AWAITING)
    assert awaited.day is None
    assert "service" in awaited.counts
    step(desk, order, OrderAct.SERVED, "2026-03-09", how="in person", at_time="08:05")
    there = seen(desk, order)
    assert there.state is OrderState.SERVED
    assert there.last_day == date(2028, 3, 8)
    notify = next(d for d in there.dates if d.what == "Respondent must notify police")
    assert notify.day == date(2026, 3, 11)
    assert notify.counted == (
        "Monday 9 March 2026: day 1",
        "Tuesday 10 March 2026: day 2",
        "Wednesday 11 March 2026: day 3",
    )
    assert notify.rests_on == "SPA 2019 s.9(1)"
    assert "s.9(5)" in (notify.changed_by or "")
    step(desk, order, OrderAct.NOTIFIED, "2026-03-09")
    assert next(
        d for d in seen(desk, order).dates if d.what == "Respondent must notify police"
    ).done_on == date(2026, 3, 9)
    move(desk, "2028-02-20")
    renewal = vary_order(
        desk.context(desk.chair),
        order=order,
        given=given(made="2028-02-20", in_effect="2028-03-01"),
        why="The risk continues.",
        is_renewal=True,
    ).reference
    assert seen(desk, order).state is OrderState.SERVED, "its successor is not in effect yet"
    assert seen(desk, order).applies
    move(desk, "2028-03-01")
    assert seen(desk, order).state is OrderState.RENEWED
    assert not seen(desk, order).applies
    assert seen(desk, renewal).applies


def test_an_interim_order_lapses_before_its_hearing(desk: Desk, case: str) -> None:
    main = create(desk, case, act="sought", on="2026-03-02", made=None, years=None, conditions=[])
    interim = create(desk, case, type="interim-spo", years=None, days=28, interim_to=main)
    step(desk, main, OrderAct.HEARING, "2026-04-03")
    assert seen(desk, main).state is OrderState.INTERIM
    page = list_orders(desk.context(desk.chair), ahead_days=40)
    first = page.lines[0]
    assert (first.order, first.date.kind, first.date.gap_days) == (interim, DateKind.EXPIRES, 4)
    assert first.date.day == date(2026, 3, 29)
    gap = [item for item in lines(desk) if "4 days without an order" in item.why]
    assert len(gap) == 1
    move(desk, "2026-03-30")
    assert seen(desk, interim).state is OrderState.EXPIRED
    assert not on_case(desk, case).current


def test_an_interim_order_that_ends_on_the_day_before_its_hearing_leaves_no_gap(
    desk: Desk, case: str
) -> None:
    main = create(desk, case, act="sought", on="2026-03-02", made=None, years=None, conditions=[])
    create(desk, case, type="interim-spo", years=None, days=28, interim_to=main)
    step(desk, main, OrderAct.HEARING, "2026-03-30")
    assert all(not line.date.gap_days for line in list_orders(desk.context(desk.chair)).lines)


def test_a_full_order_ends_the_interim_order_and_starts_no_new_notification(desk: Desk, case: str) -> None:
    interim = create(desk, case, type="interim-spo", years=None, days=60)
    step(desk, interim, OrderAct.SERVED, "2026-03-02", how="at court")
    move(desk, "2026-03-20")
    full = create(desk, case, made="2026-03-20", replaces_interim=interim)
    step(desk, full, OrderAct.SERVED, "2026-03-20", how="at court")
    first = next(d for d in seen(desk, full).dates if d.what == "Respondent must notify police")
    assert first.day is None
    assert "replaces an interim order" in first.counts
    assert seen(desk, interim).last_day == date(2026, 3, 19)
    assert not seen(desk, interim).applies


def test_a_variation_leaves_its_predecessor_in_force_until_it_is_in_effect(desk: Desk, case: str) -> None:
    order = create(desk, case)
    step(desk, order, OrderAct.SERVED, "2026-03-02", how="in person")
    stay_out = {"code": "stay-out", "zone": {"description": "Marlow Crescent and the park"}}
    varied = vary_order(
        desk.context(desk.chair),
        order=order,
        given=given(in_effect="2026-03-10", conditions=[NO_CONTACT, stay_out]),
        why="The respondent waited in the park.",
    ).reference
    assert [view.reference for view in on_case(desk, case).current] == [order]
    move(desk, "2026-03-09")
    assert seen(desk, order).applies
    move(desk, "2026-03-10")
    assert [view.reference for view in on_case(desk, case).current] == [varied]
    assert seen(desk, order).state is OrderState.VARIED
    assert seen(desk, varied).steps[0].why == "The respondent waited in the park."
    with pytest.raises(InvalidInputError, match="follows it already"):
        vary_order(desk.context(desk.chair), order=order, given=given(), why="Again.")


def test_two_courts_orders_contradict_each_other(desk: Desk, case: str) -> None:
    create(desk, case)
    letters = {**NO_CONTACT, "exceptions": ["letters about arrangements for children"]}
    create(desk, case, type="non-molestation", years=None, ends="2027-03-01", conditions=[letters])
    (found,) = on_case(desk, case).contradictions
    assert found.next == "Contradiction: raise with the court."
    assert "letters about arrangements for children" in found.one_says + found.other_says


def test_two_stalking_protection_orders_contradict_each_other_with_the_section(desk: Desk, case: str) -> None:
    create(desk, case)
    create(desk, case, conditions=[{**NO_CONTACT, "exceptions": ["through a solicitor"]}])
    (found,) = on_case(desk, case).contradictions
    assert "s.2(7)" in found.next


def test_orders_that_allow_the_same_do_not_contradict_each_other(desk: Desk, case: str) -> None:
    create(desk, case)
    create(desk, case, type="non-molestation", years=None, ends="2027-03-01")
    assert on_case(desk, case).contradictions == ()


def test_a_child_respondent_is_marked(desk: Desk, case: str) -> None:
    order = create(desk, case, respondent_age=15)
    assert seen(desk, order).is_of_child
    assert on_case(desk, case).card.respondent == "a child"
    with pytest.raises(InvalidInputError, match=r"s\.22\(6\)"):
        create(desk, case, type="dapn", made=None, years=None, given_at="2026-03-01T20:00", respondent_age=17)


def test_a_protected_person_who_is_not_the_victim_is_sealed(desk: Desk, case: str) -> None:
    mia = {"is_victim": False, "name": "Mia Farrow-Lane", "is_child": True}
    order = create(desk, case, protected=[{}, mia])
    there = seen(desk, order)
    assert [person.is_victim for person in there.protected] == [True, False]
    assert "Mia" not in there.model_dump_json()
    assert "Farrow" not in on_case(desk, case).model_dump_json()
    step(desk, order, OrderAct.DISCHARGED, "2026-03-02", why="Mia Farrow-Lane moved abroad.")
    coordinator = seen(desk, order, by=desk.coordinator)
    assert "Mia" not in coordinator.model_dump_json()
    assert "[protected]" in (coordinator.steps[-1].why or "")


def test_a_zone_is_sealed_and_the_public_text_reveals_nothing(desk: Desk, case: str) -> None:
    zone = {
        "description": "Tarn Hill estate, ZZ99 4AB",
        "latitude": 51.5,
        "longitude": -0.1,
        "radius_metres": 300,
    }
    hours = [{"days": ["Monday", "Tuesday"], "begins": "08:15", "ends": "15:45"}]
    order = create(desk, case, conditions=[{"code": "stay-out", "zone": zone, "hours": hours}])
    there = seen(desk, order)
    assert there.conditions[0].is_sealed
    assert there.conditions[0].where.startswith("Sealed")
    said = there.model_dump_json() + on_case(desk, case).model_dump_json()
    for secret in ("Tarn", "ZZ99", "51.5", "300"):
        assert secret not in said
    assert there.public_text == (
        "Stalking protection order, made on 2 Mar 2026, to 1 Mar 2028. Conditions: Stay out of an area."
    )
    for secret in ("08:15", "Monday"):
        assert secret not in there.public_text


def test_the_case_says_how_many_orders_are_in_force(desk: Desk, case: str) -> None:
    def orders() -> str:
        return view_case(desk.context(desk.chair), reference=case).orders

    assert orders() == "not recorded"
    order = create(desk, case)
    assert orders() == "1 current"
    step(desk, order, OrderAct.DISCHARGED, "2026-03-02", why="The court discharged it.")
    move(desk, "2026-03-03")
    assert orders() == "none current that is recorded"


def events(desk: Desk, case: str) -> list[NoticeEvent]:
    return [notice.event for notice in on_case(desk, case).notices]


def test_an_order_that_is_only_considered_does_not_apply(desk: Desk, case: str) -> None:
    create(desk, case, act="considered", on="2026-03-02", made=None, years=None, in_effect="2026-03-02")
    there = on_case(desk, case)
    assert not there.current
    assert there.card.is_empty
    assert there.orders[0].span is None


def test_an_order_that_is_made_for_two_victims_serves_both_cases_and_informs_both(
    desk: Desk, case: str, other: str
) -> None:
    order = create(desk, case, act="sought", on="2026-03-02", made=None, years=None, conditions=[])
    both = given(protected=[{}, {"victim_of": other}])
    make_order(desk.context(desk.chair), order=order, given=both)
    assert [view.reference for view in on_case(desk, other).current] == [order]
    step(desk, order, OrderAct.SERVED, "2026-03-02", how="in person")
    for each in (case, other):
        assert sorted(events(desk, each)) == [NoticeEvent.MADE, NoticeEvent.SERVED]


def test_an_order_cannot_be_made_for_the_victim_of_a_case_that_is_closed(
    desk: Desk, case: str, other: str
) -> None:
    restrict(desk.context(desk.chair), reference=other, why="So.")
    order = create(desk, case, act="sought", on="2026-03-02", made=None, years=None, conditions=[])
    both = given(protected=[{}, {"victim_of": other}])
    with pytest.raises(NotFoundError):
        make_order(desk.context(desk.coordinator), order=order, given=both)
    assert seen(desk, order).state is OrderState.SOUGHT


@pytest.mark.parametrize(("is_renewal", "event"), [(False, NoticeEvent.VARIED), (True, NoticeEvent.MADE)])
def test_the_victim_is_informed_once_of_a_copy(
    desk: Desk, case: str, is_renewal: bool, event: NoticeEvent
) -> None:
    order = create(desk, case)
    vary_order(desk.context(desk.chair), order=order, given=given(), why="So.", is_renewal=is_renewal)
    assert sorted(events(desk, case)) == sorted([NoticeEvent.MADE, event])


def test_a_copy_that_is_only_sought_is_refused(desk: Desk, case: str) -> None:
    order = create(desk, case)
    sought = given(act="sought", on="2026-03-02", made=None, years=None)
    with pytest.raises(InvalidInputError, match="when the court made it"):
        vary_order(desk.context(desk.chair), order=order, given=sought, why="So.")
    assert events(desk, case) == [NoticeEvent.MADE]


def test_an_order_that_replaces_an_interim_order_may_say_so_twice(desk: Desk, case: str) -> None:
    interim = create(desk, case, type="interim-spo", years=None, days=28)
    replacing = {"replaces_interim": interim}
    order = create(desk, case, act="sought", on="2026-03-02", made=None, years=None, **replacing)
    make_order(desk.context(desk.chair), order=order, given=given(**replacing))
    assert len(seen(desk, order).earlier) == 1
    with pytest.raises(InvalidInputError, match="leave one of both out"):
        create(desk, case, **replacing, interim_to=interim)


def test_a_condition_outside_its_own_period_is_not_on_the_card(desk: Desk, case: str) -> None:
    stay_out = {"code": "stay-out", "zone": {"description": "The park"}, "until": "2026-03-10"}
    create(
        desk, case, conditions=[NO_CONTACT, stay_out, {"wording": "must not write", "until": "2026-03-10"}]
    )
    assert (len(on_case(desk, case).card.must_not), on_case(desk, case).card.unchecked) == (2, 1)
    move(desk, "2026-03-11")
    assert (len(on_case(desk, case).card.must_not), on_case(desk, case).card.unchecked) == (1, 0)


def test_what_was_typed_on_a_case_that_is_closed_is_withheld(desk: Desk, case: str, other: str) -> None:
    typed = {"court_name": "Harrow Court", "force": "Harrow Police", "case_number": "HARROW/1"}
    order = create(desk, other, **typed)
    join_case(desk.context(desk.chair), order=order, reference=case)
    assert seen(desk, order, by=desk.coordinator).force == "Harrow Police"
    restrict(desk.context(desk.chair), reference=other, why="So.")
    there = seen(desk, order, by=desk.coordinator)
    assert there.cases == (case,)
    assert there.force == there.court == there.case_number == TEXT_WITHHELD
    page = list_orders(desk.context(desk.coordinator))
    assert page.forces == (TEXT_WITHHELD,)
    assert "arrow" not in there.model_dump_json() + page.model_dump_json()


def test_an_end_that_is_not_recorded_is_not_until_further_order(desk: Desk, case: str) -> None:
    order = create(desk, case, years=None)
    there = seen(desk, order)
    assert there.span is not None
    assert "end not recorded" in there.span.said
    assert there.conditions[0].until == "End not recorded"


def test_an_incident_of_which_only_the_year_is_known_may_be_recent(desk: Desk) -> None:
    referral = a_referral("year", incidents=(an_incident("2025"),))
    (reference,) = desk.refer(referral).referrals
    necessary = on_case(desk, reference).criteria[2]
    assert "1 incident without an exact date: may be recent." in necessary.gaps
    assert not [line for line in necessary.against if line.startswith("No incident")]


def test_an_order_whose_content_was_erased_with_another_case_may_still_apply(desk: Desk, other: str) -> None:
    with_toys(desk)
    over = ended(desk)
    order = create(desk, over)
    join_case(desk.context(desk.chair), order=order, reference=other)
    assert on_case(desk, other).card.erased_in_words is None
    decided(desk, desk.chair, over, "desk")
    retention.erase(desk.context(desk.coordinator), reference=over, owner="desk")
    card = on_case(desk, other).card
    assert card.is_empty
    assert card.erased_in_words == (
        "1 order was made, and the content erased: ask the police lead what applies."
    )


TERMS: dict[str, tuple[dict[str, object], str]] = {
    "years": ({"years": 6}, "1 Mar 2032"),
    "months": ({"months": 72}, "1 Mar 2032"),
    "days": ({"days": 20}, "21 Mar 2026"),
    "ends": ({"ends": "2026-06-01"}, "1 Jun 2026"),
}


def test_what_a_person_records_of_a_term_is_the_end_that_everyone_reads(desk: Desk, case: str) -> None:
    recorded = []
    for kind in order_types():
        if kind.lasts_until_determined:
            continue
        typed, ends = TERMS[fields_of(kind)[0]]
        if kind.term.starts == "arrested":
            typed, ends = {"months": 3, "arrested": "2026-03-02"}, "2 Jun 2026"
        view = seen(desk, create(desk, case, **{"type": kind.code, "years": None, **typed}))
        assert view.end_in_words.startswith(ends), kind.code
        recorded.append(view.reference)
    desk.clock.move_to(desk.clock.now().replace(year=2040))
    assert {seen(desk, each).state for each in recorded} == {OrderState.EXPIRED}
