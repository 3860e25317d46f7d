"""Maps, paths, measures and searches of a network of one's own. Each is one entry of the audit log.

All has the forms of the record's answers, so one page draws both. In a network people may be
ranked: nothing of it is the record's.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from engine.access.policy import May, require
from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError
from engine.domain.links.map_patterns import PatternsOnMap
from engine.domain.links.maps import LinkMap, MapAsked, PathAsked, PathOnMap
from engine.domain.links.networks import StoredNetwork
from engine.domain.links.views import LinkNotes, LinkView
from engine.links.centrality import Measure
from engine.links.communities import communities
from engine.links.hubs import HUB_CAP
from engine.links.longer_paths import longer_between
from engine.links.neighbourhood import drawn_graph
from engine.links.network import limited_to_dates, limited_to_kinds, network_of
from engine.links.paths import PathFigures, shortest_paths
from engine.links.patterns.scan import PatternsFound, scan
from engine.links.patterns.thresholds import thresholds_on
from engine.links.queries import Query, Row, query
from engine.links.register import Register
from engine.links.register_view import edges_in, entities_with, most_linked, nodes_in, register_view
from engine.services.context import Context
from engine.services.links.drawing import map_of, patterns_of
from engine.services.links.maps import MOST_FOR_ANALYST
from engine.services.links.networks import NetworkMeasured, measures_in
from engine.services.links.workspaces import opened
from engine.store.unit_of_work import Work

MOST_FOUND = 30
MOST_PATHS = 20
RANKED = 100
_SEED = 1


class NetworkOpened(Frozen):
    """A network as its page begins: its terms, where the first map begins, and its kinds of links."""

    network: StoredNetwork
    begin: str
    kinds: tuple[str, ...]


class EntityFound(Frozen):
    """An entity that a search found."""

    id: str
    label: str
    type: str
    links: int


class EntitiesFound(Frozen):
    """The entities that a search found."""

    found: tuple[EntityFound, ...]
    more: bool


class WholeNetwork(NamedTuple):
    """Figures, rankings and communities of a whole network."""

    measured: NetworkMeasured
    modularity: float | None
    communities: tuple[tuple[str, ...], ...]
    labels: Mapping[str, str]


def open_network(context: Context, *, network: str) -> NetworkOpened:
    """Return a network of the person who acts, as its page begins.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    require(May.STORE_NETWORKS, context.acting)
    with context.reading("open a network") as work:
        found, register = opened(work, context, network)
        return NetworkOpened(network=found, begin=most_linked(register), kinds=register.links.kinds.words)


def find_in_network(context: Context, *, network: str, text: str) -> EntitiesFound:
    """Return the entities whose id or label has this text. Raises as ``open_network`` does."""
    require(May.STORE_NETWORKS, context.acting)
    with context.reading("search a network") as work:
        _, register = opened(work, context, network)
        numbers, more = entities_with(register, text.strip(), most=MOST_FOUND)
        work.notes(found=len(numbers))
        entities = [(number, register.entity(number)) for number in numbers]
        return EntitiesFound(
            found=tuple(
                EntityFound(
                    id=entity.id,
                    label=entity.label or entity.id,
                    type=entity.type,
                    links=int(register.degrees[number]),
                )
                for number, entity in entities
            ),
            more=more,
        )


def number_of_entity(context: Context, *, network: str, entity: str) -> int | None:
    """Return the number of an entity of a network, which does not change; None if it has no such entity.

    Raises as ``open_network`` does.
    """
    require(May.STORE_NETWORKS, context.acting)
    with context.reading("view a network") as work:
        _, register = opened(work, context, network)
        return register.find(entity)


def entity_numbered(context: Context, *, network: str, number: int) -> str | None:
    """Return the id of the entity with this number; None if there is none.

    Raises as ``open_network`` does.
    """
    require(May.STORE_NETWORKS, context.acting)
    with context.reading("view a network") as work:
        _, register = opened(work, context, network)
        return register.id_of(number) if 0 <= number < len(register) else None


def draw_network(
    context: Context,
    *,
    network: str,
    asked: MapAsked,
    placed: Mapping[str, tuple[float, float]],
) -> LinkMap:
    """Return the map of a network as asked for; an item that was placed before stays there.

    Raises as ``open_network`` does, and NotFoundError if the network does not have the start.
    """
    require(May.STORE_NETWORKS, context.acting)
    with context.reading("view a network") as work:
        _, register = opened(work, context, network)
        whole = register_view(register, asked, most=MOST_FOR_ANALYST, at=context.clock.now())
        work.notes(nodes=len(whole.nodes), hops=asked.hops, opened=len(asked.opened))
    rows = [row for node in whole.nodes if (row := register.find(node.id)) is not None]
    patterns = patterns_of(register, rows, whole, thresholds_on(context.clock.today()))
    return map_of(whole, asked, known=placed, patterns=patterns)


def map_to_export(
    work: Work, context: Context, *, network: str, asked: MapAsked, placed: Mapping[str, tuple[float, float]]
) -> tuple[StoredNetwork, LinkMap]:
    """Return a network and the same map without patterns; part of a larger use case, which is audited."""
    found, register = opened(work, context, network)
    whole = register_view(register, asked, most=MOST_FOR_ANALYST, at=context.clock.now())
    return found, map_of(whole, asked, known=placed, patterns=PatternsOnMap())


