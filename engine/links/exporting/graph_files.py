"""A register as graph files of other programs. Knows layouts; chooses nothing.

What was not recorded is not written: an empty text is a value to some programs, and GraphML and GEXF know no
"none". A character that XML cannot hold becomes a replacement character.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Collection
from enum import StrEnum
from pathlib import Path

import networkx as nx

from engine.domain.dates import read_date
from engine.domain.errors import InvalidInputError
from engine.domain.file_faults import why_not
from engine.links.exporting.i2 import ENTITIES_FILE, LINKS_FILE, entity_rows, link_rows, write_rows
from engine.links.exporting.stix import FileAbout, write_bundle
from engine.links.kinds import folded, words
from engine.links.neighbourhood import drawn_graph
from engine.links.register import Register

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class GraphFormat(StrEnum):
    """The layouts that are written."""

    GRAPHML = "graphml"
    GEXF = "gexf"
    CYTOSCAPE = "cytoscape"
    NODELINK = "nodelink"
    I2 = "i2"
    STIX = "stix"


def write_graph(register: Register, form: GraphFormat, out: Path, about: FileAbout) -> list[Path]:
    """Write the whole register, each file whole or not at all: one file, or for i2 two in a folder."""
    try:
        if form is GraphFormat.I2:
            out.mkdir(parents=True, exist_ok=True)
            files = [out / ENTITIES_FILE, out / LINKS_FILE]
            _whole(files[0], lambda part: write_rows(part, entity_rows(register)))
            _whole(files[1], lambda part: write_rows(part, link_rows(register)))
            return files
        if form is GraphFormat.STIX:
            _whole(out, lambda part: write_bundle(register, about, part))
            return [out]
        graph = for_xml(drawn_graph(register, range(len(register)), range(register.link_count)))
        _whole(out, lambda part: _write(graph, form, part))
    except OSError as error:
        raise InvalidInputError("out", f"cannot be written there ({why_not(error)})") from None
    return [out]


def for_xml(graph: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """Return the same without characters that XML cannot hold."""
    for _, attributes in graph.nodes(data=True):
        attributes.update({name: _clean(text) for name, text in attributes.items() if isinstance(text, str)})
    for _, _, attributes in graph.edges(data=True):
        attributes.update({name: _clean(text) for name, text in attributes.items() if isinstance(text, str)})
    odd: dict[str, str] = {}
    for node in graph:
        if _NOT_XML.search(node):
            odd[node] = _unlike(_clean(node), graph, odd.values())
    if odd:
        graph = nx.relabel_nodes(graph, odd)
    return graph


def _write(graph: nx.MultiDiGraph[str], form: GraphFormat, part: Path) -> None:
    if form is GraphFormat.GRAPHML:
        nx.write_graphml_xml(graph, part)
    elif form is GraphFormat.GEXF:
        nx.write_gexf(_with_times(graph), part)
    elif form is GraphFormat.CYTOSCAPE:
        part.write_text(json.dumps(nx.cytoscape_data(graph), ensure_ascii=False), encoding="utf-8")
    else:
        fields = nx.node_link_data(graph, edges="edges")
        part.write_text(json.dumps(fields, ensure_ascii=False), encoding="utf-8")


def _with_times(graph: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """Return the same with the beginning and the end of each date, for a timeline.

    The date itself stays beside them in its own precision. A node without a date is there at all times.
    """
    for _, attributes in graph.nodes(data=True):
        _add_times(attributes)
    for _, _, attributes in graph.edges(data=True):
        _add_times(attributes)
    return graph


def _add_times(attributes: dict[str, object]) -> None:
    terms = words().incidents["date"]
    given = next((text for name, text in attributes.items() if folded(name) in terms), None)
    try:
        span = read_date(str(given)) if given is not None else None
    except ValueError:
        return  # a column of that name with no date in it
    if span is not None:
        attributes |= {"start": str(span.earliest), "end": str(span.latest)}


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _unlike(name: str, graph: nx.MultiDiGraph[str], given: Collection[str]) -> str:
    """Return the name, with a number behind it if another node has it: two nodes must not become one."""
    number, text = 1, name
    while text in graph or text in given:
        number += 1
        text = f"{name}-{number}"
    return text


def _whole(file: Path, write: Callable[[Path], None]) -> None:
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        part.touch(mode=0o600)
        write(part)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
