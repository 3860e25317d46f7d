"""The record's whole link graph in arrays, as it was made, and what changed since beside it.

Knows no table and no viewer. What changed is in a second layer of the same shape; rows of changed cases in
the first layer are then closed for every viewer.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from engine.links.arrays import Laid, Layer, LinkedNodes, Numbers, lay, places
from engine.links.hubs import MOST_USERS_READ
from engine.links.kinds import SHAPES
from engine.links.record_kinds import KINDS_OF_NODES, record_kinds


class Snapshot(LinkedNodes):
    """The record's nodes, and the layers over them."""

    counts_users = True
    most_read = MOST_USERS_READ

    def __init__(self, nodes: Numbers, laid: tuple[Laid, ...], *, turn: int, made_at: str) -> None:
        super().__init__(nodes, laid)
        self.turn, self.made_at = turn, made_at

    @classmethod
    def of(cls, layers: Iterable[Layer], *, turn: int, made_at: str) -> Snapshot:
        """Make a snapshot of these layers."""
        layers = tuple(layers)
        ends = [layer.links[name] for layer in layers for name in ("start", "end")]
        ends += [layer.same[name] for layer in layers for name in ("one", "other")]
        nodes = np.unique(np.concatenate(ends)).astype(np.int64) if ends else np.zeros(0, dtype=np.int64)
        return cls(nodes, tuple(lay(layer, nodes) for layer in layers), turn=turn, made_at=made_at)

    def with_changes(self, layer: Layer, *, turn: int) -> Snapshot:
        """Return the same with what changed since in a layer beside it.

        Places of older nodes stay as they are.
        """
        ends = [layer.links["start"], layer.links["end"], layer.same["one"], layer.same["other"]]
        named = np.unique(np.concatenate(ends)).astype(np.int64)
        fresh = named[places(self.nodes, named, sorted_part=len(self.nodes)) < 0]
        nodes = np.concatenate([self.nodes, fresh]) if len(fresh) else self.nodes
        return Snapshot(
            nodes,
            (*self.laid[:1], lay(layer, nodes, sorted_part=len(self.nodes), few=True)),
            turn=turn,
            made_at=self.made_at,
        )

    def shapes(self, those: Numbers) -> NDArray[np.int8]:
        """Return the shape of each of these places, by its code: the number of a node shows its kind."""
        return shapes_of(self.nodes[those])


def shapes_of(nodes: Numbers) -> NDArray[np.int8]:
    """Return the shape of each of these nodes of the record, by its code."""
    return _shapes()[nodes % KINDS_OF_NODES]


@cache
def _shapes() -> NDArray[np.int8]:
    shapes = np.zeros(KINDS_OF_NODES, dtype=np.int8)
    for sort in record_kinds().nodes:
        shapes[sort.number] = SHAPES.index(sort.shape)
    return shapes
