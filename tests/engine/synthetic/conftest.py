"""One invented city for all tests of the folder, and what its referrals say."""

from __future__ import annotations

from datetime import date

import pytest

from engine.domain.invented import InventedEpisode
from engine.domain.referrals.intake import Referral
from engine.synthetic.city import invented_episodes
from engine.synthetic.referrals import referral_of

SEED, UNTIL = 20251, date(2025, 11, 1)
SOURCES = ("beat", "clinic", "desk")


@pytest.fixture(
    scope="session",
    params=[1_500, pytest.param(4_000, marks=pytest.mark.full)],  # the shares are nearer, the code the same
)
def city(request: pytest.FixtureRequest) -> tuple[InventedEpisode, ...]:
    """So many episodes of two years."""
    return tuple(invented_episodes(SEED, count=request.param, until=UNTIL))


@pytest.fixture(scope="session")
def true_courses(city: tuple[InventedEpisode, ...]) -> tuple[InventedEpisode, ...]:
    """Those that are no counter-allegation."""
    return tuple(episode for episode in city if episode.counter_allegation_of is None)


@pytest.fixture(scope="session")
def referrals(city: tuple[InventedEpisode, ...]) -> tuple[Referral, ...]:
    """The first referral of each, by three sources in turn."""
    return tuple(
        referral_of(episode, seed=SEED, source=SOURCES[place % len(SOURCES)])
        for place, episode in enumerate(city)
    )
