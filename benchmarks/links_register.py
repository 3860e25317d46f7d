"""The record's links at a million persons: neighbourhoods and paths with the permission cut, patterns.

The city is ours, written past the services straight into the tables of the link graph and of what it names,
a part at a time: taking half a million referrals in would take the better part of an hour and measure that.
``STAC_BENCH_PERSONS`` makes it another size; ``STAC_BENCH_HOME`` keeps the record for the next time.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from benchmarks.links_city import fill
from benchmarks.measured import Measured, seconds
from dashboard.own_process import in_own_process
from engine.clock import SetClock
from engine.domain.accounts.acting import Acting, Role, flow_acting
from engine.links.components import components
from engine.links.hubs import HUB_CAP
from engine.links.pair_trends import pair_trends
from engine.links.paths import paths_between
from engine.links.patterns.candidates import Candidates
from engine.links.patterns.finding import PatternKey
from engine.links.patterns.scan import PATTERNS, scan
from engine.links.patterns.thresholds import thresholds_on
from engine.links.record_kinds import node_of
from engine.links.register import Register
from engine.runtime import Runtime, initialise
from engine.services.access.checks import permitted_links
from engine.services.links.choices import Search
from engine.services.links.neighbourhood import around
from engine.services.links.projection import refresh_links
from engine.services.links.register import patterns, viewer_register

PERSONS = int(os.environ.get("STAC_BENCH_PERSONS", "1000000"))
ASKED = 300
SEED = 11
TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TWO_HOPS_MS, FOUR_HOPS_MS, PATH_MS, SCAN_S, MEMORY_MB = 5.0, 20.0, 10.0, 10.0, 1_000.0
_GRAPH_PART = 10
"""A whole graph of networkx would need more memory than the machine may have: a tenth is measured."""
ANALYST = Acting(user="ana", role=Role.ANALYST)


def measure() -> list[Measured]:
    """The 95th percentiles, warm, for an analyst: the viewer with the costliest cut."""
    with _record() as runtime:
        chance = random.Random(SEED)
        with runtime.uow.unrecorded() as work:
            rows = sorted(chance.sample(range(1, PERSONS + 1), min(PERSONS, 4 * ASKED)))
            there = work.links.arrays.references([node_of("person", row) for row in rows]).values()
            cut = work.links.cut(permitted_links(work, ANALYST, on=TODAY))
            asked = [reference for reference in there if work.links.find(reference, cut) is not None]
        chance.shuffle(asked)
        value = [
            _around(runtime, asked, hops=hops, target=target)
            for hops, target in ((2, TWO_HOPS_MS), (4, FOUR_HOPS_MS))
        ]
        value.append(_paths(runtime, asked))
        asked_apart = seconds(partial(_from_the_dashboard, runtime))
        narrow, private = _most_memory_mb(), _private_mb()
        value += _whole(runtime, asked_apart)
        wide = _most_memory_mb()
        graph = networkx_mb(*_size(runtime))
    return [
        *value,
        *(
            Measured(
                name=f"most memory so far, {what}",
                figure=figure,
                unit="MB",
                target=MEMORY_MB,
                yardstick=graph,
                against="a networkx graph with as many numbers for nodes and as many links",
            )
            for what, figure in (
                ("neighbourhoods, paths, the whole record asked about, mapped files and all", narrow),
                ("the same without mapped files", private),
                ("the whole record searched in one process", wide),
            )
        ),
    ]


def _most_memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _private_mb() -> float:
    info = psutil.Process().memory_info()
    return float(info.rss - info.shared) / 1024**2


def _from_the_dashboard(runtime: Runtime) -> None:
    """One pattern in the whole record as its page asks for it, from a process of its own."""
    in_own_process(patterns, runtime, ANALYST, asked=Search([PatternKey.SHARED_OBJECT], None, 1_000))


def _size(runtime: Runtime) -> tuple[int, int]:
    """How many entities and links the viewer's register has."""
    with runtime.uow.unrecorded() as work:
        register = viewer_register(work, ANALYST, runtime.clock, runtime.link_snapshots).register
        return len(register), register.link_count


