"""Measures and communities of an imported network of 60,000 entities, as whole commands, beside networkx.

The network is of people in common incidents: most know each other there, and a few are in very many.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import networkx as nx
import numpy as np

from benchmarks.links_register import networkx_mb
from benchmarks.measured import Measured, seconds
from engine.exchange.confined_networks import network_reader
from engine.exchange.network_files import NetworkTable, tables_in
from engine.links.building import RegisterBuilder
from engine.links.register_files import save_register

ENTITIES = 60_000
INCIDENTS = 32_000
SEED = 3
TARGET_S = 10.0
TARGET_MB = 1_024.0
READ_WITHIN_S = {2_000: 1.0, 200_000: 10.0}
"""Seconds in which a file of so many links is to be read."""
TIMES = 5
_SOURCES = 4
"""As many networkx is asked for; it takes that long for each."""


def measure() -> list[Measured]:
    """Each command once, with all that it loads: its time, its processor time and the most memory."""
    links = _links()
    graph: nx.Graph[int] = nx.Graph(links)
    with tempfile.TemporaryDirectory(prefix="stac-bench-") as place:
        register = Path(place, "network.stac")
        building = RegisterBuilder()
        for entity in range(ENTITIES):
            building.add_entity(str(entity), "person")
        for one, other in links:
            building.add_link(str(one), str(other), "together")
        save_register(building.register(), register)
        measured, figures = _run("measures", register)
        grouped, _ = _run("communities", register)
    sources = figures["measures"]["betweenness"]["sources"]
    by_networkx = seconds(lambda: nx.betweenness_centrality(graph, k=_SOURCES, seed=SEED)) / _SOURCES
    louvain = seconds(lambda: next(iter(nx.community.louvain_partitions(graph, seed=SEED))))
    much = networkx_mb(ENTITIES, len(links))
    size = f"{ENTITIES:,} entities, {len(links):,} links"
    return [
        *_reading(),
        Measured(
            name=f"all measures, {size}, {sources} sources",
            figure=measured.seconds,
            unit="s",
            target=TARGET_S,
            yardstick=by_networkx * sources,
            against=f"networkx's betweenness only, from as many sources, by the time of {_SOURCES}",
        ),
        Measured(
            name="the same, processor time",
            figure=measured.processor,
            unit="s",
            target=TARGET_S,
            yardstick=measured.seconds,
            against="its time",
        ),
        Measured(
            name=f"communities, {size}",
            figure=grouped.seconds,
            unit="s",
            target=TARGET_S,
            yardstick=louvain,
            against="the first level of networkx's Louvain",
        ),
        Measured(
            name="memory, the larger of both",
            figure=max(measured.megabytes, grouped.megabytes),
            unit="MB",
            target=TARGET_MB,
            yardstick=much,
            against="a graph of networkx of as many, without an interpreter",
        ),
    ]


def _links() -> list[tuple[int, int]]:
    chance = np.random.default_rng(SEED)
    found: set[tuple[int, int]] = set()
    for people in (chance.random((INCIDENTS, 3)) ** 1.5 * ENTITIES).astype(int).tolist():
        found |= set(combinations(sorted(set(people)), 2))
    return sorted(found)


class _Usage(NamedTuple):
    """A command's use of the machine."""

    seconds: float
    processor: float
    megabytes: float


def _reading() -> list[Measured]:
    """Files of two sizes and kinds, read by a confined process, beside the same in this one."""
    found = []
    for links, target in READ_WITHIN_S.items():
        pairs = [(f"n{number % 5_000}", f"n{number % 4_999}") for number in range(links)]
        edges = "".join(f'<edge source="{one}" target="{other}"/>' for one, other in pairs)
        nodes = "".join(f'<node id="n{number}"/>' for number in range(5_000))
        for name, text in (
            ("CSV", "from,to,kind\n" + "".join(f"{one},{other},knows\n" for one, other in pairs)),
            ("GraphML", f"<graphml><graph>{nodes}{edges}</graph></graphml>"),
        ):
            with tempfile.TemporaryDirectory(prefix="stac-bench-") as place:
                file = Path(place, "network")
                file.write_text(text, encoding="utf-8")
                confined = statistics.median(seconds(partial(_read_confined, file)) for _ in range(TIMES))
                here = statistics.median(seconds(partial(_read_here, file)) for _ in range(TIMES))
            found.append(
                Measured(
                    name=f"{name} of {links:,} links, read by a confined process",
                    figure=confined,
                    unit="s",
                    target=target,
                    yardstick=here,
                    against="the same in this process",
                )
            )
    return found


def _read_confined(file: Path) -> None:
    with network_reader([file]) as reader:
        _gone_through(reader.tables(file, part="file"))


def _read_here(file: Path) -> None:
    _gone_through(tables_in(file, part="file"))


def _gone_through(tables: Sequence[NetworkTable]) -> None:
    for table in tables:
        for _ in table.rows():
            pass


def _run(command: str, register: Path) -> tuple[_Usage, dict[str, dict[str, dict[str, int]]]]:
    """Return what one command used, and its answer."""
    stac = [sys.executable, "-m", "cli.main", "links", command, "--register", str(register), "--json"]
    with tempfile.TemporaryFile() as out:
        began = time.perf_counter()
        child = os.posix_spawn(
            sys.executable, stac, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1)]
        )
        _, status, usage = os.wait4(child, 0)
        taken = time.perf_counter() - began
        if status:
            raise subprocess.CalledProcessError(status, stac)
        out.seek(0)
        return _Usage(taken, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024), json.load(out)
