"""Informing the victim: the Right to Know, and the pack through the advocate.

All of it waits for the panel's judgement that this person is the victim: one who only claims it gets none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.access.policy import (
    WHO_MAY,
    May,
    require_advocate,
)
from engine.access.redaction import masked_words
from engine.access.victim_pack import Allowed, Informed, Offered, written
from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.domain.rights.informing_victims import (
    AnyTold,
    OfferedAction,
    PackPrepared,
    PackTaken,
    RightToKnowDecided,
    VictimInformation,
    VictimInformedEvent,
    VictimPack,
)
from engine.domain.system.audit import digest
from engine.domain.typed_days import require_past
from engine.services.access.checks import open_case
from engine.services.access.masking import masker_for
from engine.services.access.primary_roles import standing_of
from engine.services.access.restrictions import speaks_for_victim
from engine.services.context import Context
from engine.store.unit_of_work import Work

_NOT_ASSESSED = "the panel has not assessed who the victim is; until it has, do not inform anyone by right"


def told_on_case(context: Context, *, reference: str) -> VictimInformation:
    """Return how the victim was and may be informed, for coordinators, chair and the advocate.

    Those who decide on the Right to Know see only that.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    advocate, investigates = (
        speaks_for_victim(context.acting, context.agencies_known),
        _investigates(context.acting, context.agencies_known),
    )
    with context.reading("see what the victim was told") as work:
        case = open_case(work, context.acting, reference, May.SEE_REQUESTS).reference
        sees_all = advocate or context.acting.role is not Role.PRACTITIONER
        has_rights = standing_of(work, case).gives_rights
        together = work.cases.together(case)
        words = work.victim_rights.informed_events(together)
        if not sees_all:
            words = tuple(w for w in words if investigates and isinstance(w.what, RightToKnowDecided))
        may_prepare = context.acting.role in WHO_MAY[May.PREPARE_PACK] and has_rights
        masker = masker_for(work=work, involvements=together, reader=context.acting.user)
        plan = work.plans.of([case]).get(case) if may_prepare else None
        return VictimInformation(
            reference=case,
            has_rights=has_rights and (sees_all or investigates),
            words=masked_words(words, masker),
            actions=tuple(
                OfferedAction(
                    reference=each.reference, what=masker.masked(each.what, by=each.writer_of("what"))
                )
                for each in (plan.live if plan else ())
            ),
            sees_all=sees_all,
            may_decide=investigates,
            may_prepare=may_prepare,
            may_take=advocate and has_rights and any(isinstance(w.what, PackPrepared) for w in words),
        )


def decide_right_to_know(
    context: Context, *, reference: str, decision: RightToKnowDecided
) -> VictimInformedEvent:
    """Record the investigators' decision whether the victim learns who stalks them, and why.

    The newest decision applies. The name is in the investigators' own record: it is given in person, and
    never through here.

    Raises
    ------
    InvalidInputError
        The reference is malformed, a date is in the future, or the panel has not assessed who the victim is.
    NotPermittedError
        The role does not permit it, or the person is not of the agency that investigates.
    """
    agencies = context.agencies_known
    with context.writing("decide on the right to know") as work:
        case = open_case(work, context.acting, reference, May.DECIDE_KNOW)
        if not _investigates(context.acting, agencies):
            who_may = "a practitioner of the agency that investigates, on the case"
            raise NotPermittedError(May.DECIDE_KNOW.value, who_may=who_may)
        require_past("told_on", decision.told_on, on=context.clock.today())
        if decision.is_told:
            _must_be_assessed(work, case.reference)
        return _keep(work, context.clock, context.acting, case.reference, decision)


def prepare_pack(context: Context, *, reference: str, pack: PackPrepared) -> VictimInformedEvent:
    """Record which actions and sentences the pack may contain; the advocate takes it to the victim.

    Raises
    ------
    InvalidInputError
        The reference is malformed, an action is not in the plan, or the panel has not assessed who the victim
        is.
    """
    with context.writing("prepare victim pack") as work:
        case = open_case(work, context.acting, reference, May.PREPARE_PACK)
        _must_be_assessed(work, case.reference)
        plan = work.plans.of([case.reference]).get(case.reference)
        there = {each.reference for each in (plan.live if plan else ())}
        strangers = sorted(set(pack.actions) - there)
        if strangers:
            raise InvalidInputError(
                "actions",
                f"{strangers[0]} is not in the plan of {case.reference} in delivery; choose one that is",
            )
        return _keep(work, context.clock, context.acting, case.reference, pack)


def take_pack(context: Context, *, reference: str) -> VictimPack:
    """Return the victim's pack as it is now, for the advocate. Their permission is checked each time.

    Raises
    ------
    InvalidInputError
        The reference is malformed, no pack is prepared, or the panel has not assessed who the victim is.
    NotPermittedError
        The role does not permit it, or a practitioner does not speak for the victim.
    """
    agencies = context.agencies_known
    with context.writing("take victim pack") as work:
        case = open_case(work, context.acting, reference, May.TAKE_PACK)
        require_advocate(
            May.TAKE_PACK,
            context.acting,
            speaks_for_victim=speaks_for_victim(context.acting, agencies),
        )
        _must_be_assessed(work, case.reference)
        said = work.victim_rights.informed_events(work.cases.together(case.reference))
        prepared = [event.what for event in said if isinstance(event.what, PackPrepared)]
        if not prepared:
            raise InvalidInputError("pack", "the coordinator or chair has not approved the pack contents")
        allowed = _allowed(work, case.reference, prepared[-1], said)
        pack = written(allowed, on=context.clock.today())
        _keep(work, context.clock, context.acting, case.reference, PackTaken(digest=digest(pack.text)))
        return pack


def _allowed(
    work: Work,
    case: str,
    prepared: PackPrepared,
    said: Sequence[VictimInformedEvent],
) -> Allowed:
    """Return all that the pack may contain, each text masked for all readers, its author too."""
    masker = masker_for(work=work, involvements=work.cases.together(case), reader=None)
    opened = work.cases.conference_opened_at(case)
    decisions = work.decisions.of([case])[case]
    review = decisions[-1].decision.review_on if decisions else None
    plan = work.plans.of([case]).get(case)
    return Allowed(
        reference=case,
        conference_on=opened.astimezone(LONDON).date() if opened else None,
        review_on=date.fromisoformat(review) if review else None,
        actions=tuple(
            Offered(what=masker.masked(a.what, by=None), due=a.due)
            for a in (plan.live if plan else ())
            if a.reference in prepared.actions
        ),
        words=tuple(masker.masked(each, by=None) for each in prepared.words),
        events=tuple(said),
        notices=tuple(
            Informed(what=notice.given.event.value, happened_on=notice.given.on, informed_on=day)
            for notice in work.victim_notices.of(work.cases.together(case))
            if (day := notice.informed_on) is not None
        ),
    )


def _keep(work: Work, clock: Clock, acting: Acting, case: str, what: AnyTold) -> VictimInformedEvent:
    event = VictimInformedEvent(involvement=case, what=what, by=acting.user, at=clock.now())
    work.victim_rights.record_informed(event)
    work.notes(told=what.kind)
    return event


def _must_be_assessed(work: Work, case: str) -> None:
    if not standing_of(work, case).gives_rights:
        raise InvalidInputError(f"referral {case}", _NOT_ASSESSED)


def _investigates(acting: Acting, agencies: Sequence[AgencyKnown]) -> bool:
    return any(agency.investigates and acting.speaks_for(agency.code) for agency in agencies)
