"""Frozen quarterly releases of outcomes: made once from the record, and read as they went out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

from engine.access.policy import WHO_MAY, May, require
from engine.domain.accounts.acting import Acting
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.outcomes.agreement import Rating
from engine.domain.outcomes.observed import ObservedCase
from engine.domain.outcomes.releases import RegisteredRelease, Release
from engine.outcomes.releases.releasing import make_release
from engine.outcomes.releases.work_releasing import WorkRead
from engine.services.context import Context
from engine.services.outcomes.costs import times_in
from engine.services.outcomes.observed import observe
from engine.services.outcomes.orders import orders_counted
from engine.services.outcomes.process import process_cases
from engine.settings import Settings
from engine.synthetic.observed_cases import BOROUGHS, TYPOLOGIES, invented_observed_cases

if TYPE_CHECKING:
    from engine.store.unit_of_work import Work

_DEMONSTRATED_DAYS, _DEMONSTRATED_EACH, _DEMONSTRATED_SECONDS = 1095, 78, 20.0
_BOROUGHS = frozenset(name for name, _ in BOROUGHS[:4])
_TYPOLOGIES = frozenset(name for name, _ in TYPOLOGIES[:4])


def last_quarter_end(on: date) -> date:
    """Return the end of the last quarter that is over."""
    first = date(on.year, 3 * ((on.month - 1) // 3) + 1, 1)
    return first - timedelta(days=1)


def next_quarter_end(after: date) -> date:
    """Return the first end of a quarter after a date."""
    day = after + timedelta(days=1)
    month = 3 * ((day.month - 1) // 3) + 4
    return (date(day.year, month, 1) if month <= 12 else date(day.year + 1, 1, 1)) - timedelta(days=1)


def release_to_make(acting: Acting, newest: Release | None, *, on: date) -> date | None:
    """Return the quarter's end whose release this person may make now; None if there is none.

    ``newest`` is the newest release, None before the first.
    """
    day = last_quarter_end(on)
    is_made = newest is not None and newest.as_of >= day
    return None if is_made or acting.role not in WHO_MAY[May.MAKE_RELEASE] else day


def make_outcome_release(
    context: Context,
    *,
    as_of: date | None = None,
    invented: Sequence[ObservedCase] | None = None,
    seconds: float | None = None,
) -> RegisteredRelease:
    """Make, freeze and register the release of a quarter's end, by default the last one.

    ``invented`` are cases of a demonstration, taken instead of the record's; the release names them so.

    Raises
    ------
    InvalidInputError
        The date does not end a quarter, is not over, or is not after the newest release.
    """
    require(May.MAKE_RELEASE, context.acting)
    today = context.clock.today()
    day = as_of or last_quarter_end(today)
    if next_quarter_end(day - timedelta(days=1)) != day or day >= today:
        raise InvalidInputError(
            "date",
            f"{day} is not the end of a quarter that is over; the last one is {last_quarter_end(today)}",
        )
    with context.reading("read cases for an outcome release") as work:
        earlier = work.outcome_releases.all()
        _require_next(earlier, day)
        cases = invented if invented is not None else observe(work).cases
        read = work_read(work, received_by=day, at=context.clock.now(), settings=context.settings)
        work.notes(cases=len(cases), referrals=len(read.cases))
    rules = context.settings.outcomes
    registered = make_release(
        cases,
        as_of=day,
        made_at=context.clock.now(),
        by=context.acting.user,
        earlier=earlier,
        work=read,
        limit=rules.fewest,
        width=rules.narrowest,
        is_invented=invented is not None,
        seconds_left=_deadline(seconds or rules.release_seconds),
    )
    with context.writing("make outcome release") as work:
        _require_next(work.outcome_releases.all(), day)
        work.outcome_releases.add(registered)
        work.notes(as_of=str(day), digest=registered.digest, refused=len(registered.refusals))
    return registered


def make_invented_release(context: Context, *, seed: int) -> RegisteredRelease:
    """Make a release of invented cases of three years, for a demonstration: few codes, so that it is quick.

    Raises
    ------
    InvalidInputError
        There is a release of the last quarter.
    """
    day = last_quarter_end(context.clock.today())
    cases = invented_observed_cases(
        seed=seed, since=day - timedelta(days=_DEMONSTRATED_DAYS), until=day, in_a_quarter=_DEMONSTRATED_EACH
    )
    few = [case for case in cases if case.borough in _BOROUGHS and case.typology in _TYPOLOGIES]
    return make_outcome_release(context, invented=few, seconds=_DEMONSTRATED_SECONDS)


def _require_next(made: Sequence[RegisteredRelease], day: date) -> None:
    if made and made[-1].release.as_of >= day:
        newest = made[-1].release.as_of
        raise InvalidInputError(
            "date",
            f"the release of {newest} has been made, and releases do not change; the next is of "
            f"{next_quarter_end(newest)}",
        )


def newest_release(context: Context) -> Release | None:
    """Return the newest release as it went out; None before the first."""
    require(May.SEE_AGGREGATES, context.acting)
    with context.reading("see outcome release") as work:
        found = work.outcome_releases.newest_released()
        work.notes(as_of=str(found.as_of) if found else "none")
    return found


def list_releases(context: Context) -> tuple[RegisteredRelease, ...]:
    """Return the register: what went out, by whom, when, with its digest, and what was refused."""
    require(May.MAKE_RELEASE, context.acting)
    with context.reading("list outcome releases") as work:
        found = work.outcome_releases.all()
        work.notes(releases=len(found))
    return found


def release_of(context: Context, *, as_of: date | None = None) -> RegisteredRelease:
    """Return one release with its entry in the register; without a date, the newest."""
    require(May.MAKE_RELEASE, context.acting)
    with context.reading("see outcome release") as work:
        found = work.outcome_releases.newest() if as_of is None else work.outcome_releases.of(as_of)
        work.notes(as_of=str(as_of or "newest"))
    if found is None:
        raise NotFoundError("release", str(as_of) if as_of else "of any date")
    return found


def _deadline(seconds: float) -> Callable[[], float]:
    until = monotonic() + seconds
    return lambda: until - monotonic()


def _ratings_in(work: Work) -> list[Rating]:
    """Return the views of agencies in their newest released responses. Restricted cases are left out."""
    return [
        Rating(fact.case, view.domain, fact.agency, view.level, view.recorded_by.name, view.recorded_on)
        for fact in work.process_figures.requests()
        for view in fact.views()
    ]


def work_read(work: Work, *, received_by: date, at: datetime, settings: Settings) -> WorkRead:
    """Return what the figures of the work are counted from: referrals received by a date, as they are now."""
    cases = [
        case for case in process_cases(work, at=at, settings=settings) if case.received_on <= received_by
    ]
    counted = {case.reference for case in cases}
    newest = work.price_lists.newest()
    return WorkRead(
        cases=cases,
        orders=orders_counted(work, counted, on=received_by),
        accounts=work.victims_outcomes.counted(),
        described=work.victims_outcomes.described(),
        ratings=[each for each in _ratings_in(work) if each.case in counted],
        times=[each for each in times_in(work) if each.case in counted],
        prices=newest.given if newest else None,
        prices_version=newest.version if newest else None,
    )
