"""Urgent safety actions: started at once by an agency, before a conference, an approval and a quorum."""

from __future__ import annotations

from collections.abc import Collection

from engine.access.policy import May
from engine.domain.accounts.acting import Acting, Role
from engine.domain.base import Frozen
from engine.domain.cases.lifecycle import Act
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.domain.plans.actions import PlannedAction
from engine.domain.vault.typed_texts import TypedWhere
from engine.services.access.checks import open_case
from engine.services.context import Context
from engine.services.plans.versions import name_owners, require_owners, require_sound, texts_of
from engine.services.vault.typed_texts import check_typed
from engine.store.unit_of_work import Work

_WHY = "An urgent safety action was started."
"""The reason of the version of the plan that an urgent action makes."""


class Started(Frozen):
    """An urgent safety action that is in delivery, and the version of the plan that has it."""

    reference: str
    plan: str
    version: int
    action: str


def start_urgent_action(
    context: Context, *, reference: str, action: PlannedAction, agencies: Collection[str]
) -> Started:
    """Start an urgent safety action at once, on its agency's own authority, from screening on.

    It makes the first version of the plan, or the next one with everything else as it was. It stays in
    later versions. The state of the involvement stays as it is. A practitioner starts actions of their own
    agency.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or the action is not urgent, changes another one, names an unknown agency
        or item of the library, has an owner who is not of its agency or a due date that is past or too far,
        or resembles a Police Information Notice without saying what is different.
    NotPermittedError
        The role may not start it, or a practitioner's agency is not the action's.
    IllegalTransitionError
        The referral is not screened, ended with advice or elsewhere, or its delivery has ended.
    """
    if not action.is_urgent:
        raise InvalidInputError(
            "action", "only an urgent safety action starts before a plan is approved; write it into the plan"
        )
    if action.reference is not None:
        raise InvalidInputError("action", "a new action has no reference; leave it out")
    require_sound([action], agencies, on=context.clock.today())
    acting = context.acting
    with context.writing("start urgent safety action", once=(reference, action)) as work:
        case = open_case(work, acting, reference, May.START_URGENT)
        case.moved(Act.START_URGENT)
        require_owners(work, [action])
        if acting.role is Role.PRACTITIONER:
            _require_own(work, acting, case.reference, action)
        texts = texts_of([action])
        check_typed(work, case, TypedWhere.PLAN, texts, acting=acting, clock=context.clock, but_places=True)
        plan = work.plans.start(case.reference, action, why=_WHY, by=acting.user, at=context.clock.now())
        if acting.role is not Role.PRACTITIONER:
            name_owners(work, context, case.reference, [action])
        started = plan.actions[-1].reference
        work.notes(plan=plan.reference, version=plan.version, action=started)
    return Started(reference=case.reference, plan=plan.reference, version=plan.version, action=started)


def _require_own(work: Work, acting: Acting, case: str, action: PlannedAction) -> None:
    """Refuse a practitioner an action of another agency, or an owner who could not see it.

    A practitioner names no one on a case: they may not know who works a counter-allegation.
    """
    if acting.agency != action.agency:
        raise NotPermittedError(
            f"start an action of {action.agency}",
            who_may=f"a practitioner of {action.agency}, a coordinator or the chair",
        )
    if action.owner_user is not None and action.owner_user not in work.cases.people_on(case):
        raise InvalidInputError(
            "owner", "this user is not on the case: choose one who is, or ask a coordinator to name them"
        )
