"""Lines of coordinators and chair about reviews that are due: one for each case, with every reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from engine.access.release import is_member
from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.involvement import Involvement
from engine.domain.cases.views import IncidentView
from engine.domain.cases.worklists import WorkItem
from engine.domain.plans.reviews import ReviewCause, ReviewTrigger, in_order, why_due
from engine.domain.plans.versions import StoredPlan
from engine.services.access.checks import open_cases
from engine.services.plans.changes import (
    REVIEWED,
    causes_since,
    known_incidents,
    last_day,
    signed_not_in_contact,
)
from engine.services.sharing.incident_rules import incidents_for
from engine.services.sharing.response_visibility import Viewer
from engine.settings import Settings
from engine.store.repositories.reviews import ReviewDates
from engine.store.unit_of_work import Work

REVIEW_DUE = "review"
"""The kind of a line about a review that is due."""


def review_items(
    work: Work, acting: Acting, clock: Clock, settings: Settings, agencies: Sequence[AgencyKnown]
) -> Iterator[WorkItem]:
    """Yield a line for each case whose review is due for what this person may see of it."""
    if acting.role not in COORDINATOR_AND_CHAIR:
        return
    today = clock.today()
    dates = _may_be_due(work, settings, today)
    if not dates:
        return
    cases = open_cases(work, acting, work.cases.all(dates))
    plans = work.plans.of([each.reference for each in cases])
    for involvement in cases:
        plan = plans.get(involvement.reference)
        of_case = dates[involvement.reference]
        causes = in_order(
            _causes(work, involvement, of_case, plan, acting, agencies, settings=settings, today=today)
        )
        why = why_due(causes, of_case.review_on)
        if why is not None:
            yield _line(involvement.reference, causes, why, of_case, today)


def _may_be_due(work: Work, settings: Settings, today: date) -> dict[str, ReviewDates]:
    reviews = settings.reviews
    dates = work.reviews.may_be_due(REVIEWED, on=today, ahead=reviews.release_ahead, quiet=reviews.quiet)
    missed = {a.involvement for a in work.plans.open_actions() if today - a.due > reviews.action_grace}
    return {**dates, **work.reviews.dates_of(sorted(missed - set(dates)))}


def _causes(
    work: Work,
    involvement: Involvement,
    dates: ReviewDates,
    plan: StoredPlan | None,
    acting: Acting,
    agencies: Sequence[AgencyKnown],
    *,
    settings: Settings,
    today: date,
) -> Iterator[ReviewCause]:
    reference = involvement.reference
    if involvement.state not in REVIEWED:
        return
    together = open_cases(work, acting, work.cases.of_episode(involvement.episode))
    of_episode = list(dict.fromkeys([*(each.reference for each in together), reference]))
    viewer = Viewer(acting=acting, on=today, is_member=is_member(acting, work.cases.people_on(reference)))
    incidents, _ = incidents_for(work, of_episode, viewer, agencies)
    last = last_day(incidents, today)
    quiet_long = last is not None and today - last >= settings.reviews.quiet
    yield from causes_since(
        dates,
        known_incidents(work, of_episode, incidents, viewer),
        plan=plan,
        custody=work.reviews.custody_changes(of_episode),
        lost=signed_not_in_contact(work.plan_approvals.needs_of([reference])[reference]),
        came_faster=_came_faster(incidents, today) if quiet_long else None,
        last_incident=last,
        today=today,
        settings=settings.reviews,
    )


def _came_faster(incidents: Sequence[IncidentView], today: date) -> bool | None:
    """Return whether reports had come faster; None where it cannot be judged."""
    from engine.links.measures import Reported, measures_of  # few worklists measure any

    reported = [
        Reported(each.happened, each.kind.value, each.channel.value if each.channel else None)
        for each in incidents
    ]
    return measures_of(reported, until=today).alarm


def _line(
    reference: str, causes: Sequence[ReviewCause], why: str, dates: ReviewDates, today: date
) -> WorkItem:
    is_scheduled = any(cause.trigger is ReviewTrigger.SCHEDULED for cause in causes)
    due = dates.review_on if is_scheduled and dates.review_on is not None else today
    return WorkItem(
        reference=reference,
        what="Review the plan",
        why=why,
        due_at=datetime.combine(due, time(23, 59), LONDON),
        since=dates.since,
        is_overdue=due < today,
        is_alarm=False,
        kind=REVIEW_DUE,
    )
