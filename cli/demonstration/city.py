"""The invented city as the demonstration uses it: who is referred on which day. Stores nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from cli.demonstration.files import write_referral_file
from cli.demonstration.stage import Stage, StagedReferral, Story, at
from engine.clock import LONDON
from engine.domain.dates import PartialDate
from engine.domain.invented import InventedEpisode
from engine.domain.referrals.intake import Referral
from engine.services.referrals.files import read_and_import
from engine.services.system.invented_city import further_referrals, invented_episodes, referral_of, triage_of

SOURCES = ("borough-north", "borough-south", "borough-east", "borough-west", "helpline", "housing-desk")
YEARS = 2.0
_EXTRAS = 60
"""Number of episodes that are invented beyond the two years, to choose the last days' cases from."""


@dataclass(frozen=True)
class Referred:
    """One referral with the invented truth behind it."""

    episode: InventedEpisode
    referral: Referral

    @property
    def day(self) -> date:
        """The day on which it comes."""
        assert self.referral.referred_on is not None
        return self.referral.referred_on.earliest


@dataclass(frozen=True)
class City:
    """The referrals of two years, by day, and further episodes for the last days."""

    referred: tuple[Referred, ...]
    extras: tuple[InventedEpisode, ...]


def invented_city(seed: int, *, referrals: int, until: date) -> City:
    """Return so many referrals up to that day; some are of the same two people again."""
    stream = invented_episodes(seed, count=referrals + _EXTRAS, until=until, years=YEARS)
    found: list[Referred] = []
    for number, episode in enumerate(stream):
        source = SOURCES[number % len(SOURCES)]
        again = further_referrals(episode, seed=seed, sources=SOURCES, until=until)
        there = (referral_of(episode, seed=seed, source=source), *again)
        found += [Referred(episode, referral) for referral in there[: referrals - len(found)]]
        if len(found) == referrals:
            break
    found.sort(key=lambda one: (one.day, one.referral.source_reference))
    return City(referred=tuple(found), extras=tuple(islice(stream, _EXTRAS)))


def triage_outcomes(seed: int, referred: Sequence[Referred]) -> list[str]:
    """Return the invented screener's outcome for each."""
    return [triage_of(one.episode, seed=seed, alarms=one.referral.alarms).value for one in referred]


def arrivals(
    stage: Stage, referred: Sequence[Referred], then: Callable[[Stage, StagedReferral], Story]
) -> Iterator[Story]:
    """Yield one story, for each day on which a file comes."""
    by_day: dict[date, list[Referred]] = defaultdict(list)
    for one in referred:
        by_day[one.day].append(one)
    for day, there in sorted(by_day.items()):
        yield arriving(stage, at(day, 8, 40), there, then)


def arriving(
    stage: Stage,
    moment: datetime,
    referred: Sequence[Referred],
    then: Callable[[Stage, StagedReferral], Story],
    spoilt: Sequence[dict[str, str]] = (),
) -> Story:
    """Return the story of a file that comes and is imported; each of its referrals begins its own."""
    yield moment
    file = stage.folder / "referrals" / f"{moment.astimezone(LONDON):%Y-%m-%d-%H%M}.csv"
    write_referral_file(file, [one.referral for one in referred], spoilt)
    report = read_and_import(stage.runtime.context(stage.cast.coordinator), path=file)
    for one, reference in zip(referred, report.referrals, strict=True):
        referral = StagedReferral(
            episode=one.episode,
            source_reference=one.referral.source_reference,
            reference=reference,
            received=stage.clock.now(),
            raises_alarm=bool(one.referral.alarms.raised),
        )
        stage.begin(then(stage, referral))


def moved_to(episode: InventedEpisode, referred_on: date) -> InventedEpisode:
    """Return the same episode as if it had been referred on another day."""
    by = referred_on - episode.referred_on
    return episode.model_copy(
        update={
            "began": episode.began + by,
            "referred_on": referred_on,
            "incidents": tuple(
                incident.model_copy(update={"happened": PartialDate.of(incident.happened.latest + by)})
                for incident in episode.incidents
            ),
            "further_stalking_on": None,
            "further_against": None,
        }
    )