def networkx_mb(nodes: int, links: int) -> float:
    """What a graph of that size takes: a part of it in a process of its own, and so many times as much."""
    with get_context("spawn").Pool(1) as alone:
        return float(alone.apply(_graph_mb, (nodes // _GRAPH_PART, links // _GRAPH_PART))) * _GRAPH_PART


def _graph_mb(nodes: int, links: int) -> float:
    import networkx

    chance = random.Random(SEED)
    process = (
        psutil.Process()
    )  # the most memory so far (ru_maxrss) would count that of who started this process
    before = process.memory_info().rss
    graph: networkx.Graph[int] = networkx.Graph()
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from((chance.randrange(nodes), chance.randrange(nodes)) for _ in range(links))
    return (process.memory_info().rss - before) / 1024**2


def _around(runtime: Runtime, asked: list[str], *, hops: int, target: float) -> Measured:
    """A neighbourhood as a page asks for it, the viewer's cut made anew each time."""

    context = runtime.context(ANALYST)

    def one(reference: str) -> None:
        with runtime.uow.unrecorded() as work:
            around(work, context, reference, hops=hops, snapshots=runtime.link_snapshots)

    def plain(reference: str) -> None:
        with closing(sqlite3.connect(runtime.settings.home / "stac.db")) as connection:
            _by_statements(connection, reference, hops=hops)

    return Measured(
        name=f"neighbourhood with permission cut, {hops} hops, {PERSONS:,} persons, p95",
        figure=_p95(one, asked),
        unit="ms",
        target=target,
        yardstick=_p95(plain, asked),
        against="a plain statement a hop, of two kinds; without permission, names and hubs",
    )


def _by_statements(connection: sqlite3.Connection, reference: str, *, hops: int) -> None:
    """Read the numbers of the nodes within so many links straight from the table, at most 20,000 a step."""
    (row,) = connection.execute("select id from person_record where ref = ?", (reference,)).fetchone()
    reached = frontier = {node_of("person", int(row))}
    for _ in range(hops):
        onward: set[int] = set()
        for here, there in (("start_node", "end_node"), ("end_node", "start_node")):
            listed = ",".join(map(str, frontier))
            statement = f"select {there} from link where {here} in ({listed}) limit 20000"
            onward |= {int(row[0]) for row in connection.execute(statement)}
        frontier = onward - reached
        reached = reached | frontier
        if not frontier:
            return


def _paths(runtime: Runtime, asked: list[str]) -> Measured:
    pairs = list(zip(asked[: len(asked) // 2], asked[len(asked) // 2 :], strict=False))

    def one(hub_cap: int | None, pair: tuple[str, str]) -> None:
        with runtime.uow.unrecorded() as work:
            cut = work.links.cut(permitted_links(work, ANALYST, on=TODAY))
            ends = [work.links.find(reference, cut) for reference in pair]
            if ends[0] is None or ends[1] is None:
                return
            seen = runtime.link_snapshots.for_viewer(work, cut, at=NOW)
            paths_between(seen.view, ends[0], ends[1], hub_cap=hub_cap)

    one(HUB_CAP, pairs[0])
    return Measured(
        name=f"path between two persons, {PERSONS:,} persons, p95",
        figure=_p95(partial(one, HUB_CAP), pairs),
        unit="ms",
        target=PATH_MS,
        yardstick=_p95(partial(one, None), pairs),
        against="the same with hubs crossed",
    )


def _whole(runtime: Runtime, asked_apart: float) -> list[Measured]:
    limits = thresholds_on(date(2026, 11, 25))
    with runtime.uow.unrecorded() as work:
        began = time.perf_counter()
        register = viewer_register(work, ANALYST, runtime.clock, runtime.link_snapshots).register
        cut = time.perf_counter() - began
        those = Candidates(register, limits)
        scanned = seconds(
            lambda: [sum(1 for _ in each.candidates(those, limits)) for each in PATTERNS.values()]
        )
        hanging = seconds(lambda: components(register))
        looked = seconds(lambda: scan(register, limits, [PatternKey.SHARED_OBJECT], most=1_000))
        judged = seconds(lambda: pair_trends(register, limits))
        beside = seconds(lambda: _components_by_scipy(register))
    return [
        Measured(
            name=f"one pattern, 1,000 candidates judged, from a process of its own, {PERSONS:,} persons",
            figure=asked_apart,
            unit="s",
            target=SCAN_S,
            yardstick=cut + looked,
            against="the same in this process, its names and marks apart",
        )
    ] + [
        Measured(
            name=f"{what}, {PERSONS:,} persons",
            figure=cut + took,
            unit="s",
            target=SCAN_S,
            yardstick=beside,
            against="scipy's connected components of the same links, without the viewer's cut",
        )
        for what, took in (
            ("candidates of all patterns in the whole record", scanned),
            ("components of the whole record", hanging),
            ("one pattern, 1,000 candidates judged", looked),
            ("a page of trends, 50 pairs tested", judged),
        )
    ]


def _components_by_scipy(register: Register) -> int:
    start, end = register.links.start, register.links.end
    matrix = coo_matrix((np.ones(len(start), dtype=np.int8), (start, end)), shape=(len(register),) * 2)
    return int(connected_components(matrix, directed=False, return_labels=False))


def _p95(ask: Callable[[Any], None], asked: Sequence[Any]) -> float:
    for each in asked[:ASKED]:  # once over, so that what is measured is warm
        ask(each)
    taken = []
    for each in asked[:ASKED]:
        began = time.perf_counter()
        ask(each)
        taken.append((time.perf_counter() - began) * 1000)
    return sorted(taken)[int(len(taken) * 0.95)]


@contextmanager
def _record() -> Iterator[Runtime]:
    stored = os.environ.get("STAC_BENCH_HOME")
    home = Path(stored or tempfile.mkdtemp(prefix="stac-bench-"))
    if not (home / "stac.db").exists():
        making = get_context("spawn").Process(target=_make, args=(home,))
        making.start()
        making.join()
    runtime = initialise({"STAC_HOME": str(home)}, clock=SetClock(NOW))
    try:
        yield runtime
    finally:
        runtime.close()
        if not stored:
            shutil.rmtree(home, ignore_errors=True)


def _make(home: Path) -> None:
    """In a process of its own, so that the memory measured is that of one that only asks."""
    with initialise({"STAC_HOME": str(home)}, clock=SetClock(NOW)) as runtime:
        fill(home / "stac.db", persons=PERSONS, seed=SEED, at=NOW)
        refresh_links(runtime.context(flow_acting("bench", "cora")), snapshots=runtime.link_snapshots)
