"""The facts of a case come from what its viewer sees: orders, police decisions, notices, alarm topics."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.custody import CustodyChange
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.plain_facts import Fact, FactKind
from engine.domain.cases.police_decisions import PoliceAction, PoliceDecisionGiven
from engine.domain.orders.notices import AttemptGiven, NoticeEvent, NoticeGiven, Through
from engine.domain.orders.orders import OrderGiven
from engine.domain.referrals.intake import AlarmTopic
from engine.facts.around import MORE_MAY_BE
from engine.services.cases.views import view_case
from engine.services.orders.notices import record_notice, try_notice
from engine.services.orders.recording import create_order
from engine.services.plans.reviews import record_custody_change, record_police_decision
from engine.services.referrals.incidents import record_incident
from engine.services.referrals.screening import name_people, screen
from engine.services.vault.access_requests import name_safe_contact
from tests.builders import Desk, a_referral, a_screening, an_incident

MADE = "2026-02-02"


@pytest.fixture
def case(desk: Desk) -> str:
    """A case with a contact in January."""
    (reference,) = desk.refer(a_referral(incidents=(an_incident("2026-01-10"),))).referrals
    return reference


def facts(desk: Desk, case: str, by: Acting | None = None) -> tuple[Fact, ...]:
    return view_case(desk.context(by or desk.chair), reference=case).facts


def sentences(desk: Desk, case: str, kind: FactKind) -> list[str]:
    return [fact.says for fact in facts(desk, case) if fact.kind is kind]


def record(desk: Desk, case: str, day: str, **given: object) -> str:
    topics = given.pop("topics", {})
    incident = an_incident(day, **{"kind": IncidentKind.CONTACTING, **given})
    return record_incident(desk.context(desk.chair), reference=case, incident=incident, topics=topics)  # type: ignore[arg-type]


def test_a_contact_after_an_order_is_said_with_the_records_of_both(desk: Desk, case: str) -> None:
    condition = {"code": "no-contact", "means": ["any means"]}
    given = OrderGiven.model_validate({"type": "spo", "made": MADE, "years": 2, "conditions": [condition]})
    order = create_order(desk.context(desk.chair), reference=case, given=given).reference
    assert sentences(desk, case, FactKind.AFTER) == [
        "Recorded: the stalking protection order of 2 February 2026."
    ]
    contact = record(desk, case, "2026-02-20")
    (fact,) = (each for each in facts(desk, case) if each.kind is FactKind.AFTER)
    order_made = "the stalking protection order of 2 February 2026"
    assert (
        fact.says == f"After {order_made}: 1 reported act, the earliest on 20 February 2026, 18 days later."
    )
    assert (set(fact.records), fact.sources) == ({contact, order}, ("stac",))


@pytest.mark.parametrize(
    ("action", "what"),
    [
        (PoliceAction.ARREST, "the arrest"),
        (PoliceAction.NO_ACTION, "the decision of no further action"),
        (PoliceAction.RELEASED, "the release"),
        (PoliceAction.INVESTIGATE, None),
    ],
)
def test_contact_after_a_police_decision_is_said_and_after_an_investigation_is_not(
    desk: Desk, case: str, action: PoliceAction, what: str | None
) -> None:
    entry = record(desk, case, "2026-02-10", kind=IncidentKind.ENTRY)
    decision = PoliceDecisionGiven(
        incident=entry, action=action, decided_by="DS A. Example", decided_on=date(2026, 2, 12), why="Read."
    )
    record_police_decision(desk.context(desk.chair), reference=case, decision=decision)
    record(desk, case, "2026-02-15")
    expected = [
        f"After {what} of 12 February 2026: 1 reported act, the earliest on 15 February 2026, 3 days later."
    ]
    assert sentences(desk, case, FactKind.AFTER) == (expected if what else [])


def test_a_weapon_that_was_answered_yes_is_a_first_and_one_not_asked_is_none(desk: Desk, case: str) -> None:
    record(desk, case, "2026-02-20", kind=IncidentKind.THREAT)
    assert sentences(desk, case, FactKind.FIRST) == ["First recorded threat: 20 February 2026."]
    record(desk, case, "2026-02-25", kind=IncidentKind.THREAT, topics={AlarmTopic.WEAPON: YesNo.YES})
    assert sentences(desk, case, FactKind.FIRST) == [
        "First recorded threat: 20 February 2026, 1 more since.",
        "First recorded weapon: 25 February 2026.",
    ]


def test_a_weapon_of_the_referral_is_not_said_as_a_first_later(desk: Desk) -> None:
    (case,) = desk.refer(a_referral(alarms=(AlarmTopic.WEAPON,), incidents=())).referrals
    assert sentences(desk, case, FactKind.GRAVEST) == [
        "Gravest recorded, each with its latest date: weapon (no full date)."
    ]
    desk.clock.forward(timedelta(days=3))
    record(desk, case, "2026-03-04", kind=IncidentKind.THREAT, topics={AlarmTopic.WEAPON: YesNo.YES})
    assert sentences(desk, case, FactKind.FIRST) == ["First recorded threat: 4 March 2026."]


def test_silence_stands_beside_the_last_notice_and_custody(desk: Desk, case: str) -> None:
    (quiet,) = sentences(desk, case, FactKind.LATEST)
    assert quiet == (
        "Nothing recorded for 51 days, since 10 January 2026; victim last reached: not recorded; "
        "custody: not known. Others may have recorded later acts that you cannot see."
    )
    context = desk.context(desk.chair)
    notice = NoticeGiven(event=NoticeEvent.ARREST, on=date(2026, 3, 1))
    record_notice(context, reference=case, notice=notice)
    reached = AttemptGiven(reached=True, through=Through.OFFICER, on=date(2026, 3, 2), at_time="08:00")
    officer = desk.add("olu", Role.PRACTITIONER, "harbour")
    screen(context.with_agencies(()), reference=case, screening=a_screening())
    name_people(context, reference=case, people=["olu"])
    name_safe_contact(context, reference=case, user="olu")
    try_notice(desk.context(officer), reference=case, number=1, attempt=reached)
    record_custody_change(context, reference=case, change=CustodyChange.RELEASED, on=date(2026, 3, 1))
    (said,) = sentences(desk, case, FactKind.LATEST)
    assert said.endswith(
        ("; victim last reached 2 March 2026; released from custody 1 March 2026. ") + MORE_MAY_BE
    )
    assert view_case(desk.context(desk.chair), reference=case).victim_last_reached == date(2026, 3, 2)


def test_facts_change_with_the_days_alone(desk: Desk, case: str) -> None:
    record(desk, case, "2026-03-01")
    assert sentences(desk, case, FactKind.COUNTS) == [
        "Reported acts: 1 in the last 14 days, none in the 14 before; 1 in the last 28, 1 in "
        "the 28 before; 2 in the last 90, none in the 90 before."
    ]
    desk.clock.forward(timedelta(days=20))
    assert sentences(desk, case, FactKind.COUNTS) == [
        "Reported acts: 1 in the last 28 days, none in the 28 before; 2 in the last 90, none "
        "in the 90 before."
    ]
