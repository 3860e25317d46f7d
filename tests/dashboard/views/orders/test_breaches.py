"""Likely breaches as they are drawn: three answers alike, what is missing, and nothing of a sealed area."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.pages import Place
from dashboard.views.orders.breaches import in_words, marks
from engine.domain.absence import YesNo
from engine.domain.drafts import DraftForm
from engine.domain.orders.breaches import BreachStatus, ReviewAct, ReviewGiven
from engine.domain.orders.orders import OrderGiven, StepGiven
from engine.services.cases.views import view_case
from engine.services.drafts import open_draft
from engine.services.orders.breaches import breaches_on_case, decide_breach
from engine.services.orders.recording import create_order, record_step
from engine.services.referrals.incidents import record_incident
from tests.builders import Desk, a_referral, an_incident
from tests.dashboard.visits import Visit, Visits

pytestmark = pytest.mark.whose_is_said

ZONE = "Marlow Crescent, ZZ99 4AB"


@pytest.fixture
def case(desk: Desk) -> str:
    """A case with a served order and a call after it."""
    (reference,) = desk.refer(a_referral(incidents=())).referrals
    chair = desk.context(desk.chair)
    terms = {
        "type": "spo",
        "made": "2026-02-02",
        "years": 2,
        "conditions": [
            {"code": "no-contact", "means": ["any means"]},
            {"code": "stay-out", "zone": {"description": ZONE}},
        ],
    }
    order = create_order(chair, reference=reference, given=OrderGiven.model_validate(terms)).reference
    step = StepGiven.model_validate({"act": "served", "on": "2026-02-02", "how": "in person"})
    record_step(chair, order=order, step=step)
    call = an_incident("2026-02-20", kind="contacting", channel="phone", what=f"Rang from {ZONE}")
    record_incident(chair, reference=reference, incident=call)
    return reference


def waiting_in(page: Visit) -> int:
    """The number beside the name of the page in the navigation."""
    return int(page.app.session_state["orders-breaches-waiting"][2])


def test_the_page_of_all_orders_shows_it_with_its_clause_evidence_and_what_would_make_it_wrong(
    desk: Desk, case: str, visits: Visits
) -> None:
    words = visits(desk.chair, Place.ORDERS).words
    assert "Likely, not confirmed" in words
    assert "must not contact any protected person" in words
    assert "Another person did it." in words
    assert "Rule contact-1, version 2" in words
    assert "Likely breach proposed" in words
    assert "0 confirmed by a person. An incident recorded as a breach can still wait for a police" in words
    assert "Marlow" not in words


def test_a_person_confirms_it_with_a_reason_and_an_empty_one_is_refused(
    desk: Desk, case: str, visits: Visits
) -> None:
    page = visits(desk.chair, Place.ORDERS, codes={"of": case})
    (view,) = breaches_on_case(desk.context(desk.chair), reference=case).breaches
    key = f"breach-{view.reference}"
    labels = [page.app.button(key=f"{key}-{name}").label for name in ("confirm", "reject", "ask")]
    assert labels == ["Confirm breach", "Reject, with reason", "Ask a question"]
    assert waiting_in(page) == 1
    answer = f"breach-answer-{view.reference}-confirmed"
    page.open(f"{key}-confirm").press(f"{answer}-save")
    assert "Write it." in page.words
    page.type(f"{answer}-why", "Police read\nthe message.")
    page.app.button_group(key=f"{answer}-topic-weapon").set_value(YesNo.NO)
    page.run()
    page = visits(desk.chair, Place.ORDERS, codes={"of": case}).open(f"{key}-confirm")
    assert page.app.button_group(key=f"{answer}-topic-weapon").value == YesNo.NO, "the page was refreshed"
    page.finish(f"{answer}-save")
    draft = open_draft(desk.context(desk.chair), form=DraftForm.BREACH, case=case)
    assert not draft.fields, "its draft has ended"
    (after,) = breaches_on_case(desk.context(desk.chair), reference=case).breaches
    assert after.status is BreachStatus.CONFIRMED
    assert after.reviews[-1].why == "Police read the message."
    assert waiting_in(page) == 0
    assert "Police decision missing" in visits(desk.chair, Place.CASE, case).words
    words = visits(desk.chair, Place.ORDERS).words
    assert "1 confirmed breach, 1 without a police decision." in words
    assert "0 confirmed" not in words


def test_the_picture_of_the_case_marks_the_incident_and_says_so_in_its_alternative_text(
    desk: Desk, case: str, visits: Visits
) -> None:
    seen = breaches_on_case(desk.context(desk.chair), reference=case)
    incidents = view_case(desk.context(desk.chair), reference=case).incidents
    (mark,) = marks(seen, incidents, since=date(2026, 1, 1))
    assert mark[1:3] == ("phone", "?")
    assert marks(seen, incidents, since=date(2027, 1, 1)) == ()
    assert (
        "1 incident that a person must answer" in visits(desk.chair, Place.ORDERS, codes={"of": case}).words
    )
    given = ReviewGiven(act=ReviewAct.CONFIRMED, why="Police read the message.")
    decide_breach(desk.context(desk.chair), breach=seen.breaches[0].reference, given=given)
    confirmed = breaches_on_case(desk.context(desk.chair), reference=case)
    assert [each[2] for each in marks(confirmed, incidents, since=date(2026, 1, 1))] == ["✚"]
    assert in_words(confirmed) == ["1 incident with a confirmed breach."]
