"""Reviews that are due, on many cases at once: in as many queries whatever the number of cases.

The reasons are those of the case page, worked out of what the viewer may see of each case, save one: that the
victim declined an advocate is in a response, and responses are read only with their case.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from engine.access.release import is_member, shown_classes
from engine.clock import LONDON
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import AgencyKnown, investigators
from engine.domain.plans.changes import NotDecidedByPolice
from engine.domain.plans.lists import PlanLine
from engine.domain.plans.reviews import ActionKnown, IncidentKnown, ReviewCause, in_order
from engine.services.access.checks import known_part, open_cases, or_nowhere
from engine.services.plans.changes import REVIEWED, causes_since, not_decided, signed_not_in_contact
from engine.settings import ReviewSettings
from engine.store.repositories.reviews import ReviewDates
from engine.store.unit_of_work import Work


class DueReview(NamedTuple):
    """Every reason why the review of one case is due, in order, and the dates that it is counted by."""

    dates: ReviewDates
    causes: tuple[ReviewCause, ...]


def due_reviews(
    work: Work,
    acting: Acting,
    among: Sequence[str],
    *,
    on: date,
    settings: ReviewSettings,
    read: Sequence[PlanLine] | None = None,
) -> dict[str, DueReview]:
    """Return by case each review that is due on this day for what this person may see, of cases that are open
    to them. The database is asked the same if there is none.

    ``read`` are the lines of their plans, where they were read before.
    """
    dates = work.reviews.dates_of(or_nowhere(among))
    cases = or_nowhere(dates)
    if read is None:
        read = work.plan_lines.of_cases(known_part(work, acting), states=REVIEWED, among=cases, always=True)
    plans = {line.case: line for line in read if line.on_case in REVIEWED}
    episodes = _open_episodes(work, acting, cases)
    incidents = _incidents(work, acting, episodes, on=on)
    custody = work.reviews.custody_changes_by_case(
        or_nowhere(sorted({each for of in episodes.values() for each in of}))
    )
    needs = work.plan_approvals.needs_of(cases)
    found: dict[str, DueReview] = {}
    for case in dates:
        there = incidents[case]
        last = max((min(i.happened.latest, on) for i in there if i.happened is not None), default=None)
        causes = causes_since(
            dates[case],
            there,
            actions=actions_known(plans.get(case)),
            custody=[change for each in episodes[case] for change in custody.get(each, ())],
            lost=signed_not_in_contact(needs[case]),
            came_faster=came_faster_before(there, dates[case], last, on=on, quiet=settings.quiet),
            last_incident=last,
            today=on,
            settings=settings,
        )
        ordered = in_order(causes)
        if ordered:
            found[case] = DueReview(dates[case], ordered)
    return found


def not_decided_on(
    work: Work, acting: Acting, cases: Sequence[str], *, on: date, agencies: Sequence[AgencyKnown]
) -> dict[str, tuple[NotDecidedByPolice, ...]]:
    """Return by case the incidents that this person may see and that await a police decision."""
    episodes = _open_episodes(work, acting, cases)
    incidents = _incidents(work, acting, episodes, on=on)
    recorded = work.reviews.police_decisions(sorted({each for of in episodes.values() for each in of}))
    decided = {decision.incident for decision in recorded}
    confirmed = work.likely_breaches.confirmed(sorted({each for of in episodes.values() for each in of}))
    codes = investigators(agencies)
    return {case: not_decided(there, decided, confirmed, codes) for case, there in incidents.items()}


def _open_episodes(work: Work, acting: Acting, cases: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return for each case itself and the other involvements of its episode that are open to this person."""
    together = work.cases.together_with_each(cases)
    others = {each for episode in together.values() for each in episode} - set(cases)
    there = {each.reference for each in open_cases(work, acting, work.cases.all(others))} | set(cases)
    return {case: tuple(each for each in episode if each in there) for case, episode in together.items()}


def _incidents(
    work: Work, acting: Acting, episodes: dict[str, tuple[str, ...]], *, on: date
) -> dict[str, tuple[IncidentKnown, ...]]:
    classes = work.sharing.classes()
    named_on = work.cases.open_to(acting.user, among=list(episodes))
    found: dict[str, tuple[IncidentKnown, ...]] = {}
    (nowhere,) = or_nowhere(())
    for is_named in (True, False):
        shown = shown_classes(
            acting, classes, on=on, is_member=is_member(acting, (acting.user,) if is_named else ())
        )
        of_these = {case: each for case, each in episodes.items() if (case in named_on) is is_named}
        asked = of_these if any(of_these.values()) else {**of_these, nowhere: (nowhere,)}
        found |= work.incidents.in_short(asked, shown=shown)
    return {case: found[case] for case in episodes}


def actions_known(plan: PlanLine | None) -> list[ActionKnown]:
    """Return the actions of a plan that are in delivery."""
    return [
        ActionKnown(action.reference, action.status, action.due, action.changed_at)
        for action in (plan.actions if plan is not None else ())
        if action.is_live
    ]


def came_faster_before(
    incidents: Sequence[IncidentKnown], dates: ReviewDates, last: date | None, *, on: date, quiet: timedelta
) -> bool | None:
    """Return whether reports had come faster; None where it cannot be judged or is not asked."""
    if last is None or on - last < quiet or last + quiet <= dates.since.astimezone(LONDON).date():
        return None
    from engine.links.measures import reports_came_faster  # few lists measure any

    return reports_came_faster((each.happened for each in incidents), until=on)
