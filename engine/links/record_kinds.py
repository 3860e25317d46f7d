"""What the record's own link graph is made of, read from data. Knows no table and no viewer.

A node is one number: the number of its row times sixteen, and what it is. So it tells its kind by itself.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from pydantic import Field, model_validator

from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError
from engine.links.kinds import Shape

KINDS_OF_NODES = 16


class NodeSort(Frozen):
    """What a node may be."""

    number: int = Field(ge=0, lt=KINDS_OF_NODES)
    kind: str
    shape: Shape


class LinkSort(Frozen):
    """What a link may say, and what it may join."""

    number: int = Field(ge=1)
    kind: str
    first: tuple[str, ...]
    last: tuple[str, ...]


class Sameness(Frozen):
    """Why two records are one node."""

    number: int = Field(ge=1)
    because: str


class RecordKinds(Frozen):
    """The whole data file."""

    version: str
    nodes: tuple[NodeSort, ...]
    links: tuple[LinkSort, ...]
    sameness: tuple[Sameness, ...]

    @model_validator(mode="after")
    def _each_number_once(self) -> RecordKinds:
        for listed in (self.nodes, self.links, self.sameness):
            if len({each.number for each in listed}) < len(listed):
                raise ValueError("a number stands for two kinds")
        named = {node.kind for node in self.nodes}
        for link in self.links:
            if not {*link.first, *link.last} <= named:
                raise ValueError(f"'{link.kind}' joins what is no node")
        return self


@cache
def record_kinds() -> RecordKinds:
    """The data file."""
    text = files("engine.links").joinpath("data", "record.toml").read_text(encoding="utf-8")
    return RecordKinds.model_validate(tomllib.loads(text))


@cache
def _nodes() -> dict[int, NodeSort]:
    return {sort.number: sort for sort in record_kinds().nodes}


@cache
def node_number(kind: str) -> int:
    """The number of a kind of node."""
    return next(sort.number for sort in record_kinds().nodes if sort.kind == kind)


@cache
def link_number(kind: str) -> int:
    """The number of a kind of link."""
    return next(sort.number for sort in record_kinds().links if sort.kind == kind)


@cache
def link_kind(number: int) -> str:
    """What a link of this number says."""
    return next(sort.kind for sort in record_kinds().links if sort.number == number)


def node_of(kind: str, row: int) -> int:
    """The node of a row."""
    return row * KINDS_OF_NODES + node_number(kind)


def row_of(node: int) -> int:
    """The row of a node."""
    return node // KINDS_OF_NODES


def kind_of(node: int) -> str:
    """What a node is."""
    return _nodes()[node % KINDS_OF_NODES].kind


def shape_of_node(node: int) -> Shape:
    """What a node is to the detectors."""
    return _nodes()[node % KINDS_OF_NODES].shape


def link_numbers(kinds: tuple[str, ...]) -> tuple[int, ...]:
    """The numbers of these kinds of links; InvalidInputError names one that there is not."""
    known = {sort.kind: sort.number for sort in record_kinds().links}
    for kind in kinds:
        if kind not in known:
            raise InvalidInputError("kind", f"there is no '{kind[:40]}'; there are: {', '.join(known)}")
    return tuple(known[kind] for kind in kinds)
