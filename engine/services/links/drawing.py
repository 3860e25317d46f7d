"""A neighbourhood as a map: cut as asked, laid out, with its patterns. The same for the record and a network.

Reads nothing: what may not be seen is not in what it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np

from engine.domain.links.map_patterns import PatternOnMap, PatternsOnMap
from engine.domain.links.maps import LinkMap, MapAsked, MapNode
from engine.domain.links.views import LinkNode, LinkView, MayBeOne
from engine.links.layout import Point, layout
from engine.links.map_cutting import (
    cut,
    days_of,
    folded,
    kinds_of,
    months_of,
    named_in,
    span_of,
)
from engine.links.patterns.finding import Finding
from engine.links.patterns.readings import read_both_ways
from engine.links.patterns.scan import Among, scan
from engine.links.patterns.thresholds import Thresholds
from engine.links.register import Register


def map_of(
    whole: LinkView,
    asked: MapAsked,
    *,
    known: Mapping[str, tuple[float, float]],
    patterns: PatternsOnMap,
) -> LinkMap:
    """Return the map of a neighbourhood; ``known`` are places that items had before."""
    nodes, edges, left_out = cut(whole, asked)
    groups: dict[str, tuple[LinkNode, ...]] = {}
    if asked.folds:
        nodes, edges, groups = folded(nodes, edges, apart={whole.middle, *asked.opened})
    ids = [node.id for node in nodes]
    placed = {node: Point(*place) for node, place in known.items()}
    places = layout(ids, [(edge.source, edge.target) for edge in edges], placed=placed)
    links = dict.fromkeys(ids, 0)
    for edge in edges:
        for end in {edge.source, edge.target}:
            links[end] += 1
    named = named_in(edges)
    first, last = days_of(whole.edges)
    months, without_month = months_of(cut(whole, asked.changed(since=None, until=None))[1])
    return LinkMap(
        asked=asked,
        middle=whole.middle,
        nodes=tuple(
            MapNode(
                node=node,
                x=places[node.id].x,
                y=places[node.id].y,
                links=links[node.id],
                named_in=named.get(node.id),
                stands_for=tuple(each.id for each in groups.get(node.id, ())),
                span=span_of(groups.get(node.id, ())),
            )
            for node in nodes
        ),
        edges=edges,
        told=whole.told,
        left_out=left_out,
        kinds_there=kinds_of(whole),
        links_there=tuple(sorted({edge.kind for edge in whole.edges})),
        first_day=first,
        last_day=last,
        patterns=patterns,
        read_at=whole.read_at,
        snapshot_at=whole.snapshot_at,
        changed_since=whole.changed_since,
        months=months,
        without_month=without_month,
        measured=tuple(each for each in whole.measured if each in links),
        may_be_one=tuple(pair for pair in whole.may_be_one if {pair.one, pair.other} <= set(ids)),
    )


def patterns_of(
    register: Register,
    drawn: Collection[int],
    whole: LinkView,
    limits: Thresholds,
    *,
    further: int | None = None,
    may_be_one: Callable[[Sequence[Finding]], Collection[MayBeOne]] = lambda findings: (),
) -> PatternsOnMap:
    """Return what the detectors find about the items of a neighbourhood, whatever was hidden in it.

    They read the register, which has more than is drawn: so each finding is that of a search of everything.
    ``drawn`` are the rows of the items; ``may_be_one`` gives who of a finding may be one person.
    """
    flags = np.zeros(len(register), dtype=np.bool_)
    flags[list(drawn)] = True
    found = scan(register, limits, among=Among(flags, wholly=True))
    pairs = may_be_one([finding for findings in found.findings.values() for finding in findings])
    read = {key: read_both_ways(key, findings, pairs, limits) for key, findings in found.findings.items()}
    there = {node.id for node in whole.nodes}
    return PatternsOnMap(
        found=tuple(
            PatternOnMap(
                key=key.value,
                says=finding.says,
                path=finding.path,
                persons=finding.persons,
                counter_evidence=finding.counter_evidence,
                beyond=len(_items_of(register, finding) - there),
            )
            for key, (findings, _) in read.items()
            for finding in findings
        ),
        as_one=sum(hold for _, hold in read.values()),
        not_judged=tuple(f"{each.pattern.value}: {each.judged.says}" for each in found.not_judged),
        further=further,
    )


def _items_of(register: Register, finding: Finding) -> set[str]:
    """Return the items of a finding; an incident that is a link between two people is none."""
    named = {*finding.path, *finding.persons, *finding.incidents}
    return {each for each in named if register.find(each) is not None}
