"""Orders and notices on each database: steps, relations, cases, attempts, and their statements."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from engine.domain.orders.notices import AttemptGiven
from engine.domain.orders.orders import OrderAct, Relation
from engine.services.orders.listing import list_orders
from engine.services.orders.reading import orders_on_case
from engine.services.orders.recording import join_case, make_order, vary_order
from engine.store.repositories.access.visibility import EVERYTHING
from tests.builders import Desk, a_person, a_referral
from tests.differential import statements_of
from tests.engine.services.orders.test_stories import NO_CONTACT, create, given, step

ZONE = {"code": "stay-out", "zone": {"description": "Tarn Hill estate, ZZ99 4AB"}}
MIA = {"is_victim": False, "name": "Mia Farrow-Lane", "is_child": True}


def two_cases(desk: Desk) -> tuple[str, str]:
    """Two cases of different people."""
    other = a_referral("other", perpetrator=a_person("Otto", "Vane"), victim=a_person("Ida", "Holm"))
    one, two = desk.refer(a_referral(), other).referrals
    return one, two


def test_an_order_is_read_as_it_was_recorded(desk: Desk) -> None:
    case, other = two_cases(desk)
    main = create(desk, case, act="sought", on="2026-03-02", made=None, years=None, conditions=[])
    interim = create(desk, case, type="interim-spo", years=None, days=28, interim_to=main)
    step(desk, main, OrderAct.HEARING, "2026-03-20")
    desk.clock.move_to(desk.clock.now() + timedelta(days=1))
    full = given(made="2026-03-03", protected=[{}, MIA], conditions=[NO_CONTACT, ZONE])
    make_order(
        desk.context(desk.chair), order=main, given=full.model_copy(update={"replaces_interim": interim})
    )
    step(desk, main, OrderAct.SERVED, "2026-03-03", how="in person", at_time="08:05")
    join_case(desk.context(desk.chair), order=main, reference=other)
    copy = vary_order(
        desk.context(desk.chair), order=main, given=given(in_effect="2026-03-10"), why="The respondent moved."
    ).reference
    with desk.runtime.uow.reading(acting=desk.chair, what="test", at=desk.clock.now()) as work:
        by_reference = {each.reference: each for each in work.orders.of([case])}
        assert [each.reference for each in work.orders.of([other])] == [main, copy]
        assert work.orders.find("PO-222222B") is None
    there = by_reference[main]
    assert there.cases == (case, other)
    assert [each.act for each in there.steps] == [
        *(OrderAct.SOUGHT, OrderAct.INTERIM, OrderAct.HEARING, OrderAct.MADE, OrderAct.SERVED),
    ]
    assert [each.number for each in there.steps] == [1, 2, 3, 4, 5]
    assert there.earlier == ((Relation.REPLACES_INTERIM, interim),)
    assert there.successors == ((Relation.VARIES, copy, date(2026, 3, 10)),)
    assert there.terms is not None
    assert there.terms.conditions[1].zone is not None
    assert "Tarn" not in str(asdict(there))
    assert "Mia" not in str(asdict(there))
    assert by_reference[interim].is_to(Relation.INTERIM_TO) == main


def test_for_a_list_only_terms_are_read_and_acts_and_dates_stay(desk: Desk) -> None:
    case, _ = two_cases(desk)
    order = create(desk, case, conditions=[NO_CONTACT])
    step(desk, order, OrderAct.SERVED, "2026-03-02", how="in person", at_time="08:05")
    with desk.runtime.uow.unrecorded() as work:
        (whole,) = work.orders.visible(EVERYTHING)
        (listed,) = work.orders.visible(EVERYTHING, terms_only=True)
        assert work.orders.cases_screened(EVERYTHING) == {case: False}
    assert whole.terms is not None
    assert listed.terms == whole.terms.model_copy(update={"conditions": (), "protected": ()})
    assert (listed.served, listed.made) == (whole.served, whole.made)
    assert [each.given is None for each in listed.steps] == [False, True]
    assert [each.given is None for each in whole.steps] == [False, False]


def test_for_a_list_conditions_with_a_start_of_their_own_and_no_result_of_a_requirement_are_read(
    desk: Desk,
) -> None:
    case, _ = two_cases(desk)
    attend = {"code": "attend", "attends": "a police station", "starts": "2026-03-09"}
    order = create(desk, case, conditions=[NO_CONTACT, attend])
    step(desk, order, OrderAct.MISSED, "2026-03-02", condition=2)
    with desk.runtime.uow.unrecorded() as work:
        (whole,) = work.orders.visible(EVERYTHING)
        (listed,) = work.orders.visible(EVERYTHING, terms_only=True)
    assert listed.terms == whole.terms
    assert [each.act for each in whole.steps] == [OrderAct.MADE, OrderAct.MISSED]
    assert [each.act for each in listed.steps] == [OrderAct.MADE]


def test_a_step_cannot_be_changed_or_deleted(desk: Desk) -> None:
    case, _ = two_cases(desk)
    create(desk, case)
    for change in ("UPDATE court_order_step SET act = 'served'", "DELETE FROM court_order_step"):
        with pytest.raises(DatabaseError), desk.runtime.uow._engine.begin() as connection:
            connection.execute(text(change))


def test_attempts_are_read_with_their_notice_and_a_case_without_one_waits(desk: Desk) -> None:
    case, _ = two_cases(desk)
    create(desk, case)
    tried = AttemptGiven.model_validate(
        {
            "reached": False,
            "through": "the safe-contact officer",
            "on": "2026-03-02",
            "at_time": "08:00",
            "why_not": "No safe time.",
        }
    )
    with desk.runtime.uow.writing(acting=desk.chair, what="test", at=desk.clock.now()) as work:
        work.victim_notices.try_it(case, 1, tried, by="chair", at=desk.clock.now())
    with desk.runtime.uow.reading(acting=desk.chair, what="test", at=desk.clock.now()) as work:
        (notice,) = work.victim_notices.of([case])
    assert [each.given for each in notice.attempts] == [tried]
    assert notice.informed_on is None
    (seen,) = orders_on_case(desk.context(desk.chair), reference=case).not_reached
    assert seen.failed == 1


def test_a_list_of_more_orders_takes_no_more_statements(desk: Desk) -> None:
    case, other = two_cases(desk)
    for each in (case, other):
        create(desk, each)
    with statements_of(desk) as few:
        list_orders(desk.context(desk.chair))
    for each in (case, other, case, other):
        create(desk, each)
    with statements_of(desk) as many:
        list_orders(desk.context(desk.chair))
    assert len(many) == len(few)
