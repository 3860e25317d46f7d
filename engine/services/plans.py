"""Intervention plans: written by STAC coordinator and chair; agencies report on their own actions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from engine.access.policy import May
from engine.domain.accounts.acting import Role
from engine.domain.base import Frozen
from engine.domain.cases.involvement import StoredAction
from engine.domain.cases.lifecycle import Act, State
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.plans import ActionStatus, PlanGiven, PlannedAction
from engine.domain.typed_days import require_coming
from engine.domain.vault.typed_texts import TypedWhere
from engine.services.access.checks import finding_part, open_case
from engine.services.access.masking import masker_for
from engine.services.access.primary_roles import kept_apart
from engine.services.access.restrictions import people_to_name
from engine.services.context import Context
from engine.services.vault.typed_texts import check_typed
from engine.store.unit_of_work import Work

_NEEDS_NOTE = frozenset({ActionStatus.NOT_POSSIBLE, ActionStatus.NOT_DONE})


class Planned(Frozen):
    """A recorded version of a plan."""

    reference: str
    plan: str
    version: int
    state: State
    actions: tuple[str, ...]


def make_plan(context: Context, *, reference: str, plan: PlanGiven, agencies: Collection[str]) -> Planned:
    """Record a whole plan as a new version; every action has an agency that exists, an owner and a due date.

    An action that is left out of the new version is no longer part of the plan; its history stays.

    Raises
    ------
    InvalidInputError
        The reference is malformed, an action names an unknown agency or a due date that is past or too far,
        or the first plan is made on a later version.
    NotFoundError
        The case is not open to the person who acts, or the plan names an action that is not its own.
    NotPermittedError
        The role of the person who acts does not permit it.
    IllegalTransitionError
        The state of the involvement does not allow it.
    ConflictError
        The plan has a newer version than the one that this was made on.
    """
    for number, action in enumerate(plan.actions, start=1):
        if action.agency not in agencies:
            raise InvalidInputError(
                f"action {number}",
                f"agency '{action.agency}' is not installed; choose one of: {', '.join(sorted(agencies))}",
            )
        if action.reference is None and action.due < context.clock.today():
            raise InvalidInputError(
                f"action {number}", "a new action cannot be due before today; give a later date"
            )
        if action.reference is None:
            require_coming(f"action {number}", action.due, on=context.clock.today())
    with context.writing("plan") as work:
        before = open_case(work, context.acting, reference, May.PLAN)
        after = before.moved(Act.PLAN)
        due_before = _due_days(work, before.reference)
        texts = (plan.reason, plan.departs_from_wishes, *(action.what for action in plan.actions))
        check_typed(work, before, TypedWhere.PLAN, texts, acting=context.acting, clock=context.clock)
        plan = _with_unmasked_texts(work, plan, before.episode)
        ref, version = work.plans.add(before.reference, plan, by=context.acting.user, at=context.clock.now())
        _require_new_days(plan, due_before, on=context.clock.today())
        work.cases.save_move(
            before, after, act=Act.PLAN, by=context.acting.user, why=plan.reason, at=context.clock.now()
        )
        owners = {action.agency for action in plan.actions}
        people = people_to_name(work, before.reference, owners)
        apart = kept_apart(work, context.acting, before.reference)
        people = [name for name in people if name not in apart]
        work.cases.name_people(before.reference, people, by=context.acting.user, at=context.clock.now())
        stored_plan = work.plans.of([before.reference])[before.reference]
        work.notes(plan=ref, version=version, actions=len(plan.actions))
    return Planned(
        reference=before.reference,
        plan=ref,
        version=version,
        state=after.state,
        actions=tuple(action.reference for action in stored_plan.actions),
    )


def _due_days(work: Work, reference: str) -> dict[str, date]:
    newest = work.plans.of([reference]).get(reference)
    return {action.reference: action.due for action in newest.actions} if newest else {}


def _require_new_days(plan: PlanGiven, due_before: Mapping[str, date], *, on: date) -> None:
    """Bound a due date that is moved like a new one; one that stays may be past."""
    for number, action in enumerate(plan.actions, start=1):
        if action.reference is not None and action.due != due_before.get(action.reference):
            require_coming(f"action {number}", action.due, on=on)


def _with_unmasked_texts(work: Work, plan: PlanGiven, episode: str) -> PlanGiven:
    """Return the plan with each action's own text where the text sent back is only its masked form.

    A page shows the masked text; sending an unchanged row back must not put the mask into the record.
    """
    masker = masker_for(work=work, involvements=[i.reference for i in work.cases.of_episode(episode)])

    def own(action: PlannedAction) -> PlannedAction:
        if action.reference is None:
            return action
        stored_text = work.plans.action(action.reference).what
        return (
            action.model_copy(update={"what": stored_text})
            if action.what == masker.masked(stored_text)
            else action
        )

    return plan.model_copy(update={"actions": tuple(own(action) for action in plan.actions)})


def act(context: Context, *, action: str, status: ActionStatus, note: str | None = None) -> StoredAction:
    """Report on an action: by the agency that owns it, a coordinator or the chair. "Not done" needs a reason.

    Raises
    ------
    InvalidInputError
        The status needs a note.
    NotFoundError
        The action does not exist, or its case is not open to the person who acts.
    NotPermittedError
        The role may not report, or the practitioner's agency does not own the action.
    """
    if status in _NEEDS_NOTE and not note:
        raise InvalidInputError("note", f"'{status.value}' needs a reason; give one")
    with context.writing("report on action") as work:
        with finding_part(work, context.acting):
            before = work.plans.action(action)
        try:
            involvement = open_case(work, context.acting, before.involvement, May.ACT)
        except NotFoundError:
            raise NotFoundError("action", action) from None  # it may not show whose it is
        if context.acting.role is Role.PRACTITIONER and context.acting.agency != before.agency:
            raise NotPermittedError(
                f"update an action of {before.agency}",
                who_may=f"a practitioner of {before.agency}, a coordinator or the chair",
            )
        check_typed(work, involvement, TypedWhere.ACTION, [note], acting=context.acting, clock=context.clock)
        work.notes(action=action, status=status.value)
        return work.plans.act(
            action, status=status, note=note, by=context.acting.user, at=context.clock.now()
        )
