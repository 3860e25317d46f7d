"""Likely breaches on each database: comparisons, answers, incidents of one crime, and what is not changed."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from engine.domain.orders.breaches import BreachResult, DetailsGiven, ReviewAct
from engine.services.orders.breaches import list_breaches
from engine.services.referrals.incidents import record_details
from tests.builders import Desk, a_referral
from tests.differential import statements_of
from tests.engine.services.orders.test_breaches import LETTERS_ALLOWED, an_order, answer, only, report

CHANGES = (
    "UPDATE likely_breach SET condition = 2",
    "DELETE FROM likely_breach_review",
    "UPDATE likely_breach_result SET result = 'likely breach'",
    "UPDATE incident_detail SET version = 9",
)


@pytest.fixture
def case(desk: Desk) -> str:
    (reference,) = desk.refer(a_referral(incidents=())).referrals
    return reference


def test_comparisons_and_answers_are_read_as_they_were_stored(desk: Desk, case: str) -> None:
    order = an_order(desk, case, conditions=[LETTERS_ALLOWED])
    incident = report(desk, case, channel="post")
    reference = only(desk, case).reference
    answer(desk, reference, ReviewAct.ASKED)
    checked = DetailsGiven.model_validate({"details": {"no_exception": True, "time": "21:40"}})
    record_details(desk.context(desk.chair), reference=case, incident=incident, given=checked)
    answer(desk, reference, ReviewAct.CONFIRMED)
    with desk.runtime.uow.unrecorded() as work:
        stored = work.likely_breaches.find(reference)
        assert work.likely_breaches.of([case]) == (stored,)
        assert work.likely_breaches.confirmed([case]) == {incident}
        assert work.incident_details.details_of([case])[incident].details == checked.details
        assert work.likely_breaches.find("LB-222222B") is None
    assert stored is not None
    assert (stored.incident, stored.order, stored.condition, stored.case) == (incident, order, 1, case)
    assert [each.result for each in stored.results] == [BreachResult.UNCLEAR, BreachResult.LIKELY]
    assert [(each.act, each.result) for each in stored.reviews] == [
        (ReviewAct.ASKED, 1),
        (ReviewAct.CONFIRMED, 2),
    ]


def test_incidents_of_one_crime_are_confirmed_together_and_of_another_not(desk: Desk, case: str) -> None:
    an_order(desk, case)
    report(desk, case, crime_reference="42/1/26a")
    alike = report(
        desk, case, "2026-02-21", kind="loitering", channel="in person", crime_reference="42/1/26A"
    )
    report(desk, case, "2026-02-22", kind="loitering", channel="in person", crime_reference="42/2/26")
    answer(desk, only(desk, case).reference, ReviewAct.CONFIRMED)
    with desk.runtime.uow.unrecorded() as work:
        confirmed = work.likely_breaches.confirmed([case])
    assert alike in confirmed
    assert len(confirmed) == 2


def test_nothing_of_it_can_be_changed_or_deleted(desk: Desk, case: str) -> None:
    an_order(desk, case)
    incident = report(desk, case)
    checked = DetailsGiven.model_validate({"details": {"time": "21:40"}})
    record_details(desk.context(desk.chair), reference=case, incident=incident, given=checked)
    answer(desk, only(desk, case).reference, ReviewAct.REJECTED)
    for change in CHANGES:
        with pytest.raises(DatabaseError), desk.runtime.uow._engine.begin() as connection:
            connection.execute(text(change))


def test_a_list_of_more_breaches_takes_no_more_statements(desk: Desk, case: str) -> None:
    an_order(desk, case)
    report(desk, case)
    with statements_of(desk) as few:
        list_breaches(desk.context(desk.chair))
    for day in ("2026-02-21", "2026-02-22"):
        report(desk, case, day)
    with statements_of(desk) as many:
        list_breaches(desk.context(desk.chair))
    assert len(many) == len(few)
