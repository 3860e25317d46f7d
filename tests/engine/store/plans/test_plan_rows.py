"""On both databases: what of a plan is in delivery, which plans wait, and what an approval needs."""

from __future__ import annotations

from engine.domain.plans.actions import ActionStatus, LibraryRef, PlannedAction, Side
from engine.domain.plans.approval import Approval, Need, StoredNeed, Voice
from engine.services.conference import decisions
from engine.services.referrals import screening
from tests.builders import Desk, a_decision, a_plan, a_referral, a_screening, in_one_entry


def test_content_comes_with_a_plan_reports_with_neither_and_approval_puts_a_version_in_delivery(
    desk: Desk,
) -> None:
    (case,) = desk.refer(a_referral()).referrals
    screening.screen(desk.context(desk.coordinator), reference=case, screening=a_screening())
    decisions.open_conference(desk.context(desk.chair), reference=case)
    decisions.decide(desk.context(desk.chair), reference=case, decision=a_decision())
    now, by = desk.clock.now(), "chair"
    first = a_plan(agency="harbour").model_copy(update={"asks_approval": True})
    with in_one_entry(desk.runtime) as work:
        work.plans.add(case, first, by=by, at=now)
        assert work.plans.asking_approval() == (case,)
        assert work.plans.open_actions() == ()
        voice = Voice(agency="voice", version=3)
        approval = Approval(version=1, accepted=(("letter-1", "Handed over."),), voice=voice, by=by, at=now)
        work.plan_approvals.approve(case, approval)
        need = StoredNeed(
            need=Need.VICTIMS_WISHES,
            plan_version=1,
            why_not=None,
            says=None,
            with_whom=("harbour",),
            plan_departs=False,
            by=by,
            agency="voice",
            at=now,
        )
        work.plan_approvals.add_need(case, need)
    with desk.runtime.uow.unrecorded() as work:
        plan = work.plans.of([case])[case]
        assert (work.plans.asking_approval(), plan.in_delivery, plan.approval) == ((), 1, approval)
        assert work.plan_approvals.needs_of([case]) == {case: (need,)}
        (live,) = plan.live
    whole = {
        **live.content.model_dump(),
        "reference": live.reference,
        "due": "2026-04-01",
        "side": Side.OTHERS_AT_RISK,
        "evidence": "A receipt.",
        "library": LibraryRef(item="an-item", version=2),
        "need": "children",
        "departs_from_wishes": True,
    }
    changed = PlannedAction.model_validate(whole)
    with in_one_entry(desk.runtime) as work:
        work.plans.report(live, status=ActionStatus.IN_PROGRESS, note="Begun.", by="h", at=now, sessions=2)
        work.plans.add(
            case, first.model_copy(update={"actions": (changed,), "base_version": 1}), by=by, at=now
        )
        work.plans.report(live, status=ActionStatus.IN_PROGRESS, note="More.", by="h", at=now)
    with desk.runtime.uow.unrecorded() as work:
        plan = work.plans.of([case])[case]
        (draft,), (still,) = plan.actions, plan.live
        assert (draft.content, still.content) == (changed.content, live.content)
        assert [each.status_note for each in (draft, still)] == ["More.", "More."]
        assert (plan.actions_changed_in, plan.approved_before) == (2, 1)
        assert work.plans.open_actions() == (still,)
        report = work.plans.last_report(still.reference)
        assert report is not None
    with in_one_entry(desk.runtime) as work:
        undone = work.plans.undo_report(still, report, by="h", at=now)
        assert (undone.status_note, undone.sessions, undone.content) == ("Begun.", 2, live.content)
        assert work.plans.last_report(still.reference) is None
