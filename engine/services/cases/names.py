"""Names and texts for the lines of a worklist, which would otherwise show references only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.access.policy import WHO_MAY, May
from engine.domain.accounts.acting import Acting
from engine.domain.cases.worklists import WorkItem
from engine.services.access.checks import open_cases
from engine.services.access.masking import maskers_for
from engine.services.context import Context
from engine.services.people.names import names_on
from engine.store.unit_of_work import Work


def name_items(context: Context, *, items: Sequence[WorkItem]) -> tuple[WorkItem, ...]:
    """Return lines of a worklist with the names of their cases, and the text of the actions that they are on.

    A case that is not open to this person is left without names. The record is read once for all lines, even
    for none, so that the number of audit entries shows nothing; for a role that views no case it is not read.
    """
    if context.acting.role not in WHO_MAY[May.VIEW_CASE]:
        return tuple(items)
    with context.reading("read names on worklist") as work:
        return named_items(work, context.acting, items)


def named_items(work: Work, acting: Acting, items: Sequence[WorkItem]) -> tuple[WorkItem, ...]:
    """Return the same in the transaction of a use case, whose entry has the number of cases with names."""
    if acting.role not in WHO_MAY[May.VIEW_CASE]:
        return tuple(items)
    cases = list(dict.fromkeys(item.reference for item in items if item.reference.startswith("R-")))
    opened = [each.reference for each in open_cases(work, acting, work.cases.all(cases))]
    named = names_on(work, opened)
    planned = [item.reference for item in items if item.action is not None and item.reference in named]
    texts = _action_texts(work, acting, list(dict.fromkeys(planned)))
    work.notes(cases=len(named))
    return tuple(
        item.model_copy(
            update={"names": named.get(item.reference), "what": texts.get(item.action or "", item.what)}
        )
        for item in items
    )


def _action_texts(work: Work, acting: Acting, cases: Sequence[str]) -> Mapping[str, str]:
    """Return by action what it is, masked as on its case."""
    if not cases:
        return {}
    maskers = maskers_for(work=work, references=cases, reader=acting.user)
    return {
        action.reference: maskers[reference].masked(action.what, by=action.writer_of("what"))
        for reference, plan in work.plans.of(cases).items()
        for action in plan.live
    }