def draw_network_path(
    context: Context, *, network: str, asked: PathAsked, most: int = MOST_PATHS
) -> PathOnMap:
    """Return the shortest paths between two entities of a network, and where asked for longer ones, drawn.

    Raises as ``open_network`` does, and NotFoundError if the network does not have an end.
    """
    require(May.STORE_NETWORKS, context.acting)
    with context.reading("look for a path in a network") as work:
        _, register = opened(work, context, network)
    limited = limited_to_kinds(register, asked.kinds)
    limited = limited_to_dates(limited, since=asked.since, until=asked.until)
    found = shortest_paths(
        limited,
        asked.start,
        asked.end,
        most=min(most, MOST_PATHS),
        hub_cap=None if asked.through_hubs else HUB_CAP,
    )
    paths = tuple(tuple(register.id_of(stop) for stop in stops) for stops in found.paths)
    longer, is_cut, is_stopped = longer_between(
        limited,
        asked.start,
        asked.end,
        shortest=found.hops,
        turns=asked.longer,
        through_hubs=asked.through_hubs,
        most=MOST_PATHS,
    )
    ways = (*paths, *longer)
    stops = dict.fromkeys(stop for way in ways for stop in way) or dict.fromkeys((asked.start, asked.end))
    numbers = [number for stop in stops if (number := register.find(stop)) is not None]
    graph = drawn_graph(limited, numbers, limited.among(numbers))
    steps = {frozenset(step) for way in ways for step in pairwise(way)}
    graph.remove_edges_from([edge for edge in graph.edges(keys=True) if frozenset(edge[:2]) not in steps])
    view = LinkView(
        middle=asked.start,
        hops=found.hops or 0,
        hub_cap=HUB_CAP,
        at=None,
        kinds=asked.kinds,
        nodes=nodes_in(register, graph, middle=asked.start),
        edges=edges_in(graph),
        told=LinkNotes(),
        read_at=context.clock.now(),
    )
    return PathOnMap(
        asked=asked,
        drawn=map_of(view, MapAsked(start=asked.start, folds=False), known={}, patterns=PatternsOnMap()),
        paths=ways,
        number=found.number,
        through_hubs=found.through_hubs,
        hops_through_hubs=found.hops_through_hubs,
        longer_cut=is_cut,
        longer_stopped=is_stopped,
    )


def path_in_words(context: Context, *, network: str, asked: PathAsked, most: int) -> PathFigures:
    """Return the paths of ``draw_network_path`` as plain values. Raises as it does."""
    found = draw_network_path(context, network=network, asked=asked, most=most)
    shortest = [place for place, way in enumerate(found.paths) if len(way) == len(found.paths[0])]
    longer = [place for place in range(len(found.paths)) if place not in shortest]
    return {
        "hops": len(found.paths[0]) - 1 if found.paths else None,
        "paths": [list(found.paths[place]) for place in shortest],
        "count": found.number,
        "through_hubs": found.through_hubs,
        "hops_through_hubs": found.hops_through_hubs,
        "in_words": [list(found.sentences(place)) for place in shortest],
        "longer_paths": [list(found.paths[place]) for place in longer],
        "longer_in_words": [list(found.sentences(place)) for place in longer],
        "longer_cut": found.longer_cut,
        "longer_stopped": found.longer_stopped,
    }


def measure_own_network(context: Context, *, network: str) -> WholeNetwork:
    """Return the figures, rankings and communities of a whole network. Raises as ``open_network`` does."""
    require(May.STORE_NETWORKS, context.acting)
    with context.reading("measure a network") as work:
        _, register = opened(work, context, network)
    return measured_in(register)


def measured_in(register: Register) -> WholeNetwork:
    """Return the same of a register that is open."""
    measured = measures_in(register, tuple(Measure), top=RANKED)
    found = communities(register, network_of(register), seed=_SEED)
    named = {ranked["id"] for each in measured["measures"].values() for ranked in each["top"]}
    named |= {member for group in found.communities for member in group[:RANKED]}
    numbers = {name: number for name in named if (number := register.find(name)) is not None}
    labels = {name: register.entity(number).label or name for name, number in numbers.items()}
    return WholeNetwork(measured, found.modularity, tuple(map(tuple, found.communities)), labels)


def patterns_of_network(context: Context, *, network: str) -> PatternsFound:
    """Return what every detector finds in a whole network. Raises as ``open_network`` does."""
    require(May.STORE_NETWORKS, context.acting)
    with context.reading("search a network for patterns") as work:
        _, register = opened(work, context, network)
    return scan(register, thresholds_on(context.clock.today()))


def ask_network(context: Context, *, network: str, question: str) -> tuple[Row, ...]:
    """Return the entities that meet the conditions of a question in TOML. Raises as ``open_network`` does."""
    require(May.STORE_NETWORKS, context.acting)
    asked = _question(question)
    with context.reading("ask a network a question") as work:
        _, register = opened(work, context, network)
    return query(register, asked)


def _question(text: str) -> Query:
    import tomllib

    from pydantic import ValidationError

    try:
        return Query.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInputError("question", f"not TOML: {error}") from None
    except RecursionError:
        raise InvalidInputError("question", "nested too deeply") from None
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step)[:40] for step in fault["loc"])
        raise InvalidInputError("question", f"{place}: {fault['msg']}") from None
