"""A practitioner's own actions: what this person has to do, and what their agency has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, time, timedelta

from engine.access.policy import May, require
from engine.clock import LONDON
from engine.domain.accounts.acting import Role
from engine.domain.base import Frozen
from engine.domain.cases.due import of_agency
from engine.domain.errors import NotPermittedError
from engine.domain.people.persons import ClaimedRole
from engine.domain.plans.lists import (
    ActionOwner,
    ListedPlan,
    Owner,
    PlanFilter,
    by_due_date,
    choose,
    sunday_of,
)
from engine.domain.plans.recent import RecentChange, RecentKind
from engine.gc_pause import collector_less_eager
from engine.services.access.checks import classes_shown, known_before_proof, or_nowhere
from engine.services.context import Context
from engine.services.plans.counted import DELIVERED, NOT_ENDED, REPORTED
from engine.services.plans.lists import in_full, people_of
from engine.store.repositories.access.visibility import VisibilityFilter
from engine.store.repositories.plans.counts import OpenAction
from engine.store.repositories.plans.recent import Lately
from engine.store.unit_of_work import Work

_A_DAY = timedelta(days=1)
_MOST = 8
"""So many changes are shown; more are on the cases."""


class OwnActions(Frozen):
    """One person's open actions by due date, a line for each, and how many their agency has.

    ``actions`` are the first of them. ``total``, ``overdue`` and ``due_this_week`` count all, ``cases`` their
    cases. A week ends on Sunday.
    ``changes`` are what others did since yesterday on the cases with a plan, newest first; ``more_changes``
    counts those that are not shown. ``victims`` has the short name of the victim by case.
    """

    actions: tuple[ListedPlan, ...]
    total: int
    cases: int
    overdue: int
    due_this_week: int
    agency_open: int
    agency_overdue: int
    changes: tuple[RecentChange, ...]
    more_changes: int
    victims: dict[str, str]


def own_actions(context: Context, *, most: int | None = None) -> OwnActions:
    """Return the open actions of the person who acts, on the cases that name them.

    Only the first ``most`` are read in full; None is all.
    An action is theirs if its owner is their user name; where it names no user, if the owner has their name.

    Raises
    ------
    NotPermittedError
        The person who acts does not work for an agency.
    """
    require(May.SEE_PLANS, context.acting)
    agency = context.acting.agency
    if context.acting.role is not Role.PRACTITIONER or agency is None:
        raise NotPermittedError("list your own actions", who_may="a practitioner of an agency")
    today = context.clock.today()
    context.uow.derive_all()
    with collector_less_eager(), context.reading("list own actions") as work:
        may_see = known_before_proof(work, context.acting)
        name = work.users.get(context.acting.user).display_name
        owner = Owner(user=context.acting.user, agency=agency, display_name=name)
        found = list(
            work.plan_counts.open_actions(DELIVERED.name, may_see, states=NOT_ENDED, whom=of_agency(agency))
        )
        changed = _changes(work, context, may_see)
        named_on = _named_on(work, context, found, changed)
        actions_of_agency = [each for each in found if each.case in named_on]
        changes = [each for each in changed if each.case in named_on]
        own = sorted(_owned(actions_of_agency, owner))
        first = sorted({each.case for each in own[:most]})
        lines = work.plan_lines.of_cases(may_see, states=NOT_ENDED, among=first)
        chosen = by_due_date(choose(lines, PlanFilter(owner=owner, to_do=True), today=today))
        actions = in_full(work, context.acting, chosen[:most], today=today)
        victims = _victims(work, {change.case for change in changes[:_MOST]})
        work.notes(actions=len(own), changes=len(changes))
    now, sunday = str(today), str(sunday_of(today))
    return OwnActions(
        actions=actions,
        total=len(own),
        cases=len({each.case for each in own}),
        overdue=sum(each.due < now for each in own),
        due_this_week=sum(now <= each.due <= sunday for each in own),
        agency_open=len(actions_of_agency),
        agency_overdue=sum(each.due < now for each in actions_of_agency),
        changes=tuple(changes[:_MOST]),
        more_changes=max(0, len(changes) - _MOST),
        victims=victims,
    )


def _owned(actions: Iterable[OpenAction], owner: Owner) -> Iterator[OpenAction]:
    """Yield those of an agency's actions that a person owns. Few own all of them: each is asked once."""
    owns: dict[tuple[str, str | None], bool] = {}
    for each in actions:
        by = each.owner, each.owner_user
        if by not in owns:
            owns[by] = owner.owns(ActionOwner(owner.agency, *by))
        if owns[by]:
            yield each


def _named_on(
    work: Work, context: Context, actions: Iterable[OpenAction], changes: Iterable[RecentChange]
) -> frozenset[str]:
    """Return the cases of these that name this person by a row which the software wrote so.

    The check is made once of the cases that were found: a person is named on many more, most of them closed.
    """
    cases = {*(each.case for each in actions), *(each.case for each in changes)}
    return work.cases.open_to(context.acting.user, among=or_nowhere(sorted(cases)))


def _changes(work: Work, context: Context, may_see: VisibilityFilter) -> tuple[RecentChange, ...]:
    """Return what others did since yesterday on cases with a plan that this person may see, newest first."""
    yesterday = context.clock.today() - _A_DAY
    lately = Lately(
        since=datetime.combine(yesterday, time.min, LONDON),
        may_see=may_see,
        states=NOT_ENDED,
        viewer=context.acting.user,
    )
    changes = [
        *work.recent_changes.of_plans(lately),
        *work.recent_changes.of_actions(lately),
        *_incidents(work, context, lately),
    ]
    approved = {(c.case, c.version) for c in changes if c.kind is RecentKind.APPROVAL}
    there = [
        change
        for change in changes
        if not (change.kind is RecentKind.VERSION and (change.case, change.version) in approved)
    ]
    return tuple(sorted(there, key=lambda change: (change.at, change.reference), reverse=True))


def _incidents(work: Work, context: Context, lately: Lately) -> Iterator[RecentChange]:
    """Yield the incidents whose first report that this person reads came lately, by another person."""
    shown = classes_shown(work, context.acting, on=context.clock.today())
    cases = work.recent_changes.cases_with_reports(REPORTED.name, lately, shown=shown, most=_MOST)
    for case, incidents in work.incidents.of_each({case: (case,) for case in cases}, shown=shown).items():
        for incident in incidents:
            first = min(incident.reports, key=lambda report: report.received_at)
            if first.received_at >= lately.since and first.told_by != lately.viewer:
                yield RecentChange(
                    kind=RecentKind.INCIDENT,
                    case=case,
                    reference=incident.reference,
                    at=first.received_at,
                    incident=incident.kind,
                    also=incident.also,
                    happened=incident.happened,
                )


def _victims(work: Work, cases: Collection[str]) -> dict[str, str]:
    people = people_of(work, sorted(cases))
    return {case: of_case[ClaimedRole.VICTIM].described.short_name for case, of_case in people.items()}
