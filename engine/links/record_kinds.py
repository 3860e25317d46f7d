"""Kinds of the record's own link graph, read from data. Knows no table and no viewer.

A node is one number: the number of its row times sixteen, and its kind. So the number shows the kind.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files

from pydantic import Field, model_validator

from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError
from engine.links.kinds import Shape

KINDS_OF_NODES = 16


class NodeSort(Frozen):
    """Sort of a node."""

    number: int = Field(ge=0, lt=KINDS_OF_NODES)
    kind: str
    shape: Shape


class LinkSort(Frozen):
    """Sort of a link, and what it may join."""

    number: int = Field(ge=1)
    kind: str
    first: tuple[str, ...]
    last: tuple[str, ...]


class Sameness(Frozen):
    """Reason why two records are one node."""

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
                raise ValueError("a number is used for two kinds")
        named = {node.kind for node in self.nodes}
        for link in self.links:
            if not {*link.first, *link.last} <= named:
                raise ValueError(f"'{link.kind}' joins something that is not a node")
        return self


@cache
def record_kinds() -> RecordKinds:
    """Return the data file."""
    text = files("engine.links").joinpath("data", "record.toml").read_text(encoding="utf-8")
    return RecordKinds.model_validate(tomllib.loads(text))


@cache
def _nodes() -> dict[int, NodeSort]:
    return {sort.number: sort for sort in record_kinds().nodes}


@cache
def node_number(kind: str) -> int:
    """Return the number of a kind of node."""
    return next(sort.number for sort in record_kinds().nodes if sort.kind == kind)


@cache
def link_number(kind: str) -> int:
    """Return the number of a kind of link."""
    return next(sort.number for sort in record_kinds().links if sort.kind == kind)


@cache
def link_kind(number: int) -> str:
    """Return the meaning of a link of this number."""
    return next(sort.kind for sort in record_kinds().links if sort.number == number)


def node_of(kind: str, row: int) -> int:
    """Return the node of a row."""
    return row * KINDS_OF_NODES + node_number(kind)


def row_of(node: int) -> int:
    """Return the row of a node."""
    return node // KINDS_OF_NODES


def kind_of(node: int) -> str:
    """Return the kind of a node."""
    return _nodes()[node % KINDS_OF_NODES].kind


def shape_of_node(node: int) -> Shape:
    """Return the shape of a node to the detectors."""
    return _nodes()[node % KINDS_OF_NODES].shape


def link_numbers(kinds: tuple[str, ...]) -> tuple[int, ...]:
    """Return the numbers of these kinds of links; InvalidInputError names one that there is not."""
    known = {sort.kind: sort.number for sort in record_kinds().links}
    for kind in kinds:
        if kind not in known:
            raise InvalidInputError("kind", f"'{kind[:40]}' is not known; choose one of: {', '.join(known)}")
    return tuple(known[kind] for kind in kinds)


def first_days(since: date) -> tuple[int, int, int, int]:
    """Return by the precision of a date the earliest, as a number, that may be this one or later.

    A year and a month count by their beginning; what has no date is always in.
    """
    return 0, since.replace(month=1, day=1).toordinal(), since.replace(day=1).toordinal(), since.toordinal()
