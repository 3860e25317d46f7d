"""A planted year of orders and incidents: every breach is proposed, and nothing else is called likely.

What is true is decided here, from exact facts and without the rules. Reports are then made from the facts
with noise: no time, a rough time, a month or a year, a rough point, no channel, no record of who acted.
``scripts/bench breaches`` prints precision and recall.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random, SystemRandom

import pytest

from engine.clock import LONDON
from engine.domain.orders.breaches import BreachResult, HeldIncident, PlaceGiven
from engine.domain.orders.conditions import Zone
from engine.domain.orders.orders import StoredOrder
from engine.orders.areas import compare_area
from engine.orders.breach_checks import SPEAKING_METRES
from engine.orders.breaches import compare
from tests.engine.orders.compared import ORDER, an_incident, an_order

BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
CHANNELS = ("in person", "phone", "message", "online", "post", "third party")
MEANS = {
    "in person": "in person",
    "phone": "phone",
    "message": "message",
    "online": "social media or online",
    "post": "post",
    "third party": "another person",
}
AT_ONE_PLACE = ("time", "rough")
"""Losses of a time; the date stays whole."""
OF_DATES = ("month", "year", "none")
"""Losses of a date."""
METRES_OF_A_DEGREE = 6_371_000 * math.pi / 180
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Fact:
    """What happened, as nobody but the test knows it."""

    at: datetime
    kind: str
    channel: str
    reached_victim: bool
    by_respondent: bool
    metres: int
    place: tuple[float, float]
    """Metres east and north of the centre of the area of the order."""


@dataclass(frozen=True)
class Planted:
    """An order with its exact times, and what each of its conditions forbids."""

    order: StoredOrder
    begins: datetime
    ends: datetime
    means: frozenset[str]
    metres: int
    zone: Zone


def an_instant(chance: Random) -> datetime:
    return BEGINS + timedelta(minutes=chance.randrange(365 * 24 * 60))


def planted_order(chance: Random) -> Planted:
    """An order served at some minute, for half a year or so; contact by some means, and a distance."""
    served = an_instant(chance)
    local = served.astimezone(LONDON)
    ends = local.date() + timedelta(days=chance.randrange(30, 200))
    chosen = chance.sample(CHANNELS, chance.randrange(1, 5))
    means = ["any means"] if chance.random() < 0.4 else [MEANS[each] for each in chosen]
    metres = chance.choice((50, 100, 200))
    curfew = [
        {"days": list(DAYS), "begins": "19:00", "ends": "24:00"},
        {"days": list(DAYS), "begins": "00:00", "ends": "07:00"},
    ]
    zone = Zone.model_validate(
        {
            "description": "An area of this test",
            "latitude": 51.5,
            "longitude": -0.1,
            "radius_metres": chance.randrange(100, 600),
        }
    )
    order = an_order(
        {"code": "no-contact", "means": means},
        {"code": "not-approach", "metres": metres},
        {"code": "curfew", "hours": curfew},
        {"code": "stay-out", "zone": zone.model_dump(exclude_none=True)},
        kind="non-molestation",
        made=(local.date() - timedelta(days=chance.randrange(3))).isoformat(),
        ends=ends.isoformat(),
        served={"on": local.date().isoformat(), "at_time": f"{local:%H:%M}"},
    )
    until = datetime.combine(ends + timedelta(days=1), datetime.min.time(), LONDON).astimezone(UTC)
    forbidden = frozenset(CHANNELS) if means == ["any means"] else frozenset(chosen)
    return Planted(order, served, until, forbidden, metres, zone)


def planted_fact(chance: Random, planted: Planted) -> Fact:
    """Something that happened; a third of all near the beginning or the end of the order."""
    at = an_instant(chance)
    if chance.random() < 0.33:
        edge = chance.choice((planted.begins, planted.ends))
        at = edge + timedelta(minutes=chance.randrange(-90, 91))
    kind = chance.choice(("contacting", "following", "assault", "interfering with property", "gift"))
    channel = "in person" if kind in {"following", "assault"} else chance.choice(CHANNELS)
    within = SPEAKING_METRES if kind in {"contacting", "gift"} and channel == "in person" else 400
    reached, acted, metres = chance.random() < 0.9, chance.random() < 0.9, chance.randrange(within)
    radius = planted.zone.radius_metres or 0
    # a third near the edge of the area, and none nearer to it than a map can be read
    apart = radius + chance.choice((-1, 1)) * chance.uniform(2, 40)
    if chance.random() < 0.66:
        apart = chance.choice((chance.uniform(0, radius - 2), chance.uniform(radius + 2, 4 * radius)))
    bearing = chance.uniform(0, 2 * math.pi)
    return Fact(
        at, kind, channel, reached, acted, metres, (apart * math.sin(bearing), apart * math.cos(bearing))
    )


def a_point(zone: Zone, place: tuple[float, float], *, off: int = 0) -> PlaceGiven:
    """A point so many metres east and north of the centre of an area."""
    latitude, longitude = zone.latitude or 0, zone.longitude or 0
    east, north = place
    return PlaceGiven(
        latitude=latitude + north / METRES_OF_A_DEGREE,
        longitude=longitude + east / (METRES_OF_A_DEGREE * math.cos(math.radians(latitude))),
        metres_off=off or None,
    )


def truth(planted: Planted, fact: Fact) -> tuple[bool, bool, bool, bool]:
    """Whether it broke each of the four conditions, by exact facts."""
    applied = planted.begins <= fact.at < planted.ends and fact.by_respondent
    contact = fact.kind in {"contacting", "gift", "assault"} and fact.channel in planted.means
    is_there = fact.channel == "in person"
    near = is_there and (fact.kind == "assault" or fact.metres <= planted.metres)
    hour = fact.at.astimezone(LONDON).hour
    return (
        applied and contact and fact.reached_victim,
        applied and near and fact.reached_victim,
        applied and is_there and (hour >= 19 or hour < 7),
        applied and is_there and math.hypot(*fact.place) <= (planted.zone.radius_metres or 0),
    )


def report(
    chance: Random, fact: Fact, *, noise: float, losses: Sequence[str] = (*AT_ONE_PLACE, *OF_DATES)
) -> HeldIncident:
    """The report of a fact, some of it lost; nothing in it is false."""
    local = fact.at.astimezone(LONDON)
    details: dict[str, object] = {"metres": fact.metres, "no_exception": True}
    details["actor"] = "the respondent" if fact.by_respondent else "another person"
    details["reached"] = [
        "the victim of this case" if fact.reached_victim else "a person whom no order protects"
    ]
    happened, channel = local.date().isoformat(), fact.channel
    clock = f"{local:%H:%M}"
    if chance.random() < noise:
        lost = chance.choice(losses)
        if lost == "rough":
            off = chance.randrange(5, 120)
            shifted = local.replace(tzinfo=None) + timedelta(minutes=chance.randrange(-off, off + 1))
            if shifted.date() == local.date():
                clock, details["minutes_off"] = f"{shifted:%H:%M}", off
        else:
            clock = ""
            happened = {"month": happened[:7], "year": happened[:4], "none": ""}.get(lost, happened)
    if clock:
        details["time"] = clock
    if chance.random() < noise:
        details.pop("metres")
    if chance.random() < noise / 2:
        details["actor"] = "not known"
    if chance.random() < noise / 2 and fact.kind != "following":
        channel = ""
    reported = fact.at + timedelta(days=chance.randrange(1, 30))
    return an_incident(happened or None, fact.kind, channel or None, reported_at=reported, **details)


def a_rough_point(chance: Random, planted: Planted, fact: Fact, *, noise: float) -> PlaceGiven:
    """The point of a fact, in some reports off by a number of metres that the report gives."""
    if chance.random() >= noise:
        return a_point(planted.zone, fact.place)
    off = chance.randrange(5, 200)
    bearing, wrong = chance.uniform(0, 2 * math.pi), chance.uniform(0, off - 1)
    east, north = fact.place
    moved = (east + wrong * math.sin(bearing), north + wrong * math.cos(bearing))
    return a_point(planted.zone, moved, off=off)


@dataclass
class Counts:
    """Breaches and others, by result."""

    breaches: int = 0
    missed: int = 0
    likely: int = 0
    likely_in_vain: int = 0
    others: int = 0
    others_cleared: int = 0

    @property
    def shares(self) -> Mapping[str, float]:
        """Precision, and recall of those that are likely and of those that ask a person."""
        return {
            "likely breaches that were breaches": self.likely / max(1, self.likely + self.likely_in_vain),
            "breaches that are likely": self.likely / max(1, self.breaches),
            "breaches that ask a person": 1 - self.missed / max(1, self.breaches),
        }


def a_year(
    seed: int, incidents: int, *, noise: float, losses: Sequence[str] = (*AT_ONE_PLACE, *OF_DATES)
) -> Counts:
    chance = Random(seed)  # invented
    counts = Counts()
    planted = [planted_order(chance) for _ in range(max(1, incidents // 20))]
    for _ in range(incidents):
        there = chance.choice(planted)
        fact = planted_fact(chance, there)
        reported = report(chance, fact, noise=noise, losses=losses)
        point = a_rough_point(chance, there, fact, noise=noise)
        area = compare_area(there.zone, point, is_near_by_name=False)
        found = compare(reported, [there.order], places={(ORDER, 4): area})
        assert [(each.order, each.condition) for each in found] == [(ORDER, n) for n in range(1, 5)]
        for comparison, is_breach in zip(found, truth(there, fact), strict=True):
            is_likely = comparison.result is BreachResult.LIKELY
            if is_breach:
                counts.breaches += 1
                counts.likely += is_likely
                counts.missed += not comparison.asks
            else:
                counts.others += 1
                counts.likely_in_vain += is_likely
                counts.others_cleared += comparison.result is BreachResult.NOT
    return counts


SAMPLE = [pytest.param(seed, 150) for seed in (11, 2026)]
WHOLE = [pytest.param(seed, 1_000, marks=pytest.mark.full) for seed in range(60)]


@pytest.mark.parametrize(("seed", "incidents"), [*SAMPLE, *WHOLE])
def test_with_exact_facts_every_breach_is_likely_and_nothing_else_is(seed: int, incidents: int) -> None:
    counts = a_year(seed, incidents, noise=0)
    assert counts.breaches > incidents // 20
    assert (counts.missed, counts.likely_in_vain) == (0, 0)
    assert counts.likely >= counts.breaches * 0.97, "a minute that comes twice is the only doubt"
    assert counts.others_cleared >= counts.others * 0.8


@pytest.mark.parametrize(("seed", "incidents"), [*SAMPLE, *WHOLE])
def test_with_noise_every_breach_asks_a_person_and_nothing_else_is_likely(seed: int, incidents: int) -> None:
    counts = a_year(seed, incidents, noise=0.5)
    assert counts.breaches > incidents // 20
    assert counts.missed == 0, "recall does not rest on precision"
    assert counts.likely_in_vain == 0, "a partial date is no breach"
    assert counts.likely > counts.breaches // 4


@pytest.mark.full
@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_a_year_on_a_seed_that_no_one_chose(noise: float) -> None:
    seed = SystemRandom().randrange(10**6)
    print(f"planted year: seed {seed}, noise {noise}")
    counts = a_year(seed, 2_000, noise=noise)
    assert (counts.missed, counts.likely_in_vain) == (0, 0), seed
    assert counts.breaches > 100, seed


@pytest.mark.parametrize("losses", [AT_ONE_PLACE, OF_DATES])
def test_a_date_that_is_partly_known_is_no_breach_and_still_asks(losses: Sequence[str]) -> None:
    counts = a_year(7, 150, noise=1.0, losses=losses)
    assert (counts.missed, counts.likely_in_vain) == (0, 0)
    assert counts.breaches > 7
