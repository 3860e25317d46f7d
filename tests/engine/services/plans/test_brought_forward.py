"""Why a review is brought forward, counted by the Plans page: on each date as on the page of the case."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting
from engine.domain.cases.custody import CustodyChange
from engine.domain.cases.incidents import IncidentKind
from engine.domain.errors import StacError
from engine.domain.plans.reviews import ReviewTrigger, is_brought_forward
from engine.domain.sharing import AudienceKind, Grounds, RuleGiven
from engine.services.cases.views import view_case
from engine.services.conference import decisions
from engine.services.plans.lists import list_plans
from engine.services.plans.reviews import close_review, record_custody_change
from engine.services.plans.versions import make_plan
from engine.services.referrals.incidents import record_incident
from engine.services.referrals.screening import screen
from engine.services.sharing.incident_rules import set_incident_rule
from tests.builders import (
    TOY_CODES,
    Desk,
    a_decision,
    a_plan,
    a_referral,
    a_screening,
    an_incident,
    approve,
    with_toys,
)

DAYS = 25
KINDS = (IncidentKind.CONTACTING, IncidentKind.BREACH, IncidentKind.GIFT)


def in_delivery(
    desk: Desk,
    workers: dict[str, Acting],
    number: str,
    days: int,
    *,
    works_for: YesNo = YesNo.NO,
    **screened: Any,
) -> str:
    """A case with a plan, its review and its action due within so many days, screened so."""
    weekly = tuple(an_incident(str(date(2026, 1, 2) + timedelta(days=7 * week))) for week in range(8))
    incidents = weekly if days % 2 else (*weekly[:6], an_incident("2026-02"))
    (reference,) = desk.refer(a_referral(number, incidents=incidents, party_works_for=works_for)).referrals
    people = tuple(worker.user for worker in workers.values())
    screening = a_screening(people=people, **screened)
    screen(desk.context(desk.coordinator), reference=reference, screening=screening)
    chair = desk.context(desk.chair)
    decisions.open_conference(chair, reference=reference)
    review_on = str(desk.clock.today() + timedelta(days=days))
    decisions.decide(chair, reference=reference, decision=a_decision(review_on=review_on))
    due = str(desk.clock.today() + timedelta(days=days // 3))
    plan = a_plan(agency="harbour", due=due)
    make_plan(chair, reference=reference, plan=plan, agencies=TOY_CODES)
    approve(desk, reference)
    return reference


def something_happens(desk: Desk, random: Random, case: str) -> None:
    """One act on a case, or none where it is refused."""
    today, chair = desk.clock.today(), desk.context(desk.chair)
    match random.randrange(12):
        case 0:
            record_custody_change(chair, reference=case, change=CustodyChange.TAKEN, on=today)
        case 1:
            later = today + timedelta(days=random.randrange(1, 25))
            record_custody_change(chair, reference=case, change=CustodyChange.RELEASE_PLANNED, on=later)
        case 2:
            next_on = today + timedelta(days=random.randrange(5, 25))
            close_review(chair, reference=case, decided="So.", next_on=next_on)
        case 3 | 4:
            day = random.choice((str(today), str(today)[:7]))
            incident = record_incident(
                chair, reference=case, incident=an_incident(day, kind=random.choice(KINDS))
            )
            if random.randrange(3) == 0:
                grounds = Grounds(basis="agreed", purpose="case work", necessity="So.")
                rule = RuleGiven(item=incident, audience=AudienceKind.OWNER, grounds=grounds, why="So.")
                set_incident_rule(chair, reference=case, rule=rule)


@pytest.mark.parametrize("seed", range(2))
def test_on_each_date_the_figures_count_the_reasons_of_the_pages_of_the_cases(desk: Desk, seed: int) -> None:
    random, workers = Random(seed), with_toys(desk)
    cases = [in_delivery(desk, workers, str(number), 15 + 10 * number) for number in range(3)]
    viewers, seen = (desk.chair, workers["voice"]), set[ReviewTrigger]()
    for _ in range(DAYS):
        desk.clock.forward(timedelta(days=1))
        with suppress(StacError):
            something_happens(desk, random, random.choice(cases))
        for acting in viewers:
            context = desk.context(acting)
            figures = list_plans(context).figures
            pages = [view_case(context, reference=case).review.causes for case in cases]
            forward = [{cause.trigger for cause in causes} for causes in pages if is_brought_forward(causes)]
            assert figures.brought_forward == len(forward)
            assert figures.brought_forward_by == Counter(trigger for by in forward for trigger in by)
            seen.update(figures.brought_forward_by)
    assert len(seen) > 2
