"""Names of the people of several cases at once, for lists that would otherwise show references only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from engine.access.policy import WHO_MAY, May
from engine.domain.cases.names import CaseNames
from engine.domain.cases.worklists import WorkItem
from engine.domain.people.persons import ClaimedRole
from engine.services.access.checks import open_cases
from engine.services.access.masking import maskers_for
from engine.services.cases import facts
from engine.services.context import Context
from engine.store.repositories.people.persons import PersonOnCase
from engine.store.unit_of_work import Work

_AT_ONCE = 500


def name_items(context: Context, *, items: Sequence[WorkItem]) -> tuple[WorkItem, ...]:
    """Return lines of a worklist with the names of their cases, and the text of the actions that they are on.

    A case that is not open to this person is left without names. The record is read once for all lines, and
    not at all for a role that views no case.
    """
    cases = list(dict.fromkeys(item.reference for item in items if item.reference.startswith("R-")))
    if not cases or context.acting.role not in WHO_MAY[May.VIEW_CASE]:
        return tuple(items)
    with context.reading("read names on worklist") as work:
        opened = [each.reference for each in open_cases(work, context.acting, work.cases.all(cases))]
        named = names_on(work, opened)
        planned = [item.reference for item in items if item.action is not None and item.reference in named]
        texts = _action_texts(context, work, list(dict.fromkeys(planned)))
        work.notes(cases=len(named))
    return tuple(
        item.model_copy(
            update={"names": named.get(item.reference), "what": texts.get(item.action or "", item.what)}
        )
        for item in items
    )


def names_on(work: Work, references: Collection[str]) -> dict[str, CaseNames]:
    """Return the names on these cases, which are open to the reader; part of a larger use case."""
    people: dict[tuple[str, ClaimedRole], PersonOnCase] = {}
    wanted = list(references)
    for start in range(0, len(wanted), _AT_ONCE):
        for person in work.people.on_cases(wanted[start : start + _AT_ONCE]):
            people[person.involvement, person.role] = person
    return {
        reference: CaseNames(
            victim=victim.described.short_name,
            victim_status=victim.status,
            perpetrator=perpetrator.described.short_name,
            perpetrator_status=perpetrator.status,
        )
        for reference in wanted
        if (victim := people.get((reference, ClaimedRole.VICTIM))) is not None
        and (perpetrator := people.get((reference, ClaimedRole.PERPETRATOR))) is not None
    }


def _action_texts(context: Context, work: Work, cases: Sequence[str]) -> Mapping[str, str]:
    """Return by action what it is, masked as on its case."""
    if not cases:
        return {}
    maskers, plans = maskers_for(work=work, references=cases), work.plans.of(cases)
    return {
        action.reference: action.what
        for reference, plan in plans.items()
        for action in facts.plan_view(plan, maskers[reference], context.clock.today()).actions
    }
