"""Many plans at once: figures over all that a person may see, and one page of them in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from engine.access.policy import May, require
from engine.access.redaction import Masker
from engine.domain.accounts.acting import Acting, Role
from engine.domain.base import Frozen
from engine.domain.cases.lifecycle import State
from engine.domain.people.persons import ClaimedRole
from engine.domain.plans.figures import DONE_LATELY, PlanFigures, figures_of
from engine.domain.plans.lists import (
    EVERY_PLAN,
    ActionLine,
    Chosen,
    DueIn,
    ListedAction,
    ListedBy,
    ListedPlan,
    PlanFilter,
    PlanLine,
    by_owner,
    choose,
)
from engine.domain.plans.reviews import day_due
from engine.domain.plans.versions import ENDS_PLAN, PlanState, StoredAction, StoredPlan
from engine.gc_pause import collector_less_eager
from engine.instruments.action_library import action_library
from engine.services.access.checks import known_part
from engine.services.access.masking import maskers_for
from engine.services.context import Context
from engine.services.plans.reviews_due import due_reviews, not_decided_on
from engine.store.repositories.access.visibility import VisibilityFilter
from engine.store.unit_of_work import Work

if TYPE_CHECKING:
    from engine.store.repositories.people.persons import PersonOnCase

WRITTEN_BY_HAND = "Action written by an agency"
"""Stands for a title in a person's own words, which a manager does not see."""
_NO_LONGER_THERE = "Action from an earlier library"
NOT_ENDED = frozenset(State) - ENDS_PLAN - {State.NOT_SCREENED}
"""The states of an involvement whose plan has not ended."""
_NO_ONE = ""
"""The name of no user."""
_AT_ONCE = 500


class PlanPage(Frozen):
    """Figures over every plan that has not ended, and one page of those that the filter lets through.

    ``total`` counts the lines of all pages: plans, or actions where they are listed by owner.
    """

    figures: PlanFigures
    plans: tuple[ListedPlan, ...]
    listed_by: ListedBy
    first: int
    total: int
    sees_names: bool


def list_plans(
    context: Context,
    *,
    wanted: PlanFilter = EVERY_PLAN,
    listed_by: ListedBy = ListedBy.CASE,
    first: int = 0,
    count: int | None = 10,
) -> PlanPage:
    """Return one page of the plans that this person may see, cut before anything is counted.

    Only the plans of the page are read in full, in the same number of queries whatever the number of plans.
    What grows is the short line for each plan that has not ended (``scripts/bench plans``). ``count`` None is
    all from ``first`` on. A manager sees counts, references and titles from the library of actions: no name,
    and nothing that a person wrote.

    Raises
    ------
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    require(May.SEE_PLANS, context.acting)
    today = context.clock.today()
    names = {agency.code: agency.name for agency in context.agencies_known}
    with collector_less_eager(), context.reading("list plans") as work:
        lines = _with_reviews(work, context, plan_lines(work, context))
        if wanted.state is PlanState.ENDED:
            chosen = choose(plan_lines(work, context, ended=True), wanted, today=today)
        else:
            chosen = choose(lines, wanted, today=today)
        listed = by_owner(chosen, names=names) if listed_by is ListedBy.OWNER else chosen
        page = listed[first:] if count is None else listed[first : first + count]
        plans = in_full(work, context.acting, page, today=today)
        if sees_names(context.acting):
            plans = _with_undecided(work, context, plans, today=today)
        work.notes(plans=len(plans))
    return PlanPage(
        figures=figures_of(lines, today=today),
        plans=plans,
        listed_by=listed_by,
        first=first,
        total=len(listed),
        sees_names=sees_names(context.acting),
    )


def sees_names(acting: Acting) -> bool:
    """Return whether a list of plans shows this person names and what people wrote."""
    return acting.role is not Role.MANAGER


def plans_seen_by(work: Work, acting: Acting) -> VisibilityFilter:
    """Return the cases whose plans this person may see. A manager sees no restricted one, named or not."""
    if acting.role is Role.MANAGER:
        return VisibilityFilter(user=_NO_ONE, without=work.need_to_know.shut_out_of(acting.user))
    return known_part(work, acting)


def plan_lines(work: Work, context: Context, *, ended: bool = False) -> tuple[PlanLine, ...]:
    """Return a line for each plan that this person may see: those that have ended, or all others."""
    states = ENDS_PLAN if ended else NOT_ENDED
    since = context.clock.now() - DONE_LATELY
    may_see = plans_seen_by(work, context.acting)
    return work.plan_lines.of_cases(may_see, states=states, done_since=since)


def _with_reviews(work: Work, context: Context, lines: tuple[PlanLine, ...]) -> tuple[PlanLine, ...]:
    """Return these plans with the reasons why a review is due. A manager views no case and gets none.

    Every case is worked out. Rows know which cases all see alike: the time taken would show that a case has
    something which this person does not see.
    """
    if not sees_names(context.acting):
        return lines
    today, settings = context.clock.today(), context.settings.reviews
    due = due_reviews(
        work, context.acting, [line.case for line in lines], on=today, settings=settings, read=lines
    )
    return tuple(
        line._replace(review_causes=due[line.case].causes) if line.case in due else line for line in lines
    )


def in_full(work: Work, acting: Acting, page: Sequence[Chosen], *, today: date) -> tuple[ListedPlan, ...]:
    """Return these plans with their actions' texts, masked, or without any for a manager."""
    cases = list(dict.fromkeys(chosen.plan.case for chosen in page))
    stored = work.plans.of(cases)
    rows = [_listed(chosen, stored[chosen.plan.case], today) for chosen in page]
    if not sees_names(acting):
        return tuple(map(_without_names, rows))
    maskers = maskers_for(work=work, references=cases)
    people = people_of(work, cases)
    return tuple(_with_names(row, maskers[row.case], people[row.case]) for row in rows)


