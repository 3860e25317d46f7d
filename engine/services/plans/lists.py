"""Many plans at once: figures over all that a person may see, and one page of them in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from engine.access.policy import May, require
from engine.access.redaction import NOTHING_TO_MASK, Masker
from engine.domain.accounts.acting import Acting, Role
from engine.domain.base import Frozen
from engine.domain.people.persons import ClaimedRole
from engine.domain.plans.figures import PlanFigures
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
from engine.domain.plans.reviews import ReviewCause, day_due
from engine.domain.plans.versions import ENDS_PLAN, PlanState, StoredAction, StoredPlan
from engine.gc_pause import collector_less_eager
from engine.instruments.action_library import action_library
from engine.services.access.checks import known_before_proof, known_part, or_nowhere
from engine.services.access.masking import maskers_for
from engine.services.context import Context
from engine.services.plans.counted import NOT_ENDED, SeenPlan
from engine.services.plans.figures import cases_let_through, figures, plans_seen, to_work_out
from engine.services.plans.reviews_due import due_reviews, not_decided_on
from engine.store.repositories.access.visibility import VisibilityFilter
from engine.store.unit_of_work import Work

if TYPE_CHECKING:
    from engine.store.repositories.people.persons import PersonOnCase

WRITTEN_BY_HAND = "Action written by an agency"
"""Stands for a title in a person's own words, which a manager does not see."""
_NO_LONGER_THERE = "Action from an earlier library"
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

    Only the plans of the page are read in full, and only their reviews are worked out, in the same number of
    queries whatever the number of plans. The figures are counted from rows. ``count`` None is all from
    ``first`` on. A manager sees counts, references and titles from the library of actions: no name,
    and nothing that a person wrote.
    """
    require(May.SEE_PLANS, context.acting)
    today, sees = context.clock.today(), sees_names(context.acting)
    context.uow.derive_all()
    with collector_less_eager(), context.reading("list plans") as work:
        seen = plans_seen(work, context.acting, _before_proof(work, context.acting))
        to_work = to_work_out(work, context, seen) if sees else []
        page, total, read = _page(
            work, context, seen, wanted, listed_by, slice(first, count and first + count), also=to_work
        )
        causes = _causes(work, context, page, to_work, read) if sees else None
        page = [_with_causes(each, causes or {}) for each in page]
        plans = in_full(work, context.acting, page, today=today)
        if sees:
            plans = _with_undecided(work, context, plans, today=today)
        worked_out = {case: causes.get(case, ()) for case in to_work} if causes is not None else None
        of_all = figures(work, context, seen, worked_out=worked_out)
        work.notes(plans=len(plans))
    return PlanPage(
        figures=of_all,
        plans=plans,
        listed_by=listed_by,
        first=first,
        total=total,
        sees_names=sees,
    )


def sees_names(acting: Acting) -> bool:
    """Return whether a list of plans shows this person names and what people wrote."""
    return acting.role is not Role.MANAGER


def _before_proof(work: Work, acting: Acting) -> VisibilityFilter:
    """Return ``plans_seen_by`` by rows whose checks are not made yet: those of the plans found are made."""
    return plans_seen_by(work, acting) if acting.role is Role.MANAGER else known_before_proof(work, acting)


def plans_seen_by(work: Work, acting: Acting) -> VisibilityFilter:
    """Return the cases whose plans this person may see. A manager sees no restricted one, named or not."""
    if acting.role is Role.MANAGER:
        return VisibilityFilter(user=_NO_ONE, without=work.need_to_know.shut_out_of(acting.user))
    return known_part(work, acting)


def _page(
    work: Work,
    context: Context,
    seen: Sequence[SeenPlan],
    wanted: PlanFilter,
    listed_by: ListedBy,
    which: slice,
    *,
    also: Sequence[str],
) -> tuple[list[Chosen], int, tuple[PlanLine, ...] | None]:
    """Return what a page lists, of how many, and the lines that were read: those of the cases ``also``, too.

    Where a filter picks actions, and by owner, each plan is read to choose. None has no line of ``also``.
    """
    today = context.clock.today()
    if listed_by is ListedBy.CASE and not wanted.picks_actions and wanted.state is not PlanState.ENDED:
        cases = cases_let_through(seen, wanted)
        shown = frozenset(cases[which])
        read = work.plan_lines.of_cases(
            _before_proof(work, context.acting),  # the cases of ``seen`` are proven
            states=NOT_ENDED,
            among=or_nowhere(sorted({*shown, *also})),
            always=True,
        )
        page = choose((line for line in read if line.case in shown), wanted, today=today)
        return page, len(cases), read
    is_ended, may_see = wanted.state is PlanState.ENDED, plans_seen_by(work, context.acting)
    read = work.plan_lines.of_cases(may_see, states=ENDS_PLAN if is_ended else NOT_ENDED)
    listed = choose(read, wanted, today=today)
    if listed_by is ListedBy.OWNER:
        listed = by_owner(listed, names={agency.code: agency.name for agency in context.agencies_known})
    return listed[which], len(listed), None if is_ended else read


def _causes(
    work: Work,
    context: Context,
    page: Sequence[Chosen],
    to_work: Sequence[str],
    read: Sequence[PlanLine] | None,
) -> dict[str, tuple[ReviewCause, ...]]:
    """Return by case why a review is due, of a page and of ``to_work``.

    Each is worked out alike. Rows know which cases all see alike: the time taken would show that a case has
    something which this person does not see.
    """
    today, settings = context.clock.today(), context.settings.reviews
    shown = () if read is None else [each.plan.case for each in page]
    due = due_reviews(
        work, context.acting, list(dict.fromkeys((*shown, *to_work))), on=today, settings=settings, read=read
    )
    return {case: review.causes for case, review in due.items()}


def _with_causes(chosen: Chosen, causes: Mapping[str, tuple[ReviewCause, ...]]) -> Chosen:
    return chosen._replace(plan=chosen.plan._replace(review_causes=causes.get(chosen.plan.case, ())))


def in_full(work: Work, acting: Acting, page: Sequence[Chosen], *, today: date) -> tuple[ListedPlan, ...]:
    """Return these plans with their actions' texts, masked, or without any for a manager."""
    cases = list(dict.fromkeys(chosen.plan.case for chosen in page))
    stored = work.plans.of(cases)
    if not sees_names(acting):
        bare = [_listed(chosen, stored[chosen.plan.case], today, NOTHING_TO_MASK) for chosen in page]
        return tuple(map(_without_names, bare))
    maskers = maskers_for(work=work, references=cases, reader=acting.user)
    rows = [_listed(each, stored[each.plan.case], today, maskers[each.plan.case]) for each in page]
    people = people_of(work, cases)
    return tuple(_with_names(row, people[row.case]) for row in rows)


