"""A planted year of orders and incidents: every breach is proposed, and nothing else is called likely.

What is true is decided here, from exact facts and without the rules. Reports are then made from the facts
with noise: no time, a rough time, a month or a year, no channel, no record of whom it reached.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from engine.clock import LONDON
from engine.domain.orders.breaches import BreachResult, HeldIncident
from engine.domain.orders.orders import StoredOrder
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


@dataclass(frozen=True)
class Planted:
    """An order with its exact times, and what each of its conditions forbids."""

    order: StoredOrder
    begins: datetime
    ends: datetime
    means: frozenset[str]
    metres: int


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
    order = an_order(
        {"code": "no-contact", "means": means},
        {"code": "not-approach", "metres": metres},
        {"code": "curfew", "hours": curfew},
        kind="non-molestation",
        made=(local.date() - timedelta(days=chance.randrange(3))).isoformat(),
        ends=ends.isoformat(),
        served={"on": local.date().isoformat(), "at_time": f"{local:%H:%M}"},
    )
    until = datetime.combine(ends + timedelta(days=1), datetime.min.time(), LONDON).astimezone(UTC)
    forbidden = frozenset(CHANNELS) if means == ["any means"] else frozenset(chosen)
    return Planted(order, served, until, forbidden, metres)


def planted_fact(chance: Random, planted: Planted) -> Fact:
    """Something that happened; a third of all near the beginning or the end of the order."""
    at = an_instant(chance)
    if chance.random() < 0.33:
        edge = chance.choice((planted.begins, planted.ends))
        at = edge + timedelta(minutes=chance.randrange(-90, 91))
    kind = chance.choice(("contacting", "following", "assault", "interfering with property", "gift"))
    channel = "in person" if kind in {"following", "assault"} else chance.choice(CHANNELS)
    within = SPEAKING_METRES if kind in {"contacting", "gift"} and channel == "in person" else 400
    return Fact(at, kind, channel, chance.random() < 0.9, chance.random() < 0.9, chance.randrange(within))


def truth(planted: Planted, fact: Fact) -> tuple[bool, bool, bool]:
    """Whether it broke each of the three conditions, by exact facts."""
    applied = planted.begins <= fact.at < planted.ends and fact.by_respondent
    contact = fact.kind in {"contacting", "gift", "assault"} and fact.channel in planted.means
    is_there = fact.channel == "in person"
    near = is_there and (fact.kind == "assault" or fact.metres <= planted.metres)
    hour = fact.at.astimezone(LONDON).hour
    return (
        applied and contact and fact.reached_victim,
        applied and near and fact.reached_victim,
        applied and is_there and (hour >= 19 or hour < 7),
    )


def report(chance: Random, fact: Fact, *, noise: float) -> HeldIncident:
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
        lost = chance.choice(("time", "rough", "month", "year", "none"))
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


@dataclass
class Counts:
    """Breaches and others, by result."""

    breaches: int = 0
    missed: int = 0
    likely: int = 0
    likely_in_vain: int = 0
    others: int = 0
    others_cleared: int = 0


def a_year(seed: int, incidents: int, *, noise: float) -> Counts:
    chance = Random(seed)  # invented
    counts = Counts()
    planted = [planted_order(chance) for _ in range(max(1, incidents // 20))]
    for _ in range(incidents):
        there = chance.choice(planted)
        fact = planted_fact(chance, there)
        found = compare(report(chance, fact, noise=noise), [there.order])
        assert [(each.order, each.condition) for each in found] == [(ORDER, 1), (ORDER, 2), (ORDER, 3)]
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
