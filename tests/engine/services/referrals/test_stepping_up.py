"""Stepping a case up, or reopening it: a person's act, and what it makes of the earlier round."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.access.policy import May
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.lifecycle import Act, State, TriageOutcome
from engine.domain.conference.risk import Level
from engine.domain.errors import (
    ConflictError,
    IllegalTransitionError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from engine.domain.plans.versions import PlanState
from engine.domain.responses.answers import AnswerState
from engine.domain.rights.retention import DESK_OWNER
from engine.services.access import restrictions
from engine.services.accounts import users
from engine.services.cases import worklists
from engine.services.conference import decisions
from engine.services.plans import versions as plan_versions
from engine.services.plans.own_actions import own_actions
from engine.services.referrals import screening, stepping_up
from engine.services.responses import agency_answers, reassessment
from engine.services.rights import retention
from engine.services.system import outbox
from tests.builders import (
    TOY_CODES,
    Desk,
    a_contribution,
    a_decision,
    a_person,
    a_plan,
    a_referral,
    a_screening,
    approve,
    ask_all,
    let_answer,
    with_toys,
)
from tests.engine.services.cases.test_pathway import column, seen

WHY = "A knife was found near the stable."
SINCE = timedelta(days=40)


def referred(desk: Desk, outcome: TriageOutcome | None = TriageOutcome.CONFERENCE, **changes: Any) -> str:
    (reference,) = desk.refer(a_referral(**changes)).referrals
    if outcome is not None:
        screening.screen(desk.context(desk.coordinator), reference=reference, screening=a_screening(outcome))
    return reference


def stepped(
    desk: Desk, reference: str, *, by: Acting | None = None, reason: str = WHY
) -> stepping_up.SteppedUp:
    return stepping_up.step_up(desk.context(by or desk.coordinator), reference=reference, reason=reason)


def ended(desk: Desk, reference: str, act: Act) -> None:
    screening.end_involvement(desk.context(desk.chair), reference=reference, act=act, why="Over.")


def planned(desk: Desk) -> str:
    """A case whose plan is in delivery, with one open action of harbour."""
    reference = referred(desk)
    ask_all(desk, reference)
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    decisions.decide(desk.context(desk.chair), reference=reference, decision=a_decision())
    plan_versions.make_plan(
        desk.context(desk.chair), reference=reference, plan=a_plan(agency="harbour"), agencies=TOY_CODES
    )
    approve(desk, reference)
    return reference


def in_state(desk: Desk, state: State) -> str:
    """A case that came into this state as cases do."""
    if state is State.NOT_SCREENED:
        return referred(desk, None)
    screened_as = {
        State.ADVICE_GIVEN: TriageOutcome.ADVICE,
        State.REDIRECTED: TriageOutcome.REDIRECT,
        State.IN_CONSULTATION: TriageOutcome.CONSULTATION,
        State.SAFEGUARDING_TODAY: TriageOutcome.URGENT,
        State.CLOSED: TriageOutcome.ADVICE,
    }
    if state in {State.IN_DELIVERY, State.IN_FOLLOW_UP}:
        reference = planned(desk)
        if state is State.IN_FOLLOW_UP:
            ended(desk, reference, Act.EXIT)
        return reference
    reference = referred(desk, screened_as.get(state, TriageOutcome.CONFERENCE))
    if state is State.CLOSED:
        ended(desk, reference, Act.CLOSE)
    if state is State.READY_FOR_CONFERENCE:
        answered(desk, reference)
    if state in {State.IN_CONFERENCE, State.DECIDED}:
        decisions.open_conference(desk.context(desk.chair), reference=reference)
    if state is State.DECIDED:
        decisions.decide(desk.context(desk.chair), reference=reference, decision=a_decision())
    return reference


def answered(desk: Desk, reference: str) -> None:
    """Every agency is asked, and releases what it found."""
    ask_all(desk, reference)
    for code in ("lantern", "voice"):
        agency_answers.release(
            desk.context(Acting(user=f"{code}-worker", role=Role.PRACTITIONER, agency=code)),
            reference=reference,
            agency=code,
        )


def waiting_flows(desk: Desk) -> list[tuple[str, str]]:
    found = []
    while row := outbox.take_next(**desk.common, by="test"):
        outbox.finish(**desk.common, item_id=row.id, by="test")
        found.append((row.flow.value, row.subject))
    return found


@pytest.mark.parametrize(
    "state",
    [State.ADVICE_GIVEN, State.REDIRECTED, State.IN_CONSULTATION, State.IN_FOLLOW_UP, State.CLOSED],
)
def test_a_person_brings_it_towards_a_conference_and_its_agencies_are_asked(desk: Desk, state: State) -> None:
    with_toys(desk)
    reference = in_state(desk, state)
    before = seen(desk, reference)
    assert before.state is state
    assert Act.STEP_UP.value in before.allowed_acts
    waiting_flows(desk)
    result = stepped(desk, reference, by=desk.chair)
    assert (result.was, result.state) == (state, State.AGENCIES_ASKED)
    after = seen(desk, reference)
    assert (after.state, after.triage_outcome) == (State.AGENCIES_ASKED, TriageOutcome.CONFERENCE)
    assert after.history[:-1] == before.history
    last = after.history[-1]
    assert (last.act, last.before, last.by, last.why) == ("step up", state, "chair", WHY)
    assert waiting_flows(desk) == [("assess_referral", reference)]
    assert {"cora", "chair", *(f"{code}-worker" for code in TOY_CODES)} <= set(after.people_on_case)


@pytest.mark.parametrize(
    ("state", "instead"),
    [
        (State.NOT_SCREENED, "Screen it first"),
        (State.SAFEGUARDING_TODAY, "record today's safeguarding"),
        (State.AGENCIES_ASKED, "may open the conference without waiting"),
        (State.READY_FOR_CONFERENCE, "the chair opens the conference"),
        (State.IN_CONFERENCE, "record the decision"),
        (State.DECIDED, "write the plan"),
        (State.IN_DELIVERY, "the chair opens the conference again"),
    ],
)
def test_one_on_its_way_is_refused_with_what_to_do_instead(desk: Desk, state: State, instead: str) -> None:
    with_toys(desk)
    reference = in_state(desk, state)
    before = seen(desk, reference)
    assert before.state is state
    assert Act.STEP_UP.value not in before.allowed_acts
    waiting_flows(desk)
    with pytest.raises(IllegalTransitionError, match=instead):
        stepped(desk, reference)
    assert seen(desk, reference).history == before.history
    assert waiting_flows(desk) == []


@pytest.mark.both
def test_of_two_who_step_it_up_the_second_learns_who_was_first(desk: Desk) -> None:
    reference = referred(desk, TriageOutcome.ADVICE)
    stepped(desk, reference)
    with pytest.raises(ConflictError, match="cora"):
        stepped(desk, reference, by=desk.chair)
    with pytest.raises(IllegalTransitionError, match="Agencies are asked"):
        stepped(desk, reference)
    assert [move.act for move in seen(desk, reference).history].count("step up") == 1


@pytest.mark.parametrize("reason", ["", "   ", "Two\nlines.", "long " * 200])
def test_a_reason_is_one_line_that_says_something(desk: Desk, reason: str) -> None:
    reference = referred(desk, TriageOutcome.ADVICE)
    with pytest.raises(InvalidInputError, match="reason: write 1 to 600 characters, on one line"):
        stepped(desk, reference, reason=reason)
    assert seen(desk, reference).state is State.ADVICE_GIVEN


def test_a_practitioner_on_the_case_does_not_step_it_up(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = referred(desk, TriageOutcome.CONSULTATION)
    with pytest.raises(NotPermittedError, match=May.STEP_UP.value):
        stepped(desk, reference, by=workers["harbour"])


def test_a_restricted_case_opens_to_nobody_new_and_does_not_exist_for_others(desk: Desk) -> None:
    with_toys(desk)
    reference = referred(desk, TriageOutcome.ADVICE)
    other = desk.add("cody", Role.COORDINATOR)
    restrictions.restrict(desk.context(desk.chair), reference=reference, why="A party works here.")
    with pytest.raises(NotFoundError):
        stepped(desk, reference, by=other)
    before = seen(desk, reference).people_on_case
    stepped(desk, reference)
    assert seen(desk, reference).people_on_case == before


def test_who_works_the_counter_allegation_is_not_named(desk: Desk) -> None:
    with_toys(desk)
    he, she = a_person(pnc="2001/0000123Y"), a_person("Amira", "Kent", pnc="2003/0000456Q")
    referred(desk)
    reference = referred(desk, TriageOutcome.ADVICE, source_reference="2", perpetrator=she, victim=he)
    desk.add("lantern-second", Role.PRACTITIONER, "lantern")
    stepped(desk, reference)
    assert seen(desk, reference).people_on_case == ("cora", "lantern-second")


def test_an_agency_with_a_person_on_the_case_gets_no_other_until_that_person_left(desk: Desk) -> None:
    with_toys(desk)
    second = desk.add("harbour-second", Role.PRACTITIONER, "harbour")
    reference = referred(desk, None)
    screening.screen(
        desk.context(desk.coordinator),
        reference=reference,
        screening=a_screening(TriageOutcome.CONSULTATION, people=("harbour-worker",)),
    )
    stepped(desk, reference)
    assert second.user not in seen(desk, reference).people_on_case
    ended_again = referred(desk, None, source_reference="2")
    screening.screen(
        desk.context(desk.coordinator),
        reference=ended_again,
        screening=a_screening(TriageOutcome.CONSULTATION, people=("harbour-worker",)),
    )
    users.set_active(desk.context(desk.coordinator), name="harbour-worker", active=False)
    stepped(desk, ended_again)
    assert second.user in seen(desk, ended_again).people_on_case


def test_an_agency_that_answered_before_is_asked_again_and_its_old_answer_says_that_it_is_old(
    desk: Desk,
) -> None:
    workers = with_toys(desk)
    let_answer(desk, "harbour", a_contribution("Two reports were held."))
    let_answer(desk, "lantern", a_contribution("He was known to the service."))
    reference = referred(desk, TriageOutcome.CONSULTATION)
    answered(desk, reference)
    ended(desk, reference, Act.END_CONSULTATION)
    assert column(seen(desk, reference), "harbour").before_step_up is None
    desk.clock.forward(SINCE)
    stepped(desk, reference)
    older = column(seen(desk, reference), "lantern")
    assert older.before_step_up is not None
    assert "is of 2 March 2026. The case was stepped up on 11 April 2026" in older.before_step_up
    desk.clock.forward(timedelta(hours=1))
    let_answer(desk, "harbour", a_contribution("Two reports were held."))  # as before
    let_answer(desk, "lantern", a_contribution("He came to the ward with a knife."))
    ask_all(desk, reference)
    view = seen(desk, reference)
    assert view.state is State.READY_FOR_CONFERENCE
    again = column(view, "harbour")
    assert (again.version, again.at, again.before_step_up) == (1, desk.clock.now(), None)
    old = column(view, "lantern")
    assert [finding.says for finding in old.findings] == ["He was known to the service."]
    assert old.before_step_up is not None
    day = worklists.worklist(desk.context(workers["lantern"]))
    assert [item.reference for item in day.items if item.kind == "release"] == [reference]
    agency_answers.release(desk.context(workers["lantern"]), reference=reference, agency="lantern")
    new = column(seen(desk, reference), "lantern")
    assert (new.state, new.before_step_up) == (AnswerState.CONTRIBUTION, None)
    assert [finding.says for finding in new.findings] == ["He came to the ward with a knife."]


def test_a_restarted_run_after_a_step_up_asks_nobody_twice(desk: Desk) -> None:
    with_toys(desk)
    let_answer(desk, "harbour", a_contribution("Two reports were held."))
    reference = referred(desk, TriageOutcome.CONSULTATION)
    ask_all(desk, reference)
    desk.clock.forward(SINCE)
    stepped(desk, reference)
    let_answer(desk, "harbour", a_contribution("Three reports are held."))
    ask_all(desk, reference)
    let_answer(desk, "harbour", a_contribution("Four reports are held."))
    ask_all(desk, reference)
    assert [finding.says for finding in column(seen(desk, reference), "harbour").findings] == [
        "Three reports are held."
    ]


def test_low_over_an_answer_of_before_the_step_up_needs_it_weighed(desk: Desk) -> None:
    with_toys(desk)
    reference = referred(desk, TriageOutcome.CONSULTATION)
    answered(desk, reference)
    desk.clock.forward(SINCE)
    stepped(desk, reference)
    ask_all(desk, reference)
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    named = [gap.name for gap in seen(desk, reference, desk.chair).gaps]
    assert "answer of before the step up: lantern" in named
    assert "answer of before the step up: harbour" not in named, "its software has answered since"
    with pytest.raises(InvalidInputError, match=r"low over a gap: .*answer of before the step up: lantern"):
        decisions.decide(desk.context(desk.chair), reference=reference, decision=a_decision(Level.LOW))


def test_a_second_round_goes_the_whole_way_and_the_first_stays_in_the_record(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = in_state(desk, State.IN_FOLLOW_UP)
    first = seen(desk, reference)
    assert first.plan is not None
    assert first.plan.state is PlanState.ENDED
    assert own_actions(desk.context(workers["harbour"])).agency_open == 0
    desk.clock.forward(timedelta(days=2))
    stepped(desk, reference)
    between = seen(desk, reference)
    assert between.plan is not None
    assert (between.plan.state, between.plan.is_before_decision) == (PlanState.IN_DELIVERY, False)
    assert own_actions(desk.context(workers["harbour"])).agency_open == 1, "what was left open is due again"
    assert between.decision == first.decision
    ask_all(desk, reference)
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    decisions.decide(desk.context(desk.chair), reference=reference, decision=a_decision(Level.MODERATE))
    plan_versions.make_plan(
        desk.context(desk.chair),
        reference=reference,
        plan=a_plan(agency="lantern", due="2026-03-25", base_version=1),
        agencies=TOY_CODES,
    )
    approve(desk, reference)
    second = seen(desk, reference)
    assert second.state is State.IN_DELIVERY
    assert second.decision != first.decision
    assert [each.reference for each in second.earlier_decisions] == [
        first.decision.reference if first.decision else ""
    ]
    acts = [move.act for move in second.history]
    assert acts[acts.index("exit") :] == [
        "exit",
        "step up",
        "open conference",
        "decide",
        "plan",
        "approve plan",
    ]
    ended(desk, reference, Act.EXIT)
    ended(desk, reference, Act.CLOSE)
    assert stepped(desk, reference).was is State.CLOSED


def test_a_case_that_was_reopened_is_open_for_a_reassessment_and_not_due_for_review(desk: Desk) -> None:
    with_toys(desk)
    let_answer(desk, "harbour", a_contribution("Two reports were held."))
    reference = referred(desk, TriageOutcome.CONSULTATION)
    ask_all(desk, reference)
    ended(desk, reference, Act.END_CONSULTATION)
    desk.clock.forward(timedelta(days=400))
    assert due(desk) == {DESK_OWNER, "harbour"}
    with pytest.raises(InvalidInputError, match="no open case"):
        reassessment.open_batch(desk.context(desk.coordinator), reason="New extracts.")
    stepped(desk, reference)
    assert due(desk) == set()
    assert {part.stands for part in parts(desk)} == {"The case has not ended."}
    assert reassessment.open_batch(desk.context(desk.coordinator), reason="New extracts.")[0].referrals == 1


def parts(desk: Desk) -> tuple[Any, ...]:
    return retention.list_kept(desk.context(desk.chair))


def due(desk: Desk) -> set[str]:
    return {part.owner for part in retention.list_kept(desk.context(desk.chair), only_due=True)}


def test_a_decision_to_erase_of_before_a_reopening_is_void_for_good(desk: Desk) -> None:
    reference = in_state(desk, State.CLOSED)
    common: dict[str, Any] = {"reference": reference, "owner": DESK_OWNER}
    retention.review(desk.context(desk.chair), **common, erase=True, why="No longer needed.")
    desk.clock.forward(SINCE)
    stepped(desk, reference)
    with pytest.raises(InvalidInputError, match="erasure has not been approved"):
        retention.erase(desk.context(desk.coordinator), **common)
    screening.screen(
        desk.context(desk.chair),
        reference=reference,
        screening=a_screening(TriageOutcome.ADVICE, base_version=1),
    )
    desk.clock.forward(SINCE)
    ended(desk, reference, Act.CLOSE)
    (part,) = parts(desk)
    assert (part.decided, part.ended_on) == (None, desk.clock.today())
    assert "Review on" in part.stands
    with pytest.raises(InvalidInputError, match="erasure has not been approved"):
        retention.erase(desk.context(desk.coordinator), **common)
    retention.review(desk.context(desk.chair), **common, erase=True, why="No longer needed.")
    assert retention.erase(desk.context(desk.coordinator), **common).decided_by == "chair"


def test_a_legal_hold_stays_through_a_reopening(desk: Desk) -> None:
    reference = in_state(desk, State.CLOSED)
    retention.hold(desk.context(desk.chair), reference=reference, owner=DESK_OWNER, why="An inquest.")
    desk.clock.forward(SINCE)
    stepped(desk, reference)
    assert [part.is_held for part in parts(desk)] == [True]


def test_an_erased_referral_is_not_reopened_and_an_agency_whose_part_was_erased_is_asked_anew(
    desk: Desk,
) -> None:
    workers = with_toys(desk)
    second = desk.add("harbour-second", Role.PRACTITIONER, "harbour")
    let_answer(desk, "harbour", a_contribution("Two reports were held."))
    reference = referred(desk, TriageOutcome.CONSULTATION)
    ask_all(desk, reference)
    ended(desk, reference, Act.END_CONSULTATION)
    of_harbour: dict[str, Any] = {"reference": reference, "owner": "harbour"}
    retention.review(desk.context(workers["harbour"]), **of_harbour, erase=True, why="Not needed.")
    first = retention.erase(desk.context(second), **of_harbour)
    desk.clock.forward(SINCE)
    stepped(desk, reference)
    ask_all(desk, reference)
    assert column(seen(desk, reference), "harbour").state is AnswerState.CONTRIBUTION
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    decisions.decide(desk.context(desk.chair), reference=reference, decision=a_decision())
    ended(desk, reference, Act.EXIT)
    ended(desk, reference, Act.CLOSE)
    retention.review(desk.context(workers["harbour"]), **of_harbour, erase=True, why="Not needed.")
    again = retention.erase(desk.context(second), **of_harbour)
    assert again.reference != first.reference
    assert column(seen(desk, reference), "harbour").state is AnswerState.ERASED
    of_desk: dict[str, Any] = {"reference": reference, "owner": DESK_OWNER}
    retention.review(desk.context(desk.chair), **of_desk, erase=True, why="Not needed.")
    gone = retention.erase(desk.context(desk.coordinator), **of_desk)
    with pytest.raises(InvalidInputError, match=f"its record was erased .{gone.reference}.; import a new"):
        stepped(desk, reference)
