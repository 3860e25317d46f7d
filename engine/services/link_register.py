"""The record's links whole, for one viewer: paths, components, figures, patterns.

All of it stands on the snapshot, cut by the viewer's permission before any of it is computed, and with what
changed since the snapshot was made read from the record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple

import networkx as nx

from engine.clock import Clock
from engine.domain.acting import Acting
from engine.domain.errors import NotFoundError
from engine.links.around import HUB_CAP, drawn_graph
from engine.links.components import component_labels
from engine.links.components import components as components_of
from engine.links.components import summary as summary_of
from engine.links.patterns.finding import PatternKey
from engine.links.patterns.scan import PatternsFound, scan
from engine.links.patterns.thresholds import thresholds_on
from engine.links.record_kinds import kind_of
from engine.links.register import Register
from engine.links.snapshot_paths import MOST_PATHS, shortest_ways
from engine.links.viewer_register import register_for
from engine.services.doors import permitted_links
from engine.services.link_snapshots import LinkSnapshots, SnapshotSeen
from engine.services.links import looking
from engine.services.record_links import RecordLinks, as_read
from engine.store.repositories.link_cut import Cut
from engine.store.unit_of_work import UnitOfWork, Work

MOST_GRAPHS = 10
MOST_IN_A_GRAPH = 2_000


class PathFound(NamedTuple):
    """The shortest paths between two, as a graph."""

    graph: nx.MultiDiGraph[str]
    hops: int | None
    paths: tuple[tuple[str, ...], ...]
    number: int
    through_hubs: bool
    in_words: tuple[tuple[str, ...], ...]
    snapshot_at: datetime
    changed_since: int

    def told(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "hops": self.hops,
            "paths": [list(stops) for stops in self.paths],
            "count": self.number,
            "through_hubs": self.through_hubs,
            "hops_through_hubs": None,
            "in_words": [list(steps) for steps in self.in_words],
            "snapshot_at": self.snapshot_at.isoformat(),
            "cases_changed_since": self.changed_since,
        }


class Components(NamedTuple):
    """What hangs together: how many, how large, and the largest that can be drawn as graphs."""

    told: dict[str, Any]
    graphs: tuple[nx.MultiDiGraph[str], ...]
    snapshot_at: datetime
    changed_since: int


@dataclass(frozen=True)
class _Opened:
    work: Work
    register: Register
    seen: SnapshotSeen


def path(
    *,
    uow: UnitOfWork,
    clock: Clock,
    acting: Acting,
    snapshots: LinkSnapshots,
    a: str,
    b: str,
    most: int = MOST_PATHS,
    through_hubs: bool = False,
) -> PathFound:
    """Return the shortest paths between two nodes of the record, as far as who acts may see them.

    Things with more users than fifty, counting those whom this viewer may see, are not crossed: two people
    who once had the same switchboard are not joined by it. Where there is no other path, one through such a
    thing is told, and that it is one.

    Parameters
    ----------
    uow, clock, acting, snapshots
        The record, the time, who looks, and the arrays that this process holds.
    a, b : str
        Two public references.
    most : int
        How many of the paths are told and drawn; all are counted.
    through_hubs : bool
        Cross things with many users too.

    Returns
    -------
    PathFound
        ``graph`` holds the stops of the paths told and every link between two neighbours on them.

    Raises
    ------
    NotFoundError
        If one of the two is not there for this person.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from tests.builders import a_desk, a_referral
    >>> with TemporaryDirectory() as place, a_desk(Path(place, "home")) as desk:
    ...     (case,) = desk.refer(a_referral()).referrals
    ...     asked = {**desk.common, "acting": desk.coordinator, "snapshots": desk.runtime.link_snapshots}
    ...     graph = path(**asked, a=case, b=case).graph
    ...     len(graph)
    1

    Notes
    -----
    The cost grows with what the two ends reach before they meet. Each link of the answer is read from the
    record, so a path never stands on one that was withdrawn.
    """
    with looking(uow, clock, acting, "look for a path") as work:
        cut = work.links.cut(permitted_links(work, acting, on=clock.today()))
        links = RecordLinks(work.links, cut)
        ends = [_there(links, reference) for reference in (a, b)]
        seen = snapshots.for_viewer(work, cut, at=clock.now())
        found = shortest_ways(
            seen.snapshot, seen.seen, *ends, most=most, hub_cap=None if through_hubs else HUB_CAP
        )
        stops = [tuple(links.members(node)[0] for node in way) for way in found.paths]
        graph = drawn_graph(links, dict.fromkeys(stop for way in stops for stop in way))
        named = tuple(tuple(links.id_of(stop) for stop in way) for way in stops)
        work.notes(hops=found.hops, nodes=len(graph))
        graph.graph.update(hops=found.hops, count=found.number, through_hubs=found.through_hubs)
        return PathFound(
            graph,
            found.hops,
            named,
            found.number,
            found.through_hubs,
            tuple(_in_words(graph, stops) for stops in named),
            seen.made_at,
            seen.changed,
        )


def components(
    *, uow: UnitOfWork, clock: Clock, acting: Acting, snapshots: LinkSnapshots, most: int = MOST_GRAPHS
) -> Components:
    """Return what hangs together in the record, as far as who acts may see it, the largest first.

    Parameters
    ----------
    uow, clock, acting, snapshots
        The record, the time, who looks, and the arrays that this process holds.
    most : int
        How many components are drawn as graphs. One of more than 2,000 nodes is counted and not drawn.

    Returns
    -------
    Components
        ``told`` has the number, the sizes and the first references of the largest; ``graphs`` are networkx
        graphs of the largest that can be drawn.

    Notes
    -----
    Linear in the links that this viewer may see.
    """
    with _whole(uow, clock, acting, snapshots, "look at components") as opened:
        register = opened.register
        labels = component_labels(register)
        sizes: dict[int, list[int]] = {}
        if len(register):
            import numpy as np

            names, counts = np.unique(labels, return_counts=True)
            drawable = counts <= MOST_IN_A_GRAPH
            order = np.lexsort((names[drawable], -counts[drawable]))[:most]
            chosen = names[drawable][order]
            sizes = {int(name): np.flatnonzero(labels == name).tolist() for name in chosen}
        graphs = tuple(drawn_graph(register, members) for members in sizes.values())
        told = {**components_of(register), **_age(opened.seen)}
        return Components(told, graphs, opened.seen.made_at, opened.seen.changed)


def summary(*, uow: UnitOfWork, clock: Clock, acting: Acting, snapshots: LinkSnapshots) -> dict[str, Any]:
    """The record's links in figures, as far as who acts may see them."""
    with _whole(uow, clock, acting, snapshots, "look at links in figures") as opened:
        return {**summary_of(opened.register), **_age(opened.seen)}


