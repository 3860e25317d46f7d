"""Reviews: why one is due for a viewer, what changed for them since the last, and how a person closes one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.directory import INVESTIGATION, AgencyKnown
from engine.domain.cases.custody import CustodyChange
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.police_decisions import PoliceAction, PoliceDecisionGiven
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.plans.actions import ActionStatus
from engine.domain.plans.approval import Need, NeedSignedNot, WhyNot
from engine.domain.plans.changes import ChangeKind, ReviewOnCase
from engine.domain.plans.reviews import ReviewTrigger
from engine.domain.sharing import AudienceKind, Grounds, RuleGiven, VisibilityToOthers
from engine.services.access.restrictions import restrict
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.conference import decisions
from engine.services.plans import actions as plan_actions
from engine.services.plans import versions as plan_versions
from engine.services.plans.approval import sign_why_not
from engine.services.plans.lists import list_plans
from engine.services.plans.review_worklist import REVIEW_DUE
from engine.services.plans.reviews import close_review, record_custody_change, record_police_decision
from engine.services.referrals import incidents as referral_incidents
from engine.services.referrals import screening
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
from tests.prepared import prepared

REVIEW_ON = "2026-03-30"
DAY = timedelta(days=1)


@pytest.fixture
def workers(desk: Desk) -> dict[str, Acting]:
    return with_toys(desk)


@pytest.fixture
def case(desk: Desk, workers: dict[str, Acting]) -> str:
    """A case in delivery: decided with a review date, and planned."""
    return prepared(desk, _in_delivery, desk, workers)


def _in_delivery(desk: Desk, workers: dict[str, Acting]) -> str:
    (reference,) = desk.refer(a_referral()).referrals
    people = tuple(worker.user for worker in workers.values())
    screening.screen(
        desk.context(desk.coordinator), reference=reference, screening=a_screening(people=people)
    )
    here: dict[str, Any] = {"context": desk.context(desk.chair), "reference": reference}
    decisions.open_conference(**here)
    decisions.decide(**here, decision=a_decision(review_on=REVIEW_ON))
    plan_versions.make_plan(**here, plan=a_plan(agency="harbour"), agencies=TOY_CODES)
    approve(desk, reference)
    desk.clock.forward(DAY)
    return reference


def seen(desk: Desk, reference: str, acting: Acting | None = None) -> ReviewOnCase:
    return view_case(desk.context(acting or desk.chair), reference=reference).review


def incident(desk: Desk, reference: str, kind: IncidentKind, by: Acting | None = None) -> str:
    return referral_incidents.record_incident(
        desk.context(by or desk.coordinator),
        reference=reference,
        incident=an_incident("2026-03-02", kind=kind),
    )


def lines(desk: Desk, acting: Acting) -> dict[str, str]:
    found = worklist(desk.context(acting)).items
    return {item.reference: item.why for item in found if item.kind == REVIEW_DUE}


def triggers(review: ReviewOnCase) -> list[ReviewTrigger]:
    return [cause.trigger for cause in review.causes]


def test_before_its_date_no_review_is_due_and_nothing_is_listed(desk: Desk, case: str) -> None:
    review = seen(desk, case)
    assert (review.review_on, review.why_due) == (date.fromisoformat(REVIEW_ON), None)
    assert review.since_what == "the decision of 2 March 2026"
    assert lines(desk, desk.chair) == lines(desk, desk.coordinator) == {}


def test_a_scheduled_review_is_due_on_its_date(desk: Desk, case: str) -> None:
    desk.clock.forward(27 * DAY)
    assert "Review due today." in (seen(desk, case).why_due or "")
    assert "Review due today." in lines(desk, desk.chair)[case]
    assert "Review due today." in lines(desk, desk.coordinator)[case]


def test_a_line_of_the_worklist_has_its_lateness_beside_the_reason_and_the_case_page_in_it(
    desk: Desk, case: str
) -> None:
    desk.clock.forward(29 * DAY)
    (line,) = (each for each in worklist(desk.context(desk.chair)).items if each.kind == REVIEW_DUE)
    assert line.is_overdue
    assert "Scheduled review." in line.why
    assert "Review overdue" not in line.why
    assert "Review overdue since 30 March 2026." in (seen(desk, case).why_due or "")


def test_a_new_incident_brings_the_review_forward_and_says_why(desk: Desk, case: str) -> None:
    added = incident(desk, case, IncidentKind.CONTACTING)
    review = seen(desk, case)
    assert review.why_due == (
        "Review brought forward (planned for 30 March 2026): New incident (contacting), 2 March 2026."
    )
    assert review.causes[0].record == added
    assert lines(desk, desk.chair) == {case: review.why_due}


def test_a_breach_a_missed_action_and_a_release_each_bring_it_forward(desk: Desk, case: str) -> None:
    incident(desk, case, IncidentKind.BREACH)
    record_custody_change(
        desk.context(desk.chair), reference=case, change=CustodyChange.RELEASED, on=date(2026, 3, 3)
    )
    assert triggers(seen(desk, case)) == [ReviewTrigger.BREACH, ReviewTrigger.RELEASED]
    desk.clock.forward(25 * DAY)
    assert ReviewTrigger.MISSED_ACTION in triggers(seen(desk, case))
    assert "days overdue" in lines(desk, desk.chair)[case]


def test_an_action_not_done_and_a_victim_not_in_contact_are_on_the_worklist_too(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    (action,) = plan_versions_actions(desk, case)
    plan_actions.act(
        desk.context(workers["harbour"]), action=action, status=ActionStatus.NOT_DONE, note="No officer."
    )
    assert lines(desk, desk.chair)[case] == seen(desk, case).why_due
    assert triggers(seen(desk, case)) == [ReviewTrigger.MISSED_ACTION]
    desk.clock.forward(DAY)
    close_review(desk.context(desk.chair), reference=case, decided="So.", next_on=date(2026, 4, 20))
    assert lines(desk, desk.chair) == {}
    desk.clock.forward(DAY)
    signed = NeedSignedNot(
        need=Need.VICTIMS_WISHES, plan_version=1, why=WhyNot.NOT_IN_CONTACT, says="No answer."
    )
    sign_why_not(desk.context(desk.chair), reference=case, need=signed)
    assert triggers(seen(desk, case)) == [ReviewTrigger.NO_CONTACT]
    assert lines(desk, desk.chair)[case] == seen(desk, case).why_due


def test_the_list_of_plans_has_the_date_and_the_reasons_of_the_case(desk: Desk, case: str) -> None:
    """What is listed is read for many cases at once, so it must agree with the case itself."""
    (plan,) = list_plans(desk.context(desk.chair)).plans
    assert (plan.review_due, plan.brought_forward(), plan.not_decided) == (
        date.fromisoformat(REVIEW_ON),
        None,
        (),
    )
    close_review(desk.context(desk.chair), reference=case, decided="So.", next_on=date(2026, 4, 20))
    (plan,) = list_plans(desk.context(desk.chair)).plans
    assert plan.review_due == date(2026, 4, 20)
    desk.clock.forward(DAY)
    first, second = (incident(desk, case, kind) for kind in (IncidentKind.BREACH, IncidentKind.GIFT))
    review = seen(desk, case)
    listed = list_plans(desk.context(desk.chair))
    (plan,) = listed.plans
    assert (plan.review, plan.review_due) == (date(2026, 4, 20), desk.clock.today())
    assert plan.review_causes == review.causes
    assert {cause.record for cause in plan.review_causes} == {first, second}
    assert plan.not_decided == review.not_decided
    assert plan.brought_forward(most=1) == (
        "Brought forward from 20 April 2026 because: Breach of an order, 2 March 2026. And 1 more."
    )
    assert (listed.figures.brought_forward, listed.figures.this_week.reviews) == (1, 1)
    record_police_decision(desk.context(desk.chair), reference=case, decision=a_police_decision(first))
    (plan,) = list_plans(desk.context(desk.chair)).plans
    assert plan.not_decided == ()


def test_a_manager_sees_the_date_of_a_review_and_not_what_brought_it_forward(desk: Desk, case: str) -> None:
    incident(desk, case, IncidentKind.BREACH)
    listed = list_plans(desk.context(desk.add("max", Role.MANAGER)))
    (plan,) = listed.plans
    assert (plan.review_due, plan.review_causes, plan.not_decided) == (date.fromisoformat(REVIEW_ON), (), ())
    assert listed.figures.brought_forward == 0


def test_two_incidents_of_one_crime_reference_are_one_in_the_list_as_on_the_case(
    desk: Desk, case: str
) -> None:
    for day in ("2026-03-01", "2026-03-02"):
        referral_incidents.record_incident(
            desk.context(desk.coordinator),
            reference=case,
            incident=an_incident(day, kind=IncidentKind.THREAT, crime_reference="CR/0815"),
        )
    (plan,) = list_plans(desk.context(desk.chair)).plans
    review = seen(desk, case)
    assert len(plan.not_decided) == 1
    assert (plan.not_decided, plan.review_causes) == (review.not_decided, review.causes)


def test_an_escalation_that_falls_silent_brings_it_forward(desk: Desk, workers: dict[str, Acting]) -> None:
    days: tuple[str, ...] = (
        "2025-09-01",
        "2025-11-15",
        "2026-01-02",
        "2026-01-28",
        "2026-02-11",
        "2026-02-20",
        "2026-02-25",
    )
    days += ("2026-02-27", "2026-02-28", "2026-03-01")
    (reference,) = desk.refer(a_referral(incidents=tuple(map(an_incident, days)))).referrals
    screening.screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    here: dict[str, Any] = {"context": desk.context(desk.chair), "reference": reference}
    decisions.open_conference(**here)
    decisions.decide(**here, decision=a_decision(review_on="2026-06-30"))
    desk.clock.forward(26 * DAY)
    assert lines(desk, desk.chair) == {}
    desk.clock.forward(DAY)
    said = "No report for 28 days after reports had come faster. Silence is not safety."
    assert said in (seen(desk, reference).why_due or "")
    assert said in lines(desk, desk.chair)[reference]
    close_review(**here, decided="The silence was considered.", next_on=date(2026, 6, 30))
    assert seen(desk, reference).why_due is None


def test_a_review_is_closed_with_a_sentence_and_the_next_date(desk: Desk, case: str) -> None:
    incident(desk, case, IncidentKind.CONTACTING)
    desk.clock.forward(DAY)
    closed = close_review(
        desk.context(desk.coordinator),
        reference=case,
        decided="The plan continues.",
        next_on=date(2026, 4, 20),
    )
    review = seen(desk, case)
    assert review.reviews == (closed,)
    assert (review.review_on, review.why_due, review.changes) == (date(2026, 4, 20), None, ())
    assert review.since_what == "the last review, 4 March 2026"
    assert lines(desk, desk.chair) == {}
    desk.clock.forward(DAY)
    incident(desk, case, IncidentKind.GIFT)
    assert triggers(seen(desk, case)) == [ReviewTrigger.INCIDENT]


def test_a_later_decision_sets_the_date_of_the_review_again(desk: Desk, case: str) -> None:
    here: dict[str, Any] = {"context": desk.context(desk.chair), "reference": case}
    close_review(**here, decided="The plan continues.", next_on=date(2026, 4, 20))
    desk.clock.forward(DAY)
    decisions.open_conference(**here)
    decisions.decide(**here, decision=a_decision(review_on="2026-05-01"))
    assert seen(desk, case).review_on == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"decided": " ", "next_on": date(2026, 4, 20)}, "decision: write"),
        ({"decided": "So.", "next_on": date(2026, 3, 1)}, "before today"),
        ({"decided": "So.", "next_on": date(2046, 3, 1)}, "years ahead"),
    ],
)
def test_a_review_is_not_closed_without_a_sentence_and_a_coming_date(
    given: dict[str, Any], sentence: str, desk: Desk, case: str
) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        close_review(desk.context(desk.chair), reference=case, **given)


def test_what_no_panel_has_decided_is_not_reviewed(desk: Desk, workers: dict[str, Acting]) -> None:
    (reference,) = desk.refer(a_referral()).referrals
    with pytest.raises(InvalidInputError, match="no decision of a panel"):
        close_review(desk.context(desk.chair), reference=reference, decided="So.", next_on=date(2026, 4, 20))
    assert seen(desk, reference).since is None


def test_what_changed_is_listed_newest_first_each_with_its_record(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    added = incident(desk, case, IncidentKind.THREAT)
    desk.clock.forward(DAY)
    (action,) = plan_versions_actions(desk, case)
    plan_actions.act(desk.context(workers["harbour"]), action=action, status=ActionStatus.DONE)
    desk.clock.forward(DAY)
    record_police_decision(desk.context(desk.chair), reference=case, decision=a_police_decision(added))
    changes = seen(desk, case).changes
    kinds = [(change.kind, change.record) for change in changes]
    assert kinds[:3] == [
        (ChangeKind.POLICE_DECISION, added),
        (ChangeKind.ACTION, action),
        (ChangeKind.INCIDENT, added),
    ]
    assert [change.at for change in changes] == sorted((c.at for c in changes), reverse=True)


def plan_versions_actions(desk: Desk, case: str) -> list[str]:
    plan = view_case(desk.context(desk.chair), reference=case).plan
    assert plan is not None
    return [action.reference for action in plan.actions]


def a_police_decision(incident: str) -> PoliceDecisionGiven:
    return PoliceDecisionGiven(
        incident=incident,
        action=PoliceAction.ARREST,
        decided_by="DS A. Example",
        decided_on=date(2026, 3, 3),
        why="Two breaches in a week.",
    )


@pytest.mark.parametrize("kind", [IncidentKind.BREACH, IncidentKind.THREAT, IncidentKind.ENTRY])
def test_a_crime_stays_on_top_until_a_police_decision_is_recorded(
    kind: IncidentKind, desk: Desk, case: str
) -> None:
    added = incident(desk, case, kind)
    (undecided,) = seen(desk, case).not_decided
    assert undecided.in_words == (
        f"No police decision is recorded on the {kind.value}, 2 March 2026 ({added})."
    )
    close_review(desk.context(desk.chair), reference=case, decided="So.", next_on=date(2026, 4, 20))
    assert seen(desk, case).not_decided == (undecided,)
    record_police_decision(desk.context(desk.chair), reference=case, decision=a_police_decision(added))
    review = seen(desk, case)
    assert review.not_decided == ()
    assert [decision.action for decision in review.police_decisions] == [PoliceAction.ARREST]


def test_another_kind_of_incident_needs_no_police_decision(desk: Desk, case: str) -> None:
    added = incident(desk, case, IncidentKind.GIFT)
    assert seen(desk, case).not_decided == ()
    with pytest.raises(InvalidInputError, match="no police decision is awaited"):
        record_police_decision(desk.context(desk.chair), reference=case, decision=a_police_decision(added))


def test_of_practitioners_only_the_investigating_agency_records_a_police_decision(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    added = incident(desk, case, IncidentKind.BREACH)
    agencies = [_investigating(agency) for agency in desk.runtime.agencies_known]
    with pytest.raises(NotPermittedError, match="the agency that investigates"):
        record_police_decision(
            desk.context(workers["lantern"]).with_agencies(agencies),
            reference=case,
            decision=a_police_decision(added),
        )
    record_police_decision(
        desk.context(workers["harbour"]).with_agencies(agencies),
        reference=case,
        decision=a_police_decision(added),
    )
    assert seen(desk, case).not_decided == ()


def _investigating(agency: AgencyKnown) -> AgencyKnown:
    return agency.model_copy(update={"seat": INVESTIGATION}) if agency.code == "harbour" else agency


@pytest.mark.parametrize(
    ("change", "on"),
    [
        (CustodyChange.RELEASED, date(2026, 3, 4)),
        (CustodyChange.TAKEN, date(2026, 3, 4)),
        (CustodyChange.RELEASE_PLANNED, date(2026, 3, 2)),
    ],
)
def test_a_change_of_custody_has_happened_and_a_planned_one_has_not(
    change: CustodyChange, on: date, desk: Desk, case: str
) -> None:
    with pytest.raises(InvalidInputError):
        record_custody_change(desk.context(desk.chair), reference=case, change=change, on=on)


def test_an_incident_that_its_owner_hides_is_no_reason_no_change_and_no_breach_for_others(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    before = {name: seen(desk, case, acting) for name, acting in workers.items()}
    added = incident(desk, case, IncidentKind.BREACH, by=workers["lantern"])
    rule = RuleGiven(
        item=added,
        audience=AudienceKind.OWNER,
        otherwise=VisibilityToOthers.HIDE,
        grounds=Grounds(purpose="case work"),
        why="Told in confidence.",
    )
    set_incident_rule(desk.context(workers["lantern"]), reference=case, rule=rule)
    assert seen(desk, case, workers["lantern"]).not_decided[0].incident == added
    for name in ("harbour", "voice"):
        assert seen(desk, case, workers[name]) == before[name]
    assert added not in seen(desk, case).model_dump_json()
    assert lines(desk, desk.chair) == {}
    for viewer, is_shown in ((desk.chair, False), (workers["harbour"], False), (workers["lantern"], True)):
        (plan,) = list_plans(desk.context(viewer)).plans
        assert (bool(plan.not_decided), bool(plan.review_causes)) == (is_shown, is_shown)
    with pytest.raises(InvalidInputError, match="no police decision is awaited"):
        record_police_decision(desk.context(desk.chair), reference=case, decision=a_police_decision(added))


def test_a_restricted_case_has_no_line_for_a_coordinator_and_is_not_found(desk: Desk, case: str) -> None:
    desk.clock.forward(27 * DAY)
    restrict(desk.context(desk.chair), reference=case, why="A party works here.")
    other = desk.add("other-coordinator", desk.coordinator.role)
    assert lines(desk, other) == {}
    assert case in lines(desk, desk.chair)
    for tried in (
        lambda: close_review(desk.context(other), reference=case, decided="So.", next_on=date(2026, 4, 20)),
        lambda: record_police_decision(
            desk.context(other), reference=case, decision=a_police_decision("I-7K3M9QV")
        ),
    ):
        with pytest.raises((NotFoundError, InvalidInputError)):
            tried()
