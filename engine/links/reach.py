"""Nodes within some links of cases in a viewer's arrays: all of them, those of hubs too."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from engine.links.arrays import Numbers, View


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