def patterns(
    *,
    uow: UnitOfWork,
    clock: Clock,
    acting: Acting,
    snapshots: LinkSnapshots,
    serial_victims: int | None = None,
    keys: Collection[PatternKey] | None = None,
) -> PatternsFound:
    """What every detector finds on the links that this person may see, by the thresholds in force today."""
    with _whole(uow, clock, acting, snapshots, "look for patterns") as opened:
        limits = thresholds_on(clock.today(), serial_victims=serial_victims)
        found = scan(opened.register, limits, keys)
        return found.model_copy(
            update={"snapshot_at": opened.seen.made_at, "changed_since": opened.seen.changed}
        )


@contextmanager
def _whole(
    uow: UnitOfWork, clock: Clock, acting: Acting, snapshots: LinkSnapshots, what: str
) -> Iterator[_Opened]:
    with looking(uow, clock, acting, what) as work:
        opened = _opened(work, acting, clock, snapshots)
        work.notes(nodes=len(opened.register), links=opened.register.link_count)
        yield opened


def _opened(work: Work, acting: Acting, clock: Clock, snapshots: LinkSnapshots) -> _Opened:
    register, seen = viewer_register(work, acting, clock, snapshots)
    return _Opened(work, register, seen)


def viewer_register(
    work: Work, acting: Acting, clock: Clock, snapshots: LinkSnapshots
) -> tuple[Register, SnapshotSeen]:
    """All that this person may see, as a register; a part of a use case."""
    cut = work.links.cut(permitted_links(work, acting, on=clock.today()))
    seen = snapshots.for_viewer(work, cut, at=clock.now())
    register = register_for(
        seen.snapshot,
        seen.seen,
        references=lambda nodes: _references(work, nodes),
        labels=lambda nodes: _labels(work, cut, nodes),
        find=lambda reference: work.links.find(reference, cut),
        words=work.links.arrays.words(),
    )
    return register, seen


def _references(work: Work, nodes: Sequence[int]) -> list[str]:
    found = work.links.arrays.references(nodes)
    return [found[node] for node in nodes]


def _labels(work: Work, cut: Cut, nodes: Sequence[int]) -> list[str]:
    """Names where they may be read; a thing's value where names may be read everywhere."""
    told = {each.node: each for each in work.links.described(nodes)}
    labels = []
    for node in nodes:
        kind, here = kind_of(node), told[node]
        if kind in ("incident", "referral"):
            labels.append(f"{here.name}, {here.date.in_words() if here.date else 'date not recorded'}")
        elif cut.named_on is None or (here.case is not None and here.case in cut.named_on):
            labels.append(here.name if kind == "person" else f"{kind} {as_read(kind, here.name)}")
        else:
            labels.append(f"{kind} {here.ref}")
    return labels


def _in_words(graph: nx.MultiDiGraph[str], stops: Sequence[str]) -> tuple[str, ...]:
    """Each step of a path: by what the two are linked."""
    says = []
    for one, other in pairwise(stops):
        told = [
            ", ".join(str(link[name]) for name in ("kind", "role", "date", "grade") if name in link)
            for ends in ((one, other), (other, one))
            for link in (graph.get_edge_data(*ends) or {}).values()
        ]
        says.append(f"{one} - {other}: {'; '.join(dict.fromkeys(told))}")
    return tuple(says)


def _there(links: RecordLinks, reference: str) -> int:
    number = links.find(reference)
    if number is None:
        raise NotFoundError("node", reference.strip()[:20])
    return number


def _age(seen: SnapshotSeen) -> dict[str, Any]:
    return {"snapshot_at": seen.made_at.isoformat(), "cases_changed_since": seen.changed}
