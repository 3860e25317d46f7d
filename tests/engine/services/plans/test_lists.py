"""The list of plans: what a viewer may see, in how many queries, and what a manager is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, event, insert
from sqlmodel import col

from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.lifecycle import Act, State
from engine.domain.errors import NotPermittedError
from engine.domain.plans.actions import ActionStatus, PlanGiven, PlannedAction
from engine.domain.plans.approval import AcceptedConflict, ApprovalGiven, Need, NeedSignedNot, WhyNot
from engine.domain.plans.lists import ListedBy, PlanFilter, Wishes, sunday_of
from engine.domain.plans.versions import PlanState
from engine.services.access import restrictions
from engine.services.conference import decisions
from engine.services.plans.actions import act, undo_report
from engine.services.plans.approval import approve_plan, sign_why_not
from engine.services.plans.conflicts import conflicts_on
from engine.services.plans.library import library
from engine.services.plans.lists import WRITTEN_BY_HAND, list_plans
from engine.services.plans.own_actions import own_actions
from engine.services.plans.versions import make_plan
from engine.services.referrals import screening
from engine.store.repositories.access.visibility import EVERYTHING
from engine.store.tables.cases.involvements import CaseMemberRow
from tests.attacks.test_forged_sign_ins import past_the_software
from tests.builders import (
    MONDAY,
    SAFE_HOUSE,
    TOY_CODES,
    Desk,
    a_decision,
    a_desk,
    a_referral,
    a_screening,
    with_toys,
)
from tests.differential import statements_of

pytestmark = pytest.mark.whose_is_said


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as made:
        yield made


@pytest.fixture
def workers(desk: Desk) -> dict[str, Acting]:
    return with_toys(desk)


def an_action(**changes: Any) -> PlannedAction:
    given = {"what": "Check home security.", "agency": "harbour", "owner": "A. Officer", "due": "2026-03-20"}
    return PlannedAction.model_validate({**given, **changes})


def a_case(desk: Desk, number: str = "1", **changes: Any) -> str:
    """A decided case, open to every toy's practitioner."""
    (reference,) = desk.refer(a_referral(number, **changes)).referrals
    people = tuple(f"{code}-worker" for code in TOY_CODES)
    screening.screen(
        desk.context(desk.coordinator), reference=reference, screening=a_screening(people=people)
    )
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    decisions.decide(
        desk.context(desk.chair), reference=reference, decision=a_decision(review_on="2026-04-01")
    )
    return reference


def planned(desk: Desk, reference: str, *actions: PlannedAction, version: int = 0, **changes: Any) -> None:
    """One more version of its plan."""
    plan = PlanGiven(actions=actions, reason="Agreed.", base_version=version, **changes)
    make_plan(desk.context(desk.chair), reference=reference, plan=plan, agencies=TOY_CODES)


def test_a_plan_is_listed_with_its_actions_people_and_review(desk: Desk, workers: dict[str, Acting]) -> None:
    case = a_case(desk)
    planned(desk, case, an_action(serves="violence"), an_action(due="2026-03-09", owner="B. Other"))
    listed = list_plans(desk.context(desk.coordinator))
    (plan,) = listed.plans
    assert (plan.case, plan.version, plan.state) == (case, 1, PlanState.DRAFT)
    assert (plan.victim, plan.perpetrator, plan.perpetrator_status) == ("Amira K.", "Daniel R.", "alleged")
    assert str(plan.review) == "2026-04-01"
    assert [action.owner for action in plan.actions] == ["B. Other", "A. Officer"]
    assert plan.wishes is Wishes.NOT_RECORDED
    assert plan.departs_from_wishes is None


def test_a_draft_delivers_nothing_but_its_urgent_actions(desk: Desk, workers: dict[str, Acting]) -> None:
    urgent = an_action(what="Warn the victim.", is_urgent=True, due="2026-03-02")
    planned(desk, a_case(desk), an_action(due="2026-03-02"), urgent)
    desk.clock.forward(timedelta(days=2))
    (plan,) = list_plans(desk.context(desk.chair), wanted=PlanFilter(to_do=True)).plans
    assert [(action.what, action.overdue) for action in plan.actions] == [("Warn the victim.", True)]
    assert plan.others == 1
    assert list_plans(desk.context(desk.chair)).figures.overdue == 1


