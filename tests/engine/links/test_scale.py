"""A network of 60,000 entities, as large as those that are published: whole, right and in bearable time."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from pathlib import Path

import pytest

from engine.links.building import RegisterBuilder
from engine.links.components import summary
from engine.links.kinds import Role
from engine.links.neighbourhood import neighbourhood
from engine.links.paths import shortest_paths
from engine.links.patterns.finding import PatternKey
from engine.links.patterns.scan import scan
from engine.links.register_files import open_register, save_register
from tests.engine.links.given import LIMITS

PERSONS, CRIMES, PHONES = 30_000, 22_500, 7_500
BEARABLE_SECONDS = 240  # a loose bound: on a machine with nothing else to do it is under twenty


@pytest.mark.full  # every run holds smaller networks against networkx and pandas, and one of 50,000
def test_a_network_of_sixty_thousand_is_answered_whole(tmp_path: Path) -> None:
    chance, building = random.Random(5), RegisterBuilder()
    for number in range(PERSONS):
        building.add_entity(str(number), "person")
    for number in range(CRIMES):
        building.add_entity(f"C{number}", "crime")
    for number in range(PHONES):
        building.add_entity(f"T{number}", "phone")
    victims: dict[int, set[int]] = defaultdict(set)
    for number in range(CRIMES):
        perpetrator, victim = chance.sample(range(PERSONS), 2)
        perpetrator %= PERSONS // 4
        building.add_link(str(perpetrator), f"C{number}", "in", role=Role.PERPETRATOR)
        building.add_link(str(victim), f"C{number}", "in", role=Role.VICTIM)
        victims[perpetrator] |= {victim} - {perpetrator}
    for number in range(PERSONS):
        building.add_link(str(number), f"T{number % PHONES if number >= 10_000 else 0}", "uses")
    began = time.monotonic()
    save_register(building.register(), tmp_path / "r")
    register = open_register(tmp_path / "r")
    patterns_found = scan(register, LIMITS)
    serial = {finding.persons[0] for finding in patterns_found.findings[PatternKey.SERIAL_PERPETRATOR]}
    assert serial == {str(person) for person, those in victims.items() if len(those) > 1}
    figures = summary(register)
    assert figures["entities"] == {"person": PERSONS, "crime": CRIMES, "phone": PHONES}
    assert figures["max_degree"]["phone"]["ids"] == ["T0"]
    assert neighbourhood(register, "1", hops=4).hubs[0].id == "T0"
    assert shortest_paths(register, "1", "2").hops is not None
    assert time.monotonic() - began < BEARABLE_SECONDS
