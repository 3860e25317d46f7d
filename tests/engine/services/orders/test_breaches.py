"""Stories of likely breaches: from served to breached, orders recorded later, who may see and decide."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import INVESTIGATION
from engine.domain.cases.incidents import IncidentReported
from engine.domain.cases.police_decisions import PoliceAction, PoliceDecisionGiven
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.ids import new_reference
from engine.domain.orders.breaches import (
    BreachesSeen,
    BreachResult,
    BreachStatus,
    BreachView,
    DetailsGiven,
    ReviewAct,
    ReviewGiven,
)
from engine.domain.orders.orders import OrderGiven, OrderState, StepGiven
from engine.domain.sharing import AudienceKind, Grounds, RuleGiven, VisibilityToOthers
from engine.services.access.restrictions import restrict
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.orders.breach_worklist import count_waiting
from engine.services.orders.breaches import breaches_on_case, decide_breach, list_breaches
from engine.services.orders.reading import view_order
from engine.services.orders.recording import create_order, make_order, record_step, vary_order
from engine.services.plans.reviews import record_police_decision
from engine.services.referrals.episodes import take_back_joining
from engine.services.referrals.incidents import record_details, record_incident
from engine.services.referrals.screening import screen
from engine.services.sharing.incident_rules import set_incident_rule
from engine.store.repositories.access.visibility import EVERYTHING
from tests.builders import Desk, a_referral, a_screening, an_incident, with_toys

NO_CONTACT = {"code": "no-contact", "means": ["any means"]}
LETTERS_ALLOWED = {**NO_CONTACT, "exceptions": ["letters about arrangements for children"]}


@pytest.fixture
def case(desk: Desk) -> str:
    (reference,) = desk.refer(a_referral(incidents=())).referrals
    return reference


SERVED = StepGiven.model_validate(
    {"act": "served", "on": "2026-02-02", "how": "in person", "at_time": "09:00"}
)


def an_order(desk: Desk, case: str, *, is_served: bool = True, **changes: object) -> str:
    facts = {"type": "spo", "made": "2026-02-02", "years": 2, "conditions": [NO_CONTACT], **changes}
    context = desk.context(desk.chair)
    order = create_order(context, reference=case, given=OrderGiven.model_validate(facts)).reference
    if is_served:
        record_step(context, order=order, step=SERVED)
    return order


def a_call(day: str = "2026-02-20", **changes: object) -> IncidentReported:
    return an_incident(day, **{"kind": "contacting", "channel": "phone", **changes})


def report(
    desk: Desk, case: str, day: str = "2026-02-20", by: Acting | None = None, **changes: object
) -> str:
    context = desk.context(by or desk.chair)
    return record_incident(context, reference=case, incident=a_call(day, **changes))


def seen(desk: Desk, case: str, by: Acting | None = None) -> BreachesSeen:
    return breaches_on_case(desk.context(by or desk.chair), reference=case)


def only(desk: Desk, case: str) -> BreachView:
    (view,) = seen(desk, case).breaches
    return view


def answer(desk: Desk, breach: str, act: ReviewAct, by: Acting | None = None) -> BreachView:
    given = ReviewGiven(act=act, why="The message was read by police.")
    return decide_breach(desk.context(by or desk.chair), breach=breach, given=given)


def lines(desk: Desk, by: Acting | None = None) -> list[str]:
    kinds = {"likely breach", "breach cannot be said"}
    return [item.what for item in worklist(desk.context(by or desk.chair)).items if item.kind in kinds]


def not_decided(desk: Desk, case: str) -> list[str]:
    review = view_case(desk.context(desk.chair), reference=case).review
    assert review is not None
    return [each.incident for each in review.not_decided]


def test_from_served_to_breached(desk: Desk, case: str) -> None:
    order = an_order(desk, case)
    incident = report(desk, case)
    view = only(desk, case)
    assert (view.incident, view.order, view.condition) == (incident, order, 1)
    assert (view.status, view.result, view.tag) == (
        BreachStatus.TO_CONFIRM,
        BreachResult.LIKELY,
        "Likely, not confirmed",
    )
    assert view.clause.startswith("must not contact any protected person")
    assert view.consequence == "offence"
    assert lines(desk) == ["Confirm or reject a likely breach: stalking protection order, condition 1"]
    assert count_waiting(desk.context(desk.chair), most=9) == 1
    assert not_decided(desk, case) == [], "a likely breach is no breach"
    confirmed = answer(desk, view.reference, ReviewAct.CONFIRMED)
    assert confirmed.status is BreachStatus.CONFIRMED
    assert confirmed.police_decision is None
    assert lines(desk) == []
    assert not_decided(desk, case) == [incident]
    decision = PoliceDecisionGiven(
        incident=incident, action=PoliceAction.CHARGE, decided_by="Sgt Vale", decided_on=desk.clock.today()
    )
    record_police_decision(desk.context(desk.chair), reference=case, decision=decision)
    assert not_decided(desk, case) == []
    assert (only(desk, case).police_decision or "").startswith("charge, ")
    assert len(view_case(desk.context(desk.chair), reference=case).incidents) == 1, "no second incident"


def test_counting_ends_at_the_most_that_is_asked_for(desk: Desk, case: str) -> None:
    an_order(desk, case)
    for day in ("2026-02-20", "2026-02-21", "2026-02-22"):
        report(desk, case, day)
    answer(desk, seen(desk, case).waiting[0].reference, ReviewAct.REJECTED)
    answer(desk, seen(desk, case).waiting[0].reference, ReviewAct.ASKED)
    counted = {most: count_waiting(desk.context(desk.chair), most=most) for most in (1, 2, 3)}
    assert counted == {1: 1, 2: 2, 3: 2}


def test_one_order_from_considered_to_served_to_breached_to_renewed(desk: Desk, case: str) -> None:
    chair = desk.context(desk.chair)
    considered: dict[str, Any] = {"act": "considered", "made": None, "years": None, "conditions": []}
    order = an_order(desk, case, is_served=False, **considered)
    made_terms = OrderGiven.model_validate(
        {"type": "spo", "made": "2026-02-02", "years": 2, "conditions": [NO_CONTACT]}
    )
    sought = StepGiven.model_validate({"act": "sought", "on": "2026-02-01"})
    record_step(chair, order=order, step=sought)
    report(desk, case, "2026-02-01")
    assert seen(desk, case).breaches == (), "nothing was forbidden yet"
    make_order(chair, order=order, given=made_terms)
    record_step(chair, order=order, step=SERVED)
    report(desk, case)
    breach = only(desk, case)
    assert breach.result is BreachResult.LIKELY
    answer(desk, breach.reference, ReviewAct.CONFIRMED)
    desk.clock.move_to(datetime(2028, 1, 10, 9, tzinfo=UTC))
    terms = made_terms.model_copy(update={"made": date(2028, 1, 10), "in_effect": date(2028, 2, 2)})
    renewal = vary_order(chair, order=order, given=terms, why="A breach, and it goes on.", is_renewal=True)
    desk.clock.move_to(datetime(2028, 2, 10, 9, tzinfo=UTC))
    after = report(desk, case, "2028-02-09")
    (first, second) = sorted(seen(desk, case).breaches, key=lambda each: str(each.happened))
    assert (first.status, first.order) == (BreachStatus.CONFIRMED, order)
    assert (second.incident, second.order) == (after, renewal.reference)
    assert second.status is BreachStatus.TO_CONFIRM
    assert view_order(chair, order=order).state is OrderState.RENEWED


def test_an_incident_before_service_or_after_another_act_asks_nobody(desk: Desk, case: str) -> None:
    an_order(desk, case)
    report(desk, case, "2026-01-31")
    report(desk, case, kind="interfering with property", channel=None)
    assert seen(desk, case).breaches == ()
    assert lines(desk) == []


def test_an_order_that_is_recorded_after_the_incident_is_compared_too(desk: Desk, case: str) -> None:
    report(desk, case)
    assert seen(desk, case).breaches == ()
    order = an_order(desk, case, is_served=False)
    assert only(desk, case).result is BreachResult.UNCLEAR
    record_step(desk.context(desk.chair), order=order, step=SERVED)
    assert only(desk, case).result is BreachResult.LIKELY


def test_imported_incidents_and_corrected_ones_are_compared(desk: Desk) -> None:
    first = a_referral(incidents=(a_call("2026-01-05"),))
    (case,) = desk.refer(first).referrals
    an_order(desk, case)
    assert seen(desk, case).breaches == ()
    desk.refer(first.model_copy(update={"incidents": (a_call("2026-02-20"),)}))
    view = only(desk, case)
    answer(desk, view.reference, ReviewAct.CONFIRMED)
    desk.refer(first.model_copy(update={"incidents": (a_call("2026-01-06"),)}))
    assert [each.status for each in seen(desk, case).breaches] == [BreachStatus.CONFIRMED], "it stays"


def test_details_change_the_result_and_each_comparison_stays(desk: Desk, case: str) -> None:
    an_order(desk, case)
    incident = report(desk, case, "2026-02-02")
    view = only(desk, case)
    assert (view.result, view.tag) == (BreachResult.UNCLEAR, "Cannot be said")
    assert lines(desk) == ["Find out whether a condition was broken: stalking protection order, condition 1"]

    def details(**given: object) -> None:
        record_details(
            desk.context(desk.chair),
            reference=case,
            incident=incident,
            given=DetailsGiven.model_validate({"details": given}),
        )

    details(time="21:40")
    assert only(desk, case).result is BreachResult.LIKELY
    answer(desk, view.reference, ReviewAct.CONFIRMED)
    details(time="08:00")
    changed = only(desk, case)
    assert (changed.status, changed.result, changed.has_changed) == (
        BreachStatus.CONFIRMED,
        BreachResult.UNCLEAR,
        True,
    )


def test_one_that_is_no_longer_likely_asks_nobody_and_stays_listed(desk: Desk, case: str) -> None:
    an_order(desk, case)
    incident = report(desk, case)
    given = DetailsGiven.model_validate({"details": {"actor": "another person"}})
    record_details(desk.context(desk.chair), reference=case, incident=incident, given=given)
    view = only(desk, case)
    assert (view.status, view.because) == (BreachStatus.NO_LONGER, "Another person acted.")
    assert lines(desk) == []


def test_a_rejected_one_and_one_that_was_asked_about(desk: Desk, case: str) -> None:
    an_order(desk, case)
    report(desk, case)
    reference = only(desk, case).reference
    assert answer(desk, reference, ReviewAct.ASKED).status is BreachStatus.ASKED
    assert len(lines(desk)) == 1, "a question leaves it open"
    assert answer(desk, reference, ReviewAct.REJECTED).status is BreachStatus.REJECTED
    assert lines(desk) == []
    with pytest.raises(InvalidInputError, match="rejected"):
        answer(desk, reference, ReviewAct.ASKED)
    again = answer(desk, reference, ReviewAct.CONFIRMED)
    assert [each.act for each in again.reviews] == [ReviewAct.ASKED, ReviewAct.REJECTED, ReviewAct.CONFIRMED]


@pytest.fixture
def workers(desk: Desk, case: str) -> dict[str, Acting]:
    """Three practitioners on the case; the agency of the first investigates."""
    workers = with_toys(desk)
    people = tuple(worker.user for worker in workers.values())
    screening = a_screening(people=people)
    screen(desk.context(desk.coordinator), reference=case, screening=screening)
    return workers


def test_only_who_investigates_coordinates_or_chairs_decides(
    desk: Desk, case: str, workers: dict[str, Acting]
) -> None:
    an_order(desk, case)
    report(desk, case)
    reference = only(desk, case).reference
    given = ReviewGiven(act=ReviewAct.CONFIRMED, why="The message was read by police.")
    known = [
        agency.model_copy(update={"seat": INVESTIGATION}) if agency.code == "harbour" else agency
        for agency in desk.runtime.agencies_known
    ]
    lantern = desk.context(workers["lantern"]).with_agencies(known)
    assert not breaches_on_case(lantern, reference=case).may_decide
    assert count_waiting(lantern, most=9) == 0
    with pytest.raises(NotPermittedError, match="the agency that investigates"):
        decide_breach(lantern, breach=reference, given=given)
    decide_breach(lantern, breach=reference, given=given.model_copy(update={"act": ReviewAct.ASKED}))
    harbour = desk.context(workers["harbour"]).with_agencies(known)
    assert decide_breach(harbour, breach=reference, given=given).status is BreachStatus.CONFIRMED


def test_an_incident_that_its_owner_hides_has_no_likely_breach_for_others(
    desk: Desk, case: str, workers: dict[str, Acting]
) -> None:
    an_order(desk, case)
    incident = report(desk, case, by=workers["lantern"])
    reference = only(desk, case).reference
    rule = RuleGiven(
        item=incident,
        audience=AudienceKind.OWNER,
        otherwise=VisibilityToOthers.HIDE,
        grounds=Grounds(purpose="case work"),
        why="Told in confidence.",
    )
    set_incident_rule(desk.context(workers["lantern"]), reference=case, rule=rule)
    assert seen(desk, case, workers["lantern"]).breaches
    for viewer in (desk.chair, desk.coordinator, workers["harbour"]):
        assert seen(desk, case, viewer).breaches == ()
        assert list_breaches(desk.context(viewer)).breaches == ()
        assert lines(desk, viewer) == []
    with pytest.raises(NotFoundError):
        answer(desk, reference, ReviewAct.CONFIRMED)


def test_a_restricted_case_has_no_likely_breach_for_who_may_not_see_it(desk: Desk, case: str) -> None:
    an_order(desk, case)
    report(desk, case)
    reference = only(desk, case).reference
    restrict(desk.context(desk.chair), reference=case, why="A party works here.")
    other = desk.add("other-coordinator", desk.coordinator.role)
    assert list_breaches(desk.context(other)).breaches == ()
    assert lines(desk, other) == []
    assert count_waiting(desk.context(other), most=9) == 0
    with pytest.raises(NotFoundError) as closed:
        answer(desk, reference, ReviewAct.CONFIRMED, other)
    with pytest.raises(NotFoundError) as absent:
        answer(desk, new_reference("likely breach"), ReviewAct.CONFIRMED, other)
    assert str(closed.value).partition(" LB-")[0] == str(absent.value).partition(" LB-")[0]


@pytest.mark.both
def test_an_incident_of_two_cases_is_counted_once_with_the_orders_of_both(desk: Desk) -> None:
    same = {"crime_reference": "42/1/26"}
    (first,) = desk.refer(a_referral("1", incidents=(a_call(**same),))).referrals
    (second,) = desk.refer(a_referral("2", incidents=(a_call(**same), a_call("2026-02-21")))).referrals
    an_order(desk, first)
    an_order(desk, second)
    (offer,) = view_case(desk.context(desk.coordinator), reference=second).offers
    joined = a_screening(same_episode_as=offer.episode)
    screen(desk.context(desk.coordinator), reference=second, screening=joined)
    with desk.runtime.uow.unrecorded() as work:
        proposed = {each.case for each in work.likely_breaches.visible(EVERYTHING)}
    assert proposed == {first, second}, "each case has a proposal of the same incident"
    assert count_waiting(desk.context(desk.chair), most=9) == len(lines(desk)) == 4, (
        "two incidents, two orders"
    )


@pytest.mark.both
def test_a_breach_of_an_order_on_another_case_of_the_episode_waits_until_that_case_leaves_it(
    desk: Desk,
) -> None:
    """The ordinary course of a repeat referral: the order is on the first, the breach is reported on it."""
    chair = desk.context(desk.chair)
    (first,) = desk.refer(a_referral("1", incidents=())).referrals
    an_order(desk, first)
    (second,) = desk.refer(a_referral("2", incidents=())).referrals
    (offer,) = view_case(desk.context(desk.coordinator), reference=second).offers
    joined = a_screening(same_episode_as=offer.episode)
    screen(desk.context(desk.coordinator), reference=second, screening=joined)
    report(desk, second)
    reference = only(desk, second).reference
    for waiting in (seen(desk, first).waiting, seen(desk, second).waiting, list_breaches(chair).waiting):
        assert [view.reference for view in waiting] == [reference]
    assert count_waiting(chair, most=9) == len(lines(desk)) == 1
    take_back_joining(desk.context(desk.coordinator), reference=second, why="Another perpetrator.")
    for waiting in (seen(desk, second).waiting, list_breaches(chair).waiting):
        assert waiting == ()
    assert count_waiting(chair, most=9) == len(lines(desk)) == 0


def test_of_two_incidents_that_are_one_the_second_asks_nobody_once_the_first_is_answered(desk: Desk) -> None:
    same = {"crime_reference": "42/1/26"}
    (first,) = desk.refer(a_referral("1", incidents=(a_call(**same),))).referrals
    an_order(desk, first)
    (second,) = desk.refer(a_referral("2", incidents=(a_call(**same),))).referrals
    an_order(desk, second)
    (offer,) = view_case(desk.context(desk.coordinator), reference=second).offers
    joined = a_screening(same_episode_as=offer.episode)
    screen(desk.context(desk.coordinator), reference=second, screening=joined)
    chair = desk.context(desk.chair)
    for left in (1, 0):
        answer(desk, list_breaches(chair).waiting[0].reference, ReviewAct.REJECTED)
        assert len(list_breaches(chair).waiting) == count_waiting(chair, most=9) == len(lines(desk)) == left


def test_a_proposal_stays_when_its_incident_becomes_one_with_another(desk: Desk) -> None:
    same = {"crime_reference": "42/1/26"}
    damage = an_incident("2025-06-01", kind="interfering with property", channel=None, **same)
    (_,) = desk.refer(a_referral("1", incidents=(damage,))).referrals
    (second,) = desk.refer(a_referral("2", incidents=(a_call(**same),))).referrals
    an_order(desk, second)
    before = only(desk, second)
    assert before.result is BreachResult.LIKELY
    (offer,) = view_case(desk.context(desk.coordinator), reference=second).offers
    joined = a_screening(same_episode_as=offer.episode)
    screen(desk.context(desk.coordinator), reference=second, screening=joined)
    now = only(desk, second)
    assert now.reference == before.reference
    (incident,) = view_case(desk.context(desk.chair), reference=second).incidents
    assert now.incident == incident.reference != before.incident
    assert [view.reference for view in list_breaches(desk.context(desk.chair)).breaches] == [before.reference]
    assert len(lines(desk)) == 1
    answer(desk, before.reference, ReviewAct.CONFIRMED)
    assert not_decided(desk, second) == [incident.reference], "a decision of police is awaited all the same"


def test_an_incident_of_two_kinds_is_compared_as_each_and_asks_once(desk: Desk) -> None:
    same = {"crime_reference": "42/1/26"}
    damage = a_call(**{**same, "kind": "interfering with property"})
    (case,) = desk.refer(a_referral("1", incidents=(damage, a_call(**same)))).referrals
    an_order(desk, case)
    there = only(desk, case)
    (incident,) = view_case(desk.context(desk.chair), reference=case).incidents
    assert (there.incident, there.result) == (incident.reference, BreachResult.LIKELY)
    assert len(lines(desk)) == 1


def test_details_are_of_an_incident_on_the_case_and_say_something(desk: Desk, case: str) -> None:
    given = DetailsGiven.model_validate({"details": {"time": "21:40"}})
    with pytest.raises(InvalidInputError, match="is not on"):
        record_details(
            desk.context(desk.chair), reference=case, incident=new_reference("incident"), given=given
        )
    with pytest.raises(ValidationError, match="no detail is given"):
        DetailsGiven.model_validate({"details": {}})


def test_two_courts_orders_are_each_held_against_it(desk: Desk, case: str) -> None:
    an_order(desk, case)
    an_order(desk, case, type="non-molestation", years=None, ends="2026-12-01", conditions=[LETTERS_ALLOWED])
    report(desk, case, channel="post")
    results = {each.order_name: each.result for each in seen(desk, case).breaches}
    assert results == {
        "Stalking protection order": BreachResult.LIKELY,
        "Non-molestation order": BreachResult.UNCLEAR,
    }
    strict = next(each for each in seen(desk, case).breaches if each.result is BreachResult.LIKELY)
    assert any("The two orders do not agree" in each for each in strict.against)


@pytest.mark.parametrize("text", ["9.30", "9:30", "24:00", "21:4", "٢١:٤٠", ""])
def test_a_time_that_no_clock_shows_is_refused_with_how_to_write_it(text: str) -> None:
    with pytest.raises(ValidationError, match="such as 09:40 or 21:40"):
        DetailsGiven.model_validate({"details": {"time": text}})
