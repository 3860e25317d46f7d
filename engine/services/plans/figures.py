"""Figures over every plan that a person may see, from rows that the database counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from engine.clock import LONDON
from engine.domain.accounts.acting import Acting
from engine.domain.plans.actions import ActionStatus
from engine.domain.plans.figures import DONE_LATELY, ActionFacts, Counted, PlanFigures, figures_of
from engine.domain.plans.lists import PlanFilter
from engine.domain.plans.reviews import ReviewCause, ReviewTrigger, is_brought_forward
from engine.services.access.checks import open_before_proof, or_nowhere
from engine.services.context import Context
from engine.services.plans.counted import (
    DELIVERED,
    NO_DATE,
    NOT_ENDED,
    PLAN,
    SeenPlan,
    agency_and_status,
    facts_from,
    seen_plan,
)
from engine.services.plans.review_reasons import REASON, has_rows, sight_of, trigger_of
from engine.store.repositories.access.visibility import VisibilityFilter
from engine.store.unit_of_work import Work


def plans_seen(work: Work, acting: Acting, may_see: VisibilityFilter) -> list[SeenPlan]:
    """Return each plan in this part of the record that has not ended, in the order of a list by case.

    ``may_see`` is a part before proof: only of the plans in it the rows that name this person are checked.
    """
    rows = work.plan_counts.plans(PLAN.name, may_see, states=NOT_ENDED)
    named_on = _named_on(work, acting, (case for _, case, _, by_name in rows if by_name))
    there = ((number, case, code) for number, case, code, by_name in rows if not by_name or case in named_on)
    return sorted(seen_plan(*each) for each in there)


def _named_on(work: Work, acting: Acting, cases: Iterable[str]) -> frozenset[str]:
    """Return those of these cases that name this person by a row which the software wrote so."""
    return work.cases.open_to(acting.user, among=or_nowhere(sorted({*cases})))


def cases_let_through(seen: Sequence[SeenPlan], wanted: PlanFilter) -> list[str]:
    """Return the cases whose plan a filter lets through that picks no actions."""
    kinds = {each.facts for each in seen}
    lets_through = {facts for facts in kinds if wanted.has_plan(facts_from(facts))}
    return [each.case for each in seen if each.facts in lets_through]


def to_work_out(work: Work, context: Context, seen: Sequence[SeenPlan]) -> list[str]:
    """Return the cases whose reasons for a review are in no row for this person.

    In their episode the person sees another case, too. Cases that the person does not see change nothing.
    """
    if not has_rows(context.acting, (each.code for each in context.agencies_known)):
        return [each.case for each in seen]
    there = open_before_proof(work, context.acting)
    pairs = work.plan_counts.with_others_of_episode([each.number for each in seen], there)
    named_on = _named_on(work, context.acting, (other for _, other, by_name in pairs if by_name))
    return list(dict.fromkeys(case for case, other, by_name in pairs if not by_name or other in named_on))


def figures(
    work: Work,
    context: Context,
    seen: Sequence[SeenPlan],
    *,
    worked_out: Mapping[str, Sequence[ReviewCause]] | None,
) -> PlanFigures:
    """Return the figures over these plans.

    ``worked_out`` are the reasons for a review on the cases that have no row for it; None counts no reason.
    """
    today, now, numbers = context.clock.today(), context.clock.now(), [each.number for each in seen]
    forward = {} if worked_out is None else _brought_forward(work, context, seen, worked_out)
    actions, done_lately = Counter[ActionFacts](), Counter[str]()
    for alike in work.plan_counts.actions(DELIVERED.name, numbers, since=now - DONE_LATELY):
        agency, status = agency_and_status(alike.whom, alike.version)
        due = alike.due_at.astimezone(LONDON).date() if alike.due_at is not None else None
        actions[ActionFacts(agency, status, due)] += alike.number
        if status is ActionStatus.DONE:
            done_lately[agency] += alike.lately
    counted = Counted(
        plans={facts_from(each): of for each, of in Counter(plan.facts for plan in seen).items()},
        actions=actions,
        done_lately=done_lately,
        overdue_cases=sum(each.first_late < str(today) for each in seen),
        reviews=_reviews(seen, forward, today),
        brought_forward=Counter(forward.values()),
    )
    return figures_of(counted, today=today)


def _brought_forward(
    work: Work,
    context: Context,
    seen: Sequence[SeenPlan],
    worked_out: Mapping[str, Sequence[ReviewCause]],
) -> dict[str, frozenset[ReviewTrigger]]:
    """Return by case why its review is brought forward for this person."""
    whom, numbers = sight_of(context.acting), [each.number for each in seen]
    about = work.plan_counts.about_each(REASON.name, numbers, whom=whom, at=context.clock.now())
    triggers = {each: frozenset(map(trigger_of, each)) for each in set(about.values())}
    found = {each.case: triggers[about[each.number]] for each in seen if each.number in about}
    for case, causes in worked_out.items():
        found.pop(case, None)
        if is_brought_forward(causes):
            found[case] = frozenset(cause.trigger for cause in causes)
    return found


def _reviews(seen: Sequence[SeenPlan], forward: Collection[str], today: date) -> dict[date, int]:
    """Return how many reviews are due on each day: today those that are brought forward."""
    dates = Counter(each.review for each in seen if each.case not in forward)
    days = Counter({date.fromisoformat(day): number for day, number in dates.items() if day != NO_DATE})
    days[today] += len(forward)
    return days