def _with_undecided(
    work: Work, context: Context, rows: Sequence[ListedPlan], *, today: date
) -> tuple[ListedPlan, ...]:
    """Return these plans with the incidents that await a police decision."""
    cases = list(dict.fromkeys(row.case for row in rows))
    undecided = not_decided_on(work, context.acting, cases, on=today, agencies=context.agencies_known)
    return tuple(row.model_copy(update={"not_decided": undecided[row.case]}) for row in rows)


def _listed(chosen: Chosen, stored: StoredPlan, today: date, masker: Masker) -> ListedPlan:
    """Return a plan with the actions that were chosen, each text masked but for its writer; not cut."""
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
        actions=tuple(_action(in_full[line.reference], line, today, masker) for line in chosen.actions),
        others=len(plan.actions) - len(chosen.actions),
    )


def _action(stored: StoredAction, line: ActionLine, today: date, masker: Masker) -> ListedAction:
    return ListedAction(
        reference=stored.reference,
        what=masker.masked(stored.what, by=stored.writer_of("what")),
        library_title=_library_title(stored),
        agency=stored.agency,
        owner=masker.masked_or_none(stored.owner, by=stored.writer_of("owner")),
        owner_user=stored.owner_user,
        due=stored.due,
        status=stored.status,
        overdue=line.due_in(today) is DueIn.OVERDUE,
        serves=stored.serves,
        is_urgent=stored.is_urgent,
        is_live=line.is_live,
        evidence=masker.masked_or_none(stored.evidence, by=stored.writer_of("evidence")),
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


def _with_names(row: ListedPlan, people: Mapping[ClaimedRole, PersonOnCase]) -> ListedPlan:
    """Return a plan with the two people's names."""
    victim, perpetrator = people[ClaimedRole.VICTIM], people[ClaimedRole.PERPETRATOR]
    return row.model_copy(
        update={
            "victim": victim.described.short_name,
            "perpetrator": perpetrator.described.short_name,
            "perpetrator_status": perpetrator.status.value,
        }
    )


def people_of(work: Work, cases: Sequence[str]) -> dict[str, dict[ClaimedRole, PersonOnCase]]:
    """Return for each case the newest record in each role."""
    found: dict[str, dict[ClaimedRole, PersonOnCase]] = {}
    for start in range(0, len(cases), _AT_ONCE):
        for person in work.people.on_cases(cases[start : start + _AT_ONCE]):
            found.setdefault(person.involvement, {})[person.role] = person
    return found