def approved(desk: Desk, reference: str, version: int) -> None:
    """The chair signs why each need is not met, and approves."""
    context = desk.context(desk.chair)
    for need in (Need.ADVOCATES_VIEW, Need.VICTIMS_WISHES, Need.SAFETY_CHECK):
        signed = NeedSignedNot(
            need=need, plan_version=version, why=WhyNot.NOT_IN_CONTACT, says="No contact yet."
        )
        sign_why_not(context, reference=reference, need=signed)
    accepted = tuple(
        AcceptedConflict(conflict=each.key, because="Accepted in a test.")
        for each in conflicts_on(context, reference=reference)
    )
    given = ApprovalGiven(version=version, accepted=accepted)
    approve_plan(context, reference=reference, approval=given)


def test_an_approved_version_is_listed_until_a_newer_one_is_approved(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    case = a_case(desk)
    planned(desk, case, an_action(), asks_approval=True)
    approved(desk, case, 1)
    (plan,) = list_plans(desk.context(desk.chair)).plans
    assert (plan.state, plan.in_delivery) == (PlanState.IN_DELIVERY, 1)
    changed = an_action(reference=plan.actions[0].reference, what="Changed.", due="2026-04-10")
    planned(desk, case, changed, an_action(what="Urgent.", is_urgent=True), version=1)
    (plan,) = list_plans(desk.context(desk.chair)).plans
    assert (plan.state, plan.version, plan.in_delivery) == (PlanState.DRAFT, 2, 1)
    assert {action.what for action in plan.actions} == {"Check home security.", "Urgent."}
    assert plan.not_recorded_because is WhyNot.NOT_IN_CONTACT
    approved(desk, case, 2)
    (plan,) = list_plans(desk.context(desk.chair)).plans
    assert {action.what for action in plan.actions} == {"Changed.", "Urgent."}


def test_the_lines_say_what_the_plan_in_full_says(desk: Desk, workers: dict[str, Acting]) -> None:
    """What is counted and what is drawn are read apart, so they must agree."""
    case = a_case(desk)
    planned(desk, case, an_action(), an_action(what="Warn.", is_urgent=True), asks_approval=True)
    approved(desk, case, 1)
    first, second = _references(desk, case)
    act(desk.context(desk.chair), action=first, status=ActionStatus.DONE)
    undo_report(desk.context(desk.chair), action=first)
    act(desk.context(desk.chair), action=second, status=ActionStatus.IN_PROGRESS)
    planned(desk, case, an_action(reference=first, due="2026-04-10"), version=1)
    with desk.runtime.uow.unrecorded() as work:
        stored = work.plans.of([case])[case]
        (line,) = work.plan_lines.of_cases(EVERYTHING, states=list(State))
    assert line.state is stored.state(State.IN_DELIVERY)
    assert {(a.reference, a.due, a.status, a.agency, a.owner, a.is_urgent) for a in line.actions} == {
        (a.reference, a.due, a.status, a.agency, a.owner, a.is_urgent) for a in stored.live
    }


def _references(desk: Desk, case: str) -> list[str]:
    with desk.runtime.uow.unrecorded() as work:
        return [action.reference for action in work.plans.of([case])[case].live]


def test_a_text_with_a_protected_detail_is_masked(desk: Desk, workers: dict[str, Acting]) -> None:
    planned(desk, a_case(desk), an_action(what=f"Visit {SAFE_HOUSE} on Monday."))
    (plan,) = list_plans(desk.context(workers["harbour"])).plans
    assert plan.actions[0].what == "Visit [protected] on Monday."


def test_a_practitioner_lists_only_cases_that_name_them(desk: Desk, workers: dict[str, Acting]) -> None:
    planned(desk, a_case(desk), an_action())
    outsider = desk.add("outsider", Role.PRACTITIONER, "harbour")
    assert list_plans(desk.context(outsider)).total == 0
    assert list_plans(desk.context(workers["harbour"])).total == 1


def test_a_manager_sees_references_and_counts_without_names_or_texts(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    case = a_case(desk)
    planned(desk, case, an_action(evidence="Locks changed."), departs_from_wishes="A risk to life.")
    listed = list_plans(desk.context(desk.add("max", Role.MANAGER)))
    (plan,) = listed.plans
    assert plan.case == case
    assert plan.actions[0].what == WRITTEN_BY_HAND
    said = listed.model_dump_json()
    for text in ("Amira", "Daniel", "A. Officer", "home security", "Locks", "risk to life", "Agreed"):
        assert text not in said


def test_a_manager_sees_the_title_of_the_library_whatever_was_made_of_it(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    item = library().actions[0]
    changed = an_action(what="Ask Amira.", library=library().reference(item.code))
    planned(desk, a_case(desk), changed)
    (plan,) = list_plans(desk.context(desk.add("max", Role.MANAGER))).plans
    assert plan.actions[0].what == item.title


def test_a_manager_named_on_a_restricted_case_sees_nothing_of_it(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    case = a_case(desk)
    planned(desk, case, an_action())
    manager = desk.add("max", Role.MANAGER)
    screening.name_people(desk.context(desk.coordinator), reference=case, people=["max"])
    restrictions.restrict(desk.context(desk.chair), reference=case, why="A party works for an agency.")
    assert list_plans(desk.context(manager)).figures.plans == 0
    assert list_plans(desk.context(desk.chair)).figures.plans == 1


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.DATA_PROTECTION, Role.SYSTEM])
def test_whoever_works_no_case_and_manages_none_lists_no_plan(desk: Desk, role: Role) -> None:
    acting = Acting(user="x", role=role)
    with pytest.raises(NotPermittedError, match="list plans"):
        list_plans(desk.context(acting))


def test_an_ended_plan_is_listed_only_where_that_state_is_chosen(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    case = a_case(desk)
    planned(desk, case, an_action())
    screening.end_involvement(desk.context(desk.chair), reference=case, act=Act.EXIT, why="It is over.")
    context = desk.context(desk.chair)
    assert (list_plans(context).total, list_plans(context).figures.plans) == (0, 0)
    assert [plan.case for plan in list_plans(context, wanted=PlanFilter(state=PlanState.ENDED)).plans] == [
        case
    ]


def test_an_action_that_a_newer_version_left_out_is_listed_no_more(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    case = a_case(desk)
    planned(desk, case, an_action(), an_action(what="Left out."))
    planned(desk, case, an_action(what="New."), version=1)
    (plan,) = list_plans(desk.context(desk.chair)).plans
    assert [action.what for action in plan.actions] == ["New."]


def test_a_page_of_plans_takes_the_same_queries_whatever_their_number(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    planned(desk, a_case(desk, "1"), an_action())
    desk.runtime.uow.derive_all()
    with _counted(desk) as few:
        list_plans(desk.context(desk.chair))
    for number in range(2, 7):
        planned(desk, a_case(desk, str(number)), an_action(), an_action(due="2026-03-25"))
    with _counted(desk) as many:
        list_plans(desk.context(desk.chair))
    assert len(many) == len(few)


@contextmanager
def _counted(desk: Desk) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(*given: object) -> None:
        asked.append(str(given[2]))

    engine = desk.runtime.uow._engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_pages_do_not_overlap_and_miss_nothing(desk: Desk, workers: dict[str, Acting]) -> None:
    cases = [a_case(desk, str(number)) for number in range(1, 6)]
    for number, case in enumerate(cases):
        planned(desk, case, an_action(due=f"2026-03-{20 - number}"))
    context = desk.context(desk.chair)
    pages = [list_plans(context, first=first, count=2) for first in (0, 2, 4)]
    assert [plan.case for page in pages for plan in page.plans] == cases[::-1]
    assert {page.total for page in pages} == {5}


def test_by_owner_lists_each_action_alone(desk: Desk, workers: dict[str, Acting]) -> None:
    planned(desk, a_case(desk), an_action(agency="lantern"), an_action())
    listed = list_plans(desk.context(desk.chair), listed_by=ListedBy.OWNER)
    assert [[a.agency for a in plan.actions] for plan in listed.plans] == [["harbour"], ["lantern"]]
    assert listed.total == 2


def test_own_actions_are_those_of_the_person_and_the_agencys_are_counted(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    mine = an_action(what="Mine.", owner_user="harbour-worker", is_urgent=True)
    others = an_action(what="Another's.", is_urgent=True)
    planned(desk, a_case(desk), mine, others, an_action(agency="lantern", is_urgent=True))
    own = own_actions(desk.context(workers["harbour"]))
    assert [row.actions[0].what for row in own.actions] == ["Mine."]
    assert own.agency_open == 2
    act(
        desk.context(workers["harbour"]), action=own.actions[0].actions[0].reference, status=ActionStatus.DONE
    )
    after = own_actions(desk.context(workers["harbour"]))
    assert (after.actions, after.agency_open) == ((), 1)


def test_of_own_actions_the_first_are_read_in_full_and_all_are_counted(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    today, mine = desk.clock.today(), {"owner_user": "harbour-worker", "is_urgent": True}
    for number in range(3):
        due = [today + timedelta(days=days) for days in (number, 6 - today.weekday(), 9)]
        actions = (an_action(what=f"{day}", due=str(day), **mine) for day in due)
        planned(desk, a_case(desk, str(number)), *actions)
    desk.clock.forward(timedelta(days=1))
    context = desk.context(workers["harbour"])
    whole, today = own_actions(context), desk.clock.today()
    due = [row.actions[0].due for row in whole.actions]
    assert due == sorted(due)
    assert (whole.total, whole.cases, whole.overdue) == (9, 3, sum(day < today for day in due))
    assert whole.due_this_week == sum(today <= day <= sunday_of(today) for day in due) > 0
    for most in (0, 4, 9, 20):
        cut = own_actions(context, most=most)
        assert cut == whole.model_copy(update={"actions": whole.actions[:most]})


def test_only_the_rows_that_name_a_person_on_the_plans_found_are_checked(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    """A restricted case opens by a row with its check, and not by one that was written past the software."""
    case, olga = a_case(desk), desk.context(desk.add("olga", Role.COORDINATOR))
    planned(desk, case, an_action())
    restrictions.restrict(desk.context(desk.chair), reference=case, why="A colleague is named.")
    chair = desk.context(desk.chair)
    assert [plan.case for plan in list_plans(chair).plans] == [case]
    nothing = list_plans(olga)
    row = {"id": 777, "involvement_id": 1, "user_name": "olga", "named_by": "cora", "at": MONDAY}
    past_the_software(desk, insert(CaseMemberRow).values(row))
    with statements_of(desk) as statements:
        assert list_plans(olga) == nothing
    assert not nothing.plans
    assert not [each for each in statements if "group_concat" in each or "string_agg" in each]
    past_the_software(desk, delete(CaseMemberRow).where(col(CaseMemberRow.id) == 777))
    screening.name_people(chair, reference=case, people=["olga"])
    assert [plan.case for plan in list_plans(olga).plans] == [case]
    assert list_plans(olga).figures == list_plans(chair).figures


def test_own_actions_and_changes_on_their_cases_are_proven_in_one_statement(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    """Of both, each case is found by a row that names the person, whose check is made once."""
    planned(desk, a_case(desk), an_action(owner_user="harbour-worker", is_urgent=True))
    context = desk.context(workers["harbour"])
    own = own_actions(context)
    assert own.total == 1
    assert own.changes
    with statements_of(desk) as statements:
        own_actions(context)
    assert sum("JOIN case_member" in each and "keyed_check" in each for each in statements) == 1


def test_only_a_practitioner_has_own_actions(desk: Desk) -> None:
    with pytest.raises(NotPermittedError):
        own_actions(desk.context(desk.chair))
