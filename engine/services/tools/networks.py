"""Measures, communities and queries of a register file. Opens no record: people in it are not ranked."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple, TypeAlias, TypedDict

from engine.domain.errors import InvalidInputError
from engine.links.centrality import Measure, Progress
from engine.links.communities import CommunitiesFound, Stability, communities, stability
from engine.links.network import limited_to_kinds, network_of
from engine.links.queries import Query, Row, query
from engine.links.register import Register
from engine.links.register_files import open_register
from engine.services.links.networks import NetworkMeasured, measures_in

Found: TypeAlias = CommunitiesFound
Asked: TypeAlias = Query
Rows: TypeAlias = tuple[Row, ...]
"""The names for pages and commands, which do not import ``engine.links``."""


class CommunitiesShown(TypedDict):
    """The communities of a network, as plain values."""

    modularity: float | None
    communities: list[list[str]]


class Grouped(NamedTuple):
    """The communities of a network, and where it was asked for how far other seeds agree."""

    found: CommunitiesFound
    stability: Stability | None


def measures_named(names: Collection[str]) -> tuple[Measure, ...]:
    """Return the measures of these names, several with commas between; all if there are none.

    Raises InvalidInputError for another name.
    """
    each = [name.strip() for given in names for name in given.split(",") if name.strip()]
    unknown = next((name for name in each if name not in list(Measure)), None)
    if unknown is not None:
        known = ", ".join(Measure)
        raise InvalidInputError("measure", f"'{unknown[:40]}' is not a measure; use {known}")
    return tuple(dict.fromkeys(map(Measure, each))) or tuple(Measure)


def measure_network(
    *,
    register: Path,
    measures: Collection[Measure],
    top: int,
    kinds: Collection[str] | None = None,
    progress: Progress | None = None,
) -> NetworkMeasured:
    """Return a register's network in figures, and for each measure the entities with the largest values.

    Raises InvalidInputError if the file is not a register or no link is of a kind.
    """
    return measures_in(_opened(register, kinds), measures, top=top, progress=progress)


def communities_in(
    *, register: Path, seed: int, kinds: Collection[str] | None = None, with_stability: bool = False
) -> Grouped:
    """Return the communities of a register's network; the same for the same seed.

    Raises InvalidInputError if the file is not a register or no link is of a kind.
    """
    opened = _opened(register, kinds)
    network = network_of(opened)
    found = communities(opened, network, seed=seed)
    return Grouped(found, stability(network, seed=seed) if with_stability else None)


def query_network(*, register: Path, asked: Query) -> tuple[Row, ...]:
    """Return the entities of a register that meet the conditions of a question, each with what it counts.

    Raises InvalidInputError if the file is not a register, or with the place in the question if the register
    does not have a type, id, attribute or kind.
    """
    return query(open_register(register), asked)


def as_values(found: CommunitiesFound) -> CommunitiesShown:
    """Return communities as plain values."""
    return {"modularity": found.modularity, "communities": [list(group) for group in found.communities]}


def _opened(register: Path, kinds: Collection[str] | None) -> Register:
    return limited_to_kinds(open_register(register), kinds)
