"""Writing a plan: whole, in versions, by coordinators and chair. A version is in delivery once approved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from engine.access.policy import May
from engine.domain.accounts.acting import Acting
from engine.domain.base import Frozen
from engine.domain.cases.involvement import Involvement
from engine.domain.cases.lifecycle import Act, State
from engine.domain.errors import InvalidInputError
from engine.domain.plans.actions import TYPED, ActionContent, PlanGiven, PlannedAction
from engine.domain.plans.notices import query_notice
from engine.domain.plans.versions import PlanState, StoredPlan
from engine.domain.typed_days import require_coming
from engine.domain.vault.typed_texts import TypedWhere
from engine.instruments.action_library import action_library
from engine.services.access.checks import open_case
from engine.services.access.masking import masker_for
from engine.services.access.primary_roles import kept_apart
from engine.services.access.restrictions import people_to_name
from engine.services.context import Context
from engine.services.vault.typed_texts import check_typed
from engine.store.unit_of_work import Work


class Planned(Frozen):
    """A recorded version of a plan. ``urgent`` are its actions that start at once."""

    reference: str
    plan: str
    version: int
    state: State
    plan_state: PlanState
    actions: tuple[str, ...]
    urgent: tuple[str, ...]


def make_plan(context: Context, *, reference: str, plan: PlanGiven, agencies: Collection[str]) -> Planned:
    """Record a whole plan as a new version; every action has an agency that exists, an owner and a due date.

    An action that is left out of the new version is no longer part of the plan once that version is approved;
    its history stays. Until then the approved version stays in delivery, and only the new version's urgent
    safety actions start, at once.

    Raises
    ------
    InvalidInputError
        The reference is malformed, an action names an unknown agency or item of the library, an owner who is
        not of its agency or a due date that is past or too far, or resembles a Police Information Notice
        without saying what is different, or the first plan is made on a later version.
    NotFoundError
        The case is not open to the person who acts, or the plan names an action that is not its own.
    IllegalTransitionError
        The state of the involvement does not allow it.
    ConflictError
        The plan has a newer version than the one that this was made on.
    """
    require_sound(plan.actions, agencies, on=context.clock.today())
    with context.writing("plan") as work:
        before = open_case(work, context.acting, reference, May.PLAN)
        after = before.moved(Act.PLAN)
        stored = work.plans.of([before.reference]).get(before.reference)
        require_owners(work, plan.actions)
        check_typed(
            work,
            before,
            TypedWhere.PLAN,
            [plan.reason, plan.departs_from_wishes],
            acting=context.acting,
            clock=context.clock,
        )
        check_typed(
            work,
            before,
            TypedWhere.PLAN,
            texts_of(plan.actions),
            acting=context.acting,
            clock=context.clock,
            but_places=True,
        )
        plan = _with_unmasked_texts(work, context.acting, plan, before)
        ref, version = work.plans.add(before.reference, plan, by=context.acting.user, at=context.clock.now())
        _require_new_days(plan, stored, on=context.clock.today())
        _require_started(plan, stored)
        work.cases.save_move(
            before, after, act=Act.PLAN, by=context.acting.user, why=plan.reason, at=context.clock.now()
        )
        stored_plan = work.plans.of([before.reference])[before.reference]
        name_owners(work, context, before.reference, stored_plan.live)
        work.notes(plan=ref, version=version, actions=len(plan.actions))
    return Planned(
        reference=before.reference,
        plan=ref,
        version=version,
        state=after.state,
        plan_state=stored_plan.state(after.state),
        actions=tuple(action.reference for action in stored_plan.actions),
        urgent=tuple(action.reference for action in stored_plan.actions if action.is_urgent),
    )


def name_owners(work: Work, context: Context, reference: str, live: Iterable[ActionContent]) -> None:
    """Name on the case the people of the agencies with these actions in delivery; part of a larger use case.

    A draft names no people: its agencies are named when it is approved, those of urgent safety
    actions at once.
    """
    people = people_to_name(work, reference, {action.agency for action in live})
    apart = kept_apart(work, context.acting, reference)
    named = [name for name in people if name not in apart]
    work.cases.name_people(reference, named, by=context.acting.user, at=context.clock.now())


def require_sound(actions: Sequence[PlannedAction], agencies: Collection[str], *, on: date) -> None:
    """Refuse actions of unknown agencies, with impossible dates, or from an item that the library has not.

    Also one that resembles a Police Information Notice without saying what is different. Part of a larger
    use case.

    Raises
    ------
    InvalidInputError
        An action is one of these; the error names it by its number.
    """
    _require_agencies_and_days(actions, agencies, on=on)
    _require_difference_from_notice(actions)
    _require_library_items(actions)


def _require_agencies_and_days(
    actions: Sequence[PlannedAction], agencies: Collection[str], *, on: date
) -> None:
    given = [action.reference for action in actions if action.reference is not None]
    twice = sorted({reference for reference in given if given.count(reference) > 1})
    if twice:
        raise InvalidInputError(
            "actions", f"{twice[0]} is given more than once; a new action has no reference"
        )
    for number, action in enumerate(actions, start=1):
        proposed_by = action.proposed_by if action.reference is None else None
        unknown = [code for code in (action.agency, proposed_by) if code is not None and code not in agencies]
        if unknown:
            raise InvalidInputError(
                f"action {number}",
                f"agency '{unknown[0]}' is not installed; choose one of: {', '.join(sorted(agencies))}",
            )
        if action.reference is None and action.due < on:
            raise InvalidInputError(
                f"action {number}", "a new action cannot be due before today; give a later date"
            )
        if action.reference is None:
            require_coming(f"action {number}", action.due, on=on)


def _require_difference_from_notice(actions: Sequence[PlannedAction]) -> None:
    """Query an action that resembles a Police Information Notice, until it says what is different."""
    for number, action in enumerate(actions, start=1):
        query = query_notice(action.what, difference=action.differs_from_notice)
        if query is not None:
            raise InvalidInputError(f"action {number}", query)


def _require_library_items(actions: Sequence[PlannedAction]) -> None:
    """Refuse a new action from an item that the library does not have, or from a version still to come."""
    newest = action_library()
    for number, action in enumerate(actions, start=1):
        item = action.library if action.reference is None else None
        if item is not None and (item.item not in newest.codes or item.version > newest.version):
            raise InvalidInputError(
                f"action {number}",
                f"the library has no item '{item.item}' of version {item.version}; 'stac plan library' lists "
                "the items",
            )


def require_owners(work: Work, actions: Sequence[PlannedAction]) -> None:
    """Refuse an owner who is a user, but no active practitioner of the action's agency.

    Part of a larger use case.

    Raises
    ------
    InvalidInputError
        An owner is such a user; the error names the action by its number.
    """
    for number, action in enumerate(actions, start=1):
        if action.owner_user is None:
            continue
        names = {user.name for user in work.users.practitioners_of([action.agency])}
        if action.owner_user not in names:
            raise InvalidInputError(
                f"action {number}",
                f"its owner must be an active practitioner of {action.agency}, or a name without a user",
            )


def texts_of(actions: Iterable[PlannedAction]) -> list[str | None]:
    """Return the typed texts of these actions."""
    return [getattr(action, name) for action in actions for name in TYPED]


def _require_started(plan: PlanGiven, before: StoredPlan | None) -> None:
    """Refuse a version that stops an urgent safety action which its agency has started and not ended."""
    urgent = {action.reference for action in plan.actions if action.is_urgent}
    for reference in sorted(before.must_stay) if before else ():
        if reference not in urgent:
            raise InvalidInputError(
                f"action {reference}",
                "it is an urgent safety action that has started: leave it in as one, or have its agency "
                "report that it is done or no longer possible",
            )


def _require_new_days(plan: PlanGiven, before: StoredPlan | None, *, on: date) -> None:
    """Bound a due date that is moved like a new one; one that stays may be past."""
    due_before = {action.reference: action.due for action in before.actions} if before else {}
    for number, action in enumerate(plan.actions, start=1):
        if action.reference is not None and action.due != due_before.get(action.reference):
            require_coming(f"action {number}", action.due, on=on)


def _with_unmasked_texts(work: Work, acting: Acting, plan: PlanGiven, case: Involvement) -> PlanGiven:
    """Return the plan with its stored texts where the text sent back is only their masked form.

    A page shows the masked text; sending an unchanged row back must not put the mask into the record. Its
    writer is shown no mask, and what they send back is theirs as they typed it.
    """
    episode = [each.reference for each in work.cases.of_episode(case.episode)]
    masker = masker_for(work=work, involvements=episode, reader=acting.user)

    def own(action: PlannedAction) -> PlannedAction:
        if action.reference is None:
            return action
        stored = work.plans.action(action.reference)
        return action.model_copy(
            update={
                name: before
                for name in TYPED
                if (before := getattr(stored, name)) is not None
                and getattr(action, name) == masker.masked(before, by=stored.writer_of(name))
            }
        )

    actions = tuple(own(action) for action in plan.actions)
    departs = plan.departs_from_wishes
    before = work.plans.of([case.reference]).get(case.reference)
    if before is not None and before.departs_from_wishes is not None:
        is_masked = departs == masker.masked(before.departs_from_wishes, by=before.departure_by)
        departs = before.departs_from_wishes if is_masked else departs
    return plan.model_copy(update={"actions": actions, "departs_from_wishes": departs})
