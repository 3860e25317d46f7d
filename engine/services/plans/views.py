"""A plan as one viewer sees it: its actions, what is in delivery, the gate. Parts of use cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.access.redaction import Masker
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR
from engine.domain.cases.lifecycle import State
from engine.domain.plans.actions import OPEN_STATUSES, is_overdue
from engine.domain.plans.approval import (
    Approval,
    Need,
    StoredNeed,
    Voice,
    counting,
    found_not_safe_before,
    missing_needs,
    still_needed,
)
from engine.domain.plans.versions import StoredAction, StoredPlan
from engine.domain.plans.views import (
    AcceptedView,
    ActionView,
    ApprovalView,
    NeedStatus,
    NeedView,
    PlanView,
)
from engine.services.sharing.response_visibility import Viewer


def plan_view(
    stored: StoredPlan,
    needs: Sequence[StoredNeed],
    *,
    state: State,
    voice: Voice | None,
    masker: Masker,
    viewer: Viewer,
    is_advocate: bool,
) -> PlanView:
    """Return the newest plan: by due date, completed actions last; the gate is cut to its reader.

    ``state`` is the involvement's; ``voice`` what the advocate's agency released, as this viewer sees it;
    ``is_advocate`` that the viewer speaks for the victim. To others than the chair, coordinators and the
    advocate the gate shows only what the victim agreed to share with them, and who informs the victim.
    """
    today = viewer.on
    approves = viewer.is_member and (is_advocate or viewer.acting.role in COORDINATOR_AND_CHAIR)
    is_before_decision = stored.is_before_decision(state)
    is_gated = stored.approval is not None if stored.is_approved else not is_before_decision
    return PlanView(
        reference=stored.reference,
        version=stored.version,
        state=stored.state(state),
        by=stored.by,
        at=stored.at,
        reason=masker.masked(stored.reason, by=stored.by),
        departs_from_wishes=masker.masked_or_none(stored.departs_from_wishes, by=stored.departure_by),
        departure_reason=stored.departure_reason,
        actions=_in_order(stored.actions, stored, masker, today),
        in_delivery_version=stored.in_delivery,
        in_delivery=_in_order(stored.live, stored, masker, today),
        approval=_approval_view(stored.approval, masker) if stored.approval else None,
        gate=_gate(stored, needs, voice, masker, viewer, approves=approves) if is_gated else (),
        still_needed=needed_for(stored, needs, voice) if approves and is_gated else (),
        is_before_decision=is_before_decision,
    )


def needed_for(stored: StoredPlan, needs: Sequence[StoredNeed], voice: Voice | None) -> tuple[str, ...]:
    """Return what an approval of the newest version still needs; nothing once it is approved."""
    if stored.is_approved:
        return ()
    checks = [each for each in needs if each.need is Need.SAFETY_CHECK]
    return still_needed(
        counting_needs(stored, needs),
        voice=_since_approval(stored, voice),
        plan_departs=stored.departs,
        has_reason=stored.departure_reason is not None and stored.departs_from_wishes is not None,
        last_check=checks[-1] if checks else None,
    )


def needs_missing(stored: StoredPlan, needs: Sequence[StoredNeed], voice: Voice | None) -> tuple[Need, ...]:
    """Return the needs of an approval of the newest version that have no record and no signature."""
    return missing_needs(
        counting_needs(stored, needs), voice=_since_approval(stored, voice), plan_departs=stored.departs
    )


def counting_needs(stored: StoredPlan, needs: Sequence[StoredNeed]) -> dict[Need, StoredNeed]:
    """Return by need the newest record that counts for an approval of the newest version."""
    return dict(
        counting(needs, after_version=stored.approved_before, actions_changed_in=stored.actions_changed_in)
    )


def counted_voice(stored: StoredPlan, needs: Sequence[StoredNeed], voice: Voice | None) -> Voice | None:
    """Return the released response, if it is what counts as the advocate's view for the newest version."""
    return None if Need.ADVOCATES_VIEW in counting_needs(stored, needs) else _since_approval(stored, voice)


def informing_agency(stored: StoredPlan, needs: Sequence[StoredNeed]) -> str | None:
    """Return the agency that was agreed to inform the victim; None where none is recorded."""
    recorded = counting_needs(stored, needs).get(Need.WHO_INFORMS)
    return recorded.informs_agency if recorded is not None else None


def _since_approval(stored: StoredPlan, voice: Voice | None) -> Voice | None:
    """Return the released response, unless it is of before the approval of the version in delivery."""
    approval = stored.approval
    if voice is None or approval is None or voice.at is None or voice.at > approval.at:
        return voice
    return None


def _in_order(
    actions: Sequence[StoredAction], stored: StoredPlan, masker: Masker, today: date
) -> tuple[ActionView, ...]:
    live, must_stay = {action.reference for action in stored.live}, stored.must_stay
    views = [
        action_view(
            action,
            masker,
            today,
            is_live=action.reference in live,
            must_stay=action.reference in must_stay,
        )
        for action in actions
    ]
    views.sort(key=lambda action: (action.status not in OPEN_STATUSES, action.due, action.reference))
    return tuple(views)


