"""Nodes within some links of cases, or of what is drawn, in a viewer's arrays."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np

from engine.links.arrays import Numbers, View, places
from engine.links.incident_roles import THINGS
from engine.links.kinds import SHAPES, Shape


def nodes_near(view: View, cases: Collection[int], hops: int) -> Numbers:
    """Return the nodes within so many links of those that are linked through one of these cases.

    The step between two nodes that are one is not counted.
    """
    reached = _with_same(view, _ends_in(view, cases))
    for _ in range(hops):
        reached = _with_same(view, np.union1d(reached, view.steps(reached)[1]))
    return view.nodes.nodes[reached]


def _ends_in(view: View, cases: Collection[int]) -> Numbers:
    listed = np.fromiter(cases, dtype=np.int64, count=len(cases))
    parts = [np.zeros(0, dtype=np.int64)]
    for laid, seen in zip(view.nodes.laid, view.seen, strict=True):
        of_cases = np.isin(laid.layer.links["case"], listed) & seen.links(laid.layer, slice(None))
        parts += [ends[of_cases].astype(np.int64) for ends in laid.ends]
    return np.unique(np.concatenate(parts))


def _with_same(view: View, those: Numbers) -> Numbers:
    while view.joins:
        more = np.union1d(those, view.same(those)[1])
        if len(more) == len(those):
            break
        those = more
    return those


class Round(NamedTuple):
    """The places whose links a detector reads of drawn nodes, and how many items are one link further."""

    within: Numbers
    further: int


def round_drawn(view: View, nodes: Collection[int], *, most_users: int, hub_cap: int) -> Round:
    """Return the places whose links decide every pattern about these nodes.

    Those are the nodes and what they are linked to. Users of a thing that too many use, and people at a
    place, are in no such decision. Of things with more users than the hub cap nothing is counted as further.
    """
    listed = np.fromiter(nodes, dtype=np.int64, count=len(nodes))
    found = places(view.nodes.nodes, listed, sorted_part=view.nodes.sorted_part)
    drawn = _with_same(view, np.unique(found[found >= 0]))
    at, to = view.steps(drawn)
    stops, here = view.stops(to), view.stops(drawn)
    shapes = view.nodes.shapes(at) if len(at) else np.zeros(0, dtype=np.int8)
    users = _users_of(at, stops)
    things = np.isin(shapes, [SHAPES.index(shape) for shape in THINGS])
    is_place = shapes == SHAPES.index(Shape.PLACE)
    onward = to[~((things & (users > most_users)) | is_place)]
    is_hub = (things | is_place) & (users > hub_cap)
    return Round(
        within=_with_same(view, np.union1d(drawn, onward)),
        further=len(np.setdiff1d(stops[~is_hub], here)),
    )


def _users_of(at: Numbers, stops: Numbers) -> Numbers:
    """Return for each step how many different stops lead from where it begins."""
    if not len(at):
        return at
    begins = np.unique(np.column_stack([at, stops]), axis=0)[:, 0]
    listed, counts = np.unique(begins, return_counts=True)
    users: Numbers = counts[np.searchsorted(listed, at)]
    return users