def _with_undecided(
    work: Work, context: Context, rows: Sequence[ListedPlan], *, today: date
) -> tuple[ListedPlan, ...]:
    """Return these plans with the incidents that await a police decision."""
    cases = list(dict.fromkeys(row.case for row in rows))
    undecided = not_decided_on(work, context.acting, cases, on=today, agencies=context.agencies_known)
    return tuple(row.model_copy(update={"not_decided": undecided[row.case]}) for row in rows)


def _listed(chosen: Chosen, stored: StoredPlan, today: date) -> ListedPlan:
    """Return a plan with the actions that were chosen, as they are stored: not masked, not cut."""
    plan = chosen.plan
    in_full = {action.reference: action for action in (*stored.actions, *stored.live)}  # the live one last
    return ListedPlan(
        case=plan.case,
        plan=plan.plan,
        version=plan.version,
        in_delivery=plan.in_delivery,
        state=plan.state,
        review=plan.review,
        review_due=day_due(plan.review, plan.review_causes, on=today),
        review_causes=plan.review_causes,
        wishes=plan.wishes,
        departure=plan.departure,
        not_recorded_because=plan.not_recorded_because,
        victim=None,
        perpetrator=None,
        perpetrator_status=None,
        actions=tuple(_action(in_full[line.reference], line, today) for line in chosen.actions),
        others=len(plan.actions) - len(chosen.actions),
    )


def _action(stored: StoredAction, line: ActionLine, today: date) -> ListedAction:
    return ListedAction(
        reference=stored.reference,
        what=stored.what,
        library_title=_library_title(stored),
        agency=stored.agency,
        owner=stored.owner,
        owner_user=stored.owner_user,
        due=stored.due,
        status=stored.status,
        overdue=line.due_in(today) is DueIn.OVERDUE,
        serves=stored.serves,
        is_urgent=stored.is_urgent,
        is_live=line.is_live,
        evidence=stored.evidence,
    )


def _library_title(stored: StoredAction) -> str | None:
    """Return the library's own title: the action's may have been changed by hand."""
    if stored.library is None:
        return None
    library = action_library()
    item = stored.library.item
    return library.find(item).title if item in library.codes else _NO_LONGER_THERE


def _without_names(row: ListedPlan) -> ListedPlan:
    """Return a plan as a manager sees it: nothing that a person wrote, and no owner."""
    nameless = {"owner": None, "owner_user": None, "evidence": None}
    actions = tuple(
        action.model_copy(update={**nameless, "what": action.library_title or WRITTEN_BY_HAND})
        for action in row.actions
    )
    return row.model_copy(update={"actions": actions, "departure": None, "not_recorded_because": None})


def _with_names(row: ListedPlan, masker: Masker, people: Mapping[ClaimedRole, PersonOnCase]) -> ListedPlan:
    """Return a plan with the two people's names, and its texts without protected details."""
    victim, perpetrator = people[ClaimedRole.VICTIM], people[ClaimedRole.PERPETRATOR]
    actions = tuple(
        action.model_copy(
            update={
                "what": masker.masked(action.what),
                "owner": masker.masked_or_none(action.owner),
                "evidence": masker.masked_or_none(action.evidence),
            }
        )
        for action in row.actions
    )
    return row.model_copy(
        update={
            "victim": victim.described.short_name,
            "perpetrator": perpetrator.described.short_name,
            "perpetrator_status": perpetrator.status.value,
            "actions": actions,
        }
    )


def people_of(work: Work, cases: Sequence[str]) -> dict[str, dict[ClaimedRole, PersonOnCase]]:
    """Return for each case the newest record in each role."""
    found: dict[str, dict[ClaimedRole, PersonOnCase]] = {}
    for start in range(0, len(cases), _AT_ONCE):
        for person in work.people.on_cases(cases[start : start + _AT_ONCE]):
            found.setdefault(person.involvement, {})[person.role] = person
    return found
