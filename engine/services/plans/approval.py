"""The gate and the approval of a plan: the advocate records, others sign why not, the chair approves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.access.policy import May, require_advocate
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.base import Frozen
from engine.domain.cases.involvement import Involvement
from engine.domain.cases.lifecycle import Act, State
from engine.domain.cases.views import AgencyAnswerView
from engine.domain.errors import ConflictError, InvalidInputError, Side, StillNeededError
from engine.domain.plans.approval import (
    Approval,
    ApprovalGiven,
    Need,
    NeedRecorded,
    NeedSignedNot,
    OpenConflict,
    StoredNeed,
    Voice,
    found_not_safe,
    holds_up,
    unaccepted,
)
from engine.domain.plans.versions import StoredPlan
from engine.domain.vault.typed_texts import TypedWhere
from engine.services.access.checks import open_case
from engine.services.access.restrictions import speaks_for_victim
from engine.services.context import Context
from engine.services.plans.conflicts import conflicts_of_version
from engine.services.plans.versions import name_owners
from engine.services.plans.views import counted_voice, counting_needs, needed_for
from engine.services.responses.victim_voice import victim_voice
from engine.services.responses.views import answers_seen
from engine.services.vault.typed_texts import check_typed
from engine.store.unit_of_work import Work


class Approved(Frozen):
    """An approved version of a plan."""

    reference: str
    plan: str
    version: int
    state: State


def record_need(context: Context, *, reference: str, need: NeedRecorded) -> None:
    """Record the advocate's view, the victim's wishes or a safety check, or who informs the victim.

    The victim's advocate on the case records each. Who informs the victim is named by a coordinator or the
    chair, too. It is about one version of the plan, the newest.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the case has no plan, the agency that informs the victim is not
        installed, or a record that holds up the approval is there and was not read.
    NotPermittedError
        The role does not permit it, or a practitioner does not speak for the victim.
    IllegalTransitionError
        The state of the involvement does not allow it.
    ConflictError
        The plan has a newer version.
    """
    agencies = context.agencies_known
    writes_plan = need.need is Need.WHO_INFORMS and context.acting.role in COORDINATOR_AND_CHAIR
    act = May.PLAN if writes_plan else May.RECORD_VOICE
    with context.writing("record need of a plan") as work:
        case = open_case(work, context.acting, reference, act)
        require_advocate(act, context.acting, speaks_for_victim=speaks_for_victim(context.acting, agencies))
        if need.informs is not None and need.informs.agency not in {agency.code for agency in agencies}:
            raise InvalidInputError("informs", f"agency '{need.informs.agency}' is not installed")
        stored = StoredNeed(
            need=need.need,
            plan_version=need.plan_version,
            why_not=None,
            says=need.says,
            agreed_to_sharing=None if need.need is Need.WHO_INFORMS else need.agreed_to_sharing,
            with_whom=need.with_whom,
            plan_departs=need.plan_departs,
            informs_agency=need.informs.agency if need.informs else None,
            informs_person=need.informs.person if need.informs else None,
            result=need.result,
            because=need.because,
            by=context.acting.user,
            agency=context.acting.agency,
            at=context.clock.now(),
        )
        _keep(work, context, case, stored, replaces=need.replaces)


def sign_why_not(context: Context, *, reference: str, need: NeedSignedNot) -> None:
    """Sign, as a coordinator or the chair, that a need of the newest version is not met, and why.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the case has no plan, the need is recorded, or the safety check found
        this plan not safe: no signature answers that.
    IllegalTransitionError
        The state of the involvement does not allow it.
    ConflictError
        The plan has a newer version.
    """
    with context.writing("sign why a need of a plan is not met") as work:
        case = open_case(work, context.acting, reference, May.SIGN_WHY_NOT)
        stored = StoredNeed(
            need=need.need,
            plan_version=need.plan_version,
            why_not=need.why,
            says=need.says,
            by=context.acting.user,
            agency=context.acting.agency,
            at=context.clock.now(),
        )
        _keep(work, context, case, stored)


def approve_plan(context: Context, *, reference: str, approval: ApprovalGiven) -> Approved:
    """Approve the newest version of a plan, as the chair: it is in delivery from now on.

    Urgent safety actions do not wait for this.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the case has no plan, the version is approved already, or a conflict is
        accepted that the plan does not have.
    IllegalTransitionError
        The state of the involvement does not allow it.
    ConflictError
        The plan has a newer version.
    StillNeededError
        A need has no record and no signature, or the plan has a conflict that is not accepted; the error says
        everything that is still needed.
    """
    agencies = context.agencies_known
    with context.writing("approve plan") as work:
        before = open_case(work, context.acting, reference, May.APPROVE_PLAN)
        after = before.moved(Act.APPROVE_PLAN)
        plan = _newest_plan(work, context, before, approval.version)
        if plan.is_approved:
            raise InvalidInputError("version", f"version {plan.version} is approved already")
        answers = answers_seen(
            work,
            before,
            acting=context.acting,
            agencies=agencies,
            clock=context.clock,
            settings=context.settings,
        )
        voice = voice_of(answers, agencies)
        needs = work.plan_approvals.needs_of([before.reference])[before.reference]
        found = conflicts_of_version(
            work, before.reference, plan, acting=context.acting, clock=context.clock, agencies=agencies
        )
        conflicts = tuple(OpenConflict(key=each.key, says=each.in_words) for each in found)
        _require_known(approval, conflicts)
        needed = (*needed_for(plan, needs, voice), *unaccepted(conflicts, approval.accepted))
        if needed:
            raise StillNeededError(before.reference, plan.version, needed)
        reasons = [each.because for each in approval.accepted]
        check_typed(work, before, TypedWhere.PLAN, reasons, acting=context.acting, clock=context.clock)
        stored = Approval(
            version=plan.version,
            accepted=tuple((each.conflict, each.because) for each in approval.accepted),
            voice=counted_voice(plan, needs, voice),
            by=context.acting.user,
            at=context.clock.now(),
        )
        work.plan_approvals.approve(before.reference, stored)
        name_owners(work, context, before.reference, work.plans.of([before.reference])[before.reference].live)
        work.cases.save_move(
            before,
            after,
            act=Act.APPROVE_PLAN,
            by=context.acting.user,
            why=f"version {plan.version} of plan {plan.reference}",
            at=context.clock.now(),
        )
        work.notes(plan=plan.reference, version=plan.version, accepted=len(approval.accepted))
    return Approved(reference=before.reference, plan=plan.reference, version=plan.version, state=after.state)


def voice_of(answers: Sequence[AgencyAnswerView], agencies: Sequence[AgencyKnown]) -> Voice | None:
    """Return the response that the advocate's agency released, if these columns show one."""
    spoken = victim_voice(answers, agencies, offers=())
    if not spoken.speaks:
        return None
    answer = next(each for each in answers if each.agency == spoken.agency)
    if answer.version is None:
        return None
    return Voice(agency=answer.agency, version=answer.version, at=answer.at)