def action_view(
    action: StoredAction, masker: Masker, today: date, *, is_live: bool, must_stay: bool = False
) -> ActionView:
    """Return one action; whether it is overdue is worked out now."""
    return ActionView(
        reference=action.reference,
        what=masker.masked(action.what, by=action.writer_of("what")),
        agency=action.agency,
        owner=masker.masked(action.owner, by=action.writer_of("owner")),
        due=action.due,
        serves=action.serves,
        side=action.side,
        evidence=masker.masked_or_none(action.evidence, by=action.writer_of("evidence")),
        owner_user=action.owner_user,
        library=action.library,
        proposed_by=action.proposed_by,
        proposal=action.proposal,
        need=action.need,
        is_urgent=action.is_urgent,
        departs_from_wishes=action.departs_from_wishes,
        differs_from_notice=masker.masked_or_none(
            action.differs_from_notice, by=action.writer_of("differs_from_notice")
        ),
        status=action.status,
        status_note=masker.masked_or_none(action.status_note, by=action.reported_by or action.by),
        version=action.version,
        is_overdue=is_live and is_overdue(action.status, action.due, today),
        is_live=is_live,
        must_stay=must_stay,
        done_on=action.done_on,
        sessions=action.sessions,
        minutes=action.minutes,
        sessions_offered=action.sessions_offered,
        reported_by=action.reported_by,
        reported_at=action.reported_at,
    )


def _approval_view(approval: Approval, masker: Masker) -> ApprovalView:
    return ApprovalView(
        version=approval.version,
        by=approval.by,
        at=approval.at,
        accepted=tuple(
            AcceptedView(conflict=conflict, because=masker.masked(because, by=approval.by))
            for conflict, because in approval.accepted
        ),
    )


def _gate(
    stored: StoredPlan,
    needs: Sequence[StoredNeed],
    voice: Voice | None,
    masker: Masker,
    viewer: Viewer,
    *,
    approves: bool,
) -> tuple[NeedView, ...]:
    counts = counting_needs(stored, needs)
    if not approves:
        return tuple(
            _recorded_view(recorded, masker, may_read=True, approves=False)
            for need in Need
            if (recorded := counts.get(need)) is not None and _is_for(recorded, viewer)
        )
    wishes = counts.get(Need.VICTIMS_WISHES)
    departs = stored.departs or (wishes is not None and wishes.plan_departs is True)
    if stored.is_approved:
        voice = stored.approval.voice if stored.approval else None
    else:
        voice = _since_approval(stored, voice)
    lines = [
        _recorded_view(recorded, masker, may_read=_may_read(recorded, viewer), approves=True)
        if (recorded := counts.get(need)) is not None
        else _missing_view(need, voice, departs=departs)
        for need in Need
    ]
    not_safe_on = found_not_safe_before(needs, counts, after_version=stored.approved_before)
    return tuple(
        line.model_copy(update={"not_safe_on": not_safe_on}) if line.need is Need.SAFETY_CHECK else line
        for line in lines
    )


def _is_for(recorded: StoredNeed, viewer: Viewer) -> bool:
    """Return whether a person on the case who approves nothing is shown this line."""
    if not viewer.is_member:
        return False
    return recorded.need is Need.WHO_INFORMS or recorded.is_shared_with(viewer.acting.agency)


def _may_read(recorded: StoredNeed, viewer: Viewer) -> bool:
    is_own = recorded.agency is not None and viewer.acting.agency == recorded.agency
    return is_own or recorded.why_not is not None or recorded.is_shared_with(viewer.acting.agency)


def _missing_view(need: Need, voice: Voice | None, *, departs: bool) -> NeedView:
    if need is Need.ADVOCATES_VIEW and voice is not None:
        return NeedView(need=need, status=NeedStatus.RECORDED, agency=voice.agency, at=voice.at)
    applies = departs or need is not Need.WHO_INFORMS
    return NeedView(need=need, status=NeedStatus.NOT_RECORDED if applies else NeedStatus.DOES_NOT_APPLY)


def _recorded_view(recorded: StoredNeed, masker: Masker, *, may_read: bool, approves: bool) -> NeedView:
    return NeedView(
        need=recorded.need,
        status=NeedStatus.SIGNED_NOT if recorded.why_not else NeedStatus.RECORDED,
        says=masker.masked_or_none(recorded.says, by=recorded.by) if may_read else None,
        why_not=recorded.why_not,
        plan_departs=recorded.plan_departs,
        informs_agency=recorded.informs_agency,
        informs_person=masker.masked_or_none(recorded.informs_person, by=recorded.by),
        result=recorded.result,
        because=masker.masked_or_none(recorded.because, by=recorded.by) if approves else None,
        plan_version=recorded.plan_version,
        by=recorded.by,
        agency=recorded.agency,
        at=recorded.at,
        ask=recorded.agency if recorded.says is not None and not may_read else None,
    )
