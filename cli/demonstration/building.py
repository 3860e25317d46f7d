"""Building of the demonstration: people, extracts, and two invented years, moment by moment.

Starts no server.

The clock only moves forward, so the record is written in the order in which it would have been.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime, timedelta
from itertools import count

from rich.progress import Progress

from cli.demonstration.cast import assembled
from cli.demonstration.city import YEARS, City, Referred, arrivals, invented_city, triage_outcomes
from cli.demonstration.last_days import last_days, scenes
from cli.demonstration.recorded_conferences import conference_of_today
from cli.demonstration.stage import Stage, Story
from cli.demonstration.stories import ASKING, referral_story
from cli.demonstration.to_try import ToTry, things_to_try
from cli.demonstration.victims import record_prices
from engine.clock import LONDON, SetClock, SystemClock
from engine.domain.errors import SetupError
from engine.domain.invented import InventedExtractTask
from engine.runtime import Runtime
from engine.services.outcomes.releases import make_invented_release

FLOWS = 20
"""Number of referrals that go through a flow run of their own: the newest ones.

Enough for the list of runs to have a past. For the others the same services are called without Prefect, which
takes a fifth of the time.
"""
_ASKING = frozenset(outcome.value for outcome in ASKING)


def build(runtime: Runtime, *, seed: int, referrals: int, bars: Progress) -> list[ToTry]:
    """Build the whole demonstration, into a record without people; return what to try in it."""
    end = SystemClock().now()
    start = _begins(end)
    clock = SetClock(start)
    runtime.clock = SystemClock()
    runtime.agencies  # noqa: B018  made by the machine's clock: the extracts are of today, not of two years ago
    runtime.clock = clock
    city = _invented(seed, referrals, end, bars)
    cast = assembled(runtime, seed=seed)
    with FlowRuns(runtime) as flows:
        stage = Stage(runtime=runtime, clock=clock, seed=seed, cast=cast, end=end, run_flows=flows)
        newest = list(last_days(stage, city))
        stage.through_flows = _through_flows(seed, city, [one for one, _ in newest])
        if stage.through_flows:
            flows.begin()
        stage.with_counter = _with_counter(city)
        _write_extracts(runtime, seed, [*city.referred, *(one for one, _ in newest)], end, bars)
        record_prices(stage)
        _tell(
            stage,
            [
                *arrivals(stage, city.referred, referral_story),
                *(story for _, story in newest),
                conference_of_today(stage),
            ],
            start,
            bars,
        )
        _release_outcomes(stage, bars)
        return things_to_try(stage)


def first_clock() -> SetClock:
    """Return the clock at its beginning, by which its record is made: no log runs backwards."""
    return SetClock(_begins(SystemClock().now()))


def _begins(end: datetime) -> datetime:
    return end - timedelta(days=int(YEARS * 366) + 2)


def _invented(seed: int, referrals: int, end: datetime, bars: Progress) -> City:
    bar = bars.add_task("inventing people", total=1)
    city = invented_city(seed, referrals=referrals, until=end.astimezone(LONDON).date() - timedelta(days=1))
    bars.advance(bar)
    return city


def _through_flows(seed: int, city: City, newest: Sequence[Referred]) -> frozenset[str]:
    """Return the newest scenes and, before them, the newest referrals about which agencies are asked."""
    outcomes = triage_outcomes(seed, city.referred)
    asked = [one for one, outcome in zip(city.referred, outcomes, strict=True) if outcome in _ASKING]
    of_the_newest = sum(scene.asks for scene in scenes())
    chosen = [*asked[-(FLOWS - of_the_newest) :], *newest]
    return frozenset(one.referral.source_reference for one in chosen)


def _with_counter(city: City) -> frozenset[str]:
    """Return the episodes that are a counter-allegation, and those that one answers."""
    pairs = {one.episode.key: one.episode.counter_allegation_of for one in city.referred}
    return frozenset(key for pair in pairs.items() if pair[1] is not None for key in pair if key is not None)


def _write_extracts(
    runtime: Runtime, seed: int, referred: Sequence[Referred], end: datetime, bars: Progress
) -> None:
    """Have each agency write its own extract of the invented people, in its own process."""
    episodes = {one.episode.key: one.episode for one in referred}
    task = InventedExtractTask(seed=seed, on=end.astimezone(LONDON).date(), episodes=tuple(episodes.values()))
    agencies = runtime.agencies
    bar = bars.add_task("agencies write their records", total=len(agencies.codes))
    for code in agencies.codes:
        if not agencies.is_suspended(code):
            failed = agencies.write_synthetic(code, task)
            if failed is not None:
                raise SetupError(failed.says)
        bars.advance(bar)


def _tell(stage: Stage, stories: Iterable[Story], start: datetime, bars: Progress) -> None:
    """Run every story, each moment in its turn, up to the end of the invented past."""
    bar = bars.add_task("two invented years, in days", total=(stage.end - start).days)
    order = count()
    waiting: list[tuple[datetime, int, Story]] = []

    def take_up(story: Story) -> None:
        moment = next(story, None)
        if moment is not None and moment <= stage.end:
            heapq.heappush(waiting, (max(moment, stage.clock.now()), next(order), story))

    for story in stories:
        take_up(story)
    while waiting:
        moment, _, story = heapq.heappop(waiting)
        stage.clock.move_to(max(moment, stage.clock.now()))
        bars.update(bar, completed=(stage.clock.now() - start).days)
        take_up(story)
        while stage.begun:
            take_up(stage.begun.pop(0))
    bars.update(bar, completed=(stage.end - start).days)


def _release_outcomes(stage: Stage, bars: Progress) -> None:
    """Make the release of the last quarter, of invented cases: the invented past has too few decided ones."""
    bar = bars.add_task("testing the figures of a release", total=1)
    make_invented_release(stage.runtime.context(stage.cast.coordinator), seed=stage.seed)
    bars.advance(bar)


class FlowRuns:
    """Runs flows through Prefect, whose server starts while the years before them are built."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._stack = ExitStack()
        self._at_hand: Callable[[], AbstractContextManager[str]] | None = None
        self._is_at_hand = False

    def __enter__(self) -> FlowRuns:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def begin(self) -> None:
        """Start the server; do not wait for it."""
        from flows.prefect_session import prefect_begun  # late: only a demonstration that is built needs it

        self._at_hand = self._stack.enter_context(prefect_begun(self._runtime.settings.home))

    def __call__(self, subjects: Sequence[str]) -> None:
        """Run what waits for these subjects."""
        from flows.runner import drain  # late for the same reason

        assert self._at_hand is not None
        if not self._is_at_hand:
            self._stack.enter_context(self._at_hand())
            self._is_at_hand = True
        failed: list[str] = []
        drain(
            self._runtime,
            subjects=subjects,
            progress=lambda ran: failed.append(ran.error) if ran.error else None,
        )
        if failed:
            raise SetupError(f"a flow of the demonstration failed ({failed[0]})")
