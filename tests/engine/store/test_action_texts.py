"""Cases with open actions are found without their plans, as with them, in every history."""

from __future__ import annotations

from itertools import product

import pytest

from engine.domain.plans.actions import OPEN_STATUSES, ActionStatus, PlannedAction
from engine.domain.plans.approval import Approval
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.repositories.plans.action_rows import row_of
from engine.store.tables.plans import ActionRow, PlanRow
from engine.store.unit_of_work import Work
from tests.builders import MONDAY, Desk, a_plan, a_referral, in_one_entry
from tests.databases import POSTGRESQL, SQLITE

STEPS = ("approve", "drop", "edit", "finish", "undo")


def histories(steps: int) -> list[tuple[str, ...]]:
    """Every history of so many steps of a plan with a finished action and one that lives through them.

    None undoes a report before there is one; an approval of an approved plan does nothing.
    """
    return [
        history
        for history in product(STEPS, repeat=steps)
        if "undo" not in history or "finish" in history[: history.index("undo")]
    ]


def begin(work: Work, case: str, *, is_legacy: bool) -> None:
    """Store a plan with a finished action and another; a legacy one is of before plans were approved."""
    (action,) = a_plan(agency="harbour").actions
    if not is_legacy:
        plan = a_plan(agency="harbour").model_copy(update={"actions": (action, action)})
        work.plans.add(case, plan, by="chair", at=MONDAY)
        finish(work, work.plans.of([case])[case].actions[0].reference)
        return
    number, session = involvement_id(work._session, case), work._session
    refs = [f"{case}-{each}" for each in ("finished", "lives")]
    for ref in refs:
        row = ActionRow(ref=ref, involvement_id=number)
        session.add(row)
        session.flush()
        statuses = [ActionStatus.NOT_STARTED, *([ActionStatus.DONE] if ref == refs[0] else [])]
        for version, status in enumerate(statuses, start=1):
            content = row_of(action.content, status, by="chair", at=MONDAY)
            content.action_id, content.version, content.is_report = row.id or 0, version, None
            session.add(content)
    session.add(
        PlanRow(
            ref=f"{case}-plan",
            involvement_id=number,
            version=1,
            reason="Agreed.",
            action_refs=refs,
            by="chair",
            at=MONDAY,
        )
    )
    session.flush()


def finish(work: Work, action: str) -> None:
    work.plans.report(
        work.plans.action(action), status=ActionStatus.DONE, note=None, by="harbour-1", at=MONDAY
    )


def live(work: Work, case: str, step: str, lives: str, number: int) -> None:
    """Let one thing happen to a plan, or nothing where it cannot."""
    plan = work.plans.of([case])[case]
    if step == "finish":
        finish(work, lives)
    elif step == "undo":
        if (report := work.plans.last_report(lives)) is not None:
            work.plans.undo_report(work.plans.action(lives), report, by="harbour-1", at=MONDAY)
    elif step == "approve":
        if not plan.is_approved:
            approval = Approval(version=plan.version, accepted=(), voice=None, by="chair", at=MONDAY)
            work.plan_approvals.approve(case, approval)
    else:
        others = [each for each in plan.actions if each.reference != lives]
        edited = work.plans.action(lives).content.model_copy(update={"what": f"Apply again, {number}."})
        actions = [(each.content, each.reference) for each in others]
        actions += [(edited, lives)] if step == "edit" else []
        given = tuple(
            PlannedAction.model_validate({**content.model_dump(), "reference": reference})
            for content, reference in actions
        )
        saved = a_plan(agency="harbour", base_version=plan.version).model_copy(update={"actions": given})
        work.plans.add(case, saved, by="chair", at=MONDAY)


@pytest.mark.parametrize(
    ("database_kind", "is_legacy", "steps"),
    [
        (SQLITE, False, 3),
        (SQLITE, True, 3),
        pytest.param(POSTGRESQL, False, 2, marks=pytest.mark.postgres),  # the same statement, all four ends
        pytest.param(POSTGRESQL, False, 3, marks=[pytest.mark.postgres, pytest.mark.full]),
        pytest.param(POSTGRESQL, True, 3, marks=[pytest.mark.postgres, pytest.mark.full]),
    ],
    indirect=["database_kind"],
)
def test_cases_with_open_actions_are_found_without_plans_as_with_them(
    desk: Desk, is_legacy: bool, steps: int
) -> None:
    """Only an action that is in no plan any more makes a difference: it is found while it is open."""
    lived = histories(steps)
    references = desk.refer(*(a_referral(str(number)) for number, _ in enumerate(lived))).referrals
    of_case = dict(zip(references, lived, strict=True))
    seen = set[tuple[bool, bool]]()
    with in_one_entry(desk.runtime) as work:
        assert work.action_texts.cases_with_open_actions(references) == frozenset()
        for case in references:
            begin(work, case, is_legacy=is_legacy)
        lives = {case: plan.actions[1].reference for case, plan in work.plans.of(references).items()}
        for number in range(1 + steps):
            for case, history in of_case.items() if number else ():
                live(work, case, history[number - 1], lives[case], number)
            found = work.action_texts.cases_with_open_actions(references)
            for case, plan in work.plans.of(references).items():
                open_there = [a for a in (*plan.actions, *plan.live) if a.status in OPEN_STATUSES]
                dropped = lives[case] not in {action.reference for action in (*plan.actions, *plan.live)}
                of_it = work.plans.action(lives[case])
                wanted = bool(open_there) or (dropped and of_it.status in OPEN_STATUSES)
                assert (case in found) == wanted, of_case[case][:number]
                seen.add((case in found, dropped))
    assert seen == {(True, True), (True, False), (False, True), (False, False)}
