"""Actions near a protected place: shown to the people who keep the victim safe, and to no one else.

Nothing is compared when a plan is written. The comparison is made when the people who may know its result
open their worklist, so that for the person who writes no answer, row, time or audit entry depends on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from engine.access.near_places import is_near, near, places_named
from engine.access.policy import May
from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.domain.plans.actions import OPEN_STATUSES, TYPED
from engine.domain.plans.texts import WrittenText
from engine.domain.plans.versions import StoredPlan
from engine.services.access.checks import open_case
from engine.services.context import Context
from engine.services.due.lines import about_each
from engine.services.plans.due import TEXTS_TO_COMPARE
from engine.services.vault.permissions import (
    LearnsOfPlaces,
    investigators_on,
    is_entrusted,
    learns_of_places_anywhere,
)
from engine.services.vault.places_tried import SHOWN_FOR, is_shown_places_tried, places_tried
from engine.settings import Settings
from engine.store.unit_of_work import Work

NEAR_PLACE = "near a protected place"
"""The kind of a line about an action near a protected place."""
CHECK_PLACES = "check places"
"""The kind of a line that asks for the check of a version; it is there for every version, near or not."""
PLACES_NAMED = "places named in actions"
"""The kind of a line about a writer who named several places on one case."""


def name_lead(context: Context, *, reference: str, user: str) -> str:
    """Name the lead of the investigating agency on a case, by the chair; the newest applies.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or the user is not on the case for the agency that investigates.
    NotFoundError
        The case is not open to the person who acts, or the user does not exist.
    """
    agencies = context.agencies_known
    with context.writing("name investigation lead") as work:
        case = open_case(work, context.acting, reference, May.NAME_LEAD).reference
        lead = work.users.get(user)
        if lead.name not in investigators_on(work, case, agencies):
            raise InvalidInputError(
                "user", "this user is not on this case for the agency that investigates; choose one who is"
            )
        work.reviews.name_lead(case, lead.name, by=context.acting.user, at=context.clock.now())
        work.notes(lead=lead.name)
        return lead.name


def record_place_check(context: Context, *, reference: str, version: int) -> None:
    """Record that the newest version of a plan was checked for protected places, by its officer or lead.

    Their lines about actions that were written before it go. Its result is not recorded, and every version
    asks for it: a record of a check does not show whether an action is near a place.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or the version is not the newest of the plan.
    NotPermittedError
        The person who acts is not the safe-contact officer or the investigation lead of the case.
    """
    acting = context.acting
    with context.writing("record check for places") as work:
        case = open_case(work, acting, reference, May.SEE_HELD).reference
        if not is_entrusted(work, acting, case):
            raise NotPermittedError(
                "record that a plan was checked for protected places",
                who_may="the safe-contact officer or the investigation lead of the case",
            )
        plan = work.plans.of([case]).get(case)
        if plan is None or plan.version != version:
            raise InvalidInputError("version", "it is not the newest version of the plan; read that one")
        work.reviews.add_place_check(case, version, by=acting.user, at=context.clock.now())
        work.notes(version=version)


def place_items(
    work: Work,
    acting: Acting,
    clock: Clock,
    settings: Settings,
    agencies: Sequence[AgencyKnown],
) -> Iterator[WorkItem]:
    """Yield a case worker's lines: actions near a protected place, and writers who named several places."""
    waiting = partial(about_each, TEXTS_TO_COMPARE, work, acting, clock)
    learns = learns_of_places_anywhere(work, acting, agencies, waiting=waiting)
    yield from _near_items(work, acting, learns)
    if is_shown_places_tried(acting, agencies):
        texts = work.action_texts.written_since(clock.now() - SHOWN_FOR)
        yield from places_tried(
            work,
            acting,
            settings,
            texts,
            places_named=places_named,
            named_in="actions",
            kind=PLACES_NAMED,
        )


def _near_items(work: Work, acting: Acting, learns: LearnsOfPlaces) -> Iterator[WorkItem]:
    """Yield the lines of the cases where this person learns of it; no one does about their own text.

    A plan is read only where it must be checked, or where a text that it once had is near a place.
    """
    checks = work.reviews.place_checks_by(acting.user, learns.cases)
    texts = [
        each
        for each in _near_texts(work, learns.cases)
        if each.by != acting.user and ((check := checks.get(each.case)) is None or each.at >= check.at)
    ]
    near = {each.case for each in texts}
    plans = work.plans.of([case for case in learns.cases if case in near or case in learns.entrusted])
    for case, plan in plans.items():
        is_checked = (check := checks.get(case)) is not None and check.version == plan.version
        if not is_checked and case in learns.entrusted:
            yield _to_check(case, plan)
    current = _current(plans.values())
    shown: set[str] = set()
    for each in texts:
        if each.about in shown or (each.about, each.text) not in current:
            continue
        shown.add(each.about)
        yield WorkItem(
            reference=each.case,
            what=f"Check action {each.about}: near a protected place",
            why="Its text names something at or near a protected place of the victim. Contact the chair "
            "or the coordinator if it must change. Do not name the place.",
            due_at=each.at,
            since=each.at,
            is_overdue=True,
            is_alarm=False,
            kind=NEAR_PLACE,
        )


def _near_texts(work: Work, cases: Sequence[str]) -> Iterator[WrittenText]:
    """Yield the texts of the open actions of these cases that name something near a place of their episode.

    In as many statements whatever the number of cases.
    """
    texts = work.action_texts.of_open(cases)
    together = work.cases.together_with_each(sorted({each.case for each in texts}))
    held = work.protected.held_by_case(sorted({each for of in together.values() for each in of}))
    places = {
        case: near((kind, value.decode()) for each in of for _, kind, value in held.get(each, ()))
        for case, of in together.items()
    }
    yield from (each for each in texts if is_near(each.text, places[each.case]))


def _to_check(case: str, plan: StoredPlan) -> WorkItem:
    return WorkItem(
        reference=case,
        what=f"Check version {plan.version} of the plan for protected places",
        why="The software finds only places that a text names. Read every action, then record the check in "
        '"Protected details".',
        due_at=None,
        since=plan.at,
        is_overdue=False,
        is_alarm=False,
        kind=CHECK_PLACES,
    )


def _current(plans: Iterable[StoredPlan]) -> frozenset[tuple[str, str]]:
    """Return the texts of open actions, by action: of the newest version, and of what is in delivery."""
    return frozenset(
        (action.reference, text)
        for plan in plans
        for action in (*plan.actions, *plan.live)
        if action.status in OPEN_STATUSES
        for name in TYPED
        if (text := getattr(action, name)) is not None
    )
