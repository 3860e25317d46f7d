"""What the conflict check of a plan knows of a case: what its reader may see, and no protected value."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.errors import NotPermittedError, StillNeededError
from engine.domain.orders.orders import OrderGiven
from engine.domain.plans.actions import PlannedAction
from engine.domain.plans.approval import AcceptedConflict, ApprovalGiven, Need, NeedSignedNot, WhyNot
from engine.domain.plans.conflicts import ConflictRule
from engine.domain.responses.answers import RefusalGround, Refused
from engine.domain.sharing import WHOLE_ANSWER, AudienceKind, Grounds, RuleGiven, VisibilityToOthers
from engine.services.conference import decisions
from engine.services.orders.recording import create_order
from engine.services.plans.approval import approve_plan, sign_why_not
from engine.services.plans.conflicts import check_plan, conflicts_on
from engine.services.plans.reviews import close_review
from engine.services.plans.versions import make_plan
from engine.services.referrals import screening
from engine.services.responses import requests as response_requests
from engine.services.responses.agency_answers import answer_by_hand
from engine.services.sharing.release_rules import set_rule
from tests.builders import TOY_CODES, Desk, a_decision, a_plan, a_referral, a_screening, with_toys


@pytest.fixture
def workers(desk: Desk) -> dict[str, Acting]:
    return with_toys(desk)


@pytest.fixture
def case(desk: Desk, workers: dict[str, Acting]) -> str:
    (reference,) = desk.refer(a_referral()).referrals
    people = tuple(worker.user for worker in workers.values())
    here: dict[str, Any] = {"context": desk.context(desk.coordinator), "reference": reference}
    screening.screen(**here, screening=a_screening(people=people))
    response_requests.open_requests(**here)
    answer_by_hand(
        desk.context(workers["lantern"]),
        reference=reference,
        agency="lantern",
        answer=Refused(ground=RefusalGround.CONFIDENTIAL, says="Not without agreement."),
    )
    return reference


def decided(desk: Desk, case: str, review_on: str | None = None) -> None:
    here: dict[str, Any] = {"context": desk.context(desk.chair), "reference": case}
    decisions.open_conference(**here)
    decisions.decide(**here, decision=a_decision(review_on=review_on))


def rules(
    desk: Desk, case: str, what: str, agency: str = "harbour", due: str = "2026-03-20"
) -> list[ConflictRule]:
    action = PlannedAction.model_validate({"what": what, "agency": agency, "owner": "A. B.", "due": due})
    found = check_plan(desk.context(desk.chair), reference=case, actions=[action])
    return [conflict.rule for conflict in found]


def test_an_agency_that_refused_is_found_and_one_that_has_not_answered_is_not(desk: Desk, case: str) -> None:
    assert rules(desk, case, "Assess his risk", "lantern") == [ConflictRule.REFUSED]
    assert rules(desk, case, "Assess his risk", "harbour") == []


def test_a_refusal_that_its_agency_hides_makes_no_conflict(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    rule = RuleGiven(
        item=WHOLE_ANSWER,
        audience=AudienceKind.OWNER,
        otherwise=VisibilityToOthers.HIDE,
        grounds=Grounds(purpose="case work"),
        why="Ask us.",
    )
    set_rule(desk.context(workers["lantern"]), reference=case, agency="lantern", rule=rule)
    assert rules(desk, case, "Assess his risk", "lantern") == []


def test_the_date_of_the_review_is_the_decisions_and_then_the_last_reviews(desk: Desk, case: str) -> None:
    decided(desk, case, review_on="2026-03-19")
    assert rules(desk, case, "Arrest him", due="2026-03-20") == [ConflictRule.AFTER_REVIEW]
    close_review(desk.context(desk.chair), reference=case, decided="It continues.", next_on=date(2026, 3, 20))
    assert rules(desk, case, "Arrest him", due="2026-03-20") == []


def test_a_letter_to_the_victim_by_name_is_found_because_an_address_is_protected(
    desk: Desk, case: str
) -> None:
    assert rules(desk, case, "Write to Amira about bail") == [ConflictRule.LETTER]
    assert rules(desk, case, "Write to Daniel about bail") == []


def test_contact_is_found_because_no_safe_contact_rules_are_recorded(desk: Desk, case: str) -> None:
    assert rules(desk, case, "Phone the victim weekly") == [ConflictRule.SAFE_CONTACT]


def test_the_check_is_for_those_who_write_plans(desk: Desk, workers: dict[str, Acting], case: str) -> None:
    with pytest.raises(NotPermittedError):
        check_plan(desk.context(workers["harbour"]), reference=case, actions=[])


def test_an_approval_asks_about_each_conflict_until_it_is_accepted_with_a_reason(
    desk: Desk, case: str
) -> None:
    decided(desk, case, review_on="2026-03-19")
    here: dict[str, Any] = {"context": desk.context(desk.chair), "reference": case}
    (action,) = make_plan(**here, plan=a_plan(agency="harbour", due="2026-03-20"), agencies=TOY_CODES).actions
    for need in Need:
        signed = NeedSignedNot(need=need, plan_version=1, why=WhyNot.OTHER, says="Not asked.")
        sign_why_not(**here, need=signed)
    (conflict,) = conflicts_on(**here)
    with pytest.raises(StillNeededError) as refused:
        approve_plan(**here, approval=ApprovalGiven(version=1))
    late = "It is due on 20 March 2026, after the review on 19 March 2026."
    assert f"Action 1 ({action}): {late}" in str(refused.value)
    accepted = AcceptedConflict(conflict=conflict.key, because="The court sits that day.")
    assert approve_plan(**here, approval=ApprovalGiven(version=1, accepted=(accepted,))).version == 1


def test_contact_that_an_order_in_force_forbids_is_found_and_not_after_its_end(desk: Desk, case: str) -> None:
    assert ConflictRule.FORBIDDEN not in rules(desk, case, "Offer mediation")
    terms = {"type": "interim-spo", "made": "2026-03-01", "days": 28}
    condition = {"code": "no-contact", "means": ["any means"]}
    given = OrderGiven.model_validate({**terms, "conditions": [condition]})
    create_order(desk.context(desk.chair), reference=case, given=given)
    assert ConflictRule.FORBIDDEN in rules(desk, case, "Offer mediation")
    desk.clock.forward(timedelta(days=40))
    assert ConflictRule.FORBIDDEN not in rules(desk, case, "Offer mediation", due="2026-05-20")
