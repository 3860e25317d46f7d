"""The large way (candidates first) finds what asking about everybody finds, and paths lead along links."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise

import pytest

from engine.domain.dates import PartialDate
from engine.links.building import RegisterBuilder
from engine.links.kinds import Role
from engine.links.patterns.finding import PatternKey
from engine.links.patterns.scan import PATTERNS, scan
from engine.links.patterns.thresholds import Thresholds
from engine.links.register import Register
from tests.engine.links.given import LIMITS
from tests.engine.links.patterns.directly import scan_directly

LOOSE: Thresholds = LIMITS.model_copy(
    update={"object_users": 4, "quiet_before": 1, "quiet_days": 90, "three_incidents": 2}
)
ROLES = tuple(Role(each) for each in (0, 1, 1, 1, 2, 2, 2, 3, 4, 8))


def a_day(chance: random.Random) -> PartialDate | None:
    if chance.random() < 0.2:
        return None
    day = date(2018, 3, 1) + timedelta(days=chance.randrange(600))
    return PartialDate(day.isoformat()[: chance.choice([10, 10, 10, 7, 4])])


def a_dense_network(seed: int) -> Register:
    """Few people in many incidents, with every kind of entity, so that every pattern comes about."""
    chance, building = random.Random(seed), RegisterBuilder()
    persons = [f"P{n}" for n in range(chance.randint(3, 8))]
    crimes, things = [f"C{n}" for n in range(chance.randint(1, 10))], [f"T{n}" for n in range(4)]
    for each in persons:
        building.add_entity(each, "person", attributes={"professional": chance.choice(["", "", "yes", "no"])})
    for each in crimes:
        answer = {
            "criminal": chance.choice(["", "yes", "no"]),
            "channel": chance.choice(["", "mail", "visit"]),
        }
        building.add_entity(each, "crime", attributes=answer)
    for each in things:
        building.add_entity(each, chance.choice(["phone", "account", "vehicle"]))
    for each, kind in (
        ("W1", "place"),
        ("W2", "place"),
        ("O1", "order"),
        ("R1", "referral"),
        ("R2", "referral"),
    ):
        building.add_entity(each, kind)
    for crime in crimes:
        day = a_day(chance)
        for person in chance.sample(persons, chance.randint(1, 3)):
            start, end = chance.choice([(person, crime), (crime, person)])
            grade = chance.choice(["", "1A", "3E", "3C"])
            building.add_link(start, end, "in", role=chance.choice(ROLES), date=day, grade=grade)
        building.add_link(crime, chance.choice(["W1", "W2"]), "at")
        building.add_link(chance.choice(things), crime, "by")
    for thing in things:
        for person in chance.sample(persons, chance.randint(0, len(persons))):
            building.add_link(person, thing, "uses")
    for _ in range(4):
        one, other = chance.sample(persons, 2)
        kind = chance.choice(["harassed", "advocate of"])
        building.add_link(one, other, kind, role=chance.choice(ROLES), date=a_day(chance))
    for about in ("O1", "R1", "R2"):
        for person in chance.sample(persons, 2):
            kind = chance.choice(["subject to", "protects"])
            building.add_link(person, about, kind, role=chance.choice(ROLES[:4]), date=a_day(chance))
    for person in persons[:3]:
        building.add_link(person, "O1", "subject to", date=PartialDate("2018-09-01"))
    return building.register()


@pytest.mark.parametrize("seed", range(40))
def test_the_large_way_finds_what_the_direct_way_finds(seed: int) -> None:
    register = a_dense_network(seed)
    large, direct = scan(register, LOOSE), scan_directly(register, range(len(register)), LOOSE)
    for key, findings in direct.items():
        assert sorted(map(repr, large.findings[key])) == sorted(map(repr, findings)), key


def test_these_networks_show_every_pattern() -> None:
    shown = {
        key
        for seed in range(40)
        for key, findings in scan(a_dense_network(seed), LOOSE).findings.items()
        if findings
    }
    assert shown == set(PatternKey) == set(PATTERNS)


def test_every_step_of_a_path_is_a_link_and_every_finding_has_a_doubt() -> None:
    for seed in range(10):
        register = a_dense_network(seed)
        for findings in scan(register, LOOSE).findings.values():
            for finding in findings:
                numbers = [register.find(stop) for stop in finding.path]
                assert len(numbers) > 1
                for one, other in pairwise(numbers):
                    assert one is not None
                    assert other in {step.to for step in register.steps(one)}
                assert finding.counter_evidence
                assert finding.persons


def test_only_the_patterns_that_were_asked_for_are_looked_for() -> None:
    patterns_found = scan(a_dense_network(1), LOOSE, [PatternKey.PROXY])
    assert set(patterns_found.findings) == {PatternKey.PROXY}


def test_a_riot_makes_no_pairs_and_says_so_and_hides_nobody_who_harmed_several() -> None:
    building = RegisterBuilder()
    building.add_entity("riot", "crime")
    for number in range(101):
        for letter, role in (("P", Role.PERPETRATOR), ("V", Role.VICTIM)):
            building.add_entity(f"{letter}{number}", "person")
            building.add_link(f"{letter}{number}", "riot", "in", role=role, date=PartialDate("2024-05-01"))
    patterns_found = scan(building.register(), LIMITS)
    assert len(patterns_found.findings[PatternKey.SERIAL_PERPETRATOR]) == 101
    assert len(patterns_found.findings[PatternKey.SEVERAL_PERPETRATORS]) == 101
    silent = {
        each.pattern for each in patterns_found.not_judged if "so many people in them" in each.judged.says
    }
    assert silent == {
        PatternKey.REPEAT_CASE,
        PatternKey.COUNTER_ALLEGATION,
        PatternKey.QUIET_THEN_RETURN,
        PatternKey.THREE_IN_TWELVE_MONTHS,
    }
