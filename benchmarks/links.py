"""Questions to a register of 100,000 invented persons, beside the same asked of plain networkx."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import networkx as nx

from benchmarks.measured import Measured, seconds
from engine.domain.dates import PartialDate
from engine.links.building import RegisterBuilder
from engine.links.kinds import Role
from engine.links.neighbourhood import neighbourhood
from engine.links.paths import shortest_paths
from engine.links.patterns.finding import PatternKey
from engine.links.patterns.scan import scan
from engine.links.patterns.thresholds import thresholds_on
from engine.links.register import Register

PERSONS = 100_000
ASKED = 150
SEED = 11
TODAY = date(2026, 11, 25)
TWO_HOPS_MS, FOUR_HOPS_MS, PATH_MS = 5.0, 20.0, 10.0
PATTERNS_S = 60.0


def measure() -> list[Measured]:
    """The 95th percentile of neighbourhoods and paths, and the whole of the patterns."""
    register, graph = _network()
    chance = random.Random(SEED)
    asked = [f"P{chance.randrange(PERSONS)}" for _ in range(ASKED)]
    pairs = [(f"P{chance.randrange(PERSONS)}", f"P{chance.randrange(PERSONS)}") for _ in range(ASKED)]
    register.steps(0)  # the arrays are laid out at the first question
    value = [
        _slow(
            f"neighbourhood, {hops} hops, p95",
            partial(neighbourhood, register, hops=hops),
            partial(nx.ego_graph, graph, radius=hops),
            asked,
            target=target,
            against="networkx.ego_graph on the whole graph, hubs expanded",
        )
        for hops, target in ((2, TWO_HOPS_MS), (4, FOUR_HOPS_MS))
    ]
    value.append(
        _slow(
            "shortest paths, all counted, p95",
            lambda two: shortest_paths(register, *two),
            lambda two: _one_path(graph, *two),
            pairs,
            target=PATH_MS,
            against="networkx.bidirectional_shortest_path, one path",
        )
    )
    limits = thresholds_on(TODAY)
    by_networkx = seconds(lambda: _serial(graph))
    for name, keys in (
        ("serial perpetrators", [PatternKey.SERIAL_PERPETRATOR]),
        ("all fourteen patterns", None),
    ):
        value.append(
            Measured(
                name=f"{name}, {PERSONS:,} persons",
                figure=seconds(partial(scan, register, limits, keys)),
                unit="s",
                target=PATTERNS_S,
                yardstick=by_networkx,
                against="serial perpetrators alone by a walk over the networkx graph, ids only",
            )
        )
    return value


def _slow(
    name: str,
    ours: Callable[[Any], object],
    theirs: Callable[[Any], object],
    asked: list[Any],
    *,
    target: float,
    against: str,
) -> Measured:
    times: tuple[list[float], list[float]] = ([], [])
    for each in asked:
        for work, taken in zip((ours, theirs), times, strict=True):
            began = time.perf_counter()
            work(each)
            taken.append((time.perf_counter() - began) * 1000)
    figure, yardstick = (sorted(taken)[int(len(taken) * 0.95)] for taken in times)
    return Measured(name=name, figure=figure, unit="ms", target=target, yardstick=yardstick, against=against)


def _network() -> tuple[Register, nx.Graph]:
    """As many incidents as persons, some dyads again, and objects that a few or very many share."""
    chance, building = random.Random(SEED), RegisterBuilder()
    graph: nx.Graph = nx.Graph()
    for kind, letter, number in (
        ("person", "P", PERSONS),
        ("crime", "C", PERSONS),
        ("phone", "T", PERSONS // 2),
    ):
        for each in range(number):
            building.add_entity(f"{letter}{each}", kind)
            graph.add_node(f"{letter}{each}")
    dyads: list[tuple[int, int]] = []
    for each in range(PERSONS):
        if dyads and chance.random() < 0.45:
            dyad = chance.choice(dyads)
        else:
            dyad = (chance.randrange(PERSONS), chance.randrange(PERSONS))
            dyads.append(dyad)
        day = PartialDate(f"20{chance.randint(18, 25)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}")
        for person, role in zip(dyad, (Role.PERPETRATOR, Role.VICTIM), strict=True):
            building.add_link(f"P{person}", f"C{each}", "involved", role=role, date=day)
            graph.add_edge(f"P{person}", f"C{each}", role=role)
    for each in range(PERSONS):
        thing = int(chance.paretovariate(0.6)) if chance.random() < 0.05 else chance.randrange(PERSONS // 2)
        building.add_link(f"P{each}", f"T{min(thing, PERSONS // 2 - 1)}", "uses")
        graph.add_edge(f"P{each}", f"T{min(thing, PERSONS // 2 - 1)}")
    return building.register(), graph


def _one_path(graph: nx.Graph, one: str, other: str) -> list[str] | None:
    try:
        path: list[str] = nx.bidirectional_shortest_path(graph, one, other)
    except nx.NetworkXNoPath:
        return None
    return path


def _serial(graph: nx.Graph) -> list[str]:
    found = []
    for person in graph:
        if person[0] != "P":
            continue
        victims = set()
        for incident, value in graph.adj[person].items():
            if value.get("role") is Role.PERPETRATOR:
                victims |= {v for v, t in graph.adj[incident].items() if t.get("role") is Role.VICTIM}
        if len(victims - {person}) > 1:
            found.append(person)
    return found
