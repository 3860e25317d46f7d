"""Simulated years of a centre: its cases at the end of each quarter, and the releases as they went out.

The only module here that makes releases. Nothing of how they hide is used elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from time import monotonic

from benchmarks.release_attack.published import Published
from engine.domain.outcomes.observed import ObservedCase
from engine.domain.outcomes.releases import RegisteredRelease
from engine.exchange.outcome_returns import return_csv
from engine.outcomes.releases.releasing import make_release
from engine.services.outcomes.releases import next_quarter_end
from engine.synthetic.observed_cases import invented_observed_cases

LIMIT = WIDTH = 10
"""The rules of a release as an operator has them without settings of their own."""
FIRST = date(2025, 3, 31)
_BEFORE = 700
"""Days of decisions before the first release."""
_SECONDS = 120.0


@dataclass(frozen=True)
class Years:
    """What one seed gives: the cases at each release, for those who may know, and what went out."""

    seed: int
    cases: dict[date, tuple[ObservedCase, ...]]
    releases: tuple[Published, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """The date of each release."""
        return tuple(each.day for each in self.releases)


def last_days_of_quarters(number: int) -> list[date]:
    """Return the dates of so many releases, one each quarter."""
    days = [FIRST]
    while len(days) < number:
        days.append(next_quarter_end(days[-1]))
    return days


def cases_of(seed: int, day: date) -> tuple[ObservedCase, ...]:
    """Return the cases of a centre by a date.

    An even seed has two types and no borough, as the cases of a record have them; an odd one
    two boroughs and no type.
    """
    found = invented_observed_cases(
        seed=seed,
        since=FIRST - timedelta(days=_BEFORE),
        until=day,
        in_a_quarter=(30, 130)[seed % 2] + 6 * (seed % 5),
    )
    if seed % 2 == 0:
        types = {"rejected": "in person", "resentful": "not in person", "incompetent suitor": "in person"}
        return tuple(
            replace(case, borough=None, typology=types.get(case.typology or "", "not in person"))
            for case in found
        )
    return tuple(
        replace(case, typology=None) for case in found if case.borough in ("Northmere", "Southbrook")
    )


def simulated(seed: int, quarters: int, *, width: int = WIDTH) -> Years:
    """Return the releases of so many quarters of one centre, each made after those before it.

    With a ``width`` of 0 they hide small counts, and nothing that gives one away.
    """
    cases = {day: cases_of(seed, day) for day in last_days_of_quarters(quarters)}
    return Years(seed, cases, tuple(released(cases, width)))


def released(cases: dict[date, tuple[ObservedCase, ...]], width: int) -> Iterator[Published]:
    """Yield the release of each date, made from the cases of then."""
    made: list[RegisteredRelease] = []
    for day, known in cases.items():
        made.append(_registered(known, day, made, width))
        yield as_published(made[-1])


def as_published(registered: RegisteredRelease) -> Published:
    """Return a release as ``stac outcome release export`` and ``show --json`` write it."""
    shown = json.loads(registered.release.model_dump_json())
    return Published(
        registered.release.as_of,
        return_csv(registered.release, names={}),
        [one for each in shown["comparisons"] for one in each["shown"]],
    )


def _registered(
    cases: Sequence[ObservedCase], day: date, earlier: Sequence[RegisteredRelease], width: int
) -> RegisteredRelease:
    return make_release(
        cases,
        as_of=day,
        made_at=datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1),
        by="reader",
        earlier=earlier,
        work=None,
        limit=LIMIT,
        width=width,
        is_invented=True,
        seconds_left=_deadline(_SECONDS),
    )


def _deadline(seconds: float) -> Callable[[], float]:
    until = monotonic() + seconds
    return lambda: until - monotonic()
