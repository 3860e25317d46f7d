"""Amending a decision, and dissent that an agency enters or confirms itself. Nothing recorded is changed."""

from __future__ import annotations

from engine.access.policy import May
from engine.domain.accounts.acting import Acting
from engine.domain.base import Frozen
from engine.domain.cases.lifecycle import State
from engine.domain.conference.attendance import AttendanceAct, Quorum
from engine.domain.conference.risk import Decision, DissentEntry, Domain
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.domain.vault.typed_texts import TypedWhere
from engine.services.access.checks import open_case
from engine.services.conference.decisions import require_review_day, texts_of, versions_seen
from engine.services.conference.gaps import check_low, gaps_on
from engine.services.conference.quorum import item_in_session, note_quorum
from engine.services.context import Context
from engine.services.responses.views import answers_seen
from engine.services.vault.typed_texts import check_typed
from engine.store.unit_of_work import Work

_MAY_BE_AMENDED = (State.DECIDED, State.IN_DELIVERY, State.IN_FOLLOW_UP)


class Amended(Frozen):
    """A recorded amendment: the domains whose level changed, who is to be informed, what rests on it.

    ``plan`` is the version of the plan, which was written on an earlier decision; None without a plan.
    """

    reference: str
    decision: str
    version: int
    changed: tuple[Domain, ...]
    quorum: Quorum | None
    informs: tuple[str, ...]
    plan: int | None


def amend_decision(context: Context, *, reference: str, decision: Decision) -> Amended:
    """Record a new version of a decision, with the reason. Earlier versions stay as they are.

    A changed level needs what a decision needs: a conference that has the case on its screen, its quorum, and
    each gap weighed before "low". A version with the same levels corrects a slip, and may be recorded at any
    time; it is as quorate as the version that it corrects, and has the same dissent.

    Raises
    ------
    InvalidInputError
        The reference is malformed, there is no reason or no decision, a level changed outside a conference,
        the review date is not a date to come, or "low" is chosen over a gap without a reason.
    NotFoundError
        The case does not exist, or is not open to the person who acts.
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    if not decision.amended_because:
        raise InvalidInputError("amended_because", "give the reason for the amendment")
    require_review_day(decision, context.clock)
    acting, clock, agencies = context.acting, context.clock, context.agencies_known
    with context.writing("amend decision") as work:
        case = open_case(work, acting, reference, May.DECIDE)
        recorded = work.decisions.of([case.reference])[case.reference]
        if not recorded or case.state not in _MAY_BE_AMENDED:
            raise InvalidInputError(
                f"referral {case.reference}", f"it is '{case.state.value}'; there is no decision to amend"
            )
        answers = answers_seen(work, case, acting=acting, agencies=agencies, clock=clock)
        before, changed = recorded[-1], decision.levels_changed_from(recorded[-1].decision)
        if changed:
            if item_in_session(work, case.reference) is None:
                raise InvalidInputError(
                    "judgements", "a changed level needs a conference in session that has taken this case"
                )
            check_low(decision, gaps_on(work, case, answers, acting=acting, agencies=agencies, clock=clock))
        saw, not_seen = versions_seen(answers)
        ref, version = work.decisions.add(
            case.reference, decision, saw=saw, not_seen=not_seen, by=acting.user, at=clock.now()
        )
        if changed:
            quorum = note_quorum(work, context, case.reference, ref)
        else:
            quorum = _carry_over(work, before.reference, ref)
        texts = [*texts_of(decision), decision.amended_because]
        check_typed(work, case, TypedWhere.DECISION, texts, acting=acting, clock=clock)
        work.notes(decision=ref, version=version, changed=len(changed))
        plan = work.plans.of([case.reference]).get(case.reference)
        return Amended(
            reference=case.reference,
            decision=ref,
            version=version,
            changed=changed,
            quorum=quorum,
            informs=work.cases.people_on(case.reference),
            plan=plan.version if plan else None,
        )


def enter_dissent(context: Context, *, reference: str, reasons: str | None) -> DissentEntry:
    """Enter your agency's dissent from the newest decision, or, without reasons, confirm what was noted.

    Raises
    ------
    InvalidInputError
        The reference is malformed, there is no decision, or nothing was noted that could be confirmed.
    NotFoundError
        The case does not exist, or is not open to the person who acts.
    NotPermittedError
        The person who acts is not a practitioner who attended the conference of the decision.
    """
    acting = context.acting
    with context.writing("enter dissent") as work:
        case = open_case(work, acting, reference, May.ENTER_DISSENT)
        recorded = work.decisions.of([case.reference])[case.reference]
        if not recorded or acting.agency is None:
            raise InvalidInputError(f"referral {case.reference}", "there is no decision to dissent from")
        newest = recorded[-1]
        _require_attended(work, acting, newest.reference)
        if reasons is None and acting.agency not in {each.agency for each in newest.decision.dissent}:
            raise InvalidInputError("dissent", "none was noted for your agency; give its reasons")
        entry = DissentEntry(agency=acting.agency, reasons=reasons, by=acting.user, at=context.clock.now())
        work.decisions.enter_dissent(newest.reference, entry)
        work.notes(decision=newest.reference)
        return entry


def _carry_over(work: Work, before: str, after: str) -> Quorum | None:
    """Give the version that corrects a slip the quorum and the dissent of the one that it corrects."""
    work.conference_attendance.note_same(before, after)
    for entry in work.decisions.dissent_entries([before]).get(before, ()):
        work.decisions.enter_dissent(after, entry)
    return work.conference_attendance.quorums([after]).get(after)


def _require_attended(work: Work, acting: Acting, decision: str) -> None:
    conference = work.conference_attendance.conference_of(decision)
    if conference is None:
        return
    arrived = {
        record.user
        for record in work.conference_attendance.of(conference)
        if record.act is AttendanceAct.ARRIVED
    }
    if acting.user not in arrived:
        raise NotPermittedError(
            May.ENTER_DISSENT.value, who_may="a person of your agency who attended the conference"
        )