def _keep(
    work: Work, context: Context, case: Involvement, need: StoredNeed, *, replaces: bool = False
) -> None:
    case.moved(Act.PLAN)
    plan = _newest_plan(work, context, case, need.plan_version)
    counts = counting_needs(plan, work.plan_approvals.needs_of([case.reference])[case.reference])
    if need.why_not is not None:
        _require_missing(counts, need.need)
    elif not replaces:
        _require_no_other_reading(counts, need.need)
    texts = [need.says, need.informs_person, need.because]
    check_typed(work, case, TypedWhere.PLAN, texts, acting=context.acting, clock=context.clock)
    work.plan_approvals.add_need(case.reference, need)
    work.notes(need=need.need.value, version=need.plan_version, **_result_noted(need))


def _require_missing(counts: Mapping[Need, StoredNeed], need: Need) -> None:
    """Require that there is something to sign for: a signature would hide what an advocate recorded."""
    if need is Need.SAFETY_CHECK and found_not_safe(counts):
        raise InvalidInputError(
            "need",
            "the safety check found this plan not safe, and no signature answers that; add an action with an "
            "owner, or ask the victim's advocate to record the check again",
        )
    there = counts.get(need)
    if there is not None and there.why_not is None and not there.lacks_result:
        raise InvalidInputError(
            "need",
            f"'{need.value}' is recorded on version {there.plan_version}, so nothing is missing; if it is "
            "wrong, ask the victim's advocate to record it again",
        )


def _require_no_other_reading(counts: Mapping[Need, StoredNeed], need: Need) -> None:
    """Require that a record which holds up the approval was read before another is put in its place."""
    there = holds_up(counts, need)
    if there is not None:
        found = "not safe" if need is Need.SAFETY_CHECK else "departing from them"
        raise InvalidInputError(
            "need",
            f"'{need.value}' is recorded as {found} on version {there.plan_version}; read that first, then "
            "record yours in place of it",
        )


def _result_noted(need: StoredNeed) -> dict[str, str]:
    return {"result": need.result.value} if need.result is not None else {}


def _newest_plan(work: Work, context: Context, case: Involvement, version: int) -> StoredPlan:
    plan = work.plans.of([case.reference]).get(case.reference)
    if plan is None:
        raise InvalidInputError("version", f"{case.reference} has no plan yet; write one first")
    if plan.version != version:
        raise ConflictError(
            "plan of",
            case.reference,
            yours=Side(context.acting.user, context.clock.now(), version),
            theirs=Side(plan.by, plan.at, plan.version),
        )
    return plan


def _require_known(approval: ApprovalGiven, conflicts: Sequence[OpenConflict]) -> None:
    keys = {each.key for each in conflicts}
    for number, each in enumerate(approval.accepted, start=1):
        if each.conflict not in keys:
            raise InvalidInputError(
                f"accepted {number}", "the plan has no such conflict; check the plan again"
            )
