"""Networks from other sources in files: imported into a register of their own, asked, exported. Opens no
record.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TypedDict

import networkx as nx

from engine.clock import Clock
from engine.domain.base import Frozen
from engine.domain.dates import PartialDate
from engine.domain.errors import InvalidInputError
from engine.exchange.confined_networks import network_reader
from engine.exchange.network_files import Which
from engine.links.components import ComponentFigures, RegisterFigures, components, summary
from engine.links.escalation import CaseTrend
from engine.links.exporting.graph_files import GraphFormat, write_graph
from engine.links.exporting.stix import FileAbout
from engine.links.hubs import EXPANDED_ALWAYS, HUB_CAP
from engine.links.longer_paths import longer_between
from engine.links.neighbourhood import MOST_DRAWN, neighbourhood
from engine.links.network import limited_to_dates, limited_to_kinds
from engine.links.paths import MOST_LISTED, PathFigures, shortest_paths
from engine.links.patterns.chance import Progress
from engine.links.patterns.scan import PatternsFound
from engine.links.patterns.searching import EVERY_PATTERN, PatternsAsked, searched
from engine.links.reading import read_register
from engine.links.register import Register
from engine.links.register_files import is_register_file, open_register, save_register
from engine.services.links.given_files import files_given, mapping_in, text_of
from engine.tools.event_files import trends_of

_SAID_HUBS = 5
_MOST_LONGER = 20


class UnexpandedHub(TypedDict):
    """An entity with too many links to be followed."""

    id: str
    links: int


class Extent(TypedDict):
    """The middle of a neighbourhood, and the number of entities left out."""

    around: str
    hops: int
    hubs_not_expanded: list[UnexpandedHub]
    left_out: int


class NodeLinkData(TypedDict):
    """A graph as ``networkx.node_link_graph(..., edges="edges")`` reads it."""

    directed: bool
    multigraph: bool
    graph: Extent
    nodes: list[dict[str, str]]
    edges: list[dict[str, str]]


class RejectedRow(Frozen):
    """A rejected row, or a rejected part of one."""

    file: str
    row: int
    column: str | None
    reason: str


class LinksImported(Frozen):
    """The result of an import into a register."""

    register_file: str
    entities: int
    links: int
    rejected: tuple[RejectedRow, ...]
    rejected_by_reason: dict[str, int]
    protected_entities: int
    protected_links: int
    notes: tuple[str, ...]


def import_links(
    *,
    clock: Clock,
    entities: Sequence[Path],
    links: Sequence[Path],
    register: Path,
    mapping: Path | None = None,
) -> LinksImported:
    """Read entity files and link files into a register file; good rows are stored, each bad one reported.

    A file is CSV, XLSX, GraphML, GEXF or STIX; all but CSV may have both tables. One file is enough:
    without an entity file, the entities are the ends of the links. An id that several entity files have is
    one entity. Raises InvalidInputError if a file cannot be read as such or is given
    twice; then nothing is stored.
    """
    if register.is_file() and not is_register_file(register):
        raise InvalidInputError("register", "a file of another kind has this name; give another name")
    link_mapping = mapping_in(mapping)
    files: dict[Which, tuple[Path, ...]] = {"entities": tuple(entities), "links": tuple(links)}
    about = {"made_on": clock.today().isoformat()}
    about |= {name: ", ".join(path.name for path in paths) for name, paths in files.items() if paths}
    with files_given(files, link_mapping) as given:
        reading = read_register(given.entities, given.links, mapping=link_mapping, about=about)
    save_register(reading.register, register)
    return LinksImported(
        register_file=str(register),
        entities=len(reading.register),
        links=reading.register.link_count,
        rejected=tuple(
            RejectedRow(file=each.file, row=each.row, column=each.column, reason=each.reason)
            for each in reading.rejected
        ),
        rejected_by_reason=dict(Counter(each.why for each in reading.rejected).most_common()),
        protected_entities=reading.protected_entities,
        protected_links=reading.protected_links,
        notes=(
            *given.notes,
            *reading.notes,
            *_about_hubs(reading.register),
        ),
    )


def summary_of(*, register: Path) -> RegisterFigures:
    """Return a register in figures."""
    return summary(open_register(register))


def components_of(*, register: Path) -> ComponentFigures:
    """Return the connected components of a register."""
    return components(open_register(register))


def around(
    *,
    register: Path,
    entity_id: str,
    hops: int,
    hub_cap: int = HUB_CAP,
    kinds: Collection[str] | None = None,
    most: int = MOST_DRAWN,
) -> NodeLinkData:
    """Return the neighbourhood of an entity as node-link data, with the hubs that were not expanded.

    With ``kinds`` only links of these kinds are followed, drawn and counted. Raises NotFoundError if the
    register does not have the entity, and InvalidInputError if no link is of a kind.
    """
    opened = limited_to_kinds(open_register(register), kinds)
    found = neighbourhood(opened, entity_id, hops=hops, hub_cap=hub_cap, most=most)
    extent: Extent = {
        "around": entity_id,
        "hops": hops,
        "hubs_not_expanded": [{"id": hub.id, "links": hub.links} for hub in found.hubs],
        "left_out": found.left_out,
    }
    fields = nx.node_link_data(found.graph, edges="edges")
    return {
        "directed": fields["directed"],
        "multigraph": fields["multigraph"],
        "graph": extent,
        "nodes": fields["nodes"],
        "edges": fields["edges"],
    }


def path_between(
    *,
    register: Path,
    start: str,
    end: str,
    most: int = MOST_LISTED,
    through_hubs: bool = False,
    kinds: Collection[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    longer: int = 0,
) -> PathFigures:
    """Return the shortest paths between two entities, and what joins the stops of each.

    With ``kinds`` and dates only over links of these; ``longer`` asks so many times for the next longer
    ones. Raises NotFoundError if the register does not have an entity, and InvalidInputError if no link is
    of a kind.
    """
    opened = limited_to_kinds(open_register(register), kinds)
    opened = limited_to_dates(opened, since=since, until=until)
    found = shortest_paths(opened, start, end, most=most, hub_cap=None if through_hubs else HUB_CAP)
    more = longer_between(
        opened,
        start,
        end,
        shortest=found.hops,
        turns=longer,
        through_hubs=through_hubs,
        most=_MOST_LONGER,
    )
    ways = [[number for stop in stops if (number := opened.find(stop)) is not None] for stops in more.paths]
    return {
        "hops": found.hops,
        "paths": [[opened.id_of(stop) for stop in path] for path in found.paths],
        "count": found.number,
        "through_hubs": found.through_hubs,
        "hops_through_hubs": found.hops_through_hubs,
        "in_words": [_in_words(opened, path) for path in found.paths],
        "longer_paths": [list(stops) for stops in more.paths],
        "longer_in_words": [_in_words(opened, way) for way in ways],
        "longer_cut": more.is_cut,
        "longer_stopped": more.is_stopped,
    }


def patterns_in(
    *, clock: Clock, register: Path, asked: PatternsAsked = EVERY_PATTERN, progress: Progress | None = None
) -> PatternsFound:
    """Return what the detectors find in a register. Raises InvalidInputError."""
    return searched(open_register(register), asked, on=clock.today(), progress=progress)


def escalation_in(*, events: Path, mapping: Path | None = None) -> tuple[tuple[CaseTrend, ...], list[str]]:
    """Return the trend of every case in a file of events, and a sentence for each unreadable row."""
    columns = _columns_told(mapping)
    with network_reader([events]) as reader:
        return trends_of(reader.tables(events, part="event file")[0].rows(), columns)


def export_links(*, clock: Clock, register: Path, form: GraphFormat, out: Path) -> list[str]:
    """Write a register as files for other programs; return their names. Raises InvalidInputError."""
    opened = open_register(register)
    if out.exists() and out.samefile(register):
        raise InvalidInputError("out", "this is the register itself; give another name")
    origin = f"{len(opened)} {opened.link_count} {sorted(opened.about.items())}"
    about = FileAbout(clock.today(), origin, f"Links of a register made on {opened.about.get('made_on')}.")
    return [str(file) for file in write_graph(opened, form, out, about)]


def _in_words(register: Register, path: Sequence[int]) -> list[str]:
    """Return each step of a path: by what the two are linked."""
    sentence = []
    for one, other in pairwise(path):
        links = [register.link(step.number) for step in register.steps(one) if step.to == other]
        value = []
        for link in links:
            role = link.role.in_words if link.role else ""
            parts = [link.kind, role, _on(link.date), link.grade or "", link.source or ""]
            value.append(", ".join(part for part in parts if part))
        sentence.append(f"{register.id_of(one)} - {register.id_of(other)}: {'; '.join(dict.fromkeys(value))}")
    return sentence


def _on(day: PartialDate | None) -> str:
    return "" if day is None else day.in_words()


def _about_hubs(register: Register) -> list[str]:
    links = register.degrees.tolist()
    hubs = [
        number
        for number, count in enumerate(links)
        if count > HUB_CAP and register.shape_of(number) not in EXPANDED_ALWAYS
    ]
    hubs.sort(key=lambda number: -links[number])
    sentences = [
        f"{register.id_of(number)} has {links[number]:,} links: it is shown but not expanded"
        for number in hubs[:_SAID_HUBS]
    ]
    if len(hubs) > _SAID_HUBS:
        sentences.append(
            f"{len(hubs) - _SAID_HUBS} more have over {HUB_CAP} links, and are not expanded either"
        )
    return sentences


def _columns_told(mapping: Path | None) -> dict[str, str]:
    if mapping is None:
        return {}
    try:
        fields = tomllib.loads(text_of(mapping))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInputError("mapping file", f"not TOML: {error}") from None
    fields = fields.get("events", fields.get("columns", fields))
    return {str(ours): str(theirs) for ours, theirs in fields.items()}
